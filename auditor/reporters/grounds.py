"""Why checks were not decided or do not apply: by reason, every cell named or counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row
from auditor.model.check import Rule
from auditor.model.finding import Audit, Outcome, Reason
from auditor.model.form import Address, Form
from auditor.model.noun import noun
from auditor.model.report import Blank, Illegible, Missing, Number, Report, Value


@noun
class Ground:
    """One reason, and the checks that it kept from a verdict."""

    reason: str
    """In words."""
    count: int
    rules: tuple[tuple[Rule, int, str], ...]
    """Each rule with the number of its checks, and the lines that these are about, in words."""
    blanks: str
    """The blank cells, where they are the reason."""


def grounds(audit: Audit, outcomes: Iterable[Outcome], language: str) -> Iterator[Ground]:
    """The outcomes by reason, in the order in which the reasons come up."""
    for reason, members in _grouped(outcomes).items():
        rules: dict[str, list[Outcome]] = {}
        for outcome in members:
            rules.setdefault(outcome.check.rule.id, []).append(outcome)
        blanks = ""
        if reason is Reason.BLANK:
            boxes = [
                operand.ref.address
                for outcome in members
                for operand in outcome.operands
                if isinstance(operand.value, Blank) and not operand.ref.lag
            ]
            blanks = listed_cells(audit.form, audit.report, dict.fromkeys(boxes), language)
        yield Ground(
            _why(reason, language),
            len(members),
            tuple(
                (own[0].check.rule, len(own), _lines(audit, own, language))
                for own in rules.values()
            ),
            blanks,
        )


def unread_cells(report: Report) -> list[Address]:
    """The boxes of which no figure was read, though something is or should be there."""
    return [
        box for box, entry in report.entries.items() if isinstance(entry.value, Illegible | Missing)
    ]


def _grouped(outcomes: Iterable[Outcome]) -> dict[Reason | None, list[Outcome]]:
    groups: dict[Reason | None, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.reason, []).append(outcome)
    return groups


def _why(reason: Reason | None, language: str) -> str:
    return phrase(f"reason-{reason.value if reason else 'none'}", language)


def _lines(audit: Audit, outcomes: Sequence[Outcome], language: str) -> str:
    """The lines that a rule's checks are about, in the form's words; nothing for a lone check."""
    rule = outcomes[0].check.rule
    keys = [outcome.check.id.removeprefix(rule.id).strip("[]") for outcome in outcomes]
    if not any(keys):
        return ""
    seen = [outcome.operands for outcome in outcomes]
    if len(seen) > 1 and all(len(own) == 1 and _unread(own[0].value) for own in seen):
        blank = all(isinstance(own[0].value, Blank) for own in seen)
        return phrase("cell-by-cell-blank" if blank else "cell-by-cell", language)
    tables = [table for table in audit.form.tables if table.key == rule.table]
    for table in tables:
        here = {box.row for box in audit.report.entries if box.table == table.key}
        for kind, lines in (
            ("rows", [row for row in table.rows if row.key in here]),
            ("columns", list(table.columns)),
        ):
            labels = {line.key: line.label for line in lines}
            if len(keys) > 1 and set(keys) == set(labels):
                named = phrase(f"lines-{kind}", language)
                return phrase("all-lines", language, count=len(keys), kind=named)
            if set(keys) <= set(labels):
                return phrase("list-comma", language).join(labels[key] for key in keys)
    return _named_keys(audit.form, rule.table, keys, language)


def _named_keys(form: Form, table: str, keys: Sequence[str], language: str) -> str:
    """What checks are about: cells, figures of the text, or lines that this copy may not have."""
    named = {each.key: each.label.get(language, each.key) for each in form.wordings.mentions}
    boxes = {
        f"{row.key}/{column}": (row.label, form.table(table).column(column).label, len(row.columns))
        for own in form.tables
        if own.key == table
        for row in own.rows
        for column in row.columns
    }
    if set(keys) <= set(boxes):
        rows = len({key.partition("/")[0] for key in boxes})
        return cells_by_row([boxes[key] for key in keys], rows, language)
    for own in form.tables:
        if own.key == table:
            named |= {line.key: line.label for line in (*own.columns, *own.rows)}
    return phrase("list-comma", language).join(named.get(key, key) for key in keys)


def _unread(value: Value) -> bool:
    return not isinstance(value, Number)


def listed_cells(form: Form, report: Report, boxes: Iterable[Address], language: str) -> str:
    """Boxes by table and row; a table of which all are in the list is named as a whole."""
    tables: dict[str, list[Address]] = {}
    for box in boxes:
        tables.setdefault(box.table, []).append(box)
    said = []
    for key, own in tables.items():
        size = sum(box.table == key for box in report.entries)
        if own[0].row and len(own) == size:
            title = form.table(key).title.get(language, key)
            said.append(phrase("whole-table", language, table=title, count=size))
        else:
            rows = len({box.row for box in report.entries if box.table == key})
            said.append(cells_by_row([_named(form, box) for box in own], rows, language))
    return phrase("list-semicolon", language).join(said)


def _named(form: Form, box: Address) -> tuple[str, str, int]:
    row, _, column = form.describe(box).rpartition(" × ")
    return row, column, len(form.table(box.table).row(box.row).columns) if box.row else 0
