"""Extract and a form that leaves something open in; the form as this report prints it, out.

What may be open: the rows of an axis (agencies, towns), the order of rows that stand side by side,
and the year in a label. What comes out is an ordinary form, with a box for every row printed.

A table that is printed in halves side by side, as income and expenditure are, or with numbers of
lines beside its labels, is set one half under the other, without those numbers (`stacked`). Where
no cells say which is which, the rows are put in the order in which they are printed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.labels import LabelMatch, Lexicon, find_labels
from auditor.layout.recognise import find_identity
from auditor.layout.sections import (
    Region,
    Span,
    find_regions,
    heading_places,
    outside,
    sentences_in,
)
from auditor.model.form import Form, Group, Line, SumConstraint, Table, with_year
from auditor.model.source import UNREAD, Cell, Extract, Grid, Paragraph
from auditor.source_text import Figures, Folding, SourceText, TextSpan, linearize, normalize

_FEWEST = 2
"""Labels of a side in one column of cells, from which on that is where the side begins."""


def stacked(extract: Extract, form: Form, folding: Folding) -> Extract:
    """The extract with the sides of each table one under the other, and without the columns that
    are skipped; as far as they are in cells."""
    tables = [table for table in form.tables if table.sides]
    skipped = {_core(each, folding) for table in form.tables for each in table.skipped}
    if not tables and not skipped:
        return extract
    headings = {
        _core(wording, folding)
        for table in form.tables
        for column in table.columns
        if table.skipped
        for wording in (column.label, *column.aliases)
    }
    captions = {_core(each, folding) for table in form.tables for each in table.captions}
    blocks: list[Paragraph | Grid] = []
    width, columns = 0, frozenset[int]()
    for block in extract.blocks:
        if not isinstance(block, Grid):
            blocks.append(block)
            continue
        heads, before = _heads(block, skipped, folding), width
        width = max((cell.column for row in block.rows for cell in row), default=0)
        if heads or width != before:
            columns = frozenset(heads)
        elif columns and not any(
            _core(cell.text, folding) in headings for row in block.rows for cell in row
        ):  # the next page of a table, without its headings
            heads = dict.fromkeys(columns, -1)
        whole = _without_their_columns(block, heads)
        cuts = _cuts(block, tables, folding)
        for half in _halves(whole, cuts) if cuts else (whole,):
            blocks.append(_without_numbers(half, captions, folding))
    return replace(extract, blocks=tuple(blocks))


def _heads(grid: Grid, skipped: Collection[str], folding: Folding) -> dict[int, int]:
    """The columns with one of these headings, and the row in which it stands."""
    heads: dict[int, int] = {}
    for at, row in enumerate(grid.rows):
        for cell in row:
            if _core(cell.text, folding) in skipped:
                heads.setdefault(cell.column, at)
    return heads


def _without_their_columns(grid: Grid, heads: Mapping[int, int]) -> Grid:
    """The grid without the columns whose headings stand in these rows; what stands above, such as
    the unit of all figures, is no part of them. Where headings stand over labels, cells have lost
    their columns, and all of them stay."""
    lettered = {
        cell.column
        for at, row in enumerate(grid.rows)
        for cell in row
        if at > heads.get(cell.column, len(grid.rows)) and any(map(str.isalpha, cell.text))
    }
    columns = heads.keys() - lettered
    if not columns:
        return grid
    rows = (
        tuple(cell for cell in row if cell.colspan > 1 or cell.column not in columns)
        for row in grid.rows
    )
    return replace(grid, rows=tuple(row for row in rows if row))


def _without_numbers(grid: Grid, captions: Collection[str], folding: Folding) -> Grid:
    """The grid without the rows that number its columns, behind a caption of the form."""

    def numbers_columns(row: Sequence[Cell]) -> bool:
        cores = [core for cell in row if (core := _core(cell.text, folding))]
        numbers = [int(core) for core in cores[1:] if core.isdecimal()]
        return (
            len(cores) > 1
            and cores[0] in captions
            and len(numbers) == len(cores) - 1
            and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        )

    return replace(grid, rows=tuple(row for row in grid.rows if not numbers_columns(row)))


def _cuts(grid: Grid, tables: Sequence[Table], folding: Folding) -> tuple[int, ...]:
    """The columns in which the sides of a table begin in a grid; none where they do not."""
    texts = [(normalize(folding.fold(cell.text)), cell.column) for row in grid.rows for cell in row]
    for table in tables:
        starts: list[int] = []
        for side in table.sides:
            own = {_core(row.label, folding) for row in table.rows_of(side)}
            others = {
                _core(row.label, folding) for row in table.rows if row not in table.rows_of(side)
            }
            columns = Counter(column for core, column in texts if core in own - others)
            column, count = next(iter(columns.most_common(1)), (-1, 0))
            if count >= _FEWEST:
                starts.append(column)
        if len(starts) == len(table.sides) and starts == sorted(set(starts)):
            return tuple(starts)
    return ()


def _core(label: str, folding: Folding) -> str:
    return normalize(folding.fold(label))


def _halves(grid: Grid, starts: Sequence[int]) -> Iterator[Grid]:
    for start, end in zip((0, *starts[1:]), (*starts[1:], None), strict=True):
        rows = (
            tuple(
                cell for cell in row if start <= cell.column and (end is None or cell.column < end)
            )
            for row in grid.rows
        )
        yield replace(grid, rows=tuple(row for row in rows if row))


def in_printed_order(table: Table, labels: Sequence[LabelMatch]) -> Table:
    """The table with the rows of its sides in the order in which their labels are printed."""
    if not table.sides:
        return table
    places: dict[str, list[int]] = {}
    for label in labels:
        for sense in label.rows(table.key):
            places.setdefault(sense.key, []).append(label.start)
    sides = [list(table.rows_of(side)) for side in table.sides]
    rows = [row for row in table.rows if all(row not in side for side in sides)]
    last = -1
    while any(sides):
        heads = [side for side in sides if side]
        places_of_heads = [
            (next((at for at in places.get(side[0].key, ()) if at > last), -1), number)
            for number, side in enumerate(heads)
        ]
        at, number = min(places_of_heads)
        rows.append(heads[number].pop(0))
        last = max(last, at)
    return replace(table, rows=tuple(rows))


UNIT = "{unit}"
"""Stands in the headings of a repeated table for the name of a unit."""
_MOST_LABELS = 500
"""Rows of one axis; a province has some hundred counties."""
_LONGEST_LABEL = 80
_MOST_LINES = 3
"""Printed lines of one label."""
_MOSTLY = 0.7
"""Share of a line's letters that are the form's own words, from which on all of them are."""


def key_of(label: str) -> str:
    """What a row of an axis is called in addresses: `north-office` for `North Office`."""
    return re.sub(r"[^\w]+", "-", label.casefold()).strip("-_")


def of_unit(table: Table, unit: str) -> Table:
    """A table that is repeated, as it is printed for one unit."""
    return replace(
        table,
        key=f"{table.repeated}@{key_of(unit)}",
        title={language: said.replace(UNIT, unit) for language, said in table.title.items()},
        headings=tuple(pattern.replace(UNIT, unit) for pattern in table.patterns),
    )


def instantiate(extract: Extract, form: Form) -> Form:
    """The form with the rows, the order and the year that this report has; itself where it leaves
    nothing open.

    Where figures stand that are no known row's, and where no row is found at all, the axis has one
    more, which is printed nowhere: so it is missed, and no sum over the axis is judged. Where the
    form says that an axis may be empty, as of an agency with one component, nothing is missed.
    """
    if not form.is_open:
        return form
    form = _with_units(extract, form)
    closed = _without_examples(form)
    words = Lexicon(closed)
    source = linearize(stacked(extract, form, words.folding), words.folding)
    year = find_identity(source, form.imprint).year
    if year is not None:
        closed, form = with_year(closed, year), with_year(form, year)
        words = Lexicon(closed)
    vocabulary = words.vocabulary
    every = find_labels(source, vocabulary)
    headings = heading_places(source, form, vocabulary)
    sentences = sentences_in(source, every, headings, vocabulary.senses)
    labels = outside(every, sentences)
    axes = {group.key: group for table in form.tables for group in table.groups if group.is_open}
    found: dict[str, dict[str, str]] = {key: {} for key in axes}
    torn: set[str] = set()
    bounded: set[str] = set()
    unprinted: set[tuple[str, str]] = set()
    for region in find_regions(source, closed, vocabulary, labels):
        table = form.table(region.table.key)
        unprinted |= {
            (table.key, column.key)
            for column in table.columns
            if column.type == "skip"
            and not any(
                sense.key == column.key
                for label in region.labels
                for sense in label.columns(table.key)
            )
        }
        for axis in (group.key for group in table.groups if group.is_open):
            reading = _read_axis(source, table, axis, region, words.figures, sentences)
            _add_in_order(found[axis], reading.labels)
            if not reading.is_whole:
                torn.add(axis)
            if reading.is_bounded:
                bounded.add(axis)
    rows = {}
    for key, each in found.items():
        certain = _certain(each)
        is_whole = key not in torn and len(certain) == len(each)
        is_empty = axes[key].may_be_empty and key in bounded
        rows[key] = _lines(axes[key], certain, is_whole and (bool(each) or is_empty), form)
    tables = (_without_columns(_with_rows(table, rows), unprinted) for table in form.tables)
    return replace(form, tables=tuple(in_printed_order(table, labels) for table in tables))


def _with_units(extract: Extract, form: Form) -> Form:
    """The form with each repeated table once for each unit whose heading stands in the report; one
    of which no heading does is missed."""
    if not any(table.repeated for table in form.tables):
        return form
    source = linearize(extract, Lexicon(form).folding)
    lines = [source.text[span.start : span.end] for span in source.spans]
    tables: list[Table] = []
    for base, group in groupby(form.tables, key=lambda table: table.repeated):
        examples = list(group)
        if not base:
            tables += examples
            continue
        units = dict.fromkeys(
            unit for line in lines for unit in _unit_in(line, examples[0].patterns)
        )
        found = {key_of(unit): of_unit(examples[0], unit) for unit in units if key_of(unit)}
        tables += found.values() or [_unread(examples[0])]
    return replace(form, tables=tuple(tables))


def _unread(table: Table) -> Table:
    """A repeated table of which no unit is known, so that nobody knows whose its figures are."""
    return replace(
        of_unit(table, "unread"),
        title={language: table.repeated for language in table.title},
        rows=tuple(replace(row, is_unprinted=True) for row in table.rows),
    )


def _unit_in(line: str, patterns: Iterable[str]) -> Iterator[str]:
    """The unit that a line names, where it is a heading and nothing else but its number."""
    for pattern in patterns:
        before, _, behind = (re.escape(part.strip()) for part in pattern.partition(UNIT))
        number = r"(?:[(]?\w{1,3}[.)\u3001]\s*)?"
        found = re.fullmatch(rf"{number}{before}\s*(?P<unit>\S.{{0,60}}?)\s*{behind}", line.strip())
        if found:
            yield " ".join(found["unit"].split())
            return


def _without_columns(table: Table, left_out: Collection[tuple[str, str]]) -> Table:
    """The table without the columns that hold no figures and that this report does not print."""
    columns = tuple(each for each in table.columns if (table.key, each.key) not in left_out)
    if len(columns) == len(table.columns):
        return table
    keys = {each.key for each in columns}
    rows = (
        replace(row, columns=tuple(key for key in row.columns if key in keys)) for row in table.rows
    )
    return replace(table, columns=columns, rows=tuple(rows))


def _without_examples(form: Form) -> Form:
    """The form with nothing but its own words."""

    def table(each: Table) -> Table:
        is_open = {group.key for group in each.groups if group.is_open}
        return replace(each, rows=tuple(row for row in each.rows if row.group not in is_open))

    return replace(form, tables=tuple(map(table, form.tables)))


class _PrintedLine(Struct, frozen=True):
    """What one printed line says: words in front, and boxes behind them."""

    start: int
    words: str
    boxes: tuple[str, ...]
    """Figures, blank marks and empty cells behind the words."""
    in_cells: bool
    is_own: bool
    """Whether the words are the form's: one of its labels, or the heading of columns."""

    @property
    def has_figures(self) -> bool:
        """Whether any box is more than empty, and they are not the numbers of columns."""
        said = [box for box in self.boxes if box]
        return bool(said) and (
            len(said) < 2 or said != [str(number) for number in range(1, len(said) + 1)]
        )


