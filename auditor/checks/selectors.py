"""How a rule names figures and what it computes of them: YAML items in, checks on exact boxes out.

An operand is a selector (`new_received`, `denied.*`, `regulations/*`), a number, or a mapping
`{of: selector, times: 3, from: last_year}`. With
`each: column` a selector names rows (`granted`, `denied.*`, `*`), with `each: row` columns. A
selector with a slash names boxes wherever it stands: `row/column`, both parts with wildcards, or
`text/<name>` for a figure outside the tables. One of three parts names boxes of any table,
`table/row/column`, where `=` stands for the line that the rule runs over. A selector that matches
nothing is an error.

A guard (`when`) is one key: `equal`, `at_most`, `at_least` (as the kinds of those names), `whole`
(the figure has no decimals) or `issuer` (the agency's name matches one of the patterns).

To add a kind of rule, declare a `RuleKind` in a table of `auditor.checks.figures`, which compares
boxes, or of `auditor.checks.sentences`; the JSON Schema for editors follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct

from auditor.errors import DefinitionError
from auditor.model.check import (
    Check,
    Coefficient,
    Filled,
    Guard,
    Issuer,
    Linear,
    Place,
    Relation,
    Rule,
    Term,
    Written,
)
from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import CHILDREN, LAST_YEAR, Ref
from auditor.yamlsource import (
    Item,
    Schema,
    Shape,
    nearest,
    pattern,
    read,
    read_fields,
    reference,
    schema_of,
    struct_schema,
)


class RuleKind(Struct, frozen=True):
    """One keyword."""

    body: Any
    """The type of what stands under it, as `auditor.yamlsource` reads it."""
    about: str
    """What such a rule asks for; editors show it."""
    compile: Callable[[Rule, Form], Iterator[Check]]
    """The rule's checks on this form, in the form's order."""


TEXT = "text"
FIGURES = ("year",)
"""Names of the figures outside the tables that facts hold."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
OPERAND_NUMBER = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}]
}
"""What `Operand` takes for a number."""


def _times(item: Item) -> Coefficient:
    found = item.decimal()
    return int(found) if found == int(found) else found


_SOURCES = {"last_year": LAST_YEAR, "children": CHILDREN}
Times = Annotated[Coefficient, Shape(_times, lambda: schema_of(Decimal))]


class WeightedItem(Struct, frozen=True, rename={"source": "from"}):
    """Boxes counted several times, or those of last year's report."""

    of: Annotated[str, reference("selector")]
    times: Times = 1
    """How often they count; may be negative, and have decimals."""
    # A number or a text to YAML, one digit to us.
    lag: Annotated[
        int, Shape(lambda item: int(item.one_of(("0", "1"))), {"enum": [0, 1, "0", "1"]})
    ] = 0
    """1 as `from: last_year`."""
    source: Literal["last_year", "children"] | None = None
    """Whose figure it is instead of this report's: that of the report of the year before, or what
    those of all bodies below this one come to."""


class Named(NamedTuple):
    """Boxes as a rule names them, still to be found on a form."""

    selector: str
    place: Place
    key: str
    """Dotted path inside the rule file, for messages."""
    times: Coefficient = 1
    lag: int = 0

    @classmethod
    def from_item(cls, item: Item) -> Named:
        """A selector, alone or as a mapping with `times` or `lag`."""
        place = Place(item.file, item.line)
        if not item.is_mapping:
            return cls(item.text(), place, item.key)
        given = read(WeightedItem, item)
        if given.source and given.lag:
            raise item.wrong("`lag: 1` is `from: last_year`, so that only one of them stands here")
        lag = _SOURCES[given.source] if given.source else given.lag
        return cls(given.of, place, item.key, given.times, lag)

    @classmethod
    def item_schema(cls) -> Schema:
        return {"anyOf": [reference("selector").schema, schema_of(WeightedItem)]}

    def wrong(self, message: str, hint: str = "") -> DefinitionError:
        """The error to raise about this selector."""
        return DefinitionError(
            "definition", f"{self.key}: {message}", place=str(self.place), hint=hint
        )


