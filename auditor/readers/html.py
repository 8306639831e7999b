"""A web page in, paragraphs and ruled grids out, as a reader sees them.

Scripts, hidden elements and struck-out words are no text, nor are marks of notes. A table that
only arranges others, or a whole article in one cell, is layout: what stands in it is read as if the
table were not there.
"""

from __future__ import annotations

import re

from lxml import etree

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.decoding import decode
from auditor.readers.limits import DEFAULT, Limits, too_large
from auditor.readers.linkedsheets import NONE, Sheets
from auditor.readers.marks import is_mark, without_marks
from auditor.readers.markup import parseable
from auditor.readers.printedlines import blocks_of_lines
from auditor.readers.ruling import Ruler, Spanned
from auditor.readers.sight import STRUCK, Sight
from auditor.readers.stacked import unstacked
from auditor.readers.webforms import fill_in
from auditor.readers.webtables import Layout, Placed, tables_of
from auditor.readers.webtext import (
    SILENT,
    CellWords,
    Line,
    closing,
    doubted,
    has_digits,
    has_figures,
    has_words,
    is_inline,
    line_of,
    opening,
    said,
)

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([-\w]{3,20})""", re.IGNORECASE)
_TRADITIONAL = frozenset({"big5", "big5-hkscs", "cp950"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DEEPEST_FRAME = 3
_Element = etree._Element


def read_html(
    document: Document,
    limits: Limits = DEFAULT,
    sheets: Sheets | None = None,
    address: str = "",
) -> Extract:
    """What a person sees on the page. Raises `InputError`: empty, too large or no text.

    `sheets` are those that came with it, `address` is where it stood.
    """
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    text, notices = decode(document, _declared(document.content))
    root = _parse(text, document.name)
    if root is None:
        raise _empty(document.name)
    page = _Page(document.name, limits, sheets or Sheets(), address)
    page.read(root)
    if not page.blocks and page.has_sheets:  # a sheet that hides all of it waits for a script
        page = _Page(document.name, limits, None)
        page.read(root)
    if not page.blocks:
        raise _empty(document.name)
    blocks = page.without_marks()
    return Extract(tuple(blocks), (*notices, *page.notices))


def _declared(content: bytes) -> str:
    """The declared encoding where the bytes alone could not tell it."""
    found = _DECLARED.search(content[:4096])
    name = found[1].decode("ascii", "replace").lower() if found else ""
    return name if name in _TRADITIONAL else ""


def _parse(text: str, name: str) -> _Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(parseable(text, name), parser)
    except etree.XMLSyntaxError:  # nothing in it that is an element or text
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise too_large(name, "its elements are nested too deeply")
    return root


def _empty(name: str) -> InputError:
    return InputError("empty", "the page has no text in it", place=name, hint="check the export")


class _Page:
    """The blocks found so far, and the paragraph that is being read."""

    def __init__(self, name: str, limits: Limits, sheets: Sheets | None, address: str = "") -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.has_sheets = False
        self._name = name
        self._sheets = sheets
        self._address = address
        self._missing: tuple[str, ...] = ()
        """Names of sheets that are linked and not here."""
        self._ruler = Ruler(name, limits)
        self._told = dict.fromkeys(
            ("struck-text", "hidden-text", "raised-marks", "sheet-missing"), 0
        )
        self._style_doubt = False
        self._words = Line()
        self._chosen: list[str] = []
        """Those of the words that were chosen from a list."""
        self._line: int | None = None
        self._paragraphs = 0

    @property
    def notices(self) -> list[Notice]:
        """What was left out so far."""
        named = ("sheets", ", ".join(self._missing[:3]))
        told = [
            Notice(code, (("count", str(n)), *([named] if code == "sheet-missing" else [])))
            for code, n in self._told.items()
            if n
        ]
        return [*told, *([Notice("style-doubt")] if self._style_doubt else [])]

    def without_marks(self) -> list[Paragraph | Grid]:
        """The blocks, once all of the page is read; what they lack is told."""
        blocks, alone = without_marks(self.blocks, self._told["raised-marks"])
        self._told["raised-marks"] += alone
        return blocks

    def read(self, root: _Element, depth: int = 0) -> None:
        """Everything under `root`, in reading order."""
        self._ruler.expect(sum(1 for _ in root.iter("td", "th")))
        fill_in(root)
        sheets = self._sheets.of(root, self._address) if self._sheets else NONE
        sight = Sight(root, sheets)
        self.has_sheets = self.has_sheets or sight.has_sheets
        self._style_doubt = self._style_doubt or not sight.is_whole
        self._missing += sheets.missing
        tables = tables_of(root, sight)
        parts = {part for layout in tables.values() for part in layout.parts}
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start" and isinstance(element.tag, str):
                if element.tag == "iframe" and element.get("srcdoc") and depth < _DEEPEST_FRAME:
                    self._frame(element, depth)
                if self._skips(element, sight):
                    walk.skip_subtree()
                elif element in tables:
                    self._close()
                    self._table(element, tables[element], sight)
                    walk.skip_subtree()
                elif element in parts:
                    walk.skip_subtree()
                else:
                    if not is_inline(element):
                        self._close()
                    if self._doubts(element, sight):
                        self._add(doubted(element), element, None, sight)
                        walk.skip_subtree()
                        continue
                    if element.tag == "select":
                        self._chosen.append(element.text or "")
                    self._add(opening(element, sight), element, element, sight)
            elif event == "end" and isinstance(element.tag, str):
                if not is_inline(element) and not sight.is_unseen(element):
                    self._close(element.tag in _HEADINGS)
                self._add(closing(element, sight), element, element.getparent(), sight)
            else:  # comments and processing instructions
                self._add(element.tail or "", element, element.getparent(), sight)
        self._close()

    def _frame(self, frame: _Element, depth: int) -> None:
        self._close()
        root = _parse(frame.get("srcdoc", ""), self._name)
        if root is not None:
            self.read(root, depth + 1)

    def _skips(self, element: _Element, sight: Sight) -> bool:
        if element.tag in STRUCK and has_words(element):
            self._told["struck-text"] += 1
        elif sight.is_unseen(element):
            self._told["hidden-text"] += element.tag not in SILENT and has_figures(element)
        elif sight.is_raised(element) and is_mark(said(element), str(self._words)):
            self._told["raised-marks"] += 1
        else:
            return False
        return True

    def _doubts(self, element: _Element, sight: Sight) -> bool:
        """Whether the figures in an element may be hidden; of one with blocks in it, only told."""
        if not sight.may_be_hidden(element) or not has_digits(element):
            return False
        self._told["sheet-missing"] += 1
        return all(is_inline(each) for each in element.iterdescendants("*"))

    def _add(self, words: str, element: _Element, within: _Element | None, sight: Sight) -> None:
        """Words that begin or follow an element, and stand within one that shows them."""
        if words:
            if self._line is None and words.strip():
                self._line = line_of(element)
            self._words.add(words, sight.owner(within), sight.keeps_lines(within))

    def _close(self, is_heading: bool = False) -> None:
        text, torn = self._words.close()
        self._told["sheet-missing"] += torn
        line, self._line = self._line, None
        is_menu = text.split() == " ".join(self._chosen).split()
        self._chosen.clear()
        if is_menu:  # or nothing at all
            text = ""
        if "\n" in text or "\t" in text:
            self._lines(text, line or 1)
        else:
            self._heads_or_says(text.strip(" "), line, is_heading)

    def _heads_or_says(self, text: str, line: int | None, is_heading: bool = False) -> None:
        self._ruler.under(text, is_heading)
        self._paragraph(text, line)

    def _lines(self, text: str, first: int) -> None:
        """Lines that show as they were written, as those of a text file; `first` is the page's line
        on which they begin."""
        for block in blocks_of_lines(text):
            above = first - 1
            if isinstance(block, Paragraph):
                self._heads_or_says(block.text, above + (block.origin.line or 1))
            else:
                rows = [
                    [
                        Spanned(cell.text.strip(), line=above + (cell.origin.line or 1))
                        for cell in row
                    ]
                    for row in block.rows
                ]
                self.blocks.append(self._ruler.grid(rows, above + (block.origin.line or 1), False))

    def _paragraph(self, text: str, line: int | None) -> None:
        if text.strip():
            self._paragraphs += 1
            origin = Origin(line=line, selector=f"paragraph {self._paragraphs}")
            self.blocks.append(Paragraph(text, origin))

    def _table(self, first: _Element, table: Layout, sight: Sight) -> None:
        cells = {cell.element for row in table.rows for cell in row}
        words = CellWords(sight, self._told)
        for part in table.parts:
            for text, line in words.outside(part, cells):
                self._paragraph(text, line)
        rows = unstacked([[_spanned(cell, words) for cell in row] for row in table.rows])
        self.blocks.append(self._ruler.grid(rows, line_of(first), table.is_ruled))


def _spanned(cell: Placed, words: CellWords) -> Spanned:
    lines = words.lines(cell.element)
    return Spanned(
        " ".join(lines),
        cell.rowspan,
        cell.colspan,
        line_of(cell.element),
        cell.before,
        tuple(lines) if len(lines) > 1 else (),
    )
