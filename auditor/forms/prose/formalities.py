"""Tape and sentences in; title, period, signature and leftovers of the template out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.layout import Line
from auditor.forms.tape import Tape
from auditor.model.prose import Formalities
from auditor.model.report import Imprinted
from auditor.model.wordings import Wordings


def read_formalities(
    tape: Tape,
    lines: Sequence[Line],
    wordings: Wordings,
    folding: Folding,
    identity: Imprinted,
) -> Formalities:
    """What the report says of itself, as far as it can be told."""
    return Formalities()
