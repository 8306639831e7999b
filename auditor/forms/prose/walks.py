"""A figure and the words around it in; the mentions that those words make of it, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import Context, Words, merged
from auditor.forms.prose.fit import Fit
from auditor.model.noun import noun
from auditor.model.prose import Quantity
from auditor.model.wordings import Mention, Wordings

_REACH = 60
"""Characters that a claim may span on either side of its figure."""
_PAUSE = frozenset(",:(")
_FAR = 1 << 30
"""Where a mark stands that is not found."""


@noun
class Claim:
    """One way to read a figure: the words of which mentions, and how far they reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int

    @property
    def is_part(self) -> bool:
        """Whether every mention is a part of another."""
        return all(mention.of for mention in self.mentions)


class Named:
    """Words by which mentions are told."""

    def __init__(
        self,
        mentions: Iterable[Mention],
        words: Callable[[Mention], Sequence[str]],
        folding: Folding,
    ) -> None:
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            for word in words(mention):
                self.mentions[folding.fold(word)].append(mention)
        self.words = Words(self.mentions)


class Walk:
    """Walks from a figure as long as the text is made of fillers and topics' own words."""

    def __init__(
        self, wordings: Wordings, folding: Folding, topics: dict[str, str], fit: Fit
    ) -> None:
        fold = folding.fold
        self._topics, self._fit = topics, fit
        self._decoys = {topic.key for topic in wordings.topics if topic.decoy}
        self._glue = Words([*map(fold, wordings.fillers), *topics])
        self._parted = tuple(map(fold, wordings.words("parted")))
        self._goes_on = Words(map(fold, wordings.words("goes_on")))
        self._never = tuple(map(fold, wordings.words("never_all")))
        self._after = Named(wordings.mentions, lambda mention: mention.after, folding)

    def ahead(
        self,
        context: Context,
        quantity: Quantity,
        named: Named,
        end: int | None = None,
        floor: int = 0,
    ) -> Claim | None:
        """The claim whose words end before the figure, but for fillers and words of topics."""
        text = context.text
        first = quantity.start if end is None else end
        reached: dict[int, frozenset[str]] = {first: frozenset()}
        behind = self._named_behind(text, quantity.end)
        paused = False
        for at in range(first, max(floor, first - _REACH + 1) - 1, -1):
            topics = reached.get(at)
            if topics is None:
                continue
            # What a word is refused, the end of it is not given: 行政诉讼, 诉讼.
            refused: set[str] = set()
            for word in named.words.ending(text, at):
                start = at - len(word)
                found = named.mentions[word]
                found = [mention for mention in found if mention.key not in refused]
                if start < floor or self._is_within(text, at, word, found):
                    continue
                if text.endswith(self._never, 0, start):
                    refused.update(mention.key for mention in found)
                    continue  # the opposite: 未办结
                able = self._able(context, found, quantity, start, topics, behind, word)
                if able:
                    return Claim(able, start, quantity.end)
                refused.update(mention.key for mention in found)
            for word in self._glue.ending(text, at):
                topic = self._topics.get(word)
                if topic in self._decoys:
                    return None
                start = at - len(word)
                joined = topics | {topic} if topic else topics
                reached[start] = merged(reached, start, joined)
            if not at:
                break
            # A bracket without figures is stepped over, and one that stands right before the
            # figure; and one pause, a comma only where something stands between it and the figure.
            if text[at - 1] == ")":
                opened = text.rfind("(", max(0, at - _REACH), at)
                if opened >= 0 and (at == first or not context.has_figure(opened, at)):
                    reached[opened] = merged(reached, opened, topics)
            elif not paused and text[at - 1] in _PAUSE and (at < first or text[at - 1] != ","):
                paused = True
                reached[at - 1] = merged(reached, at - 1, topics)
        return None

    def behind(
        self, context: Context, quantity: Quantity, start: int, starts: set[int]
    ) -> Claim | None:
        """The claim whose words begin behind the figure, unless they belong to the next one."""
        text = context.text
        reached = {start}
        named = self._named_behind(text, quantity.end)
        for at in range(start, min(len(text), start + _REACH)):
            if at not in reached:
                continue
            for word in self._after.words.beginning(text, at):
                end = at + len(word)
                if text.startswith(self._never, end):
                    continue  # how, not how many: 2件答复不及时
                found = self._after.mentions[word]
                able = self._able(
                    context, found, quantity, quantity.start, frozenset(), named, word
                )
                if able and not self._leads_to(text, end, starts):
                    return Claim(able, quantity.start, end)
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

    def going_on(self, context: Context, quantity: Quantity, starts: set[int]) -> Claim | None:
        """What the next clause, if it has no figure, says of this one: `复议1件，为其他结果`."""
        at = quantity.end
        if context.text[at : at + 1] != ",":
            return None
        next_end = min(context.text.find(mark, at + 1) % _FAR for mark in ",;\u3002")
        if context.has_figure(at + 1, next_end):
            return None
        if next(self._goes_on.beginning(context.text, at + 1), None) is None:
            return None
        claim = self.behind(context, quantity, at + 1, starts)
        return claim if claim and claim.is_part else None

    def opens(self, context: Context, start: int) -> bool:
        """Whether nothing but fillers stands in front of a place in its clause, and no list."""
        text = context.text
        clause = context.clause(start)
        led = text[context.stretch(start) : start]
        if text[clause - 1 : clause] == "(" or any(word in led for word in self._parted):
            return False
        reached = {start}
        for at in range(start, clause, -1):
            if at in reached:
                words = [*self._glue.ending(text, at)]
                reached |= {at - len(word) for word in words if word not in self._topics}
        return clause in reached

    def _is_within(self, text: str, at: int, word: str, mentions: Sequence[Mention]) -> bool:
        """Whether a word is the end of a longer one that names another topic: `依申请公开`."""
        return any(
            len(longer) > len(word)
            and all(self._topics[longer] != mention.topic for mention in mentions)
            for longer in self._glue.ending(text, at)
            if longer in self._topics
        )

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
