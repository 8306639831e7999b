"""PDF in, grids and lines out; and invented reports read back from PDF without one wrong cell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from auditor.errors import InputError
from auditor.model.report import Blank
from auditor.model.source import UNREAD, Cell, Document, Extract, Grid, Paragraph
from auditor.pipeline import read_report
from auditor.readers import read
from tests.kit import AGENCIES, consistent_figures, figures_of
from tests.pdfs import FONT, Style, pdf
from tests.support import FORM_IDS, YEARS, form, library

canvas = pytest.importorskip("reportlab.pdfgen.canvas")

STYLES = {
    "lines": Style(),
    "thin rectangles": Style(filled=True),
    "no rule at a page's end": Style(filled=True, open_breaks=True),
    "no rules at the sides": Style(open_sides=True),
    "bold drawn twice": Style(bold=True),
    "blanks for zeros": Style(blanks=True),
    "turned pages": Style(turned=True),
    "a watermark": Style(watermark=True),
    "no rules": Style(ruled=False),
    "large print": Style(size=10),
    "form fields": Style(fields=True),
    "everything at once": Style(
        filled=True, open_breaks=True, open_sides=True, bold=True, watermark=True, blanks=True
    ),
}


@pytest.mark.parametrize(
    "seeds", [range(1), pytest.param(range(1, 9), marks=pytest.mark.thorough)], ids=["one", "more"]
)
@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("style", STYLES)
def test_every_cell_is_read_back_from_every_style(style: str, form_id: str, seeds: range) -> None:
    blank_form = form(form_id)
    year = YEARS[form_id][1]
    for seed in seeds:
        rng = Random(seed)
        figures = consistent_figures(blank_form, rng)
        # Where a page ends decides which rows are torn from which.
        set_as = replace(STYLES[style], bottom=60 + rng.randint(0, 400))
        content = pdf(blank_form, figures, AGENCIES[0], year, rng, set_as)
        found, report = read_report(Document("report.pdf", content), library())
        assert found.id == form_id
        assert (report.identity.year, report.identity.agency) == (year, AGENCIES[0])
        read_as = figures_of(report)
        for box, figure in figures.items():
            if set_as.blanks and not figure and isinstance(report.entries[box].value, Blank):
                continue
            assert read_as.get(box) == figure, box


def drawn(draw: Callable[[Any], None], **options: Any) -> Extract:
    """What is read from a single page; the canvas measures from the lower left corner."""
    return read(Document("x.pdf", page(draw, **options)))


def page(draw: Callable[[Any], None], **options: Any) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    made = canvas.Canvas(out, pagesize=(400, 400), invariant=True, **options)
    made.setFont(FONT, 10)
    draw(made)
    made.save()
    return out.getvalue()


def texts(extract: Extract) -> list[list[str]]:
    (grid,) = (block for block in extract.blocks if isinstance(block, Grid))
    return [[cell.text for cell in row] for row in grid.rows]


def test_a_merged_cell_has_its_spans_and_its_place() -> None:
    def draw(made: Any) -> None:
        for y in (300, 280, 260):
            made.line(160 if y == 280 else 100, y, 220, y)
        for x in (100, 160, 220):
            made.line(x, 300, x, 260)
        made.drawString(110, 275, "合并")
        made.drawString(170, 285, "甲项")
        made.drawString(170, 265, "乙项")

    (grid,) = drawn(draw).blocks
    assert isinstance(grid, Grid)
    assert grid.ruled
    merged = grid.rows[0][0]
    assert (merged.text, merged.rowspan, merged.colspan) == ("合并", 2, 1)
    assert (merged.origin.page, merged.origin.bbox) == (1, (100.0, 100.0, 160.0, 140.0))
    assert [(cell.text, cell.column) for row in grid.rows[1:] for cell in row] == [("乙项", 1)]


def _columns(made: Any, widths: tuple[int, ...], bottom: int) -> None:
    x = 100
    for width in (*widths, 0):
        made.line(x, 300, x, bottom)
        x += width
    for y in (300, bottom):
        made.line(100, y, 100 + sum(widths), y)


def test_a_figure_wrapped_in_its_cell_is_one() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 26), 270)
        made.drawString(105, 282, "甲项")
        made.drawString(164, 288, "123")
        made.drawString(164, 276, "45")
        made.drawString(196, 282, "7")

    assert texts(drawn(draw)) == [["甲项", "12345", "7"]]


def test_figures_of_rows_without_a_rule_between_them_stay_apart() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 26), 270)
        for y, words in ((288, ("甲项", "123", "456")), (276, ("乙项", "789", "999"))):
            for x, word in zip((105, 164, 190), words, strict=True):
                made.drawString(x, y, word)

    assert texts(drawn(draw)) == [["甲项乙项", "123 789", "456 999"]]


def test_figures_that_all_wrap_are_one_each_where_the_label_has_one_line() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 26), 270)
        made.drawString(105, 282, "甲项")
        for y, words in ((288, ("123", "456")), (276, ("7", "9"))):
            for x, word in zip((164, 190), words, strict=True):
                made.drawString(x, y, word)

    assert texts(drawn(draw)) == [["甲项", "1237", "4569"]]


def _cells_drawn(draw: Callable[[Any], None]) -> list[Cell]:
    """The cells of a table of one row and three columns in which something is drawn."""

    def draw_all(made: Any) -> None:
        made.grid([72, 172, 272, 372], [300, 324])
        made.setFont(FONT, 12)
        draw(made)

    grid = drawn(draw_all).blocks[0]
    assert isinstance(grid, Grid)
    return list(grid.rows[0])


@pytest.mark.parametrize(
    ("size", "rise", "gap", "said"),
    [(7, 4, 0, "12¹"), (12, 4, 0, "12¹"), (7, 0, 0, "12¹"), (7, 4, 3, "12 ¹"), (12, 0, 0, "121")],
)
def test_a_digit_that_is_smaller_or_raised_is_no_digit_of_the_figure(
    size: int, rise: int, gap: int, said: str
) -> None:
    def draw(made: Any) -> None:
        made.drawString(76, 306, "12")
        end = 76 + made.stringWidth("12", FONT, 12) + gap
        made.setFont(FONT, size)
        made.drawString(end, 306 + rise, "1")

    assert _cells_drawn(draw)[0].text == said


def test_a_digit_with_a_line_through_it_is_unread_and_one_above_a_line_is_not() -> None:
    def draw(made: Any) -> None:
        for x, height in ((76, 310), (176, 304)):
            made.drawString(x, 306, "12")
            made.line(x, height, x + 14, height)

    assert [cell.text for cell in _cells_drawn(draw)][:2] == [UNREAD, "12"]


def test_a_digit_is_struck_by_a_line_that_begins_at_the_side_of_its_cell() -> None:
    def draw(made: Any) -> None:
        made.drawString(74, 306, "7012")
        made.line(74, 310.2, 86, 310.2)
        made.drawString(176, 306, "34")

    assert [UNREAD in cell.text or cell.text for cell in _cells_drawn(draw)][:2] == [True, "34"]


def test_figures_below_each_other_are_doubted_where_others_surely_are_two() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 40), 270)
        made.drawString(105, 282, "甲项")
        for y, words in ((288, ("123", "45")), (276, ("7", "9"))):
            for x, word in zip((164, 190), words, strict=True):
                made.drawString(x, y, word)

    grid = drawn(draw).blocks[0]
    assert isinstance(grid, Grid)
    said = [(cell.text, cell.alternatives) for cell in grid.rows[0]]
    assert said == [("甲项", ()), ("1237", ("123", "7")), ("45 9", ())]


@pytest.mark.parametrize("hide", [("setFillGray", 1), ("setFillAlpha", 0)])
def test_a_digit_that_is_not_seen_makes_its_figure_unread(hide: tuple[str, float]) -> None:
    def draw(made: Any) -> None:
        made.drawString(176, 306, "34")
        made.drawString(76, 306, "12")
        getattr(made, hide[0])(hide[1])
        made.drawString(76 + made.stringWidth("12", FONT, 12), 306, "9项")

    assert [cell.text for cell in _cells_drawn(draw)] == [f"{UNREAD * 3}项", "34", ""]


def _clipped(made: Any, left: float, text: str, width: float) -> None:
    """A text of which only what stands within a width can be seen."""
    made.saveState()
    path = made.beginPath()
    path.rect(left, 302, width, 20)
    made.clipPath(path, stroke=0)
    made.drawString(left, 306, text)
    made.restoreState()


def test_a_figure_is_unread_of_which_a_clip_path_cuts_off_digits() -> None:
    def draw(made: Any) -> None:
        _clipped(made, 76, "12345", 15)
        _clipped(made, 176, "6", 40)

    unread, read_whole, _ = (cell.text for cell in _cells_drawn(draw))
    assert set(unread) == {UNREAD}
    assert read_whole == "6"


def test_a_figure_is_unread_that_fills_as_much_as_one_that_is_cut_off() -> None:
    def draw(made: Any) -> None:
        _clipped(made, 76, "1234", 19)
        made.drawString(176, 306, "567")  # what else there was is not in the file

    assert [set(cell.text) for cell in _cells_drawn(draw)][:2] == [{UNREAD}, {UNREAD}]


@pytest.mark.parametrize("width", [4, 40])
def test_a_figure_that_something_is_painted_over_is_unread(width: float) -> None:
    def draw(made: Any) -> None:
        made.drawString(76, 306, "12")
        made.drawString(176, 306, "34")
        made.setFillGray(1)
        made.rect(74, 303, width, 14, stroke=0, fill=1)

    unread, beside, _ = (cell.text for cell in _cells_drawn(draw))
    assert (set(unread), beside) == ({UNREAD}, "34")


@pytest.mark.parametrize(("opacity", "said"), [(0, "12"), (255, UNREAD * 2)])
def test_a_picture_over_a_figure_hides_what_is_not_clear(opacity: int, said: str) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(made: Any) -> None:
        made.drawString(76, 306, "12")
        stamp = Image.new("RGBA", (40, 40), (255, 255, 255, opacity))
        stamp.putpixel((39, 39), (255, 0, 0, 255 - opacity))
        made.drawImage(ImageReader(stamp), 70, 300, 24, 24, mask="auto")

    assert _cells_drawn(draw)[0].text == said


def test_a_marker_over_a_figure_hides_nothing() -> None:
    def draw(made: Any) -> None:
        made.drawString(76, 306, "12")
        made.setFillColorRGB(1, 1, 0, alpha=0.3)
        made.rect(74, 303, 40, 14, stroke=0, fill=1)

    assert _cells_drawn(draw)[0].text == "12"


@pytest.mark.parametrize(("grey", "said"), [(0.3, "12"), (0.98, UNREAD * 2)])
def test_white_digits_are_read_on_a_dark_ground(grey: float, said: str) -> None:
    def draw(made: Any) -> None:
        made.setFillGray(grey)
        made.rect(74, 303, 60, 16, stroke=0, fill=1)
        made.setFillGray(1)
        made.drawString(76, 306, "12")

    assert _cells_drawn(draw)[0].text == said


def test_an_empty_cell_at_an_end_without_an_edge_is_unread() -> None:
    def draw(made: Any) -> None:
        made.grid([72, 172], [300, 324, 348])
        for y in (300, 324, 348):
            made.line(172, y, 272, y)
        made.drawString(76, 306, "甲项")
        made.drawString(76, 330, "乙项")
        made.drawString(176, 330, "12")

    assert texts(drawn(draw)) == [["乙项", "12"], ["甲项", UNREAD]]


def test_an_empty_cell_too_narrow_for_a_digit_is_unread() -> None:
    def draw(made: Any) -> None:
        made.grid([72, 172, 272, 277], [300, 324])
        made.drawString(76, 306, "甲项")
        made.drawString(176, 306, "12")

    assert texts(drawn(draw)) == [["甲项", "12", UNREAD]]


def test_a_figure_that_runs_over_the_side_of_the_page_is_unread() -> None:
    def draw(made: Any) -> None:
        made.grid([72, 330, 460], [300, 324])
        made.setFont(FONT, 12)
        made.drawString(76, 306, "12")
        made.drawString(400 - made.stringWidth("1298", FONT, 12), 306, "12988119")

    first, last = texts(drawn(draw))[0][:2]
    assert first == "12"
    assert last.endswith(UNREAD)


def test_digits_on_which_a_label_is_printed_are_unread() -> None:
    def draw(made: Any) -> None:
        made.drawString(76, 306, "12")
        made.drawString(173, 306, "47")
        made.drawString(167, 306, "三安全")

    assert [cell.text for cell in _cells_drawn(draw)][1].count(UNREAD) == 2


def test_a_figure_that_runs_over_the_sides_of_its_cell_is_unread() -> None:
    def draw(made: Any) -> None:
        made.drawString(170 - made.stringWidth("17", FONT, 12), 306, "1773")
        made.drawString(300, 306, "12")

    assert [cell.text for cell in _cells_drawn(draw)] == [UNREAD, UNREAD, "12"]


def test_a_figure_with_decimals_is_no_sign_of_two_figures_in_a_cell() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 40), 270)
        made.drawString(105, 282, "甲项")
        made.drawString(164, 288, "123")
        made.drawString(164, 276, "7")
        made.drawString(190, 282, "1,234.56")

    grid = drawn(draw).blocks[0]
    assert isinstance(grid, Grid)
    said = [(cell.text, cell.alternatives) for cell in grid.rows[0]]
    assert said == [("甲项", ()), ("1237", ()), ("1,234.56", ())]


def test_what_parts_the_frames_of_cells_is_no_cell() -> None:
    def draw(made: Any) -> None:
        for number, x in enumerate(range(100, 220, 30)):
            made.rect(x, 270, 27, 20)
            made.drawString(x + 4, 276, str(number))

    assert [[each for each in row if each] for row in texts(drawn(draw))] == [["0", "1", "2", "3"]]


def test_columns_between_dashes_stand_where_their_rules_do() -> None:
    """Dashes that are drawn as boxes, the ends of which are nearer to each other than rules that
    are meant to coincide."""

    def draw(made: Any) -> None:
        for x in range(100, 221, 24):
            for y in range(270, 300, 3):
                made.rect(x, y, 0.7, 2, stroke=0, fill=1)
        for y in (270, 300):
            for x in range(200, 440, 3):
                made.rect(x / 2, y, 1, 0.7, stroke=0, fill=1)
        for number, x in enumerate(range(105, 220, 24)):
            made.drawString(x, 282, str(number))

    assert texts(drawn(draw)) == [["0", "1", "2", "3", "4"]]


def test_a_smaller_digit_in_the_line_below_is_no_digit_of_the_figure() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 26, 26), 270)
        made.drawString(105, 282, "甲项")
        made.drawString(164, 288, "123")
        made.setFontSize(6)
        made.drawString(164, 276, "1")

    assert texts(drawn(draw)) == [["甲项", "123 1", ""]]


def test_frames_drawn_as_filled_outlines_rule_a_table() -> None:
    def draw(made: Any) -> None:
        for x, words in ((100, "甲项"), (161, "12")):
            frame = made.beginPath()
            frame.rect(x, 270, 59.5, 30)
            frame.rect(x + 1, 271, 57.5, 28)
            made.drawPath(frame, stroke=0, fill=1, fillMode=0)
            made.drawString(x + 10, 282, words)

    assert texts(drawn(draw)) == [["甲项", "12"]]


def _over_two_pages(*pages: tuple[str, ...]) -> list[list[str]]:
    def draw(made: Any) -> None:
        for words in pages:
            made.setFont(FONT, 10)
            _columns(made, (60, 26, 26), 270)
            for x, word in zip((105, 164, 190), words, strict=True):
                made.drawString(x, 282, word)
            made.showPage()

    return [
        [cell.text for cell in row]
        for block in drawn(draw).blocks
        if isinstance(block, Grid)
        for row in block.rows
    ]


def test_a_row_without_label_at_the_top_of_a_page_ends_the_row_before() -> None:
    assert _over_two_pages(("甲项", "10", "4"), ("", "0", "")) == [["甲项", "100", "4"]]
    assert _over_two_pages(("甲项", "", "4"), ("", "10", "")) == [["甲项", "10", "4"]]


def test_a_row_without_label_at_the_end_of_a_page_begins_the_row_after() -> None:
    assert _over_two_pages(("", "", "4"), ("甲项", "10", "")) == [["甲项", "10", "4"]]


def test_figures_over_and_under_a_page_end_in_every_cell_stay_apart() -> None:
    assert _over_two_pages(("甲项", "10", "4"), ("", "0", "1")) == [["甲项", "10 0", "4 1"]]


@pytest.mark.parametrize("parts", [("1,6", "67"), ("1", ",667"), ("1,", "667")])
def test_figures_torn_at_the_mark_between_thousands_are_one_row(parts: tuple[str, str]) -> None:
    above, below = parts
    assert _over_two_pages(("甲之", above, "1,"), ("余项", below, "952")) == [
        ["甲之余项", above + below, "1,952"]
    ]


def test_rows_with_labels_are_never_joined() -> None:
    rows = (("甲项", "10", ""), ("乙项", "", "4"))
    assert _over_two_pages(*rows) == [list(row) for row in rows]


@pytest.mark.parametrize(
    "below, whole",
    [
        (("余项", "8", "", "4"), ["4.甲之余项", "18", "0", "34"]),
        (("余项", "", "", ""), ["4.甲之余项", "1", "0", "3"]),
    ],
)
def test_a_label_that_goes_on_over_a_page_end_takes_its_figures_along(
    below: tuple[str, ...], whole: list[str]
) -> None:
    others = (("1.甲", "2", "0", "2"), ("2.乙", "0", "0", "0"), ("3.丙", "1", "0", "1"))
    assert _rows_over_two_pages((*others, ("4.甲之", "1", "0", "3")), (below,))[-1] == whole


@pytest.mark.parametrize(
    "below", [("余项", "8", "5", "4"), ("5.丁", "8", "", "4"), ("（五）丁", "8", "", "4")]
)
def test_a_row_of_its_own_over_a_page_end_is_joined_to_none(below: tuple[str, ...]) -> None:
    others = (("1.甲", "2", "0", "2"), ("2.乙", "0", "0", "0"), ("3.丙", "1", "0", "1"))
    rows = (*others, ("4.甲之", "1", "0", "3"))
    assert _rows_over_two_pages(rows, (below,))[-2:] == [list(rows[-1]), list(below)]


def _rows_over_two_pages(*pages: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """The rows that are read of a table of which each page has those rows."""

    def draw(made: Any) -> None:
        for rows in pages:
            made.setFont(FONT, 10)
            for at, row in enumerate(rows):
                _columns(made, (90, 26, 26, 26), 270 - 30 * at)
                for x, word in zip((105, 194, 220, 246), row, strict=True):
                    made.drawString(x, 282 - 30 * at, word)
            made.showPage()

    grids = (block for block in drawn(draw).blocks if isinstance(block, Grid))
    return [[cell.text for cell in row] for grid in grids for row in grid.rows]


def test_an_underline_makes_no_table_and_words_apart_are_parted() -> None:
    def draw(made: Any) -> None:
        made.drawString(100, 300, "其他")
        made.drawString(160, 300, "12")
        made.drawString(200, 300, "3")
        made.line(100, 298, 220, 298)

    (block,) = drawn(draw).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "其他 12 3"


def test_a_slanted_watermark_and_white_rules_are_not_seen() -> None:
    def draw(made: Any) -> None:
        _columns(made, (60, 60), 270)
        made.setStrokeColorRGB(1, 1, 1)
        made.line(130, 300, 130, 270)
        made.drawString(110, 282, "甲项合计")
        made.drawString(170, 282, "5")
        made.translate(165, 275)
        made.rotate(45)
        made.drawString(0, 0, "9")

    assert texts(drawn(draw)) == [["甲项合计", "5"]]


def test_page_numbers_are_no_text() -> None:
    def draw(made: Any) -> None:
        made.drawString(100, 300, "第一段")
        made.drawString(190, 20, "- 5 -")

    assert [block.text for block in drawn(draw).blocks if isinstance(block, Paragraph)] == [
        "第一段"
    ]


def _picture(made: Any) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    made.drawImage(ImageReader(Image.new("L", (40, 40), 128)), 0, 0, 400, 400)


def test_a_page_that_is_a_picture_is_named_where_pictures_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)

    def draw(made: Any) -> None:
        made.drawString(100, 300, "正文一行")
        made.showPage()
        _picture(made)
        made.showPage()

    (notice,) = drawn(draw).notices
    assert notice.code == "no-text-layer"
    assert dict(notice.details) == {"pages": "2", "command": "pip install 'disclosure-audit[ocr]'"}


def _invisible_text_on_a_picture(made: Any) -> None:
    _picture(made)
    text = made.beginText(100, 300)
    text.setTextRenderMode(3)
    text.textLine("别人认出的字")
    made.drawText(text)


def _latin(made: Any) -> None:
    made.setFont("Helvetica", 10)
    made.drawString(20, 300, "glyphs without a map look like this: Po ee rrt 12")


def _much(made: Any) -> None:
    for _ in range(301):
        made.showPage()


WHOLE = page(lambda made: made.drawString(100, 300, "正文一行"))


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"%PDF-1.7\n", {"damaged"}),
        (WHOLE[: len(WHOLE) // 10], {"damaged"}),
        (WHOLE[: len(WHOLE) // 2], {"damaged", "no-text"}),
        (b"%PDF-1.7\n" + Random(1).randbytes(5000), {"damaged"}),
        (page(_latin, encrypt="secret"), {"encrypted"}),
        (page(lambda made: made.showPage()), {"no-text"}),
        (page(_picture), {"no-text"}),
        (page(_invisible_text_on_a_picture), {"no-text"}),
        (page(_latin), {"no-text"}),
        (page(_much), {"too-large"}),
    ],
    ids=lambda value: None if isinstance(value, bytes) else "-".join(sorted(value)),
)
def test_what_cannot_be_read_is_refused_by_name(
    content: bytes, codes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(InputError) as error:
        read(Document("x.pdf", content))
    assert error.value.code in codes
    assert error.value.place == "x.pdf"
    assert error.value.hint


def test_damaged_bytes_raise_nothing_but_input_errors() -> None:
    rng = Random(5)
    for _ in range(50):
        content = bytearray(WHOLE)
        for _ in range(rng.randint(1, 30)):
            content[rng.randrange(9, len(content))] = rng.randrange(256)
        try:
            read(Document("x.pdf", bytes(content)))
        except InputError as error:
            assert error.hint


def _fields(made: Any, values: dict[str, str]) -> None:
    _columns(made, (60, 60, 60), 270)
    made.drawString(110, 282, "甲项")
    for index, (name, value) in enumerate(values.items()):
        made.acroForm.textfield(
            name=name, value=value, x=163 + 60 * index, y=273, width=54, height=24, fontSize=10
        )


@pytest.mark.parametrize("turns", [0, 90])
def test_a_form_field_is_text_of_its_cell_and_its_border_no_rule(turns: int) -> None:
    def draw(made: Any) -> None:
        made.setPageRotation(turns)
        _fields(made, {"one": "12", "two": "305"})

    assert {text for row in texts(drawn(draw)) for text in row} == {"甲项", "12", "305"}


def test_a_field_whose_value_was_filled_in_without_being_drawn_is_read() -> None:
    content = page(lambda made: _fields(made, {"one": "", "two": "7"}))
    filled = _set_value(content, "one", "48")
    assert texts(read(Document("x.pdf", filled))) == [["甲项", "48", "7"]]


def test_a_field_that_shows_other_than_it_holds_is_not_read() -> None:
    content = page(lambda made: _fields(made, {"one": "12", "two": "7"}))
    ((_, figure, other),) = texts(read(Document("x.pdf", _set_value(content, "one", "48"))))
    assert (figure, other) == ("\ufffd\ufffd", "7")


def _set_value(content: bytes, name: str, value: str) -> bytes:
    """The file with a field's value changed and what it looks like left as it was, as programs do
    that leave looks to the viewer; an update at the file's end."""
    import re

    for found in re.finditer(rb"(\d+) 0 obj\n(<<(?:(?!endobj).)*>>)\nendobj", content, re.DOTALL):
        if b"/T (" + name.encode() + b")" in found[2]:
            changed = re.sub(rb"/V \([^)]*\)", b"/V (" + value.encode() + b")", found[2])
            assert changed != found[2]
            body = b"\n%s 0 obj\n%s\nendobj\n" % (found[1], changed)
            previous = int(content.rsplit(b"startxref", 1)[1].split()[0])
            trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref", content, re.DOTALL)
            assert trailer
            place = len(content) + 1
            start = len(content) + len(body)
            return (
                content
                + body
                + (
                    b"xref\n%s 1\n%010d 00000 n \ntrailer<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF"
                    % (found[1], place, trailer[1], previous, start)
                )
            )
    raise AssertionError(name)


