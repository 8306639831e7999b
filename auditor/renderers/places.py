"""Where something stood, in one line of text."""

from __future__ import annotations

from auditor.model.source import Origin


def at(name: str, origin: Origin) -> str:
    """Where something stood, as editors understand it where the format has lines."""
    said = name
    if origin.page is not None:
        said += f" p.{origin.page}"
    if origin.line is not None:
        said += f":{origin.line}"
        if origin.columns:
            said += f":{origin.columns[0]}"
    if origin.bbox:
        said += f" [{', '.join(f'{side:g}' for side in origin.bbox)}]"
    return f"{said} {origin.selector}" if origin.selector else said
