"""Whether a mention fits where its words were found: the unit, the topic and the words around."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import Context
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings


class Fit:
    """What a form's mentions ask of the place they stand in, with all words folded once."""

    def __init__(self, wordings: Wordings, folding: Folding, topics: Mapping[str, str]) -> None:
        fold = folding.fold
        self._topics = topics
        self._counts = frozenset(map(fold, wordings.counts))
        self._weak = {topic.key for topic in wordings.topics if topic.weak}
        self._elsewhere = tuple(map(fold, wordings.words("elsewhere")))
        mentions = wordings.mentions
        self._units = {each.key: frozenset(map(fold, each.units)) for each in mentions}
        self._unless = {each.key: tuple(map(fold, each.unless)) for each in mentions}
        self._led_by = {each.key: tuple(map(fold, each.led_by)) for each in mentions}
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
            context.line.section == mention.at_home or context.has_named(mention.near, start)
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

    def in_place(self, context: Context, mention: Mention, start: int, end: int) -> bool:
        """Whether section, year and the words around let the mention stand there."""
        if mention.sections and context.line.section not in mention.sections:
            return False
        clause = context.clause(start)
        if any(word in context.text[clause:start] for word in self._elsewhere):
            return False
        led = context.text[context.stretch(start) : start]
        led_by = self._led_by[mention.key]
        if led_by and not any(word in led for word in led_by):
            return False
        if any(word in led for word in self._not_led_by[mention.key]):
            return False
        whole = context.text[clause : context.end_of_clause(end)]
        if any(word in whole for word in self._unless[mention.key]):
            return False
        return mention.any_year or not context.is_of_another_year(start)
