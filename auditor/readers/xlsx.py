"""A workbook in, a ruled grid for each visible sheet out, with the results stored for formulas.

What is read is what a person sees in a cell, for that is what its author saw and will print: a
number by its format, percent, dates, and hidden figures not at all. That a workbook stores more
digits than it shows is a notice. Separators and units are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import groupby
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from auditor.model.source import UNREAD, Cell, Document, Extract, Grid, Notice, Origin
from auditor.readers.grid import ExtractBuilder, may_be_mark, without_note_numbers
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.ooxml import RELATION_ID, Element, Package, S, are_alike, whole_number
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
_THINNEST = Decimal("0.1")
"""A column or row less wide or high than this is not seen, in characters or points."""
_SMALLEST = Decimal("1.5")
"""Letters of this size or less are not seen, in points."""
_ANY_PAPER = "any"
"""The colour of letters that are not seen on any paper."""
_INDEXED_COLORS = {"0": "000000", "1": "FFFFFF", "8": "000000", "9": "FFFFFF", "64": "000000"}
_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    **{"equal": eq, "notEqual": ne, "greaterThan": gt, "lessThan": lt},
    **{"greaterThanOrEqual": ge, "lessThanOrEqual": le},
}
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
    conditional: list[Element]
    """The formats that hold on conditions, by their number."""
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
    conditional = [*styles.iterfind(f"{S}dxfs/{S}dxf")] if styles is not None else []
    book = _Book(builder, since_1904, _formats(styles), _doubts(styles), conditional)
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
    struck = [_is_struck(font) for font in (fonts if fonts is not None else ())]
    inks = [_ink(font) for font in (fonts if fonts is not None else ())]
    papers = [_paper(fill) for fill in (fills if fills is not None else ())]
    found = []
    for each in used if used is not None else ():
        font, fill = (whole_number(each.get(name), 0) for name in ("fontId", "fillId"))
        ink = inks[font] if font < len(inks) else ""
        is_clear = _is_clear(ink, papers[fill] if fill < len(papers) else "FFFFFF")
        is_struck = font < len(struck) and struck[font]
        found.append("struck-text" if is_struck else "clear-text" if is_clear else "")
    return found


def _is_struck(font: Element) -> bool:
    strike = font.find(f"{S}strike")
    return strike is not None and strike.get("val") not in ("0", "false")


def _is_clear(ink: str, paper: str) -> bool:
    return ink == _ANY_PAPER or are_alike(ink, paper)


def _ink(font: Element) -> str:
    """The colour of a font; letters that are too small to be seen have that of any paper."""
    size = font.find(f"{S}sz")
    if size is not None and _is_at_most(size.get("val"), _SMALLEST):
        return _ANY_PAPER
    color = font.find(f"{S}color")
    return _color(color) if color is not None else ""


def _paper(fill: Element) -> str:
    """The colour of a fill, empty where it is a pattern of two; without one, that of paper."""
    pattern = fill.find(f"{S}patternFill")
    kind = pattern.get("patternType", "none") if pattern is not None else ""
    if pattern is None or kind != "solid":
        return "FFFFFF" if kind == "none" else ""
    color = pattern.find(f"{S}fgColor")
    return _color(color) if color is not None else ""


def _color(color: Element) -> str:
    """Six digits, or what a workbook calls a colour that it does not spell out."""
    told, theme, tint = color.get("rgb"), color.get("theme"), color.get("tint") or "0"
    if told is not None:
        return told[-6:].upper()
    if theme == "0" and _is_number(tint):  # white, and the greys that are its shades
        light = int(255 * (1 + max(min(float(tint), 0), -1)))
        return bytes([light] * 3).hex().upper()
    indexed = color.get("indexed", "")
    return _INDEXED_COLORS.get(indexed, f"{indexed}/{theme}/{tint}")


def _is_number(text: str | None) -> bool:
    try:
        return Decimal(text or "").is_finite()
    except InvalidOperation:
        return False


def _is_at_most(text: str | None, most: Decimal) -> bool:
    return text is not None and _is_number(text) and Decimal(text) <= most


def _read_sheet(root: Element, name: str, book: _Book) -> _Sheet:
    sheet = _Sheet(name)
    hidden = _hidden_columns(root, book)
    rules = [*_hiding_rules(root, book)]
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
                if is_number and any(rule.hides(column, count, Decimal(text)) for rule in rules):
                    book.builder.omitted["clear-text"] += 1
                    cells[column] = UNREAD
        if row.get("hidden") in ("1", "true") or _is_at_most(row.get("ht"), _THINNEST):
            book.builder.omitted["hidden-cells"] += any(cells.values())
        elif cells:
            sheet.rows[count] = cells
    _merge(root, sheet, book)
    return sheet


class _HidingRule(NamedTuple):
    """A condition on which cells show nothing, or not their figure."""

    ranges: list[tuple[int, int, int, int]]
    """First column and row, last column and row."""
    code: str | None = None
    """The number format instead of the cell's own; None where nothing is shown."""
    compares: Callable[[Decimal, Decimal], bool] | None = None
    """How the figure is compared; None where the condition cannot be told."""
    limit: Decimal = Decimal(0)

    def hides(self, column: int, row: int, value: Decimal) -> bool:
        """Whether it may hide the figure of a cell: a zero that is not shown is a zero."""
        return (
            value != 0
            and any(a <= column <= c and b <= row <= d for a, b, c, d in self.ranges)
            and (self.compares is None or self.compares(value, self.limit))
            and (self.code is None or _formatted(f"{value:f}", self.code, False).text == UNKNOWN)
        )


