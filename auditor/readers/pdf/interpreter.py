"""A page of pdfminer in; the characters, lines and boxes that it draws, as it places them, out.

What a font's codes say, how wide they are, and what an instruction does is pdfminer's to know. Here
its instructions are gone through without objects for what only colours, clips or tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

from pdfminer.layout import LTChar
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import LITERAL_STANDARD_ENCODING, PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psparser import KWD, literal_name
from pdfminer.utils import mult_matrix

from auditor.readers.pdf.content import Box, Matrix, Point
from auditor.readers.pdf.tokens import (
    NO_CHARACTER,
    TOKEN,
    UNUSUAL,
    CharacterMapParser,
    Operands,
    dictionary,
)

_UNUSUAL = UNUSUAL | {b"BI", b"ID"}
"""Pictures stand among the words of the page."""
_BRACKETS = frozenset((b"[", b"]", b"<<", b">>"))
_OPERATORS = {
    name[3:].replace("_a", "*").replace("_q", "'").replace("_w", '"').encode(): (
        name,
        getattr(PDFPageInterpreter, name).__code__.co_argcount - 1,
    )
    for name in dir(PDFPageInterpreter)
    if name.startswith("do_")
}
"""By its sign, the method that does it and how many operands that takes."""
_SIMPLE = frozenset(("Type1", "MMType1", "TrueType", "Type3"))
"""Fonts whose codes are one byte."""
_WITHOUT_TRACE = frozenset(
    b"w J j M d ri i gs W W* sh BX EX ET BMC BDC EMC MP DP Tr".split()
)  # fmt: skip
"""Instructions that move neither characters nor lines."""


class DrawnChar(NamedTuple):
    """What one code says, and where it stands: in points from the lower left corner."""

    text: str
    a: float
    b: float
    x: float
    y: float
    """Origin; `a` and `b` tell which way it runs."""
    x0: float
    y0: float
    x1: float
    y1: float
    em: float


class DrawnShape(NamedTuple):
    """A line, a rectangle or a curve and its box."""

    kind: str
    """line, rect or curve."""
    box: Box
    """Left, bottom, right, top."""
    points: list[Point]


class Drawing(NamedTuple):
    """All that a page draws, in order, that within its figures included."""

    chars: list[DrawnChar]
    shapes: list[DrawnShape]


def drawn_on(page: PDFPage, resources: Resources) -> Drawing:
    """What the page draws."""
    device = _Device(resources)
    _Interpreter(resources, device).process_page(page)
    return device.drawing


class Resources(PDFResourceManager):
    """A document's fonts."""

    def __init__(self) -> None:
        super().__init__()
        self._glyphs: dict[PDFFont, _Glyphs] = {}

    def glyphs(self, font: PDFFont) -> _Glyphs:
        """What the codes of a font say and how wide they are."""
        found = self._glyphs.get(font)
        if found is None:
            found = self._glyphs[font] = _Glyphs(font)
        return found

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """The font as pdfminer makes it, with its meanings cut into words by our pattern.

        Where they stand in the file, the font's encoding says only what they leave out, and is
        mostly never asked; browsers list hundreds of names in each of a hundred fonts."""
        meanings = resolve1(spec.get("ToUnicode"))
        if (objid and objid in self._cached_fonts) or not isinstance(meanings, PDFStream):
            return super().get_font(objid, spec)
        light = {**spec, "ToUnicode": PDFStream({}, b"")}
        is_simple = literal_name(spec.get("Subtype")) in _SIMPLE
        if is_simple:
            light["Encoding"] = LITERAL_STANDARD_ENCODING
        font: Any = super().get_font(objid, light)
        CharacterMapParser(font.unicode_map, BytesIO(meanings.get_data())).run()
        if is_simple:
            font.cid2unicode = _Encoding(partial(super().get_font, None, spec))
        return font  # type: ignore[no-any-return]


class _Encoding(dict[int, str]):
    """What codes mean by a font's encoding, which is looked at when the first is asked for."""

    def __init__(self, font: Callable[[], Any]) -> None:
        super().__init__()
        self._font: Callable[[], Any] | None = font

    def __missing__(self, code: int) -> str:
        if self._font is None:
            raise KeyError(code)
        self.update(self._font().cid2unicode)
        self._font = None
        return self[code]


class _Glyphs(dict[int, tuple[str, float]]):
    """By code what it says, and its width in ems."""

    def __init__(self, font: PDFFont) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, code: int) -> tuple[str, float]:
        self[code] = found = said_by(self._font, code), self._font.char_width(code)
        return found


