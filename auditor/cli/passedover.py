"""What a folder or an archive holds and is not looked at: counted, and named, by the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from auditor.messages import phrase
from auditor.readers import SUFFIXES

_MOST_NAMED = 10
"""Of each reason; the others are counted."""


class Why(Enum):
    """Why something is passed over; what cannot be looked at is not: it is a failure."""

    UNKNOWN = "unknown"
    """Its name is that of no report."""
    LOCK = "lock"
    """What office programs leave beside an open document, and systems in folders and archives."""
    HIDDEN = "hidden"
    LINKED = "linked"
    """A link to a folder: what is in it may lie anywhere, or above."""


def why_passed(parts: Sequence[str]) -> Why | None:
    """Why a file whose path has these parts is passed over by its name; None where it is not."""
    name = parts[-1]
    if name.startswith(("~$", ".~", "._")) or "__MACOSX" in parts:
        return Why.LOCK
    if not name.lower().endswith(SUFFIXES):
        return Why.LOCK if name.startswith(".") else Why.UNKNOWN
    return Why.HIDDEN if any(part.startswith(".") for part in parts) else None


class PassedOver:
    """The tally of one folder or archive."""

    def __init__(self) -> None:
        self._names: dict[Why, list[str]] = {why: [] for why in Why}

    def add(self, why: Why, name: str) -> None:
        """One more."""
        self._names[why].append(name)

    def told(self, where: str, language: str) -> Iterator[str]:
        """A line for each reason that there is."""
        comma = phrase("list-comma", language)
        for why, names in self._names.items():
            if not names:
                continue
            listed = comma.join(sorted(names)[:_MOST_NAMED])
            if (left := len(names) - _MOST_NAMED) > 0:
                listed += comma + phrase("passed-more", language, count=left)
            said = {"count": len(names), "path": where, "names": listed}
            yield phrase(f"passed-{why.value}", language, **said)
