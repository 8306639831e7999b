"""A mark on the picture of a page stands round the figure that it is about, however pages lie."""

from __future__ import annotations

import base64
from io import BytesIO
from random import Random

import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from auditor.findings import verdict_of
from auditor.model.form import Address
from auditor.model.report import Illegible
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers.pdf.pictures import PagePicture, pictures
from auditor.reporters import Judged
from auditor.reporters.html import ReportPart
from auditor.reporters.view import View
from auditor.web.pages import draw, pages_to_draw
from tests.kit import AGENCIES, consistent_figures
from tests.pdfs import Style, pdf
from tests.support import form, library
from tests.web.server import WRONG, YEAR

DPI = 110


def report(style: Style, lies_sideways: bool = False) -> bytes:
    """A report with an error, as PDF; lying on its side, what would turn it upright is gone."""
    blank = form()
    figures = dict(consistent_figures(blank, Random(3)))
    figures[Address.parse(WRONG)] += 6
    content = pdf(blank, figures, AGENCIES[0], YEAR, Random(3), style)
    if not lies_sideways:
        return content
    opened = pypdfium2.PdfDocument(content)
    for page in opened:
        page.set_rotation(0)
    saved = BytesIO()
    opened.save(saved)
    return saved.getvalue()


def judged(content: bytes) -> tuple[Document, Judged]:
    document = Document("report.pdf", content, "application/pdf")
    found = audit(document, library())
    return document, Judged(found, verdict_of(found))


def marked(content: bytes) -> Image.Image:
    """What the picture shows within the mark of the wrong cell."""
    document, item = judged(content)
    pages = pages_to_draw(item.audit)
    part = ReportPart(View(item, "zh"), 1)
    drawn = draw(part, pictures(document, pages, DPI))
    (page, mark) = next(
        (page, mark) for page in drawn for mark in page.marks if mark.kind == "wrong"
    )
    shown = Image.open(BytesIO(base64.b64decode(page.source.partition(",")[2]))).convert("L")
    assert shown.width / shown.height == pytest.approx(page.width / page.height, rel=0.01)
    scale = shown.width / page.width
    box = (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
    return shown.crop(tuple(round(each * scale) for each in box))  # type: ignore[arg-type]


def test_the_same_figure_is_marked_on_pages_that_are_turned() -> None:
    straight = marked(report(Style()))
    dark = straight.point(lambda grey: 255 * (grey < 128))
    assert 20 < dark.histogram()[255] < dark.width * dark.height / 2
    for content in (report(Style(turned=True)), report(Style(turned=True), lies_sideways=True)):
        turned = marked(content).resize(straight.size)
        differing = ImageChops.difference(straight, turned).point(lambda grey: 255 * (grey > 128))
        assert differing.histogram()[255] < dark.histogram()[255]


def test_what_was_not_read_is_marked_too_and_other_formats_have_no_pages() -> None:
    _, item = judged(report(Style()))
    box = Address.parse("applications/carried_forward/total")
    entries = item.audit.report.entries
    unread = {**entries, box: replace(entries[box], value=Illegible())}
    doubted = replace(item.audit, report=replace(item.audit.report, entries=unread), findings=())
    alone = replace(item, audit=doubted)
    part = ReportPart(View(alone, "en"), 1)
    assert pages_to_draw(alone.audit) == (entries[box].origin.page,)  # type: ignore[union-attr]
    (page,) = draw(part, [PagePicture(pages_to_draw(alone.audit)[0], b"", (595.0, 842.0))])
    assert [mark.kind for mark in page.marks] == ["unread"]
    source = replace(doubted.report.source, media_type="text/plain")
    text = replace(doubted, report=replace(doubted.report, source=source))
    assert pages_to_draw(text) == ()
