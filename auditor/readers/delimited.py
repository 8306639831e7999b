"""Text with a separator between fields (CSV) in, its records as paragraphs and grids out.

Commas also stand in prose and in figures, so a text counts as delimited only where one line after
another has the same number of fields.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.model.source import Cell, Grid, Origin, Paragraph

_MARKS = (",", ";", "\t")
_LEAST_FIELDS = 3
_LEAST_ALIKE = 4
"""How many lines must have as many fields as the line before."""
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")

Record = tuple[int, list[str]]
"""The line on which it begins, and its fields."""


def records_of(text: str) -> list[Record] | None:
    """The records of a delimited text; None for any other text."""
    if text.startswith("sep=") and "\n" in text:  # a word to the spreadsheet program
        text = text[text.index("\n") :]
    for mark in _MARKS:
        # Tabs without quotes are read as they stand, wherever they stand.
        if text.count(mark) < _LEAST_ALIKE or (mark == "\t" and '"' not in text):
            continue
        try:
            counts = [len(fields) for _, fields in _records(_THOUSANDS.sub("0", text), mark)]
            alike = sum(one == other >= _LEAST_FIELDS for one, other in pairwise(counts))
            if alike >= _LEAST_ALIKE and alike * 5 >= sum(count > 1 for count in counts) * 3:
                return list(_records(text, mark))
        except csv.Error:  # a field beyond the limit, where a quote is never closed
            continue
    return None


def blocks_of(records: list[Record]) -> Iterator[Paragraph | Grid]:
    """A record with one field filled is a paragraph; runs of others are grids.

    Columns in which no row of a grid has anything are the paper beside it.
    """
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
            for said in filled[0].splitlines():
                yield Paragraph(said, Origin(line=line))
    if rows:
        yield _grid(rows)


def _records(text: str, mark: str) -> Iterator[Record]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark)
    line = 1
    for fields in reader:
        if fields:
            yield line, fields
        line = reader.line_num + 1


def _grid(rows: list[Record]) -> Grid:
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
