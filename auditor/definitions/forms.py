"""`form.yaml` in, `Form` out; a slip in it is a `DefinitionError` with file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from auditor.checks.load import Tolerance
from auditor.layout.instantiate import UNIT, key_of, of_unit
from auditor.layout.labels import split_label
from auditor.layout.recognise import FEWEST_HEADERS
from auditor.model import Words
from auditor.model.form import Form, Group, Imprint, Line, Numerals, SumConstraint, Table
from auditor.source_text import Folding, normalize
from auditor.yamlsource import (
    Item,
    Name,
    Shape,
    nearest,
    pattern,
    read,
    read_yaml,
    schema_of,
    unique,
)


def _character(item: Item) -> str:
    text = item.text()
    if len(text) != 1:
        raise item.wrong(f"one character is needed here, not {text!r}")
    return text


Character = Annotated[str, Shape(_character, lambda: {**schema_of(str), "maxLength": 1})]


class ColumnItem(Struct, frozen=True):
    """A column as written."""

    id: Name
    label: str
    """As the form prints it."""
    aliases: tuple[str, ...] = ()
    """Wordings seen instead."""
    unit: Words | None = None
    """What its figures are in: %, days."""
    signed: bool = False
    """Whether negative numbers are lawful in it."""
    type: Literal["number", "text", "date", "tick", "skip"] = "number"
    """What stands in it; any but numbers is no figure: skip is for the numbers of lines."""


class GroupItem(Struct, frozen=True, rename={"parent": "in"}):
    """A group as written."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    """Wordings seen instead."""
    parent: Name | None = None
    """The group that it stands under; one above it."""


class RowItem(Struct, frozen=True, rename={"group": "in"}):
    """A row as written."""

    id: Name
    label: str
    """As the form prints it, with its number."""
    aliases: tuple[str, ...] = ()
    """Wordings seen instead."""
    group: Name | None = None
    """The group that it stands under."""
    unit: Words | None = None
    """What its figures are in, where rows differ."""
    columns: tuple[Name, ...] | None = None
    """The columns in which it has a box; all where left out."""
    optional: bool = False
    """Whether copies may leave it out where it has nothing to say."""
    instead_of: tuple[Name, ...] = ()
    """Of a row that some print: those whose place it takes."""


class AxisRowsItem(Struct, frozen=True):
    """The place of an axis's rows among those of a table."""

    axis: Name


class AxisItem(Struct, frozen=True):
    """Rows that several tables have, or that each report prints its own of."""

    id: Name
    label: str
    """What a row of it is called: component, town."""
    rows: tuple[RowItem, ...] = ()
    """The same in every report; else they are open."""
    open: tuple[Name, ...] = ()
    """Of rows that a report names itself: two examples, for tests."""
    optional: bool = False
    """Of open rows: whether a report may have none of them; then no sum over them is asked."""


class TotalItem(Struct, frozen=True):
    """A printed total and its parts."""

    each: Literal["row", "column"]
    total: Name
    of: tuple[Name, ...]
    on: tuple[Name, ...] = ()
    """The rows, or the columns, on which it holds; all where left out."""
    tolerance: Tolerance = Decimal(0)
    """By how much it may miss; rounding: half a unit of each figure's last printed digit."""


class EqualItem(Struct, frozen=True):
    """Two printed sums that are the same."""

    each: Literal["row", "column"]
    equal: tuple[tuple[Name, ...], tuple[Name, ...]]
    """Both sides."""
    on: tuple[Name, ...] = ()
    """The rows, or the columns, on which it holds; all where left out."""
    tolerance: Tolerance = Decimal(0)
    """By how much they may differ; rounding: half a unit of each figure's last printed digit."""


class TableItem(Struct, frozen=True):
    """A table as written."""

    id: str
    title: Words
    headings: tuple[str, ...]
    """Wordings of the heading above the table, without its number."""
    columns: tuple[ColumnItem, ...]
    rows: tuple[RowItem | AxisRowsItem, ...]
    captions: tuple[str, ...] = ()
    """Other text printed inside the table."""
    groups: tuple[GroupItem, ...] = ()
    """Outer ones first."""
    identities: tuple[TotalItem | EqualItem, ...] = ()
    """The sums that the form prints or implies."""
    layout: Literal["rows", "single"] = "rows"
    """single: all boxes in one printed line."""
    unit: Words | None = None
    """What figures are in whose row and column do not say it."""
    optional: bool = False
    """Whether a report may lack it, so that nothing is missing where no word of it stands."""
    sides: tuple[Name, ...] = ()
    """Groups whose rows are printed side by side, as income and expenditure are."""
    repeated: tuple[str, ...] = ()
    """Of a table that a report has for each of its units: two examples of what stands for `{unit}`
    in its headings."""


