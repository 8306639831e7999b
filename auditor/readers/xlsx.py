"""A workbook in, a ruled grid for each visible sheet out, with the results stored for formulas.

What is read is what a person sees in a cell, for that is what its author saw and will print: a
number by its format, percent, dates, and hidden figures not at all. That a workbook stores more
digits than it shows is a notice. Separators and units are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import NamedTuple

from auditor.model.source import UNREAD, Cell, Document, Extract, Grid, Notice, Origin
from auditor.readers.grid import ExtractBuilder, may_be_mark, without_note_numbers
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.ooxml import RELATION_ID, Element, Package, S, whole_number
from auditor.refusals import refusal

UNKNOWN = "#?"
"""Stands for what is not a plain number to the eye: neither a figure nor an empty cell."""

_OMITTED = ("hidden-cells", "formula-without-value", "struck-text", "raised-marks", "clear-text")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_MAX_LISTED = 5
_MAX_HIDDEN = 1_000
"""Ranges of hidden columns."""
_BUILT_IN = {
    **{9: "0%", 10: "0.00%", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"},
    **dict.fromkeys((37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((39, 40, 43, 44), "#,##0.00"),
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy-m-d"),
}
"""Formats that a file does not spell out."""
_LITERAL = re.compile(r'"[^"]*"?|\\.|!.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]')
_LITERAL_DIGITS = re.compile(r'"[^"]*[\d.][^"]*"|[\\!][\d.]')
"""Digits and points that a format adds to the figure."""
_GENERAL = re.compile(r"general|g/[^;]*", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_FRACTION = re.compile(r"\.([0#?]+)")
_MAX_FORMAT = 255
"""Characters of a format, as a workbook's program takes them; it shows nothing by a longer one."""
_DIGITS = 15
"""As many as a workbook stores: a format with more rounds nothing."""
_GENERAL_DIGITS = 10
"""So many are shown where no format is set; how many more depends on the program."""
_NOISE = Decimal("1e-12")
"""What is off by less, in parts of the number, is the arithmetic of computers and no figure."""
_FIRST_DAY = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""1954 to 2119: an earlier date is a count in a cell with a wrong format."""
_DAYS_1904 = 1_462


@dataclass(slots=True)
class _Book:
    """What the sheets of one workbook share, and what is counted while they are read."""

    builder: ExtractBuilder
    since_1904: bool
    formats: list[str]
    """By the number of a cell's style, its number format."""
    doubts: list[str]
    """By the number of a cell's style, why its figures may not count, as the code of a notice."""
    strings: list[str] = field(default_factory=list)
    noted: dict[str, list[str]] = field(default_factory=dict)
    """By the code of a notice, the cells that it is about."""

    def note(self, code: str, cell: str) -> None:
        """Notes a cell for a notice with that code."""
        self.noted.setdefault(code, []).append(cell)

    def notices(self) -> Iterator[Notice]:
        """Of the cells in doubt, in a fixed order."""
        for code, cells in sorted(self.noted.items()):
            listed = ", ".join(cells[:_MAX_LISTED]) + (" …" * (len(cells) > _MAX_LISTED))
            yield Notice(code, (("count", str(len(cells))), ("cells", listed)))


@dataclass(slots=True)
class _Sheet:
    """What stands in a sheet; rows and columns count from 1."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    covered: dict[int, set[int]] = field(default_factory=dict)


class _Displayed(NamedTuple):
    """What a person sees."""

    text: str
    is_rounded: bool = False
    """Whether the cell shows fewer digits than the workbook holds."""


def read_xlsx(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The visible cells. Raises `InputError`: damaged, encrypted, too large or empty."""
    package = Package(document, limits)
    part, workbook = package.main("xl/workbook.xml")
    targets = package.targets(part)
    parts = {kind: name for kind, name in targets.values()}
    properties = workbook.find(f"{S}workbookPr")
    builder = ExtractBuilder(document.name, limits, _OMITTED)
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    shared = package.xml(parts.get("sharedStrings", ""))
    styles = package.xml(parts.get("styles", ""))
    book = _Book(builder, since_1904, _formats(styles), _doubts(styles))
    if shared is not None:
        book.strings = [_string(item, book) for item in shared.iter(f"{S}si")]
    blocks: list[Grid] = []
    for sheet in workbook.iter(f"{S}sheet"):
        if sheet.get("state", "visible") != "visible":
            book.builder.omitted["hidden-cells"] += 1
            continue
        root = package.xml(targets.get(sheet.get(RELATION_ID, ""), ("", ""))[1])
        if root is not None:
            blocks += _grids(_read_sheet(root, sheet.get("name", ""), book), book)
    if not any(cell.text for block in blocks for row in block.rows for cell in row):
        raise refusal("empty/workbook", document.name)
    builder.blocks += blocks
    return builder.extract(book.notices())


