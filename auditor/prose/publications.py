"""Sentences in; how many pieces the agency says it published in the year, out.

Only totals: what is said of one channel, one subject or one part of the year is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Breakdown, Claim, Published
from auditor.model.wordings import Wordings
from auditor.prose.clauses import Clauses
from auditor.prose.lexer import Words
from auditor.prose.quantities import any_of

_REACH = 80
"""Characters of a clause in front of a figure that are looked at."""


class Publications:
    """A form's words for what an agency publishes."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        def words(name: str) -> list[str]:
            return [folding.fold(word) for word in wordings.words(name)]

        fillers = [folding.fold(word) for word in wordings.fillers]
        self._nouns = Words(words("published_nouns"))
        self._glue = Words([*fillers, *words("published_sums"), *words("published_nouns")])
        self._verbs = Words(words("published_verbs"))
        self._sums = re.compile(any_of(words("published_sums")))
        self._elsewhere = re.compile(
            any_of([*words("published_elsewhere"), *map(folding.fold, wordings.wide)])
        )
        self._units = frozenset(wordings.words("published_units"))

    def read(
        self, sentences: Sequence[Clauses], said: Sequence[Claim], breakdowns: Sequence[Breakdown]
    ) -> Iterator[Published]:
        """Every such total, in the order of the text."""
        posts = {
            (each.sentence, each.quantity.start): each
            for each in said
            if each.mention == "posts" and each.quantity is not None
        }
        parts = {
            (each.sentence, each.start) for breakdown in breakdowns for each in breakdown.figures
        }
        for here in sentences:
            for figure in here.counts:
                at = (figure.sentence, figure.start)
                if figure.vague or figure.unit not in self._units or at in parts:
                    continue
                start = max(here.clause_start(figure.start), figure.start - _REACH)
                end = min(here.clause_end(figure.end), figure.end + _REACH)
                if self._elsewhere.search(here.text, start, end):
                    continue
                general = at in posts
                if general or self._is_total(here, start, figure.start, figure.end, end):
                    yield Published(figure, start, end, general)

    def _is_total(self, here: Clauses, clause: int, start: int, end: int, stop: int) -> bool:
        """Whether the words around say that so many pieces were published, of whatever kind."""
        text = here.text
        if not self._sums.search(text, clause, start):
            return False
        behind = text[end:stop].rstrip(")")
        named = any(behind == noun for noun in self._nouns.beginning(text, end))
        if behind and not named:
            return False
        reached = {start}
        for at in range(start, clause - 1, -1):
            if at not in reached:
                continue
            if not named and any(self._nouns.ending(text, at)):
                named = True
            if named and any(self._verbs.ending(text, at)):
                return True
            reached |= {at - len(word) for word in self._glue.ending(text, at)}
        return False
