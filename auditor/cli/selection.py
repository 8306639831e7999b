"""The rules that a run was asked for: patterns in, ids of rules out."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import click

from auditor.configuration.settings import From, Settings, Source
from auditor.errors import DefinitionError
from auditor.library import Library
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.noun import noun

OFF = "off"


@noun
class Choice:
    """What is told, and how bad it is said to be."""

    selected_rules: frozenset[str] | None
    """Ids of the rules whose findings are told; None for all."""
    severities: Mapping[str, Severity]
    """By rule, where it is not the rule's own."""
    silenced: int = 0
    """Rules that a configuration file keeps from being told."""
    lowered: int = 0
    """Rules that are errors by themselves, and that a configuration file makes milder."""


def choose(library: Library, settings: Settings, language: str) -> Choice:
    """The rules that the settings choose.

    Raises `click.UsageError` for a pattern on the command line that names no rule,
    `DefinitionError` for one in a file.
    """
    known = sorted({rule.id for rules in library.rules.values() for rule in rules})

    def matching(patterns: Iterable[str], key: str) -> frozenset[str]:
        split = [part.strip() for text in patterns for part in text.split(",")]
        return _matching(split, known, settings.source(key), language)

    levels: dict[str, str] = {}
    for pattern, level in (settings.severities or {}).items():
        levels |= dict.fromkeys(matching([pattern], f"severities.{pattern}"), level)
    off = {rule for rule, level in levels.items() if level == OFF}
    selected = matching(settings.select, "select") if settings.select else frozenset(known)
    ignored = matching(settings.ignore, "ignore")
    told = selected - ignored - off
    graded = {rule: Severity(level) for rule, level in levels.items() if rule not in off}

    # Severities are set in files only; the other two in one place, the strongest that sets them.
    silenced = set(off)
    silenced |= set(known) - selected if _is_from_file(settings, "select") else set()
    silenced |= ignored if _is_from_file(settings, "ignore") else set()
    lowered = [rule for rule in told if _is_lowered(rule, graded, library)]
    is_whole = told == frozenset(known)
    return Choice(None if is_whole else told, graded, len(silenced), len(lowered))


def _is_from_file(settings: Settings, key: str) -> bool:
    return settings.source(key).kind in (From.FILE, From.OVERRIDE)


def _is_lowered(rule: str, graded: Mapping[str, Severity], library: Library) -> bool:
    own = (each for rules in library.rules.values() for each in rules if each.id == rule)
    return graded.get(rule, Severity.ERROR) is not Severity.ERROR and any(
        each.severity is Severity.ERROR for each in own
    )


def limited(library: Library, settings: Settings) -> Library:
    """The library with the forms that the settings name; all where they name none."""
    if not settings.forms:
        return library
    known = [form.id for form in library.forms]
    source = settings.source("forms")
    kept = {form for each in settings.forms for form in _of_forms(each, known, source)}
    forms = tuple(form for form in library.forms if form.id in kept)
    books = {key: book for key, book in library.rulebooks.items() if key in kept}
    return replace(library, forms=forms, rulebooks=books)


def _of_forms(pattern: str, known: Sequence[str], source: Source) -> list[str]:
    own = fnmatch.filter(known, pattern)
    if not own:
        raise DefinitionError(
            "form", f"there is no form {pattern!r}", place=source.place, hint=_near(pattern, known)
        )
    return own


def _matching(
    patterns: Sequence[str], known: Sequence[str], source: Source, language: str
) -> frozenset[str]:
    found: set[str] = set()
    for pattern in patterns:
        own = fnmatch.filter(known, pattern)
        if not own and source.kind is From.COMMAND_LINE:
            raise unknown_rule(pattern, known, language)
        if not own:
            raise DefinitionError(
                "rule",
                f"there is no rule {pattern!r}",
                place=source.place,
                hint=_near(pattern, known),
            )
        found.update(own)
    return frozenset(found)


def _near(said: str, known: Sequence[str]) -> str:
    from auditor.yamlsource import nearest  # only what went wrong needs it

    return nearest(said, known)


def unknown_rule(said: str, known: Sequence[str], language: str) -> click.UsageError:
    """The error about a rule that there is not, with the nearest that there is."""
    message = phrase("cli-unknown-rule", language, rule=said)
    import difflib  # only what went wrong needs it

    near = difflib.get_close_matches(said, known, n=1, cutoff=0.5)
    if near:
        message += " — " + phrase("cli-did-you-mean", language, near=near[0])
    return click.UsageError(message)
