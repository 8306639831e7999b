"""Messages: one for every code, in both languages, and nothing told is lost."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Iterator
from functools import cache

import pytest

from auditor.cli.config import SourceKind
from auditor.messages import (
    both,
    catalogue,
    cells_by_row,
    known,
    messages,
    notice,
    phrase,
    place,
    placeholders,
)
from auditor.model.check import Severity
from auditor.model.finding import (
    ENGINE_DOUBT,
    Certainty,
    DispositionKind,
    Grade,
    Reason,
    Status,
    Verdict,
)
from auditor.model.report import Match
from tests.support import ROOT

PACKAGE = ROOT / "auditor"
SAYING = {"phrase", "both", "say", "_say", "plain", "tell"}
"""Functions of code and templates whose first argument is a code."""
_IN_TEMPLATE = re.compile(r"""\b(?:say|plain)\("([\w-]+)"(\s*~)?""")
_WORD = re.compile(r"[\w-]+")


def test_both_languages_have_the_same_sections_and_codes_in_the_same_order() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    assert [*chinese] == [*english]
    assert {name: [*chinese[name]] for name in chinese} == {n: [*english[n]] for n in english}


def test_a_message_fills_in_the_same_values_in_both_languages() -> None:
    chinese, english = messages("zh"), messages("en")
    assert [code for code in english if not (chinese[code] and english[code])] == []
    differing = [
        code for code in english if placeholders(chinese[code]) != placeholders(english[code])
    ]
    assert differing == []


def test_a_code_stands_in_one_section_only() -> None:
    for language in ("zh", "en"):
        codes = [code for section in catalogue(language).values() for code in section]
        assert len(codes) == len(set(codes))
        # JSON keeps the last of two that are the same, and says nothing of it.
        text = (PACKAGE / "messages" / f"{language}.json").read_text(encoding="utf-8")
        assert len(re.findall(r'(?m)^    "', text)) == len(codes)


@cache
def sources() -> tuple[ast.Module, ...]:
    return tuple(
        ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    )


@cache
def templates() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("templates/*.html"))
    )


def codes_asked_for() -> Iterator[str | re.Pattern[str]]:
    """The codes that are asked for by name, and those that are put together, as patterns."""
    for node in (node for tree in sources() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else None
            name = function.id if isinstance(function, ast.Name) else name
            if name not in SAYING:
                continue
            match node.args[0]:
                case ast.Constant(value=str(code)):
                    yield code
                case ast.JoinedStr() as joined:
                    yield pattern_of(joined)
    for code, goes_on in _IN_TEMPLATE.findall(templates()):
        yield re.compile(re.escape(code) + "([a-z_-]+)") if goes_on else code


def pattern_of(joined: ast.JoinedStr) -> re.Pattern[str]:
    return re.compile(
        "".join(
            re.escape(part.value)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
            else "([a-z_-]+)"
            for part in joined.values
        )
    )


def test_every_code_that_is_asked_for_has_a_message() -> None:
    codes = messages("en")
    missing = [
        asked
        for asked in codes_asked_for()
        if (asked not in codes if isinstance(asked, str) else not any(map(asked.fullmatch, codes)))
    ]
    assert missing == []


def test_every_message_is_asked_for() -> None:
    # By its whole code, or by an f-string whose holes are filled with words of the program.
    nodes = [node for tree in sources() for node in ast.walk(tree)]
    strings = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
    words = {word for text in (*strings, templates(), rules()) for word in _WORD.findall(text)}
    words |= {text.replace("/", "-") for text in strings}  # as kinds of refusals are written
    words |= {code.lower() for code in errno.errorcode.values()}
    patterns = [pattern_of(node) for node in nodes if isinstance(node, ast.JoinedStr)]
    patterns = [each for each in patterns if re.search(r"\w\\-\(|\)\\-\w", each.pattern)]
    patterns += [each for each in codes_asked_for() if isinstance(each, re.Pattern)]

    def is_used(code: str) -> bool:
        if code in words:
            return True
        found = (each.fullmatch(code) for each in patterns)
        return any(match and words | names >= set(match.groups()) for match in found)

    unused = [code for code in messages("en") if not is_used(code)]
    assert not unused, "\n".join(unused)


def rules() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").rglob("*.yaml"))
    )


def test_every_value_that_is_shown_has_a_phrase() -> None:
    shown = [
        *(f"verdict-{each.value}" for each in Verdict),
        *(f"severity-{each.value}" for each in Severity),
        *(f"status-{each.value}" for each in Status),
        *(f"reason-{each.value}" for each in Reason),
        *(f"grade-{each.value}" for each in Grade),
        *(f"match-{each.value}" for each in Match),
        *(f"disposition-{each.value}" for each in DispositionKind),
        *(f"{each.value}-is" for each in DispositionKind),
        *(f"config-{each.value}" for each in SourceKind),
        f"certainty-{Certainty.LIKELY.value}",
        ENGINE_DOUBT,
    ]
    assert [code for code in shown if not known(code)] == []


def test_a_notice_says_that_the_doubt_is_ours() -> None:
    chinese, english = catalogue("zh")["notices"], catalogue("en")["notices"]
    assert [code for code, text in chinese.items() if not text.startswith("我们")] == []
    assert [code for code, text in english.items() if not text.startswith("we ")] == []


def test_a_value_that_was_not_given_shows_as_a_question_mark() -> None:
    assert phrase("year", "zh") == "? 年度"


def test_an_unknown_code_shows_itself_and_all_its_details() -> None:
    assert (
        notice("new-code", [("row", "规章"), ("count", "3")], "zh")
        == "new-code (row: 规章, count: 3)"
    )
    assert phrase("new-code", "en", row=1) == "new-code (row: 1)"


def test_a_detail_that_the_phrase_does_not_use_is_told_in_brackets() -> None:
    said = notice("leftover", [("page", "3")], "zh")
    assert said == "我们没有认出表中这段文字（page: 3）"


def test_a_detail_is_told_in_the_language_that_it_has() -> None:
    details = [("why", "it is damaged"), ("why-zh", "文件已损坏")]
    assert notice("second-reader-failed", details, "zh") == "我们没能重读来印证：文件已损坏"
    assert "it is damaged" in notice("second-reader-failed", details, "en")
    assert "文件" not in notice("second-reader-failed", details, "en")


def test_a_language_without_phrases_of_its_own_gets_english() -> None:
    assert phrase("severity-error", "fr") == phrase("severity-error", "en") == "ERROR"
    assert both("severity-error") == {"zh": "错误", "en": "ERROR"}


def test_cells_with_the_same_columns_are_told_together_and_none_is_left_out() -> None:
    cells = [("甲", "一", 2), ("甲", "二", 2), ("乙", "一", 2), ("丙", "一", 2)]
    assert cells_by_row(cells, 9, "zh") == "甲（整行，2 格）；乙、丙（各行的 一，2 格）"
    assert cells_by_row(cells[2:], 2, "zh") == "全部 2 行的 一（2 格）"
    assert cells_by_row([("", "共收到", 0)], 1, "zh") == "共收到"


@pytest.mark.parametrize(
    ("selector", "chinese"),
    [
        ("paragraph 12", "第 12 段"),
        ("field 3", "第 3 个字段"),
        ("table 2", "第 2 个表"),
        ("table 2, row 5, column 3", "第 2 个表第 5 行第 3 列"),
        ("三、甲, table 1, row 2, column 3", "“三、甲”下第 1 个表第 2 行第 3 列"),
        ("一、甲, table 9, 乙, table 1", "“一、甲, table 9, 乙”下第 1 个表"),
        ("Sheet1!C5", "Sheet1!C5"),
        ("table 1!C5", "table 1!C5"),
    ],
)  # fmt: skip
def test_a_place_is_told_in_the_language_of_the_output(selector: str, chinese: str) -> None:
    assert place(selector, "zh") == chinese
    assert place(selector, "en") == selector