class ImprintItem(Imprint, frozen=True):
    """Patterns that find who reports and for which year."""

    agency: tuple[Annotated[str, pattern("agency")], ...] = ()
    """Tried in this order."""
    year: tuple[Annotated[str, pattern("year")], ...] = ()
    """Tried in this order."""


class NumeralsItem(Numerals, frozen=True):
    """How figures are written."""

    pages: tuple[Annotated[str, pattern()], ...] = ()
    """Patterns of page marks that copying leaves inside tables."""


class FormFile(Struct, frozen=True):
    """One edition of a blank report: which boxes it has and how they are labelled."""

    id: str
    """The folder that it stands in: <form>/<edition>."""
    name: Words
    recognised_by: tuple[Name, ...]
    """Header wordings that this edition has and the others have not."""
    imprint: ImprintItem
    """Patterns that find who reports and for which year."""
    numerals: NumeralsItem
    """How figures are written on this form."""
    tables: tuple[TableItem, ...]
    heading: Words | None = None
    """What stands over what is told of a report; its name where left out."""
    language: Literal["zh", "en"] | None = None
    """The one in which that is told where nobody asks for any; else the user's."""
    axes: tuple[AxisItem, ...] = ()
    """Rows that several tables share, or that each report has its own of."""
    after: tuple[str, ...] = ()
    """Wordings of the headings that follow the last table."""
    fold: Mapping[Character, Character] = field(default_factory=dict)
    """Character variants to read as one."""


def load_form(text: str, file: str) -> Form:
    """The form defined by a `form.yaml`. Raises `DefinitionError`."""
    top = read_yaml(text, file)
    given = read(FormFile, top)
    unique(axis.id for axis in given.axes)
    axes = {str(axis.id): axis for axis in given.axes}
    form = Form(
        given.id,
        given.name,
        tuple(table for each in given.tables for table in _tables(each, axes, top)),
        tuple(map(str, given.recognised_by)),
        given.after,
        Numerals(**asdict(given.numerals)),
        Imprint(**asdict(given.imprint)),
        given.fold,
        given.heading or {},
        given.language,
    )
    _check_fold(form, top)
    _check_headers(given, form, top)
    return form


def _check_fold(form: Form, top: Item) -> None:
    """Single characters are read as others; what is longer never would be."""
    for old in form.fold:
        if len(old) != 1:
            raise top.mapped()["fold"].wrong(f"one character is needed here, not {old!r}")


def _check_headers(given: FormFile, form: Form, top: Item) -> None:
    """A form is told by several wordings that stand in its own tables."""
    fold = Folding(form.fold).fold
    if len({normalize(fold(name)) for name in given.recognised_by}) < FEWEST_HEADERS:
        headers = top.mapped()["recognised_by"]
        raise headers.wrong(f"a form is recognised by at least {FEWEST_HEADERS} header wordings")
    printed = [wording for table in form.tables for wording in _wordings(table)]
    cores = [normalize(fold(wording)) for wording in printed]
    for name in given.recognised_by:
        if not any(normalize(fold(name)) in core for core in cores):
            raise name.item.wrong(
                f"no table of the form prints {str(name)!r}", nearest(name, printed)
            )


def _wordings(table: Table) -> Iterator[str]:
    yield from (*table.wordings(), *table.title.values())


def _tables(given: TableItem, axes: Mapping[str, AxisItem], top: Item) -> Iterator[Table]:
    """The table as written; one that is repeated, for each of its examples."""
    table = _table(given, axes)
    if not given.repeated:
        yield table
        return
    if not all(UNIT in heading for heading in table.headings):
        raise top.mapped()["tables"].wrong(
            f"the table {table.key!r} is repeated, so {UNIT} stands in each of its headings"
        )
    table = replace(table, repeated=table.key, patterns=table.headings)
    for unit in given.repeated:
        yield of_unit(table, unit)


