"""For authors of forms: invented reports that agree in every sum, in the layouts people copy.

In: a `Form` and a seeded `Random`. Out: figures that satisfy every sum printed on the form
and the printed rows that carry them (`pages`), and whole texts (`layouts`), which a reader must
read right in every cell. Only `audit rules try` uses this package.
"""

from __future__ import annotations

from auditor.testing.layouts import (
    AGENCIES,
    BLANK_FOR_ZERO,
    LAYOUTS,
    Figures,
    as_report,
    consistent_figures,
    figures_of,
)

__all__ = [
    "AGENCIES",
    "BLANK_FOR_ZERO",
    "LAYOUTS",
    "Figures",
    "as_report",
    "consistent_figures",
    "figures_of",
]
