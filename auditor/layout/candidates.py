"""Lines of figures around one label in; every way to cut and join them into the row's boxes out.

A reading has a token, or None, for each box. All digits of the lines taken are used: what is not
taken stays on its line, and is for another row or for nobody. Where there are more ways than can be
looked through there is none, which is doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise
from math import comb

from auditor.layout.tokens import Kind, NumberRun, Token
from auditor.source_text import MOST_DIGITS, is_glued

Reading = tuple[Token | None, ...]

MOST_READINGS = 1500
"""More readings than this for one row are as good as none."""
_MOST_ZEROS, _MOST_LOST = 3, 2
"""Zeros that merged cells leave in one row, and figures of which one was lost beside another."""
_MOST_TWICE = 7
"""Boxes of a row that is looked through for two figures torn and two lost."""
_MOST_WRAPPED = 4
"""Lines over which the figures of a row may be wrapped."""


class TooMany(Exception):
    """More ways than are looked through."""


def readings_of(
    own: Sequence[NumberRun],
    above: Sequence[NumberRun],
    below: Sequence[NumberRun],
    size: int,
    glued_table: bool = False,
    shares_line: bool = False,
) -> list[Reading]:
    """All readings of a row of `size` boxes, as printed first; empty when there are too many.

    `above`, `below`: lines between the row and its neighbours that were given to none: of those
    above the last may be its own, of those below the first.
    `glued_table`: other rows of the table have their figures run together.
    `shares_line`: other rows stand on the same printed line.
    """
    found: dict[tuple[str, ...], Reading] = {}
    try:
        for first in range(len(above), -1, -1):
            for end in range(len(below) + 1):
                lines = (*above[first:], *own, *below[:end])
                for reading in _cut(lines, size, glued_table, shares_line):
                    found.setdefault(texts_of(reading), reading)
                    if len(found) > MOST_READINGS:
                        return []
        for line in (*above, *below):
            if line.filled == size:  # it may be the row's, and its own another's
                for reading in _cut([line], size, glued_table, shares_line):
                    found.setdefault(texts_of(reading), reading)
    except TooMany:
        return []
    return list(found.values())


def _cut(
    lines: Sequence[NumberRun], size: int, glued_table: bool, shares_line: bool
) -> Iterator[Reading]:
    """The readings that take every figure of the lines for one of the row's."""
    tokens = [token for line in lines for token in line.tokens]
    filled = [token for token in tokens if token.text]
    if not filled:
        if len(tokens) >= size:
            yield tuple(tokens[:size])
        return
    if len(tokens) > 1 and any(map(_runs_on, filled)):
        raise TooMany
    cells = _loose_cells(lines, shares_line)
    if len(filled) < size < len(cells):
        if not cells[size - 1].text or any(cell.text for cell in cells[size:]):
            raise TooMany  # any of the empty ones may be nobody's
        yield tuple(cells[:size])
        return
    if len(filled) >= size > 1 and _has_gap(cells):
        raise TooMany
    if len(filled) < size:
        yield from _with_blanks(lines, filled, size, glued_table)
        return
    if len(filled) == size:
        if not any([line.has_glued for line in lines]):
            yield tuple(filled)
            return
        able: Iterator[Reading] = rearranged(tuple(filled))
    else:
        stacked = list(_stacked(lines, size))
        others = _without_words(filled, size)
        able = chain(stacked, _reductions(filled, size, bool(stacked)), others)
    yield from (reading for reading in able if not any(is_glued(t.text) for t in reading if t))


def _loose_cells(lines: Sequence[NumberRun], shares_line: bool) -> list[Token]:
    """The cells of a row that no printed line of its own holds together; none where one does."""
    if not shares_line:
        if any(line.filled for line in lines if len(line.tokens) > 1):
            return []
        lines = [line for line in lines if len(line.tokens) == 1]
    return [token for line in lines for token in line.tokens]


def _has_gap(cells: Sequence[Token]) -> bool:
    """Whether an empty cell stands between figures."""
    places = [at for at, cell in enumerate(cells) if cell.text]
    return bool(places) and places[-1] - places[0] >= len(places)


def _with_blanks(
    lines: Sequence[NumberRun], filled: Sequence[Token], size: int, glued_table: bool
) -> Iterator[Reading]:
    """The readings of a row that has fewer figures than boxes: cells are empty, figures were lost,
    or they were run together."""
    if any(line.has_glued for line in lines):
        yield from splits(filled, size)
        return
    windows = list(windows_of(lines, size).values())
    yield from windows
    if windows:
        return
    if could_be_glued(filled, size):
        yield from splits(filled, size)
        if glued_table or size - len(filled) > _MOST_LOST:
            return
    yield from _fills(filled, size)


