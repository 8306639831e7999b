"""Evaluation: four statuses that never blur."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.model.check import (
    BlankPolicy,
    Check,
    Filled,
    Guard,
    Issuer,
    Linear,
    Place,
    Relation,
    Rule,
    Severity,
    Term,
    Written,
)
from auditor.model.finding import Reason, Status
from auditor.model.form import Address
from auditor.model.report import (
    Below,
    Blank,
    Entry,
    Facts,
    Identity,
    Illegible,
    Match,
    Missing,
    NotApplicable,
    Number,
    Ref,
    Report,
    Source,
    Value,
)
from tests.support import library

RULE = Rule("toy", {}, "", Severity.ERROR, "t", None, "equal", None, Place("r.yaml", 1))
A, B, C = (Ref(Address("t", "r", key)) for key in "abc")
LAST = Ref(A.address, 1)
EQ, LE, GE = Relation.EQ, Relation.LE, Relation.GE
BLANK, ILLEGIBLE, MISSING = Blank(), Illegible(), Missing()


def n(figure: int | str) -> Number:
    value = Decimal(figure)
    return Number(value, Decimal(1).scaleb(min(0, int(value.as_tuple().exponent))))


def sums(
    relation: Relation = EQ,
    constant: int = 0,
    signed: bool = False,
    guards: tuple[Guard, ...] = (),
    subject: Ref | None = None,
) -> Check:
    """a + b compared with c."""
    terms = (Term(1, A, signed), Term(1, B), Term(-1, C))
    return Check("toy", RULE, Linear(terms, relation, Decimal(constant)), guards, subject)


def facts(
    *values: int | str | Value,
    agency: str | None = None,
    assumed: frozenset[frozenset[Address]] = frozenset(),
) -> Facts:
    given = {
        ref: n(value) if isinstance(value, (int, str)) else value
        for ref, value in zip((A, B, C), values, strict=False)
    }
    return Facts(given, {}, agency, assumed=assumed)


def found(check: Check, given: Facts) -> tuple[str, str | None]:
    (outcome,) = evaluate((check,), given)
    return outcome.status.value, outcome.reason.value if outcome.reason else None


def difference(check: Check, given: Facts) -> Decimal | None:
    return evaluate((check,), given)[0].residual


def test_numbers_pass_or_fail_and_leave_their_difference() -> None:
    assert found(sums(), facts(1, 2, 3)) == ("pass", None)
    assert found(sums(), facts(1, 2, 4)) == ("fail", None)
    assert difference(sums(), facts(1, 2, 4)) == -1
    assert found(sums(LE), facts(1, 2, 3)) == found(sums(GE), facts(1, 2, 3)) == ("pass", None)
    assert found(sums(LE), facts(1, 3, 3)) == found(sums(GE), facts(1, 1, 3)) == ("fail", None)


def test_arithmetic_is_exact_beyond_any_context() -> None:
    huge = "1" + "0" * 60
    assert found(sums(), facts(huge, "0.000001", huge)) == ("fail", None)
    assert difference(sums(), facts(huge, "0.000001", huge)) == Decimal("0.000001")
    assert found(sums(), facts("0.1", "0.2", "0.3")) == ("pass", None)


def test_a_tolerance_is_the_rules_own() -> None:
    strict = sums().predicate
    assert isinstance(strict, Linear)
    loose = replace(sums(), predicate=replace(strict, tolerance=Decimal("0.01")))
    assert found(loose, facts("1", "2", "3.01")) == ("pass", None)
    assert found(loose, facts("1", "2", "3.02")) == ("fail", None)


def test_rounding_allows_half_a_unit_of_each_figures_last_digit() -> None:
    terms = tuple(Term(sign, ref) for sign, ref in ((1, A), (1, B), (-1, C)))
    rounded = replace(sums(), predicate=Linear(terms, EQ, rounding=True))
    assert found(rounded, facts("33.3", "66.6", "100.0")) == ("pass", None)  # off by 0.1 of 0.15
    assert found(rounded, facts("33.3", "66.5", "100.0")) == ("fail", None)
    assert found(rounded, facts("33.33", "66.66", "100.0")) == ("pass", None)
    assert found(rounded, facts("33.33", "66.60", "100.00")) == ("fail", None)
    assert found(rounded, facts("33.3", ILLEGIBLE, "100.0"))[0] == "undetermined"
    assert difference(rounded, facts("33.3", "66.6", "100.0")) == Decimal("-0.1")


def test_blanks_are_zero_where_the_sum_then_holds() -> None:
    assert found(sums(), facts(3, BLANK, 3)) == ("pass", None)
    assert found(sums(), facts(BLANK, BLANK, BLANK)) == ("pass", None)


def test_a_sum_that_only_a_figure_in_a_blank_box_could_save_fails_and_says_so() -> None:
    assert found(sums(), facts(3, BLANK, 4)) == ("fail", "blank-operand")
    assert difference(sums(), facts(3, BLANK, 4)) == -1
    assert found(sums(), facts(5, BLANK, 4)) == ("fail", None)
    assert found(sums(), facts(1, 1, BLANK)) == ("fail", "blank-operand")
    assert found(sums(LE), facts(3, 1, BLANK)) == ("fail", "blank-operand")


@pytest.mark.parametrize("hole", [ILLEGIBLE, MISSING])
def test_a_blank_beside_what_was_not_read_leaves_the_sum_open(hole: Value) -> None:
    assert found(sums(), facts(hole, BLANK, 4))[0] == "undetermined"
    assert found(sums(), facts(3, hole, BLANK))[0] == "undetermined"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ((1, BLANK, 3), "pass"),
        ((BLANK, BLANK, 3), "fail"),
        ((BLANK, MISSING, 3), "undetermined"),
        ((MISSING, ILLEGIBLE, 3), "undetermined"),
    ],
)
def test_most_boxes_are_filled_unless_more_than_half_are_blank(
    values: tuple[int | Value, ...], status: str
) -> None:
    check = Check("toy", RULE, Filled((A, B, C), mostly=True))
    assert found(check, facts(*values))[0] == status


def test_a_rule_may_take_blanks_for_zero_or_for_unknown() -> None:
    zero = replace(sums(), rule=replace(RULE, blank=BlankPolicy.ZERO))
    unknown = replace(sums(), rule=replace(RULE, blank=BlankPolicy.UNDETERMINED))
    assert found(zero, facts(3, BLANK, 4)) == ("fail", None)
    assert found(unknown, facts(3, BLANK, 3)) == ("undetermined", "blank-operand")
    assert found(unknown, facts(5, BLANK, 3)) == ("fail", None)


@pytest.mark.parametrize(
    ("hole", "reason"), [(ILLEGIBLE, "illegible-operand"), (MISSING, "missing-operand")]
)
def test_what_was_not_read_never_passes_an_equality(hole: Value, reason: str) -> None:
    assert found(sums(), facts(3, hole, 3)) == ("undetermined", reason)
    assert difference(sums(), facts(3, hole, 3)) is None
    assert found(sums(), facts(5, hole, 3)) == ("fail", None)


def test_an_inequality_passes_where_every_count_would_do() -> None:
    assert found(sums(GE), facts(5, ILLEGIBLE, 3)) == ("pass", None)
    assert found(sums(LE), facts(2, 1, ILLEGIBLE)) == ("undetermined", "illegible-operand")
    assert found(sums(LE, constant=5), facts(2, 1, ILLEGIBLE)) == ("pass", None)


def test_a_limit_is_any_figure_below_it() -> None:
    limit = Below(("<2",), Decimal(2))
    assert found(sums(LE), facts(limit, 1, 3)) == ("pass", None)
    assert found(sums(LE), facts(limit, 1, 2)) == ("undetermined", "illegible-operand")
    assert found(sums(LE), facts(limit, 4, 3)) == ("fail", None)
    assert found(sums(LE), facts(1, 1, limit)) == ("fail", None)
    assert found(sums(LE), facts(1, 0, limit)) == ("undetermined", "illegible-operand")
    assert found(sums(LE), facts(limit, 3, 3)) == ("undetermined", "illegible-operand")
    assert found(sums(), facts(limit, 1, 2)) == ("undetermined", "illegible-operand")
    assert found(sums(), facts(limit, 1, 4)) == ("fail", None)
    assert found(sums(), facts(limit, 1, 3)) == ("fail", None)
    assert found(sums(GE), facts(1, 2, limit)) == ("pass", None)


def test_where_there_is_nothing_to_count_a_sum_does_not_apply() -> None:
    for relation in (EQ, LE, GE):
        outcome = found(sums(relation), facts(1, NotApplicable(), 3))
        assert outcome == ("not_applicable", "no-such-box")
    filled = replace(sums(), predicate=Filled((A, B)))
    assert found(filled, facts(NotApplicable(), 1)) == ("pass", None)
    assert found(filled, facts(BLANK, 1))[0] == "fail"


def test_a_signed_figure_could_be_anything() -> None:
    assert found(sums(signed=True), facts(ILLEGIBLE, 5, 3)) == ("undetermined", "illegible-operand")
    assert found(sums(signed=False), facts(ILLEGIBLE, 5, 3)) == ("fail", None)


def test_a_box_that_this_copy_lacks_is_no_operand() -> None:
    given = Facts({A: n(3), C: n(3)}, {})
    assert found(sums(), given) == ("pass", None)
    assert len(evaluate((sums(),), given)[0].operands) == 2
    assert found(sums(subject=B), given) == ("not_applicable", "no-such-box")
    assert found(sums(), Facts({}, {})) == ("not_applicable", "no-such-box")


def test_a_sum_that_the_reader_took_for_granted_proves_nothing() -> None:
    assumed = frozenset({frozenset({A.address, B.address, C.address})})
    assert found(sums(), facts(1, 2, 3, assumed=assumed)) == ("undetermined", "assumed")
    assert found(sums(), facts(1, 2, 4, assumed=assumed)) == ("fail", None)


def test_last_years_figures_need_last_years_report_and_its_box() -> None:
    carry = Check("toy", RULE, Linear((Term(1, A), Term(-1, LAST)), EQ))
    assert found(carry, Facts({A: n(1)}, {})) == ("not_applicable", "no-predecessor")
    assert found(carry, Facts({A: n(1)}, {}, has_predecessor=True)) == (
        "not_applicable",
        "no-such-box",
    )
    both = {A: n(1), LAST: n(2)}
    assert found(carry, Facts(both, {}, has_predecessor=True)) == ("fail", None)


def test_a_false_guard_makes_a_rule_not_applicable_and_an_open_one_undetermined() -> None:
    guard = Linear((Term(1, A),), GE, Decimal(10))
    assert found(sums(guards=(guard,)), facts(9, 2, 3)) == ("not_applicable", "guard-false")
    assert found(sums(guards=(guard,)), facts(10, 2, 3)) == ("fail", None)
    assert found(sums(guards=(guard,)), facts(BLANK, 2, 2)) == ("undetermined", "blank-operand")
    false = Linear((Term(1, B),), GE, Decimal(10))
    assert found(sums(guards=(guard, false)), facts(BLANK, 2, 2)) == (
        "not_applicable",
        "guard-false",
    )


def test_who_reports_may_guard_a_rule() -> None:
    check = sums(guards=(Issuer(("局$", "中心$")),))
    assert found(check, facts(1, 2, 4, agency="某局")) == ("fail", None)
    assert found(check, facts(1, 2, 4, agency="某市人民政府")) == ("not_applicable", "guard-false")
    assert found(check, facts(1, 2, 4)) == ("undetermined", "agency-unknown")


def test_filled_fails_on_blanks_and_names_only_them() -> None:
    check = Check("toy", RULE, Filled((A, B, C)))
    assert found(check, facts(1, 0, 3)) == ("pass", None)
    assert found(check, facts(1, ILLEGIBLE, 3)) == ("undetermined", "illegible-operand")
    assert found(check, facts(1, MISSING, 3)) == ("undetermined", "missing-operand")
    (outcome,) = evaluate((check,), facts(BLANK, ILLEGIBLE, 3))
    assert outcome.status is Status.FAIL
    assert [operand.ref for operand in outcome.operands] == [A]


def test_absent_fails_where_the_box_is_there() -> None:
    check = Check("toy", RULE, Filled((A,), wanted=False))
    assert found(check, Facts({}, {})) == ("pass", None)
    assert found(check, facts(BLANK)) == ("fail", None)


@pytest.mark.parametrize(
    ("figure", "decimals", "negative", "status"),
    [
        ("3", 0, False, "pass"),
        ("-3", 0, False, "fail"),
        ("-3", 0, True, "pass"),
        ("3.5", 0, False, "fail"),
        ("3.50", 1, False, "fail"),
        ("3.5", 1, False, "pass"),
        ("0", 0, False, "pass"),
    ],
)
def test_a_count_is_whole_and_not_below_zero(
    figure: str, decimals: int, negative: bool, status: str
) -> None:
    check = Check("toy", RULE, Written(A, decimals, negative))
    assert found(check, facts(figure))[0] == status


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("12", "pass"),
        (" 12\n", "pass"),
        ("1,024", "pass"),
        ("１２", "pass"),
        ("-8", "pass"),
        ("2.50", "pass"),
        ("12件", "fail"),
        ("约3", "fail"),
        ("3余", "fail"),
        ("0元", "fail"),
        ("1,02", "fail"),
        ("3、4", "fail"),
    ],
)
def test_a_bare_figure_has_nothing_beside_it(raw: str, status: str) -> None:
    check = Check("toy", RULE, Written(A, bare=True))
    assert found(check, Facts({A: n(1)}, {A: raw}))[0] == status


def test_a_blank_has_no_writing_to_judge() -> None:
    check = Check("toy", RULE, Written(A))
    assert found(check, facts(BLANK)) == ("not_applicable", "blank-operand")
    assert found(check, facts(ILLEGIBLE)) == ("undetermined", "illegible-operand")
    assert found(check, facts(MISSING)) == ("undetermined", "missing-operand")
    bare = Check("toy", RULE, Written(A, bare=True))
    assert found(bare, facts(1)) == ("undetermined", "missing-operand")


def test_gathering_joins_two_years() -> None:
    def report(year: int | None, value: int) -> Report:
        entry = Entry(A.address, str(value), n(value), None, Match.EXACT)
        return Report(
            Source("r", "0", "text/plain"), "toy/1", Identity("某局", year), {A.address: entry}
        )

    joined = gather(report(2024, 5), report(2023, 4))
    year = Address("text", "", "year")
    assert joined.values == {A: n(5), LAST: n(4), Ref(year): n(2024), Ref(year, 1): n(2023)}
    assert joined.raw[A] == "5" and joined.agency == "某局" and joined.has_predecessor
    alone = gather(report(None, 5))
    assert alone.values[Ref(year)] == MISSING and not alone.has_predecessor


LIBRARY = library()


def zeros(form_id: str) -> Facts:
    refs = [Ref(box) for table in LIBRARY.form(form_id).tables for box in table.boxes()]
    year = Ref(Address("text", "", "year"))
    values = {ref: n(0) for ref in refs} | {year: n(form_id[-4:])}
    return Facts(values, {ref: str(v.value) for ref, v in values.items()}, "某县某局")


@pytest.mark.parametrize("form_id", ["cn-goi-annual/2021", "cn-goi-annual/2019"])
def test_a_form_full_of_zeros_breaks_no_rule(form_id: str) -> None:
    outcomes = evaluate(LIBRARY.checks(form_id), zeros(form_id))
    assert {o.status for o in outcomes} == {Status.PASS, Status.NOT_APPLICABLE}
    others = {Reason.PREDECESSOR, Reason.CHILDREN}
    reasons = {None, Reason.GUARD, Reason.ABSENT, Reason.UNSAID, *others}
    assert {o.reason for o in outcomes} <= reasons


@pytest.mark.parametrize("form_id", ["cn-goi-annual/2021", "cn-goi-annual/2019"])
def test_no_figure_of_an_equality_of_table_three_can_change_alone_unnoticed(form_id: str) -> None:
    given = zeros(form_id)
    checks = [
        check
        for check in LIBRARY.checks(form_id)
        if check.rule.table == "applications"
        and isinstance(check.predicate, Linear)
        and check.predicate.relation is EQ
    ]
    for ref in given.values:
        if ref.address.table == "applications":
            changed = replace(given, values={**given.values, ref: n(1)})
            failed = [o for o in evaluate(checks, changed) if o.status is Status.FAIL]
            assert len(failed) >= 2
            assert all(ref in [operand.ref for operand in o.operands] for o in failed)


def test_the_39_equalities_of_table_three_have_rank_37() -> None:
    present = zeros("cn-goi-annual/2021").values
    names = ("applications-balance", "applications-column-total", "applications-row-total")
    rows = []
    for check in LIBRARY.checks("cn-goi-annual/2021"):
        if check.rule.id in names and check.subject in (None, *present):
            assert isinstance(check.predicate, Linear)
            rows.append(
                {t.ref: Fraction(t.coefficient) for t in check.predicate.terms if t.ref in present}
            )
    assert len(rows) == 39
    assert rank(rows) == 37


def rank(rows: list[dict[Ref, Fraction]]) -> int:
    """Gauss's elimination, exactly."""
    count = 0
    while rows:
        pivot = rows.pop()
        if not pivot:
            continue
        count += 1
        at, by = next(iter(pivot.items()))
        rows = [
            {
                ref: value
                for ref in {**row, **pivot}
                if (value := row.get(ref, Fraction(0)) - row[at] / by * pivot.get(ref, Fraction(0)))
            }
            if at in row
            else row
            for row in rows
        ]
    return count