def said_by(font: PDFFont, code: int) -> str:
    """What a code of a font means; its number where the file does not say."""
    try:
        text = font.to_unichr(code)
    except PDFUnicodeNotDefined:
        return f"(cid:{code})"
    assert isinstance(text, str)
    return text


class _Device(PDFTextDevice):
    """Takes down what is drawn."""

    rsrcmgr: Resources
    ctm: Matrix

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.drawing = Drawing([], [])

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Takes down a string's characters, as `PDFTextDevice` and `LTChar` place them."""
        font = textstate.font
        if font.is_vertical():
            super().render_string(textstate, seq, ncs, graphicstate)
            return
        size, scaling = textstate.fontsize, textstate.scaling * 0.01
        char_space = textstate.charspace * scaling
        word_space = 0 if font.is_multibyte() else textstate.wordspace * scaling
        step = 0.001 * size * scaling
        low = font.get_descent() * size + textstate.rise
        high = low + size
        a, b, c, d, e, f = mult_matrix(textstate.matrix, self.ctm)
        is_upright = b == 0 == c
        glyphs, add = self.rsrcmgr.glyphs(font), self.drawing.chars.append
        x, y = textstate.linematrix
        needs_space = False
        for piece in seq:
            if isinstance(piece, int | float):
                x -= piece * step
                needs_space = True
            elif isinstance(piece, bytes):
                for code in font.decode(piece):
                    if needs_space:
                        x += char_space
                    needs_space = True
                    text, width = glyphs[code]
                    advance = width * size * scaling
                    left, base = x * a + y * c + e, x * b + y * d + f
                    if is_upright:
                        right, bottom, top = a * advance + left, d * low + base, d * high + base
                        xs = (left, right) if left < right else (right, left)
                        ys = (bottom, top) if bottom < top else (top, bottom)
                    else:
                        corners = [(0, low), (advance, low), (advance, high), (0, high)]
                        xs, ys = _bounds([(a * u + c * v + left, b * u + d * v + base)
                                          for u, v in corners])  # fmt: skip
                    em = ys[1] - ys[0]
                    add(_char((text, a, b, left, base, xs[0], ys[0], xs[1], ys[1], em)))
                    x += advance
                    if code == 32 and word_space:
                        x += word_space
        textstate.linematrix = x, y

    def render_char(
        self, matrix: Matrix, font: Any, fontsize: float, scaling: float, rise: float, cid: int,
        ncs: Any, graphicstate: Any,
    ) -> float:  # fmt: skip
        """Takes down a character of a string written downwards."""
        text, width = self.rsrcmgr.glyphs(font)[cid]
        char = LTChar(
            matrix, font, fontsize, scaling, rise, text, width, font.char_disp(cid), ncs,
            graphicstate,
        )  # fmt: skip
        a, b, _, _, x, y = matrix
        self.drawing.chars.append(DrawnChar(text, a, b, x, y, *char.bbox, char.size))
        return char.adv

    def paint_path(
        self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        """Takes down the parts of a path."""
        signs = "".join([step[0] for step in path])
        if signs.count("m") > 1:
            for part in re.finditer("m[^m]+", signs) if signs[0] == "m" else ():
                self._add_part(part[0], path[part.start() : part.end()])
        elif signs[:1] == "m":
            self._add_part(signs, path)

    def _add_part(self, signs: str, path: Sequence[Any]) -> None:
        a, b, c, d, e, f = self.ctm
        points = []
        for step in path:
            x, y = (step if step[0] != "h" else path[0])[-2:]
            points.append((a * x + c * y + e, b * x + d * y + f))
        if len(signs) > 3 and signs[-2:] == "lh" and points[-2] == points[0]:
            signs = signs[:-2] + "h"
            points.pop()
        kind = "curve"
        if signs in ("ml", "mlh"):
            kind, points = "line", points[:2]
        elif signs in ("mlllh", "mllll") and points[0] == points[4]:
            (x0, y0), (x1, y1), (x2, y2), (x3, y3), _ = points
            if (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (
                y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0
            ):
                kind, points = "rect", points[:4]
        (left, right), (bottom, top) = _bounds(points)
        self.drawing.shapes.append(DrawnShape(kind, (left, bottom, right, top), points))


# A named tuple's own constructor takes longer than the tuple.
_char: Callable[[tuple[object, ...]], DrawnChar] = partial(tuple.__new__, DrawnChar)


def _bounds(points: Iterable[Point]) -> tuple[Point, Point]:
    """The least and the most of both coordinates."""
    xs, ys = zip(*points, strict=True)
    return (min(xs), max(xs)), (min(ys), max(ys))


class _Interpreter(PDFPageInterpreter):
    """Does what the instructions say, as pdfminer does it."""

    def execute(self, streams: Sequence[object]) -> None:
        """Does the instructions of some streams, which go on from one to the next."""
        own = self._without_circles(streams)
        content = b"\n".join([stream.get_data() for stream in own])
        tokens = TOKEN.findall(content)
        if not _UNUSUAL.isdisjoint(tokens) or NO_CHARACTER.search(content):
            super().execute(streams)
            return
        if b"%" in content:
            tokens = [token for token in tokens if not token.startswith(b"%")]
        actions = {
            sign: (None if sign in _WITHOUT_TRACE else getattr(self, name), count)
            for sign, (name, count) in _OPERATORS.items()
        }
        known = Operands()
        first = 0
        for index, token in enumerate(tokens):
            if token not in actions:
                continue
            act, count = actions[token]
            if first == index and count == 0:
                first += 1
                if act is not None:
                    act()
                continue
            given = tokens[first:index]
            operands = _plain_operands(given, known, count, act is None)
            if operands is None:  # such as are seldom
                *values, operator = _objects([*given, token], known)
                if type(operator) is not _Operator:  # a bracket that nothing closes
                    self._execute_one_by_one(tokens[first:], known)
                    return
                self.argstack += [each for each in values if type(each) is not _Operator]
                operands = self.pop(count)
            first = index + 1
            if act is not None and len(operands) == count:
                act(*operands)
        self._execute_one_by_one(tokens[first:], known)

    def _execute_one_by_one(self, tokens: Sequence[bytes], known: Operands) -> None:
        for value in _objects(tokens, known):
            if type(value) is not _Operator:
                self.argstack.append(value)
            elif value in _OPERATORS:
                name, count = _OPERATORS[value]
                operands = self.pop(count)
                if len(operands) == count:
                    getattr(self, name)(*operands)

    def do_q(self) -> None:
        """Save the state."""
        self.gstack.append((self.ctm, _copy(self.textstate), _copy(self.graphicstate)))

    def do_TJ(self, seq: Any) -> None:
        """Show text."""
        if self.textstate.font is not None:
            self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)

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


_State = TypeVar("_State")


def _copy(state: _State) -> _State:
    found = object.__new__(type(state))
    found.__dict__.update(state.__dict__)
    return found


class _Operator(bytes):
    """The sign of an instruction, to tell it from a string."""


def _plain_operands(
    given: Sequence[bytes], known: Operands, count: int, unread: bool
) -> Sequence[Any] | None:
    """So many operands, of which one alone may be an array; None for what is to be looked at word
    by word. Those that are not to be read stay as they are."""
    if len(given) == count:
        if unread:
            return given if _BRACKETS.isdisjoint(given) else None
        try:
            return [known[token] for token in given]
        except KeyError:  # brackets among them
            return None
    if count == 1 and given[:1] == [b"["] and given[-1] == b"]":
        given = given[1:-1]
        if not _BRACKETS.isdisjoint(given):
            return None
        if unread:
            return given
    elif unread and count == 2 and given[1:2] == [b"<<"] and given[-1] == b">>":
        inside = given[2:-1]
        return given[:2] if len(inside) % 2 == 0 and _BRACKETS.isdisjoint(inside) else None
    else:
        return None
    try:
        return [[known[token] for token in given]]
    except KeyError:
        return None


def _objects(tokens: Iterable[bytes], known: Operands) -> Iterator[Any]:
    """Operands and operators; arrays and dictionaries are one operand."""
    around: list[tuple[bytes, list[Any]]] = []
    """Those that are open, each with what is in it so far."""
    for token in tokens:
        value: Any
        try:
            value = known[token]
        except KeyError:
            if token in (b"[", b"<<"):
                around.append((token, []))
                continue
            if token in (b"]", b">>"):
                if not around or around[-1][0] != (b"[" if token == b"]" else b"<<"):
                    continue
                value = around.pop()[1]
                if token == b">>":
                    value = dictionary(value)
            elif token[0] in b"%>+-.0123456789":
                continue
            else:
                value = KWD(token) if around else _Operator(token)
        if around:
            around[-1][1].append(value)
        else:
            yield value
