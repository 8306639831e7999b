"""A rule's own tests, run; and proof that its passing ones would notice a wrong figure.

In: a rule loaded with its cases, and a form. Out: a result for every case, for every figure of a
passing case made wrong, and for every status that the cases leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor

from msgspec.structs import replace

from auditor.checks.evaluate import EVALUATORS, evaluate, ratio_range
from auditor.checks.load import compile_rule
from auditor.checks.selectors import TEXT, check_id
from auditor.errors import DefinitionError
from auditor.model.check import (
    BlankPolicy,
    Case,
    CaseResult,
    Check,
    Filled,
    Issuer,
    Linear,
    ProsePredicate,
    Ratio,
    Relation,
    Rule,
    Written,
)
from auditor.model.finding import Outcome, Status
from auditor.model.form import Form, Line
from auditor.model.prose import Prose
from auditor.model.report import (
    CHILDREN,
    LAST_YEAR,
    Blank,
    Facts,
    Illegible,
    Missing,
    Number,
    Ref,
    Value,
    step_of,
)
from auditor.prose import read_text
from auditor.yamlsource import nearest

_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STATES: Mapping[str, Value] = {"blank": Blank(), "illegible": Illegible(), "missing": Missing()}
REST, AGENCY = "*", "agency"
"""What a case calls all other figures, and who reports."""
ELSEWHERE = {LAST_YEAR: "last_year:", CHILDREN: "children:"}
"""In front of figures of the report of the year before, and of those of all bodies below."""
_TEXT, _SECTION, _YEAR = "text", "section", "year"
"""Sentences as a report prints them, under which section's heading, and the report's year."""
_SENTENCES = frozenset({_TEXT, _SECTION, _YEAR, AGENCY})
_TELLING = (Status.FAIL, Status.UNDETERMINED, Status.PASS, Status.NOT_APPLICABLE)
"""Of several checks the one that is told, by what it finds."""


def run_cases(rule: Rule, form: Form) -> Iterator[CaseResult]:
    """Every case and every mutation of a passing one; then the statuses that no case shows.

    Raises `DefinitionError` where a case names a figure that the rule does not read.
    """
    checks = compile_rule(rule, form)
    for case in rule.cases:
        check, facts, outcome = judge_case(case, checks, form)
        expected, found = case.expected, outcome.status.value
        if case.difference is not None:
            expected += f", difference {case.difference.normalize():f}"
            residual = outcome.residual
            found += f", difference {'none' if residual is None else f'{residual.normalize():f}'}"
        said = ", ".join(f"{key}: {' '.join(text.split())}" for key, text in case.given.items())
        yield CaseResult(rule.id, form.id, str(case.place), said, expected, found)
        if outcome.status is Status.PASS:
            yield from _mutations(case, check, facts, form)
    yield from _uncovered(rule, form, checks)


def judge_case(case: Case, checks: tuple[Check, ...], form: Form) -> tuple[Check, Facts, Outcome]:
    """The check that a case is about, its figures, and what the check finds in them."""
    able = tuple(each for each in checks if isinstance(each.predicate, ProsePredicate))
    if not able:
        check = _check_for(case, checks)
        facts = _facts(case, (check,), form, None)
        return check, facts, _one(check, facts)
    # A sentence says which of a rule's checks it is about: the one that finds most to say of it.
    known = {name_of(ref, check) for check in able for ref in refs_of(check)}
    for key in set(case.given) - {*_SENTENCES, REST, *known}:
        raise _wrong(case, f"the rule reads no figure {key!r}", nearest(key, known))
    facts = _facts(case, able, form, _prose(case, form))
    found = [(check, _one(check, facts)) for check in able]
    check, outcome = min(found, key=lambda each: _TELLING.index(each[1].status))
    return check, facts, outcome


def _uncovered(rule: Rule, form: Form, checks: tuple[Check, ...]) -> Iterator[CaseResult]:
    shown = {case.expected for case in rule.cases}
    wanted = [{"pass"}, {"fail"}]
    if not all(isinstance(c.predicate, Filled) and not c.predicate.wanted for c in checks):
        wanted.append({"undetermined", "not_applicable"})  # whether a box is there is always known
    for choices in wanted:
        if not choices & shown:
            said = " or ".join(sorted(choices))
            yield CaseResult(
                rule.id, form.id, str(rule.place), "cases", f"a case that is {said}", "none"
            )


def _one(check: Check, facts: Facts) -> Outcome:
    """The outcome; of a check on sentences, which may have several, the first that fails."""
    found = evaluate((check,), facts)
    return next((each for each in found if each.status is Status.FAIL), found[0])


def refs_of(check: Check) -> tuple[Ref, ...]:
    """Every ref that the check or its guards read, once."""
    part = check.predicate
    stated = EVALUATORS[part.aspect].refs(part.body) if isinstance(part, ProsePredicate) else ()
    return tuple(dict.fromkeys((*stated, *check.refs)))


def name_of(ref: Ref, check: Check) -> str:
    """What a case calls the figure."""
    table, row, column = ref.address
    elsewhere = check.rule.table not in (TEXT, table)
    if table == TEXT or elsewhere:
        said = str(ref.address)
    elif check.rule.each and not isinstance(check.predicate, Written):
        own, across = (column, row) if check.rule.each == "column" else (row, column)
        is_own = check.id == check_id(check.rule, own)
        said = across if is_own else f"{row}/{column}"
    else:
        said = f"{row}/{column}"
    return ELSEWHERE.get(ref.lag, "") + said


def _check_for(case: Case, checks: tuple[Check, ...]) -> Check:
    """The first check that reads everything the case gives."""
    given = set(case.given) - {REST, AGENCY}
    known: set[str] = set()
    for check in checks:
        names = {name_of(ref, check) for ref in refs_of(check)}
        if given <= names:
            return check
        known |= names
    for key in given - known:
        raise _wrong(case, f"the rule reads no figure {key!r}", nearest(key, known))
    raise _wrong(case, "no single check of the rule reads all of these figures")


def _facts(case: Case, checks: tuple[Check, ...], form: Form, prose: Prose | None) -> Facts:
    values: dict[Ref, Value] = {}
    raw: dict[Ref, str] = {}
    given = {key: text for key, text in case.given.items() if key not in _SENTENCES}
    names = {ref: name_of(ref, check) for check in checks for ref in refs_of(check)}
    rows = {_row(ref, form) for ref, name in names.items() if name in given}
    replaced = {key for row in rows if row for key in row.instead_of}
    for ref, name in names.items():
        row = _row(ref, form)
        said = given.get(name)
        if said is None and row is not None and (row.instead_of or row.key in replaced):
            continue  # optional rows, and those that one takes the place of, are given by name
        if said is None and not ref.lag:
            said = given.get(REST)
        if said is not None:
            values[ref] = _value(said, case)
            raw[ref] = said
        elif not ref.lag:
            values[ref] = Missing()
    lags = {lag for lag, said in ELSEWHERE.items() if any(key.startswith(said) for key in given)}
    values |= {ref: Missing() for ref in names if ref.lag in lags and ref not in values}
    agency = case.given.get(AGENCY)
    return Facts(values, raw, agency, LAST_YEAR in lags, CHILDREN in lags, prose=prose)


def _prose(case: Case, form: Form) -> Prose:
    """What the reader of reports makes of the case's sentences."""
    year, section = case.given.get(_YEAR), case.given.get(_SECTION)
    try:
        return read_text(
            case.given.get(_TEXT, ""), form, section, int(year) if year else None,
            case.given.get(AGENCY),
        )  # fmt: skip
    except KeyError:
        known = [each.key for each in form.wordings.sections]
        raise _wrong(case, f"the form has no section {section!r}", ", ".join(known)) from None
    except ValueError:
        raise _wrong(case, f"{year!r} is no year") from None


