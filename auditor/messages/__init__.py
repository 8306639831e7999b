"""Every sentence shown to people, by language: in goes a code with values, out comes a phrase.

The one part of the code with Chinese in it. Labels of a form are not here: they belong to the form.
Notices begin with who doubts: a notice is our doubt about our reading, never the author's fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from auditor.messages.notices import NOTICES
from auditor.messages.places import PLACES, parts_of
from auditor.messages.sentences import SENTENCES

LANGUAGES = ("zh", "en")

_SELDOM = (
    "commands",
    "decisions",
    "desk",
    "drafts",
    "formalities",
    "outputs",
    "pages",
    "prose",
    "slips",
    "strength",
)
"""Modules with phrases that not every run says; each has one table, named as itself in capitals."""


class _Phrases(dict[str, tuple[str, str]]):
    """Every phrase by its code; the seldom ones come when one is asked for that is not there."""

    def __init__(self) -> None:
        super().__init__({**NOTICES, **PLACES, **SENTENCES})
        self._left = list(_SELDOM)

    def __contains__(self, code: object) -> bool:
        while not super().__contains__(code) and self._left:
            self._load()
        return super().__contains__(code)

    def __missing__(self, code: str) -> tuple[str, str]:
        if code in self:
            return self[code]
        raise KeyError(code)

    def __iter__(self) -> Iterator[str]:
        while self._left:
            self._load()
        return super().__iter__()

    def _load(self) -> None:
        name = self._left.pop(0)
        self.update(getattr(import_module(f"auditor.messages.{name}"), name.upper()))


PHRASES: Mapping[str, tuple[str, str]] = _Phrases()


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


def place(selector: str, language: str) -> str:
    """A reader's selector in words; one that is words in no language, such as `C5`, as it is."""
    found = parts_of(selector)
    if found is None:
        return selector
    code, values = found
    said = phrase(code, language, **values)
    heading = values.get("heading")
    return phrase("place-under", language, heading=heading, place=said) if heading else said


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


def changes_by_row(edits: Iterable[tuple[str, str, str]], code: str, language: str) -> str:
    """Several edits, each given as its cell in words, what is printed and what is due; those of one
    row are told together."""
    rows: dict[str, list[str]] = {}
    for cell, before, after in edits:
        row, _, column = cell.rpartition(" × ")
        shown = before or phrase("blank", language)
        rows.setdefault(row, []).append(
            phrase(code, language, column=column, before=shown, after=after)
        )
    semicolon = phrase("list-semicolon", language)
    return semicolon.join(
        (phrase("on-line", language, line=row, said=semicolon.join(own)) if row else own[0])
        for row, own in rows.items()
    )


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
