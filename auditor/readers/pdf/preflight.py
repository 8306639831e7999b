"""A PDF's bytes in; an error out when drawing it would take memory or time without end.

pdfium has no limits of its own and cannot be stopped: a kilobyte that unpacks to a gigabyte, or
forms that draw each other, end the process. So what its pages draw is weighed before it is opened.
Pictures and fonts are not: they are unpacked only when shown.
"""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Iterator
from typing import NamedTuple

from auditor.model.source import Document
from auditor.readers.limits import Limits

_LONGEST_HEAD = 4_096
_NUMBER = re.compile(rb"(\d{1,9})\s+\d{1,5}\s*$")
_REFERENCE = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+R\b")
_SHARED = re.compile(rb"/(?:Resources|XObject)\s+(\d{1,9})\s+\d{1,5}\s+R\b")
_CONTENTS = re.compile(rb"/Contents\s*\[?((?:\s*\d{1,9}\s+\d{1,5}\s+R)+)")
_SAVES = re.compile(rb"(?<![^\s\])>])q(?![^\s\[(</])")
_STRINGS = re.compile(rb"[(<]([^()<>]+)[)>]")
_FONTS = (b"\x00\x01\x00\x00", b"true", b"OTTO", b"\x01\x00\x04")
_DEEPEST = 20


class _Stream(NamedTuple):
    head: bytes
    size: int
    draws: int
    """How often it draws a form or a picture."""


def weigh(document: Document, limits: Limits) -> None:
    """Raises `InputError` when the contents of pages and forms are beyond a limit."""
    content = document.content
    shown = {
        int(number) for found in _CONTENTS.finditer(content) for number in _references(found[1])
    }
    forms: dict[int, _Stream] = {}
    packed: dict[int, bytes] = {}  # objects within object streams
    total = draws = saves = 0
    for number, head, start in _streams(content):
        if number not in shown and _is_picture_or_font(content, head, start):
            continue
        data = _unpacked(content, head, start, limits.content_bytes + 1)
        stream = _Stream(head, len(data), data.count(b"Do"))
        if b"/ObjStm" in head:
            packed.update(_objects(data))
        if b"/Form" in head:
            forms[number] = stream
        else:
            total += stream.size
            draws += stream.draws
        if len(data) > min(limits.drawings, limits.characters):  # or there cannot be as many
            saves += len(_SAVES.findall(data))
            said = sum(map(len, _STRINGS.findall(data)))
            if said > 2 * limits.characters:  # which may take two bytes each
                raise limits.exceeded("characters", document.name)
        if total > limits.content_bytes or stream.size > limits.content_bytes:
            raise limits.exceeded("content_bytes", document.name)
        if saves > limits.drawings:
            raise limits.exceeded("drawings", document.name)
    if forms:
        total += max(draws, 1) * _heaviest(forms, packed, content, limits.content_bytes)
        if total > limits.content_bytes:
            raise limits.exceeded("content_bytes", document.name)


def _streams(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Number, dictionary and first byte of every stream."""
    end = 0
    while (start := content.find(b"stream", end)) >= 0:  # far faster than a pattern
        end = start + len(b"stream")
        if content[end : end + 1] not in (b"\r", b"\n") or content[start - 3 : start] == b"end":
            continue
        least = max(0, start - _LONGEST_HEAD)
        at = content.rfind(b"obj", least, start)
        before = _NUMBER.search(content, max(0, at - 20), at) if at >= 0 else None
        head = content[at if at >= 0 else least : start]
        yield int(before[1]) if before else 0, head, end + 1 + (content[end : end + 2] == b"\r\n")


def _is_picture_or_font(content: bytes, head: bytes, start: int) -> bool:
    if b"/Image" in head:
        return True
    if b"/Length1" not in head and b"/FontFile" not in head:
        return False
    try:
        begins = zlib.decompressobj().decompress(memoryview(content)[start : start + 512], 4)
    except zlib.error:
        begins = content[start : start + 4]
    return begins.startswith(_FONTS)


def _unpacked(content: bytes, head: bytes, start: int, most: int) -> bytes:
    """What a stream holds, up to `most` bytes; filters are tried whatever its dictionary says."""
    data: bytes | memoryview = memoryview(content)[start:]
    if b"ASCII85" in head or b"/A85" in head:
        end = content.find(b"~>", start)
        try:
            data = a85decode(content[start : end if end >= 0 else start])
        except ValueError:
            return b""
    times = 0
    while times < 8:
        try:
            data = zlib.decompressobj().decompress(data, most)
        except zlib.error:
            break
        times += 1
        if data[:1] not in (b"\x78", b"\x68", b"\x58"):
            break
    if times or not isinstance(data, memoryview):
        return bytes(data)
    end = content.find(b"endstream", start)
    return content[start : end if end >= 0 else start][:most]


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The objects in an object stream, by number."""
    numbers = re.match(rb"[\d\s]*", data)
    pairs = [int(number) for number in (numbers[0] if numbers else b"").split()[:20_000]]
    first = numbers.end() if numbers else 0
    places = sorted(zip(pairs[1::2], pairs[::2], strict=False))
    for index, (place, number) in enumerate(places):
        end = places[index + 1][0] if index + 1 < len(places) else len(data)
        yield number, data[first + place : first + end]


def _references(said: bytes) -> list[bytes]:
    return _REFERENCE.findall(said)


def _heaviest(
    forms: dict[int, _Stream], packed: dict[int, bytes], content: bytes, most: int
) -> int:
    """Bytes of the form that draws most, with what it draws in turn; at most `most` and one."""
    weights: dict[int, int] = {}

    def weight(number: int, above: tuple[int, ...]) -> int:
        if number in above or len(above) > _DEEPEST:
            return most + 1
        if number not in weights:
            form = forms[number]
            inner = _drawn_by(form, forms, packed, content) if form.draws else ()
            heaviest = max((weight(each, (*above, number)) for each in inner), default=0)
            weights[number] = min(form.size + form.draws * heaviest, most + 1)
        return weights[number]

    return max(weight(number, ()) for number in forms)


def _drawn_by(
    form: _Stream, forms: dict[int, _Stream], packed: dict[int, bytes], content: bytes
) -> list[int]:
    """The forms that a form can draw: those that its resources name, or any where it has none."""
    if b"/Resources" not in form.head:
        return list(forms)
    said = form.head
    for _ in range(2):  # the resources may be an object of their own, and the names in it too
        for number in _SHARED.findall(said):
            said += packed.get(int(number), b"") or _object(content, int(number))
    return [number for number in map(int, _references(said)) if number in forms]


def _object(content: bytes, number: int) -> bytes:
    found = re.search(rb"(?<!\d)%d\s+\d{1,5}\s+obj\b" % number, content)
    return (
        content[found.end() : found.end() + _LONGEST_HEAD].partition(b"endobj")[0] if found else b""
    )
