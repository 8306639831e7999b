"""One edition of a blank report, as data: which boxes it has and how they are labelled.

A `Form` is loaded from `rules/<form>/<edition>/form.yaml`; no label of any form is written in code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.model import Address as Address
from auditor.model import Words as Words
from auditor.model.check import half_units
from auditor.model.report import Number, step_of
from auditor.model.wordings import Wordings


class Line(Struct, frozen=True):
    """A row or a column: its key, its printed label and the wordings seen instead of it."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    group: str | None = None
    """Key of the group this line stands under."""
    columns: tuple[str, ...] = ()
    """For a row: keys of the columns in which it has a box."""
    instead_of: tuple[str, ...] = ()
    """For an optional row: the rows whose place it takes where it is printed."""
    unit: tuple[tuple[str, str], ...] = ()
    """What its figures are in, by language."""
    signed: bool = False
    """For a column: whether negative numbers are lawful in it."""
    type: Literal["number", "text", "date", "tick", "skip"] = "number"
    """For a column: what stands in it; any but numbers is no figure, and nothing is checked."""
    optional: bool = False
    """For a row: whether copies leave it out, as they may where it has nothing to say."""
    is_unprinted: bool = False
    """For a row: whether it stands for one that a report has and whose label nobody can read."""


class Group(Struct, frozen=True):
    """A label that spans several lines, such as `（三）不予公开`."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    is_axis: bool = False
    """Whether it is no printed label, but what the rows of an axis are called together."""
    is_open: bool = False
    """Of an axis: whether its rows are those that a report prints, and the form's own examples."""
    may_be_empty: bool = False
    """Of an open axis: whether a report may have no row of it."""


_Named = TypeVar("_Named", Line, Group)


class SumConstraint(Struct, frozen=True):
    """A sum that the form itself prints or implies: Σ left = Σ right, on every line along `each`.

    Readers use it to choose between readings of a damaged line; the rules say what a breach means.
    """

    each: str
    """`row`: the sides name columns; `column`: they name rows."""
    left: tuple[str, ...]
    right: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """The lines along `each` on which it holds; all of them where none is named."""
    tolerance: Decimal = Decimal(0)
    rounding: bool = False
    """As in the `Linear` of a rule."""

    @property
    def is_exact(self) -> bool:
        """Whether it leaves no tolerance of any kind."""
        return not (self.tolerance or self.rounding)

    def rounds(self, difference: Decimal, figures: Iterable[Decimal | None]) -> bool:
        """Whether the tolerance, or how the figures are rounded, explains the difference."""
        read = ((1, Number(figure, step_of(figure))) for figure in figures if figure is not None)
        return abs(difference) <= self.tolerance + (half_units(read) if self.rounding else 0)


class BoxSum(dict[Address, int]):
    """The sign of each box in a sum of the form."""

    constraint: SumConstraint


