"""Rows by proof: every figure between two labels is accounted for; what no sums prove is unread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

import pytest

from auditor.definitions.forms import load_form
from auditor.layout import align
from auditor.layout.candidates import joined
from auditor.layout.labels import Likeness
from auditor.layout.tokens import Kind, Token
from auditor.model.check import Severity
from auditor.model.form import Address
from auditor.model.report import Illegible, Match, Number, Report, Source
from auditor.pipeline import audit
from auditor.readers import read
from tests.kit import LAYOUTS, consistent_figures
from tests.support import FORM_IDS, form, library, text_document
from tests.unit.test_forms import HEAD, ROWS, SMALL, TRUTH, changed, codes, report_of, values

UNREAD: list[int | str] = ["?", "?", "?"]
LOST: list[int | str] = ["missing"] * 3
LABELS = dict(
    zip(TRUTH, ("一、新收申请", "二、上年结转", "1.予以公开信息", "2.不予公开信息", "四、办结合计"),
        strict=True)
)  # fmt: skip
LARGE = {
    "new": (353288, 12, 353300), "old": (7, 0, 7), "open": (353290, 5, 353295),
    "closed": (5, 7, 12), "all": (353295, 12, 353307),
}  # fmt: skip
ROUND = {
    "new": (12000, 47970, 59970), "old": (0, 0, 0), "open": (12000, 0, 12000),
    "closed": (0, 47970, 47970), "all": (12000, 47970, 59970),
}  # fmt: skip
MIXED = {
    "new": (15, 0, 15), "old": (1, 10, 11), "open": (13, 4, 17), "closed": (3, 6, 9),
    "all": (16, 10, 26),
}  # fmt: skip
ZEROS = dict.fromkeys(TRUTH, (0, 0, 0))
Rows = Mapping[str, tuple[int, int, int]]


def said(figures: Sequence[int]) -> str:
    return " ".join(map(str, figures))


def table(rows: Rows, **instead: str) -> str:
    """The small form with a line for each row, and what is printed instead of some."""
    lines = [instead.get(key, f"{LABELS[key]} {said(rows[key])}") for key in LABELS]
    return HEAD + "\n".join(lines) + "\n结束"


def grid(rows: Sequence[Sequence[str]]) -> str:
    """The small form between pipes."""
    lines = [("事项", "甲项数", "乙项数", "总计"), *rows]
    return (
        "某局2023年报告\n申请计数\n" + "\n".join(f"| {' | '.join(r)} |" for r in lines) + "\n结束"
    )


def cells(rows: Rows) -> dict[str, list[str]]:
    return {key: [LABELS[key], *map(str, rows[key])] for key in LABELS}


def read_of(report: Report) -> dict[str, tuple[int | str, ...]]:
    return {key: tuple(values(report, key)) for key in LABELS}


def is_true(report: Report, rows: Rows) -> bool:
    """Whether whatever was read is right."""
    return all(
        value in (true, "?", "missing")
        for key in LABELS
        for value, true in zip(values(report, key), rows[key], strict=True)
    )


def match_of(report: Report, row: str, column: str = "first") -> Match:
    return report.entries[Address("counts", row, column)].match


DISCLOSURE = (
    "二、主动公开政府信息情况\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 {0}\n"
    "行政规范性文件 {1}\n信息内容 本年处理决定数量\n行政许可 {2}\n行政处罚 3\n行政强制 4\n"
    "信息内容 本年收费金额\n行政事业性收费 0.5\n三、收到和处理政府信息公开申请情况\n"
)
"""A table without sums."""


def disclosed(*figures: str) -> dict[str, list[str]]:
    """What is read of the rows of a table without sums, `?` where nothing is."""
    report = align(read(text_document(DISCLOSURE.format(*figures))), form(), Source("x", "", ""))
    found: dict[str, list[str]] = {}
    for box in form().table("disclosure").boxes():
        value = report.entries[box].value
        found.setdefault(box.row, []).append(str(value.value) if isinstance(value, Number) else "?")
    return found


DISPUTES = (
    "本年制发件数 本年废止件数\n四、政府信息公开行政复议、行政诉讼情况\n"
    "行政复议 行政诉讼 {0}\n" + "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3 + "\n{1}\n"
    "五、存在的主要问题及改进情况\n"
)
IN_ORDER = "未经复议直接起诉 复议后起诉"


def disputed(figures: str, captions: str = IN_ORDER) -> list[str]:
    """What is read of a table whose three rows are printed on one line, `?` where nothing is."""
    report = align(
        read(text_document(DISPUTES.format(captions, figures))), form(), Source("x", "", "")
    )
    found = (report.entries[box].value for box in form().table("disputes").boxes())
    return [str(value.value) if isinstance(value, Number) else "?" for value in found]


# Figures wrapped over lines


@pytest.mark.parametrize(
    "row",
    [
        "一、新收申请 3532 12 3533\n88 00",  # the rest below
        "一、新收申请 3532 12 353300\n88",  # of one figure
        "一、新收申请\n3532 12 3533\n88 00",
        "3532 3533\n一、新收申请 88 12 00",  # the heads above
        "一、新收申请\n3532 3533\n88 12 00",
        "3532 3533\n一、新收申请 12\n88 00",  # around the figure of one line
        "35 35\n一、新收申请 32 12 33\n88 00",  # over three lines
        "一、新收 3532 12 3533\n申请 88 00",  # with the label
    ],
)
def test_a_figure_wrapped_over_lines_is_joined_where_rows_and_columns_prove_it(row: str) -> None:
    report = report_of(table(LARGE, new=row))
    assert read_of(report) == LARGE
    assert match_of(report, "new") is Match.INFERRED
    assert frozenset(Address("counts", "new", c) for c in ("first", "second", "total")) in (
        report.assumed
    )


@pytest.mark.parametrize("total", ["353296 12 353308", "353295 12 353308"])
@pytest.mark.parametrize(
    "row",
    ["一、新收申请 3532 12 3533\n88 00", "3532 3533\n一、新收申请 12\n88 00",
     "一、新收申请 3532 12 353300\n88"],
)  # fmt: skip
def test_a_wrapped_figure_that_sums_do_not_prove_is_unread_and_never_cut(
    row: str, total: str
) -> None:
    report = report_of(table(LARGE, new=row, all=f"四、办结合计 {total}"))
    assert values(report, "new")[0] in ("?", 353288)
    assert values(report, "new")[2] in ("?", 353300)
    assert values(report, "open") == list(LARGE["open"])


def test_a_wrapped_figure_of_a_table_without_sums_is_unread() -> None:
    assert disclosed("0 0 3532\n88", "1 2 3", "5")["regulations"] == ["?", "?", "?"]
    assert disclosed("0 0 1", "1 2 3", "3532\n88")["licences"] == ["?"]
    whole = disclosed("0 0 353288", "1 2 3", "5")
    assert whole["regulations"] == ["0", "0", "353288"]
    assert whole["normative_documents"] == ["1", "2", "3"]


def test_figures_cut_so_that_the_row_balances_are_not_read_cut() -> None:
    """1200 and 4797 make 5997, and a line of zeros below is no row."""
    assert read_of(report_of(table(ROUND, new="一、新收申请 1200 4797 5997\n0 0 0"))) == ROUND
    report = report_of(
        table(
            ROUND,
            new="一、新收申请 1200 4797 5997\n0 0 0",
            open="1.予以公开信息 1200 0 1200\n0 0",
            closed="2.不予公开信息 0 4797 4797\n0 0",
            all="四、办结合计 1200 4797 5997\n0 0 0",
        )
    )
    assert is_true(report, ROUND)
    assert values(report, "new") == UNREAD


def test_the_pieces_of_a_row_of_cells_are_joined_cell_by_cell() -> None:
    rows = cells(LARGE)
    new = (["一、新收申请", "3532", "12", "3533"], ["", "88", "", "00"])
    report = report_of(grid([*new, *(rows[key] for key in rows if key != "new")]))
    assert read_of(report) == LARGE
    label_too = (["一、新收", "3532", "12", "3533"], ["申请", "88", "", "00"])
    report = report_of(grid([*label_too, *(rows[key] for key in rows if key != "new")]))
    assert read_of(report) == LARGE
    other = (["一、新收申请", "3532", "12", "3533"], ["", "87", "", "99"])
    report = report_of(grid([*other, *(rows[key] for key in rows if key != "new")]))
    assert values(report, "new") == UNREAD


def test_every_row_may_be_wrapped_around_what_stands_on_one_line() -> None:
    report = report_of(
        table(
            LARGE,
            new="3532 3533\n一、新收申请 12\n88 00",
            open="3532 3532\n1.予以公开信息 5\n90 95",
            all="3532 3533\n四、办结合计 12\n95 07",
        )
    )
    assert read_of(report) == LARGE


def test_figures_on_two_lines_are_the_rows_where_its_sums_hold_and_unread_where_one_breaks() -> (
    None
):
    for row in ("一、新收申请\n2 10\n12", "一、新收申请 2 10\n12"):
        assert values(report_of(table(TRUTH, new=row)), "new") == [2, 10, 12]
        assert values(report_of(table(TRUTH, new=row.replace("12", "13"))), "new") == UNREAD
    across = report_of(table(TRUTH, closed="2.不予公开信息\n0 7\n7"))
    assert values(across, "closed") == UNREAD
    assert disclosed("1 2\n3", "5 6 7", "8")["regulations"] == ["?", "?", "?"]  # 1 23, one lost


def test_pieces_that_can_be_joined_in_one_way_only_are_not_proved_by_that() -> None:
    assert disclosed("12 3 00 5", "5 6 7", "8")["regulations"] == ["?", "?", "?"]


# Figures left over


def test_a_figure_between_two_labels_puts_the_rows_on_both_sides_in_doubt() -> None:
    found = disclosed("1 2 3\n4", "5 6 7", "8")
    assert found["regulations"] == ["?", "?", "?"]
    assert found["normative_documents"] == ["?", "?", "?"]
    assert found["licences"] == ["8"]
    assert disclosed("0 0 3\n4", "5 6 7", "8")["regulations"] == ["?", "?", "?"]


def test_a_figure_left_over_changes_nothing_where_sums_prove_both_rows() -> None:
    report = report_of(table(TRUTH, new="一、新收申请 2 10 12\n4"))
    assert read_of(report) == TRUTH
    assert match_of(report, "new") is Match.EXACT


def test_a_figure_left_over_is_not_dropped_where_the_columns_contradict_its_neighbours() -> None:
    report = report_of(table(TRUTH, new="一、新收申请 2 10 12\n1", all="四、办结合计 4 10 14"))
    assert values(report, "new")[::2] == ["?", "?"]
    assert values(report, "open") == list(TRUTH["open"])


@pytest.mark.parametrize("mark", ["- 3 -", "— 12 —", "第3页", "3 / 9"])
def test_a_page_mark_between_two_labels_leaves_nothing_in_doubt(mark: str) -> None:
    found = disclosed(f"1 2 3\n{mark}", "5 6 7", f"8\n{mark}")
    assert (found["regulations"], found["normative_documents"]) == (
        ["1", "2", "3"],
        ["5", "6", "7"],
    )
    assert (found["licences"], found["penalties"]) == (["8"], ["3"])


def test_a_whole_row_left_over_may_be_the_row_of_the_label_above_or_below() -> None:
    found = disclosed("1 2 3\n4 5 6", "7 8 9", "8")
    assert found["regulations"] == ["?", "?", "?"]
    assert found["normative_documents"] == ["?", "?", "?"]
    report = report_of(table(TRUTH, new="一、新收申请 2 9 11\n2 10 12"))
    assert is_true(report, TRUTH)


def test_a_whole_row_left_over_is_nobodys_where_the_row_above_it_is_proved() -> None:
    assert read_of(report_of(table(TRUTH, new="一、新收申请 2 10 12\n5 6 11"))) == TRUTH


@pytest.mark.parametrize("digits", ["09", "00", "007"])
def test_digits_that_begin_with_a_zero_are_the_rest_of_a_figure(digits: str) -> None:
    found = disclosed(f"1 2 3\n{digits}", "5 6 7", f"8\n{digits}")
    assert found["regulations"][2] == "?"
    assert found["licences"] == ["?"]
    assert values(report_of(table(TRUTH, new=f"一、新收申请 2 9 12\n{digits}")), "new") == UNREAD


@pytest.mark.parametrize("figures", ["2 010 30", "05 3 30", "0 03 30"])
def test_a_row_in_which_a_figure_begins_with_a_zero_is_not_read_as_it_stands(figures: str) -> None:
    assert disclosed(figures, "5 6 7", "8")["regulations"][1:] == ["?", "?"]
    rows = {**TRUTH, "new": (20, 10, 30), "open": (21, 4, 25), "all": (21, 10, 31)}
    assert read_of(report_of(table(rows, new="一、新收申请 2 010 30"))) == rows


def test_a_row_between_one_that_has_too_few_and_one_too_many_is_unread_though_it_adds_up() -> None:
    """The last figure of each stands in front of the next row's: 0 + 3 = 3 proves nothing."""
    rows = {
        "new": (8, 10, 18), "old": (0, 0, 0), "open": (3, 3, 6), "closed": (5, 7, 12),
        "all": (8, 10, 18),
    }  # fmt: skip
    moved = {"old": "0 0", "open": "0 3 3", "closed": "6 5 7 12"}
    text = table(rows, **{key: f"{LABELS[key]} {figures}" for key, figures in moved.items()})
    report = report_of(text)
    assert is_true(report, rows)
    assert values(report, "open") == UNREAD


