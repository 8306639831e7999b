"""A text and a form's patterns in; who reports and for which year, as these find it, out."""

from __future__ import annotations

import re
import unicodedata

from auditor.model.form import Imprint
from auditor.model.report import Identity
from auditor.source_text import CELL, INVISIBLE, LINE, SourceText

_FRONT = 4000
"""Characters in which a title is looked for; the year may be found anywhere."""

_BULLETS = "\u00b7\u2022\u25cf\u25c6\u25a0\u25aa\u30fb"
_LIST = 3
"""As many years in titles are a list of reports; one other may be the year before."""


def find_identity(source: SourceText, imprint: Imprint) -> Identity:
    """The first match of each list of patterns; None where none matches, or a list of reports
    leaves open which of them it is."""
    lines = _packed(source)
    joined = lines.replace(LINE, "")
    agency = _first(imprint.agency, "agency", (lines[:_FRONT], joined[:_FRONT]))
    titled = _titled(imprint.year, "year", joined)
    if len(titled) >= _LIST:
        # Titles of other years' reports, as a site lists them: what else is said must tell.
        stated = (_all(pattern, "year", joined) for pattern in imprint.year[1:])
        year = next((min(each) for each in stated if len(each) == 1 and each <= titled), None)
    else:
        year = _first(imprint.year, "year", (joined[:_FRONT], joined))
    return Identity(_with_blanks(agency, source.text), int(year) if year else None)


def _with_blanks(name: str | None, text: str) -> str | None:
    """A name with the blanks between its words as they are printed; Chinese has none."""
    if name is None or any(map(_is_wide, name)):
        return name
    blanks = rf"[ {CELL}{INVISIBLE}{LINE}\u3000\xa0]*"
    found = re.search(blanks.join(map(re.escape, name)), text)
    return " ".join(found[0].replace(INVISIBLE, "").split()) if found else name


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "W"


def titled(source: SourceText, imprint: Imprint) -> tuple[set[str], set[str]]:
    """All agencies and all years that titles name."""
    lines = _packed(source)
    return _titled(imprint.agency, "agency", lines), _titled(imprint.year, "year", lines)


def _packed(source: SourceText) -> str:
    """The lines of a text without blanks, and without the signs that lists have in front."""
    packed = re.sub(rf"[ {CELL}{INVISIBLE}\u3000\xa0]+", "", source.text)
    return re.sub(rf"(?:^|{LINE})[{LINE}{_BULLETS}]*", LINE, packed).removeprefix(LINE)


def _titled(patterns: tuple[str, ...], name: str, text: str) -> set[str]:
    """What the first pattern, that of titles, finds; a form need not say who reports, or when."""
    return set().union(*(_all(pattern, name, text) for pattern in patterns[:1]))


def _all(pattern: str, name: str, text: str) -> set[str]:
    return {found[name] for found in re.finditer(pattern, text)}


def _first(patterns: tuple[str, ...], name: str, texts: tuple[str, ...]) -> str | None:
    for pattern in patterns:
        for text in texts:
            found = re.search(pattern, text)
            if found:
                return found[name]
    return None
