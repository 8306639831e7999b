"""Documents whose tables hold more than figures: raised notes, stray cells, hidden rows, formats.

In: a `Case`. Out: HTML, DOCX or XLSX in which every figure is there for people to see, and with it
something that is none.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from itertools import pairwise
from random import Random

from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.damage.judge import Sample, truth_of
from tests.damage.reports import Case
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page

Document = Callable[[Case, Random], Sample]
_BOX = re.compile(r"<td([^>]*)>(\d+)</td>")
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)


def _page(case: Case, rng: Random) -> str:
    given = (case.form, case.figures, case.agency, case.year, rng)
    return web_page(WEB_PAGES[0], *given).decode()


def _of_boxes(change: Callable[[str, Random], str], share: float, blanks: bool = False) -> Document:
    """HTML in which some boxes hold what `change` makes of their figure."""

    def document(case: Case, rng: Random) -> Sample:
        def changed(found: re.Match[str]) -> str:
            text = change(found[2], rng) if rng.random() < share else found[2]
            return f"<td{found[1]}>{text}</td>"

        page = _BOX.sub(changed, _page(case, rng))
        return Sample(page.encode(), ".html", case, truth_of(case), blanks)

    return document


def _raised(text: str, rng: Random) -> str:
    note = rng.choice(("<sup>1</sup>", "<sup>[2]</sup>", "<sup>注3</sup>", "<sup>①</sup>"))
    return rng.choice((text + note, note + text, f"{text} {note}"))


def _raised_by_style(text: str, rng: Random) -> str:
    style = rng.choice(("vertical-align:super;font-size:60%", "vertical-align:super"))
    return f'{text}<span style="{style}">2</span>'


def _raised_alone(text: str, rng: Random) -> str:
    return "<sup>1</sup>" if text == "0" else text


def _unseen(text: str, rng: Random) -> str:
    style = rng.choice(
        (
            *("font-size:0", "display:none", "visibility:hidden", "font-size:0px;color:#fff"),
            *("opacity:0", "color:transparent"),
        )
    )
    return f'{text}<span style="{style}">{rng.randint(1, 9)}</span>'


def _in_lines(text: str, rng: Random) -> str:
    cut = rng.randint(1, len(text))
    return f"{text[:cut]}{rng.choice(('<br>', '<wbr>', '&#8203;', '&shy;'))}{text[cut:]}"


def _with_last_year(text: str, rng: Random) -> str:
    other = rng.choice(("0", text, "7", "35"))
    return text + rng.choice(("<br>{}", "<br>（{}）", "<p>上年{}</p>", " / {}")).format(other)


def _struck(text: str, rng: Random) -> str:
    return f"<del>{rng.randint(1, 99)}</del>{text}"


def _struck_by_style(text: str, rng: Random) -> str:
    line = rng.choice(("text-decoration:line-through", "text-decoration-line: line-through"))
    return f'<span style="{line};color:red">{rng.randint(1, 99)}</span>{text}'


def _moved_off(text: str, rng: Random) -> str:
    """A digit that stands beside the window, in a box of no size, or in the paper's colour."""
    style = rng.choice(
        (
            *("position:absolute;left:-9999px", "display:inline-block;text-indent:-999em"),
            *(
                "display:inline-block;width:0;overflow:hidden",
                "position:absolute;clip:rect(0,0,0,0)",
            ),
            *("display:inline-block;transform:scale(0)", "color:#fff", "color: white"),
            *("position:absolute;top:-999px", "display:block;height:0;overflow:hidden"),
        )
    )
    return f'{text}<span style="{style}">{rng.randint(1, 9)}</span>'


def _filled_by_script(text: str, rng: Random) -> str:
    name = rng.choice(("data-to", "data-value", "data-count"))
    return f'<span class="count" {name}="{text}">0</span>'


def _in_pictures(text: str, rng: Random) -> str:
    source = rng.choice(("figure.png", "data:image/gif;base64,R0lGODlhAQABAAAAACw="))
    return f'<img src="{source}" width=20 height=16>'


def _in_fields(text: str, rng: Random) -> str:
    return f'<input value="{text}">'


def _stray_boxes(case: Case, rng: Random) -> Sample:
    """Rows with a box too many, empty or not, before or behind the others."""
    extra = rng.choice(("<td></td>", "<td>&nbsp;</td>", "<td>{}</td>", "<td>备注</td>"))
    ahead = rng.random() < 0.3

    def changed(found: re.Match[str]) -> str:
        row = found[0]
        if rng.random() > 0.2 or not _BOX.search(row):
            return row
        box = extra.format(rng.randint(0, 30))
        return (
            row.replace("<tr>", "<tr>" + box, 1) if ahead else row.replace("</tr>", box + "</tr>")
        )

    page = _ROW.sub(changed, _page(case, rng))
    return Sample(page.encode(), ".html", case, truth_of(case))


