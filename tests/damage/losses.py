"""Damages that add, lose or change characters: an extractor's, a recogniser's, an author's habit.

A reader may leave such cells unread; it may not say another number.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from auditor.testing import Section
from tests.damage.body import (
    Body,
    Cell,
    Damage,
    Line,
    adds_up,
    figures,
    header,
    is_crossed,
    labels,
    whole_rows,
)
from tests.damage.moves import join_figures, split_figures


def _each_figure(change: Callable[[str, Random], str], share: float) -> Damage:
    """A damage to some of the figures."""

    def damage(body: Body, rng: Random, section: Section) -> Body:
        return [
            tuple(
                Cell(change(cell.text, rng), True) if cell.figure and rng.random() < share else cell
                for cell in line
            )
            for line in body
        ]

    return damage


def _grouped_digits(mark: str) -> Callable[[str, Random], str]:
    def change(text: str, rng: Random) -> str:
        whole, point, rest = text.partition(".")
        head = len(whole) % 3
        parts = [whole[:head]] * bool(head)
        parts += [whole[at : at + 3] for at in range(head, len(whole), 3)]
        return mark.join(parts) + point + rest

    return change


_LOOKS_LIKE = {
    "0": "〇OoＯ",
    "1": "丨Il|！",
    "2": "Zz",
    "5": "S",
    "6": "b",
    "8": "B",
    "9": "g",
    "7": "？",
    "3": "З",
    "4": "A",
}


def _misread(text: str, rng: Random) -> str:
    return "".join(
        rng.choice(_LOOKS_LIKE[digit]) if digit in _LOOKS_LIKE and rng.random() < 0.25 else digit
        for digit in text
    )


def _noted(text: str, rng: Random) -> str:
    mark = rng.choice(("①", "*", "[1]", "（注1）", "¹", "(1)", "^1^", "※", "注2", "[^1]"))
    return text + mark


def _with_unit(text: str, rng: Random) -> str:
    return text + rng.choice(("件", " 件", "（件）", "项"))


def _with_part(text: str, rng: Random) -> str:
    if len(text) < 2:
        return text
    part = rng.randint(1, int(float(text)))
    return text + rng.choice(("（其中上年{}）", "(含{}件转办)", "/{}", " ({})")).format(part)


def _with_decimals(text: str, rng: Random) -> str:
    return text + rng.choice((".0", ".00", "")) if "." not in text else text


def _spelt(text: str, rng: Random) -> str:
    return text.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _spaced(text: str, rng: Random) -> str:
    return " ".join(text)


def zero_lost(body: Body, rng: Random, section: Section) -> Body:
    """In some rows a zero is not printed at all."""
    return [_without_zero(line, rng) if rng.random() < 0.2 else line for line in body]


def _without_zero(line: Line, rng: Random) -> Line:
    zeros = [at for at, cell in enumerate(line) if cell.figure and cell.text == "0"]
    if not zeros:
        return line
    at = rng.choice(zeros)
    return line[:at] + line[at + 1 :]


def torn_and_zero_lost(body: Body, rng: Random, section: Section) -> Body:
    """A figure is torn and a zero lost: as many figures as boxes."""
    if not section.table.sums:
        return body
    found: Body = []
    for line in body:
        torn = _torn_and_lost(line, rng, section) if rng.random() < 0.4 else line
        found.append(line if is_crossed(section) and adds_up(torn) else torn)
    return found


def _torn_and_lost(line: Line, rng: Random, section: Section) -> Line:
    without = _without_zero(line, rng)  # first: the torn half `0` of `10` is no zero
    torn = split_figures([without], rng, section)[0]
    return torn if without != line and torn != without else line


def blanks_vanish(body: Body, rng: Random, section: Section) -> Body:
    """Zeros are printed as nothing, and nothing is left of them."""
    share = rng.choice((0.3, 1.0))
    return [
        tuple(
            cell for cell in line if not (cell.figure and cell.text == "0" and rng.random() < share)
        )
        or line[:1]
        for line in body
    ]


def last_year_beside(body: Body, rng: Random, section: Section) -> Body:
    """Behind each figure stands last year's."""
    form = rng.choice(("{} {}", "{}（{}）", "{}/{}", "{}(上年{})", "{} | {}"))
    return _each_figure(
        lambda text, rng: form.format(text, rng.choice(("0", text, str(rng.randint(1, 130))))), 1.0
    )(body, rng, section)


def last_year_column(body: Body, rng: Random, section: Section) -> Body:
    """An eighth column gives last year's total, and is headed so, or not."""
    if not is_crossed(section):
        return body
    headed = rng.random() < 0.6
    first = rng.random() < 0.3
    found: Body = []
    for at, line in enumerate(body):
        numbers = figures(line)
        if numbers:
            extra = Cell(rng.choice(("0", "1", numbers[-1].text, str(rng.randint(1, 300)))), True)
            numbers = (extra, *numbers) if first else (*numbers, extra)
            line = (*labels(line), *numbers)
        elif at == 1 and headed:
            line = (Cell("上年总计"), *line) if first else (*line, Cell("上年总计"))
        found.append(line)
    return found


