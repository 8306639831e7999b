"""Whose figure, of which year, on which topic: what mentions ask of the words around one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from auditor.model.prose import Claim, Quantity
from auditor.model.wordings import Mention, Wordings
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import WordSet
from auditor.prose.numerals import any_of

_BODY_REACH = 40
_LONGEST = 24
"""Characters of a body's name."""
_PART = 12
"""Characters between the agency's name and verb and its part of a wider figure."""
_TELLING = 3
"""Characters that a short name is known by; two where a clause begins with them."""
_WHOLE = 4
"""Characters of an agency's name that tell it from others within a longer name."""


class BodyRules:
    """The nouns that names of bodies end with, and the words that may follow as a predicate."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more
        own = (*wordings.own, *wordings.wide)
        self._ours = WordSet(own)
        self._nouns = WordSet(more.bodies)
        self._sums = tuple((*more.published_sums, *more.this_year))
        self._marks = frozenset(more.own_marks)
        self._apart = frozenset(more.apart)
        self._seats = frozenset(more.seats)
        self._signs = frozenset((more.year_sign, more.month_sign, *more.day_signs))
        self._whole = re.compile(any_of(wordings.wide))
        self._parts = more.own_parts
        self._levels = frozenset(more.levels)
        self._objects = more.objects
        self._part = re.compile(
            rf"{more.among},?(?P<name>[^,;:\d]{{2,{_LONGEST}}}?)"
            rf"(?:{any_of(more.work_done)})[^,;\d]{{0,{_PART}}}\d"
        )
        verbs = [word for _, words in wordings.heads for word in words]
        topics = [word for topic in wordings.topics for word in topic.words]
        self._glue = WordSet((*wordings.fillers, *topics, *verbs))
        self._names = WordSet((*wordings.fillers, *topics))

    def is_foreign(self, context: SentenceView, start: int) -> bool:
        """Whether the subject of the claim that begins at `start` is a body other than the agency:
        the one in its own clause, or else the last one of the clauses in front, where this clause
        does not sum up. Never where the agency is not known.
        """
        if not context.agency:
            return False
        begin = context.subject(start)
        foreign = self._told(context, begin, start)
        if foreign is None:
            led = context.text[begin:start]
            sums_up = any(word in led for word in (*self._sums, str(context.year)))
            return not sums_up and context.was_foreign(start)
        context.note_subject(start, foreign)
        return foreign

    def has_own_part(self, context: SentenceView, start: int) -> bool:
        """Whether a figure behind `start` is told as the part of the agency, by its name."""
        text = context.text
        for found in self._part.finditer(text, start) if context.agency else ():
            end = found.end("name")
            noun = next(self._nouns.ending(text, end), "")
            if (
                noun
                and noun not in self._seats
                and self._is_agency(text, found.start("name"), end, context.agency, _TELLING)
            ):
                return True
        return False

    def _told(self, context: SentenceView, clause: int, start: int) -> bool | None:
        """Whether a clause tells of another body; None where it names no subject.

        The agency's own level is a part, once figures of a wider scope were told.
        """
        text = context.text
        reached = {start}
        for at in range(start, max(clause, start - _BODY_REACH), -1):
            if at not in reached:
                continue
            ours = next(self._ours.ending(text, at), None)
            if ours:
                return context.is_wide and ours.endswith(self._parts)
            noun = next(self._nouns.ending(text, at), None)
            if noun and at - len(noun) >= clause and not self._is_within(text, at, noun):
                lead = text[clause : at - len(noun)]
                if any(word in lead for word in self._objects):
                    return None
                if noun not in self._apart and self._is_of_all(context, clause, at):
                    return False
                seat = noun in self._seats and at - len(noun)
                return not (
                    self._is_agency(text, clause, at, context.agency, _TELLING)
                    or (seat and self._is_agency(text, clause, seat, context.agency, _TELLING - 1))
                )
            reached |= {at - len(word) for word in self._glue.ending(text, at)}
            if text[at - 1] == ")":
                reached.add(text.rfind("(", clause, at))
        return None

    def _is_within(self, text: str, at: int, noun: str) -> bool:
        """Whether the noun is the beginning of another word: 政府 of 政府信息公开."""
        longest = next(self._names.beginning(text, at - len(noun)), "")
        return len(longest) > len(noun)

    def _is_of_all(self, context: SentenceView, clause: int, end: int) -> bool:
        """Whether a body is of the whole: 全市各部门; not so many of it: 全县9个乡镇."""
        found = self._whole.search(context.text, clause, end)
        return found is not None and not context.has_figure(found.end(), end)

    def _is_agency(self, text: str, clause: int, end: int, agency: str, least: int) -> bool:
        """Whether a name that ends at a place is the agency's, or short for it."""
        first = max(clause, end - _LONGEST)
        start, rest = end, agency
        while start > first:
            before, found, _ = rest.rpartition(text[start - 1])
            if not found:
                break
            start, rest = start - 1, before
        led = text[start - 1 : start] if start > clause else ""
        if led in self._marks:
            return True
        if led in self._levels:
            return False
        at_boundary = not led.isalnum() or led in self._signs
        if at_boundary and text[start:end] in self._levels:
            return True
        if end - start >= least or (end - start == least - 1 and at_boundary):
            return True
        name = text[first:end]
        return len(agency) >= _WHOLE and agency not in name and _is_within(agency, name)


