"""How damaged office documents are read: cells right, unread and wrong, authors accused, by kind.

Each kind plants one thing in invented reports that changes what stands in the file and not what the
printed page shows; what is printed is true. The kinds `ODT: *`, `RTF: *` and so on are the same
documents as LibreOffice saves them, where it is there. A seed gives the same reports always.

    python -m benchmarks.office_damage --count 6 --kinds 'DOCX: *,XLSX: *' --show 2

WRONG and `accused` must be 0; what fails otherwise than by a clear error counts as WRONG.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from fnmatch import fnmatch
from functools import cache
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path
from quopri import encodestring
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document as open_document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, DataBarRule, Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from auditor.definitions import Library, load_library
from auditor.readers.convert import soffice
from benchmarks.text_damage import YEARS, Tally, Task, report
from tests.damage.judge import Sample, Verdict, judge, truth_of
from tests.damage.reports import SIZES, Case, invent
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, ruled, web_page

Kind = Callable[[Case, Random], Sample]
Figure = Callable[[str, Random], str]
"""What stands for a figure, as markup."""

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:x="urn:unknown" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_STYLES = """
<w:style {} w:type="character" w:styleId="unseen"><w:name w:val="unseen"/>
<w:rPr><w:vanish/></w:rPr></w:style>
<w:style {} w:type="character" w:styleId="white"><w:name w:val="white"/>
<w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style {} w:type="character" w:styleId="note"><w:name w:val="note"/>
<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
"""
_WHO = 'w:id="7" w:author="a" w:date="2025-01-02T03:04:05Z"'


def _r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _other(text: str, rng: Random) -> str:
    return rng.choice([each for each in ("0", "3", "7", "12", "35", "108") if each != text])


def _cut(text: str, rng: Random, between: str) -> str:
    at = rng.randint(1, len(text))
    return _r(text[:at]) + between + (_r(text[at:]) if text[at:] else "")


def _field(code: str, result: str | None) -> str:
    parts = ['<w:fldChar w:fldCharType="begin"/>', f"<w:instrText>{code}</w:instrText>"]
    if result is not None:
        parts += ['<w:fldChar w:fldCharType="separate"/>', f"<w:t>{result}</w:t>"]
    parts.append('<w:fldChar w:fldCharType="end"/>')
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def _shape(words: str, style: str = "width:60pt;height:20pt") -> str:
    return (
        f'<w:r><w:pict><v:rect style="position:absolute;{style}"><v:textbox><w:txbxContent>'
        f"<w:p>{_r(words)}</w:p></w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
    )


def _alternatives(choice: str, fallback: str, requires: str) -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="{requires}">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def _control(properties: str, inside: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def _drop_down(text: str, rng: Random) -> str:
    entries = "".join(f'<w:listEntry w:val="{each}"/>' for each in (_other(text, rng), text))
    data = f'<w:ffData><w:ddList><w:result w:val="1"/>{entries}</w:ddList></w:ffData>'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        "<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _with_unseen(properties: str) -> Figure:
    return lambda text, rng: _r(text) + _r(_other(text, rng), properties)


_NOTE = '<w:rStyle w:val="note"/>'
_WORD: Mapping[str, Figure] = {
    "inserted": lambda t, g: f"<w:ins {_WHO}>{_r(t)}</w:ins>",
    "deleted before": lambda t, g: (
        f"<w:del {_WHO}><w:r><w:delText>{_other(t, g)}</w:delText></w:r></w:del>{_r(t)}"
    ),
    "deleted within": lambda t, g: _cut(
        t, g, f"<w:del {_WHO}><w:r><w:delText>5</w:delText></w:r></w:del>"
    ),
    "moved": lambda t, g: (
        f"<w:moveFrom {_WHO}>{_r(_other(t, g))}</w:moveFrom><w:moveTo {_WHO}>{_r(t)}</w:moveTo>"
    ),
    "deleted in an insertion": lambda t, g: (
        f"<w:ins {_WHO}><w:del {_WHO}><w:r><w:delText>4</w:delText></w:r></w:del>{_r(t)}</w:ins>"
    ),
    "formats changed": lambda t, g: _r(
        t, f"<w:rPrChange {_WHO}><w:rPr><w:vanish/><w:strike/></w:rPr></w:rPrChange>"
    ),
    "paragraph mark deleted": lambda t, g: (
        f"{_r(t[:1])}</w:p><w:p>{_r(t[1:])}" if len(t) > 1 else _r(t)
    ),
    "comments": lambda t, g: (
        f'<w:commentRangeStart w:id="1"/>{_r(t)}<w:commentRangeEnd w:id="1"/>'
        '<w:r><w:commentReference w:id="1"/></w:r>'
    ),
    "footnote": lambda t, g: (
        _r(t) + f'<w:r><w:rPr>{_NOTE}</w:rPr><w:footnoteReference w:id="1"/></w:r>'
    ),
    "footnote, own mark": lambda t, g: (
        _r(t) + '<w:r><w:footnoteReference w:id="1" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'
    ),
    "endnote, own mark": lambda t, g: (
        _r(t) + f'<w:r><w:rPr>{_NOTE}</w:rPr><w:endnoteReference w:id="1" w:customMarkFollows="1"/>'
        "<w:t>2</w:t></w:r>"
    ),
    "content control": lambda t, g: _control('<w:id w:val="3"/>', _r(t)),
    "placeholder": lambda t, g: _r(t) + _control("<w:showingPlcHdr/>", _r("点击输入")),
    "control in a control": lambda t, g: _control("<w:date/>", _control("<w:text/>", _r(t))),
    "field": lambda t, g: _field("=SUM(LEFT)", t),
    "field in a field": lambda t, g: (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + _field("REF a", _other(t, g))
        + "<w:r><w:instrText>= 1</w:instrText></w:r>"
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + _r(t)
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "field without a result": lambda t, g: _field("REF a", None),
    "simple field": lambda t, g: f'<w:fldSimple w:instr=" DOCPROPERTY n ">{_r(t)}</w:fldSimple>',
    "simple field, no result": lambda t, g: '<w:fldSimple w:instr=" =SUM(LEFT) "/>',
    "field of the author": lambda t, g: _field(
        g.choice(("QUOTE 5", "AUTONUM", "SEQ a", "PAGE")), None
    ),
    "hyperlink": lambda t, g: f'<w:hyperlink w:anchor="a">{_r(t)}</w:hyperlink>',
    "text field": lambda t, g: _field("FORMTEXT", t),
    "drop-down": _drop_down,
    "text box": lambda t, g: _shape(t),
    "text box beside": lambda t, g: (
        _r(t) + _shape(_other(t, g), "margin-left:300pt;margin-top:9pt")
    ),
    "hidden by style": _with_unseen('<w:rStyle w:val="unseen"/>'),
    "hidden": _with_unseen("<w:vanish/>"),
    "specially hidden": _with_unseen("<w:vanish/><w:specVanish/>"),
    "white by style": _with_unseen('<w:rStyle w:val="white"/>'),
    "white by theme": _with_unseen('<w:color w:val="auto" w:themeColor="background1"/>'),
    "near white": _with_unseen('<w:color w:val="FEFEFE"/>'),
    "as its shading": _with_unseen(
        '<w:color w:val="D9D9D9"/><w:shd w:val="clear" w:fill="D9D9D9"/>'
    ),
    "as its highlight": _with_unseen('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'),
    "scaled away": _with_unseen('<w:w w:val="1"/>'),
    "small caps": lambda t, g: _r(t, "<w:smallCaps/>"),
    "fitted": lambda t, g: _r(t, '<w:fitText w:val="300" w:id="5"/>'),
    "right to left": lambda t, g: _r(t, "<w:rtl/>"),
    "soft hyphen": lambda t, g: _cut(t, g, "<w:r><w:softHyphen/></w:r>"),
    "page break": lambda t, g: _cut(t, g, "<w:r><w:lastRenderedPageBreak/></w:r>"),
    "line break": lambda t, g: _cut(t, g, "<w:r><w:br/></w:r>"),
    "column break": lambda t, g: _cut(t, g, '<w:r><w:br w:type="column"/></w:r>'),
    "bookmarks": lambda t, g: _cut(t, g, '<w:bookmarkStart w:id="4" w:name="a"/><w:proofErr/>'),
    "zero-width signs": lambda t, g: _cut(
        t, g, _r(g.choice("\u200b\u200d\u2060\ufeff\u200e\u200f\u00ad"))
    ),
    "combining signs": lambda t, g: _r(
        "".join(each + g.choice(("", "\u0300", "\ufe0f")) for each in t)
    ),
    "full width": lambda t, g: _r("".join(chr(ord(each) + 0xFEE0) for each in t)),
    "digits of mathematics": lambda t, g: _r("".join(chr(0x1D7CE + int(each)) for each in t)),
    "raised sign": lambda t, g: _r(
        t + g.choice("\u00b9\u00b2\u00b3\u2070\u2074\u2460\u2776\u24ea")
    ),
    "lowered sign": lambda t, g: _r(t + g.choice("\u2081\u2082")),
    "fraction sign": lambda t, g: _r(t + g.choice("\u00bd\u00bc")),
    "turned round": lambda t, g: _r(f"\u202e{t[::-1]}\u202c"),
    "ruby": lambda t, g: (
        f"<w:r><w:ruby><w:rt>{_r(_other(t, g))}</w:rt><w:rubyBase>{_r(t)}</w:rubyBase></w:ruby>"
        "</w:r>"
    ),
    "alternatives": lambda t, g: _alternatives(_r(t), _r(_other(t, g)), "wps"),
    "unknown alternative": lambda t, g: _alternatives(_r(_other(t, g)), _r(t), "x"),
    "object": lambda t, g: (
        '<w:r><w:object><v:shape style="width:20pt;height:10pt"><v:imagedata/></v:shape>'
        '<o:OLEObject Type="Embed" ProgID="Equation.3"/></w:object></w:r>'
    ),
    "sign of a font": lambda t, g: _r(t) + '<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>',
    "sign of a font, bare": lambda t, g: (
        _r(t) + '<w:r><w:sym w:font="Wingdings" w:char="0031"/></w:r>'
    ),
    "letters of a font": lambda t, g: (
        _r(t) + _r("1", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')
    ),
    "private signs": lambda t, g: (
        _r(t) + _r("\uf031", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')
    ),
    "equation": lambda t, g: f"<m:oMath><m:r><m:t>{t}</m:t></m:r></m:oMath>",
    "equation, fraction": lambda t, g: (
        f"<m:oMath><m:f><m:num><m:r><m:t>{t}</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    ),
    "equation, raised": lambda t, g: (
        f"<m:oMath><m:sSup><m:e><m:r><m:t>{t}</m:t></m:r></m:e>"
        "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    ),
    "numbered": lambda t, g: (
        f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{_r(t)}'
    ),
    "turned round by a tag": lambda t, g: f'<w:bdo w:val="rtl">{_r(t[::-1])}</w:bdo>',
    "tags of other programs": lambda t, g: (
        f'<w:smartTag w:element="a">{_r(t[:1])}</w:smartTag><w:customXml>{_r(t[1:])}</w:customXml>'
    ),
    "without a fill": _with_unseen("<w14:textFill><w14:noFill/></w14:textFill>"),
    "filled white": _with_unseen(
        '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>'
        "</w14:textFill>"
    ),
    "line of no height": lambda t, g: (
        f'{_r(t)}</w:p><w:p><w:pPr><w:spacing w:line="10" w:lineRule="exact"/></w:pPr>'
        f"{_r(_other(t, g))}"
    ),
    "tab of a place": lambda t, g: _r(t) + "<w:r><w:ptab/></w:r>" + _r(_other(t, g)),
    "nested table": lambda t, g: (
        f"</w:p><w:tbl><w:tr><w:tc><w:p>{_r(t)}</w:p></w:tc></w:tr></w:tbl><w:p>"
    ),
    "nested table, two cells": lambda t, g: (
        f"</w:p><w:tbl><w:tr><w:tc><w:p>{_r(t[:1])}</w:p></w:tc><w:tc><w:p>{_r(t[1:])}</w:p></w:tc>"
        "</w:tr></w:tbl><w:p>"
    ),
}
"""By kind, what a paragraph holds in place of a figure."""
_LOST = {
    *("field without a result", "simple field, no result", "field of the author", "object"),
    *("equation, fraction", "equation, raised", "fraction sign"),
}
"""Kinds in which no plain figure is printed."""


def _tables(document: Any) -> Iterator[tuple[Any, Any]]:
    """Each row with a figure, and its cells."""
    for row in [*document.element.body.iter(qn("w:tr"))]:
        cells = [*row.iter(qn("w:tc"))]
        if any(_said(cell).isdigit() for cell in cells):
            yield row, cells


def _said(cell: Any) -> str:
    return "".join(each.text or "" for each in cell.iter(qn("w:t")))


def _opened(case: Case, rng: Random) -> Any:
    document = open_document(
        BytesIO(word_document(case.form, case.figures, case.agency, case.year, rng))
    )
    for style in parse_xml(f"<w:x {_SPACES}>{_STYLES.replace('{}', '')}</w:x>"):
        document.styles.element.append(style)
    return document


def _saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _figures_in_word(change: Figure, is_lost: bool, share: float = 0.15) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        document = _opened(case, rng)
        for _, cells in _tables(document):
            for cell in cells:
                text = _said(cell)
                if not text.isdigit() or rng.random() > share or (is_lost and text == "0"):
                    continue
                for old in [*cell.iter(qn("w:p"))]:
                    cell.remove(old)
                made = parse_xml(f"<w:x {_SPACES}><w:p>{change(text, rng)}</w:p></w:x>")
                for block in [*made]:
                    cell.append(block)
        return Sample(_saved(document), ".docx", case, truth_of(case))

    return kind


def _row_property(row: Any, markup: str) -> None:
    row.get_or_add_trPr().append(parse_xml(markup.replace("/>", f" {_SPACES}/>", 1)))


def _with_other_figures(row: Any, rng: Random) -> Any:
    other = deepcopy(row)
    for said in other.iter(qn("w:t")):
        if said.text and said.text.isdigit():
            said.text = _other(said.text, rng)
    row.addnext(other)
    return other


def _deleted_rows(document: Any, rng: Random) -> None:
    for row, _ in _tables(document):
        if rng.random() < 0.2:
            _row_property(_with_other_figures(row, rng), f"<w:del {_WHO}/>")


def _deleted_content_of_rows(document: Any, rng: Random) -> None:
    """As other programs track it: every run is deleted, and the row stays."""
    for row, _ in _tables(document):
        if rng.random() < 0.2:
            other = _with_other_figures(row, rng)
            for run in [*other.iter(qn("w:r"))]:
                parent, at = run.getparent(), run.getparent().index(run)
                deleted = parse_xml(f"<w:del {_SPACES} {_WHO}/>")
                parent.insert(at, deleted)
                deleted.append(run)
                for said in run.iter(qn("w:t")):
                    said.tag = qn("w:delText")


def _deleted_cells(document: Any, rng: Random) -> None:
    for _, cells in _tables(document):
        able = [cell for cell in cells if _said(cell).isdigit()]
        if rng.random() < 0.3:
            cell = rng.choice(able)
            other = deepcopy(cell)
            next(other.iter(qn("w:t"))).text = _other(_said(cell), rng)
            properties = other.get_or_add_tcPr()
            properties.append(parse_xml(f"<w:cellDel {_SPACES} {_WHO}/>"))
            cell.addnext(other)


def _hidden_rows(document: Any, rng: Random) -> None:
    for row, _ in _tables(document):
        if rng.random() < 0.2:
            _row_property(_with_other_figures(row, rng), "<w:hidden/>")


def _wrapped(name: str, share: float) -> Callable[[Any, Random], None]:
    """Rows or cells inside content controls."""

    def change(document: Any, rng: Random) -> None:
        for row, cells in _tables(document):
            for each in [row] if name == "w:tr" else cells:
                if rng.random() < share:
                    control = parse_xml(f"<w:sdt {_SPACES}><w:sdtPr/><w:sdtContent/></w:sdt>")
                    each.addprevious(control)
                    control[1].append(each)

    return change


def _floating(document: Any, rng: Random) -> None:
    for table in document.element.body.iter(qn("w:tbl")):
        table.tblPr.append(parse_xml(f'<w:tblpPr {_SPACES} w:tblpX="900" w:tblpY="900"/>'))


def _in_text_boxes(document: Any, rng: Random) -> None:
    for table in [*document.element.body.iterchildren(qn("w:tbl"))]:
        if rng.random() < 0.5:
            holder = parse_xml(f"<w:p {_SPACES}>{_shape('', 'width:400pt;height:300pt')}</w:p>")
            table.addprevious(holder)
            box = next(holder.iter(qn("w:txbxContent")))
            box.insert(0, table)


def _nested(document: Any, rng: Random) -> None:
    for table in [*document.element.body.iterchildren(qn("w:tbl"))]:
        outer = parse_xml(f"<w:tbl {_SPACES}><w:tblPr/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")
        table.addprevious(outer)
        next(outer.iter(qn("w:tc"))).insert(0, table)


def _split(document: Any, rng: Random) -> None:
    """Tables cut in two, the heading repeated or not."""
    for table in [*document.element.body.iterchildren(qn("w:tbl"))]:
        rows = [*table.iterchildren(qn("w:tr"))]
        able = [
            at
            for at in range(4, len(rows))
            if not [*rows[at].iter(qn("w:vMerge"))][:1]
            or rows[at].find(f".//{qn('w:vMerge')}").get(qn("w:val")) == "restart"
        ]
        if not able:
            continue
        at = rng.choice(able)
        other = deepcopy(table)
        has_heading = rng.random() < 0.5
        for number, row in enumerate([*other.iterchildren(qn("w:tr"))]):
            if number < at and not (has_heading and number < 3):
                other.remove(row)
        for row in rows[at:]:
            table.remove(row)
        table.addnext(other)
        table.addnext(parse_xml(f"<w:p {_SPACES}/>"))


def _spans(document: Any, rng: Random) -> None:
    """A span that is one too many."""
    for _, cells in _tables(document):
        if rng.random() < 0.15:
            properties = rng.choice(cells).get_or_add_tcPr()
            for old in properties.findall(qn("w:gridSpan")):
                properties.remove(old)
            span = OxmlElement("w:gridSpan")
            span.set(qn("w:val"), "2")
            properties.append(span)


def _spans_lost(document: Any, rng: Random) -> None:
    for each in [*document.element.body.iter(qn("w:gridSpan"))]:
        if rng.random() < 0.3:
            each.getparent().remove(each)


def _merges_lost(document: Any, rng: Random) -> None:
    for each in [*document.element.body.iter(qn("w:vMerge"))]:
        if rng.random() < 0.2:
            each.getparent().remove(each)


def _merges_without_start(document: Any, rng: Random) -> None:
    for each in [*document.element.body.iter(qn("w:vMerge"))]:
        each.attrib.pop(qn("w:val"), None)


def _grid_before(document: Any, rng: Random) -> None:
    for row, _ in _tables(document):
        if rng.random() < 0.2:
            _row_property(row, f'<w:{rng.choice(("gridBefore", "gridAfter"))} w:val="1"/>')


def _column_of_no_width(document: Any, rng: Random) -> None:
    for _, cells in _tables(document):
        cell = next(cell for cell in cells if _said(cell).isdigit())
        other = deepcopy(cell)
        next(other.iter(qn("w:t"))).text = _other(_said(cell), rng)
        width = other.get_or_add_tcPr().find(qn("w:tcW"))
        if width is not None:
            width.set(qn("w:w"), "0")
            width.set(qn("w:type"), "dxa")
        cell.addnext(other)


def _rows_from_the_right(document: Any, rng: Random) -> None:
    for table in document.element.body.iter(qn("w:tbl")):
        table.tblPr.append(parse_xml(f"<w:bidiVisual {_SPACES}/>"))


def _repeated_headings(document: Any, rng: Random) -> None:
    for table in document.element.body.iter(qn("w:tbl")):
        rows = [*table.iterchildren(qn("w:tr"))]
        for row in rows[:3]:
            _row_property(row, "<w:tblHeader/>")


def _list_numbers(document: Any, rng: Random) -> None:
    """Figures that are the numbers of lists, each begun anew."""
    numbering = document.part.numbering_part.element
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {_SPACES} w:abstractNumId="900">{levels}</w:abstractNum>')
    )
    number = 900
    for _, cells in _tables(document):
        for cell in cells:
            text = _said(cell)
            if text.isdigit() and rng.random() < 0.1:
                number += 1
                list_ = (
                    f'<w:num {_SPACES} w:numId="{number}"><w:abstractNumId w:val="900"/>'
                    f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{text}"/></w:lvlOverride>'
                )
                numbering.append(parse_xml(f"{list_}</w:num>"))
                for old in [*cell.iter(qn("w:p"))]:
                    cell.remove(old)
                properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
                cell.append(parse_xml(f"<w:p {_SPACES}><w:pPr>{properties}</w:pPr></w:p>"))


def _of_tree(change: Callable[[Any, Random], None]) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        document = _opened(case, rng)
        change(document, rng)
        return Sample(_saved(document), ".docx", case, truth_of(case))

    return kind


_TREES = {
    "numbers of lists": _list_numbers,
    "rows deleted": _deleted_rows,
    "rows deleted by runs": _deleted_content_of_rows,
    "cells deleted": _deleted_cells,
    "rows hidden": _hidden_rows,
    "rows in controls": _wrapped("w:tr", 0.2),
    "cells in controls": _wrapped("w:tc", 0.2),
    "floating tables": _floating,
    "tables in text boxes": _in_text_boxes,
    "tables in tables": _nested,
    "tables split": _split,
    "spans too wide": _spans,
    "spans lost": _spans_lost,
    "merges lost": _merges_lost,
    "merges without a start": _merges_without_start,
    "rows moved in": _grid_before,
    "column of no width": _column_of_no_width,
    "from the right": _rows_from_the_right,
    "headings repeated": _repeated_headings,
}


# --- Workbooks


def _boxes(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell.value, (int, float)))


def _written(number: float) -> str:
    return str(int(number))


def _of_book(change: Callable[[Any, Random], None]) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        given = (case.form, case.figures, case.agency, case.year, rng)
        book = load_workbook(BytesIO(workbook(*given)))
        change(book, rng)
        stream = BytesIO()
        book.save(stream)
        return Sample(stream.getvalue(), ".xlsx", case, truth_of(case))

    return kind


def _of_cells(change: Callable[[Any, Random], None], share: float = 0.15) -> Kind:
    def changed(book: Any, rng: Random) -> None:
        for cell in [*_boxes(book)]:
            if rng.random() < share:
                change(cell, rng)

    return _of_book(changed)


def _format(*codes: str) -> Callable[[Any, Random], None]:
    def change(cell: Any, rng: Random) -> None:
        cell.number_format = rng.choice(codes)

    return change


def _text(figure: Figure) -> Callable[[Any, Random], None]:
    def change(cell: Any, rng: Random) -> None:
        cell.value = figure(_written(cell.value), rng)
        cell.data_type = "s"

    return change


def _rich(**looks: Any) -> Callable[[Any, Random], None]:
    """Text with digits behind it that look otherwise."""

    def change(cell: Any, rng: Random) -> None:
        cell.value = CellRichText(_written(cell.value), TextBlock(InlineFont(**looks), "1"))

    return change


def _text_not_shown(cell: Any, rng: Random) -> None:
    if cell.value == 0:
        cell.value = _other("0", rng)
        cell.number_format = rng.choice((";;;", '0;-0;0;""', "0;0;0;"))


def _styled(**styles: Any) -> Callable[[Any, Random], None]:
    """Another figure that nobody sees."""

    def change(cell: Any, rng: Random) -> None:
        if cell.value == 0:
            cell.value = int(_other("0", rng))
            for name, style in styles.items():
                setattr(cell, name, style)

    return change


def _extra_columns(hide: Callable[[Any, int], None]) -> Callable[[Any, Random], None]:
    """Last year's figures in a column between, which nobody sees."""

    def change(book: Any, rng: Random) -> None:
        for sheet in book.worksheets:
            at = rng.randint(4, 8)
            cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
            spans = [each.bounds for each in sheet.merged_cells.ranges]
            for each in [*sheet.merged_cells.ranges]:
                sheet.merged_cells.remove(each)
            sheet.insert_cols(at)
            for left, top, right, bottom in spans:
                left, right = left + (left >= at), right + (right >= at)
                if (left, top) != (right, bottom):
                    sheet.merge_cells(None, top, left, bottom, right)
            for row, values in enumerate(cells, 1):
                if any(isinstance(value, (int, float)) for value in values):
                    cell = sheet.cell(row, at)
                    if type(cell).__name__ == "Cell":
                        cell.value = rng.randint(0, 40)
            hide(sheet, at)

    return change


