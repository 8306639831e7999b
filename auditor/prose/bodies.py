"""The words in front of a claim in; whether their subject is another body than the agency, out.

`城关镇收到申请4件` in a county's report is a part of what the county received. A body is the agency
where its name is made of characters of the agency's, in their order, as short names are
(市卫健委 of 江州市卫生健康委员会), and no level of government stands in front that the agency's
name has not.
"""

from __future__ import annotations

import re

from auditor.forms.folding import Folding
from auditor.model.wordings import Wordings
from auditor.prose.contexts import Context
from auditor.prose.lexer import Words
from auditor.prose.quantities import any_of

_REACH = 40
_LONGEST = 24
"""Characters of a body's name."""
_PART = 12
"""Characters between the agency's name and verb and its part of a wider figure."""
_TELLING = 3
"""Characters that a short name is known by; two where a clause begins with them."""
_WHOLE = 4
"""Characters of an agency's name that tell it from others within a longer name."""


class Bodies:
    """The nouns that names of bodies end with, and the words that may follow as a predicate."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        fold = folding.fold
        own = map(fold, (*wordings.own, *wordings.wide))
        self._ours = Words(own)
        self._nouns = Words(map(fold, wordings.words("bodies")))
        self._sums = tuple(
            map(fold, (*wordings.words("published_sums"), *wordings.words("this_year")))
        )
        self._marks = frozenset(map(fold, wordings.words("own_marks")))
        self._apart = frozenset(map(fold, wordings.words("apart")))
        self._seats = frozenset(map(fold, wordings.words("seats")))
        self._signs = frozenset(map(fold, wordings.words("date_signs")))
        self._whole = re.compile(any_of([fold(word) for word in wordings.wide]))
        self._parts = tuple(map(fold, wordings.words("own_parts")))
        self._levels = frozenset(map(fold, wordings.words("levels")))
        self._objects = tuple(map(fold, wordings.words("objects")))
        self._part = re.compile(
            rf"{fold(wordings.words('parted')[0])},?(?P<name>[^,;:\d]{{2,{_LONGEST}}}?)"
            rf"(?:{any_of(list(map(fold, wordings.words('work_done'))))})[^,;\d]{{0,{_PART}}}\d"
        )
        verbs = [word for _, words in wordings.heads for word in words]
        topics = [word for topic in wordings.topics for word in topic.words]
        self._glue = Words(map(fold, (*wordings.fillers, *topics, *verbs)))
        self._names = Words(map(fold, (*wordings.fillers, *topics)))

    def is_foreign(self, context: Context, start: int) -> bool:
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
            return not sums_up and context.is_of_foreign(start)
        context.has_subject(start, foreign)
        return foreign

    def has_own_part(self, context: Context, start: int) -> bool:
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

    def _told(self, context: Context, clause: int, start: int) -> bool | None:
        """Whether a clause tells of another body; None where it names no subject.

        The agency's own level is a part, once figures of a wider scope were told.
        """
        text = context.text
        reached = {start}
        for at in range(start, max(clause, start - _REACH), -1):
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

    def _is_of_all(self, context: Context, clause: int, end: int) -> bool:
        """Whether a body is of the whole: 全市各部门; not so many of it: 全县9个乡镇."""
        found = self._whole.search(context.text, clause, end)
        return found is not None and not context.has_figure(found.end(), end)

    def _is_agency(self, text: str, clause: int, end: int, agency: str, telling: int) -> bool:
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
        if end - start >= telling or (end - start == telling - 1 and at_boundary):
            return True
        name = text[first:end]
        return len(agency) >= _WHOLE and agency not in name and _is_within(agency, name)


def _is_within(name: str, text: str) -> bool:
    """Whether the characters of a name stand in a text in their order."""
    rest = iter(text)
    return all(char in rest for char in name)
