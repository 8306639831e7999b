"""Tokens beside one label in; every admissible way to fill the row's boxes with them out.

A reading has a token, or None, for each box. A row with as many figures as boxes has one reading;
a damaged one has several, and which of them stand is for the form's own sums to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from auditor.forms.atoms import Figs, Kind, Token
from auditor.forms.numerals import is_glued

Reading = tuple[Token | None, ...]

MOST_READINGS = 4000
"""More readings than this for one row are as good as none."""
_MOST_SURPLUS = 3


def readings_of(lines: Sequence[Figs], size: int) -> list[Reading]:
    """All readings of a row of `size` boxes, without duplicates; empty when there are too many."""
    tokens = [token for line in lines for token in line.tokens]
    filled = [token for token in tokens if token.kind is not Kind.EMPTY]
    glued = any(is_glued(token.text) for token in filled)
    if len(filled) == size and not glued:
        return [tuple(filled)]
    if not filled and len(tokens) < size:
        return []
    if glued or _could_be_glued(filled, size):
        found = list(_limited(_splits(filled, size)))
        if found or glued:
            return found
    if len(tokens) >= size:
        windows = list(_windows(tokens, size))
        if windows:
            return windows
    full = [line for line in lines if line.filled == size]
    if len(full) == 1 and len(filled) == size + 1:
        # A full line, and a figure astray on another, such as a page number.
        return [tuple(token for token in full[0].tokens if token.kind is not Kind.EMPTY)]
    if len(filled) > size:
        if len(filled) - size > _MOST_SURPLUS:
            return []
        return list(_limited(_reductions(tuple(filled), size)))
    return list(_limited(_fills(filled, size)))


def _limited(found: Iterator[Reading]) -> list[Reading]:
    kept: dict[tuple[str, ...], Reading] = {}
    for reading in found:
        kept.setdefault(tuple(token.text if token else "" for token in reading), reading)
        if len(kept) > MOST_READINGS:
            return []
    return list(kept.values())


def _could_be_glued(filled: Sequence[Token], size: int) -> bool:
    """Fewer figures than boxes, all bare digits, and enough digits for every box."""
    return (
        0 < len(filled) < size
        and all(token.text.replace(".", "").isdigit() for token in filled)
        and sum(len(token.text) for token in filled) >= size
        and any(len(token.text) > 3 for token in filled)
    )


def _windows(tokens: Sequence[Token], size: int) -> Iterator[Reading]:
    """Runs of `size` cells that leave only empty cells outside."""
    for start in range(len(tokens) - size + 1):
        outside = (*tokens[:start], *tokens[start + size :])
        if all(token.kind is Kind.EMPTY for token in outside):
            yield tuple(tokens[start : start + size])


def _splits(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Digits cut into `size` figures; blanks are certain boundaries, leading zeros impossible."""

    def cut(number: int, left: int) -> Iterator[tuple[Token, ...]]:
        if number == len(filled):
            if left == 0:
                yield ()
            return
        remaining = len(filled) - number - 1
        for pieces in _cuts(filled[number], left - remaining):
            for rest in cut(number + 1, left - len(pieces)):
                yield (*pieces, *rest)

    yield from cut(0, size)


def _cuts(token: Token, most: int) -> Iterator[tuple[Token, ...]]:
    """All ways to cut one run of digits into 1 to `most` figures."""
    text = token.text
    whole, point, decimals = text.partition(".")
    for count in range(1, min(most, len(whole)) + 1):
        for bounds in combinations(range(1, len(whole)), count - 1):
            edges = [0, *bounds, len(whole)]
            pieces = [whole[a:b] for a, b in zip(edges, edges[1:], strict=False)]
            if any(len(piece) > 1 and piece[0] == "0" for piece in pieces):
                continue
            tokens = [
                Token(Kind.FIGURE, piece, token.start + a, token.start + a + len(piece))
                for piece, a in zip(pieces, edges, strict=False)
            ]
            if point:
                last = tokens[-1]
                tokens[-1] = Token(Kind.FIGURE, last.text + point + decimals, last.start, token.end)
            yield tuple(tokens)


def _reductions(filled: tuple[Token, ...], size: int) -> Iterator[Reading]:
    """One or more figures too many: some are astray, or one was torn in two."""
    if len(filled) == size:
        yield filled
        return
    for index in range(len(filled)):
        yield from _reductions(filled[:index] + filled[index + 1 :], size)
        if index + 1 < len(filled):
            left, right = filled[index], filled[index + 1]
            if left.text.isdigit() and right.text.isdigit() and left.text != "0":
                joined = Token(Kind.FIGURE, left.text + right.text, left.start, right.end)
                yield from _reductions(
                    (*filled[:index], joined, *filled[index + 2 :]), size
                )


def _fills(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures too few: each may stand in any box, in order."""
    for places in combinations(range(size), len(filled)):
        reading: list[Token | None] = [None] * size
        for place, token in zip(places, filled, strict=True):
            reading[place] = token
        yield tuple(reading)
