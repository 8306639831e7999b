"""PDF syntax in; the words into which pdfminer cuts it, out, several times as fast.

pdfminer goes from character to character, which takes most of its time. Here one pattern cuts, into
the same words; what is seldom seen, such as brackets in brackets, is left to pdfminer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from typing import Any

from pdfminer.cmapdb import CMapParser
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psexceptions import PSEOF, PSSyntaxError
from pdfminer.psparser import KWD, LIT, PSBaseParser, PSKeyword, literal_name
from pdfminer.utils import choplist

TOKEN = re.compile(
    rb"""[-+]?\d+(?:\.\d*)? | [-+]?\.\d* | [-+]
    | [A-Za-z][^#/%\[\]()<>{}\s]*
    | \((?:[^()\\]|\\.)*+\)
    | /[^#/%\[\]()<>{}\s]*
    | << | >> | <[0-9A-Fa-f\s]*(?:>(?!>))?
    | %[^\r\n]*
    | [^\s\x00]""",
    re.DOTALL | re.VERBOSE,
)
UNUSUAL = frozenset((b"(", b")", b"#", b"{", b"}"))
"""Brackets within a string, signs spelt out in a name, and procedures."""
NO_CHARACTER = re.compile(rb"\\[4-7][0-7][0-7]")
_NUMERIC = frozenset(b"0123456789.+-")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r"}
_ESCAPED |= {sign: sign for sign in (b"(", b")", b"\\")}
_SPACE = re.compile(rb"\s+")
_HEX_PAIR = re.compile(rb"[0-9a-fA-F]{2}|.")
_CONSTANTS = {b"true": True, b"false": False}


_OPENING = {b"]": b"[", b">>": b"<<"}


class Operands(dict[bytes, Any]):
    """What a token stands for: a number, a string, a name. Raises `KeyError` for every other."""

    def __missing__(self, token: bytes) -> Any:
        first = token[0]
        value: Any
        if first in _NUMERIC:
            try:
                value = float(token) if b"." in token else int(token)
            except ValueError:  # a sign alone
                raise KeyError(token) from None
        elif first == 0x28:  # (
            value = token[1:-1]
            if b"\\" in value:
                value = _ESCAPE.sub(_unescaped, value)
        elif first == 0x2F:  # /
            try:
                value = LIT(token[1:].decode())
            except UnicodeDecodeError:
                value = LIT(token[1:])
        elif first == 0x3C and token != b"<<":
            value = _HEX_PAIR.sub(_from_hex, _SPACE.sub(b"", token[1:].removesuffix(b">")))
        else:
            value = _CONSTANTS[token]
        self[token] = value
        return value


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8),))
    return _ESCAPED.get(found[2], b"")


def _from_hex(pair: re.Match[bytes]) -> bytes:
    return bytes((int(pair[0], 16),))


def dictionary(values: Sequence[Any]) -> dict[str, Any]:
    """Keys and values in turn as a dictionary. Raises `PSSyntaxError`: a key without a value."""
    if len(values) % 2:
        raise PSSyntaxError("a dictionary with a key that has no value")
    return {literal_name(key): value for key, value in choplist(2, values) if value is not None}


class _Tokens(PSBaseParser):
    """The words of bytes that are all in memory."""

    fp: BytesIO

    @cached_property
    def _operands(self) -> Operands:
        return Operands()

    def seek(self, pos: int) -> None:
        """Goes on from there."""
        super().seek(pos)
        self.bufpos, self.buf, self.charpos = 0, self.fp.getvalue(), pos

    def fillbuf(self) -> bool:
        """Raises `PSEOF` where the bytes end."""
        if self.charpos >= len(self.buf):
            raise PSEOF("Unexpected EOF")
        return False

    def nexttoken(self) -> tuple[int, Any]:
        """The next word, with its place. Raises `PSEOF`."""
        while not self._tokens and not self.eof:
            found = TOKEN.search(self.buf, self.charpos)
            if found is None:
                break
            token, end = found[0], found.end()
            first = token[0]
            if (
                token in UNUSUAL
                or (first == 0x28 and b"\\" in token)
                or (first == 0x2F and self.buf[end : end + 1] == b"#")
            ):
                break
            self.charpos = end
            try:
                return found.start(), self._operands[token]
            except KeyError:
                if first not in _NUMERIC and token != b">" and first != 0x25:  # %
                    return found.start(), KWD(token)
        return super().nexttoken()


class FileParser(_Tokens, PDFParser):
    """The objects of a file."""


class _ObjectStreamParser(_Tokens, PDFStreamParser):
    """The objects within a stream."""

    def __init__(self, data: bytes) -> None:
        PDFParser.__init__(self, BytesIO(data))


class CharacterMapParser(_Tokens, CMapParser):
    """What the codes of a font mean."""


class _Words(Operands):
    """As `Operands`, keywords and brackets included."""

    def __missing__(self, token: bytes) -> Any:
        try:
            return super().__missing__(token)
        except KeyError:
            self[token] = found = KWD(token)
            return found


class FileObjects(PDFDocument):
    """The objects of a PDF, by their numbers."""

    def __init__(self, content: bytes) -> None:
        self._content, self._words = content, _Words()
        super().__init__(FileParser(BytesIO(content)))

    def _getobj_parse(self, pos: int, objid: int) -> object:
        end = self._content.find(b"endobj", pos)
        if end >= 0 and self._content.find(b"stream", pos, end) < 0:
            with suppress(PSSyntaxError):
                return self._plain_object(self._content[pos:end], objid)
        return super()._getobj_parse(pos, objid)

    def _plain_object(self, text: bytes, number: int) -> object:
        """An object that is no stream. Raises `PSSyntaxError` where that is to be looked at word by
        word."""
        tokens = TOKEN.findall(text)
        is_plain = UNUSUAL.isdisjoint(tokens) and not NO_CHARACTER.search(text)
        if not is_plain or tokens[:1] != [b"%d" % number] or tokens[2:3] != [b"obj"]:
            raise PSSyntaxError
        words = self._words
        around: list[tuple[bytes, list[Any]]] = []
        inside: list[Any] = []
        for token in tokens[3:]:
            value = words[token]
            if type(value) is PSKeyword:
                if token in (b"[", b"<<"):
                    around.append((token, inside))
                    inside = []
                    continue
                if token == b"R" and len(inside) > 1 and type(inside[-2]) is int:
                    value = PDFObjRef(self, inside[-2])
                    del inside[-2:]
                elif token in (b"]", b">>") and around and around[-1][0] == _OPENING[token]:
                    value = inside if token == b"]" else dictionary(inside)
                    inside = around.pop()[1]
                elif token == b"null":
                    value = None
                else:
                    raise PSSyntaxError
            inside.append(value)
        if len(inside) != 1 or around:
            raise PSSyntaxError
        return inside[0]

    def _get_objects(self, stream: PDFStream) -> tuple[list[object], int]:
        parser = _ObjectStreamParser(stream.get_data())
        parser.set_document(self)
        objects: list[object] = []
        try:
            while True:
                objects.append(parser.nextobject()[1])
        except PSEOF:
            return objects, stream.get("N", 0)