def _formats(styles: Element | None) -> list[str]:
    if styles is None:
        return []
    own = {
        whole_number(each.get("numFmtId"), -1): each.get("formatCode", "")
        for each in styles.iter(f"{S}numFmt")
    }
    codes = {**_BUILT_IN, **own}
    used = styles.find(f"{S}cellXfs")
    return [
        codes.get(whole_number(each.get("numFmtId"), 0), "")
        for each in (used if used is not None else ())
    ]


def _doubts(styles: Element | None) -> list[str]:
    """For each style of cells, whether it strikes them out or sets them white on white."""
    if styles is None:
        return []
    used, fonts, fills = (styles.find(f"{S}{name}") for name in ("cellXfs", "fonts", "fills"))
    of_fonts = [_font_doubt(font) for font in (fonts if fonts is not None else ())]
    filled = [
        any(each.get("patternType", "none") != "none" for each in fill.iter(f"{S}patternFill"))
        for fill in (fills if fills is not None else ())
    ]
    found = []
    for each in used if used is not None else ():
        font, fill = (whole_number(each.get(name), 0) for name in ("fontId", "fillId"))
        doubt = of_fonts[font] if font < len(of_fonts) else ""
        is_filled = fill < len(filled) and filled[fill]
        found.append("" if doubt == "clear-text" and is_filled else doubt)
    return found


def _font_doubt(font: Element) -> str:
    strike, color = font.find(f"{S}strike"), font.find(f"{S}color")
    if strike is not None and strike.get("val") not in ("0", "false"):
        return "struck-text"
    is_white = color is not None and (
        color.get("rgb", "")[-6:].upper() == "FFFFFF"
        or (color.get("theme") == "0" and not color.get("tint"))
    )
    return "clear-text" if is_white else ""


def _read_sheet(root: Element, name: str, book: _Book) -> _Sheet:
    sheet = _Sheet(name)
    hidden = _hidden_columns(root, book)
    count = 0
    for row in root.iter(f"{S}row"):
        count = whole_number(row.get("r"), count + 1)
        cells: dict[int, str] = {}
        column = 0
        for cell in row.iter(f"{S}c"):
            column = _coordinates(cell.get("r", ""), (column + 1, count))[0]
            book.builder.count(1)
            text, is_number = _stored_value(cell, book)
            if not any(first <= column <= last for first, last in hidden):
                place = f"{name}!{_letters(column)}{count}"
                cells[column] = _displayed(text, is_number, cell, book, place)
        if row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0"):
            book.builder.omitted["hidden-cells"] += any(cells.values())
        elif cells:
            sheet.rows[count] = cells
    _merge(root, sheet, book)
    return sheet


def _hidden_columns(root: Element, book: _Book) -> list[tuple[int, int]]:
    found = [
        (whole_number(column.get("min"), 0), whole_number(column.get("max"), 0))
        for column in root.iter(f"{S}col")
        if column.get("hidden") in ("1", "true") or column.get("width") in ("0", "0.0")
    ]
    book.builder.omitted["hidden-cells"] += len(found)
    return found[:_MAX_HIDDEN]


