"""A region of the tape in; labels, stray words and lines of figures out, in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from auditor.forms.folding import GAP, bare
from auditor.forms.numerals import Figures
from auditor.forms.phrases import Phrase, Role
from auditor.forms.regions import Region
from auditor.forms.tape import CELL, LINE, Tape, Unit
from auditor.forms.tokens import Atom, Figs, Kind, Stray, Token
from auditor.model.source import UNREAD

_PAGE_NUMBER = re.compile(
    r"[-\u2014\u2013\u2500\u00b7\s]+\d{1,3}[-\u2014\u2013\u2500\u00b7\s]+|\d{1,3}\s*/\s*\d{1,3}"
)
# Brackets, quotes and sentence marks part words; they never belong to a figure.
_WORD = re.compile(
    rf"[^\s{GAP}()\[\]{{}}<>\"':;?!\u201c\u201d\u2018\u2019\u3001\u3002\u300a-\u3011]+"
)
_SPACED_SIGN = re.compile(r"(?<!\S)([-\u2212])\s+(?=\d)")
_SPACED_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_GLUED = re.compile(r"(?P<words>.*[^\d.,\s])(?P<digits>\d[\d,]*(?:\.\d+)?)", re.DOTALL)
_LONGEST_MISPRINT = 4
_MEANINGFUL = 0.7
"""Share of a stray word's characters, in order, that a label has of which it is a piece."""


def split_region(
    tape: Tape, region: Region, figures: Figures, labels: dict[str, str], pieces: Sequence[str]
) -> list[Atom]:
    """The atoms of a region. `labels`: row key → bare label; `pieces`: all the table's labels."""
    splitter = _Splitter(tape, figures, labels, pieces)
    position = region.start
    for phrase in region.phrases:
        if phrase.start > position:
            splitter.gap(position, phrase.start)
        splitter.add_phrase(phrase)
        position = max(position, phrase.end)
    splitter.gap(position, region.end)
    splitter.end()
    return splitter.atoms