def _hide_column(sheet: Any, at: int) -> None:
    sheet.column_dimensions[sheet.cell(1, at).column_letter].hidden = True


def _flatten_column(sheet: Any, at: int) -> None:
    sheet.column_dimensions[sheet.cell(1, at).column_letter].width = 0.0001


def _bars(at: str) -> Any:
    rule: Any = DataBarRule
    return rule("min", 0, "max", 9, color="FF638EC6", showValue=False)


def _white_above_zero(at: str) -> Any:
    rule: Any = CellIsRule
    return rule(operator="greaterThan", formula=["0"], font=_WHITE)


def _conditional(rule: Callable[[str], Any]) -> Callable[[Any, Random], None]:
    def change(cell: Any, rng: Random) -> None:
        if cell.value == 0:
            cell.value = int(_other("0", rng))
            cell.parent.conditional_formatting.add(cell.coordinate, rule(cell.coordinate))

    return change


_NO_FORMAT = DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode=";;;"))
_WHITE = Font(color="FFFFFFFF")


def _zeros_hidden(book: Any, rng: Random) -> None:
    for sheet in book.worksheets:
        sheet.sheet_view.showZeros = False


def _formulas_shown(book: Any, rng: Random) -> None:
    for sheet in book.worksheets:
        sheet.sheet_view.showFormulas = True


