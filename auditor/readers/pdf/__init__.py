"""PDF in; grids of tables and lines of text, with page and box, out.

What reading a document would take is estimated, then it passes through `document` (opens it),
`glyphs`, `annotations` and `content` (what it draws: characters, also in fields, and edges),
`visibility` and `drawn` (digits that nobody sees are unread), `tables` (from edges alone, or from
figures that stand below each other) and `pages` (characters put into tables and lines, in reading
order). Text order in the file plays no part. `verify` reads pages again by other programs, whose
words are cut in `tokens`, instructions done in `interpreter` and cells found in `table_finder`.

Here: how pdfium is called, and what reading a PDF would cost, before anything reads it.

Nothing else opens pdfium documents. Its binding converts every argument and result, which for the
small questions that pdfium is asked about each character takes longer than the answer: those are
asked by functions made `plain`.

pdfium unfolds whatever it is given: kilobytes may hold gigabytes, and a drawing may contain itself.
`estimate_cost` is a look from outside, by the words of the file and bounded decompression. What it
cannot estimate is read in a sandbox, where time and memory end.
"""

from __future__ import annotations

import base64
import ctypes
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import PYFUNCTYPE, byref, c_int, c_void_p, cast
from enum import Enum
from typing import Any, NamedTuple, TypeVar
from weakref import ReferenceType, ref

import pypdfium2.raw as pdfium
from msgspec import Struct

from auditor.model.source import Document
from auditor.readers.limits import DEFAULT, Limits, call
from auditor.refusals import refusal

MAX_PIXELS = 60_000_000
"""A page of A3 at 400 dpi has 31 million."""


class RenderedPage(Struct, frozen=True):
    """One page: rows of grey bytes, 0 black and 255 white, and how large it is in points."""

    number: int
    width: int
    height: int
    grey: bytes
    points: tuple[float, float]


def plain(function: Any, returns: Any = c_int, takes: Any = None) -> Any:
    """The same function: `returns` an `int` where nothing else is said, and given exactly what C
    expects, by `ctypes` objects, where `takes` does not say what to make of the arguments.

    Other threads wait while it runs, as handing over to them takes longer than the answer too."""
    found = PYFUNCTYPE(returns)(cast(function, c_void_p).value or 0)
    if takes is not None:
        found.argtypes = takes
    return found


def handle(thing: Any) -> Any:
    """A page, or whatever pdfium gave, made ready once for all the calls it is an argument of."""
    return c_void_p.from_param(cast(thing, c_void_p).value)


@contextmanager
def opened(document: Document, with_form: bool = False) -> Iterator[tuple[Any, Any]]:
    """The document and its form, None where it has none or none is asked for. Raises `InputError`:
    damaged, encrypted."""
    buffer = ctypes.create_string_buffer(document.content, len(document.content))
    found = pdfium.FPDF_LoadMemDocument64(buffer, len(document.content), None)
    if not found:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise refusal("encrypted/pdf", document.name)
        raise refusal("damaged/pdf-pages", document.name)
    form = None
    try:
        if with_form and pdfium.FPDF_GetFormType(found) != pdfium.FORMTYPE_NONE:
            how = pdfium.FPDF_FORMFILLINFO(version=2)
            form = pdfium.FPDFDOC_InitFormFillEnvironment(found, byref(how))
        yield found, form
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDF_CloseDocument(found)


def load_page(document: Document, found: Any, index: int) -> Any:
    """A page, from 0. Raises `InputError` for one that cannot be loaded."""
    page = pdfium.FPDF_LoadPage(found, index)
    if not page:
        raise refusal("damaged/pdf-page", document.name, number=index + 1)
    return page


def render(document: Document, numbers: Sequence[int], dpi: float) -> Iterator[RenderedPage]:
    """The pages with these numbers, from 1, as a person sees them. Raises `InputError` for a page
    too large to draw."""
    with opened(document) as (found, _):
        for number in numbers:
            yield _render(document, found, number, dpi)


