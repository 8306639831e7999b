"""Every kind of damaged text by its name: damages alone, damages composed, and whole shapes.

In: a `Case` and a source of randomness. Out: a `Sample`, the text and what is true of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from auditor.testing import Layout, Section, joined
from tests.damage.body import STYLES, Damage, body_of
from tests.damage.compose import beside_planted, damaged
from tests.damage.documents import DOCUMENTS
from tests.damage.extracted import EXTRACTORS, extracted, is_there
from tests.damage.judge import Sample, truth_of
from tests.damage.losses import LOSSES
from tests.damage.moves import MOVES
from tests.damage.reports import Case
from tests.damage.shapes import SHAPES
from tests.kit import BLANK_FOR_ZERO, DAMAGED, LAYOUTS
from tests.kit.spoils import SPOILS

Kind = Callable[[Case, Random], Sample]

_ZERO_IS_BLANK = frozenset({"blanks vanish"})


def of_text(case: Case, text: str, blanks: bool = False) -> Sample:
    """A text file that states the case."""
    return Sample(text.encode(), ".txt", case, truth_of(case), blanks)


def _style(rng: Random) -> str:
    return rng.choice(("spaces", "spaces", *STYLES))


def _composed(count: int) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        names = rng.sample(list(MOVES), count)
        return of_text(case, damaged(case, names, _style(rng), rng))

    return kind


def _move(name: str) -> Kind:
    return lambda case, rng: of_text(case, damaged(case, [name], _style(rng), rng))


def _loss(damage: Damage, blanks: bool) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        style = STYLES[_style(rng)]

        def setter(section: Section, rng: Random) -> Iterable[str]:
            if damage is LOSSES["torn and zero lost"]:
                return style(beside_planted(damage, case, body_of(section), rng, section))
            return style(damage(body_of(section), rng, section))

        return of_text(case, joined(case.page(rng), setter, rng), blanks)

    return kind


def _layout(layout: Layout, blanks: bool) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        text = layout(case.form, case.figures, case.agency, case.year, rng)
        return of_text(case, text, blanks)

    return kind


def _spoil(name: str) -> Kind:
    def kind(case: Case, rng: Random) -> Sample:
        layout = rng.choice(sorted(LAYOUTS))
        text = LAYOUTS[layout](case.form, case.figures, case.agency, case.year, rng)
        return of_text(case, SPOILS[name](text, rng), True)

    return kind


def _intact(style: str) -> Kind:
    return lambda case, rng: of_text(case, damaged(case, [], style, rng))


KINDS: dict[str, Kind] = {
    **{f"intact: {name}": _intact(name) for name in STYLES},
    **{f"move: {name}": _move(name) for name in MOVES},
    **{f"moves: {count} composed": _composed(count) for count in (2, 3)},
    **{f"loss: {name}": _loss(LOSSES[name], name in _ZERO_IS_BLANK) for name in LOSSES},
    **{f"shape: {name}": SHAPES[name] for name in SHAPES},
    **{f"document: {name}": DOCUMENTS[name] for name in DOCUMENTS},
    **{f"layout: {name}": _layout(LAYOUTS[name], name in BLANK_FOR_ZERO) for name in LAYOUTS},
    **{f"damaged: {name}": _layout(DAMAGED[name], True) for name in DAMAGED},
    **{f"spoil: {name}": _spoil(name) for name in SPOILS},
}

_EMPTIED = (
    *("spoil: a cell emptied", "damaged: first block of table four lost"),
    "document: XLSX, odd formats",
)
_CHANGED = ("spoil: a cell emptied", "loss: decimals", "document: XLSX, odd formats")
"""A rule says that counts have no decimals, another that no cell is empty."""


def _extracted(name: str) -> Kind:
    return lambda case, rng: extracted(name, case, rng)


EXTRACTED: dict[str, Kind] = {f"by: {name}": _extracted(name) for name, each in EXTRACTORS.items()}
"""What the extractors make of it; those that are not there cannot be asked for."""


def available(kind: str) -> bool:
    """Whether reports of this kind can be made here."""
    return kind not in EXTRACTED or is_there(EXTRACTORS[kind.removeprefix("by: ")])


def is_general(kind: str) -> bool:
    """Whether reports of this kind can be made on any form."""
    return kind.startswith(("intact:", "move:", "moves:", "loss:"))


def sample(kind: str, case: Case, rng: Random) -> Sample:
    """A report of that kind."""
    made = (KINDS | EXTRACTED)[kind](case, rng)
    return replace(made, emptied=kind in _EMPTIED, changed=kind in _CHANGED)