# Digits that moved within a row


@pytest.mark.parametrize("number", ["5", "12", "3"])
@pytest.mark.parametrize("row", ["old", "open", "all"])
def test_a_row_that_balances_as_printed_stays_so_though_a_page_number_follows(
    row: str, number: str
) -> None:
    rows = table(TRUTH, **{row: f"{LABELS[row]} {said(TRUTH[row])}\n{number}"})
    report = report_of(rows)
    assert read_of(report) == TRUTH
    assert {entry.match for entry in report.entries.values()} == {Match.EXACT}
    assert not report.assumed


@pytest.mark.parametrize(
    ("row", "printed", "read_as"),
    [
        ("old", "11 0 11", ["?", "?", 11]),  # 1 10: it balances all the same
        ("new", "1 5 15", ["?", "?", 15]),  # torn, and a zero lost
        ("open", "134 1 7", UNREAD),  # two run together, another torn
        ("open", "1 34 17", ["?", "?", 17]),
    ],
)
def test_a_row_whose_digits_moved_between_its_figures_is_unread_where_columns_contradict_it(
    row: str, printed: str, read_as: list[int | str]
) -> None:
    report = report_of(table(MIXED, **{row: f"{LABELS[row]} {printed}"}))
    got = values(report, row)
    assert all(value in ("?", right) for value, right in zip(got, MIXED[row], strict=True)), got
    assert got == read_as
    assert {k: v for k, v in read_of(report).items() if k != row} == {
        k: v for k, v in MIXED.items() if k != row
    }


def test_a_row_whose_digits_may_have_moved_stands_where_all_sums_hold() -> None:
    report = report_of(table(MIXED))
    assert read_of(report) == MIXED
    assert {entry.match for entry in report.entries.values()} == {Match.EXACT}


# What proves nothing


