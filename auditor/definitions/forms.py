"""`form.yaml` in, `Form` out; a slip in it is a `DefinitionError` with file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

from auditor.model.address import Words
from auditor.model.form import Form, Group, Imprint, Line, Numerals, SumConstraint, Table
from auditor.yamlshape import Name, read, unique
from auditor.yamlsource import nearest, read_yaml


class ColumnItem(Struct, frozen=True):
    """A column as written."""

    id: Name
    label: str
    """As the form prints it."""
    aliases: tuple[str, ...] = ()
    """Wordings seen instead."""
    signed: bool = False
    """Whether negative numbers are lawful in it."""


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
    columns: tuple[Name, ...] | None = None
    """The columns in which it has a box; all where left out."""
    instead_of: tuple[Name, ...] = ()
    """Of a row that some print: those whose place it takes."""


class TotalItem(Struct, frozen=True):
    """A printed total and its parts."""

    each: Literal["row", "column"]
    total: Name
    of: tuple[Name, ...]


class EqualItem(Struct, frozen=True):
    """Two printed sums that are the same."""

    each: Literal["row", "column"]
    equal: tuple[tuple[Name, ...], tuple[Name, ...]]
    """Both sides."""


class TableItem(Struct, frozen=True):
    """A table as written."""

    id: str
    title: Words
    headings: tuple[str, ...]
    """Wordings of the heading above the table, without its number."""
    columns: tuple[ColumnItem, ...]
    rows: tuple[RowItem, ...]
    captions: tuple[str, ...] = ()
    """Other text printed inside the table."""
    groups: tuple[GroupItem, ...] = ()
    """Outer ones first."""
    identities: tuple[TotalItem | EqualItem, ...] = ()
    """The sums that the form prints or implies."""
    layout: Literal["rows", "single"] = "rows"
    """single: all boxes in one printed line."""


class FormFile(Struct, frozen=True):
    """One edition of a blank report: which boxes it has and how they are labelled."""

    id: str
    """The folder that it stands in: <form>/<edition>."""
    name: Words
    recognised_by: tuple[str, ...]
    """Header wordings that this edition has and the others have not."""
    imprint: Imprint
    """Patterns that find who reports and for which year."""
    numerals: Numerals
    """How figures are written on this form."""
    tables: tuple[TableItem, ...]
    after: tuple[str, ...] = ()
    """Wordings of the headings that follow the last table."""
    fold: Mapping[str, str] = field(default_factory=dict)
    """Character variants to read as one."""


def load_form(text: str, file: str) -> Form:
    """The form defined by a `form.yaml`. Raises `DefinitionError`."""
    given = read(FormFile, read_yaml(text, file))
    return Form(
        given.id,
        given.name,
        tuple(map(_table, given.tables)),
        given.recognised_by,
        given.after,
        given.numerals,
        given.imprint,
        given.fold,
    )


def _table(given: TableItem) -> Table:
    keys = unique(column.id for column in given.columns)
    rows = unique(row.id for row in given.rows)
    groups: dict[str, Group] = {}
    for each in given.groups:
        parent = each.parent.one_of(groups) if each.parent else None
        groups[each.id] = Group(each.id, each.label, each.aliases, parent)
    lines = tuple(_row(row, keys, groups, rows) for row in given.rows)
    return Table(
        key=given.id,
        title=given.title,
        headings=given.headings,
        captions=given.captions,
        rows=lines,
        columns=tuple(
            Line(str(each.id), each.label, each.aliases, signed=each.signed)
            for each in given.columns
        ),
        groups=tuple(groups.values()),
        sums=tuple(_sum_constraint(each, lines, keys, groups) for each in given.identities),
        layout=given.layout,
    )


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
    )


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

    return SumConstraint(given.each, *map(keys, sides))


def _members(name: Name, rows: Sequence[Line], groups: Collection[str]) -> list[str]:
    """The rows that a key, or `group.*`, names."""
    group, dot, _ = name.partition(".*")
    if not dot:
        return [name.one_of([row.key for row in rows])]
    if group not in groups:
        raise name.item.wrong(f"unknown group {group!r}", nearest(group, groups))
    return [row.key for row in rows if row.group == group]
