"""Plain values in, YAML in flow style out, quoted only where it must be."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[^\W\d][\w./]*(?:\.\*|/\*)?|-?[0-9]+(?:\.[0-9]+)?")
_SENTENCE = re.compile(r"[^\W\d][^\x00-\x1f:#\"'\\\[\]{},&*!|>%@`]*")
_UNSEEN = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def flow(value: Any) -> str:
    """Lists and mappings in brackets, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_word(key)}: {flow(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _word(str(value))


def scalar(text: str) -> str:
    """A text outside brackets."""
    plain = _SENTENCE.fullmatch(text) and text == text.strip() and not _UNSEEN.search(text)
    return text if plain and text.lower() not in _WORDS else _quoted(text)


def _word(text: str) -> str:
    """A text inside brackets."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    said = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", said)
