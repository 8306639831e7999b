"""Sentences and their lists in; every percentage that is the share of a figure, out.

`网络862件，占82.4%`, `信函171（16.3%）`. A rate (办结率100%) is no share, nor is a growth.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Breakdown, Quantity, Share
from auditor.model.wordings import Wordings
from auditor.prose.clauses import Clauses
from auditor.prose.quantities import PERCENT, any_of

_BETWEEN = 16
"""Characters between a figure and its percentage, at most."""
_BACK, _MOST = 3, 12
"""Sentences in front, and figures in all, among which the base is looked for."""


class Shares:
    """A form's words for shares."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        said = any_of([folding.fold(word) for word in wordings.words("share_words")])
        self._units = frozenset(wordings.words("listed_units"))
        # Behind the figure: (16.3%  ,占16.3%  (占总数的16.3%
        self._between = re.compile(rf"\)?(?:\(|[,\u3001]?\(?(?:{said})[^\d,;()\u3001\u3002%]*)")
        self._fillers = re.compile(
            rf"(?:{said}|"
            + any_of([folding.fold(word) for word in wordings.words("share_fillers")])
            + r"|[(),\u3001])*"
        )
        # 占全市总量的0.3%: of a figure that the report need not print.
        self._wide = re.compile(any_of([*map(folding.fold, wordings.wide)]))
        self._each = re.compile(any_of([*map(folding.fold, wordings.words("list_hints"))]))

    def read(
        self, sentences: Sequence[Clauses], breakdowns: Sequence[Breakdown]
    ) -> Iterator[Share]:
        """Every share, in the order of the text."""
        lists: dict[tuple[int, int], list[Breakdown]] = defaultdict(list)
        for breakdown in breakdowns:
            for each in breakdown.figures:
                lists[each.sentence, each.start].append(breakdown)
        for number, here in enumerate(sentences):
            for before, percent in zip(here.all, here.all[1:], strict=False):
                if percent.unit != PERCENT or before.unit == PERCENT:
                    continue
                between = here.text[before.end : percent.start]
                if (
                    len(between) <= _BETWEEN
                    and self._between.fullmatch(between)
                    and not self._each.search(between)
                    and not self._wide.search(between)
                ):
                    named = self._fillers.fullmatch(between) is None
                    yield self._share(sentences, number, before, percent, lists, named)

    def _family(self, quantity: Quantity) -> str:
        return "" if not quantity.unit or quantity.unit in self._units else quantity.unit

    def _share(
        self,
        sentences: Sequence[Clauses],
        number: int,
        part: Quantity,
        percent: Quantity,
        lists: dict[tuple[int, int], list[Breakdown]],
        named: bool,
    ) -> Share:
        """The share, whose base may be `named` in words."""
        own = lists[part.sentence, part.start]
        heads = [head for breakdown in own for head in (breakdown.total, *breakdown.others)]
        here = sentences[number]
        at = here.before(part.start)
        near = [*heads, *reversed(here.counts[max(0, at - _MOST) : at])]
        for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
            if sentences[back].line.section == here.line.section:
                near += reversed(sentences[back].counts[-_MOST:])
        bases = list(
            {
                (each.sentence, each.start): each
                for each in near
                if each.value >= part.value and self._family(part) == self._family(each)
            }.values()
        )
        alone = own[0].total if len(own) == 1 and not own[0].others and not named else None
        return Share(part, percent, tuple(bases[: 2 * _MOST]), alone)
