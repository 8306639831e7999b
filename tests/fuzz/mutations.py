"""A document and a source of chance in, a document that is damaged or hostile out.

Formats are mutated where they have meaning: parts of containers before they are packed, objects of
PDF with and without a table of their places, tags with their attributes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile

from lxml import etree

from tests.fuzz.seeds import packed, parts, real, small, whole
from tests.fuzz.tokens import NUMBERS, TOKENS

Mutation = Callable[[bytes, Random], bytes]

_DIGITS = re.compile(rb"-?\d[\d.]*")
_PIECE = {
    "text": re.compile(rb"[^\n]*\n"),
    "html": re.compile(rb"<[^<>]*>"),
    "mhtml": re.compile(rb"[^\n]*\n"),
    "xml": re.compile(rb"<[^<>]*>"),
    "pdf": re.compile(rb"\d+ 0 obj.*?endobj|/[A-Za-z]+ \[?[^/\[\]<>]*\]?|[^\n]*\n", re.DOTALL),
    "yaml": re.compile(rb"[^\n]{0,200}\n|\{[^{}]{0,200}\}|\[[^][]{0,200}\]"),
    "toml": re.compile(rb"[^\n]{0,200}\n|\[[^][]{0,200}\]"),
    "any": re.compile(rb"[^\n]{0,200}\n"),
}
_MOST_ELEMENTS = 20_000
"""Copies of copies of copies would fill the memory of the fuzzer itself."""
_OBJECT = re.compile(rb"(?m)^(\d{1,5}) 0 obj\b")


def mutated(kind: str, number: int) -> bytes:
    """Case `number` of a kind: the same on every machine that has the same generators."""
    rng = Random(f"{kind}/{number}")
    if kind == "real":
        kind, seed = rng.choice(real())
        return _some(seed, kind, rng, rng.choice(small(kind)))
    seeds = whole(kind) if rng.random() < 0.1 else small(kind)
    seed = rng.choice(seeds)
    if kind in ("docx", "xlsx"):
        return _container(seed, rng)
    content = _some(seed, kind, rng, rng.choice(small(kind)))
    return with_places(content) if kind == "pdf" and rng.random() < 0.6 else content


def mutate(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    """A document of a kind that may be damaged already, changed once more."""
    if kind in ("docx", "xlsx"):
        try:
            content = content if parts(content) else other
        except (BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
            content = other  # a container that is broken tells nothing of what it holds
        return _container(content, rng, 0.8)
    content = _some(content, kind, rng, other)
    return with_places(content) if kind == "pdf" and rng.random() < 0.6 else content


def _container(seed: bytes, rng: Random, well_formed: float = 0.5) -> bytes:
    named = parts(seed)
    if rng.random() < 0.1:
        return _some(packed(named, rng.choice([ZIP_STORED, ZIP_DEFLATED])), "any", rng, seed)
    names = list(named)
    chosen = rng.choice([max(names, key=lambda name: len(named[name])), rng.choice(names)])
    other = named[rng.choice(names)]
    if rng.random() < well_formed:
        named[chosen] = _rebuilt(named[chosen], rng)
    else:
        named[chosen] = _some(named[chosen], "xml", rng, other)
    if rng.random() < 0.05:
        named.pop(rng.choice(names))
    return packed(named, rng.choice([ZIP_STORED, ZIP_DEFLATED]))


def _some(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    for _ in range(rng.choice([1, 1, 2, 3, 6])):
        content = rng.choice(_MUTATIONS)(content, kind, rng, other)
    return content[:2_000_000]


def _flip(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 8]) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.choice([0, 255, rng.randrange(256)])
    return bytes(changed)


def _cut(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return (
        content[:at]
        if rng.random() < 0.3
        else content[:at] + content[at + rng.choice([1, 9, 99]) :]
    )


def _insert(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(TOKENS[kind]) * rng.choice([1, 1, 1, 3, 40]) + content[at:]


def _number(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    found = list(_DIGITS.finditer(content))
    if not found:
        return content
    chosen = rng.choice(found)
    return content[: chosen.start()] + rng.choice(NUMBERS) + content[chosen.end() :]


def _piece(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    """A line, tag or object is left out, repeated, moved or replaced by another."""
    found = list(_PIECE[kind].finditer(content))
    if not found:
        return content
    chosen, target = rng.choice(found), rng.choice(found)
    said = chosen[0]
    match rng.randrange(5):
        case 0:
            return content[: chosen.start()] + content[chosen.end() :]
        case 1:
            times = rng.choice([2, 2, 10, 300])
            return content[: chosen.end()] + said * times + content[chosen.end() :]
        case 2:
            return content[: target.start()] + said + content[target.end() :]
        case 3:
            return content[: target.end()] + said + content[target.end() :]
        case _:
            token = rng.choice(TOKENS[kind])
            return content[: chosen.start()] + token + content[chosen.end() :]


def _splice(content: bytes, kind: str, rng: Random, other: bytes) -> bytes:
    start = rng.randrange(len(other) + 1)
    at = rng.randrange(len(content) + 1)
    length = rng.choice([5, 50, 500, len(other)])
    return content[:at] + other[start : start + length] + content[at + rng.choice([0, length]) :]


_MUTATIONS = (_flip, _cut, _insert, _insert, _number, _number, _piece, _piece, _piece, _splice)


def with_places(content: bytes) -> bytes:
    """A PDF with a right table of where its objects are, so that damage inside is what is read."""
    found = list(_OBJECT.finditer(content))
    trailer = re.search(rb"trailer.*?startxref", content, re.DOTALL)
    if not found or not trailer:
        return content
    end = content.rfind(b"xref\n", 0, trailer.start())
    body = content[: end if end > 0 else trailer.start()]
    rows = {int(each[1]): each.start() for each in found if each.start() < len(body)}
    table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % row for row in sorted(rows.items()))
    return body + table + trailer[0] + b"\n%d\n%%%%EOF\n" % len(body)


def _rebuilt(content: bytes, rng: Random) -> bytes:
    """Well-formed XML with elements left out, repeated, nested, moved, or with other values."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return content
    size = 0
    elements: Sequence[etree._Element] = list(root.iter(etree.Element))
    for _ in range(rng.choice([1, 2, 5, 20])):
        chosen, target = rng.choice(elements), rng.choice(elements)
        parent = chosen.getparent()
        action = rng.randrange(6)
        times = rng.choice([1, 3, 30])
        size += times * sum(1 for _ in chosen.iter())
        if size > _MOST_ELEMENTS:
            break
        if action == 0 and chosen.attrib:
            name = rng.choice(list(chosen.attrib))
            chosen.set(name, rng.choice(NUMBERS).decode() if rng.random() < 0.7 else "x")
        elif action == 1 and parent is not None:
            parent.remove(chosen)
        elif action == 2 and parent is not None:
            for _ in range(times):
                parent.append(deepcopy(chosen))
        elif action == 3:
            target.insert(rng.randrange(len(target) + 1), deepcopy(chosen))
        elif action == 4:
            chosen.text = rng.choice(NUMBERS).decode()
        elif action == 5 and parent is not None:
            inner = chosen
            for _ in range(rng.choice([1, 5, 100])):
                inner = etree.SubElement(inner, rng.choice([chosen, parent]).tag)
    return etree.tostring(root)[:2_000_000]
