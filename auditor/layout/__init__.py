"""Extract and Form in, Report out: every box's entry, where it stood and how it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from auditor.layout.candidates import Reading
from auditor.layout.drafts import TableDraft, Words, draft_table, is_empty_table, missing_rows
from auditor.layout.instantiate import stacked
from auditor.layout.labels import LabelMatch, Lexicon, Vocabulary, find_labels, lexicon_of
from auditor.layout.recognise import find_identity
from auditor.layout.reconcile import agreed, halves_of
from auditor.layout.sections import (
    Region,
    Span,
    extent_of,
    find_regions,
    heading_places,
    outside,
    places_of,
    sentences_in,
)
from auditor.layout.solver import RowDraft, candidates, solve, sums_of
from auditor.layout.tokens import Kind, Token, split_region
from auditor.model.form import Address, Form, Line, Table
from auditor.model.report import (
    Entry,
    Illegible,
    Leftover,
    Match,
    Missing,
    Number,
    Report,
    Source,
    UnknownRow,
    is_unread,
)
from auditor.model.source import UNREAD, Extract, Notice
from auditor.source_text import Figures, SourceText, linearize

_LONG = 10
_MOST_REPEATED = 0.5


class _Gathered(Struct):
    """What is known of a report while its tables are read one after another."""

    entries: dict[Address, Entry] = {}
    notices: list[Notice] = []
    leftovers: list[Leftover] = []
    unknown_rows: list[UnknownRow] = []
    assumed: set[frozenset[Address]] = set()
    stretches: list[tuple[int, int]] = []
    """Where the tables' figures stand."""


class Outline(Struct, frozen=True):
    """Where a report's tables stand in its text, for whoever reads what stands outside them."""

    source: SourceText
    regions: Mapping[str, Region]
    """By table."""
    tables: tuple[tuple[int, int], ...]
    """The stretches that the tables' labels and figures take."""


def align(
    extract: Extract, form: Form, document: Source, tables: Collection[str] | None = None
) -> Report:
    """The report that an extract holds, only the `tables` with these keys where they are given.
    Whatever cannot be told for certain is declared unread."""
    return align_with_outline(extract, form, document, tables)[0]


def align_with_outline(
    extract: Extract, form: Form, document: Source, tables: Collection[str] | None = None
) -> tuple[Report, Outline | None]:
    """As `align`, and where the tables stand; None where two tables may be meant."""
    words = lexicon_of(form)
    vocabulary = words.vocabulary
    source = linearize(stacked(extract, form, words.folding), words.folding)
    found = find_labels(source, vocabulary)
    sentences = sentences_in(
        source, found, heading_places(source, form, vocabulary), vocabulary.senses
    )
    labels = outside(found, sentences)
    twice = next((table for table in form.tables if _stands_twice(table, labels)), None)
    if twice is not None:
        halves = halves_of(extract, form, source, vocabulary, twice, labels)
        copies = [align_with_outline(half, form, document) for half in halves or ()]
        both = agreed(*(report for report, _ in copies)) if copies else None
        if both is not None:
            return both, copies[0][1]
        return _undecided(extract, form, document, source, twice), None
    gathered = _Gathered(notices=list(extract.notices))
    printed: list[Table] = []
    for table in form.tables:
        if table.optional and not _is_named(table, source, labels, vocabulary):
            gathered.notices.append(Notice("table-left-out", (("table", table.key),)))
        else:
            printed.append(table)
    shown = replace(form, tables=tuple(printed))
    regions = {r.table.key: r for r in find_regions(source, shown, vocabulary, labels)}
    if tables is None or any(group.is_open for table in form.tables for group in table.groups):
        tables = {table.key for table in printed}  # totals of any may tell a subtotal among rows
    for table in printed:
        region = regions.get(table.key)
        if table.key not in tables:
            continue
        if region is None:
            gathered.notices.append(Notice("table-missing", (("table", table.key),), table.boxes()))
            gathered.entries |= {box: _missing(box) for box in table.boxes()}
        else:
            _add_table(gathered, source, region, words, sentences)
    for row in _possible_subtotals(form, gathered.entries):
        boxes = [box for table in form.tables for box in table.boxes() if box.row == row.key]
        read = [box for box in boxes if box in gathered.entries]
        for box in read:
            gathered.entries[box] = replace(
                gathered.entries[box], value=Illegible(), match=Match.NONE
            )
        gathered.notices.append(Notice("open-subtotal", (("row", row.label),), tuple(read)))
    report = Report(
        source=document,
        form_id=form.id,
        identity=find_identity(source, form.imprint),
        entries=gathered.entries,
        notices=tuple(gathered.notices),
        assumed=frozenset(gathered.assumed),
        leftovers=tuple(gathered.leftovers),
        unknown_rows=tuple(gathered.unknown_rows),
    )
    return report, Outline(source, regions, tuple(gathered.stretches))


