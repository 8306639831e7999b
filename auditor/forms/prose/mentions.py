"""Sentences and their quantities in; what each claims to be, by the form's wordings, out.

No patterns, only words: from a figure the text is walked outwards as long as it is made of fillers
and of topics' own words, and a claim is what a word of a `Mention` then begins or ends. Every step
looks at a bounded stretch, so reading is linear in the text whatever the YAML says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import Context, Words, YearWords, merged, put_years_into_words
from auditor.forms.prose.fit import Fit
from auditor.forms.prose.layout import Line
from auditor.forms.prose.phrases import Phrases
from auditor.forms.prose.quantities import any_of
from auditor.forms.tape import Tape
from auditor.model.noun import noun
from auditor.model.prose import Quantity, Said
from auditor.model.wordings import Mention, Wordings

_REACH = 60
"""Characters that a claim may span on either side of its figure."""
_PAUSE = frozenset(",:(")
_SUBHEADING = re.compile(r"\(\w{1,2}\)|[^\W\d_]{1,2}\u3001")


@noun
class _Claim:
    """One way to read a figure: the words of which mentions, and how far they reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int

    @property
    def is_part(self) -> bool:
        return all(mention.of for mention in self.mentions)


class MentionReader:
    """A form's wordings, ready to be looked for; reads any number of reports."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        self._wordings = wordings
        self._fold = fold = folding.fold
        topics = {fold(word): topic.key for topic in wordings.topics for word in topic.words}
        self._topics = topics
        self._fit = Fit(wordings, folding, topics)
        self._decoys = {topic.key for topic in wordings.topics if topic.decoy}
        self._of_section = {
            section: topic.key for topic in wordings.topics for section in topic.sections
        }
        self._glue = Words([*map(fold, wordings.fillers), *topics])
        self._before = self._index(lambda mention: mention.before)
        self._bare = self._index(lambda mention: mention.bare)
        self._after = self._index(lambda mention: mention.after)
        self._phrases = Phrases(wordings, folding, topics)
        self._topic_words = re.compile(any_of([*topics]))
        self._wide = re.compile(any_of([fold(word) for word in wordings.wide]))
        self._yields = {each.key: each.yields_to for each in wordings.mentions if each.yields_to}
        self._parted = tuple(map(fold, wordings.words("parted")))
        self._own = re.compile(any_of([fold(word) for word in wordings.own]))
        self._goes_on = Words(map(fold, wordings.words("goes_on")))
        self._year_words = YearWords(*map(fold, wordings.words("years")))
        self._years = re.compile(rf"(?:(?<=[,;:\u3002])|\A)(20\d\d){self._year_words.sign}")
        self._ending = Words(self._before)
        self._ending_bare = Words(self._bare)
        self._starting = Words(self._after)

    def _index(self, words: Callable[[Mention], Sequence[str]]) -> dict[str, list[Mention]]:
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self._wordings.mentions:
            for word in words(mention):
                found[self._fold(word)].append(mention)
        return dict(found)

    def read(
        self, tape: Tape, lines: Sequence[Line], quantities: Sequence[Quantity], year: int | None
    ) -> Iterator[Said]:
        """Every claim, in the order of the text."""
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
            topics = [
                (found.end(), self._topics[found.group()])
                for found in self._topic_words.finditer(text)
            ]
            years = [(found.end(), int(found[1])) for found in self._years.finditer(line.text)]
            context = Context(line, text, topics, inherited, frozenset(seen), years, year)
            own = by_sentence[line.sentence]
            said = self._without_parts([*self._figures(tape, context, own)], context)
            last |= {each.mention: each for each in said}
            said += self._wordless(tape, context, own, last)
            names = {each.mention for each in said}
            said = [each for each in said if self._yields.get(each.mention) not in names]
            yield from sorted(said, key=lambda each: (each.start, each.end, each.mention))
            if topics:
                inherited = topics[-1][1]
                seen.update(topic for _, topic in topics)

    def _without_parts(self, said: list[Said], context: Context) -> list[Said]:
        """Without figures of a wider scope where the sentence also has the agency's own, and
        without parts of a figure that are told by the same word: `收到100件，其中A局收到30件`."""
        narrow = {
            each.mention
            for each in said
            if self._own.search(context.text, context.clause(each.start), each.end)
        }
        kept: dict[str, Said] = {}
        found = []
        for each in sorted(said, key=lambda one: one.start):
            clause = context.clause(each.start)
            if each.mention in narrow and self._wide.search(context.text, clause, each.end):
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
        for quantity in quantities:
            behind = self._behind(context, quantity, quantity.end, starts)
            ahead = self._ahead(context, quantity, self._ending, self._before)
            if behind and ahead and behind.mentions != ahead.mentions:
                if behind.is_part and not ahead.is_part:
                    ahead = None
                elif not (ahead.is_part and not behind.is_part):
                    continue  # two claims for one figure: nobody can tell which is meant
            claim = ahead or behind
            if claim is None:
                claim = self._ahead(context, quantity, self._ending_bare, self._bare)
            more = self._going_on(context, quantity, starts)
            for each in (claim, more):
                if each is not None:
                    for mention in each.mentions:
                        yield self._said(tape, context, mention, each.start, each.end, quantity)

    def _ahead(
        self,
        context: Context,
        quantity: Quantity,
        ending: Words,
        mentions: dict[str, list[Mention]],
    ) -> _Claim | None:
        """The claim whose words end before the figure, but for fillers and words of topics."""
        text = context.text
        reached: dict[int, frozenset[str]] = {quantity.start: frozenset()}
        named = self._named_behind(text, quantity.end)
        paused = False
        for at in range(quantity.start, max(-1, quantity.start - _REACH), -1):
            topics = reached.get(at)
            if topics is None:
                continue
            for word in ending.ending(text, at):
                start = at - len(word)
                able = self._able(context, mentions[word], quantity, start, topics, named, word)
                if able:
                    return _Claim(able, start, quantity.end)
            for word in self._glue.ending(text, at):
                topic = self._topics.get(word)
                if topic in self._decoys:
                    return None
                start = at - len(word)
                joined = topics | {topic} if topic else topics
                reached[start] = merged(reached, start, joined)
            if not at:
                break
            # One pause is stepped over where something stands between it and the figure, and a
            # bracket that stands right before it.
            if text[at - 1] == ")" and at == quantity.start:
                opened = text.rfind("(", 0, at)
                if opened >= 0:
                    reached[opened] = merged(reached, opened, topics)
            elif (
                not paused
                and text[at - 1] in _PAUSE
                and (at < quantity.start or text[at - 1] == "(")
            ):
                paused = True
                reached[at - 1] = merged(reached, at - 1, topics)
        return None

    def _behind(
        self, context: Context, quantity: Quantity, start: int, starts: set[int]
    ) -> _Claim | None:
        """The claim whose words begin behind the figure, unless they belong to the next one."""
        text = context.text
        reached = {start}
        named = self._named_behind(text, quantity.end)
        for at in range(start, min(len(text), start + _REACH)):
            if at not in reached:
                continue
            for word in self._starting.beginning(text, at):
                end = at + len(word)
                found = self._after[word]
                able = self._able(
                    context, found, quantity, quantity.start, frozenset(), named, word
                )
                if able and not self._leads_to(text, end, starts):
                    return _Claim(able, quantity.start, end)
            words = [*self._glue.beginning(text, at)]
            if any(self._topics.get(word) in self._decoys for word in words):
                return None
            reached |= {at + len(word) for word in words}
        return None

    def _named_behind(self, text: str, start: int) -> frozenset[str]:
        """The topics whose words follow right behind a figure: `102件申请`."""
        topics: set[str] = set()
        reached = {start}
        for at in range(start, min(len(text), start + _REACH // 3)):
            if at in reached:
                for word in self._glue.beginning(text, at):
                    reached.add(at + len(word))
                    topics.update([self._topics[word]] if word in self._topics else [])
        return frozenset(topics)

    def _going_on(self, context: Context, quantity: Quantity, starts: set[int]) -> _Claim | None:
        """What the next clause goes on to say of the figure: `复议1件，为其他结果`."""
        at = quantity.end
        if context.text[at : at + 1] != ",":
            return None
        if next(self._goes_on.beginning(context.text, at + 1), None) is None:
            return None
        claim = self._behind(context, quantity, at + 1, starts)
        return claim if claim and claim.is_part else None

    def _leads_to(self, text: str, start: int, figures: set[int]) -> bool:
        """Whether nothing but fillers and topic words stands between `start` and a figure."""
        reached = {start}
        for at in range(start, min(len(text), start + _REACH) + 1):
            if at in reached:
                if at in figures:
                    return True
                reached |= {at + len(word) for word in self._glue.beginning(text, at)}
        return False

    def _able(
        self,
        context: Context,
        mentions: Sequence[Mention],
        quantity: Quantity,
        start: int,
        topics: frozenset[str],
        behind: frozenset[str],
        word: str,
    ) -> tuple[Mention, ...]:
        """The mentions of a word that fit the place, the unit and the topic."""
        return tuple(
            mention
            for mention in mentions
            if self._fit.has_unit(mention, quantity)
            and self._fit.on_topic(context, mention, start, topics, behind, word)
            and self._fit.in_place(context, mention, start, quantity.end)
        )

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
            vague=bool(quantity and quantity.vague),
            wide=self._wide.search(context.text, 0, end) is not None,
            quantity=quantity,
            denied=denied,
        )
