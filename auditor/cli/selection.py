"""The rules that a run was asked for: patterns in, ids of rules out."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

import click

from auditor.library import Library
from auditor.wording import phrase


def chosen_rules(
    library: Library, select: Sequence[str], ignore: Sequence[str], language: str
) -> frozenset[str] | None:
    """Ids of the rules whose findings are told; None for all.

    Raises `click.UsageError` for a pattern that names no rule.
    """
    if not select and not ignore:
        return None
    known = sorted({rule.id for rules in library.rules.values() for rule in rules})
    told = _matching(select, known, language) if select else frozenset(known)
    return told - _matching(ignore, known, language)


def _matching(patterns: Sequence[str], known: Sequence[str], language: str) -> frozenset[str]:
    found: set[str] = set()
    for pattern in (part.strip() for text in patterns for part in text.split(",")):
        own = fnmatch.filter(known, pattern)
        if not own:
            raise unknown_rule(pattern, known, language)
        found.update(own)
    return frozenset(found)


def unknown_rule(said: str, known: Sequence[str], language: str) -> click.UsageError:
    """The error about a rule that there is not, with the nearest that there is."""
    message = phrase("cli-unknown-rule", language, rule=said)
    import difflib  # only what went wrong needs it

    near = difflib.get_close_matches(said, known, n=1, cutoff=0.5)
    if near:
        message += " — " + phrase("cli-did-you-mean", language, near=near[0])
    return click.UsageError(message)
