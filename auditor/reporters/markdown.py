"""Audits as Markdown for a comment: a table of the reports, then each report's findings.

A comment holds so many characters (65,536 on GitHub); what does not fit is counted, and what was
not audited comes before what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.reporters import Item, Reporter
from auditor.reporters.view import FindingView, ToldOnce, View, audited, failure_in_words
from auditor.reporters.words import titled

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


class _Section(Struct, frozen=True):
    """One report: its line in the table, what was not read of it, and its findings."""

    line: str
    title: str
    gaps: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    coverage: str = ""
    """How much of its text was matched."""


class MarkdownReporter(Reporter):
    """One text, when all reports are done."""

    def start(self) -> None:
        self._held = ToldOnce()
        self._sections: list[_Section] = []

    def report(self, item: Item) -> None:
        self._sections.append(self._section(audited(item, self.language)))

    def _section(self, view: View | Failure) -> _Section:
        if isinstance(view, Failure):
            line = _line([_escaped(view.name), "", phrase("title-failure", self.language), ""])
            said = failure_in_words(view, self.language)
            return _Section(line, "", (_bullet(view.name, said, self.language),))
        gaps = [view.unaudited] if view.unaudited else view.gaps
        told = [(view.name, each) for each in gaps]
        place, said, _ = self._held.told(view)
        if said:
            told.append((place, said))
        rows = tuple(map(_row, view.findings))
        about = (view.name, view.headline, view.verdict, str(len(rows)))
        covered = view.prose_coverage
        return _Section(
            line=_line(map(_escaped, about)),
            title=f"{_escaped(view.name)} ({len(rows)})",
            gaps=tuple(_bullet(name, said, self.language) for name, said in told),
            rows=rows,
            coverage=_bullet(view.name, covered, self.language) if covered else "",
        )

    def finish(self) -> None:
        language, sections = self.language, self._sections
        text = _Bounded(f"## {phrase('title-report', language)}\n\n")
        text.add(_head(("report", "agency", "verdict", "findings"), language), MOST)
        if left := text.add_all([section.line for section in sections], MOST // _SHARE):
            text.close(f"\n{phrase('more-reports', language, count=left)}\n")
        for title, lines in (
            ("column-gaps", [line for section in sections for line in section.gaps]),
            ("title-coverage", [section.coverage for section in sections if section.coverage]),
        ):
            if lines:
                text.add(f"\n### {phrase(title, language)}\n\n", MOST)
                if left := text.add_all(lines, 2 * MOST // _SHARE):
                    text.close(f"- {phrase('and-so-many', language, count=left)}\n")
        if left := self._findings(text):
            text.close(f"\n{phrase('more-findings', language, count=left)}\n")
        self.write(text.said)

    def _findings(self, text: _Bounded) -> int:
        """How many did not fit."""
        left = sum(len(section.rows) for section in self._sections)
        columns = _head(("severity", "message", "place", "suggestion"), self.language)
        for section in self._sections:
            if section.rows:
                head = f"\n### {section.title}\n\n" + columns
                if not text.fits(head + section.rows[0]):
                    break
                text.add(head, MOST)
                over = text.add_all(section.rows, MOST)
                left -= len(section.rows) - over
                if over:
                    break
        return left


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


def _row(view: FindingView) -> str:
    lines = (view.message, *view.decided, view.quotes, view.warning)
    said = "\n".join(filter(None, lines))
    tag = f"{view.tag}\n{view.finding.rule_id}"
    cells = (tag, said, view.place, view.suggestion or view.advice_line)
    return _line(map(_escaped, cells))


def _head(names: Sequence[str], language: str) -> str:
    cells = [phrase(f"column-{name}", language) for name in names]
    return _line(cells) + _line(["---"] * len(cells))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _bullet(name: str, said: str, language: str) -> str:
    return f"- {_escaped(titled(name, said, language))}\n"


def _escaped(text: str) -> str:
    """The text as Markdown shows it, in one line; nobody is mentioned and nothing linked by it."""
    if len(text) > _TOLD:
        text = text[: _TOLD - 1] + "\u2026"
    return text.translate(_SIGNS).replace("\r", "")
