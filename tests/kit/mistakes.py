"""Consistent figures in, figures with a few mistakes of arithmetic out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from auditor.model.form import Address, Form
from auditor.testing import Figures


def with_mistakes(
    form: Form, figures: Mapping[Address, Decimal], rng: Random, count: int = 3
) -> tuple[Figures, list[Address]]:
    """The figures with `count` of those changed that enter a sum, each in a row and a column of its
    own, and which they are."""
    summed = [table for table in form.tables if table.sums]
    boxes = [box for table in summed for box in table.boxes() if figures.get(box)]
    rng.shuffle(boxes)
    chosen: list[Address] = []
    for box in boxes:
        if len(chosen) < count and not any(
            box.table == other.table and (box.row == other.row or box.column == other.column)
            for other in chosen
        ):
            chosen.append(box)
    changed = dict(figures)
    for box in chosen:
        changed[box] += rng.randint(1, 9)
    return changed, chosen
