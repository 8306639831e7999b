"""Every sentence shown to people, by language: in goes a code with values, out comes a phrase.

The one part of the code with Chinese in it. Labels of a form are not here: they belong to the form.
Notices begin with who doubts: a notice is our doubt about our reading, never the author's fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.wording.decisions import DECISIONS
from auditor.wording.formalities import FORMALITIES
from auditor.wording.notices import NOTICES
from auditor.wording.prose import PROSE
from auditor.wording.sentences import SENTENCES
from auditor.wording.slips import SLIPS

LANGUAGES = ("zh", "en")

PHRASES: Mapping[str, tuple[str, str]] = {
    **DECISIONS,
    **FORMALITIES,
    **NOTICES,
    **PROSE,
    **SENTENCES,
    **SLIPS,
}


class _Tolerant(dict[str, str]):
    """Values for a template; one that was not given shows as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def phrase(code: str, language: str, **values: object) -> str:
    """The phrase in that language, English for any but `zh`; an unknown code shows its values."""
    said = {key: str(value) for key, value in values.items()}
    if code not in PHRASES:
        return _listed(code, said.items())
    return PHRASES[code][0 if language == "zh" else 1].format_map(_Tolerant(said))


def both(code: str, **values: object) -> dict[str, str]:
    """The phrase in every language."""
    return {language: phrase(code, language, **values) for language in LANGUAGES}


def notice(code: str, details: Iterable[tuple[str, str]], language: str) -> str:
    """A notice in words; every detail shows, those that the phrase does not use in brackets."""
    given = dict(details)
    if code not in NOTICES:
        return _listed(code, given.items())
    template = NOTICES[code][0 if language == "zh" else 1]
    used = placeholders(template)
    rest = [(key, text) for key, text in given.items() if key not in used]
    said = template.format_map(_Tolerant(given))
    return said + (phrase("in-brackets", language, text=_pairs(rest)) if rest else "")


def cells_by_row(cells: Iterable[tuple[str, str, int]], rows: int, language: str) -> str:
    """Cells of one table in words, none left out: rows with the same columns are told together.

    Each cell is given as its row's label, its column's label and how many boxes the row has; `rows`
    is how many rows the table has.
    """
    columns: dict[str, tuple[list[str], int]] = {}
    for row, column, size in cells:
        columns.setdefault(row, ([], size))[0].append(column)
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for row, (own, size) in columns.items():
        groups.setdefault((tuple(own), len(own) == size > 1), []).append(row)
    comma = phrase("list-comma", language)
    said = []
    for (own_columns, whole), own_rows in groups.items():
        count = len(own_columns) * len(own_rows)
        listed, row = comma.join(own_columns), comma.join(own_rows)
        if not row:
            said.append(listed)
        elif len(own_rows) == rows > 1:
            said.append(phrase("every-row", language, columns=listed, rows=rows, count=count))
        elif whole:
            said.append(phrase("whole-row", language, row=row, count=count))
        else:
            code = "some-columns" if len(own_rows) == 1 else "rows-columns"
            said.append(phrase(code, language, row=row, columns=listed, count=count))
    return phrase("list-semicolon", language).join(said)


def placeholders(template: str) -> frozenset[str]:
    """The names that a template fills in."""
    import string  # a notice needs it, and most reports give none

    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def known(code: str) -> bool:
    """Whether there is a phrase for the code."""
    return code in PHRASES


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{key}: {text}" for key, text in pairs)


def _listed(code: str, pairs: Iterable[tuple[str, str]]) -> str:
    told = _pairs(pairs)
    return f"{code} ({told})" if told else code
