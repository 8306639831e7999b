"""Law: a suggestion, applied, settles what it names and breaks nothing."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditor.model.finding import Audit, Status
from auditor.model.form import Address
from auditor.testing import boxes
from tests.kit import consistent_figures, invented
from tests.kit.law import examples
from tests.laws.test_checks import SUMMED, judge
from tests.support import FORM_IDS, form


def _failing(audit: Audit) -> set[str]:
    return {outcome.check.id for outcome in audit.outcomes if outcome.status is Status.FAIL}


@examples(25, 80)
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_suggestion_settles_what_it_names_and_breaks_nothing(form_id: str, examples: int) -> None:
    every = boxes(form(form_id), *SUMMED)

    @settings(max_examples=examples)
    @given(
        figures=invented(form(form_id)),
        changed=st.dictionaries(
            st.sampled_from(every), st.integers(0, 200), min_size=1, max_size=3
        ),
    )
    def law(figures: dict[Address, Decimal], changed: dict[Address, int]) -> None:
        figures = figures | {box: Decimal(count) for box, count in changed.items()}
        audit = judge(form_id, figures)
        failed = _failing(audit)
        for suggestion in (each for finding in audit.findings for each in finding.suggestions):
            assert set(suggestion.settles) <= failed
            edits = {edit.address: Decimal(edit.after) for edit in suggestion.edits}
            after = {o.check.id: o.status for o in judge(form_id, figures | edits).outcomes}
            # An edit may also make a rule's condition false, and so settle it.
            settled = {Status.PASS, Status.NOT_APPLICABLE}
            assert all(after[check] in settled for check in suggestion.settles)
            broken = {check for check, status in after.items() if status is Status.FAIL} - failed
            assert not broken

    law()


@examples(25, 60)
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_one_wrong_cell_of_table_three_is_suggested_back(form_id: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(
        seed=st.integers(0, 2**32 - 1),
        box=st.sampled_from(boxes(form(form_id), "applications")),
        more=st.integers(1, 300),
    )
    def law(seed: int, box: Address, more: int) -> None:
        figures = consistent_figures(form(form_id), Random(seed))
        audit = judge(form_id, figures | {box: figures[box] + more})
        # No suggestion may break a check, not even one that the true figures break.
        assume(_failing(judge(form_id, figures)) <= _failing(audit))
        offered = [
            {edit.address: Decimal(edit.after) for edit in suggestion.edits}
            for finding in audit.findings
            for suggestion in finding.suggestions
        ]
        assert {box: figures[box]} in offered

    law()
