"""The rows that corrections would change, beside those of the original, for people at a terminal.

In a narrow terminal the corrected row stands below the original one, in a wide one beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Drawn
from rich.text import Text

from auditor.messages import phrase
from auditor.model.finding import Corrections, Finding, Grade, Repair
from auditor.model.form import Address, Line, Table
from auditor.reporters import Style
from auditor.reporters.tables import corrected_rows, grades_of, row_label, shown
from auditor.reporters.terminal import heading, plain_table, set_out, wrapped
from auditor.reporters.words import (
    bracketed,
    changes,
    choice,
    in_language,
    settled,
    titled,
    why,
)

_BESIDE = 150
"""From this width on, both versions of a row fit beside each other."""
_LABEL, _FIGURE = 22, 6
_SIGNS = {Grade.LIKELY: "▶{}◀", Grade.POSSIBLE: "▷{}◁"}


def render_corrections(found: Corrections, style: Style) -> str:
    """The corrections as a page of text."""
    return set_out(_parts(found, style), style)


def _parts(found: Corrections, style: Style) -> Iterator[RenderableType]:
    language, width, form = style.language, style.width, found.before.form
    name = found.before.report.source.name
    yield wrapped(f"{name}  {phrase('title-fix', language)}", width, "bold")
    grades = grades_of(found)
    if not found.before.findings:
        yield wrapped(phrase("no-findings", language), width)
    elif not grades:
        yield wrapped(phrase("nothing-to-change", language), width)
    else:
        yield heading(phrase("title-corrected", language, count=len(grades)))
        for table in form.tables:
            if any(box.table == table.key for box in grades):
                yield from _table(found, table, grades, style)
        yield Text(phrase("fix-legend", language), style="dim")
        yield heading(phrase("title-changes", language))
        for number, repair in enumerate(found.repairs, 1):
            yield from _repair(number, repair, found, style)
    if found.choices:
        yield heading(phrase("title-choices", language, count=len(found.choices)))
        for finding in found.choices:
            yield from _choice(finding, found, style)
    yield from _left(found, style)


def _table(
    found: Corrections, table: Table, grades: Mapping[Address, Grade], style: Style
) -> Iterator[RenderableType]:
    language = style.language
    rows = corrected_rows(found, table)
    keys = {key for row in rows for key in row.columns}
    columns = [column for column in table.columns if column.key in keys]
    beside = style.width >= _BESIDE
    yield Text(table.title.get(language, table.key), style="bold")
    drawn = plain_table()
    drawn.add_column("", width=_LABEL, overflow="fold")
    versions = [("before", found.before.report), ("after", found.after.report)]
    if beside:
        for version, _ in versions:
            drawn.add_column(Text(phrase(f"head-{version}", language), style="bold"))
            _head(drawn, columns)
    else:
        drawn.add_column("")
        _head(drawn, columns)
    for row in rows:
        label = Text(row_label(found.before.form, table, row))
        sides = []
        for version, report in versions:
            boxes = [Address(table.key, row.key, column.key) for column in columns]
            figures = [_figure(shown(report, box), grades.get(box)) for box in boxes]
            sides.append((Text(phrase(f"row-{version}", language), style="dim"), figures))
        if beside:
            drawn.add_row(label, *(part for mark, own in sides for part in (mark, *own)))
        else:
            (was, before), (now, after) = sides
            lines = Text("\n").join([was, now])
            pairs = zip(before, after, strict=True)
            drawn.add_row(label, lines, *(Text("\n").join(pair) for pair in pairs))
    yield Padding(drawn, (0, 0, 1, 0))


def _head(drawn: Drawn, columns: list[Line]) -> None:
    for column in columns:
        drawn.add_column(
            Text(column.label), justify="right", min_width=_FIGURE, max_width=10, overflow="fold"
        )


def _figure(said: str, grade: Grade | None) -> Text:
    if grade is None:
        return Text(said)
    return Text(_SIGNS[grade].format(said), style="bold" if grade is Grade.LIKELY else "italic")


def _repair(
    number: int, repair: Repair, found: Corrections, style: Style
) -> Iterator[RenderableType]:
    language, offer, form = style.language, repair.suggestion, found.before.form
    grade = phrase(f"grade-{offer.grade.value}", language)
    said = titled(f"{number}. {grade}", changes(offer, form, language), language)
    said += bracketed(settled(offer, repair.finding, language), language)
    yield wrapped(said, style.width, hang=3)
    notes = []
    if repair.misreading:
        notes.append(phrase("look-at-document", language))
    if slip := why(offer, form, language):
        notes.append(phrase("slip-is", language, slip=slip))
    for note in notes:
        yield Padding(wrapped(note, style.width - 3), (0, 0, 0, 3))


def _choice(finding: Finding, found: Corrections, style: Style) -> Iterator[RenderableType]:
    language, form, width = style.language, found.before.form, style.width
    yield wrapped(f"- {in_language(finding.message, language)}", width, hang=2)
    if several := choice(finding, language):
        yield Padding(wrapped(several, width - 2), (0, 0, 0, 2))
    for offer in finding.suggestions:
        said = "- " + changes(offer, form, language)
        said += bracketed(why(offer, form, language), language)
        yield Padding(wrapped(said, width - 4, hang=2), (0, 0, 0, 4))
    if finding.has_more:
        yield Padding(Text(phrase("more-sets", language)), (0, 0, 0, 4))


def _left(found: Corrections, style: Style) -> Iterator[RenderableType]:
    """What the checks would say of the corrected figures."""
    language, after = style.language, found.after
    if found.left:
        yield heading(phrase("title-left", language, count=len(found.left)))
        for finding in found.left:
            severity = phrase(f"severity-{finding.severity.value}", language)
            said = f"- [{severity}] {in_language(finding.message, language)}"
            if finding.fingerprint in found.new:
                said += bracketed(phrase("is-new", language), language)
            yield wrapped(said, style.width, hang=2)
    elif found.repairs and not found.choices:
        yield Text("")
        yield wrapped(phrase("nothing-left", language), style.width)
    if not all(receipt.complete for receipt in after.coverage):
        yield wrapped(phrase("verdict-not-audited", language), style.width, "yellow")
    counts = phrase("counts", language, total=len(after.outcomes), **after.counts)
    if found.repairs:
        counts = titled(phrase("counts-after", language), counts, language)
    yield wrapped(counts, style.width, "dim")
