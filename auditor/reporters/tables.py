"""The tables shown at a terminal: a report's own, the excerpt beside a finding, the receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Drawn
from rich.text import Text

from auditor.messages import phrase
from auditor.model.finding import Audit, Finding
from auditor.model.form import Address, Form, Line
from auditor.model.report import Report
from auditor.reporters.cells import at_fault, shown
from auditor.reporters.excerpts import excerpts

_NARROW = 7
_LABEL = 26


def report_tables(report: Report, form: Form, language: str) -> Iterator[RenderableType]:
    """Every table of the report, with a line for each of its rows."""
    for table in form.tables:
        rows = [row for row in table.rows if any(b in report.entries for b in table.addresses(row))]
        yield Padding(Text(table.title.get(language, table.key), style="bold"), (1, 0, 0, 0))
        drawn = grid(table.columns, wide=table.layout == "rows" and len(table.columns) > 5)
        above: tuple[str, ...] = ()
        for row in rows:
            groups = tuple(g.label for g in reversed(table.ancestors(row)) if g.parent)
            if groups and groups != above:
                drawn.add_row(Text("·".join(groups), style="dim"))
            above = groups
            cells = [
                shown(report, Address(table.key, row.key, column.key)) for column in table.columns
            ]
            drawn.add_row(Text(row.label), *cells)
        yield drawn
    loose = [box for box in report.entries if not box.row]
    if loose:
        drawn = Drawn(box=None, pad_edge=False, show_header=False)
        for box in loose:
            drawn.add_row(Text(form.describe(box)), shown(report, box))
        yield Padding(drawn, (1, 0, 0, 0))


def grid(columns: Sequence[Line], wide: bool) -> Drawn:
    """An empty table with those columns beside the labels of its rows."""
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    drawn.add_column(
        "",
        no_wrap=wide,
        overflow="ellipsis" if wide else "fold",
        width=_LABEL if wide else None,
        min_width=14,
    )
    for column in columns:
        drawn.add_column(
            Text(column.label),
            justify="right",
            min_width=_NARROW - 1,
            max_width=10 if wide else 12,
            overflow="fold",
        )
    return drawn


def excerpt(
    finding: Finding, report: Report, form: Form, language: str
) -> Iterator[RenderableType]:
    """The rows and columns that a finding speaks of, the cells at fault marked `▶5◀`.

    Rows in which every cell concerned is zero or blank are left out and counted.
    """
    marked = at_fault(finding)
    for part in excerpts(finding, report, form):
        drawn = grid(part.columns, wide=len(part.columns) > 3)
        for row in part.rows:
            boxes = [Address(part.table.key, row.key, column.key) for column in part.columns]
            drawn.add_row(
                Text(row.label),
                *(_cell(report, box, finding.addresses, marked) for box in boxes),
            )
        yield Padding(drawn, (0, 0, 0, 1))
        if part.left_out:
            yield Text(phrase("rows-left-out", language, count=part.left_out), style="dim")


def _cell(
    report: Report, box: Address, involved: Sequence[Address], marked: frozenset[Address]
) -> Text:
    said = shown(report, box)
    if box in marked:
        return Text(f"▶{said}◀", style="bold red")
    return Text(said, style="" if box in involved else "dim")


def receipts_table(audit: Audit, language: str) -> RenderableType:
    """How much of each table was read, and how its rows were found."""
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    drawn.add_column(phrase("head-table", language), ratio=3, overflow="fold")
    for head in ("read", "numbers", "blank", "illegible", "missing"):
        drawn.add_column(phrase(f"head-{head}", language), justify="right", no_wrap=True)
    drawn.add_column(phrase("head-anchored", language), ratio=2, overflow="fold")
    for receipt in audit.coverage:
        title = audit.form.table(receipt.table).title.get(language, receipt.table)
        anchored = phrase("list-comma", language).join(
            phrase("rows-counted", language, match=phrase(f"match-{way}", language), count=count)
            for way, count in receipt.matches.items()
        )
        read = receipt.numbers + receipt.blank
        drawn.add_row(
            Text(title),
            Text(f"{read}/{receipt.expected}", style="" if receipt.complete else "bold yellow"),
            *(
                str(count)
                for count in (receipt.numbers, receipt.blank, receipt.illegible, receipt.missing)
            ),
            Text(anchored),
        )
    return drawn
