"""A pattern that is compiled late finds what it would find compiled at once."""

from __future__ import annotations

import copy
import re

import pytest

from auditor.patterns import lazy_pattern


def test_it_is_compiled_when_a_text_has_a_word_that_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    compiled = re.compile

    def noted(text: str, flags: int = 0) -> re.Pattern[str]:
        asked.append(text)
        return compiled(text, flags)

    monkeypatch.setattr(re, "compile", noted)
    pattern = lazy_pattern("cat|dogs?", re.IGNORECASE, needed=("cat", "dog"))
    assert pattern.search("a cow") is None and pattern.fullmatch("a cow") is None
    assert [*pattern.finditer("a cow")] == [] and pattern.findall("a cow") == []
    assert pattern.sub("?", "a cow") == "a cow"
    assert asked == []
    assert pattern.sub("?", "cats and dogs") == "?s and ?"
    found = pattern.search("a cow, a dog", 3, 12)
    assert found is not None and found.span() == (9, 12)
    assert pattern.match("a dog") is None
    assert {*asked} == {"cat|dogs?"}


def test_without_words_that_it_needs_it_is_compiled_when_it_is_used() -> None:
    pattern = lazy_pattern(rb"\d+")
    assert pattern.findall(b"7 of 12") == [b"7", b"12"]
    with pytest.raises(re.error):
        lazy_pattern("(").search("")


def test_it_can_be_copied() -> None:
    pattern = copy.deepcopy(lazy_pattern("a", needed="a"))
    assert pattern.search("b") is None and pattern.search("ab") is not None


def test_a_text_that_is_asked_place_by_place_is_looked_through_once() -> None:
    class Text(str):
        asked = 0

        def __contains__(self, word: object) -> bool:
            Text.asked += 1
            return super().__contains__(word)  # type: ignore[operator]

    pattern = lazy_pattern("cat", needed=("cat",))
    text = Text("a cow " * 100)
    assert all(pattern.match(text, at) is None for at in range(100))
    assert Text.asked == 1
    assert pattern.match(Text("a cat"), 2) is not None
