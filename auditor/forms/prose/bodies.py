"""The words in front of a claim in; whether their subject is another body than the agency, out.

`城关镇收到申请4件` in a county's report is a part of what the county received. A body is the agency
where its name is made of characters of the agency's, in their order, as short names are
(市卫健委 of 江州市卫生健康委员会), and no level of government stands in front that the agency's
name has not.
"""

from __future__ import annotations

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import PAD, Words
from auditor.model.wordings import Wordings

_REACH = 40
_LONGEST = 24
"""Characters of a body's name."""
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
        self._levels = frozenset(map(fold, wordings.words("levels")))
        self._objects = tuple(map(fold, wordings.words("objects")))
        verbs = [word for mention in wordings.mentions for word in mention.before]
        topics = [word for topic in wordings.topics for word in topic.words]
        self._glue = Words(map(fold, (*wordings.fillers, *topics, *verbs)))
        self._names = Words(map(fold, (*wordings.fillers, *topics)))

    def is_foreign(self, text: str, clause: int, start: int, agency: str) -> bool:
        """Whether the clause's subject, told in front of `start`, is a body other than the agency.

        Never where the agency is not known.
        """
        if not agency:
            return False
        reached = {start}
        for at in range(start, max(clause, start - _REACH), -1):
            if at not in reached:
                continue
            if next(self._ours.ending(text, at), None):
                return False
            noun = next(self._nouns.ending(text, at), None)
            if noun and at - len(noun) >= clause and not self._is_within(text, at, noun):
                lead = text[clause : at - len(noun)]
                if any(word in lead for word in self._objects):
                    return False
                return not self._is_agency(text, clause, at, agency)
            reached |= {at - len(word) for word in self._glue.ending(text, at)}
            if text[at - 1] == ")":
                reached.add(text.rfind("(", clause, at))
        return False

    def _is_within(self, text: str, at: int, noun: str) -> bool:
        """Whether the noun is the beginning of another word: 政府 of 政府信息公开."""
        longest = next(self._names.beginning(text, at - len(noun)), "")
        return len(longest) > len(noun)

    def _is_agency(self, text: str, clause: int, end: int, agency: str) -> bool:
        first = max(clause, end - _LONGEST)
        start, rest = end, agency
        while start > first:
            before, found, _ = rest.rpartition(text[start - 1])
            if not found:
                break
            start, rest = start - 1, before
        at_boundary = start == clause or text[start - 1] in (PAD, *_DIGIT_SIGNS)
        led = text[start - 1 : start] if start > clause else ""
        if led in self._levels:
            return False
        if end - start >= _TELLING or (end - start == _TELLING - 1 and at_boundary):
            return True
        name = text[first:end]
        return len(agency) >= _WHOLE and agency not in name and _is_within(agency, name)


_DIGIT_SIGNS = "0123456789"


def _is_within(name: str, text: str) -> bool:
    """Whether the characters of a name stand in a text in their order."""
    rest = iter(text)
    return all(char in rest for char in name)