def _stacked(lines: Sequence[NumberRun], size: int) -> Iterator[Reading]:
    """Figures wrapped in their columns: the pieces of each stand under each other.

    Pieces on one line are in the order of the columns. Where all stand at the top, the first line
    has a piece of each; where they stand in the middle, a figure of one line stands between the
    pieces of one of two.
    """
    printed = [[token for token in line.tokens if token.text] for line in lines if line.filled]
    by_cell = _stacked_by_cell(lines, size)
    if by_cell is not None:
        yield by_cell
        return
    full = [index for index, tokens in enumerate(printed) if len(tokens) == size]
    if full:
        at = full[0]
        heads, base = printed[:at], printed[at]
        for tails in _in_lines(printed[at + 1 :], size):
            if len(heads) + len(tails) >= _MOST_WRAPPED:
                raise TooMany
            yield from _attached(base, heads, tails)
    yield from _centred([token for tokens in printed for token in tokens], size)


def _in_lines(tails: Sequence[Sequence[Token]], size: int) -> Iterator[Sequence[Sequence[Token]]]:
    """Pieces below a row, line by line; where each stands on a line of its own, in one line or
    two."""
    pieces = list(chain.from_iterable(tails))
    if all(len(one) > 1 for one in tails):
        yield tails
        return
    if len(pieces) <= size:
        yield [pieces]
    for cut in range(max(1, len(pieces) - size), min(len(pieces) - 1, size) + 1):
        yield [pieces[:cut], pieces[cut:]]
    if len(pieces) > 2 * size:
        raise TooMany