class _Splitter:
    def __init__(
        self, tape: Tape, figures: Figures, labels: dict[str, str], pieces: Sequence[str]
    ) -> None:
        self.tape = tape
        self.figures = figures
        self.labels = labels
        self.pieces = pieces
        self.atoms: list[Atom] = []
        self._strays: list[tuple[str, int, int]] = []
        """Stray words since the last atom: what they resemble is asked of all of them at once."""
        self._tokens: list[Token] = []
        """Figures since the last atom, all on row `_row`."""
        self._row = 0

    def add_phrase(self, phrase: Phrase) -> None:
        self.end()
        self.atoms.append(phrase)

    def add_figures(self, tokens: Sequence[Token], row: int) -> None:
        """Figures; those of one row with no words in between are one line of them."""
        if self._strays or row != self._row:
            self.end()
        self._tokens.extend(tokens)
        self._row = row

    def add_words(self, text: str, start: int, end: int) -> None:
        if self._tokens:
            self.end()
        self._strays.append((text, start, end))

    def end(self) -> None:
        """Makes one atom of the stray words or the figures that came last."""
        if self._strays:
            text = "".join(text for text, _, _ in self._strays)
            self.atoms.append(self._stray(text, self._strays[0][1], self._strays[-1][2]))
        elif self._tokens:
            self.atoms.append(Figs(tuple(self._tokens), self._row))
        self._strays.clear()
        self._tokens.clear()

    def gap(self, start: int, end: int) -> None:
        """Everything between two labels."""
        position = start
        for piece in re.split(f"([{LINE}{CELL}])", self.tape.text[start:end]):
            if piece not in (LINE, CELL):
                unit = self.tape.unit_at(position)
                whole = unit.start == position and position + len(piece) <= end
                self._piece(piece, position, unit, whole and self._ends_unit(position + len(piece)))
            position += len(piece)

    def _ends_unit(self, position: int) -> bool:
        return position >= len(self.tape.text) or self.tape.text[position] in (LINE, CELL)

    def _piece(self, piece: str, start: int, unit: Unit, whole: bool) -> None:
        if whole and unit.is_cell and not unit.rivals and piece.isdecimal() and piece.isascii():
            # Most cells hold this, and nothing below would make anything else of it.
            token = Token(Kind.FIGURE, piece, start, start + len(piece))
            self.add_figures([token], unit.row)
            return
        stripped = piece.replace(GAP, " ").strip()
        if not stripped:
            if whole and unit.is_cell:
                self.add_figures([Token(Kind.EMPTY, "", start, start)], unit.row)
            return
        first = start + len(piece) - len(piece.lstrip(" " + GAP))
        last = first + len(stripped)
        if whole and unit.is_cell and (unit.rivals or stripped == UNREAD):
            self._figs([self._doubtful(stripped, first, unit)], unit)
            return
        if (
            whole
            and not unit.is_cell
            and (_PAGE_NUMBER.fullmatch(stripped) or self.figures.is_page_mark(stripped))
        ):
            return
        if whole and unit.is_cell and self._is_unread(stripped, unit):
            self._figs([Token(Kind.UNREAD, stripped, first, last)], unit)
            return
        if whole and unit.is_cell and _SPACED_THOUSANDS.fullmatch(stripped):
            self._figs([Token(Kind.FIGURE, stripped.replace(" ", ""), first, last)], unit)
            return
        self._words(_SPACED_SIGN.sub(lambda m: " " * (len(m[0]) - 1) + m[1], piece), start, unit)

    def _doubtful(self, text: str, start: int, unit: Unit) -> Token:
        """The token of a cell of which it is known that its reading is not sure."""
        said = dict.fromkeys((text, *unit.rivals))
        able = [each for each in said if self.figures.is_figure(each)]
        if not able:
            return Token(Kind.UNREAD, text, start, start + len(text))
        return Token(Kind.FIGURE, able[0], start, start + len(text), (*able[1:], UNREAD))

    def _is_unread(self, text: str, unit: Unit) -> bool:
        """Whether a cell beside a row's label or figures holds words instead of a figure."""
        last = self.atoms[-1] if self.atoms and not self._strays else None
        if self._tokens:
            beside = self._row == unit.row
        elif isinstance(last, Phrase):
            beside = self.tape.unit_at(last.start).row == unit.row and any(
                sense.role is Role.ROW for sense in last.senses
            )
        else:
            beside = False
        words = _WORD.findall(text)
        figures = sum(1 for word in words if self.figures.is_figure(word))
        marks = sum(1 for word in words if self.figures.is_blank_mark(word))
        if beside and figures == 1 and marks:
            return True  # one box cannot be filled and empty, and two it is not
        if not beside or figures + marks == len(words):
            return False
        return not bare(text) or self._is_prose(bare(text))

    def _figs(self, tokens: list[Token], unit: Unit) -> None:
        if tokens:
            self.add_figures(tokens, unit.row)

    def _words(self, piece: str, start: int, unit: Unit) -> None:
        """Words of one line: figures where they stand free, otherwise stray text."""
        tokens: list[Token] = []
        in_prose = False
        words = list(_WORD.finditer(piece))
        before_prose: list[bool] | None = None  # dear, and most lines have no figure
        figures_only = len(words) > 1 and all(self._fills_a_box(word[0]) for word in words)
        for index, found in enumerate(words):
            word, first, last = found[0], start + found.start(), start + found.end()
            if self.figures.is_figure(word):
                if before_prose is None:
                    before_prose = self._runs_into_prose(words)
                if not in_prose and not before_prose[index]:
                    tokens.append(Token(Kind.FIGURE, word, first, last))
                continue
            if self.figures.is_blank_mark(word) and (
                tokens or len(words) == 1 or not word.isalnum()
            ):
                if not in_prose:
                    tokens.append(Token(Kind.MARK, word, first, last))
                continue
            if figures_only:
                tokens.append(Token(Kind.UNREAD, word, first, last))
                continue
            if not bare(word):
                continue
            glued = _GLUED.fullmatch(word)
            if glued and self._ends_label(glued["words"]):
                self._figs(tokens, unit)
                tokens = [Token(Kind.FIGURE, glued["digits"], first + glued.start("digits"), last)]
                self.add_words(bare(glued["words"]), first, first + glued.end("words"))
                continue
            self._figs(tokens, unit)
            tokens = []
            self.add_words(bare(word), first, last)
            in_prose = self._is_prose(bare(word))
        self._figs(tokens, unit)

    def _fills_a_box(self, word: str) -> bool:
        """Whether a word is a figure, a blank mark, or a figure misprinted (`O`, `l2`)."""
        misprint = word.isascii() and word.isalnum() and len(word) <= _LONGEST_MISPRINT
        return misprint or self.figures.is_figure(word) or self.figures.is_blank_mark(word)

    def _runs_into_prose(self, words: list[re.Match[str]]) -> list[bool]:
        """For each word, whether the next on the line that is no figure belongs to a sentence."""
        found: list[bool] = []
        runs = False
        for word in (each[0] for each in reversed(words)):
            found.append(runs)
            if not self.figures.is_figure(word) and bare(word):
                runs = not self.figures.is_blank_mark(word) and self._is_prose(bare(word))
        return found[::-1]

    def _is_prose(self, text: str) -> bool:
        """Whether a stray word resembles no label of the table, not even a piece of one."""
        return all(_common(text, label) < _MEANINGFUL * len(text) for label in self.pieces)

    def _ends_label(self, words: str) -> bool:
        tail = bare(words)[-2:]
        return len(tail) == 2 and any(label.endswith(tail) for label in self.labels.values())

    def _stray(self, text: str, start: int, end: int) -> Stray:
        near: list[tuple[str, float]] = []
        if len(text) >= 3:
            for key, label in self.labels.items():
                if len(label) < 0.6 * len(text):
                    continue
                common = _common(text, label)
                cover = common / len(label)
                misprinted = cover >= 0.55 and common >= 0.6 * len(text)
                torn = cover >= 0.3 and len(text) >= 8 and common >= 0.85 * len(text)
                if misprinted or torn:
                    near.append((key, cover))
        return Stray(text, start, end, tuple(near))


def _common(text: str, label: str) -> int:
    """How many characters both have, in the same order."""
    return _similarity()(text, label)


@cache
def _similarity() -> Callable[[str, str], int]:
    from rapidfuzz.distance import LCSseq  # dear to import, and a clean report needs it nowhere

    return LCSseq.similarity
