"""A form in; how its invented reports are read in each layout and format, out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from html import escape
from io import BytesIO, StringIO
from random import Random

from msgspec import Struct

from auditor.definitions import Library
from auditor.errors import InputError
from auditor.extras import install_command
from auditor.model.form import Address, Form, with_year
from auditor.model.report import Blank, Number, Value
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import media_type_of
from auditor.testing import (
    AGENCIES,
    BLANK_FOR_ZERO,
    LAYOUTS,
    Page,
    consistent_figures,
    page,
)

_YEAR = 2024


class LayoutTrial(Struct, frozen=True):
    """How the cells of one invented report were read."""

    layout: str
    """A key of `LAYOUTS`, or the name of a format."""
    right: int
    unread: int
    wrong: int
    failure: str = ""
    """Why the report could not be read at all."""


def try_form(form: Form, library: Library, seed: int = 0) -> Iterator[LayoutTrial]:
    """One report of the form in each layout of text, and in each format that has tables.

    `library`: with this form, and those that it must be told from. `seed`: of the figures.
    """
    form = with_year(form, _YEAR)
    for layout, text in LAYOUTS.items():
        rng = Random(seed)
        figures = consistent_figures(form, rng)
        said = text(form, figures, rng.choice(AGENCIES), _YEAR, rng)
        yield _tried(layout, f"{layout}.txt", said.encode(), _counts(form, figures), library)
    for name, write in FORMATS.items():
        rng = Random(seed)
        figures = consistent_figures(form, rng)
        made = page(form, figures, rng.choice(AGENCIES), _YEAR, rng)
        file = f"report.{name.lower()}"
        yield _tried(name, file, write(made), _counts(form, figures), library)


def _counts(form: Form, figures: Mapping[Address, Decimal]) -> dict[Address, Decimal]:
    """The figures without the numbers of lines."""
    return {
        box: figure
        for box, figure in figures.items()
        if form.table(box.table).column(box.column).type == "number"
    }


def _tried(
    layout: str, file: str, data: bytes, figures: Mapping[Address, Decimal], library: Library
) -> LayoutTrial:
    try:
        _, report = read_report(Document(file, data, media_type_of(data)), library)
    except InputError as error:
        return LayoutTrial(layout, 0, len(figures), 0, error.message)
    right = wrong = 0
    for box, figure in figures.items():
        entry = report.entries.get(box)
        is_right = _says(entry.value if entry else None, figure, layout in BLANK_FOR_ZERO)
        right += is_right is True
        wrong += is_right is False
    return LayoutTrial(layout, right, len(figures) - right - wrong, wrong)


def _says(value: Value | None, figure: Decimal, may_be_blank: bool) -> bool | None:
    """Whether a box says what was printed in it; None where it was not read."""
    match value:
        case Number(value=number):
            return number == figure
        case Blank():
            return may_be_blank and not figure
        case _:
            return None


def _rows(made: Page) -> Iterator[tuple[str, list[list[str]]]]:
    """Each heading, and the rows under it: a label column as often as any row has labels."""
    for section in made.sections:
        depth = max((len(row.labels) for row in section.rows if row.figures), default=0)
        rows = []
        for row in section.rows:
            labels = list(row.labels)
            if row.figures:
                labels += [""] * (depth - len(labels))
            else:
                labels = [""] * depth + labels
            rows.append([*labels, *row.figures])
        yield section.heading, rows


def _html(made: Page) -> bytes:
    parts = [f"<h1>{escape(made.title)}</h1>", *(f"<p>{escape(p)}</p>" for p in made.opening)]
    for heading, rows in _rows(made):
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        parts.append(f"<h2>{escape(heading)}</h2><table>{body}</table>")
    parts += [f"<p>{escape(each)}</p>" for each in made.closing]
    return f"<!doctype html><meta charset=utf-8>{''.join(parts)}".encode()


def _lines(made: Page) -> Iterator[list[str]]:
    """The page as rows of a sheet."""
    yield from ([each] for each in (made.title, *made.opening))
    for heading, rows in _rows(made):
        yield [heading]
        yield from rows
    yield from ([each] for each in made.closing)


def _csv(made: Page) -> bytes:
    said, lines = StringIO(), list(_lines(made))
    width = max(map(len, lines))
    csv.writer(said).writerows([*line, *[""] * (width - len(line))] for line in lines)
    return said.getvalue().encode()


def _xlsx(made: Page) -> bytes:
    try:
        import xlsxwriter  # only where a form is tried
    except ModuleNotFoundError as error:
        said = f"{error.name} is not installed: {install_command('testing')}"
        raise ModuleNotFoundError(said, name=error.name) from error

    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(_lines(made)):
            sheet.write_row(at, 0, [int(cell) if cell.isdecimal() else cell for cell in row])
    return data.getvalue()


FORMATS: Mapping[str, Callable[[Page], bytes]] = {"HTML": _html, "CSV": _csv, "XLSX": _xlsx}
