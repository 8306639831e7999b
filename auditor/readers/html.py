"""A web page in, paragraphs and ruled grids out, as a reader sees them.

Scripts, hidden elements and struck-out words are no text, nor are marks of notes. A table that
only arranges others, or a whole article in one cell, is layout: what stands in it is read as if the
table were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.decoding import decode
from auditor.readers.limits import DEFAULT, Limits, too_large
from auditor.readers.marks import is_mark
from auditor.readers.markup import parseable
from auditor.readers.ruling import Ruler, Spanned
from auditor.readers.sight import STRUCK, Sight
from auditor.readers.webforms import fill_in
from auditor.readers.webtables import Layout, tables_of

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([-\w]{3,20})""", re.IGNORECASE)
_TRADITIONAL = frozenset({"big5", "big5-hkscs", "cp950"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DEEPEST_FRAME = 3
_SILENT = ("script", "style", "noscript", "template", "head")
"""What nobody sees on any page, so that nobody is told."""
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q rb ruby "
        "samp small span strong sub sup time tt u var wbr input select textarea output button "
        "img del s strike",
    )
)
_Element = etree._Element


def read_html(document: Document, limits: Limits = DEFAULT) -> Extract:
    """What a person sees on the page. Raises `InputError`: empty, too large or no text."""
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    text, notices = decode(document, _declared(document.content))
    return extract_page(text, document.name, notices, limits)


