"""Tape and sentences in; title, period, signature and leftovers of the template out.

What the layout may have lost or torn is left out rather than guessed: a title that several lines
contradict, a heading that might stand in another wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from auditor.forms.folding import GAP, Folding
from auditor.forms.phrases import Vocabulary
from auditor.forms.tape import CELL, LINE, Tape
from auditor.model.noun import noun
from auditor.model.prose import Heading, Metadata, Printed, Quantity
from auditor.model.report import Identity
from auditor.model.wordings import Wordings
from auditor.prose.arrangement import find_misplaced, find_unseen
from auditor.prose.dates import Dates
from auditor.prose.layout import PREAMBLE, Line
from auditor.prose.passages import find_cited, find_leftovers
from auditor.prose.quantities import any_of
from auditor.prose.signatures import Signed, find_published, find_signature
from auditor.prose.staleness import find_stale_years

_FRONT = 4000
"""Characters in which a title is looked for."""
_TITLE_LENGTH = 80
_ENDS_TITLE = frozenset("\u3002,:;!?|#>*")
_QUOTED = "\u300a"
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_WHOLE_YEAR = ((1, 1), (12, 31))


def read_formalities(
    tape: Tape,
    lines: Sequence[Line],
    headings: Sequence[tuple[int, int, Heading]],
    quantities: Sequence[Quantity],
    wordings: Wordings,
    vocabulary: Vocabulary,
    identity: Identity,
    dates: Dates,
) -> Metadata:
    """What the report says of itself, as far as it can be told."""
    folding = vocabulary.folding
    first = headings[0][0] if headings else len(tape.text)
    title = _find_title(tape, first, wordings, folding, identity.agency)
    titled = title or _Title()
    period = _find_period(tape, lines, dates, wordings, folding)
    years = {titled.year, *((period.start.year, period.end.year) if period else ())} - {None}
    year = years.pop() if len(years) == 1 else None
    last = headings[-1] if headings else None
    sign = Signed()
    if last is not None and last[2].section in {each.key for each in wordings.sections[-2:]}:
        sign = find_signature(tape, last[1], dates, wordings, folding)
    published = find_published(tape, lines, dates, wordings, folding)
    return Metadata(
        title=titled.printed,
        title_agency=titled.agency,
        title_year=titled.year,
        signature=sign.name,
        signed=sign.printed,
        signed_on=sign.on,
        published=published.printed,
        published_on=published.on,
        period=period.printed if period else None,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        contents=tuple(_contents(lines, sign, folding)),
        misplaced=tuple(find_misplaced(tape, headings, wordings, vocabulary)),
        unseen=tuple(find_unseen(tape, headings, wordings, vocabulary)),
        cited=tuple(find_cited(tape, lines, wordings, folding)),
        stale_years=tuple(
            find_stale_years(tape, lines, quantities, wordings, folding, year, identity.agency)
        ),
        leftovers=tuple(find_leftovers(tape, lines, wordings, folding)),
    )


def _contents(lines: Sequence[Line], sign: Signed, folding: Folding) -> Iterator[tuple[str, str]]:
    """What every section says; the signature stands under the report, not in its last section."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.section, []).append(line.text.replace(" ", ""))
    signed = [folding.fold(each.text) for each in (sign.name, sign.printed) if each]
    for section, pieces in texts.items():
        text = "".join(pieces)
        for printed in signed:
            head, found, tail = text.rpartition(printed.replace(" ", ""))
            text = head + tail if found else text
        yield section, text


@noun
class _Title:
    printed: Printed | None = None
    agency: str | None = None
    year: int | None = None


def _find_title(
    tape: Tape, before: int, wordings: Wordings, folding: Folding, agency: str | None
) -> _Title | None:
    """The title, without its year where several titles in front of the text contradict each other.

    Titles in running text (根据……年度报告的要求) count only where no other is printed.
    """
    at = [
        place
        for place, char in enumerate(tape.text[: min(before, _FRONT)])
        if not (char.isspace() or char == GAP) or char in LINE + CELL
    ]
    text = "".join(tape.text[place] for place in at)
    titles: list[_Title] = []
    joined = [index for index, char in enumerate(text) if char not in LINE + CELL]
    solid = "".join(text[index] for index in joined)
    ends = re.compile(any_of([folding.fold(word) for word in wordings.words("title_ends")]))
    never = tuple(folding.fold(word) for word in wordings.words("title_never"))
    stop = solid.find("\u3002")
    for found in ends.finditer(solid):
        if titles and 0 <= stop < found.start():
            break
        if solid.startswith(never, found.end()):
            continue
        start = found.start()
        while start > max(0, found.start() - _TITLE_LENGTH) and solid[start - 1] not in _ENDS_TITLE:
            start -= 1
            if solid[start] == _QUOTED:
                break
        if solid[start] == _QUOTED:
            continue
        years = [*_YEAR.finditer(solid, start, found.start())]
        if not years:
            continue
        named = solid.rfind(agency, start, found.start()) if agency else -1
        begin = min(years[-1].start(), named) if named >= 0 else years[-1].start()
        line = max(text.rfind(mark, 0, joined[begin] + 1) for mark in LINE + CELL) + 1
        begin = max(start, next(i for i, place in enumerate(joined) if place >= line))
        printed = Printed(
            solid[begin : found.end()], tape.origin(at[joined[begin]], at[joined[begin]] + 1)
        )
        titles.append(_Title(printed, agency if named >= 0 else None, int(years[-1].group())))
    if not titles:
        return None
    agreed = len({title.year for title in titles}) == 1
    return titles[0] if agreed else _Title(titles[0].printed, titles[0].agency, None)


@noun
class _Period:
    printed: Printed
    start: date
    end: date


def _find_period(
    tape: Tape, lines: Sequence[Line], dates: Dates, wordings: Wordings, folding: Folding
) -> _Period | None:
    """What the figures are said to cover; the preamble's own statement first."""
    words = tuple(folding.fold(word) for word in wordings.words("period_words"))
    joints = {folding.fold(word) for word in wordings.words("until")}
    found = [
        (line.section != PREAMBLE, period)
        for line in lines
        for period in _periods(tape, line, dates, words, joints)
    ]
    return min(found, key=lambda each: each[0])[1] if found else None


def _periods(
    tape: Tape, line: Line, dates: Dates, words: tuple[str, ...], joints: set[str]
) -> Iterator[_Period]:
    told = [*dates.find(line.text)]
    for one, other in pairwise(told):
        start, end = one.on(), other.on(one.year)
        if start is None or end is None or line.text[one.end : other.start] not in joints:
            continue
        whole = ((start.month, start.day), (end.month, end.day)) == _WHOLE_YEAR
        named = any(word in line.text[: one.start] for word in words)
        if named or (whole and line.section == PREAMBLE):
            text = line.printed[one.start : other.end]
            yield _Period(Printed(text, line.origin(tape, one.start, other.end)), start, end)
