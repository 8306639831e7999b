"""What became of every count of a text is told, in the sentence and in numbers."""

from __future__ import annotations

from click.testing import CliRunner

from auditor.cli import main
from auditor.model.report import Identity, Report, Source
from auditor.reporters import Reading
from auditor.reporters.view import View
from tests.prose.reading import forms, prose_of

TEXT = (
    "全年收到政府信息公开申请12件，其中网络申请9件、信函申请3件。2022年收到11件。"
    "举办培训4次。发放宣传册共计70本。"
)


def view(text: str, language: str) -> View:
    """A report that has nothing but the text."""
    source, form = Source("report.txt", "", "text/plain"), forms()["2021"]
    report = Report(source, form.id, Identity(), {}, prose=prose_of(text))
    return View(Reading(form, report), language)


def states(text: str) -> list[tuple[str, str, str]]:
    """Every count as printed, what became of it, and why."""
    prose = prose_of(text)
    return [
        (prose.sentences[each.sentence].text[each.start : each.end], each.state, each.why)
        for each in prose.counted
    ]


def test_every_count_is_matched_compared_set_apart_or_not_understood() -> None:
    assert states(TEXT) == [
        ("12件", "matched", "received"),
        ("9件", "within", ""),
        ("3件", "within", ""),
        ("11件", "apart", "time"),
        ("4次", "apart", "matter"),
        ("70本", "apart", "unit"),
    ]


def test_what_no_word_explains_is_not_understood() -> None:
    assert states("完成甲乙丙丁8件。") == [("8件", "unread", "")]


def test_the_numbers_add_up() -> None:
    counts = prose_of(TEXT).coverage()
    parts = ("matched", "within", "apart", "unread")
    assert counts["figures"] == sum(counts[key] for key in parts) == 6
    assert counts["apart"] == sum(n for key, n in counts.items() if key.startswith("apart:"))


def test_the_numbers_are_told_with_the_reasons() -> None:
    assert view(TEXT, "en").prose_coverage == (
        "counts in the text: 6; 1 compared with the tables, 2 within the text, 3 not of these "
        "tables (1 of another matter, 1 of another time, 1 in other units), 0 not understood"
    )
    assert view("没有数字。", "en").prose_coverage == ""


def test_counts_are_marked_in_their_sentence() -> None:
    [line] = view("收到政府信息公开申请5件。", "zh").marked_sentences
    assert line == "收到政府信息公开申请5件[✓收到的政府信息公开申请]。"


def test_a_sentence_can_be_tried() -> None:
    text = "收到政府信息公开申请5件，召开会议2场。"
    done = CliRunner().invoke(main, ["rules", "try", text, "--lang", "en"])
    assert done.exit_code == 0
    assert "head receive" in done.output
    assert "received = 5" in done.output
    assert "2场: another matter" in done.output


def test_a_sentence_without_a_claim_says_so() -> None:
    done = CliRunner().invoke(main, ["rules", "try", "天气很好。", "--lang", "en"])
    assert "no quantity of the form was read" in done.output
