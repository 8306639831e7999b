"""Digits of which the boundaries are lost in; every way to cut them into figures out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from auditor.forms.tokens import Kind, Token


def could_be_glued(filled: Sequence[Token], size: int) -> bool:
    """Whether there are fewer figures than boxes, all bare digits, and enough digits for each."""
    return (
        0 < len(filled) < size
        and all(token.text.replace(".", "").isdigit() for token in filled)
        and sum(len(token.text) for token in filled) >= size
    )


def splits(filled: Sequence[Token], size: int) -> Iterator[tuple[Token, ...]]:
    """Digits cut into `size` figures; blanks are certain boundaries, leading zeros impossible."""

    spans = [
        (1, 1)
        if token.kind is Kind.UNREAD
        else (fewest_in(token), len(token.text.partition(".")[0]))
        for token in filled
    ]

    def cut(number: int, left: int) -> Iterator[tuple[Token, ...]]:
        if number == len(filled):
            yield ()
            return
        later = spans[number + 1 :]
        fewest = max(spans[number][0], left - sum(most for _, most in later))
        most = min(spans[number][1], left - sum(few for few, _ in later))
        for count in range(fewest, most + 1):
            for pieces in _cuts(filled[number], count):
                for rest in cut(number + 1, left - count):
                    yield (*pieces, *rest)

    yield from cut(0, size)


def fewest_in(token: Token, first: int = 0) -> int:
    """How many figures the digits from `first` on must be: each zero in front is one of its own."""
    rest = token.text.partition(".")[0][first:]
    return len(rest) - len(rest.lstrip("0")) + bool(rest.strip("0"))


def _cuts(token: Token, count: int) -> Iterator[tuple[Token, ...]]:
    """All ways to cut one run of digits into `count` figures; what is unread stays so, as one."""
    if token.kind is Kind.UNREAD:
        yield (token,)
        return
    whole, point, decimals = token.text.partition(".")

    def cut(first: int, left: int) -> Iterator[tuple[int, ...]]:
        """The places where `left` figures from `first` on begin; a zero stands for itself."""
        if left == 1:
            if len(whole) - first == 1 or whole[first] != "0":
                yield (first,)
            return
        longest = first + 1 if whole[first] == "0" else len(whole) - left + 1
        for following in range(first + 1, longest + 1):
            if fewest_in(token, following) <= left - 1 <= len(whole) - following:
                for rest in cut(following, left - 1):
                    yield (first, *rest)

    for starts in cut(0, count):
        edges = (*starts, len(whole))
        tokens = [
            Token(Kind.FIGURE, whole[a:b], token.start + a, token.start + b)
            for a, b in pairwise(edges)
        ]
        if point:
            last = tokens[-1]
            tokens[-1] = Token(Kind.FIGURE, last.text + point + decimals, last.start, token.end)
        yield tuple(tokens)