def _hidden_sheet(state: str) -> Callable[[Any, Random], None]:
    def change(book: Any, rng: Random) -> None:
        other = book.copy_worksheet(book.worksheets[0])
        other.sheet_state = state
        for cell in other._cells.values():
            if isinstance(cell.value, (int, float)):
                cell.value = rng.randint(0, 40)
        book.move_sheet(other, -1)
        book.active = 1

    return change


def _rewritten(
    change: Callable[[str, Random], str], part: str = "xl/worksheets/sheet1.xml"
) -> Kind:
    """XLSX whose sheet's markup is changed."""

    def kind(case: Case, rng: Random) -> Sample:
        given = (case.form, case.figures, case.agency, case.year, rng)
        stream = BytesIO()
        with ZipFile(BytesIO(workbook(*given))) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                if name == part:
                    content = change(content.decode(), rng).encode()
                new.writestr(name, content)
        return Sample(stream.getvalue(), ".xlsx", case, truth_of(case))

    return kind


_NUMBER = re.compile(r'<c r="(\w+)"( s="\d+")?(?: t="n")?><v>(\d+)(?:\.0)?</v></c>')


def _cells_as(change: Callable[[str, str, str, Random], str]) -> Kind:
    """`change` gives a cell anew, from its name, its style and its figure."""

    def changed(sheet: str, rng: Random) -> str:
        def cell(found: re.Match[str]) -> str:
            is_left = rng.random() > 0.15
            return found[0] if is_left else change(found[1], found[2] or "", found[3], rng)

        return _NUMBER.sub(cell, sheet)

    return _rewritten(changed)