def named(definition: str) -> Any:
    """The shape of one name that only a form can tell right from wrong."""
    return reference(
        definition, lambda item: Named(item.text(), Place(item.file, item.line), item.key)
    )


NamedBoxes = Annotated[tuple[Named, ...], Meta(min_length=1, title="selector")]
Operand = Annotated[
    Named | Decimal,
    Shape(
        lambda item: (
            item.decimal()
            if not item.is_mapping and _NUMBER.fullmatch(item.text())
            else Named.from_item(item)
        ),
        lambda: {"anyOf": [OPERAND_NUMBER, schema_of(Named)]},
    ),
]
"""A selector or a number, which stands for itself."""
Operands = tuple[Named | Decimal, ...]
"""One side of a comparison."""
_SIDES = "both sides need an operand, and one of them a selector"


class Comparison(NamedTuple):
    """Two sums to compare."""

    left: Operands
    right: Operands

    @classmethod
    def from_item(cls, item: Item) -> Comparison:
        """`[[left…], [right…]]`, with a selector on at least one side."""
        members = item.items()
        if len(members) != 2:
            raise item.wrong("two lists are needed here, the left and the right side")
        sides = cls(*(read(tuple[Operand, ...], side) for side in members))
        if not (sides.left and sides.right and sides.named):
            raise item.wrong(_SIDES)
        return sides

    @classmethod
    def item_schema(cls) -> Schema:
        return {
            "type": "array",
            "items": {**schema_of(tuple[Operand, ...]), "minItems": 1},
            "minItems": 2,
            "maxItems": 2,
            "contains": {"contains": {"not": OPERAND_NUMBER}},
        }

    @property
    def named(self) -> tuple[Named, ...]:
        """Every selector on either side."""
        return tuple(operand for operand in self.left + self.right if isinstance(operand, Named))


Pattern = Annotated[str, pattern()]
Patterns = Annotated[tuple[Pattern, ...], Meta(min_length=1, title="pattern")]


