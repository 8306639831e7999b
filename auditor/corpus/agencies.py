"""Who is whom: the documents of a corpus in, the predecessor of each and those of its group out.

In: names of agencies as printed, and what `agencies.yaml` says of them. Never guessed:
where several reports may be last year's, or the only one is of an agency that took over from
several, there is no predecessor, and the candidates are named; so it is for those of a group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from auditor.definitions.agencies import Agencies


class Issued(NamedTuple):
    """One report: its document, who issued it, for which year and on which form."""

    document: str
    name: str
    issuer: str | None
    year: int | None
    form: str = ""

    @property
    def kind(self) -> str:
        """What the editions of one form have in common: an agency fills several forms a year."""
        return self.form.partition("/")[0]


class Predecessor(NamedTuple):
    """Last year's report, or those that may be it."""

    document: str | None
    candidates: tuple[str, ...] = ()
    """Names; empty where the predecessor is sure, or where there is none."""


class Child(NamedTuple):
    """The report of a body below another for the same year."""

    issuer: str
    document: str | None
    """None where there is no such report, or none that is sure."""
    state: str
    """By `CHILD_STATES`."""


CHILD_STATES = ("found", "missing", "ambiguous", "other-form")


class GroupReports(NamedTuple):
    """The reports of all bodies below one that has reported."""

    complete: bool
    """Whether there are no other bodies below it."""
    children: tuple[Child, ...]

    @property
    def all_found(self) -> bool:
        """Whether the report of every child is there."""
        return all(each.document for each in self.children)

    @property
    def adds_up(self) -> bool:
        """Whether the figures above are the sum of those below, all of which are there."""
        return self.complete and self.all_found


class Register:
    """All reports, by who issued them and for which year."""

    def __init__(self, reports: Iterable[Issued], agencies: Agencies) -> None:
        self.agencies = agencies
        self.reports = [each for each in reports if each.issuer and each.year is not None]
        self.by_name: dict[tuple[str, str, int | None], list[Issued]] = defaultdict(list)
        self.by_issuer: dict[str | None, list[Issued]] = defaultdict(list)
        self._by_rest: dict[tuple[str, str, int | None], list[Issued]] = defaultdict(list)
        self._homes: dict[str, set[str]] = defaultdict(set)
        for each in self.reports:
            rest = agencies.without_place(each.issuer or "")
            self.by_name[each.kind, each.issuer or "", each.year].append(each)
            self.by_issuer[each.issuer].append(each)
            self._by_rest[each.kind, rest, each.year].append(each)
            self._homes[rest].add(each.issuer or "")

    def find(self, kind: str, issuer: str, year: int) -> tuple[list[Issued], bool]:
        """The reports of that kind that may be that agency's for the year, and whether they surely
        are."""
        same = self.by_name.get((kind, issuer, year), [])
        if same:
            return same, True
        # With and without its city in front it is one agency, where no other city has such a one.
        rest = self.agencies.without_place(issuer)
        homes = self._homes.get(rest, set()) | {issuer}
        return self._by_rest.get((kind, rest, year), []), len(homes) <= 2 and rest in homes


def predecessors(register: Register) -> dict[str, Predecessor]:
    """By document, where one is found or may be."""
    found = {}
    for each in register.reports:
        issuer, year = each.issuer or "", (each.year or 0) - 1
        same, is_sure = register.find(each.kind, issuer, year)
        documents = {other.document for other in same}
        if is_sure and len(documents) == 1:
            found[each.document] = Predecessor(documents.pop())
            continue
        before = () if same else register.agencies.before_merging(issuer)
        keys = ((each.kind, name, year) for name in before)
        merged = [other for key in keys for other in register.by_name.get(key, [])]
        if names := sorted({other.name for other in (*same, *merged)}):
            found[each.document] = Predecessor(None, tuple(names))
    return found


def groups_of(register: Register) -> dict[str, GroupReports]:
    """By the parent's document, of every group that is declared for its year."""
    found = {}
    for group in register.agencies.groups:
        below = [register.agencies.issuer(each) for each in group.children]
        parent = register.agencies.issuer(group.parent)
        for each in register.by_issuer.get(parent, ()):
            if group.since <= (each.year or 0) <= group.until:
                children = tuple(_child(register, each, name) for name in below)
                found[each.document] = GroupReports(group.complete, children)
    return found


def _child(register: Register, parent: Issued, issuer: str) -> Child:
    same, is_sure = register.find(parent.kind, issuer, parent.year or 0)
    documents = {each.document: each.form for each in same}
    if len(documents) != 1 or not is_sure:
        return Child(issuer, None, "ambiguous" if documents else "missing")
    ((document, form),) = documents.items()
    is_same = form == parent.form
    return Child(issuer, document if is_same else None, "found" if is_same else "other-form")
