"""What people see: the page on which documents are dropped, and what each came to.

The report is the one that `--format html` writes, from the same templates; beside it stand what a
page of a server can do: the pages of a PDF with the cells marked, a field for each cell that was
read with doubt, and the other formats.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.escaping import visible
from auditor.messages import phrase
from auditor.model.finding import Audit
from auditor.model.form import Address
from auditor.model.report import Entry, Match, is_unread
from auditor.readers.limits import Limits
from auditor.readers.pdf.pictures import PagePicture
from auditor.reporters import Item, Judged, Style
from auditor.reporters.html import CellView, HtmlReporter, ReportPart, environment
from auditor.reporters.tables import blamed
from auditor.web.uploads import MOST_DOCUMENTS

DOWNLOADS = ("html", "xlsx", "json", "sarif")
"""Formats that a page offers."""
MOST_PAGES = 8
"""Of one answer; a report has its tables on two or three."""
_AROUND = 1.5
"""Points between a cell and the line that marks it."""

_FILES: Mapping[str, tuple[str, str]] = {
    "page.css": ("auditor.reporters", "text/css"),
    "page.js": ("auditor.reporters", "text/javascript"),
    "web.css": ("auditor.web", "text/css"),
    "web.js": ("auditor.web", "text/javascript"),
}
STATIC: Mapping[str, tuple[bytes, str]] = {
    name: (files(package).joinpath("templates", name).read_bytes(), media_type)
    for name, (package, media_type) in _FILES.items()
}
"""What pages refer to, with the media type; nothing else is served by its name."""


class Mark(Struct, frozen=True):
    """A cell on a page, in points from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """`wrong`, `maybe` or `unread`, as in the tables."""
    anchor: str
    """The same cell in the tables."""
    name: str


class DrawnPage(Struct, frozen=True):
    """A page of the document, as it is printed, with the cells that are marked on it."""

    number: int
    source: str
    """The picture itself, as a `data:` address."""
    width: float
    height: float
    marks: tuple[Mark, ...]


class DoubtedCell(Struct, frozen=True):
    """A cell that a person may fill in."""

    address: str
    name: str
    text: str
    """What was entered; else empty."""
    readings: str
    """What it may say, as far as that is known."""
    anchor: str


def pages_to_draw(audit: Audit) -> tuple[int, ...]:
    """The pages of a PDF on which marked cells stand, from 1."""
    if audit.report.source.media_type != "application/pdf":
        return ()
    return tuple(sorted({page for page, _ in _places(audit).values()})[:MOST_PAGES])


def report_page(
    items: Sequence[Item],
    style: Style,
    pictures: Mapping[int, Sequence[PagePicture]],
    entered: Mapping[str, str],
) -> str:
    """What documents came to, as a page; `pictures` by the number of the item, from 1."""
    parts: list[str] = []
    style = replace(style, is_single=len(items) == 1)
    page = PageReporter(style, parts.append, pictures, entered)
    page.start()
    for item in items:
        page.report(item)
    page.finish()
    return "".join(parts)


_Box = tuple[float, float, float, float]


def _places(audit: Audit) -> dict[Address, tuple[int, _Box]]:
    """Where the cells stand that are at fault, or may be, or were not read."""
    entries = audit.report.entries
    marked = {box for finding in audit.findings for box in blamed(finding)}
    marked |= {box for box, entry in entries.items() if is_unread(entry.value)}
    places = {box: entries[box].origin for box in marked if box in entries}
    return {
        box: (origin.page, origin.bbox)
        for box, origin in places.items()
        if origin is not None and origin.page is not None and origin.bbox is not None
    }


class PageReporter(HtmlReporter):
    """The report as a page of this server."""

    def __init__(
        self,
        style: Style,
        write: Callable[[str], None],
        pictures: Mapping[int, Sequence[PagePicture]],
        entered: Mapping[str, str],
    ) -> None:
        """`pictures` are pages by the number of the report, from 1."""
        super().__init__(style, lambda text: write(visible(str(text))))
        self._pictures = pictures
        self._entered = entered
        self._shortcuts: list[tuple[str, str]] = []
        """Where links of the page lead besides those of the report: id and code of a message."""

    def templates(self, language: str) -> Environment:
        return environment(language, "auditor.web")

    def _written(self, part: ReportPart, how: Any) -> Markup:
        written = super()._written(part, how)
        template: Any = self.templates(part.view.language).get_template("extras.html").module
        drawn = [*draw(part, self._pictures.get(part.number, ()))]
        doubted = [*_doubted(part)] if self.style.is_single and not part.view.failure else []
        parts = (("paper", "web-paper", drawn), ("enter", "web-enter", doubted))
        self._shortcuts += [(part.prefix + name, code) for name, code, own in parts if own]
        return written + Markup(template.extras(part, how, drawn, doubted, self.language))

    def _generated(self, template: str, values: Mapping[str, Any], language: str) -> Iterator[str]:
        more = {"entered": self._entered, "downloads": DOWNLOADS, "is_result": True}
        own = self._shortcuts if self.style.is_single else []
        return super()._generated(template, {**values, **more, "shortcuts": own}, language)


def draw(part: ReportPart, pictures: Sequence[PagePicture]) -> Iterator[DrawnPage]:
    """The pictures with the marks of the cells that stand on them."""
    item = part.view.item
    places = _places(item.audit) if isinstance(item, Judged) else {}
    for picture in pictures:
        own = ((box, place) for box, (page, place) in places.items() if page == picture.number)
        width, height = picture.points
        png = base64.b64encode(picture.png).decode()
        marks = tuple(_mark(part, box, place) for box, place in own if box in part.cells)
        yield DrawnPage(picture.number, f"data:image/png;base64,{png}", width, height, marks)


def _mark(part: ReportPart, box: Address, place: _Box) -> Mark:
    cell = part.cells[box]
    left, top, right, bottom = place
    kind = "unread" if not cell.marks else "wrong" if any(cell.marks.values()) else "maybe"
    width, height = (length + 2 * _AROUND for length in (right - left, bottom - top))
    return Mark(left - _AROUND, top - _AROUND, width, height, kind, cell.anchor, cell.name)


def _doubted(part: ReportPart) -> Iterator[DoubtedCell]:
    """What may be filled in, in the order of the form; what was not read before all else."""
    entries = part.view.report.entries
    found = [(entries[box], cell) for box, cell in part.cells.items() if box in entries]
    own = [(entry, cell) for entry, cell in found if entry.may_be_entered]
    for entry, cell in sorted(own, key=lambda pair: not is_unread(pair[0].value)):
        is_entered = entry.match is Match.ENTERED
        text, readings = (entry.raw or "", "") if is_entered else ("", _said(entry, cell))
        yield DoubtedCell(str(entry.address), cell.name, text, readings, cell.anchor)


def _said(entry: Entry, cell: CellView) -> str:
    """What a cell may say, as far as anything is known of that."""
    return cell.readings or (entry.raw or "" if is_unread(entry.value) else cell.text)


def start_page(language: str, limits: Limits, problem: str = "") -> str:
    """The page on which documents are dropped; `problem` says why the last were not taken."""
    page = environment(language, "auditor.web").get_template("start.html")
    return visible(
        page.render(
            heading=phrase("title-report", language),
            version=__version__,
            problem=problem,
            downloads=DOWNLOADS,
            is_result=False,
            entered={},
            most_documents=MOST_DOCUMENTS,
            megabytes=limits.file_bytes // 1_000_000,
        )
    )
