"""The text of a rule file in, rules out; every mistake says file, line and key."""

from __future__ import annotations

import re

from auditor.checks.compile import KINDS
from auditor.checks.predicates import GUARD
from auditor.errors import DefinitionError
from auditor.model.check import BlankPolicy, Case, Place, Rule, Severity
from auditor.yamlshape import (
    DECIMAL,
    TEXT,
    WORDS,
    Keys,
    Shape,
    list_of,
    map_of,
    may,
    named,
    need,
    one_of,
)
from auditor.yamlsource import Item, read_yaml

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TESTS = re.compile(r"^  tests:.*\n(?:(?:   .*|  -.*| *#.*| *)(?:\n|\Z))*", re.MULTILINE)
"""The `tests` of one item, as far as indentation shows it."""
_STATUSES = ("pass", "fail", "undetermined", "not_applicable")


def _severity(item: Item) -> Severity:
    return Severity(item.one_of([level.value for level in Severity]))


def _blank(item: Item) -> BlankPolicy:
    return BlankPolicy(item.one_of([policy.value for policy in BlankPolicy]))


def _id(item: Item) -> str:
    if not _ID.fullmatch(item.text()):
        raise item.wrong(f"{item.text()!r} is not kebab-case", "such as row-total")
    return item.text()


CASE = Keys(
    need(
        "given",
        map_of(TEXT),
        "Figures by row or column (row/column without `each`); blank, illegible and missing are "
        'states. "*" is for all that are not named, last_year: for the report of the year before.',
    ),
    need("is", one_of(_STATUSES)),
    may("difference", DECIMAL, "For sums: by how much the sides differ."),
    about="Figures and what the rule then comes to.",
)
RULE = Keys(
    need(
        "id",
        Shape(
            _id,
            {"type": ["string", "integer", "boolean"], "pattern": f"^{_ID.pattern}$", "minimum": 0},
        ),
        "Its name, in kebab-case; no other rule of the form has it.",
    ),
    need("statement", WORDS, "What must hold, in one sentence without a full stop."),
    need("basis", TEXT, "Where that is prescribed, or why it may be asked for."),
    need("severity", Shape(_severity, {"enum": [level.value for level in Severity]})),
    may("table", named("table"), "The table whose lines it names; none for sentences.", "text"),
    may("each", one_of(("column", "row")), "One check for every column, or every row."),
    may(
        "blank",
        Shape(_blank, {"enum": [policy.value for policy in BlankPolicy]}),
        "What an empty box means.",
        BlankPolicy.ZERO_IF_HOLDS,
    ),
    may("when", list_of(GUARD), "The rule applies where all of these hold.", ()),
    may("rows", list_of(named("row")), "With `each: row`: only these rows.", ()),
    may("columns", list_of(named("column")), "With `each: column`: only these columns.", ()),
    may("form", named("form"), "The form it is for; only in a folder of one's own."),
    may("editions", list_of(named("edition")), "Only for these editions of the form.", ()),
    may("advice", WORDS, "What to look at first when the rule fires."),
    about="One rule: what must hold, why, how bad a breach is, and its own tests.",
)
TESTS = "tests"
"""The key for a rule's own tests, a list of `CASE`."""


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
    given = RULE.take(fields, beside=(*KINDS, TESTS))
    if len(kinds) != 1:
        found = "has " + " and ".join(kinds) if kinds else "has none"
        raise item.wrong(
            f"a rule needs exactly one kind; {given['id']!r} {found}", "kinds: " + ", ".join(KINDS)
        )
    kind = kinds[0]
    tests = fields.get(TESTS)
    return Rule(
        **given,
        kind=kind,
        body=KINDS[kind].read(fields.need(kind)),
        place=Place(item.file, item.line),
        cases=tuple([_case(case) for case in tests.items()]) if tests and with_cases else (),
    )


def _case(item: Item) -> Case:
    given = CASE.read(item)
    return Case(given["given"], given["is"], given["difference"], Place(item.file, item.line))