def _printed_lines(
    source: SourceText, region: Region, figures: Figures, sentences: Sequence[Span], size: int
) -> Iterator[_PrintedLine]:
    """The printed lines of a region that say something, but for its sentences."""
    places = [label.start for label in region.labels]
    first = bisect_left(source.starts, region.start)
    last = bisect_left(source.starts, region.end)
    for _, group in groupby(source.spans[first:last], key=lambda span: span.row):
        spans = list(group)
        start, end = spans[0].start, spans[-1].start + len(spans[-1].raw)
        if any(begin < end and stop > start for begin, stop in sentences):
            continue
        words, boxes = _words_and_boxes(source, spans, figures, size)
        if normalize(words) or boxes:
            near = region.labels[bisect_left(places, start) : bisect_left(places, end)]
            own = [each for each in near if any(s.table == region.table.key for s in each.senses)]
            covered = sum(len(normalize(source.text[each.start : each.end])) for each in own)
            is_own = bool(words) and covered >= _MOSTLY * len(normalize(words))
            yield _PrintedLine(start, words, boxes, len(spans) > 1, is_own)


def _words_and_boxes(
    source: SourceText, spans: Sequence[TextSpan], figures: Figures, size: int
) -> tuple[str, tuple[str, ...]]:
    """The words at the beginning of a printed line, and the boxes that follow them to its end."""

    def is_box(text: str) -> bool:
        return figures.is_figure(text) or figures.is_blank_mark(text) or text == UNREAD

    texts = [" ".join(source.text[s.start : s.start + len(s.raw)].split()) for s in spans]
    items = texts if len(texts) > 1 else texts[0].split()
    while len(items) > size + 1 and not items[-1]:
        items.pop()  # what is left of cells that were wider
    count = 0
    while count < len(items) and (not items[-1 - count] or is_box(items[-1 - count])):
        count += 1
    if len(texts) == 1 and size < count < len(items):
        count = size  # a label may end with a number of its own
    words = " ".join(item for item in items[: len(items) - count] if item).strip(" |:")
    while count > size and not items[len(items) - count]:
        count -= 1  # a label has two cells, such as a code and a name, and one of them is empty
    if words and not any(map(str.isalpha, words)):
        return "", (*items[: len(items) - count], *items[len(items) - count :])
    return words, tuple(items[len(items) - count :])


