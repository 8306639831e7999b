"""Audits as a line for each finding, `path:line:column severity rule message`, as editors and other
programs take it; and how often each rule was broken, the commonest first.
"""

from __future__ import annotations

from collections import Counter

from auditor.model.check import Severity
from auditor.reporters import Item, Judged, Reporter
from auditor.reporters.view import (
    COVERAGE,
    FindingView,
    Remark,
    RemarkReporter,
    View,
    columns_of,
    line_of,
)


class ConciseReporter(RemarkReporter):
    """The lines of each report as soon as it is done; what was not audited or not read, and
    settings that took effect, have lines too: no line at all means that all is well."""

    def finding_part(self, finding: FindingView) -> str:
        return _line(finding)

    def remark_part(self, remark: Remark, view: View) -> str | None:
        if remark.kind == COVERAGE:
            return None
        said = _in_one_line(remark.text)
        return f"{remark.name} {remark.severity.value} {remark.kind} {said}\n"


def _line(view: FindingView) -> str:
    line, columns = line_of(view.source, view.origin), columns_of(view.source, view.origin)
    place = view.source.name
    if line is not None:
        place += f":{line}" + (f":{columns[0]}" if columns else "")
    elif view.origin is not None:
        place = view.place
    severity = Severity.INFO if view.is_settled else view.severity
    said = _in_one_line(view.message + view.say.bracketed(view.say.semicolons(view.decided)))
    return f"{place} {severity.value} {view.finding.rule_id} {said}\n"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


class StatisticsReporter(Reporter):
    """How many findings and reports each rule has, when all reports are done; findings about which
    something was decided before do not count."""

    def start(self) -> None:
        self._findings: Counter[str] = Counter()
        self._reports: Counter[str] = Counter()
        self._rules: dict[str, list[str]] = {}
        """Severity and statement."""

    def fragment(self, item: Item, number: int) -> list[tuple[str, str, str]]:
        """Of each finding the rule, the severity and the rule's statement."""
        found = item.audit.findings if isinstance(item, Judged) else ()
        return [
            (
                each.rule_id,
                each.severity.value,
                self.say.of(each.outcomes[0].check.rule.statement),
            )
            for each in found
            if each.disposition is None
        ]

    def add(self, fragment: list[tuple[str, str, str]]) -> None:
        self._rules |= {rule: about for rule, *about in fragment}
        self._findings.update(rule for rule, *_ in fragment)
        self._reports.update({rule for rule, *_ in fragment})

    def finish(self) -> None:
        say, counts = self.say, sorted(self._findings.items(), key=lambda pair: (-pair[1], pair[0]))
        width = max((len(str(count)) for _, count in counts), default=0)
        for rule_id, count in counts:
            severity, statement = self._rules[rule_id]
            head = f"{count:>{width}}  {severity:<7}  {rule_id}"
            values = {"count": self._reports[rule_id], "statement": statement}
            self.write(f"{head}  {say('statistics-line', **values)}\n")
        if not counts:
            self.write(say("no-findings") + "\n")
