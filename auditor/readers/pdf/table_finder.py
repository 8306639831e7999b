"""Edges in; the tables that pdfplumber's `TableFinder` finds among them, as the boxes of their
cells, out.

pdfplumber keeps each edge as a dictionary, copies it at each step and compares each with all. Here
an edge is three numbers, and the steps, their order and their tolerances are pdfplumber's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from pdfplumber.table import TableSettings, cells_to_tables

from auditor.readers.pdf.content import Box, Edge

_USUAL = TableSettings()
_MIN_LENGTH_JOINED = _USUAL.edge_min_length
MIN_LENGTH = _USUAL.edge_min_length_prefilter
"""Points: what is shorter is no edge, and is left out before any are joined."""
_SNAP, _JOIN, _TOUCH = _USUAL.snap_x_tolerance, _USUAL.join_x_tolerance, 3
_at, _start = attrgetter("at"), attrgetter("start")
_Place = tuple[float, float]


def merged(edges: Sequence[Edge]) -> list[Edge]:
    """Edges of one direction, put at common places and joined where they follow each other."""
    clusters: dict[float, int] = {}
    before = 0.0
    for at in sorted(set(map(_at, edges))):
        clusters[at] = len(clusters) and clusters[before] + (at > before + _SNAP)
        before = at
    groups: dict[int, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(clusters[edge.at], []).append(edge)
    snapped = []
    for group in groups.values():
        mean = sum(map(_at, group)) / len(group)
        snapped += [Edge(at + (mean - at), start, end) for at, start, end in group]
    found: list[Edge] = []
    for at, line in groupby(sorted(snapped, key=_at), _at):
        pieces = sorted(line, key=_start)
        first, last = pieces[0].start, pieces[0].end
        for _, start, end in pieces[1:]:
            if start > last + _JOIN:
                found.append(Edge(at, first, last))
                first, last = start, end
            elif end > last:
                last = end
        found.append(Edge(at, first, last))
    return [edge for edge in found if edge.end - edge.start >= _MIN_LENGTH_JOINED]


def tables(horizontal: Sequence[Edge], vertical: Sequence[Edge]) -> list[list[Box]]:
    """The cells of each table that merged edges make."""
    found: list[list[Box]] = cells_to_tables(_cells(_crossings(horizontal, vertical)))
    return found


def _crossings(
    horizontal: Sequence[Edge], vertical: Sequence[Edge]
) -> dict[_Place, tuple[set[Edge], set[Edge]]]:
    """Where edges cross, with those that do: those across, those down."""
    found: dict[_Place, tuple[set[Edge], set[Edge]]] = {}
    rows = sorted(horizontal)
    for column in sorted(vertical):
        x, top, bottom = column
        for index in range(bisect_left(rows, (top - _TOUCH - 1,)), len(rows)):
            y, start, end = row = rows[index]
            if top > y + _TOUCH:
                continue
            if bottom < y - _TOUCH:
                break
            if start - _TOUCH <= x <= end + _TOUCH:
                across, down = found.setdefault((x, y), (set(), set()))
                across.add(row)
                down.add(column)
    return found


def _cells(crossings: dict[_Place, tuple[set[Edge], set[Edge]]]) -> list[Box]:
    """The smallest box to the right of and below each crossing of which edges make all sides."""
    lines_down: dict[float, list[_Place]] = {}
    lines_across: dict[float, list[_Place]] = {}
    places = sorted(crossings)
    for place in places:
        lines_down.setdefault(place[0], []).append(place)
        lines_across.setdefault(place[1], []).append(place)
    found: list[Box] = []
    for place in places:
        across, down = crossings[place]
        below = _after(place, lines_down[place[0]])
        right = _after(place, lines_across[place[1]])
        right = [each for each in right if not across.isdisjoint(crossings[each][0])]
        for lower in below if right else ():
            if down.isdisjoint(crossings[lower][1]):
                continue
            lower_across = crossings[lower][0]
            for other in right:
                corner = other[0], lower[1]
                if (
                    corner in crossings
                    and not crossings[corner][1].isdisjoint(crossings[other][1])
                    and not crossings[corner][0].isdisjoint(lower_across)
                ):
                    found.append((*place, *corner))
                    break
            else:
                continue
            break
    return found


def _after(place: _Place, line: Sequence[_Place]) -> Sequence[_Place]:
    return line[bisect_right(line, place) :]
