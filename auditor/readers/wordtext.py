"""A word processor's paragraph in, its words out as they are printed, and the boxes anchored in it.

What is deleted, hidden or struck out is no text, nor is a field's instruction or a footnote's mark.
"""

from __future__ import annotations

import re

from auditor.model.source import Notice
from auditor.readers.marks import ALONE, is_mark, may_be_mark
from auditor.readers.numbering import Element, Numbering, W
from auditor.readers.wordstyles import Styles

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_SHAPES = ("{urn:schemas-microsoft-com:vml}shape", "{urn:schemas-microsoft-com:vml}rect")
GONE = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}sectPr", f"{W}sdtPr"}
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_UNKNOWN_SIGN = "\u25a1"
"""For a sign of a font of pictures: something stands there, and it is no figure."""
_LEAST_WIDTH, _LEAST_HEIGHT = 2_500_000, 700_000
"""Of a picture that may be a table, in units of 1/360,000 cm: 7 by 2 cm."""
_UNITS = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "px": 9_525}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9.]{1,9})(pt|in|cm|mm|px)")


class Prose:
    """Reads the paragraphs of one document as they come, and counts what it leaves out."""

    def __init__(self, numbering: Numbering, styles: Styles) -> None:
        self.pictures = 0
        self._struck = 0
        self._hidden = 0
        self.marks = 0
        """Of footnotes, left out so far."""
        self._numbering = numbering
        self._styles = styles
        self._style: Element | None = None
        """The properties of the paragraph that is being read."""
        self._fields: list[bool] = []
        """For each open field, whether its result has begun."""

    def text(self, paragraph: Element, boxes: list[Element]) -> str:
        """The words of a paragraph with its number; text boxes in it are added to `boxes`."""
        self._style = paragraph.find(f"{W}pPr")
        words: list[str] = []
        self._inline(paragraph, words, boxes)
        number = self._numbering.number(paragraph)
        return (f"{number} " if number else "") + "".join(words)

    def is_heading(self, paragraph: Element) -> bool:
        """Whether the paragraph is one by its style."""
        return self._styles.is_heading(paragraph.find(f"{W}pPr"))

    def hide(self) -> None:
        """Count something hidden that the caller leaves out."""
        self._hidden += 1

    @property
    def notices(self) -> list[Notice]:
        """What was left out so far."""
        told = {
            "picture-table": self.pictures,
            "struck-text": self._struck,
            "hidden-text": self._hidden,
            "raised-marks": self.marks,
        }
        return [Notice(code, (("count", str(count)),)) for code, count in told.items() if count]

    def _inline(self, parent: Element, words: list[str], boxes: list[Element]) -> None:
        for child in parent:
            tag = child.tag
            if tag in GONE:
                continue
            if tag == f"{W}r":
                self._run(child, words, boxes)
            elif tag == f"{MC}AlternateContent":
                self._inline(choice(child), words, boxes)
            elif tag == f"{_M}t":
                words.append(child.text or "")
            else:
                self._inline(child, words, boxes)

    def _run(self, run: Element, words: list[str], boxes: list[Element]) -> None:
        properties, paragraph = run.find(f"{W}rPr"), self._style
        has = self._styles.has
        said: list[str] = []
        self._pieces(run, said, boxes)
        text = "".join(said)
        if not text:
            return
        if has("strike", properties, paragraph) or has("dstrike", properties, paragraph):
            self._struck += bool(text.strip())
        elif has("vanish", properties, paragraph):
            self._hidden += any(char.isdigit() for char in text)
        elif has("webHidden", properties, paragraph):
            pass  # page numbers in a table of contents
        elif self._styles.is_raised(properties, paragraph):
            if is_mark(text, "".join(words)):
                self.marks += 1
            elif may_be_mark(text):
                words.append(f" {ALONE}{text.strip()} ")
            else:
                words.append(f" {text} ")
        elif self._styles.is_lowered(properties, paragraph):
            words.append(f" {text} ")
        else:
            words.append(text)

    def _pieces(self, parent: Element, said: list[str], boxes: list[Element]) -> None:
        for piece in parent:
            tag = piece.tag
            if tag == f"{W}fldChar":
                self._field(piece.get(f"{W}fldCharType", ""))
            elif tag in (f"{W}t", *_SIGNS):
                if all(self._fields):
                    said.append(_SIGNS.get(tag) or piece.text or "")
            elif tag == f"{W}sym":
                if all(self._fields):
                    said.append(_sign(piece))
            elif tag == f"{W}ruby":
                for base in piece.iter(f"{W}rubyBase"):
                    self._inline(base, said, boxes)
            elif tag == f"{MC}AlternateContent":
                self._pieces(choice(piece), said, boxes)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                found = list(piece.iter(f"{W}txbxContent"))
                boxes += [box for box in found if not _is_inside(box, found)]
                self.pictures += _is_large(piece) and not found

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()


def choice(alternatives: Element) -> Element:
    """The first alternative: the one that new programs show."""
    return next(iter(alternatives), alternatives)


def _sign(piece: Element) -> str:
    """A character of a font with a code of its own: digits only where the font has them there."""
    try:
        code = int(piece.get(f"{W}char", ""), 16)
    except ValueError:
        return _UNKNOWN_SIGN
    is_private = 0xF000 <= code <= 0xF0FF
    shown = code - 0xF000 if is_private else code
    if is_private and piece.get(f"{W}font", "").lower() != "symbol":
        return _UNKNOWN_SIGN
    return chr(shown) if 0x20 <= shown < 0x40 else _UNKNOWN_SIGN


def _is_inside(box: Element, boxes: list[Element]) -> bool:
    return any(outer in boxes for outer in box.iterancestors(f"{W}txbxContent"))


def _is_large(drawing: Element) -> bool:
    """Whether a picture is large enough to be a table; so is one that does not say its size."""
    if next(drawing.iter(*_PICTURES), None) is None:
        return False
    extent = next(drawing.iter(f"{_WP}extent"), None)
    if extent is not None:
        try:
            width, height = int(extent.get("cx", "")), int(extent.get("cy", ""))
        except ValueError:
            return True
        return width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT
    shape = next(drawing.iter(*_SHAPES), None)
    lengths = {}
    for name, number, unit in _LENGTH.findall(shape.get("style", "") if shape is not None else ""):
        try:
            lengths[name] = float(number) * _UNITS[unit]
        except ValueError:
            return True
    wide, high = lengths.get("width", _LEAST_WIDTH), lengths.get("height", _LEAST_HEIGHT)
    return wide >= _LEAST_WIDTH and high >= _LEAST_HEIGHT
