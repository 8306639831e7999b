"""Readings of damaged rows in; those that the form's own sums admit out.

A cell is settled when all remaining readings agree on it. Whatever sum was used to choose is
reported as assumed, so that nobody counts it as a check that passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.forms.numerals import Figures
from auditor.forms.rows.readings import Reading, is_partial
from auditor.forms.rows.rivals import proofs_of, with_rivals
from auditor.forms.tokens import Kind, Token
from auditor.model.form import Address, Table
from auditor.model.report import Match, Number

Sum = Mapping[Address, int]
"""Coefficients of a sum that is zero where the identity holds."""

_MOST_STATES = 6_000


@dataclass(slots=True)
class Slot:
    """The boxes that one printed line fills, and how it may be read."""

    addresses: tuple[Address, ...]
    readings: list[Reading]
    match: Match
    label: str = ""
    needs_proof: bool = False
    """Read by position alone: stands only where the line's own sums confirm it."""
    otherwise: tuple[Reading, ...] | None = None
    """How else it may be read where its one reading does not balance; empty where nobody can tell,
    None where there is no doubt."""
    admitted: list[Reading] = field(default_factory=list)
    """The readings that the sums leave; all of them where no reading satisfies the sums."""
    unproven: set[int] = field(default_factory=set)
    """Boxes whose ink may say something else, and which no sum confirms."""


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
        slot.readings = with_rivals(slot.readings)
        slot.admitted = slot.readings
        if any(is_partial(reading) for reading in slot.readings):
            continue
        if len(slot.readings) < 2 and not slot.needs_proof and slot.otherwise is None:
            continue
        boxes = set(slot.addresses)
        own = [total for total in sums if total.keys() <= boxes]
        if slot.otherwise is not None and len(slot.readings) == 1:
            (plain,) = slot.readings
            if not own:
                slot.readings = [plain, *slot.otherwise[:1]]
            elif not _holds(slot, plain, own, figures):
                slot.readings = [plain, *slot.otherwise] if slot.otherwise else []
            slot.admitted = slot.readings
        if slot.needs_proof:
            held = [reading for reading in slot.readings if _holds(slot, reading, own, figures)]
            slot.admitted = held if own else []
        elif len(slot.readings) > 1 and own:
            held = [reading for reading in slot.readings if _holds(slot, reading, own, figures)]
            slot.admitted = held or slot.readings
        if len(slot.admitted) < len(slot.readings) or (slot.needs_proof and slot.admitted):
            assumed |= {frozenset(total) for total in own}
    assumed |= _settle_together(slots, sums, figures)
    assumed |= _prove(slots, sums, figures)
    return assumed


def _prove(slots: Sequence[Slot], sums: Sequence[Sum], figures: Figures) -> set[frozenset[Address]]:
    """Fill `Slot.unproven`; the sums that confirm a cell whose ink may say something else."""
    if not any(token and token.rivals for s in slots for read in s.admitted for token in read):
        return set()
    known: dict[Address, Token | None] = {}
    doubtful: dict[Address, tuple[Slot, int]] = {}
    for slot in slots:
        for index, address in enumerate(slot.addresses):
            tokens = {_said(reading[index]): reading[index] for reading in slot.admitted}
            token = next(iter(tokens.values()), None)
            if len(tokens) == 1 and token is not None and token.kind is not Kind.UNREAD:
                known[address] = token
            if any(token is not None and token.rivals for token in tokens.values()):
                doubtful[address] = slot, index
    proven = proofs_of(list(doubtful), known, sums, figures) if doubtful else {}
    for address, (slot, index) in doubtful.items():
        if address not in proven or address not in known:
            slot.unproven.add(index)
    return {frozenset(total) for totals in proven.values() for total in totals}


def _said(token: Token | None) -> str | None:
    return token.text if token is not None else None


