"""Layers that are not shown, and marks that a reader puts over a page: what is under them is
unread."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from auditor.model.source import UNREAD, Document, Grid
from auditor.readers import read
from auditor.readers.pdf import may_have_layers

Draw = Callable[[Any], None]
_LAYER = b"50 0 obj\n<< /Type /OCG /Name (draft) >>\nendobj\n"
_HIDDEN = b"/OCProperties << /OCGs [50 0 R] /D << /OFF [50 0 R] >> >> "


def _pdf(draw: Draw) -> bytes:
    """A table of one row and two columns in which something is drawn."""
    made = BytesIO()
    canvas = Canvas(made, pageCompression=0, invariant=True)
    canvas.grid([72, 172, 272], [300, 324])
    canvas.setFont("Helvetica", 12)
    draw(canvas)
    canvas.save()
    return made.getvalue()


def _with_layer(content: bytes) -> bytes:
    """The PDF with a layer, `/L`, that is not shown."""
    content = content.replace(b"/ProcSet [", b"/Properties << /L 50 0 R >> /ProcSet [")
    content = content.replace(b"/Type /Catalog", _HIDDEN + b"/Type /Catalog")
    return content.replace(b"xref\n", _LAYER + b"xref\n", 1)


def _cells(content: bytes) -> list[str]:
    grid = read(Document("report.pdf", content)).blocks[0]
    assert isinstance(grid, Grid)
    return [cell.text for cell in grid.rows[0]]


def _marked(
    content: bytes, subtype: int, box: tuple[float, float, float, float], fill: int | None = None
) -> bytes:
    """The PDF with a mark over a box, as a program for reading puts it there."""
    left, bottom, right, top = box
    document = pdfium2.PdfDocument(content)
    page = document[0]
    mark = pdfium.FPDFPage_CreateAnnot(page, subtype)
    pdfium.FPDFAnnot_SetRect(mark, pdfium.FS_RECTF(left, top, right, bottom))
    corners = pdfium.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
    pdfium.FPDFAnnot_AppendAttachmentPoints(mark, corners)
    pdfium.FPDFAnnot_SetColor(mark, pdfium.FPDFANNOT_COLORTYPE_Color, 255, 0, 0, 255)
    if fill is not None:
        inner = pdfium.FPDFANNOT_COLORTYPE_InteriorColor
        pdfium.FPDFAnnot_SetColor(mark, inner, *[fill] * 3, 255)
    if subtype == pdfium.FPDF_ANNOT_INK:
        middle = (bottom + top) / 2
        points = (pdfium.FS_POINTF * 2)((left, middle), (right, middle))
        pdfium.FPDFAnnot_AddInkStroke(mark, points, 2)
    pdfium.FPDFPage_CloseAnnot(mark)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def _two_figures(canvas: Any) -> None:
    canvas.drawString(76, 306, "12")
    canvas.drawString(176, 306, "34")


def test_a_digit_in_a_layer_that_is_not_shown_leaves_the_figure_unread() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(76, 306, "5")
        canvas._code.append("/OC /L BDC")
        canvas.drawString(76 + canvas.stringWidth("5", "Helvetica", 12), 306, "8")
        canvas._code.append("EMC")
        canvas.drawString(176, 306, "34")

    assert _cells(_pdf(draw)) == ["58", "34"]
    assert _cells(_with_layer(_pdf(draw))) == [f"5{UNREAD}", "34"]


def test_a_drawing_in_a_layer_that_is_not_shown_is_unread() -> None:
    def draw(canvas: Any) -> None:
        canvas.beginForm("draft")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(76, 306, "58")
        canvas.endForm()
        canvas.doForm("draft")
        canvas.drawString(176, 306, "34")

    content = _with_layer(_pdf(draw)).replace(b"/Subtype /Form", b"/OC 50 0 R /Subtype /Form")
    assert _cells(content) == [UNREAD * 2, "34"]


@pytest.mark.parametrize("turns", [0, 90, 180, 270])
def test_figures_in_layers_that_are_shown_are_read(turns: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(turns)
        canvas._code.append("/OC /L BDC")
        _two_figures(canvas)
        canvas._code.append("EMC")

    shown = _with_layer(_pdf(draw)).replace(b"/OFF [50 0 R]", b"/ON [50 0 R]")
    assert may_have_layers(shown)
    assert _cells(shown) == ["12", "34"]


def _folded(words: bytes) -> bytes:
    """A file in which these objects are folded into a stream."""
    stream = zlib.compress(words)
    head = b"1 0 obj << /Type /ObjStm /Length %d /Filter /FlateDecode >> stream\n" % len(stream)
    return b"%PDF-1.7\n" + head + stream + b"\nendstream endobj"


@pytest.mark.parametrize(
    ("content", "may"),
    [
        (_pdf(_two_figures), False),
        (_with_layer(_pdf(_two_figures)), True),
        (_folded(b"<< /Type /Catalog /Pages 3 0 R >>"), False),
        (_folded(b"<< /Type /Catalog /OCProperties 3 0 R >>"), True),
        (_folded(b"<< /Type /Catalog >>").replace(b"x\x9c", b"??"), True),
        (b"%PDF-1.7\n1 0 obj << /Type /ObjStm", True),
    ],
    ids=["none", "in words", "folded, none", "folded", "folded and locked", "cut off"],
)
def test_layers_are_seen_wherever_the_file_speaks_of_them(content: bytes, may: bool) -> None:
    assert may_have_layers(content) is may


_OVER, _BESIDE = (75.0, 303.0, 91.0, 318.0), (120.0, 303.0, 136.0, 318.0)


@pytest.mark.parametrize("place", [_OVER, _BESIDE], ids=["over", "beside"])
@pytest.mark.parametrize(
    ("subtype", "fill"),
    [
        (pdfium.FPDF_ANNOT_STRIKEOUT, None),
        (pdfium.FPDF_ANNOT_INK, None),
        (pdfium.FPDF_ANNOT_SQUARE, 255),
        (pdfium.FPDF_ANNOT_SQUARE, 90),
        (pdfium.FPDF_ANNOT_CIRCLE, 255),
    ],
    ids=["struck", "ink", "white square", "grey square", "circle"],
)
def test_a_figure_under_a_mark_is_unread(
    subtype: int, fill: int | None, place: tuple[float, float, float, float]
) -> None:
    cells = _cells(_marked(_pdf(_two_figures), subtype, place, fill))
    assert cells == ([UNREAD * 2, "34"] if place is _OVER else ["12", "34"])


@pytest.mark.parametrize(
    "subtype",
    [
        *(pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY),
        *(pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_LINK),
    ],
)
def test_a_mark_around_behind_or_beside_a_figure_hides_nothing(subtype: int) -> None:
    assert _cells(_marked(_pdf(_two_figures), subtype, (72, 301, 100, 321))) == ["12", "34"]


@pytest.mark.parametrize("place", [_OVER, _BESIDE], ids=["over", "beside"])
def test_a_figure_under_a_stamp_is_unread(place: tuple[float, float, float, float]) -> None:
    left, bottom, right, top = place
    document = pdfium2.PdfDocument(_pdf(_two_figures))
    sheet = document[0]
    stamp = pdfium.FPDFPage_CreateAnnot(sheet, pdfium.FPDF_ANNOT_STAMP)
    pdfium.FPDFAnnot_SetRect(stamp, pdfium.FS_RECTF(left, top, right, bottom))
    paper = pdfium.FPDFPageObj_CreateNewRect(left, bottom, right - left, top - bottom)
    pdfium.FPDFPageObj_SetFillColor(paper, 255, 255, 255, 255)
    pdfium.FPDFPath_SetDrawMode(paper, pdfium.FPDF_FILLMODE_WINDING, False)
    pdfium.FPDFAnnot_AppendObject(stamp, paper)
    pdfium.FPDFPage_CloseAnnot(stamp)
    saved = BytesIO()
    document.save(saved)
    cells = _cells(saved.getvalue())
    assert cells == ([UNREAD * 2, "34"] if place is _OVER else ["12", "34"])


def test_a_highlight_on_a_page_with_fields_hides_nothing() -> None:
    def draw(canvas: Any) -> None:
        _two_figures(canvas)
        canvas.acroForm.textfield(value="7", x=76, y=200, width=60, height=20)

    content = _marked(_pdf(draw), pdfium.FPDF_ANNOT_HIGHLIGHT, _OVER)
    assert _cells(content) == ["12", "34"]


def test_a_field_is_read_on_a_page_with_marks() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(76, 306, "12")
        canvas.acroForm.textfield(value="34", x=174, y=302, width=60, height=20, borderWidth=0)

    content = _marked(_pdf(draw), pdfium.FPDF_ANNOT_STRIKEOUT, _OVER)
    assert _cells(content) == [UNREAD * 2, "34"]
