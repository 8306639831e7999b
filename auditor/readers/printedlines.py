"""Lines that show as they are written in, paragraphs and ragged grids out.

A line with tabs or pipes is a row of cells; every other line is a paragraph. Portals also print a
cell and its pipe on lines of their own, so a pipe ends the cell before it, wherever that stood.
"""

from __future__ import annotations

import re

from auditor.model.source import UNREAD, Cell, Grid, Origin, Paragraph

_DRAWN = r"\s|:+=\u2500-\u257f-"
_RULE = re.compile(rf"[{_DRAWN}]*(?:-{{3}}|={{3}}|[\u2500\u2501\u2550]{{2}})[{_DRAWN}]*")
"""A line that draws the frame of a table and says nothing."""
_FRAME = re.compile(r"[\u2500-\u257f]*[\u2500\u2501\u2550]{2}[\u2500-\u257f]*")
"""A piece of it beside a cell that goes on."""
_FRAMED = re.compile(r"\|[^|]*\|.*\|\s*|\|[^|]*[^|\s][^|]*\|\s*")
"""A row with a pipe at either end; one with nothing between may end a cell of the line above."""
_STROKE = re.compile(r"(?<=\d )\|\d+(?= \d|\s*$)|(?<=\d )\d+\|(?= \d)")
"""A pipe at a digit, among figures that blanks part: a 1 or a rule, as a recogniser saw it."""
_APART = re.compile(r"\d +\d")
_PIPES = str.maketrans({"\u2502": "|", "\u2503": "|", "\uff5c": "|", "\u2551": "|"})


def blocks_of_lines(text: str, first: int = 1) -> list[Paragraph | Grid]:
    """A row of cells for each line that has tabs or pipes, a paragraph for each other."""
    blocks: list[Paragraph | Grid] = []
    rows: list[tuple[Cell, ...]] = []
    open_cell = False  # the line before was a cell of its own whose pipe has not come yet

    edges: list[int | None] = []  # of each row between pipes, the cells in front of its first

    def close() -> None:
        if rows:
            framed = [edge for edge in edges if edge is not None]
            if len(framed) == len(rows):
                rows[:] = [row[edge:] for row, edge in zip(rows, framed, strict=True)]
            blocks.append(Grid(tuple(rows), rows[0][0].origin))
            rows.clear()
            edges.clear()

    for number, line in enumerate(text.split("\n"), start=first):
        if not line.strip() or _RULE.fullmatch(line):
            continue
        line = _FRAME.sub(lambda frame: "|" + " " * (len(frame[0]) - 2) + "|", line)
        piped = line.translate(_PIPES)
        if "|" in piped and _APART.search(piped):
            line = piped = _STROKE.sub(UNREAD, piped)
        mark = "|" if "|" in piped else "\t" if "\t" in piped else ""
        if not mark:
            close()
            blocks.append(Paragraph(line, _origin(number, line, 0, len(line))))
            open_cell = True
            continue
        spans = _spans(piped, mark)
        if mark == "|":
            if not piped[spans[-1][0] : spans[-1][1]].strip():
                spans.pop()  # the last pipe ends its cell and opens none
            filled = sum(1 for start, end in spans if piped[start:end].strip())
            if open_cell and piped.lstrip().startswith("|") and spans:
                spans.pop(0)  # the first pipe ends the cell on the line above
            open_cell = filled == 1 and not piped.rstrip().endswith("|")
        else:
            open_cell = False
        if spans:
            is_framed = _FRAMED.fullmatch(piped) is not None
            edges.append(int(not spans[0][0]) if is_framed else None)
            rows.append(
                tuple(
                    Cell(line[start:end], number, column, _origin(number, line, start, end))
                    for column, (start, end) in enumerate(spans)
                )
            )
    close()
    return blocks


def _spans(line: str, mark: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for part in line.split(mark):
        spans.append((start, start + len(part)))
        start += len(part) + 1
    return spans


def _origin(number: int, line: str, start: int, end: int) -> Origin:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return Origin(line=number, columns=(start + 1, end) if end > start else None)
