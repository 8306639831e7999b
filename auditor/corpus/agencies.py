"""Who is whom: the documents of a corpus in, the predecessor of each and those of its group out.

In: names of agencies as printed, and the wordings and groups of `agencies.yaml`. Never guessed:
where several reports may be last year's, or the only one is of an agency that took over from
several, there is no predecessor, and the candidates are named; so it is for those of a group.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from auditor.errors import DefinitionError
from auditor.model.check import Definition
from auditor.model.report import folded
from auditor.yamlsource import read_fields, read_yaml

FILE = "agencies.yaml"


class AgencyGroup(Struct, frozen=True):
    """A body and those below it, whose figures its own report adds up."""

    parent: str
    children: Annotated[tuple[str, ...], Meta(min_length=1)]
    complete: bool
    """Whether there are no others, so that the parent's figures are their sum."""
    since: int = 0
    """The first year of which this is true."""
    until: int = 9999
    """The last year of which this is true."""


class Agencies(Struct, frozen=True):
    """How agencies are called, and which belong together."""

    places: tuple[str, ...] = ()
    """What the name of a place ends with."""
    same: Mapping[str, tuple[str, ...]] = {}
    """By the name at the end of an agency's, all others for it: short forms and renamings."""
    merged: Mapping[str, tuple[str, ...]] = {}
    """By the same, those that it took over from together with others."""
    groups: tuple[AgencyGroup, ...] = ()

    def issuer(self, agency: str) -> str:
        """The name under which its reports meet."""
        return self._ending(folded(agency), self.same)

    def before_merging(self, issuer: str) -> set[str]:
        """Whose reports may be the year before's, though not theirs alone."""
        for name, others in self.merged.items():
            if issuer.endswith(name):
                return {issuer.removesuffix(name) + other for other in others}
        return set()

    def without_place(self, issuer: str) -> str:
        """Without the place that another place follows: of a city's district, the district's."""
        ends = "|".join(map(re.escape, self.places))
        found = re.match(rf".+?(?:{ends})(?=.+?(?:{ends}))", issuer) if ends else None
        return issuer[found.end() :] if found else issuer

    def kind(self, issuer: str) -> str:
        """What it is besides whose: its name without that of its place, of which the last part is
        kept, for it says at which level of government."""
        ends = "|".join(sorted(map(re.escape, self.places), key=len, reverse=True))
        level = ""
        while ends and (found := re.match(rf".{{2,}}?({ends})(?=.)", issuer)):
            level, issuer = found[1], issuer[found.end() :]
        return level + issuer

    def _ending(self, name: str, known: Mapping[str, tuple[str, ...]]) -> str:
        endings = [
            (other, own)
            for own, others in known.items()
            for other in others
            if name.endswith(other) and not name.endswith(own)
        ]
        other, own = max(endings, key=lambda pair: len(pair[0]), default=("", ""))
        return name.removesuffix(other) + own


class Issued(NamedTuple):
    """One report: its document, who issued it, for which year and on which form."""

    document: str
    name: str
    issuer: str | None
    year: int | None
    form: str = ""


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


def load_agencies(definitions: Iterable[Definition]) -> Agencies:
    """What all files of that name say; a later one adds to those before it, and what it says of a
    parent's group is said in place of what they do.

    Raises `DefinitionError`: two groups of one parent for the same year, or one within itself.
    """
    found = Agencies()
    for each in definitions:
        if each.parts[-1] == FILE:
            more = read_fields(Agencies, read_yaml(each.text, each.file))
            own = {found.issuer(group.parent) for group in more.groups}
            found = Agencies(
                (*found.places, *more.places),
                {**found.same, **more.same},
                {**found.merged, **more.merged},
                (*(g for g in found.groups if found.issuer(g.parent) not in own), *more.groups),
            )
            _check_groups(found, each.file)
    return found


def _check_groups(agencies: Agencies, file: str) -> None:
    spans: dict[str, list[AgencyGroup]] = defaultdict(list)
    for group in agencies.groups:
        parent, below = agencies.issuer(group.parent), [*map(agencies.issuer, group.children)]
        said = ""
        if any(each.since <= group.until and group.since <= each.until for each in spans[parent]):
            said = "has two groups for the same year"
        elif parent in below or len(set(below)) < len(below):
            said = "has a child twice, or itself for one"
        if said:
            raise DefinitionError("definition", f"groups: {group.parent} {said}", place=file)
        spans[parent].append(group)


class Register:
    """All reports, by who issued them and for which year."""

    def __init__(self, reports: Iterable[Issued], agencies: Agencies) -> None:
        self.agencies = agencies
        self.reports = [each for each in reports if each.issuer and each.year is not None]
        self.by_name: dict[tuple[str, int | None], list[Issued]] = defaultdict(list)
        self.by_issuer: dict[str | None, list[Issued]] = defaultdict(list)
        self._by_rest: dict[tuple[str, int | None], list[Issued]] = defaultdict(list)
        self._homes: dict[str, set[str]] = defaultdict(set)
        for each in self.reports:
            rest = agencies.without_place(each.issuer or "")
            self.by_name[each.issuer or "", each.year].append(each)
            self.by_issuer[each.issuer].append(each)
            self._by_rest[rest, each.year].append(each)
            self._homes[rest].add(each.issuer or "")

    def find(self, issuer: str, year: int) -> tuple[list[Issued], bool]:
        """The reports that may be that agency's for the year, and whether they surely are."""
        same = self.by_name.get((issuer, year), [])
        if same:
            return same, True
        # With and without its city in front it is one agency, where no other city has such a one.
        rest = self.agencies.without_place(issuer)
        homes = self._homes.get(rest, set()) | {issuer}
        return self._by_rest.get((rest, year), []), len(homes) <= 2 and rest in homes


def predecessors(register: Register) -> dict[str, Predecessor]:
    """By document, where one is found or may be."""
    found = {}
    for each in register.reports:
        issuer, year = each.issuer or "", (each.year or 0) - 1
        same, is_sure = register.find(issuer, year)
        documents = {other.document for other in same}
        if is_sure and len(documents) == 1:
            found[each.document] = Predecessor(documents.pop())
            continue
        before = () if same else register.agencies.before_merging(issuer)
        merged = [other for name in before for other in register.by_name.get((name, year), [])]
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
    same, is_sure = register.find(issuer, parent.year or 0)
    documents = {each.document: each.form for each in same}
    if len(documents) != 1 or not is_sure:
        return Child(issuer, None, "ambiguous" if documents else "missing")
    ((document, form),) = documents.items()
    is_same = form == parent.form
    return Child(issuer, document if is_same else None, "found" if is_same else "other-form")
