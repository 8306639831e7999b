"""For authors of forms: invented reports that agree in every sum, in the layouts people copy.

In: a `Form` and a seeded `Random`. Out: figures that satisfy every sum printed on the form, the
headings, prose and printed rows that carry them, and whole texts in the shapes that web pages, word
processors and PDF take when copied (`LAYOUTS`). Every layout here loses nothing that a careful
person could not restore: a reader must get each cell right. Only `audit rules try` uses this
package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form, Group, Line, Table
from auditor.model.report import Number, Report
from auditor.strength.trials import Figures, as_report, consistent_figures, written

__all__ = [
    "AGENCIES",
    "BLANK_FOR_ZERO",
    "LAYOUTS",
    "Figures",
    "as_report",
    "boxes",
    "consistent_figures",
    "figures_of",
    "rows_of",
    "written",
]

AGENCIES = (
    "青溪市水务局",
    "望舒县人民政府办公室",
    "云岭区住房和城乡建设局",
    "临川新区管理委员会",
    "石渡镇人民政府",
    "东篱省文化和旅游厅",
)
"""Nobody's names."""


def figures_of(report: Report) -> dict[Address, Decimal | None]:
    """What was read as a number, by box; None for boxes in any other state."""
    return {
        box: entry.value.value if isinstance(entry.value, Number) else None
        for box, entry in report.entries.items()
    }


def boxes(form: Form, *tables: str) -> list[Address]:
    """The boxes of the named tables, in printed order."""
    return [box for key in tables for box in form.table(key).boxes()]


def rows_of(table: Table) -> list[Line]:
    """The rows that are printed."""
    return [row for row in table.rows if not row.instead_of]


_ARTICLES = {
    "regulations": "第二十条第（一）项",
    "licences": "第二十条第（五）项",
    "penalties": "第二十条第（六）项",
    "fees": "第二十条第（八）项",
    "procurement": "第二十条第（九）项",
}
_RECEIVED = Address("applications", "new_received", "total")
"""A box of the form whose reports have the prose below; others have their names only."""
_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One printed row: label cells, left to right, then figures.

    A label that is `""` continues the cell above; labels that a wide cell covers are left out.
    """

    labels: tuple[str, ...]
    figures: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """The labels that begin in this row."""
        return tuple(label for label in self.labels if label)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the rows of the table under it; rows without figures are its header."""

    table: Table
    heading: str
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]


def page(
    form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> Page:
    """The report of `agency` for `year` with these figures and some prose of no consequence."""
    sections = tuple(_section(form, table, figures) for table in form.tables)
    received = figures.get(_RECEIVED)
    if received is None:
        return Page(f"{agency}{year}", _names(form), sections, form.after[:1])
    opening = [
        f"本报告依照《中华人民共和国政府信息公开条例》编写。所列数据的统计期限自{year}年1月1日起"
        f"至{year}年12月31日止。",
        "一、总体情况",
        f"{year}年，{agency}把群众想知道的事先说清楚。全年在门户网站发布信息"
        f"{rng.randint(20, 900)}条，接听来电{rng.randint(100, 3000)}次。",
        f"本年新收政府信息公开申请{received}件，均在法定期限内登记。"
        if rng.random() < 0.5
        else "申请渠道畅通，答复格式统一。",
        "公开栏目按季检查，过时内容随查随改；培训两次，参加人员覆盖各科室。",
    ]
    closing = [
        "五、存在的主要问题及改进情况",
        "政策解读的图表偏少，个别栏目更新不够及时。下一年将固定每月更新日，并请读者评议。",
        "六、其他需要报告的事项",
        f"{year}年度未收取信息处理费。没有其他需要报告的事项。",
        agency,
        f"{year + 1}年1月{rng.randint(5, 28)}日",
    ]
    return Page(
        f"{agency}{year}年政府信息公开工作年度报告", tuple(opening), sections, tuple(closing)
    )


def _names(form: Form) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.name.values()))


def _section(form: Form, table: Table, figures: Mapping[Address, Decimal]) -> Section:
    if table.layout == "single":
        rows = _single(table, figures)
    elif len({row.columns for row in table.rows}) > 1:
        rows = _blocks(table, figures)
    else:
        rows = _grouped(table, figures)
    title = table.title.get("zh", "")
    is_heading = any(heading in title for heading in table.headings)
    return Section(table, title if is_heading else table.headings[0], tuple(rows))