def _worth(reading: Reading, figures: Figures) -> list[Decimal]:
    values = []
    for token in reading:
        readable = token is not None and token.kind is not Kind.UNREAD
        value = figures.value(token.text) if token and readable else None
        values.append(value.value if isinstance(value, Number) else Decimal(0))
    return values


def _holds(slot: Slot, reading: Reading, own: Sequence[Sum], figures: Figures) -> bool:
    worth = dict(zip(slot.addresses, _worth(reading, figures), strict=True))
    return all(sum(worth[address] * sign for address, sign in total.items()) == 0 for total in own)


def _settle_together(
    slots: Sequence[Slot], sums: Sequence[Sum], figures: Figures
) -> set[frozenset[Address]]:
    """Drop readings that no combination of the other rows' readings makes consistent."""
    owner = {
        address: slot
        for slot in slots
        if slot.admitted and not any(is_partial(reading) for reading in slot.admitted)
        for address in slot.addresses
    }
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
    usable = [total for total in usable if any(a in total for s in open_slots for a in s.addresses)]
    if not open_slots or not usable:
        return set()
    before = [len(slot.admitted) for slot in open_slots]
    worth = {
        id(slot): [
            dict(zip(slot.addresses, _worth(reading, figures), strict=True))
            for reading in slot.admitted
        ]
        for slot in slots
        if slot.admitted
    }
    constraints = [_Constraint(total, slots, open_slots, worth) for total in usable]
    alive = {id(slot): set(range(len(slot.admitted))) for slot in open_slots}
    if not _narrow(constraints, alive):
        return set()
    for slot in open_slots:
        slot.admitted = [slot.admitted[index] for index in sorted(alive[id(slot)])]
    changed = before != [len(slot.admitted) for slot in open_slots]
    return {frozenset(total) for total in usable} if changed else set()


class _Constraint:
    """One sum over open slots: each reading's share, and what the settled cells come to."""

    def __init__(
        self,
        total: Sum,
        slots: Sequence[Slot],
        open_slots: Sequence[Slot],
        worth: Mapping[int, Sequence[Mapping[Address, Decimal]]],
    ) -> None:
        is_open = {id(slot) for slot in open_slots}
        self.base = Decimal(0)
        self.shares: dict[int, list[Decimal]] = {}
        for slot in slots:
            own = [address for address in slot.addresses if address in total]
            if not own:
                continue
            shares = [
                sum((each[address] * total[address] for address in own), Decimal(0))
                for each in worth[id(slot)]
            ]
            if id(slot) in is_open:
                self.shares[id(slot)] = shares
            else:
                self.base += shares[0]

    def support(self, alive: Mapping[int, set[int]]) -> dict[int, set[int]] | None:
        """The readings that some choice of the others makes true; None when that is too much."""
        keys = list(self.shares)
        choices = [{self.shares[key][index] for index in alive[key]} for key in keys]
        forward = [{self.base}]
        for choice in choices:
            if len(forward[-1]) * len(choice) > _MOST_STATES:
                return None
            forward.append({a + b for a in forward[-1] for b in choice})
        wanted = {Decimal(0)} & forward[-1]
        found: dict[int, set[int]] = {}
        for number in range(len(keys) - 1, -1, -1):
            key = keys[number]
            good = {
                share
                for share in choices[number]
                if any(goal - share in forward[number] for goal in wanted)
            }
            found[key] = {index for index in alive[key] if self.shares[key][index] in good}
            wanted = {
                goal - share for goal in wanted for share in good if goal - share in forward[number]
            }
        return found


def _narrow(constraints: Sequence[_Constraint], alive: dict[int, set[int]]) -> bool:
    """Drop unsupported readings until nothing changes; False when a slot is left with none, so that
    the sums contradict each other and prove nothing."""
    changed = True
    while changed:
        changed = False
        for constraint in constraints:
            found = constraint.support(alive)
            for key, kept in (found or {}).items():
                if not kept:
                    return False
                if kept < alive[key]:
                    alive[key] = kept
                    changed = True
    return True
