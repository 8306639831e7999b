"""Laws of the checks: consistent figures pass, a changed figure is found, doubt stays doubt."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.model.check import Severity
from auditor.model.finding import Audit, Status
from auditor.model.form import Address
from auditor.model.report import Entry, Illegible, Match, Missing, Report, Value
from auditor.pipeline import audit_report
from auditor.testing import boxes
from tests.kit import AGENCIES, as_report, consistent_figures, invented
from tests.kit.law import examples
from tests.support import FORM_IDS, YEARS, form, library

SUMMED = ("applications", "disputes")


def judge(form_id: str, figures: Mapping[Address, Decimal]) -> Audit:
    report = as_report(form(form_id), figures, AGENCIES[0], YEARS[form_id][1])
    return audit_report(form(form_id), report, library())


def errors(audit: Audit) -> list[str]:
    return [
        f"{finding.rule_id}: {finding.message['en']}"
        for finding in audit.findings
        if finding.severity is Severity.ERROR
    ]


@examples(25, 60)
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_consistent_report_passes_every_error_check(form_id: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(figures=invented(form(form_id)))
    def law(figures: dict[Address, Decimal]) -> None:
        audit = judge(form_id, figures)
        assert errors(audit) == []
        assert audit.notices == ()

    law()


@pytest.mark.parametrize(
    ("size", "ways"),
    [
        ("medium", 1),
        *(
            pytest.param(size, 4, marks=pytest.mark.thorough)
            for size in ("small", "medium", "large")
        ),
    ],
)
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_single_changed_cell_of_the_summed_tables_is_an_error_that_names_it(
    form_id: str, size: str, ways: int
) -> None:
    """Each cell in one way of four in turn, and in all of them where tests are thorough."""
    rng = Random(f"{form_id} {size}")
    figures = consistent_figures(form(form_id), rng, size)
    missed = []
    for number, box in enumerate(boxes(form(form_id), *SUMMED)):
        was = figures[box]
        changed = (was + 1, was + rng.randint(2, 500), max(was - 1, Decimal(0)), was * 10)
        tried = {changed[(number + more) % len(changed)] for more in range(ways)}
        for now in tried - {was} or {was + 1}:
            audit = judge(form_id, {**figures, box: now})
            found = [f for f in audit.findings if f.severity is Severity.ERROR]
            if not any(box in finding.addresses for finding in found):
                missed.append(f"{box}: {was} → {now}")
    assert missed == []


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_changing_one_cell_alters_only_checks_that_name_it(form_id: str) -> None:
    rng = Random(form_id)
    figures = consistent_figures(form(form_id), rng)
    before = {o.check.id: o for o in judge(form_id, figures).outcomes}
    for box in figures:
        for outcome in judge(form_id, {**figures, box: figures[box] + 1}).outcomes:
            if outcome.status is not before[outcome.check.id].status:
                named = {operand.ref.address for operand in before[outcome.check.id].operands}
                named |= {operand.ref.address for operand in outcome.operands}
                guarded = bool(outcome.check.guards)
                assert box in named or guarded, f"{outcome.check.id} does not name {box}"


def erased(report: Report, gone: Mapping[Address, Value]) -> Report:
    entries = dict(report.entries)
    for box, value in gone.items():
        entries[box] = Entry(box, None, value, None, Match.NONE)
    return replace(report, entries=entries)


@examples(25, 80)
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_erasing_entries_only_turns_pass_or_fail_into_undetermined(
    form_id: str, examples: int
) -> None:
    every = boxes(form(form_id), *(table.key for table in form(form_id).tables))
    nothing: st.SearchStrategy[Value] = st.sampled_from([Illegible(), Missing()])

    @settings(max_examples=examples)
    @given(
        figures=invented(form(form_id)),
        changed=st.dictionaries(st.sampled_from(every), st.integers(0, 50), max_size=3),
        gone=st.dictionaries(st.sampled_from(every), nothing, min_size=1, max_size=6),
    )
    def law(
        figures: dict[Address, Decimal], changed: dict[Address, int], gone: dict[Address, Value]
    ) -> None:
        figures = figures | {box: Decimal(count) for box, count in changed.items()}
        report = as_report(form(form_id), figures, AGENCIES[0], YEARS[form_id][1])
        full = audit_report(form(form_id), report, library())
        less = audit_report(form(form_id), erased(report, gone), library())
        for before, after in zip(full.outcomes, less.outcomes, strict=True):
            assert after.status in (before.status, Status.UNDETERMINED), after.check.id

    law()
