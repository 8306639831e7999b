"""A region of the text in; labels, unknown words and lines of figures out, in reading order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from enum import Enum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import force_setattr

from auditor.cjk import DIGITS, NUMERALS
from auditor.layout.labels import LabelMatch, Likeness
from auditor.layout.sections import Region, Span
from auditor.model.source import UNREAD
from auditor.patterns import compiled, lazy_pattern
from auditor.source_text import (
    CELL,
    INVISIBLE,
    LINE,
    Figures,
    SourceText,
    TextSpan,
    is_glued,
    normalize,
)


class Kind(Enum):
    """What a token says."""

    FIGURE = "figure"
    MARK = "mark"
    """A sign for an empty box."""
    EMPTY = "empty"
    """A cell with nothing in it."""
    UNREAD = "unread"
    """A cell whose text is no figure; it keeps its place."""


class Token(Struct, frozen=True):
    """What may fill one box."""

    kind: Kind
    text: str
    """Folded; empty for EMPTY."""
    start: int
    end: int
    alternatives: tuple[str, ...] = ()
    """What the same ink may also say, as figures or marks; none of them is sure, nor is `text`."""


class NumberRun(Struct, frozen=True):
    """Tokens on one printed line with no label between them."""

    tokens: tuple[Token, ...]
    row: int
    in_cells: bool = False
    """Whether they stand in cells, and not in a line of text."""
    follows_label: bool = False
    """Whether a label of a row ends in front of them on their own printed line."""
    # What is asked of them again and again follows from the tokens.
    texts: tuple[str, ...] = ()
    """What they say that are more than an empty cell."""
    filled: int = 0
    """How many these are."""
    has_glued: bool = False
    """Whether one of them has a leading zero that no single number has."""

    def __post_init__(self) -> None:
        texts = tuple([token.text for token in self.tokens if token.text])
        force_setattr(self, "texts", texts)
        force_setattr(self, "filled", len(texts))
        force_setattr(self, "has_glued", any(map(is_glued, texts)))


class UnknownText(Struct, frozen=True):
    """Words that are no whole label of the form."""

    text: str
    start: int
    end: int
    resembles: tuple[tuple[str, float], ...]
    """Rows of the table whose label it may be a piece of, with the share of the label it covers."""
    row: int = -1
    """The printed line on which it ends."""
    is_sentence: bool = False
    """Whether it is a sentence, or part of one."""
    begins_row: bool = False
    """Whether a row's label begins with all of it."""


TablePart = LabelMatch | NumberRun | UnknownText


_DASHES = r"[-\u2014\u2013\u2500\u00b7]{1,4}"
_PAGE_NUMBER = lazy_pattern(rf"{_DASHES}\s*\d{{1,3}}\s*{_DASHES}|\d{{1,3}}\s*/\s*\d{{1,3}}")
# Brackets, quotes and sentence marks part words; they never belong to a figure. Of digits a
# recogniser makes `?` and `!`: beside others these are no marks of the text.
_WORD = compiled(
    rf"[^\s{INVISIBLE}()\[\]{{}}<>\"':;\u201c\u201d\u2018\u2019\u3001\u3002\u300a-\u3011]+"
)
_WRITTEN_OUT = lazy_pattern(r"[^\W\d_]{2}")
_SPACED_SIGN = lazy_pattern(r"(?<!\S)([-\u2212])\s+(?=\d)", needed="-\u2212")
_SIGNS_FOR_BLANKS = lazy_pattern(r"(?<!\S)[-\u2212] +[-\u2212](?!\S)", needed="-\u2212")
_SPACED_THOUSANDS = lazy_pattern(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_GLUED = lazy_pattern(r"(?P<words>.*[^\d.,\s])(?P<digits>\d[\d,]*(?:\.\d+)?)", re.DOTALL)
_GLUED_BEFORE = lazy_pattern(r"(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<words>\.?[^\d.,].*)", re.DOTALL)
_NUMBERS = lazy_pattern(r"\u3001|\)\s*[\u4e00-\u9fff]", needed="\u3001)")
"""Behind a figure, makes it the number of what follows."""
_SMUDGED = lazy_pattern(rf"(?=.*[|{UNREAD}])[|{UNREAD}\d\s]+", needed=f"|{UNREAD}")
"""A figure, or none, with what a recogniser makes of a rule or of ink that it cannot tell."""
_NOTED = lazy_pattern(
    r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?|[^\s()\[\]]{1,2})"
    r"(?: ?([(\[\u3014](?=[^()\[\]\u3014\u3015]*\d)[^()\[\]\u3014\u3015]{1,12}[)\]\u3015])(?!\w)"
    r"|[\u00b9\u00b2\u00b3\u2070-\u2079]+)",
    needed="([\u3014\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079",
)
"""A figure or a sign for none, and behind it the number of a note, or in brackets last year's
figure or a part of it."""
_DIGITS = lazy_pattern(r"[0-9][0-9,.]*")
_MISPRINT = lazy_pattern(r"[\w?!]{1,4}", re.ASCII)
_SPELT = lazy_pattern(rf"{DIGITS[0]}|[{DIGITS}]{{2,}}")
"""A figure in Chinese digits."""
_MISPRINTED_DIGITS = lazy_pattern(r"[^\W\u2e80-\uffff]|[?!]")
_BEHIND_NUMBERS = (")", "\u3001", ".")


