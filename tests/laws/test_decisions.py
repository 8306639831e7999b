"""Laws: nothing new is hidden by what was decided before, and no waiver outlives its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.decisions import apply_decisions, names_of, values_in, values_of
from auditor.decisions.files import compare, read_baseline, write_baseline
from auditor.findings import verdict_of
from auditor.model.check import Place
from auditor.model.finding import Accepted, Audit, Decisions, DispositionKind, Finding, Verdict
from auditor.model.form import Address
from auditor.testing import boxes
from tests.kit import consistent_figures
from tests.laws.test_checks import SUMMED, judge
from tests.support import FORM_IDS, form

TODAY = date(2026, 7, 1)


def _changes(form_id: str) -> st.SearchStrategy[dict[Address, int]]:
    few = boxes(form(form_id), *SUMMED)[:40]
    return st.dictionaries(st.sampled_from(few), st.integers(1, 9), min_size=1, max_size=2)


def _wrong(form_id: str, changes: Mapping[Address, int]) -> Audit:
    figures = consistent_figures(form(form_id), Random(form_id), "medium")
    more = {box: figures.get(box, Decimal(0)) + count for box, count in changes.items()}
    return judge(form_id, {**figures, **more})


def _checks(finding: Finding) -> set[str]:
    return {outcome.check.id for outcome in finding.outcomes}


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_updating_a_baseline_never_hides_what_was_not_in_it_unless_that_is_accepted(
    form_id: str,
) -> None:
    @settings(max_examples=15)
    @given(before=_changes(form_id), after=_changes(form_id))
    def law(before: dict[Address, int], after: dict[Address, int]) -> None:
        known = compare((), [_wrong(form_id, before)]).updated(accept_new=True)
        audit = _wrong(form_id, after)
        changes = compare(known, [audit])
        kept = read_baseline(write_baseline(changes.updated(accept_new=False)), "baseline.json")
        recorded = {check for entry in known for check in entry.checks}
        hidden = [
            finding
            for finding in apply_decisions(audit, Decisions(known=kept), TODAY).findings
            if finding.disposition is not None
        ]
        for finding in hidden:
            assert _checks(finding) <= recorded
        listed = {entry.fingerprint for entry in changes.new}
        for finding in audit.findings:
            was_known = _checks(finding) <= recorded
            assert was_known is (finding.fingerprint not in listed)
            assert was_known is (finding.fingerprint in {each.fingerprint for each in hidden})
        accepted = Decisions(known=changes.updated(accept_new=True))
        whole = apply_decisions(audit, accepted, TODAY)
        assert all(finding.disposition is not None for finding in whole.findings)
        assert compare(accepted.known, [audit]).new == ()
        assert len(whole.findings) == len(audit.findings)

    law()


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_waiver_never_applies_when_any_value_differs_from_those_it_was_given_for(
    form_id: str,
) -> None:
    @settings(max_examples=15)
    @given(before=_changes(form_id), after=_changes(form_id), data=st.data())
    def law(before: dict[Address, int], after: dict[Address, int], data: st.DataObject) -> None:
        first = _wrong(form_id, before)
        finding = data.draw(st.sampled_from(first.findings))
        waiver = _waiver(first, finding)
        waived = apply_decisions(first, Decisions(accepted=(waiver,)), TODAY)
        assert [each.rule_id for each in waived.findings if each.disposition] == [finding.rule_id]

        second = _wrong(form_id, after)
        for each in apply_decisions(second, Decisions(accepted=(waiver,)), TODAY).findings:
            if each.disposition is not None:
                now = values_in(second, each.rule_id)
                assert values_of(each, second.report) == waiver.values
                assert all(now[key] == value for key, value in (waiver.values or {}).items())

        key = data.draw(st.sampled_from(sorted(waiver.values or {})))
        assert waiver.values is not None
        without = {name: value for name, value in waiver.values.items() if name != key}
        for values in (
            {**waiver.values, key: waiver.values[key] + "1"},
            {**waiver.values, "applications/no/such": "1"},
            without,
        ):
            lapsed = apply_decisions(
                first, Decisions(accepted=(replace(waiver, values=values),)), TODAY
            )
            assert not any(each.disposition for each in lapsed.findings)
            assert "waived-lapsed" in [notice.code for notice in lapsed.notices]

    law()


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_what_was_decided_takes_no_finding_away_and_makes_no_unread_report_clean(
    form_id: str,
) -> None:
    box = boxes(form(form_id), "applications")[3]
    audit = _wrong(form_id, {box: 5})
    unread = replace(
        audit, coverage=tuple(replace(receipt, illegible=1) for receipt in audit.coverage)
    )
    known = compare((), [audit]).updated(accept_new=True)
    settled = apply_decisions(unread, Decisions(known=known), TODAY)
    assert verdict_of(audit) is Verdict.FINDINGS
    assert verdict_of(apply_decisions(audit, Decisions(known=known), TODAY)) is Verdict.SETTLED
    assert verdict_of(settled) is Verdict.NOT_AUDITED
    assert settled.counts == audit.counts
    assert [each.message for each in settled.findings] == [each.message for each in audit.findings]


def _waiver(audit: Audit, finding: Finding) -> Accepted:
    identity = audit.report.identity
    return Accepted(
        kind=DispositionKind.WAIVED,
        place=Place("waivers.yaml", 1),
        rule=finding.rule_id,
        address=names_of(finding)[0],
        reason="so decided",
        by="Wang",
        agency=identity.agency,
        year=identity.year,
        expires=date(2027, 1, 1),
        values=values_of(finding, audit.report),
    )