def _read_axis(
    source: SourceText,
    table: Table,
    axis: str,
    region: Region,
    figures: Figures,
    sentences: Sequence[Span],
) -> _Reading:
    reading = _Reading(table, axis)
    first, end, reading.is_bounded = _between(table, axis, region)
    for line in _printed_lines(source, region, figures, sentences, reading.size):
        if first <= line.start < end:
            reading.add(line)
    reading.end()
    return reading


class _Reading:
    """The labels of an axis's rows in one table, line by line."""

    def __init__(self, table: Table, axis: str) -> None:
        self.labels: list[str] = []
        self.is_bounded = False
        """Whether the row of the form behind the axis's is there."""
        self.is_whole = True
        """Whether every figure is that of a row with a label."""
        self._table = table
        self.size = max(len(row.columns) for row in table.rows_of(axis))
        self._waiting: list[_PrintedLine] = []
        """Words whose figures are still to come, or are on their line."""
        self._below: list[str] = []
        """Boxes on lines without words, behind these."""

    def add(self, line: _PrintedLine) -> None:
        """The next printed line."""
        if not line.words:
            self._below += line.boxes if line.has_figures else ()
            return
        is_row = bool(self._below or line.boxes or line.is_own)
        if is_row or (self._waiting and (self._waiting[-1].boxes or self._waiting[-1].is_own)):
            self.end()
        self._waiting.append(line)

    def end(self) -> None:
        """What is known so far is a row, or nobody's."""
        last = self._waiting[-1] if self._waiting else None
        on_line = last.boxes if last and last.has_figures else ()
        below = len(self._below)
        may_end = not on_line or (len(on_line) == 1 and last is not None and not last.in_cells)
        if last is not None and last.is_own:
            self.is_whole &= len(on_line) + below <= len(self._table.columns)
        elif last is not None and below == self.size and self.size > 1 and may_end:
            said = [line.words for line in self._waiting[-_MOST_LINES:]]
            self.labels.append(" ".join([*said, *on_line]))  # a number behind it is the label's
        elif last is not None and 0 < len(on_line) + below <= self.size:
            lines = [last] if on_line else self._waiting[-_MOST_LINES:]
            self.labels.append(" ".join(line.words for line in lines))
        elif on_line or below:
            self.is_whole = False
        self._waiting, self._below = [], []