def percentages(body: Body, rng: Random, section: Section) -> Body:
    """A column of shares or of remarks with figures."""
    if not is_crossed(section):
        return body
    form = rng.choice(("{}%", "{}.5%", "{}", "同比增加{}", "含{}件", "+{}", "-{}"))
    return [
        (*line, Cell(form.format(rng.randint(0, 99)), True)) if figures(line) else line
        for line in body
    ]


_UNKNOWN = ("（八）其他情形", "9.其他不予公开情形", "5.其他", "小计", "其中：网络申请", "合计")


def unknown_row(body: Body, rng: Random, section: Section) -> Body:
    """A row that the form does not have, with figures."""
    places = whole_rows(body)
    if not is_crossed(section) or len(places) < 4:
        return body
    at = rng.choice(places[2:-2])
    parts = [rng.choice((0, 0, 1, 2, 7, 35)) for _ in section.table.columns[1:]]
    row = [Cell(str(each), True) for each in (*parts, sum(parts))]
    line = (Cell(rng.choice(_UNKNOWN)), *row)
    return [*body[:at], line, *body[at:]]


def row_again(body: Body, rng: Random, section: Section) -> Body:
    """A row stands twice: after a page break, or as a slip of copying."""
    places = whole_rows(body)
    at = rng.choice(places) if places else 0
    return [*body[: at + 1], *body[at : at + 1], *body[at + 1 :]] if places else body


def row_lost(body: Body, rng: Random, section: Section) -> Body:
    """A row's label is gone, or its figures, or both."""
    places = whole_rows(body)
    if not places:
        return body
    at = rng.choice(places)
    kept = rng.choice((labels(body[at]), figures(body[at]), ()))
    return [*body[:at], *([kept] if kept else []), *body[at + 1 :]]


def page_marks(body: Body, rng: Random, section: Section) -> Body:
    """Page numbers among the rows, alone or behind a figure's row."""
    form = rng.choice(("{}", "- {} -", "第{}页", "{}/9", "—{}—", "{} 页"))
    every, found, number = rng.choice((6, 9, 15)), list[Line](), rng.randint(1, 8)
    for at, line in enumerate(body):
        found.append(line)
        if at % every == every - 1:
            found.append((Cell(form.format(number)),))
            number += 1
    return found


def header_again(body: Body, rng: Random, section: Section) -> Body:
    """The header stands again in the middle, under a page number and （续表）."""
    if not is_crossed(section):
        return body
    at = rng.choice(whole_rows(body)[1:] or [len(body)])
    marks = [(Cell(str(rng.randint(1, 9))),), (Cell("（续表）"),)]
    return [*body[:at], *rng.choice((marks, marks[:1], marks[1:], [])), *header(body), *body[at:]]


def header_lost(body: Body, rng: Random, section: Section) -> Body:
    """The table has no header."""
    return body[len(header(body)) :] if is_crossed(section) else body


def total_first_without_header(body: Body, rng: Random, section: Section) -> Body:
    """The total stands first and nothing says so."""
    if not is_crossed(section):
        return body
    kept = rng.choice((0, 1, 1))
    last = len(section.table.columns) - 1
    order = [last, *range(last)]
    if not _breaks(body, order):
        return body
    return [*body[:kept], *(_turned(line, order) for line in body[len(header(body)) :])]


def right_to_left(body: Body, rng: Random, section: Section) -> Body:
    """Columns from right to left, the header in the same order, or lost."""
    if not is_crossed(section):
        return body
    order = list(range(len(section.table.columns)))[::-1]
    heads = [tuple(Cell(column.label) for column in reversed(section.table.columns))]
    return [
        *rng.choice((heads, heads, [])),
        *(_turned(line, order) for line in body[len(header(body)) :]),
    ]


