"""Tokens beside one label in; every admissible way to fill the row's boxes with them out.

A reading has a token, or None, for each box. A row with as many figures as boxes has one reading;
a damaged one has several, and which of them stand is for the form's own sums to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise

from auditor.forms.numerals import is_glued
from auditor.forms.rows.glued import could_be_glued, fewest_in, is_too_long, splits
from auditor.forms.tokens import Figs, Kind, Token
from auditor.model.noun import noun

Reading = tuple[Token | None, ...]

MOST_READINGS = 1500
"""More readings than this for one row are as good as none."""
_MOST_SURPLUS = 3


@noun
class Shape:
    """How the rows of a table lie in their cells, as far as those tell that leave no choice."""

    starts: frozenset[int] = frozenset()
    """How many cells part a label from its figures."""
    cells: int = 0
    """How many cells a row has behind its label; 0 where rows differ."""


UNKNOWN = Shape()


def readings_of(
    lines: Sequence[Figs],
    size: int,
    shape: Shape = UNKNOWN,
    glued_table: bool = False,
) -> list[Reading]:
    """All readings of a row of `size` boxes, without duplicates; empty when there are too many.

    `shape`: of other rows whose labels stand in the same column.
    `glued_table`: other rows of the table have their figures run together.
    """
    without = list(_without_one_astray(lines, size))
    found = _with_all(lines, size, shape, glued_table)
    return list(_limited(chain(found, without))) if without and found else found


def _with_all(
    lines: Sequence[Figs],
    size: int,
    shape: Shape,
    glued_table: bool,
) -> list[Reading]:
    """The readings that take every figure for one of the row's, where that can be."""
    tokens = [token for line in lines for token in line.tokens]
    filled = [token for token in tokens if token.kind is not Kind.EMPTY]
    if len(tokens) > 1 and any(_runs_on(token) for token in filled):
        return []
    glued = any(is_glued(token.text) for token in filled)
    if len(filled) == size and not glued:
        return [tuple(filled)]
    if not filled and len(tokens) < size:
        return []
    if not glued:
        windows = windows_of(lines, size)
        chosen = {start: reading for start, reading in windows.items() if start in shape.starts}
        able = list((chosen if len(chosen) == 1 else windows).values())
        if len(able) == 1 and _may_have_lost(lines, able[0], shape.cells):
            return list(_limited(chain(able, _fills(filled, size))))
        if able:
            return list(_limited(iter(able)))
    if glued or (could_be_glued(filled, size) and (glued_table or is_too_long(filled, size))):
        return list(_limited(splits(filled, size)))
    full = [line for line in lines if line.filled == size]
    if len(full) == 1 and len(filled) == size + 1:
        # A full line, and a figure astray on another, such as a page number; see `otherwise`.
        return [tuple(token for token in full[0].tokens if token.kind is not Kind.EMPTY)]
    if len(filled) > size:
        if len(filled) - size > _MOST_SURPLUS:
            return []
        return list(_limited(_reductions(tuple(filled), size)))
    if could_be_glued(filled, size):
        return list(_limited(chain(splits(filled, size), _fills(filled, size))))
    return list(_limited(_fills(filled, size)))


def has_last_alone(lines: Sequence[Figs], size: int) -> bool:
    """Whether all figures of a row but one stand on one line, and that one on another."""
    return size > 2 and sorted(line.filled for line in lines if line.filled) == [1, size - 1]


def otherwise(lines: Sequence[Figs], size: int) -> tuple[Reading, ...] | None:
    """How else a row may be read that is read in one way and does not balance so; empty where that
    cannot be told, None where there is no doubt.

    A lone figure on a line of its own may be a page number, or a piece of the figure next to it; or
    the row's last, with one of the others torn in two. Fewer figures than boxes, and no empty cell,
    were run together, and one of them may be lost. The first is the one torn where the line ends.
    """
    printed = [line for line in lines if line.filled]
    counts = [line.filled for line in printed]
    if has_last_alone(lines, size):
        return ()
    if sum(counts) < size and sum(len(line.tokens) for line in lines) < size:
        return ()
    if size < 2 or sorted(counts) != [1, size]:
        return None
    filled = tuple(t for line in printed for t in line.tokens if t.kind is not Kind.EMPTY)
    joined = list(_limited(_joined(filled)))
    torn = {filled[counts[0] - 1].start, filled[counts[0]].end}
    joined.sort(key=lambda reading: not any(t and {t.start, t.end} == torn for t in reading))
    return tuple(joined) or None