def _possible_subtotals(form: Form, entries: Mapping[Address, Entry]) -> Iterator[Line]:
    """The rows of open axes without which every total agrees that does not with them: one that the
    totals leave out, or all that are the sums of their neighbours."""
    rows = {
        row.key: row
        for table in form.tables
        for group in table.groups
        if group.is_open
        for row in table.rows_of(group.key)
    }
    if not rows:
        return
    off: list[tuple[Decimal, dict[str, Decimal]]] = []
    for table in form.tables:
        for total in table.sums_over(entries):
            values = {box: entries[box].value for box in total}
            if total.constraint.each == "row" or any(map(is_unread, values.values())):
                continue
            shares = {
                box.row: each.value * total[box]
                for box, each in values.items()
                if isinstance(each, Number) and each.value
            }
            off.append((Decimal(sum(shares.values())), shares))
    if not any(left for left, _ in off):
        return
    shares_of = {row: [shares.get(row, Decimal(0)) for _, shares in off] for row in rows}
    sums_of_neighbours = [_sums_of_following(shares_of, order) for order in (rows, [*rows][::-1])]
    possible = {
        row
        for without in (*({row} for row in rows), *sums_of_neighbours)
        if (touched := [total for total in off if not without.isdisjoint(total[1])])
        and all(left == sum(shares.get(row, 0) for row in without) for left, shares in touched)
        for row in without
    }
    yield from (line for key, line in rows.items() if key in possible)


def _sums_of_following(
    shares_of: Mapping[str, Sequence[Decimal]], order: Iterable[str]
) -> set[str]:
    """The rows that are in every total the sum of those that follow, down to the next such row or
    over it: subtotals in front of their parts."""
    found: set[str] = set()
    following: list[Sequence[Decimal]] = []
    for row in reversed([*order]):
        shares = shares_of[row]
        added: Sequence[Decimal] = [Decimal(0)] * len(shares)
        for count, each in enumerate(reversed(following), 1):
            added = [one + other for one, other in zip(added, each, strict=True)]
            if any(shares) and added == shares:
                found.add(row)
                del following[-count:]
                break
            if any(abs(one) > abs(whole) for one, whole in zip(added, shares, strict=True)):
                break  # so that a row is not compared with all of a long table
        following.append(shares)
    return found


def _is_named(
    table: Table, source: SourceText, labels: Sequence[LabelMatch], vocabulary: Vocabulary
) -> bool:
    """Whether the text has the table's heading, or a label that no other table has."""
    own = (all(sense.table == table.key for sense in label.senses) for label in labels)
    return any(own) or bool(places_of(source, table.headings, vocabulary))


