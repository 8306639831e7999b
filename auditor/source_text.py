"""Extract in, SourceText out: all its text in reading order, and where each character stood; and
what counts as a figure on a form, and what its value is (`Figures`).

Figures are written the common way whatever their form's country does (`localizer`): `1.234,5`
becomes `1,234.5`, `(83)` becomes `-83` and `<1` `‹1`, each as long as before, so that every
character keeps its place. A figure that is none in the form's own way of writing, but would be in
another's, is made unreadable: it is never read as a thousand times what it says.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from itertools import compress

from msgspec import Struct

from auditor import cjk
from auditor.model.form import Numerals
from auditor.model.report import Below, Blank, Illegible, NotApplicable, Number, Value, step_of
from auditor.model.source import UNREAD, Cell, Extract, Grid, Origin, Paragraph
from auditor.patterns import compiled, lazy_pattern

BELOW = "\u2039"
"""In front of a limit: the figure is less than that."""

_SEPARATED = lazy_pattern(r"(?<![\w.,'])\d+(?:[.,'\u2019]\d+)+(?![\w])")
_ANY_COUNTRY = lazy_pattern(r"\d{1,3}(?:[.,'\u2019]\d{3})*(?:[.,]\d+)?|\d+[.,]\d+")
_BRACKETS = lazy_pattern(r"(?<!\S)\((?=\d)([\d.,']+)\)(?=\s*(?:$|[-(\d<]))")


def localizer(numerals: Numerals) -> Callable[[str], str] | None:
    """What writes a line's figures the common way; None for a form that writes them so."""
    steps: list[Callable[[str], str]] = []
    if (numerals.decimal, numerals.group) != (".", ","):
        steps.append(_separators(numerals.decimal, numerals.group))
    if numerals.below:
        words = "|".join(map(re.escape, sorted(numerals.below, key=len, reverse=True)))
        limit = compiled(rf"(?<!\w)(?:{words})\s*(?=\d)")
        steps.append(lambda text: limit.sub(lambda each: BELOW.rjust(len(each[0])), text))
    if numerals.negative == "brackets":
        steps.append(lambda text: _BRACKETS.sub(r"-\1 ", text))
    if not steps:
        return None

    def localized(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return localized


def _separators(decimal: str, group: str) -> Callable[[str], str]:
    # What blanks part is one figure in a cell only, and read there.
    parts = group not in ("none", " ")
    grouped = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|" if parts else ""
    own = compiled(rf"(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?")
    common = str.maketrans({decimal: "."} | ({group: ","} if parts else {}))
    unread = str.maketrans(dict.fromkeys(".,'\u2019", UNREAD))

    def rewritten(found: re.Match[str]) -> str:
        figure = found[0]
        if own.fullmatch(figure):
            return figure.translate(common)
        return figure.translate(unread) if _ANY_COUNTRY.fullmatch(figure) else figure

    return lambda text: _SEPARATED.sub(rewritten, text)


_MARKS = ("<super>", "<sub>", "<circle>")
"""Raised, lowered and circled digits mark notes and items: they are no digits of a figure."""

_LONGEST_WORD, _MOST_WORDS = 40, 4_096
"""The same words are asked for again and again: a form's wordings, and figures."""

INVISIBLE = "\u2060"
"""Stands for a character that is not there to be seen, so that offsets stay true."""


_TURNS_ROUND = "\u202e"
"""Shows what follows from right to left: `12` as 21."""


class Folding:
    """A cache of folded characters; the same text always gives the same result."""

    def __init__(self, variants: Mapping[str, str], numerals: Numerals | None = None) -> None:
        self._table = _FoldTable(variants)
        self.localized = localizer(numerals) if numerals else None
        """What writes the figures of one line the common way; None where the form does."""
        self._word = lru_cache(_MOST_WORDS)(self._fold)

    def fold(self, text: str) -> str:
        """The folded text, exactly as long as the printed one."""
        return self._word(text) if len(text) <= _LONGEST_WORD else self._fold(text)

    def _fold(self, text: str) -> str:
        return text.translate(self._table)


class _FoldTable(dict[int, int]):
    """What each character folds to, worked out when it is first met."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        super().__init__()
        self._variants = {ord(old): ord(new) for old, new in variants.items() if len(old) == 1}

    def __missing__(self, char: int) -> int:
        point = _compatible(chr(char))
        self[char] = folded = self._variants.get(point, point)
        return folded


@cache
def _compatible(char: str) -> int:
    point = cjk.RADICALS.get(ord(char), ord(char))
    if char == _TURNS_ROUND:
        return ord(UNREAD)
    if unicodedata.category(chr(point)) == "Cf":
        return ord(INVISIBLE)
    if unicodedata.decomposition(chr(point)).startswith(_MARKS):
        return point
    folded = unicodedata.normalize("NFKC", chr(point))
    return ord(folded) if len(folded) == 1 else point


def normalize(text: str) -> str:
    """Folded text without blanks and punctuation: what labels are compared by."""
    return _NOT_ALNUM.sub("", text)


_NOT_ALNUM = compiled(r"[\W_]+")
_DASH = r"[-\u2014\u2013]"
_SHAPES = (
    (
        lazy_pattern(rf"{_DASH}(?<!\S{_DASH}) ?(\d{{1,3}}) ?{_DASH}(?!\S)", needed="-\u2014\u2013"),
        rf"{_DASH}+",
    ),
    (
        lazy_pattern(
            rf"{cjk.ORDINAL}(?<!\S{cjk.ORDINAL}) ?(\d{{1,3}}) ?{cjk.PAGE}(?!\S)", needed=cjk.PAGE
        ),
        cjk.ORDINAL,
    ),
    (lazy_pattern(r"(\d(?<!\S\d)\d{0,2}) ?/ ?\d{1,3}(?!\S)", needed="/"), r"/"),
)
"""Each shape of a mark, and what is no sign of its own where marks of that shape are meant. What
may not stand in front is asked behind the first sign, as that is looked for faster."""
_FEWEST = 2
_FIRST = (1, 2, 3)
"""Page on which marks may begin: covers and lists of contents often have none."""


def without_page_marks(text: str) -> str:
    """The text with blanks in place of the marks, as long as before."""
    for shape, sign in _SHAPES:
        numbers = list(map(int, shape.findall(text)))
        if len(numbers) < _FEWEST or numbers[0] not in _FIRST:
            continue
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            continue
        without = shape.sub(lambda mark: " " * len(mark[0]), text)
        if not re.search(rf"(?<!\S)(?:{sign})(?!\S)", without):
            text = without
    return text


_OPEN, _CLOSE = ("(", "\uff08"), (")", "\uff09")
"""Around a figure below zero, where a form writes it so."""
LINE = "\n"
CELL = "\t"


class TextSpan(Struct, frozen=True):
    """One paragraph or cell on the text."""

    start: int
    end: int
    """Where its last character ends."""
    raw: str
    origin: Origin
    row: int
    """Number of the printed line or grid row it stands in."""
    column: int
    """Count of cells before it on that row; 0 for paragraphs."""
    is_cell: bool
    recognised: bool = False
    alternatives: tuple[str, ...] = ()
    """Folded; see `Cell.alternatives`."""
    place: int | None = None
    """The column it stands in, where ruled lines say so."""

    def origin_of(self, start: int, end: int) -> Origin:
        """Where the characters `start`..`end` stood, of which the first is in it."""
        whole = self.origin
        if whole.line is None or whole.columns is None:
            return whole
        lead = len(self.raw) - len(self.raw.lstrip())
        base = whole.columns[0] - lead - self.start
        columns = (base + start, base + (end if end < self.end else self.end) - 1)
        return Origin(whole.page, whole.line, columns, whole.bbox, whole.selector)

    def printed(self, start: int, end: int) -> str:
        """What was printed at `start`..`end`, within it."""
        first, last = start - self.start, end - self.start
        said = self.raw[first:last]
        closes = said.startswith(_OPEN) and self.raw[last : last + 1] in _CLOSE
        return self.raw[first : last + 1] if closes else said


class SourceText(Struct, frozen=True):
    """`text` is folded; `LINE` and `CELL` stand between units. `compact` is `text` without blanks
    and punctuation, and `offsets[i]` is the place of its character i in `text`."""

    text: str
    spans: tuple[TextSpan, ...]
    starts: tuple[int, ...]
    compact: str
    offsets: tuple[int, ...]

    def span_at(self, position: int) -> TextSpan:
        """The unit in which a character stands."""
        return self.spans[bisect_right(self.starts, position) - 1]

    def row_start(self, position: int) -> int:
        """Where the printed line or grid row of a character begins."""
        place = bisect_right(self.starts, position) - 1
        row = self.spans[place].row
        while place and self.spans[place - 1].row == row:
            place -= 1
        return self.spans[place].start

    def beside(self, span: TextSpan) -> Iterator[str]:
        """The folded text of the other cells on a cell's row."""
        place = bisect_right(self.starts, span.start) - 1
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(self.spans) and self.spans[at].row == span.row:
                other = self.spans[at]
                yield self.text[other.start : other.start + len(other.raw)]
                at += step

    def origin(self, start: int, end: int) -> Origin:
        """Where the characters `start`..`end` stood, by their first line."""
        return self.span_at(start).origin_of(start, end)


def linearize(extract: Extract, folding: Folding) -> SourceText:
    """The text of an extract. Line breaks inside a cell or paragraph become blanks."""
    blocks = list(_placed(extract))
    whole = folding.fold("".join([block.text for block, *_ in blocks]))
    whole = whole.replace(LINE, " ").replace(CELL, " ")
    spans: list[TextSpan] = []
    parts: list[str] = []
    end, localized = -1, folding.localized
    for number, (block, row, column, is_ruled) in enumerate(blocks):
        raw = block.text
        start = end + 1  # behind the sign that parts it from the one before
        end = start + len(raw)
        text = whole[start - number : end - number]
        parts.append(CELL if column else LINE)
        parts.append(localized(text) if localized else text)
        if isinstance(block, Cell):
            said = tuple(map(folding.fold, block.alternatives)) if block.alternatives else ()
            place = block.column if is_ruled else None
        else:
            said, place = (), None
        at = (start, end, raw, block.origin, row, column)
        spans.append(TextSpan(*at, isinstance(block, Cell), block.recognised, said, place))
    text = without_page_marks("".join(parts[1:]))
    compact = normalize(text)
    offsets = tuple(compress(range(len(text)), map(str.isalnum, text)))
    starts = tuple([span.start for span in spans])
    return SourceText(text, tuple(spans), starts, compact, offsets)


def _placed(extract: Extract) -> Iterator[tuple[Cell | Paragraph, int, int, bool]]:
    """Every cell and paragraph with its row and column, as `TextSpan` has them, and whether
    lines rule it in."""
    row = 0
    for block in extract.blocks:
        if isinstance(block, Grid):
            for cells in block.rows:
                for column, cell in enumerate(cells):
                    yield cell, row, column, block.ruled
                row += 1
        else:
            yield block, row, 0, False
            row += 1


MOST_DIGITS = 18
"""More are no count of anything, and sums of them would be rounded."""
_ONE = Decimal(1)


class Figures:
    """The figures and blank marks of one form, compiled from its `numerals`."""

    def __init__(self, numerals: Numerals, folding: Folding) -> None:
        def any_of(words: tuple[str, ...]) -> str:
            folded = {folding.fold(word) for word in words}
            listed = sorted(folded, key=lambda word: (len(word), word), reverse=True)
            return "|".join(map(re.escape, listed)) or "(?!)"

        digits = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
        below = BELOW if numerals.below else "(?!)"
        self._figure = compiled(
            rf"(?P<below>{below})?"
            rf"(?:{any_of(numerals.vague)})?(?P<minus>{any_of(numerals.minus)})?(?P<digits>{digits})"
            rf"(?:{any_of(numerals.vague)})?(?:{any_of(numerals.units)})?"
        )
        self._pages = compiled("|".join(numerals.pages)) if numerals.pages else None
        self._blanks = frozenset(map(folding.fold, numerals.blanks))
        self._not_applicable = frozenset(map(folding.fold, numerals.not_applicable))
        self._word_value = lru_cache(_MOST_WORDS)(self._value)

    def is_page_mark(self, line: str) -> bool:
        """Whether a folded line is a page mark and nothing else."""
        return self._pages is not None and self._pages.fullmatch(line) is not None

    def is_blank_mark(self, word: str) -> bool:
        """Whether a folded word stands for an empty box."""
        return word in self._blanks or word in self._not_applicable

    def is_figure(self, word: str) -> bool:
        """Whether a folded word is a figure and nothing else, units and `约` included."""
        return word.isdecimal() or self._figure.fullmatch(word) is not None

    def value(self, printed: str) -> Value:
        """What a folded figure or blank mark stands for; `ValueError` when it is neither.

        Digits without end are illegible: torn from several cells, or a fault of some export.
        """
        return self._word_value(printed) if len(printed) <= _LONGEST_WORD else self._value(printed)

    def _value(self, printed: str) -> Value:
        word = printed.replace(INVISIBLE, "").strip()
        if not word or self.is_blank_mark(word):
            return NotApplicable() if word in self._not_applicable else Blank()
        if word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS:
            return Number(Decimal(word), _ONE)
        found = self._figure.fullmatch(word)
        if not found:
            raise ValueError(printed)
        if sum(map(str.isdigit, found["digits"])) > MOST_DIGITS:
            return Illegible((word,))
        digits = Decimal(found["digits"].replace(",", ""))
        if found["below"]:
            return Illegible((word,)) if found["minus"] else Below((f"<{digits:f}",), digits)
        return Number(-digits if found["minus"] else digits, step_of(digits))


def is_glued(word: str) -> bool:
    """Whether a figure has a leading zero that no single number has, such as `00` or `023`."""
    return len(word) > 1 and word[0] == "0" and word[1].isdigit()
