"""Atoms in; running counts of what stands in front of each line of figures and each atom out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.header import lines_within_reach
from auditor.forms.numerals import is_glued
from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Figs, Stray
from auditor.model.form import Table

MOST_LINES = 30
"""Lines of figures looked at on either side of a label."""
_LONGEST_BARE = 3
"""Longer figures may be several that were run together."""


class Counts:
    """Lines of figures are numbered in reading order; entry `n` counts what `n` of them, or the
    first `n` atoms, have."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self.lines = [atom for atom in atoms if isinstance(atom, Figs)]
        self.places = [index for index, atom in enumerate(atoms) if isinstance(atom, Figs)]
        self.edge = [0]
        """Lines of figures in front of an atom."""
        self.labels = [0]
        self.words = [0]
        """Labels, and stray words of more than one character, in front of an atom."""
        for atom in atoms:
            is_label = isinstance(atom, Phrase)
            is_word = is_label or (isinstance(atom, Stray) and len(atom.text) > 1)
            self.edge.append(self.edge[-1] + isinstance(atom, Figs))
            self.labels.append(self.labels[-1] + is_label)
            self.words.append(self.words[-1] + is_word)
        self.is_claimed = [
            place > 0 and _claims(atoms[place - 1], line)
            for place, line in zip(self.places, self.lines, strict=True)
        ]
        """Whether other words stand in front of a line of figures on its own printed line."""
        self.filled = [0]
        self.tokens = [0]
        self.digits = [0]
        self.glued = [0]
        self.zeros = [0]
        """Figures with a zero in front that no single number has: two stand together."""
        for line in self.lines:
            self.filled.append(self.filled[-1] + line.filled)
            self.tokens.append(self.tokens[-1] + len(line.tokens))
            self.digits.append(self.digits[-1] + sum(len(token.text) for token in line.tokens))
            zeros = any([is_glued(token.text) for token in line.tokens])
            glued = zeros or any([len(token.text) > _LONGEST_BARE for token in line.tokens])
            self.zeros.append(self.zeros[-1] + zeros)
            self.glued.append(self.glued[-1] + glued)


def _claims(word: Atom, line: Figs) -> bool:
    return isinstance(word, Stray) and len(word.text) > 1 and word.row == line.row


class Reach:
    """How far behind a label figures may be its own."""

    def __init__(self, atoms: Sequence[Atom], table: Table, counts: Counts) -> None:
        self._counts = counts
        self._parts = lines_within_reach(atoms, table, counts.edge)
        self._known: dict[tuple[int, int], int] = {}

    def of(self, atom: int, size: int) -> int:
        """How many lines of figures stand before the end of its reach: where a row of `size` boxes
        has as many cells, empty ones among them, what follows other words is somebody else's; and
        so are empty cells that follow another label."""
        known = self._known.get((atom, size))
        if known is None:
            known = self._known[atom, size] = self._found(atom, size)
        return known

    def _found(self, atom: int, size: int) -> int:
        counts = self._counts
        first = counts.edge[atom]
        end = min(len(counts.lines), first + MOST_LINES, self._parts[atom])
        for after in range(first + 1, end):
            above, below = counts.places[after - 1], counts.places[after]
            whole = counts.tokens[after] - counts.tokens[first] >= size
            if whole and counts.words[above + 1] < counts.words[below]:
                return after
            empty = counts.filled[after] == counts.filled[after + 1]
            if empty and counts.labels[above + 1] < counts.labels[below]:
                return after
        return end