def _generated(case: Case, rng: Random) -> Sample:
    """HTML whose sheet puts digits before or behind what stands in some boxes."""
    where = rng.choice(("before", "after", ":before"))
    sheet = f'<style>td.more:{where} {{ content: "{rng.randint(1, 9)}"; }}</style>'

    def changed(found: re.Match[str]) -> str:
        is_chosen = rng.random() < 0.1
        digit = re.search(r'"(\d)"', sheet)
        cut = found[2][1:] if "before" in where else found[2][:-1]
        own = found[2][0] if "before" in where else found[2][-1]
        if not is_chosen or digit is None or own != digit[1]:
            return found[0]
        return f"<td class=more{found[1]}>{cut}</td>"

    page = _BOX.sub(changed, _page(case, rng)).replace("<body>", f"{sheet}<body>")
    return Sample(page.encode(), ".html", case, truth_of(case))


def _empty_rows(case: Case, rng: Random) -> Sample:
    """HTML whose spans reach over rows without a box, as editors leave them."""

    def changed(found: re.Match[str]) -> str:
        return re.sub(r'rowspan="(\d+)"', lambda span: f'rowspan="{int(span[1]) + 1}"', found[0])

    page = _page(case, rng)
    tables = re.split("(?=<table)", page)
    at = rng.randrange(1, len(tables))
    rows = [*_ROW.finditer(tables[at])]
    spanning = [row for row in rows if re.search(r'rowspan="[2-9]', row[0])]
    for row in spanning[1:2] or spanning[:1]:
        tables[at] = tables[at].replace(row[0], changed(row) + "<tr></tr>", 1)
    return Sample("".join(tables).encode(), ".html", case, truth_of(case))


def _last_year_first(case: Case, rng: Random) -> Sample:
    """HTML with last year's tables, all of them, behind or before this year's."""
    page = _page(case, rng)
    other = _BOX.sub(lambda box: f"<td{box[1]}>{rng.randint(0, 40)}</td>", page)
    title = rng.choice(("<p>附：上年度数据</p>", "<h2>上一年度报告</h2>"))
    inside = re.search(r"<body>(.*)</body>", other, re.DOTALL)
    tables = "".join(re.findall(r"<table.*?</table>", inside[1] if inside else "", re.DOTALL))
    page = page.replace("</body>", f"{title}{tables}</body>")
    return Sample(page.encode(), ".html", case, truth_of(case))


def _hidden_rows(case: Case, rng: Random) -> Sample:
    """Rows that nobody sees, with other figures, beside those that are seen."""
    style = rng.choice(("font-size:0", "display:none", "font-size:1px;line-height:0", "height:0"))
    attribute = rng.choice((f'style="{style}"', "hidden"))

    def changed(found: re.Match[str]) -> str:
        row = found[0]
        if rng.random() > 0.1 or "rowspan" in row or not _BOX.search(row):
            return row
        other = _BOX.sub(lambda box: f"<td{box[1]}>{rng.randint(0, 40)}</td>", row)
        return row + other.replace("<tr", f"<tr {attribute}", 1).replace("<td", f"<td {attribute}")

    page = _ROW.sub(changed, _page(case, rng))
    return Sample(page.encode(), ".html", case, truth_of(case))


def _rows_merged(case: Case, rng: Random) -> Sample:
    """Two rows in one: each box holds both figures, a line each."""
    page = _page(case, rng)
    rows = [found for found in _ROW.finditer(page) if len(_BOX.findall(found[0])) == 7]
    pairs = [(a, b) for a, b in pairwise(rows) if "rowspan" not in a[0] + b[0]]
    if not pairs:
        return Sample(page.encode(), ".html", case, truth_of(case))
    first, second = rng.choice(pairs)
    above, below = (re.findall(r"<td.*?</td>", row[0]) for row in (first, second))
    cells = zip(above, below, strict=True)
    both = "".join(a[:-5] + "<br>" + re.sub(r"^<td[^>]*>", "", b) for a, b in cells)
    page = page.replace(first[0], f"<tr>{both}</tr>", 1).replace(second[0], "", 1)
    return Sample(page.encode(), ".html", case, truth_of(case))