def _add_table(
    gathered: _Gathered,
    source: SourceText,
    region: Region,
    words: Lexicon,
    sentences: Sequence[Span],
) -> None:
    """Reads one table, and adds what it came to."""
    table, vocabulary = region.table, words.vocabulary
    pieces, labels = vocabulary.wordings[table.key], vocabulary.labels[table.key]
    every = [*labels.values(), *pieces]
    parts = split_region(source, region, words.figures, labels, every, sentences)
    said = Words(labels, vocabulary.beside_rows[table.key], words.figures)
    draft = draft_table(source, table, parts, said)
    tokens = [
        token
        for row in draft.rows
        for reading in row.readings
        for token in reading
        if token is not None and token.end > token.start
    ]
    figures = (min([t.start for t in tokens]), max([t.end for t in tokens])) if tokens else None
    gathered.stretches.append(extent_of(source, region, figures))
    present = [a for row in draft.rows for a in row.addresses] + draft.missing
    solution = solve(draft.rows, sums_of(table, present), words.figures)
    gathered.assumed |= solution.assumed
    if solution.columns_in_doubt:
        boxes = tuple(a for row in draft.rows for a in row.addresses)
        gathered.notices.append(Notice("column-doubt", (("table", table.key),), boxes))
    gathered.unknown_rows += draft.unknown
    _leave_out_words(draft)
    found = _entries(source, draft, words.figures)
    boxes = tuple(box for row in table.rows for box in table.addresses(row) if box in found)
    ordered = {box: found[box] for box in boxes}
    gathered.entries |= ordered
    gathered.notices += _notices(draft, ordered, bool(solution.assumed))
    gathered.leftovers += [
        Leftover(source.text[text.start : text.end].strip(), source.origin(text.start, text.end))
        for text in draft.unknown_texts
        if len(text.text) > 1
        and not text.is_sentence
        and not any(text.text in core for core in pieces)
    ]


def _leave_out_words(draft: TableDraft) -> None:
    """Takes the columns out that hold no figures, such as the numbers of lines: where their ink
    stands had to be known, and nothing else of it matters."""
    words = {column.key for column in draft.table.columns if column.type != "number"}
    if not words:
        return
    for row in draft.rows:
        kept = [at for at, box in enumerate(row.addresses) if box.column not in words]
        row.addresses = tuple(row.addresses[at] for at in kept)
        row.readings = [tuple(reading[at] for at in kept) for reading in row.readings]
        row.admitted = [tuple(reading[at] for at in kept) for reading in row.admitted]
        row.admitted = list(dict.fromkeys(row.admitted))
        row.unproven = {at for at, old in enumerate(kept) if old in row.unproven}
    draft.missing = [box for box in draft.missing if box.column not in words]
    notices = (
        replace(each, addresses=tuple(box for box in each.addresses if box.column not in words))
        for each in draft.notices
    )
    draft.notices = [
        after
        for before, after in zip(draft.notices, notices, strict=True)
        if after.addresses or not before.addresses
    ]


def _stands_twice(table: Table, labels: Sequence[LabelMatch]) -> bool:
    """Whether most row labels of a long table are printed more than once: two reports in one file,
    or last year's table beside this one. Short tables' labels are common words and tell nothing."""
    if len(table.rows) < _LONG:
        return False
    counts = Counter(
        label.senses[0].key for label in labels if len(label.senses) == 1 and label.row(table.key)
    )
    twice = sum(1 for count in counts.values() if count > 1)
    return twice > _MOST_REPEATED * len(table.rows)


def _undecided(
    extract: Extract, form: Form, document: Source, source: SourceText, table: Table
) -> Report:
    """The report of a document in which nobody can tell which of two tables is meant."""
    boxes = [box for each in form.tables for box in each.boxes()]
    return Report(
        source=document,
        form_id=form.id,
        identity=find_identity(source, form.imprint),
        entries={box: Entry(box, None, Illegible(), None, Match.NONE) for box in boxes},
        notices=(*extract.notices, Notice("two-candidates", (("table", table.key),), tuple(boxes))),
    )


def _entries(source: SourceText, draft: TableDraft, figures: Figures) -> dict[Address, Entry]:
    entries = {address: _missing(address) for address in draft.missing}
    for row in draft.rows:
        rivals = row.readings if len(row.readings) > 1 and row.was_chosen else ()
        for index, address in enumerate(row.addresses):
            entries[address] = _entry(source, row, index, address, figures, rivals)
    return entries