def _breaks(body: Body, order: list[int]) -> bool:
    """Whether so many rows no longer add up in this order that the columns must be in doubt."""
    rows = [line for line in body if figures(line)]
    broken = [line for line in rows if not adds_up(_turned(line, order))]
    return len(broken) > max(3, len(rows) // 5 + 1)


def _turned(line: Line, order: list[int]) -> Line:
    numbers = figures(line)
    if len(numbers) != len(order):
        return line
    return labels(line) + tuple(numbers[at] for at in order)


def vertical_labels(body: Body, rng: Random, section: Section) -> Body:
    """Group labels one character to a line, beside or above the rows they are for."""
    if not is_crossed(section):
        return body
    found: Body = []
    pending: list[str] = []
    for line in body:
        *above, label = labels(line) or (Cell(""),)
        pending += [character for cell in above for character in cell.text]
        if not figures(line):
            found.append(line)
            continue
        count = rng.choice((1, 1, 2, 3))
        found += [(Cell(character),) for character in pending[: count - 1]]
        front = tuple(Cell(character) for character in pending[count - 1 : count])
        pending = pending[count:]
        found.append((*front, label, *figures(line)))
    return found + [(Cell(character),) for character in pending]


def cut_in_two(body: Body, rng: Random, section: Section) -> Body:
    """The table's left columns, then its right ones with the labels again."""
    if not is_crossed(section):
        return body
    at = rng.randint(1, len(section.table.columns) - 1)
    heads = tuple(Cell(column.label) for column in section.table.columns)
    rows = body[len(header(body)) :]
    left = [heads[:at], *(labels(line) + figures(line)[:at] for line in rows)]
    again = rng.random() < 0.7
    right = [heads[at:], *((labels(line) if again else ()) + figures(line)[at:] for line in rows)]
    return [body[0], *left, *right]


def turned_over(body: Body, rng: Random, section: Section) -> Body:
    """Rows are printed as columns: a line for each sort of applicant."""
    if not is_crossed(section):
        return body
    rows = [line for line in body if figures(line)]
    found: Body = [tuple(cell for line in rows for cell in labels(line)[-1:])]
    for at, column in enumerate(section.table.columns):
        found.append((Cell(column.label), *(figures(line)[at] for line in rows)))
    return found


def subtotals(body: Body, rng: Random, section: Section) -> Body:
    """A group's label carries the sums of its rows."""
    if not is_crossed(section):
        return body
    found: Body = []
    for at, line in enumerate(body):
        said = labels(line)
        if len(said) > 1 and figures(line):
            rows = [figures(line)]
            for other in body[at + 1 :]:
                if len(labels(other)) != 1 or not labels(other)[0].text[0].isdigit():
                    break
                rows.append(figures(other))
            columns = zip(*([_number(cell.text) for cell in row] for row in rows), strict=True)
            sums = tuple(Cell(str(sum(column)), True) for column in columns)
            found += [(*said[:-1], *sums), (said[-1], *figures(line))]
        else:
            found.append(line)
    return found


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def labels_lost(body: Body, rng: Random, section: Section) -> Body:
    """Figures without any label, the header printed or not."""
    if not is_crossed(section):
        return body
    return [
        *(body[:2] if rng.random() < 0.5 else []),
        *(figures(line) for line in body if figures(line)),
    ]


def _invisible(text: str, rng: Random) -> str:
    return rng.choice(("\u200b", "\u00ad", "\u2060", "\ufeff")).join(text)


def _quoted(text: str, rng: Random) -> str:
    return rng.choice(('"{}"', "'{}", "**{}**", "_{}_", "`{}`", "~~{}~~", "[{}](#f)")).format(text)


def glue(body: Body, rng: Random, section: Section) -> Body:
    """Several neighbours run together in every row."""
    for _ in range(rng.choice((1, 3, 6))):
        body = join_figures(body, rng, section)
    return body


LOSSES: dict[str, Damage] = {
    "commas in figures": _each_figure(_grouped_digits(","), 1.0),
    "blanks in figures": _each_figure(_grouped_digits(" "), 1.0),
    "wide commas in figures": _each_figure(_grouped_digits("，"), 1.0),
    "thin blanks in figures": _each_figure(_grouped_digits("\u2009"), 1.0),
    "recogniser's letters": _each_figure(_misread, 0.3),
    "footnote marks": _each_figure(_noted, 0.1),
    "units": _each_figure(_with_unit, 0.5),
    "parts in brackets": _each_figure(_with_part, 0.1),
    "decimals": _each_figure(_with_decimals, 0.5),
    "spelt figures": _each_figure(_spelt, 0.3),
    "spaced digits": _each_figure(_spaced, 0.5),
    "invisible characters": _each_figure(_invisible, 0.5),
    "marks around figures": _each_figure(_quoted, 0.2),
    "subtotals": subtotals,
    "labels lost": labels_lost,
    "zero lost": zero_lost,
    "torn and zero lost": torn_and_zero_lost,
    "blanks vanish": blanks_vanish,
    "last year beside": last_year_beside,
    "last year's column": last_year_column,
    "column of remarks": percentages,
    "unknown row": unknown_row,
    "row again": row_again,
    "row lost": row_lost,
    "page numbers": page_marks,
    "header again": header_again,
    "header lost": header_lost,
    "total first, no header": total_first_without_header,
    "right to left": right_to_left,
    "vertical labels": vertical_labels,
    "cut in two": cut_in_two,
    "turned over": turned_over,
    "glued": glue,
}
