"""Audits as a line for each finding, `path:line:column severity rule message`, as editors and other
programs take it; and how often each rule was broken, the commonest first.
"""

from __future__ import annotations

from collections import Counter

from auditor.model.check import Rule, Severity
from auditor.reporters import Item, Judged, Reporter
from auditor.reporters.view import (
    COVERAGE,
    FindingView,
    RemarkReporter,
    View,
    columns_of,
    line_of,
)


class ConciseReporter(RemarkReporter):
    """The lines of each report as soon as it is done; what was not audited or not read, and
    settings that took effect, have lines too: no line at all means that all is well."""

    def report(self, item: Item) -> None:
        view = View(item, self.language_of(item))
        lines = [*map(_line, view.findings)]
        lines += [
            f"{each.name} {each.severity.value} {each.kind} {_in_one_line(each.text)}\n"
            for each in self.remarks(view)
            if each.kind != COVERAGE
        ]
        self.write("".join(lines))


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
        self._rules: dict[str, tuple[Severity, Rule]] = {}

    def report(self, item: Item) -> None:
        if not isinstance(item, Judged):
            return
        found = [each for each in item.audit.findings if each.disposition is None]
        for each in found:
            self._rules[each.rule_id] = each.severity, each.outcomes[0].check.rule
        self._findings.update(each.rule_id for each in found)
        self._reports.update({each.rule_id for each in found})

    def finish(self) -> None:
        say, counts = self.say, sorted(self._findings.items(), key=lambda pair: (-pair[1], pair[0]))
        width = max((len(str(count)) for _, count in counts), default=0)
        for rule_id, count in counts:
            severity, rule = self._rules[rule_id]
            head = f"{count:>{width}}  {severity.value:<7}  {rule_id}"
            values = {"count": self._reports[rule_id], "statement": say.of(rule.statement)}
            self.write(f"{head}  {say('statistics-line', **values)}\n")
        if not counts:
            self.write(say("no-findings") + "\n")
