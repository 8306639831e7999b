"""A sentence in, the topics that it names out, with where each is named.

A word such as 申请 names a topic only behind words that are known to go with it: 工伤认定申请 is an
application for something else, and what follows it is not about this form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.forms.folding import Folding
from auditor.forms.prose.contexts import PAD, Words
from auditor.forms.prose.quantities import any_of
from auditor.model.wordings import Wordings


class Naming:
    """The words of a form's topics, and those that look like one and are none."""

    def __init__(self, wordings: Wordings, folding: Folding, topics: Mapping[str, str]) -> None:
        fold = folding.fold
        self._topics = topics
        self._guarded = {fold(word) for word in wordings.words("guarded")}
        self._weak = {topic.key for topic in wordings.topics if topic.weak}
        self._decoy = next((topic.key for topic in wordings.topics if topic.decoy), None)
        self._none = {fold(word) for word in wordings.words("no_topic")}
        self._words = re.compile(any_of([*topics, *self._none]))
        told = [
            word
            for each in wordings.mentions
            for word in (*each.before, *each.after, *each.denials)
        ]
        known = (*wordings.fillers, *wordings.units, *wordings.own, *wordings.wide, *told)
        self._leads = Words(map(fold, known))
        self._kinds = Words(map(fold, wordings.words("applied")))

    def topics(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each naming ends, and the topic's key."""
        last_end, last = -1, ""
        for found in self._words.finditer(text):
            word = found.group()
            if word in self._none:
                continue
            key = self._topics[word]
            if word in self._guarded:
                key = self._guard(text, found.start(), key, last, last_end == found.start())
            last_end, last = found.end(), key
            yield last_end, key

    def may_begin(self, text: str, at: int) -> bool:
        """Whether no guarded word begins there, or it is free to: 申请量, not 商标申请量."""
        guarded = any(text.startswith(word, at) for word in self._guarded)
        return not guarded or self._stands_free(text, at) or self._is_kind(text, at)

    def _guard(self, text: str, at: int, key: str, last: str, touches: bool) -> str:
        """The topic that a guarded word names, behind what was named last in the sentence."""
        if touches:
            return key if last in self._weak else last
        if self._stands_free(text, at) or (self._is_kind(text, at) and last != self._decoy):
            return key
        return self._decoy or key

    def _stands_free(self, text: str, at: int) -> bool:
        """Whether nothing stands before the place, or a word that claims something."""
        before = text[at - 1 : at]
        return not before.isalpha() or before == PAD or next(self._leads.ending(text, at), "") != ""

    def _is_kind(self, text: str, at: int) -> bool:
        """Whether a kind of applicant or a way to apply stands before it: 自然人, 网上."""
        return next(self._kinds.ending(text, at), "") != ""
