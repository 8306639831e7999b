"""Many documents at a glance: in what order, and which rules each of them breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from auditor.model.check import Rule
from auditor.model.finding import Status
from auditor.model.noun import noun
from auditor.reporters import Item, Judged
from auditor.reporters.html.findings import in_language
from auditor.reporters.html.views import View

_ORDER = ("findings", "failure", "not-audited", "silenced", "below", "settled", "clean", "reading")
_SEVERITIES = ("error", "warning", "info")


@noun
class Tally:
    """What one rule came to in one document."""

    broken: int = 0
    """Checks that fail and are told as findings."""
    settled: int = 0
    """Of those, the ones about whose findings something was decided before; not in `broken`."""
    open: int = 0
    """Checks that could not be decided, and failures that are not told."""
    passed: int = 0


@noun
class Line:
    """One document in the index."""

    view: View
    body: str
    """Its part of the page."""
    tallies: Mapping[str, Tally]
    """By rule; none where the document was not audited."""

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that it breaks, whatever was decided about that."""
        return tuple(rule for rule, tally in self.tallies.items() if tally.broken or tally.settled)

    @property
    def rank(self) -> tuple[int, ...]:
        """The worst first; ties in the order given."""
        found = tuple(-self.view.severities.get(each, 0) for each in _SEVERITIES)
        return (_ORDER.index(self.view.verdict), *found, self.view.number)


@noun
class Column:
    """One rule in the matrix."""

    id: str
    statement: str
    severity: str
    reports: int
    """In how many documents it is broken."""


def tallies_of(item: Item) -> dict[str, Tally]:
    """What each rule came to; empty for a document that was not audited."""
    if not isinstance(item, Judged):
        return {}
    told: dict[str, str] = {}
    for finding in item.audit.findings:
        for outcome in finding.outcomes:
            if finding.disposition is None:
                told[outcome.check.id] = "broken"
            else:
                told.setdefault(outcome.check.id, "settled")
    counts: dict[str, Counter[str]] = {}
    for outcome in item.audit.outcomes:
        count = counts.setdefault(outcome.check.rule.id, Counter())
        match outcome.status:
            case Status.FAIL:
                count[told.get(outcome.check.id, "open")] += 1
            case Status.UNDETERMINED:
                count["open"] += 1
            case Status.PASS:
                count["passed"] += 1
            case Status.NOT_APPLICABLE:
                pass
    return {rule: Tally(**count) for rule, count in counts.items()}


def rules_of(item: Item) -> dict[str, Rule]:
    """The rules whose checks were made on this document, or do not apply to it."""
    outcomes = item.audit.outcomes if isinstance(item, Judged) else ()
    return {outcome.check.rule.id: outcome.check.rule for outcome in outcomes}


def columns_of(
    lines: Sequence[Line], rules: Mapping[str, Rule], language: str
) -> tuple[Column, ...]:
    """The rules that some document breaks, the commonest first."""
    broken: Counter[str] = Counter(rule for line in lines for rule in line.broken)
    return tuple(
        Column(
            rule, in_language(rules[rule].statement, language), rules[rule].severity.value, count
        )
        for rule, count in sorted(broken.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def verdicts_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many documents came to each verdict, the worst first; only those that occur."""
    found = Counter(line.view.verdict for line in lines)
    return {verdict: found[verdict] for verdict in _ORDER if found[verdict]}
