"""A page of text for a terminal: parts below one another, in its width, readable without colour.

Nothing is cut without saying how much: what does not fit is wrapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, OverflowMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as Drawn
from rich.text import Text

from auditor.escaping import visible
from auditor.messages import FormTranslator
from auditor.model.form import Line, Table
from auditor.reporters import Style

_LABEL = 26
_NEVER_FIRST = frozenset("，。、；：！？）】》”’％,.;:!?)]}")
_NEVER_LAST = frozenset("（【《“‘([{")
_WIDE = "\u2e80"
"""From here on, characters are Chinese or stand beside them."""


class TextPage:
    """The page while it is put together; what is said is said by `say`."""

    def __init__(self, say: FormTranslator, style: Style) -> None:
        self.say = say
        self.style = style
        self.width = style.width
        self._parts: list[RenderableType] = []
        self._left = 0

    def indented(self, left: int) -> TextPage:
        """The same page, on which all that is added stands so many cells to the right."""
        page = TextPage(self.say, self.style)
        page.width, page._parts, page._left = self.width - left, self._parts, self._left + left
        return page

    def add(self, part: RenderableType, above: int = 0, below: int = 0, left: int = 0) -> None:
        """A part with so many empty lines and cells around it."""
        around = (above, 0, below, left + self._left)
        self._parts.append(Padding(part, around) if any(around) else part)

    def line(self, text: str, look: str = "", hang: int = 0, above: int = 0) -> Text:
        """A text in lines, those after the first indented by `hang`; returned to be coloured."""
        drawn = wrapped(text, self.width, look, hang)
        self.add(drawn, above=above)
        return drawn

    def lines(self, *texts: str) -> None:
        """A line for each of the texts that are not empty."""
        for text in filter(None, texts):
            self.line(text)

    def tell(self, code: str, hang: int = 0, **values: object) -> None:
        """A message."""
        self.line(self.say(code, **values), hang=hang)

    def heading(self, text: str) -> None:
        """The title of a part."""
        self.add(Text(f"── {text} ──", style="bold"), above=1)

    def bullets(self, texts: Iterable[str]) -> None:
        """The texts as items of a list."""
        for text in texts:
            self.line("- " + text, hang=2)

    def form_table(self, table: Table, rows: Iterable[tuple[Line, Sequence[str | Text]]]) -> None:
        """A table of the form, each row given with its cells, under its title."""
        self.add(Text(self.say.title(table), style="bold"), above=1)
        drawn = grid(table.columns, wide=table.layout == "rows" and len(table.columns) > 5)
        above: tuple[str, ...] = ()
        for row, cells in rows:
            groups = tuple(group.label for group in reversed(table.ancestors(row)) if group.parent)
            if groups and groups != above:
                drawn.add_row(Text("·".join(groups), style="dim"))
            above = groups
            drawn.add_row(Text(row.label), *cells)
        self.add(drawn)

    def text(self) -> str:
        """The whole page."""
        return set_out(self._parts, self.style)


def set_out(parts: Iterable[RenderableType], style: Style) -> str:
    """The parts below one another, in the width and the colours of the style."""
    console = Console(
        file=StringIO(),
        width=style.width,
        force_terminal=style.colour,
        no_color=not style.colour,
        color_system="standard" if style.colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        for part in parts:
            console.print(_Visible(part))
    return "\n".join(line.rstrip() for line in captured.get().split("\n"))


class _Visible:
    """A part with the text in it made visible: its colours have the only escape sequences."""

    def __init__(self, part: RenderableType) -> None:
        self._part = part

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._part, options):
            yield Segment(visible(segment.text), segment.style, segment.control)


def plain_table() -> Drawn:
    """An empty table without lines."""
    return Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")


def grid(columns: Sequence[Line], wide: bool) -> Drawn:
    """An empty table with those columns beside the labels of its rows."""
    drawn = plain_table()
    overflow: OverflowMethod = "ellipsis" if wide else "fold"
    width = _LABEL if wide else None
    drawn.add_column("", no_wrap=wide, overflow=overflow, width=width, min_width=14)
    for column in columns:
        add_figures(drawn, column, 10 if wide else 12)
    return drawn


def add_figures(drawn: Drawn, column: Line, width: int) -> None:
    """A column of figures under its label."""
    label = Text(column.label)
    drawn.add_column(label, justify="right", min_width=6, max_width=width, overflow="fold")


# Text in a width of cells: Chinese breaks between characters, Latin at blanks.


def wrapped(text: str, width: int, style: str = "", hang: int = 0) -> Text:
    """The text in lines of at most `width` cells, those after the first indented by `hang`;
    nothing is lost or added but line breaks and that indent."""
    return Text("\n".join(_broken(text, width, " " * hang)), style=style)


def _broken(text: str, width: int, indent: str) -> Iterator[str]:
    line, used = "", 0
    for piece in _unbroken(text):
        size = cell_len(piece)
        if used + cell_len(piece.rstrip()) > width and line.strip():
            yield line.rstrip()
            line, used = indent, len(indent)
            piece = piece.lstrip()
            size = cell_len(piece)
        while used + size > width and size > width - len(indent):
            head = _head(piece, width - used)
            yield line + head
            piece = piece[len(head) :]
            line, used, size = indent, len(indent), cell_len(piece)
        line, used = line + piece, used + size
    yield line.rstrip()


def _unbroken(text: str) -> Iterator[str]:
    """Pieces between which a line may break: marks stay with the character they belong to."""
    piece = ""
    for character in text.replace("\n", " "):
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after.isspace():
        return False
    return before.isspace() or before >= _WIDE or after >= _WIDE


def _head(piece: str, width: int) -> str:
    """As much of a piece as fits, at least one character."""
    size = 0
    for index, character in enumerate(piece):
        size += cell_len(character)
        if size > width and index:
            return piece[:index]
    return piece
