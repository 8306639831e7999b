"""One invented report in each `Look`, printed by each of the programs that offices use."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from auditor.model.form import Form
from auditor.testing import AGENCIES, Figures, consistent_figures
from tests.kit.looks import LOOKS, Look
from tests.kit.programs import by_browser, by_office, by_weasyprint
from tests.kit.webprint import print_page
from tests.kit.word import print_document

PRINTERS = ("LibreOffice", "Chromium", "WeasyPrint")


@dataclass(frozen=True, slots=True)
class Print:
    """A printed report and what stands on it."""

    name: str
    content: bytes
    form: Form
    figures: Figures
    agency: str
    year: int
    blanks: bool
    """Zeros may be left empty."""


def prints(
    printer: str,
    forms: Sequence[tuple[Form, int]],
    seeds: Sequence[int],
    looks: Collection[str] = LOOKS,
) -> list[Print]:
    """For each seed and look a report of another agency, on one of the forms for its year, with its
    tables at another place of the page. Raises `MissingProgram`."""
    plans = [
        (seed, name, look, *forms[(seed + at) % len(forms)])
        for seed in seeds
        for at, (name, look) in enumerate(LOOKS.items())
        if name in looks
    ]
    if printer == "LibreOffice":
        made = [_plan(*plan, print_document) for plan in plans]
        printed = by_office({each.name: each.content for each in made})
        return [replace(each, content=printed[each.name]) for each in made]
    return list(_from_web(printer, plans))


def _from_web(printer: str, plans: Sequence[tuple[int, str, Look, Form, int]]) -> Iterator[Print]:
    for number, plan in enumerate(plans):
        made = _plan(*plan, print_page)
        if printer == "Chromium":
            content = by_browser(made.content, with_headers=number % 2 == 1)
        else:
            content = by_weasyprint(made.content)
        yield replace(made, content=content)


def _plan(
    seed: int, name: str, look: Look, form: Form, year: int, make: Callable[..., bytes]
) -> Print:
    rng = Random(zlib.crc32(f"{name} {seed}".encode()))
    figures = consistent_figures(form, rng)
    agency = rng.choice(AGENCIES)
    look = replace(look, above=look.above + rng.randint(0, 300))
    content = make(form, figures, agency, year, rng, look)
    return Print(f"{name} {seed}", content, form, figures, agency, year, look.blanks)
