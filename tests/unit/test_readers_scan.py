"""Pictures in, cells and doubts out: what a picture does not say for certain is no figure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from shutil import which
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.errors import InputError
from auditor.model.report import Blank, Illegible, Number
from auditor.model.source import UNREAD, Cell, Document, Extract, Grid, Origin, Paragraph
from auditor.pipeline import read_report
from auditor.readers import read
from auditor.readers.pdf.pages import join_torn_rows
from tests.kit import AGENCIES, consistent_figures
from tests.kit.shared import built_once
from tests.support import ROOT, form, library

pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
Image = pytest.importorskip("PIL.Image")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
ImageFile = pytest.importorskip("PIL.ImageFile")
ImageFont = pytest.importorskip("PIL.ImageFont")

PAGE = ROOT / "tests" / "scans" / "page.jpg"
XS, YS = (100, 300, 420, 540, 660), (200, 260, 320, 380)
FIGURES = ("128", "6", "54", "7", "", "31", "902", "46", "15", "3", "82", "68")
needs_chinese_font = pytest.mark.skipif(
    which("fc-list") is not None
    and not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout,
    reason="no Chinese font is installed, so no Chinese page can be drawn",
)


def sheet(figures: tuple[str, ...] = FIGURES, slope: float = 0.0) -> Any:
    """A page of 800 by 600 dots, 144 to an inch, with one ruled table of three rows."""
    drawn = Image.new("L", (800, 600), 255)
    pen = ImageDraw.Draw(drawn)
    font = ImageFont.load_default(24)
    for y in YS:
        pen.line((XS[0], y, XS[-1], y), fill=0, width=2)
    for x in XS:
        pen.line((x, YS[0], x, YS[-1]), fill=0, width=2)
    for index, text in enumerate(figures):
        row, column = divmod(index, 4)
        middle = (XS[column] + XS[column + 1]) / 2, (YS[row] + YS[row + 1]) / 2
        pen.text(middle, text, fill=0, font=font, anchor="mm")
    return drawn.rotate(slope, fillcolor=255, resample=Image.Resampling.BICUBIC)


def file_of(*pages: Any, kind: str = "PNG", dpi: int = 144) -> Document:
    out = BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    size = {"resolution": dpi} if kind == "PDF" else {"dpi": (dpi, dpi)}
    pages[0].save(out, kind, **more, **size)
    return Document(f"scan.{kind.lower()}", out.getvalue())


def grids(extract: Extract) -> list[Grid]:
    return [block for block in extract.blocks if isinstance(block, Grid)]


def texts(grid: Grid) -> tuple[str, ...]:
    return tuple(cell.text for row in grid.rows for cell in row)


def test_a_ruled_table_is_read_cell_by_cell_with_its_places() -> None:
    extract = read(file_of(sheet()))
    (grid,) = grids(extract)
    assert texts(grid) == FIGURES
    cells = [cell for row in grid.rows for cell in row]
    assert all(cell.recognised and not cell.alternatives for cell in cells)
    # 144 dots to an inch: half a point each.
    assert cells[0].origin.page == 1
    assert cells[0].origin.bbox == pytest.approx((50, 100, 150, 130), abs=1)
    (notice,) = extract.notices
    assert (notice.code, dict(notice.details)) == ("read-by-ocr", {"pages": "1"})


def test_a_sheet_that_lay_askew_is_read_and_its_places_are_those_of_the_sheet() -> None:
    (grid,) = grids(read(file_of(sheet(slope=1.4))))
    assert texts(grid) == FIGURES
    last = grid.rows[-1][-1].origin.bbox
    assert last is not None
    # Turned to the left about the middle of the page, the right side has risen by five points.
    middle = (600 - 400) / 2, (350 - 300) / 2
    turn = 1.4 * 3.14159 / 180
    assert (last[1] + last[3]) / 2 == pytest.approx(150 + middle[1] - middle[0] * turn, abs=1)


@pytest.mark.parametrize(
    "turn", [180, *(pytest.param(each, marks=pytest.mark.thorough) for each in (90, 270))]
)
def test_a_sheet_that_lies_sideways_or_upside_down_is_turned(turn: int) -> None:
    drawn = sheet()
    pen = ImageDraw.Draw(drawn)
    for line in range(4):
        words = "The quick brown fox jumps over the lazy dog"
        pen.text((100, 420 + 40 * line), words, fill=0, font=ImageFont.load_default(24))
    (grid,) = grids(read(file_of(drawn.rotate(turn, expand=True))))
    assert texts(grid) == FIGURES


@pytest.mark.parametrize("kind", ["TIFF", pytest.param("PDF", marks=pytest.mark.thorough)])
def test_every_page_of_a_file_is_read(kind: str) -> None:
    second = sheet(FIGURES[::-1])
    words = "The quick brown fox jumps over the lazy dog"  # or its first row may be a torn one
    ImageDraw.Draw(second).text((100, 110), words, fill=0, font=ImageFont.load_default(24))
    extract = read(file_of(sheet(), second, kind=kind))
    assert [(grid.origin.page, texts(grid)) for grid in grids(extract)] == [
        (1, FIGURES),
        (2, FIGURES[::-1]),
    ]
    assert dict(extract.notices[0].details) == {"pages": "1-2"}


def test_ink_that_is_no_figure_is_unread_and_a_cell_without_ink_is_blank() -> None:
    drawn = sheet(("128", "", "54", "7", "", "", "902", "46", "15", "3", "82", "68"))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((340, 215, 380, 245), fill=0)
    for x in range(345, 380, 6):
        pen.line((x, 275, x - 9, 300), fill=60)
    (grid,) = grids(read(file_of(drawn)))
    blot, scratch = grid.rows[0][1], grid.rows[1][1]
    assert not blot.text.isdigit() or UNREAD in blot.alternatives
    assert blot.text
    assert not scratch.text.isdigit() or UNREAD in scratch.alternatives
    assert scratch.text
    assert grid.rows[1][0].text == ""


def test_figures_outside_ruled_tables_are_not_taken() -> None:
    drawn = Image.new("L", (800, 600), 255)
    pen = ImageDraw.Draw(drawn)
    for row in range(4):
        pen.text((100, 200 + 50 * row), "Penalties", fill=0, font=ImageFont.load_default(24))
        for column in range(3):
            at = 400 + 120 * column, 200 + 50 * row
            pen.text(at, str(10 + 7 * row + column), fill=0, font=ImageFont.load_default(24))
    extract = read(file_of(drawn))
    said = "".join(block.text for block in extract.blocks if isinstance(block, Paragraph))
    assert "Penalties" in said
    assert not any(char.isdigit() for char in said)
    assert [notice.code for notice in extract.notices] == ["read-by-ocr", "unruled-figures"]


def test_a_picture_without_anything_on_it_is_refused() -> None:
    with pytest.raises(InputError) as error:
        read(file_of(Image.new("L", (800, 600), 255)))
    assert error.value.code == "no-text"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "damaged"),
        (lambda: b"\xff\xd8\xff" + Random(1).randbytes(3000), "damaged"),
        (lambda: b"II*\x00" + Random(2).randbytes(3000), "damaged"),
        (lambda: file_of(sheet()).content[:1500], "damaged"),
        (lambda: file_of(Image.new("1", (40_000, 40_000), 1)).content, "too-large"),
        (lambda: file_of(*[Image.new("1", (8, 8), 1)] * 101, kind="TIFF").content, "too-large"),
    ],
    ids=["a head only", "noise", "noise as TIFF", "cut off", "a bomb", "too many pages"],
)
def test_a_bad_picture_is_refused_by_name(made: Callable[[], bytes], code: str) -> None:
    with pytest.raises(InputError) as error:
        read(Document("x.png", made()))
    assert (error.value.code, error.value.place) == (code, "x.png")
    assert error.value.hint


def test_a_picture_cut_off_is_refused_though_another_library_lets_pillow_fill_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(InputError) as error:
        read(Document("x.png", file_of(sheet()).content[:1500]))
    assert error.value.code == "damaged"
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_without_the_extra_a_picture_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    for document in (file_of(sheet()), file_of(sheet(), kind="PDF")):
        with pytest.raises(InputError) as error:
            read(document)
        assert "pip install 'disclosure-audit[ocr]'" in error.value.hint


def test_reading_text_loads_nothing_of_the_recogniser() -> None:
    code = (
        "import sys; from auditor.readers import read; from auditor.model.source import Document;"
        "import auditor.readers.pdf, auditor.readers.scan;"
        "read(Document('x', b'text'));"
        "print([name for name in ('numpy', 'cv2', 'PIL', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _truth() -> dict[str, str]:
    found: dict[str, str] = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Any]:
    """The exit code for the scanned page, and what is told of it; recognising it takes seconds."""

    def check(folder: Path) -> None:
        asked = ["check", "--format", "json", "--with-entries", str(PAGE)]
        result = CliRunner().invoke(main, asked)
        (report,) = json.loads(result.stdout)["reports"]
        (folder / "told.json").write_text(json.dumps([result.exit_code, report]), "utf-8")

    folder = built_once(tmp_path_factory, "scanned-page", check)
    code, report = json.loads((folder / "told.json").read_text("utf-8"))
    return code, report


def test_a_scanned_page_is_read_back_without_one_wrong_cell(checked: tuple[int, Any]) -> None:
    _, report = checked
    assert report["form"] == "cn-goi-annual/2021"
    assert report["identity"] == {"agency": AGENCIES[0], "year": 2023}
    entries = {entry["address"]: entry for entry in report["entries"]}
    right = 0
    for box, figure in _truth().items():
        entry = entries[box]
        assert entry["recognised"], box
        assert entry["state"] in ("number", "illegible"), box
        if entry["state"] == "number":
            assert Decimal(entry["value"]) == Decimal(figure), box
            right += 1
    assert right >= 0.9 * len(_truth())


def test_a_scan_is_audited_and_its_finding_is_not_called_certain(checked: tuple[int, Any]) -> None:
    code, report = checked
    assert code == 1
    assert "read-by-ocr" in {notice["code"] for notice in report["notices"]}
    finding = next(
        each for each in report["findings"] if each["primary"] == "applications/total_handled/total"
    )
    assert finding["certainty"] == "likely"
    assert finding["origin"]["page"] == 1
    assert len(finding["origin"]["bbox"]) == 4


@pytest.mark.thorough  # of this kind are the scanned pages of the next test
@needs_chinese_font
@pytest.mark.parametrize("wear", ["askew", "office scanner, 200 dpi", "pale", "fax"])
def test_no_cell_of_a_scanned_report_is_read_wrong(wear: str) -> None:
    from tests.kit.scans import WEARS, as_file, scanned
    from tests.pdfs import Style, pdf

    rng = Random(wear)
    figures = consistent_figures(form(), rng)
    content = pdf(form(), figures, AGENCIES[1], 2023, rng, Style(size=9, blanks=wear == "askew"))
    sheets = scanned(content, WEARS[wear], rng)
    document = Document("scan.tiff", as_file(sheets, "TIFF", WEARS[wear].dpi))
    _, report = read_report(document, library())
    read_so = 0
    for box, figure in figures.items():
        value = report.entries[box].value
        if isinstance(value, Number):
            assert value.value == figure, box
        elif isinstance(value, Blank):
            assert wear == "askew", box
            assert figure == 0, box
        read_so += isinstance(value, Number | Blank)
    assert wear == "fax" or read_so >= 0.9 * len(figures)


@pytest.mark.slow
@needs_chinese_font
def test_pages_of_text_and_scanned_pages_of_one_file_make_one_report(tmp_path: Path) -> None:
    import pypdfium2

    from tests.kit.scans import WEARS, as_file, scanned
    from tests.pdfs import Style, pdf

    rng = Random(3)
    figures = consistent_figures(form(), rng)
    content = pdf(form(), figures, AGENCIES[2], 2022, rng, Style(size=9))
    pictures = as_file(scanned(content, WEARS["askew"], rng), "PDF", 200)
    mixed = pypdfium2.PdfDocument.new()
    text, scan = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(pictures)
    mixed.import_pages(text, [0])
    mixed.import_pages(scan, list(range(1, len(scan))))
    mixed.save(tmp_path / "mixed.pdf")
    for opened in (mixed, text, scan):
        opened.close()
    _, report = read_report(Document("x", (tmp_path / "mixed.pdf").read_bytes()), library())
    kinds = set()
    for box, figure in figures.items():
        entry = report.entries[box]
        kinds.add(entry.recognised)
        if isinstance(entry.value, Number):
            assert entry.value.value == figure, box
        else:
            assert isinstance(entry.value, Illegible), box
    assert kinds == {True, False}


def test_a_row_torn_by_the_end_of_a_scanned_page_is_never_sure() -> None:
    def part(page: int, text: str, alternatives: tuple[str, ...]) -> Grid:
        at = [Origin(page=page, bbox=(x, 100.0, x + 90.0, 120.0)) for x in (0.0, 100.0)]
        label = Cell("Total" if page == 1 else "", 0, 0, at[0], recognised=True)
        figure = Cell(text, 0, 1, at[1], recognised=True, alternatives=alternatives)
        return Grid(((label, figure),), at[0], ruled=True)

    for upper, lower in ((("", ()), ("68", ("66",))), (("15", ("16",)), ("68", ()))):
        cells = [
            cell
            for block in join_torn_rows([part(1, *upper), part(2, *lower)])
            if isinstance(block, Grid)
            for row in block.rows
            for cell in row
            if cell.text and cell.column == 1
        ]
        assert all(cell.recognised for cell in cells)
        assert any(cell.alternatives for cell in cells)


_SHORT_OF_MEMORY = """
import resource, sys
from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers import read
from auditor.readers.scan import pages, recogniser

recogniser._engine()
with open("/proc/self/status") as status:
    (held,) = (int(line.split()[1]) * 1024 for line in status if line.startswith("VmSize"))
most = held + int(sys.argv[1]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
try:
    read(Document("page.jpg", sys.stdin.buffer.read()))
except InputError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited so on Linux only")
@pytest.mark.parametrize("megabytes", [20, 80, 160])
def test_a_lack_of_memory_is_told_as_such(megabytes: int) -> None:
    """Wherever it is met: in opening the picture, in OpenCV or in the recogniser."""
    told = subprocess.run(
        [sys.executable, "-c", _SHORT_OF_MEMORY, str(megabytes)],
        input=PAGE.read_bytes(),
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode() == "out-of-memory\n", told.stderr.decode()
