"""How damaged PDFs are read: cells right, unread and wrong, authors accused, by kind.

Invented reports are printed by LibreOffice and Chromium with something planted in them that makes
figures harder to see, or changed after they were printed, as offices do it. A figure of which not
all can be seen may be unread, never wrong. A seed gives the same reports always.

    python -m benchmarks.pdf_damage --count 4 --kinds 'DOCX: *,PDF: *' --show 2

WRONG and `accused` must be 0. Kinds of which the program is missing are told and left out.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatch
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from docx import Document as open_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl import load_workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

from auditor.definitions import Library, load_library
from benchmarks.text_damage import YEARS, Tally, Task, report
from tests.damage.judge import Sample, judge, truth_of
from tests.damage.reports import SIZES, Case, invent
from tests.kit.office import word_document, workbook
from tests.kit.programs import BROWSER, OFFICE, MissingProgram, by_browser, by_office, find
from tests.kit.ruled import WEB_PAGES, web_page

_SHARE = 0.1
"""Of the figures that are damaged."""
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def _figures(document: Any, rng: Random, share: float = 1.0) -> Iterator[Any]:
    """Paragraphs of cells that hold a figure."""
    for table in document.tables:
        for cell in dict.fromkeys(cell for row in table.rows for cell in row.cells):
            if cell.text.isdigit() and rng.random() < share:
                yield cell.paragraphs[0]


def _sized(document: Any, rng: Random, sizes: Sequence[float]) -> None:
    size = Pt(rng.choice(sizes))
    for table in document.tables:
        for run in table._tbl.iter(qn("w:r")):
            properties = run.get_or_add_rPr()
            properties.sz_val = size


def _aligned(document: Any, rng: Random, side: WD_ALIGN_PARAGRAPH) -> None:
    for paragraph in _figures(document, rng):
        paragraph.alignment = side


def _note_behind(document: Any, rng: Random) -> None:
    for paragraph in _figures(document, rng, _SHARE):
        paragraph.add_run(rng.choice("12")).font.superscript = True


def _before(document: Any, rng: Random, font: str, texts: Callable[[], str]) -> None:
    for paragraph in _figures(document, rng, _SHARE):
        text = paragraph.text
        paragraph.runs[0].text = texts()
        setattr(paragraph.runs[0].font, font, True)
        paragraph.add_run(text)


def _white(document: Any, rng: Random) -> None:
    for paragraph in _figures(document, rng, _SHARE):
        paragraph.add_run(str(rng.randint(1, 9))).font.color.rgb = RGBColor(255, 255, 255)


def _white_on_colour(document: Any, rng: Random) -> None:
    for paragraph in _figures(document, rng, 0.5):
        paragraph.runs[0].font.color.rgb = RGBColor(255, 255, 255)
        shading = parse_xml(f'<w:shd {_SPACES} w:val="clear" w:fill="1F4E79"/>')
        paragraph._p.getparent().get_or_add_tcPr().append(shading)


def _written(document: Any, rng: Random, form: Callable[[int], str]) -> None:
    for paragraph in _figures(document, rng):
        paragraph.runs[0].text = form(int(paragraph.text))


def _full_width(figure: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(figure))


def _kerned(document: Any, rng: Random) -> None:
    for paragraph in _figures(document, rng):
        spacing = parse_xml(f'<w:spacing {_SPACES} w:val="{rng.choice((-6, 10, 20))}"/>')
        paragraph.runs[0]._r.get_or_add_rPr().append(spacing)


def _last_year(document: Any, rng: Random) -> None:
    for paragraph in _figures(document, rng, 0.3):
        paragraph.add_run(f"（{rng.randint(0, 99)}）")


def _tracked(document: Any, rng: Random) -> None:
    """The figure is an insertion, and the one before it a deletion that is shown."""
    for number, paragraph in enumerate(_figures(document, rng, _SHARE)):
        run = paragraph.runs[0]._r
        by = f'w:id="{number + 900}" w:author="x" w:date="2024-01-01T00:00:00Z"'
        said = f"<w:r><w:delText>{rng.randint(1, 99)}</w:delText></w:r>"
        run.addprevious(parse_xml(f"<w:del {_SPACES} {by}>{said}</w:del>"))
        inserted = parse_xml(f"<w:ins {_SPACES} {by}/>")
        run.addprevious(inserted)
        inserted.append(run)


def _landscape(document: Any, rng: Random) -> None:
    for section in document.sections:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width


def _narrow(document: Any, rng: Random) -> None:
    for section in document.sections:
        section.left_margin = section.right_margin = Mm(rng.choice((45, 55, 60)))


def _in_columns(document: Any, rng: Random) -> None:
    _sized(document, rng, (5,))
    for section in document.sections:
        section._sectPr.find(qn("w:cols")).set(qn("w:num"), "2")


def _pushed(document: Any, rng: Random, repeats: bool = False) -> None:
    """Tables go on over other pages, with or without their heads."""
    for _ in range(rng.randint(5, 30)):
        document.paragraphs[1].insert_paragraph_before("说明")
    for row in (row for table in document.tables for row in table.rows[:3] if repeats):
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {_SPACES}/>"))


def _footers(document: Any, rng: Random) -> None:
    _pushed(document, rng)
    for section in document.sections:
        section.footer.paragraphs[0].text = f"{rng.randint(1, 9)}"
        section.header.paragraphs[0].text = "政府信息公开年度报告 2024"
        section.bottom_margin, section.footer_distance = Mm(12), Mm(8)


def _shape(document: Any, rng: Random, words: str, look: str, turned: int = 0) -> None:
    for table in document.tables:
        place = f"margin-left:{rng.randint(100, 350)}pt;margin-top:{rng.randint(30, 200)}pt"
        style = f"position:absolute;{place};width:100pt;height:28pt;z-index:5;rotation:{turned}"
        inside = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
        box = f"<v:textbox>{inside}</v:textbox>"
        shape = f'<v:rect style="{style}" {look} stroked="f">{box}</v:rect>'
        markup = f"<w:r {_SPACES}><w:pict>{shape}</w:pict></w:r>"
        table._tbl.getprevious().append(parse_xml(markup))


_CLEAR, _OPAQUE = 'filled="f"', 'fillcolor="white"'
_WORD: dict[str, Callable[[Any, Random], None]] = {
    "as is": lambda document, rng: None,
    "landscape": _landscape,
    "small letters": partial(_sized, sizes=(5, 6, 7)),
    "figures at the right": partial(_aligned, side=WD_ALIGN_PARAGRAPH.RIGHT),
    "figures in the middle": partial(_aligned, side=WD_ALIGN_PARAGRAPH.CENTER),
    "narrow columns": _narrow,
    "tables over pages": _pushed,
    "tables over pages, heads repeated": partial(_pushed, repeats=True),
    "notes behind": _note_behind,
    "notes before": lambda d, r: _before(d, r, "superscript", lambda: r.choice("12")),
    "struck": lambda d, r: _before(d, r, "strike", lambda: str(r.randint(1, 99))),
    "tracked changes": _tracked,
    "white digits": _white,
    "white digits on a colour": _white_on_colour,
    "full width": partial(_written, form=_full_width),
    "thousands": partial(_written, form="{:,}".format),
    "letters spaced": _kerned,
    "last year's behind": _last_year,
    "two columns": _in_columns,
    "feet beside the table": _footers,
    "text box": partial(_shape, words="样本 12", look=_CLEAR),
    "watermark": partial(_shape, words="内部 2024", look=_CLEAR, turned=315),
    "upright watermark": partial(_shape, words="2024", look=_CLEAR),
    "white box over": partial(_shape, words="7", look=_OPAQUE),
    "no edges": lambda document, rng: None,
}


def _word(kind: str, case: Case, rng: Random) -> bytes:
    made = word_document(case.form, case.figures, case.agency, case.year, rng)
    document = open_document(BytesIO(made))
    for table in document.tables if kind != "no edges" else ():
        table.style = "Table Grid"
    _WORD[kind](document, rng)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


_BOOK: dict[str, tuple[Sequence[int], bool, dict[str, Any]]] = {
    "as is": ((), False, {}),
    "to the width of a page": ((), True, {}),
    "narrow columns": ((3, 4, 5, 8), True, {}),
    "wide columns": ((12, 18, 25), False, {}),
    "shrunk": ((), True, {"shrink_to_fit": True}),
    "text in narrow columns": ((3, 4, 5), True, {"horizontal": "left"}),
    "wrapped": ((4,), True, {"wrap_text": True}),
}
"""Widths of columns, whether the page holds all, and how figures are set."""


def _sheet(kind: str, case: Case, rng: Random) -> bytes:
    widths, fits, alignment = _BOOK[kind]
    book = load_workbook(BytesIO(workbook(case.form, case.figures, case.agency, case.year, rng)))
    for sheet in book.worksheets:
        for column in "BCDEFGHIJK" if widths else "":
            sheet.column_dimensions[column].width = rng.choice(widths)
        if fits:
            sheet.page_setup.fitToHeight = 0
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for cell in (cell for row in sheet.iter_rows() for cell in row if alignment):
            if isinstance(cell.value, int | float):
                cell.alignment = Alignment(**alignment)
                if "shrink_to_fit" not in alignment:
                    cell.value = str(int(cell.value))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


_CUT = "overflow:hidden;white-space:nowrap"
_WEB: dict[str, tuple[str, str, float]] = {
    "as is": ("", "{0}", 1),
    "clipped": (f"table{{table-layout:fixed;width:100%}} td{{{_CUT}}}", "{0}", 1),
    "clipped in the cell": (f"td div{{width:20px;{_CUT}}}", "<div>{0}</div>", 1),
    "cut off with dots": (
        f"td div{{width:22px;{_CUT};text-overflow:ellipsis}}", "<div>{0}</div>", 1,
    ),
    "clipped below": ("td div{height:14px;overflow:hidden}", "<div>{0}<br>{1}</div>", 0.2),
    "running over": (
        "table{table-layout:fixed;width:100%;font-size:14px} td{white-space:nowrap}", "{0}", 1,
    ),
    "transparent": ("i{color:transparent}", "{0}<i>{1}</i>", _SHARE),
    "white": ("i{color:#fff}", "{0}<i>{1}</i>", _SHARE),
    "not printed": ("@media print{i{display:none}}", "{0}<i>{1}</i>", _SHARE),
    "off the page": ("i{position:absolute;left:-9999px}", "{0}<i>{1}</i>", _SHARE),
    "painted over": (
        "td{position:relative} i{position:absolute;left:0;top:0;background:#fff;width:100%;"
        "height:100%}", "{1}<i>{0}</i>", _SHARE,
    ),
    "note": ("", "{0}<sup>1</sup>", _SHARE),
    "white on a colour": ("td{background:#1f4e79;color:#fff}", "{0}", 1),
    "striped": ("tr:nth-child(even){background:#ddd}", "{0}", 1),
    "turned table": (
        "@page{size:A4} table{font-size:9px;transform:rotate(90deg);width:700px;"
        "margin:250px -50px}", "{0}", 1,
    ),
    "slanted": ("table{transform:rotate(-1deg)}", "{0}", 1),
    "no edges": ("td{border:0;padding:2px 8px}", "{0}", 1),
}  # fmt: skip
"""A style, what is printed for a figure (0) with another beside it (1), and for how many."""


def _page(kind: str, case: Case, rng: Random) -> bytes:
    style, figure, share = _WEB[kind]
    made = web_page(WEB_PAGES[0], case.form, case.figures, case.agency, case.year, rng).decode()
    parts = made.split("<td")
    for at, part in enumerate(parts):
        head, _, rest = part.partition(">")
        said, _, tail = rest.partition("</td>")
        if at and said.isdigit() and rng.random() < share:
            parts[at] = f"{head}>{figure.format(said, rng.randint(1, 99))}</td>{tail}"
    sheet = f"table{{border-collapse:collapse;font-size:11px}} {style}"
    head = f"<head><meta charset=utf-8><style>{sheet}</style></head>"
    page = "<td".join(parts).replace("<body>", f"{head}<body>", 1)
    return (page.replace("<table border=1>", "<table>") if kind == "no edges" else page).encode()


def _edited(change: Callable[[Any, Any, Random], None], content: bytes, rng: Random) -> bytes:
    """The PDF with each page changed."""
    document = pdfium2.PdfDocument(content)
    for number in range(len(document)):
        page = document[number]
        change(document, page, rng)
        pdfium.FPDFPage_GenerateContent(page)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _stamped(document: Any, page: Any, rng: Random, alpha: int, side: int = 120) -> None:
    """A round picture with a red rim; within it, the paper or nothing."""
    bitmap = pdfium2.PdfBitmap.new_native(side, side, pdfium.FPDFBitmap_BGRA)
    pixels = bytearray()
    for y in range(side):
        for x in range(side):
            distance = ((x - side / 2) ** 2 + (y - side / 2) ** 2) ** 0.5 * 2 / side
            rim = 0.9 < distance < 1
            pixels += bytes((0, 0, 255, 255) if rim else (255, 255, 255, alpha))
    ctypes.memmove(bitmap.buffer, bytes(pixels), len(pixels))
    image = pdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    x, y = rng.randint(100, 350), rng.randint(150, 550)
    image.set_matrix(pdfium2.PdfMatrix(side, 0, 0, side, x, y))
    page.insert_obj(image)


def _boxed(document: Any, page: Any, rng: Random, alpha: int, width: int = 60) -> None:
    x, y = rng.randint(100, 350), rng.randint(150, 550)
    box = pdfium.FPDFPageObj_CreateNewRect(x, y, width, 12)
    pdfium.FPDFPageObj_SetFillColor(box, 255, 255, 255 if alpha == 255 else 0, alpha)
    pdfium.FPDFPath_SetDrawMode(box, pdfium.FPDF_FILLMODE_WINDING, False)
    pdfium.FPDFPage_InsertObject(page, box)


def _written_over(document: Any, page: Any, rng: Random) -> None:
    """A line of large grey digits through the page."""
    text = pdfium.FPDFPageObj_NewTextObj(document, b"Helvetica", 40)
    words = "2024 0123".encode("utf-16-le") + b"\0\0"
    pdfium.FPDFText_SetText(text, ctypes.cast(ctypes.c_char_p(words), pdfium.FPDF_WIDESTRING))
    pdfium.FPDFPageObj_SetFillColor(text, 200, 200, 200, 255)
    pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 150, rng.randint(200, 600))
    pdfium.FPDFPage_InsertObject(page, text)


def _annotated(document: Any, page: Any, rng: Random, subtype: int) -> None:
    for _ in range(4):
        note = pdfium.FPDFPage_CreateAnnot(page, subtype)
        x, y = rng.randint(150, 500), rng.randint(150, 650)
        box = pdfium.FS_RECTF(x, y + 14, x + 50, y)
        pdfium.FPDFAnnot_SetRect(note, box)
        words = "应为 12".encode("utf-16-le") + b"\0\0"
        told = ctypes.cast(ctypes.c_char_p(words), pdfium.FPDF_WIDESTRING)
        pdfium.FPDFAnnot_SetStringValue(note, b"Contents", told)
        pdfium.FPDFPage_CloseAnnot(note)


def _turned(document: Any, page: Any, rng: Random) -> None:
    page.set_rotation(rng.choice((90, 180, 270)))


def _two_up(content: bytes, rng: Random) -> bytes:
    document = pdfium2.PdfDocument(content)
    made = pdfium.FPDF_ImportNPagesToOne(document, 842, 595, 2, 1)
    out = BytesIO()
    pdfium2.PdfDocument(made).save(out)
    return out.getvalue()


def _without_meanings(content: bytes, rng: Random) -> bytes:
    """Of its fonts the file does not say what their glyphs mean."""
    return content.replace(b"/ToUnicode", b"/ToUnicodX")


_AFTER: dict[str, Callable[[bytes, Random], bytes]] = {
    "turned pages": partial(_edited, _turned),
    "two pages on one": _two_up,
    "glyphs without a meaning": _without_meanings,
    "stamp, clear": partial(_edited, partial(_stamped, alpha=0)),
    "stamp, opaque": partial(_edited, partial(_stamped, alpha=255)),
    "white box over": partial(_edited, partial(_boxed, alpha=255)),
    "small white box over": partial(_edited, partial(_boxed, alpha=255, width=4)),
    "marker": partial(_edited, partial(_boxed, alpha=80)),
    "digits written over": partial(_edited, _written_over),
    "comments": partial(_edited, partial(_annotated, subtype=pdfium.FPDF_ANNOT_TEXT)),
    "text over it": partial(_edited, partial(_annotated, subtype=pdfium.FPDF_ANNOT_FREETEXT)),
    "struck by a reader": partial(
        _edited, partial(_annotated, subtype=pdfium.FPDF_ANNOT_STRIKEOUT)
    ),
}
_SOURCES: dict[str, tuple[Iterable[str], Sequence[str]]] = {
    "DOCX": (_WORD, OFFICE),
    "XLSX": (_BOOK, OFFICE),
    "Chromium": (_WEB, BROWSER),
    "PDF": (_AFTER, OFFICE),
}
KINDS = [f"{source}: {kind}" for source, (kinds, _) in _SOURCES.items() for kind in kinds]


@cache
def _library() -> Library:
    return load_library()


def _case(task: Task) -> tuple[Case, Random]:
    rng = Random(zlib.crc32(f"{task.kind} {task.seed} {task.number}".encode()))
    form_id = list(YEARS)[task.number % 3 // 2]
    size = list(SIZES)[(task.number // 2 + zlib.crc32(task.kind.encode())) % len(SIZES)]
    form = _library().form(form_id)
    return invent(form, YEARS[form_id], rng, size, with_error=task.number % 2 == 1), rng


def made(tasks: Sequence[Task]) -> Iterator[tuple[Task, Sample]]:
    """Each report, printed; those for LibreOffice at one start of it."""
    cases = {task: _case(task) for task in tasks}
    written: dict[str, dict[str, bytes]] = {"docx": {}, "xlsx": {}}
    for task, (case, rng) in cases.items():
        source, _, kind = task.kind.partition(": ")
        name = f"{task.kind}-{task.number}"
        if source == "XLSX":
            written["xlsx"][name] = _sheet(kind, case, rng)
        elif source != "Chromium":
            written["docx"][name] = _word(kind if source == "DOCX" else "as is", case, rng)
    printed: dict[str, bytes] = {}
    for suffix, documents in written.items():
        printed |= by_office(documents, suffix) if documents else {}
    for task, (case, rng) in cases.items():
        source, _, kind = task.kind.partition(": ")
        if source == "Chromium":
            content = by_browser(_page(kind, case, rng))
        else:
            content = printed[f"{task.kind}-{task.number}"]
        if source == "PDF":
            content = _AFTER[kind](content, rng)
        yield task, Sample(content, ".pdf", case, truth_of(case))


def _is_there(kind: str) -> bool:
    try:
        find(_SOURCES[kind.partition(":")[0]][1])
    except MissingProgram as missing:
        print(f"{kind}: {missing}", file=sys.stderr)
        return False
    return True


def main() -> int:
    """Prints the table; 1 where a cell was read wrong or an author accused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4, help="reports of each kind")
    parser.add_argument("--kinds", default="*", help="patterns of names, apart by commas")
    parser.add_argument("--list", action="store_true", help="only print the names of the kinds")
    parser.add_argument("--show", type=int, default=0, help="failures of each kind to print")
    parser.add_argument("--folder", type=Path, help="where to put the PDFs")
    asked = parser.parse_args()
    patterns = asked.kinds.split(",")
    kinds = [kind for kind in KINDS if any(fnmatch(kind, pattern) for pattern in patterns)]
    if asked.list:
        print("\n".join(kinds))
        return 0
    kinds = list(filter(_is_there, kinds))
    numbers = range(asked.count)
    tallies = {kind: Tally() for kind in kinds}
    for task, sample in made([Task(kind, n, asked.seed) for kind in kinds for n in numbers]):
        if asked.folder:
            asked.folder.mkdir(parents=True, exist_ok=True)
            name = f"{task.kind}-{task.number}.pdf".replace(": ", "-").replace(" ", "_")
            (asked.folder / name).write_bytes(sample.content)
        begun = time.process_time()
        verdict = judge(sample, _library())
        tally = tallies[task.kind]
        tally.add(verdict, time.process_time() - begun)
        for failure in verdict.fails[: asked.show]:
            print(f"{task.kind} {task.number}: {failure}")
    return report(tallies, Path(), None)


if __name__ == "__main__":
    sys.exit(main())
