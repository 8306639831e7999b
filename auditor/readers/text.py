"""Plain text in, paragraphs and ragged grids out.

A line with tabs or pipes is a row of cells; every other line is a paragraph. Where line after line
has as many fields between commas it is delimited text (CSV). Tables with merged cells stand as HTML
in the Markdown that converters write; they are read as web pages are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from auditor.model.source import UNREAD, Cell, Document, Extract, Grid, Notice, Origin, Paragraph
from auditor.patterns import lazy_pattern
from auditor.readers.limits import DEFAULT, Limits
from auditor.refusals import refusal

Block = Paragraph | Grid
Record = tuple[int, list[str]]
"""A record of delimited text: the line on which it begins, and its fields."""

_TABLE_TAG = lazy_pattern(r"<(?P<end>/?)table\b[^<>]{0,2000}>", re.IGNORECASE, needed="<")
_CELL_TAG = lazy_pattern(r"<t[dh]\b", re.IGNORECASE)
_MARKUP = lazy_pattern(
    # Blanks by name or number, and elements that only arrange words.
    r"&(?:nbsp|ensp|emsp|thinsp|#160|#8194|#8195|#12288|#x0*a0|#x200[2-9]|#x3000);"
    r"|</?(?:br|b|strong|i|em|u|p|span|font|center|div|td|th|tr|tbody|thead|table)\b[^<>\n]{0,200}>"
    r"|(?<!\*)\*\*(?!\*)(?=[^*\n]+\*\*(?!\*))|(?<=[^\s*|])\*\*(?!\*)"
    r"|`(?=\d{1,9}`)|(?<=\d)`"
    r"|(?<![\w*])\*(?=\d{1,9}\*(?!\*))|"
    + "|".join(rf"(?<=[^\w*]\*\d{{{digits}}})\*(?!\*)" for digits in range(1, 10))
    + r"|\\(?=[-.*_#()\[\]])",
    re.IGNORECASE,
    needed="<&*`\\",
)
_FRAME_SIGNS = r"\s|:+=\u2500-\u257f-"
_FRAME_LINE = lazy_pattern(
    rf"[{_FRAME_SIGNS}]*(?:-{{3}}|={{3}}|[\u2500\u2501\u2550]{{2}})[{_FRAME_SIGNS}]*",
    needed=("---", "===", "\u2500", "\u2501", "\u2550"),
)
"""A line that only draws the frame of a table."""
_FRAME_PIECE = lazy_pattern(
    r"[\u2500-\u257f]*[\u2500\u2501\u2550]{2}[\u2500-\u257f]*", needed="\u2500\u2501\u2550"
)
"""A piece of it beside a cell that goes on."""
_FRAMED = lazy_pattern(r"\|[^|]*\|.*\|\s*|\|[^|]*[^|\s][^|]*\|\s*", needed="|")
"""A row with a pipe at either end; one with nothing between may end a cell of the line above."""
_MISREAD = r"[0-9OolIzZSBgb\u3007\uff2f?!\uff1f\uff01]"
_BAR_AMONG_FIGURES = lazy_pattern(
    rf"(?<=\S\s|\s\s)(?=\S*[0-9])(?:{_MISREAD}+\|{_MISREAD}*|\|{_MISREAD}+)(?!\S)"
)
"""A pipe at a digit, among figures that blanks part: a 1 or a rule, as a recogniser saw it."""
_END_PIPE = lazy_pattern(r"^\s*\|(?=\s)|(?<=\s)\|\s*$", needed="|")
_PIPE_AT_WORD = lazy_pattern(r"\S\| |(?<= )\|\S")
_SPACED_FIGURES = lazy_pattern(r"[\d/-] +(?=[\d/-])")
_PIPES = str.maketrans({"\u2502": "|", "\u2503": "|", "\uff5c": "|", "\u2551": "|"})
_DRAWN = "\u2500\u2501\u2550\u2502\u2503\u2551\uff5c"
"""Without one of these a text has no pieces of frames, and no pipes but the common one."""
_MIN_FRAMED = 4
"""Rows with a line of the frame between each two, where that says which lines are one row's."""
_SEPARATORS = (",", ";", "\t")
_MIN_FIELDS = 3
_MIN_SIMILAR = 4
"""How many lines must have as many fields as the line before, as commas stand in prose too."""
_CONTROLS = lazy_pattern(r"[\x00-\x08\x0e-\x1f\x7f]")
_THOUSANDS = lazy_pattern(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")


def read_text(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The lines of a text. Raises `InputError`: empty, too large, or not text at all."""
    if len(document.content) > limits.text_bytes:
        raise limits.exceeded("text_bytes", document.name)
    text, notices = decode(document)
    if not text.strip():
        raise refusal("empty/text", document.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if tables := _html_tables(text):
        return _with_tables(text, tables, notices, document.name, limits)
    records = _records_of(text)
    blocks = blocks_of_lines(without_markup(text)) if records is None else _blocks_of(records)
    return Extract(tuple(blocks), notices)


def decode(document: Document, declared: str = "") -> tuple[str, tuple[Notice, ...]]:
    """The text by what its bytes are, and a doubt where characters were lost: declarations lie, and
    exports mix encodings. Raises `InputError` when it is not text.

    `declared` is tried only where it could not be told from the others by the bytes.
    """
    text, encoding, lost = _decode(document, declared)
    if not lost:
        return text, ()
    return text, (Notice("encoding-doubt", (("encoding", encoding), ("count", str(lost)))),)


def _decode(document: Document, declared: str) -> tuple[str, str, int]:
    content = document.content
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            lost = text.count("\ufffd")
            if encoding != "utf-8-sig" or not lost:
                return text, encoding, lost
            content = content[len(mark) :]  # programs put one before a text that they do not change
    candidates = ["utf-8", *([declared] if declared else []), "gb18030"]
    if b"\x00" in content:
        # In UTF-16 the zeros stand on one side only: digits and blanks have a zero high byte.
        odd, even = content[1::2].count(0), content[::2].count(0)
        candidates = ["utf-16-le"] if odd > 10 * even else ["utf-16-be"] if even > 10 * odd else []
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return text, encoding, 0
    damaged = [(content.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    text, encoding = min(damaged, key=lambda each: each[0].count("\ufffd"))
    lost = text.count("\ufffd")
    if _is_text(text) and lost * 50 <= len(text):
        return text, encoding, lost
    raise refusal("binary", document.name)


def _is_text(text: str) -> bool:
    start = text[:100_000]
    return len(_CONTROLS.findall(start)) * 100 <= len(start)


def _html_tables(text: str) -> list[tuple[int, int]]:
    """Where each outermost HTML table with cells begins and ends; one that never ends is none."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for tag in _TABLE_TAG.finditer(text):
        if not tag["end"]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth and _CELL_TAG.search(text, start, tag.end()):
                found.append((start, tag.end()))
    return found


def _with_tables(
    text: str,
    tables: Sequence[tuple[int, int]],
    notices: Sequence[Notice],
    name: str,
    limits: Limits,
) -> Extract:
    """A text with HTML tables in it."""
    from auditor.readers.html import read_html  # importing lxml is slow, and most texts need none

    blocks: list[Block] = []
    notices = list(notices)
    position = lines = 0
    for start, end in tables:
        before = text[position:start]
        blocks += blocks_of_lines(without_markup(before), lines + 1)
        lines += before.count("\n")
        # As many lines in front of it as in the text: its elements then know theirs.
        page = read_html(Document(name, ("\n" * lines + text[start:end]).encode()), limits)
        blocks += page.blocks
        notices += page.notices
        lines += text.count("\n", start, end)
        position = end
    blocks += blocks_of_lines(without_markup(text[position:]), lines + 1)
    return Extract(tuple(blocks), tuple(notices))


def without_markup(text: str) -> str:
    """The text with as many blanks for what Markdown keeps of HTML and for its own signs, so that
    every other character keeps its place on its line."""
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)


def blocks_of_lines(text: str, first: int = 1) -> list[Block]:
    """A row of cells for each line that has tabs or pipes, a paragraph for each other; `first` is
    the number of the first line. Portals also print a cell and its pipe on lines of their own, so a
    pipe ends the cell before it, wherever that stood."""
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    first_filled: list[
        int | None
    ] = []  # of each row between pipes, the cells in front of its first
    frames: list[int] = []  # how many rows stand above each line of the frame
    is_cell_open = False  # the line before was a cell of its own whose pipe has not come yet
    is_drawn = any(sign in text for sign in _DRAWN)

    def close() -> None:
        if rows:
            rows[:] = _framed_rows(rows, frames)
            framed = [edge for edge in first_filled if edge is not None]
            if len(framed) == len(rows):
                rows[:] = [row[edge:] for row, edge in zip(rows, framed, strict=True)]
            blocks.append(Grid(tuple(rows), rows[0][0].origin))
            rows.clear()
            first_filled.clear()
        frames.clear()

    for number, line in enumerate(text.split("\n"), start=first):
        if not line.strip():
            continue
        if _FRAME_LINE.fullmatch(line):
            frames.append(len(rows))
            is_cell_open = False
            continue
        if is_drawn:
            line = _FRAME_PIECE.sub(lambda frame: "|" + " " * (len(frame[0]) - 2) + "|", line)
        piped = line.translate(_PIPES) if is_drawn else line
        if "|" in piped and _parts_few(piped):
            line = piped = _BAR_AMONG_FIGURES.sub(UNREAD, piped)
        mark = _mark_of(piped)
        if mark == "\t" and "|" in piped:  # at an end of the line it is the frame's
            line = piped = _END_PIPE.sub(lambda end: " " * len(end[0]), piped)
        if not mark:
            close()
            blocks.append(Paragraph(line, _origin(number, line, 0, len(line))))
            is_cell_open = True
            continue
        spans = _spans(piped, mark)
        if mark == "|":
            if not piped[spans[-1][0] : spans[-1][1]].strip():
                spans.pop()  # the last pipe ends its cell and opens none
            filled = sum([bool(piped[start:end].strip()) for start, end in spans])
            if is_cell_open and piped.lstrip().startswith("|") and spans:
                spans.pop(0)  # the first pipe ends the cell on the line above
            is_cell_open = filled == 1 and not piped.rstrip().endswith("|")
        else:
            is_cell_open = False
        if spans:
            first_filled.append(int(not spans[0][0]) if _FRAMED.fullmatch(piped) else None)
            cells = [
                Cell(line[start:end], number, column, _origin(number, line, start, end))
                for column, (start, end) in enumerate(spans)
            ]
            rows.append(tuple(cells))
    close()
    return blocks


def _parts_few(line: str) -> bool:
    """Whether pipes at digits may be digits: it is the line's only pipe, or blanks part more of its
    figures, or most other pipes stand between blanks."""
    pipes = line.count("|")
    at_words = len(_PIPE_AT_WORD.findall(line))
    return (
        pipes == 1
        or len(_SPACED_FIGURES.findall(line)) >= pipes
        or 0 < at_words < line.count(" | ")
    )


def _mark_of(line: str) -> str:
    """What parts the cells of a line: pipes, or tabs where these stand inside what pipes part;
    nothing in a line without cells."""
    if "|" not in line:
        return "\t" if "\t" in line else ""
    is_inside = "\t" in line and any("\t" in cell.strip() for cell in line.split("|"))
    return "\t" if is_inside and not _FRAMED.fullmatch(line) else "|"


def _framed_rows(rows: Sequence[tuple[Cell, ...]], frames: Sequence[int]) -> list[tuple[Cell, ...]]:
    """The rows, those between two lines of the frame as one: cells go on over several lines. A
    frame may also hold several rows, as many lines with as many cells filled in each; where it
    mostly does, all lines are rows."""
    edges = sorted({0, *frames, len(rows)})
    groups = [rows[start:end] for start, end in pairwise(edges)]
    wrapped = [group for group in groups if len(group) > 1]
    uneven = sum(len(set(map(_filled, group))) > 1 for group in wrapped)
    is_even = any(len(set(map(len, group))) > 1 for group in groups)
    if len(groups) < _MIN_FRAMED or is_even or 2 * uneven <= len(wrapped):
        return list(rows)
    return [tuple(map(_whole_cell, zip(*group, strict=True))) for group in groups]


def _filled(row: Sequence[Cell]) -> int:
    return sum(bool(cell.text.strip()) for cell in row)


def _whole_cell(pieces: Sequence[Cell]) -> Cell:
    """A cell of which the lines stand under each other."""
    lines = [piece.text.strip() for piece in pieces if piece.text.strip()]
    first = next((piece for piece in pieces if piece.text.strip()), pieces[0])
    if len(lines) < 2:
        return first
    from auditor.readers.grid import figures_in_lines  # few texts have frames

    return replace(first, text=" ".join(lines), alternatives=figures_in_lines(lines))


def _spans(line: str, mark: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for part in line.split(mark):
        spans.append((start, start + len(part)))
        start += len(part) + 1
    return spans


def _origin(number: int, line: str, start: int, end: int) -> Origin:
    words = line[start:end].strip()
    if not words:
        return Origin(line=number)
    first = line.find(words, start)
    return Origin(line=number, columns=(first + 1, first + len(words)))


def _records_of(text: str) -> list[Record] | None:
    """The records of a delimited text; None for any other text."""
    if text.startswith("sep=") and "\n" in text:  # a word to the spreadsheet program
        text = text[text.index("\n") :]
    for separator in _SEPARATORS:
        # Tabs without quotes are read as they stand, wherever they stand.
        if text.count(separator) < _MIN_SIMILAR or (separator == "\t" and '"' not in text):
            continue
        from csv import Error  # few texts have as many

        try:
            counts = [len(fields) for _, fields in _records(_THOUSANDS.sub("0", text), separator)]
            similar = sum(one == other >= _MIN_FIELDS for one, other in pairwise(counts))
            if similar >= _MIN_SIMILAR and similar * 5 >= sum(count > 1 for count in counts) * 3:
                return list(_records(text, separator))
        except Error:  # a field beyond the limit, where a quote is never closed
            continue
    return None


def _records(text: str, separator: str) -> Iterator[Record]:
    from csv import reader as parse

    reader = parse(text.splitlines(keepends=True), delimiter=separator)
    line = 1
    for fields in reader:
        if fields:
            yield line, fields
        line = reader.line_num + 1


def _blocks_of(records: Sequence[Record]) -> Iterator[Block]:
    """A record with one field filled is a paragraph; runs of others are grids."""
    rows: list[Record] = []
    for line, fields in records:
        filled = [field.strip() for field in fields if field.strip()]
        if len(filled) > 1 or (filled and rows and not fields[0].strip()):
            rows.append((line, fields))
            continue
        if rows:
            yield _grid(rows)
            rows = []
        if filled:
            for each in filled[0].splitlines():
                yield Paragraph(each, Origin(line=line))
    if rows:
        yield _grid(rows)


def _grid(rows: Sequence[Record]) -> Grid:
    """The grid of some records, without columns of which no row has anything."""
    filled = [at for _, fields in rows for at, field in enumerate(fields) if field.strip()]
    first, last = min(filled), max(filled)
    cells = tuple(
        tuple(
            Cell(
                " ".join(field.split()),
                index,
                column,
                Origin(line=line, selector=f"field {first + column + 1}"),
            )
            for column, field in enumerate(fields[first : last + 1])
        )
        for index, (line, fields) in enumerate(rows)
    )
    return Grid(cells, Origin(line=rows[0][0]))
