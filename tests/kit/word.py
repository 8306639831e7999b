"""An invented report as a word processor's document meant for print, in a `Look`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from random import Random
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.oxml import parse_xml
from docx.shared import Pt

from auditor.model.form import Address, Form
from auditor.testing import Section, page
from tests.kit.looks import Look
from tests.kit.ruled import Box, ruled

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_LINES = {"dashed": "dashed", "dotted": "dotted", "double": "double"}
_DRAWN = {"open": {"insideH", "insideV"}, "rows": {"top", "bottom", "insideH"}, "none": set[str]()}
_TURNS = {"vertical": "tbRlV", "rotated": "btLr"}
_MARGIN = 50


def print_document(
    form: Form,
    figures: Mapping[Address, Decimal],
    agency: str,
    year: int,
    rng: Random,
    look: Look,
) -> bytes:
    """The report as DOCX, set to be printed."""
    made = page(form, figures, agency, year, rng)
    document = new_document()
    section = document.sections[0]
    section.page_width, section.page_height = (Pt(side) for side in look.page)
    section.left_margin = section.right_margin = Pt(_MARGIN)
    section.top_margin = section.bottom_margin = Pt(_MARGIN)
    body = document.element.body
    end = body[-1]
    for number, said in enumerate((made.title, *made.opening)):
        end.addprevious(parse_xml(_paragraph(said, look, 16 if number == 0 else 10.5)))
    end.addprevious(parse_xml(_paragraph("", look, 1, look.above)))
    for part in made.sections:
        end.addprevious(parse_xml(_paragraph(part.heading, look, 14)))
        end.addprevious(parse_xml(_table(part, look)))
    for said in made.closing:
        end.addprevious(parse_xml(_paragraph(said, look, 10.5)))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paragraph(text: str, look: Look, size: float, above: int = 0) -> str:
    return (
        f'<w:p {_W}><w:pPr><w:spacing w:before="{above * 20}" w:after="60"/></w:pPr>'
        f"{_run(text, look, size)}</w:p>"
    )


def _run(text: str, look: Look, size: float, bold: bool = False) -> str:
    font = escape(look.font)
    thick = "<w:b/><w:shadow/>" if bold else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>{thick}'
        f'<w:sz w:val="{round(size * 2)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def _table(section: Section, look: Look) -> str:
    shares = look.widths(section)
    inner = (look.page[0] - 2 * _MARGIN) * 20
    widths = [round(inner * share / sum(shares)) for share in shares]
    line = _LINES.get(look.rules, "single")
    drawn = _DRAWN.get(look.rules, set(_SIDES))
    borders = "".join(
        f'<w:{side} w:val="{line if side in drawn else "nil"}" w:sz="4" w:color="000000"/>'
        for side in _SIDES
    )
    spacing = '<w:tblCellSpacing w:w="20" w:type="dxa"/>' if look.rules == "apart" else ""
    if look.rules == "apart":
        borders = borders.replace("nil", "single")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margin = 20 if look.narrow else 60
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{spacing}'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(_rows(section, look, widths))}</w:tbl>"
    )


def _rows(section: Section, look: Look, widths: list[int]) -> Iterator[str]:
    rows = ruled(section)
    owner = {
        (box.row + down, box.column): (box, down)
        for row in rows
        for box in row
        for down in range(box.rowspan)
    }
    first = next(index for index, row in enumerate(section.rows) if row.figures)
    several = len({row.columns for row in section.table.rows}) > 1
    for number in range(len(rows)):
        properties = "" if look.splits else "<w:cantSplit/>"
        properties += "<w:tblHeader/>" if look.repeats and number < first and not several else ""
        found = sorted((at, box, down) for (row, at), (box, down) in owner.items() if row == number)
        cells = "".join(_cell(box, down, look, widths, section) for _, box, down in found)
        yield f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _cell(box: Box, down: int, look: Look, widths: list[int], section: Section) -> str:
    width = sum(widths[box.column : box.column + box.colspan])
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if box.colspan > 1:
        properties += f'<w:gridSpan w:val="{box.colspan}"/>'
    if box.rowspan > 1:
        properties += "<w:vMerge/>" if down else '<w:vMerge w:val="restart"/>'
        if box.row > 2 and section.table.groups and look.groups:
            properties += f'<w:textDirection w:val="{_TURNS[look.groups]}"/>'
    text = "" if down else look.shown(box)
    return (
        f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:jc w:val="center"/></w:pPr>{_run(text, look, look.size, look.bold)}</w:p></w:tc>'
    )
