"""A web page's elements in, the words that each contributes out, and those of a table's cells.

What is left out of a cell is counted by the code of its notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping

from lxml import etree

from auditor.model.source import UNREAD
from auditor.readers.marks import ALONE, is_mark, may_be_mark
from auditor.readers.sight import STRUCK, Sight

Element = etree._Element

BLANKS = re.compile(r"[ \t\n\r\f]+")
SILENT = ("script", "style", "noscript", "template", "head")
"""What nobody sees on any page, so that nobody is told."""
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q rb ruby "
        "samp small span strong sub sup time tt u var wbr input select textarea output button "
        "img del s strike",
    )
)
_DIGITS = re.compile(r"\d[\d.,]*")
_SEAM = "\0"
"""Between two parts of a figure; pages are read without this character."""
_SEWN = re.compile(rf"(?<![\d.,])[\d.,]*+(?:{_SEAM}[\d.,]*+)++")


_BREAK = "\x1d"
"""Between two lines of a cell; pages are read without this character too."""
_EDGES = " \u00a0\u3000"
_UNSEEN = dict.fromkeys((0x01, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
"""Signs that say where a line may end, or nothing: editors leave them within figures."""
_KEPT = str.maketrans("\n\t ", "\x0b\x1e\x1f")
_AS_WRITTEN = str.maketrans("\x0b\x1e\x1f", "\n\t ")
"""Blanks that show as they are written, while all others are drawn together."""


class Line:
    """The words of a line as they come, each with what decides on whether it shows."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._owner = ""
        self._is_written = False

    def add(self, words: str, owner: str, as_written: bool = False) -> None:
        """Words on the line; `owner` is their class where the sheet that shows it is not here, and
        `as_written` whether their blanks and breaks show."""
        if words:
            if as_written:
                self._is_written = True
                words = words.replace("\r\n", "\n").translate(_KEPT)
            if owner != self._owner and self._pieces and _touch(self._pieces[-1], words):
                self._pieces.append(_SEAM)
            self._pieces.append(words)
            self._owner = owner

    def __str__(self) -> str:
        return "".join(self._pieces)

    def close(self) -> tuple[str, int]:
        """The line, or the lines where it shows as it was written, and how many figures in it were
        left unread: part of each may be hidden."""
        text, count = str(self), 0
        self._pieces.clear()
        if _SEAM in text:
            text, count = _SEWN.subn(UNREAD, text)
        text = BLANKS.sub(" ", text).translate(_UNSEEN)
        if self._is_written:
            text = text.translate(_AS_WRITTEN)
            self._is_written = False
        return text, count


def _touch(before: str, after: str) -> bool:
    signs = "0123456789.,"
    return before[-1] in signs and after[0] in signs and (before[-1] + after[0]).strip(".,") != ""


