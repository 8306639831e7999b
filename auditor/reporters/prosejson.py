"""What became of the counts of a report's text, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.model.report import Report
from auditor.model.source import Origin


def coverage_of(report: Report) -> dict[str, Any]:
    """How many counts of the text were matched, set apart and why, and not understood."""
    counts = report.prose.coverage() if report.prose else {}
    reasons = {key.partition(":")[2]: count for key, count in counts.items() if ":" in key}
    states = {key: count for key, count in counts.items() if ":" not in key}
    return {**states, "reasons": reasons}


def figures_of(
    report: Report, origin_of: Callable[[Origin | None], dict[str, Any] | None]
) -> list[dict[str, Any]]:
    """Every count of the text, the sentence that it stands in, and what became of it."""
    prose = report.prose
    return [
        {
            "sentence": prose.sentences[each.sentence].text,
            "mark": [each.start, each.end],
            "state": each.state,
            "why": each.why or None,
            "origin": origin_of(prose.sentences[each.sentence].origin),
        }
        for each in (prose.counted if prose else ())
        if prose is not None
    ]
