"""The text of a rule file in, rules out; a rule and a form in, the rule's checks out. Every mistake
says file, line and key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Struct
from msgspec.structs import asdict, replace

from auditor.checks.figures import FIGURES
from auditor.checks.selectors import Condition, RuleKind
from auditor.checks.sentences import CLAIMS, FORMALITIES
from auditor.errors import DefinitionError
from auditor.model import Words
from auditor.model.check import BlankPolicy, Case, Check, Place, Rule, Severity
from auditor.model.form import Form
from auditor.yamlsource import Item, Shape, read, read_fields, read_yaml, reference

KINDS: Mapping[str, RuleKind] = {**FIGURES, **CLAIMS, **FORMALITIES}
"""By the keyword that a rule carries."""


def compile_rule(rule: Rule, form: Form) -> tuple[Check, ...]:
    """The rule on every line it runs over, in the form's order; never none.

    Raises `DefinitionError` where the rule names something that the form does not have.
    """
    repeated = [table.key for table in form.tables if table.repeated == rule.table]
    if repeated:
        each = (replace(rule, table=key) for key in repeated)
        return tuple(check for one in each for check in compile_rule(one, form))
    found = tuple(KINDS[rule.kind].compile(rule, form))
    if not found and not any(
        group.may_be_empty and not table.rows_of(group.key)
        for table in form.tables
        for group in table.groups
    ):
        raise DefinitionError(
            "definition", f"{rule.id}: the rule gives no check on {form.id}", place=str(rule.place)
        )
    return found


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TESTS = re.compile(r"^  tests:.*\n(?:(?:   .*|  -.*| *#.*| *)(?:\n|\Z))*", re.MULTILINE)
"""The `tests` of one item, as far as indentation shows it."""


def _id(item: Item) -> str:
    if not _ID.fullmatch(item.text()):
        raise item.wrong(f"{item.text()!r} is not kebab-case", "such as row-total")
    return item.text()


RuleId = Annotated[
    str,
    Shape(
        _id, {"type": ["string", "integer", "boolean"], "pattern": f"^{_ID.pattern}$", "minimum": 0}
    ),
]


class CaseItem(Struct, frozen=True, rename={"expected": "is"}):
    """Figures and what the rule then comes to."""

    given: Mapping[str, str]
    """Figures by row or column (row/column without `each`); blank, illegible and missing are
    states. "*" is for all that are not named, last_year: for the report of the year before."""
    expected: Literal["pass", "fail", "undetermined", "not_applicable"]
    difference: Decimal | None = None
    """For sums: by how much the sides differ."""


ROUNDING = "rounding"


def _tolerance(item: Item) -> Decimal | None:
    """None for what rounding explains."""
    if item.text() == ROUNDING:
        return None
    try:
        found = item.decimal()
    except DefinitionError as error:
        hint = f"or say {ROUNDING!r}"
        raise DefinitionError(error.code, error.message, place=error.place, hint=hint) from None
    if found < 0:
        raise item.wrong("a tolerance is not below zero", f"or say {ROUNDING!r}")
    return found


Tolerance = Annotated[
    Decimal | None,
    Shape(
        _tolerance,
        {
            "anyOf": [
                {"enum": [ROUNDING]},
                {"type": "number", "minimum": 0},
                {
                    "type": "string",
                    "pattern": r"^[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$",
                },
            ]
        },
    ),
]


class RuleHead(Struct, frozen=True):
    """One rule: what must hold, why, how bad a breach is, and its own tests."""

    id: RuleId
    """Its name, in kebab-case; no other rule of the form has it."""
    statement: Words
    """What must hold, in one sentence without a full stop."""
    basis: str
    """Where that is prescribed, or why it may be asked for."""
    severity: Severity
    table: Annotated[str, reference("table")] = "text"
    """The table whose lines it names; none for sentences."""
    each: Literal["column", "row"] | None = None
    """One check for every column, or every row."""
    blank: BlankPolicy = BlankPolicy.ZERO_IF_HOLDS
    """What an empty box means."""
    tolerance: Tolerance = Decimal(0)
    """By how much sums may miss; rounding: by half a unit of each figure's last printed digit."""
    when: tuple[Condition, ...] = ()
    """The rule applies where all of these hold."""
    rows: tuple[Annotated[str, reference("row")], ...] = ()
    """With `each: row`: only these rows."""
    columns: tuple[Annotated[str, reference("column")], ...] = ()
    """With `each: column`: only these columns."""
    form: Annotated[str, reference("form")] | None = None
    """The form it is for; only in a folder of one's own."""
    editions: tuple[Annotated[str, reference("edition")], ...] = ()
    """Only for these editions of the form."""
    advice: Words | None = None
    """What to look at first when the rule fires."""
    gloss: str = ""
    """The basis in a few words of English, where it is in another language."""


WITH_TOLERANCE = ("equal", "total", "at_most", "at_least", "ratio")
TESTS = "tests"
"""The key for a rule's own tests, a list of `CaseItem`."""


def load_rules(text: str, file: str, *, with_cases: bool = True) -> tuple[Rule, ...]:
    """The rules of one file, in its order; their ids differ.

    Without cases the rules are the same but for `Rule.cases`. Most of a rule file is tests, and an
    audit needs none of them: leaving them out halves the time it takes to load.
    """
    if not with_cases:
        brief = _TESTS.sub(lambda found: "\n" * found.group().count("\n"), text)
        try:
            return _rules(brief, file, with_cases)
        except DefinitionError:
            pass  # broken, or laid out unlike anything foreseen: the full text will tell
    return _rules(text, file, with_cases)


def _rules(text: str, file: str, with_cases: bool) -> tuple[Rule, ...]:
    seen: dict[str, Rule] = {}
    for item in read_yaml(text, file).items():
        rule = _rule(item, with_cases)
        if rule.id in seen:
            raise item.wrong(f"the id {rule.id!r} stands also at {seen[rule.id].place}")
        seen[rule.id] = rule
    return tuple(seen.values())


def _rule(item: Item, with_cases: bool) -> Rule:
    fields = item.mapped()
    kinds = [kind for kind in KINDS if kind in fields]
    given = read_fields(RuleHead, item, beside=(*KINDS, TESTS))
    if len(kinds) != 1:
        found = "has " + " and ".join(kinds) if kinds else "has none"
        raise item.wrong(
            f"a rule needs exactly one kind; {given.id!r} {found}", "kinds: " + ", ".join(KINDS)
        )
    kind = kinds[0]
    tests = fields.get(TESTS)
    if given.tolerance != 0 and kind not in WITH_TOLERANCE:
        raise fields["tolerance"].wrong(
            f"a rule of kind {kind!r} has no tolerance", "kinds: " + ", ".join(WITH_TOLERANCE)
        )
    said = asdict(given) | {"rounding": given.tolerance is None}
    said["tolerance"] = given.tolerance or Decimal(0)
    return Rule(
        **said,
        kind=kind,
        body=read(KINDS[kind].body, fields[kind]),
        place=Place(item.file, item.line),
        cases=tuple(map(_case, tests.items())) if tests and with_cases else (),
    )


def _case(item: Item) -> Case:
    given = read(CaseItem, item)
    return Case(given.given, given.expected, given.difference, Place(item.file, item.line))
