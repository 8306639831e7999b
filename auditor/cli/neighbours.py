"""The reports of one run beside one another: a report in; out the same, with a notice where another
is of the same agency and year, and at the end a line for each such group and for those that lack
last year's report.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from auditor.messages import Translator
from auditor.model.finding import NO_PREDECESSOR_GIVEN, SAME_FILE, SAME_REPORT, Failure
from auditor.model.source import Notice
from auditor.reporters import Item, Judged, Reading

_MOST_NAMED = 10


class Neighbour(Struct, frozen=True):
    """As much of a report as others of its run need to know."""

    name: str
    sha256: str
    form_id: str
    issuer: str | None
    year: int | None
    is_alone: bool
    """Whether none of those given with `--previous` is last year's."""


def neighbour_of(item: Judged | Reading) -> Neighbour:
    """The report as others see it."""
    report = item.audit.report if isinstance(item, Judged) else item.report
    source, identity = report.source, report.identity
    is_alone = isinstance(item, Judged) and any(
        notice.code == NO_PREDECESSOR_GIVEN for notice in item.audit.notices
    )
    about = source.name, source.sha256, report.form_id
    return Neighbour(*about, identity.issuer, identity.year, is_alone)


def with_notices(item: Judged | Reading, notices: tuple[Notice, ...]) -> Judged | Reading:
    """The item, with what is to be said of it beside others."""
    if isinstance(item, Judged):
        audit = replace(item.audit, notices=(*item.audit.notices, *notices))
        return replace(item, audit=audit)
    report = replace(item.report, notices=(*item.report.notices, *notices))
    return replace(item, report=report)


class Neighbours:
    """The reports of a run so far, by what they are."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, int], list[str]] = {}
        self._files: dict[str, str] = {}
        self._alone: list[str] = []

    def notices(self, new: Neighbour) -> tuple[Notice, ...]:
        """What is to be said of the next report, where an earlier one of the run is the same
        report, or the same file. What was written is not written again: the earlier one says
        nothing of this one."""
        name = new.name
        if new.is_alone:
            self._alone.append(name)
        first = self._files.setdefault(new.sha256, name)
        group: list[str] = []
        if new.issuer and new.year is not None:
            group = self._groups.setdefault((new.form_id, new.issuer, new.year), [])
        notices: tuple[Notice, ...] = ()
        if first is not name:
            notices = (Notice(SAME_FILE, (("other", first),)),)
        elif group:
            notices = (Notice(SAME_REPORT, (("other", group[0]),)),)
        group.append(name)
        return notices

    def told(self, item: Item) -> Item:
        """The next item, with those notices."""
        if isinstance(item, Failure):
            return item
        notices = self.notices(neighbour_of(item))
        return with_notices(item, notices) if notices else item

    def lines(self, say: Translator, total: int) -> Iterator[str]:
        """What is to be said of the run as a whole."""
        for names in (names for names in self._groups.values() if len(names) > 1):
            yield say("cli-same-report", count=len(names), names=_listed(names, say))
        if self._alone:
            listed = _listed(self._alone, say)
            yield say("cli-no-predecessor", count=len(self._alone), total=total, names=listed)


def _listed(names: list[str], say: Translator) -> str:
    left = len(names) - _MOST_NAMED
    more = [say("passed-more", count=left)] if left > 0 else []
    return say.commas([*names[:_MOST_NAMED], *more])
