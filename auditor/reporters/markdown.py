"""Audits as Markdown for a comment: a table of the reports, then each report's findings.

A comment holds so many characters (65,536 on GitHub); what does not fit is counted, and what was
not audited comes before what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.messages import Translator
from auditor.reporters import Item
from auditor.reporters.view import COVERAGE, FindingView, Remark, RemarkReporter, View

MOST = 60_000
"""Characters that are written at most."""
_LAST = 600
"""Characters kept for saying what was left out."""
_LONGEST = 600
"""Characters of one cell."""
_SHARE = 3
"""The table of reports takes at most one part in so many."""
_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]|~"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;", "\n": "<br>"}
)


class _Section(Struct, frozen=True):
    """One report: its line in the table, what is said of it, and its findings."""

    line: str
    title: str
    remarks: tuple[Remark, ...]
    rows: tuple[str, ...]


class MarkdownReporter(RemarkReporter):
    """One text, when all reports are done."""

    def start(self) -> None:
        super().start()
        self._sections: list[_Section] = []

    def report(self, item: Item) -> None:
        view = View(item, self.language)
        rows = tuple(map(_row, view.findings))
        about = ("", view.verdict, "")
        if not view.failure:
            about = (view.headline, view.verdict, str(len(rows)))
        line = _line(map(_escaped, (view.name, *about)))
        title = f"{_escaped(view.name)} ({len(rows)})"
        self._sections.append(_Section(line, title, tuple(self.remarks(view)), rows))

    def finish(self) -> None:
        say, sections = self.say, self._sections
        text = _Bounded(f"## {say('title-report')}\n\n")
        text.add(_head(("report", "agency", "verdict", "findings"), say), MOST)
        if left := text.add_all([section.line for section in sections], MOST // _SHARE):
            text.close(f"\n{say('more-reports', count=left)}\n")
        remarks = [remark for section in sections for remark in section.remarks]
        for title, are_counts in (("column-gaps", False), ("title-coverage", True)):
            own = [each for each in remarks if (each.kind == COVERAGE) is are_counts]
            if own:
                text.add(f"\n### {say(title)}\n\n", MOST)
                lines = [f"- {_escaped(say.titled(each.name, each.text))}\n" for each in own]
                if left := text.add_all(lines, 2 * MOST // _SHARE):
                    text.close(f"- {say('and-so-many', count=left)}\n")
        if left := self._findings(text):
            text.close(f"\n{say('more-findings', count=left)}\n")
        self.write(text.said)

    def _findings(self, text: _Bounded) -> int:
        """How many did not fit."""
        left = sum(len(section.rows) for section in self._sections)
        columns = _head(("severity", "message", "place", "suggestion"), self.say)
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
    lines = (view.message, *view.decided, *view.quotes, view.warning)
    said = "\n".join(filter(None, lines))
    tag = f"{view.tag}\n{view.finding.rule_id}"
    cells = (tag, said, view.place, view.suggestion or view.advice_line)
    return _line(map(_escaped, cells))


def _head(names: Sequence[str], say: Translator) -> str:
    cells = [say(f"column-{name}") for name in names]
    return _line(cells) + _line(["---"] * len(cells))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    """The text as Markdown shows it, in one line; nobody is mentioned and nothing linked by it."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "\u2026"
    return text.translate(_SIGNS).replace("\r", "")
