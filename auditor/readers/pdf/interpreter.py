"""A page of pdfminer in; the characters, lines and boxes that it draws, as it places them, out.

pdfminer cuts the drawing instructions of a page into words character by character, which takes most
of its time. Here one pattern cuts them, into the same words; what is seldom seen in them, such as a
picture among the words or brackets in brackets, is left to pdfminer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTComponent, LTContainer
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psexceptions import PSSyntaxError
from pdfminer.psparser import KWD, LIT, literal_name
from pdfminer.utils import choplist

_TOKEN = re.compile(
    rb"""[-+]?\d+(?:\.\d*)? | [-+]?\.\d* | [-+]
    | [A-Za-z][^#/%\[\]()<>{}\s]*
    | \((?:[^()\\]|\\.)*+\)
    | /[^#/%\[\]()<>{}\s]*
    | << | >> | <[0-9A-Fa-f\s]*
    | %[^\r\n]*
    | [^\s\x00]""",
    re.DOTALL | re.VERBOSE,
)
_UNUSUAL = frozenset((b"(", b")", b"#", b"{", b"}", b"BI", b"ID"))
"""Brackets within a string, signs spelt out in a name, procedures, and pictures."""
_NO_CHARACTER = re.compile(rb"\\[4-7][0-7][0-7]")
_NUMERIC = frozenset(b"0123456789.+-")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r"}
_ESCAPED |= {sign: sign for sign in (b"(", b")", b"\\")}
_SPACE = re.compile(rb"\s+")
_HEX_PAIR = re.compile(rb"[0-9a-fA-F]{2}|.")
_WORDS = {b"true": True, b"false": False}
_OPERATORS = {
    name[3:].replace("_a", "*").replace("_q", "'").replace("_w", '"').encode(): (
        name,
        getattr(PDFPageInterpreter, name).__code__.co_argcount - 1,
    )
    for name in dir(PDFPageInterpreter)
    if name.startswith("do_")
}
"""By its sign, the method that does it and how many operands that takes."""


def drawn_on(page: PDFPage, resources: PDFResourceManager) -> Iterator[LTComponent]:
    """All that the page draws, in order, that within its figures included."""
    device = PDFPageAggregator(resources)
    _Interpreter(resources, device).process_page(page)
    return _parts(device.get_result())


def _parts(container: LTContainer[Any]) -> Iterator[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _parts(item)
        else:
            yield item


class _Interpreter(PDFPageInterpreter):
    """Does what the instructions say, as pdfminer does it."""

    def execute(self, streams: Sequence[object]) -> None:
        """Does the instructions of some streams, which go on from one to the next."""
        own = self._without_circles(streams)
        content = b"\n".join([stream.get_data() for stream in own])
        tokens = _TOKEN.findall(content)
        if not _UNUSUAL.isdisjoint(tokens) or _NO_CHARACTER.search(content):
            super().execute(streams)
            return
        for value in _objects(tokens):
            if type(value) is not _Operator:
                self.argstack.append(value)
            elif value in _OPERATORS:
                name, count = _OPERATORS[value]
                operands = self.pop(count)
                if len(operands) == count:
                    getattr(self, name)(*operands)

    def _without_circles(self, streams: Sequence[object]) -> list[PDFStream]:
        """The streams but those within which we are."""
        self.stream_ids.clear()
        found = [stream_value(each) for each in streams]
        found = [
            each
            for each in found
            if each.objid is not None and each.objid not in self.parent_stream_ids
        ]
        self.stream_ids.update(each.objid for each in found if each.objid is not None)
        return found


class _Operator(bytes):
    """The sign of an instruction, to tell it from a string."""


def _objects(tokens: Sequence[bytes]) -> Iterator[Any]:
    """Operands and operators; arrays and dictionaries are one operand."""
    around: list[tuple[bytes, list[Any]]] = []
    """Those that are open, each with what is in it so far."""
    for token in tokens:
        first = token[0]
        value: Any
        if first in _NUMERIC:
            try:
                value = float(token) if b"." in token else int(token)
            except ValueError:  # a sign alone
                continue
        elif first == 0x28:  # (
            value = token[1:-1]
            if b"\\" in value:
                value = _ESCAPE.sub(_unescaped, value)
        elif first == 0x2F:  # /
            try:
                value = LIT(token[1:].decode())
            except UnicodeDecodeError:
                value = LIT(token[1:])
        elif token in (b"[", b"<<"):
            around.append((token, []))
            continue
        elif token in (b"]", b">>"):
            if not around or around[-1][0] != (b"[" if token == b"]" else b"<<"):
                continue
            value = around.pop()[1]
            if token == b">>":
                value = _dictionary(value)
        elif first == 0x3C:  # <
            value = _HEX_PAIR.sub(_from_hex, _SPACE.sub(b"", token[1:]))
        elif first in b"%>":
            continue
        elif token in _WORDS:
            value = _WORDS[token]
        else:
            value = KWD(token) if around else _Operator(token)
        if around:
            around[-1][1].append(value)
        else:
            yield value


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8),))
    return _ESCAPED.get(found[2], b"")


def _from_hex(pair: re.Match[bytes]) -> bytes:
    return bytes((int(pair[0], 16),))


def _dictionary(values: Sequence[Any]) -> dict[str, Any]:
    if len(values) % 2:
        raise PSSyntaxError("a dictionary with a key that has no value")
    return {literal_name(key): value for key, value in choplist(2, values) if value is not None}