def _string(item: Element, book: _Book) -> str:
    """The text of a rich string, without readings above characters and struck-out runs."""
    parts = []
    for child in item:
        if child.tag == f"{S}t":
            parts.append(child.text or "")
        elif child.tag == f"{S}r":
            text = "".join(t.text or "" for t in child.iter(f"{S}t"))
            strike = child.find(f"{S}rPr/{S}strike")
            if strike is not None and strike.get("val") not in ("0", "false"):
                book.builder.omitted["struck-text"] += bool(text.strip())
            elif _is_raised(child) and any(map(str.isdigit, text)):
                is_mark = may_be_mark(text) and any(part.strip() for part in parts)
                book.builder.omitted["raised-marks"] += is_mark
                parts.append("" if is_mark else UNREAD)
            else:
                parts.append(text)
    return "".join(parts)


def _is_raised(run: Element) -> bool:
    """Whether a run stands above the line."""
    aligned = run.find(f"{S}rPr/{S}vertAlign")
    return aligned is not None and aligned.get("val") == "superscript"


def _stored_value(cell: Element, book: _Book) -> tuple[str, bool]:
    """The text of what is stored, in plain digits where it is a number; and whether it is one."""
    kind = cell.get("t", "n")
    stored = cell.find(f"{S}v")
    text = (stored.text or "") if stored is not None else ""
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        text = _string(inline, book) if inline is not None else ""
    elif kind == "s":
        index = whole_number(text, len(book.strings))
        text = book.strings[index] if index < len(book.strings) else ""
    elif not text and kind != "str" and cell.find(f"{S}f") is not None:
        book.builder.omitted["formula-without-value"] += 1
        return UNKNOWN, False
    if kind == "n" and text:
        try:
            value = Decimal(f"{float(text):.15g}")
        except ValueError:
            return text, False
        return (f"{value:f}", True) if value.is_finite() else (text, False)
    if kind == "b":
        return "FALSE" if text == "0" else "TRUE", False
    return " ".join(text.split()), False


def _displayed(text: str, is_number: bool, cell: Element, book: _Book, place: str) -> str:
    """What the cell shows; what is in doubt about it is noted."""
    if cell.get("t") == "e":
        book.note("error-values", place)
    style = whole_number(cell.get("s"), 0)
    doubt = book.doubts[style] if style < len(book.doubts) else ""
    if doubt and any(map(str.isdigit, text)):
        book.builder.omitted[doubt] += 1
        return UNREAD
    if not is_number or style >= len(book.formats):
        return text
    found = _formatted(text, book.formats[style], book.since_1904)
    if found.is_rounded:
        book.note("rounded-display", place)
    if found.text == UNKNOWN:
        book.note("shown-otherwise", place)
    book.builder.omitted["hidden-cells"] += not found.text
    return found.text


def _formatted(stored: str, code: str, since_1904: bool) -> _Displayed:
    """The number as its format shows it; `UNKNOWN` for what is shown as no plain number."""
    value = Decimal(stored)
    if len(code) > _MAX_FORMAT:
        return _Displayed(UNKNOWN)
    if not code:
        return _general(stored, value)
    section = _section(value, code)
    if section is None:
        return _Displayed(UNKNOWN)
    if not section.strip() and value and ";" in code:
        return _Displayed("")
    without_literals = _LITERAL.sub("", section)
    if _LITERAL_DIGITS.search(section):
        return _Displayed(UNKNOWN)
    if not value:
        return _Displayed(stored)
    if _GENERAL.search(without_literals) or "@" in without_literals:
        return _general(stored, value)
    if _DATE.search(without_literals):
        serial = int(value) + (_DAYS_1904 if since_1904 else 0)
        is_day = _FIRST_SERIAL <= serial <= _LAST_SERIAL
        return _Displayed((_FIRST_DAY + timedelta(days=serial)).isoformat() if is_day else UNKNOWN)
    if _SCALED.search(without_literals) or not re.search("[0#?]", without_literals):
        return _Displayed(UNKNOWN)
    decimals = _FRACTION.search(without_literals)
    places = len(decimals[1]) if decimals else 0
    if "%" in without_literals:
        percent = (value * 100).normalize()
        found = _rounded(f"{percent:f}", percent, places)
        return found._replace(text=f"{found.text}%")
    if "/" in without_literals or "E" in without_literals.upper():
        return _Displayed(stored)
    return _rounded(stored, value, places)


