"""A document's tables in, the draft of a form that says them as `form.yaml` out.

It is a beginning for whoever knows the form: labels and boxes are the document's, totals are those
that its figures show; what nobody can tell from one document is marked `# …`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from auditor.cjk import YEAR
from auditor.layout.instantiate import key_of
from auditor.model.form import Numerals
from auditor.model.report import Number
from auditor.model.source import Extract, Grid
from auditor.source_text import Figures, Folding, normalize

_BELOW, _NO_COUNT = "<", ("N/A", "n/a")
_BLANKS = ("-", "--", "\u2014", "/")
_ENUMERATOR = re.compile(r"^\W*(?:\w{1,3}[.\u3001)\uff09]\s*)+")
_YEARS = rf"'(?P<year>20\d\d){YEAR}', '(?:[Yy]ear|FY)(?P<year>20\d\d)', '(?P<year>20\d\d)'"
_DATED = re.compile(rf"^.*?20\d\d\s*{YEAR}?\s*(?=\D)")
"""All up to the year, which is another in every report."""
_IS_NOTE = re.compile(r"[:\uff1a\d]")
_SIDE = "side-{}"
_LEAST_ROWS = _LEAST_COLUMNS = 2
_HEADERS = 4
"""By which the form is recognised."""


class _Column(Struct, frozen=True):
    key: str
    label: str
    values: tuple[Decimal | None, ...]
    """By row of its side; None for an empty box."""
    is_numbered: bool
    """Whether it only counts the lines."""


class _Side(Struct, frozen=True):
    """Labels and the columns of figures behind them; most tables have one."""

    caption: str
    """What is printed over it."""
    columns: tuple[_Column, ...]
    labels: tuple[tuple[str, ...], ...]
    """By row, the labels from the outermost group to the row itself; none for an empty line."""


class _Table(Struct, frozen=True):
    heading: str
    sides: tuple[_Side, ...]
    captions: tuple[str, ...]

    @property
    def columns(self) -> tuple[_Column, ...]:
        return self.sides[0].columns

    @property
    def labels(self) -> list[tuple[str, ...]]:
        return [labels for side in self.sides for labels in side.labels if labels]


def draft_form(extract: Extract, form_id: str) -> str:
    """The text of a `form.yaml` for the tables of a document; `form_id`: as it shall be called.

    Raises `InputError` where no table stands in it.
    """
    tables = list(_tables(extract))
    if not tables or len({label for table in tables for label in table.labels}) < _LEAST_ROWS:
        from auditor.refusals import refusal  # few documents are refused

        raise refusal("no-table")
    labels = [column.label for table in tables for column in table.columns if column.label]
    labels += [row[-1] for table in tables for row in table.labels]
    labels += [table.heading for table in tables]
    headers = list({normalize(label): label for label in labels if normalize(label)}.values())
    headers = headers[:_HEADERS]
    lines = [
        f"id: {form_id}",
        f"name: {_said(tables[0].heading or form_id)}",
        "# Wordings that only this form prints: any two of them tell it from others.",
        f"recognised_by: [{', '.join(map(_said, headers))}]",
        "# Who reports, and for which year: patterns, tried on the text without blanks.",
        "imprint:",
        r"  agency: ['(?:^|\n)(?P<agency>[^\n0-9]{2,60}?)(?:20\d\d|\n)']",
        f"  year: [{_YEARS}]",
        f"numerals: {{{_numerals(extract)}}}",
        "tables:",
    ]
    keys: set[str] = set()
    for number, table in enumerate(tables, start=1):
        lines += _lines(table, _unused(key_of(table.heading) or f"table-{number}", keys))
    return "\n".join(lines) + "\n"


def _numerals(extract: Extract) -> str:
    """How the document writes what is no plain figure."""
    cells = {
        cell.text.strip()
        for block in extract.blocks
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row
    }
    found = [f"blanks: [{', '.join(map(_said, _BLANKS))}]"]
    if said := [mark for mark in _NO_COUNT if mark in cells]:
        found.append(f"not_applicable: [{', '.join(said)}]")
    if any(cell[:1] == _BELOW and cell[1:].strip()[:1].isdecimal() for cell in cells):
        found.append(f"below: ['{_BELOW}']")
    return ", ".join(found)


def _said(text: str) -> str:
    """A text as YAML takes it, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)


def _unused(key: str, taken: set[str]) -> str:
    number, found = 2, key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    taken.add(found)
    return found