_WITHOUT_FONTS = """
import ctypes, sys
import pypdfium2.raw as pdfium
from auditor.model.source import Document
from auditor.readers import read
pdfium.FPDF_DestroyLibrary()
config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
paths = (ctypes.c_char_p * 2)(sys.argv[1].encode(), None)
config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
pdfium.FPDF_InitLibraryWithConfig(config)
for notice in read(Document("x.pdf", sys.stdin.buffer.read())).notices:
    print(notice.code, *dict(notice.details).values())
"""


@pytest.mark.parametrize("headed", [False, True])
@pytest.mark.parametrize("pictured", [False, True])
def test_a_page_of_which_text_cannot_be_drawn_is_told(
    tmp_path: Path, pictured: bool, headed: bool
) -> None:
    """Not taken for a blank page, nor for a picture: its cells would look empty."""
    from reportlab.lib.utils import ImageReader

    def draw(made: Any) -> None:
        made.drawString(100, 300, "正文一行")
        made.showPage()
        made.setFont(FONT, 10)
        if pictured:
            grey = pytest.importorskip("PIL.Image").new("L", (20, 20), 200)
            made.drawImage(ImageReader(grey), 20, 20, 300, 300)
        if headed:
            made.drawString(100, 380, "页眉")
        made.rotate(90)
        for line in range(25):
            made.drawString(100, -100 - 10 * line, "横放的一页")

    content = page(draw)
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT_FONTS, str(tmp_path)],
        input=content,
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode() == "undrawn-text 2\n", told.stderr.decode()


def test_a_page_without_text_is_no_page_whose_text_is_lost() -> None:
    def draw(made: Any) -> None:
        made.drawString(100, 300, "正文一行")
        made.rotate(90)
        made.drawString(100, -100, "横放的一行")
        made.drawString(100, -120, "  \u3000 ")
        made.rotate(-90)
        made.showPage()
        made.line(10, 10, 200, 10)
        made.showPage()
        made.drawString(100, 300, " ")

    assert drawn(draw).notices == ()
