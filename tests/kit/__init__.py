"""What tests and benchmarks build documents with, beyond the layouts of `auditor.testing`.

In: a form, figures and a seed. Out: reports as text that has lost something (`damaged`, `spoils`),
as documents (`office`, `ruled`, `word`, `webprint`), as print of real programs (`prints`,
`programs`) and as scans (`scans`).
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from auditor import testing
from auditor.model.form import Form
from auditor.testing import AGENCIES, Figures, as_report, consistent_figures, figures_of
from tests.kit.damaged import DAMAGED
from tests.kit.habits import HABITS, HABITS_OF_BLANKS

LAYOUTS = testing.LAYOUTS | HABITS
BLANK_FOR_ZERO = testing.BLANK_FOR_ZERO | HABITS_OF_BLANKS

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


def invented(form: Form) -> st.SearchStrategy[Figures]:
    """Consistent figures of every usual size."""
    return st.integers(0, 2**32 - 1).map(lambda seed: consistent_figures(form, Random(seed)))
