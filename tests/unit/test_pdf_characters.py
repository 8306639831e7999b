"""Characters of a PDF's page: what is drawn twice stands once, wherever and in whatever order."""

from __future__ import annotations

from random import Random

import pytest

from auditor.readers.pdf.content import Frame
from auditor.readers.pdf.glyphs import RawChar, characters

FRAME = Frame(0, 0, 600, 800, 0)
TWICE = 0.15
"""Share of an em within which the same character again is the same one."""


def char(text: str, x: float, y: float, em: float) -> RawChar:
    return RawChar(text, x, y, x, y - 1, x + em / 2, y + em, em, 0)


def once(raw: list[RawChar]) -> list[tuple[str, float, float]]:
    """Each character that has no earlier one beside it, by comparing all with all."""
    kept: list[tuple[str, float, float]] = []
    for each in raw:
        near, base = TWICE * each.em, FRAME.top - each.y
        beside = (
            text == each.text and abs(x - each.x) < near and abs(other - base) < near
            for text, x, other in kept
        )
        if not any(beside):
            kept.append((each.text, each.x, base))
    return kept


@pytest.mark.parametrize("seed", range(60))
def test_what_is_drawn_twice_stands_once_in_any_order(seed: int) -> None:
    rng = Random(seed)
    raw = []
    for _ in range(rng.randint(1, 8)):
        y, em = rng.uniform(100, 140), rng.choice([2, 4.5, 6])
        x = 50.0
        for _ in range(rng.randint(1, 12)):
            x += rng.choice([0.1, 0.3, 1, 1.4, 5, 30])
            raw.append(char(rng.choice("01"), x, y, em))
            if rng.random() < 0.2:
                raw.append(char(raw[-1].text, x + rng.uniform(-3, 3), y + rng.uniform(-3, 3), em))
    if seed % 3 == 0:
        rng.shuffle(raw)
    found = [(each.text, each.x0, each.base) for each in characters(raw, FRAME)]
    assert found == once(raw)


def test_a_table_drawn_cell_by_cell_loses_nothing() -> None:
    raw = [char("0", 60.0 * column, 700 - 12.0 * row, 9) for row in range(9) for column in range(7)]
    assert len(characters(raw, FRAME)) == 63
    assert len(characters([*raw, *raw], FRAME)) == 63
