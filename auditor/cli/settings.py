"""What a run was asked for: the language, the limits, the colour of the output."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence

import click

from auditor.messages import phrase
from auditor.readers import Limits
from auditor.readers.limits import NAMES

_COUNT = re.compile("[1-9](?:_?[0-9]){0,14}")


def language_of(asked: str | None, environment: Mapping[str, str]) -> str:
    """The language asked for, else that of the locale: `zh` where it is Chinese, else `en`."""
    if asked:
        return asked
    for name in ("AUDIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if said := environment.get(name):
            return "zh" if said.lower().startswith("zh") else "en"
    return "en"


def counts_of(given: Sequence[str], language: str) -> dict[str, int]:
    """The limits given, each as `NAME=VALUE`, by the names that people know them by.

    Raises `click.UsageError` for a name that there is not and for a value that is no count.
    """
    values: dict[str, int] = {}
    for text in given:
        name, _, value = (part.strip() for part in text.partition("="))
        if name not in NAMES:
            listed = ", ".join(NAMES)
            raise click.UsageError(phrase("cli-unknown-limit", language, name=name, names=listed))
        if not _COUNT.fullmatch(value):
            raise click.UsageError(phrase("cli-no-count", language, name=name, value=value))
        values[name] = int(value)
    return values


def limits_of(counts: Mapping[str, int]) -> Limits:
    """The usual limits with those given in their place."""
    return Limits(**{NAMES[name]: count for name, count in counts.items()})


def in_colour(refused: bool) -> bool:
    """Whether to colour: only for a terminal, and only where nobody refused it."""
    return not refused and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def width_of_output() -> int:
    """Columns to fill: the terminal's own, or 80 where the output goes to a file."""
    if not sys.stdout.isatty():
        return 80
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except OSError:
        return 80
