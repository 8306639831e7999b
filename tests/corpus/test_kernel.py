"""Law: checks on figures find the same in columns as in one report, outcome for outcome."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate
from auditor.corpus.columns import SCALE
from auditor.corpus.kernel import REASONS, STATUSES, Kernel
from auditor.model import Address
from auditor.model.check import BlankPolicy, Check, Filled, Issuer, Linear, Relation, Term, Written
from auditor.model.finding import Reason, Status
from auditor.model.report import (
    CHILDREN,
    LAST_YEAR,
    Below,
    Blank,
    Facts,
    Illegible,
    Missing,
    NotApplicable,
    Number,
    Ref,
    Value,
)
from tests.kit.columns import columns_of
from tests.support import library

FORMS = ("cn-goi-annual/2019", "cn-goi-annual/2021", "cn-gov-website-annual/2018")
Found = list[tuple[Status, Reason | None, Decimal | None]]

REFS = [Ref(Address("t", row, "c"), lag) for row in "abcd" for lag in (0, 1)]
BELOW = [Ref(Address("t", row, "c"), CHILDREN) for row in "ab"]
RULE = library().checks(FORMS[0])[0].rule

NUMBERS: list[tuple[Value, str | None]] = [
    *((Number(Decimal(n)), str(n)) for n in range(-3, 10)),
    *((Number(Decimal(n)), f"{n}件") for n in range(3)),
    *((Number(Decimal(n) / 100, Decimal("0.01")), f"{n / 100:.2f}") for n in (0, 5, 99, 100)),
    *((Number(Decimal(n) * 1000, Decimal(1000)), f"0.{n}") for n in range(3)),
]
UNREAD: list[tuple[Value, str | None]] = [
    *((Blank(), "/"), (Illegible(), "?"), (Missing(), None)),
]
BEYOND: list[tuple[Value, str | None]] = [
    (NotApplicable(), "N/A"),
    (Below((), Decimal(3)), "<3"),
    (Number(Decimal("1e15")), "1000000000000000"),
    (Number(Decimal("0.00000001"), Decimal("0.00000001")), "0.00000001"),
    (Number(Decimal(4)), None),
]


def invented_facts(rng: Random, refs: Sequence[Ref], beyond: bool = False) -> Facts:
    """Figures of every kind; mostly of one kind, so that sums come true as well."""
    has_predecessor, has_children = rng.random() < 0.6, rng.random() < 0.6
    at_hand = {0: True, LAST_YEAR: has_predecessor, CHILDREN: has_children}
    usual = rng.choice([*NUMBERS, *UNREAD])
    share = rng.choice((0.0, 0.1, 0.5))
    kinds = [NUMBERS, UNREAD, BEYOND] if beyond else [NUMBERS, UNREAD]
    figures: dict[Ref, Value] = {}
    raw = {}
    for ref in refs:
        if not at_hand[ref.lag] or rng.random() < share / 2:
            continue
        figures[ref], said = rng.choice(rng.choice(kinds)) if rng.random() < share else usual
        if said is not None:
            raw[ref] = said
    agency = rng.choice([None, "青溪市水务局", "望舒县人民政府办公室"])
    facts = Facts(figures, raw, agency, has_predecessor, has_children)
    doubted = rng.choice(refs).address
    if beyond and rng.random() < 0.15:
        return replace(facts, assumed=frozenset({frozenset({doubted})}))
    if beyond and rng.random() < 0.15:
        return replace(facts, beside_unknown=frozenset({(doubted.table, doubted.row)}))
    return facts


randoms = st.integers(0, 2**32).map(Random)


@st.composite
def sums(draw: st.DrawFn) -> Linear:
    refs = draw(st.lists(st.sampled_from([*REFS, *BELOW]), min_size=1, max_size=4, unique=True))
    weights = st.sampled_from([1, -1, 2, -1000])
    terms = tuple(Term(draw(weights), ref, draw(st.booleans())) for ref in refs)
    small = st.sampled_from([Decimal(0), Decimal(1), Decimal("0.5")])
    relation = draw(st.sampled_from(Relation))
    return Linear(terms, relation, draw(small), draw(small))


figures_written = st.builds(
    Written, st.sampled_from(REFS), st.integers(0, 2), st.booleans(), st.booleans()
)
boxes = st.builds(
    Filled,
    st.lists(st.sampled_from(REFS), min_size=1, max_size=4, unique=True).map(tuple),
    st.booleans(),
    st.booleans(),
)
issuers = st.sampled_from([Issuer(("水务",)), Issuer(("财政", "政府"))])
checks = st.builds(
    Check,
    st.just("made-up"),
    st.sampled_from(BlankPolicy).map(lambda blank: replace(RULE, blank=blank)),
    sums() | sums() | figures_written | boxes,
    st.lists(sums() | figures_written | issuers, max_size=3).map(tuple),
    st.none() | st.sampled_from(REFS),
)


def single(kernel: Kernel, facts: Facts) -> Found:
    """With by how much a sum fails; columns keep no more than that."""
    return [
        (each.status, each.reason, each.residual if each.status is Status.FAIL else None)
        for each in evaluate(kernel.checks, facts)
    ]


def columnar(kernel: Kernel, many: Sequence[Facts]) -> list[Found | None]:
    """What the kernel finds in each; None for what columns do not hold."""
    columns, holds = columns_of(many, kernel)
    found = kernel.evaluate(columns)
    status, reason = found.status, found.reason
    residuals = {
        (check, at): Decimal(scaled) / SCALE
        for check, failed in found.failures.items()
        for at, scaled in zip(failed.reports.tolist(), failed.residuals.tolist(), strict=True)
    }
    return [
        [
            (STATUSES[status[row, at]], REASONS[reason[row, at]], residuals.get((row, at)))
            for row in range(len(kernel.checks))
        ]
        if holds[at]
        else None
        for at in range(len(many))
    ]


@settings(max_examples=300, deadline=None)
@given(made=st.lists(checks, min_size=1, max_size=5), rng=randoms)
def test_any_check_finds_the_same_in_columns_as_in_one_report(
    made: list[Check], rng: Random
) -> None:
    kernel = Kernel(made)
    assert kernel.others == ()
    many = [invented_facts(rng, [*REFS, *BELOW]) for _ in range(8)]
    assert columnar(kernel, many) == [single(kernel, facts) for facts in many]


@pytest.mark.parametrize("form_id", FORMS)
def test_every_check_on_figures_of_a_form_finds_the_same_in_columns(form_id: str) -> None:
    kernel = Kernel(library().checks(form_id))
    assert not any(check.figures for check in kernel.others)
    rng = Random(form_id)
    many = [invented_facts(rng, [*kernel.rows]) for _ in range(60)]
    assert columnar(kernel, many) == [single(kernel, facts) for facts in many]


@settings(max_examples=100, deadline=None)
@given(made=st.lists(checks, min_size=1, max_size=3), rng=randoms)
def test_what_columns_do_not_hold_is_said_and_never_judged_otherwise(
    made: list[Check], rng: Random
) -> None:
    kernel = Kernel(made)
    many = [invented_facts(rng, [*REFS, *BELOW], beyond=True) for _ in range(6)]
    for found, facts in zip(columnar(kernel, many), many, strict=True):
        assert found is None or found == single(kernel, facts)


def test_a_report_with_a_limit_or_a_figure_beyond_whole_numbers_is_not_held() -> None:
    kernel = Kernel([Check("one", RULE, Linear((Term(1, REFS[0]),), Relation.EQ))])
    many = [
        Facts({REFS[0]: value}, {REFS[0]: "1"})
        for value in (Number(Decimal(1)), Below((), Decimal(3)), Number(Decimal("1e13")))
    ]
    _, holds = columns_of(many, kernel)
    assert holds.tolist() == [True, False, False]


def test_a_constant_that_is_no_whole_number_leaves_its_check_to_the_ordinary_evaluator() -> None:
    check = Check("one", RULE, Linear((Term(1, REFS[0]),), Relation.EQ, Decimal("1e-9")))
    kernel = Kernel([check])
    assert (kernel.checks, kernel.others) == ((), (check,))


def test_how_figures_of_those_below_are_written_is_left_to_the_ordinary_evaluator() -> None:
    made = [Check("one", RULE, Written(BELOW[0])), Check("two", RULE, Filled((BELOW[0],)))]
    assert Kernel(made).others == tuple(made)


def test_many_reports_are_judged_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are judged together."""
    monkeypatch.setattr("auditor.corpus.kernel._BLOCK", 100)
    kernel = Kernel(library().checks(FORMS[1]))
    rng = Random(5)
    few = []
    for _ in range(7):
        figures = {ref: Number(Decimal(rng.randint(0, 3))) for ref in kernel.rows}
        few.append(Facts(figures, dict.fromkeys(kernel.rows, "1"), "青溪市水务局", True))
    columns, _ = columns_of(few, kernel)
    many = np.arange(320) % len(few)
    found, whole = kernel.evaluate(columns), kernel.evaluate(columns.at(many))
    assert np.array_equal(found.codes[:, many], whole.codes)
    assert found.failures.keys() == whole.failures.keys()
    assert any(len(failed.reports) for failed in found.failures.values())
    for check, failed in found.failures.items():
        misses = dict(zip(failed.reports.tolist(), failed.residuals.tolist(), strict=True))
        reports = np.flatnonzero(np.isin(many, failed.reports))
        assert np.array_equal(whole.failures[check].reports, reports)
        assert whole.failures[check].residuals.tolist() == [misses[at] for at in many[reports]]
