"""Whole shapes of text that no damage of lines describes: columns of print, grids, table four."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from auditor.model.form import Address
from auditor.strength.trials import Figures
from auditor.testing import PrintedRow, Section, is_single, joined, spaces, wrap
from tests.damage.body import STYLES, Cell, adds_up, body_of, figures, is_crossed
from tests.damage.judge import Sample, truth_of
from tests.damage.reports import MARKS, Case, invent

Shape = Callable[[Case, Random], Sample]
Setter = Callable[[Section, Random], Iterable[str]]


def _sample(case: Case, text: str, blanks: bool = False) -> Sample:
    return Sample(text.encode(), ".txt", case, truth_of(case), blanks)


def _set(setter: Setter, where: Callable[[Section], bool], blanks: bool = False) -> Shape:
    """A report whose sections are set by `setter` where that applies, else with spaces."""

    def shape(case: Case, rng: Random) -> Sample:
        def either(section: Section, rng: Random) -> Iterable[str]:
            return setter(section, rng) if where(section) else spaces(section, rng)

        return _sample(case, joined(case.page(rng), either, rng), blanks)

    return shape


# As `pdftotext -layout` gives narrow columns


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - _width(text))


def _laid_out(section: Section, rng: Random) -> Iterable[str]:
    """Labels and figures wrapped each in its column; lines share the row's height, centred."""
    wide, narrow, gap = rng.choice((10, 14, 20)), rng.choice((2, 3, 4, 5)), rng.choice((0, 1, 1, 2))
    for line in body_of(section):
        if not figures(line):
            yield "   ".join(cell.text for cell in line)
            continue
        said = wrap("".join(cell.text for cell in line if not cell.figure), wide) or [""]
        parts = [wrap(cell.text, narrow) for cell in figures(line)]
        height = max(len(said), *map(len, parts))
        columns = [_centred(said, height), *(_centred(part, height) for part in parts)]
        for at in range(height):
            label = _padded(columns[0][at], 2 * wide + 2)
            numbers = (f"{column[at]:<{narrow + gap}}" for column in columns[1:])
            yield (label + "".join(numbers)).rstrip()


def _centred(lines: Sequence[str], height: int) -> list[str]:
    above = (height - len(lines)) // 2
    return [""] * above + list(lines) + [""] * (height - len(lines) - above)


def _raw_cells(section: Section, rng: Random) -> Iterable[str]:
    """A cell a line, in columns so narrow that figures and labels take several."""
    narrow = rng.choice((1, 2, 3, 4))
    for line in body_of(section):
        for cell in line:
            yield from wrap(cell.text, narrow if cell.figure else 12)


def _pieces_row_by_row(section: Section, rng: Random) -> Iterable[str]:
    """As pdfminer groups boxes: some rows' figures on one line, others one to a line, with gaps."""
    narrow = rng.choice((3, 4, 9, 9))
    for line in body_of(section):
        parts = [wrap(cell.text, narrow if cell.figure else 15) for cell in line]
        if rng.random() < 0.5:
            yield " ".join(part[0] for part in parts if part)
            yield from (rest for part in parts for rest in part[1:])
        else:
            yield from (piece for part in parts for piece in (*part, ""))


