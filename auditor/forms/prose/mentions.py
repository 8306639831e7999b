"""Sentences and their quantities in; what each claims to be, by the form's wordings, out.

No patterns, only words: from a figure the text is walked outwards as long as it is made of fillers
and of topics' own words, and a claim is what a word of a `Mention` then begins or ends. Every step
looks at a bounded stretch, so reading is linear in the text whatever the YAML says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import Context, Words, YearWords, put_years_into_words
from auditor.forms.prose.fit import Fit
from auditor.forms.prose.frames import Frames
from auditor.forms.prose.layout import Line
from auditor.forms.prose.movements import Movements
from auditor.forms.prose.naming import Naming
from auditor.forms.prose.phrases import Phrases
from auditor.forms.prose.quantities import any_of
from auditor.forms.prose.respective import Respective
from auditor.forms.prose.walks import Claim, Named, Walk
from auditor.forms.tape import Tape
from auditor.model.prose import Quantity, Said
from auditor.model.wordings import Mention, Wordings

_PART = 12
"""Characters around the agency's name where its part of a wider figure is told."""
_SCOPE = 200
"""Characters before a claim in which a wider scope may be named."""
_SUBHEADING = re.compile(r"\(\w{1,2}\)|[^\W\d_]{1,2}\u3001")


class MentionReader:
    """A form's wordings, ready to be looked for; reads any number of reports."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        self._wordings = wordings
        fold = folding.fold
        topics = {fold(word): topic.key for topic in wordings.topics for word in topic.words}
        self._topics = topics
        self._fit = Fit(wordings, folding, topics)
        self._of_section = {
            section: topic.key for topic in wordings.topics for section in topic.sections
        }
        self._walk = Walk(wordings, folding, topics, self._fit)
        self._before = Named(wordings.mentions, lambda mention: mention.before, folding)
        self._bare = Named(wordings.mentions, lambda mention: mention.bare, folding)
        self._alone = Named(wordings.mentions, lambda mention: mention.alone, folding)
        self._frames = Frames(wordings, folding)
        self._movements = Movements(wordings, folding)
        self._respective = Respective(wordings, folding)
        self._phrases = Phrases(wordings, folding, topics)
        self._naming = Naming(wordings, folding, topics)
        self._wide = re.compile(any_of([fold(word) for word in wordings.wide]))
        self._yields = {each.key: each.yields_to for each in wordings.mentions if each.yields_to}
        self._loose = {
            each.key: tuple(map(fold, each.loose)) for each in wordings.mentions if each.loose
        }
        carried = (word for each in wordings.mentions if each.any_year for word in each.before)
        self._carried = Words(map(fold, carried))
        self._parted = tuple(map(fold, wordings.words("parted")))
        self._each = tuple(map(fold, wordings.words("each")))
        self._own = re.compile(any_of([fold(word) for word in wordings.own]))
        self._own_part = re.compile(
            rf"{self._parted[0]}[^,;]{{0,{_PART}}}?(?:{self._own.pattern})[^,;\d]{{0,{_PART}}}\d"
        )
        self._year_words = YearWords(*map(fold, wordings.words("years")))
        self._years = re.compile(rf"(?:(?<=[,;:\u3002])|\A)(20\d\d){self._year_words.sign}")

    def read(
        self,
        tape: Tape,
        lines: Sequence[Line],
        quantities: Sequence[Quantity],
        year: int | None,
        agency: str = "",
    ) -> Iterator[Said]:
        """Every claim, in the order of the text; `agency` is folded as the lines are."""
        by_sentence: dict[int, list[Quantity]] = defaultdict(list)
        for quantity in quantities:
            by_sentence[quantity.sentence].append(quantity)
        inherited: str | None = None
        section = ""
        last: dict[str, Said] = {}
        seen: set[str] = set()
        for line in lines:
            if line.section != section or _SUBHEADING.match(line.text):
                section, inherited = line.section, self._of_section.get(line.section)
                last.clear()
                seen = {inherited} if inherited else set()
            text = put_years_into_words(line.text, year, self._year_words)
            topics = [*self._naming.topics(text)]
            years = [
                (found.end(), int(found[1]))
                for found in self._years.finditer(line.text)
                if not self._is_carried(text, found.end())
            ]
            own = by_sentence[line.sentence]
            turns = [*self._frames.turns(line.text, year)]
            is_wide = any(each.wide for each in last.values())
            context = Context(
                line, text, topics, inherited, frozenset(seen), years, year, turns, own, agency,
                is_wide,
            )  # fmt: skip
            said = self._without_parts([*self._figures(tape, context, own)], context, last)
            last |= {each.mention: each for each in said}
            said += self._wordless(tape, context, own, last)
            names = {each.mention for each in said}
            said = [each for each in said if self._yields.get(each.mention) not in names]
            yield from sorted(said, key=lambda each: (each.start, each.end, each.mention))
            if topics:
                inherited = topics[-1][1]
                seen.update(topic for _, topic in topics)

    def _is_carried(self, text: str, end: int) -> bool:
        """Whether the year that ends there is only that from which something was carried over."""
        start = end - len(self._year_words.last)
        return next(self._carried.beginning(text, start), None) is not None

    def _without_parts(
        self, said: list[Said], context: Context, last: Mapping[str, Said]
    ) -> list[Said]:
        """Without figures of a wider scope where the sentence also has the agency's own, and
        without parts of a figure that are told by the same word: `收到100件，其中A局收到30件`."""
        line = context.line
        parts_of_last = line.text.startswith(self._parted[0])
        narrow = {
            each.mention
            for each in said
            if self._own.search(context.text, context.clause(each.start), each.end)
        }
        kept: dict[str, Said] = {}
        found = []
        for each in sorted(said, key=lambda one: one.start):
            told = last.get(each.mention)
            if parts_of_last and told is not None and told.sentence == line.sentence - 1:
                continue
            clause = context.clause(each.start)
            if self._wide.search(context.text, clause, each.end) and (
                each.mention in narrow
                or self._own_part.search(context.text, each.end)
                or self._fit.has_own_part(context, each.end)
            ):
                continue
            whole = kept.setdefault(each.mention, each)
            between = context.text[whole.end : each.start]
            if whole is each or not any(word in between for word in self._parted):
                found.append(each)
        return found

    def _figures(
        self, tape: Tape, context: Context, quantities: Sequence[Quantity]
    ) -> Iterator[Said]:
        starts = {quantity.start for quantity in quantities}
        named = self._respective.names(context.text, quantities)
        moved = self._movements.names(context.text, quantities)
        for quantity in quantities:
            if quantity.start in named:
                floor, end = named[quantity.start]
                claims = [self._walk.ahead(context, quantity, self._before, end, floor)]
            elif quantity.start in moved:
                claims = [self._moved(context, quantity, moved[quantity.start])]
            else:
                claims = [*self._claims(context, quantity, starts)]
            for each in claims:
                if each is not None:
                    for mention in self._spread(each.mentions, quantity, context.text):
                        yield self._said(tape, context, mention, each.start, each.end, quantity)

    def _moved(self, context: Context, quantity: Quantity, end: int | None) -> Claim | None:
        """The claim of words that end where those of a movement begin; none without an end."""
        if end is None:
            return None
        claim = self._walk.ahead(context, quantity, self._before, end)
        return claim or self._lone(context, quantity, end)

    def _claims(
        self, context: Context, quantity: Quantity, starts: set[int]
    ) -> Iterator[Claim | None]:
        """What the words on either side of a figure claim, and what the next clause adds."""
        behind = self._walk.behind(context, quantity, quantity.end, starts)
        ahead = self._walk.ahead(context, quantity, self._before)
        if behind and ahead and behind.mentions != ahead.mentions:
            if behind.is_part and not ahead.is_part:
                ahead = None
            elif not (ahead.is_part and not behind.is_part):
                return  # two claims for one figure: nobody can tell which is meant
        yield (ahead or behind or self._bared(context, quantity) or self._lone(context, quantity))
        yield self._walk.going_on(context, quantity, starts)

    def _bared(self, context: Context, quantity: Quantity) -> Claim | None:
        """The claim of words that need no verb, unless others in front make it another quantity."""
        claim = self._walk.ahead(context, quantity, self._bare)
        if claim is None or not self._fit.is_free(context, claim.mentions, claim.start):
            return None
        return claim if self._naming.may_begin(context.text, claim.start) else None

    def _lone(self, context: Context, quantity: Quantity, end: int | None = None) -> Claim | None:
        """The claim of words that need no verb where their clause begins with them."""
        claim = self._walk.ahead(context, quantity, self._alone, end)
        return claim if claim and self._walk.opens(context, claim.start) else None

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
        self,
        tape: Tape,
        context: Context,
        quantities: Sequence[Quantity],
        last: dict[str, Said],
    ) -> Iterator[Said]:
        """Claims that are made without a figure of their own."""
        for mention, start, end, denies in self._phrases.find(context, quantities):
            if not self._fit.in_place(context, mention, start, end):
                continue
            if not denies and not self._fit.on_topic(
                context, mention, start, frozenset(), frozenset(), ""
            ):
                continue
            said = self._said(tape, context, mention, start, end, None, denies)
            if mention.takes and not denies:
                taken = last.get(mention.takes)
                if taken is None:
                    continue
                said = Said(
                    said.mention, said.sentence, start, end, taken.value, taken.step, said.origin,
                    taken.unit, taken.vague, taken.wide,
                )  # fmt: skip
            yield said

    def _is_loose(self, mention: Mention, context: Context, start: int, end: int) -> bool:
        return any(word in context.text[start:end] for word in self._loose.get(mention.key, ()))

    def _said(
        self,
        tape: Tape,
        context: Context,
        mention: Mention,
        start: int,
        end: int,
        quantity: Quantity | None,
        denied: bool = False,
    ) -> Said:
        line = context.line
        return Said(
            mention=mention.key,
            sentence=line.sentence,
            start=start,
            end=end,
            value=quantity.value if quantity else Decimal(mention.value),
            step=quantity.step if quantity else Decimal(1),
            origin=quantity.origin if quantity else line.origin(tape, start, end),
            unit=quantity.unit if quantity else "",
            vague=quantity.vague if quantity else self._is_loose(mention, context, start, end),
            wide=self._wide.search(context.text, max(0, end - _SCOPE), end) is not None,
            quantity=quantity,
            denied=denied,
        )
