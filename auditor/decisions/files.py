"""What people decided about findings, as files that are read in review: a baseline, and waivers.

A baseline is JSON: the findings that were there before. Sorted and stable, so that a change of it
is a change of findings. Nothing of the machine or the day is in it. Taking new findings in is a
decision of its own and never comes with leaving old ones out.

Waivers and answers are YAML that people write:

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

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

import yaml
from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import asdict, replace

from auditor.decisions import (
    ReportKey,
    canonical,
    checks_of,
    covers,
    is_about_sentences,
    key_of,
    key_of_entry,
    known_entries,
    names_of,
    values_of,
)
from auditor.errors import DefinitionError
from auditor.findings import well_read
from auditor.model.check import Place
from auditor.model.finding import (
    Accepted,
    Audit,
    DispositionKind,
    Finding,
    KnownFinding,
    Reason,
    Status,
)
from auditor.model.report import Report
from auditor.yamlsource import Item, Shape, read, read_fields, read_yaml

_BYTE = re.compile(r"\(byte (\d+)\)")
_Key = tuple[ReportKey, str]


class Changes(Struct, frozen=True):
    """What a baseline and the findings of today have for each other."""

    stays: tuple[KnownFinding, ...]
    """As they were written, but for checks that hold again."""
    gone: tuple[KnownFinding, ...]
    """In the baseline, and nothing of it fails any more in a report that was read whole."""
    new: tuple[KnownFinding, ...]
    """Not in the baseline, or more or worse than what stands there."""
    changed: tuple[KnownFinding, ...]
    """In the baseline, with other values."""

    def updated(self, accept_new: bool) -> tuple[KnownFinding, ...]:
        """The next baseline: without what is gone, and nothing new unless that is accepted."""
        found = {_key(entry): entry for entry in self.stays}
        for entry in (*self.changed, *self.new) if accept_new else ():
            was = found.get(_key(entry))
            found[_key(entry)] = entry if was is None else _joined(entry, was)
        return _in_order(found.values())


def compare(known: Sequence[KnownFinding], audits: Iterable[Audit]) -> Changes:
    """The baseline beside the findings of these audits; of other reports everything stays."""
    record: dict[ReportKey, list[KnownFinding]] = {}
    for entry in known:
        record.setdefault(key_of_entry(entry), []).append(entry)
    failing: dict[ReportKey, _FailingChecks] = {}
    new: dict[_Key, KnownFinding] = {}
    changed: dict[_Key, KnownFinding] = {}
    for audit in audits:
        of = key_of(audit.report)
        failing.setdefault(of, _FailingChecks()).add(audit)
        for finding in audit.findings:
            entry = describe(finding, audit.report)
            own = known_entries(finding, record.get(of, ()))
            if not covers(own, finding):
                new[_key(entry)] = _joined(new.get(_key(entry)), entry)
            elif any(_key(was) == _key(entry) and was.values != entry.values for was in own):
                changed[_key(entry)] = entry
    stays: list[KnownFinding] = []
    gone: list[KnownFinding] = []
    for was in known:
        now = failing.get(key_of_entry(was))
        left = was.checks if now is None else now.still_failing(was)
        (stays if left else gone).append(replace(was, checks=left) if left else was)
    return Changes(*map(_in_order, (stays, gone, new.values(), changed.values())))


class _FailingChecks:
    """What fails in the copies of one report, and what cannot be told."""

    def __init__(self) -> None:
        self._is_whole = True
        self._checks: set[str] = set()
        self._by_fingerprint: dict[str, set[str]] = {}

    def add(self, audit: Audit) -> None:
        """One more copy."""
        self._is_whole &= well_read(audit.coverage)
        for finding in audit.findings:
            self._by_fingerprint.setdefault(finding.fingerprint, set()).update(checks_of(finding))
            if not is_about_sentences(finding):
                self._checks |= checks_of(finding)
        reported = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
        self._checks |= {
            outcome.check.id
            for outcome in audit.outcomes
            if outcome.status is Status.UNDETERMINED
            or outcome.reason in (Reason.PREDECESSOR, Reason.CHILDREN)
            or (outcome.status is Status.FAIL and id(outcome) not in reported)
        }

    def still_failing(self, was: KnownFinding) -> tuple[str, ...]:
        """The checks on record that do not hold again, or of which that cannot be said."""
        if not self._is_whole:
            return was.checks
        now = self._checks | self._by_fingerprint.get(was.fingerprint, set())
        return tuple(check for check in was.checks if check in now)


def describe(finding: Finding, report: Report) -> KnownFinding:
    """A finding as a baseline has it."""
    return KnownFinding(
        fingerprint=finding.fingerprint,
        rule=finding.rule_id,
        severity=finding.declared or finding.severity,
        address=next(iter(names_of(finding)), None),
        agency=report.identity.agency,
        year=report.identity.year,
        source=report.source.name,
        checks=tuple(sorted({outcome.check.id for outcome in finding.outcomes})),
        message=dict(sorted(finding.message.items())),
        values=values_of(finding, report),
    )


class _File(Struct, forbid_unknown_fields=True):
    schema_version: Literal[1]
    findings: tuple[KnownFinding, ...]


def write_baseline(known: Iterable[KnownFinding]) -> str:
    """The file's text."""
    return json.format(json.encode(_File(1, _in_order(known))), indent=1).decode() + "\n"


