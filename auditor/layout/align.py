"""Extract and Form in, Report out: every box's entry, where it stood and how it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from auditor.layout.drafts import TableDraft, Words, is_empty_table, missing_rows, read_sheet
from auditor.layout.duplicates import agreed, halves_of
from auditor.layout.identity import find_identity
from auditor.layout.labels import LabelMatch, Lexicon, Vocabulary, find_labels, lexicon_of
from auditor.layout.numerals import Figures
from auditor.layout.sections import (
    Region,
    Span,
    extent_of,
    find_regions,
    outside,
    places_of,
    sentences_in,
)
from auditor.layout.solver import RowDraft, Solution, candidates, solve, sums_of
from auditor.layout.source_text import SourceText, linearize
from auditor.layout.tokens import Kind, Token, split_region
from auditor.model.form import Address, Form, Table
from auditor.model.report import (
    Entry,
    Illegible,
    Leftover,
    Match,
    Missing,
    Report,
    Source,
    UnknownRow,
)
from auditor.model.source import UNREAD, Extract, Notice

_LONG = 10
_MOST_REPEATED = 0.5


@dataclass(slots=True)
class _Draft:
    """What is known of a report while its tables are read one after another."""

    entries: dict[Address, Entry] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    unknown_rows: list[UnknownRow] = field(default_factory=list)
    assumed: set[frozenset[Address]] = field(default_factory=set)
    stretches: list[tuple[int, int]] = field(default_factory=list)
    """Where the tables' figures stand."""


class Outline(Struct, frozen=True):
    """Where a report's tables stand in its text, for whoever reads what stands outside them."""

    tape: SourceText
    regions: Mapping[str, Region]
    """By table."""
    tables: tuple[tuple[int, int], ...]
    """The stretches that the tables' labels and figures take."""


def align(extract: Extract, form: Form, source: Source) -> Report:
    """The report that an extract holds. Whatever cannot be told for certain is declared unread."""
    return align_with_outline(extract, form, source)[0]


def align_with_outline(
    extract: Extract, form: Form, source: Source
) -> tuple[Report, Outline | None]:
    """As `align`, and where the tables stand; None where two tables may be meant."""
    words = lexicon_of(form)
    vocabulary = words.vocabulary
    tape = linearize(extract, words.folding)
    found = find_labels(tape, vocabulary)
    sentences = sentences_in(tape, found, _headings(tape, form, vocabulary), vocabulary.senses)
    phrases = outside(found, sentences)
    twice = next((table for table in form.tables if _stands_twice(table, phrases)), None)
    if twice is not None:
        halves = halves_of(extract, form, tape, vocabulary, twice, phrases)
        copies = [align_with_outline(half, form, source) for half in halves or ()]
        both = agreed(*(report for report, _ in copies)) if copies else None
        if both is not None:
            return both, copies[0][1]
        return _undecided(extract, form, source, tape, twice), None
    regions = {r.table.key: r for r in find_regions(tape, form, vocabulary, phrases)}
    draft = _Draft(notices=list(extract.notices))
    for table in form.tables:
        region = regions.get(table.key)
        if region is None:
            draft.notices.append(Notice("table-missing", (("table", table.key),), table.boxes()))
            draft.entries |= {box: _missing(box) for box in table.boxes()}
        else:
            _add_table(draft, tape, region, words, sentences)
    report = Report(
        source=source,
        form_id=form.id,
        identity=find_identity(tape, form.imprint),
        entries=draft.entries,
        notices=tuple(draft.notices),
        assumed=frozenset(draft.assumed),
        leftovers=tuple(draft.leftovers),
        unknown_rows=tuple(draft.unknown_rows),
    )
    return report, Outline(tape, regions, tuple(draft.stretches))


def _headings(tape: SourceText, form: Form, vocabulary: Vocabulary) -> list[int]:
    """Where the form's headings begin and end."""
    titles = [*form.after, *(heading for table in form.tables for heading in table.headings)]
    places = places_of(tape, titles, vocabulary)
    return [*places.keys(), *places.values()]


