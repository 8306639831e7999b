"""Bytes of a PDF in; what they would cost to read, out, before anything reads them.

pdfium unfolds whatever it is given: kilobytes may hold gigabytes, and a drawing may contain itself.
This is a look from outside, by the words of the file and bounded decompression. What it cannot
estimate is read in a sandbox, where time and memory end.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, TypeVar

from auditor.model.source import Document
from auditor.readers import sandbox
from auditor.readers.limits import DEFAULT, Limits

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
_ASIDE = re.compile(rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)|/Length1\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_LONG_MEANING = re.compile(rb"<[0-9A-Fa-f\s]{64,}>")
"""What a character means, of more than a ligature's letters: each time that it is drawn, all of
them are held in memory."""
_SPELT = re.compile(rb"/([\w#]{0,60}#[0-9A-Fa-f]{2}[\w#]{0,60})")
_NUMBERS = re.compile(rb"#([0-9A-Fa-f]{2})")
_KEYS = frozenset(
    b"Contents Kids Filter FlateDecode Fl ASCII85Decode A85 Encrypt Subtype Image Form XObject "
    b"ToUnicode Length Length1 Type1C CIDFontType0C OpenType".split()
)
_MARKED = re.compile(rb"\b(?:BDC|BMC|EMC)\b")
_MAX_NESTED = 500
"""Programs nest marked content some ten deep."""
_CHUNK = 1 << 12
_MAX_SOUGHT = 1_000_000_000
"""Bytes that pdfium may look through for the ends of streams whose lengths are wrong: for each, all
that is behind it. It does so in a second; a report has a hundredth of it."""
_MAX_TIMES = 4
"""Times its size that a file is looked at. A stream may run on through those behind it, where the
word that ends it is within; in a file that a program wrote each is looked at once."""


class _Stream(NamedTuple):
    number: int
    is_form: bool
    is_aside: bool
    start: int
    end: int
    """Where the word `endstream` stands; it may stand within a stream too."""
    filters: tuple[bytes, ...]


def within_cost(
    act: Callable[..., _Result], document: Document, limits: Limits, *more: object
) -> _Result:
    """`act(document, limits, *more)`, here or in a sandbox. Raises what it raises, and `InputError`
    for a document that would cost too much."""
    match estimate_cost(document.content, limits.content_bytes):
        case Cost.LOW:
            return act(document, limits, *more)
        case Cost.UNKNOWN:
            return sandbox.call(act, document, limits, *more, place=document.name)
        case Cost.TOO_LARGE:
            raise limits.exceeded("content_bytes", document.name)


def estimate_cost(content: bytes, most: int = DEFAULT.content_bytes) -> Cost:
    """How the document is to be read; by its words, so a file made to mislead may look light."""
    words, streams = _parted(content)
    if any(b"/Encrypt" in text for text in words):
        return Cost.UNKNOWN
    if len(streams) * len(content) > _MAX_SOUGHT or any(map(_hides_keys, words)):
        return Cost.UNKNOWN
    pages = _drawn(words)
    drawn = set(pages)
    count = len(words)
    sizes = dict[int, int]()
    painted = largest_form = total = 0
    is_plain = True
    left = _MAX_TIMES * len(content)
    for stream in streams:
        if stream.is_aside and stream.number not in drawn:
            continue
        text, looked_at = _unfolded(content, stream, most - total)
        left -= looked_at
        if left < 0:
            return Cost.UNKNOWN
        if text is None:
            is_plain = False
            continue
        total += len(text)
        if total >= most:
            return Cost.TOO_LARGE
        sizes[stream.number] = len(text)
        times = len(_PAINTED.findall(text)) if b"Do" in text else 0
        painted += times
        if stream.is_form:
            largest_form = max(largest_form, len(text))
            is_plain = is_plain and not times
        if _nested(text) > _MAX_NESTED or (b"beginbf" in text and _LONG_MEANING.search(text)):
            is_plain = False
        if _hides_keys(text):
            is_plain = False
        if b"/Contents" in text:
            words.append(text)  # pages may be folded into streams too
    if len(words) > count:
        pages = _drawn(words)
    total += sum(sizes.get(number, 0) for number in pages) + painted * largest_form
    if total >= most and is_plain:
        return Cost.TOO_LARGE
    known = all(number in sizes for number in pages)
    return Cost.LOW if is_plain and known and total < _LOW else Cost.UNKNOWN


def _hides_keys(text: bytes) -> bool:
    """Whether a key that is looked for here is spelt out in its characters' numbers, as programs
    spell names of fonts and never keys."""
    if b"#" not in text:
        return False
    names = (_NUMBERS.sub(lambda each: bytes([int(each[1], 16)]), name)
             for name in _SPELT.findall(text))  # fmt: skip
    return any(name in _KEYS for name in names)


def _nested(text: bytes) -> int:
    """How deep the marked content of a stream is nested; pdfium copies all of it for each thing."""
    depth = deepest = 0
    for found in _MARKED.finditer(text) if b"BDC" in text or b"BMC" in text else ():
        depth += -1 if found[0] == b"EMC" else 1
        deepest = max(deepest, depth)
    return deepest


def _parted(content: bytes) -> tuple[list[bytes], list[_Stream]]:
    """The file's words between its streams, and the streams."""
    words: list[bytes] = []
    streams: list[_Stream] = []
    at = 0
    while (found := _STREAM.search(content, at)) is not None:
        head = content[at : found.start()]
        words.append(head)
        numbers = list(_NUMBER.finditer(head[-_HEAD:]))
        number = int(numbers[-1][1]) if numbers else 0
        head = head[-_HEAD:][numbers[-1].end() :] if numbers else head[-_HEAD:]
        filters = _FILTER.search(head)
        names = _NAME.findall(filters[0])[1:] if filters else []
        is_form, is_aside = bool(_FORM.search(head)), bool(_ASIDE.search(head))
        end = content.find(b"endstream", found.end())
        end = end if end >= 0 else len(content)
        streams.append(_Stream(number, is_form, is_aside, found.end(), end, tuple(names)))
        at = end + len(b"endstream")
    words.append(content[at:])
    return words, streams


