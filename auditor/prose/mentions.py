"""Sentences in; what their figures and words claim to be, by the form's mentions, out.

Words claim without a figure too, of all or of none: 均已办结, 未收到申请. Also out: of every figure
why it is no claim, for a report tells how much of its text was matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import takewhile

from msgspec.structs import replace

from auditor.model.prose import Claim, Quantity
from auditor.model.wordings import Mention
from auditor.prose.claims import FigureReading, read_figures
from auditor.prose.clauses import ENDS, LISTED, SentenceView
from auditor.prose.scope import is_wide, on_topic, refusal, widens, without_parts

_CAUSE = 16
"""Unknown characters in what a denial names as the cause."""
WordClaim = tuple[Mention, int, int]
"""A mention that words claim, and where they begin and end."""


def claims_of_all(s: SentenceView) -> Iterator[WordClaim]:
    """Mentions that are claimed of all: `均已办结`."""
    for index, token in enumerate(s.tokens):
        if "all" not in token.meaning.marks or (
            index and "none" in s.tokens[index - 1].meaning.marks
        ):
            continue
        for at in s.span(index):
            meaning = s.tokens[at].meaning
            found = [m for head in sorted(meaning.heads) for m in s.g.claimed("all", head)]
            if found:
                yield from _mentions_of_all(s, found, index, at)
                break
            passed = meaning.is_glue or "all" in meaning.marks or meaning.time
            if at > index and not (passed or s.topics[at] in s.g.weak):
                break


def _mentions_of_all(
    s: SentenceView, mentions: Iterable[Mention], index: int, at: int
) -> Iterator[WordClaim]:
    counts = _counts(s, index)
    behind = s.tokens[at + 1] if at + 1 < len(s.tokens) else None
    joined = behind is not None and ("and" in behind.meaning.marks or behind.mark == LISTED)
    figure = behind is not None and behind.quantity is not None
    start, end = s.tokens[index].start, s.tokens[at].end
    for mention in mentions:
        if mention.of_all and (counts or figure or (mention.takes and joined)):
            continue
        if on_topic(s, mention, start, ()) and not refusal(s, mention, start, end):
            yield mention, start, end


def _counts(s: SentenceView, index: int) -> bool:
    """Whether words say something of a figure right before them, not of all."""
    at = s.beyond(s.span_left(index - 1))
    return at >= 0 and s.tokens[at].quantity is not None


class _Denial:
    """What a denial is of, as far as its words were read."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.end = first, end
        self.heads: set[str] = set()
        self.topics: set[str] = set()
        self.of_cause: set[str] = set()
        """Heads in what is named as the cause; those of what is denied where no topic follows."""
        self.in_cause = False
        self.parties = 0
        """Kinds of applicants: of one the denial is only theirs, of several it is of all."""


def denied(s: SentenceView) -> Iterator[WordClaim]:
    """Mentions of which the sentence says that there was none: `未收到申请`."""
    for index, token in enumerate(s.tokens):
        if "none" not in token.meaning.marks or _counts(s, index):
            continue
        denial = _denial(s, index)
        if denial is not None and not denial.heads and not denial.topics:
            denial = _named_before(s, index)
        if denial is None:
            continue
        for other in s.g.spreading:
            if other.topic in denial.topics:
                denial.topics |= {s.g.mentions[key].topic for key in other.spreads}
        start, end = s.tokens[denial.first].start, s.tokens[denial.end - 1].end
        for mention in s.g.wordings.mentions:
            if _denies(s, mention, denial, start) and not refusal(s, mention, start, end):
                yield mention, start, end


def _denial(s: SentenceView, index: int) -> _Denial | None:
    """What a denial is of; None for one whose words are not all known."""
    parties = s.g.set("parties")
    denial = _Denial(index, len(s.tokens))
    for at in s.span(index + 1):
        token, topic, meaning = s.tokens[at], s.topics[at], s.tokens[at].meaning
        if token.mark:
            if token.mark in ENDS and not (token.mark == "," and _goes_with(s, at + 1)):
                denial.end = at
                break
            continue
        if "none" in meaning.marks and denial.topics:
            denial.end = at
            break
        if token.quantity is not None or topic in s.g.decoys:
            return None
        if "none" in meaning.marks or "other" in meaning.marks:
            return None
        if token.is_unknown:
            if not denial.in_cause or token.end - token.start > _CAUSE:
                return None
            continue
        _take(s, at, denial)
    else:
        if denial.end - index > len(s.span(0)):
            return None
    denial.heads |= denial.of_cause
    if denial.parties > 1:
        denial.heads -= parties
    return denial


def _take(s: SentenceView, at: int, denial: _Denial) -> None:
    """Adds a word to a denial. What is named as the cause is not denied."""
    meaning, topic = s.tokens[at].meaning, s.topics[at]
    if "cause" in meaning.marks:
        denial.in_cause = True
    if "applied" in meaning.marks or meaning.heads & s.g.set("parties"):
        denial.parties += 1
    if topic and topic not in s.g.weak:
        denial.topics.add(topic)
        denial.in_cause, denial.of_cause = False, set()
    elif topic and s.word(at) not in s.g.set("not_alone"):
        if not denial.in_cause or "receive" in denial.heads:
            denial.topics.add(topic)
    elif topic is None and not meaning.is_glue:
        (denial.of_cause if denial.in_cause else denial.heads).update(meaning.heads)


