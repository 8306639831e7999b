"""What an audit could not decide, and why: grouped by reason, every cell named or counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from auditor.model.finding import Audit, Outcome, Reason, Status
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Illegible, Missing, Number, Report, Value
from auditor.renderers.wrap import wrapped
from auditor.wording import cells_by_row, phrase


def unchecked(audit: Audit, language: str, width: int) -> Iterator[RenderableType]:
    """The undetermined checks by reason, with the cells that stood in the way."""
    found = [each for each in audit.outcomes if each.status is Status.UNDETERMINED]
    unread = [
        box
        for box, entry in audit.report.entries.items()
        if isinstance(entry.value, Illegible | Missing)
    ]
    if not found and not unread:
        return
    title = phrase("title-unchecked", language, count=len(found))
    yield Padding(Text(f"── {title} ──", style="bold"), (1, 0, 0, 0))
    yield from _by_reason(audit, found, language, width)
    if unread:
        listed = listed_cells(audit.form, audit.report, unread, language)
        yield wrapped("- " + phrase("unread-cells", language, list=listed), width, hang=2)


def not_applicable(audit: Audit, language: str, width: int, each: bool) -> Iterator[RenderableType]:
    """The checks that do not apply: counted by reason, or listed where `each` is asked for."""
    found = [each_ for each_ in audit.outcomes if each_.status is Status.NOT_APPLICABLE]
    if not found:
        return
    title = phrase("title-not-applicable", language, count=len(found))
    yield Padding(Text(f"── {title} ──", style="bold"), (1, 0, 0, 0))
    if each:
        yield from _by_reason(audit, found, language, width)
        return
    groups = _grouped(found)
    said = phrase("list-semicolon", language).join(
        f"{_why(reason, language)} {len(members)}" for reason, members in groups.items()
    )
    yield wrapped(said, width)


def _by_reason(
    audit: Audit, outcomes: Sequence[Outcome], language: str, width: int
) -> Iterator[RenderableType]:
    for reason, members in _grouped(outcomes).items():
        count = phrase("in-brackets", language, text=len(members))
        yield Text(f"- {_why(reason, language)}{count}")
        rules: dict[str, list[Outcome]] = {}
        for outcome in members:
            rules.setdefault(outcome.check.rule.id, []).append(outcome)
        for rule, own in rules.items():
            said = f"{rule} × {len(own)}" if len(own) > 1 else rule
            if lines := _lines(audit, own, language):
                said += phrase("colon", language) + lines
            yield wrapped("    " + said, width, hang=6)
        if reason is Reason.BLANK:
            blanks = [
                operand.ref.address
                for outcome in members
                for operand in outcome.operands
                if isinstance(operand.value, Blank) and not operand.ref.lag
            ]
            listed = listed_cells(audit.form, audit.report, dict.fromkeys(blanks), language)
            said = phrase("blank", language) + phrase("colon", language) + listed
            yield wrapped("    " + said, width, hang=6)


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
    return phrase("list-comma", language).join(keys)


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
