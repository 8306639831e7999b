"""Atoms in; running counts of what stands in front of each line of figures and each atom out."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.forms.numerals import is_glued
from auditor.forms.phrases import Phrase
from auditor.forms.tokens import Atom, Figs, Stray

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
            line.is_led or (place > 0 and _claims(atoms[place - 1], line))
            for place, line in zip(self.places, self.lines, strict=True)
        ]
        """Whether words stand in front of a line of figures on its own printed line: then it is no
        row's whose label follows."""
        self.filled = [0]
        self.tokens = [0]
        self.digits = [0]
        self.glued = [0]
        self.zeros = [0]
        """Figures with a zero in front that no single number has: two stand together."""
        for line in self.lines:
            texts = [token.text for token in line.tokens]
            lengths = list(map(len, texts))
            self.filled.append(self.filled[-1] + line.filled)
            self.tokens.append(self.tokens[-1] + len(texts))
            self.digits.append(self.digits[-1] + sum(lengths))
            zeros = any(map(is_glued, texts))
            glued = zeros or max(lengths, default=0) > _LONGEST_BARE
            self.zeros.append(self.zeros[-1] + zeros)
            self.glued.append(self.glued[-1] + glued)


def _claims(word: Atom, line: Figs) -> bool:
    return isinstance(word, Stray) and len(word.text) > 1 and word.row == line.row