def _figures(row: Line, table: Table, figures: Mapping[Address, Decimal]) -> tuple[str, ...]:
    return tuple(written(figures[box]) for box in table.addresses(row))


def _blocks(table: Table, figures: Mapping[Address, Decimal]) -> list[PrintedRow]:
    """Blocks of rows, each with its own column headers; those of table two have a caption."""
    found: list[PrintedRow] = []
    above: tuple[str, ...] = ()
    for row in rows_of(table):
        headers = tuple(table.column(key).label for key in row.columns)
        if row.key in _ARTICLES:
            found += [PrintedRow((_ARTICLES[row.key],)), PrintedRow(("信息内容", *headers))]
        elif headers != above:
            found.append(PrintedRow(headers))
        above = headers
        found.append(PrintedRow((row.label,), _figures(row, table, figures)))
    return found


def _grouped(table: Table, figures: Mapping[Address, Decimal]) -> list[PrintedRow]:
    """Labels in several columns, outer ones printed where their span begins; table three has a
    header of three lines."""
    columns = tuple(column.label for column in table.columns)
    found = [PrintedRow(columns)]
    if _CORNER in table.captions:
        first, *middle, last = columns
        found = [PrintedRow((_CORNER, "申请人情况")), PrintedRow((first, "法人或其他组织", last))]
        found.append(PrintedRow(tuple(middle)))
    begun: set[str] = set()
    for row in rows_of(table):
        labels = []
        for group in reversed(table.ancestors(row)):
            labels.append(_unless_begun(group, begun))
        found.append(PrintedRow((*labels, row.label), _figures(row, table, figures)))
    return found


def _unless_begun(group: Group, begun: set[str]) -> str:
    if group.key in begun:
        return ""
    begun.add(group.key)
    return group.label


def _single(table: Table, figures: Mapping[Address, Decimal]) -> list[PrintedRow]:
    """Three header rows, as table four has them, and one row of figures."""
    review, *suits = rows_of(table)
    over = tuple(table.captions[:1]) if suits else ()
    columns = tuple(column.label for column in table.columns)
    boxes = [figure for row in (review, *suits) for figure in _figures(row, table, figures)]
    return [
        PrintedRow((review.label, *over)),
        PrintedRow((*columns, *(suit.label for suit in suits))),
        PrintedRow(columns * len(suits)),
        PrintedRow((), tuple(boxes)),
    ]


Layout = Callable[[Form, Mapping[Address, Decimal], str, int, Random], str]
Setter = Callable[[Section, Random], Iterable[str]]
"""A section without its heading, as lines."""


def whole(setter: Setter, apart: str = "\n", heading: str = "{}") -> Layout:
    """A layout that sets each table with `setter`, and prose as one paragraph a line."""

    def layout(
        form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
    ) -> str:
        return joined(page(form, figures, agency, year, rng), setter, rng, apart, heading)

    return layout


def joined(made: Page, setter: Setter, rng: Random, apart: str = "\n", heading: str = "{}") -> str:
    """The page with its tables set by `setter`; `apart` separates paragraphs."""
    parts = [made.title, *made.opening]
    for section in made.sections:
        parts.append(heading.format(section.heading))
        parts.append("\n".join(setter(section, rng)))
    return apart.join([*parts, *made.closing]) + "\n"


def is_single(section: Section) -> bool:
    """Whether the table's boxes stand side by side in one row."""
    return section.table.layout == "single"


def wrap(text: str, width: int) -> list[str]:
    """`text` cut every `width` characters."""
    return [text[at : at + width] for at in range(0, len(text), width)]


# One cell to a line, as web pages are copied


def blank(figures: tuple[str, ...], mark: str = "") -> tuple[str, ...]:
    """Zeros left empty, but never the last figure, nor one that stands alone."""
    body = tuple(mark if f == "0" and len(figures) > 1 else f for f in figures[:-1])
    return (*body, *figures[-1:])


def _cells(row: PrintedRow) -> list[str]:
    return [*row.said, *row.figures]


def cell_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in _cells(row):
            yield cell
            yield from [""] * rng.randint(1, 2)


