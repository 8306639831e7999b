"""Every sentence shown to people, by language: in goes a code with values, out comes a message.

The texts stand in one catalogue a language, `zh.json` and `en.json`, in sections that both have
alike; `docs/architecture.md` says how to add one. Labels of a form are not here: they belong to it,
and `FormTranslator` says its cells, changes of them and doubts about them with these.
Notices begin with who doubts: a notice is our doubt about our reading, never the author's fault.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from auditor.model.check import Rule
from auditor.model.finding import Slip, Suggestion
from auditor.model.form import Address, Form, Table
from auditor.model.report import CHILDREN, Ref, Report
from auditor.model.source import Notice, Origin
from auditor.patterns import lazy_pattern

LANGUAGES = ("zh", "en")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """The messages of a language by section and code, read on first use; `zh` or `en`."""
    path = os.path.join(os.path.dirname(__file__), f"{language}.json")
    with open(path, "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, dict[str, str]])


@cache
def messages(language: str) -> Mapping[str, str]:
    """The templates of a language by code; English for any but `zh`."""
    sections = catalogue("zh" if language == "zh" else "en").values()
    return {code: text for section in sections for code, text in section.items()}


class _Tolerant(dict[str, str]):
    """Values for a template; one that was not given shows as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def phrase(code: str, language: str, **values: object) -> str:
    """The message in that language, English for any but `zh`; an unknown code shows its values."""
    given = {key: str(value) for key, value in values.items()}
    template = messages(language).get(code)
    if template is None:
        return _listed(code, given)
    return template.format_map(_Tolerant(given))


