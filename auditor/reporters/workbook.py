"""How cells of a workbook look, and how text gets into them as nothing but text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

from auditor.model.check import Severity
from auditor.model.finding import Verdict
from auditor.reporters.flat import Row

_LONGEST = 32_000
"""A cell of a workbook holds 32,767 characters."""
_THIN = {"border": 1, "border_color": "#9A9A9A", "valign": "vcenter", "text_wrap": True}


class Formats:
    """The looks of cells, made once for a workbook."""

    def __init__(self, book: Any) -> None:
        def look(**more: Any) -> Any:
            return book.add_format({**_THIN, **more})

        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"text_wrap": False})
        self.heading = look(bold=True, bg_color="#E7E6E6", align="center")
        self.label = look(bg_color="#F7F7F7")
        self.text = look(valign="top")
        self.link = look(valign="top", font_color="#0563C1", underline=1)
        self.figure = look(align="right")
        self.unread = look(align="center", italic=True, bg_color="#D9D2E9", font_color="#4C2A85")
        self.severity = {
            Severity.ERROR: look(bold=True, bg_color="#FFC7CE", font_color="#9C0006"),
            Severity.WARNING: look(bold=True, bg_color="#FFEB9C", font_color="#7F4F00"),
            Severity.INFO: look(bold=True, bg_color="#DDEBF7", font_color="#1F4E79"),
        }
        self.settled = look(bg_color="#E2EFDA", font_color="#375623")
        self._verdicts = {
            Verdict.SILENCED: look(valign="top", bg_color="#FFEB9C", font_color="#7F4F00"),
            Verdict.CLEAN: look(valign="top", bg_color="#C6EFCE", font_color="#006100"),
            Verdict.FINDINGS: look(valign="top", bg_color="#FFC7CE", font_color="#9C0006"),
            Verdict.NOT_AUDITED: look(valign="top", bg_color="#FFEB9C", font_color="#7F4F00"),
        }

    def of(self, row: Row) -> Any:
        """The look of a finding: of its severity, unless something was decided about it before."""
        return self.settled if row.settled else self.severity[row.severity]

    def verdict(self, verdict: Verdict) -> Any:
        """The look of an audit's verdict."""
        return self._verdicts[verdict]


def put(sheet: Any, row: int, column: int, value: str | int | float, look: Any) -> None:
    """A number as a number, a text as a text, never as a formula or a link."""
    if isinstance(value, str):
        sheet.write_string(row, column, cut(value), look)
    else:
        sheet.write_number(row, column, value, look)


def cut(text: str) -> str:
    """The text as far as a cell can hold it."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "\u2026"


def height_of(cells: Iterable[tuple[str, float]]) -> float:
    """How high a row must be, in points, for texts in columns so many characters wide.

    Excel works it out by itself when it opens the file; other programs do not.
    """
    lines = [_lines(text, width) for text, width in cells]
    return min(400, 15.0 * max(lines, default=1))


def _lines(text: str, width: float) -> int:
    count = 0
    for line in text.split("\n"):
        size = sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line)
        count += 1 + int(size * 1.05 / width)
    return count