class Table(Struct, frozen=True, dict=True):
    """One fixed table of the form; what follows from its fields is worked out once."""

    key: str
    title: Words
    headings: tuple[str, ...]
    """Wordings of the section heading above the table, without numbering."""
    captions: tuple[str, ...]
    """Other text printed inside the table: header notes, part captions, column super-labels."""
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    groups: tuple[Group, ...]
    sums: tuple[SumConstraint, ...]
    layout: str = "rows"
    """`rows`: a printed line per row; `single`: all boxes side by side in one printed line."""
    optional: bool = False
    """Whether a report may lack it."""
    sides: tuple[str, ...] = ()
    """Groups whose rows stand beside each other, each in its own order."""
    skipped: tuple[str, ...] = ()
    """Headings of columns that hold no figures of the form's, such as the numbers of lines."""
    repeated: str = ""
    """Of a table that a report prints for each of its units: what rules call all of them."""
    patterns: tuple[str, ...] = ()
    """Its headings, with `{unit}` for the name of the unit."""

    def row(self, key: str) -> Line:
        """The row named `key`; `KeyError` when the table has none."""
        return self._rows[key]

    def column(self, key: str) -> Line:
        """The column named `key`; `KeyError` when the table has none."""
        return self._columns[key]

    def group(self, key: str) -> Group:
        """The group named `key`; `KeyError` when the table has none."""
        return self._groups[key]

    @cached_property
    def _rows(self) -> Mapping[str, Line]:
        return _by_key(self.rows)

    @cached_property
    def row_places(self) -> Mapping[str, int]:
        """Row key → how many rows are printed above it."""
        return {row.key: place for place, row in enumerate(self.rows)}

    @cached_property
    def _columns(self) -> Mapping[str, Line]:
        return _by_key(self.columns)

    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return _by_key(self.groups)

    def ancestors(self, line: Line | Group) -> tuple[Group, ...]:
        """The printed groups above a line, innermost first."""
        return tuple(group for group in self._above(line) if not group.is_axis)

    def name_of(self, row: Line) -> str:
        """A row by its label and those of its groups; outermost groups only where another row has
        the same label."""
        is_shared = sum(other.label == row.label for other in self.rows) > 1
        above = [each for each in reversed(self.ancestors(row)) if is_shared or each.parent]
        return "·".join([*(group.label for group in above), row.label])

    def rows_of(self, group: str) -> tuple[Line, ...]:
        """The rows under a group or in an axis, at any depth."""
        return tuple(
            row for row in self.rows if any(above.key == group for above in self._above(row))
        )

    def _above(self, line: Line | Group) -> Iterator[Group]:
        key = line.group if isinstance(line, Line) else line.parent
        while key is not None:
            group = self.group(key)
            yield group
            key = group.parent

    def addresses(self, row: Line) -> tuple[Address, ...]:
        """The boxes of one row, in printed order."""
        return self._addresses[row.key]

    @cached_property
    def _addresses(self) -> Mapping[str, tuple[Address, ...]]:
        return {
            row.key: tuple(Address(self.key, row.key, column) for column in row.columns)
            for row in reversed(self.rows)
        }

    def wordings(self) -> Iterator[str]:
        """All that the form prints of it."""
        yield from (*self.headings, *self.captions)
        lines: tuple[Line | Group, ...] = (*self.rows, *self.columns, *self.groups)
        for line in lines:
            yield from (line.label, *line.aliases)

    def boxes(self) -> tuple[Address, ...]:
        """Every box of the table in printed order, without those of optional rows."""
        return tuple(box for row in self.rows if not row.instead_of for box in self.addresses(row))

    def sums_over(self, present: Collection[Address]) -> Iterator[BoxSum]:
        """The form's sums, line by line: the sign of each box that is there; all come to zero."""
        for total in self._sums:
            there = [box for box in total if box in present]
            if len(there) == len(total):
                yield total
            elif there:
                part = BoxSum((box, total[box]) for box in there)
                part.constraint = total.constraint
                yield part

    @cached_property
    def _sums(self) -> tuple[BoxSum, ...]:
        """Those over all boxes."""
        boxes = {box for row in self.rows for box in self.addresses(row)}
        found: list[BoxSum] = []
        for constraint in self.sums:
            for line in self.rows if constraint.each == "row" else self.columns:
                is_meant = line.key in (constraint.lines or (line.key,))
                if not is_meant or line.type != "number":
                    continue
                terms = BoxSum()
                terms.constraint = constraint
                for keys, sign in ((constraint.left, 1), (constraint.right, -1)):
                    for key in keys:
                        at = (line.key, key) if constraint.each == "row" else (key, line.key)
                        box = Address(self.key, *at)
                        if box in boxes:
                            terms[box] = sign
                if terms:
                    found.append(terms)
        return tuple(found)


def _by_key(lines: tuple[_Named, ...]) -> Mapping[str, _Named]:
    return {line.key: line for line in reversed(lines)}