class Translator:
    """Says things in one language: a code with values, or texts put together."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **values: object) -> str:
        """The message, as `phrase` has it."""
        return phrase(code, self.language, **values)

    def of(self, words: Mapping[str, str]) -> str:
        """The words in that language, in English where it has none, else in whichever there is."""
        return words.get(self.language) or words.get("en") or next(iter(words.values()), "")

    def basis(self, rule: Rule) -> str:
        """Where a rule is prescribed, with a gloss for those who may need it."""
        is_glossed = rule.gloss and self.language != "zh"
        return f"{rule.basis} ({rule.gloss})" if is_glossed else rule.basis

    def commas(self, texts: Iterable[str]) -> str:
        """The texts as a list."""
        return self("list-comma").join(texts)

    def semicolons(self, texts: Iterable[str]) -> str:
        """The texts as a list of what may have commas in itself."""
        return self("list-semicolon").join(texts)

    def bracketed(self, text: object) -> str:
        """The text in brackets; empty where it is."""
        return self("in-brackets", text=text) if text != "" else ""

    def titled(self, title: str, text: str) -> str:
        """The text behind its title and a colon."""
        return title + self("colon") + text


def both(code: str, **values: object) -> dict[str, str]:
    """The message in every language; of values that are words themselves, those of each."""
    return {
        language: phrase(
            code,
            language,
            **{
                name: value[language] if isinstance(value, Mapping) else value
                for name, value in values.items()
            },
        )
        for language in LANGUAGES
    }


def known(code: str) -> bool:
    """Whether there is a message for the code."""
    return code in messages("en")


def notice(code: str, details: Iterable[tuple[str, str]], language: str) -> str:
    """A notice in words; every detail shows, those that the message does not use in brackets.

    A detail `why-zh` is what `why` is in Chinese.
    """
    named = {f"-{each}" for each in LANGUAGES}
    given = {name: text for name, text in details if name[-3:] not in named}
    given |= {name[:-3]: text for name, text in details if name.endswith(f"-{language}")}
    template = catalogue("zh" if language == "zh" else "en")["notices"].get(code)
    if template is None:
        return _listed(code, given)
    used = placeholders(template)
    rest = {key: text for key, text in given.items() if key not in used}
    said = template.format_map(_Tolerant(given))
    return said + (phrase("in-brackets", language, text=_pairs(rest)) if rest else "")


def placeholders(template: str) -> frozenset[str]:
    """The names that a template fills in."""
    import string  # a notice needs it, and most reports give none

    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _pairs(given: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {text}" for key, text in given.items())


def _listed(code: str, given: Mapping[str, str]) -> str:
    return f"{code} ({_pairs(given)})" if given else code


_SELECTORS = {
    "place-paragraph": lazy_pattern(r"paragraph (?P<paragraph>\d+)"),
    "place-field": lazy_pattern(r"field (?P<field>\d+)"),
    "place-table": lazy_pattern(r"(?:(?P<heading>.*), )?table (?P<table>\d+)", re.DOTALL),
    "place-cell": lazy_pattern(
        r"(?:(?P<heading>.*), )?table (?P<table>\d+), row (?P<row>\d+), column (?P<column>\d+)",
        re.DOTALL,
    ),
}
"""What readers that have no lines say of a place, by the message that says it to people."""


class FormTranslator(Translator):
    """Says in one language what has to do with a form, in the form's own labels."""

    def __init__(self, form: Form, language: str) -> None:
        super().__init__(language)
        self.form = form

    # Cells.

    def title(self, table: Table) -> str:
        """A table by its title."""
        return table.title.get(self.language, table.key)

    def cell(self, address: Address) -> str:
        """A cell by its labels; a figure that a sentence states as such."""
        said = self.form.describe(address, self.language)
        return said if address.row else self("in-text", what=said)

    def figure(self, ref: Ref) -> str:
        """A cell by its labels; one of another year says so."""
        return self.form.describe(ref.address) + self.elsewhere(ref.lag)

    def elsewhere(self, lag: int) -> str:
        """Of which other reports a figure is; nothing of one of this report."""
        return {0: "", CHILDREN: self("of-children")}.get(lag, self("last-year"))

    def cells(self, report: Report, boxes: Iterable[Address]) -> str:
        """Boxes by table and row; a table of which all are in the list is named as a whole."""
        tables: dict[str, list[Address]] = {}
        for box in boxes:
            tables.setdefault(box.table, []).append(box)
        said = []
        for key, own in tables.items():
            size = sum(box.table == key for box in report.entries)
            if own[0].row and len(own) == size:
                title = self.title(self.form.table(key))
                said.append(self("whole-table", table=title, count=size))
            else:
                said.append(self.cells_of_table(report, own))
        return self.semicolons(said)

    def cells_of_table(self, report: Report, boxes: Iterable[Address]) -> str:
        """Boxes of one table, every one named or covered by a named row or column."""
        own = list(boxes)
        return self.by_row(own, len({b.row for b in report.entries if b.table == own[0].table}))

    def by_row(self, boxes: Iterable[Address], rows: int) -> str:
        """Boxes of one table, which has so many rows; those of a row are told together."""
        named = []
        for box in boxes:
            row, _, column = self.form.describe(box).rpartition(" × ")
            size = len(self.form.table(box.table).row(box.row).columns) if box.row else 0
            named.append((row, column, size))
        return cells_by_row(named, rows, self.language)

    def amount(self, figure: str, boxes: Iterable[Address]) -> str:
        """A figure with the unit that all of those boxes are in, where they have one."""
        units = {self.of(self.form.unit(box)) for box in boxes}
        unit = units.pop() if len(units) == 1 and figure[-1:].isdigit() else ""
        return f"{figure} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else figure + unit

    # Changes of cells, and what explains them.

    def changes(self, suggestion: Suggestion) -> str:
        """The edits: `cell: before → after`; of several, those of one row together."""
        edits = [
            (self.cell(each.address), each.before, self.amount(each.after, [each.address]))
            for each in suggestion.edits
        ]
        if len(edits) > 1:
            return self.changes_by_row(edits, "change-in-row")
        ((cell, before, after),) = edits
        return self("change", cell=cell, before=before or self("blank"), after=after)

    def changes_by_row(self, edits: Iterable[tuple[str, str, str]], code: str) -> str:
        """Several edits, each given as its cell in words, what is printed and what is due; those of
        one row are told together."""
        rows: dict[str, list[str]] = {}
        for cell, before, after in edits:
            row, _, column = cell.rpartition(" × ")
            change = self(code, column=column, before=before or self("blank"), after=after)
            rows.setdefault(row, []).append(change)
        return self.semicolons(
            (self("on-line", line=row, said=self.semicolons(own)) if row else own[0])
            for row, own in rows.items()
        )

    def slip(self, slip: Slip) -> str:
        """How the figure may have come to be wrong."""
        return self(slip.code, cells=self.commas(map(self.form.describe, slip.cells)))

    def slips(self, suggestion: Suggestion) -> str:
        """All the slips that explain a suggestion; empty when none is known.

        Where each edit has a slip of its own, it is told which is whose.
        """
        slips = [self.slip(slip) for slip in suggestion.slips]
        if len(slips) == len(suggestion.edits) and len(set(slips)) > 1:
            cells = [self.cell(edit.address) for edit in suggestion.edits]
            if len({cell.rpartition(" × ")[0] for cell in cells}) == 1:
                cells = [cell.rpartition(" × ")[2] for cell in cells]
            slips = [self.titled(cell, slip) for cell, slip in zip(cells, slips, strict=True)]
        return self.semicolons(dict.fromkeys(slips))

    # Doubts and places.

    def notice(self, doubt: Notice) -> str:
        """What a notice says, tables and rows by their titles; every detail shows."""
        given = dict(doubt.details)
        if "table" in given:
            tables = {table.key: table for table in self.form.tables}
            table = tables.get(given["table"])
            if "between" in given and table:
                labels = {row.key: row.label for row in table.rows}
                keys = given["between"].split(" / ")
                given["between"] = " / ".join(labels.get(key, key) for key in keys)
            given["table"] = self.title(table) if table else given["table"]
        return notice(doubt.code, tuple(given.items()), self.language)

    def at(self, name: str, origin: Origin) -> str:
        """Where in a file something stood, as editors understand it where the format has lines."""
        said = name
        if origin.page is not None:
            said += f" {self('place-page', page=origin.page)}"
        if origin.line is not None:
            said += f":{origin.line}"
            if origin.columns:
                said += f":{origin.columns[0]}"
        if origin.bbox:
            said += f" [{', '.join(f'{side:g}' for side in origin.bbox)}]"
        return f"{said} {place(origin.selector, self.language)}" if origin.selector else said


