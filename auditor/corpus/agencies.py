"""Who is whom from year to year: the documents of a corpus in, the predecessor of each out.

In: names of agencies as printed, and the wordings of `agencies.yaml`. Never guessed: where several
reports may be last year's, or the only one is of an agency that took over from several, there is no
predecessor, and the candidates are named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from auditor.model.check import Definition
from auditor.model.report import folded
from auditor.yamlsource import read_fields, read_yaml

FILE = "agencies.yaml"


class Agencies(Struct, frozen=True):
    """How agencies are called."""

    places: tuple[str, ...] = ()
    """What the name of a place ends with."""
    same: Mapping[str, tuple[str, ...]] = {}
    """By the name at the end of an agency's, all others for it: short forms and renamings."""
    merged: Mapping[str, tuple[str, ...]] = {}
    """By the same, those that it took over from together with others."""

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

    def _ending(self, name: str, known: Mapping[str, tuple[str, ...]]) -> str:
        pairs = ((other, own) for own, others in known.items() for other in others)
        for other, own in sorted(pairs, key=lambda pair: -len(pair[0])):
            if name.endswith(other) and not name.endswith(own):
                return name.removesuffix(other) + own
        return name


class Issued(NamedTuple):
    """One report: its document, who issued it and for which year."""

    document: str
    name: str
    issuer: str | None
    year: int | None


class Predecessor(NamedTuple):
    """Last year's report, or those that may be it."""

    document: str | None
    candidates: tuple[str, ...] = ()
    """Names; empty where the predecessor is sure, or where there is none."""


def load_agencies(definitions: Iterable[Definition]) -> Agencies:
    """What all files of that name say; a later one adds to those before it."""
    found = Agencies()
    for each in definitions:
        if each.parts[-1] == FILE:
            more = read_fields(Agencies, read_yaml(each.text, each.file))
            found = Agencies(
                (*found.places, *more.places),
                {**found.same, **more.same},
                {**found.merged, **more.merged},
            )
    return found


def predecessors(reports: Iterable[Issued], agencies: Agencies) -> dict[str, Predecessor]:
    """By document, where one is found or may be."""
    every = [each for each in reports if each.issuer and each.year is not None]
    by_name: dict[tuple[str, int | None], list[Issued]] = defaultdict(list)
    by_rest: dict[tuple[str, int | None], list[Issued]] = defaultdict(list)
    homes: dict[str, set[str]] = defaultdict(set)
    for each in every:
        rest = agencies.without_place(each.issuer or "")
        by_name[each.issuer or "", each.year].append(each)
        by_rest[rest, each.year].append(each)
        homes[rest].add(each.issuer or "")
    found = {}
    for each in every:
        issuer, year = each.issuer or "", (each.year or 0) - 1
        rest = agencies.without_place(issuer)
        same = by_name[issuer, year]
        # With and without its city in front it is one agency, where no other city has such a one.
        is_sure = bool(same) or (len(homes[rest]) <= 2 and rest in homes[rest])
        same = same or by_rest[rest, year]
        documents = {other.document for other in same}
        if is_sure and len(documents) == 1:
            found[each.document] = Predecessor(documents.pop())
            continue
        before = () if same else agencies.before_merging(issuer)
        merged = [other for name in before for other in by_name[name, year]]
        if names := sorted({other.name for other in (*same, *merged)}):
            found[each.document] = Predecessor(None, tuple(names))
    return found
