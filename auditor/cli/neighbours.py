"""The reports of one run beside one another: a report in; out the same, with a notice where another
is of the same agency and year, and at the end a line for each such group and for those that lack
last year's report.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from auditor.messages import Translator
from auditor.model.finding import NO_PREDECESSOR_GIVEN, SAME_FILE, SAME_REPORT, Failure
from auditor.model.source import Notice
from auditor.reporters import Item, Judged

_MOST_NAMED = 10


class Neighbours:
    """The reports of a run so far, by what they are."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, int], list[str]] = {}
        self._files: dict[str, str] = {}
        self._alone: list[str] = []
        """Reports for which none of those given with `--previous` is last year's."""

    def told(self, item: Item) -> Item:
        """The item, with a notice where an earlier one of the run is the same report, or the same
        file. What was written is not written again: the earlier one says nothing of this one."""
        if isinstance(item, Failure):
            return item
        report = item.audit.report if isinstance(item, Judged) else item.report
        name = report.source.name
        if isinstance(item, Judged) and any(
            notice.code == NO_PREDECESSOR_GIVEN for notice in item.audit.notices
        ):
            self._alone.append(name)
        notice = None
        first = self._files.setdefault(report.source.sha256, name)
        identity = report.identity
        group: list[str] = []
        if identity.issuer and identity.year is not None:
            key = report.form_id, identity.issuer, identity.year
            group = self._groups.setdefault(key, [])
        if first is not name:
            notice = Notice(SAME_FILE, (("other", first),))
        elif group:
            notice = Notice(SAME_REPORT, (("other", group[0]),))
        group.append(name)
        if notice is None:
            return item
        if isinstance(item, Judged):
            notices = (*item.audit.notices, notice)
            return replace(item, audit=replace(item.audit, notices=notices))
        return replace(item, report=replace(report, notices=(*report.notices, notice)))

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
