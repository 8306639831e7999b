"""What agencies are called and which belong together: the files called `agencies.yaml` in, one
register of names and groups out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from auditor.model.check import Definition
from auditor.model.report import folded
from auditor.yamlsource import Name, read_fields, read_yaml

FILE = "agencies.yaml"


class AgencyGroup(Struct, frozen=True):
    """A body and those below it, whose figures its own report adds up."""

    parent: Name
    """Its name as its report has it, or as it meets others: short forms and renamings count."""
    children: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """Those below it, by the same names."""
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
    """Which bodies stand below which, and so come to its figures."""

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


def load_agencies(definitions: Iterable[Definition]) -> Agencies:
    """What all files of that name say; a later one adds to those before it, and what it says of a
    parent's group is said in place of what they do.

    Raises `DefinitionError`: two groups of one parent for the same year, one within itself, or one
    that is true of no year.
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
            _check_groups(found)
    return found


def _check_groups(agencies: Agencies) -> None:
    spans: dict[str, list[AgencyGroup]] = defaultdict(list)
    for group in agencies.groups:
        parent = agencies.issuer(group.parent)
        if group.until < group.since:
            raise group.parent.item.wrong("until is before since")
        if any(each.since <= group.until and group.since <= each.until for each in spans[parent]):
            raise group.parent.item.wrong(f"{group.parent} has two groups for the same year")
        below = {parent}
        for child in group.children:
            if (name := agencies.issuer(child)) in below:
                raise child.item.wrong(f"{child} stands here twice, or below itself")
            below.add(name)
        spans[parent].append(group)
