"""Where a claim stands in; why its figure is not the report's own, if it is not, out.

A figure is the report's where its body, its time and its matter are: the agency or all that it
reports for, the report's year, and what the form asks for. Everything else is named by a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.bodies import Bodies
from auditor.prose.contexts import Context
from auditor.prose.quantities import any_of

OTHER_TIME, OTHER_BODY, OTHER_MATTER = "time", "body", "matter"
_GAP = "\u2026"
_NARROWED = 12
"""Characters between 其中 and the topic that it narrows a figure to."""
_SEVERAL = 2
"""Words of a table that show of what a sentence speaks."""
_LONG = 4
"""Characters of a topic's word that cannot be a part of another's."""


class Scope:
    """What a form's mentions ask of the place they stand in, with all words folded once."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        fold = folding.fold

        def folded(name: str) -> tuple[str, ...]:
            return tuple(map(fold, wordings.words(name)))

        self._counts = frozenset(map(fold, wordings.counts))
        self.weak = frozenset(topic.key for topic in wordings.topics if topic.weak)
        self._elsewhere = folded("elsewhere")
        self._on_behalf = folded("on_behalf")
        self._own = re.compile(any_of([fold(word) for word in wordings.own]))
        self._not_ours = folded("not_ours")
        self._table_words = folded("table_words")
        self._bodies = Bodies(wordings, folding)
        topics = {topic.key: topic for topic in wordings.topics}
        self._narrowing = {
            each.near: re.compile(
                rf"{folded('parted')[0]}[^,;\d]{{0,{_NARROWED}}}"
                rf"(?:{any_of([fold(w) for w in topics[each.near].words if len(w) >= _LONG])})"
            )
            for each in wordings.mentions
            if each.near
        }
        self._words: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            each.key: {
                name: tuple(map(fold, getattr(each, name)))
                for name in ("units", "unless", "led_by", "not_led_by", "beside", "not_beside")
            }
            for each in wordings.mentions
        }
        self._never_as = {
            each.key: [
                (fold(head), fold(tail))
                for head, _, tail in (text.partition(_GAP) for text in each.never_as)
            ]
            for each in wordings.mentions
        }

    def has_unit(self, mention: Mention, quantity: Quantity) -> bool:
        """Whether the quantity is counted as the mention is; one without a unit may be."""
        units = self._words[mention.key]["units"] or self._counts
        return not quantity.unit or quantity.unit in units

    def on_topic(
        self,
        context: Context,
        mention: Mention,
        start: int,
        topics: Sequence[str],
        beside: Sequence[str | None] = (),
    ) -> bool:
        """Whether the claim is about the mention's topic: by the `topics` named between its words,
        by those `beside` it, or by what was named last before it."""
        if {*topics} - {mention.topic} - self.weak:
            return False
        if mention.near and not (
            context.line.section == mention.at_home
            or context.has_named(mention.near, start)
            or mention.near in beside
            or sum(word in context.text for word in self._table_words) >= _SEVERAL
        ):
            return False
        if mention.topic in topics or mention.topic in beside:
            return True
        if not mention.inherits or topics:
            return False
        last = context.topic(start)
        return last == mention.topic or (last is None and mention.of is not None)

    def has_own_part(self, context: Context, start: int) -> bool:
        """Whether the agency's own part of a wider figure is told behind it, by its name."""
        return self._bodies.has_own_part(context, start)

    def refusal(self, context: Context, mention: Mention, start: int, end: int) -> str:
        """Why a claim at `start`..`end` is not the report's own; empty where it is."""
        if self._bodies.is_foreign(context, start):
            return OTHER_BODY
        clause = context.clause(start)
        lead = context.text[clause:start]
        if any(word in lead for word in self._on_behalf) and not self._own.search(lead):
            return OTHER_BODY
        if not mention.any_year and (
            context.is_away(end - 1)
            or context.is_of_another_year(end - 1)
            or context.names_another_year(clause, start)
        ):
            return OTHER_TIME
        if any(word in lead for word in self._elsewhere):
            return OTHER_TIME if mention.any_year else OTHER_MATTER
        return "" if self._is_of_matter(context, mention, clause, start, end) else OTHER_MATTER

    def _is_of_matter(
        self, context: Context, mention: Mention, clause: int, start: int, end: int
    ) -> bool:
        """Whether the words around a claim leave it what it is."""
        text, words = context.text, self._words[mention.key]
        led = text[context.stretch(start) : start]
        if words["led_by"] and not any(word in led for word in words["led_by"]):
            return False
        if any(word in led for word in words["not_led_by"]):
            return False
        if self._is_another(context, words["unless"], clause, start, end):
            return False
        behind = text.find(")", end) if text[end : end + 1] == "(" else end
        if any(word in text[clause : max(end, behind)] for word in self._not_ours):
            return False
        if context.has_any(words["not_beside"]):
            return False
        if words["beside"] and not context.has_any(words["beside"]):
            return False
        said = text[start:end]
        if any(head in said and said.endswith(tail) for head, tail in self._never_as[mention.key]):
            return False
        return not (mention.near and self._is_narrowed(text, mention.near, clause, start, end))

    def _is_another(
        self, context: Context, unless: Sequence[str], clause: int, start: int, end: int
    ) -> bool:
        """Whether words of the clause make a figure another quantity; not those that stand right in
        front of another figure (`修改3件、废止2件`)."""
        last = context.end_of_item(end)
        for word in unless:
            at = context.text.find(word, clause, last)
            while at >= 0:
                behind = at + len(word)
                if start <= at < end or not context.has_figure(behind, behind + 1):
                    return True
                at = context.text.find(word, behind, last)
        return False

    def _is_narrowed(self, text: str, topic: str, clause: int, start: int, end: int) -> bool:
        """Whether the sentence goes on with those of a figure that are on the topic: the figure
        itself is of more (`行政复议41件，其中涉及政府信息公开的4件`)."""
        narrowing = self._narrowing[topic]
        if narrowing.search(text, max(0, clause - _NARROWED), start):
            return False
        return narrowing.search(text, end) is not None