def _row(ref: Ref, form: Form) -> Line | None:
    return form.table(ref.address.table).row(ref.address.row) if ref.address.row else None


def _value(said: str, case: Case) -> Value:
    if said in _STATES:
        return _STATES[said]
    try:
        number = Decimal(said)
    except InvalidOperation:
        found = _FIGURE.search(said)
        if not found:
            raise _wrong(
                case, f"{said!r} is neither a figure nor a state", "states: " + ", ".join(_STATES)
            ) from None
        number = Decimal(found.group())
    return Number(number, step_of(number))


def _mutations(case: Case, check: Check, facts: Facts, form: Form) -> Iterator[CaseResult]:
    """Each figure of a passing case made wrong, alone: the check must fail.

    A figure that a guard reads too is left alone, for changing it may close the guard.
    """
    guarded = {
        ref
        for guard in check.guards
        if not isinstance(guard, Issuer)
        for ref in refs_of(replace(check, predicate=guard, guards=()))
    }
    for ref, before, after, raw in _wrongs(check, facts):
        if ref in guarded:
            continue
        changed = replace(facts, values={**facts.values, ref: after}, raw={**facts.raw, ref: raw})
        about = f"{name_of(ref, check)} changed from {_said(before)} to {raw}"
        found = _one(check, changed).status
        wanted, shown = "fail", found.value
        blanks = (isinstance(each, Blank) for other, each in facts.values.items() if other != ref)
        if check.rule.blank is BlankPolicy.UNDETERMINED and any(blanks):
            # Another blank might make up for the change, so the rule may stop at doubt.
            wanted = "no pass"
            shown = shown if found is Status.PASS else wanted
        yield CaseResult(check.rule.id, form.id, str(case.place), about, wanted, shown)