def _named_before(s: SentenceView, index: int) -> _Denial | None:
    """The denial of what stands in front of its word: `行政复议、行政诉讼情况：无。`"""
    if index + 1 < len(s.tokens) and s.tokens[index + 1].mark not in ENDS:
        return None
    denial = _Denial(index, index + 1)
    for at in s.span_left(index - 1):
        token, topic = s.tokens[at], s.topics[at]
        if token.quantity is not None or (token.mark in ENDS and token.mark != ":"):
            break
        if topic and topic not in s.g.decoys:
            denial.topics.add(topic)
            denial.first = at
        elif not token.mark and not token.meaning.is_glue:
            break
    return denial if denial.topics - s.g.weak else None


def _goes_with(s: SentenceView, first: int) -> bool:
    """Whether a clause goes on with a denial: 无…引起行政复议，提起行政诉讼情况发生."""
    named, last = False, -1
    for at in s.span(first):
        token, topic = s.tokens[at], s.topics[at]
        if token.mark in ENDS:
            break
        named = named or (topic is not None and topic not in s.g.weak)
        if token.quantity is not None or not (token.meaning.is_passed or token.mark):
            return False
        last = at
    return named and s.word(last) in s.g.set("closing")


def _denies(s: SentenceView, mention: Mention, denial: _Denial, start: int) -> bool:
    """Whether a denial with these heads and topics is one of the mention."""
    weak, parties, own = s.g.weak, s.g.set("parties"), denial.topics
    if mention.topic in weak and (denial.heads & parties or own - weak):
        return False
    if denial.heads & {*mention.none}:
        if denial.heads - {*mention.none} - parties - {"arise", "receive", "process"}:
            return False
        return mention.topic in own or (not own - weak and on_topic(s, mention, start, [*own]))
    return mention.none_named and mention.topic in own and not denial.heads - parties - {"arise"}


Place = tuple[int, int]
"""Sentence and character of a figure."""


def read_claims(sentences: Iterable[SentenceView], reasons: dict[Place, str]) -> Iterator[Claim]:
    """Every claim, in the order of the text.

    `reasons` takes, by sentence and place, why a figure is no claim of the report's own.
    """
    widely = False
    last: dict[str, Claim] = {}
    for s in sentences:
        if s.begins:
            last.clear()
            widely = False
        s.is_wide = widely
        claims: list[Claim] = []
        for reading in read_figures(s):
            if reading.refusal:
                reasons[s.number, reading.quantity.start] = reading.refusal
            claims += _claims_of_figure(s, reading)
        claims = without_parts(claims, s, last)
        last |= {each.mention: each for each in claims}
        widely = widely or widens(s, claims)
        claims += _claims_of_words(s, last)
        names = {each.mention for each in claims}
        claims = [each for each in claims if s.g.mentions[each.mention].yields_to not in names]
        yield from sorted(claims, key=lambda each: (each.start, each.end, each.mention))


def _claims_of_figure(s: SentenceView, reading: FigureReading) -> Iterator[Claim]:
    quantity = reading.quantity
    # None of several is none of each, and 各 says so.
    is_of_each = not quantity.value or s.text[: quantity.start].endswith(s.g.words("each"))
    for candidate in reading.claims:
        for mention in candidate.mentions:
            for key in (is_of_each and mention.spreads) or (mention.key,):
                own = s.g.mentions[key]
                yield _claim(s, own, candidate.start, candidate.end, quantity)


def _claims_of_words(s: SentenceView, last: Mapping[str, Claim]) -> Iterator[Claim]:
    """Claims that are made without a figure of their own."""
    for mention, start, end in claims_of_all(s):
        claim = _claim(s, mention, start, end)
        if not mention.takes:
            yield claim
        elif taken := last.get(mention.takes):
            yield replace(
                claim, value=taken.value, step=taken.step, unit=taken.unit, vague=taken.vague,
                wide=taken.wide,
            )  # fmt: skip
    for mention, start, end in denied(s):
        yield replace(_claim(s, mention, start, end), denied=True)


def _claim(
    s: SentenceView, mention: Mention, start: int, end: int, quantity: Quantity | None = None
) -> Claim:
    """What a mention is claimed to be; none at all where there is no figure."""
    if quantity is None:
        vague = any(word in s.text[start:end] for word in mention.loose)
        wide, origin = is_wide(s, end), s.origin(start, end)
        return Claim(
            mention.key, s.number, start, end, Decimal(0), Decimal(1), origin, "", vague, wide
        )
    return Claim(
        mention=mention.key,
        sentence=s.number,
        start=start,
        end=end,
        value=quantity.value if mention.percent is None else Decimal(0),
        step=quantity.step,
        origin=quantity.origin,
        unit=quantity.unit,
        vague=quantity.vague,
        wide=is_wide(s, end),
        quantity=quantity,
        outside=_outside(s, quantity),
    )


def _outside(s: SentenceView, quantity: Quantity) -> Decimal:
    """What a bracket right behind a figure says is not in it: 61件（不含简易程序5件）."""
    excluding = tuple(f"({word}" for word in s.g.words("excluding"))
    if not s.text.startswith(excluding, quantity.end):
        return Decimal(0)
    tokens = s.tokens[s.figures[quantity.start] + 1 :]
    inside = takewhile(lambda token: token.mark != ")", tokens)
    return sum((t.quantity.value for t in inside if t.quantity is not None), Decimal(0))
