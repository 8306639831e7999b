"""Sentences and their quantities in; what each claims to be, by the form's wordings, out.

No patterns, only words: from a figure the text is walked outwards as long as it is made of fillers
and of the topic's own words, and a claim is what a word of a `Mention` then begins or ends. Every
step looks at a bounded stretch, so reading is linear in the text whatever the YAML says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from auditor.forms.folding import Folding
from auditor.forms.prose.layout import Line
from auditor.forms.prose.quantities import any_of
from auditor.forms.tape import Tape
from auditor.model.noun import noun
from auditor.model.prose import Quantity, Said
from auditor.model.wordings import Mention, Wordings

_REACH = 60
"""Characters that a claim may span on either side of its figure."""
_ENDS = frozenset(",;:()\u3002!?\uff08\uff09\u3001")
_CLAUSE = re.compile(r"[,;:()\u3002!?]")
_PAUSE = frozenset(",:")
_SUBHEADING = re.compile(r"\(\w{1,2}\)|\d{1,2}[.\u3001]|[^\W\d_]{1,2}\u3001")


class Words:
    """A set of words that can be asked which of them begin or end at a place."""

    def __init__(self, words: Mapping[str, object]) -> None:
        self._words = words
        self._lengths = sorted({len(word) for word in words if word}, reverse=True)

    def ending(self, text: str, at: int) -> Iterator[str]:
        """The words that end before `at`, the longest first."""
        for length in self._lengths:
            if length <= at and text[at - length : at] in self._words:
                yield text[at - length : at]

    def beginning(self, text: str, at: int) -> Iterator[str]:
        """The words that begin at `at`, the longest first."""
        for length in self._lengths:
            if text[at : at + length] in self._words and at + length <= len(text):
                yield text[at : at + length]


@noun
class _Claim:
    """One way to read a figure: the words of which mentions, and how far they reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int


