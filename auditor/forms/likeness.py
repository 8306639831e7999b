"""UnknownText words in; of which labels of a table they may be what is left, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from string import digits

from auditor.forms.folding import bare

_MEANINGFUL = 0.7
"""Share of a stray word's characters, in order, that a label has of which it is a piece."""
_BEGINNING = 8


class Likeness:
    """A table's labels. `rows`: row key → bare label; `all_labels`: of columns and parts too."""

    def __init__(self, rows: Mapping[str, str], all_labels: Sequence[str]) -> None:
        self._rows = rows
        self._all = all_labels

    def is_prose(self, text: str) -> bool:
        """Whether a stray word resembles no label of the table, not even a piece of one."""
        return all(_in_common(text, label) < _MEANINGFUL * len(text) for label in self._all)

    def begins(self, text: str) -> bool:
        """Whether words begin with a piece of a label; two damaged ones may follow each other."""
        return not self.is_prose(bare(text).strip(digits)[:_BEGINNING])

    def ends(self, words: str) -> bool:
        """Whether words end as the label of a row does."""
        tail = bare(words)[-2:]
        return len(tail) == 2 and any(label.endswith(tail) for label in self._rows.values())

    def rows_like(self, text: str) -> tuple[tuple[str, float], ...]:
        """The rows whose label a text may be, misprinted or torn, with the share of the label that
        it covers."""
        near: list[tuple[str, float]] = []
        for key, label in self._rows.items() if len(text) >= 3 else ():
            if len(label) < 0.6 * len(text):
                continue
            common = _in_common(text, label)
            cover = common / len(label)
            misprinted = cover >= 0.55 and common >= 0.6 * len(text)
            torn = cover >= 0.3 and len(text) >= 8 and common >= 0.85 * len(text)
            if misprinted or torn:
                near.append((key, cover))
        return tuple(near)


def _in_common(text: str, label: str) -> int:
    """How many characters both have, in the same order."""
    return _similarity()(text, label)


@cache
def _similarity() -> Callable[[str, str], int]:
    from rapidfuzz.distance import LCSseq  # dear to import, and a clean report needs it nowhere

    return LCSseq.similarity