class CellWords:
    """Reads the cells of one page; `told` counts what is left out."""

    def __init__(self, sight: Sight, told: MutableMapping[str, int]) -> None:
        self._sight = sight
        self._told = told

    def lines(self, cell: Element) -> list[str]:
        """The words of a cell, line by line; none where there are none."""
        lines = (line.strip(_EDGES) for line in self._text(cell).split(_BREAK))
        return [line for line in lines if line]

    def _text(self, cell: Element) -> str:
        sight = self._sight
        if sight.is_invisible(cell):
            self._told["hidden-text"] += has_digits(cell)
            return ""
        self._told["hidden-text"] += has_digits(cell) and not sight.has_size(cell)
        if has_digits(cell) and any(map(sight.may_be_hidden, _cell_and_row(cell))):
            return self._doubted(cell)
        line, alone = Line(), ""
        walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event in ("comment", "pi") or not isinstance(element.tag, str):
                within = element.getparent()
                line.add((element.tail or "") * sight.has_size(within), sight.owner(within))
                continue
            apart = "" if is_inline(element) else _BREAK
            if event == "end":
                if element is not cell:
                    owner = sight.owner(element.getparent())
                    line.add(apart + closing(element, sight), owner)
            elif element is not cell and element.tag in STRUCK:
                self._told["struck-text"] += has_words(element)
                walk.skip_subtree()
            elif element is not cell and sight.is_unseen(element):
                self._told["hidden-text"] += has_digits(element)
                walk.skip_subtree()
            elif sight.is_raised(element) and is_mark(said(element), str(line)):
                self._told["raised-marks"] += 1
                walk.skip_subtree()
            elif sight.is_raised(element) and may_be_mark(said(element)):
                alone = said(element).strip()
                line.add(f" {alone} ", sight.owner(element))
                walk.skip_subtree()
            elif sight.may_be_hidden(element) and has_digits(element):
                line.add(apart + self._doubted(element), "")
                walk.skip_subtree()
            else:
                line.add(apart + opening(element, sight), sight.owner(element))
        text, torn = line.close()
        self._told["sheet-missing"] += torn
        return ALONE + alone if alone and text.strip(_EDGES + _BREAK) == alone else text

    def outside(self, table: Element, cells: set[Element]) -> Iterator[tuple[str, int | None]]:
        """Captions and words astray between cells, which browsers show above the table."""
        walk = etree.iterwalk(table, events=("start",))
        for _, element in walk:
            if not isinstance(element.tag, str):
                found = [element.tail]
            elif element is not table and (element in cells or self._sight.is_unseen(element)):
                hidden = element not in cells and element.tag not in (*SILENT, *STRUCK)
                self._told["hidden-text"] += hidden and has_digits(element)
                walk.skip_subtree()
                found = [element.tail]
            else:
                found = [element.text, None if element is table else element.tail]
                if not self._sight.has_size(element):
                    found[0] = None
            for text in found:
                words = BLANKS.sub(" ", text or "").strip(" ")
                if words:
                    yield words, line_of(element)

    def _doubted(self, element: Element) -> str:
        self._told["sheet-missing"] += 1
        return BLANKS.sub(" ", doubted(element)).strip()


def _cell_and_row(cell: Element) -> Iterator[Element]:
    """The cell, its row, and the group of rows in which that stands."""
    yield cell
    row = cell.getparent()
    group = row.getparent() if row is not None and row.tag == "tr" else None
    yield from (each for each in (row, group) if each is not None and each.tag != "table")


def is_inline(element: Element) -> bool:
    """Whether an element stands in a line of text; so do those of office programs (`o:p`)."""
    return element.tag in _INLINE or ":" in str(element.tag)


def opening(element: Element, sight: Sight) -> str:
    """What an element's start contributes."""
    words = (element.text or "") if sight.has_size(element) else ""
    return (" " if _is_apart(element, sight) else "") + words


def closing(element: Element, sight: Sight) -> str:
    """What stands behind an element."""
    words = (element.tail or "") if sight.has_size(element.getparent()) else ""
    return (" " if _is_apart(element, sight) else "") + words


def _is_apart(element: Element, sight: Sight) -> bool:
    """Whether an element stands above or below the line: it is no part of the word before."""
    return element.tag == "sub" or sight.is_raised(element)


def said(element: Element) -> str:
    """All the words in an element."""
    return "".join(str(text) for text in element.itertext())


def doubted(element: Element) -> str:
    """The words in an element of which nobody can tell whether they show: no figure is one."""
    return _DIGITS.sub(UNREAD, said(element))


def has_digits(element: Element) -> bool:
    """Whether a figure may stand in an element."""
    return any(char.isdigit() for char in said(element))


def has_words(element: Element) -> bool:
    """Whether anything stands in an element."""
    return any(str(text).strip() for text in element.itertext())


def has_figures(element: Element) -> bool:
    """Whether a hidden element is, or holds, a table with figures: menus are no loss."""
    tables = [element] if element.tag == "table" else element.iter("table")
    return any(has_digits(table) for table in tables)


def line_of(element: Element) -> int | None:
    """The line of the page on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None
