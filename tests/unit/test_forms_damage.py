"""Rows that lost something, or have something too much: whatever cannot be told is left unread."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from auditor.layout import align
from auditor.model.form import Address
from auditor.model.report import Illegible, Match, Number, Source
from auditor.model.source import Document
from auditor.pipeline import read_report
from auditor.readers import read
from auditor.source_text import without_page_marks
from tests.kit import LAYOUTS, consistent_figures
from tests.support import FORM_IDS, form, library, text_document
from tests.unit.test_forms import HEAD, ROWS, TRUTH, changed, codes, report_of, values

UNREAD = ["?", "?", "?"]


def test_a_lone_figure_below_a_row_is_its_last_only_where_the_row_balances() -> None:
    assert values(report_of(changed(3, "2.不予公开信息 0 6\n6")), "closed") == [0, 6, 6]
    assert values(report_of(changed(3, "2.不予公开信息 0 6\n5")), "closed") == UNREAD


@pytest.mark.parametrize("row", ["一、新收申请 2 10 1\n2", "一、新收申请\n2 1 0\n12"])
def test_a_figure_torn_at_the_end_of_a_line_is_joined_where_that_balances(row: str) -> None:
    report = report_of(changed(0, row))
    assert values(report, "new") == [2, 10, 12]
    assert report.entries[Address("counts", "new", "total")].match in (
        Match.INFERRED,
        Match.POSITION,
    )


def test_a_row_that_balances_as_it_stands_is_not_joined_with_a_page_number() -> None:
    report = report_of(changed(0, "一、新收申请 2 10 12\n5"))
    assert values(report, "new") == [2, 10, 12]
    assert report.entries[Address("counts", "new", "total")].match is Match.EXACT
    assert not report.assumed


def test_without_a_sum_a_lone_figure_leaves_the_figures_unread_that_it_may_be_a_piece_of() -> None:
    text = (
        "二、主动公开政府信息情况\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 4\n"
        "行政规范性文件 8 0 9\n1\n三、收到和处理政府信息公开申请情况\n"
    )
    entries = align(read(text_document(text)), form(), Source("x", "", "")).entries
    row = [
        entries[Address("disclosure", "normative_documents", c)].value
        for c in ("issued", "in_force")
    ]
    assert all(isinstance(value, Illegible) for value in row)


def test_figures_do_not_pass_the_label_of_another_row() -> None:
    rows = [*ROWS[:2], ROWS[2], "三、办理结果 1.予以公开信息 3 4 7", ROWS[3], ROWS[4]]
    report = report_of(HEAD + "\n".join(rows) + "\n结束")
    assert {row: tuple(values(report, row)) for row in TRUTH} == TRUTH


def test_a_row_that_stands_twice_and_says_two_things_says_nothing() -> None:
    report = report_of(HEAD + "\n".join([*ROWS[:4], "2.不予公开信息 7 7 14", ROWS[4]]) + "\n结束")
    assert values(report, "closed") == UNREAD
    assert values(report, "all") == list(TRUTH["all"])


def test_digits_that_run_into_a_damaged_label_are_unread() -> None:
    glued = "一、新收申请21012二、上年结转1011.予以公囗信息3472.不予公开信息066四、办结合计31013"
    report = report_of(HEAD + glued + "结束")
    assert values(report, "old") == UNREAD
    assert values(report, "closed") == [0, 6, 6]


def test_digits_run_together_stand_only_where_they_balance() -> None:
    assert values(report_of(changed(3, "2.不予公开信息 066")), "closed") == [0, 6, 6]
    assert values(report_of(changed(3, "2.不予公开信息 065")), "closed") == UNREAD


def test_a_row_of_cells_takes_no_figures_of_a_row_whose_label_is_lost() -> None:
    rows = [*ROWS[:2], "1.予以公开信息 | | | 7 |", "（某行） | 3 | 4 | 7 |", ROWS[3], ROWS[4]]
    report = report_of(HEAD + "\n".join(rows) + "\n结束")
    assert values(report, "open") == ["blank", "blank", 7]


def test_a_cell_that_says_no_figure_keeps_its_place_where_each_stands_on_a_line() -> None:
    rows = "\n".join("\n".join(f"{cell} |" for cell in row.split()) for row in ROWS)
    text = HEAD + rows.replace("\n0 |\n6 |", "\nO |\n6 |") + "\n结束"
    assert values(report_of(text), "closed") == ["?", 6, 6]


def test_a_run_of_rows_that_may_be_shifted_is_told_by_the_sums_of_its_columns() -> None:
    figures = [row.split(" ", 1)[1] for row in ROWS]
    figures[2] = figures[2].split(" ", 1)[1]
    labels = ["一、新收申请", "二、上年结转", "1.予以公开信息", "2.不予公开信息", "四、办结合计"]
    rows = [f"{said}\n{label}" for label, said in zip(labels, figures, strict=True)]
    report = report_of(HEAD + "\n".join(rows) + "\n结束")
    for row, truth in TRUTH.items():
        assert values(report, row) in (UNREAD, ["missing"] * 3, list(truth)), row
    lost = [labels[0], figures[0], figures[1], labels[2], figures[2], labels[3], figures[3]]
    report = report_of(HEAD + "\n".join([*lost, labels[4]]) + "\n结束")
    for row, truth in TRUTH.items():
        assert all(
            value in ("?", "missing", right)
            for value, right in zip(values(report, row), truth, strict=True)
        ), row


@pytest.mark.parametrize("total", ["申请人情况 总计", "申请人情况\t总计"])
def test_a_header_run_together_with_its_merged_cells_is_in_the_forms_order(total: str) -> None:
    labels = [row.label for row in form().table("applications").rows if not row.instead_of]
    rows = "\t".join(f"{label}\t23\t0\t0\t0\t0\t0\t23" for label in labels)
    head = (
        f"三、收到和处理政府信息公开申请情况\t{total}\t自然人\t法人或其他组织\t商业企业\t科研机构"
    )
    text = f"{head}\t社会公益组织\t法律服务机构\t其他\t{rows}\n"
    report = align(read(text_document(text)), form(), Source("x", "", ""))
    row = form().table("applications").addresses(form().table("applications").rows[0])
    found = [report.entries[box].value for box in row]
    assert found == [Number(Decimal(n)) for n in (23, 0, 0, 0, 0, 0, 23)]
    assert "column-order" not in codes(report)


def test_a_header_that_lacks_columns_and_has_a_word_out_of_place_tells_none() -> None:
    rows = [row.rsplit(" ", 1)[0] for row in ROWS]
    report = report_of(HEAD.replace("甲项数 乙项数 总计", "总计 乙项数") + "\n".join(rows))
    assert all(values(report, row) == UNREAD for row in TRUTH)
    assert "column-doubt" in codes(report)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("甲 1 - 1 - 乙 2 - 2 - 丙", "甲 1       乙 2       丙"),
        ("甲 —2— 乙 —3— 丙", "甲     乙     丙"),
        ("第1页 甲 第2页", "    甲    "),
        ("甲 1 / 3 乙 2 / 3 丙", "甲       乙       丙"),
    ],
)
def test_page_marks_that_ran_into_lines_are_blanks(text: str, left: str) -> None:
    assert without_page_marks(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "甲 1 - 1 - 乙",  # one may be a figure between empty boxes
        "甲 - 1 - - 2 - 乙 - - -",  # so may these, where other boxes are empty too
        "甲 - 1 - 乙 - 3 - 丙",
        "甲 - 8 - 乙 - 9 - 丙",
        "甲 0 / 0 乙 1 / 2 丙",
    ],
)
def test_what_may_be_figures_and_signs_for_empty_boxes_is_no_page_mark(text: str) -> None:
    assert without_page_marks(text) == text


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_where_all_headers_are_lost_the_rows_tell_the_form(form_id: str) -> None:
    rng = Random(7)
    figures = consistent_figures(form(form_id), rng)
    text = LAYOUTS["spaces, header in pieces"](form(form_id), figures, "某市某局", 2022, rng)
    heads = {each.label for table in form(form_id).tables for each in table.columns}
    heads |= {each for table in form(form_id).tables for each in table.captions}
    pieces = [line for line in text.split("\n") if not _is_head(line, heads)]
    recognised, report = read_report(text_document("\n".join(pieces)), library())
    assert recognised.id == form_id
    read = {box: e.value.value for box, e in report.entries.items() if isinstance(e.value, Number)}
    assert len(read) > 0.8 * len(figures)
    assert all(figures[box] == value for box, value in read.items())


def _is_head(line: str, heads: set[str]) -> bool:
    said = line.replace(" ", "")
    return (
        bool(said)
        and not any(c.isdigit() for c in said)
        and any(said in head or head in said for head in heads)
    )


@pytest.mark.parametrize("figures", [(10, 0, 0, 2, 0, 0), (0, 0, 5, 1, 0, 3)])
def test_a_ruled_column_of_totals_that_stands_first_is_told_by_its_cells_and_the_sums(
    figures: tuple[int, ...],
) -> None:
    table = form().table("applications")
    total = sum(figures)
    cells = "".join(f"<td>{n}" for n in (total, *figures))
    rows = "".join(f"<tr><td>{r.label}{cells}" for r in table.rows if not r.instead_of)
    page = (
        "<p>三、收到和处理政府信息公开申请情况</p><table><tr><td rowspan=3>办理情况"
        "<td rowspan=3>总计<td colspan=6>申请人情况<tr><td rowspan=2>自然人"
        "<td colspan=5>法人或其他组织<tr><td>商业企业"
        f"<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他{rows}</table>"
    )
    report = align(read(Document("page.html", page.encode())), form(), Source("x", "", ""))
    found = [report.entries[box].value for box in table.addresses(table.rows[0])]
    assert found == [Number(Decimal(n)) for n in (*figures, total)]
    assert "column-order" in codes(report)


@pytest.mark.parametrize("sign", ["·", "• ", "●", "■　"])
def test_the_sign_of_a_list_is_no_part_of_an_agencys_name(sign: str) -> None:
    report = report_of(f"{sign}某局2023年报告\n" + HEAD.split("\n", 1)[1] + "\n".join(ROWS))
    assert report.identity.agency == "某局"


def test_the_number_of_words_behind_figures_does_not_make_them_a_sentences() -> None:
    report = report_of(HEAD + " ".join([*ROWS, "五、随后所说的另外一些话"]))
    assert values(report, "all") == list(TRUTH["all"])
