"""A web page in, paragraphs and ruled grids out, as a reader sees them.

Scripts, hidden elements and struck-out words are no text. A table that only arranges others, or a
whole article in one cell, is layout: what stands in it is read as if the table were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.decoding import decode
from auditor.readers.ruling import Ruler, Spanned, too_large

MAX_BYTES = 20_000_000
"""A saved page is some hundreds of kilobytes; pictures in it may make it megabytes."""

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([-\w]{3,20})""", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none\b|(?:^|;)\s*mso-hide\s*:\s*all\b", re.I)
_INVISIBLE = re.compile(r"(?:^|;)\s*visibility\s*:\s*(?:hidden|collapse)\b", re.I)
_TRADITIONAL = frozenset({"big5", "big5-hkscs", "cp950"})
_DROPPED = frozenset(
    re.findall(
        r"\w+",
        "head title script style template noscript iframe object svg math audio video canvas "
        "datalist select",
    )
)
_STRUCK = frozenset({"del", "s", "strike"})
_RAISED = frozenset({"sup", "sub"})
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q rb ruby "
        "samp small span strong sub sup time tt u var wbr input button img del s strike",
    )
)
_LONGEST_CELL = 1_500
"""A cell with more characters than this holds an article, no figure and no label."""

_Element = etree._Element


def read_html(document: Document) -> Extract:
    """What a person sees on the page. Raises `InputError`: empty, too large or no text."""
    if len(document.content) > MAX_BYTES:
        raise too_large(document.name, f"it has more than {MAX_BYTES:,} bytes")
    text, notices = decode(document, _declared(document.content))
    return extract_page(text, document.name, notices)


def extract_page(text: str, name: str, notices: Sequence[Notice] = ()) -> Extract:
    """As `read_html`, for a page that is decoded already."""
    root = _parse(text, name)
    page = _Page(name) if root is not None else None
    if root is None or page is None:
        raise _empty(name)
    page.read(root)
    if not page.blocks:
        raise _empty(name)
    struck = [Notice("struck-text", (("count", str(page.struck)),))] if page.struck else []
    return Extract(tuple(page.blocks), (*notices, *struck))


def _declared(content: bytes) -> str:
    """The declared encoding where the bytes alone could not tell it."""
    found = _DECLARED.search(content[:4096])
    name = found[1].decode("ascii", "replace").lower() if found else ""
    return name if name in _TRADITIONAL else ""


def _parse(text: str, name: str) -> _Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    content = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # nothing in it that is an element or text
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise too_large(name, "its elements are nested too deeply")
    return root


def _empty(name: str) -> InputError:
    return InputError("empty", "the page has no text in it", place=name, hint="check the export")


class _Page:
    """The blocks found so far, and the paragraph that is being read."""

    def __init__(self, name: str) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.ruler = Ruler(name)
        self.struck = 0
        self._words: list[str] = []
        self._line: int | None = None
        self._paragraphs = 0

    def read(self, root: _Element) -> None:
        """Everything under `root`, in reading order."""
        tables = _data_tables(root)
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start" and isinstance(element.tag, str):
                if self._skips(element):
                    walk.skip_subtree()
                elif element in tables:
                    self._close()
                    self._table(element)
                    walk.skip_subtree()
                else:
                    if element.tag not in _INLINE:
                        self._close()
                    self._add(_opening(element), element)
            elif event == "end" and isinstance(element.tag, str):
                if element.tag not in _INLINE and not _is_unseen(element):
                    self._close()
                self._add(_closing(element), element)
            else:  # comments and processing instructions
                self._add(element.tail or "", element)
        self._close()

    def _skips(self, element: _Element) -> bool:
        if element.tag in _STRUCK and _has_words(element):
            self.struck += 1
        return _is_unseen(element)

    def _add(self, words: str, element: _Element) -> None:
        if words:
            if self._line is None and words.strip():
                self._line = _line(element)
            self._words.append(words)

    def _close(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._words)).strip(" ")
        line, self._line = self._line, None
        self._words.clear()
        self._paragraph(text, line)

    def _paragraph(self, text: str, line: int | None) -> None:
        if text.strip():
            self._paragraphs += 1
            self.ruler.pass_by(text)
            origin = Origin(line=line, selector=f"paragraph {self._paragraphs}")
            self.blocks.append(Paragraph(text, origin))

    def _table(self, table: _Element) -> None:
        rows: list[list[Spanned]] = []
        row_of: dict[_Element, int] = {}
        for cell in _cells(table):
            row = cell.getparent()
            if row is None or _is_removed(row):
                continue
            if row not in row_of:
                row_of[row] = len(rows)
                rows.append([])
            text, struck = _cell_text(cell)
            self.struck += struck
            spanned = Spanned(text, _span(cell, "rowspan"), _span(cell, "colspan"), _line(cell))
            rows[row_of[row]].append(spanned)
        for text, line in _outside_cells(table):
            self._paragraph(text, line)
        self.blocks.append(self.ruler.grid(rows, _line(table)))


