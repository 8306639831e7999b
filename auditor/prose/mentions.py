"""Sentences in; what their figures and words claim to be, by the form's mentions, out.

Also out: of every figure why it is no claim, for a report tells how much of its text was matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import takewhile

from msgspec.structs import replace

from auditor.model.prose import Claim, Quantity
from auditor.model.wordings import Mention
from auditor.prose.claims import FigureReading, read_figures
from auditor.prose.clauses import SentenceView
from auditor.prose.denials import claims_of_all, denied
from auditor.prose.scope import is_wide, widens, without_parts

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