def extract_page(
    text: str, name: str, notices: Sequence[Notice] = (), limits: Limits = DEFAULT
) -> Extract:
    """As `read_html`, for a page that is decoded already."""
    root = _parse(text, name)
    if root is None:
        raise _empty(name)
    page = _Page(name, limits)
    page.read(root)
    if not page.blocks and page.has_sheets:  # a sheet that hides all of it waits for a script
        page = _Page(name, limits, with_sheets=False)
        page.read(root)
    if not page.blocks:
        raise _empty(name)
    return Extract(tuple(page.blocks), (*notices, *page.notices))


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

    def __init__(self, name: str, limits: Limits, with_sheets: bool = True) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.has_sheets = False
        self._name = name
        self._with_sheets = with_sheets
        self._ruler = Ruler(name, limits)
        self._told = dict.fromkeys(("struck-text", "hidden-text", "raised-marks"), 0)
        self._style_doubt = False
        self._words: list[str] = []
        self._chosen: list[str] = []
        """Those of the words that were chosen from a list."""
        self._line: int | None = None
        self._paragraphs = 0

    @property
    def notices(self) -> list[Notice]:
        """What was left out so far."""
        told = [Notice(code, (("count", str(n)),)) for code, n in self._told.items() if n]
        return [*told, *([Notice("style-doubt")] if self._style_doubt else [])]

    def read(self, root: _Element, depth: int = 0) -> None:
        """Everything under `root`, in reading order."""
        self._ruler.expect(sum(1 for _ in root.iter("td", "th")))
        fill_in(root)
        sight = Sight(root, self._with_sheets)
        self.has_sheets = self.has_sheets or sight.has_sheets
        self._style_doubt = self._style_doubt or not sight.is_whole
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
                    if not _is_inline(element):
                        self._close()
                    if element.tag == "select":
                        self._chosen.append(element.text or "")
                    self._add(_opening(element, sight), element)
            elif event == "end" and isinstance(element.tag, str):
                if not _is_inline(element) and not sight.is_unseen(element):
                    self._close(element.tag in _HEADINGS)
                self._add(_closing(element, sight), element)
            else:  # comments and processing instructions
                self._add(element.tail or "", element)
        self._close()

    def _frame(self, frame: _Element, depth: int) -> None:
        self._close()
        root = _parse(frame.get("srcdoc", ""), self._name)
        if root is not None:
            self.read(root, depth + 1)

    def _skips(self, element: _Element, sight: Sight) -> bool:
        if element.tag in STRUCK and _has_words(element):
            self._told["struck-text"] += 1
        elif sight.is_unseen(element):
            self._told["hidden-text"] += element.tag not in _SILENT and _has_figures(element)
        elif sight.is_raised(element) and is_mark(_said(element), "".join(self._words)):
            self._told["raised-marks"] += 1
        else:
            return False
        return True

    def _add(self, words: str, element: _Element) -> None:
        if words:
            if self._line is None and words.strip():
                self._line = _line(element)
            self._words.append(words)

    def _close(self, is_heading: bool = False) -> None:
        text = _BLANKS.sub(" ", "".join(self._words)).strip(" ")
        line, self._line = self._line, None
        is_menu = text.split() == " ".join(self._chosen).split()
        self._words.clear()
        self._chosen.clear()
        if is_menu:  # or nothing at all
            text = ""
        self._ruler.under(text, is_heading)
        self._paragraph(text, line)

    def _paragraph(self, text: str, line: int | None) -> None:
        if text.strip():
            self._paragraphs += 1
            origin = Origin(line=line, selector=f"paragraph {self._paragraphs}")
            self.blocks.append(Paragraph(text, origin))

    def _table(self, first: _Element, table: Layout, sight: Sight) -> None:
        cells = {cell.element for row in table.rows for cell in row}
        for part in table.parts:
            for text, line in self._outside(part, cells, sight):
                self._paragraph(text, line)
        rows = [
            [
                Spanned(
                    self._cell_text(cell.element, sight),
                    cell.rowspan,
                    cell.colspan,
                    _line(cell.element),
                    cell.before,
                )
                for cell in row
            ]
            for row in table.rows
        ]
        self.blocks.append(self._ruler.grid(rows, _line(first), table.is_ruled))

    def _cell_text(self, cell: _Element, sight: Sight) -> str:
        """The words of a cell on one line."""
        if sight.is_invisible(cell):
            self._told["hidden-text"] += any(char.isdigit() for char in _said(cell))
            return ""
        words: list[str] = []
        walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event in ("comment", "pi") or not isinstance(element.tag, str):
                words.append(element.tail or "")
                continue
            apart = "" if _is_inline(element) else " "
            if event == "end":
                if element is not cell:
                    words.append(apart + _closing(element, sight))
            elif element is not cell and element.tag in STRUCK:
                self._told["struck-text"] += _has_words(element)
                walk.skip_subtree()
            elif element is not cell and sight.is_unseen(element):
                self._told["hidden-text"] += any(char.isdigit() for char in _said(element))
                walk.skip_subtree()
            elif sight.is_raised(element) and is_mark(_said(element), "".join(words)):
                self._told["raised-marks"] += 1
                walk.skip_subtree()
            else:
                words.append(apart + _opening(element, sight))
        return _BLANKS.sub(" ", "".join(words)).strip(" \u00a0\u3000\u200b\ufeff")

    def _outside(
        self, table: _Element, cells: set[_Element], sight: Sight
    ) -> Iterator[tuple[str, int | None]]:
        """Captions and words astray between cells, which browsers show above the table."""
        walk = etree.iterwalk(table, events=("start",))
        for _, element in walk:
            if not isinstance(element.tag, str):
                found = [element.tail]
            elif element is not table and (element in cells or sight.is_unseen(element)):
                hidden = element not in cells and element.tag not in (*_SILENT, *STRUCK)
                if hidden and any(char.isdigit() for char in _said(element)):
                    self._told["hidden-text"] += 1
                walk.skip_subtree()
                found = [element.tail]
            else:
                found = [element.text, None if element is table else element.tail]
            for text in found:
                said = _BLANKS.sub(" ", text or "").strip(" ")
                if said:
                    yield said, _line(element)


def _is_inline(element: _Element) -> bool:
    """Whether an element stands in a line of text; so do those of office programs (`o:p`)."""
    return element.tag in _INLINE or ":" in str(element.tag)


def _opening(element: _Element, sight: Sight) -> str:
    """What an element's start contributes."""
    return (" " if _is_apart(element, sight) else "") + (element.text or "")


def _closing(element: _Element, sight: Sight) -> str:
    return (" " if _is_apart(element, sight) else "") + (element.tail or "")


def _is_apart(element: _Element, sight: Sight) -> bool:
    """Whether an element stands above or below the line: it is no part of the word before."""
    return element.tag == "sub" or sight.is_raised(element)


def _said(element: _Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _has_figures(element: _Element) -> bool:
    """Whether a hidden element is, or holds, a table with figures: menus are no loss."""
    tables = [element] if element.tag == "table" else element.iter("table")
    return any(char.isdigit() for table in tables for char in _said(table))


def _has_words(element: _Element) -> bool:
    return any(str(text).strip() for text in element.itertext())


def _line(element: _Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None
