"""Parts of an audit in words of one language: places, suggestions, decisions, quotes, doubts.

What several formats say is said here once; `view` puts it together for a whole report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.messages import notice as notice_message
from auditor.messages import phrase
from auditor.messages.lists import cells_by_row, changes_by_row
from auditor.messages.places import place
from auditor.model.disposition import Disposition
from auditor.model.finding import Finding, Outcome, ProseResult, Reason, Slip, Suggestion
from auditor.model.form import Address, Form, Words
from auditor.model.prose import Counted, Prose, Quote
from auditor.model.report import Report, Source
from auditor.model.source import Notice, Origin

_LINED = ("text/plain", "text/html")
"""Media types whose lines are lines of the file itself."""
_QUOTED = 160
"""Characters of a sentence that are shown; more only where the marks lie further apart."""
_CUT = "\u2026"
_FATES = {"matched": "\u2713", "within": "=", "apart": "\u2013", "unread": "?"}
"""Behind a figure of the text: what became of it."""


def in_language(words: Words, language: str) -> str:
    """The words in that language, English where it has none."""
    return words.get(language) or words.get("en", "")


def joined(code: str, texts: Iterable[str], language: str) -> str:
    """The texts with the mark of that code, such as `list-comma`, between them."""
    return phrase(code, language).join(texts)


def bracketed(text: object, language: str) -> str:
    """The text in brackets; empty where it is."""
    return phrase("in-brackets", language, text=text) if text != "" else ""


def titled(title: str, text: str, language: str) -> str:
    """The text behind its title and a colon."""
    return title + phrase("colon", language) + text


# Where something stands.


def at(name: str, origin: Origin, language: str) -> str:
    """Where something stood, as editors understand it where the format has lines."""
    said = name
    if origin.page is not None:
        said += f" {phrase('place-page', language, page=origin.page)}"
    if origin.line is not None:
        said += f":{origin.line}"
        if origin.columns:
            said += f":{origin.columns[0]}"
    if origin.bbox:
        said += f" [{', '.join(f'{side:g}' for side in origin.bbox)}]"
    return f"{said} {place(origin.selector, language)}" if origin.selector else said


def line_of(source: Source, origin: Origin | None) -> int | None:
    """The line of the file; None where the format has no lines, or another program made them."""
    return origin.line if origin is not None and source.media_type in _LINED else None


def columns_of(source: Source, origin: Origin | None) -> tuple[int, int] | None:
    """First and last character on that line; None where they are unknown."""
    return origin.columns if origin is not None and line_of(source, origin) else None


# What may mend it.


def cell_named(form: Form, address: Address, language: str) -> str:
    """A cell by its labels; a figure that a sentence states as such."""
    said = form.describe(address, language)
    return said if address.row else phrase("in-text", language, what=said)


def changes(suggestion: Suggestion, form: Form, language: str) -> str:
    """The edits: `cell: before → after`; of several, those of one row together."""
    edits = [
        (cell_named(form, each.address, language), each.before, each.after)
        for each in suggestion.edits
    ]
    if len(edits) > 1:
        return changes_by_row(edits, "change-in-row", language)
    ((cell, before, after),) = edits
    before = before or phrase("blank", language)
    return phrase("change", language, cell=cell, before=before, after=after)


def settled(suggestion: Suggestion, finding: Finding, language: str) -> str:
    """What the edits settle: all that the finding tells of, or else the checks by name."""
    own = {outcome.check.id for outcome in finding.outcomes}
    if own == set(suggestion.settles):
        code = "settles-all" if len(own) > 1 else "settles-it"
        return phrase(code, language, count=len(own))
    checks = joined("list-comma", suggestion.settles, language)
    return phrase("settles", language, count=len(suggestion.settles), checks=checks)


def slip_in_words(slip: Slip, form: Form, language: str) -> str:
    """How the figure may have come to be wrong."""
    cells = joined("list-comma", map(form.describe, slip.cells), language)
    return phrase(slip.code, language, cells=cells)


def why(suggestion: Suggestion, form: Form, language: str) -> str:
    """All the slips that explain a suggestion; empty when none is known.

    Where each edit has a slip of its own, it is told which is whose.
    """
    slips = [slip_in_words(slip, form, language) for slip in suggestion.slips]
    if len(slips) == len(suggestion.edits) and len(set(slips)) > 1:
        cells = [cell_named(form, edit.address, language) for edit in suggestion.edits]
        if len({cell.rpartition(" × ")[0] for cell in cells}) == 1:
            cells = [cell.rpartition(" × ")[2] for cell in cells]
        slips = [titled(cell, slip, language) for cell, slip in zip(cells, slips, strict=True)]
    return joined("list-semicolon", dict.fromkeys(slips), language)


def choice(finding: Finding, language: str) -> str:
    """The line above several suggestions: that only one of them is meant; else empty."""
    count, failures = len(finding.suggestions), len(finding.outcomes)
    if count < 2:
        return ""
    code = "one-of" if failures == 1 else "one-of-sets"
    return phrase(code, language, count=count, failures=failures)


def limits(finding: Finding, language: str) -> str:
    """What the search left open; empty when nothing."""
    if finding.min_cells == 1:
        return phrase("no-offer", language)
    if finding.min_cells:
        return phrase("at-least", language, cells=finding.min_cells)
    return phrase("more-sets", language) if finding.has_more and finding.suggestions else ""


# What was decided before.


def decided(finding: Finding, language: str) -> Iterator[str]:
    """A line for its disposition with reason, name and day, and one for a severity changed."""
    if finding.disposition is not None:
        yield disposed(finding.disposition, language)
    if finding.declared is not None:
        severity = phrase(f"severity-{finding.declared.value}", language)
        yield phrase("declared-is", language, severity=severity)


def disposed(settled: Disposition, language: str) -> str:
    """A disposition with reason, name and day."""
    return phrase(
        f"{settled.kind.value}-is",
        language,
        reason=settled.reason,
        by=settled.by,
        given=settled.given,
        expires=settled.expires,
        place=settled.place,
    )


def tagged(finding: Finding, language: str) -> str:
    """The severity, and beside it what was decided, each in a word."""
    said = phrase(f"severity-{finding.severity.value}", language)
    if finding.disposition is not None:
        said += " · " + phrase(f"disposition-{finding.disposition.kind.value}", language)
    return said


# Sentences.


def quoted(quote: Quote, language: str) -> str:
    """The sentence with its figures marked `▶5◀`."""
    said = "".join(f"\u25b6{text}\u25c0" if mark else text for text, mark in pieces(quote))
    return phrase("quote", language, text=said)


def pieces(quote: Quote, most: int = _QUOTED) -> Iterator[tuple[str, bool]]:
    """What is shown of the sentence, each piece with whether it is marked."""
    first = min((start for start, _ in quote.marks), default=0)
    last = max((end for _, end in quote.marks), default=0)
    spare = max(0, most - (last - first))
    start = max(0, first - spare // 2)
    end = min(len(quote.text), last + spare // 2)
    before, position = _CUT if start else "", start
    for left, right in quote.marks:
        yield before + quote.text[position:left], False
        yield quote.text[left:right], True
        before, position = "", right
    yield before + quote.text[position:end] + (_CUT if end < len(quote.text) else ""), False


def marked(quote: Quote) -> str:
    """The marked words of a quote alone."""
    return " ".join(quote.text[start:end] for start, end in quote.marks)


def claims_of(outcomes: tuple[Outcome, ...]) -> list[tuple[Outcome, ProseResult]]:
    """The outcomes that are about one stated figure, in the order of the checks."""
    return [
        (outcome, outcome.prose_result)
        for outcome in outcomes
        if outcome.prose_result is not None and outcome.check.predicate_aspect == "agrees"
    ]


def coverage_line(prose: Prose | None, language: str) -> str:
    """How many counts of the text were matched, set apart and why, and not understood; empty for a
    text without any."""
    if prose is None or not prose.counted:
        return ""
    counts = prose.coverage()
    states = {key: count for key, count in counts.items() if ":" not in key}
    whys = {key.partition(":")[2]: count for key, count in counts.items() if ":" in key}
    reasons = [phrase(f"apart-{why}", language, count=count) for why, count in whys.items()]
    text = bracketed(joined("list-comma", reasons, language), language)
    return phrase("coverage", language, **states, reasons=text)


def marked_sentences(prose: Prose | None, form: Form, language: str) -> Iterator[str]:
    """Every sentence with counts, each followed by what became of it."""
    by_sentence: dict[int, list[Counted]] = {}
    for each in prose.counted if prose else ():
        by_sentence.setdefault(each.sentence, []).append(each)
    labels = {mention.key: mention.label for mention in form.wordings.mentions}
    for number, own in by_sentence.items():
        text, start, said = prose.sentences[number].text if prose else "", 0, ""
        for each in own:
            said += (
                text[start : each.end] + f"[{_FATES[each.state]}{_fate(each, labels, language)}]"
            )
            start = each.end
        yield said + text[start:]


def _fate(each: Counted, labels: Mapping[str, Words], language: str) -> str:
    """The quantity that a count is, or why it is none."""
    if each.state == "matched":
        return in_language(labels.get(each.why, {"en": each.why}), language)
    return phrase(f"why-{each.why}", language) if each.state == "apart" else ""


# Doubts, reasons and cells.


def notice_in_words(notice: Notice, form: Form, language: str) -> str:
    """What a notice says, tables and rows by their titles; every detail shows."""
    titles = {table.key: table.title.get(language, table.key) for table in form.tables}
    given = dict(notice.details)
    if "table" in given and "between" in given:
        labels = {row.key: row.label for row in form.table(given["table"]).rows}
        keys = given["between"].split(" / ")
        given["between"] = " / ".join(labels.get(key, key) for key in keys)
    if "table" in given:
        given["table"] = titles.get(given["table"], given["table"])
    return notice_message(notice.code, tuple(given.items()), language)


def reason_in_words(reason: Reason | None, language: str) -> str:
    """Why a check was not decided or does not apply."""
    return phrase(f"reason-{reason.value if reason else 'none'}", language)


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
            said.append(cells_by_row(cell_labels(form, own), rows, language))
    return joined("list-semicolon", said, language)


def cell_labels(form: Form, boxes: Iterable[Address]) -> Sequence[tuple[str, str, int]]:
    """For each box its row's label, its column's, and how many boxes the row has."""
    found = []
    for box in boxes:
        row, _, column = form.describe(box).rpartition(" × ")
        size = len(form.table(box.table).row(box.row).columns) if box.row else 0
        found.append((row, column, size))
    return found
