"""Which settings decided about a report, in words: the same in every format."""

from __future__ import annotations

from auditor.messages import phrase
from auditor.model.finding import Verdict
from auditor.model.silenced import silenced_errors
from auditor.reporters import Held, Item, Judged

SETTINGS = "settings"
"""Stands for a rule's id where settings are told."""


def held_in_words(item: Judged, language: str) -> str:
    """The settings file that took effect, and how many errors settings silenced; else empty."""
    said = []
    if item.held is not None:
        said.append(file_in_words(item.held, language))
    if silenced_errors(item.audit):
        said.append(phrase("held-errors", language, count=silenced_errors(item.audit)))
    return phrase("list-semicolon", language).join(said)


def file_in_words(held: Held, language: str) -> str:
    """The settings file, and how many rules it silenced."""
    counts = {"silenced": held.silenced, "lowered": held.lowered}
    return phrase("held-is", language, file=held.file, **counts)


class ToldOnce:
    """For formats of lines: each settings file is told beside the first report that it held for,
    and every report of which errors were silenced by its own."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._told: set[Held] = set()

    def told(self, item: Item) -> tuple[str, str, bool]:
        """The file that it is about, the words (empty where there are none to say), and whether
        errors were silenced."""
        if not isinstance(item, Judged):
            return "", "", False
        name = item.audit.report.source.name
        is_silenced = item.verdict is Verdict.SILENCED
        is_known = item.held is None or item.held in self._told
        if item.held is not None:
            self._told.add(item.held)
        if is_known and not is_silenced:
            return "", "", False
        place = name if is_silenced or item.held is None else item.held.file
        return place, held_in_words(item, self._language), is_silenced
