"""A sentence in; where it turns to another time or another body than the report's, and back, out.

上半年, 近三年来 and 截至6月底 are another time until 全年 or a semicolon; 复议机关 is another body
until the agency names itself. A month told in passing holds for its own clause only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.forms.folding import Folding
from auditor.model.noun import noun
from auditor.model.wordings import Wordings
from auditor.prose.quantities import any_of

_DECEMBER = 12
_LONGEST = 12
"""Characters of what is told of earlier years in front of a noun."""
_TRAIL = 4
"""Characters that may stand between a month and the comma that makes it govern what follows."""


@noun
class Turn:
    """From `at` on, until the next turn, figures are of another time or body, or the report's."""

    at: int
    away: bool
    is_this_year: bool = False
    """Whether words for the report's year make the turn."""


class Frames:
    """The words that turn a sentence away from the report's own year and body, and back."""

    def __init__(self, wordings: Wordings, folding: Folding) -> None:
        fold = folding.fold

        def words(name: str) -> str:
            return any_of([fold(word) for word in wordings.words(name)])

        year, month, day, *_ = map(fold, wordings.words("date_signs"))
        until, since = words("until"), words("since")
        nothing = any_of([fold(word) for word in dict(wordings.marks).get("none", ())])
        own = any_of([fold(word) for word in wordings.own])
        self._events = re.compile(
            rf"(?P<span>20\d\d{year}?(?:{until})20\d\d{year})"
            rf"|(?P<year>20\d\d){year}(?P<since>{since})?"
            rf"|(?<!\d)(?P<month>\d{{1,2}}){month}(?P<last>31{day}|{words('month_ends')})?"
            rf"|(?P<back>{words('this_year')})"
            rf"|(?P<past>{words('past_times')}|{since})"
            rf"|(?P<away>{words('other_times')})"
            rf"|(?P<body>{words('other_bodies')})"
            rf"|(?P<own>{own})"
            rf"|(?P<denial>,(?:{nothing}))"
            r"|(?P<stop>;)"
        )
        # `2018年以来制发的42件` is of those years; what is said of them is of the report's.
        self._attribute = re.compile(rf"[^,;:]{{1,{_LONGEST}}}(?:{words('attributive')})\d")
        self._pause = re.compile("[,;]")
        self._spans = re.compile(rf"\d(?:{until})\Z")

    def turns(self, text: str, year: int | None) -> Iterator[Turn]:
        """Every turn, in the order of the text; none where nothing turns away."""
        of_body = of_time = of_past = False
        for found in self._events.finditer(text):
            at, kind = found.end(), found.lastgroup
            if found["month"]:
                of_time = not self._ends_year(text, found)
                kind = "month"
                pause = self._pause.search(text, at)
                if of_time and pause and pause.start() - at > _TRAIL:
                    yield Turn(at, True)
                    at, of_time = pause.start(), False
            elif found["year"]:
                if int(found["year"]) == year:
                    of_time = False
                elif found["since"]:
                    of_time = of_past = True
                    pause = self._attribute.match(text, at) and self._pause.search(text, at)
                    if pause:
                        yield Turn(at, True)
                        at, of_time = pause.start(), False
                else:
                    continue
            elif kind in ("span", "away", "past"):
                of_time, of_past = True, kind == "past"
            elif kind == "denial":
                of_time = of_time and not of_past
            elif kind in ("back", "stop"):
                of_time = False
            else:
                of_body = kind == "body"
            yield Turn(at, of_time or of_body, kind in ("back", "year") and not of_time)

    def _ends_year(self, text: str, found: re.Match[str]) -> bool:
        """Whether a month closes the year: 12月31日, 12月底, 1-12月."""
        return int(found["month"]) == _DECEMBER and (
            found["last"] is not None or self._spans.search(text, 0, found.start()) is not None
        )
