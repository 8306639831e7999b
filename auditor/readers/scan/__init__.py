"""Pictures of pages in; the grids, lines and doubts that any other document gives, out.

`picture` opens them, `straight` levels them, `ruling` finds the rules from which the PDF reader's
`lattice` makes cells, `cells` finds ink, `sight` has the recogniser read it twice, `glyphs` compares
digits with each other, and `decide` says what stands in a cell. A cell without ink is blank; ink of
which nobody can tell what it says is unread, never blank. Figures that stand in no ruled table are
not read.

Places are points from the page's upper left corner, text upright: for a PDF its own points, for a
picture its pixels by the resolution it says (see `picture`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from time import monotonic

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Notice
from auditor.readers.pdf.layout import Laid, blocks_of
from auditor.readers.pdf.render import render

MOST_SECONDS = 600.0
"""A page takes two to four; nobody waits for longer than this."""
HINT = "pip install 'audit[ocr]'"


def is_installed() -> bool:
    """Whether the extra `ocr` is there; loads nothing of it."""
    return all(find_spec(name) for name in ("rapidocr_onnxruntime", "cv2", "numpy", "PIL"))


def read_image(document: Document) -> Extract:
    """What stands in a picture, or in all pages of one. Raises `InputError`."""
    if not is_installed():
        raise InputError(
            "needs-ocr",
            "this is a picture, and the recogniser that reads pictures is not installed",
            place=document.name,
            hint=HINT,
        )
    from auditor.readers.scan.picture import pictures_of

    pages, notices = _laid(document, pictures_of(document))
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
    document: Document, numbers: Sequence[int]
) -> tuple[list[Laid], list[Notice]]:
    """Pages of a PDF, from 1, and our doubts about them. Raises `InputError`."""
    from auditor.readers.scan.picture import DPI, of_rendered

    return _laid(document, (of_rendered(page) for page in render(document, numbers, DPI)))


def _laid(document: Document, pictures: Iterator[object]) -> tuple[list[Laid], list[Notice]]:
    from auditor.readers.scan.pages import lay
    from auditor.readers.scan.sight import Seen, look_at

    begun = monotonic()
    seen: list[Seen] = []
    for picture in pictures:
        if monotonic() - begun > MOST_SECONDS:
            raise InputError(
                "too-large",
                f"its pictures take longer than {MOST_SECONDS:.0f} seconds to read",
                place=document.name,
                hint="give each report as a file of its own",
            )
        seen.append(look_at(picture))
    return lay(seen)
