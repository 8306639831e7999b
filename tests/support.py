"""What several tests need: the library, its forms, and documents made from text."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from auditor.definitions import Library, load_library
from auditor.model.form import Form
from auditor.model.source import Document
from auditor.reporters import REPORTERS, Item, Style, reporter_of

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
FORM_IDS = ("cn-goi-annual/2019", "cn-goi-annual/2021")

YEARS = {"cn-goi-annual/2019": (2019, 2020), "cn-goi-annual/2021": (2021, 2025)}
"""First and last report year for which tests invent a report on each form."""


@cache
def library() -> Library:
    """The rules that come with the package."""
    return load_library()


def form(form_id: str = "cn-goi-annual/2021") -> Form:
    """A form by its id."""
    return library().form(form_id)


def text_document(text: str, name: str = "report.txt") -> Document:
    """A text file."""
    return Document(name, text.encode())


def reported(name: str, items: Iterable[Item], style: Style | None = None) -> bytes:
    """The items in a format, whole."""
    parts: list[bytes] = []
    reporter = reporter_of(name, REPORTERS[name])(
        style or Style(),
        lambda text: parts.append(text if isinstance(text, bytes) else text.encode()),
    )
    reporter.start()
    for item in items:
        reporter.report(item)
    reporter.finish()
    return b"".join(parts)


@contextmanager
def unburdened() -> Iterator[None]:
    """So that time is that of the work alone: what other tests left is not walked by the collector.

    Thousands of tests leave so many objects that one full collection takes a second. They stay
    frozen: unfrozen, all of them would be walked again by the next of hundreds of such tests.
    """
    gc.collect()
    gc.freeze()
    yield