@pytest.mark.parametrize("rows", [TRUTH, ZEROS], ids=["figures", "zeros"])
@pytest.mark.parametrize("by", ["rows", "cells", "columns", "lines of columns"])
def test_blocks_of_labels_and_blocks_of_figures_are_unread(by: str, rows: Rows) -> None:
    columns = [" ".join(str(rows[key][at]) for key in rows) for at in range(3)]
    lines = {
        "rows": [said(rows[key]) for key in rows],
        "cells": [str(n) for key in rows for n in rows[key]],
        "columns": " ".join(columns).split(),
        "lines of columns": columns,
    }
    report = report_of(HEAD + "\n".join([*LABELS.values(), *lines[by]]) + "\n结束")
    assert all(values(report, key) in (UNREAD, LOST) for key in LABELS), read_of(report)


def test_two_lines_of_figures_behind_two_labels_may_be_swapped() -> None:
    for rows in (TRUTH, ZEROS):
        labels = f"{LABELS['old']}\n{LABELS['open']}"
        for first, second in (("old", "open"), ("open", "old")):
            block = f"{labels}\n{said(rows[first])}\n{said(rows[second])}"
            lines = [f"{LABELS[key]} {said(rows[key])}" for key in ("new", "closed", "all")]
            report = report_of(HEAD + "\n".join([lines[0], block, *lines[1:]]) + "\n结束")
            assert values(report, "old") == UNREAD
            assert values(report, "open") == UNREAD
            assert values(report, "closed") in (UNREAD, list(rows["closed"]))
            assert values(report, "all") == list(rows["all"])


@pytest.mark.parametrize("rows", [TRUTH, ZEROS], ids=["figures", "zeros"])
@pytest.mark.parametrize("at", range(4))
def test_a_run_of_labels_and_figures_from_which_a_label_is_lost_may_be_shifted_by_one(
    at: int, rows: Rows
) -> None:
    lines = [line for key in LABELS for line in (LABELS[key], said(rows[key]))]
    del lines[2 * at]
    report = report_of(HEAD + "\n".join(lines) + "\n结束")
    lost = list(LABELS)[at]
    assert is_true(report, rows)
    assert values(report, lost) in (LOST, UNREAD)
    beside = list(LABELS)[at - 1 if at else 1]
    # Where all rows say the same it is no matter which of two lines is whose.
    assert match_of(report, beside) is not Match.EXACT or rows is ZEROS


@pytest.mark.parametrize("rows", [MIXED, ZEROS], ids=["figures", "zeros"])
def test_a_run_that_begins_with_figures_and_ends_with_a_label_is_told_by_nothing_but_sums(
    rows: Rows,
) -> None:
    lines = [line for key in LABELS for line in (said(rows[key]), LABELS[key])]
    report = report_of(HEAD + "\n".join(lines) + "\n结束")
    assert all(values(report, key) in (UNREAD, LOST, list(rows[key])) for key in LABELS)
    assert rows is not ZEROS or all(values(report, key) == UNREAD for key in LABELS)


# Columns in doubt


def first_total(rows: Rows) -> str:
    lines = [f"{LABELS[key]} {said((total, *parts))}" for key, (*parts, total) in rows.items()]
    return "某局2023年报告\n申请计数\n" + "\n".join(lines) + "\n结束"


def test_totals_that_stand_first_without_a_header_put_the_columns_in_doubt() -> None:
    report = report_of(first_total(MIXED))
    assert all(values(report, key) == UNREAD for key in LABELS)
    assert "column-doubt" in codes(report)


def test_where_three_rows_of_five_break_the_columns_are_in_doubt_and_two_are_the_authors() -> None:
    broken = {**TRUTH, "new": (2, 10, 13), "closed": (0, 6, 7)}
    assert read_of(report_of(table(broken))) == broken
    broken["open"] = (3, 4, 8)
    report = report_of(table(broken))
    assert all(values(report, key) == UNREAD for key in LABELS)
    assert "column-doubt" in codes(report)


def test_rows_of_zeros_count_for_nothing_where_columns_are_judged() -> None:
    rows = {**ZEROS, "new": (12, 2, 10), "all": (12, 2, 10)}
    assert all(values(report_of(table(rows)), key) == UNREAD for key in LABELS)
    rows["new"] = (2, 10, 12)
    assert values(report_of(table(rows)), "all") == [12, 2, 10]


def test_nobody_is_blamed_for_columns_in_doubt() -> None:
    rng = Random(4)
    figures = consistent_figures(form(), rng, "medium")
    text = LAYOUTS["spaces, header in pieces"](form(), figures, "青溪市水务局", 2023, rng)
    start, end = text.index("申请人情况"), text.index("一、本年新收政府信息公开申请数量")
    text = text[:start] + "\n" + text[end:]
    moved = re.sub(r"((?: \d+){6})( \d+)$", r"\2\1", text, flags=re.MULTILINE)
    assert moved != text
    judged = audit(text_document(moved), library())
    assert not [each for each in judged.findings if each.severity is Severity.ERROR]
    for box, entry in judged.report.entries.items():
        assert not isinstance(entry.value, Number) or entry.value.value == figures[box], box


LINE_OF_DISPUTES = "1 0 0 0 1 2 1 0 0 3 0 0 4 1 5"


def test_three_rows_on_one_line_are_read_in_the_order_of_their_captions() -> None:
    assert disputed(LINE_OF_DISPUTES) == LINE_OF_DISPUTES.split()
    assert disputed(LINE_OF_DISPUTES, "复议后起诉 未经复议直接起诉") == ["?"] * 15
    assert disputed(" ".join("0" * 15), "复议后起诉 未经复议直接起诉") == ["?"] * 15


def test_fifteen_figures_are_no_three_rows_where_two_of_these_break() -> None:
    assert disputed("1 0 0 0 1 2 1 0 3 3 0 4 1 5 7") == ["?"] * 15
    one = "1 0 0 0 1 2 1 0 0 4 0 0 4 1 5"
    assert disputed(one) == one.split()


@pytest.mark.parametrize("text", ["{}\n6", "6\n{}", "{}\n0 0"])
def test_a_figure_above_or_below_a_line_of_fifteen_may_be_a_piece_of_any(text: str) -> None:
    found = disputed(text.format(LINE_OF_DISPUTES))
    assert all(
        read in ("?", true) for read, true in zip(found, LINE_OF_DISPUTES.split(), strict=True)
    )
    assert found[-1] == "?"
    assert disputed("0 " * 15 + "\n7") == ["0"] * 15  # no figure begins with a zero
    assert disputed("0 " * 15 + "\n" + LINE_OF_DISPUTES) == ["?"] * 15


# Whose error it is


def wrapped(line: str, width: int) -> str:
    """A row of which the figures go on below behind so many digits."""
    label, _, figures = re.split(r"( )(?=\d+(?: \d+)*$)", line, maxsplit=1)
    heads = [figure[:width] for figure in figures.split()]
    tails = [figure[width:] for figure in figures.split()]
    return f"{label} {' '.join(heads)}\n{' '.join(filter(None, tails))}".rstrip()


@pytest.mark.parametrize("is_wrapped", [False, True])
@pytest.mark.parametrize("seed", [5, 6])
def test_an_authors_single_error_is_found_at_its_cell_though_other_rows_were_joined(
    seed: int, is_wrapped: bool
) -> None:
    rng = Random(seed)
    figures = consistent_figures(form(), rng, "huge")
    slip = Address("applications", "granted", "business")
    printed = {**figures, slip: figures[slip] + 30}
    text = LAYOUTS["spaces, header in pieces"](form(), printed, "青溪市水务局", 2023, rng)
    row = next(line for line in text.split("\n") if line.startswith("一、本年新收"))
    if is_wrapped:
        text = text.replace(row, wrapped(row, 4))
        assert row not in text
    judged = audit(text_document(text), library())
    errors = [each for each in judged.findings if each.severity is Severity.ERROR]
    assert any(each.primary == slip or slip in each.addresses for each in errors)
    edits = {e.address for each in errors for offer in each.suggestions for e in offer.edits}
    assert slip in edits
    for box in form().table("applications").boxes():
        value = judged.report.entries[box].value
        if isinstance(value, Number):
            assert value.value == printed[box], box
    new = Address("applications", "new_received", "total")
    assert judged.report.entries[new].value == Number(figures[new])
    assert (judged.report.entries[new].match is Match.INFERRED) is is_wrapped