class RuleScope(NamedTuple):
    """One line that a rule runs over, or (without `each`) its whole table."""

    form: Form
    table: Table | None
    each: str | None
    line: str | None

    def refs(self, named: Named) -> tuple[Ref, ...]:
        """The boxes that a selector names here, in printed order; never none."""
        found = tuple(Ref(box, named.lag) for box in self._boxes(named))
        if not found:
            raise named.wrong(f"{named.selector!r} matches no box of the form")
        return found

    def signed(self, ref: Ref) -> bool:
        """Whether the form lets this figure be negative."""
        table, _, column = ref.address
        return table != TEXT and self.form.table(table).column(column).signed

    def _boxes(self, named: Named) -> Iterator[Address]:
        parts = named.selector.split("/")
        if len(parts) == 2 and parts[0] == TEXT:
            if parts[1] not in FIGURES:
                raise named.wrong(
                    f"no figure {parts[1]!r} outside the tables", nearest(parts[1], FIGURES)
                )
            yield Address(TEXT, "", parts[1])
            return
        table = self._table(named, parts)
        rows, columns = self._lines(named, table, parts[-2:])
        for row in rows:
            for column in columns:
                if column.key in row.columns:
                    yield Address(table.key, row.key, column.key)

    def _table(self, named: Named, parts: list[str]) -> Table:
        if len(parts) == 3:
            known = {table.key: table for table in self.form.tables}
            if self.table is not None and self.table.repeated == parts[0]:
                return self.table  # that of the same unit
            if parts[0] not in known:
                hint = nearest(parts[0], known)
                raise named.wrong(f"{self.form.id} has no table {parts[0]!r}", hint)
            return known[parts[0]]
        if self.table is None:
            raise named.wrong(f"{named.selector!r} needs the rule to name its table")
        return self.table

    def _lines(
        self, named: Named, table: Table, parts: list[str]
    ) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The rows and the columns that the last parts of a selector name."""
        if len(parts) == 1:
            if self.each is None:
                raise named.wrong(
                    f"{named.selector!r} names no box", "without `each`, write row/column"
                )
            parts = ["=", *parts] if self.each == "row" else [*parts, "="]
        row, column = parts
        for part, each in ((row, "row"), (column, "column")):
            if part == "=" and each != self.each:
                raise named.wrong(f"'=' stands for a {each}", f"the rule needs `each: {each}`")
        own = self.line or ""
        return (
            find_rows(table, own if row == "=" else row, named),
            find_columns(table, own if column == "=" else column, named),
        )


def scopes(rule: Rule, form: Form, named: Iterable[Named]) -> Iterator[RuleScope]:
    """The lines a rule runs over: those in which every line that it names by key has a box.

    `rows` and `columns` of the rule narrow them further. No line at all is an error.
    """
    table = table_of(rule, form)
    named = tuple(named)
    if any(_is_of_empty_axis(each, form) for each in named):
        return
    if rule.each is None or table is None:
        yield RuleScope(form, table, None, None)
        return
    across = [each for each in named if "/" not in each.selector]
    if rule.each == "column":
        lines = _narrowed(table.columns, rule.columns, "column", rule)
        wanted = [
            row
            for each in across
            if not each.selector.endswith("*")
            for row in find_rows(table, each.selector, each)
        ]
        keys = [line.key for line in lines if all(line.key in row.columns for row in wanted)]
    else:
        lines = _narrowed(table.rows, rule.rows, "row", rule)
        needed = {each.selector for each in across if not each.selector.endswith("*")}
        for each in across:
            find_columns(table, each.selector, each)
        keys = [line.key for line in lines if needed.issubset(line.columns)]
    if not keys:
        raise _wrong(rule, f"no {rule.each} of table {table.key!r} has every box that it names")
    for key in keys:
        yield RuleScope(form, table, rule.each, key)


def _is_of_empty_axis(named: Named, form: Form) -> bool:
    """Whether these are rows that a report may have, and this one has not."""
    keys = {part[:-2] for part in named.selector.split("/") if part.endswith(".*")}
    groups = ((table, group) for table in form.tables for group in table.groups)
    return any(
        group.key in keys and group.may_be_empty and not table.rows_of(group.key)
        for table, group in groups
    )


def table_of(rule: Rule, form: Form) -> Table | None:
    """The table a rule is about; None for a rule about figures outside the tables."""
    if rule.table == TEXT:
        return None
    try:
        return form.table(rule.table)
    except KeyError:
        known = [table.key for table in form.tables]
        raise _wrong(
            rule, f"{form.id} has no table {rule.table!r}", nearest(rule.table, [*known, TEXT])
        ) from None


def find_rows(table: Table, selector: str, named: Named) -> tuple[Line, ...]:
    """The rows that `key`, `group.*` or `*` names."""
    if selector == "*":
        return table.rows
    if selector.endswith(".*"):
        group = selector[:-2]
        if all(group != each.key for each in table.groups):
            raise named.wrong(
                f"table {table.key!r} has no group {group!r}",
                nearest(group, [each.key for each in table.groups]),
            )
        return table.rows_of(group)
    found = tuple(row for row in table.rows if row.key == selector)
    if not found:
        known = [row.key for row in table.rows] + [f"{group.key}.*" for group in table.groups]
        raise named.wrong(f"table {table.key!r} has no row {selector!r}", nearest(selector, known))
    return found


def find_columns(table: Table, selector: str, named: Named) -> tuple[Line, ...]:
    """The columns that `key` or `*` names."""
    if selector == "*":
        return table.columns
    found = tuple(column for column in table.columns if column.key == selector)
    if not found:
        raise named.wrong(
            f"table {table.key!r} has no column {selector!r}",
            nearest(selector, [column.key for column in table.columns]),
        )
    return found


def _narrowed(lines: tuple[Line, ...], keys: tuple[str, ...], what: str, rule: Rule) -> list[Line]:
    known = [line.key for line in lines]
    for key in keys:
        if key not in known:
            raise _wrong(rule, f"table {rule.table!r} has no {what} {key!r}", nearest(key, known))
    return [line for line in lines if not keys or line.key in keys]


def _wrong(rule: Rule, message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("definition", f"{rule.id}: {message}", place=str(rule.place), hint=hint)


RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


class Condition(Struct, frozen=True):
    """A condition: exactly one key."""

    equal: Comparison | None = None
    """Both sums are the same."""
    at_most: Comparison | None = None
    """The left sum does not exceed the right one."""
    at_least: Comparison | None = None
    """The left sum is not below the right one."""
    whole: Named | None = None
    """The figure is written without decimals."""
    issuer: Patterns | None = None
    """The agency's name matches one of these patterns."""

    @classmethod
    def from_item(cls, item: Item) -> Condition:
        """One member of `when`."""
        found = read_fields(cls, item)
        if len(item.mapped()) != 1:
            raise item.wrong("a guard is exactly one key and its value")
        return found

    @classmethod
    def item_schema(cls) -> Schema:
        return {**struct_schema(cls), "minProperties": 1, "maxProperties": 1}

    @property
    def compared(self) -> tuple[Relation, Comparison] | None:
        """Two sums and how they are to compare, if it is about sums."""
        found = ((relation, getattr(self, key)) for key, relation in RELATIONS.items())
        return next(((relation, sides) for relation, sides in found if sides), None)