def cells_by_row(cells: Iterable[tuple[str, str, int]], rows: int, language: str) -> str:
    """Cells of one table in words, none left out: rows with the same columns are told together.

    Each cell is given as its row's label, its column's label and how many boxes the row has; `rows`
    is how many rows the table has.
    """
    say = Translator(language)
    columns: dict[str, tuple[list[str], int]] = {}
    for row, column, size in cells:
        columns.setdefault(row, ([], size))[0].append(column)
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for row, (own, size) in columns.items():
        groups.setdefault((tuple(own), len(own) == size > 1), []).append(row)
    said = []
    for (own_columns, whole), own_rows in groups.items():
        count = len(own_columns) * len(own_rows)
        listed, row = say.commas(own_columns), say.commas(own_rows)
        if not row:
            said.append(listed)
        elif len(own_rows) == rows > 1:
            said.append(say("every-row", columns=listed, rows=rows, count=count))
        elif whole:
            said.append(say("whole-row", row=row, count=count))
        else:
            code = "some-columns" if len(own_rows) == 1 else "rows-columns"
            said.append(say(code, row=row, columns=listed, count=count))
    return say.semicolons(said)


def place(selector: str, language: str) -> str:
    """A reader's selector in words; one that is words in no language, such as `C5`, as it is."""
    say = Translator(language)
    for code, pattern in _SELECTORS.items():
        if found := pattern.fullmatch(selector):
            values = {name: text for name, text in found.groupdict().items() if text}
            said = say(code, **values)
            heading = values.get("heading")
            return say("place-under", heading=heading, place=said) if heading else said
    return selector
