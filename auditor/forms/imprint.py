"""Tape and Form in; who reports and for which year out, as the form's own patterns find them."""

from __future__ import annotations

import re

from auditor.forms.folding import GAP
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.form import Imprint
from auditor.model.report import Imprinted

_FRONT = 4000
"""Characters in which a title is looked for; the year may be found anywhere."""


def find_imprint(tape: Tape, imprint: Imprint) -> Imprinted:
    """The first match of each list of patterns; None where none matches."""
    packed = re.sub(rf"[ {CELL}{GAP}\u3000\xa0]+", "", tape.text)
    lines = re.sub(rf"{LINE}+", LINE, packed)
    joined = lines.replace(LINE, "")
    agency = _first(imprint.agency, "agency", (lines[:_FRONT], joined[:_FRONT]))
    year = _first(imprint.year, "year", (joined[:_FRONT], joined))
    return Imprinted(agency=agency, year=int(year) if year else None)


def _first(patterns: tuple[str, ...], name: str, texts: tuple[str, ...]) -> str | None:
    for pattern in patterns:
        for text in texts:
            found = re.search(pattern, text)
            if found:
                return found[name]
    return None
