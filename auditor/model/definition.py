"""A file of definitions, before anything is made of it."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """The text of one file, and where it stands below the folder of rules."""

    file: str
    """As shown to people: no absolute path unless they gave one."""
    parts: tuple[str, ...]
    text: str
