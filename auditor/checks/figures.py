"""A rule's checks in; figures for which it passes, fails and stays undetermined out.

Figures are proposed by what the check computes and kept where evaluating them gives the status
looked for, so that every case is true. They are small and mostly zero, to be read by people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from auditor.checks.cases import AGENCY, REST, judge_case, name_of, refs_of
from auditor.errors import DefinitionError
from auditor.model.check import Case, Check, Filled, Linear, ProsePredicate, Relation, Rule, Written
from auditor.model.finding import Status
from auditor.model.form import Form
from auditor.model.report import Ref

_FEW = 5
"""Up to so many figures a case names one by one."""
_Figures = dict[Ref, str]


def find_cases(
    rule: Rule, checks: tuple[Check, ...], form: Form, agency: str = ""
) -> Iterator[Case]:
    """A case that passes, one that fails and one that is undetermined, of the first check.

    A rule for which one of them cannot be had is a `DefinitionError`: it decides nothing.
    """
    check = checks[0]
    lines = _Lines(check, form, agency)
    proposals = _proposals(check, lines, form)
    for status in (Status.PASS, Status.FAIL, Status.UNDETERMINED):
        if status is Status.UNDETERMINED and _always_known(check):
            continue
        for given in map(lines.given, proposals[status]):
            case = Case(given, status.value, None, rule.place)
            _, _, outcome = judge_case(case, checks, form)
            if outcome.status is not status:
                continue
            exact = isinstance(check.predicate, Linear) and check.predicate.relation is Relation.EQ
            difference = outcome.residual if status is Status.FAIL and exact else None
            yield Case(given, status.value, difference, rule.place)
            break
        else:
            raise DefinitionError(
                "draft",
                f"{rule.id}: no figures were found for which the rule is {status.value}",
                hint="does it hold, or fail, whatever the figures are?",
            )


def _always_known(check: Check) -> bool:
    return isinstance(check.predicate, Filled) and not check.predicate.wanted


class _Lines:
    """The figures of one check: which a case names, and how."""

    def __init__(self, check: Check, form: Form, agency: str) -> None:
        self._check = check
        self._agency = agency
        self.refs = refs_of(check)
        present = tuple(ref for ref in self.refs if not _is_optional(ref, form))
        self.present = present or self.refs

    def given(self, figures: Mapping[Ref, str]) -> dict[str, str]:
        """The figures as a case says them, with zero for the rest."""
        said = {AGENCY: self._agency} if self._agency else {}
        named = {name_of(ref, self._check): text for ref, text in figures.items()}
        rest = [ref for ref in self.present if ref not in figures]
        here = [ref for ref in rest if not ref.lag]
        if len(self.present) <= _FEW and figures:
            named |= {name_of(ref, self._check): "0" for ref in here}
        elif here or not figures:
            said[REST] = "0"
        named |= {name_of(ref, self._check): "0" for ref in rest if ref.lag}
        order = [name_of(ref, self._check) for ref in self.refs]
        return said | {name: named[name] for name in order if name in named}


def _is_optional(ref: Ref, form: Form) -> bool:
    table, row, _ = ref.address
    return bool(row and form.table(table).row(row).instead_of)


def _proposals(check: Check, lines: _Lines, form: Form) -> Mapping[Status, Iterator[_Figures]]:
    match check.predicate:
        case Linear() as sums:
            weights = {each.ref: each.coefficient for each in sums.terms}
            return {
                Status.PASS: _holding(sums, weights, check, lines),
                Status.FAIL: _breaking(sums, weights, check, lines),
                Status.UNDETERMINED: _opened(_holding(sums, weights, check, lines), lines),
            }
        case Written() as written:
            return {
                Status.PASS: iter([{written.ref: "3"}]),
                Status.FAIL: iter([{written.ref: text} for text in _miswritten(written, form)]),
                Status.UNDETERMINED: iter([{written.ref: "illegible"}]),
            }
        case Filled(wanted=wanted):
            first = lines.present[0]
            return {
                Status.PASS: iter([{first: "0"} if wanted and len(lines.present) == 1 else {}]),
                Status.FAIL: iter([{ref: "blank" if wanted else "0"} for ref in lines.present]),
                Status.UNDETERMINED: iter([{first: "illegible"}]),
            }
        case ProsePredicate(aspect=aspect):
            raise DefinitionError("draft", f"{aspect} is about sentences, which have no figures")


def _miswritten(written: Written, form: Form) -> Iterator[str]:
    if written.bare:
        yield from (f"3{unit}" for unit in form.numerals.units[:1])
        yield "c. 3"
    elif not written.negative:
        yield "-1"
    yield f"{Decimal(1).scaleb(-written.decimals - 1):f}"


def _holding(
    sums: Linear, weights: Mapping[Ref, int], check: Check, lines: _Lines
) -> Iterator[_Figures]:
    """Figures for which the sum is just right, few of them but zero."""
    present = [ref for ref in lines.present if ref in weights]
    ways = sorted(present, key=lambda ref: (ref != check.subject, abs(weights[ref]) != 1))
    for small in ((2, 1), (2,), (1,), ()):
        for way in ways:
            against = [ref for ref in present if weights[ref] * weights[way] < 0]
            scale = abs(weights[way])
            chosen = {ref: size * scale for ref, size in zip(against, small, strict=False)}
            rest = sums.constant - sum(weights[ref] * size for ref, size in chosen.items())
            exact = Fraction(rest) / weights[way]
            if exact >= 0 and exact.denominator == 1:
                yield {ref: str(size) for ref, size in {way: int(exact), **chosen}.items()}
    yield {}


def _breaking(
    sums: Linear, weights: Mapping[Ref, int], check: Check, lines: _Lines
) -> Iterator[_Figures]:
    """Figures just past what the relation allows."""
    for figures in _holding(sums, weights, check, lines):
        for ref in [*figures, *(ref for ref in lines.present if ref not in figures)]:
            yield {**figures, ref: str(int(figures.get(ref, "0")) + 1)}


def _opened(holding: Iterator[_Figures], lines: _Lines) -> Iterator[_Figures]:
    """Figures of which one cannot be read; the last first, for the first is often the total."""
    for figures in holding:
        for ref in [*reversed(figures), *lines.present]:
            yield {**figures, ref: "illegible"}
