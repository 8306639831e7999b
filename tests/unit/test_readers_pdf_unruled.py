"""Tables without vertical rules: columns by place, figures that wrap, numbers at page edges."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from auditor.model.source import Document, Grid, Paragraph
from auditor.readers import read

FONT = "STSong-Light"
canvas = pytest.importorskip("reportlab.pdfgen.canvas")

Line = tuple[int, tuple[tuple[int, str], ...]]


def blocks(*pages: Callable[[Any], None]) -> list[list[str] | str]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    made = canvas.Canvas(out, pagesize=(400, 400), invariant=True)
    for draw in pages:
        made.setFont(FONT, 10)
        draw(made)
        made.showPage()
    made.save()
    found: list[list[str] | str] = []
    for block in read(Document("x.pdf", out.getvalue())).blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            assert isinstance(block, Grid)
            found += [[cell.text for cell in row] for row in block.rows]
    return found


def written(*lines: Line, rules: tuple[int, ...] = ()) -> Callable[[Any], None]:
    def draw(made: Any) -> None:
        for y in rules:
            made.line(40, y, 380, y)
        for y, words in lines:
            for x, word in words:
                made.drawString(x, y, word)

    return draw


HEADER: Line = (320, ((50, "信息内容"), (150, "制发"), (220, "废止"), (290, "有效")))
FULL: Line = (300, ((50, "甲项"), (155, "1"), (225, "2"), (295, "3")))


def test_an_empty_box_keeps_its_column() -> None:
    draw = written(HEADER, FULL, (280, ((50, "乙项"), (225, "7"))))
    assert blocks(draw)[1:] == [["甲项", "1", "2", "3"], ["乙项", "", "7", ""]]


def test_a_column_that_only_the_header_shows_is_a_column() -> None:
    draw = written(
        HEADER, (300, ((50, "甲项"), (225, "2"), (295, "3"))), (280, ((50, "乙项"), (295, "7")))
    )
    assert blocks(draw)[1:] == [["甲项", "", "2", "3"], ["乙项", "", "", "7"]]


NUMBERED: tuple[Line, ...] = (
    HEADER,
    (300, ((50, "1.甲项"), (155, "1"), (225, "2"), (295, "3"))),
    (280, ((50, "2.乙项"), (225, "7"))),
)
LAST: Line = (200, ((50, "4.丁项"), (155, "1"), (295, "9")))


def test_a_numbered_label_without_figures_before_the_next_number_is_an_empty_row() -> None:
    draw = written(*NUMBERED, (260, ((50, "3.丙"),)), (248, ((50, "之余项"),)), LAST)
    assert blocks(draw)[2:] == [
        ["2.乙项", "", "7", ""],
        ["3.丙", "", "", ""],
        "之余项",
        ["4.丁项", "1", "", "9"],
    ]


def test_bare_figures_below_a_numbered_label_are_its_own() -> None:
    lines = (260, ((50, "3.丙"),)), (253, ((155, "5"), (225, "6"))), (246, ((50, "之余项"),))
    assert blocks(written(*NUMBERED, *lines, LAST))[2:] == [
        ["2.乙项", "", "7", ""],
        ["3.丙", "5", "6", ""],
        "之余项",
        ["4.丁项", "1", "", "9"],
    ]


@pytest.mark.parametrize(
    "between",
    [
        ((260, ((50, "丙项"),)),),
        ((260, ((50, "3.丙项"),)), (240, ((50, "余项"), (155, "5"), (225, "6")))),
        ((260, ((50, "3.丙项"),)), (240, ((50, "信息内容"), (155, "制发"), (225, "废止")))),
    ],
)
def test_a_label_of_which_another_line_may_have_the_figures_is_no_row(
    between: tuple[Line, ...],
) -> None:
    assert between[0][1][0][1] in blocks(written(*NUMBERED, *between, LAST))


def test_figures_that_wrap_between_two_rules_are_one() -> None:
    draw = written(
        HEADER,
        (306, ((295, "12"),)),
        (300, ((50, "甲项"), (155, "1"), (225, "2"))),
        (294, ((295, "3"),)),
        rules=(332, 317, 290),
    )
    assert blocks(draw)[1:] == [["甲项", "1", "2", "123"]]


def test_a_digit_at_the_top_of_a_page_is_no_page_number() -> None:
    first = written(HEADER, FULL, (20, ((50, "乙项"), (155, "4"), (225, "5"), (295, "61"))))
    second = written(
        (380, ((295, "8"),)), (300, ((50, "丙项"), (155, "1"), (225, "2"), (295, "3")))
    )
    assert blocks(first, second)[1:] == [
        ["甲项", "1", "2", "3"],
        ["乙项", "4", "5", "618"],
        ["丙项", "1", "2", "3"],
    ]


def test_numbers_in_step_with_their_pages_are_page_numbers() -> None:
    pages = [written((300, ((50, "正文"),)), (20, ((200, str(number)),))) for number in (7, 8)]
    assert blocks(*pages) == ["正文", "正文"]


def test_a_sentence_that_ends_in_a_figure_is_no_row() -> None:
    draw = written((360, ((50, "统计期限为"), (102, "2024"))), HEADER, FULL)
    said, *_, row = blocks(draw)
    assert isinstance(said, str) and said.endswith("2024")
    assert row == "甲项 1 2 3"
