"""A pattern that is compiled late finds what it would find compiled at once."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor import patterns
from auditor.patterns import lazy_pattern


@pytest.fixture
def kept_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file in which patterns are kept, of which this process knows nothing yet."""
    path = tmp_path / "patterns.pickle"
    monkeypatch.setattr(patterns, "_path", lambda: path)
    monkeypatch.setattr(patterns, "_new", set())
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    _forget()
    yield path
    _forget()


def _forget() -> None:
    patterns._kept.cache_clear()
    patterns.compiled.cache_clear()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (r"(?P<year>20\d\d)年(?:度|(?P<half>[上下])半年)?", 0),
        (r"[\u4e00-\u9fff零〇-九]++(?<!年)\b", 0),
        (r"ÄGYPTEN|straße", re.IGNORECASE),
        (rb"(\d+)-(\d+)", re.DOTALL),
    ],
)
def test_a_kept_pattern_is_the_one_that_would_be_compiled(
    text: str, flags: int, kept_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = patterns.compiled(text, flags)
    patterns.keep()
    _forget()
    monkeypatch.setattr(re, "compile", lambda *given: pytest.fail("it is compiled again"))
    made = patterns.compiled(text, flags)
    assert made == expected and made is not expected
    assert (made.pattern, made.flags, made.groups) == (text, expected.flags, expected.groups)
    assert made.groupindex == expected.groupindex
    if isinstance(text, str):
        printed = "2021年下半年，于 Ägypten STRASSE Straße 一二〇零"
        assert [each.span() for each in made.finditer(printed)] == [
            each.span() for each in expected.finditer(printed)
        ]
        assert [each.groupdict() for each in made.finditer(printed)] == [
            each.groupdict() for each in expected.finditer(printed)
        ]


def test_what_another_python_kept_is_compiled_anew(
    kept_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patterns.compiled("a+b")
    patterns.keep()
    _forget()
    assert ("a+b", 0) in patterns._kept()
    _forget()
    monkeypatch.setattr("sys.version", "3.99.0")
    assert patterns._kept() == {}
    assert patterns.compiled("a+b").findall("aab") == ["aab"]


def test_no_more_is_kept_than_a_bound(kept_at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MOST_KEPT", 2)
    for text in "abc":
        patterns.compiled(text)
    patterns.keep()
    assert not kept_at.exists()


def test_nothing_is_written_where_python_writes_no_bytecode(
    kept_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patterns.compiled("a+b")
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    patterns.keep()
    assert not kept_at.exists()
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    patterns.keep()
    _forget()
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert ("a+b", 0) in patterns._kept()


def test_a_folder_that_takes_nothing_is_no_error(
    tmp_path: Path, kept_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(patterns, "_path", lambda: tmp_path / "file" / "patterns.pickle")
    patterns.compiled("a")
    patterns.keep()
    monkeypatch.setattr(patterns, "_path", lambda: None)
    patterns.keep()


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
