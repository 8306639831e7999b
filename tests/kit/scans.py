"""Clean pages of a PDF in; the same as a scanner, a copier or a careless hand would give them, out.

Everything a page suffers is drawn from the given randomness, so a seed gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wear:
    """What happens to a page on its way."""

    dpi: int = 200
    skew: float = 1.0
    """Most degrees by which a sheet lies askew, to either side."""
    noise: float = 4.0
    """Standard deviation of the grain, of 255."""
    blur: float = 0.6
    """Standard deviation of the blur, in pixels."""
    paper: int = 245
    ink: int = 30
    """Grey of paper and ink; close together, the print is pale."""
    shade: float = 0.0
    """By how much of the paper's grey one side is darker than the other."""
    quality: int = 80
    """Of the JPEG that every scan is at some time; 0 for none."""
    black: bool = False
    """Only black and white, as a fax."""


WEARS = {
    "clean": Wear(skew=0, noise=0, blur=0, paper=255, ink=0, quality=0),
    "office scanner, 200 dpi": Wear(),
    "office scanner, 150 dpi": Wear(dpi=150, blur=0.5),
    "askew": Wear(skew=1.5, noise=6),
    "pale": Wear(paper=235, ink=140, noise=3),
    "noisy copy": Wear(noise=14, blur=0.8, quality=50, paper=225),
    "uneven light": Wear(shade=0.3, paper=235),
    "fax": Wear(black=True, noise=10, quality=0),
    "fine": Wear(dpi=300, noise=5, blur=0.8),
}
"""Kinds of scan by name."""


def scanned(pdf: bytes, wear: Wear, rng: Random) -> list[Image.Image]:
    """Each page as a picture that says its resolution."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        pages = [
            page.render(scale=wear.dpi / 72, grayscale=True).to_numpy().squeeze().astype(np.uint8)
            for page in opened
        ]
    finally:
        opened.close()
    return [Image.fromarray(_worn(page, wear, rng)) for page in pages]


def _worn(page: Pixels, wear: Wear, rng: Random) -> Pixels:
    height, width = page.shape
    grain = np.random.default_rng(rng.randrange(2**32))
    lit: npt.NDArray[np.floating[Any]] = wear.ink + page.astype(np.float32) / 255 * (
        wear.paper - wear.ink
    )
    if wear.skew:
        middle = width / 2 + rng.uniform(-2, 2), height / 2 + rng.uniform(-2, 2)
        turn = cv2.getRotationMatrix2D(middle, rng.uniform(-wear.skew, wear.skew), 1)
        lit = np.asarray(
            cv2.warpAffine(
                lit, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=wear.paper
            )
        )
    if wear.blur:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), wear.blur))
    if wear.shade:
        lit = lit * np.linspace(1, 1 - wear.shade, width, dtype=np.float32)
    if wear.noise:
        lit = lit + grain.normal(0, wear.noise, lit.shape)
    if wear.black:
        lit = np.where(lit > (wear.paper + wear.ink) / 2, 255.0, 0.0)
    worn: Pixels = np.clip(lit, 0, 255).astype(np.uint8)
    if wear.quality:
        _, coded = cv2.imencode(".jpg", worn, [cv2.IMWRITE_JPEG_QUALITY, wear.quality])
        worn = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return worn


def as_file(pages: Sequence[Image.Image], kind: str, dpi: int) -> bytes:
    """The pictures as one file: `PDF`, `TIFF` with a page each, or `PNG`, `JPEG` of the first."""
    out = BytesIO()
    several = {"save_all": True, "append_images": pages[1:]} if kind in ("PDF", "TIFF") else {}
    resolution = {"resolution": dpi} if kind == "PDF" else {"dpi": (dpi, dpi)}
    pages[0].save(out, kind, **several, **resolution)
    return out.getvalue()