def _drawn(words: list[bytes]) -> list[int]:
    """The numbers of the streams that are drawn on pages, as often as they are."""
    arrays: dict[int, list[int]] = {}
    for text in words:
        for found in _ARRAY.finditer(text) if b"[" in text else ():
            start = max(0, found.start() - _MAX_NUMBER)
            number = _NUMBERED.search(text, start, found.start())
            if number:
                arrays[int(number[1])] = [int(each) for each in _REFERENCE.findall(found[1])]
    drawn: list[int] = []
    for text in words:
        for inside, of in _CONTENTS.findall(text):
            if of:
                drawn += arrays.get(int(of), [int(of)])
            else:
                drawn += [int(each) for each in _REFERENCE.findall(inside)]
    return drawn


def _unfolded(content: bytes, stream: _Stream, most: int) -> tuple[bytes | None, int]:
    """A stream's bytes, no more than `most`, None when they cannot be had; and of how many bytes of
    the file that was made."""
    match stream.filters:
        case ():
            plain = content[stream.start : stream.end][:most]
            return plain, len(plain)
        case (b"FlateDecode" | b"Fl",):
            return _inflated(content, stream.start, most)
        case (b"ASCII85Decode" | b"A85", b"FlateDecode" | b"Fl"):
            end = content.find(b"~>", stream.start)
            source = content[stream.start : end if end >= 0 else None]
            return _inflated(_a85(source), 0, most)[0], len(source)
        case _:
            return None, 0


def _a85(text: bytes) -> bytes:
    try:
        return base64.a85decode(text)
    except ValueError:
        return b""


def _inflated(source: bytes, start: int, most: int) -> tuple[bytes, int]:
    """What can be inflated of a stream, as pdfium shows what it can of a damaged one; and of how
    many bytes it was made."""
    engine = zlib.decompressobj()
    parts: list[bytes] = []
    size, at = 0, start
    try:
        for at in range(start, len(source), _CHUNK):
            waiting = source[at : at + _CHUNK]
            while waiting and size < most and not engine.eof:
                parts.append(engine.decompress(waiting, most - size))
                size += len(parts[-1])
                waiting = engine.unconsumed_tail
            if engine.eof or size >= most:
                break
    except zlib.error:
        pass
    return b"".join(parts), min(at + _CHUNK, len(source)) - start if parts else 0