def _without_one_astray(lines: Sequence[Figs], size: int) -> Iterator[Reading]:
    """The row that has a cell for every box, some of them empty, where one figure stands below it
    on a line of its own: it may be a page number as well as a cell's."""
    rows = [line for line in lines if line.in_cells and len(line.tokens) >= max(size, 2)]
    apart = [line for line in lines if line.filled and line not in rows]
    if (
        len(rows) == len(apart) == 1
        and rows[0].filled < size
        and apart[0].filled == 1
        and not apart[0].in_cells
        and apart[0].row > rows[0].row
    ):
        yield from windows_of(rows, size).values()


def without_one_empty(lines: Sequence[Figs], size: int) -> Iterator[Reading]:
    """The readings of a row with a line for each cell that has an empty one too many, somewhere."""
    tokens = [token for line in lines for token in line.tokens]
    if len(lines) == len(tokens) == size + 1:
        for index, token in enumerate(tokens):
            if token.kind is Kind.EMPTY:
                yield (*tokens[:index], *tokens[index + 1 :])


def is_partial(reading: Reading) -> bool:
    """Whether boxes are left without a figure that can be told, so that sums prove nothing."""
    return any(token is None or token.kind is Kind.UNREAD for token in reading)


def _may_have_lost(lines: Sequence[Figs], reading: Reading, usual: int) -> bool:
    """Whether a row with more cells than boxes begins with an empty box although its zeros are
    printed, or ends with one; or one with a line for each cell ends so although zeros are printed.
    The empty cell may be a residue then, and a figure lost."""
    wide = max(*(len(line.tokens) for line in lines), usual) > len(reading)
    by_lines = all(len(line.tokens) == 1 for line in lines if line.filled)
    if len(reading) == 1 or not (wide or by_lines):
        return False
    filled = [token for token in reading if token is not None and token.kind is not Kind.EMPTY]
    first, last = (token is None or token.kind is Kind.EMPTY for token in (reading[0], reading[-1]))
    zeros = sum(token.text == "0" or token.kind is Kind.MARK for token in filled)
    if not wide:  # the only blank, and zeros are printed that are no totals
        first = first and zeros > 1 and len(filled) == len(reading) - 1
    return bool(filled) and bool((last and (zeros or wide)) or (first and zeros))


def windows_of(lines: Sequence[Figs], size: int) -> dict[int, Reading]:
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
    if all(token.kind is not Kind.EMPTY for token in tokens):
        return {}
    filled = [at for at, token in enumerate(tokens) if token.kind is not Kind.EMPTY]
    first, last = (filled[0], filled[-1]) if filled else (len(tokens), -1)
    starts = range(max(0, last - size + 1), min(first, len(tokens) - size) + 1)
    return {start: tuple(tokens[start : start + size]) for start in starts}


def texts_of(reading: Reading) -> tuple[str, ...]:
    """What a reading says, box by box."""
    return tuple(token.text if token else "" for token in reading)


def _runs_on(token: Token) -> bool:
    """Whether these are digits of which nobody can tell where they end."""
    return token.kind is Kind.UNREAD and token.text.isdecimal()


def fewest_figures(lines: Sequence[Figs]) -> int:
    """How many figures lines have at least: `000` is three."""
    filled = [token for line in lines for token in line.tokens if token.kind is not Kind.EMPTY]
    return sum(fewest_in(token) if token.kind is Kind.FIGURE else 1 for token in filled)


def _limited(found: Iterator[Reading]) -> list[Reading]:
    kept: dict[tuple[str, ...], Reading] = {}
    for reading in found:
        kept.setdefault(texts_of(reading), reading)
        if len(kept) > MOST_READINGS:
            return []
    return list(kept.values())


def _joined(filled: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Each two neighbours as one figure."""
    for index, (left, right) in enumerate(pairwise(filled)):
        if left.text.isdigit() and right.text.isdigit() and left.text != "0":
            joined = Token(Kind.FIGURE, left.text + right.text, left.start, right.end)
            yield (*filled[:index], joined, *filled[index + 2 :])


def _reductions(filled: tuple[Token, ...], size: int) -> Iterator[Reading]:
    """One or more figures too many: some are astray, or one was torn in two."""
    if len(filled) == size:
        yield filled
        return
    for index in range(len(filled)):
        yield from _reductions(filled[:index] + filled[index + 1 :], size)
    for joined in _joined(filled):
        yield from _reductions(joined, size)


def _fills(filled: Sequence[Token], size: int) -> Iterator[Reading]:
    """Figures too few: each may stand in any box, in order."""
    for places in combinations(range(size), len(filled)):
        reading: list[Token | None] = [None] * size
        for place, token in zip(places, filled, strict=True):
            reading[place] = token
        yield tuple(reading)
