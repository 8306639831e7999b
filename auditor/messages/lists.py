"""Cells and changes of cells in words: those of a row, or with the same columns, told together."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.messages import phrase


def cells_by_row(cells: Iterable[tuple[str, str, int]], rows: int, language: str) -> str:
    """Cells of one table in words, none left out: rows with the same columns are told together.

    Each cell is given as its row's label, its column's label and how many boxes the row has; `rows`
    is how many rows the table has.
    """
    columns: dict[str, tuple[list[str], int]] = {}
    for row, column, size in cells:
        columns.setdefault(row, ([], size))[0].append(column)
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for row, (own, size) in columns.items():
        groups.setdefault((tuple(own), len(own) == size > 1), []).append(row)
    comma = phrase("list-comma", language)
    told = []
    for (own_columns, whole), own_rows in groups.items():
        count = len(own_columns) * len(own_rows)
        listed, row = comma.join(own_columns), comma.join(own_rows)
        if not row:
            told.append(listed)
        elif len(own_rows) == rows > 1:
            told.append(phrase("every-row", language, columns=listed, rows=rows, count=count))
        elif whole:
            told.append(phrase("whole-row", language, row=row, count=count))
        else:
            code = "some-columns" if len(own_rows) == 1 else "rows-columns"
            told.append(phrase(code, language, row=row, columns=listed, count=count))
    return phrase("list-semicolon", language).join(told)


def changes_by_row(edits: Iterable[tuple[str, str, str]], code: str, language: str) -> str:
    """Several edits, each given as its cell in words, what is printed and what is due; those of one
    row are told together."""
    rows: dict[str, list[str]] = {}
    for cell, before, after in edits:
        row, _, column = cell.rpartition(" × ")
        shown = before or phrase("blank", language)
        change = phrase(code, language, column=column, before=shown, after=after)
        rows.setdefault(row, []).append(change)
    semicolon = phrase("list-semicolon", language)
    return semicolon.join(
        (phrase("on-line", language, line=row, said=semicolon.join(own)) if row else own[0])
        for row, own in rows.items()
    )