def _table(given: TableItem, axes: Mapping[str, AxisItem]) -> Table:
    keys = unique(column.id for column in given.columns)
    groups: dict[str, Group] = {}
    for each in given.groups:
        parent = each.parent.one_of(groups) if each.parent else None
        groups[each.id] = Group(each.id, each.label, each.aliases, parent)
    items = tuple(_with_axes(given.rows, axes, groups))
    rows = unique(row.id for row in items)
    lines = tuple(_row(row, keys, groups, rows) for row in items)
    _check_labels(items, lines)
    return Table(
        key=given.id,
        title=given.title,
        headings=given.headings,
        captions=given.captions,
        rows=lines,
        columns=tuple(
            Line(
                str(each.id),
                each.label,
                each.aliases,
                unit=tuple((each.unit or given.unit or {}).items()),
                signed=each.signed,
                type=each.type,
            )
            for each in given.columns
        ),
        groups=tuple(groups.values()),
        sums=tuple(_sum_constraint(each, lines, keys, groups) for each in given.identities),
        layout=given.layout,
        optional=given.optional,
        sides=tuple(side.one_of(groups) for side in given.sides),
        skipped=tuple(
            wording
            for each in given.columns
            if each.type == "skip"
            for wording in (each.label, *each.aliases)
        ),
    )


def _with_axes(
    given: Iterable[RowItem | AxisRowsItem], axes: Mapping[str, AxisItem], groups: dict[str, Group]
) -> Iterator[RowItem]:
    """The rows of a table, those of its axes among them; each axis is added to the groups."""
    for row in given:
        if isinstance(row, RowItem):
            yield row
            continue
        axis = axes[row.axis.one_of(axes)]
        if bool(axis.rows) == bool(axis.open):
            raise axis.id.item.wrong(
                f"the axis {str(axis.id)!r} has either rows or, where they are open, examples"
            )
        if axis.id in groups:
            raise row.axis.item.wrong(f"a group is called {str(axis.id)!r} also")
        key = str(axis.id)
        groups[key] = Group(
            key,
            axis.label,
            is_axis=True,
            is_open=bool(axis.open),
            may_be_empty=axis.optional,
        )
        for each in axis.rows:
            yield replace(each, group=each.group or axis.id)
        for label in axis.open:
            slug = Name(key_of(label))
            slug.item = label.item
            yield RowItem(slug, str(label), group=axis.id)


def _row(
    given: RowItem, columns: Sequence[str], groups: Collection[str], rows: Sequence[str]
) -> Line:
    for other in given.instead_of:
        if other not in rows:
            raise other.item.wrong(
                f"row {str(given.id)!r} stands instead of an unknown row {str(other)!r}",
                nearest(other, rows),
            )
    return Line(
        key=str(given.id),
        label=given.label,
        aliases=given.aliases,
        group=given.group.one_of(groups) if given.group else None,
        columns=tuple(columns)
        if given.columns is None
        else tuple(each.one_of(columns) for each in given.columns),
        instead_of=tuple(map(str, given.instead_of)),
        optional=given.optional,
        unit=tuple((given.unit or {}).items()),
    )


def _check_labels(given: Sequence[RowItem], rows: Sequence[Line]) -> None:
    """Rows that share a wording and a column are told apart by the groups that they stand under."""
    fold = Folding({})
    known: dict[tuple[str | None, tuple[str, str]], list[int]] = {}
    for at, row in enumerate(rows):
        for wording in dict.fromkeys(split_label(each, fold) for each in (row.label, *row.aliases)):
            for before in known.setdefault((row.group, wording), []):
                other = rows[before]
                if before != at and set(other.columns) & set(row.columns):
                    raise given[at].id.item.wrong(
                        f"rows {other.key!r} and {row.key!r} have the same wording {row.label!r}",
                        "put them under groups, by their own labels",
                    )
            known[row.group, wording].append(at)


def _sum_constraint(
    given: TotalItem | EqualItem,
    rows: Sequence[Line],
    columns: Sequence[str],
    groups: Collection[str],
) -> SumConstraint:
    sides = ((given.total,), given.of) if isinstance(given, TotalItem) else given.equal

    def keys(side: Iterable[Name]) -> tuple[str, ...]:
        if given.each == "row":
            return tuple(name.one_of(columns) for name in side)
        return tuple(key for name in side for key in _members(name, rows, groups))

    lines = columns if given.each == "column" else [row.key for row in rows]
    on = tuple(name.one_of(lines) for name in given.on)
    left, right = map(keys, sides)
    is_rounded = given.tolerance is None
    return SumConstraint(given.each, left, right, on, given.tolerance or Decimal(0), is_rounded)


def _members(name: Name, rows: Sequence[Line], groups: Collection[str]) -> list[str]:
    """The rows that a key, or `group.*`, names."""
    group, dot, _ = name.partition(".*")
    if not dot:
        return [name.one_of([row.key for row in rows])]
    if group not in groups:
        raise name.item.wrong(f"unknown group {group!r}", nearest(group, groups))
    return [row.key for row in rows if row.group == group]