_BOOKS: Mapping[str, Kind] = {
    "hidden column": _of_book(_extra_columns(_hide_column)),
    "flat column": _of_book(_extra_columns(_flatten_column)),
    "hidden sheet": _of_book(_hidden_sheet("hidden")),
    "very hidden sheet": _of_book(_hidden_sheet("veryHidden")),
    "zeros hidden": _of_book(_zeros_hidden),
    "formulas shown": _of_book(_formulas_shown),
    "with a unit": _of_cells(_format('0"件"', '#,##0" 件"', "0_ ;[Red]-0", "General")),
    "thousands": _of_cells(_format("#,##0,", '0,"千"', "#,##0,,"), 0.1),
    "nothing shown": _of_cells(_format(";;;", '"";"";""'), 0.1),
    "percent": _of_cells(_format("0%", "0.00%"), 0.1),
    "dates": _of_cells(_format("yyyy-mm-dd", 'yyyy"年"m"月"', "h:mm"), 0.1),
    "other digits": _of_cells(
        _format("0-0", "0 0", "000-000", "# ?/?", "0.0E+0", "0/10", '0"."0'), 0.1
    ),
    "zeros before": _of_cells(_format("0000", "00000")),
    "Chinese numerals": _of_cells(
        _format("[DBNum1][$-804]General", "[DBNum2][$-804]0", "[DBNum3]0"), 0.1
    ),
    "conditions": _of_cells(_format('[=0]"无";0', "[<5]0;;", '[>9]"多";0'), 0.1),
    "as text": _of_cells(_text(lambda t, g: t)),
    "as text, lines": _of_cells(_text(lambda t, g: t[:1] + "\n" + t[1:])),
    "as text, blanks": _of_cells(
        _text(lambda t, g: g.choice((f" {t} ", f"\u3000{t}", f"\u00a0{t}")))
    ),
    "as text, signs": _of_cells(
        _text(
            lambda t, g: g.choice((t[:1] + "\u200b" + t[1:], t + "\u200f", "\u202a" + t + "\u202c"))
        )
    ),
    "as text, full width": _of_cells(_text(lambda t, g: "".join(chr(ord(x) + 0xFEE0) for x in t))),
    "as text, raised signs": _of_cells(_text(lambda t, g: t + g.choice("¹²³①"))),
    "as text, turned round": _of_cells(_text(lambda t, g: f"\u202e{t[::-1]}\u202c")),
    "as text, last year": _of_cells(_text(lambda t, g: f"{t}\n({_other(t, g)})"), 0.3),
    "as text, not shown": _of_cells(_text_not_shown),
    "as text, white digits": _of_cells(_rich(color="FFFFFFFF")),
    "as text, tiny digits": _of_cells(_rich(sz=1)),
    "as text, lowered digits": _of_cells(_rich(vertAlign="subscript")),
    "as text, raised digits": _of_cells(_rich(vertAlign="superscript")),
    "white by number": _of_cells(_styled(font=Font(color=Color(indexed=9)))),
    "white by theme": _of_cells(_styled(font=Font(color=Color(theme=0)))),
    "white on white": _of_cells(_styled(font=_WHITE, fill=PatternFill("solid", "FFFFFFFF"))),
    "grey on grey": _of_cells(
        _styled(font=Font(color="FFD9D9D9"), fill=PatternFill("solid", "FFD9D9D9"))
    ),
    "tiny": _of_cells(_styled(font=Font(size=1))),
    "repeated to fill": _of_cells(
        lambda c, g: setattr(c, "alignment", Alignment(horizontal="fill"))
    ),
    "hidden on conditions": _of_cells(
        _conditional(lambda at: Rule(type="expression", formula=["TRUE"], dxf=_NO_FORMAT))
    ),
    "white on conditions": _of_cells(_conditional(_white_above_zero)),
    "bars only": _of_cells(_conditional(_bars)),
    "stale formulas": _cells_as(lambda at, s, t, g: f'<c r="{at}"{s}><f>1+1</f><v>{t}</v></c>'),
    "formulas without values": _cells_as(lambda at, s, t, g: f'<c r="{at}"{s}><f>{t}</f></c>'),
    "formulas of text": _cells_as(
        lambda at, s, t, g: f'<c r="{at}"{s} t="str"><f>A1</f><v>{t}</v></c>'
    ),
    "formulas of no text": _cells_as(
        lambda at, s, t, g: (
            f'<c r="{at}"{s} t="str"><f>IF(A1,"")</f><v></v></c>'
            if t == "0"
            else f'<c r="{at}"{s}><v>{t}</v></c>'
        )
    ),
    "errors": _cells_as(lambda at, s, t, g: f'<c r="{at}"{s} t="e"><f>1/0</f><v>#REF!</v></c>'),
    "inline text": _cells_as(
        lambda at, s, t, g: f'<c r="{at}"{s} t="inlineStr"><is><t>{t}</t></is></c>'
    ),
    "readings": _cells_as(
        lambda at, s, t, g: (
            f'<c r="{at}"{s} t="inlineStr"><is><t>{t}</t><rPh sb="0" eb="1"><t>7</t></rPh></is></c>'
        )
    ),
    "long numbers": _cells_as(
        lambda at, s, t, g: (
            f'<c r="{at}"{s}><v>{t}.00000000000001</v></c>'
            if t != "0"
            else f'<c r="{at}"{s}><v>0</v></c>'
        )
    ),
    "exponents": _cells_as(lambda at, s, t, g: f'<c r="{at}"{s}><v>{t}E0</v></c>'),
    "dates of ISO": _cells_as(
        lambda at, s, t, g: f'<c r="{at}"{s} t="d"><v>2024-01-{int(t) % 28 + 1:02}</v></c>'
    ),
}
# --- Text, Markdown, delimited text and saved pages


