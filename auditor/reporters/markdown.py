"""Audits as Markdown for a comment: a table of the reports, then each report's findings.

A comment holds so many characters (65,536 on GitHub); what does not fit is counted, and what was
not audited comes before what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.noun import noun
from auditor.reporters import Item, Judged, Style
from auditor.reporters.flat import (
    Row,
    audits,
    failed,
    gaps,
    headline,
    rows_of,
    unaudited,
    verdict_in_words,
)
from auditor.reporters.held import ToldOnce
from auditor.reporters.told import coverage_line

MOST = 60_000
"""Characters that are written at most."""
_LAST = 600
"""Characters kept for saying what was left out."""
_TOLD = 600
"""Characters of one cell."""
_SHARE = 3
"""The table of reports takes at most one part in so many."""
_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]|~"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;", "\n": "<br>"}
)


@noun
class _Section:
    """One report: its line in the table, what was not read of it, and its findings."""

    line: str
    title: str
    open: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    coverage: str = ""
    """How much of its text was matched."""


def render_markdown(items: Iterable[Item], style: Style) -> Iterator[str]:
    """One text, when all reports are done."""
    language = style.language
    held = ToldOnce(language)
    sections = [_section(item, language, held) for item in audits(items)]
    count = sum(len(section.rows) for section in sections)
    title = phrase("title-report", language)
    text = _Bounded(f"## {title}\n\n")
    text.add(_head(("report", "agency", "verdict", "findings"), language), MOST)
    lines = [section.line for section in sections]
    if left := text.add_all(lines, MOST // _SHARE):
        text.close(f"\n{phrase('more-reports', language, count=left)}\n")
    if open_ := [line for section in sections for line in section.open]:
        text.add(f"\n### {phrase('column-gaps', language)}\n\n", MOST)
        if left := text.add_all(open_, 2 * MOST // _SHARE):
            text.close(f"- {phrase('and-so-many', language, count=left)}\n")
    if covered := [section.coverage for section in sections if section.coverage]:
        text.add(f"\n### {phrase('title-coverage', language)}\n\n", MOST)
        if left := text.add_all(covered, 2 * MOST // _SHARE):
            text.close(f"- {phrase('and-so-many', language, count=left)}\n")
    told = 0
    for section in sections:
        if not section.rows:
            continue
        head = f"\n### {section.title}\n\n" + _head(
            ("severity", "message", "place", "suggestion"), language
        )
        if not text.fits(head + section.rows[0]):
            break
        text.add(head, MOST)
        told += len(section.rows) - (left := text.add_all(section.rows, MOST))
        if left:
            break
    if told < count:
        text.close(f"\n{phrase('more-findings', language, count=count - told)}\n")
    yield text.said


class _Bounded:
    """A text that never grows beyond `MOST`: what is no longer than its end is always taken."""

    def __init__(self, said: str) -> None:
        self.said = said

    def fits(self, more: str, most: int = MOST) -> bool:
        return len(self.said) + len(more) <= most - _LAST

    def add(self, more: str, most: int) -> bool:
        """Whether it was taken."""
        if fits := self.fits(more, most):
            self.said += more
        return fits

    def add_all(self, lines: Sequence[str], most: int) -> int:
        """How many of the lines were not taken, the first of them ending it."""
        for number, line in enumerate(lines):
            if not self.add(line, most):
                return len(lines) - number
        return 0

    def close(self, said: str) -> None:
        """A word on what was left out; room is kept for the few of them."""
        self.said += said


def _section(item: Judged | Failure, language: str, held: ToldOnce) -> _Section:
    if isinstance(item, Failure):
        verdict = phrase("title-failure", language)
        line = _line((_escaped(item.name), "", verdict, ""))
        return _Section(line, "", (_bullet(item.name, failed(item, language), language),))
    audit = item.audit
    name = audit.report.source.name
    open_ = [unaudited(item, language)] if unaudited(item, language) else gaps(item, language)
    told = [(name, each) for each in open_]
    place, said, _ = held.told(item)
    if said:
        told.append((place, said))
    rows = tuple(_row(row, language) for row in rows_of(audit, language))
    covered = coverage_line(audit.report.prose, language)
    about = (name, headline(audit, language), verdict_in_words(item, language), str(len(rows)))
    return _Section(
        line=_line([_escaped(cell) for cell in about]),
        title=f"{_escaped(name)} ({len(rows)})",
        open=tuple(_bullet(each, said, language) for each, said in told),
        rows=rows,
        coverage=_bullet(name, covered, language) if covered else "",
    )


def _row(row: Row, language: str) -> str:
    said = "\n".join(each for each in (row.message, row.decided, row.quotes, row.certainty) if each)
    tag = f"{row.tag}\n{row.rule}"
    cells = (tag, said, row.place, row.suggestion or row.advice)
    return _line([_escaped(cell) for cell in cells])


def _head(names: Sequence[str], language: str) -> str:
    cells = [phrase(f"column-{name}", language) for name in names]
    return _line(cells) + _line(["---"] * len(cells))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _bullet(name: str, said: str, language: str) -> str:
    return f"- {_escaped(name + phrase('colon', language) + said)}\n"


def _escaped(text: str) -> str:
    """The text as Markdown shows it, in one line; nobody is mentioned and nothing linked by it."""
    if len(text) > _TOLD:
        text = text[: _TOLD - 1] + "\u2026"
    return text.translate(_SIGNS).replace("\r", "")
