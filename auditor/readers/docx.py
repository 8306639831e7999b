"""A word processor's document in, paragraphs and ruled grids out, in the order of its body.

Only the body is read: headers, footers, footnotes and comments are not part of it. Text boxes are
read after the paragraph that they are anchored in. Pictures are not read; large ones are a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from auditor import cjk
from auditor.errors import InputError
from auditor.model.source import UNREAD, Document, Extract, Grid, Notice, Paragraph
from auditor.readers import media_type_of
from auditor.readers.grid import ExtractBuilder, SpannedCell
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.ooxml import RELATION_ID, Element, Package, W, are_alike, whole_number
from auditor.refusals import refusal

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_DRAWN = (f"{_WP}inline", f"{W}object", f"{W}pict")
_SHAPES = ("{urn:schemas-microsoft-com:vml}shape", "{urn:schemas-microsoft-com:vml}rect")
_BLOCKS = (f"{W}p", f"{W}tbl", f"{W}altChunk")
_SKIPPED = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "tblPr", "sectPr", "sdtPr")}
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}

_UNKNOWN_SYMBOL = "\u25a1"
"""For a sign of a font of pictures: something stands there, and not a figure."""
_MIN_WIDTH, _MIN_HEIGHT = 2_500_000, 700_000
"""Of a picture that may be a table, in units of 1/360,000 cm: 7 by 2 cm."""
_UNITS = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "px": 9_525}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9.]{1,9})(pt|in|cm|mm|px)")
_MAX_CHUNKS = 20
"""Web pages inside a document, each read as a document of its own; portals put in one."""
_MAX_CELL = 1_500
"""A cell with more characters than this holds an article, and neither a figure nor a label."""
_MAX_BASES = 20
"""A style may be based on another; a circle of them is broken here."""
_TINY = ("0", "1", "2", "3")
"""Sizes of letters that are not seen, in half points."""
_MIN_RAISED = 4
"""Half points by which a mark is moved up; by less, whole lines are."""
_SILENT_FIELD = re.compile(
    r"\s*(?:TC|TA|XE|RD|SET|ASK|NEXT|NEXTIF|SKIPIF|PRIVATE|ADDIN|ADVANCE|HYPERLINK|TOC"
    r"|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN)\b",
    re.IGNORECASE,
)
"""Fields that show nothing of their own. All others show something once they are worked out, which
may be when a person prints them."""
_STRUCTURES = frozenset(
    f"{_M}{name}"
    for name in (
        *("f", "sSup", "sSub", "sSubSup", "sPre", "rad", "nary", "limLow", "limUpp", "m", "eqArr"),
        *("acc", "bar", "groupChr", "phant"),
    )
)
"""Parts of equations in which digits beside each other are no figure: fractions, powers, roots."""
_KNOWN_SPACES = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
"""What extensions are called that new programs show."""
_PICTURE_FONTS = frozenset(
    ("wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "mt extra", "zapfdingbats")
)
"""Their characters are none of those whose codes they have."""
_MIN_LINE = 60
"""Of lines with letters that can be seen, in twentieths of a point."""
_NARROW = ("0", "1", "2", "3", "4", "5")
"""Widths of letters that are not seen, in percent of their own."""
_HIGHLIGHTS = {
    **{"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "red": "FF0000", "blue": "0000FF"},
    **{"green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF", "darkRed": "800000"},
    **{"darkBlue": "000080", "darkGreen": "008000", "darkCyan": "008080", "darkMagenta": "800080"},
    **{"darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0"},
}
_THEME_COLORS = {"background1": "FFFFFF", "light1": "FFFFFF", "text1": "000000", "dark1": "000000"}
_DIGITS = re.compile(r"\d[\d.,]*")
_LETTERS = re.compile(r"\S")
_NOTES = ("footnoteReference", "endnoteReference")
_OFF = ("0", "false", "off", "none")
_CHINESE_COUNTS = frozenset(
    re.findall(
        r"\w+",
        "chineseCounting chineseCountingThousand chineseLegalSimplified ideographDigital "
        "japaneseCounting japaneseDigitalTenThousand taiwaneseCounting "
        "taiwaneseCountingThousand",
    )
)
_PLACEHOLDER = re.compile(r"%([1-9])")


def read_docx(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The body of the document. Raises `InputError`: damaged, encrypted, too large or empty."""
    package = Package(document, limits)
    part, root = package.main("word/document.xml")
    targets = package.targets(part)
    parts = dict(targets.values())
    if sum(1 for _ in root.iter(f"{W}altChunk")) > _MAX_CHUNKS:
        raise refusal("too-large/chunks", document.name, most=_MAX_CHUNKS)
    numbering, styles = (
        package.xml(parts[kind]) if kind in parts else None for kind in ("numbering", "styles")
    )
    reader = _Body(package, targets, _Styles(styles), numbering)
    reader.builder.expect(sum(1 for _ in root.iter(f"{W}tc")))
    body = root.find(f"{W}body")
    if body is not None:
        reader.read(body)
    if not reader.builder.blocks:
        has_pictures = reader.builder.omitted["picture-table"]
        raise refusal("empty/pictures" if has_pictures else "empty/word", document.name)
    return reader.builder.extract(reader.notices)