@pytest.mark.parametrize("apart", [" ", "\n"])
def test_an_authors_error_in_a_solid_row_stays_what_is_printed(apart: str) -> None:
    for printed in ((0, 5, 6), (0, 7, 7), (1, 6, 6)):
        row = f"{LABELS['closed']}\n{said(printed).replace(' ', apart)}"
        assert values(report_of(table(TRUTH, closed=row)), "closed") == list(printed)
        report = report_of(table(TRUTH, closed=f"{LABELS['closed']} {said(printed)}"))
        assert values(report, "closed") == list(printed)
        assert match_of(report, "closed") is Match.EXACT


def test_a_broken_row_beside_a_row_with_too_few_figures_is_unread() -> None:
    few = {"closed": "2.不予公开信息 0 6"}
    report = report_of(table({**TRUTH, "all": (3, 10, 16)}, **few))
    assert (values(report, "closed"), values(report, "all")) == (UNREAD, UNREAD)
    apart = report_of(table({**TRUTH, "new": (2, 10, 16)}, **few))
    assert values(apart, "new") == [2, 10, 16]  # two whole rows are between them
    assert values(apart, "closed") == UNREAD


def test_a_broken_row_beside_one_with_an_empty_cell_is_the_authors() -> None:
    rows = cells({**TRUTH, "all": (3, 10, 16)})
    rows["closed"][1] = ""
    report = report_of(grid(list(rows.values())))
    assert values(report, "closed") == ["blank", 6, 6]
    assert values(report, "all") == [3, 10, 16]


# What else stands beside labels


def test_a_heading_of_one_column_between_a_label_and_figures_makes_them_that_columns() -> None:
    columns = [
        f"{head}\n" + "\n".join(str(TRUTH[key][at]) for key in TRUTH)
        for at, head in enumerate(("甲项数", "乙项数", "总计"))
    ]
    for rows in (columns, [column.replace("10", "0") for column in columns]):
        text = "某局2023年报告\n申请计数\n" + "\n".join([*LABELS.values(), *rows]) + "\n结束"
        report = report_of(text)
        assert all(values(report, key) in (UNREAD, LOST) for key in LABELS), read_of(report)


def test_figures_behind_a_heading_of_one_column_are_the_rows_only_where_sums_prove_it() -> None:
    for rows, is_read in ((TRUTH, True), (ZEROS, False)):
        report = report_of(table(rows, all=f"四、办结合计\n乙项数\n{said(rows['all'])}"))
        assert values(report, "all") == (list(rows["all"]) if is_read else UNREAD)
        assert not is_read or match_of(report, "all") is Match.INFERRED


@pytest.mark.parametrize("apart", [" ", "\t"])
@pytest.mark.parametrize("group", ["", "三、办理结果"])
def test_numbers_that_count_the_rows_in_front_of_their_labels_are_no_figures(
    group: str, apart: str
) -> None:
    for slip in (TRUTH, {**TRUTH, "closed": (0, 5, 6)}):
        lines = [
            apart.join(
                (
                    str(n),
                    *filter(None, [group if n == 3 else ""]),
                    LABELS[key],
                    *map(str, slip[key]),
                )
            )
            for n, key in enumerate(LABELS, start=1)
        ]
        report = report_of(HEAD + "\n".join(lines) + "\n结束")
        assert read_of(report) == slip
        assert {entry.match for entry in report.entries.values()} == {Match.EXACT}


@pytest.mark.parametrize("rows", [TRUTH, ZEROS], ids=["figures", "zeros"])
def test_numbers_between_labels_and_figures_are_not_read_as_the_first_column(rows: Rows) -> None:
    lines = [f"{LABELS[key]} {n} {said(rows[key])}" for n, key in enumerate(LABELS, start=1)]
    assert is_true(report_of(HEAD + "\n".join(lines) + "\n结束"), rows)


def test_numbers_in_front_of_labels_that_count_nothing_are_left_over() -> None:
    text = DISCLOSURE.format("1 2 3", "5 6 7", "8")
    counted = text.replace("行政规范", "9 行政规范")
    report = align(read(text_document(counted)), form(), Source("x", "", ""))
    box = Address("disclosure", "regulations", "in_force")
    assert isinstance(report.entries[box].value, Illegible)


def test_the_frame_that_is_drawn_around_a_table_parts_its_cells() -> None:
    rows = list(cells(TRUTH).values())
    lines = [f"│ {' │ '.join(row)} │" for row in [["事项", "甲项数", "乙项数", "总计"], *rows]]
    lines[4] = f"│ 三、办理结果 {lines[4][2:]}"
    for rule, last in (("├──┼──┼──┼──┤", "└──┴──┴──┴──┘"), ("┠──┼──┼──┼──┨", "┗━━┷━━┷━━┷━━┛")):
        body = f"\n{rule}\n".join(lines).replace(f"\n{rule}\n│ 2", "\n│   ├──┼──┼──┤\n│ 2")
        text = f"某局2023年报告\n申请计数\n{body}\n{last}\n结束"
        report = report_of(text)
        assert read_of(report) == TRUTH
        assert {entry.match for entry in report.entries.values()} == {Match.EXACT}


# Sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "其他情况见下表，总计以甲项数为准。",
        "其中，总计12件，甲项数以外的情况见下表",
        "全年新收申请12件，上年结转1件，办结合计13件，其余情况见下表。",
        "全年收到的有关材料共计12件，其中甲项数2件，\n总计以下表为准，另有不予公开信息6件。",
    ],
)
def test_a_sentence_that_names_columns_and_rows_unreads_nothing(sentence: str) -> None:
    head, columns = HEAD.strip().rsplit("\n", 1)
    rows = "\n".join(ROWS)
    for text in (
        f"{head}\n{sentence}\n{columns}\n{rows}\n结束",
        f"{head}\n{columns}\n{rows}\n{sentence}\n结束",
        f"{head}\n{columns}\n" + "\n".join([*ROWS[:3], sentence, *ROWS[3:]]) + "\n结束",
    ):
        report = report_of(text)
        assert read_of(report) == TRUTH, text
        assert "column-order" not in codes(report)


@pytest.mark.parametrize("sentence", ["其他情况见下表，总计如下。", "其中，其他2件，总计25件。"])
def test_a_sentence_in_section_three_of_the_annual_report_unreads_nothing(sentence: str) -> None:
    rng = Random(2)
    figures = consistent_figures(form(), rng, "medium")
    text = LAYOUTS["spaces, header in pieces"](form(), figures, "青溪市水务局", 2023, rng)
    heading = "三、收到和处理政府信息公开申请情况\n"
    assert text.count(heading) == 1
    report = align(
        read(text_document(text.replace(heading, heading + sentence + "\n"))),
        form(),
        Source("x", "", ""),
    )
    for box in form().table("applications").boxes():
        if box in figures:
            assert report.entries[box].value == Number(figures[box]), box


WITH_COMMAS = SMALL.replace("2.不予公开信息", "2.不予公开，或者暂缓公开，信息已经归档的")