def read_baseline(text: str, file: str) -> tuple[KnownFinding, ...]:
    """The findings in a baseline's text. Raises `DefinitionError` for anything unexpected."""
    try:
        return json.decode(text, type=_File).findings
    except ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`")
        if key == "schema_version":
            message = "only version 1 can be read"
        said = f"{key}: {message}" if key else message
        raise DefinitionError("definition", said, place=file) from None
    except DecodeError as error:
        byte = _BYTE.search(str(error))
        line = text.encode()[: int(byte[1]) if byte else None].count(b"\n") + 1
        said = f"not valid JSON: {error}"
        raise DefinitionError("json", said, place=f"{file}:{line}") from None


def _joined(was: KnownFinding | None, entry: KnownFinding) -> KnownFinding:
    """Two copies of one report, say as PDF and as DOCX: whatever fails in either."""
    if was is None:
        return entry
    return replace(
        was,
        checks=tuple(sorted({*was.checks, *entry.checks})),
        severity=min(was.severity, entry.severity, key=lambda each: each.rank),
    )


def _key(entry: KnownFinding) -> _Key:
    """One item for each finding of each report."""
    return key_of_entry(entry), entry.fingerprint


def _in_order(entries: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    return tuple(
        sorted(
            entries,
            key=lambda each: (
                *(each.agency or "", each.year or 0, each.rule),
                *(each.address or "", each.fingerprint, each.source),
            ),
        )
    )


SECTIONS: Mapping[DispositionKind, str] = {
    DispositionKind.WAIVED: "waivers",
    DispositionKind.ANSWERED: "answers",
}


class _Whose(Struct, frozen=True):
    agency: str
    year: int


def _report(item: Item) -> dict[str, Any]:
    """By agency and year, or by a file's name: fields of `Accepted`."""
    return asdict(read_fields(_Whose, item)) if item.is_mapping else {"name": item.text()}


def _values(item: Item) -> Mapping[str, str]:
    """As written by a person or by `values_of`; a value may be empty."""
    return {
        key: canonical(value.text() if value.node.value else "")
        for key, value in item.mapped().items()
    }


def _day(item: Item) -> date:
    try:
        return date.fromisoformat(item.text())
    except ValueError:
        raise item.wrong(f"a day is needed here, such as 2027-06-30, not {item.text()!r}") from None


_Report = Annotated[dict[str, Any], Shape(_report, {})]
_Values = Annotated[Mapping[str, str], Shape(_values, {})]
_Day = Annotated[date, Shape(_day, {})]


class _Waiver(Struct, frozen=True, kw_only=True, rename={"given": "date"}):
    reason: str
    rule: str
    address: str
    report: _Report
    by: str
    given: _Day | None = None
    expires: _Day
    values: _Values


class _Answer(Struct, frozen=True, kw_only=True, rename={"reason": "answer", "given": "date"}):
    reason: str
    rule: str
    address: str
    report: _Report
    by: str
    given: _Day
    values: _Values | None = None


def _section(kind: DispositionKind, written: type[Struct]) -> Shape:
    def accepted(item: Item) -> Accepted:
        given = asdict(read(written, item))
        return Accepted(
            kind=kind, place=Place(item.file, item.line), **given.pop("report"), **given
        )

    # An empty list, or nothing behind the key, is a section without items.
    return Shape(lambda item: tuple(map(accepted, item.items())) if item.node.value else (), {})


class _WaiverFile(Struct, frozen=True):
    waivers: Annotated[tuple[Accepted, ...], _section(DispositionKind.WAIVED, _Waiver)] = ()
    answers: Annotated[tuple[Accepted, ...], _section(DispositionKind.ANSWERED, _Answer)] = ()


def read_waivers(text: str, file: str) -> tuple[Accepted, ...]:
    """Everything accepted, in the file's order. Raises `DefinitionError` with file and line."""
    top = _top(text, file)
    if top is None:
        return ()
    found = read_fields(_WaiverFile, top)
    return (*found.waivers, *found.answers)


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
    old = top.mapped().get(section)
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


def _top(text: str, file: str) -> Item | None:
    """The file's top; None where there are only comments."""
    try:
        return read_yaml(text, file)
    except DefinitionError as error:
        if error.code == "empty":
            return None
        raise


def _block(item: Mapping[str, Any], indent: int) -> str:
    """The item as YAML, indented."""
    text = yaml.safe_dump([dict(item)], allow_unicode=True, sort_keys=False, width=88)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))


def _end_of(lines: list[str], top: Item, old: Item) -> int:
    """The line behind a section's last item: before the comments that lead up to the next key."""
    later = [
        int(key.start_mark.line)
        for key, _ in top.node.value
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