def split_region(
    source: SourceText,
    region: Region,
    figures: Figures,
    row_labels: dict[str, str],
    pieces: Sequence[str],
    sentences: Sequence[Span] = (),
) -> list[TablePart]:
    """The parts of a region. `labels`: row key → bare label; `pieces`: all the table's labels;
    `sentences`: places of sentences, in which nothing is a label or a cell."""
    splitter = _Splitter(source, figures, Likeness(row_labels, pieces))
    follows = source.text[region.end : region.end + 1].lstrip("(")
    if follows and not (follows in NUMERALS or follows.isdecimal()):
        splitter.unnumbered = region.end
    printed = source.text[region.start : region.end]
    signed = any(column.signed for column in region.table.columns)
    splitter.joins_signs = signed and _SIGNS_FOR_BLANKS.search(printed) is None
    position = region.start
    for label in region.labels:
        splitter.between(position, label.start, sentences)
        splitter.add_label(label)
        position = max(position, label.end)
    splitter.between(position, region.end, sentences)
    splitter.end()
    return splitter.parts


class _Splitter:
    def __init__(self, source: SourceText, figures: Figures, likeness: Likeness) -> None:
        self.source = source
        self.figures = figures
        self.likeness = likeness
        self.unnumbered = -1
        """Where the heading begins that follows, if it shows no number of its own."""
        self.joins_signs = True
        """Whether a sign apart from a figure on its line belongs to it; elsewhere it is a blank."""
        self.parts: list[TablePart] = []
        self._unknown: list[tuple[str, int, int]] = []
        """Unknown words since the last part: what they resemble is asked of all of them at once."""
        self._tokens: list[Token] = []
        """Figures since the last part, all on row `_row`."""
        self._row = 0

    def add_label(self, label: LabelMatch) -> None:
        self.end()
        self.parts.append(label)

    def add_figures(self, tokens: Sequence[Token], row: int) -> None:
        """Figures; those of one row with no words in between are one line of them."""
        if self._unknown or row != self._row:
            self.end()
        self._tokens.extend(tokens)
        self._row = row

    def add_words(self, text: str, start: int, end: int) -> None:
        if self._tokens or (self._is_number(text, end) and self._begins_line(start)):
            self.end()  # a number on a new line begins another label
        self._unknown.append((text, start, end))

    @cached_property
    def _has_bare_thousands(self) -> bool:
        """Whether a cell of the text has a figure of four digits or more that no blanks group: two
        figures in another cell are no thousands then."""
        return any(
            any(len(word) > 3 and word.isdecimal() for word in words)
            for span in self.source.spans
            if span.is_cell
            for words in [self.source.text[span.start : span.end].split()]
            if all(map(str.isdecimal, words))
        )

    def _holds_several(self, text: str) -> bool:
        """Whether a cell holds several figures or marks, which are no thousands."""
        words = text.split()
        is_one = len(words) < 2 or _SPACED_THOUSANDS.fullmatch(text.strip()) is not None
        return not is_one and all(map(self._fills_a_box, words))

    def _is_number(self, word: str, end: int) -> bool:
        """Whether a word is, or begins with, the number of a label."""
        is_spelt = not word.strip(NUMERALS) and self.source.text[end : end + 1] in _BEHIND_NUMBERS
        return word[0].isdecimal() or is_spelt

    def _begins_line(self, place: int) -> bool:
        return not self.source.text[self.source.span_at(place).start : place].strip(" (")

    def end(self) -> None:
        """Makes one part of the unknown words or the figures that came last."""
        if self._unknown:
            text = "".join(text for text, _, _ in self._unknown)
            self.parts.append(self._unknown_text(text, self._unknown[0][1], self._unknown[-1][2]))
            self._unknown.clear()
        elif self._tokens:
            in_cells = self.source.span_at(self._tokens[0].start).is_cell
            self.parts.append(
                NumberRun(tuple(self._tokens), self._row, in_cells, self._follows_label())
            )
            self._tokens.clear()

    def _follows_label(self) -> bool:
        last = self.parts[-1] if self.parts else None
        return (
            isinstance(last, LabelMatch)
            and self.source.span_at(last.end - 1).row == self._row
            and last.names_row
        )

    def between(self, start: int, end: int, sentences: Sequence[Span]) -> None:
        """Everything between two labels: sentences as they are, the rest in its parts."""
        first = bisect_right(sentences, (start, start))
        for at in range(max(first - 1, 0), len(sentences)):
            begin, stop = sentences[at]
            if begin >= end:
                break
            if stop > start:
                self.gap(start, max(begin, start))
                self._sentence(max(begin, start), min(stop, end))
                start = min(stop, end)
        self.gap(start, end)

    def _sentence(self, start: int, end: int) -> None:
        text = normalize(self.source.text[start:end])
        self.end()
        if text:
            row = self.source.span_at(end - 1).row
            self.parts.append(UnknownText(text, start, end, (), row, is_sentence=True))

    def gap(self, start: int, end: int) -> None:
        """Everything between two labels that is no sentence, cell by cell."""
        text, spans = self.source.text, self.source.spans
        for at in range(bisect_right(self.source.starts, start) - 1, len(spans)):
            span = spans[at]
            stop = span.end
            is_whole = span.start == start and stop <= end
            if start < stop or (is_whole and span.is_cell):
                self._piece(text[start : stop if stop < end else end], start, span, is_whole)
            if stop >= end:
                break
            start = stop + 1  # what parts them is one character

    def _ends_span(self, position: int) -> bool:
        return position >= len(self.source.text) or self.source.text[position] in (LINE, CELL)

    def _piece(self, piece: str, start: int, span: TextSpan, whole: bool) -> None:
        stripped = piece.replace(INVISIBLE, " ").strip()
        is_whole_cell = whole and span.is_cell
        if not stripped:
            if is_whole_cell:
                self.add_figures([Token(Kind.EMPTY, "", start, start)], span.row)
            return
        if is_whole_cell:
            first = start + len(piece) - len(piece.lstrip(" " + INVISIBLE))
            token = self._cell(stripped, first, span)
            if token is not None:
                self.add_figures([token], span.row)
                return
        elif whole and (_PAGE_NUMBER.fullmatch(stripped) or self.figures.is_page_mark(stripped)):
            return
        if self.joins_signs or is_whole_cell:
            piece = _SPACED_SIGN.sub(lambda m: " " * (len(m[0]) - 1) + m[1], piece)
        self._words(piece, start, span)

    def _cell(self, text: str, start: int, span: TextSpan) -> Token | None:
        """The token of a cell that is one; None where its words have to be looked at."""
        end = start + len(text)
        if not span.alternatives and text.isdecimal() and text.isascii():
            # Most cells hold this, and nothing below would make anything else of it.
            return Token(Kind.FIGURE, text, start, end)
        if span.alternatives or _SMUDGED.fullmatch(text):
            return self._doubtful(text, start, span)
        if self._is_unread(text, span):
            return Token(Kind.UNREAD, text, start, end)
        if (
            _SPACED_THOUSANDS.fullmatch(text)
            and not self._has_bare_thousands
            and not any(map(self._holds_several, self.source.beside(span)))
        ):
            return Token(Kind.FIGURE, text.replace(" ", ""), start, end)
        if self._is_one_box(text, span):
            return Token(Kind.UNREAD, text, start, end)
        return None

    def _doubtful(self, text: str, start: int, span: TextSpan) -> Token:
        """The token of a cell of which it is known that its reading is not sure."""
        said = dict.fromkeys((text, *span.alternatives))
        able = [each for each in said if self.figures.is_figure(each)]
        if not able:
            return Token(Kind.UNREAD, text, start, start + len(text))
        return Token(Kind.FIGURE, able[0], start, start + len(text), (*able[1:], UNREAD))

    def _is_one_box(self, text: str, span: TextSpan) -> bool:
        """Whether several figures stand in one cell of a row whose other cells hold one each."""
        if self._figures_in(text) < 2:
            return False
        return max(map(self._figures_in, self.source.beside(span)), default=0) == 1

    def _figures_in(self, text: str) -> int:
        """How many figures a text is, and nothing else; 0 for any other text."""
        words = text.replace(INVISIBLE, " ").split()
        return len(words) if all(map(self.figures.is_figure, words)) else 0

    def _is_unread(self, text: str, span: TextSpan) -> bool:
        """Whether a cell beside a row's label or figures holds words instead of a figure."""
        last = self.parts[-1] if self.parts and not self._unknown else None
        if self._tokens:
            beside = self._row == span.row
        elif isinstance(last, LabelMatch):
            beside = self.source.span_at(last.start).row == span.row and last.names_row
        else:
            beside = False
        words = [found[0] for found in _words_in(text)]
        if beside and not words:
            return True  # `?` where a figure or an empty box may have been
        figures = sum(1 for word in words if self.figures.is_figure(word))
        marks = sum(1 for word in words if self.figures.is_blank_mark(word))
        if beside and figures == 1 and marks:
            return True  # one box cannot be filled and empty, and two it is not
        if beside and not figures and _is_no_label(text):
            return True  # `~1~`, `x58x`: words of another row have more letters than signs
        if not beside or figures + marks == len(words):
            return False
        return not normalize(text) or self.likeness.is_prose(normalize(text))

    def _add_tokens(self, tokens: list[Token], span: TextSpan) -> None:
        if tokens:
            self.add_figures(tokens, span.row)

    def _words(self, piece: str, start: int, span: TextSpan) -> None:
        """Words of one line: figures where they stand free, otherwise unknown text."""
        tokens: list[Token] = []
        in_prose = False
        end = start + len(piece)
        kind = Kind.UNREAD if self._may_be_numbered(end) else Kind.FIGURE
        words = _words_in(piece)
        figures_only = self._is_row(words)
        noted = {each.start(): each for each in _NOTED.finditer(piece)}
        behind_note = 0
        for index, found in enumerate(words):
            word, first, last = found[0], start + found.start(), start + found.end()
            if found.start() < behind_note:
                continue
            note = None if in_prose else noted.get(found.start())
            if note and self.figures.is_figure(note[1]):
                behind_note = note.end()
                doubt = (*_DIGITS.findall(note[2] or ""), UNREAD)
                tokens.append(Token(kind, note[1], first, start + behind_note, doubt))
                continue
            if note and self.figures.is_blank_mark(note[1]):
                behind_note = note.end()
                tokens.append(Token(Kind.UNREAD, note[0], first, start + behind_note))
                continue
            if self.figures.is_figure(word) and not _NUMBERS.match(piece, found.end()):
                if not in_prose:
                    tokens.append(Token(kind, word, first, last))
                continue
            if self.figures.is_blank_mark(word) and (
                tokens or figures_only or len(words) == 1 or not word.isalnum()
            ):
                if not in_prose:
                    tokens.append(Token(Kind.MARK, word, first, last))
                continue
            if figures_only or _SMUDGED.fullmatch(word):
                tokens.append(Token(Kind.UNREAD, word, first, last))
                continue
            if not normalize(word):
                continue
            stuck = _GLUED_BEFORE.fullmatch(word)
            if stuck and self._touches_label(first) and self.likeness.begins(stuck["words"]):
                # Where the figures end and the number of the next label begins, nobody can tell.
                word, middle = stuck["words"], first + len(stuck["digits"])
                self._add_tokens([Token(Kind.UNREAD, stuck["digits"], first, middle)], span)
                first = middle
            glued = _GLUED.fullmatch(word)
            is_label = glued and self.likeness.ends(glued["words"])
            if glued and (is_label or (tokens and not in_prose)):
                self._add_tokens(tokens, span)
                kind_of = kind if is_label else Kind.UNREAD
                tokens = [Token(kind_of, glued["digits"], first + glued.start("digits"), last)]
                self.add_words(normalize(glued["words"]), first, first + glued.end("words"))
                continue
            self._add_tokens(tokens, span)
            tokens = []
            self.add_words(normalize(word), first, last)
            in_prose = self.likeness.is_prose(normalize(word)) and not self._is_row(
                words[index + 1 :]
            )
        self._add_tokens(tokens, span)

    def _may_be_numbered(self, end: int) -> bool:
        """Whether what ends here may be the number of the heading that follows: where a cell of
        the row is empty, and both share one."""
        return (
            end == self.unnumbered
            and not self._ends_span(end)
            and any(not token.text for token in self._tokens)
        )

    def _is_row(self, words: Sequence[re.Match[str]]) -> bool:
        """Whether these are several figures or marks and nothing else: words in front are a row's
        label then, though the form has none like it."""
        return len(words) > 1 and all(self._fills_a_box(word[0]) for word in words)

    def _fills_a_box(self, word: str) -> bool:
        """Whether a word is a figure, a blank mark, unread, or a misprinted figure (`O`, `l2`)."""
        misprint = _MISPRINT.fullmatch(word) or _is_misprinted(word)
        return bool(
            misprint
            or word == UNREAD
            or word.isdigit()
            or _SPELT.fullmatch(word) is not None
            or self.figures.is_figure(word)
            or self.figures.is_blank_mark(word)
        )

    def _touches_label(self, place: int) -> bool:
        """Whether a row's label ends right here, or a blank before."""
        last = self.parts[-1] if self.parts and not (self._unknown or self._tokens) else None
        return (
            isinstance(last, LabelMatch)
            and not self.source.text[last.end : place].strip(" ")
            and last.names_row
        )

    def _unknown_text(self, text: str, start: int, end: int) -> UnknownText:
        row = self.source.span_at(end - 1).row
        like, begins = self.likeness.rows_like(text), self.likeness.begins_row(text)
        return UnknownText(text, start, end, like, row, begins_row=begins)


def _words_in(text: str) -> list[re.Match[str]]:
    """The words of a text; a `?` that stands alone is none, but a blank that was not encoded."""
    return [found for found in _WORD.finditer(text) if found[0].strip("?!")]


def _is_no_label(text: str) -> bool:
    """Whether digits stand among signs or single letters, as in no row's label."""
    return any(map(str.isdecimal, text)) and not _WRITTEN_OUT.search(text)


def _is_misprinted(word: str) -> bool:
    """Whether a word is a figure of which letters or signs have some digits' places."""
    count = sum(map(str.isdecimal, word))
    return 2 * count > len(word) and not _MISPRINTED_DIGITS.sub("", word)