@pytest.mark.parametrize(
    "row",
    [
        "2.不予公开，或者暂缓公开，信息已经归档的 0 6 6",
        "2.不予公开，或者暂缓公\n开，信息已经归档的 0 6 6",
        "2.不予公开，或者暂缓公 0 6 6\n开，信息已经归档的",
        "2.不予公开，或者\n暂缓公开，信息 0 6 6\n已经归档的",
    ],
)
def test_a_label_with_commas_that_is_torn_over_lines_is_no_sentence(row: str) -> None:
    small = load_form(WITH_COMMAS, "form.yaml")
    report = align(read(text_document(changed(3, row))), small, Source("x", "", ""))
    assert read_of(report) == TRUTH


# Labels in pieces

LONG = SMALL.replace("2.不予公开信息", "2.不予公开信息或者不存在有关材料")


@pytest.mark.parametrize(
    "row",
    [
        "2.不予公开信息或者 0 6 6\n不存在有关材料",
        "2.不予公开信息或者\n0 6 6\n不存在有关材料",
        "2.不予公开信息或者\n0\n6\n6\n不存在有关材料",
    ],
)
def test_a_label_that_its_own_figures_interrupt_is_one_label(row: str) -> None:
    other = LONG.replace("甲项数", "材料")
    for text, page in ((LONG, changed(3, row)), (other, changed(3, row).replace("甲项数", "材料"))):
        report = align(read(text_document(page)), load_form(text, "f"), Source("x", "", ""))
        assert read_of(report) == TRUTH
        assert match_of(report, "closed") is Match.EXACT


@pytest.mark.parametrize("line", [0, 1])
def test_a_label_wrapped_over_rows_of_cells_has_the_figures_of_any_of_them(line: int) -> None:
    rows = list(cells(TRUTH).values())
    pieces = [["2.不予公", "", "", ""], ["开信息", "", "", ""]]
    pieces[line][1:] = map(str, TRUTH["closed"])
    report = report_of(grid([*rows[:3], *pieces, rows[4]]))
    assert read_of(report) == TRUTH


def test_where_every_label_is_wrapped_over_rows_of_cells_no_row_has_anothers_figures() -> None:
    for lost in (None, *LABELS):
        rows = []
        for key, label in LABELS.items():
            figures = ["", "", ""] if key == lost else list(map(str, TRUTH[key]))
            rows += [[label[:2], *figures], [label[2:4], "", "", ""], [label[4:], "", "", ""]]
        report = report_of(grid(rows))
        assert all(
            value in ("?", "missing", "blank" if key == lost else true)
            for key in LABELS
            for value, true in zip(values(report, key), TRUTH[key], strict=True)
        ), (lost, read_of(report))


def test_two_figures_in_one_cell_leave_the_empty_cell_beside_them_unread() -> None:
    rows = list(cells(TRUTH).values())
    for three in (["0 6", "", "6"], ["", "0 6", "6"]):
        report = report_of(grid([*rows[:3], [LABELS["closed"], *three], rows[4]]))
        assert values(report, "closed") == ["?", "?", 6]
    report = report_of(grid([*rows[:3], [LABELS["closed"], "0", "6 6", "6"], rows[4]]))
    assert values(report, "closed") == [0, "?", 6]
    report = report_of(grid([*rows[:3], [LABELS["closed"], "0", "", "6"], rows[4]]))
    assert values(report, "closed") == [0, "blank", 6]


# Rows that the form does not have


@pytest.mark.parametrize("label", ["3.不予公开信息的其他", "3.历史遗留问题", "历史遗留问题"])
@pytest.mark.parametrize("apart", [" ", "\t", " | "])
def test_a_row_that_the_form_does_not_have_is_held_with_its_place(label: str, apart: str) -> None:
    line = apart.join((label, "0", "2", "2"))
    report = report_of(HEAD + "\n".join([*ROWS[:4], line, ROWS[4]]) + "\n结束")
    (row,) = report.unknown_rows
    assert (row.text, row.table, row.between) == (label, "counts", ("closed", "all"))
    assert row.figures == (Decimal(0), Decimal(2), Decimal(2))
    assert row.origin is not None
    assert row.origin.line == HEAD.count("\n") + 5
    assert read_of(report) == TRUTH


def test_a_row_in_the_place_of_one_of_the_forms_may_be_this_one() -> None:
    line = "2.历史遗留问题 0 6 6"
    report = report_of(HEAD + "\n".join([*ROWS[:3], line, ROWS[4]]) + "\n结束")
    assert report.unknown_rows == ()
    assert values(report, "closed") in (LOST, UNREAD)
    assert is_true(report, TRUTH)


@pytest.mark.parametrize("line", ["历史遗留问题", "历史遗留问题 2", "历史遗留的问题2件，其余1件。"])
def test_words_with_a_figure_or_none_are_no_row(line: str) -> None:
    report = report_of(HEAD + "\n".join([*ROWS[:4], line, ROWS[4]]) + "\n结束")
    assert report.unknown_rows == ()
    assert read_of(report) == TRUTH


def test_the_author_is_not_blamed_for_a_row_unlike_any_of_the_form() -> None:
    rows = [row for row in form().table("applications").rows if not row.instead_of]
    ones = ("new_received", "total_handled")
    lines = [f"{r.label} {'1 0 0 0 0 0 1' if r.key in ones else '0 0 0 0 0 0 0'}" for r in rows]
    at = next(n for n, r in enumerate(rows) if r.key == "unavailable_not_held")
    lines.insert(at, "9.历史遗留问题 1 0 0 0 0 0 1")
    text = "本年制发件数\n三、收到和处理政府信息公开申请情况\n" + "\n".join(lines) + "\n"
    judged = audit(text_document("某局2023年政府信息公开工作年度报告\n" + text), library())
    assert [row.between for row in judged.report.unknown_rows] == [
        ("denied_admin_query", "unavailable_not_held")
    ]
    assert not [each for each in judged.findings if each.severity is Severity.ERROR]


# What random damage found


@pytest.mark.parametrize(
    "text", ["规章 7 0\n行政规范性文件 0 0 0\n12", "规章 0 0 0\n行政规范性文件 7 0\n12"]
)
def test_a_row_beside_a_left_over_figure_needs_proof_though_it_reads_in_one_way(text: str) -> None:
    """12 may be a figure of the row above: nothing says that the row is whole without it."""
    first, second = (line.partition(" ")[2] for line in text.splitlines()[:2])
    rest = text.splitlines()[2]
    assert disclosed(first, f"{second}\n{rest}", "5")["normative_documents"] == ["?", "?", "?"]


def test_what_an_unproved_row_says_proves_no_other() -> None:
    """The rows of two labels may be exchanged, for both are on one side of the column's sum."""
    lines = (
        "一、新收申请\n2 0 2\n二、上年结转\n1 0 1\n1.予以公开信息\n2.不予公开信息\n0 0 0\n"
        "四、办结合计\n0 0 0\n3 0 3"
    )
    assert is_true(
        report_of(HEAD + lines + "\n结束"),
        {
            "new": (2, 0, 2),
            "old": (1, 0, 1),
            "open": (0, 0, 0),
            "closed": (0, 0, 0),
            "all": (3, 0, 3),
        },
    )


def test_index_numbers_on_the_line_of_the_row_above_are_no_figures() -> None:
    """Rows that run on into one line, one of which lost a blank between two figures."""
    rows = " ".join(
        f"{number} {LABELS[key]} {said(TRUTH[key])}" for number, key in enumerate(LABELS, 101)
    )
    report = report_of(HEAD + rows.replace(said(TRUTH["open"]), "11") + "\n结束")
    assert is_true(report, TRUTH)
    assert read_of(report)["new"] == tuple(TRUTH["new"])


def test_figures_on_both_sides_of_a_piece_of_their_label_are_told_by_sums_alone() -> None:
    """The figure glued to the label's rest stood in front of the others."""
    torn = table(MIXED, old="二、上年\n10\n11\n结转 1")
    assert "?" in read_of(report_of(torn))["old"]
    assert is_true(report_of(torn), MIXED)


