"""Sentences and their quantities in; what each claims to be, by the form's words, out.

Also out: of every figure why it is no claim, for a report tells how much of its text was matched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import takewhile

from auditor.model.prose import Claim, Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.claims import FigureReader, FigureReading, MentionMatcher, PairReader
from auditor.prose.clauses import PeriodReader, SentenceView
from auditor.prose.denials import DenialReader
from auditor.prose.lexer import Lexer, ProseToken
from auditor.prose.numerals import any_of
from auditor.prose.scope import ScopeRules, WholeRules
from auditor.prose.sentences import SentenceText
from auditor.source_text import SourceText

_SUBHEADING = re.compile(r"\(\w{1,2}\)|[^\W\d_]{1,2}\u3001|\d{1,2}[.\u3001](?!\d)")


class MentionReader:
    """A form's wordings, ready to be looked for; reads any number of reports."""

    def __init__(self, wordings: Wordings) -> None:
        self._wordings = wordings
        self._lexer = Lexer(wordings)
        self._scope = ScopeRules(wordings)
        self._matcher = MentionMatcher(wordings, self._scope)
        self._figures_of = FigureReader(wordings, self._matcher)
        self._wholes = WholeRules(wordings, self._scope)
        self._words = DenialReader(wordings, self._matcher)
        self._of_section = {
            section: topic.key for topic in wordings.topics for section in topic.sections
        }
        self._frames = PeriodReader(wordings)
        self._respective = PairReader(wordings)
        self._yields = {each.key: each.yields_to for each in wordings.mentions if each.yields_to}
        self._loose = {each.key: each.loose for each in wordings.mentions if each.loose}
        self._excluding = tuple("(" + word for word in wordings.more.excluding)
        self._each = wordings.more.each
        self._compared = re.compile(any_of(wordings.more.compared))
        self._guarded = {*wordings.more.guarded}
        self._decoy = next((topic.key for topic in wordings.topics if topic.decoy), None)

    def sentences(
        self,
        lines: Sequence[SentenceText],
        quantities: Sequence[Quantity],
        year: int | None,
        agency: str = "",
    ) -> Iterator[SentenceView]:
        """Every sentence with its words and topics; `agency` is folded as the lines are."""
        by_sentence: dict[int, list[Quantity]] = defaultdict(list)
        for quantity in quantities:
            by_sentence[quantity.sentence].append(quantity)
        inherited: str | None = None
        section = ""
        seen: set[str] = set()
        for line in lines:
            begins = line.section != section or _SUBHEADING.match(line.text) is not None
            if begins:
                section, inherited = line.section, self._of_section.get(line.section)
                seen = {inherited} if inherited else set()
            own = by_sentence[line.sentence]
            pairs = self._respective.names(line.text, own)
            cuts = {place for span in pairs.values() for place in span}
            tokens = self._lexer.tokens(line.text, own, year, cuts)
            topics = [*self._topics(line.text, tokens)]
            yield SentenceView(
                line, tokens, topics, own, inherited, frozenset(seen), year,
                [*self._frames.turns(line.text, year)], agency, pairs, begins, self._compared,
            )  # fmt: skip
            told = [topic for topic in topics if topic]
            if told:
                inherited = told[-1]
                seen.update(told)

    def read(
        self,
        tape: SourceText,
        sentences: Iterable[SentenceView],
        unclaimed: dict[tuple[int, int], str] | None = None,
    ) -> Iterator[Claim]:
        """Every claim, in the order of the text.

        `unclaimed` takes, by sentence and place, why a figure is no claim of the report's own.
        """
        widely = False
        last: dict[str, Claim] = {}
        reasons = {} if unclaimed is None else unclaimed
        for context in sentences:
            if context.begins:
                last.clear()
                widely = False
            context.is_wide = widely
            readings = [*self._figures_of.read(context)]
            for each in readings:
                if each.refusal:
                    reasons[context.line.sentence, each.quantity.start] = each.refusal
            said = [*self._figures(tape, context, readings)]
            said = self._wholes.without_parts(said, context, last)
            last |= {each.mention: each for each in said}
            widely = widely or self._wholes.widens(context, said)
            said += self._wordless(tape, context, last)
            names = {each.mention for each in said}
            said = [each for each in said if self._yields.get(each.mention) not in names]
            yield from sorted(said, key=lambda each: (each.start, each.end, each.mention))

    def _topics(self, text: str, tokens: Sequence[ProseToken]) -> Iterator[str | None]:
        """The topic that each token names. A word such as 申请 names one only where it stands free:
        工伤认定申请 is an application for something else."""
        last: str | None = None
        for index, token in enumerate(tokens):
            topic = token.meaning.topic
            if topic and text[token.start : token.end] in self._guarded and index:
                before = tokens[index - 1]
                if before.is_unknown:
                    topic = self._decoy
                elif last and last not in self._scope.weak and not before.mark:
                    topic = last if before.meaning.topic else topic
            yield topic
            last = topic or (last if token.meaning.has("applied") else None)

    def _figures(
        self, tape: SourceText, context: SentenceView, readings: Sequence[FigureReading]
    ) -> Iterator[Claim]:
        for each in readings:
            for claim in each.claims:
                for mention in self._spread(claim.mentions, each.quantity, context.text):
                    yield self._said(tape, context, mention, claim.start, claim.end, each.quantity)

    def _spread(
        self, mentions: Sequence[Mention], quantity: Quantity, text: str
    ) -> Iterator[Mention]:
        """The mentions that a figure is of: none of several is none of each, and 各 says so."""
        is_of_each = not quantity.value or text[: quantity.start].endswith(self._each)
        for mention in mentions:
            if not (mention.spreads and is_of_each):
                yield mention
            else:
                yield from map(self._wordings.mention, mention.spreads)

    def _wordless(
        self, tape: SourceText, context: SentenceView, last: dict[str, Claim]
    ) -> Iterator[Claim]:
        """Claims that are made without a figure of their own."""
        for mention, start, end in self._words.of_all(context):
            said = self._said(tape, context, mention, start, end, None)
            if mention.takes:
                taken = last.get(mention.takes)
                if taken is None:
                    continue
                said = Claim(
                    said.mention, said.sentence, start, end, taken.value, taken.step, said.origin,
                    taken.unit, taken.vague, taken.wide,
                )  # fmt: skip
            yield said
        for mention, start, end in self._words.denied(context):
            yield self._said(tape, context, mention, start, end, None, True)

    def _outside(self, context: SentenceView, quantity: Quantity | None) -> Decimal:
        """What a bracket right behind a figure says is not in it."""
        if quantity is None or not context.text.startswith(self._excluding, quantity.end):
            return Decimal(0)
        tokens = context.tokens[context.figures[quantity.start] + 1 :]
        inside = takewhile(lambda token: token.mark != ")", tokens)
        return sum((t.quantity.value for t in inside if t.quantity is not None), Decimal(0))

    def _is_loose(self, mention: Mention, context: SentenceView, start: int, end: int) -> bool:
        return any(word in context.text[start:end] for word in self._loose.get(mention.key, ()))

    def _said(
        self,
        tape: SourceText,
        context: SentenceView,
        mention: Mention,
        start: int,
        end: int,
        quantity: Quantity | None,
        denied: bool = False,
    ) -> Claim:
        line = context.line
        value = quantity.value if quantity and mention.percent is None else Decimal(0)
        return Claim(
            mention=mention.key,
            sentence=line.sentence,
            start=start,
            end=end,
            value=value,
            step=quantity.step if quantity else Decimal(1),
            origin=quantity.origin if quantity else line.origin(tape, start, end),
            unit=quantity.unit if quantity else "",
            vague=quantity.vague if quantity else self._is_loose(mention, context, start, end),
            wide=self._wholes.is_wide(context, end),
            quantity=quantity,
            denied=denied,
            outside=self._outside(context, quantity),
        )