def _is_within(name: str, text: str) -> bool:
    """Whether the characters of a name stand in a text in their order."""
    rest = iter(text)
    return all(char in rest for char in name)


OTHER_TIME, OTHER_BODY, OTHER_MATTER = "time", "body", "matter"
_GAP = "\u2026"
_NARROWED = 12
"""Characters between 其中 and the topic that it narrows a figure to."""
_SEVERAL = 2
"""Words of a table that show of what a sentence speaks."""
_LONG = 4
"""Characters of a topic's word that cannot be a part of another's."""


class ScopeRules:
    """What a form's mentions ask of the place they stand in, with all words folded once."""

    def __init__(self, wordings: Wordings) -> None:
        more = wordings.more

        self._counts = frozenset(wordings.counts)
        self.weak = frozenset(topic.key for topic in wordings.topics if topic.weak)
        self._elsewhere = more.elsewhere
        self._on_behalf = more.on_behalf
        self._own = re.compile(any_of(wordings.own))
        self._not_ours = more.not_ours
        self._table_words = more.table_words
        self._bodies = BodyRules(wordings)
        topics = {topic.key: topic for topic in wordings.topics}
        self._narrowing = {
            each.near: re.compile(
                rf"{more.parted[0]}[^,;\d]{{0,{_NARROWED}}}"
                rf"(?:{any_of([w for w in topics[each.near].words if len(w) >= _LONG])})"
            )
            for each in wordings.mentions
            if each.near
        }
        self._words: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            each.key: {
                name: getattr(each, name)
                for name in ("units", "unless", "led_by", "not_led_by", "beside", "not_beside")
            }
            for each in wordings.mentions
        }
        self._never_as = {
            each.key: [
                (head, tail) for head, _, tail in (text.partition(_GAP) for text in each.never_as)
            ]
            for each in wordings.mentions
        }

    def has_unit(self, mention: Mention, quantity: Quantity) -> bool:
        """Whether the quantity is counted as the mention is; one without a unit may be."""
        units = self._words[mention.key]["units"] or self._counts
        return not quantity.unit or quantity.unit in units

    def on_topic(
        self,
        context: SentenceView,
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

    def has_own_part(self, context: SentenceView, start: int) -> bool:
        """Whether the agency's own part of a wider figure is told behind it, by its name."""
        return self._bodies.has_own_part(context, start)

    def refusal(self, context: SentenceView, mention: Mention, start: int, end: int) -> str:
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
        self, context: SentenceView, mention: Mention, clause: int, start: int, end: int
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
        self, context: SentenceView, unless: Sequence[str], clause: int, start: int, end: int
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


_WIDE_REACH = 200
"""Characters before a claim in which a wider scope may be named."""


class WholeRules:
    """Words for wider scopes, for the agency alone, and for parts."""

    def __init__(self, wordings: Wordings, scope: ScopeRules) -> None:
        more = wordings.more
        self._scope = scope
        self._wide = re.compile(any_of(wordings.wide))
        self._own = re.compile(any_of(wordings.own))
        self._parted = more.parted
        self._seats = sorted(more.seats, key=len, reverse=True)
        self._own_part = re.compile(
            rf"{self._parted[0]}[^,;]{{0,{_PART}}}?(?:{self._own.pattern})[^,;\d]{{0,{_PART}}}\d"
        )

    def is_wide(self, context: SentenceView, end: int) -> bool:
        """Whether a claim that ends there is of more than the agency reports for."""
        found = [*self._wide.finditer(context.text, max(0, end - _WIDE_REACH), end)]
        if not found or self._is_whole(found[-1][0], context.agency):
            return False
        return self._own.search(context.text, found[-1].end(), end) is None

    def widens(self, context: SentenceView, said: Sequence[Claim]) -> bool:
        """Whether a claim is told of a wider scope, be it the agency's own or not."""
        return any(self._told(context, each) is not None for each in said)

    def without_parts(
        self, said: Sequence[Claim], context: SentenceView, last: Mapping[str, Claim]
    ) -> list[Claim]:
        """Without figures of a wider scope where the sentence also has the agency's own, and
        without parts of a figure that are told by the same word: `收到100件，其中A局收到30件`.

        Of a county's government the whole county's figure is its own, and others are parts.
        """
        goes_on = context.text.startswith(self._parted[0])
        narrow = {each.mention for each in said if self._is_own(context, each)}
        whole_of = {
            each.mention
            for each in said
            if (wide := self._told(context, each)) and self._is_whole(wide, context.agency)
        }
        kept: dict[str, Claim] = {}
        shared = Counter((each.start, each.end) for each in said)
        found = []
        for each in sorted(said, key=lambda one: one.start):
            told = last.get(each.mention)
            if goes_on and told is not None and told.sentence == context.line.sentence - 1:
                continue
            wide = self._told(context, each)
            if wide is None and each.mention in whole_of:
                continue
            is_wider = wide is not None and not self._is_whole(wide, context.agency)
            if is_wider and (each.mention in narrow or self._has_own_part(context, each.end)):
                continue
            whole = kept.setdefault(each.mention, each)
            if whole.value != each.value and shared[each.start, each.end] > 1:
                continue  # 收到4件，受理并办结3件: the second is told of those that were answered
            if whole is each or not context.is_parted(whole.end, each.start):
                found.append(each)
        return found

    def _told(self, context: SentenceView, said: Claim) -> str | None:
        """The word for a wider scope in the clause of a claim."""
        found = self._wide.search(context.text, context.clause(said.start), said.end)
        return found[0] if found else None

    def _is_own(self, context: SentenceView, said: Claim) -> bool:
        return self._own.search(context.text, context.clause(said.start), said.end) is not None

    def _has_own_part(self, context: SentenceView, start: int) -> bool:
        """Whether the agency's own part of a wider figure is told behind it."""
        end = start + _WIDE_REACH
        return self._own_part.search(context.text, start, end) is not None or (
            self._scope.has_own_part(context, start)
        )

    def _is_whole(self, wide: str, agency: str) -> bool:
        """Whether a wider scope is what the agency reports for: 全县 of a county's government."""
        for seat in self._seats:
            if agency.endswith(seat):
                return agency.removesuffix(seat).endswith(wide[1:])
        return False