class MentionReader:
    """A form's wordings, ready to be looked for; reads any number of reports."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        self._wordings = wordings
        self._fold = fold = folding.fold
        self._fillers = {fold(word) for word in wordings.fillers}
        self._topics = {fold(word): topic.key for topic in wordings.topics for word in topic.words}
        self._decoys = {topic.key for topic in wordings.topics if topic.decoy}
        self._of_section = {
            section: topic.key for topic in wordings.topics for section in topic.sections
        }
        self._glue = Words(dict.fromkeys([*self._fillers, *self._topics]))
        self._before = self._index(lambda mention: mention.before)
        self._after = self._index(lambda mention: mention.after)
        self._alone = self._index(lambda mention: mention.phrases)
        self._denials = self._index(lambda mention: mention.denials)
        self._ending, self._starting = Words(self._before), Words(self._after)
        self._topic_words = re.compile(any_of([*self._topics]))
        self._phrase_words = re.compile(any_of([*self._alone]))
        self._denial_words = re.compile(any_of([*self._denials]))
        self._wide = re.compile(any_of([fold(word) for word in wordings.wide]))
        self._elsewhere = tuple(fold(word) for word in wordings.words("elsewhere"))
        signs = any_of([fold(word) for word in wordings.words("year_signs")])
        self._years_at = re.compile(rf"(?:(?<=[,;:\u3002])|\A)(20\d\d)(?:{signs})")
        self._joints = {fold(word) for word in wordings.words("joints")}

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
        for line in lines:
            if line.section != section or _SUBHEADING.match(line.text):
                section, inherited = line.section, self._of_section.get(line.section)
            topics = [(found.end(), self._topics[found.group()]) for found in self._named(line)]
            sentence = _Sentence(line, topics, inherited, self._years(line), year)
            said = [
                *self._figures(tape, sentence, by_sentence[line.sentence]),
                *self._words(tape, sentence, by_sentence[line.sentence]),
            ]
            yield from sorted(said, key=lambda each: (each.start, each.end, each.mention))
            if topics:
                inherited = topics[-1][1]

    def _named(self, line: Line) -> Iterator[re.Match[str]]:
        return self._topic_words.finditer(line.text)

    def _years(self, line: Line) -> list[tuple[int, int]]:
        return [(found.end(), int(found[1])) for found in self._years_at.finditer(line.text)]

    def _figures(
        self, tape: Tape, sentence: _Sentence, quantities: Sequence[Quantity]
    ) -> Iterator[Said]:
        starts = {quantity.start for quantity in quantities}
        for quantity in quantities:
            behind = self._behind(sentence, quantity, starts)
            ahead = self._ahead(sentence, quantity)
            if behind and ahead and set(behind.mentions) != set(ahead.mentions):
                continue  # two claims for one figure: nobody can tell which is meant
            claim = ahead or behind
            if claim is None:
                continue
            for mention in claim.mentions:
                yield self._said(tape, sentence, mention, claim.start, claim.end, quantity)

    def _ahead(self, sentence: _Sentence, quantity: Quantity) -> _Claim | None:
        """The claim whose words end before the figure, but for fillers and words of the topic."""
        text = sentence.line.text
        reached: dict[int, frozenset[str]] = {quantity.start: frozenset()}
        paused = False
        for at in range(quantity.start, max(-1, quantity.start - _REACH), -1):
            topics = reached.get(at)
            if topics is None:
                continue
            for word in self._ending.ending(text, at):
                start = at - len(word)
                able = self._able(sentence, self._before[word], quantity, start, topics)
                if able:
                    return _Claim(able, start, quantity.end)
            for word in self._glue.ending(text, at):
                topic = self._topics.get(word)
                joined = topics | {topic} if topic else topics
                start = at - len(word)
                reached[start] = reached.get(start, frozenset()) | joined
            # One pause is stepped over where something stands between it and the figure.
            if not paused and at < quantity.start and at and text[at - 1] in _PAUSE:
                paused = True
                reached[at - 1] = reached.get(at - 1, frozenset()) | topics
        return None

    def _behind(self, sentence: _Sentence, quantity: Quantity, starts: set[int]) -> _Claim | None:
        """The claim whose words begin behind the figure, unless they belong to the next one."""
        text = sentence.line.text
        reached = {quantity.end}
        for at in range(quantity.end, min(len(text), quantity.end + _REACH)):
            if at not in reached:
                continue
            for word in self._starting.beginning(text, at):
                end = at + len(word)
                able = self._able(
                    sentence, self._after[word], quantity, quantity.start, frozenset()
                )
                if able and not self._leads_to(text, end, starts):
                    return _Claim(able, quantity.start, end)
            reached |= {at + len(word) for word in self._glue.beginning(text, at)}
        return None

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
        sentence: _Sentence,
        mentions: Sequence[Mention],
        quantity: Quantity,
        start: int,
        topics: frozenset[str],
    ) -> tuple[Mention, ...]:
        """The mentions of a word that fit the place, the unit and the topic."""
        return tuple(
            mention
            for mention in mentions
            if self._has_unit(mention, quantity)
            and self._on_topic(sentence, mention, start, topics)
            and self._in_place(sentence, mention, start, quantity.end)
        )

    def _has_unit(self, mention: Mention, quantity: Quantity) -> bool:
        return quantity.unit in (mention.units or self._wordings.counts) or not (
            quantity.unit or mention.units
        )

    def _on_topic(
        self, sentence: _Sentence, mention: Mention, start: int, topics: frozenset[str]
    ) -> bool:
        if topics & self._decoys:
            return False
        if mention.names_topic or mention.topic in topics:
            return True
        return not topics and sentence.topic(start) == mention.topic

    def _in_place(self, sentence: _Sentence, mention: Mention, start: int, end: int) -> bool:
        line = sentence.line
        if mention.sections and line.section not in mention.sections:
            return False
        clause = line.text[sentence.clause(start) : start]
        if any(word in clause for word in self._elsewhere):
            return False
        whole = line.text[sentence.clause(start) : sentence.end_of_clause(end)]
        if any(self._fold(word) in whole for word in mention.unless):
            return False
        return mention.any_year or not sentence.is_of_another_year(start)

    def _words(
        self, tape: Tape, sentence: _Sentence, quantities: Sequence[Quantity]
    ) -> Iterator[Said]:
        """Claims that are made without a figure."""
        text = sentence.line.text
        for found in self._phrase_words.finditer(text):
            for mention in self._alone[found.group()]:
                if self._on_topic(sentence, mention, found.start(), frozenset()) and self._in_place(
                    sentence, mention, found.start(), found.end()
                ):
                    yield self._said(tape, sentence, mention, found.start(), found.end(), None)
        starts = {quantity.start for quantity in quantities}
        for found in self._denial_words.finditer(text):
            end, topics = self._denied(text, found.end(), starts)
            for mention in self._denials[found.group()]:
                if mention.topic in topics and self._in_place(
                    sentence, mention, found.start(), end
                ):
                    yield self._said(tape, sentence, mention, found.start(), end, None)

    def _denied(self, text: str, start: int, figures: set[int]) -> tuple[int, frozenset[str]]:
        """The topics that a denial covers, where the rest of its clause is made of known words."""
        reached: dict[int, frozenset[str]] = {start: frozenset()}
        for at in range(start, min(len(text), start + _REACH) + 1):
            topics = reached.get(at)
            if topics is None:
                continue
            if at == len(text) or (text[at] in _ENDS and text[at] not in self._joints):
                return at, topics
            if at in figures:
                break
            words = [*self._glue.beginning(text, at)]
            if text[at] in self._joints:
                words.append(text[at])
            for word in words:
                topic = self._topics.get(word)
                joined = topics | {topic} if topic else topics
                end = at + len(word)
                reached[end] = reached.get(end, frozenset()) | joined
        return start, frozenset()

    def _said(
        self,
        tape: Tape,
        sentence: _Sentence,
        mention: Mention,
        start: int,
        end: int,
        quantity: Quantity | None,
    ) -> Said:
        line = sentence.line
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
            wide=self._wide.search(line.text, 0, end) is not None,
            quantity=quantity,
        )


class _Sentence:
    """One line with what was found out about it before its claims are read."""

    def __init__(
        self,
        line: Line,
        topics: list[tuple[int, str]],
        inherited: str | None,
        years: list[tuple[int, int]],
        year: int | None,
    ) -> None:
        self.line = line
        self._topics, self._inherited = topics, inherited
        self._ends = [end for end, _ in topics]
        self._years, self._year = years, year
        self._breaks = [found.start() for found in _CLAUSE.finditer(line.text)]

    def topic(self, at: int) -> str | None:
        """What the text is about at a place."""
        named = bisect_right(self._ends, at)
        return self._topics[named - 1][1] if named else self._inherited

    def clause(self, at: int) -> int:
        """Where the clause of a place begins."""
        before = bisect_right(self._breaks, at - 1)
        return self._breaks[before - 1] + 1 if before else 0

    def end_of_clause(self, at: int) -> int:
        """Where the clause of a place ends."""
        following = bisect_right(self._breaks, at - 1)
        return self._breaks[following] if following < len(self._breaks) else len(self.line.text)

    def is_of_another_year(self, at: int) -> bool:
        """Whether the year named last, at the start of a clause, is not the report's."""
        named = [year for end, year in self._years if end <= at]
        return bool(named) and self._year is not None and named[-1] != self._year
