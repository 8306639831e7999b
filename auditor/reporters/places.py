"""Where something stood, in words and as lines of a file that other programs can open."""

from __future__ import annotations

from auditor.messages import phrase
from auditor.messages.places import place
from auditor.model.report import Source
from auditor.model.source import Origin

_LINED = ("text/plain", "text/html")
"""Media types whose lines are lines of the file itself."""


def at(name: str, origin: Origin, language: str) -> str:
    """Where something stood, as editors understand it where the format has lines."""
    said = name
    if origin.page is not None:
        said += f" {phrase('place-page', language, page=origin.page)}"
    if origin.line is not None:
        said += f":{origin.line}"
        if origin.columns:
            said += f":{origin.columns[0]}"
    if origin.bbox:
        said += f" [{', '.join(f'{side:g}' for side in origin.bbox)}]"
    return f"{said} {place(origin.selector, language)}" if origin.selector else said


def line_of(source: Source, origin: Origin | None) -> int | None:
    """The line of the file; None where the format has no lines, or another program made them."""
    return origin.line if origin is not None and source.media_type in _LINED else None


def columns_of(source: Source, origin: Origin | None) -> tuple[int, int] | None:
    """First and last character on that line; None where they are unknown."""
    return origin.columns if origin is not None and line_of(source, origin) else None