def _hiding_rules(root: Element, book: _Book) -> Iterator[_HidingRule]:
    for group in root.iterfind(f"{S}conditionalFormatting"):
        ranges = [*_ranges(group.get("sqref", ""))]
        for rule in group.iterfind(f"{S}cfRule"):
            number = whole_number(rule.get("dxfId"), len(book.conditional))
            conditional = book.conditional[number : number + 1]
            formats = [each for one in conditional for each in one.iterfind(f"{S}numFmt")]
            if _is_figure_replaced(rule) or any(map(_is_unseen, conditional)):
                yield _HidingRule(ranges, None, *_comparison(rule))
            elif formats:
                code = formats[0].get("formatCode", "")
                yield _HidingRule(ranges, code, *_comparison(rule))


def _comparison(rule: Element) -> tuple[Callable[[Decimal, Decimal], bool] | None, Decimal]:
    """How a rule compares each figure, and with what; None where that cannot be told."""
    limit = rule.findtext(f"{S}formula") or ""
    if rule.get("type") != "cellIs" or not _is_number(limit):
        return None, Decimal(0)
    return _COMPARISONS.get(rule.get("operator", "")), Decimal(limit)


def _is_figure_replaced(rule: Element) -> bool:
    """Whether a bar or a picture is shown instead of the figure."""
    pictures = (rule.find(f"{S}{name}") for name in ("dataBar", "iconSet"))
    return any(each is not None and each.get("showValue") in ("0", "false") for each in pictures)


def _is_unseen(conditional: Element) -> bool:
    """Whether a format that holds on a condition sets letters in the colour of their paper."""
    font, pattern = conditional.find(f"{S}font"), conditional.find(f"{S}fill/{S}patternFill")
    if font is None:
        return False
    paper = "FFFFFF"
    if pattern is not None:  # here a plain fill is the colour behind the pattern
        colors = (pattern.find(f"{S}{name}") for name in ("bgColor", "fgColor"))
        paper = next((_color(each) for each in colors if each is not None), "")
    return _is_clear(_ink(font), paper)


def _ranges(references: str) -> Iterator[tuple[int, int, int, int]]:
    for reference in references.split()[:_MAX_HIDDEN]:
        first, _, last = reference.partition(":")
        start = _coordinates(first, (0, 0))
        yield *start, *_coordinates(last or first, start)


def _hidden_columns(root: Element, book: _Book) -> list[tuple[int, int]]:
    found = [
        (whole_number(column.get("min"), 0), whole_number(column.get("max"), 0))
        for column in root.iter(f"{S}col")
        if column.get("hidden") in ("1", "true") or _is_at_most(column.get("width"), _THINNEST)
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
            looks = child.find(f"{S}rPr")
            aligned = looks.find(f"{S}vertAlign") if looks is not None else None
            place = aligned.get("val") if aligned is not None else ""
            has_digits = any(map(str.isdigit, text))
            if looks is not None and _is_struck(looks):
                book.builder.omitted["struck-text"] += bool(text.strip())
            elif has_digits and looks is not None and _is_clear(_ink(looks), "FFFFFF"):
                book.builder.omitted["clear-text"] += 1
                parts.append(UNREAD)
            elif has_digits and place == "superscript":
                is_mark = may_be_mark(text) and any(part.strip() for part in parts)
                book.builder.omitted["raised-marks"] += is_mark
                parts.append("" if is_mark else UNREAD)
            else:
                parts.append(f" {text} " if place == "subscript" else text)
    return "".join(parts)


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
    if style >= len(book.formats):
        return text
    if not is_number:
        is_shown = not any(map(str.isdigit, text)) or _shows_text(book.formats[style])
        found = _Displayed(text if is_shown else UNKNOWN)
    else:
        found = _formatted(text, book.formats[style], book.since_1904)
    if found.is_rounded:
        book.note("rounded-display", place)
    if found.text == UNKNOWN != text:
        book.note("shown-otherwise", place)
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


def _shows_text(code: str) -> bool:
    """Whether a format shows text as it is: its fourth part says how."""
    sections = _LITERAL.sub("", code).split(";")
    return len(sections) < 4 or "@" in sections[3]


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