def _word(change: Callable[[object, str, Random], None], share: float) -> Document:
    """DOCX in which some boxes hold more than their figure."""

    def document(case: Case, rng: Random) -> Sample:
        given = (case.form, case.figures, case.agency, case.year, rng)
        opened = open_document(BytesIO(word_document(*given)))
        for table in opened.tables:
            for cell in dict.fromkeys(cell for row in table.rows for cell in row.cells):
                if cell.text.isdigit() and rng.random() < share:
                    change(cell, cell.text, rng)
        stream = BytesIO()
        opened.save(stream)
        return Sample(stream.getvalue(), ".docx", case, truth_of(case))

    return document


def _word_raised(cell: object, text: str, rng: Random) -> None:
    run = cell.paragraphs[0].add_run(rng.choice(("1", "[2]", "注")))  # type: ignore[attr-defined]
    run.font.superscript = True


def _word_hidden(cell: object, text: str, rng: Random) -> None:
    run = cell.paragraphs[0].add_run(str(rng.randint(1, 9)))  # type: ignore[attr-defined]
    run.font.hidden = True


def _word_last_year(cell: object, text: str, rng: Random) -> None:
    other = rng.choice(("0", text, "7", "35"))
    cell.add_paragraph(rng.choice(("{}", "（{}）", "上年{}")).format(other))  # type: ignore[attr-defined]


def _word_white(cell: object, text: str, rng: Random) -> None:
    run = cell.paragraphs[0].add_run(str(rng.randint(1, 9)))  # type: ignore[attr-defined]
    if rng.random() < 0.5:
        run.font.color.rgb = RGBColor(255, 255, 255)
    else:
        run.font.size = Pt(1)


def _word_lifted(cell: object, text: str, rng: Random) -> None:
    """A note's number that is moved up by hand."""
    run = cell.paragraphs[0].add_run("1")  # type: ignore[attr-defined]
    position = OxmlElement("w:position")
    position.set(qn("w:val"), "8")
    run._r.get_or_add_rPr().append(position)


def _word_without_result(cell: object, text: str, rng: Random) -> None:
    """A formula whose result is shown once a person asks for it."""
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "=SUM(ABOVE)"
        paragraph.add_run()._r.append(part)


def _word_pictures(cell: object, text: str, rng: Random) -> None:
    """A figure that is pasted as a picture."""
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)
    paragraph.add_run().add_picture(BytesIO(_PICTURE), Cm(0.8))


def _word_flat_rows(case: Case, rng: Random) -> Sample:
    """DOCX with rows of no height that hold other figures."""
    given = (case.form, case.figures, case.agency, case.year, rng)
    opened = open_document(BytesIO(word_document(*given)))
    for table in opened.tables:
        for row in [*table.rows]:
            if rng.random() < 0.1 and any(cell.text.isdigit() for cell in row.cells):
                other = deepcopy(row._tr)
                row._tr.addnext(other)
                for said in other.iter(qn("w:t")):
                    said.text = str(rng.randint(0, 40)) if said.text.isdigit() else said.text
                height = OxmlElement("w:trHeight")
                height.set(qn("w:val"), "1")
                height.set(qn("w:hRule"), "exact")
                other.get_or_add_trPr().append(height)
    stream = BytesIO()
    opened.save(stream)
    return Sample(stream.getvalue(), ".docx", case, truth_of(case))


def _word_tracked(cell: object, text: str, rng: Random) -> None:
    """A figure that another person has changed since: the new one, or the old one."""
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]
    old = deepcopy(paragraph.runs[0]._r)
    for said in old.iter(qn("w:t")):
        said.tag, said.text = qn("w:delText"), str(rng.randint(1, 99))
    deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
    paragraph.runs[0]._r.addprevious(deleted)
    deleted.append(old)
    inserted.append(paragraph.runs[0]._r)
    deleted.addnext(inserted)


_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
"""One point, for a figure: what it shows is not looked at."""
_FORMATS = ("0", "#,##0", "0_ ", "General", "0;-0;0", '0"件"')
_ODD_FORMATS = ("yyyy-mm-dd", "0.0E+00", '"";"";""', "m/d", ";;;")
"""They show a date, a rounded figure or nothing: what a reader says then is the figure, or none."""


