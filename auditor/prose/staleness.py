"""Sentences and their figures in; years that should have been the report's out.

A year counts as stale only where it opens a clause that tells of work done, with a figure, and
nothing near it says that another year is meant: a comparison, carry-over, plan, document or budget.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.forms.tape import Tape
from auditor.model.prose import Quantity, StaleYear
from auditor.model.wordings import Wordings
from auditor.prose.layout import Line
from auditor.prose.quantities import any_of

_OPENS = frozenset(",;:()\u3001!?")
_QUOTED = re.compile(r"\u201c[^\u201c\u201d]*\u201d|\u300a[^\u300a\u300b]*\u300b|\([^()]*\)")
_REACH = 60
"""Characters in front of a year in which the agency's name is looked for."""
_OLDEST = 4
"""Years back from the report's: older ones are history, not an old draft."""


def find_stale_years(
    tape: Tape,
    lines: Sequence[Line],
    quantities: Sequence[Quantity],
    wordings: Wordings,
    folding: Folding,
    report_year: int | None,
    agency: str | None,
) -> Iterator[StaleYear]:
    """The first stale year of every sentence that has one."""
    if report_year is None:
        return
    fold = folding.fold
    sign = fold(wordings.words("date_signs")[0])
    years = re.compile(rf"(?<!\d)(20\d\d)\s*{sign}")
    if all(int(year) == report_year for line in lines for year in years.findall(line.text)):
        return  # as nearly all reports: spares them compiling all that follows
    work = re.compile(any_of([fold(word) for word in wordings.words("work_done")]))
    lawful = re.compile(any_of([fold(word) for word in wordings.words("other_years")]))
    ahead = re.compile(any_of([fold(word) for word in wordings.words("plans")]))
    behind = tuple(fold(word) for word in wordings.words("year_attributes"))
    own = [fold(word) for word in (*wordings.own, *wordings.wide)] + ([agency] if agency else [])
    lead = re.compile(rf"(?:{any_of(own)})\Z")
    figures: dict[int, list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        if quantity.unit and quantity.unit != "%":
            figures[quantity.sentence].append(quantity)
    counted = {
        line.sentence: {*work.findall(line.text)}
        for line in lines
        if figures[line.sentence] and f"{report_year}{sign}" in line.text
    }
    for line in lines:
        text = line.text
        named = [*years.finditer(text)]
        if not named or not figures[line.sentence] or lawful.search(text):
            continue
        if any(int(found[1]) == report_year for found in named):
            continue
        told = {*work.findall(text)}
        if any(told & counted.get(line.sentence + step, set()) for step in (-1, 1)):
            continue  # told beside this year's, for comparison
        quoted = [each.span() for each in _QUOTED.finditer(text)]
        for found in named:
            year = int(found[1])
            begin = max(0, found.start() - _REACH)
            before = lead.sub("", text[begin : found.start()])
            opens = before[-1] in _OPENS if before else begin == 0
            if not opens or not report_year - _OLDEST < year <= report_year + 1:
                continue
            if any(start < found.start() < end for start, end in quoted):
                continue
            if text.startswith(behind, found.end()) or (
                year > report_year and ahead.search(text, found.end())
            ):
                continue
            if not any(
                work.search(text, found.end(), quantity.start) or work.match(text, quantity.end)
                for quantity in figures[line.sentence]
                if quantity.start > found.end()
            ):
                continue
            origin = line.origin(tape, found.start(), found.end())
            yield StaleYear(year, line.sentence, found.start(), found.end(), origin)
            break
