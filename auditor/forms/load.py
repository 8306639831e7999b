"""`form.yaml` in, `Form` out; a slip in it is a `DefinitionError` with file, line and key."""

from __future__ import annotations

from auditor.model.form import Form, Group, Identity, Imprint, Line, Numerals, Table
from auditor.yamlsource import Item, Mapped, nearest, read_yaml


def load_form(text: str, file: str) -> Form:
    """The form defined by a `form.yaml`. Raises `DefinitionError`."""
    fields = read_yaml(text, file).mapped()
    fold = fields.get("fold")
    form = Form(
        id=fields.need("id").text(),
        name=fields.need("name").words(),
        tables=tuple(_table(item) for item in fields.need("tables").items()),
        recognised_by=fields.need("recognised_by").texts(),
        after=fields.texts("after"),
        numerals=_numerals(fields.need("numerals").mapped()),
        imprint=_imprint(fields.need("imprint").mapped()),
        fold=dict((key, item.text()) for key, item in fold.mapped().rest()) if fold else {},
    )
    fields.done()
    return form


def _numerals(fields: Mapped) -> Numerals:
    numerals = Numerals(
        blanks=fields.texts("blanks"),
        minus=fields.texts("minus"),
        units=fields.texts("units"),
        vague=fields.texts("vague"),
        pages=fields.texts("pages"),
    )
    fields.done()
    return numerals


def _imprint(fields: Mapped) -> Imprint:
    imprint = Imprint(agency=fields.texts("agency"), year=fields.texts("year"))
    fields.done()
    return imprint


def _table(item: Item) -> Table:
    fields = item.mapped()
    columns = tuple(_column(each) for each in fields.need("columns").items())
    group_items = fields.get("groups")
    groups: list[Group] = []
    for each in group_items.items() if group_items else []:
        groups.append(_group(each, groups))
    column_keys = tuple(column.key for column in columns)
    group_keys = [group.key for group in groups]
    rows = tuple(_row(each, column_keys, group_keys) for each in fields.need("rows").items())
    _check_unique(item, [*(row.key for row in rows)])
    _check_unique(item, [*column_keys])
    for row in rows:
        for key in row.instead_of:
            if key not in {other.key for other in rows}:
                raise item.wrong(
                    f"row {row.key!r} stands instead of an unknown row {key!r}",
                    nearest(key, [other.key for other in rows]),
                )
    layout = fields.get("layout")
    identities = fields.get("identities")
    table = Table(
        key=fields.need("id").text(),
        title=fields.need("title").words(),
        headings=fields.need("headings").texts(),
        captions=fields.texts("captions"),
        rows=rows,
        columns=columns,
        groups=tuple(groups),
        identities=tuple(
            _identity(each, rows, column_keys, groups)
            for each in (identities.items() if identities else [])
        ),
        layout=layout.one_of(("rows", "single")) if layout else "rows",
    )
    fields.done()
    return table


def _check_unique(item: Item, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise item.wrong(f"the id {key!r} stands here twice")


def _column(item: Item) -> Line:
    fields = item.mapped()
    signed = fields.get("signed")
    line = Line(
        key=fields.need("id").text(),
        label=fields.need("label").text(),
        aliases=fields.texts("aliases"),
        signed=signed.flag() if signed else False,
    )
    fields.done()
    return line


def _group(item: Item, known: list[Group]) -> Group:
    fields = item.mapped()
    parent = fields.get("in")
    group = Group(
        key=fields.need("id").text(),
        label=fields.need("label").text(),
        aliases=fields.texts("aliases"),
        parent=parent.one_of([group.key for group in known]) if parent else None,
    )
    fields.done()
    return group


def _row(item: Item, columns: tuple[str, ...], groups: list[str]) -> Line:
    fields = item.mapped()
    group = fields.get("in")
    own = fields.get("columns")
    line = Line(
        key=fields.need("id").text(),
        label=fields.need("label").text(),
        aliases=fields.texts("aliases"),
        group=group.one_of(groups) if group else None,
        columns=tuple(each.one_of(columns) for each in own.items()) if own else columns,
        instead_of=fields.texts("instead_of"),
    )
    fields.done()
    return line


def _identity(
    item: Item, rows: tuple[Line, ...], columns: tuple[str, ...], groups: list[Group]
) -> Identity:
    fields = item.mapped()
    each = fields.need("each").one_of(("row", "column"))
    if "equal" in fields:
        sides = fields.need("equal").items()
        if len(sides) != 2:
            raise item.wrong("equal needs exactly two sides")
        left, right = (side.items() for side in sides)
    else:
        left = [fields.need("total")]
        right = fields.need("of").items()
    fields.done()

    def keys(side: list[Item]) -> tuple[str, ...]:
        found: list[str] = []
        for name in side:
            found += _members(name, rows, groups) if each == "column" else [name.one_of(columns)]
        return tuple(found)

    return Identity(each, keys(left), keys(right))


def _members(item: Item, rows: tuple[Line, ...], groups: list[Group]) -> list[str]:
    said = item.text()
    if not said.endswith(".*"):
        return [item.one_of([row.key for row in rows])]
    group = said[:-2]
    if group not in [each.key for each in groups]:
        raise item.wrong(f"unknown group {group!r}", nearest(group, [g.key for g in groups]))
    return [row.key for row in rows if row.group == group]
