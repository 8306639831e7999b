"""Audits as commands of a GitHub workflow: an annotation for each finding, on its line.

A finding about which something was decided before is a notice, whatever its severity.

GitHub shows ten errors, ten warnings and ten notes of each step; the log has all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.reporters import Item, Reporter
from auditor.reporters.view import FindingView, ToldOnce, View, audited, failure_in_words
from auditor.reporters.words import bracketed, columns_of, line_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTIES = (*_IN_MESSAGES, (":", "%3A"), (",", "%2C"))


class GitHubReporter(Reporter):
    """A line for each finding, and for each report that was not audited, as soon as it is done."""

    def start(self) -> None:
        self._held = ToldOnce()

    def report(self, item: Item) -> None:
        self.write("".join(self._commands(audited(item, self.language))))

    def _commands(self, view: View | Failure) -> Iterator[str]:
        if isinstance(view, Failure):
            said = failure_in_words(view, self.language)
            yield self._about(view.name, "error", "not-audited", said)
            return
        for finding in view.findings:
            command = "notice" if finding.is_settled else _COMMANDS[finding.severity]
            yield _command(command, _where(finding, self.language), finding.whole)
        if view.unaudited:
            yield self._about(view.name, "error", "not-audited", view.unaudited)
        else:
            for gap in view.gaps:
                yield self._about(view.name, "warning", "partly-audited", gap)
        if view.prose_coverage:
            yield self._about(view.name, "notice", "title-coverage", view.prose_coverage)
        place, said, is_silenced = self._held.told(view)
        if said:
            yield self._about(place, "warning" if is_silenced else "notice", "settings", said)

    def _about(self, name: str, command: str, title: str, said: str) -> str:
        """An annotation of a whole file."""
        return _command(command, {"file": name, "title": phrase(title, self.language)}, said)


def _where(view: FindingView, language: str) -> Mapping[str, str]:
    """The file, the line where it has lines, and a title that says which rule and where."""
    where = {"file": view.source.name}
    line, columns = line_of(view.source, view.origin), columns_of(view.source, view.origin)
    if line is not None:
        where |= {"line": str(line), "endLine": str(line)}
    if columns is not None:
        where |= {"col": str(columns[0]), "endColumn": str(columns[1])}
    title = view.finding.rule_id
    if view.origin is not None and view.origin.page is not None:
        title += bracketed(phrase("on-page", language, page=view.origin.page), language)
    return where | {"title": title}


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    said = ",".join(f"{key}={_escaped(text, _IN_PROPERTIES)}" for key, text in properties.items())
    return f"::{name} {said}::{_escaped(message, _IN_MESSAGES)}\n"


def _escaped(text: str, signs: Iterable[tuple[str, str]]) -> str:
    for sign, code in signs:
        text = text.replace(sign, code)
    return text
