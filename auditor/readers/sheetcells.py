"""A workbook's cells in; what is stored in each, what it shows and what is in doubt out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.model.source import Notice
from auditor.readers.formats import UNKNOWN, shown
from auditor.readers.formulas import Allowance, Held, Place, compute, letters_of, moved
from auditor.readers.limits import Limits
from auditor.readers.package import Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CLOSE = Decimal("1e-9")
"""How far, in parts of it, a stored result may be off by the arithmetic of computers."""
_MOST_LISTED = 5


@dataclass(slots=True)
class Tally:
    """What is told of a workbook, counted while its sheets are read."""

    name: str
    limits: Limits
    hidden: int = 0
    uncached: int = 0
    boxes: int = 0
    struck: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    cells: dict[str, list[str]] = field(default_factory=dict)
    """By the code of a notice, the cells that it is about."""

    def count(self, boxes: int) -> None:
        """Raises `InputError` for more than is read."""
        self.boxes += boxes
        if self.boxes > self.limits.cells:
            raise self.limits.exceeded("cells", self.name)

    def note(self, code: str, sheet: str, place: Place) -> None:
        """Remember a cell to be told."""
        self.cells.setdefault(code, []).append(f"{sheet}!{letters_of(place[0])}{place[1]}")

    @property
    def notices(self) -> list[Notice]:
        """What was left out or is in doubt, in a fixed order."""
        told = {
            "hidden-cells": self.hidden,
            "formula-without-value": self.uncached,
            "struck-text": self.struck,
        }
        notices = [Notice(code, (("count", str(count)),)) for code, count in told.items() if count]
        for code, cells in sorted(self.cells.items()):
            listed = ", ".join(cells[:_MOST_LISTED]) + (" \u2026" * (len(cells) > _MOST_LISTED))
            notices.append(Notice(code, (("count", str(len(cells))), ("cells", listed))))
        return notices


@dataclass(slots=True)
class Book:
    """What the sheets of one workbook share."""

    name: str
    strings: list[str]
    formats: list[str]
    """By the number of a cell's style, its number format."""
    since_1904: bool
    tally: Tally


def said(item: Element, tally: Tally) -> str:
    """The text of a rich string, without readings above characters and struck-out runs."""
    parts = []
    for child in item:
        if child.tag == f"{S}t":
            parts.append(child.text or "")
        elif child.tag == f"{S}r":
            text = "".join(t.text or "" for t in child.iter(f"{S}t"))
            strike = child.find(f"{S}rPr/{S}strike")
            if strike is not None and strike.get("val") not in ("0", "false"):
                tally.struck += bool(text.strip())
            else:
                parts.append(text)
    return "".join(parts)


def value_of(cell: Element, book: Book) -> tuple[Held, str]:
    """What is stored, and its text in plain digits."""
    kind = cell.get("t", "n")
    stored = cell.find(f"{S}v")
    text = (stored.text or "") if stored is not None else ""
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        text = said(inline, book.tally) if inline is not None else ""
    elif kind == "s":
        index = number(text, len(book.strings))
        text = book.strings[index] if index < len(book.strings) else ""
    if not text and kind not in ("str", "inlineStr", "s") and cell.find(f"{S}f") is not None:
        book.tally.uncached += 1
        return None, UNKNOWN
    if kind == "n" and text:
        return _figure(text)
    if kind == "b":
        return None, "FALSE" if text == "0" else "TRUE"
    return None if kind == "e" else text, " ".join(text.split())


def _figure(text: str) -> tuple[Held, str]:
    """A stored number, and its plain digits, to the fifteen that a workbook shows."""
    try:
        value = Decimal(f"{float(text):.15g}")
    except ValueError:
        return None, text
    return (value, format(value, "f")) if value.is_finite() else (None, text)


def seen(held: Held, text: str, cell: Element, book: Book, at: tuple[str, Place]) -> str:
    """What the cell shows; what is in doubt about it is noted."""
    if cell.get("t") == "e":
        book.tally.note("error-values", *at)
    style = number(cell.get("s"), 0)
    if not isinstance(held, Decimal) or style >= len(book.formats):
        return text
    found = shown(text, book.formats[style], book.since_1904)
    if found.is_rounded:
        book.tally.note("rounded-display", *at)
    if found.text == UNKNOWN:
        book.tally.note("shown-otherwise", *at)
    book.tally.hidden += not found.text
    return found.text


def check_formulas(
    formulas: Mapping[Place, Element], stored: Mapping[Place, Held], name: str, tally: Tally
) -> None:
    """Compare what sums give with what is stored for them."""
    masters: dict[str, tuple[Place, str]] = {}
    for place, element in formulas.items():
        formula, kind = element.text or "", element.get("t", "normal")
        if kind == "shared" and formula:
            masters.setdefault(element.get("si", ""), (place, formula))
        elif kind == "shared" and element.get("si", "") in masters:
            origin, formula = masters[element.get("si", "")]
            formula = moved(formula, (place[0] - origin[0], place[1] - origin[1]))
        held = stored.get(place)
        if kind not in ("normal", "shared") or not formula or not isinstance(held, Decimal):
            continue
        value, passed_over = compute(formula, stored, tally.allowance)
        if value is not None and abs(value - held) > _CLOSE * max(abs(value), abs(held)):
            tally.note("formula-differs", name, place)
        for text in passed_over:
            tally.note("text-in-sum", name, text)


def number(text: str | None, default: int) -> int:
    """A whole number of an attribute; the default for whatever is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