def rendered(document: Document, numbers: Sequence[int], dpi: float) -> list[RenderedPage]:
    """As `render`, all at once."""
    return list(render(document, numbers, dpi))


def _render(document: Document, found: Any, number: int, dpi: float) -> RenderedPage:
    page = load_page(document, found, number - 1)
    try:
        points = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        width, height = (max(1, round(side * dpi / 72)) for side in points)
        if width * height > MAX_PIXELS:
            raise refusal(
                "too-large/pdf-page",
                document.name,
                number=number,
                width=round(points[0]),
                height=round(points[1]),
                most=f"{MAX_PIXELS:,}",
                dpi=round(dpi),
            )
        return RenderedPage(number, width, height, grey_of(page, width, height), points)
    finally:
        pdfium.FPDF_ClosePage(page)


def grey_of(page: Any, width: int, height: int) -> bytes:
    """A page as it is seen, as so many pixels: white is 255, in rows from the top."""
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        rows = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    if stride == width:
        return rows
    return b"".join(rows[at : at + width] for at in range(0, stride * height, stride))


_Result = TypeVar("_Result")


class Cost(Enum):
    """How a document is to be read."""

    LOW = "low"
    UNKNOWN = "unknown"
    """Read in a process of its own."""
    TOO_LARGE = "too-large"


_LOW = 1_000_000
"""Bytes of drawing instructions. A page of a report has some ten thousands, of a map millions; what
takes pdfium the square of their number takes it seconds for so many, and not hours."""

_STREAM = re.compile(rb"stream\r?\n")
_HEAD = 2_000
_NUMBER = re.compile(rb"(\d+)\s+\d+\s+obj\b")
# An array ends at the next bracket of either kind: where there is none that closes it, a pattern
# that looks further would look through the rest of the file, for each array anew.
_FILTER = re.compile(rb"/Filter\s*(?:/(\w+)|\[([^][]*)\])")
_NAME = re.compile(rb"/(\w+)")
_CONTENTS = re.compile(rb"/Contents\s*(?:\[([^][]*)\]|(\d+)\s+\d+\s+R)")
_REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")
_ARRAY = re.compile(rb"\bobj\s*\[([^][]*)\]")
_NUMBERED = re.compile(rb"(\d+)\s+\d+\s+\Z")
_MAX_NUMBER = 40
_PAINTED = re.compile(rb"\bDo\b")
# Pictures are not unfolded to read text, nor are fonts that say what their characters mean.
_NOT_DRAWN = re.compile(rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)|/Length1\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_LONG_MEANING = re.compile(rb"<[0-9A-Fa-f\s]{64,}>")
"""What a character means, of more than a ligature's letters: each time that it is drawn, all of
them are held in memory."""
_ESCAPED_NAME = re.compile(rb"/([\w#]{0,60}#[0-9A-Fa-f]{2}[\w#]{0,60})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_KEYS = frozenset(
    b"Contents Kids Filter FlateDecode Fl ASCII85Decode A85 Encrypt Subtype Image Form XObject "
    b"ToUnicode Length Length1 Type1C CIDFontType0C OpenType".split()
)
_MARKED = re.compile(rb"\b(?:BDC|BMC|EMC)\b")
_MAX_NESTED = 500
"""Programs nest marked content some ten deep."""
_CHUNK = 1 << 12
_LAYERS = b"OCProperties"
_OBJECT_STREAM = re.compile(rb"/ObjStm\b")
_MAX_UNFOLDED = 20_000_000
"""Bytes of objects folded into streams that are looked through."""
_MAX_SCANNED = 1_000_000_000
"""Bytes that pdfium may look through for the ends of streams whose lengths are wrong: for each, all
that is behind it. It does so in a second; a report has a hundredth of it."""
_MAX_PASSES = 4
"""Times its size that a file is looked at. A stream may run on through those behind it, where the
word that ends it is within; in a file that a program wrote each is looked at once."""