def test_two_rows_damaged_alike_are_not_the_authors() -> None:
    """Each would add up with digits moved; the sum across that has both is broken by either."""
    rows = {**MIXED, "new": (6, 12, 18), "old": (0, 0, 0), "open": (6, 12, 18), "all": (6, 12, 18),
            "closed": (0, 0, 0)}  # fmt: skip
    damaged = table(rows, new="一、新收申请 61 2 18", all="四、办结合计 61 2 18")
    report = report_of(damaged)
    assert is_true(report, rows)


def test_a_figure_that_is_nobodys_may_be_the_rest_of_any_that_does_not_add_up() -> None:
    rows = {**MIXED, "new": (150, 0, 150), "all": (151, 10, 161), "open": (148, 4, 152)}
    text = table(rows, new="一、新收申请 150 0 15", closed="2.不予公开信息 3 6 9\n0")
    assert is_true(report_of(text), rows)


def test_rows_shifted_past_one_on_its_labels_line_are_unread() -> None:
    """Figures stand above their labels, and one line of them joined the label above."""
    text = "\n".join(f"{said(rows)}\n{LABELS[key]}" for key, rows in MIXED.items()).replace(
        f"{LABELS['old']}\n", f"{LABELS['old']} "
    )
    assert is_true(report_of(HEAD + text + "\n结束"), MIXED)


def test_a_header_read_in_two_orders_is_the_one_that_the_rows_add_up_in() -> None:
    """A total between the columns is a merged cell, or stands in its place."""
    form_order = "事项\n甲项数\n总计\n乙项数\n"
    as_printed = "\n".join(f"{LABELS[key]}\n{a}\n{c}\n{b}" for key, (a, b, c) in MIXED.items())
    as_form = "\n".join(f"{LABELS[key]}\n{a}\n{b}\n{c}" for key, (a, b, c) in MIXED.items())
    for rows in (as_printed, as_form):
        report = report_of("某局2023年报告\n申请计数\n" + form_order + rows + "\n结束")
        assert read_of(report) == MIXED


def test_two_orders_that_the_rows_add_up_in_alike_leave_the_columns_in_doubt() -> None:
    rows = {key: (a, 0, a) for key, (a, *_) in MIXED.items()}
    text = "\n".join(f"{LABELS[key]}\n{a}\n{c}\n{b}" for key, (a, b, c) in rows.items())
    report = report_of("某局2023年报告\n申请计数\n事项\n甲项数\n总计\n乙项数\n" + text + "\n结束")
    assert is_true(report, rows)


def test_the_rest_of_a_label_with_commas_and_figures_beside_it_is_no_sentence() -> None:
    long = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    text = next(iter(_annual("rows with trailing pipes")))
    row = next(line for line in text.splitlines() if line.startswith(long))
    figures = re.findall(r"\d+", row.removeprefix(long))
    assert len(figures) == 7
    assert int(figures[4]) and int(figures[5])
    torn = (
        long.replace("只计", f"只 {said(list(map(int, figures[:5])))}\n计")
        + " "
        + " ".join(figures[5:])
    )
    entries = align(
        read(text_document(text.replace(row, torn))), form(), Source("x", "", "")
    ).entries
    for column, figure in zip(form().table("applications").columns, figures, strict=True):
        value = entries[Address("applications", "partly_granted", column.key)].value
        assert not isinstance(value, Number) or value.value == int(figure)


def test_an_unread_figure_of_a_line_leaves_its_own_box_unread() -> None:
    """`|1` is what a recogniser makes of a rule and a figure."""
    assert disclosed("0 |1 35", "2 1 14", "5") == {
        **disclosed("0 0 35", "2 1 14", "5"), "regulations": ["0", "?", "35"]
    }  # fmt: skip


HEADINGS = (
    "政府信息公开行政复议与行政诉讼情况", "复议及行政诉讼情况", "复议与行政诉讼情况",
    "政府信息公开行政法复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
)  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_section_four_is_known_by_what_its_heading_says(heading: str) -> None:
    for text in _annual("aligned by spaces", "rows with pipes between"):
        heads = "政府信息公开行政复议、行政诉讼情况"
        assert heads in text
        plain, other = (
            align(read(text_document(each)), form(), Source("x", "", "")).entries
            for each in (text, text.replace(heads, heading))
        )
        boxes = form().table("disputes").boxes()
        assert [other[box].value for box in boxes] == [plain[box].value for box in boxes]


def test_the_headings_total_is_not_the_row_of_that_name() -> None:
    for text in _annual("rows with trailing pipes"):
        lines = [line for line in text.splitlines() if "（七）总计" not in line]
        assert len(lines) < len(text.splitlines())
        report = align(read(text_document("\n".join(lines))), form(), Source("x", "", ""))
        row = form().table("applications").row("total_handled")
        states = {type(report.entries[box].value).__name__ for box in
                  form().table("applications").addresses(row)}  # fmt: skip
        assert states == {"Missing"}


_SEED = 9


def _annual(*layouts: str) -> list[str]:
    rng = Random(_SEED)
    figures = consistent_figures(form(), rng)
    return [LAYOUTS[name](form(), figures, "青溪市水务局", 2024, rng) for name in layouts]


@pytest.mark.parametrize("smudged", ["|1", "1|", "\ufffd1", "1 \ufffd", "\ufffd"])
def test_a_smudged_figure_in_a_cell_costs_no_other(smudged: str) -> None:
    html = "<table>{}</table>".format(
        "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
            for row in [("事项", "甲项数", "乙项数", "总计"), *cells(TRUTH).values()]
        )
    ).replace("<td>1</td>", f"<td>{smudged}</td>", 1)
    page = f"<html><body><p>某局2023年报告</p><p>申请计数</p>{html}<p>结束</p></body></html>"
    found = read_of(report_of(page))
    assert sum(value == "?" for row in found.values() for value in row) == 1


def on_lines(cells: Sequence[Sequence[str]], parted: str = "") -> str:
    """The small form with a line for each cell, and a line that parts each row from the next."""
    rows = [parted + "".join(f"{cell} |\n" if cell else "|\n" for cell in row) for row in cells]
    return HEAD + "".join(rows) + "结束"


def blank_zeros(rows: Rows) -> list[list[str]]:
    return [[LABELS[key], *(str(n) if n else "" for n in rows[key])] for key in LABELS]


def test_an_empty_cell_over_on_lines_of_cells_may_be_any_of_them() -> None:
    rows = {**LARGE, "closed": (0, 12, 12)}
    cells = blank_zeros(rows)
    assert values(report_of(on_lines(cells)), "closed") == ["blank", 12, 12]
    cells[3][1:1] = [""]
    assert values(report_of(on_lines(cells)), "closed") == UNREAD
    cells[3] = [
        LABELS["closed"],
        "",
        "12",
        "",
        "12",
    ]  # the second stood twice, or the first is lost
    assert values(report_of(on_lines(cells)), "closed") == UNREAD


def test_a_figure_twice_and_an_empty_cell_on_lines_of_cells_do_not_fill_the_row() -> None:
    cells = blank_zeros(LARGE)
    assert values(report_of(on_lines(cells)), "old") == [7, "blank", 7]
    cells[1] = [LABELS["old"], "7", "7", "", "7"]
    assert values(report_of(on_lines(cells)), "old") == UNREAD


