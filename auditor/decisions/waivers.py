"""Waivers and answers: a YAML file that people write and review, in; what they accepted, out.

waivers:
  - rule: applications-balance
    address: applications/total_handled/total
    report: {agency: 青溪市水务局, year: 2024}
    reason: one application was moved to another agency after the count
    by: Wang
    expires: 2027-06-30
    values: {applications/new_received/total: 50}
answers:
  - rule: fees-without-decisions
    address: disclosure/fees/amount
    report: water-*.pdf
    answer: the fee was introduced this year
    by: Li
    date: 2026-03-02
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from msgspec.structs import replace

from auditor.decisions.values import canonical
from auditor.errors import DefinitionError
from auditor.model.check import Place
from auditor.model.disposition import Accepted, DispositionKind
from auditor.yamlsource import Item, Mapped, read_yaml

SECTIONS: Mapping[DispositionKind, str] = {
    DispositionKind.WAIVED: "waivers",
    DispositionKind.ANSWERED: "answers",
}


def read_waivers(text: str, file: str) -> tuple[Accepted, ...]:
    """Everything accepted, in the file's order. Raises `DefinitionError` with file and line."""
    top = _top(text, file)
    if top is None:
        return ()
    found: list[Accepted] = []
    for kind, section in SECTIONS.items():
        items = top.get(section)
        if items is not None and items.node.value:  # not an empty list, and not nothing at all
            found += (_read(item, kind) for item in items.items())
    top.done()
    return tuple(found)


def with_item(text: str, file: str, kind: DispositionKind, item: Mapping[str, Any]) -> str:
    """The text with one more item at the end of its section; every other line stays as it is.

    An empty text becomes a file. Raises `DefinitionError` for a layout in which an item cannot be
    put: then nothing may be written.
    """
    if "\r\n" in text:
        return with_item(text.replace("\r\n", "\n"), file, kind, item).replace("\n", "\r\n")
    section = SECTIONS[kind]
    top = _top(text, file)
    if top is None:
        return text + f"{section}:\n{_block(item, 2)}"
    lines = text.rstrip("\n").split("\n")
    old = top.get(section)
    indent = 2
    if old is None:
        lines.append(f"{section}:")
        after = len(lines)
    elif old.node.value:
        indent = int(old.node.start_mark.column)
        after = _end_of(lines, top, old)
    else:  # nothing stands behind the key, or `[]`, which goes
        start, end = old.node.start_mark, old.node.end_mark
        line = int(start.line)
        rest = lines[line][: start.column].rstrip() + lines[line][end.column :]
        lines[line] = rest.rstrip()
        after = line + 1
    added = _block(item, indent).rstrip("\n")
    made = "\n".join([*lines[:after], added, *lines[after:]]).rstrip("\n") + "\n"
    _verify(read_waivers(text, file), made, file, kind, item)
    return made


def _read(item: Item, kind: DispositionKind) -> Accepted:
    fields = item.mapped()
    is_waiver = kind is DispositionKind.WAIVED
    said = fields.need("reason" if is_waiver else "answer").text()
    values = fields.need("values") if is_waiver else fields.get("values")
    expires = fields.need("expires") if is_waiver else None
    given = fields.get("date") if is_waiver else fields.need("date")
    agency, year, name = _report(fields.need("report"))
    found = Accepted(
        kind=kind,
        place=Place(item.file, item.line),
        rule=fields.need("rule").text(),
        address=fields.need("address").text(),
        reason=said,
        by=fields.need("by").text(),
        agency=agency,
        year=year,
        name=name,
        given=_day(given) if given else None,
        expires=_day(expires) if expires else None,
        values=_values(values.mapped()) if values else None,
    )
    fields.done()
    return found


def _report(item: Item) -> tuple[str | None, int | None, str | None]:
    """Agency and year, or a file name."""
    if not item.is_mapping:
        return None, None, item.text()
    fields = item.mapped()
    agency, year = fields.need("agency").text(), fields.need("year").whole()
    fields.done()
    return agency, year, None


def _values(fields: Mapped) -> Mapping[str, str]:
    """As written by a person or by `values_of`; a value may be empty."""
    return {
        key: canonical(value.text() if value.node.value else "") for key, value in fields.rest()
    }


def _day(item: Item) -> date:
    try:
        return date.fromisoformat(item.text())
    except ValueError:
        raise item.wrong(f"a day is needed here, such as 2027-06-30, not {item.text()!r}") from None


def _top(text: str, file: str) -> Mapped | None:
    """The file's top; None where there are only comments."""
    try:
        return read_yaml(text, file).mapped()
    except DefinitionError as error:
        if error.code == "empty":
            return None
        raise


def _block(item: Mapping[str, Any], indent: int) -> str:
    """The item as YAML, indented."""
    text = yaml.safe_dump([dict(item)], allow_unicode=True, sort_keys=False, width=88)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))


def _end_of(lines: list[str], top: Mapped, old: Item) -> int:
    """The line behind a section's last item: before the comments that lead up to the next key."""
    later = [
        int(key.start_mark.line)
        for key, _ in top.item.node.value
        if key.start_mark.line > old.node.start_mark.line
    ]
    after = min(later, default=len(lines))
    while after and (not lines[after - 1].strip() or lines[after - 1].startswith("#")):
        after -= 1
    return after


def _verify(
    before: tuple[Accepted, ...],
    made: str,
    file: str,
    kind: DispositionKind,
    item: Mapping[str, Any],
) -> None:
    """That the file says what it said, and the item besides, before anything is written."""
    alone = read_waivers(f"{SECTIONS[kind]}:\n{_block(item, 2)}", file)
    try:
        now = read_waivers(made, file)
    except DefinitionError:
        now = ()

    def without_place(accepted: Accepted) -> str:
        return repr(replace(accepted, place=Place("", 0)))

    if sorted(map(without_place, now)) != sorted(map(without_place, (*before, *alone))):
        raise DefinitionError(
            "layout",
            "the file is laid out in a way that an item cannot be put in",
            place=file,
            hint="write the section as a list of items that begin with '- rule:'",
        )