class _Stream(NamedTuple):
    number: int
    is_form: bool
    is_not_drawn: bool
    start: int
    end: int
    """Where the word `endstream` stands; it may stand within a stream too."""
    filters: tuple[bytes, ...]


_estimated: list[tuple[ReferenceType[Document], int, Cost]] = []
"""Of the document that was looked at last, with the limit: both readers ask. By identity, as there
are kinds of documents that cannot be keys."""


def within_cost(
    function: Callable[..., _Result], document: Document, limits: Limits, *more: object
) -> _Result:
    """`act(document, limits, *more)`, here or in a sandbox. Raises what it raises, and `InputError`
    for a document that would cost too much."""
    if not any(of() is document and at == limits.content_bytes for of, at, _ in _estimated):
        cost = estimate_cost(document.content, limits.content_bytes)
        _estimated[:] = [(ref(document), limits.content_bytes, cost)]
    match _estimated[0][2]:
        case Cost.LOW:
            return function(document, limits, *more)
        case Cost.UNKNOWN:
            return call(function, document, limits, *more, place=document.name)
        case Cost.TOO_LARGE:
            raise limits.exceeded("content_bytes", document.name)


def estimate_cost(content: bytes, limit: int = DEFAULT.content_bytes) -> Cost:
    """How the document is to be read; by its words, so a file made to mislead may look light."""
    between, streams = _split(content)
    if any(b"/Encrypt" in text for text in between):
        return Cost.UNKNOWN
    if len(streams) * len(content) > _MAX_SCANNED or any(map(_hides_keys, between)):
        return Cost.UNKNOWN
    pages = _page_contents(between)
    on_pages = set(pages)
    count = len(between)
    sizes = dict[int, int]()
    forms_painted = largest_form = total = 0
    is_known = True
    left = _MAX_PASSES * len(content)
    for stream in streams:
        if stream.is_not_drawn and stream.number not in on_pages:
            continue
        text, source_size = _decompressed(content, stream, limit - total)
        left -= source_size
        if left < 0:
            return Cost.UNKNOWN
        if text is None:
            is_known = False
            continue
        total += len(text)
        if total >= limit:
            return Cost.TOO_LARGE
        sizes[stream.number] = len(text)
        times = len(_PAINTED.findall(text)) if b"Do" in text else 0
        forms_painted += times
        if stream.is_form:
            largest_form = max(largest_form, len(text))
            is_known = is_known and not times
        if _nesting_depth(text) > _MAX_NESTED or (
            b"beginbf" in text and _LONG_MEANING.search(text)
        ):
            is_known = False
        if _hides_keys(text):
            is_known = False
        if b"/Contents" in text:
            between.append(text)  # pages may be folded into streams too
    if len(between) > count:
        pages = _page_contents(between)
    # What is drawn once has been counted where it stands.
    again = Counter(pages) - Counter(set(pages))
    total += sum(sizes.get(number, 0) * times for number, times in again.items())
    total += forms_painted * largest_form
    if total >= limit and is_known:
        return Cost.TOO_LARGE
    are_sizes_known = all(number in sizes for number in pages)
    return Cost.LOW if is_known and are_sizes_known and total < _LOW else Cost.UNKNOWN


def may_have_layers(content: bytes) -> bool:
    """Whether some of what a document draws may not be shown, by its words."""
    if _LAYERS in content:
        return True
    left = _MAX_UNFOLDED
    for found in _OBJECT_STREAM.finditer(content):
        start = _STREAM.search(content, found.end())
        text, _ = _inflated(content, start.end(), left) if start else (b"", 0)
        left -= len(text)
        if not text or not left or _LAYERS in text:
            return True
    return False


def _hides_keys(text: bytes) -> bool:
    """Whether a key that is looked for here is spelt out in its characters' numbers, as programs
    spell names of fonts and never keys."""
    if b"#" not in text:
        return False
    names = (_ESCAPE.sub(lambda each: bytes([int(each[1], 16)]), name)
             for name in _ESCAPED_NAME.findall(text))  # fmt: skip
    return any(name in _KEYS for name in names)