def _tables(extract: Extract) -> Iterator[_Table]:
    figures = Figures(Numerals(blanks=_BLANKS, not_applicable=_NO_COUNT), Folding({}))
    above: list[str] = []
    for block in extract.blocks:
        if not isinstance(block, Grid):
            above.append(block.text.strip())
            continue
        rows = _matrix(block)
        while rows and len(rows[0]) > 1 and len({cell for cell in rows[0] if cell}) == 1:
            above.append(next(cell for cell in rows[0] if cell))  # a line over all columns
            del rows[0]
        if len(rows) >= _LEAST_ROWS and len(rows[0]) >= _LEAST_COLUMNS:
            table = _table(_heading(above), rows, figures)
            if table is not None:
                yield table
                above.clear()


def _heading(above: Sequence[str]) -> str:
    """The nearest line above a table that may be its heading, without number, agency and year."""
    found = [_ENUMERATOR.sub("", _DATED.sub("", each)).strip() for each in above[::-1]]
    able = [each for each in found if len(normalize(each)) > 1]
    plain = [each for each in able if not _IS_NOTE.search(each)]  # a unit, a number of the table
    return next(iter(plain or able), "")


def _matrix(grid: Grid) -> list[list[str]]:
    """The texts of a grid, each in all the rows and columns that its cell covers."""
    wide = max((cell.column + cell.colspan for row in grid.rows for cell in row), default=0)
    found = [[""] * wide for _ in grid.rows]
    for at, row in enumerate(grid.rows):
        for cell in row:
            text = " ".join(cell.text.split())
            for down in range(at, min(at + cell.rowspan, len(found))):
                for across in range(cell.column, cell.column + cell.colspan):
                    found[down][across] = text
    return found


def _table(heading: str, rows: Sequence[Sequence[str]], figures: Figures) -> _Table | None:
    def is_label(text: str) -> bool:
        said = text.lstrip(_BELOW)
        is_figure = figures.is_figure(said) or figures.is_blank_mark(said)
        return bool(normalize(text)) and not is_figure

    top = next((at for at, row in enumerate(rows) if at and not all(map(is_label, row[1:]))), 1)
    # A line of words alone is the heading of a part, but for a table that nobody filled in.
    body = [row for row in rows[top:] if not all(map(is_label, filter(None, row)))] or rows[top:]
    are_labels = [any(is_label(row[at]) for row in body) for at in range(len(rows[0]))]
    starts = [at for at, said in enumerate(are_labels) if said and not (at and are_labels[at - 1])]
    sides = [
        _side(rows[:top], body, start, end, are_labels, figures)
        for start, end in pairwise([*starts, len(are_labels)])
    ]
    sides = [side for side in sides if side.columns and any(side.labels)]
    headings = [[column.label for column in side.columns] for side in sides]
    if not sides or any(each != headings[0] for each in headings):
        return None
    heads = [*rows[:top], *(row for row in rows[top:] if row not in body)]
    printed = dict.fromkeys(text for row in heads for text in row if text)
    captions = tuple(text for text in printed if text not in headings[0])
    return _Table(heading, tuple(sides), captions)


def _side(
    header: Sequence[Sequence[str]],
    body: Sequence[Sequence[str]],
    start: int,
    end: int,
    are_labels: Sequence[bool],
    figures: Figures,
) -> _Side:
    """The columns `start`..`end` of a table: first its labels, then its figures."""
    first = next((at for at in range(start, end) if not are_labels[at]), end)
    keys: set[str] = set()
    columns: list[_Column] = []
    for at in range(first, end):
        above = [row[at] for row in header if row[at]]
        values = tuple(_value(row[at], figures) for row in body)
        numbers = [value for value in values if value is not None]
        label = above[-1] if above else ""
        key = _unused(key_of(label) or f"column-{at}", keys)
        columns.append(_Column(key, label, values, _only_counts(numbers)))
    labels = (tuple(dict.fromkeys(text for text in row[start:first] if text)) for row in body)
    return _Side(header[0][start] if header else "", tuple(columns), tuple(labels))


def _only_counts(numbers: Sequence[Decimal]) -> bool:
    """Whether figures are numbers of lines: they rise, and mostly by one."""
    steps = [after - before for before, after in pairwise(numbers)]
    rise = all(step >= 1 and step == step.to_integral_value() for step in steps)
    return len(steps) > 1 and rise and steps.count(Decimal(1)) * 2 > len(steps)


def _value(text: str, figures: Figures) -> Decimal | None:
    value = figures.value(text) if figures.is_figure(text) else None
    return value.value if isinstance(value, Number) else None


