"""An invented corpus: agencies with histories and hierarchies, and what was planted in them.

Each year takes over what the year before carried forward, its stocks are those of the year before
with what came and went, and a government's figures are those of its offices, added up: only what
was planted is wrong. All of it is the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import NamedTuple

from msgspec import Struct

from auditor.model.form import Address, Form
from auditor.testing import LAYOUTS, Figures, consistent_figures

_ROWS = ("new_received", "carried_over", "total_handled", "carried_forward")
_STOCKS = ("regulations", "normative_documents")


_OFFICES = (
    *("水务局", "教育局", "财政局", "人力资源和社会保障局", "人民政府办公室", "司法局", "民政局"),
    *("统计局", "审计局", "交通运输局", "农业农村局", "应急管理局"),
)
_GOVERNMENT = "人民政府"
_SYLLABLES = "青溪望舒云岭临川石渡东篱"
_AFTER = "过时内容随查随改；培训两次，参加人员覆盖各科室。"
"""The end of a paragraph behind which there is room for more."""
_WHAT = (
    *(
        "政策文件",
        "办事指南",
        "会议纪要",
        "预算决算",
        "规划计划",
        "统计数据",
        "应急预案",
        "招标公告",
    ),
    *(
        "养老补贴",
        "供水安排",
        "校车路线",
        "道路维护",
        "古树名录",
        "河道巡查",
        "菜场改造",
        "公园开放",
    ),
)
_HOW = (
    *(
        "逐项核对",
        "按月更新",
        "集中清理",
        "提前预告",
        "分类归档",
        "当面讲解",
        "邮寄送达",
        "张榜公布",
    ),
    *("录成短片", "译成图表", "交由社区转告", "请读者挑错", "留出意见栏", "设专人保管"),
)
_WHO = ("各科室", "办公室", "窗口人员", "值班人员", "网站编辑", "村居干部", "受邀代表", "法律顾问")


class Planted(NamedTuple):
    """A mistake that was made on purpose."""

    kind: str
    """`total`, `carry-over`, `stock` or `group`."""
    address: Address
    """The first of the boxes that were made wrong."""
    checks: tuple[str, ...]
    """Which checks fail in the report itself."""
    also: tuple[tuple[str, str], ...] = ()
    """Name of a report and check, of those that fail elsewhere: in the year after, or above."""


class InventedReport(Struct, frozen=True):
    """One report of the corpus."""

    name: str
    text: str
    agency: str
    year: int
    planted: Planted | None = None
    parent: str | None = None
    """The body whose figures are the sum of its own and others'."""
    copied: tuple[str, str] | None = None
    """`figures` or `prose`, and the name of the report that they were taken from."""


def invented_corpus(
    forms: Mapping[int, Form],
    agencies: int,
    seed: int = 0,
    wrong: float = 0.2,
    layouts: Sequence[str] = ("rows with trailing pipes",),
    below: int = 0,
    copies: float = 0.0,
    sentences: int = 0,
) -> Iterator[InventedReport]:
    """The reports of so many agencies, year by year.

    `forms`: the form of each year, the first year first. `wrong`: the share of reports in which
    something was planted, as far as no other in the same or the next year is hidden by it. With
    `below`, each agency is a government with so many offices below it (12 at most), which
    `declared_groups` declares. `copies`: the share of agencies of whose last report there is a copy
    by another. `sentences`: so many more of each agency's own stand in each report.
    """
    for number in range(agencies):
        rng = Random(f"{seed} {number}")
        family = _Family(number, forms, below, rng)
        family.plant(wrong)
        yield from family.reports(layouts, sentences)
        if rng.random() < copies:
            yield from family.copy(layouts, sentences)


def declared_groups(agencies: int, below: int, complete: bool = True) -> str:
    """The `agencies.yaml` of the same corpus."""
    lines = ["groups:"]
    for number in range(agencies):
        parent, *children = _names(number, below)
        listed = ", ".join(children)
        whole = "true" if complete else "false"
        lines.append(f"  - {{parent: {parent}, children: [{listed}], complete: {whole}}}")
    return "\n".join(lines) + "\n"