@pytest.mark.parametrize("lost", range(3))
def test_an_empty_cell_that_parts_rows_stands_for_no_figure_that_was_lost(lost: int) -> None:
    cells = [[LABELS[key], *map(str, LARGE[key])] for key in LABELS]
    whole = report_of(on_lines(cells, "|\n"))
    assert {row: values(whole, row) for row in LARGE} == {r: list(n) for r, n in LARGE.items()}
    del cells[3][1 + lost]
    report = report_of(on_lines(cells, "|\n"))
    for said, true in zip(values(report, "closed"), LARGE["closed"], strict=True):
        assert said in (true, "?", "blank")


def test_cells_behind_a_sentence_are_no_row_above_it() -> None:
    rows = {**LARGE, "open": (0, 0, 0)}
    cells = blank_zeros(rows)
    cells[3][0] = "另有若干项，均不在此列，情况见说明"
    assert values(report_of(on_lines(cells)), "open") in (UNREAD, ["blank"] * 3)


def test_an_empty_cell_over_where_all_rows_share_a_line_may_be_any_of_them() -> None:
    cells = blank_zeros({**LARGE, "closed": (0, 12, 12)})
    line = "某局2023年报告 申请计数 甲项数 乙项数 总计 {} 结束"
    text = line.format(" ".join(" | ".join(row) + " |" for row in cells))
    assert values(report_of(text), "closed") == ["blank", 12, 12]
    cells[3] = [LABELS["closed"], "", "12", "", "12"]
    text = line.format(" ".join(" | ".join(row) + " |" for row in cells))
    assert values(report_of(text), "closed") == UNREAD


def annual_report(text: str, form_id: str) -> Report:
    return align(read(text_document(text)), form(form_id), Source("x", "", ""))


def test_figures_in_front_of_the_last_label_of_a_table_in_one_line_are_not_dropped() -> None:
    rows = ("8 | 1 | 0 | 0 | 9", "3 | 1 | 1 | 0 | 5", "0 | 47 | 0 | 3 | 50")
    captions = "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | |---|---|---|---|---| |"
    tables = " | 未经复议直接起诉 ".join(f"{captions} {row}" for row in rows)
    heading = "四、政府信息公开行政复议、行政诉讼情况 行政复议"
    text = f"某局2022年报告 {heading} {tables} | - 3 - 五、存在的主要问题及改进情况"
    assert not numbers(annual_report(text, FORM_IDS[-1]), "disputes")


def test_a_figure_that_shares_a_cell_with_the_next_heading_fills_no_box() -> None:
    text = (
        "某局2019年报告 二、主动公开政府信息情况 信息内容 | 采购项目数量 | 采购总金额 |"
        " 政府集中采购 | | 94.8 | —1— 3 收到和处理政府信息公开申请情况"
        " 一、本年新收政府信息公开申请数量 | 1 |"
    )
    entries = annual_report(text, FORM_IDS[0]).entries
    assert not isinstance(entries[Address("disclosure", "procurement", "amount")].value, Number)
    assert not isinstance(entries[Address("disclosure", "procurement", "projects")].value, Number)


def test_digits_behind_the_words_of_a_page_mark_are_not_lost() -> None:
    rows = [row for row in form().table("applications").rows if not row.instead_of][:4]
    said = "\n".join(f"{row.label}\n0\n0\n0\n7\n0\n0\n7" for row in rows[:3])
    text = (
        f"某局2022年报告\n三、收到和处理政府信息公开申请情况\n{said}\n"
        f"{rows[3].label}\n0\n0\n0\n28\n0\n0\n第 10 页28\n"
    )
    found = numbers(annual_report(text, FORM_IDS[-1]), "applications")
    assert not [box for box in found if box.row == rows[3].key]
    assert len(found) >= 14


def test_a_joined_figure_is_not_confirmed_by_sums_that_do_not_count_it() -> None:
    figures = {
        "new_received": "9 9 9 9 9 9 54", "granted": "5 0 0 0 0 0 5",
        "partly_granted": "4 9 9 9 9 9 49", "total_handled": "9 9 9 9 9 9 54",
    }  # fmt: skip
    lines = [
        " | ".join([row.label, *figures.get(row.key, "0 0 0 0 0 0 0").split()]) + " |"
        for row in form().table("applications").rows
        if not row.instead_of
    ]
    text = "某局2022年报告\n三、收到和处理政府信息公开申请情况\n" + "\n".join(lines)
    whole = numbers(annual_report(text, FORM_IDS[-1]), "applications")
    assert len(whole) == 175
    for surplus in ("2", "- 2 -"):
        over = text.replace("0 | 5 |", f"0 | 5 | {surplus} |")
        assert len(numbers(annual_report(over, FORM_IDS[-1]), "applications")) == 168
    # Words between them are no figure, and the sums hold without it.
    remarked = text.replace("0 | 5 |", "0 | 5 | 含2件 |")
    assert numbers(annual_report(remarked, FORM_IDS[-1]), "applications") == whole


def test_a_row_that_is_unproved_is_no_evidence_against_a_reading_of_another() -> None:
    figures = {**ZEROS, "new": (3, 101, 104), "old": (7, 0, 7), "open": (10, 101, 111)}
    text = table(
        figures,
        open=f"{LABELS['open']}\n1\n0\n101111",
        all=f"{LABELS['all']}11\n1\n1",
    )
    assert values(report_of(text), "open") == UNREAD


def numbers(report: Report, table_key: str) -> list[Address]:
    entries = report.entries.items()
    return [box for box, e in entries if box.table == table_key and isinstance(e.value, Number)]


@pytest.mark.parametrize("mark", ["²", "²²", "③"])
def test_a_raised_or_circled_digit_is_never_joined_to_a_figure(mark: str) -> None:
    """It is a digit to Python and none of a figure: what was joined so had no value."""
    figure, note = Token(Kind.FIGURE, "71", 0, 2), Token(Kind.UNREAD, mark, 3, 3 + len(mark))
    assert joined(figure, Token(Kind.FIGURE, "2", 3, 4)) is not None
    assert joined(figure, note) is None
    assert joined(note, figure) is None


@pytest.mark.parametrize("cell", ["15 / 3", "15 3", "15 0 3"])
def test_several_figures_in_one_cell_are_never_those_of_the_next(cell: str) -> None:
    printed = cells(MIXED)
    printed["new"][1:] = [cell, "0", "15"]
    printed["all"][1:] = ["16 / 3", "10", "26 / 7"]
    read = read_of(report_of(grid(list(printed.values()))))
    assert read["new"] == ("?", 0, 15)
    assert read["all"] == ("?", 10, "?")


@pytest.mark.parametrize(
    "printed", ["35？7 10 367", "3！ 10 13", "？3 10 13", "3 1|  13", "3 10  |3"]
)
@pytest.mark.parametrize("between", [" ", "   ", "\t"])
def test_a_sign_at_a_digit_may_be_another_digit(printed: str, between: str) -> None:
    row = between.join(["四、办结合计", *printed.split()])
    read = values(report_of(table(TRUTH, all=row)), "all")
    assert read == [int(word) if word.isdecimal() else "?" for word in printed.split()]
    assert read.count("?") == 1


def test_letters_in_place_of_digits_cost_no_other_box() -> None:
    read = read_of(report_of(table(LARGE, new="一、新收申请 35З28b 12 3？33O0")))
    assert read == {**{key: LARGE[key] for key in LARGE}, "new": ("?", 12, "?")}


def test_rows_with_signs_for_none_count_where_columns_are_judged() -> None:
    rows = {"new": (2, 0, 2), "old": (1, 0, 1), "open": (3, 0, 3), "closed": ZEROS["closed"]}
    text = first_total({**rows, "all": (3, 0, 3)}).replace(" 0", " —")
    assert all(values(report_of(text), key) == UNREAD for key in LABELS)


