"""What tests need to invent reports: consistent figures, and whole reports in many layouts.

In: a `Form` and a source of randomness. Out: figures that satisfy every sum printed on the form,
and texts that carry exactly those figures. Nothing in the product imports this package.
"""

from __future__ import annotations

from auditor.testing.damaged import DAMAGED
from auditor.testing.figures import (
    AGENCIES,
    Figures,
    as_report,
    consistent_figures,
    figures_of,
    invented,
)
from auditor.testing.habits import HABITS, HABITS_OF_BLANKS
from auditor.testing.layouts import BLANK_FOR_ZERO as _BLANK_FOR_ZERO
from auditor.testing.layouts import LAYOUTS as _LAYOUTS

LAYOUTS = _LAYOUTS | HABITS
BLANK_FOR_ZERO = _BLANK_FOR_ZERO | HABITS_OF_BLANKS

__all__ = [
    "AGENCIES",
    "BLANK_FOR_ZERO",
    "DAMAGED",
    "LAYOUTS",
    "Figures",
    "as_report",
    "consistent_figures",
    "figures_of",
    "invented",
]