def guard_names(rule: Rule) -> tuple[Named, ...]:
    """Every selector in the rule's guards."""
    found: list[Named] = []
    for guard in rule.when:
        found += guard.compared[1].named if guard.compared else ()
        found += (guard.whole,) if guard.whole else ()
    return tuple(found)


def compile_guards(rule: Rule, scope: RuleScope) -> tuple[Guard, ...]:
    """The rule's guards on the boxes of one line."""
    found: list[Guard] = []
    for guard in rule.when:
        if guard.compared:
            relation, sides = guard.compared
            found.append(linear(scope, sides, relation))
        elif guard.whole:
            found += [Written(ref, negative=True) for ref in scope.refs(guard.whole)]
        else:
            found.append(Issuer(guard.issuer))
    return tuple(found)


def linear(
    scope: RuleScope, sides: Comparison, relation: Relation, rule: Rule | None = None
) -> Linear:
    """left − right related to a constant; a box that stands on both sides is one term. `rule` is
    the one whose tolerance it has."""
    weights: dict[Ref, Coefficient] = {}
    constant = Decimal(0)
    for operands, sign in ((sides.left, 1), (sides.right, -1)):
        for operand in operands:
            if isinstance(operand, Decimal):
                constant -= sign * operand
                continue
            for ref in scope.refs(operand):
                weights[ref] = weights.get(ref, 0) + sign * operand.times
    terms = tuple(Term(weight, ref, scope.signed(ref)) for ref, weight in weights.items() if weight)
    if rule is None:
        return Linear(terms, relation, constant)
    return Linear(terms, relation, constant, rule.tolerance, rule.rounding)


def compare(rule: Rule, form: Form, relation: Relation) -> Iterator[Check]:
    """Checks that the two sides of the rule's body stand in `relation`, line by line."""
    for scope in scopes(rule, form, rule.body.named + guard_names(rule)):
        yield Check(
            check_id(rule, scope.line),
            rule,
            linear(scope, rule.body, relation, rule),
            compile_guards(rule, scope),
            subject(scope, rule.body.left) or subject(scope, rule.body.right),
        )


def subject(scope: RuleScope, side: Operands) -> Ref | None:
    """The box that stands alone on one side of a comparison; None where none does."""
    if len(side) == 1 and isinstance(side[0], Named) and not side[0].lag:
        found = scope.refs(side[0])
        if len(found) == 1:
            return found[0]
    return None


def check_id(rule: Rule, line: str | None) -> str:
    """`row-total[natural_person]`; of a table that is repeated, with the unit: `…@hill-school`."""
    unit = "@".join(("", *rule.table.split("@")[1:]))
    return f"{rule.id}[{line}]{unit}" if line else f"{rule.id}{unit}"


def presence_checks(
    rule: Rule, form: Form, wanted: bool = True, mostly: bool = False
) -> Iterator[Check]:
    """One check for every line that the rule runs over; without `each`, one for all cells."""
    for scope in scopes(rule, form, rule.body + guard_names(rule)):
        refs = dict.fromkeys(ref for named in rule.body for ref in scope.refs(named))
        yield Check(
            check_id(rule, scope.line),
            rule,
            Filled(tuple(refs), wanted, mostly),
            compile_guards(rule, scope),
        )
