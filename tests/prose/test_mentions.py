"""The mention reader beside the case files, beside changed figures, and beside hostile input."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate
from auditor.model.finding import Outcome, Status
from auditor.model.form import Address
from auditor.model.prose import Sentence
from auditor.model.report import Facts, Missing, Number, Ref, Value
from auditor.model.source import Extract, Origin, Paragraph
from auditor.model.wordings import Mention, Topic
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import Grammar, Lexer
from auditor.prose.mentions import read_claims
from auditor.source_text import Folding, linearize
from tests.prose.reading import cases, claims_of, forms, prose_of, score
from tests.support import library

FORM = forms()["2021"]


@pytest.mark.parametrize(
    ("name", "recall", "precision"),
    [
        ("known.yaml", 0.98, 0.98),
        ("varied.yaml", 0.98, 0.98),
        ("seen.yaml", 0.98, 0.98),
        ("scopes.yaml", 1, 1),
    ],
)
def test_claims_are_found_and_none_are_invented(
    name: str, recall: float, precision: float, capsys: pytest.CaptureFixture[str]
) -> None:
    found = score(name)
    with capsys.disabled():
        print(f"\n{name}: recall {found[0]:.4f}, precision {found[1]:.4f}")
    assert found[0] >= recall, found[2]
    assert found[1] >= precision, found[2]


def outcomes(text: str, cells: dict[str, int], section: str = "overview") -> list[Outcome]:
    """What the rules on stated figures say of a text beside cells of the tables."""
    prose = prose_of(text, section)
    values: dict[Ref, Value] = {
        Ref(box): Missing() for table in FORM.tables for box in table.boxes()
    }
    values |= {Ref(Address.parse(key)): Number(Decimal(value)) for key, value in cells.items()}
    checks = [check for check in library().checks(FORM.id) if check.predicate_aspect == "agrees"]
    return [each for each in evaluate(checks, Facts(values, {}, prose=prose)) if each.prose_result]


STATED = [
    ("全年收到政府信息公开申请{}件。", {"applications/new_received/total": 0}),
    ("全年新收政府信息公开申请{}件，上年结转0件。", {"applications/new_received/total": 0}),
    ("本年度办结政府信息公开申请{}件。", {"applications/total_handled/total": 0}),
    ("政府信息公开申请结转下年度{}件。", {"applications/carried_forward/total": 0}),
    ("政府信息公开申请中，不予公开{}件。", {"applications/denied_by_law/total": 0}),
    ("因政府信息公开引发行政复议{}件。", {"disputes/review/total": 0}),
    ("全年制发行政规范性文件{}件。", {"disclosure/normative_documents/issued": 0}),
    ("全年作出行政处罚决定{}件。", {"disclosure/penalties/decisions": 0}),
]


@pytest.mark.parametrize(("text", "cells"), STATED)
@settings(max_examples=25)
@given(figure=st.integers(1, 99_999), off=st.integers(1, 500))
def test_a_changed_figure_is_found(text: str, cells: dict[str, int], figure: int, off: int) -> None:
    key = next(iter(cells))
    zeros = {str(box): 0 for box in FORM.table(key.split("/")[0]).boxes()}
    said = {**zeros, key: figure}
    if key.startswith("applications/new_received"):
        said["applications/total_handled/total"] = figure
    if key.startswith("applications/total_handled"):
        said["applications/new_received/total"] = figure
    right = outcomes(text.format(figure), said)
    assert right and all(each.status is Status.PASS for each in right)
    wrong = outcomes(text.format(figure + off), said)
    assert any(each.status is Status.FAIL for each in wrong)


@given(
    case=st.sampled_from([case for case in cases("known.yaml") if not case["says"]]),
    figure=st.integers(2, 9_999),
)
def test_a_changed_figure_of_a_trap_raises_nothing(case: dict[str, str], figure: int) -> None:
    # Years stay years.
    text = re.sub(r"(?<!\d)\d{1,3}(?!\d)", str(figure), case["text"], count=1)
    assert not claims_of({**case, "text": text})


def test_a_denial_of_what_the_table_has_is_an_error() -> None:
    [outcome] = outcomes(
        "2023年未收到政府信息公开申请。",
        {
            "applications/new_received/total": 5,
            "applications/carried_over/total": 0,
            "applications/total_handled/total": 5,
        },
    )
    assert outcome.status is Status.FAIL
    assert outcome.prose_result is not None and outcome.prose_result.severity is not None
    assert outcome.prose_result.severity.value == "error"


def test_a_denial_is_not_excused_by_a_part_that_is_zero() -> None:
    cells = {f"disputes/{row}/{column}": 0 for row in ("review", "suit_after_review") for column in
             ("upheld", "corrected", "other", "pending", "total")}  # fmt: skip
    cells |= {"disputes/direct_suit/total": 42, "disputes/direct_suit/pending": 1}
    found = outcomes("未发生因政府信息公开引起的行政复议、行政诉讼。", cells)
    assert [each.status for each in found] == [Status.PASS, Status.FAIL]


def test_an_unread_cell_leaves_a_stated_figure_undetermined() -> None:
    [outcome] = outcomes("全年收到政府信息公开申请7件。", {"applications/carried_over/total": 0})
    assert outcome.status is Status.UNDETERMINED


def test_a_figure_of_wider_scope_is_a_question() -> None:
    cells = {
        "applications/new_received/total": 5,
        "applications/carried_over/total": 0,
        "applications/total_handled/total": 5,
    }
    [outcome] = outcomes("全市共收到政府信息公开申请812件。", cells)
    assert outcome.prose_result is not None and outcome.prose_result.severity is not None
    assert outcome.prose_result.severity.value == "info"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("收到申请1,467件。", ["1467"]),
        ("收到申请1 467件。", ["1467"]),
        ("收到申请１４６７件。", ["1467"]),
        ("公开信息2.3万条。", ["23000"]),
        ("收到申请三件。", ["3"]),
        ("收到申请十二起。", ["12"]),
        ("收到申请一百零五件。", ["105"]),
        ("收到申请两件。", ["2"]),
        ("二〇二三年收到申请7件。", ["7"]),
        ("国办公开办函〔2021〕30号。", []),
        ("根据《条例》第五十条规定。", []),
        ("电话：0517-83605210，邮编：223001。", []),
        ("拨打12345热线。", []),
        ("20个工作日内答复。", []),
        ("较上年提高3个百分点。", []),
        ("收费75.1552万元。", ["751552"]),
    ],
)
def test_figures_in_sentences_are_read_as_people_read_them(text: str, values: list[str]) -> None:
    found = [format(quantity.value.normalize(), "f") for quantity in prose_of(text).quantities]
    assert found == values


@pytest.mark.parametrize(
    "piece",
    ["收到", "政府信息公开申请", "共计", "收到政府信息公开申请12件", "12件", "无", "、", "一二三",
     "全部", "分别为", "1,", "(", "行政复议、"],
)  # fmt: skip
def test_reading_takes_linear_time_whatever_the_text(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            prose_of(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = 400, 6_400
    assert seconds(large) < 60 * max(seconds(small), 0.02)


def test_reading_takes_linear_time_whatever_the_word_lists() -> None:
    # Words that overlap in every way, which a pattern would try in countless ways.
    words = tuple("a" * length for length in range(1, 40))
    mention = Mention(
        "x", {"zh": "x", "en": "x"}, "t", before=("h",), after=("h",), all=("h",), none=("h",)
    )
    wordings = replace(
        FORM.wordings,
        topics=(Topic("t", words),),
        heads=(("h", ("b", *words)),),
        marks=tuple((key, words) for key in ("glue", "none", "all")),
        mentions=(mention,),
    )
    folding = Folding({})

    def seconds(times: int) -> float:
        text = ("a" * 300 + "7,") * times
        source = linearize(Extract((Paragraph(text, Origin(line=1)),)), folding)
        sentence = Sentence(source.text, "overview", 0, Origin(line=1))
        offsets = range(len(source.text))
        start = time.process_time()
        lexer = Lexer(Grammar(wordings))
        view = SentenceView(lexer, source, sentence, 0, source.text, offsets, 2023, "")
        list(read_claims([view], {}))
        return time.process_time() - start

    assert seconds(32) < 40 * max(seconds(4), 0.02)
