"""What is looked at in many reports, though it is no rule: `screening.yaml` in the folder of a form
in; its figures, ratios and bounds out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from auditor.errors import DefinitionError
from auditor.model import Words
from auditor.model.check import Definition
from auditor.model.form import Form
from auditor.yamlsource import Name, nearest, read_fields, read_yaml, unique

FILE = "screening.yaml"

Boxes = Annotated[tuple[Name, ...], Meta(min_length=1)]
Count = Annotated[int, Meta(ge=1)]


class ScreenedRatio(Struct, frozen=True):
    """A ratio that is seldom above a bound."""

    id: Name
    """By which the tables name it."""
    statement: Words
    """What it is, for people."""
    of: Boxes
    """What is added up above the line."""
    to: Boxes
    """What is added up below it."""
    high: Decimal
    """Told where it is larger."""
    least: int
    """Told where either side has so many."""


class DigitsTest(Struct, frozen=True):
    """How last digits are tested."""

    figures: Count
    """Reports with fewer figures are not."""
    score: Decimal
    """Chi-square from which on one is told."""


class Screening(Struct, frozen=True):
    """What is looked at in the reports of a form, in all its editions."""

    peers: Count
    """Fewer are none: nothing is told then."""
    score: Decimal
    """Robust standard deviations from the median of the peers."""
    figures: Boxes
    """Boxes that are compared with those of the peers, as `table/row/column`."""
    size: Name | None = None
    """The box by whose power of ten peers are told apart."""
    ratios: tuple[ScreenedRatio, ...] = ()
    """Ratios that are looked at."""
    digits: DigitsTest | None = None
    """Whether last digits are looked at, and how; not at all where it is left out."""

    @property
    def boxes(self) -> tuple[Name, ...]:
        """All that is looked at, in the order in which it stands there."""
        sides = (box for each in self.ratios for box in (*each.of, *each.to))
        return (*([self.size] if self.size else []), *self.figures, *sides)


def load_screening(
    definitions: Iterable[Definition], forms: Sequence[Form]
) -> dict[str, Screening]:
    """By family of forms, what the last file of that name says in the folder of that name.

    Raises `DefinitionError` for a file that is beside no form, and a box that no edition has. Where
    some editions were left out, which boxes those have is not known.
    """
    found = {}
    definitions = [*definitions]
    chosen = {form.id for form in forms}
    left_out = {
        each.parts[-3]
        for each in definitions
        if each.parts[-1] == "form.yaml" and "/".join(each.parts[-3:-1]) not in chosen
    }
    for each in definitions:
        if each.parts[-1] == FILE:
            families = {form.id.partition("/")[0] for form in forms} | left_out
            family = each.parts[-2] if len(each.parts) > 1 else ""
            if family not in families:
                said = "this file has to stand in the folder of a form, beside its editions"
                raise DefinitionError("definition", said, place=each.file)
            own = read_fields(Screening, read_yaml(each.text, each.file))
            unique(ratio.id for ratio in own.ratios)
            editions = [form for form in forms if form.id.startswith(f"{family}/")]
            known = {
                str(box) for form in editions for table in form.tables for box in table.boxes()
            }
            for box in own.boxes if family not in left_out else ():
                if box not in known:
                    said = f"no edition of {family} has the box {str(box)!r}"
                    raise box.item.wrong(said, nearest(box, known))
            found[family] = own
    return found
