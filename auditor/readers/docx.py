"""A word processor's document in, paragraphs and ruled grids out, in the order of its body.

What is deleted, hidden or struck out is no text; what is inserted is. Text boxes are read after the
paragraph that they are anchored in. Pictures are not read, and large ones are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.readers.numbering import Numbering, W
from auditor.readers.package import Element, Package
from auditor.readers.ruling import Ruler, Spanned

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}sectPr"}
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_LEAST_WIDTH, _LEAST_HEIGHT = 2_500_000, 700_000
"""Of a picture that may be a table, in units of 1/360,000 cm: 7 by 2 cm."""
_LONGEST_CELL = 1_500
"""A cell with more characters than this holds an article, no figure and no label."""


def read_docx(document: Document) -> Extract:
    """The body of the document. Raises `InputError`: damaged, encrypted, too large or empty."""
    package = Package(document)
    part, root = package.main("word/document.xml")
    parts = dict(package.targets(part).values())
    numbering, styles = (
        package.xml(parts[kind]) if kind in parts else None for kind in ("numbering", "styles")
    )
    body = root.find(f"{W}body")
    reader = _Body(document.name, Numbering(numbering, styles))
    if body is not None:
        reader.read(body)
    notices = []
    if reader.pictures:
        notices.append(Notice("picture-table", (("count", str(reader.pictures)),)))
    if reader.struck:
        notices.append(Notice("struck-text", (("count", str(reader.struck)),)))
    if not reader.blocks:
        hint = "its pages are pictures: export them as text" if reader.pictures else "is it blank?"
        raise InputError("empty", "the document has no text in it", place=document.name, hint=hint)
    return Extract(tuple(reader.blocks), tuple(notices))


@dataclass(slots=True)
class _Cell:
    text: str
    colspan: int
    before: int = 0
    rowspan: int = 1


class _Body:
    """The blocks found so far, and what holds from one paragraph to the next."""

    def __init__(self, name: str, numbering: Numbering) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.pictures = 0
        self.struck = 0
        self._ruler = Ruler(name)
        self._numbering = numbering
        self._paragraphs = 0
        self._fields: list[bool] = []
        """For each open field, whether its result has begun."""

    def read(self, container: Element) -> None:
        """Every paragraph and table in a body, a cell of layout or a text box."""
        for block in _blocks(container):
            if block.tag == f"{W}p":
                boxes: list[Element] = []
                text = self._text(block, boxes)
                for line in text.split("\n"):
                    self._paragraph(line)
                for box in boxes:
                    self.read(box)
            elif _is_layout(block):
                for cell in _within(block, f"{W}tc"):
                    self.read(cell)
            else:
                self._table(block)

    def _paragraph(self, text: str) -> None:
        if text.strip():
            self._paragraphs += 1
            self._ruler.pass_by(text)
            self.blocks.append(Paragraph(text, Origin(selector=f"paragraph {self._paragraphs}")))

    def _text(self, paragraph: Element, boxes: list[Element]) -> str:
        words: list[str] = []
        self._inline(paragraph, words, boxes)
        number = self._numbering.number(paragraph)
        return (f"{number} " if number else "") + "".join(words)

    def _inline(self, parent: Element, words: list[str], boxes: list[Element]) -> None:
        for child in parent:
            tag = child.tag
            if tag in _GONE:
                continue
            if tag == f"{W}r":
                self._run(child, words, boxes)
            elif tag == f"{_MC}AlternateContent":
                self._inline(_choice(child), words, boxes)
            else:
                self._inline(child, words, boxes)

    def _run(self, run: Element, words: list[str], boxes: list[Element]) -> None:
        properties = run.find(f"{W}rPr")
        hidden = _is_on(properties, "vanish") or _is_on(properties, "webHidden")
        struck = _is_on(properties, "strike") or _is_on(properties, "dstrike")
        raised = properties is not None and properties.find(f"{W}vertAlign") is not None
        said: list[str] = []
        self._pieces(run, said, boxes)
        text = "".join(said)
        if struck and text.strip():
            self.struck += 1
        elif not hidden:
            words.append(f" {text} " if raised else text)

    def _pieces(self, parent: Element, said: list[str], boxes: list[Element]) -> None:
        for piece in parent:
            tag = piece.tag
            if tag == f"{W}fldChar":
                self._field(piece.get(f"{W}fldCharType", ""))
            elif tag in (f"{W}t", *_SIGNS):
                if all(self._fields):
                    said.append(_SIGNS.get(tag) or piece.text or "")
            elif tag == f"{_MC}AlternateContent":
                self._pieces(_choice(piece), said, boxes)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                found = list(piece.iter(f"{W}txbxContent"))
                boxes += [box for box in found if not _is_inside(box, found)]
                self.pictures += _is_large(piece) and not found

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _table(self, table: Element) -> None:
        rows: list[list[_Cell]] = []
        above: dict[int, _Cell] = {}
        for row in _within(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells: list[_Cell] = []
            merged: dict[int, _Cell] = {}
            column = before = _value(row, "trPr/gridBefore", 0)
            for element in _within(row, f"{W}tc"):
                colspan = max(_value(element, "tcPr/gridSpan", 1), 1)
                text = self._cell_text(element)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                begun = above.get(column)
                if merge is not None and merge.get(f"{W}val") != "restart" and begun is not None:
                    begun.rowspan += 1
                    merged[column] = begun
                else:
                    cells.append(_Cell(text, colspan, before))
                    if merge is not None:
                        merged[column] = cells[-1]
                column += colspan
                before = 0
            above = merged
            rows.append(cells)
        self.blocks.append(self._ruler.grid([_spanned(cells) for cells in rows]))

    def _cell_text(self, cell: Element) -> str:
        parts = []
        for block in _blocks(cell):
            if block.tag == f"{W}p":
                boxes: list[Element] = []
                parts.append(self._text(block, boxes))
                parts += [self._cell_text(box) for box in boxes]
            else:
                parts += [self._cell_text(inner) for inner in _within(block, f"{W}tc")]
        return " ".join(" ".join(parts).split())


def _spanned(cells: list[_Cell]) -> list[Spanned]:
    return [Spanned(cell.text, cell.rowspan, cell.colspan, before=cell.before) for cell in cells]


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables right inside, through wrappers that print nothing."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _blocks(_choice(child))
        elif child.tag not in _GONE:
            yield from _blocks(child)


def _within(container: Element, tag: str) -> Iterator[Element]:
    """Elements of a kind, through wrappers, not inside each other."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and child.tag != f"{W}tbl":
            yield from _within(child, tag)


def _choice(alternatives: Element) -> Element:
    """The first alternative: the one that new programs show."""
    return next(iter(alternatives), alternatives)


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


def _is_inside(box: Element, boxes: list[Element]) -> bool:
    return any(outer in boxes for outer in box.iterancestors(f"{W}txbxContent"))


def _is_on(properties: Element | None, name: str) -> bool:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off")


def _is_large(drawing: Element) -> bool:
    """Whether a picture is large enough to be a table; so is one that does not say its size."""
    if next(drawing.iter(*_PICTURES), None) is None:
        return False
    extent = next(drawing.iter(f"{_WP}extent"), None)
    if extent is None:
        return True
    try:
        return (
            int(extent.get("cx", "")) >= _LEAST_WIDTH and int(extent.get("cy", "")) >= _LEAST_HEIGHT
        )
    except ValueError:
        return True


def _value(element: Element, path: str, default: int) -> int:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    text = found.get(f"{W}val", "") if found is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
