"""A page drawn with boxes marked: the marks lie where the page has what they are about."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from auditor.errors import InputError
from auditor.model.source import Document, Grid
from auditor.readers import read
from auditor.readers.limits import Limits
from auditor.readers.pdf.picture import DOTS, Mark, draw_page
from tests.unit.test_readers_pdf import page

Image = pytest.importorskip("PIL.Image")
chops = pytest.importorskip("PIL.ImageChops")

SCALE = DOTS / 72
GREEN = (0, 160, 0)


def table(turns: int, crop: bool = False) -> Document:
    """Two cells, the second with a black bar in it."""

    def draw(made: Any) -> None:
        made.setPageRotation(turns)
        if crop:
            made.setCropBox((50, 60, 390, 380))
        for x in (100, 160, 220):
            made.line(x, 300, x, 270)
        for y in (300, 270):
            made.line(100, y, 220, y)
        made.drawString(110, 282, "甲项")
        made.drawString(170, 282, "5")
        made.rect(165, 272, 50, 6, stroke=0, fill=1)

    return Document("x.pdf", page(draw))


def opened(content: bytes) -> Any:
    return Image.open(BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("turns", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True])
def test_a_mark_lies_on_its_cell_however_the_page_is_turned(turns: int, crop: bool) -> None:
    document = table(turns, crop)
    (grid,) = (block for block in read(document).blocks if isinstance(block, Grid))
    cells = {cell.text: cell.origin.bbox for row in grid.rows for cell in row}
    box = cells["5"]
    assert box is not None
    bare = opened(draw_page(document, 1))
    marked = opened(draw_page(document, 1, [Mark(box, GREEN)]))
    assert bare.size == marked.size
    x0, top, x1, bottom = (side * SCALE for side in box)
    left, upper, right, lower = chops.difference(bare, marked).getbbox()
    assert (left, upper, right, lower) == pytest.approx((x0, top, x1, bottom), abs=2)
    inside = bare.crop((x0 + 3, top + 3, x1 - 3, bottom - 3)).convert("L")
    dark = sum(inside.histogram()[:40])
    assert dark > 0.7 * 50 * 6 * SCALE**2, "the bar is drawn inside the cell that was marked"
    assert marked.getpixel((round(x0), round((top + bottom) / 2))) == GREEN


def test_a_page_without_marks_is_the_page() -> None:
    picture = opened(draw_page(table(0), 1))
    assert picture.size == pytest.approx((400 * SCALE, 400 * SCALE), abs=1)
    assert picture.getpixel((2, 2)) == (255, 255, 255)


def test_a_huge_page_is_drawn_with_fewer_dots() -> None:
    def draw(made: Any) -> None:
        made.setPageSize((14_000, 14_000))
        made.drawString(100, 300, "正文一行")

    picture = opened(draw_page(Document("x.pdf", page(draw)), 1))
    assert max(picture.size) < 3_000 * SCALE + 2


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"", table(0).content[:400]])
def test_what_cannot_be_drawn_is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as error:
        draw_page(Document("x.pdf", content), 1)
    assert error.value.code == "damaged"


@pytest.mark.parametrize(
    ("limits", "named"),
    [(Limits(file_bytes=100), "file-bytes"), (Limits(content_bytes=20), "content-bytes")],
)
def test_what_is_beyond_the_limits_of_the_run_is_not_drawn(limits: Limits, named: str) -> None:
    with pytest.raises(InputError) as error:
        draw_page(table(0), 1, limits=limits)
    assert error.value.code == "too-large"
    assert named in str(error.value.hint)


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError):
        draw_page(table(0), 2)