def _grid(section: Section, rng: Random) -> Iterable[str]:
    """A grid table of reStructuredText or plain text; cells wrapped in their columns."""
    narrow = rng.choice((1, 2, 3, 4, 6, 8))
    mark = rng.choice(("0", "0", "-"))
    wide = max(len(row.figures) for row in section.rows) or 1
    depth = max(len(row.labels) for row in section.rows if row.figures)
    widths = [rng.choice((4, 8, 20))] * depth + [narrow] * wide
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    yield rule
    for row in section.rows:
        labels = [*row.labels, *[""] * depth][: len(widths) if not row.figures else depth]
        texts = [*labels, *(mark if f == "0" else f for f in row.figures)]
        texts = (texts + [""] * len(widths))[: len(widths)]
        cells = [
            wrap(text, max(1, width // 2 if not text.isdigit() else width)) or [""]
            for text, width in zip(texts, widths, strict=True)
        ]
        for at in range(max(map(len, cells))):
            shown = [cell[at] if at < len(cell) else "" for cell in cells]
            yield "| " + " | ".join(map(_padded, shown, widths)) + " |"
        yield rule


def _simple_table(section: Section, rng: Random) -> Iterable[str]:
    """A table between rules, as pandoc writes plain text; cells wrapped in their columns."""
    narrow = rng.choice((2, 3, 4, 6, 8))
    yield "-" * 70
    for line in body_of(section):
        said = wrap(" ".join(cell.text for cell in line if not cell.figure), 18) or [""]
        parts = [wrap(cell.text, narrow) for cell in figures(line)]
        for at in range(max([len(said), *map(len, parts)])):
            numbers = (f"{part[at] if at < len(part) else '':<{narrow + 2}}" for part in parts)
            yield "  " + _padded(said[at] if at < len(said) else "", 40) + "".join(numbers)
        yield ""
    yield "-" * 70


# Nothing between cells


def _glued(section: Section, rng: Random) -> Iterable[str]:
    """All of a table without anything between its cells, as a web page's text content."""
    yield "".join(cell.text for line in body_of(section) for cell in line)


def _glued_rows(section: Section, rng: Random) -> Iterable[str]:
    for line in body_of(section):
        yield "".join(cell.text for cell in line)


def _comma_separated(section: Section, rng: Random) -> Iterable[str]:
    mark = rng.choice((",", ";", "，", "、"))
    for line in body_of(section):
        yield mark.join(cell.text for cell in line)


# Table four


def _disputes_in_rows(section: Section, rng: Random) -> Iterable[str]:
    """Each of the three captions begins a row; their order may be another."""
    size = len(section.table.columns)
    numbers = section.rows[-1].figures
    rows = list(section.table.rows)
    if rng.random() < 0.5:
        rng.shuffle(rows)
    if rng.random() < 0.7:
        yield " ".join(["", *(column.label for column in section.table.columns)])
    at = {row.key: where for where, row in enumerate(section.table.rows)}
    apart = rng.choice((" ", "\t", "\n"))
    for row in rows:
        own = numbers[at[row.key] * size : (at[row.key] + 1) * size]
        yield row.label + apart + rng.choice((" ", apart)).join(own)


def _disputes_in_blocks(section: Section, rng: Random) -> Iterable[str]:
    """Three blocks, each with its caption and header; their order may be another."""
    size = len(section.table.columns)
    numbers = section.rows[-1].figures
    blocks = list(enumerate(section.table.rows))
    rng.shuffle(blocks)
    for at, row in blocks:
        if at and rng.random() < 0.3:
            yield "行政诉讼"
        yield row.label
        yield " ".join(column.label for column in section.table.columns)
        yield " ".join(numbers[at * size : (at + 1) * size])


def _disputes_wrapped(section: Section, rng: Random) -> Iterable[str]:
    """The fifteen boxes in lines of another length, or in columns of the header."""
    *header, row = section.rows
    for each in header:
        yield " ".join(each.said)
    size = rng.choice((1, 3, 4, 5, 5, 7, 8))
    for at in range(0, len(row.figures), size):
        yield " ".join(row.figures[at : at + size])


def _disputes_torn(case: Case, rng: Random) -> Sample:
    """Figures torn, and as many zeros lost: fifteen by accident, and only the sums tell."""

    def setter(section: Section, rng: Random) -> Iterable[str]:
        if not is_single(section) or (case.planted and case.planted.table == section.table.key):
            return spaces(section, rng)
        *header, row = section.rows
        numbers = list(row.figures)
        for _ in range(rng.choice((1, 1, 2))):
            numbers = _torn_and_lost(numbers, rng)
        return [*(" ".join(each.said) for each in header), " ".join(numbers)]

    return _sample(case, joined(case.page(rng), setter, rng))


def _torn_and_lost(numbers: list[str], rng: Random) -> list[str]:
    long = [at for at, text in enumerate(numbers) if len(text) > 1]
    zeros = [at for at, text in enumerate(numbers) if text == "0"]
    if not long or not zeros:
        return numbers
    torn, lost = rng.choice(long), rng.choice(zeros)
    cut = rng.randrange(1, len(numbers[torn]))
    pieces = [
        [text[:cut], text[cut:]] if at == torn else [text]
        for at, text in enumerate(numbers)
        if at != lost
    ]
    changed = [piece for group in pieces for piece in group]
    blocks = (changed[at : at + 5] for at in range(0, len(changed), 5))
    shows = any(not adds_up(tuple(Cell(text, True) for text in block)) for block in blocks)
    return changed if shows else numbers


def _disputes_early(case: Case, rng: Random) -> Sample:
    """Table four's captions and figures stand among the last rows of table three."""
    held: list[str] = []

    def setter(section: Section, rng: Random) -> Iterable[str]:
        lines = list(spaces(section, rng))
        if is_single(section):
            return held
        if is_crossed(section):
            table = next(each for each in made.sections if is_single(each))
            four = [text for row in table.rows for text in (*row.said, *row.figures)]
            at = len(lines) - rng.choice((1, 2, 4))
            return [*lines[:at], *(x for text in four for x in (text, "")), *lines[at:]]
        return lines

    made = case.page(rng)
    return _sample(case, joined(made, setter, rng))


# Pages


def _two_columns(case: Case, rng: Random) -> Sample:
    """A page of two columns read across: prose stands to the left or right of the rows."""
    prose = wrap("为进一步做好政府信息公开工作，我单位加强组织领导，完善制度，强化培训。" * 20, 16)
    numbered = rng.random() < 0.4

    def setter(section: Section, rng: Random) -> Iterable[str]:
        left = rng.random() < 0.5
        for at, line in enumerate(spaces(section, rng)):
            beside = prose[at % len(prose)]
            if numbered and at % 3 == 0:
                beside = beside[:8] + str(rng.randint(1, 300)) + beside[8:]
            yield f"{beside}      {line}" if left else f"{line}      {beside}"

    return _sample(case, joined(case.page(rng), setter, rng))


def _twice(case: Case, rng: Random) -> Sample:
    """Every table stands twice, the second time as an annex; set alike or in another way."""
    first, second = rng.choice(list(STYLES)), rng.choice(list(STYLES))

    def setter(section: Section, rng: Random) -> Iterable[str]:
        yield from STYLES[first](body_of(section))
        if again:
            return
        yield rng.choice(("附件", "（续）", "附表", section.heading))
        yield from STYLES[second](body_of(section))

    again = rng.random() < 0.5
    text = joined(case.page(rng), setter, rng)
    if again:
        text += "附件\n" + text
    return _sample(case, text)


def _last_year_too(case: Case, rng: Random) -> Sample:
    """Last year's tables follow this year's, or precede them, under a heading that says so."""
    size = rng.choice(("few", "dozens"))
    other = invent(case.form, (case.year - 1, case.year - 1), rng, size, False)
    before = rng.random() < 0.3
    old = {each.heading: each for each in other.page(rng).sections}

    def setter(section: Section, rng: Random) -> Iterable[str]:
        now = list(spaces(section, rng))
        then = list(spaces(old[section.heading], rng))
        mark, this = f"附：{case.year - 1}年情况", f"{case.year}年情况"
        yield from [mark, *then, this, *now] if before else [*now, mark, *then]

    return _sample(case, joined(case.page(rng), setter, rng))


def _row_corrected(case: Case, rng: Random) -> Sample:
    """A row stands twice and says two things; either may be meant."""
    table = next(each for each in case.form.tables if each.groups)
    row = rng.choice([each for each in table.rows if not each.instead_of])
    boxes = table.addresses(row)
    changed: dict[Address, Decimal] = {}

    def setter(section: Section, rng: Random) -> Iterable[str]:
        for line in body_of(section):
            text = " ".join(cell.text for cell in line)
            if is_crossed(section) and figures(line) and line[-8].text == row.label:
                numbers = [int(c.text) if c.text.isdigit() else 0 for c in figures(line)]
                at = rng.randrange(len(numbers))
                numbers[at] += rng.randint(1, 9)
                changed[boxes[at]] = Decimal(numbers[at])
                said = " ".join([line[-8].text, *map(str, numbers)])
                yield from rng.choice(([text, said], [said, text]))
            else:
                yield text

    text = joined(case.page(rng), setter, rng)
    truth = dict(truth_of(case))
    for box, figure in changed.items():
        truth[box] = truth[box] | {figure}
    return Sample(text.encode(), ".txt", case, truth)


def _row_renamed(case: Case, rng: Random) -> Sample:
    """A row that the form does not have stands in the place of one that it has, and in the sums."""
    table = next(each for each in case.form.tables if each.groups)
    inner = [each for each in table.rows if not each.instead_of and table.ancestors(each)]
    row = rng.choice(inner[2:-1])
    named = rng.choice(("9.其他情形", "（八）按有关规定另行处理", "其中涉及诉讼的", "网络申请"))

    def setter(section: Section, rng: Random) -> Iterable[str]:
        for line in body_of(section):
            text = " ".join(cell.text for cell in line)
            yield text.replace(row.label, named) if is_crossed(section) else text

    text = joined(case.page(rng), setter, rng)
    truth = dict(truth_of(case)) | {box: frozenset[Decimal]() for box in table.addresses(row)}
    return Sample(text.encode(), ".txt", case, truth)


def _sentence_before(case: Case, rng: Random) -> Sample:
    """A sentence with figures stands between heading and table, or behind it, or within it."""
    said = rng.choice(
        (
            "全年收到申请{}件，申请人均为自然人。其他情况见下表。",
            "本年度共办理{}件，与其他部门会商{}件。",
            "{}年共收到政府信息公开申请{}件",
            "单位：件",
            "（注：表中第5项含上年转来{}件）",
        )
    )
    place = rng.choice(("before", "before", "after", "within"))

    def setter(section: Section, rng: Random) -> Iterable[str]:
        lines = list(spaces(section, rng))
        if not is_crossed(section):
            return lines
        sentence = said.replace("{}年", f"{case.year}年").replace("{}", str(total))
        at = {"before": 0, "after": len(lines), "within": rng.randrange(5, len(lines))}[place]
        return [*lines[:at], sentence, *lines[at:]]

    total = case.figures[Address("applications", "new_received", "total")]
    return _sample(case, joined(case.page(rng), setter, rng))


def _number_between(section: Section, rng: Random) -> Iterable[str]:
    """A label within which its own figures stand, and labels before and behind the figures."""
    for row in section.rows:
        label = row.said[-1] if row.said else ""
        if not row.figures or len(label) < 6:
            yield " ".join([*row.said, *row.figures])
            continue
        cut = rng.randrange(3, len(label) - 1)
        yield " ".join([*row.said[:-1], label[:cut], *row.figures, label[cut:]])


def _last_year_rows(section: Section, rng: Random) -> Iterable[str]:
    """Below each row another, with last year's figures and without a label."""
    for line in body_of(section):
        yield " ".join(cell.text for cell in line)
        if figures(line):
            named = rng.choice(("上年 ", "上年同期 ", "", "其中 "))
            yield named + " ".join(str(rng.choice((0, 0, 1, 7, 35))) for _ in figures(line))


def _markdown_torn(section: Section, rng: Random) -> Iterable[str]:
    """Markdown rows in which a cell's text goes on in the next row."""
    for row in section.rows:
        long = [f for f in row.figures if len(f) > 2]
        if long and rng.random() < 0.6:
            heads = [f[:2] if len(f) > 2 else f for f in row.figures]
            tails = [f[2:] for f in row.figures]
            yield "| " + " | ".join([*row.labels, *heads]) + " |"
            yield "| " + " | ".join([*[""] * len(row.labels), *tails]) + " |"
        else:
            yield "| " + " | ".join([*row.labels, *row.figures]) + " |"


def _numbered(setter: Callable[[PrintedRow, int], str]) -> Setter:
    def numbering(section: Section, rng: Random) -> Iterable[str]:
        number = 0
        for row in section.rows:
            number += bool(row.figures)
            yield setter(row, number) if row.figures else " ".join(row.said)

    return numbering


def _index_in_pipes(row: PrintedRow, number: int) -> str:
    return "| " + " | ".join([str(number), row.said[-1] if row.said else "", *row.figures]) + " |"


def _index_behind(row: PrintedRow, number: int) -> str:
    return " ".join([*row.said, *row.figures, str(number)])


def _index_between(row: PrintedRow, number: int) -> str:
    return " ".join([*row.said, str(number), *row.figures])


def _label_over_rows(section: Section, rng: Random) -> Iterable[str]:
    """Table rows in which a label takes several, its figures in the first, a middle or the last."""
    place = rng.choice(("first", "middle", "last", "any"))
    between = rng.choice((" | ", "\t"))
    for row in section.rows:
        label = row.said[-1] if row.said else ""
        if not row.figures or len(label) < 9:
            yield between.join(["", *row.labels, *row.figures, ""])
            continue
        third = -(-len(label) // 3)
        parts = wrap(label, third)
        where = rng.choice(("first", "middle", "last")) if place == "any" else place
        at = {"first": 0, "middle": 1, "last": len(parts) - 1}[where]
        for number, part in enumerate(parts):
            above = row.labels[:-1] if not number else [""] * len(row.labels[:-1])
            own = row.figures if number == at else [""] * len(row.figures)
            yield between.join(["", *above, part, *own, ""])


def _rows_in_one(section: Section, rng: Random) -> Iterable[str]:
    """Two printed rows in one row of the table: every cell has two figures."""
    pending: PrintedRow | None = None
    apart = rng.choice((" ", "<br>", "  "))
    for row in section.rows:
        if pending and row.figures:
            labels = apart.join((*pending.said, *row.said))
            both = (apart.join(pair) for pair in zip(pending.figures, row.figures, strict=True))
            yield "| " + " | ".join([labels, *both]) + " |"
            pending = None
        elif row.figures and rng.random() < 0.15:
            pending = row
        else:
            yield "| " + " | ".join([*row.said, *row.figures]) + " |"
    if pending:
        yield "| " + " | ".join([*pending.said, *pending.figures]) + " |"


def _columns_headed(section: Section, rng: Random) -> Iterable[str]:
    """All labels, then each column under its heading, a figure a line or on one line."""
    rows = [row for row in section.rows if row.figures]
    yield from (row.said[-1] for row in rows)
    apart = rng.choice(("\n", " "))
    for at, column in enumerate(section.table.columns):
        yield column.label
        yield apart.join(row.figures[at] for row in rows)


def _hard_wrapped(case: Case, rng: Random) -> Sample:
    """Lines end after so many characters, also within figures and labels."""
    width, anywhere = rng.choice((20, 33, 40, 60, 76)), rng.random() < 0.5

    def setter(section: Section, rng: Random) -> Iterable[str]:
        for line in spaces(section, rng):
            yield from wrap(line, width) if anywhere else _at_blanks(line, width)

    return _sample(case, joined(case.page(rng), setter, rng))


def _at_blanks(line: str, width: int) -> Iterable[str]:
    held = ""
    for word in line.split(" "):
        if held and len(held) + 1 + len(word) > width:
            yield held
            held = word
        else:
            held = f"{held} {word}" if held else word
    yield held


def _glued_without_zeros(section: Section, rng: Random) -> Iterable[str]:
    """As glued, where zeros are printed as nothing."""
    cells = (cell for line in body_of(section) for cell in line)
    yield "".join(cell.text for cell in cells if cell.text not in ("0", *MARKS))


def _left_blank(case: Case, rng: Random) -> Sample:
    """Half the reports: the author left a box empty whose figure the sums ask for."""
    right = replace(case, figures=_unplanted(case, rng)) if case.planted else case
    boxes = [box for box, figure in right.figures.items() if figure and box.table == "applications"]
    style = rng.choice((" | ", "\t"))
    empty = rng.choice(boxes) if boxes and case.planted else None
    mark = rng.choice(("", "", "/", "–"))

    def setter(section: Section, rng: Random) -> Iterable[str]:
        table = section.table
        for row in section.rows:
            numbers = list(row.figures)
            own = empty and table.key == empty.table and numbers
            if empty and own and row.said[-1:] == (table.row(empty.row).label,):
                numbers[[each.key for each in table.columns].index(empty.column)] = mark
            yield style.join(["", *row.labels, *numbers, ""])

    text = joined(right.page(rng), setter, rng)
    truth = dict(truth_of(right))
    if empty:
        truth[empty] = frozenset()
    return Sample(text.encode(), ".txt", replace(right, planted=empty), truth)


def _unplanted(case: Case, rng: Random) -> Figures:
    """Other figures, without the error."""
    size = rng.choice(("dozens", "any"))
    other = invent(case.form, (case.year, case.year), rng, size, with_error=False)
    return other.figures


def _everywhere(section: Section) -> bool:
    return True


SHAPES: dict[str, Shape] = {
    "narrow columns laid out": _set(_laid_out, _everywhere),
    "narrow columns, table three": _set(_laid_out, is_crossed),
    "narrow cells, a line each": _set(_raw_cells, _everywhere),
    "pieces of boxes": _set(_pieces_row_by_row, _everywhere),
    "grid": _set(_grid, _everywhere, blanks=True),
    "simple table": _set(_simple_table, _everywhere),
    "Markdown, cells torn over rows": _set(_markdown_torn, is_crossed),
    "glued": _set(_glued, _everywhere),
    "glued rows": _set(_glued_rows, _everywhere),
    "comma separated": _set(_comma_separated, _everywhere),
    "label over table rows": _set(_label_over_rows, is_crossed),
    "two rows in one": _set(_rows_in_one, is_crossed),
    "columns headed": _set(_columns_headed, is_crossed),
    "hard wrapped": _hard_wrapped,
    "glued, zeros vanish": _set(_glued_without_zeros, _everywhere, blanks=True),
    "figure left blank": _left_blank,
    "disputes in rows": _set(_disputes_in_rows, is_single),
    "disputes in blocks": _set(_disputes_in_blocks, is_single),
    "disputes wrapped": _set(_disputes_wrapped, is_single),
    "disputes torn, zeros lost": _disputes_torn,
    "disputes early": _disputes_early,
    "index in pipes": _set(_numbered(_index_in_pipes), is_crossed),
    "index behind": _set(_numbered(_index_behind), is_crossed),
    "index between label and figures": _set(_numbered(_index_between), is_crossed),
    "figures within labels": _set(_number_between, is_crossed),
    "last year's rows": _set(_last_year_rows, is_crossed),
    "two columns of print": _two_columns,
    "tables twice": _twice,
    "last year's tables": _last_year_too,
    "row corrected": _row_corrected,
    "row the form does not have": _row_renamed,
    "sentence by the table": _sentence_before,
}
