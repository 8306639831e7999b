"""A web page, alone or saved with its parts, in; paragraphs and ruled grids, as seen, out.

Scripts, hidden elements and struck-out words are not text, nor are marks of notes; what stands in a
form's fields is. A table that only arranges others, or a whole article in one cell, is layout: what
stands in it is read as if the table were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from lxml import etree
from msgspec.structs import replace

from auditor.errors import InputError
from auditor.model.source import UNREAD, Document, Extract, Notice, Paragraph
from auditor.readers.css import ComputedStyles, Look, TextStyle
from auditor.readers.grid import ExtractBuilder, SpannedCell, may_be_mark
from auditor.readers.htmltables import Layout, tables_of
from auditor.readers.limits import DEFAULT, Limits, bound_markup
from auditor.readers.stylesheets import Element, StyleSheets, StyleText, joined
from auditor.readers.text import blocks_of_lines, decode
from auditor.refusals import refusal

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([-\w]{3,20})""", re.IGNORECASE)
_TRADITIONAL = frozenset({"big5", "big5-hkscs", "cp950"})
_STRAY_TAGS = re.compile(r"</(?:body|html)[ \t\r\n\f]*>|</?wbr[ \t\r\n\f]*/?>", re.IGNORECASE)
"""Browsers go on after an end; libxml2 drops what follows, such as a page included in a page. What
follows a place to break a word, libxml2 takes for its content."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_PAGES = 50
"""Of frames in one file that are read; an article stands in one of the first."""
_CONTAINER = re.compile(
    rb"^content-type\s*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE
)
_HEADER = re.compile(rb"^content-[\w-]+:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 20_000
"""Bytes; taking one apart costs the square of them. Addresses of portals have some hundreds."""
_MAX_CONTAINERS = 50
"""Parts that hold parts. Browsers write one or two; each line costs as much as they are deep."""
_MAX_FRAMES = 3
"""Frames in frames."""
_NEVER_SHOWN = ("script", "style", "noscript", "template", "head")
"""What is seen on no page, so that leaving it out is no notice."""
_WITHOUT_VALUE = frozenset(
    re.findall(
        r"\w+",
        "hidden password checkbox radio file range color submit image reset button",
    )
)
"""Kinds of input whose value is not seen, or is the word on a button."""
_PICTURES = ("img", "svg", "canvas", "object", "iframe")
_SCRIPT_FIGURE = re.compile(r"data-(?:to|end|value|val|count|num|number|target|final|total)")
"""Attributes with the figure that a script shows in an element later."""
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_DIGITS = re.compile(r"\d[\d.,]*")
_SPLIT = "\0"
"""Between two parts of a figure; pages are read without this character."""
_SPLIT_FIGURE = re.compile(rf"(?<![\d.,])[\d.,]*+(?:{_SPLIT}[\d.,]*+)++")
_BREAK = "\x1d"
"""Between two lines of a cell; pages are read without this character too."""
_EDGES = " \u00a0\u3000"
_TURNS_ROUND = "\u202e"
"""Before words that show from right to left: `12` as 21."""
_INVISIBLE = re.compile("[\x01\xad\u200b-\u200d\u2060\ufeff]+")
"""Signs that say where a line may end, or nothing: editors leave them within figures."""
_PRESERVED = str.maketrans("\n\t ", "\x0b\x1e\x1f")
_RESTORED = str.maketrans("\x0b\x1e\x1f", "\n\t ")
"""Blanks that show as they are written, while all others are drawn together."""


def read_html(
    document: Document,
    limits: Limits = DEFAULT,
    sheets: StyleSheets | None = None,
    address: str = "",
) -> Extract:
    """What a person sees on the page. Raises `InputError`: empty, too large or no text.

    `sheets` are those that came with it, `address` is where it stood.
    """
    if len(document.content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", document.name)
    text, notices = decode(document, _declared(document.content))
    root = _parse(text, document.name)
    page = _Page(document.name, limits, sheets or StyleSheets(), address)
    if root is not None:
        page.read(root)
        if not page.builder.blocks and page.has_sheets:  # that hide all of it until a script runs
            page = _Page(document.name, limits, None)
            page.read(root)
    if not page.builder.blocks:
        raise refusal("empty/page", document.name)
    extract = page.extract()
    return replace(extract, notices=(*notices, *extract.notices))


def read_mhtml(document: Document, limits: Limits = DEFAULT) -> Extract:
    """As `read_html`, for a page saved with its pictures in one file (MHTML). Raises `InputError`
    also when there is none.

    Portals show an article in a frame; the pages in frames are read after the page itself. Style
    sheets are parts of the file too, and hide what they hide on the page.
    """
    content, name = document.content, document.name
    if len(content) > limits.page_bytes:
        raise limits.exceeded("page_bytes", name)
    if len(_CONTAINER.findall(content)) > _MAX_CONTAINERS:
        raise refusal("too-large/containers", name, most=_MAX_CONTAINERS)
    if any(len(header[0]) > _MAX_HEADER for header in _HEADER.finditer(content)):
        raise refusal("too-large/header", name, most=_MAX_HEADER)
    read: list[Extract] = []
    empty: InputError | None = None
    parts = list(message_from_bytes(content).walk())
    sheets = StyleSheets(
        {
            address: (_content(part) or b"").decode("utf-8", "replace")
            for part in parts
            if part.get_content_type() == "text/css"
            for address in _addresses(part)
        }
    )
    for part in parts:
        page = _content(part) if part.get_content_type() == "text/html" else None
        if page is None or len(read) > _MAX_PAGES:
            continue
        try:
            address = next(_addresses(part), "")
            read.append(read_html(Document(name, page, "text/html"), limits, sheets, address))
        except InputError as error:  # a page of frames has no words of its own
            if error.code != "empty":
                raise
            empty = error
    if not read:
        raise empty or refusal("damaged/no-page", name)
    notices = dict.fromkeys(notice for each in read for notice in each.notices)
    return Extract(tuple(block for each in read for block in each.blocks), tuple(notices))


def _content(part: Message) -> bytes | None:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else None


def _addresses(part: Message) -> Iterator[str]:
    """What a part is called in links: where it stood, and its number in the file."""
    location = str(part.get("Content-Location") or "").strip()
    if location:
        yield joined("", "".join(location.split()))
    number = str(part.get("Content-ID") or "").strip().strip("<>")
    if number:
        yield f"cid:{number}"


def _declared(content: bytes) -> str:
    """The declared encoding where the bytes alone could not tell it."""
    found = _DECLARED.search(content[:4096])
    name = found[1].decode("ascii", "replace").lower() if found else ""
    return name if name in _TRADITIONAL else ""


def _parse(text: str, name: str) -> Element | None:
    content = _STRAY_TAGS.sub("", text.replace("\x00", "")).encode("utf-8", "replace")
    bound_markup(content, name)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # nothing in it that is an element or text
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise refusal("too-large/nesting", name)
    return root


class _LineBuffer:
    """The words of a line as they come, each with what decides on whether it shows."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._hiding_class = ""
        self._is_written = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on the line."""
        return not self._pieces

    def add(self, words: str, hiding_class: str, as_written: bool = False) -> None:
        """Words on the line; `hiding_class` is their class where the sheet that shows it is not
        here, and `as_written` whether their blanks and breaks show."""
        if as_written:
            self._is_written = True
            words = words.replace("\r\n", "\n").translate(_PRESERVED)
        is_same = hiding_class == self._hiding_class or not self._pieces
        if not is_same and _splits_figure(self._pieces[-1], words):
            self._pieces.append(_SPLIT)
        self._pieces.append(words)
        self._hiding_class = hiding_class

    def __str__(self) -> str:
        return "".join(self._pieces)

    def close(self) -> tuple[str, int]:
        """The line, or the lines where it shows as it was written, and how many figures in it were
        left unread: part of each may be hidden."""
        text, count = str(self), 0
        self._pieces.clear()
        if _SPLIT in text:
            text, count = _SPLIT_FIGURE.subn(UNREAD, text)
        text = _INVISIBLE.sub("", _BLANKS.sub(" ", text))
        if self._is_written:
            text = text.translate(_RESTORED)
            self._is_written = False
        return text, count


def _splits_figure(before: str, after: str) -> bool:
    signs = "0123456789.,"
    return before[-1] in signs and after[0] in signs and (before[-1] + after[0]).strip(".,") != ""


class _Page:
    """The blocks found so far, and the paragraph or the cell that is being read."""

    def __init__(
        self, name: str, limits: Limits, sheets: StyleSheets | None, address: str = ""
    ) -> None:
        left_out = (
            *("struck-text", "hidden-text", "raised-marks", "sheet-missing", "clear-text"),
            *("script-figures", "generated-text", "picture-cells"),
        )
        self.builder = ExtractBuilder(name, limits, left_out)
        self.has_sheets = False
        self._sheets = sheets
        self._address = address
        self._frames = 0
        """Those around what is being read."""
        self._missing: tuple[str, ...] = ()
        """Names of sheets that are linked and not here."""
        self._omitted = self.builder.omitted
        self._style_doubt = False
        self._words = _LineBuffer()
        self._clear_table: Element | None = None
        """What hides all of the table that is being read, until a script shows it."""
        self._cell: Element | None = None
        """The cell that is being read; None for a paragraph."""
        self._chosen_options: list[str] = []
        """Those of the words that were chosen from a list."""
        self._line: int | None = None

    def extract(self) -> Extract:
        """What was read, once all of the page is."""
        extract = self.builder.extract([Notice("style-doubt")] if self._style_doubt else [])
        sheets = ("sheets", ", ".join(self._missing[:3]))
        notices = (
            replace(each, details=(*each.details, sheets)) if each.code == "sheet-missing" else each
            for each in extract.notices
        )
        return replace(extract, notices=tuple(notices))

    def read(self, root: Element) -> None:
        """Everything under `root`, in reading order."""
        self.builder.expect(sum(1 for _ in root.iter("td", "th")))
        _show_field_values(root)
        sheets = self._sheets.of(root, self._address) if self._sheets else StyleText()
        self._styles = ComputedStyles(root, sheets)
        self.has_sheets = self.has_sheets or self._styles.has_sheets
        self._style_doubt = self._style_doubt or not self._styles.is_complete
        self._missing += sheets.missing
        self._tables = tables_of(root, self._styles)
        self._parts = {part for layout in self._tables.values() for part in layout.parts}
        self._cells: set[Element] = set()
        """Those of the table around which words are being read."""
        if not self._styles.is_unseen(root):
            self._walk(root)
        self._close()

    def _walk(self, root: Element) -> None:
        """Reads what is shown in an element, the paragraphs of a page or the words of a cell."""
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        looks, is_cell = self._styles.looks, self._cell is not None
        for event, element in walk:
            if event == "start":
                look = looks[element]
                if element is not root:
                    is_plain = look.is_plain and (is_cell or self._is_read_here(element))
                    if not is_plain and self._is_left_out(element):
                        walk.skip_subtree()
                        continue
                    if not look.is_inline:
                        self._break()
                if not look.is_plain:
                    self._begin(element, look)
                elif element.text:
                    self._add(element.text, element, element)
            elif event == "end":
                if element is not root:
                    self._end(element, looks[element])
            else:  # comments and processing instructions
                self._add(element.tail, element, element.getparent())

    def _is_read_here(self, element: Element) -> bool:
        """Whether an element is no part of a table, and nothing hides its words."""
        is_apart = element in self._cells or element in self._parts or element in self._tables
        return not is_apart and not self._styles.text_doubt(element, None)

    def _is_left_out(self, element: Element) -> bool:
        """Whether an element is not read, or not with the words around it; it may be read now."""
        return (
            element in self._cells
            or self._is_skipped(element)
            or (self._cell is None and self._is_read_separately(element))
            or self._is_unread(element)
        )

    def _begin(self, element: Element, look: Look) -> None:
        """Adds the words with which an element begins that is more than words."""
        if self._cell is None and element.tag == "select":
            self._chosen_options.append(element.text or "")
        if self._cell is not None and self._styles.generates_digits(element):
            self._omitted["generated-text"] += 1
            self._words.add(UNREAD, "")
        if element.tag == "bdo" and (element.get("dir") or "").lower() == "rtl":
            self._words.add(_TURNS_ROUND, "")
        self._add(element.text, element, element, look.is_off_baseline)

    def _end(self, element: Element, look: Look) -> None:
        if not look.is_inline and (self._cell is not None or not self._styles.is_unseen(element)):
            self._break(element.tag in _HEADINGS)
        if element.tail or look.is_off_baseline:
            self._add(element.tail, element, element.getparent(), look.is_off_baseline)

    def _is_skipped(self, element: Element) -> bool:
        """Whether an element is not to be read with the words around it, or is read already."""
        styles, cell = self._styles, self._cell
        if element.tag == "iframe" and cell is None:
            return False
        if styles.looks[element].is_struck:
            self._omitted["struck-text"] += any(text.strip() for text in _texts(element))
        elif styles.is_unseen(element):
            if element.tag not in _NEVER_SHOWN:
                holds = _has_digits if cell is not None or self._cells else _has_table_with_digits
                self._omitted["hidden-text"] += holds(element)
        elif styles.is_raised(element) and may_be_mark(_text_of(element)):
            before = str(self._words)
            if cell is None and not before.strip():
                return False
            if words := self.builder.raised(_text_of(element), before):
                self._words.add(words, styles.hiding_class(element))
        else:
            return False
        return True

    def _is_read_separately(self, element: Element) -> bool:
        """Whether an element of a page is a frame or part of a table, which are read by now."""
        if element.tag == "iframe":
            frame = element.get("srcdoc") if self._frames < _MAX_FRAMES else None
            root = _parse(frame, self.builder.name) if frame else None
            if root is not None:
                self._close()
                around = self._styles, self._tables, self._parts, self._cells
                self._frames += 1
                self.read(root)
                self._frames -= 1
                self._styles, self._tables, self._parts, self._cells = around
            return True
        if element in self._tables and not self._cells:
            self._close()
            self._table(element, self._tables[element])
        return element in self._parts

    def _is_unread(self, element: Element) -> bool:
        """Whether an element may be hidden, and its figures are unread for it. On a page one with
        blocks in it is only counted."""
        doubt = self._styles.class_doubt(element) or _script_doubt(element)
        if self._cell is None:
            parent = element.getparent()
            around = None if parent is None else self._styles.texts[parent].clear
            doubt = doubt or self._styles.text_doubt(element, around)
        if not doubt or not _has_digits(element):
            return False
        if not self._cells.isdisjoint(element.iterdescendants()):  # its cells are asked themselves
            return False
        self._omitted[doubt] += 1
        if self._cell is None and not all(
            self._styles.looks[each].is_inline for each in element.iterdescendants("*")
        ):
            return False
        if not self._styles.looks[element].is_inline:
            self._break()
        self._add(_DIGITS.sub(UNREAD, _text_of(element)), element, None)
        return True

    def _add(
        self,
        words: str | None,
        element: Element,
        within: Element | None,
        is_off_baseline: bool = False,
    ) -> None:
        """Words that begin or follow an element, and stand within one that shows them."""
        if not (words or is_off_baseline):
            return
        words = words or ""
        preserves_blanks = False
        if within is not None:
            style = self._styles.texts[within]
            preserves_blanks = self._cell is None and style.preserves_blanks
            if not style.is_plain:
                words = self._seen(words, within, style)
        if is_off_baseline:
            words = f" {words}"
        if words:
            if self._line is None and self._cell is None and words.strip():
                self._line = _line_of(element)
            styles = self._styles
            hiding_class = styles.hiding_class(within) if styles.lacks_sheets else ""
            self._words.add(words, hiding_class, preserves_blanks)

    def _seen(self, words: str, within: Element, style: TextStyle) -> str:
        """Of words that may not be seen, what is read: nothing of those that are not drawn, and in
        a cell no figures that are in doubt."""
        is_told = self._cell is not None and _has_digit(words)
        if not style.is_drawn:
            self._omitted["hidden-text"] += is_told
            return ""
        doubt = self._styles.text_doubt(within, self._clear_table) if is_told else ""
        if not doubt:
            return words
        self._omitted[doubt] += 1
        return _DIGITS.sub(UNREAD, words)

    def _break(self, is_heading: bool = False) -> None:
        """Ends the line."""
        if self._cell is None:
            self._close(is_heading)
        else:
            self._words.add(_BREAK, "")

    def _close(self, is_heading: bool = False) -> None:
        """Ends the paragraph that is being read."""
        if self._words.is_empty and not self._chosen_options:
            return
        text, unread_count = self._words.close()
        self._omitted["sheet-missing"] += unread_count
        line, self._line = self._line, None
        is_menu = text.split() == " ".join(self._chosen_options).split()
        self._chosen_options.clear()
        if is_menu:  # or nothing at all
            text = ""
        if "\n" in text or "\t" in text:
            self._lines(text, line or 1)
        else:
            self.builder.paragraph(text.strip(" "), line, is_heading)

    def _lines(self, text: str, first: int) -> None:
        """Lines that show as they were written, as those of a text file; `first` is the page's line
        on which they begin."""
        for block in blocks_of_lines(text, first):
            if isinstance(block, Paragraph):
                self.builder.paragraph(block.text, block.origin.line)
            else:
                rows = [
                    [SpannedCell((cell.text.strip(),), line=cell.origin.line) for cell in row]
                    for row in block.rows
                ]
                self.builder.table(rows, block.origin.line, is_ruled=False)

    def _table(self, first: Element, table: Layout) -> None:
        self._cells = {cell.element for row in table.rows for cell in row}
        for part in table.parts:  # captions and words between cells show above the table
            self._walk(part)
            self._close()
        self._cells = set()
        around = first.getparent()
        self._clear_table = self._styles.texts[first if around is None else around].clear
        rows = [
            [
                SpannedCell(
                    tuple(self._cell_lines(cell.element)),
                    cell.rowspan,
                    cell.colspan,
                    _line_of(cell.element),
                    cell.before,
                )
                for cell in row
            ]
            for row in table.rows
        ]
        self.builder.table(rows, _line_of(first), table.is_ruled)

    def _cell_lines(self, cell: Element) -> list[str]:
        """The words of a cell, line by line."""
        styles = self._styles
        look, doubt = styles.looks[cell], ""
        if styles.lacks_sheets:
            doubt = next(filter(None, map(styles.class_doubt, _cell_and_row(cell))), "")
        if not look.is_plain:
            doubt = doubt or _script_doubt(cell)
        if doubt and _has_digits(cell):
            self._omitted[doubt] += 1
            text = _BLANKS.sub(" ", _DIGITS.sub(UNREAD, _text_of(cell)))
        else:
            self._cell = cell
            if len(cell) or not look.is_plain:
                self._walk(cell)
            else:  # most hold nothing but words
                self._add(cell.text, cell, cell)
            self._cell = None
            text, unread_count = self._words.close()
            self._omitted["sheet-missing"] += unread_count
            if not text.strip(_EDGES + _BREAK) and any(map(_is_picture, cell.iter(*_PICTURES))):
                self._omitted["picture-cells"] += 1
                return [UNREAD]
        return self.builder.cell_lines(line.strip(_EDGES) for line in text.split(_BREAK))


def _show_field_values(root: Element) -> None:
    """Makes the text of each form field under `root` what is seen in it. Content systems print
    figures in fields: what is typed in one and what is chosen in one is text as any other."""
    for field in list(root.iter("input", "select", "textarea")):
        if field.tag == "input":
            kind = (field.get("type") or "").strip().lower()
            value = "" if kind in _WITHOUT_VALUE else field.get("value") or ""
        elif field.tag == "select":
            value = " ".join(
                each.get("label") or _text_of(each).strip() for each in _chosen_options(field)
            )
        else:
            value = _text_of(field).strip()
        for child in list(field):
            field.remove(child)
        field.text = value


def _chosen_options(field: Element) -> list[Element]:
    """The options shown as chosen: of a closed list the last choice made, or else the first to
    make; an open one shows its choices one below the other, made or not."""
    options = list(field.iter("option"))
    selected = [each for each in options if each.get("selected") is not None]
    size = (field.get("size") or "").strip()
    if field.get("multiple") is not None or (size.isdecimal() and size not in ("0", "1")):
        return selected
    return selected[-1:] or [each for each in options if not _is_disabled(each)][:1]


def _is_disabled(option: Element) -> bool:
    group = option.getparent()
    is_off = group is not None and group.tag == "optgroup" and group.get("disabled") is not None
    return option.get("disabled") is not None or is_off


def _is_picture(element: Element) -> bool:
    """Whether a picture is more than a point that keeps a cell open."""
    return not any((element.get(name) or "") in ("0", "1", "2") for name in ("width", "height"))


def _script_doubt(element: Element) -> str:
    """Why the figure of an element may be a placeholder, as the code of a notice: an attribute that
    scripts count up to, or put in its place, says another one."""
    for name in map(str, element.keys()):
        if name.startswith("data-") and _SCRIPT_FIGURE.fullmatch(name):
            figure = (element.get(name) or "").replace(",", "").strip()
            shown = _text_of(element).replace(",", "").strip()
            if figure.isdecimal() and shown.isdecimal() and int(figure) != int(shown):
                return "script-figures"
    return ""


def _cell_and_row(cell: Element) -> list[Element]:
    """The cell, its row, and the group of rows in which that stands."""
    row = cell.getparent()
    group = row.getparent() if row is not None and row.tag == "tr" else None
    return [cell, *[each for each in (row, group) if each is not None and each.tag != "table"]]


def _texts(element: Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())


def _text_of(element: Element) -> str:
    """All the words in an element."""
    return "".join(_texts(element)) if len(element) else element.text or ""


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _has_digits(element: Element) -> bool:
    """Whether a figure may stand in an element."""
    return any(map(str.isdigit, _text_of(element)))


def _has_table_with_digits(element: Element) -> bool:
    """Whether a hidden element is, or holds, a table with figures: menus are no loss."""
    tables = [element] if element.tag == "table" else element.iter("table")
    return any(_has_digits(table) for table in tables)


def _line_of(element: Element) -> int | None:
    """The line of the page on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None