def _rows_of(case: Case, rng: Random) -> tuple[list[str], list[list[list[str]]], list[str]]:
    """Words before, the rows of each table with blanks for what spans cover, and words after."""
    made = case.page(rng)
    tables = []
    for section in made.sections:
        boxes = [box for row in ruled(section) for box in row]
        down = max(box.row + box.rowspan for box in boxes)
        across = max(box.column + box.colspan for box in boxes)
        grid = [[""] * across for _ in range(down)]
        for box in boxes:
            grid[box.row][box.column] = box.text
        tables.append([[section.heading], *grid])
    return [made.title, *made.opening], tables, [*made.closing]


def _lines(case: Case, rng: Random, line: Callable[[list[str]], str], figure: Figure | None) -> str:
    before, tables, after = _rows_of(case, rng)
    lines = [line([words]) for words in before]
    for table in tables:
        for row in table:
            fields = [
                figure(each, rng) if figure and each.isdigit() and rng.random() < 0.15 else each
                for each in row
            ]
            lines.append(line(fields))
    return "\n".join([*lines, *(line([words]) for words in after)]) + "\n"


def _csv_line(mark: str) -> Callable[[list[str]], str]:
    def line(fields: list[str]) -> str:
        return mark.join(
            '"' + each.replace('"', '""') + '"' if set(each) & set(f'{mark}"\n') else each
            for each in fields
        )

    return line


