"""Audits as commands of a GitHub workflow: an annotation for each finding, on its line.

A finding about which something was decided before is a notice, whatever its severity.

GitHub shows ten errors, ten warnings and ten notes of each step; the log has all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.reporters import Item, Judged, Style
from auditor.reporters.flat import Row, audits, failed, gaps, rows_of, unaudited
from auditor.reporters.held import ToldOnce
from auditor.reporters.places import columns_of, line_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTIES = (*_IN_MESSAGES, (":", "%3A"), (",", "%2C"))


def render_github(items: Iterable[Item], style: Style) -> Iterator[str]:
    """A line for each finding, and for each report that was not audited, as soon as it is done."""
    held = ToldOnce(style.language)
    title = phrase("settings", style.language)
    for item in audits(items):
        yield "".join(_commands(item, style.language))
        place, said, is_silenced = held.told(item)
        if said:
            command = "warning" if is_silenced else "notice"
            yield _command(command, {"file": place, "title": title}, said)


def _commands(item: Judged | Failure, language: str) -> Iterator[str]:
    title = phrase("not-audited", language)
    if isinstance(item, Failure):
        yield _command("error", {"file": item.name, "title": title}, failed(item, language))
        return
    name = item.audit.report.source.name
    for row in rows_of(item.audit, language):
        command = "notice" if row.settled else _COMMANDS[row.severity]
        yield _command(command, _where(row, language), row.told)
    if said := unaudited(item, language):
        yield _command("error", {"file": name, "title": title}, said)
        return
    for gap in gaps(item, language):
        title = phrase("partly-audited", language)
        yield _command("warning", {"file": name, "title": title}, gap)


def _where(row: Row, language: str) -> Mapping[str, str]:
    """The file, the line where it has lines, and a title that says which rule and where."""
    where = {"file": row.source.name}
    line, columns = line_of(row.source, row.origin), columns_of(row.source, row.origin)
    if line is not None:
        where |= {"line": str(line), "endLine": str(line)}
    if columns is not None:
        where |= {"col": str(columns[0]), "endColumn": str(columns[1])}
    title = row.rule
    if row.origin is not None and row.origin.page is not None:
        title += phrase(
            "in-brackets", language, text=phrase("on-page", language, page=row.origin.page)
        )
    return where | {"title": title}


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    said = ",".join(f"{key}={_escaped(text, _IN_PROPERTIES)}" for key, text in properties.items())
    return f"::{name} {said}::{_escaped(message, _IN_MESSAGES)}\n"


def _escaped(text: str, signs: Iterable[tuple[str, str]]) -> str:
    for sign, code in signs:
        text = text.replace(sign, code)
    return text