def _between(table: Table, axis: str, region: Region) -> tuple[int, int, bool]:
    """The places between which an axis's rows stand: from the row of the form above them, or else
    the first heading of a column, to the row below them; and whether that is there."""
    order = [row.key for row in table.rows]
    members = [order.index(row.key) for row in table.rows_of(axis)]
    above, below = set(order[: members[0]]), set(order[members[-1] + 1 :])
    own = [(label.start, {sense.key for sense in label.rows(table.key)}) for label in region.labels]
    columns = [label.start for label in region.labels if label.columns(table.key)]
    before = [place for place, keys in own if keys & above]
    behind = [place for place, keys in own if keys & below]
    first = min(before or columns or [region.start])
    return first, max(behind, default=region.end), bool(behind)


def _add_in_order(known: dict[str, str], labels: Iterable[str]) -> None:
    """Adds labels that are new, each behind the one that it follows; by their cores."""
    order = list(known)
    place = 0
    for label in labels:
        core = normalize(label)
        if core in known:
            place = order.index(core) + 1
        elif len(order) < _MOST_LABELS and 0 < len(core) <= _LONGEST_LABEL:
            known[core] = label
            order.insert(place, core)
            place += 1
    ordered = {core: known[core] for core in order}
    known.clear()
    known.update(ordered)


