"""A word processor's document in, paragraphs and ruled grids out, in the order of its body.

Only the body is read: headers, footers, footnotes and comments are no part of it. Text boxes are
read after the paragraph that they are anchored in. Pictures are not read, and large ones are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.errors import InputError
from auditor.model.source import UNREAD, Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.limits import DEFAULT, Limits, too_large
from auditor.readers.marks import ALONE, may_be_mark, without_marks
from auditor.readers.numbering import Numbering, W
from auditor.readers.package import Element, Package
from auditor.readers.ruling import Ruler, Spanned
from auditor.readers.sniff import media_type_of
from auditor.readers.stacked import unstacked
from auditor.readers.wordstyles import Styles
from auditor.readers.wordtext import GONE, MC, Prose, choice

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_CHUNKS = 20
"""Web pages inside a document, each read as a document of its own; portals put in one."""
_LONGEST_CELL = 1_500
"""A cell with more characters than this holds an article, no figure and no label."""


def read_docx(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The body of the document. Raises `InputError`: damaged, encrypted, too large or empty."""
    package = Package(document, limits)
    part, root = package.main("word/document.xml")
    targets = package.targets(part)
    parts = dict(targets.values())
    if sum(1 for _ in root.iter(f"{W}altChunk")) > _MOST_CHUNKS:
        raise too_large(document.name, f"it has more than {_MOST_CHUNKS} web pages in it")
    numbering, styles = (
        package.xml(parts[kind]) if kind in parts else None for kind in ("numbering", "styles")
    )
    body = root.find(f"{W}body")
    ruler = Ruler(document.name, limits)
    ruler.expect(sum(1 for _ in root.iter(f"{W}tc")))
    prose = Prose(Numbering(numbering, styles), Styles(styles))
    reader = _Body(package, targets, prose, ruler, limits)
    if body is not None:
        reader.read(body)
    if not reader.blocks:
        hint = "its pages are pictures: export them as text" if prose.pictures else "is it blank?"
        raise InputError("empty", "the document has no text in it", place=document.name, hint=hint)
    blocks, alone = without_marks(reader.blocks, prose.marks)
    prose.marks += alone
    return Extract(tuple(blocks), (*prose.notices, *reader.notices))


@dataclass(slots=True)
class _Cell:
    lines: list[str]
    colspan: int
    before: int = 0
    rowspan: int = 1


