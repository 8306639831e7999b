"""The text of a rule file in, rules out; every mistake says file, line and key."""

from __future__ import annotations

import re

from auditor.checks.guards import read_guard
from auditor.checks.kinds import KINDS
from auditor.errors import DefinitionError
from auditor.model.check import BlankPolicy, Case, Place, Rule, Severity
from auditor.yamlsource import Item, nearest, read_yaml

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TESTS = re.compile(r"^  tests:.*\n(?:(?:   .*|  -.*| *#.*| *)(?:\n|\Z))*", re.MULTILINE)
"""The `tests` of one item, as far as indentation shows it."""
_OTHER_KEYS = (
    "id", "statement", "basis", "severity", "table", "each", "blank", "when", "rows", "columns",
    "form", "editions", "advice", "tests",
)  # fmt: skip


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
    identity = fields.need("id")
    if not _ID.fullmatch(identity.text()):
        raise identity.wrong(f"{identity.text()!r} is not kebab-case", "such as row-total")
    kinds = [kind for kind in KINDS if kind in fields]
    if len(kinds) != 1:
        for key, value in fields.rest():
            if key not in KINDS and key not in _OTHER_KEYS:
                raise value.wrong("unknown key", nearest(key, [*KINDS, *_OTHER_KEYS]))
        found = "has " + " and ".join(kinds) if kinds else "has none"
        raise item.wrong(
            f"a rule needs exactly one kind; {identity.text()!r} {found}",
            "kinds: " + ", ".join(KINDS),
        )
    kind = kinds[0]
    table, each, blank, when = (fields.get(key) for key in ("table", "each", "blank", "when"))
    form, advice, tests = (fields.get(key) for key in ("form", "advice", "tests"))
    rule = Rule(
        id=identity.text(),
        statement=fields.need("statement").words(),
        basis=fields.need("basis").text(),
        severity=Severity(fields.need("severity").one_of([level.value for level in Severity])),
        table=table.text() if table else "text",
        each=each.one_of(("column", "row")) if each else None,
        kind=kind,
        body=KINDS[kind].read(fields.need(kind)),
        place=Place(item.file, item.line),
        blank=BlankPolicy(blank.one_of([policy.value for policy in BlankPolicy]))
        if blank
        else BlankPolicy.ZERO_IF_HOLDS,
        when=tuple(read_guard(guard) for guard in when.items()) if when else (),
        rows=fields.texts("rows"),
        columns=fields.texts("columns"),
        form=form.text() if form else None,
        editions=fields.texts("editions"),
        advice=advice.words() if advice else None,
        cases=tuple(_case(case) for case in tests.items()) if tests and with_cases else (),
    )
    fields.done(also=(*KINDS, *_OTHER_KEYS))
    return rule


def _case(item: Item) -> Case:
    fields = item.mapped()
    given = {key: value.text() for key, value in fields.need("given").mapped().rest()}
    expected = fields.need("is").one_of(("pass", "fail", "undetermined", "not_applicable"))
    difference = fields.get("difference")
    fields.done()
    return Case(
        given, expected, difference.decimal() if difference else None, Place(item.file, item.line)
    )
