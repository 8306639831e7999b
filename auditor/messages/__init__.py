"""Every sentence shown to people, by language: in goes a code with values, out comes a message.

The texts stand in one catalogue a language, `zh.json` and `en.json`, in sections that both have
alike; `docs/architecture.md` says how to add one. Labels of a form are not here: they belong to it.
Notices begin with who doubts: a notice is our doubt about our reading, never the author's fault.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache

LANGUAGES = ("zh", "en")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """The messages of a language by section and code, read on first use; `zh` or `en`."""
    path = os.path.join(os.path.dirname(__file__), f"{language}.json")
    with open(path, encoding="utf-8") as file:
        sections: dict[str, dict[str, str]] = json.load(file)
    return sections


@cache
def messages(language: str) -> Mapping[str, str]:
    """The templates of a language by code; English for any but `zh`."""
    sections = catalogue("zh" if language == "zh" else "en").values()
    return {code: text for section in sections for code, text in section.items()}


class _Tolerant(dict[str, str]):
    """Values for a template; one that was not given shows as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def phrase(code: str, language: str, **values: object) -> str:
    """The message in that language, English for any but `zh`; an unknown code shows its values."""
    given = {key: str(value) for key, value in values.items()}
    template = messages(language).get(code)
    if template is None:
        return _listed(code, given)
    return template.format_map(_Tolerant(given))


class Translator:
    """Says things in one language: a code with values, or texts put together."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, code: str, **values: object) -> str:
        """The message, as `phrase` has it."""
        return phrase(code, self.language, **values)

    def of(self, words: Mapping[str, str]) -> str:
        """The words in that language, in English where it has none, else in whichever there is."""
        return words.get(self.language) or words.get("en") or next(iter(words.values()), "")

    def commas(self, texts: Iterable[str]) -> str:
        """The texts as a list."""
        return self("list-comma").join(texts)

    def semicolons(self, texts: Iterable[str]) -> str:
        """The texts as a list of what may have commas in itself."""
        return self("list-semicolon").join(texts)

    def bracketed(self, text: object) -> str:
        """The text in brackets; empty where it is."""
        return self("in-brackets", text=text) if text != "" else ""

    def titled(self, title: str, text: str) -> str:
        """The text behind its title and a colon."""
        return title + self("colon") + text


def both(code: str, **values: object) -> dict[str, str]:
    """The message in every language."""
    return {language: phrase(code, language, **values) for language in LANGUAGES}


def known(code: str) -> bool:
    """Whether there is a message for the code."""
    return code in messages("en")


def notice(code: str, details: Iterable[tuple[str, str]], language: str) -> str:
    """A notice in words; every detail shows, those that the message does not use in brackets."""
    given = dict(details)
    template = catalogue("zh" if language == "zh" else "en")["notices"].get(code)
    if template is None:
        return _listed(code, given)
    used = placeholders(template)
    rest = {key: text for key, text in given.items() if key not in used}
    said = template.format_map(_Tolerant(given))
    return said + (phrase("in-brackets", language, text=_pairs(rest)) if rest else "")


def placeholders(template: str) -> frozenset[str]:
    """The names that a template fills in."""
    import string  # a notice needs it, and most reports give none

    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _pairs(given: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {text}" for key, text in given.items())


def _listed(code: str, given: Mapping[str, str]) -> str:
    return f"{code} ({_pairs(given)})" if given else code