def slash_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in (*row.said, *(figure if figure != "0" else "/" for figure in row.figures)):
            yield cell
            yield ""


def cell_and_pipe_lines(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        for cell in _cells(row):
            yield from (cell, "|")


def cell_then_pipe(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield from (f"{cell} |" for cell in _cells(row))
        if rng.random() < 0.3:
            yield "|" * rng.choice((2, 4))


def pipe_then_cells(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield "| "
        yield from (f" {cell}  | " for cell in _cells(row))


def pipe_label_then_cells(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        first, *others = _cells(row)
        yield f"| {first}"
        yield "|"
        for cell in others:
            yield from (cell, "|")


def bare_pipe_blanks(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield from (f"{label} |" for label in row.said)
        yield from (f"{figure} |" if figure else "|" for figure in blank(row.figures))


# One printed line for every row


def _trailing_pipes(section: Section, rng: Random) -> Iterable[str]:
    residue = "|" * rng.randint(0, 4)
    for row in section.rows:
        yield " | ".join([*row.said, *row.figures]) + " |" + residue


def _leading_pipes(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        figures = [rng.choice(("", " ", "\u3000", "\u00a0  ")) + figure for figure in row.figures]
        labels = [label.replace("第（", "第 （") for label in row.said]
        yield "| " + " | ".join([*labels, *figures]) + " | " + "|" * rng.randint(0, 2)


def _bare_pipes(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        yield " | ".join([*row.said, *row.figures]) + ("" if row.figures else " |")


def blank_cells(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        labels = [label and f"{label} " for label in row.labels]
        figures = [f" {figure} " if figure else " " for figure in blank(row.figures)]
        yield "|".join([*labels, *figures]) + "|"


def _tabs(section: Section, rng: Random) -> Iterable[str]:
    spans = max(len(row.labels) for row in section.rows if row.figures)
    for row in section.rows:
        if not row.figures or is_single(section):
            yield "\t".join([*row.labels, *row.figures]) + "\t" * rng.randint(0, 3)
            continue
        residue = [""] * (spans - len(row.labels) if rng.random() < 0.8 else 0)
        stray = "\t" if rng.random() < 0.1 else ""
        yield stray + "\t".join([*row.labels, *residue, *row.figures]) + "\t" * rng.randint(0, 1)


def _header_words(section: Section, rng: Random) -> Iterable[str]:
    """Narrow header cells as a PDF gives them: two or three characters a line."""
    for row in section.rows:
        if not row.figures:
            if len(row.labels) > 2:
                for label in row.labels:
                    yield from wrap(label, 2)
            else:
                yield " ".join(row.labels)


def spaces(section: Section, rng: Random) -> Iterable[str]:
    if section.table.groups or is_single(section):
        yield from _header_words(section, rng)
    for row in section.rows:
        if row.figures:
            yield from row.said[:-1]
            yield " ".join([*row.said[-1:], *row.figures])
        elif not (section.table.groups or is_single(section)):
            yield " ".join(row.labels)


def _last_below(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        label = row.said[-1] if row.said else ""
        if len(label) > 18 and row.figures:
            yield from row.said[:-1]
            yield from wrap(label, 18)
            yield ""
            yield " ".join(row.figures[:-1])
            yield row.figures[-1]
        else:
            yield " ".join([*row.said, *row.figures])


def _wrapped(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        *above, label = row.said or ("",)
        for group in above:
            yield from (part for line in wrap(group, 3) for part in (line, ""))
        if len(label) > 15 and row.figures:
            yield from (part for line in wrap(label, 15) for part in (line, ""))
            yield " ".join(row.figures)
        else:
            yield " ".join([*([label] if label else []), *row.figures])
        yield ""


def _page_break(section: Section, rng: Random) -> Iterable[str]:
    pending = ""
    for row in section.rows:
        *above, label = row.said or ("",)
        if pending:
            above, pending = [*above, pending], ""
        elif above and len(above[-1]) > 5 and row.figures and len(row.labels) > 2:
            group = above.pop()
            above.append(group[:4])
            pending = group[4:]
        yield " ".join([*above, *([label] if label else []), *row.figures])
        if pending:
            yield "\n\f" if rng.random() < 0.5 else "\n"


def _markdown(section: Section, rng: Random) -> Iterable[str]:
    wide = max(len(row.labels) + len(row.figures) for row in section.rows)
    for index, row in enumerate(section.rows):
        cells = [*row.labels, *row.figures]
        cells += [""] * (wide - len(cells)) if not row.figures else []
        yield "| " + " | ".join(cells) + " |"
        if index == 0:
            yield "|" + "---|" * wide


# As PDF gives it


def _raw_order(section: Section, rng: Random) -> Iterable[str]:
    number = rng.randint(2, 9)
    for row in section.rows:
        *above, label = row.said or ("",)
        for group in above:
            if len(group) > 8:
                yield from (group[:2], *group[2:])
            else:
                yield group[:4]
                if rng.random() < 0.5:
                    yield f"- {number} -"
                    number += 1
                yield group[4:]
        yield " ".join([*([label] if label else []), *row.figures])


def aligned(section: Section, rng: Random) -> Iterable[str]:
    for row in section.rows:
        *above, label = row.said or ("",)
        if not row.figures:
            yield "      " + "    ".join(row.labels)
            continue
        yield from ("  " + group for group in above)
        lines = wrap(label, 20) or [""]
        numbers = "".join(f" {figure:>8}" for figure in row.figures)
        pad = " " * 48
        if len(lines) == 1:
            yield "      " + lines[0] + "  " * (21 - len(lines[0])) + numbers
        else:
            half = (len(lines) + 1) // 2
            yield from ("      " + line for line in lines[:half])
            yield pad + numbers
            yield from ("      " + line for line in lines[half:])


# Other habits


def _three_tables(section: Section, rng: Random) -> Iterable[str]:
    if not is_single(section):
        yield from _trailing_pipes(section, rng)
        return
    width = len(section.table.columns)
    figures = section.rows[-1].figures
    for index, row in enumerate(section.table.rows):
        yield f"### {row.label}" if not index else f"### 行政诉讼（{row.label}）"
        yield "| " + " | ".join(column.label for column in section.table.columns) + " |"
        yield "|" + "---|" * width
        yield "| " + " | ".join(figures[index * width : (index + 1) * width]) + " |"


def _one_line(
    form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> str:
    said = joined(page(form, figures, agency, year, rng), spaces, rng)
    return " ".join(said.split()) + "\n"


def _full_width(section: Section, rng: Random) -> Iterable[str]:
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    for row in section.rows:
        yield " | ".join([*row.said, *(figure.translate(wide) for figure in row.figures)]) + " |"


def _traditional(
    form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> str:
    back = {ord(simple): variant for variant, simple in form.fold.items()}
    said = joined(page(form, figures, agency, year, rng), cell_then_pipe, rng)
    return said.translate(back)


LAYOUTS: dict[str, Layout] = {
    "rows with trailing pipes": whole(_trailing_pipes),
    "rows with leading pipes": whole(_leading_pipes),
    "rows with pipes between": whole(_bare_pipes),
    "blank cells between pipes": whole(blank_cells),
    "tabs with residue of wide cells": whole(_tabs),
    "spaces, header in pieces": whole(spaces),
    "last figure on the next line": whole(_last_below),
    "wrapped labels, figures after": whole(_wrapped, "\n\n"),
    "group label torn by a page break": whole(_page_break),
    "one cell to a line": whole(cell_lines, "\n\n"),
    "slashes for zero": whole(slash_lines, "\n\n"),
    "cell and pipe on alternating lines": whole(cell_and_pipe_lines),
    "cell and pipe on one line": whole(cell_then_pipe),
    "pipe, then cells": whole(pipe_then_cells),
    "pipe and label, then cells": whole(pipe_label_then_cells),
    "bare pipes for blank cells": whole(bare_pipe_blanks),
    "raw order of a PDF": whole(_raw_order),
    "aligned by spaces": whole(aligned),
    "Markdown": whole(_markdown, "\n\n", "## {}"),
    "table four in three": whole(_three_tables, "\n\n", "## {}"),
    "everything on one line": _one_line,
    "full-width digits": whole(_full_width),
    "traditional characters": _traditional,
}

BLANK_FOR_ZERO = frozenset(
    {"blank cells between pipes", "slashes for zero", "bare pipes for blank cells"}
)
"""Layouts that leave a zero empty; a reader must then say blank, or zero."""
