"""Ways in which a web page's table is not one table of the form: a page in, the same page with one
of its tables cut, wrapped, spanned otherwise or with cells in cells out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_FIGURE = re.compile(r"<td([^>]*)>([\d/—-]+)</td>")
_CELL = re.compile(r"<td([^>]*)>")
_TABLE = re.compile(r"<table border=1>(.*?)</table>", re.DOTALL)
_MIN_ROWS = 8
"""Of a table that is changed."""

Change = Callable[[list[str], list[str], Random], str]
"""A table's rows, those that head it and those with figures; the same table changed."""


def changed(page: str, change: Change, rng: Random) -> str:
    """The page with one of its tables changed."""
    tables = [each for each in _TABLE.finditer(page) if len(_ROW.findall(each[1])) > _MIN_ROWS]
    table = rng.choice(tables)
    rows = _ROW.findall(table[1])
    first = next(at for at, row in enumerate(rows) if len(_FIGURE.findall(row)) > 1)
    told = change(rows[:first], rows[first:], rng)
    return page[: table.start()] + told + page[table.end() :]


def _table(*parts: Sequence[str]) -> str:
    return "<table border=1>" + "\n".join(row for rows in parts for row in rows) + "</table>"


def _beside(*cells: str) -> str:
    return "<table><tr>" + "".join(f"<td>{each}</td>" for each in cells) + "</tr></table>"


def _in_layout(heads: list[str], rows: list[str], rng: Random) -> str:
    return _beside("<p>1</p><p>2</p>", _table(heads, rows))


def _heads_again(heads: list[str], rows: list[str], rng: Random) -> str:
    at = rng.randrange(1, len(rows))
    return _table(heads, rows[:at], heads, rows[at:])


def _cut(heads: list[str], rows: list[str], rng: Random) -> str:
    at = rng.randrange(1, len(rows))
    return _table(heads, rows[:at]) + _table(rows[at:])


def _cut_with_heads(heads: list[str], rows: list[str], rng: Random) -> str:
    at = rng.randrange(1, len(rows))
    return _table(heads, rows[:at]) + _table(heads, rows[at:])


def _halves_beside(heads: list[str], rows: list[str], rng: Random) -> str:
    at = len(rows) // 2
    return _beside(_table(heads, rows[:at]), _table(heads, rows[at:]))


def _columns_beside(heads: list[str], rows: list[str], rng: Random) -> str:
    count = rng.randrange(1, 4)
    left, right = [], []
    for row in (*heads, *rows):
        figures = list(_FIGURE.finditer(row))
        at = figures[-count].start() if len(figures) > count else len(row) - len("</tr>")
        left.append(row[:at] + "</tr>")
        right.append("<tr>" + row[at:])
    return _beside(_table(left), _table(right))


def _in_sections(heads: list[str], rows: list[str], rng: Random) -> str:
    parts = ["<thead>", *heads, "</thead><tfoot>", rows[-1], "</tfoot><tbody>", *rows[:-1]]
    return _table([*parts, "</tbody>"])


def _unclosed(heads: list[str], rows: list[str], rng: Random) -> str:
    return _table(heads, rows).replace("</td>", "").replace("</tr>", "")


def _span(name: str, by: int) -> Change:
    """A cell that spans so many more than it should."""

    def change(heads: list[str], rows: list[str], rng: Random) -> str:
        at = rng.randrange(len(rows))
        cell = rng.choice(list(_CELL.finditer(rows[at])))
        written = re.search(rf' ?{name}="?(\d+)"?', cell[1])
        span = max((int(written[1]) if written else 1) + by, 1)
        rest = cell[1].replace(written[0], "") if written else cell[1]
        row = f"{rows[at][: cell.start()]}<td{rest} {name}={span}>{rows[at][cell.end() :]}"
        return _table(heads, rows[:at], [row], rows[at + 1 :])

    return change


def _row(change: Callable[[list[str], Random], str]) -> Change:
    """One row with other cells in place of its figures."""

    def of_table(heads: list[str], rows: list[str], rng: Random) -> str:
        able = [at for at, row in enumerate(rows) if len(_FIGURE.findall(row)) > 1]
        at = rng.choice(able)
        figures = list(_FIGURE.finditer(rows[at]))
        told = change([each[2] for each in figures], rng)
        row = rows[at][: figures[0].start()] + told + rows[at][figures[-1].end() :]
        return _table(heads, rows[:at], [row], rows[at + 1 :])

    return of_table


def _stacked(figures: list[str], rng: Random) -> str:
    return f"<td colspan={len(figures)}>{'<br>'.join(figures)}</td>"


def _spaced(figures: list[str], rng: Random) -> str:
    return f"<td colspan={len(figures)}>{' &nbsp; '.join(figures)}</td>"


def _nested(figures: list[str], rng: Random) -> str:
    inner = "".join(f"<td>{each}</td>" for each in figures)
    return f"<td colspan={len(figures)}><table><tr>{inner}</tr></table></td>"


def _one_dropped(figures: list[str], rng: Random) -> str:
    at = rng.randrange(len(figures))
    return "".join(f"<td>{each}</td>" for each in figures[:at] + figures[at + 1 :])


TABLES: dict[str, Change] = {
    "in a layout": _in_layout,
    "heads again": _heads_again,
    "cut": _cut,
    "cut with heads": _cut_with_heads,
    "halves beside": _halves_beside,
    "columns beside": _columns_beside,
    "in sections": _in_sections,
    "unclosed": _unclosed,
    "colspan more": _span("colspan", 1),
    "colspan less": _span("colspan", -1),
    "rowspan more": _span("rowspan", 1),
    "rowspan less": _span("rowspan", -1),
    "rowspan to the end": _span("rowspan", 40),
    "row stacked": _row(_stacked),
    "row spaced": _row(_spaced),
    "row nested": _row(_nested),
    "cell dropped": _row(_one_dropped),
}