def _book(formats: tuple[str, ...], share: float, blurred: bool = False) -> Document:
    """XLSX whose number formats show figures in another way, or another figure."""

    def document(case: Case, rng: Random) -> Sample:
        given = (case.form, case.figures, case.agency, case.year, rng)
        opened = load_workbook(BytesIO(workbook(*given, sheets=rng.random() < 0.3)))
        for sheet in opened.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float) and rng.random() < share:
                        cell.number_format = rng.choice(formats)
                        if blurred and float(cell.value).is_integer():
                            cell.value = float(cell.value) + rng.choice((1e-9, -1e-10, 4e-10))
                            cell.number_format = rng.choice(("0", "#,##0"))
        stream = BytesIO()
        opened.save(stream)
        return Sample(stream.getvalue(), ".xlsx", case, truth_of(case))

    return document


def _of_workbook(change: Callable[[object, Random], None], share: float) -> Document:
    """XLSX in which some boxes with a figure are changed."""

    def document(case: Case, rng: Random) -> Sample:
        given = (case.form, case.figures, case.agency, case.year, rng)
        opened = load_workbook(BytesIO(workbook(*given)))
        for row in opened.worksheets[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and rng.random() < share:
                    change(cell, rng)
        stream = BytesIO()
        opened.save(stream)
        return Sample(stream.getvalue(), ".xlsx", case, truth_of(case))

    return document


def _book_raised(cell: object, rng: Random) -> None:
    note = TextBlock(InlineFont(vertAlign="superscript"), rng.choice(("1", "[2]")))
    cell.value = CellRichText(f"{cell.value:.0f}", note)  # type: ignore[attr-defined]


def _book_literal(cell: object, rng: Random) -> None:
    """A part of the figure is stored, the other one is in the format."""
    figure = f"{cell.value:.0f}"  # type: ignore[attr-defined]
    if len(figure) > 1:
        quoted = rng.choice((f'0"{figure[-1]}"', f"0\\{figure[-1]}"))
        cell.value, cell.number_format = int(figure[:-1]), quoted  # type: ignore[attr-defined]


def _book_unseen(cell: object, rng: Random) -> None:
    """Another figure than the author's, struck out or white, that nobody sees as one."""
    font = rng.choice((Font(color="FFFFFFFF"), Font(strike=True)))
    if not cell.value:  # type: ignore[attr-defined]
        cell.value, cell.font = rng.randint(1, 9), font  # type: ignore[attr-defined]


DOCUMENTS: dict[str, Document] = {
    "HTML, raised notes": _of_boxes(_raised, 0.1),
    "HTML, notes raised by style": _of_boxes(_raised_by_style, 0.1),
    "HTML, raised notes alone": _of_boxes(_raised_alone, 0.05, blanks=True),
    "HTML, unseen figures": _of_boxes(_unseen, 0.1),
    "HTML, figures broken": _of_boxes(_in_lines, 0.3),
    "HTML, last year beside": _of_boxes(_with_last_year, 0.5),
    "HTML, struck figures": _of_boxes(_struck, 0.1),
    "HTML, struck by style": _of_boxes(_struck_by_style, 0.1),
    "HTML, figures moved off": _of_boxes(_moved_off, 0.1),
    "HTML, figures from scripts": _of_boxes(_filled_by_script, 0.1),
    "HTML, figures in pictures": _of_boxes(_in_pictures, 0.05),
    "HTML, figures generated": _generated,
    "HTML, empty rows": _empty_rows,
    "HTML, last year's tables": _last_year_first,
    "HTML, figures in fields": _of_boxes(_in_fields, 0.1),
    "HTML, stray boxes": _stray_boxes,
    "HTML, hidden rows": _hidden_rows,
    "HTML, rows merged": _rows_merged,
    "DOCX, raised notes": _word(_word_raised, 0.1),
    "DOCX, hidden figures": _word(_word_hidden, 0.1),
    "DOCX, last year beside": _word(_word_last_year, 0.5),
    "DOCX, white or tiny figures": _word(_word_white, 0.1),
    "DOCX, notes lifted": _word(_word_lifted, 0.1),
    "DOCX, fields without results": _word(_word_without_result, 0.1),
    "DOCX, tracked changes": _word(_word_tracked, 0.3),
    "DOCX, figures in pictures": _word(_word_pictures, 0.05),
    "DOCX, flat rows": _word_flat_rows,
    "XLSX, struck or white figures": _of_workbook(_book_unseen, 0.1),
    "XLSX, raised notes": _of_workbook(_book_raised, 0.1),
    "XLSX, digits in formats": _of_workbook(_book_literal, 0.1),
    "XLSX, usual formats": _book(_FORMATS, 1.0),
    "XLSX, odd formats": _book(_ODD_FORMATS, 0.1),
    "XLSX, almost whole": _book(_FORMATS, 0.3, blurred=True),
}
