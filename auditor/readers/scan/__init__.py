"""Pictures of pages in; the grids, lines and doubts that any other document gives, out.

`picture` opens them, `straight` levels them, `ruling` finds the rules from which the PDF reader's
`lattice` makes cells, `cells` finds ink, `sight` has the recogniser read it twice, `glyphs`
compares digits with each other, and `decide` says what stands in a cell. A cell without ink is
blank; ink of which nobody can tell what it says is unread, never blank. Figures that stand in no
ruled table are not read.

Places are points from the page's upper left corner, text upright: for a PDF its own points, for a
picture its pixels by the resolution it says (see `picture`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.pdf.apart import apart
from auditor.readers.pdf.layout import Laid, blocks_of
from auditor.readers.pdf.render import Rendered, render, rendered
from auditor.readers.pdf.weigh import Weight, weigh

HINT = "pip install 'audit[ocr]'"


def is_installed() -> bool:
    """Whether the extra `ocr` is there; loads nothing of it."""
    return all(find_spec(name) for name in ("rapidocr_onnxruntime", "cv2", "numpy", "PIL"))


def read_image(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What stands in a picture, or in all pages of one. Raises `InputError`."""
    if len(document.content) > limits.file_bytes:
        raise limits.exceeded("file_bytes", document.name)
    if not is_installed():
        raise InputError(
            "needs-ocr",
            "this is a picture, and the recogniser that reads pictures is not installed",
            place=document.name,
            hint=HINT,
        )
    from auditor.readers.scan.pages import lay
    from auditor.readers.scan.picture import pictures_of

    pages, notices = lay(document.name, pictures_of(document), limits)
    blocks = blocks_of(pages)
    if not blocks:
        raise InputError(
            "no-text",
            "no text was recognised in this picture",
            place=document.name,
            hint="scan it again, level and at 200 dpi or more",
        )
    return Extract(tuple(blocks), tuple(notices))


def read_pages_as_pictures(
    document: Document, numbers: Sequence[int], limits: Limits = DEFAULT
) -> tuple[list[Laid], list[Notice]]:
    """Pages of a PDF, from 1, and our doubts about them. Raises `InputError`."""
    from auditor.readers.scan.pages import lay
    from auditor.readers.scan.picture import DPI, of_rendered

    if len(numbers) > limits.scanned_pages:
        raise limits.exceeded("scanned_pages", document.name)
    drawn: Iterable[Rendered] = render(document, numbers, DPI)
    if weigh(document.content, limits.content_bytes) is not Weight.LIGHT:
        drawn = _drawn_apart(document, numbers, DPI)
    return lay(document.name, (of_rendered(page) for page in drawn), limits)


def _drawn_apart(document: Document, numbers: Iterable[int], dpi: float) -> Iterator[Rendered]:
    """One page at a time: all of them at once would fill the memory."""
    for number in numbers:
        yield from apart(rendered, document, [number], dpi, place=document.name)