def _add_table(
    draft: _Draft, tape: SourceText, region: Region, words: Lexicon, sentences: Sequence[Span]
) -> None:
    """Reads one table, and adds what it came to."""
    table, vocabulary = region.table, words.vocabulary
    sheet = _sheet(tape, region, vocabulary, words.figures, sentences)
    tokens = [
        (token.start, token.end)
        for slot in sheet.slots
        for reading in slot.readings
        for token in reading
        if token is not None and token.end > token.start
    ]
    draft.stretches.append(extent_of(tape, region, tokens))
    solution = _solve(sheet, words.figures)
    draft.assumed |= solution.assumed
    if solution.columns_in_doubt:
        boxes = tuple(a for slot in sheet.slots for a in slot.addresses)
        draft.notices.append(Notice("column-doubt", (("table", table.key),), boxes))
    draft.unknown_rows += sheet.unknown
    found = _entries(tape, sheet, words.figures)
    boxes = tuple(box for row in table.rows for box in table.addresses(row) if box in found)
    ordered = {box: found[box] for box in boxes}
    draft.entries |= ordered
    draft.notices += _notices(sheet, ordered, bool(solution.assumed))
    draft.leftovers += [
        Leftover(tape.text[stray.start : stray.end].strip(), tape.origin(stray.start, stray.end))
        for stray in sheet.strays
        if len(stray.text) > 1
        and not stray.is_sentence
        and not _is_piece(stray.text, table, vocabulary)
    ]


def _stands_twice(table: Table, phrases: Sequence[LabelMatch]) -> bool:
    """Whether most row labels of a long table are printed more than once: two reports in one file,
    or last year's table beside this one. Short tables' labels are common words and tell nothing."""
    if len(table.rows) < _LONG:
        return False
    counts = Counter(
        phrase.senses[0].key
        for phrase in phrases
        if len(phrase.senses) == 1 and phrase.rows(table.key)
    )
    twice = sum(1 for count in counts.values() if count > 1)
    return twice > _MOST_REPEATED * len(table.rows)


def _undecided(
    extract: Extract, form: Form, source: Source, tape: SourceText, table: Table
) -> Report:
    """The report of a document in which nobody can tell which of two tables is meant."""
    boxes = [box for each in form.tables for box in each.boxes()]
    return Report(
        source=source,
        form_id=form.id,
        identity=find_identity(tape, form.imprint),
        entries={box: Entry(box, None, Illegible(), None, Match.NONE) for box in boxes},
        notices=(
            *extract.notices,
            Notice("two-candidates", (("table", table.key),), tuple(boxes)),
        ),
    )


def _sheet(
    tape: SourceText,
    region: Region,
    vocabulary: Vocabulary,
    figures: Figures,
    sentences: Sequence[Span],
) -> TableDraft:
    table = region.table
    pieces = vocabulary.wordings_of(table.key)
    labels = vocabulary.labels[table.key]
    atoms = split_region(tape, region, figures, labels, [*labels.values(), *pieces], sentences)
    words = Words(labels, vocabulary.beside_rows(table.key), figures)
    return read_sheet(tape, table, atoms, words)


def _solve(sheet: TableDraft, figures: Figures) -> Solution:
    present = [a for slot in sheet.slots for a in slot.addresses] + sheet.missing
    return solve(sheet.slots, sums_of(sheet.table, present), figures)


def _is_piece(text: str, table: Table, vocabulary: Vocabulary) -> bool:
    """Whether stray text is a torn piece of some wording of the table."""
    return any(text in core for core in vocabulary.wordings_of(table.key))


def _entries(tape: SourceText, sheet: TableDraft, figures: Figures) -> dict[Address, Entry]:
    entries = {address: _missing(address) for address in sheet.missing}
    for slot in sheet.slots:
        for index, address in enumerate(slot.addresses):
            entries[address] = _entry(tape, slot, index, address, figures)
    return entries


def _missing(address: Address) -> Entry:
    return Entry(address, None, Missing(), None, Match.NONE)