def _rounded(stored: str, value: Decimal, places: int) -> _Displayed:
    """The number with so many decimals; as it is stored where it has no more of them."""
    if places + max(value.adjusted(), 0) >= _DIGITS:
        return _Displayed(stored)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded == value:
        return _Displayed(stored)
    return _Displayed(f"{rounded.normalize():f}", abs(rounded - value) > _NOISE * abs(value))


def _general(stored: str, value: Decimal) -> _Displayed:
    """The number as stored, but for the noise of arithmetic: no format says how it is shown."""
    found = _rounded(stored, value, max(_GENERAL_DIGITS - 1 - value.adjusted(), 0))
    return _Displayed(stored) if found.is_rounded else found


def _section(value: Decimal, code: str) -> str | None:
    """The part of a format that holds for a value; None where conditions of its own decide."""
    plain = _LITERAL.sub(lambda found: found[0].replace(";", " "), code)
    sections = plain.split(";")
    if _CONDITION.search(plain):
        without_literals = _LITERAL.sub("", plain)
        return (
            None
            if _SCALED.search(without_literals)
            or _DATE.search(without_literals)
            or "%" in without_literals
            else "General"
        )
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _merge(root: Element, sheet: _Sheet, book: _Book) -> None:
    order = sorted(sheet.rows)
    for merged in root.iter(f"{S}mergeCell"):
        first, _, last = merged.get("ref", "").partition(":")
        left, top = _coordinates(first, (0, 0))
        right, bottom = _coordinates(last, (0, 0))
        if not left or right < left or bottom < top:
            continue
        sheet.spans[top, left] = (bottom - top + 1, right - left + 1)
        for row in order[bisect_left(order, top) : bisect_left(order, bottom + 1)]:
            book.builder.count(right - left + 1)
            covered = sheet.covered.setdefault(row, set())
            covered.update(range(left, right + 1))
            if row == top:
                covered.discard(left)


def _grids(sheet: _Sheet, book: _Book) -> Iterator[Grid]:
    """A grid for each run of rows without an empty row between.

    A row ends with its last cell that is stored, as those with a border are, but within the run.
    """
    with_text = {row for row, cells in sheet.rows.items() if any(cells.values())}
    # Cells with a border and nothing in them may be a row of blanks, but not the paper below it.
    filled = [
        row
        for row in sorted(sheet.rows)
        if row in with_text or row - 1 in with_text or sheet.covered.get(row)
    ]
    for _, numbered in groupby(enumerate(filled), lambda each: each[1] - each[0]):
        run = [row for _, row in numbered]
        widths = [column for row in run for column, text in sheet.rows[row].items() if text]
        if not widths:
            continue
        book.builder.count(len(run) * (max(widths) - min(widths) + 1))
        columns = range(min(widths), max(widths) + 1)
        rows = (_cells(sheet, row, index, columns) for index, row in enumerate(run))
        origin = Origin(selector=f"{sheet.name}!{_letters(columns[0])}{run[0]}")
        yield Grid(without_note_numbers(tuple(rows)), origin, ruled=True)


def _cells(sheet: _Sheet, row: int, index: int, columns: range) -> tuple[Cell, ...]:
    with_text: Mapping[int, str] = sheet.rows[row]
    covered = sheet.covered.get(row, set())
    end = max((*with_text, *covered), default=0)
    return tuple(
        Cell(
            with_text.get(column, ""),
            index,
            column - columns[0],
            Origin(selector=f"{sheet.name}!{_letters(column)}{row}"),
            *sheet.spans.get((row, column), (1, 1)),
        )
        for column in columns
        if column not in covered and column <= end
    )


def _coordinates(reference: str, default: tuple[int, int]) -> tuple[int, int]:
    """Column and row of a reference such as `C5`, from 1."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return default
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(found[2])


def _letters(column: int) -> str:
    """The name of a column."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
