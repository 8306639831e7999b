"""Rows with cells of which the ink may say several things in; every combination, and which of them
the form's sums prove, out.

Such a cell is a figure only where every sum over it that can be worked out holds, and one of these
has no other such cell.
The sums are then assumed, so that no check over them passes: had the author erred there, a rival
could hide it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import prod

from auditor.forms.numerals import Figures
from auditor.forms.rows.candidates import Reading
from auditor.forms.tokens import Kind, Token
from auditor.model.form import Address
from auditor.model.report import Number
from auditor.model.source import UNREAD

MOST_COMBINATIONS = 250
"""More than this for one row prove nothing, and cost much."""


def with_rivals(readings: Sequence[Reading]) -> list[Reading]:
    """Each reading with each choice for its doubtful tokens; where these are too many, the doubtful
    tokens are unread and the others stand."""
    if not any(token is not None and token.rivals for reading in readings for token in reading):
        return list(readings)
    choices = [[_choices(token) for token in reading] for reading in readings]
    if sum(prod(map(len, each)) for each in choices) > MOST_COMBINATIONS:
        return [tuple(_given_up(token) for token in reading) for reading in readings]
    return [reading for each in choices for reading in product(*each)]


def candidates(token: Token) -> tuple[str, ...]:
    """What a doubtful token may say, without the doubt itself."""
    return tuple(text for text in (token.text, *token.rivals) if text != UNREAD)


def _choices(token: Token | None) -> list[Token | None]:
    if token is None or not token.rivals or token.kind is Kind.UNREAD:
        return [token]
    said = (token.text, *token.rivals)
    return [replace(token, text=text) for text in said if text != UNREAD]


def _given_up(token: Token | None) -> Token | None:
    return replace(token, kind=Kind.UNREAD) if token is not None and token.rivals else token


def proofs_of(
    doubtful: Sequence[Address],
    known: Mapping[Address, Token | None],
    sums: Sequence[Mapping[Address, int]],
    figures: Figures,
) -> dict[Address, list[Mapping[Address, int]]]:
    """The sums that prove doubtful cells. `known`: what cells say on which all readings agree.

    A cell in a sum that does not hold is not proven. Nor is one of two in one sum: where a part
    and its total print the same figure, the same stroke is lost in both. It takes a sum over cells
    that are sure, or were proven before.
    """
    worked: list[tuple[Mapping[Address, int], bool]] = []
    for total in sums:
        if total.keys() <= known.keys():
            worth = [_worth(known[address], figures) * sign for address, sign in total.items()]
            worked.append((total, sum(worth) == 0))
    failed = {address for total, holds in worked if not holds for address in total}
    open_cells = set(doubtful)
    found: dict[Address, list[Mapping[Address, int]]] = {}
    while True:
        proven = {
            address: total
            for total, holds in worked
            if holds and len(alone := total.keys() & open_cells) == 1
            for address in alone
            if address not in failed
        }
        if not proven:
            return found
        for address in proven:
            found[address] = [total for total, _ in worked if address in total]
        open_cells -= proven.keys()


def _worth(token: Token | None, figures: Figures) -> Decimal:
    value = figures.value(token.text) if token is not None else None
    return value.value if isinstance(value, Number) else Decimal(0)