def _delimited(mark: str, encoding: str, figure: Figure | None = None, before: bytes = b"") -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        text = _lines(case, rng, _csv_line(mark), figure)
        return Sample(before + text.encode(encoding), ".csv", case, truth_of(case))

    return kind


_DELIMITED: Mapping[str, Kind] = {
    **{
        f"{name}, {encoding}": _delimited(mark, encoding)
        for name, mark in (("commas", ","), ("tabs", "\t"), ("semicolons", ";"))
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "gb18030",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
        )
    },
    "mark of another encoding": _delimited(",", "gb18030", None, b"\xef\xbb\xbf"),
    "two marks": _delimited(",", "utf-8-sig", None, b"\xef\xbb\xbf"),
    "as formulas": _delimited(",", "utf-8", lambda t, g: f'="{t}"'),
    "apostrophes": _delimited(",", "utf-8", lambda t, g: f"'{t}"),
    "thousands": _delimited(",", "utf-8", lambda t, g: f"{int(t):,}"),
    "lines in fields": _delimited(",", "utf-8", lambda t, g: f"{t}\n"),
    "lines within": _delimited(",", "utf-8", lambda t, g: f"{t[:1]}\n{t[1:]}"),
    "units": _delimited(",", "utf-8", lambda t, g: f"{t}件"),
    "exponents": _delimited(",", "utf-8", lambda t, g: f"{float(t):.2E}" if len(t) > 3 else t),
}


