"""Readings of damaged rows in; those that the form's own sums admit out, over rows and columns together.

A cell is settled when all remaining readings agree on it. Whatever sum was used to choose is
reported as assumed, so that nobody counts it as a check that passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.forms.numerals import Figures
from auditor.forms.readings import Reading
from auditor.model.form import Address, Table
from auditor.model.report import Match, Number

Sum = Mapping[Address, int]
"""Coefficients of a sum that is zero where the identity holds."""

_MOST_STATES = 40_000


@dataclass(slots=True)
class Slot:
    """The boxes that one printed line fills, and how it may be read."""

    addresses: tuple[Address, ...]
    readings: list[Reading]
    match: Match
    label: str = ""
    needs_proof: bool = False
    """Read by position alone: stands only where the line's own sums confirm it."""
    admitted: list[Reading] = field(default_factory=list)
    """The readings that the sums leave; all of them where no reading satisfies the sums."""


def sums_of(table: Table, present: Sequence[Address]) -> list[Sum]:
    """The form's identities over the boxes that this copy has."""
    there = set(present)
    found: list[Sum] = []
    for identity in table.identities:
        along = table.columns if identity.each == "column" else table.rows
        for line in along:
            terms: dict[Address, int] = {}
            for keys, sign in ((identity.left, 1), (identity.right, -1)):
                for key in keys:
                    row, column = (key, line.key) if identity.each == "column" else (line.key, key)
                    address = Address(table.key, row, column)
                    if address in there:
                        terms[address] = sign
            if len(terms) > 1 and 1 in terms.values() and -1 in terms.values():
                found.append(terms)
    return found


def settle(slots: Sequence[Slot], sums: Sequence[Sum], figures: Figures) -> set[frozenset[Address]]:
    """Fill `Slot.admitted` everywhere; the address sets of the sums that were assumed."""
    assumed: set[frozenset[Address]] = set()
    for slot in slots:
        slot.admitted = slot.readings
        own = [total for total in sums if total.keys() <= set(slot.addresses)]
        if slot.needs_proof:
            held = [reading for reading in slot.readings if _holds(slot, reading, own, figures)]
            slot.admitted = held if own else []
        elif len(slot.readings) > 1 and own:
            held = [reading for reading in slot.readings if _holds(slot, reading, own, figures)]
            slot.admitted = held or slot.readings
        if len(slot.admitted) < len(slot.readings) or (slot.needs_proof and slot.admitted):
            assumed |= {frozenset(total) for total in own}
    assumed |= _settle_together(slots, sums, figures)
    return assumed


def _worth(reading: Reading, figures: Figures) -> list[Decimal]:
    values = []
    for token in reading:
        value = figures.value(token.text) if token else None
        values.append(value.value if isinstance(value, Number) else Decimal(0))
    return values


def _holds(slot: Slot, reading: Reading, own: Sequence[Sum], figures: Figures) -> bool:
    worth = dict(zip(slot.addresses, _worth(reading, figures), strict=True))
    return all(
        sum(worth[address] * sign for address, sign in total.items()) == 0 for total in own
    )


def _settle_together(
    slots: Sequence[Slot], sums: Sequence[Sum], figures: Figures
) -> set[frozenset[Address]]:
    """Drop readings that no combination of the other rows' readings makes consistent."""
    owner = {address: slot for slot in slots for address in slot.addresses if slot.admitted}
    usable = [
        total
        for total in sums
        if total.keys() <= owner.keys() and len({id(owner[a]) for a in total}) > 1
    ]
    open_slots = [
        slot
        for slot in slots
        if len(slot.admitted) > 1 and any(a in total for total in usable for a in slot.addresses)
    ]
    usable = [
        total for total in usable if any(a in total for s in open_slots for a in s.addresses)
    ]
    if not open_slots or not usable:
        return set()
    fixed = [slot for slot in slots if len(slot.admitted) == 1]
    start = tuple(
        sum(
            (
                worth * total.get(address, 0)
                for slot in fixed
                for address, worth in zip(
                    slot.addresses, _worth(slot.admitted[0], figures), strict=True
                )
            ),
            Decimal(0),
        )
        for total in usable
    )
    steps = [
        [
            tuple(
                sum(
                    (
                        worth * total.get(address, 0)
                        for address, worth in zip(
                            slot.addresses, _worth(reading, figures), strict=True
                        )
                    ),
                    Decimal(0),
                )
                for total in usable
            )
            for reading in slot.admitted
        ]
        for slot in open_slots
    ]
    kept = _consistent(start, steps)
    if kept is None:
        return set()
    changed = False
    for slot, keep in zip(open_slots, kept, strict=True):
        if len(keep) < len(slot.admitted):
            slot.admitted = [slot.admitted[index] for index in sorted(keep)]
            changed = True
    return {frozenset(total) for total in usable} if changed else set()


Vector = tuple[Decimal, ...]


def _consistent(start: Vector, steps: Sequence[Sequence[Vector]]) -> list[set[int]] | None:
    """Per step the choices that are part of some way to all zeros; None when there is no such way,
    or too many to look at."""
    reached: list[set[Vector]] = [{start}]
    for step in steps:
        following = {_add(vector, choice) for vector in reached[-1] for choice in set(step)}
        if len(following) > _MOST_STATES:
            return None
        reached.append(following)
    zero = tuple(Decimal(0) for _ in start)
    if zero not in reached[-1]:
        return None
    wanted: set[Vector] = {zero}
    kept: list[set[int]] = []
    for number in range(len(steps) - 1, -1, -1):
        before: set[Vector] = set()
        keep: set[int] = set()
        for index, choice in enumerate(steps[number]):
            for vector in wanted:
                origin = tuple(a - b for a, b in zip(vector, choice, strict=True))
                if origin in reached[number]:
                    keep.add(index)
                    before.add(origin)
        kept.append(keep)
        wanted = before
    return kept[::-1]


def _add(left: Vector, right: Vector) -> Vector:
    return tuple(a + b for a, b in zip(left, right, strict=True))
