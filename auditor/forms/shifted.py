"""Bands in; for each whose figures stand before its label, the figures behind it that are its own
where the run of them is shifted by a row, out.

Where labels and rows of figures alternate, a label that was lost leaves figures over at one end of
the run, and figures that were lost leave a label over at the other: then each row may have what
stands before its label or what stands behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from auditor.forms.anchors import Band
from auditor.forms.tokens import Figs


def behind(bands: Sequence[Band]) -> Mapping[int, tuple[Figs, ...]]:
    """By row, the lines of figures behind the label of a band that has its own before it; none
    where nothing stands there, in runs of more than one row."""
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


def _is_before(band: Band) -> bool:
    return any(line.filled for line in band.before) and not any(line.filled for line in band.after)
