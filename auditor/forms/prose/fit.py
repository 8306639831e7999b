"""Whether a mention fits where its words were found: the unit, the topic and the words around."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.bodies import Bodies
from auditor.forms.prose.contexts import Context
from auditor.forms.prose.quantities import any_of
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings

_GAP = "\u2026"
_NARROWED = 12
"""Characters between 其中 and the topic that it narrows a figure to."""
_SEVERAL = 2
"""Words of a table that show of what a sentence speaks."""
_LONG = 4
"""Characters of a topic's word that cannot be a part of another's."""


class Fit:
    """What a form's mentions ask of the place they stand in, with all words folded once."""

    def __init__(self, wordings: Wordings, folding: Folding, topics: Mapping[str, str]) -> None:
        fold = folding.fold
        self._topics = topics
        self._counts = frozenset(map(fold, wordings.counts))
        self._weak = {topic.key for topic in wordings.topics if topic.weak}
        self._elsewhere = tuple(map(fold, wordings.words("elsewhere")))
        self._on_behalf = tuple(map(fold, wordings.words("on_behalf")))
        self._own = re.compile(any_of([fold(word) for word in wordings.own]))
        self._not_ours = tuple(map(fold, wordings.words("not_ours")))
        self._bodies = Bodies(wordings, folding)
        self._narrowing = {
            topic.key: re.compile(
                rf"{fold(wordings.words('parted')[0])}[^,;\d]{{0,{_NARROWED}}}"
                rf"(?:{any_of([fold(word) for word in topic.words if len(word) >= _LONG])})"
            )
            for topic in wordings.topics
        }
        mentions = wordings.mentions
        self._units = {each.key: frozenset(map(fold, each.units)) for each in mentions}
        self._unless = {each.key: tuple(map(fold, each.unless)) for each in mentions}
        self._not_beside = {each.key: tuple(map(fold, each.not_beside)) for each in mentions}
        self._beside = {each.key: tuple(map(fold, each.beside)) for each in mentions}
        self._table_words = tuple(map(fold, wordings.words("table_words")))
        self._never_as = {
            each.key: [
                (fold(head), fold(tail))
                for head, _, tail in (text.partition(_GAP) for text in each.never_as)
            ]
            for each in mentions
        }
        self._led_by = {each.key: tuple(map(fold, each.led_by)) for each in mentions}
        self._bare_not_led_by = {
            each.key: tuple(map(fold, each.bare_not_led_by)) for each in mentions
        }
        self._not_led_by = {each.key: tuple(map(fold, each.not_led_by)) for each in mentions}

    def has_unit(self, mention: Mention, quantity: Quantity) -> bool:
        """Whether the quantity is counted as the mention is; one without a unit may be."""
        return not quantity.unit or quantity.unit in (self._units[mention.key] or self._counts)

    def on_topic(
        self,
        context: Context,
        mention: Mention,
        start: int,
        topics: frozenset[str],
        behind: frozenset[str],
        word: str,
    ) -> bool:
        """Whether the claim is about the mention's topic: by its own words, by those right behind
        the figure, or by what was named last before it."""
        if topics - {mention.topic} - self._weak:
            return False
        if mention.near and not (
            context.line.section == mention.at_home
            or context.has_named(mention.near, start)
            or self._is_of_table(context.text)
        ):
            return False
        if mention.names_topic or mention.topic in topics:
            return True
        if self._topics.get(word) == mention.topic or mention.topic in behind:
            return True
        if not mention.inherits or topics:
            return False
        last = context.topic(start)
        return last == mention.topic or (last is None and mention.of is not None)

    def has_own_part(self, context: Context, start: int) -> bool:
        """Whether the agency's own part of a wider figure is told behind it, by its name."""
        return self._bodies.has_own_part(context, start)

    def _is_of_table(self, text: str) -> bool:
        """Whether a sentence speaks in the table's own words."""
        return sum(word in text for word in self._table_words) >= _SEVERAL

    def in_place(self, context: Context, mention: Mention, start: int, end: int) -> bool:
        """Whether section, year and the words around let the mention stand there."""
        if mention.sections and context.line.section not in mention.sections:
            return False
        if self._bodies.is_foreign(context, start):
            return False
        clause = context.clause(start)
        lead = context.text[clause:start]
        if any(word in lead for word in self._elsewhere):
            return False
        if any(word in lead for word in self._on_behalf) and not self._own.search(lead):
            return False
        if not mention.any_year and context.is_away(end - 1):
            return False
        led = context.text[context.stretch(start) : start]
        led_by = self._led_by[mention.key]
        if led_by and not any(word in led for word in led_by):
            return False
        if any(word in led for word in self._not_led_by[mention.key]):
            return False
        if self._is_another(context, mention, clause, start, end):
            return False
        behind = context.text.find(")", end) if context.text[end : end + 1] == "(" else end
        if any(word in context.text[clause : max(end, behind)] for word in self._not_ours):
            return False
        if any(word in context.text for word in self._not_beside[mention.key]):
            return False
        beside = self._beside[mention.key]
        if beside and not any(word in context.text for word in beside):
            return False
        words = context.text[start:end]
        if any(
            head in words and words.endswith(tail) for head, tail in self._never_as[mention.key]
        ):
            return False
        if mention.near and self._is_narrowed(context, mention.near, clause, start, end):
            return False
        return mention.any_year or not context.is_of_another_year(end - 1)

    def _is_another(
        self, context: Context, mention: Mention, clause: int, start: int, end: int
    ) -> bool:
        """Whether words of the clause make a figure another quantity; not those that stand right in
        front of another figure (`修改3件、废止2件`)."""
        last = context.end_of_item(end)
        for word in self._unless[mention.key]:
            at = context.text.find(word, clause, last)
            while at >= 0:
                behind = at + len(word)
                if start <= at < end or not context.has_figure(behind, behind + 1):
                    return True
                at = context.text.find(word, behind, last)
        return False

    def is_free(self, context: Context, mentions: Sequence[Mention], start: int) -> bool:
        """Whether nothing in front makes words that stand without a verb another quantity."""
        led = context.text[context.stretch(start) : start]
        return not any(
            word in led for mention in mentions for word in self._bare_not_led_by[mention.key]
        )

    def _is_narrowed(self, context: Context, topic: str, clause: int, start: int, end: int) -> bool:
        """Whether the sentence goes on with those of a figure that are on the topic: the figure
        itself is of more (`行政复议41件，其中涉及政府信息公开的4件`)."""
        narrowing = self._narrowing[topic]
        if narrowing.search(context.text, max(0, clause - _NARROWED), start):
            return False
        return narrowing.search(context.text, end) is not None
