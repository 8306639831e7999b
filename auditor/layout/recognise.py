"""Extract and the known forms in; the one that it is out, told by its headers, and where these are
lost by the labels of its rows; and who reports, for which year, by the form's own patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from auditor.layout.labels import lexicon_of
from auditor.model.form import Form, Imprint
from auditor.model.report import Identity
from auditor.model.source import Extract, Grid
from auditor.patterns import compiled
from auditor.source_text import CELL, INVISIBLE, LINE, SourceText, normalize

FEWEST_HEADERS = 2
_MOST_ROWS = 0.6
"""Share of a form's labels by which it is told without headers."""
_FEWEST_OWN = 2
"""Of these, labels that no other form has."""


def recognise(extract: Extract, forms: Sequence[Form], preferred: Collection[str] = ()) -> Form:
    """The form whose own header wordings stand in the extract most often.

    Raises `InputError` (`no-form`) when no form, or more than one, fits.
    """
    scores: list[tuple[float, int, Form]] = []
    text = "".join(_texts(extract))
    cores: dict[frozenset[tuple[str, str]], str] = {}  # most forms fold the text alike
    for form in forms:
        words = lexicon_of(form)
        if words.variants not in cores:
            cores[words.variants] = normalize(words.folding.fold(text))
        core = cores[words.variants]
        own = sum(1 for header in words.headers if header in core)
        scores.append((own / len(words.headers), own, form))
    best = max(scores, key=lambda score: score[:2], default=None)
    if best is None or best[1] < FEWEST_HEADERS:
        if form_by_rows := _by_rows(forms, cores):
            return form_by_rows
        from auditor.refusals import refusal  # few documents are refused

        raise refusal("no-form")
    fitting = [score for score in scores if score[0] == best[0]]
    # Whoever brings a form of the same sheet means that one, and not the package's.
    fitting = [each for each in fitting if each[2].id in preferred] or fitting
    if len(fitting) > 1:
        names = ", ".join(sorted(form.id for *_, form in fitting))
        from auditor.refusals import refusal

        raise refusal("two-forms", names=names)
    return fitting[0][2]


def _by_rows(forms: Sequence[Form], cores: Mapping[frozenset[tuple[str, str]], str]) -> Form | None:
    """The form of which most labels stand there, and some that no other has; where only one is.
    `cores`: the text as each variety of folding leaves it."""
    if len(forms) < 2:
        return None  # nothing to tell it from
    able = []
    for form in forms:
        words = lexicon_of(form)
        labels = words.labels
        there = {label for label in labels if label in cores[words.variants]}
        others = set[str]().union(*(lexicon_of(each).labels for each in forms if each is not form))
        if len(there) >= _MOST_ROWS * len(labels) and len(there - others) >= _FEWEST_OWN:
            able.append(form)
    return able[0] if len(able) == 1 else None


def _texts(extract: Extract) -> Iterator[str]:
    for block in extract.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for row in block.rows for cell in row)
        else:
            yield block.text


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
    packed = compiled(rf"[ {CELL}{INVISIBLE}\u3000\xa0]+").sub("", source.text)
    return compiled(rf"(?:^|{LINE})[{LINE}{_BULLETS}]*").sub(LINE, packed).removeprefix(LINE)


def _titled(patterns: tuple[str, ...], name: str, text: str) -> set[str]:
    """What the first pattern, that of titles, finds; a form need not say who reports, or when."""
    return set().union(*(_all(pattern, name, text) for pattern in patterns[:1]))


def _all(pattern: str, name: str, text: str) -> set[str]:
    return {found[name] for found in compiled(pattern).finditer(text)}


def _first(patterns: tuple[str, ...], name: str, texts: tuple[str, ...]) -> str | None:
    for pattern in patterns:
        for text in texts:
            found = compiled(pattern).search(text)
            if found:
                return found[name]
    return None
