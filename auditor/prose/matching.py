"""A head or a topic beside a figure in; the mentions that it may claim there, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from auditor.forms.folding import Folding
from auditor.model.noun import noun
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.contexts import Context
from auditor.prose.lexer import UNKNOWN
from auditor.prose.quantities import PERCENT
from auditor.prose.scope import OTHER_MATTER, Scope

OTHERWISE = "otherwise"
"""The heads of what the form has no boxes for."""
ENDS = frozenset(",;:()\u3002!?")
Refusals = list[tuple[str, Mention | None]]
"""Why a figure is no claim, each with the mention that was not meant."""


@noun
class ClaimCandidate:
    """One way to read a figure: the mentions, and how far their words reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int
    far: bool = False
    """Whether its words stand in the clause before."""

    @property
    def is_part(self) -> bool:
        """Whether every mention is a part of another."""
        return all(mention.of for mention in self.mentions)


class Figure(NamedTuple):
    """A figure whose claims are looked for."""

    quantity: Quantity
    token: int
    """The index of its token."""
    beside: tuple[str, ...]
    """The topics whose words follow right behind it: `102件申请`."""
    refused: Refusals


def by_head(
    wordings: Wordings, heads: Callable[[Mention], Sequence[str]]
) -> Mapping[str, Sequence[Mention]]:
    """The mentions that name each head."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in wordings.mentions:
        for head in heads(mention):
            found[head].append(mention)
    return found


class Matcher:
    """What a form's mentions ask of unit, topic, place and list."""

    def __init__(self, wordings: Wordings, folding: Folding, scope: Scope) -> None:
        self.scope = scope
        self.mentions = wordings.mentions
        self.decoys = frozenset(topic.key for topic in wordings.topics if topic.decoy)
        self.not_alone = frozenset(map(folding.fold, wordings.words("not_alone")))
        self._asked = frozenset(wordings.words("governing")) - {"issue"}
        self._papers = frozenset(wordings.words("papers"))

    def figure(self, s: Context, quantity: Quantity, refused: Refusals) -> Figure:
        """A figure, with the topics right behind it."""
        index = s.figures[quantity.start]
        beside = []
        for at in s.span(index + 1):
            topic = s.topics[at]
            if topic and topic not in self.decoys:
                beside.append(topic)
            elif not s.tokens[at].meaning.has("glue"):
                break
        return Figure(quantity, index, tuple(beside), refused)

    def able(
        self,
        s: Context,
        figure: Figure,
        table: Mapping[str, Sequence[Mention]],
        at: int,
        topics: Sequence[str],
        start: int = -1,
    ) -> list[Mention]:
        """The mentions of the head at a token that fit the unit, the topic and the place."""
        token = s.tokens[at]
        start = token.start if start < 0 else start
        beside = (*filter(None, (s.topics[at],)), *figure.beside)
        found = []
        for head in sorted(token.meaning.heads):
            for mention in table.get(head, ()):
                if not self._counts(mention, head, figure.quantity):
                    continue
                if not self.scope.on_topic(s, mention, start, topics, beside):
                    continue
                why = self.scope.refusal(s, mention, start, max(figure.quantity.end, token.end))
                if not why and mention.of and self._is_in_list_of_papers(s, figure, start):
                    why = OTHER_MATTER
                if why:
                    figure.refused.append((why, mention))
                elif mention not in found:
                    found.append(mention)
        return found

    def named(
        self, s: Context, figure: Figure, mention: Mention, topics: Sequence[str], start: int
    ) -> bool:
        """Whether a mention may be claimed by its topic alone, in words from `start` on."""
        if not self.scope.has_unit(mention, figure.quantity):
            return False
        if not self.scope.on_topic(s, mention, start, topics, figure.beside):
            return False
        why = self.scope.refusal(s, mention, start, figure.quantity.end)
        if not why and mention.topic in self.scope.weak:
            why = OTHER_MATTER if self.is_beside_papers(s, figure, start) else ""
        elif not why and self._is_item(s, mention, start):
            why = OTHER_MATTER
        if why:
            figure.refused.append((why, mention))
        return not why

    def is_negated(self, s: Context, at: int) -> bool:
        """Whether the word in front turns a head into its opposite, or into something else."""
        before = s.tokens[at - 1].meaning if at else UNKNOWN
        return before.has("none") or before.has("never") or OTHERWISE in before.heads

    def _counts(self, mention: Mention, head: str, quantity: Quantity) -> bool:
        """Whether the figure is of the kind that the mention counts."""
        if head in mention.zero:
            return not quantity.value
        if mention.percent is not None:
            return quantity.unit == PERCENT and quantity.value == mention.percent
        return self.scope.has_unit(mention, quantity)

    def _is_item(self, s: Context, mention: Mention, start: int) -> bool:
        """Whether a place stands in a list of what the form has no boxes for."""
        clause = range(s.index(s.clause(start)), s.index(start))
        for at in clause:
            meaning = s.tokens[at].meaning
            if OTHERWISE in meaning.heads and not meaning.has("glue"):
                return True
        mark = s.list_mark(start)
        if mark < 0 or s.topic(s.tokens[mark].start) not in self.decoys:
            return False
        return self.total_heads(s, mark).isdisjoint(mention.before)

    def total_heads(self, s: Context, mark: int) -> frozenset[str]:
        """The heads of the total of a list that begins at a token; `OTHERWISE` for a total of what
        the form has no boxes for, and none where the topic alone says what it counts."""
        limit, decoy = len(s.span(0)), False
        total = next(
            (at for at in range(mark, max(-1, mark - limit), -1) if s.tokens[at].quantity), -1
        )
        for at in range(total - 1, max(-1, total - limit), -1):
            token, topic = s.tokens[at], s.topics[at]
            if token.mark in ENDS or token.quantity is not None:
                break
            if topic in self.decoys:
                decoy = True
                continue
            if topic and s.text[token.start : token.end] not in self.not_alone:
                break
            if token.meaning.heads and not token.meaning.has("glue"):
                return token.meaning.heads
            if not self._papers.isdisjoint(token.meaning.heads):
                return token.meaning.heads
        return frozenset((OTHERWISE,)) if decoy else frozenset()

    def _is_in_list_of_papers(self, s: Context, figure: Figure, start: int) -> bool:
        """Whether a place stands in a list that divides papers and not answers: by its total
        (`制发349条，其中……不予公开52条`), or beside a part that was published of itself."""
        mark = s.list_mark(start, first=True)
        if mark >= 0 and not self.total_heads(s, mark).isdisjoint((*self._papers, OTHERWISE)):
            return True
        return self.is_beside_papers(s, figure, start)

    def is_beside_papers(self, s: Context, figure: Figure, start: int) -> bool:
        """Whether what was published of itself is counted in front, in the same unit and with
        nothing between that was applied for: `主动公开326条，依申请公开0条`."""
        first = s.index(s.stretch(start))
        posted = False
        for at in range(first, s.index(start)):
            token = s.tokens[at]
            if token.mark == ";":
                posted = False
            elif not self._asked.isdisjoint(token.meaning.heads):
                return False
            elif "posts" in token.meaning.heads:
                behind = (t.quantity for t in s.tokens[at + 1 : at + 6] if t.quantity)
                posted = next(behind, figure.quantity).unit == figure.quantity.unit
        return posted