class _Body:
    """The blocks found so far, and what holds from one paragraph to the next."""

    def __init__(
        self,
        package: Package,
        targets: Mapping[str, tuple[str, str]],
        prose: Prose,
        ruler: Ruler,
        limits: Limits,
    ) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.notices: list[Notice] = []
        self._package = package
        self._targets = targets
        self._prose = prose
        self._ruler = ruler
        self._limits = limits
        self._paragraphs = 0

    def read(self, container: Element) -> None:
        """Every paragraph and table in a body, a cell of layout or a text box."""
        for block in _blocks(container):
            if block.tag == f"{W}p":
                boxes: list[Element] = []
                text = self._prose.text(block, boxes)
                self._ruler.under(text, self._prose.is_heading(block))
                for line in text.replace(ALONE, "").split("\n"):
                    self._paragraph(line)
                for box in boxes:
                    self.read(box)
            elif block.tag == f"{W}altChunk":
                page = self._chunk(block)
                self.blocks += page.blocks if page is not None else ()
            elif _is_layout(block):
                for cell in _within(block, f"{W}tc"):
                    self.read(cell)
            else:
                self._table(block)

    def _paragraph(self, text: str) -> None:
        if text.strip():
            self._paragraphs += 1
            self.blocks.append(Paragraph(text, Origin(selector=f"paragraph {self._paragraphs}")))

    def _chunk(self, element: Element) -> Extract | None:
        """A web page that stands in the document as it is, as portals export their articles."""
        from auditor.readers import read  # that page's reader, which few documents need

        part = self._targets.get(element.get(_ID, ""), ("", ""))[1]
        content = self._package.content(part)
        if content is None or media_type_of(content) not in ("text/html", "multipart/related"):
            self._leave(part)
            return None
        try:
            extract = read(Document(self._package.name, content), self._limits)
        except InputError as error:
            if error.code != "empty":
                raise
            return Extract(())
        self.notices += extract.notices
        return extract

    def _leave(self, part: str) -> None:
        self.notices.append(Notice("unread-part", (("part", part or "?"),)))

    def _chunk_in_cell(self, element: Element) -> str:
        """The words of such a page in a cell; unread where it holds more than a line or two."""
        page = self._chunk(element)
        if page is None:
            return UNREAD
        said = " ".join(block.text for block in page.blocks if isinstance(block, Paragraph))
        if len(said) > _LONGEST_CELL or any(isinstance(block, Grid) for block in page.blocks):
            self._leave(self._targets[element.get(_ID, "")][1])
            return UNREAD
        return said

    def _table(self, table: Element) -> None:
        rows: list[list[_Cell]] = []
        above: dict[int, _Cell] = {}
        for row in _within(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            if row.find(f"{W}trPr/{W}hidden") is not None:
                self._prose.hide()
                continue
            cells: list[_Cell] = []
            merged: dict[int, _Cell] = {}
            column = before = _value(row, "trPr/gridBefore", 0)
            for element in _within(row, f"{W}tc"):
                colspan = max(_value(element, "tcPr/gridSpan", 1), 1)
                lines = self._cell_lines(element)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                begun = above.get(column)
                if _continues(element) and cells:
                    cells[-1].colspan += colspan
                elif merge is not None and merge.get(f"{W}val") != "restart" and begun is not None:
                    begun.rowspan += 1
                    merged[column] = begun
                else:
                    cells.append(_Cell(lines, colspan, before))
                    if merge is not None:
                        merged[column] = cells[-1]
                column += colspan
                before = 0
            above = merged
            rows.append(cells)
        self.blocks.append(self._ruler.grid(unstacked([_spanned(cells) for cells in rows])))

    def _cell_text(self, cell: Element) -> str:
        return " ".join(self._cell_lines(cell))

    def _cell_lines(self, cell: Element) -> list[str]:
        """The words of a cell, line by line."""
        parts: list[str] = []
        for block in _blocks(cell):
            if block.tag == f"{W}p":
                boxes: list[Element] = []
                parts.append(self._prose.text(block, boxes))
                parts += [self._cell_text(box) for box in boxes]
            elif block.tag == f"{W}tbl":
                parts += [self._cell_text(inner) for inner in _within(block, f"{W}tc")]
            else:
                parts.append(self._chunk_in_cell(block))
        lines = (" ".join(line.split()) for part in parts for line in part.splitlines())
        found = [line for line in lines if line]
        is_alone = len(found) == 1 and found[0][0] == ALONE and may_be_mark(found[0][1:])
        return found if is_alone else [line.replace(ALONE, "") for line in found]


def _spanned(cells: list[_Cell]) -> list[Spanned]:
    return [
        Spanned(
            " ".join(cell.lines),
            cell.rowspan,
            cell.colspan,
            before=cell.before,
            lines=tuple(cell.lines) if len(cell.lines) > 1 else (),
        )
        for cell in cells
    ]


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables right inside, through wrappers that print nothing."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}altChunk"):
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from _blocks(choice(child))
        elif child.tag not in GONE:
            yield from _blocks(child)


def _within(container: Element, tag: str) -> Iterator[Element]:
    """Elements of a kind, through wrappers, not inside each other."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag not in GONE and child.tag != f"{W}tbl":
            yield from _within(child, tag)


def _continues(cell: Element) -> bool:
    """Whether a cell continues the one on its left, as old documents merge them."""
    merge = cell.find(f"{W}tcPr/{W}hMerge")
    return merge is not None and merge.get(f"{W}val") != "restart"


def _is_layout(table: Element) -> bool:
    """Whether a table only arranges text: it has one cell, an article in one, or tables inside."""
    cells = 0
    for row in _within(table, f"{W}tr"):
        for cell in _within(row, f"{W}tc"):
            cells += 1
            if sum(len(text.text or "") for text in cell.iter(f"{W}t")) > _LONGEST_CELL:
                return True
            if any(sum(1 for _ in inner.iter(f"{W}tc")) > 1 for inner in cell.iter(f"{W}tbl")):
                return True
    return cells < 2


def _value(element: Element, path: str, default: int) -> int:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    text = found.get(f"{W}val", "") if found is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
