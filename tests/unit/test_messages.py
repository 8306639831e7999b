"""Phrases: one for every code, in both languages, and nothing told is lost."""

from __future__ import annotations

import pytest

from auditor.configuration.settings import From
from auditor.messages import (
    PHRASES,
    both,
    cells_by_row,
    known,
    notice,
    phrase,
    place,
    placeholders,
)
from auditor.messages.notices import NOTICES
from auditor.model.check import Severity
from auditor.model.disposition import DispositionKind
from auditor.model.finding import ENGINE_DOUBT, Certainty, Grade, Reason, Status, Verdict
from auditor.model.report import Match


@pytest.mark.parametrize("code", sorted(PHRASES))
def test_a_phrase_stands_in_both_languages_with_the_same_values(code: str) -> None:
    chinese, english = PHRASES[code]
    assert chinese and english
    assert placeholders(chinese) == placeholders(english)


@pytest.mark.parametrize(
    "code",
    [
        *(f"verdict-{each.value}" for each in Verdict),
        *(f"severity-{each.value}" for each in Severity),
        *(f"status-{each.value}" for each in Status),
        *(f"reason-{each.value}" for each in Reason),
        *(f"grade-{each.value}" for each in Grade),
        *(f"match-{each.value}" for each in Match),
        *(f"disposition-{each.value}" for each in DispositionKind),
        *(f"{each.value}-is" for each in DispositionKind),
        *(f"config-{each.value}" for each in From),
        f"certainty-{Certainty.LIKELY.value}",
        ENGINE_DOUBT,
    ],
)
def test_every_value_that_is_shown_has_a_phrase(code: str) -> None:
    assert known(code)


@pytest.mark.parametrize("code", sorted(NOTICES))
def test_a_notice_says_that_the_doubt_is_ours(code: str) -> None:
    chinese, english = NOTICES[code]
    assert chinese.startswith("我们")
    assert english.startswith("we ")


def test_a_value_that_was_not_given_shows_as_a_question_mark() -> None:
    assert phrase("year", "zh") == "? 年度"


def test_an_unknown_code_shows_itself_and_all_its_details() -> None:
    assert (
        notice("new-code", [("row", "规章"), ("count", "3")], "zh")
        == "new-code (row: 规章, count: 3)"
    )
    assert phrase("new-code", "en", row=1) == "new-code (row: 1)"


def test_a_detail_that_the_phrase_does_not_use_is_told_in_brackets() -> None:
    said = notice("encoding-doubt", [("encoding", "gb18030")], "zh")
    assert said == "我们对文件的字符编码没有把握（encoding: gb18030）"


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
