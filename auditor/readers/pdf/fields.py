"""Form fields and text boxes of a page, in; the characters that they show, out.

Text over the page is no part of its contents. What is shown is its appearance, and that is drawn
into the page before it is read. Programs that fill in forms may leave the appearance to the viewer
and store the value alone: then the value is set into its box. Where the two differ, nobody can say
what a person sees, and the characters stand as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_ushort
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.characters import LOST, RawChar
from auditor.readers.pdf.marks import Frame

_SHOWN = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP)
_WRITTEN = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_LARGEST = 10.0
_INSET = 2.0


class Field(NamedTuple):
    """A box and what the file says is written in it, in the file's coordinates."""

    left: float
    bottom: float
    right: float
    top: float
    value: str


def fields_of(page: Any, form: Any) -> list[Field] | None:
    """The fields and text boxes that are shown on a page; None where there are none."""
    found: list[Field] = []
    is_shown = False
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
            if subtype not in _SHOWN or pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            is_shown = True
            box = pdfium.FS_RECTF()
            value = _value(annotation, subtype, form)
            if value and pdfium.FPDFAnnot_GetRect(annotation, byref(box)):
                sides = sorted((box.left, box.right)), sorted((box.bottom, box.top))
                (left, right), (bottom, top) = sides
                found.append(Field(left, bottom, right, top, value))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found if is_shown else None


def _value(annotation: Any, subtype: int, form: Any) -> str:
    if subtype == pdfium.FPDF_ANNOT_FREETEXT:
        return _text(lambda *to: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", *to))
    if subtype != pdfium.FPDF_ANNOT_WIDGET or not form:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in _WRITTEN:
        return ""
    return _text(lambda *to: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, *to))


def _text(get: Any) -> str:
    size = get(None, 0)
    if not 2 < size < 100_000:
        return ""
    held = (c_ushort * (size // 2))()
    get(held, size)
    return bytes(held).decode("utf-16-le", "replace").rstrip("\0")


def with_fields(
    raw: Sequence[RawChar], fields: Iterable[Field], frame: Frame, seen: Frame
) -> list[RawChar]:
    """The characters with what the fields hold: `frame` is the page's as the fields know it, `seen`
    the one of the characters."""
    found = list(raw)
    for field in fields:
        ax, ay = frame.point(field.left, field.bottom)
        bx, by = frame.point(field.right, field.top)
        left, right = sorted((ax + seen.left, bx + seen.left))
        bottom, top = sorted((seen.top - ay, seen.top - by))
        inside = [
            index
            for index, char in enumerate(found)
            if left <= (char.left + char.right) / 2 <= right and bottom <= char.y <= top
        ]
        shown = sorted(found[index].text for index in inside)
        if not shown:
            found += set_into((left, bottom, right, top), field.value)
        elif shown != sorted("".join(field.value.split())):
            for index in inside:
                found[index] = found[index]._replace(text=LOST)
    return found


def set_into(box: tuple[float, float, float, float], text: str) -> Iterator[RawChar]:
    """The characters of a text, set into a box line by line as a viewer would."""
    left, bottom, right, top = box
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    height = (top - bottom) / len(lines)
    for number, line in enumerate(lines):
        widths = [0.5 if char.isascii() else 1.0 for char in line]
        room = max(right - left - 2 * _INSET, 1.0)
        em = max(min(_LARGEST, 0.8 * height, room / max(sum(widths), 1)), 1.0)
        x, y = left + _INSET, top - (number + 0.5) * height - 0.35 * em
        for char, width in zip(line, widths, strict=True):
            if not char.isspace():
                end = x + width * em
                yield RawChar(char, x, y, x, y - 0.15 * em, end, y + 0.85 * em, em, 0)
            x += width * em