def _certain(labels: Mapping[str, str]) -> list[str]:
    """Without those that another label is with a number behind: where a box was left blank, the
    number of `Region 5` stands where its first figure would."""
    return [
        label
        for core, label in labels.items()
        if not any(
            other.startswith(core) and other[len(core) :].isdecimal()
            for other in labels
            if other != core
        )
    ]


def _lines(axis: Group, labels: Iterable[str], is_whole: bool, form: Form) -> tuple[Line, ...]:
    """A row for each label, by keys that no other row has."""
    taken = {row.key for table in form.tables for row in table.rows if row.group != axis.key}
    found: dict[str, Line] = {}
    for label in labels:
        key = base = key_of(label) or axis.key
        number = 2
        while key in taken or key in found:
            key, number = f"{base}-{number}", number + 1
        found[key] = Line(key, label, group=axis.key)
    if not is_whole:
        key = f"{axis.key}-unread"
        found[key] = Line(key, axis.label, group=axis.key, is_unprinted=True)
    return tuple(found.values())


def _with_rows(table: Table, lines: dict[str, tuple[Line, ...]]) -> Table:
    """The table with these rows in the place of the examples, in its sums too."""
    rows: list[Line] = []
    instead: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        own = lines.get(row.group or "")
        if own is None:
            rows.append(row)
            continue
        is_first = not any(other.group == row.group for other in rows)
        if is_first:
            rows += (replace(line, columns=row.columns) for line in own)
        instead[row.key] = tuple(line.key for line in own) if is_first else ()

    def sides(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(new for key in keys for new in instead.get(key, (key,)))

    def total(each: SumConstraint) -> SumConstraint:
        if each.each == "row":
            return replace(each, lines=sides(each.lines))
        return replace(each, left=sides(each.left), right=sides(each.right))

    return replace(table, rows=tuple(rows), sums=tuple(map(total, table.sums)))
