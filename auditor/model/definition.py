"""A file of definitions, and what the files about one form come to."""

from __future__ import annotations

from typing import NamedTuple

from auditor.model.check import Check, Rule


class Definition(NamedTuple):
    """The text of one file, and where it stands below the folder of rules."""

    file: str
    """As shown to people: no absolute path unless they gave one."""
    parts: tuple[str, ...]
    text: str


class Rulebook(NamedTuple):
    """The rules of one form."""

    rules: tuple[Rule, ...]
    """In the order of their files; without their cases, and without what is compiled."""
    checks: tuple[Check, ...]
    """Every rule compiled onto the form."""
