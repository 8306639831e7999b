"""Tape and the headings found in; headings out of place, and sections without any, out.

Both are told only of what the text shows clearly. A heading may be torn, worded anew or lost in
copying, so a section counts as without one only where nothing between its neighbours resembles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from auditor.forms.folding import bare
from auditor.forms.phrases import Vocabulary
from auditor.forms.regions import places_of
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.prose import Heading
from auditor.model.wordings import SectionForm, Wordings
from auditor.prose.layout import heading_at

_LONGEST = 40
Found = Sequence[tuple[int, int, Heading]]


def find_misplaced(
    tape: Tape, headings: Found, wordings: Wordings, vocabulary: Vocabulary
) -> Iterator[Heading]:
    """Headings of sections that none was found for in order, on lines of their own elsewhere."""
    have = {heading.section for _, _, heading in headings}
    if not headings:
        return
    digits = dict(wordings.digits)
    for section in wordings.sections:
        if section.key in have:
            continue
        for start, end in sorted(places_of(tape, section.headings, vocabulary).items()):
            heading = heading_at(tape, section, start, end, digits)
            alone = not tape.text[_line_start(tape, start) : start].strip()
            ended = not tape.text[end : _line_end(tape, end)].strip()
            if start > headings[0][0] and heading.number is not None and alone and ended:
                yield heading
                break


def find_unseen(
    tape: Tape, headings: Found, wordings: Wordings, vocabulary: Vocabulary
) -> Iterator[str]:
    """Sections that neither a heading's wording nor a line with their number speaks of."""
    if not headings:
        return
    places = {heading.section: (start, end) for start, end, heading in headings}
    order = [section.key for section in wordings.sections]
    numerals = {value: digit for digit, value in wordings.digits}
    for section in wordings.sections:
        if section.key in places or section.is_first:
            continue
        at = order.index(section.key)
        before = [places[key][1] for key in order[:at] if key in places]
        after = [places[key][0] for key in order[at:] if key in places]
        text = tape.text[max(before, default=0) : min(after, default=len(tape.text))]
        fold, core = vocabulary.folding.fold, bare(text)
        told = any(bare(fold(wording)) in core for wording in section.headings)
        if not told and not _numbered(text, section, numerals):
            yield section.key


def _numbered(text: str, section: SectionForm, numerals: Mapping[int, str]) -> bool:
    """Whether a short line begins with the section's number, or any text does behind a stop."""
    number = re.escape(numerals[section.number])
    # Each run of blanks is tried from its first only: a page may have ten thousand in a row.
    enumerator = re.compile(
        rf"(?<!\s)(?=(\s*+)[(]?\s*+(?:{number}|{section.number})\s*+[)\u3001.]"
        rf"[^{LINE}]{{2,{_LONGEST}}})"
    )
    for found in enumerator.finditer(text):
        blanks, before = found[1], text[found.start() - 1 : found.start()]
        if LINE in blanks or CELL in blanks or before in ("", "\u3002"):
            return True
        if blanks and before.isdecimal():
            return True
    return False


def _line_start(tape: Tape, at: int) -> int:
    return max(tape.text.rfind(LINE, 0, at), tape.text.rfind(CELL, 0, at)) + 1


def _line_end(tape: Tape, at: int) -> int:
    ends = [place for mark in (LINE, CELL) if (place := tape.text.find(mark, at)) >= 0]
    return min(ends, default=len(tape.text))
