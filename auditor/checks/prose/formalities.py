"""Title, period, sections, signature, fees, and nothing of the template: outcomes without sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice

from msgspec import Struct

from auditor.checks.prose import (
    cite,
    outcome,
    passed,
    plain,
    quoted,
    unclear,
    unread,
    unsaid,
)
from auditor.model import Address, Words
from auditor.model.check import Check, Severity
from auditor.model.finding import Operand, Outcome, Reason
from auditor.model.prose import Claim, Metadata, Prose, Quote
from auditor.model.report import Facts, Number, Ref
from auditor.patterns import compiled


class AskedSection(Struct, frozen=True):
    """A section of the form, by its key, its number and how its heading reads."""

    key: str
    number: int
    title: str
    closes: bool = False
    """Whether the form ends with it."""


def is_found(prose: Prose, part: AskedSection) -> bool:
    """Whether its heading was found with the number that the form prints."""
    return any(
        heading.section == part.key and heading.number == part.number for heading in prose.headings
    )


class Brevity(Struct, frozen=True):
    """A section, the fewest characters that say something, and words that are not its own."""

    part: AskedSection
    least: int
    aside: tuple[str, ...]


def evaluate_brevity(check: Check, body: Brevity, facts: Facts, prose: Prose) -> Outcome:
    """One outcome; where nothing follows the heading, the copy may have ended: a question."""
    part = body.part
    if not is_found(prose, part):
        return unclear(check)
    text = own_words(prose.metadata.content(part.key), body.aside)
    if len(text) >= body.least:
        return passed(check)
    heading = next(each for each in prose.headings if each.section == part.key)
    result = partial(outcome, check, subject=part.key, title=heading.printed.text)
    if text:
        inside = prose.within(part.key)[0]
        return result(
            "section-brief", Quote(inside.text, (), inside.origin), text=text, actual=text
        )
    is_last = heading == prose.headings[-1] and prose.metadata.signed_on is None
    if is_last and not part.closes:
        return unclear(check)  # the copy ends here
    severity = Severity.INFO if is_last else None
    return result("section-empty", quoted(heading.printed), severity=severity)


def own_words(text: str, aside: tuple[str, ...]) -> str:
    """The letters and figures of a text without words that a page or an annex adds."""
    for word in aside:
        text = text.replace(word, "")
    return "".join(char for char in text if char.isalnum())


class Statement(Struct, frozen=True):
    """A section, and words of which one has to stand in it."""

    part: AskedSection
    words: tuple[str, ...]
    """The first of them means nothing else, wherever it stands."""
    what: Words
    """What has to be said."""
    least: int = 0
    """Shorter texts are another rule's."""


def evaluate_statement(check: Check, body: Statement, facts: Facts, prose: Prose) -> Outcome:
    """One outcome; where another section says it, the omission is a question of form."""
    part = body.part
    if not is_found(prose, part):
        return unclear(check)
    text = prose.metadata.content(part.key)
    if any(word in text for word in body.words):
        return passed(check)
    if len(own_words(text, ())) < body.least:
        return unsaid(check)
    heading = next(each for each in prose.headings if each.section == part.key)
    word = body.words[0]
    elsewhere = any(
        word in other for section, other in prose.metadata.contents if section != part.key
    )
    # The first sentence of another section that has the word, where it is printed so.
    said = (
        prose.quote(number, (at, at + len(word)), origin=sentence.origin)
        for number, sentence in enumerate(prose.sentences)
        if sentence.section != part.key and (at := sentence.text.find(word)) >= 0
    )
    return outcome(
        check,
        "section-unstated-elsewhere" if elsewhere else "section-unstated",
        quoted(heading.printed),
        *islice(said, 1),
        severity=Severity.INFO if elsewhere else None,
        subject=part.key,
        title=heading.printed.text,
        what=body.what,
    )


class Arranged(Struct, frozen=True):
    """The sections of the form in order, with their titles, and how many must be clear."""

    titles: tuple[tuple[str, str], ...]
    least: int