class Numerals(Struct, frozen=True):
    """How figures are written on this form."""

    blanks: tuple[str, ...] = ()
    """Marks that stand for an empty box: `/`, `—`, `无` …"""
    minus: tuple[str, ...] = ()
    """What a negative number may begin with besides `-`."""
    units: tuple[str, ...] = ()
    """Units that authors add to a figure, such as `件`."""
    vague: tuple[str, ...] = ()
    """Words that make a figure approximate, such as `约`."""
    pages: tuple[str, ...] = ()
    """Patterns of page marks, such as `第5页`, that copying leaves inside tables."""
    decimal: Literal[".", ","] = "."
    """What parts the decimals off."""
    group: Literal[",", ".", "'", " ", "none"] = ","
    """What stands between thousands; a figure that is grouped otherwise is not read."""
    below: tuple[str, ...] = ()
    """What in front of a figure makes it a limit that is not reached: `<`, `fewer than`."""
    not_applicable: tuple[str, ...] = ()
    """Marks that say that there is nothing to count, which is neither blank nor zero: `N/A`."""
    negative: Literal["minus", "brackets"] = "minus"
    """brackets: `(83)` is less than zero, as `-83` is."""


class Imprint(Struct, frozen=True):
    """Patterns that find who reports and for which year."""

    agency: tuple[str, ...] = ()
    """Patterns with a group `agency`, tried in this order."""
    year: tuple[str, ...] = ()
    """Patterns with a group `year`, tried in this order."""


class Form(Struct, frozen=True):
    """One edition of a form."""

    id: str
    name: Words
    tables: tuple[Table, ...]
    recognised_by: tuple[str, ...]
    """Header wordings that this edition has and the others have not."""
    after: tuple[str, ...]
    """Wordings of the headings that follow the last table."""
    numerals: Numerals
    imprint: Imprint
    fold: Mapping[str, str]
    """Character variants to read as one, such as traditional for simplified."""
    heading: Words = {}
    """What stands over reports on it; its name where empty."""
    language: str | None = None
    """The one in which reports are told where nobody asks for any; None for the user's own."""
    wordings: Wordings = Wordings()
    """How sentences speak of it; empty where nobody wrote that down."""

    @property
    def is_open(self) -> bool:
        """Whether a report says more of it than is known here: which rows and columns it has, in
        which order, or the year in their labels."""
        return any(
            bool(table.sides)
            or any(group.is_open for group in table.groups)
            or bool(table.skipped)
            or bool(table.repeated)
            or any("{year" in wording for wording in table.wordings())
            for table in self.tables
        )

    def table(self, key: str) -> Table:
        """The table named `key`; `KeyError` when the form has none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def left_out(self, present: Collection[Address]) -> Iterator[Address]:
        """The boxes of optional rows that a report with these boxes leaves out."""
        tables = {box.table for box in present}
        for table in self.tables:
            for row in table.rows if table.key in tables else ():
                if row.optional:
                    yield from (box for box in table.addresses(row) if box not in present)

    def unit(self, address: Address) -> Words:
        """What the figure of a box is in, by its row or else by its column; empty where neither
        says so."""
        if not address.row:
            return {}
        table = self.table(address.table)
        return dict(table.row(address.row).unit or table.column(address.column).unit)

    def describe(self, address: Address, language: str = "zh") -> str:
        """The box in the form's own labels: `（三）不予公开·1.属于国家秘密 × 自然人`; a figure that
        sentences state by what it is, in that language.

        Outermost groups are left out where they name nothing that the row does not.
        """
        if not address.row:
            stated = (each for each in self.wordings.mentions if each.key == address.column)
            mention = next(stated, None)
            return mention.label.get(language, address.column) if mention else address.column
        table = self.table(address.table)
        row = table.row(address.row)
        return f"{table.name_of(row)} × {table.column(address.column).label}"


_YEAR = re.compile(r"\{year([+-]\d)?\}")


def with_year(form: Form, year: int) -> Form:
    """The form with the year in its labels: `{year}`, `{year-1}`."""

    def said(text: str) -> str:
        return _YEAR.sub(lambda found: str(year + int(found[1] or 0)), text)

    def all_said(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(said, texts))

    def line(each: Line) -> Line:
        return replace(each, label=said(each.label), aliases=all_said(each.aliases))

    def table(each: Table) -> Table:
        return replace(
            each,
            headings=all_said(each.headings),
            captions=all_said(each.captions),
            rows=tuple(map(line, each.rows)),
            columns=tuple(map(line, each.columns)),
            groups=tuple(
                replace(group, label=said(group.label), aliases=all_said(group.aliases))
                for group in each.groups
            ),
        )

    return replace(form, tables=tuple(map(table, form.tables)), after=all_said(form.after))