def _centred(tokens: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures of one line that stand in the middle, between the pieces of those of two."""
    count = len(tokens) - size
    heads, middle, ends = tokens[:count], tokens[count:-count], tokens[-count:]
    wrapped = [joined(head, end) for head, end in zip(heads, ends, strict=True)]
    if count <= size and all(wrapped):
        for places in combinations(range(size), count):
            pieces, others = iter(wrapped), iter(middle)
            yield tuple(next(pieces if n in places else others) for n in range(size))


def _attached(
    base: Sequence[Token], heads: Sequence[Sequence[Token]], tails: Sequence[Sequence[Token]]
) -> Iterator[Reading]:
    """Every way to set pieces in front of and behind the figures of a line, in order."""
    readings: list[tuple[Token, ...]] = [tuple(base)]
    for pieces, is_head in (*((p, True) for p in reversed(heads)), *((p, False) for p in tails)):
        if len(pieces) > len(base):
            return
        grown = []
        for reading in readings:
            for places in combinations(range(len(base)), len(pieces)):
                new: list[Token] = list(reading)
                for place, piece in zip(places, pieces, strict=True):
                    pair = (piece, new[place]) if is_head else (new[place], piece)
                    one = joined(*pair)
                    if one is None:
                        break
                    new[place] = one
                else:
                    grown.append(tuple(new))
                if len(grown) > MOST_READINGS:
                    raise TooMany
        readings = grown
    yield from readings


def _stacked_by_cell(lines: Sequence[NumberRun], size: int) -> Reading | None:
    """Figures wrapped over several rows of as many cells each: the cell says which is whose."""
    rows = [line for line in lines if line.filled]
    if len(rows) < 2 or any(not line.in_cells or len(line.tokens) != size for line in rows):
        return None
    found: list[Token] = list(rows[0].tokens)
    for line in rows[1:]:
        for place, token in enumerate(line.tokens):
            if not token.text:
                continue
            one = joined(found[place], token)
            if one is None:
                return None
            found[place] = one
    return tuple(found)


def joined(left: Token, right: Token) -> Token | None:
    """Two pieces as the one figure that they may be; None where no figure is written so."""
    whole, _, _ = left.text.partition(".")
    if not right.text.isdecimal() or not left.text.replace(".", "", 1).isdecimal() or whole == "0":
        return None
    if len(whole) + len(right.text) > MOST_DIGITS:
        return None
    return Token(Kind.FIGURE, left.text + right.text, left.start, right.end)


def is_printed(reading: Reading, lines: Sequence[NumberRun]) -> bool:
    """Whether each box has a token as it stands on the lines, none of them cut or joined."""
    return {id(token) for line in lines for token in line.tokens}.issuperset(map(id, reading))


def is_joined(reading: Reading) -> bool:
    """Whether a figure is made of pieces that stand apart."""
    return any(token is not None and token.end - token.start > len(token.text) for token in reading)


def rearranged(reading: Reading) -> Iterator[Reading]:
    """How else a row may be read that has a figure for each box, were its digits in other places:
    one figure was torn in two and another lost, or run together with its neighbour."""
    tokens = [token for token in reading if token is not None]
    size = len(reading)
    if len(tokens) < size or any(token.kind is Kind.UNREAD for token in tokens):
        return
    for fewer in _joined(tokens):
        for place in range(size):
            yield (*fewer[:place], None, *fewer[place:])
        if size <= _MOST_TWICE:
            for fewest in _joined(fewer):
                yield from _fills(fewest, size)
        for index, token in enumerate(fewer):
            for pieces in _torn(token):
                again = (*fewer[:index], *pieces, *fewer[index + 1 :])
                if texts_of(again) != texts_of(reading):
                    yield again


def windows_of(lines: Sequence[NumberRun], size: int) -> dict[int, Reading]:
    """Runs of `size` cells that leave only empty cells outside, by the cells in front of them."""
    full = [line for line in lines if len(line.tokens) >= size]
    if len(full) == 1 and all(line is full[0] or not line.filled for line in lines):
        lines = full
    if all(len(line.tokens) == 1 for line in lines if line.filled):
        # A line for each cell: several empty ones on a line are what parts two rows.
        lines = [line for line in lines if len(line.tokens) == 1]
    else:
        rows = {line.row for line in lines if line.filled}
        lines = [line for line in lines if line.row in rows]
    tokens = [token for line in lines for token in line.tokens]
    filled = [at for at, token in enumerate(tokens) if token.text]
    if len(filled) == len(tokens):
        return {}
    first, last = (filled[0], filled[-1]) if filled else (len(tokens), -1)
    starts = range(max(0, last - size + 1), min(first, len(tokens) - size) + 1)
    return {start: tuple(tokens[start : start + size]) for start in starts}


def texts_of(reading: Reading) -> tuple[str, ...]:
    """What a reading says, box by box."""
    return tuple(token.text if token else "" for token in reading)


def _runs_on(token: Token) -> bool:
    """Whether these are digits of which nobody can tell where they end."""
    return token.kind is Kind.UNREAD and token.text.isdecimal()


def fewest_figures(lines: Sequence[NumberRun]) -> int:
    """How many figures lines have at least: `000` is three."""
    more = [
        fewest_in(token) - 1
        for line in lines
        for token in line.tokens
        if token.text[:1] == "0" and token.text != "0" and token.kind is Kind.FIGURE
    ]
    return sum([line.filled for line in lines]) + sum(more)


def _joined(filled: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Each two neighbours as one figure."""
    for index, (left, right) in enumerate(pairwise(filled)):
        one = joined(left, right)
        if one is not None:
            yield (*filled[:index], one, *filled[index + 2 :])


def _torn(token: Token) -> Iterator[tuple[Token, Token]]:
    """A figure as two, wherever both are figures."""
    text = token.text
    for at in range(1, len(text)) if text.isdecimal() else ():
        if text[at] != "0" or at == len(text) - 1:
            left = Token(Kind.FIGURE, text[:at], token.start, token.start + at)
            yield left, Token(Kind.FIGURE, text[at:], token.start + at, token.end)


def _reductions(filled: Sequence[Token], size: int, has_other: bool) -> Iterator[Reading]:
    """Figures too many: some were torn, each into pieces that follow each other."""
    able = [at for at, (a, b) in enumerate(pairwise(filled)) if joined(a, b) is not None]
    torn = len(filled) - size
    if comb(len(able), torn) > MOST_READINGS:
        if has_other:
            return
        raise TooMany
    for places in combinations(able, torn):
        found = [filled[0]]
        for at, token in enumerate(filled[1:]):
            one = joined(found[-1], token) if at in places else token
            if one is None:
                break
            found[-1 if at in places else len(found) :] = [one]
        else:
            yield tuple(found)


def _without_words(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures too many, and words around them: these may be remarks, in a cell that is no box. A
    word between figures stands in a box, and may be a figure that was written so (`O`)."""
    for first in range(len(filled) - size + 1):
        kept = filled[first : first + size]
        if all(map(_may_be_remark, (*filled[:first], *filled[first + size :]))):
            yield tuple(kept)


def _may_be_remark(token: Token) -> bool:
    return token.kind is Kind.UNREAD and (
        " " not in token.text or any(map(str.isalpha, token.text))
    )


def without_zeros(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures too many: merged cells left zeros of their own."""
    if len(filled) - size > _MOST_ZEROS or any(t.kind is not Kind.FIGURE for t in filled):
        return
    zeros = [place for place, token in enumerate(filled) if token.text == "0"]
    for places in combinations(zeros, len(filled) - size):
        yield tuple(token for place, token in enumerate(filled) if place not in places)


def _fills(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures too few: each may stand in any box, in order."""
    for places in combinations(range(size), len(filled)):
        reading: list[Token | None] = [None] * size
        for place, token in zip(places, filled, strict=True):
            reading[place] = token
        yield tuple(reading)


def could_be_glued(filled: Sequence[Token], size: int) -> bool:
    """Whether there are fewer figures than boxes, all bare digits, and enough digits for each."""
    return (
        0 < len(filled) < size
        and all(token.text.replace(".", "").isdecimal() for token in filled)
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
