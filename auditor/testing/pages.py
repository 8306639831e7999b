"""An invented report of a form before any layout: consistent figures, and the headings, prose and
printed rows that carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form, Group, Line, Table
from auditor.model.report import Number, Report
from auditor.strength.trials import Figures, as_report, consistent_figures, written

__all__ = [
    "AGENCIES",
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
