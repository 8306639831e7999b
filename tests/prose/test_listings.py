"""Lists, shares, growth and publications: what is read of them and what is said against them."""

from __future__ import annotations

import gc
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.evaluate import evaluate
from auditor.model.finding import Outcome, Status
from auditor.model.prose import Prose
from auditor.model.report import Facts
from tests.prose.reading import cases, prose_of
from tests.support import library, unburdened

CASES = cases("listings.yaml")
EXPLORED = [*cases("known.yaml"), *cases("varied.yaml")]
KINDS = {"breakdown", "share", "growth", "same", "published"}
FORM = "cn-goi-annual/2021"

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))


def outcomes(prose: Prose, kinds: set[str] = KINDS) -> list[Outcome]:
    """What the shipped rules of these kinds make of the sentences, the tables unread."""
    checks = [check for check in library().checks(FORM) if check.rule.kind in kinds]
    found = evaluate(checks, Facts({}, {}, prose=prose))
    return [outcome for outcome in found if outcome.prose_result is not None]


def told(prose: Prose) -> list[str]:
    """The codes of what is said against the text."""
    return [
        outcome.prose_result.code
        for outcome in outcomes(prose)
        if outcome.status is Status.FAIL and outcome.prose_result is not None
    ]


def lists_of(prose: Prose) -> list[list[Decimal]]:
    """Every list as read: total and parts."""
    return [
        [breakdown.total.value, *(each.value for each in breakdown.figures)]
        for breakdown in prose.breakdowns
    ]


def prose_for(case: dict[str, Any]) -> Prose:
    return prose_of(case["text"], case.get("section", "overview"), case.get("year", 2023))


@each_case
def test_what_is_said_against_the_text_is_what_the_case_names(case: dict[str, Any]) -> None:
    assert told(prose_for(case)) == case.get("tells", [])


@each_case
def test_the_lists_are_read(case: dict[str, Any]) -> None:
    found = lists_of(prose_for(case))
    missing = [
        wanted
        for wanted in case.get("lists", [])
        if list(map(Decimal, map(str, wanted))) not in found
    ]
    assert missing == [], found


def test_the_traps_of_lists_are_among_the_cases() -> None:
    assert {"T-6", "T-7", "T-8", "T-13", "T-14"} <= {case.get("like") for case in CASES}


def test_no_sentence_that_others_wrote_is_told_against() -> None:
    wrong = {case["id"]: codes for case in EXPLORED if (codes := told(prose_for(case)))}
    assert wrong == {}