def _lines(table: _Table, key: str) -> Iterator[str]:
    yield f"  - id: {key}"
    yield f"    title: {_said(table.heading or key)}"
    yield f"    headings: [{_said(table.heading or key)}]"
    if table.captions:
        yield f"    captions: [{', '.join(map(_said, table.captions))}]"
    yield "    columns:"
    for column in table.columns:
        kind = ", type: skip" if column.is_numbered else ""
        label = _said(column.label) if column.label else f'"{column.key}"'
        yield f"      - {{id: {column.key}, label: {label}{kind}}}"
    groups, rows, keys = _groups_and_rows(table)
    if groups:
        yield "    groups:"
        yield from (f"      - {each}" for each in groups)
    if len(table.sides) > 1:
        sides = [_SIDE.format(number) for number in range(1, len(table.sides) + 1)]
        yield f"    sides: [{', '.join(sides)}]"
    yield "    rows:"
    yield from (f"      {each}" if each.startswith("#") else f"      - {each}" for each in rows)
    sums = [*_column_totals(table, keys), *_row_totals(table, keys)]
    if sums:
        yield "    # Sums that the figures of this document show; rules say what a breach means."
        yield "    identities:"
        yield from (f"      - {each}" for each in sums)


def _groups_and_rows(table: _Table) -> tuple[list[str], list[str], list[list[str]]]:
    """Both as written, and by side the keys of its rows; an empty line has none."""
    groups: dict[tuple[str, ...], str] = {}
    written: list[str] = []
    rows: list[str] = []
    keys: list[list[str]] = []
    taken: set[str] = set()
    taken_groups: set[str] = set()
    told: set[tuple[tuple[str, ...], str]] = set()
    is_sided = len(table.sides) > 1
    for number, side in enumerate(table.sides, start=1):
        root: tuple[str, ...] = ()
        if is_sided:
            root = (_SIDE.format(number),)
            groups[root] = _unused(root[0], taken_groups)
            written.append(f"{{id: {root[0]}, label: {_said(side.caption or root[0])}}}")
        keys.append([])
        for labels in side.labels:
            if not labels:
                keys[-1].append("")
                continue
            *above, label = (*root, *labels)
            for depth in range(len(root) + 1, len(above) + 1):
                path = tuple(above[:depth])
                if path not in groups:
                    groups[path] = _unused(key_of(path[-1]) or "group", taken_groups)
                    under = f", in: {groups[path[:-1]]}" if depth > 1 else ""
                    written.append(f"{{id: {groups[path]}, label: {_said(path[-1])}{under}}}")
            if not normalize(label) or (tuple(above), label) in told:
                keys[-1].append("")
                rows.append(f"# {_said(label)} stands here once more; a group tells rows apart")
                continue
            told.add((tuple(above), label))
            keys[-1].append(_unused(key_of(label) or "row", taken))
            inside = f", in: {groups[tuple(above)]}" if above else ""
            rows.append(f"{{id: {keys[-1][-1]}, label: {_said(label)}{inside}}}")
    return written, rows, keys


def _column_totals(table: _Table, keys: Sequence[Sequence[str]]) -> Iterator[str]:
    """The columns that are the sum of those beside them in every row."""
    for side in table.sides[:1]:
        columns = [column for column in side.columns if not column.is_numbered]
        lines = {column.key: column.values for column in columns}
        for total, parts, _ in _totals(lines, len(keys[0])):
            yield f"{{each: row, total: {total}, of: [{', '.join(parts)}]}}"


def _row_totals(table: _Table, keys: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows that are the sum of those above or below, in the columns in which they are."""
    for side, own in zip(table.sides, keys, strict=True):
        columns = [column for column in side.columns if not column.is_numbered]
        lines = {
            key: tuple(column.values[at] for column in columns) for at, key in enumerate(own) if key
        }
        for total, parts, places in _totals(lines, 1):
            on = ", ".join(columns[at].key for at in places)
            some = f", on: [{on}]" if len(places) < len(columns) else ""
            yield f"{{each: column, total: {total}, of: [{', '.join(parts)}]{some}}}"


def _totals(
    lines: Mapping[str, Sequence[Decimal | None]], least: int
) -> Iterator[tuple[str, list[str], list[int]]]:
    """Each line that is the sum of neighbours, as many as can be, on at least `least` places; and
    those places."""
    names = list(lines)
    for at, total in enumerate(names):
        runs = [names[start:at] for start in range(at - 1)]
        runs += [names[at + 1 : end] for end in range(len(names), at + 2, -1)]
        for parts in sorted(runs, key=len, reverse=True):
            places = [
                place
                for place, value in enumerate(lines[total])
                if value == sum((lines[part][place] or Decimal(0)) for part in parts)
            ]
            shown = [place for place in places if lines[total][place]]
            several = sum(any(lines[part][place] for place in shown) for part in parts) > 1
            if len(places) >= max(least, len(lines[total]) / 2) and shown and several:
                yield total, parts, places
                break