@cache
def _path(names: str) -> str:
    return "/".join(f"{W}{name}" for name in names.split("/"))


def _value(parent: Element | None, names: str) -> str | None:
    """The value of the property at a path below an element; None where it is not there."""
    found = parent.find(_path(names)) if parent is not None else None
    return found.get(f"{W}val", "") if found is not None else None


Properties = tuple[Element, ...]
"""Elements that set properties, those that go before others first."""


def _property(properties: Properties, name: str) -> str | None:
    """The value of a property; one without a value is on."""
    for each in properties:
        found = each.find(_path(name))
        if found is not None:
            return found.get(f"{W}val", "on")
    return None


def _has(properties: Properties, name: str) -> bool:
    """Whether a property that is on or off is on, such as `vanish`."""
    return _property(properties, name) not in (None, *_OFF)


class _Styles:
    """What each style sets itself or by the styles that it is based on."""

    def __init__(self, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._standard = ""
        self._known: dict[tuple[str, str], tuple[Element, ...]] = {}
        for style in styles.iter(f"{W}style") if styles is not None else ():
            name = style.get(f"{W}styleId", "")
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self._standard = name

    def text_properties(self, run: Element | None, paragraph: Element | None) -> Properties:
        """Those of a run's text. What the run sets goes before what its style sets, and that before
        its paragraph's."""
        style = _value(paragraph, "pStyle") or self._standard
        of_paragraph = self._properties(style, "rPr")
        if run is None:
            return of_paragraph
        of_style = self._properties(_value(run, "rStyle") or "", "rPr")
        return (run, *of_style, *of_paragraph)

    def paragraph_properties(self, paragraph: Element | None) -> Properties:
        """Those that a paragraph sets, and then those of its style."""
        if paragraph is None:
            return ()
        style = _value(paragraph, "pStyle") or self._standard
        return (paragraph, *self._properties(style, "pPr"))

    def _properties(self, name: str, kind: str) -> tuple[Element, ...]:
        """Those of a style, its own first; asked for by every run."""
        found = self._known.get((name, kind))
        if found is None:
            each = (style.find(f"{W}{kind}") for style in self._chain(name))
            self._known[name, kind] = found = tuple(one for one in each if one is not None)
        return found

    def _chain(self, name: str) -> Iterator[Element]:
        for _ in range(_MAX_BASES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn") or ""


class _Level(NamedTuple):
    format: str = "decimal"
    text: str = ""
    start: int = 1


def _level(level: Element) -> tuple[int, _Level]:
    """A level of a list and its depth."""
    return whole_number(level.get(f"{W}ilvl"), 0), _Level(
        _value(level, "numFmt") or "decimal",
        _value(level, "lvlText") or "",
        whole_number(_value(level, "start") or "1", 0),
    )


class _Numbering:
    """Counts the numbered paragraphs of one document as they come."""

    def __init__(self, numbering: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begins_anew: dict[tuple[str, int], int] = {}
        """With which count, for the lists that do so with the first of their paragraphs."""
        if numbering is None:
            return
        for abstract in numbering.iter(f"{W}abstractNum"):
            self._levels[abstract.get(f"{W}abstractNumId", "")] = dict(map(_level, abstract))
        for number in numbering.iter(f"{W}num"):
            number_id = number.get(f"{W}numId", "")
            self._list_of[number_id] = _value(number, "abstractNumId") or ""
            for override in number.iterfind(f"{W}lvlOverride"):
                start = whole_number(_value(override, "startOverride"), -1)
                if start >= 0:
                    at = number_id, whole_number(override.get(f"{W}ilvl"), 0)
                    self._begins_anew[at] = start

    def number(self, properties: Iterable[Element]) -> str:
        """What is printed before a paragraph, given its properties and those of its style; empty
        for none and for bullets."""
        if not self._list_of:
            return ""
        found = [each.find(f"{W}numPr") for each in properties]
        own = [each for each in found if each is not None]
        number = next((one for each in own if (one := _value(each, "numId")) is not None), "")
        list_id = self._list_of.get(number, "")
        depth = whole_number(_value(own[0], "ilvl"), 0) if own else 0
        levels = self._levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(list_id, {})
        start = self._begins_anew.pop((number, depth), None)
        counts[depth] = counts.get(depth, level.start - 1) + 1 if start is None else start
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.format in ("bullet", "none"):
            return ""

        def count(placeholder: re.Match[str]) -> str:
            at = int(placeholder[1]) - 1
            of = levels.get(at, _Level())
            return spell(counts.get(at, of.start), of.format)

        return _PLACEHOLDER.sub(count, level.text)


def spell(number: int, style: str) -> str:
    """A count from 1 on as a list prints it; plain digits for styles that are not known."""
    if style in _CHINESE_COUNTS and 0 <= number < 100:
        if style == "ideographDigital" or number == 0:
            return "".join(cjk.DIGITS[int(digit)] for digit in str(number))
        tens, ones = divmod(number, 10)
        ten = (cjk.DIGITS[tens] if tens > 1 else "") + cjk.TEN if tens else ""
        return ten + (cjk.DIGITS[ones] if ones else "")
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((ord("a") if style == "lowerLetter" else ord("A")) + number - 1)
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)


class _Body:
    """Reads what stands in a document, and keeps what holds from one paragraph to the next."""

    def __init__(
        self,
        package: Package,
        targets: Mapping[str, tuple[str, str]],
        styles: _Styles,
        numbering: Element | None,
    ) -> None:
        omitted = (
            *("picture-table", "struck-text", "hidden-text", "raised-marks", "clear-text"),
            *("formula-without-value", "picture-cells"),
        )
        self.builder = ExtractBuilder(package.name, package.limits, omitted)
        self.notices: list[Notice] = []
        self._package = package
        self._targets = targets
        self._styles = styles
        self._numbering = _Numbering(numbering)
        self._paragraph: Element | None = None
        """The properties of the paragraph that is being read."""
        self._fields: list[bool] = []
        """For each open field, whether its result has begun."""
        self._instruction = ""
        """Of the innermost field."""

    def read(self, container: Element) -> None:
        """Every paragraph and table in a body, a cell of layout or a text box."""
        for block in _children(container, *_BLOCKS):
            if block.tag == f"{W}p":
                boxes: list[Element] = []
                text = self._paragraph_text(block, boxes)
                properties = self._styles.paragraph_properties(self._paragraph)
                levels = (_value(each, "outlineLvl") for each in properties)
                level = next((each for each in levels if each is not None), "")
                self.builder.paragraph(text, is_heading=level in tuple("012345678"))
                for box in boxes:
                    self.read(box)
            elif block.tag == f"{W}altChunk":
                page = self._chunk(block)
                self.builder.blocks += page.blocks if page is not None else ()
            elif _is_layout(block):
                for cell in _children(block, f"{W}tc"):
                    self.read(cell)
            else:
                self._table(block)

    def _table(self, table: Element) -> None:
        rows: list[list[SpannedCell]] = []
        above: dict[int, SpannedCell] = {}
        for row in _children(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            if row.find(f"{W}trPr/{W}hidden") is not None:
                self.builder.omitted["hidden-text"] += 1
                continue
            cells: list[SpannedCell] = []
            merged: dict[int, SpannedCell] = {}
            column = before = whole_number(_value(row, "trPr/gridBefore"), 0)
            for element in _children(row, f"{W}tc"):
                if element.find(f"{W}tcPr/{W}cellDel") is not None:
                    continue
                colspan = max(whole_number(_value(element, "tcPr/gridSpan"), 1), 1)
                lines = self._cell_lines(element)
                merge = _value(element, "tcPr/vMerge")
                merged_above = above.get(column)
                if _value(element, "tcPr/hMerge") not in (None, "restart") and cells:
                    cells[-1].colspan += colspan  # as old documents merge cells
                elif merge not in (None, "restart") and merged_above is not None:
                    merged_above.rowspan += 1
                    merged[column] = merged_above
                else:
                    cells.append(SpannedCell(tuple(lines), colspan=colspan, before=before))
                    if merge is not None:
                        merged[column] = cells[-1]
                column += colspan
                before = 0
            above = merged
            rows.append(cells)
        self.builder.table(rows)

    def _cell_lines(self, cell: Element) -> list[str]:
        """The words of a cell, line by line."""
        parts: list[str] = []
        for block in _children(cell, *_BLOCKS):
            inner: list[Element] = []
            if block.tag == f"{W}p":
                parts.append(self._paragraph_text(block, inner))
            elif block.tag == f"{W}tbl":
                inner += _children(block, f"{W}tc")
            else:
                parts.append(self._chunk_in_cell(block))
            parts += [" ".join(self._cell_lines(each)) for each in inner]
        if not any(map(str.strip, parts)) and any(map(_is_inline_picture, cell.iter(*_DRAWN))):
            self.builder.omitted["picture-cells"] += 1
            return [UNREAD]
        lines = (line for part in parts for line in part.splitlines())
        return self.builder.cell_lines(" ".join(line.split()) for line in lines)

    def _paragraph_text(self, paragraph: Element, boxes: list[Element]) -> str:
        """The words of a paragraph with its number; text boxes in it are added to `boxes`."""
        self._paragraph = paragraph.find(f"{W}pPr")
        words: list[str] = []
        self._inline(paragraph, words, boxes)
        properties = self._styles.paragraph_properties(self._paragraph)
        number = self._numbering.number(properties)
        if _is_flat(properties):
            self.builder.omitted["hidden-text"] += any(map(str.isdigit, "".join(words)))
            return ""
        return (f"{number} " if number else "") + "".join(words)

    def _inline(self, parent: Element, words: list[str], boxes: list[Element]) -> None:
        for child in parent:
            tag = child.tag
            if tag in _SKIPPED:
                continue
            if tag == f"{W}r":
                self._run(child, words, boxes)
            elif tag == f"{_MC}AlternateContent":
                self._inline(_alternative(child), words, boxes)
            elif tag == f"{_M}t":
                words.append(child.text or "")
            elif tag in _STRUCTURES:
                words.append(UNREAD)
            elif tag == f"{W}bdo" and child.get(f"{W}val") == "rtl":
                turned: list[str] = []
                self._inline(child, turned, boxes)
                words.append(_DIGITS.sub(UNREAD, "".join(turned)))
            elif tag == f"{W}fldSimple":
                self._instruction = child.get(f"{W}instr", "")
                before = len(words)
                self._inline(child, words, boxes)
                words += self._lacking_result(len(words) > before)
            else:
                self._inline(child, words, boxes)

    def _run(self, run: Element, words: list[str], boxes: list[Element]) -> None:
        omitted = self.builder.omitted
        parts: list[str] = []
        self._run_text(run, parts, boxes)
        text = "".join(parts)
        if not text:
            return
        styled = self._styles.text_properties(run.find(f"{W}rPr"), self._paragraph)
        if _is_of_pictures(_fonts(styled)):
            text = _LETTERS.sub(_UNKNOWN_SYMBOL, text)
        if _has(styled, "strike") or _has(styled, "dstrike"):
            omitted["struck-text"] += bool(text.strip())
        elif _has(styled, "vanish") or _is_too_small(styled):
            omitted["hidden-text"] += any(char.isdigit() for char in text)
        elif _has(styled, "webHidden"):
            pass  # page numbers in a table of contents
        else:
            alignment = _property(styled, "vertAlign")
            if _is_clear(run, styled) and any(map(str.isdigit, text)):
                omitted["clear-text"] += 1
                text = _DIGITS.sub(UNREAD, text)
            position = whole_number(_property(styled, "position"), 0)
            is_mark = any(run.find(f"{W}{name}") is not None for name in _NOTES)
            if alignment == "superscript" or position >= _MIN_RAISED or is_mark:
                text = self.builder.raised(text, "".join(words))
            words.append(f" {text} " if alignment == "subscript" else text)

    def _run_text(self, parent: Element, found: list[str], boxes: list[Element]) -> None:
        for piece in parent:
            tag = piece.tag
            if tag == f"{W}fldChar":
                if all(self._fields):
                    found += _chosen(piece)
                found += self._field(piece.get(f"{W}fldCharType", ""))
            elif tag == f"{W}instrText":
                self._instruction += piece.text or ""
            elif tag in (f"{W}t", f"{W}sym", *_CHARACTERS):
                if all(self._fields):
                    found.append(
                        _symbol(piece)
                        if tag == f"{W}sym"
                        else _CHARACTERS.get(tag) or piece.text or ""
                    )
            elif tag == f"{W}ruby":
                for base in piece.iter(f"{W}rubyBase"):
                    self._inline(base, found, boxes)
            elif tag == f"{_MC}AlternateContent":
                self._run_text(_alternative(piece), found, boxes)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                inside = list(piece.iter(f"{W}txbxContent"))
                boxes += [
                    box
                    for box in inside
                    if not any(outer in inside for outer in box.iterancestors(f"{W}txbxContent"))
                ]
                self.builder.omitted["picture-table"] += _is_large(piece) and not inside

    def _field(self, kind: str) -> list[str]:
        """Begins or ends a field; what stands for a result that belongs there and is not."""
        if kind == "begin":
            self._fields.append(False)
            self._instruction = ""
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            has_result = self._fields.pop()
            return self._lacking_result(has_result or not all(self._fields))
        return []

    def _lacking_result(self, has_result: bool) -> list[str]:
        if has_result or _SILENT_FIELD.match(self._instruction):
            return []
        self.builder.omitted["formula-without-value"] += 1
        return [UNREAD]

    def _chunk(self, element: Element) -> Extract | None:
        """A web page that stands in the document as it is, as portals export their articles."""
        from auditor.readers import read  # that page's reader, which few documents need

        part = self._targets.get(element.get(RELATION_ID, ""), ("", ""))[1]
        content = self._package.content(part)
        if content is None or media_type_of(content) not in ("text/html", "multipart/related"):
            self._note_unread_part(part)
            return None
        try:
            extract = read(Document(self._package.name, content), self._package.limits)
        except InputError as error:
            if error.code != "empty":
                raise
            return Extract(())
        self.notices += extract.notices
        return extract

    def _note_unread_part(self, part: str) -> None:
        self.notices.append(Notice("unread-part", (("part", part or "?"),)))

    def _chunk_in_cell(self, element: Element) -> str:
        """The words of such a page in a cell; unread where it holds more than a line or two."""
        page = self._chunk(element)
        if page is None:
            return UNREAD
        words = " ".join(block.text for block in page.blocks if isinstance(block, Paragraph))
        if len(words) > _MAX_CELL or any(isinstance(block, Grid) for block in page.blocks):
            self._note_unread_part(self._targets[element.get(RELATION_ID, "")][1])
            return UNREAD
        return words


def _is_clear(run: Element, styled: Properties) -> bool:
    """Whether the letters of a run have the colour of the paper, as far as the run tells it."""
    color = next((found for each in styled if (found := each.find(f"{W}color")) is not None), None)
    ink = _color(color) if color is not None else None
    for fill in (fill for each in styled for fill in each.iterfind(f"{_W14}textFill")):
        if fill.find(f"{_W14}noFill") is not None:
            return True
        told = fill.find(f"{_W14}solidFill/{_W14}srgbClr")
        ink = told.get(f"{_W14}val", "").upper() if told is not None else None
        break
    return ink is not None and are_alike(ink, _paper(run, styled))


def _color(element: Element) -> str | None:
    """A colour as it is set, in six digits; None where it is left to the program, or is a shade of
    a theme's."""
    value = element.get(f"{W}val", "auto").upper()
    is_shade = any(element.get(f"{W}theme{name}") for name in ("Tint", "Shade"))
    theme = None if is_shade else _THEME_COLORS.get(element.get(f"{W}themeColor", ""))
    return theme if value == "AUTO" else value


def _paper(run: Element, styled: Properties) -> str:
    """The colour behind the letters of a run, in six digits; empty where it cannot be told."""
    highlight = _property(styled, "highlight")
    if highlight not in (None, "none"):
        return _HIGHLIGHTS.get(highlight or "", "")
    for each in (run, *run.iterancestors(f"{W}p", f"{W}tc")):
        for shade in each.iterfind(f"./*/{W}shd"):
            is_plain = shade.get(f"{W}val", "clear") in ("clear", "nil", "none")
            fill = shade.get(f"{W}fill", "auto" if is_plain else "").upper()
            if fill != "AUTO" or not is_plain:
                return fill if is_plain else ""
    return "FFFFFF"


def _is_too_small(styled: Properties) -> bool:
    return _property(styled, "sz") in _TINY or _property(styled, "w") in _NARROW


def _is_flat(properties: Properties) -> bool:
    """Whether the lines of a paragraph are too low for letters."""
    spacings = (each.find(f"{W}spacing") for each in properties)
    spacing = next((each for each in spacings if each is not None), None)
    if spacing is None or spacing.get(f"{W}lineRule") != "exact":
        return False
    return whole_number(spacing.get(f"{W}line"), _MIN_LINE) < _MIN_LINE


def _fonts(styled: Properties) -> str:
    """The font of a run's digits."""
    fonts = (each.find(f"{W}rFonts") for each in styled)
    names = (each.get(f"{W}ascii", "") for each in fonts if each is not None)
    return next(filter(None, names), "")


def _is_of_pictures(font: str) -> bool:
    return font.lower() in _PICTURE_FONTS


def _chosen(begin: Element) -> list[str]:
    """What a drop-down field of a form shows, which is no result of the field; nothing for any
    other field."""
    choices = begin.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return []
    number = _value(choices, "result") or _value(choices, "default")
    entries = [each.get(f"{W}val", "") for each in choices.iterfind(f"{W}listEntry")]
    return entries[whole_number(number, 0) :][:1]


def _is_inline_picture(drawn: Element) -> bool:
    """Whether a picture, a shape or an embedded object stands in the line, as a letter does."""
    if drawn.tag == f"{W}pict":
        shape = next(drawn.iter(*_SHAPES), None)
        if shape is None or "position:absolute" in shape.get("style", "").replace(" ", ""):
            return False
    return drawn.tag != f"{W}pict" or next(drawn.iter(*_PICTURES), None) is not None


def _alternative(alternatives: Element) -> Element:
    """The alternative that new programs show: the first one whose extensions they know."""
    for each in alternatives:
        needed = (each.nsmap.get(prefix) or "" for prefix in each.get("Requires", "").split())
        if all(space.startswith(_KNOWN_SPACES) for space in needed):
            return each
    return alternatives


def _symbol(piece: Element) -> str:
    """A character of a font with a code of its own: digits only where the font has them there."""
    try:
        code = int(piece.get(f"{W}char", ""), 16)
    except ValueError:
        return _UNKNOWN_SYMBOL
    is_private = 0xF000 <= code <= 0xF0FF
    shown = code - 0xF000 if is_private else code
    font = piece.get(f"{W}font", "")
    if (is_private and font.lower() != "symbol") or _is_of_pictures(font):
        return _UNKNOWN_SYMBOL
    return chr(shown) if 0x20 <= shown < 0x40 else _UNKNOWN_SYMBOL


def _is_large(drawing: Element) -> bool:
    """Whether a picture is large enough to be a table; so is one that does not say its size."""
    if next(drawing.iter(*_PICTURES), None) is None:
        return False
    extent = next(drawing.iter(f"{_WP}extent"), None)
    shape = next(drawing.iter(*_SHAPES), None)
    style = shape.get("style", "") if shape is not None else ""
    try:
        if extent is not None:
            width, height = float(extent.get("cx", "")), float(extent.get("cy", ""))
        else:
            lengths = {name: float(n) * _UNITS[unit] for name, n, unit in _LENGTH.findall(style)}
            width = lengths.get("width", _MIN_WIDTH)
            height = lengths.get("height", _MIN_HEIGHT)
    except ValueError:
        return True
    return width >= _MIN_WIDTH and height >= _MIN_HEIGHT


def _children(container: Element, *tags: str) -> Iterator[Element]:
    """Elements of some kinds right inside, through wrappers that print nothing, not inside each
    other or another table."""
    for child in container:
        if child.tag in tags:
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _children(_alternative(child), *tags)
        elif child.tag not in _SKIPPED and child.tag != f"{W}tbl":
            yield from _children(child, *tags)


def _is_layout(table: Element) -> bool:
    """Whether a table only arranges text: it has one cell, an article in one, or tables inside."""
    cells = 0
    for row in _children(table, f"{W}tr"):
        for cell in _children(row, f"{W}tc"):
            cells += 1
            if sum(len(text.text or "") for text in cell.iter(f"{W}t")) > _MAX_CELL:
                return True
            if any(sum(1 for _ in inner.iter(f"{W}tc")) > 1 for inner in cell.iter(f"{W}tbl")):
                return True
    return cells < 2