def test_most_lists_that_others_wrote_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Recall over lists that the words were not written from: at least nine in ten."""
    wanted = read = 0
    for case in cases("varied.yaml"):
        prose = prose_for(case)
        found = [
            [total.value, *(each.value for each in (*breakdown.figures, *breakdown.following))]
            for breakdown in prose.breakdowns
            for total in (breakdown.total, *breakdown.others)
        ]
        for breakdown in case.get("totals", []):
            figures = [Decimal(str(each)) for each in breakdown]
            wanted += 1
            read += any(each[: len(figures)] == figures for each in found)
    with capsys.disabled():
        print(f"\nlists: {read} of {wanted} read in sentences kept from the word lists")
    assert read / wanted >= 0.89


NAMES = ["通知公告", "工作动态", "政策法规", "财政信息", "招聘信息", "人事任免", "规划计划"]
WORDS = st.sampled_from(
    [("共", "，其中", "、", ""), ("共计", "（", "，", "）"), ("", "，包括", "，", "")]
)


@st.composite
def closing_lists(draw: st.DrawFn) -> tuple[list[int], tuple[str, str, str, str], str]:
    """Parts whose sum is the total, and how the list is worded."""
    parts = draw(st.lists(st.integers(20, 900), min_size=2, max_size=len(NAMES)))
    return parts, draw(WORDS), draw(st.sampled_from("条件篇个"))


def sentence(total: int, parts: list[int], words: tuple[str, str, str, str], unit: str) -> str:
    together, begin, comma, end = words
    said = comma.join(f"{name}{part}{unit}" for name, part in zip(NAMES, parts, strict=False))
    return f"我局全年{together}公开信息{total}{unit}{begin}{said}{end}。"


def breakdowns(text: str) -> list[Status]:
    return [outcome.status for outcome in outcomes(prose_of(text), {"breakdown"})]


@settings(max_examples=60, deadline=None)
@given(closing_lists())
def test_a_list_that_adds_up_passes(
    found: tuple[list[int], tuple[str, str, str, str], str],
) -> None:
    parts, words, unit = found
    assert breakdowns(sentence(sum(parts), parts, words, unit)) == [Status.PASS]


@settings(max_examples=60, deadline=None)
@given(closing_lists(), st.integers(1, 10), st.booleans(), st.data())
def test_a_figure_changed_by_little_is_found(
    found: tuple[list[int], tuple[str, str, str, str], str],
    by: int,
    up: bool,
    data: st.DataObject,
) -> None:
    parts, words, unit = found
    at = data.draw(st.integers(-1, len(parts) - 1))
    total = sum(parts)
    by = min(by, max(1, total // 20)) * (1 if up else -1)
    if at < 0:
        total += by
    else:
        parts = [part + by * (number == at) for number, part in enumerate(parts)]
    assert breakdowns(sentence(total, parts, words, unit)) in ([Status.FAIL],)


@settings(max_examples=40, deadline=None)
@given(closing_lists(), st.integers(1, 500))
def test_a_list_of_examples_that_falls_short_raises_nothing(
    found: tuple[list[int], tuple[str, str, str, str], str], missing: int
) -> None:
    parts, words, unit = found
    text = sentence(sum(parts) + missing, parts, words, unit)
    end = words[3]
    text = text.removesuffix(f"{end}。") + f"等{end}。"
    assert Status.FAIL not in breakdowns(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 3000), st.lists(st.integers(1, 900), min_size=2, max_size=5))
def test_shares_rounded_as_anyone_would_pass(more: int, parts: list[int]) -> None:
    total = sum(parts) + more
    said = "，".join(
        f"{name}{part}件，占{round(100 * part / total, 2)}%"
        for name, part in zip(NAMES, parts, strict=False)
    )
    prose = prose_of(f"共答复申请{total}件。其中，{said}。")
    assert [each.status for each in outcomes(prose, {"share"})] == [Status.PASS] * len(parts)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 5000), st.integers(20, 5000))
def test_growth_computed_from_the_two_figures_passes(now: int, last: int) -> None:
    rate = round(Decimal(100 * (now - last)) / last, 1)
    said = f"增长{rate}" if rate >= 0 else f"下降{-rate}"
    prose = prose_of(f"全年收到申请{now}件，比2022年（{last}件）{said}%。")
    assert [each.status for each in outcomes(prose, {"growth"})] == [Status.PASS]


@pytest.mark.parametrize(
    "piece",
    [
        "其中1件，",
        "共1件（",
        "（1件，占1%）",
        "同比增长1%，",
        "1件，分别",
        *(
            pytest.param(each, marks=pytest.mark.thorough)
            for each in ("1", "（其中", "1件", "其中", "较2022年（1件）", "占1%", "共发布")
        ),
        "1件；其余2件，",
    ],
)
def test_reading_and_judging_take_linear_time(piece: str) -> None:
    def took(times: int) -> float:
        """Seconds of the processor, without what collects garbage: the more values a worker holds
        by then, the longer that takes."""
        with unburdened():
            gc.disable()
            start = process_time()
            outcomes(prose_of(f"全年公开信息9件，{piece * times}。"))
            spent = process_time() - start
            gc.enable()
        return spent

    took(10)
    small, large = took(500), took(4_000)
    if large >= 0.2 + 20 * small:  # once more, where it was the machine that took the time
        small, large = max(small, took(500)), min(large, took(4_000))
    assert large < 0.2 + 20 * small