def evaluate_sections(
    check: Check, body: Arranged, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """One outcome for wrong numbers, one for every heading that is missing or out of place."""
    titles = dict(body.titles)
    order = [*titles]
    formal = prose.metadata
    numbered = [heading for heading in prose.headings if heading.number is not None]
    if len(numbered) < body.least:
        yield unclear(check)
        return
    clear = True
    wrong = [each for each in numbered if each.number != order.index(each.section) + 1]
    if wrong:
        clear = False
        yield outcome(
            check,
            "section-number",
            *(quoted(each.printed) for each in wrong),
            subject="numbers",
            titles=" ".join(titles[each.section] for each in wrong),
        )
    for each in formal.misplaced:
        clear = False
        title = titles[each.section]
        yield outcome(
            check, "section-order", quoted(each.printed), subject=each.section, title=title
        )
    last = max(order.index(heading.section) for heading in prose.headings)
    for key in formal.unseen:
        # Behind the last heading found the copy may simply have ended.
        if order.index(key) < last or formal.signed_on is not None:
            clear = False
            yield outcome(check, "section-missing", subject=key, title=titles[key])
    if clear:
        missing = len(prose.headings) + len(formal.misplaced) < len(order)
        yield unclear(check) if missing else passed(check)


_YEAR = Ref(Address("text", "", "year"))


class InForce(Struct, frozen=True):
    """The first and last report year of an edition."""

    first: int | None = None
    """First report year."""
    last: int | None = None
    """Last one."""

    def covers(self, year: int) -> bool:
        """Whether the edition is in force for that year."""
        return (self.first or year) <= year <= (self.last or year)


def evaluate_edition(check: Check, body: InForce, facts: Facts, prose: Prose) -> Outcome:
    """One outcome."""
    formal = prose.metadata
    period_year = formal.period_end.year if formal.period_end else None
    stated = [(formal.title_year, formal.title), (period_year, formal.period)]
    named = [(year, printed) for year, printed in stated if year is not None]
    value = facts.values.get(_YEAR)
    if not named and isinstance(value, Number):
        named = [(int(value.value), None)]
    if not named:
        return unclear(check)
    wrong = [(year, printed) for year, printed in named if not body.covers(year)]
    if not wrong:
        return passed(check)
    certain = len(wrong) == 2
    return outcome(
        check,
        "edition-wrong" if certain else "edition-doubtful",
        *(quoted(printed) for _, printed in wrong if printed is not None),
        severity=None if certain else Severity.WARNING,
        subject="edition",
        year=str(wrong[0][0]),
        actual=str(wrong[0][0]),
    )


def edition_refs(body: InForce) -> list[Ref]:
    """The year, as far as the document says it anywhere."""
    return [_YEAR]


_FIGURES = compiled(r"\d+")


class Basis(Struct, frozen=True):
    """Notices by their numbers: the one that is due and those it has replaced."""

    due: str
    """The number of the notice in force."""
    replaced: tuple[str, ...]
    """Those of the notices that it replaced."""


def evaluate_basis(check: Check, body: Basis, facts: Facts, prose: Prose) -> Outcome:
    """One outcome; none of the form's notices cited is nothing to check."""
    cited = prose.metadata.cited
    if not cited:
        return unsaid(check)
    if any(_same(passage.text, body.due) for passage in cited):
        return passed(check)
    old = [each for each in cited if any(_same(each.text, number) for number in body.replaced)]
    if not old:
        return unsaid(check)
    quote = cite(prose, old[0])
    return outcome(
        check, "notice-replaced", quote, cited=old[0].text, expected=body.due, actual=old[0].text,
        due=body.due,
    )  # fmt: skip


def _same(one: str, other: str) -> bool:
    """Whether two numbers are the same but for brackets: 〔2021〕30号, [2021]30号."""
    return _FIGURES.findall(one) == _FIGURES.findall(other)


TITLE, SENTENCES = "title", "sentences"


class Dating(Struct, frozen=True):
    """What is compared with what: the `title` with the period, or `sentences` with both."""

    part: str


def evaluate_years(check: Check, body: Dating, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """One outcome for the title, or one for every stale year."""
    formal = prose.metadata
    if body.part == TITLE:
        yield _title(check, formal)
        return
    years = _years(formal)
    if len(years) != 1:
        yield unsaid(check)  # which year is the report's cannot be told; the title's rule says so
        return
    for stale in formal.stale_years:
        yield outcome(
            check,
            "year-stale",
            cite(prose, stale),
            subject=f"year-stale {stale.year}",
            year=str(stale.year),
            report_year=str(min(years)),
            expected=str(min(years)),
            actual=str(stale.year),
        )
    if not formal.stale_years:
        yield passed(check)


def _years(formal: Metadata) -> set[int]:
    """The years that title and period name."""
    period = formal.period_end.year if formal.period_end else None
    return {year for year in (formal.title_year, period) if year is not None}


def _title(check: Check, formal: Metadata) -> Outcome:
    title, period = formal.title, formal.period
    start, end = formal.period_start, formal.period_end
    if title is None or formal.title_year is None or not (period and start and end):
        return unsaid(check)
    if start.year == end.year == formal.title_year:
        return passed(check)
    return outcome(
        check,
        "year-of-title",
        quoted(title),
        quoted(period),
        year=str(formal.title_year),
        period=period.text,
        expected=str(formal.title_year),
        actual=str(end.year),
    )


class Naming(Struct, frozen=True):
    """Words that join the parts of a name, such as 和; none of them is part of a short form."""

    joints: tuple[str, ...]


def evaluate_names(check: Check, body: Naming, facts: Facts, prose: Prose) -> Outcome:
    """One outcome; without a signature, or a name in the title, nothing is to be compared."""
    formal = prose.metadata
    name, signature = formal.title_agency, formal.signature
    if not name or signature is None:
        return unsaid(check)
    if _may_be_same(name, signature.text, body.joints):
        return passed(check)
    title = (quoted(formal.title),) if formal.title else ()
    return outcome(
        check,
        "agency-differs",
        *title,
        quoted(signature),
        title=name,
        signature=signature.text,
        expected=name,
        actual=signature.text,
    )


def _may_be_same(one: str, other: str, joints: tuple[str, ...]) -> bool:
    short, long = sorted((_letters(one), _letters(other)), key=len)
    if short in long:
        return True
    kept = _places(short, long)
    if kept is None:
        return False
    for joint in joints:
        at = long.find(joint)
        if at < 0 or joint in short:
            continue
        # A short form takes a character from each part; the last one is everybody's (局).
        if not any(at < place < kept[-1] for place in kept):
            return False
    return True


def _letters(name: str) -> str:
    return "".join(char for char in name if char.isalnum())


def _places(short: str, long: str) -> list[int] | None:
    """Where the characters of `short` stand in `long`, in order; None where they do not."""
    places: list[int] = []
    at = -1
    for number, char in enumerate(short, 1):
        at = long.rfind(char, at + 1) if number == len(short) else long.find(char, at + 1)
        if at < 0:
            return None
        places.append(at)
    return places


class Deadline(Struct, frozen=True):
    """A day of the next year, for agencies whose names end so."""

    month: int
    day: int
    ends: tuple[str, ...] = ()
    """For agencies whose names end so; for all others where left out."""
    unless: tuple[str, ...] = ()
    """And do not end with any of these."""

    def is_for(self, agency: str) -> bool:
        """Whether the name says that this deadline is the agency's."""
        if not self.ends:
            return True
        return agency.endswith(self.ends) and not agency.endswith(self.unless)


def evaluate_date(check: Check, body: tuple[Deadline, ...], facts: Facts, prose: Prose) -> Outcome:
    """One outcome."""
    formal = prose.metadata
    printed, on = formal.signed, formal.signed_on
    is_page = on is None
    if on is None:
        printed, on = formal.published, formal.published_on
    if on is None or printed is None:
        return unsaid(check)
    years = _years(formal)
    if len(years) != 1:
        return unclear(check)
    year = min(years)
    signer = formal.signature.text if formal.signature else ""
    agency = formal.title_agency or facts.agency or signer
    deadline = next(each for each in body if each.is_for(agency))
    due = date(year + 1, deadline.month, deadline.day)
    severity = Severity.INFO if is_page else None
    if on <= (formal.period_end or date(year, 12, 31)):
        code = "dated-early"
    elif on > due:
        code = "published-late" if is_page else "dated-late"
    else:
        return passed(check)
    return outcome(
        check,
        code,
        quoted(printed),
        severity=severity,
        subject="date",
        date=on.isoformat(),
        year=str(year),
        due=due.isoformat(),
        actual=on.isoformat(),
    )


class Template(Struct, frozen=True):
    """How many different leftovers are told; of others, only how many there are."""

    most: int


def evaluate_template(
    check: Check, body: Template, facts: Facts, prose: Prose
) -> Iterator[Outcome]:
    """One outcome for every leftover that is told, or one that passes."""
    found = prose.metadata.leftovers
    texts = [*dict.fromkeys(each.text for each in found)]
    for each in found:
        if each.text not in texts[: body.most]:
            continue
        more = len(texts) - body.most if texts.index(each.text) == body.most - 1 else 0
        quote = cite(prose, each)
        yield outcome(
            check,
            "template-left-more" if more > 0 else "template-left",
            quote,
            subject=each.text,
            text=each.text,
            more=str(more),
            actual=each.text,
        )
    if not found and prose.sentences:
        yield passed(check)


class Tariff(Struct, frozen=True):
    """A mention of amounts, the step they go by, and the cell that they are part of."""

    mention: str
    step: int
    within: Ref
    times: int
    """Units of the mention in one of the cell's: 10000 元 in 1 万元."""


def evaluate_tariff(check: Check, body: Tariff, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every amount that is told exactly."""
    for said in prose.of(body.mention):
        if said.vague or said.value == 0:
            continue
        yield _tariff_outcome(check, body, facts, prose, said)


def _tariff_outcome(check: Check, body: Tariff, facts: Facts, prose: Prose, said: Claim) -> Outcome:
    quote = cite(prose, said)
    figure = plain(said.value)
    if said.value % body.step:
        return outcome(
            check, "fee-step", quote, subject="step", figure=figure, step=str(body.step),
            actual=figure,
        )  # fmt: skip
    value = facts.values.get(body.within)
    if value is None:
        return passed(check)
    operands = (Operand(body.within, value),)
    if not isinstance(value, Number):
        return outcome(check, reason=unread(value), operands=operands)
    if said.value <= value.value * body.times:
        return outcome(check, passes=True, operands=operands)
    return outcome(
        check, "fee-above-all", quote, operands=operands, subject="all", figure=figure,
        table=plain(value.value), actual=figure,
    )  # fmt: skip


def tariff_refs(body: Tariff) -> list[Ref]:
    """The cell."""
    return [body.within]


_LEAST_DIGITS = 3
"""Fewer may be the same by chance."""


class Digits(Struct, frozen=True):
    """A cell, and the unit of amounts in the text that must not have its digits."""

    cell: Ref
    unit: str
    words: tuple[str, ...]
    """Of which one stands in the sentence."""


def evaluate_digits(check: Check, body: Digits, facts: Facts, prose: Prose) -> Iterator[Outcome]:
    """An outcome for every amount in that unit, printed without a scale."""
    value = facts.values.get(body.cell)
    for quantity in prose.quantities:
        if quantity.unit != body.unit or quantity.scale or quantity.vague:
            continue
        if not any(word in prose.sentences[quantity.sentence].text for word in body.words):
            continue
        digits = quantity.value.normalize().as_tuple().digits
        if len(digits) < _LEAST_DIGITS or value is None:
            continue
        operands = (Operand(body.cell, value),)
        if not isinstance(value, Number):
            yield outcome(check, reason=Reason.MISSING, operands=operands)
        elif quantity.value != value.value:
            yield outcome(check, passes=True, operands=operands)
        else:
            figure = plain(value.value)
            yield outcome(
                check, "unit-mixed", cite(prose, quantity), operands=operands, figure=figure,
                unit=body.unit, actual=figure,
            )  # fmt: skip


def digits_refs(body: Digits) -> list[Ref]:
    """The cell."""
    return [body.cell]