def test_a_heading_with_empty_cells_behind_it_is_no_empty_row() -> None:
    headed = SMALL.replace("{id: all, label: 四、办结合计}", "{id: all, label: 总计}")
    lines = "| 甲 | 乙 | 总计 | | | |\n| 项数 | 项数 | | | | |\n| 甲乙丙 | | | 2 | 10 | 12 |"
    text = f"某局2023年报告\n申请计数 甲项数乙项数\n{lines}\n结束"
    report = align(read(text_document(text)), load_form(headed, "form.yaml"), Source("x", "", ""))
    assert values(report, "all") == UNREAD


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("2申请", []),
        ("2重申请", ["again"]),
        ("他处理七总", []),
        ("六其它处理", ["other"]),
        ("五总计", ["all"]),
    ],
)
def test_a_piece_of_one_label_is_no_misprint_of_another(text: str, rows: list[str]) -> None:
    labels = {"again": "2重复申请", "late": "2申请人逾期", "other": "六其他处理", "all": "七总计"}
    assert [key for key, _ in Likeness(labels, [*labels.values()]).rows_like(text)] == rows


def test_two_figures_in_a_cell_are_no_thousands_beside_figures_without_blanks() -> None:
    rows = cells({**TRUTH, "new": (577, 10, 587), "all": (3, 10, 13)})
    rows["new"][1] = "577 577"
    assert read_of(report_of(grid(list(rows.values()))))["new"] == (577577, 10, 587)
    rows["old"][1:] = ["1000 1", "0", "1000"]
    assert read_of(report_of(grid(list(rows.values()))))["new"] == ("?", 10, 587)


def test_a_remark_behind_a_row_is_not_its_last_box() -> None:
    rows = list(cells(TRUTH).values())
    assert is_true(report_of(grid([[*row, "含3件"] for row in rows])), TRUTH)
    remarked = [[*rows[0], "含3件"], *rows[1:]]
    assert is_true(report_of(grid(remarked)), TRUTH)


@pytest.mark.parametrize("word", ["O", "Ｏ", "x", "?"])
def test_a_word_between_figures_too_many_is_no_remark(word: str) -> None:
    """It may be a figure, and the one too many another that was torn (`1` and `0`)."""
    torn = disputed("\t".join([*"0" * 11, "1", word, *"001"]))
    assert torn[10:] == ["?"] * 5


@pytest.mark.parametrize("written", ["x58x", "$58$", "~58~", "[58](#a)"])
def test_a_figure_among_signs_keeps_its_box(written: str) -> None:
    """In front of the figures of a row without a label, between them, and behind empty boxes."""
    row = ["58", "50", "0", "0", "108", "0", "0", "21", "0", "21", *"21014"]
    for place in (0, 1):
        printed, expected = ([*row[:place], each, *row[place + 1 :]] for each in (written, "?"))
        assert disputed(f"| {' | '.join(printed)} | ||") in (expected, ["?"] * 15)
    rows = cells({**ZEROS, "new": (0, 58, 58), "all": (0, 58, 58)})
    rows["new"][1:] = ["", written, "58"]
    assert read_of(report_of(grid(list(rows.values()))))["new"] == ("blank", "?", 58)


def test_a_sign_that_stands_alone_is_nothing() -> None:
    rows = cells(TRUTH)
    rows["new"][2] = "? 10"
    assert is_true(report_of(grid(list(rows.values()))), TRUTH)
    assert read_of(report_of(grid(list(rows.values()))))["new"] == (2, 10, 12)


def _framed(rows: Sequence[Sequence[str]], line: str) -> str:
    """Cells that go on over several lines, in a frame with a line between each two rows."""
    printed = [line]
    for row in rows:
        cells = [cell.split("/") for cell in row]
        for at in range(max(map(len, cells))):
            printed.append(
                f"| {' | '.join(each[at] if at < len(each) else '' for each in cells)} |"
            )
        printed.append(line)
    return "某局2023年报告\n申请计数\n" + "\n".join(printed) + "\n结束"


@pytest.mark.parametrize("line", ["+---+---+", "├──┼──┤"])
def test_lines_between_two_lines_of_a_frame_are_one_row(line: str) -> None:
    rows = [
        ["事项", "甲项/数", "乙项/数", "总/计"],
        ["一、新/收申请", "2", "1/0", "1/2"],
        ["二、上年/结转", "1", "0", "1"],
        ["1.予以公/开信息", "3", "4", "7"],
        ["2.不予公/开信息", "0", "6", "6"],
        ["四、办结/合计", "3", "1/0", "1/3"],
    ]
    report = report_of(_framed(rows, line))
    assert is_true(report, TRUTH)
    assert all(values(report, key) == [*TRUTH[key]] for key in ("old", "open", "closed"))
    assert values(report, "new")[0] == 2


def test_several_rows_between_two_lines_of_a_frame_stay_rows() -> None:
    lines = [f"| {LABELS[key]} | {said(TRUTH[key]).replace(' ', ' | ')} |" for key in LABELS]
    line = "+---+---+"
    parts = [line, "| 事项 | 甲项数 | 乙项数 | 总计 |", line, *lines[:2], line, *lines[2:4], line]
    text = "\n".join([*parts, lines[4], line])
    assert read_of(report_of(f"某局2023年报告\n申请计数\n{text}\n结束")) == TRUTH


def test_last_years_figures_in_the_cells_are_no_thousands() -> None:
    rows = {key: [LABELS[key], *(f"{figure} —" for figure in TRUTH[key])] for key in LABELS}
    rows["new"][1] = "2 106"
    assert values(report_of(grid(list(rows.values()))), "new")[0] == "?"


def test_pipes_inside_of_cells_that_tabs_part_are_theirs() -> None:
    lines = [f"{LABELS[key]}\t" + "\t".join(map(str, TRUTH[key])) for key in LABELS]
    lines[0] = f"{LABELS['new']}\t2 | 7\t10\t12"
    assert values(report_of(HEAD + "\n".join(lines) + "\n结束"), "new") == ["?", 10, 12]


@pytest.mark.parametrize("note", ["[1]", "（1）", " (3)", "²", "（上年7）"])
def test_a_note_behind_a_figure_is_no_box_of_the_row(note: str) -> None:
    report = report_of(table(TRUTH, new=f"一、新收申请 2 10{note} 12"))
    assert read_of(report) == TRUTH
    report = report_of(table(TRUTH, new=f"一、新收申请 2 9{note} 12"))
    assert values(report, "new")[1] == "?"


def test_a_note_behind_a_sign_for_none_is_no_box_of_the_row() -> None:
    report = report_of(table(TRUTH, old="二、上年结转 1 —（0） 1"))
    assert values(report, "old") == [1, "?", 1]


def test_a_pipe_at_a_digit_among_pipes_between_blanks_may_be_a_digit() -> None:
    rows = cells(TRUTH)
    text = grid(list(rows.values())).replace("| 3 | 10 | 13 |", "| 3 | 1| | 13 |")
    assert values(report_of(text), "all") in ([3, "?", 13], UNREAD)


def test_a_share_behind_a_row_is_not_its_last_box() -> None:
    rows = [[*row, f"{at}4.5%"] for at, row in enumerate(cells(TRUTH).values(), start=1)]
    assert is_true(report_of(grid(rows)), TRUTH)


def test_figures_behind_the_beginning_of_another_label_are_not_those_of_the_row_above() -> None:
    lines = [f"{LABELS[key]}\n" + "\n".join(map(str, TRUTH[key])) for key in LABELS]
    lines[3] = "2.不予公开信息"  # its own are lost
    lines[4] = "四、办结\n3\n10\n合计\n13"
    report = report_of(HEAD + "\n".join(lines) + "\n结束")
    assert values(report, "closed") in (UNREAD, LOST)


def test_figures_in_chinese_digits_keep_their_boxes() -> None:
    report = report_of(table(LARGE, new="一、新收申请 353288 一二 〇"))
    assert values(report, "new") == [353288, "?", "?"]
