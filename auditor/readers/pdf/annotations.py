"""A page in pdfium in; what its form fields show, and whether marks are drawn over it, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_ushort
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from auditor.readers.pdf.content import Frame
from auditor.readers.pdf.glyphs import UNMAPPED, RawChar

_SHOWN = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP)
"""What is read as part of the page."""
_BESIDE = (
    *(pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY),
    *(pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT),
    *(pdfium.FPDF_ANNOT_FILEATTACHMENT, pdfium.FPDF_ANNOT_CARET),
)
"""What leaves the text below it as it is: icons, and marks beside or behind it."""
_WRITTEN = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_FIELD_EM, _FIELD_INSET = 10.0, 2.0
"""Points: how text is set into a field that has only its value."""


class FormField(NamedTuple):
    """A box and what the file says is written in it, in the file's coordinates."""

    left: float
    bottom: float
    right: float
    top: float
    value: str


class Annotations(NamedTuple):
    """What stands over a page and is no part of its contents."""

    fields: list[FormField]
    """Fields and text boxes of which the file says what is written in them."""
    are_shown: bool
    """Whether there are fields, text boxes or stamps."""
    marks: tuple[int, ...]
    """The places, among all, of lines, shapes and strokes that may be drawn over text."""
    beside: tuple[int, ...]
    """Those of what leaves the text below as it is."""


def annotations_of(page: Any, form: Any) -> Annotations:
    """What stands over a page.

    Text over the page is not part of its contents. What is shown is its appearance, and that is
    drawn into the page before it is read. Programs that fill in forms may leave the appearance to
    the viewer and store the value alone: then the value is set into its box."""
    fields: list[FormField] = []
    are_shown = False
    marks, beside = list[int](), list[int]()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
            if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            if subtype not in _SHOWN:
                (beside if subtype in _BESIDE else marks).append(index)
                continue
            are_shown = True
            box = pdfium.FS_RECTF()
            value = _value(annotation, subtype, form)
            if value and pdfium.FPDFAnnot_GetRect(annotation, byref(box)):
                sides = sorted((box.left, box.right)), sorted((box.bottom, box.top))
                (left, right), (bottom, top) = sides
                fields.append(FormField(left, bottom, right, top, value))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return Annotations(fields, are_shown, tuple(marks), tuple(beside))


def hide(page: Any, annotations: Iterable[int]) -> None:
    """Let the page be drawn without the annotations at these places."""
    for index in annotations:
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            flags = pdfium.FPDFAnnot_GetFlags(annotation) | pdfium.FPDF_ANNOT_FLAG_HIDDEN
            pdfium.FPDFAnnot_SetFlags(annotation, flags)
            pdfium.FPDFPage_CloseAnnot(annotation)


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
    raw: Sequence[RawChar], fields: Iterable[FormField], frame: Frame, char_frame: Frame
) -> list[RawChar]:
    """The characters with what the fields hold: `frame` is the page's as the fields know it,
    `char_frame` the one of the characters. Where what a field holds differs from what it shows, the
    characters stand as unknown."""
    found = list(raw)
    for field in fields:
        ax, ay = frame.point(field.left, field.bottom)
        bx, by = frame.point(field.right, field.top)
        left, right = sorted((ax + char_frame.left, bx + char_frame.left))
        bottom, top = sorted((char_frame.top - ay, char_frame.top - by))
        inside = [
            index
            for index, char in enumerate(found)
            if left <= (char.left + char.right) / 2 <= right and bottom <= char.y <= top
        ]
        shown = sorted(found[index].text for index in inside)
        if not shown:
            found += laid_into_box((left, bottom, right, top), field.value)
        elif shown != sorted("".join(field.value.split())):
            for index in inside:
                found[index] = found[index]._replace(text=UNMAPPED)
    return found


def laid_into_box(box: tuple[float, float, float, float], text: str) -> Iterator[RawChar]:
    """The characters of a text, set into a box line by line as a viewer would."""
    left, bottom, right, top = box
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    height = (top - bottom) / len(lines)
    for number, line in enumerate(lines):
        widths = [0.5 if char.isascii() else 1.0 for char in line]
        room = max(right - left - 2 * _FIELD_INSET, 1.0)
        em = max(min(_FIELD_EM, 0.8 * height, room / max(sum(widths), 1)), 1.0)
        x, y = left + _FIELD_INSET, top - (number + 0.5) * height - 0.35 * em
        for char, width in zip(line, widths, strict=True):
            if not char.isspace():
                end = x + width * em
                yield RawChar(char, x, y, x, y - 0.15 * em, end, y + 0.85 * em, em, 0)
            x += width * em
