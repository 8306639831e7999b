"""`form.yaml` in, `Form` out; a slip in it is a `DefinitionError` with file, line and key."""

from __future__ import annotations

from typing import Any

from auditor.model.form import Form, Group, Imprint, Line, Numerals, SumConstraint, Table
from auditor.yamlshape import (
    FLAG,
    KEPT,
    TEXT,
    TEXTS,
    WORDS,
    Keys,
    Schema,
    Shape,
    list_of,
    map_of,
    may,
    need,
    one_of,
)
from auditor.yamlsource import Item, nearest, read_yaml

_COLUMN = Keys(
    need("id", TEXT),
    need("label", TEXT, "As the form prints it."),
    may("aliases", TEXTS, "Wordings seen instead.", ()),
    may("signed", FLAG, "Whether negative numbers are lawful in it.", False),
)
_GROUP = Keys(
    need("id", TEXT),
    need("label", TEXT),
    may("aliases", TEXTS, "Wordings seen instead.", ()),
    may("in", KEPT, "The group that it stands under; one above it."),
)
_ROW = Keys(
    need("id", TEXT),
    need("label", TEXT, "As the form prints it, with its number."),
    may("aliases", TEXTS, "Wordings seen instead.", ()),
    may("in", KEPT, "The group that it stands under."),
    may("columns", list_of(KEPT), "The columns in which it has a box; all where left out."),
    may("instead_of", TEXTS, "Of a row that some print: those whose place it takes.", ()),
)
_EACH = one_of(("row", "column"))
_TOTAL = Keys(need("each", _EACH), need("total", KEPT), need("of", list_of(KEPT)))
_EQUAL = Keys(need("each", _EACH), need("equal", list_of(list_of(KEPT)), "Both sides."))
_SUM = Shape(lambda item: item, lambda: {"anyOf": [_TOTAL.schema, _two(_EQUAL.schema)]})
_TABLE = Keys(
    need("id", TEXT),
    need("title", WORDS),
    need("headings", TEXTS, "Wordings of the heading above the table, without its number."),
    may("captions", TEXTS, "Other text printed inside the table.", ()),
    need("columns", list_of(_COLUMN)),
    may("groups", list_of(_GROUP), "Outer ones first.", ()),
    need("rows", list_of(_ROW)),
    may("identities", list_of(_SUM), "The sums that the form prints or implies.", ()),
    may("layout", one_of(("rows", "single")), "single: all boxes in one printed line.", "rows"),
)
_NUMERALS = Keys(
    may("blanks", TEXTS, "Marks that stand for an empty box.", ()),
    may("minus", TEXTS, "What a negative number may begin with besides -.", ()),
    may("units", TEXTS, "Units that authors add to a figure.", ()),
    may("vague", TEXTS, "Words that make a figure approximate.", ()),
    may("pages", TEXTS, "Patterns of page marks that copying leaves inside tables.", ()),
)
_IMPRINT = Keys(
    may("agency", TEXTS, "Patterns with a group `agency`, tried in this order.", ()),
    may("year", TEXTS, "Patterns with a group `year`, tried in this order.", ()),
)
FORM = Keys(
    need("id", TEXT, "The folder that it stands in: <form>/<edition>."),
    need("name", WORDS),
    need("recognised_by", TEXTS, "Header wordings that this edition has and the others have not."),
    may("after", TEXTS, "Wordings of the headings that follow the last table.", ()),
    need("imprint", _IMPRINT, "Patterns that find who reports and for which year."),
    need("numerals", _NUMERALS, "How figures are written on this form."),
    may("fold", map_of(TEXT), "Character variants to read as one.", {}),
    need("tables", list_of(Shape(lambda item: _table(item), lambda: _TABLE.schema))),
    about="One edition of a blank report: which boxes it has and how they are labelled.",
)


def load_form(text: str, file: str) -> Form:
    """The form defined by a `form.yaml`. Raises `DefinitionError`."""
    given = FORM.read(read_yaml(text, file))
    numerals, imprint = Numerals(**given.pop("numerals")), Imprint(**given.pop("imprint"))
    return Form(**given, numerals=numerals, imprint=imprint)


def _two(schema: Schema) -> Schema:
    """An equation has two sides."""
    sides = {**schema["properties"]["equal"], "minItems": 2, "maxItems": 2}
    return {**schema, "properties": {**schema["properties"], "equal": sides}}


def _table(item: Item) -> Table:
    given = _TABLE.read(item)
    columns = tuple(
        Line(each["id"], each["label"], each["aliases"], signed=each["signed"])
        for each in given["columns"]
    )
    groups: list[Group] = []
    for each in given["groups"]:
        groups.append(_group(each, groups))
    column_keys = tuple(column.key for column in columns)
    group_keys = [group.key for group in groups]
    rows = tuple(_row(each, column_keys, group_keys) for each in given["rows"])
    _check_unique(item, [*(row.key for row in rows)])
    _check_unique(item, [*column_keys])
    for row in rows:
        for key in row.instead_of:
            if key not in {other.key for other in rows}:
                raise item.wrong(
                    f"row {row.key!r} stands instead of an unknown row {key!r}",
                    nearest(key, [other.key for other in rows]),
                )
    return Table(
        key=given["id"],
        title=given["title"],
        headings=given["headings"],
        captions=given["captions"],
        rows=rows,
        columns=columns,
        groups=tuple(groups),
        sums=tuple(
            _sum_constraint(each, rows, column_keys, groups) for each in given["identities"]
        ),
        layout=given["layout"],
    )


def _check_unique(item: Item, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise item.wrong(f"the id {key!r} stands here twice")


def _group(given: dict[str, Any], known: list[Group]) -> Group:
    parent = given["in"].one_of([group.key for group in known]) if given["in"] else None
    return Group(given["id"], given["label"], given["aliases"], parent)


def _row(given: dict[str, Any], columns: tuple[str, ...], groups: list[str]) -> Line:
    own = given["columns"]
    return Line(
        key=given["id"],
        label=given["label"],
        aliases=given["aliases"],
        group=given["in"].one_of(groups) if given["in"] else None,
        columns=columns if own is None else tuple(each.one_of(columns) for each in own),
        instead_of=given["instead_of"],
    )


def _sum_constraint(
    item: Item, rows: tuple[Line, ...], columns: tuple[str, ...], groups: list[Group]
) -> SumConstraint:
    fields = item.mapped()
    if "equal" in fields:
        given = _EQUAL.take(fields)
        if len(given["equal"]) != 2:
            raise item.wrong("equal needs exactly two sides")
        left, right = given["equal"]
    else:
        given = _TOTAL.take(fields)
        left, right = (given["total"],), given["of"]
    each = given["each"]

    def keys(side: tuple[Item, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for name in side:
            found += _members(name, rows, groups) if each == "column" else [name.one_of(columns)]
        return tuple(found)

    return SumConstraint(each, keys(left), keys(right))


def _members(item: Item, rows: tuple[Line, ...], groups: list[Group]) -> list[str]:
    said = item.text()
    if not said.endswith(".*"):
        return [item.one_of([row.key for row in rows])]
    group = said[:-2]
    if group not in [each.key for each in groups]:
        raise item.wrong(f"unknown group {group!r}", nearest(group, [g.key for g in groups]))
    return [row.key for row in rows if row.group == group]