def _wrongs(check: Check, facts: Facts) -> Iterator[tuple[Ref, Value, Value, str]]:
    predicate = check.predicate
    if isinstance(predicate, Linear):
        outcome = _one(replace(check, guards=()), facts)
        excess = outcome.residual
        slack = predicate.slack((each.coefficient, each.value) for each in outcome.operands)
        for term in predicate.terms:
            before = facts.values.get(term.ref)
            if excess is None or before is None:
                continue
            size = abs(Decimal(term.coefficient))
            up = 1 if term.coefficient > 0 else -1
            # Whole steps that push the sum just past what the relation allows.
            to_top = (slack - excess) // size + 1
            to_bottom = (excess + slack) // size + 1
            steps = []
            if predicate.relation is not Relation.GE:
                steps.append(up * to_top)
            if predicate.relation is not Relation.LE:
                steps.append(-up * to_bottom)
            start = before.value if isinstance(before, Number) else Decimal(0)
            for step in steps:
                # Written as finely as before, so that what rounding allows stays the same.
                fine = before.step if isinstance(before, Number) else Decimal(1)
                yield term.ref, before, Number(start + step, fine), f"{start + step:f}"
    elif isinstance(predicate, Ratio):
        ref, before = predicate.printed.ref, facts.values[predicate.printed.ref]
        fine = before.step if isinstance(before, Number) else Decimal(1)
        least, most = (each / Fraction(fine) for each in ratio_range(predicate, facts))
        # The last digit that rounding allows, and one further.
        off = Fraction(predicate.tolerance) / Fraction(fine) + Fraction(1, 2)
        for units in (floor(most + off) + 1, ceil(least - off) - 1):
            yield ref, before, Number(units * fine, fine), f"{units * fine:f}"
    elif isinstance(predicate, Written):
        before = facts.values[predicate.ref]
        if predicate.bare:
            raw = facts.raw[predicate.ref]
            yield predicate.ref, before, before, f"{raw}x"
            yield predicate.ref, before, before, f"c. {raw}"
            return
        finer = Decimal(1).scaleb(-predicate.decimals - 1)
        yield predicate.ref, before, Number(finer, finer), f"{finer:f}"
        if not predicate.negative:
            yield predicate.ref, before, Number(Decimal(-1)), "-1"
    elif isinstance(predicate, ProsePredicate):
        return  # what a sentence may equal is not one sum: laws over generated sentences test it
    elif predicate.mostly:
        return  # one box more or less decides nothing
    elif predicate.wanted:
        for ref in predicate.refs:
            if ref in facts.values:
                yield ref, facts.values[ref], Blank(), ""
    else:
        for ref in predicate.refs:
            yield ref, Missing(), Number(Decimal(0)), "0"


def _said(value: Value) -> str:
    return f"{value.value:f}" if isinstance(value, Number) else value.state


def _wrong(case: Case, message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("definition", message, place=str(case.place), hint=hint)