def _entry(
    tape: SourceText, slot: RowDraft, index: int, address: Address, figures: Figures
) -> Entry:
    choices = [reading[index] for reading in slot.admitted]
    texts = list(dict.fromkeys([_text(token) for token in choices]))
    token = choices[0] if choices else None
    origin = tape.origin(token.start, token.end) if token else None
    unit = tape.unit_at(token.start) if token else None
    recognised = unit is not None and unit.recognised
    if index in slot.unproven or (token is not None and token.kind is Kind.UNREAD and token.rivals):
        said = dict.fromkeys(text for each in choices if each for text in candidates(each))
        raw = " | ".join(said)
        return Entry(address, raw, Illegible(tuple(said)), origin, Match.NONE, recognised)
    if len(texts) != 1 or token is None or unit is None:
        raw = " | ".join(texts)
        return Entry(address, raw, Illegible(tuple(texts)), origin, Match.NONE, recognised)
    if token.kind is Kind.UNREAD:
        said_at_all = () if token.text == UNREAD else (token.text,)
        return Entry(address, token.text, Illegible(said_at_all), origin, Match.NONE, recognised)
    able = {_text(reading[index]) for reading in slot.readings}
    inferred = bool(token.rivals) or (slot.was_chosen and len(able) > 1)
    raw = (
        token.text
        if token.rivals or unit is not tape.unit_at(token.end - 1)
        else (tape.raw(token.start, token.end) if token.end > token.start else "")
    )
    return Entry(
        address,
        raw,
        figures.value(token.text),
        origin,
        Match.INFERRED if inferred or slot.is_apart else slot.match,
        recognised,
    )


def _text(token: Token | None) -> str:
    return "" if token is None or token.kind is Kind.EMPTY else token.text


def _notices(sheet: TableDraft, entries: dict[Address, Entry], assumed: bool) -> list[Notice]:
    table = sheet.table
    found = list(sheet.notices)
    if not sheet.slots or is_empty_table(sheet.slots):
        found.append(Notice("table-empty", (("table", table.key),), tuple(entries)))
        if not sheet.slots:
            return found
    lost = missing_rows(table, sheet.missing)
    if lost:
        boxes = tuple(box for row in lost for box in table.addresses(row))
        if len(lost) == 1:
            found.append(Notice("missing-row", (("row", lost[0].label),), boxes))
        else:
            details = (("table", table.key), ("count", str(len(lost))))
            found.append(Notice("missing-rows", details, boxes))
    for key in sheet.variants:
        row = table.row(key)
        found.append(Notice("variant-row", (("row", row.label),), table.addresses(row)))
    for slot in sheet.slots:
        found += _slot_notices(slot, entries, table)
    inferred = [a for a, entry in entries.items() if entry.match is Match.INFERRED]
    if assumed and inferred:
        found.append(
            Notice(
                "inferred", (("table", table.key), ("count", str(len(inferred)))), tuple(inferred)
            )
        )
    return found


def _unrecognised(address: Address, entry: Entry, row: str) -> Notice:
    """What is said of one cell of a picture: the candidates, or that there are none."""
    assert isinstance(entry.value, Illegible)
    if not entry.value.readings:
        return Notice("unrecognised", (("row", row),), (address,), entry.origin)
    listed = ", ".join(entry.value.readings)
    return Notice("rival-readings", (("row", row), ("readings", listed)), (address,), entry.origin)


def _slot_notices(slot: RowDraft, entries: dict[Address, Entry], table: Table) -> list[Notice]:
    illegible = tuple(a for a in slot.addresses if isinstance(entries[a].value, Illegible))
    if not illegible:
        return []
    if any(entries[a].recognised for a in illegible) and slot.admitted:
        return [_unrecognised(a, entries[a], slot.label) for a in illegible]
    if len(slot.admitted) == 1:
        texts = ", ".join(entries[a].raw or "" for a in illegible)
        return [Notice("no-figure", (("text", texts),), illegible, entries[illegible[0]].origin)]
    label = slot.label
    if not slot.admitted:
        return [Notice("too-many-readings", (("row", label),), illegible)]
    readings = [" ".join(_text(token) or "_" for token in reading) for reading in slot.admitted]
    origin = next((entries[a].origin for a in illegible if entries[a].origin), None)
    return [
        Notice(
            "row-readings",
            (("row", label), ("count", str(len(readings))), ("readings", "; ".join(readings[:8]))),
            illegible,
            origin,
        )
    ]