def _opening(element: _Element) -> str:
    """What an element's start contributes."""
    raised = " " if element.tag in _RAISED else ""
    if element.tag == "input" and element.get("type", "text").lower() in ("text", "number"):
        return element.get("value", "")
    return raised + (element.text or "")


def _closing(element: _Element) -> str:
    return (" " if element.tag in _RAISED else "") + (element.tail or "")


def _is_removed(element: _Element) -> bool:
    """Whether an element takes no place on the page."""
    style = element.get("style")
    hidden = style is not None and _HIDDEN.search(style) is not None
    return hidden or (element.get("hidden") is not None) or element.tag in _DROPPED


def _is_unseen(element: _Element) -> bool:
    style = element.get("style")
    invisible = style is not None and _INVISIBLE.search(style) is not None
    return invisible or _is_removed(element) or element.tag in _STRUCK


def _data_tables(root: _Element) -> set[_Element]:
    """The tables that hold data: not those that hold tables, nor those with an article in a cell.

    A table of one cell counts as a box round text, inside another table as out of it.
    """
    data: set[_Element] = set()
    layout: set[_Element] = set()
    for table in reversed(list(root.iter("table"))):  # inner tables first
        if table in layout:
            continue
        cells = list(_cells(table))
        if len(cells) < 2 or any(_is_article(cell) for cell in cells):
            continue
        data.add(table)
        for outer in table.iterancestors("table"):
            if outer in layout:
                break
            layout.add(outer)
    return data


def _is_article(cell: _Element) -> bool:
    length = 0
    for text in cell.itertext():
        length += len(str(text).strip())
        if length > _LONGEST_CELL:
            return True
    return False


def _has_words(element: _Element) -> bool:
    return any(str(text).strip() for text in element.itertext())


def _line(element: _Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _cells(table: _Element) -> Iterator[_Element]:
    """The cells of a table itself, not of tables in it; footers last, as they are shown."""
    footers: list[_Element] = []
    walk = etree.iterwalk(table, events=("start",))
    for _, element in walk:
        if element is table:
            continue
        if element.tag in ("td", "th"):
            if not _is_removed(element):
                inside_footer = any(up.tag == "tfoot" for up in element.iterancestors("tfoot"))
                if inside_footer and table in element.iterancestors("table"):
                    footers.append(element)
                else:
                    yield element
            walk.skip_subtree()
        elif element.tag == "table" or (isinstance(element.tag, str) and _is_removed(element)):
            walk.skip_subtree()
    yield from footers


def _cell_text(cell: _Element) -> tuple[str, int]:
    """The words of a cell on one line, and how many pieces of it are struck out."""
    if _INVISIBLE.search(cell.get("style") or ""):
        return "", 0
    words: list[str] = []
    struck = 0
    walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi") or not isinstance(element.tag, str):
            words.append(element.tail or "")
            continue
        apart = "" if element.tag in _INLINE else " "
        if event == "start":
            if element is not cell and _is_unseen(element):
                struck += element.tag in _STRUCK and _has_words(element)
                walk.skip_subtree()
            else:
                words.append(apart + _opening(element))
        elif element is not cell:
            words.append(apart + _closing(element))
    return _BLANKS.sub(" ", "".join(words)).strip(" \u00a0\u3000\u200b\ufeff"), struck


def _outside_cells(table: _Element) -> Iterator[tuple[str, int | None]]:
    """Captions and words astray between cells, which browsers show above the table."""
    walk = etree.iterwalk(table, events=("start",))
    for _, element in walk:
        if not isinstance(element.tag, str):
            found = [element.tail]
        elif element.tag in ("td", "th") or (element is not table and _is_unseen(element)):
            walk.skip_subtree()
            found = [element.tail]
        else:
            found = [element.text, None if element is table else element.tail]
        for text in found:
            said = _BLANKS.sub(" ", text or "").strip(" ")
            if said:
                yield said, _line(element)


def _span(cell: _Element, name: str) -> int:
    """A span as browsers read it: leading digits; 0 rows reach to the last row."""
    found = re.match(r"\s*\+?(\d{1,9})", cell.get(name) or "")
    if not found:
        return 1
    return int(found[1])