def _markdown_line(fields: list[str]) -> str:
    return fields[0] + "\n" if len(fields) == 1 else "| " + " | ".join(fields) + " |"


def _markdown(figure: Figure) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        text = _lines(case, rng, _markdown_line, figure)
        return Sample(text.encode(), ".md", case, truth_of(case))

    return kind


_MARKDOWN: Mapping[str, Kind] = {
    name: _markdown(figure)
    for name, figure in {
        "plain": lambda t, g: t,
        "struck": lambda t, g: f"~~{_other(t, g)}~~ {t}",
        "struck by a tag": lambda t, g: f"<del>{_other(t, g)}</del>{t}",
        "notes": lambda t, g: f"{t}[^1]",
        "raised": lambda t, g: f"{t}^1^",
        "raised by a tag": lambda t, g: f"{t}<sup>1</sup>",
        "lowered by a tag": lambda t, g: f"{t}<sub>1</sub>",
        "links": lambda t, g: f"[{t}](a/{_other(t, g)}.html)",
        "images": lambda t, g: f"{t}![](a{_other(t, g)}.png)",
        "comments": lambda t, g: f"{t}<!-- {_other(t, g)} -->",
        "formulas": lambda t, g: f"${t}$",
        "formulas, raised": lambda t, g: f"${t}^1$",
        "code": lambda t, g: f"`{t}`",
        "bold": lambda t, g: f"**{t}**",
        "slanted": lambda t, g: f"*{t}*",
        "escaped": lambda t, g: f"{t}\\*",
        "entities": lambda t, g: "".join(f"&#{ord(each)};" for each in t),
        "entities, hexadecimal": lambda t, g: "".join(f"&#x{ord(each):x};" for each in t),
        "line breaks": lambda t, g: f"{t[:1]}<br>{t[1:]}",
        "hidden by a tag": lambda t, g: f'{t}<span style="display:none">{_other(t, g)}</span>',
        "attributes": lambda t, g: f"{t}{{.c{_other(t, g)}}}",
    }.items()
}


def _saved_page(
    case: Case, rng: Random, charset: str, told: str, way: str, more: str = ""
) -> bytes:
    given = (case.form, case.figures, case.agency, case.year, rng)
    page = web_page(WEB_PAGES[0], *given).decode()
    page = re.sub(r"<meta[^>]*charset[^>]*>", "", page)
    if told:
        page = page.replace("<body>", f'<head><meta charset="{told}"></head><body>', 1)
    content = page.encode(charset, "replace")
    body = b64encode(content) if way == "base64" else encodestring(content)
    if way == "base64":
        body = b"\r\n".join(body[at : at + 76] for at in range(0, len(body), 76))
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="=_b"\r\n\r\n'
        f"--=_b\r\nContent-Type: text/html{more}\r\nContent-Transfer-Encoding: {way}\r\n"
        "Content-Location: http://a.example/1.html\r\n\r\n"
    )
    return head.encode() + body + b"\r\n--=_b--\r\n"


def _page_kind(charset: str, told: str, way: str, more: str = "") -> Kind:
    return lambda case, rng: Sample(
        _saved_page(case, rng, charset, told, way, more), ".mht", case, truth_of(case)
    )


