"""Kinds of rule: what may stand under a rule's keyword, and the checks that it becomes.

`figures` compares boxes, `sentences` looks at figures in sentences and at all else that a report
says of itself. To add a kind, declare it in a table of one of them; the JSON Schema for editors
follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from auditor.model.check import Check, Rule
from auditor.model.form import Form


class RuleKind(Struct, frozen=True):
    """One keyword."""

    body: Any
    """The type of what stands under it, as `auditor.yamlsource` reads it."""
    about: str
    """What such a rule asks for; editors show it."""
    compile: Callable[[Rule, Form], Iterator[Check]]
    """The rule's checks on this form, in the form's order."""