def _nesting_depth(text: bytes) -> int:
    """How deep the marked content of a stream is nested; pdfium copies all of it for each thing."""
    depth = deepest = 0
    for found in _MARKED.finditer(text) if b"BDC" in text or b"BMC" in text else ():
        depth += -1 if found[0] == b"EMC" else 1
        deepest = max(deepest, depth)
    return deepest


def _split(content: bytes) -> tuple[list[bytes], list[_Stream]]:
    """The file's words between its streams, and the streams."""
    between: list[bytes] = []
    streams: list[_Stream] = []
    at = 0
    while (found := _STREAM.search(content, at)) is not None:
        head = content[at : found.start()]
        between.append(head)
        numbers = list(_NUMBER.finditer(head[-_HEAD:]))
        number = int(numbers[-1][1]) if numbers else 0
        head = head[-_HEAD:][numbers[-1].end() :] if numbers else head[-_HEAD:]
        filters = _FILTER.search(head)
        names = _NAME.findall(filters[0])[1:] if filters else []
        is_form, is_not_drawn = bool(_FORM.search(head)), bool(_NOT_DRAWN.search(head))
        end = content.find(b"endstream", found.end())
        end = end if end >= 0 else len(content)
        streams.append(_Stream(number, is_form, is_not_drawn, found.end(), end, tuple(names)))
        at = end + len(b"endstream")
    between.append(content[at:])
    return between, streams


def _page_contents(between: list[bytes]) -> list[int]:
    """The numbers of the streams that are drawn on pages, as often as they are."""
    arrays: dict[int, list[int]] = {}
    for text in between:
        for found in _ARRAY.finditer(text) if b"[" in text else ():
            start = max(0, found.start() - _MAX_NUMBER)
            number = _NUMBERED.search(text, start, found.start())
            if number:
                arrays[int(number[1])] = [int(each) for each in _REFERENCE.findall(found[1])]
    on_pages: list[int] = []
    for text in between:
        for inside, of in _CONTENTS.findall(text):
            if of:
                on_pages += arrays.get(int(of), [int(of)])
            else:
                on_pages += [int(each) for each in _REFERENCE.findall(inside)]
    return on_pages


def _decompressed(content: bytes, stream: _Stream, limit: int) -> tuple[bytes | None, int]:
    """A stream's bytes, no more than `limit`, None when they cannot be had; and of how many bytes
    of the file that was made."""
    match stream.filters:
        case ():
            plain = content[stream.start : stream.end][:limit]
            return plain, len(plain)
        case (b"FlateDecode" | b"Fl",):
            return _inflated(content, stream.start, limit)
        case (b"ASCII85Decode" | b"A85", b"FlateDecode" | b"Fl"):
            end = content.find(b"~>", stream.start)
            source = content[stream.start : end if end >= 0 else None]
            return _inflated(_a85(source), 0, limit)[0], len(source)
        case _:
            return None, 0


def _a85(text: bytes) -> bytes:
    try:
        return base64.a85decode(text)
    except ValueError:
        return b""


def _inflated(source: bytes, start: int, limit: int) -> tuple[bytes, int]:
    """What can be inflated of a stream, as pdfium shows what it can of a damaged one; and of how
    many bytes it was made."""
    engine = zlib.decompressobj()
    parts: list[bytes] = []
    size, at = 0, start
    try:
        for at in range(start, len(source), _CHUNK):
            pending = source[at : at + _CHUNK]
            while pending and size < limit and not engine.eof:
                parts.append(engine.decompress(pending, limit - size))
                size += len(parts[-1])
                pending = engine.unconsumed_tail
            if engine.eof or size >= limit:
                break
    except zlib.error:
        pass
    # Browsers draw each character by a stream of its own, far shorter than a chunk.
    used = min(at + _CHUNK, len(source)) - len(engine.unused_data) - start
    return b"".join(parts), used if parts else 0