def _torn_page(case: Case, rng: Random) -> Sample:
    content = _saved_page(case, rng, "utf-8", "utf-8", "quoted-printable")
    at = rng.randint(len(content) // 2, len(content) - 20)
    return Sample(content[:at], ".mht", case, truth_of(case))


def _two_pages(case: Case, rng: Random) -> Sample:
    """A plain text beside the page, as mail has it."""
    content = _saved_page(case, rng, "utf-8", "utf-8", "base64")
    text = f"--=_b\r\nContent-Type: text/plain\r\n\r\n{case.agency} 35 12\r\n".encode()
    return Sample(
        content.replace(b"--=_b\r\n", text + b"--=_b\r\n", 1), ".mht", case, truth_of(case)
    )


_PAGES: Mapping[str, Kind] = {
    **{
        f"{way}, {charset}, told {told or 'nothing'}": _page_kind(charset, told, way)
        for way in ("quoted-printable", "base64")
        for charset, told in (
            *(("gb2312", "gb2312"), ("gb18030", "gb18030"), ("utf-8", "utf-8"), ("gb18030", "")),
            *(
                ("gb18030", "utf-8"),
                ("utf-8", "gb2312"),
                ("gb18030", "big5"),
                ("gb18030", "iso-8859-1"),
            ),
            ("utf-16", "utf-16"),
        )
    },
    "charset of the part": _page_kind("utf-8", "", "base64", '; charset="gb2312"'),
    "charset of the part, unknown": _page_kind("gb18030", "", "base64", '; charset="x-none"'),
    "torn": _torn_page,
    "text beside": _two_pages,
}


# --- All kinds

KINDS: dict[str, Kind] = {
    **{f"DOCX: {name}": _figures_in_word(each, name in _LOST) for name, each in _WORD.items()},
    **{f"DOCX: {name}": _of_tree(each) for name, each in _TREES.items()},
    **{f"XLSX: {name}": each for name, each in _BOOKS.items()},
    **{f"CSV: {name}": each for name, each in _DELIMITED.items()},
    **{f"Markdown: {name}": each for name, each in _MARKDOWN.items()},
    **{f"MHTML: {name}": each for name, each in _PAGES.items()},
}
_CONVERTED = {
    **dict.fromkeys(("odt", "rtf", "doc", "fodt"), "DOCX: "),
    **dict.fromkeys(("ods", "xls", "xlsb"), "XLSX: "),
}
"""What LibreOffice makes of documents of another kind."""


def _converted(kind: Kind, suffix: str) -> Kind:
    def made(case: Case, rng: Random) -> Sample:
        sample = kind(case, rng)
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"report{sample.suffix}"
            source.write_bytes(sample.content)
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = [soffice() or "soffice", profile, "--headless", "--convert-to", suffix]
            subprocess.run(
                [*command, "--outdir", folder, str(source)], capture_output=True, check=False
            )
            made = Path(folder) / f"report.{suffix}"
            content = made.read_bytes() if made.exists() else b"not saved"
        return Sample(content, f".{suffix}", case, sample.truth)

    return made


_NOT_SAVED = (
    *("equation", "equation, fraction", "equation, raised", "object", "simple field, no result"),
    *("field of the author", "turned round by a tag", "cells deleted", "bars only"),
    *("hidden on conditions", "dates of ISO"),
)
"""What LibreOffice loses or shows when it saves: the document that it makes has no such damage."""

for _suffix, _group in _CONVERTED.items() if soffice() else ():
    KINDS |= {
        name.replace(_group, f"{_suffix.upper()}: "): _converted(kind, _suffix)
        for name, kind in [*KINDS.items()]
        if name.startswith(_group) and name.removeprefix(_group) not in _NOT_SAVED
    }


@cache
def _library() -> Library:
    return load_library()


def made(task: Task) -> Sample:
    """The report of a task."""
    rng = Random(zlib.crc32(f"{task.kind} {task.seed} {task.number}".encode()))
    sizes, forms = [*SIZES], [*YEARS]
    form_id = forms[task.number % 3 // 2]
    size = sizes[(task.number // 2 + zlib.crc32(task.kind.encode())) % len(sizes)]
    has_error = task.number % 2 == 1
    case = invent(_library().form(form_id), YEARS[form_id], rng, size, with_error=has_error)
    return KINDS[task.kind](case, rng)


def run(task: Task) -> tuple[Task, Verdict, float]:
    """The verdict on one report, and the seconds that it took."""
    sample = made(task)
    begun = time.process_time()
    try:
        verdict = judge(sample, _library())
    except Exception as error:  # whatever is no clear refusal
        failure = f"{type(error).__name__}: {error}"
        verdict = Verdict(unread=len(sample.truth), wrong=(failure,))
    return task, verdict, time.process_time() - begun


def main() -> int:
    """Prints the table; 1 where a cell was read wrong or an author accused."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4, help="reports of each kind")
    parser.add_argument("--kinds", default="*", help="patterns of names, apart by commas")
    parser.add_argument("--list", action="store_true", help="only print the names of the kinds")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="failures of each kind to print")
    asked = parser.parse_args()
    patterns = asked.kinds.split(",")
    kinds = [name for name in KINDS if any(fnmatch(name, each) for each in patterns)]
    if asked.list:
        print("\n".join(kinds))
        return 0
    tasks = [Task(kind, number, asked.seed) for kind in kinds for number in range(asked.count)]
    tallies = {kind: Tally() for kind in kinds}
    told: list[str] = []
    with Pool(asked.jobs) as pool:
        for task, verdict, seconds in pool.imap(run, tasks):
            tally = tallies[task.kind]
            tally.add(verdict, seconds)
            if verdict.fails and sum(each.startswith(task.kind) for each in told) < asked.show:
                told.append(f"{task.kind} {task.number}: {'; '.join(verdict.fails[:4])}")
    code = report(tallies, Path(), None)
    print("\n".join(told))
    return code


if __name__ == "__main__":
    sys.exit(main())
