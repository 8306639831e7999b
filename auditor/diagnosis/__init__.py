"""Outcomes of checks in; explanations out: the fewest cells that explain the failures, and why.

Error localisation after I. P. Fellegi and D. Holt, "A systematic approach to automatic edit and
imputation", Journal of the American Statistical Association 71 (1976): change as few cells as will
make every sum hold. Nothing here words anything, and nothing knows a layout.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model.finding import Diagnosis, Outcome, Status
from auditor.model.form import Form
from auditor.model.report import Facts, Report


def diagnose(report: Report, form: Form, facts: Facts, outcomes: Sequence[Outcome]) -> Diagnosis:
    """What explains the failures among the outcomes; the same outcomes always give the same."""
    if all(outcome.status is not Status.FAIL for outcome in outcomes):
        return Diagnosis()
    from auditor.diagnosis.explanations import (
        explain_failures,
        impossible,  # most reports fail nothing
    )

    doubted, notices = impossible(report, form, outcomes)
    believed = [outcome for outcome in outcomes if outcome.check.id not in doubted]
    explained = tuple(explain_failures(report, form, facts, believed))
    return Diagnosis(explained, doubted, notices)