def _missing(address: Address) -> Entry:
    return Entry(address, None, Missing(), None, Match.NONE)


def _entry(
    source: SourceText,
    row: RowDraft,
    index: int,
    address: Address,
    figures: Figures,
    rivals: Sequence[Reading],
) -> Entry:
    """The entry of one box; `rivals`: the readings from which sums chose the row's."""
    choices = [reading[index] for reading in row.admitted]
    token = choices[0] if choices else None
    texts = [_text(token)] if len(choices) == 1 else list(dict.fromkeys(map(_text, choices)))
    unit = source.span_at(token.start) if token else None
    origin = unit.origin_of(token.start, token.end) if token and unit else None
    recognised = unit is not None and unit.recognised
    if index in row.unproven or (token and token.alternatives and token.kind is Kind.UNREAD):
        said = dict.fromkeys(text for each in choices if each for text in candidates(each))
        raw = " | ".join(said)
        return Entry(address, raw, Illegible(tuple(said)), origin, Match.NONE, recognised)
    if len(texts) != 1 or token is None or unit is None:
        raw = " | ".join(texts)
        return Entry(address, raw, Illegible(tuple(texts)), origin, Match.NONE, recognised)
    if token.kind is Kind.UNREAD:
        said_at_all = () if token.text == UNREAD else (token.text,)
        return Entry(address, token.text, Illegible(said_at_all), origin, Match.NONE, recognised)
    inferred = bool(token.alternatives) or len({_text(each[index]) for each in rivals}) > 1
    is_whole = not token.alternatives and token.start < token.end <= unit.end + 1
    raw = unit.printed(token.start, token.end) if is_whole else token.text
    return Entry(
        address,
        raw,
        figures.value(token.text),
        origin,
        Match.INFERRED if inferred or row.is_apart else row.match,
        recognised,
    )


def _text(token: Token | None) -> str:
    return "" if token is None else token.text


def _notices(draft: TableDraft, entries: dict[Address, Entry], assumed: bool) -> list[Notice]:
    table = draft.table
    found = list(draft.notices)
    if not draft.rows or is_empty_table(draft.rows):
        found.append(Notice("table-empty", (("table", table.key),), tuple(entries)))
        if not draft.rows:
            return found
    lost = missing_rows(table, draft.missing)
    if lost:
        boxes = tuple(box for row in lost for box in table.addresses(row))
        if len(lost) == 1:
            found.append(Notice("missing-row", (("row", lost[0].label),), boxes))
        else:
            details = (("table", table.key), ("count", str(len(lost))))
            found.append(Notice("missing-rows", details, boxes))
    for key in draft.variants:
        line = table.row(key)
        found.append(Notice("variant-row", (("row", line.label),), table.addresses(line)))
    for row in draft.rows:
        found += _row_notices(row, entries, table)
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


def _row_notices(row: RowDraft, entries: dict[Address, Entry], table: Table) -> list[Notice]:
    # Of an admitted reading no box is missing.
    illegible = tuple(a for a in row.addresses if is_unread(entries[a].value))
    if not illegible:
        return []
    if any(entries[a].recognised for a in illegible) and row.admitted:
        return [_unrecognised(a, entries[a], row.label) for a in illegible]
    if len(row.admitted) == 1:
        texts = ", ".join(entries[a].raw or "" for a in illegible)
        return [Notice("no-figure", (("text", texts),), illegible, entries[illegible[0]].origin)]
    label = row.label
    if not row.admitted:
        return [Notice("too-many-readings", (("row", label),), illegible)]
    readings = [" ".join(_text(token) or "_" for token in reading) for reading in row.admitted]
    origin = next((entries[a].origin for a in illegible if entries[a].origin), None)
    return [
        Notice(
            "row-readings",
            (("row", label), ("count", str(len(readings))), ("readings", "; ".join(readings[:8]))),
            illegible,
            origin,
        )
    ]
