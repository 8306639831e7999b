"""Bands in; for each in a run that may be shifted by a row, the figures that are its own then, out.

Where labels and rows of figures alternate, a label that was lost leaves figures over at one end of
the run, and figures that were lost leave a label over at the other: then each row may have what
stands before its label or what stands behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from auditor.forms.rows.anchors import Band
from auditor.forms.tokens import Figs


def shifted(bands: Sequence[Band], sizes: Sequence[int]) -> Mapping[int, tuple[Figs, ...]]:
    """By row, the lines of figures on the other side of its label, in runs that may be shifted;
    none where nothing stands there. `sizes`: boxes by row."""
    return {**_behind(bands), **_in_front(bands, sizes)}


def _behind(bands: Sequence[Band]) -> dict[int, tuple[Figs, ...]]:
    """Of runs in which figures stand before their labels."""
    found: dict[int, tuple[Figs, ...]] = {}
    above: Band | None = None
    for band, below in zip_longest(bands, bands[1:]):
        if _is_before(band):
            if below is not None and _is_before(below):
                found[band.row] = below.before
            elif above is not None and above.row in found:
                found[band.row] = ()
        above = band
    return found


def _in_front(bands: Sequence[Band], sizes: Sequence[int]) -> dict[int, tuple[Figs, ...]]:
    """Of runs in which figures stand on lines of their own behind their labels, with a row of them
    left over above the first label, and none behind the last."""
    found: dict[int, tuple[Figs, ...]] = {}
    empty = {band.row for band in bands if not _has_figures(band)}
    run: dict[int, tuple[Figs, ...]] = {}
    above: tuple[Figs, ...] = ()
    for band in bands if empty else ():
        if band.row in empty:
            found |= run
        over = _left_over(band)
        if _is_apart(band) and (run or sum(line.filled for line in over) == sizes[band.row]):
            run[band.row] = above if run else over
        else:
            run = {}
        above = band.after
    return found


def _left_over(band: Band) -> tuple[Figs, ...]:
    """Lines of figures right above a label that were given to no row."""
    first = min((line.row for line in band.after if line.filled), default=0)
    return tuple(line for line in band.astray if line.row < first)


def _has_figures(band: Band) -> bool:
    return any(line.filled for line in (*band.after, *band.before))


def _is_apart(band: Band) -> bool:
    filled = [line for line in band.after if line.filled]
    return bool(filled) and not any(line.is_led for line in filled)


def _is_before(band: Band) -> bool:
    return any(line.filled for line in band.before) and not any(line.filled for line in band.after)
