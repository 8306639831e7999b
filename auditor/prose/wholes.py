"""The claims of a sentence in; those that are not parts of another, and which are of more than the
agency reports for, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditor.forms.folding import Folding
from auditor.model.prose import Claim
from auditor.model.wordings import Wordings
from auditor.prose.contexts import Context
from auditor.prose.quantities import any_of
from auditor.prose.scope import Scope

_PART = 12
"""Characters around the agency's name where its part of a wider figure is told."""
_REACH = 200
"""Characters before a claim in which a wider scope may be named."""


class Wholes:
    """Words for wider scopes, for the agency alone, and for parts."""

    def __init__(self, wordings: Wordings, folding: Folding, scope: Scope) -> None:
        fold = folding.fold
        self._scope = scope
        self._wide = re.compile(any_of([fold(word) for word in wordings.wide]))
        self._own = re.compile(any_of([fold(word) for word in wordings.own]))
        self._parted = tuple(map(fold, wordings.words("parted")))
        self._seats = sorted(map(fold, wordings.words("seats")), key=len, reverse=True)
        self._own_part = re.compile(
            rf"{self._parted[0]}[^,;]{{0,{_PART}}}?(?:{self._own.pattern})[^,;\d]{{0,{_PART}}}\d"
        )

    def is_wide(self, context: Context, end: int) -> bool:
        """Whether a claim that ends there is of more than the agency reports for."""
        found = [*self._wide.finditer(context.text, max(0, end - _REACH), end)]
        if not found or self._is_whole(found[-1][0], context.agency):
            return False
        return self._own.search(context.text, found[-1].end(), end) is None

    def widens(self, context: Context, said: Sequence[Claim]) -> bool:
        """Whether a claim is told of a wider scope, be it the agency's own or not."""
        return any(self._told(context, each) is not None for each in said)

    def without_parts(
        self, said: Sequence[Claim], context: Context, last: Mapping[str, Claim]
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
            if whole is each or not context.is_parted(whole.end, each.start):
                found.append(each)
        return found

    def _told(self, context: Context, said: Claim) -> str | None:
        """The word for a wider scope in the clause of a claim."""
        found = self._wide.search(context.text, context.clause(said.start), said.end)
        return found[0] if found else None

    def _is_own(self, context: Context, said: Claim) -> bool:
        return self._own.search(context.text, context.clause(said.start), said.end) is not None

    def _has_own_part(self, context: Context, start: int) -> bool:
        """Whether the agency's own part of a wider figure is told behind it."""
        end = start + _REACH
        return self._own_part.search(context.text, start, end) is not None or (
            self._scope.has_own_part(context, start)
        )

    def _is_whole(self, wide: str, agency: str) -> bool:
        """Whether a wider scope is what the agency reports for: 全县 of a county's government."""
        for seat in self._seats:
            if agency.endswith(seat):
                return agency.removesuffix(seat).endswith(wide[1:])
        return False