def _names(number: int, below: int) -> list[str]:
    """The agency and those below it: nobody's names, others for each number."""
    place = "".join(_SYLLABLES[number // 12**power % 12] for power in range(4)) + "县"
    if not below:
        return [place + _OFFICES[number % 5]]
    return [place + _GOVERNMENT, *(place + office for office in _OFFICES[:below])]


def _file(agency: str, year: int) -> str:
    return f"{agency}/{year}.txt"


class _Family:
    """One agency, with those below it, over the years."""

    def __init__(self, number: int, forms: Mapping[int, Form], below: int, rng: Random) -> None:
        self.forms, self.rng = forms, rng
        self.names = _names(number, below)
        self.planted: dict[tuple[str, int], Planted] = {}
        self.figures: dict[tuple[str, int], Figures] = {}
        offices = self.names[1:] or self.names
        for name in offices:
            last: Figures = {}
            for year, form in forms.items():
                figures = _figures_after(last, form, rng)
                self.figures[name, year] = last = figures
        for year in forms if below else ():
            parts = [self.figures[name, year] for name in offices]
            self.figures[self.names[0], year] = {
                box: sum((each[box] for each in parts), Decimal(0)) for box in parts[0]
            }

    def plant(self, wrong: float) -> None:
        """At most one in two years running, so that none hides another."""
        years = [*self.forms]
        last = None
        for year in years:
            for name in self.names:
                if self.rng.random() < wrong and last not in (year, year - 1):
                    last = year
                    self._plant(name, year)

    def _plant(self, name: str, year: int) -> None:
        kinds = ["total"]
        if len(self.forms) > 1:
            kinds.append("stock")
        if year - 1 in self.forms:
            kinds.append("carry-over")
        if name == self.names[0] and self.names[1:]:
            kinds.append("group")
        kind, off = self.rng.choice(kinds), self.rng.randint(1, 9)
        # A printed copy: what the other years and reports take over stays right.
        figures = self.figures[name, year] = dict(self.figures[name, year])
        self.planted[name, year] = {
            "total": self._total,
            "stock": self._stock,
            "carry-over": self._carried_over,
            "group": self._group,
        }[kind](name, year, figures, off)

    def _total(self, name: str, year: int, figures: Figures, off: int) -> Planted:
        """One total of a row, which a column balances as well."""
        row = self.rng.choice(_ROWS)
        box = Address("applications", row, "total")
        figures[box] += off
        checks = [f"applications-row-total[{row}]", "applications-balance[total]"]
        also = []
        if row == "total_handled":
            checks.append("applications-column-total[total]")
        if row == "carried_over" and year - 1 in self.forms:
            checks.append("applications-carried-over[total]")
        if row == "carried_forward" and year + 1 in self.forms:
            also.append((_file(name, year + 1), "applications-carried-over[total]"))
        return self._planted("total", name, year, [box], checks, also)

    def _stock(self, name: str, year: int, figures: Figures, off: int) -> Planted:
        """A stock that is not that of the year before with what came and went."""
        box = Address("disclosure", "normative_documents", "in_force")
        figures[box] += off
        check = "disclosure-stock[normative_documents]"
        checks = [check] if year - 1 in self.forms else []
        also = [(_file(name, year + 1), check)] if year + 1 in self.forms else []
        return self._planted("stock", name, year, [box], checks, also)

    def _carried_over(self, name: str, year: int, figures: Figures, off: int) -> Planted:
        """More carried over and less received: the report agrees in itself, not with the last."""
        columns = [box.column for box in figures if box[:2] == ("applications", "new_received")]
        column = max(columns[:-1], key=lambda each: figures[_application("new_received", each)])
        less = min(Decimal(off), figures[_application("new_received", column)])
        boxes = []
        for each in (column, "total"):
            boxes += [_application("carried_over", each), _application("new_received", each)]
            figures[boxes[-2]] += less
            figures[boxes[-1]] -= less
        checks = (
            [f"applications-carried-over[{each}]" for each in (column, "total")] if less else []
        )
        return self._planted("carry-over", name, year, boxes if less else [], checks, [])

    def _group(self, name: str, year: int, figures: Figures, off: int) -> Planted:
        """More received and granted than by all below: the report agrees in itself."""
        boxes = _receive(figures, Decimal(off))
        return self._planted("group", name, year, boxes, [], [])

    def _planted(
        self,
        kind: str,
        name: str,
        year: int,
        boxes: Sequence[Address],
        checks: Sequence[str],
        also: Sequence[tuple[str, str]],
    ) -> Planted:
        """With what the boxes come to in the group; rules are for some rows' totals."""
        own, others = [*checks], [*also]
        for box in boxes if self.names[1:] else ():
            if box.table == "applications" and box.column == "total":
                check = f"group-applications[{box.row}]"
                if name == self.names[0]:
                    own.append(check)
                else:
                    others.append((_file(self.names[0], year), check))
        address = boxes[0] if boxes else _application("carried_over", "total")
        return Planted(kind, address, tuple(own), tuple(others))

    def reports(self, layouts: Sequence[str], sentences: int) -> Iterator[InventedReport]:
        """All of them."""
        parent = self.names[0]
        for name in self.names:
            for year, form in self.forms.items():
                layout = LAYOUTS[self.rng.choice(layouts)]
                text = layout(form, self.figures[name, year], name, year, self.rng)
                text = _with_prose(text, _prose(Random(f"{name} {year}"), sentences))
                planted = self.planted.get((name, year))
                above = None if name == parent else parent
                yield InventedReport(_file(name, year), text, name, year, planted, above)

    def copy(self, layouts: Sequence[str], sentences: int) -> Iterator[InventedReport]:
        """The figures of its last report under another's name, and its sentences under a third's;
        of these every twentieth is another."""
        name, year = self.names[-1], [*self.forms][-1]
        form, rng = self.forms[year], self.rng
        own = _prose(Random(f"{name} {year}"), sentences)
        changed = [each if at % 20 else _sentence(rng) for at, each in enumerate(own, start=1)]
        others = {
            "figures": (self.figures[name, year], _prose(rng, sentences)),
            "prose": (_figures_after({}, form, rng), changed),
        }
        for kind, (figures, prose) in others.items():
            place = "石渡镇" if kind == "figures" else "东篱镇"
            agency = name[: name.index("县") + 1] + place + _GOVERNMENT
            layout = LAYOUTS[rng.choice(layouts)]
            text = _with_prose(layout(form, figures, agency, year, rng), prose)
            copied = kind, _file(name, year)
            yield InventedReport(_file(agency, year), text, agency, year, copied=copied)


def _application(row: str, column: str) -> Address:
    return Address("applications", row, column)


def _sentence(rng: Random) -> str:
    clauses = (f"{rng.choice(_WHO)}对{rng.choice(_WHAT)}{rng.choice(_HOW)}" for _ in range(3))
    return "，".join(clauses) + "。"


def _prose(rng: Random, sentences: int) -> list[str]:
    return [_sentence(rng) for _ in range(sentences)]


def _with_prose(text: str, sentences: Sequence[str]) -> str:
    before, after, rest = text.partition(_AFTER)
    return before + after + "".join(sentences) + rest if after else text


def _figures_after(last: Mapping[Address, Decimal], form: Form, rng: Random) -> Figures:
    """The figures of the year after those, or of a first year, of which nothing is to be said."""
    figures = consistent_figures(form, rng, "medium")
    _avoid_questions(figures, last)
    _carry_on(figures, last)
    persons, others = (_application("new_received", each) for each in ("natural_person", "other"))
    _receive(figures, max(figures[others] - figures[persons], Decimal(0)))
    return figures


def _avoid_questions(figures: Figures, last: Mapping[Address, Decimal]) -> None:
    """Without what is lawful and yet asked about: an office that issues regulations, fees that
    leap, lawsuits without reviews."""
    for box in figures:
        if box.row == "fees":
            figures[box] = last.get(box, figures[box] % 100)
        elif box[:2] == ("disclosure", "regulations") or box.row == "suit_after_review":
            figures[box] = Decimal(0)


def _receive(figures: Figures, more: Decimal) -> list[Address]:
    """So many more applications of persons, all granted; the boxes that this changes."""
    boxes = [
        _application(row, column)
        for row in ("new_received", "granted", "total_handled")
        for column in ("natural_person", "total")
    ]
    for box in boxes:
        figures[box] += more
    return boxes


def _carry_on(figures: Figures, last: Mapping[Address, Decimal]) -> None:
    """Makes the figures those of the year that follows."""
    new, over, handled, forward = (
        {box.column: box for box in figures if box.table == "applications" and box.row == row}
        for row in _ROWS
    )
    parts = [column for column in over if column != "total"] if last else []
    for column in parts:
        figures[over[column]] = last.get(forward[column], Decimal(0))
        short = figures[over[column]] - figures[handled[column]] - figures[forward[column]]
        figures[forward[column]] += max(short, Decimal(0))
        figures[new[column]] = max(-short, Decimal(0))
    for row in (new, over, forward) if parts else ():
        figures[row["total"]] = sum((figures[row[column]] for column in parts), Decimal(0))
    for kind in _STOCKS:
        stock, issued, repealed = (
            Address("disclosure", kind, column) for column in ("in_force", "issued", "repealed")
        )
        if stock in figures and stock in last:
            figures[repealed] = min(figures[repealed], last[stock] + figures[issued])
            figures[stock] = last[stock] + figures[issued] - figures[repealed]
