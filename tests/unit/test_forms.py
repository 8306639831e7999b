"""Labels and figures out of text: each damage that copying does, in the smallest sample of it."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from auditor.definitions.forms import load_form
from auditor.errors import DefinitionError, InputError
from auditor.layout import align
from auditor.layout.recognise import find_identity, recognise
from auditor.model.form import Address
from auditor.model.report import (
    Below,
    Blank,
    Illegible,
    Match,
    Missing,
    NotApplicable,
    Number,
    Report,
    Source,
)
from auditor.model.source import Extract, Origin, Paragraph
from auditor.readers import read
from auditor.source_text import Figures, Folding, linearize
from tests.kit import LAYOUTS
from tests.support import form, text_document

SMALL = """
id: test/1
name: {zh: 表, en: Form}
recognised_by: [甲项数, 乙项数]
after: [结束]
imprint: {agency: ['^(?P<agency>[^0-9]+?)20'], year: ['(?P<year>20\\d\\d)年']}
numerals: {blanks: [/, —, 无], minus: ['-', 减], units: [件], vague: [约]}
tables:
  - id: counts
    title: {zh: 计数, en: Counts}
    headings: [申请计数]
    columns:
      - {id: first, label: 甲项数}
      - {id: second, label: 乙项数}
      - {id: total, label: 总计}
    groups:
      - {id: results, label: 三、办理结果}
    rows:
      - {id: new, label: 一、新收申请}
      - {id: old, label: 二、上年结转}
      - {id: open, label: 1.予以公开信息, in: results}
      - {id: closed, label: 2.不予公开信息, in: results}
      - {id: all, label: 四、办结合计}
    identities:
      - {each: row, total: total, of: [first, second]}
      - {each: column, total: all, of: [open, closed]}
      - {each: column, equal: [[new, old], [all]]}
"""
HEAD = "某局2023年报告\n申请计数\n甲项数 乙项数 总计\n"
ROWS = (
    "一、新收申请 2 10 12",
    "二、上年结转 1 0 1",
    "三、办理结果 1.予以公开信息 3 4 7",
    "2.不予公开信息 0 6 6",
    "四、办结合计 3 10 13",
)
TRUTH = {
    "new": (2, 10, 12), "old": (1, 0, 1), "open": (3, 4, 7), "closed": (0, 6, 6), "all": (3, 10, 13)
}  # fmt: skip


def report_of(text: str) -> Report:
    return align(read(text_document(text)), load_form(SMALL, "form.yaml"), Source("x", "", ""))


def values(report: Report, row: str) -> list[int | str]:
    found: list[int | str] = []
    for column in ("first", "second", "total"):
        match report.entries[Address("counts", row, column)].value:
            case Number(value):
                found.append(int(value))
            case Blank():
                found.append("blank")
            case Illegible():
                found.append("?")
            case Missing():
                found.append("missing")
    return found


def codes(report: Report) -> set[str]:
    return {notice.code for notice in report.notices}


def changed(number: int, line: str) -> str:
    return HEAD + "\n".join([*ROWS[:number], line, *ROWS[number + 1 :]]) + "\n结束"


def test_a_whole_table_is_read_whole() -> None:
    report = report_of(HEAD + "\n".join(ROWS) + "\n结束 5 5 5")
    assert {row: tuple(values(report, row)) for row in TRUTH} == TRUTH
    assert all(entry.match is Match.EXACT for entry in report.entries.values())
    assert not report.notices
    assert (report.identity.agency, report.identity.year) == ("某局", 2023)


def test_a_figure_knows_its_line_and_columns() -> None:
    report = report_of(HEAD + "\n".join(ROWS))
    assert report.entries[Address("counts", "new", "second")].origin == Origin(
        line=4, columns=(10, 11)
    )


@pytest.mark.parametrize(
    "line",
    [
        "2.不予公开\n信息 0 6 6",
        "2.不予公\n0 6 6\n开信息",
        "2.不予公开信息 0 6\n6",
        "2.不予公开信息\n\n0\n\n6\n\n6",
        "2、不予公开信息 0 6 6",
        "２．不予公开信息　０　６　６",
        "不予公开信息 0 6 6",
        "2.不予公开信息\n- 5 -\n0 6 6",
        "2.不予公开信息 | 0 | 6 | 6 |",
        "2.不予公开信息\t\t0\t6\t6\t",
        "2.不予公开信息 0 6 6\n17",
    ],
)
def test_a_row_is_read_however_it_is_laid_out(line: str) -> None:
    report = report_of(changed(3, line))
    assert {row: tuple(values(report, row)) for row in TRUTH} == TRUTH


def test_glued_digits_are_read_where_the_sums_leave_one_way_and_these_sums_prove_nothing() -> None:
    text = HEAD + "\n".join(line.replace(" ", "") for line in ROWS)
    report = report_of(text.replace("2.不予", "\n2.不予"))
    assert values(report, "new") == [2, 10, 12]
    entry = report.entries[Address("counts", "new", "first")]
    assert entry.match is Match.INFERRED
    assert frozenset(Address("counts", "new", c) for c in ("first", "second", "total")) in (
        report.assumed
    )
    assert "inferred" in codes(report)


def test_a_figure_too_many_is_settled_by_the_sums_or_declared() -> None:
    settled = report_of(changed(0, "一、新收申请 2 1 0 12"))
    assert values(settled, "new") == [2, 10, 12]
    assert settled.entries[Address("counts", "new", "second")].match is Match.INFERRED
    open_ = report_of(changed(0, "一、新收申请 2 9 12 40"))
    assert "?" in values(open_, "new")
    assert "row-readings" in codes(open_)


def test_a_figure_too_few_is_declared_unread() -> None:
    report = report_of(changed(0, "一、新收申请 2 12"))
    assert values(report, "new") == ["?", "?", "?"]
    assert values(report, "old") == [1, 0, 1]


def test_marks_and_empty_cells_are_blank_and_not_zero() -> None:
    assert values(report_of(changed(3, "2.不予公开信息 / 6 —")), "closed") == ["blank", 6, "blank"]
    assert values(report_of(changed(3, "2.不予公开信息\t\t6\t6")), "closed") == ["blank", 6, 6]


def test_a_lost_row_is_missing_and_the_others_stay() -> None:
    report = report_of(HEAD + "\n".join([*ROWS[:2], *ROWS[3:]]))
    assert values(report, "open") == ["missing"] * 3
    assert values(report, "closed") == [0, 6, 6]
    assert "missing-row" in codes(report)


def test_a_lost_column_is_missing() -> None:
    lines = [line.rsplit(" ", 1)[0] for line in ROWS]
    report = report_of(HEAD.replace(" 总计", "") + "\n".join(lines))
    assert values(report, "new") == [2, 10, "missing"]
    assert "missing-columns" in codes(report)


def test_columns_in_another_order_are_read_by_their_header() -> None:
    header = "申请计数\n\t总计\t甲项数\t乙项数\n"
    report = report_of("某局2023年\n" + header + "\n".join(r.replace(" ", "\t") for r in (
        "一、新收申请 12 2 10", "二、上年结转 1 1 0", "1.予以公开信息 7 3 4",
        "2.不予公开信息 6 0 6", "四、办结合计 13 3 10",
    )))  # fmt: skip
    assert {row: tuple(values(report, row)) for row in TRUTH} == TRUTH


def test_a_page_number_right_after_a_label_does_not_shift_the_row_in_silence() -> None:
    report = report_of(changed(3, "2.不予公开信息\n5\n0\n6\n6"))
    got = values(report, "closed")
    assert all(value in (truth, "?") for value, truth in zip(got, TRUTH["closed"], strict=True))


def test_a_cell_with_words_in_it_keeps_its_place() -> None:
    report = report_of(changed(3, "2.不予公开信息 | 1,2 | 6 | 6 |"))
    assert values(report, "closed") == ["?", 6, 6]
    assert report.entries[Address("counts", "closed", "first")].value == Illegible(("1,2",))
    assert "no-figure" in codes(report)


def test_a_figure_and_a_blank_mark_in_one_cell_are_one_box_that_cannot_be_told() -> None:
    report = report_of(changed(3, "2.不予公开信息 | 3 / | | 6 |"))
    assert values(report, "closed") == ["?", "blank", 6]


def test_a_misprinted_figure_keeps_its_place_among_the_others() -> None:
    report = report_of(changed(3, "2.不予公开信息 O 6 6"))
    assert values(report, "closed") == ["?", 6, 6]


def test_a_figure_lost_from_one_row_of_a_table_of_rows_costs_only_that_row() -> None:
    text = (
        "本年制发件数 本年废止件数\n四、政府信息公开行政复议、行政诉讼情况\n"
        "结果维持 结果纠正 其他结果 尚未审结 总计\n"
        "行政复议 1 0 0 0 1\n未经复议直接起诉 0 2 0 0 2\n复议后起诉 0 0 0 0\n"
    )
    entries = align(read(text_document(text)), form(), Source("x", "", "")).entries
    assert entries[Address("disputes", "direct_suit", "corrected")].value == Number(Decimal(2))
    lost = [entries[Address("disputes", "suit_after_review", c)].value for c in ("upheld", "total")]
    assert all(isinstance(value, Illegible) for value in lost)


def test_where_the_table_stands_twice_nothing_is_read() -> None:
    labels = [row.label for row in form().table("applications").rows if not row.instead_of]
    table = "三、收到和处理政府信息公开申请情况\n" + "\n".join(f"{x} 0 0 0 0 0 0 0" for x in labels)
    report = align(read(text_document(table + "\n去年：\n" + table)), form(), Source("x", "", ""))
    assert codes(report) == {"two-candidates"}
    assert all(isinstance(entry.value, Illegible) for entry in report.entries.values())


@pytest.mark.parametrize(
    ("title", "figures", "is_read"),
    [
        ("", "0 0 0", True),
        ("", "0 0 1", False),
        ("某局2022年政府信息公开年度报告\n", "0 0 0", False),
    ],
)
def test_tables_that_stand_twice_are_read_where_nothing_tells_the_copies_apart(
    title: str, figures: str, is_read: bool
) -> None:
    zeros = dict.fromkeys((box for table in form().tables for box in table.boxes()), Decimal(0))
    said = LAYOUTS["spaces, header in pieces"](form(), zeros, "某局", 2023, Random(1))
    second = title + said.replace("规章 0 0 0", f"规章 {figures}")
    report = align(read(text_document(said + second)), form(), Source("x", "", ""))
    assert ("copies-agree" in codes(report)) is is_read
    assert ("two-candidates" in codes(report)) is not is_read
    kinds = {type(entry.value) for entry in report.entries.values()}
    assert kinds == ({Number} if is_read else {Illegible})


def test_a_page_mark_between_cells_is_no_figure() -> None:
    text = SMALL.replace("vague: [约]", "vague: [约], pages: ['第\\d+页']")
    document = text_document(changed(3, "2.不予公开信息\n0\n第5页\n6\n6"))
    report = align(read(document), load_form(text, "form.yaml"), Source("x", "", ""))
    assert values(report, "closed") == [0, 6, 6]


LOCALES = (
    # numerals, how the figures are printed, what they are worth
    ("decimal: ',', group: '.'", ("10.240", "1,5", "10.241,5"), ("10240", "1.5", "10241.5")),
    ("decimal: ',', group: none", ("10240", "1,5", "10241,5"), ("10240", "1.5", "10241.5")),
    ("decimal: ',', group: ' '", ("10 240", "1,5", "10241,5"), ("10240", "1.5", "10241.5")),
    ('group: "\'"', ("10'240", "1.5", "10'241.5"), ("10240", "1.5", "10241.5")),
    ("negative: brackets", ("(83)", "(1.5)", "2,000"), ("-83", "-1.5", "2000")),
    # What is no figure in the form's own country is not read, whatever it is elsewhere.
    ("decimal: ',', group: '.'", ("10.24", "1.5", "10,240.5"), (None, None, None)),
    ("decimal: ',', group: none", ("10.240", "7", "10,24"), (None, "7", "10.24")),
)


@pytest.mark.parametrize(("numerals", "printed", "worth"), LOCALES)
@pytest.mark.parametrize("mark", ["\t", " | "])
def test_figures_are_read_as_the_forms_country_writes_them(
    numerals: str, printed: tuple[str, ...], worth: tuple[str | None, ...], mark: str
) -> None:
    text = SMALL.replace("vague: [约]", f"vague: [约], {numerals}")
    rows = [row.replace(" ", mark) for row in ROWS]
    rows[3] = mark.join(("2.不予公开信息", *printed))
    document = text_document(HEAD.replace(" ", mark) + "\n".join(rows) + "\n结束")
    report = align(read(document), load_form(text, "form.yaml"), Source("x", "", ""))
    for column, raw, value in zip(("first", "second", "total"), printed, worth, strict=True):
        entry = report.entries[Address("counts", "closed", column)]
        if value is None:
            assert isinstance(entry.value, Illegible)
        else:
            assert isinstance(entry.value, Number) and entry.value.value == Decimal(value)
            assert entry.raw == raw
    assert values(report, "open") == [3, 4, 7]


def test_a_limit_and_what_has_nothing_to_count_are_neither_figures_nor_blanks() -> None:
    own = "vague: [约], below: ['<', fewer than], not_applicable: [N/A]"
    rows = [row.replace(" ", "\t") for row in ROWS]
    rows[3] = "2.不予公开信息\t<5\tfewer than 3\tN/A"
    document = text_document(HEAD.replace(" ", "\t") + "\n".join(rows) + "\n结束")
    form = load_form(SMALL.replace("vague: [约]", own), "form.yaml")
    report = align(read(document), form, Source("x", "", ""))
    found = [report.entries[Address("counts", "closed", c)] for c in ("first", "second", "total")]
    assert [entry.value for entry in found] == [
        Below(("<5",), Decimal(5)),
        Below(("<3",), Decimal(3)),
        NotApplicable(),
    ]
    assert found[0].raw == "<5" and found[2].raw == "N/A"
    assert "no-figure" not in codes(report)


OPTIONAL = (
    SMALL
    + """
  - id: visits
    title: Visits
    headings: [来访情况]
    optional: true
    columns:
      - {id: times, label: 来访次数}
    rows:
      - {id: all, label: 来访合计}
      - {id: new, label: 一、新收申请}
"""
)


@pytest.mark.parametrize(
    ("printed", "there"),
    [
        ("", False),
        ("来访情况\n", True),
        ("来访次数\n", True),
        ("来访情况\n来访次数\n来访合计 7\n", True),
    ],
)
def test_an_optional_table_is_left_out_only_where_no_word_of_it_stands(
    printed: str, there: bool
) -> None:
    document = text_document(HEAD + "\n".join(ROWS) + "\n" + printed + "结束")
    form = load_form(OPTIONAL, "form.yaml")
    assert form.table("visits").title == {"zh": "Visits", "en": "Visits"}
    report = align(read(document), form, Source("x", "", ""))
    box = Address("visits", "all", "times")
    assert (box in report.entries) is there
    assert ("table-left-out" in codes(report)) is not there
    if "7" in printed:
        assert report.entries[box].value == Number(Decimal(7))
    elif there:
        assert not isinstance(report.entries[box].value, Number)


def test_figures_in_prose_are_no_cells() -> None:
    text = "申请计数\n2023 年本局收到申请 12 件，办结 13 件。\n甲项数 乙项数 总计\n"
    assert values(report_of(text + "\n".join(ROWS)), "new") == [2, 10, 12]


@pytest.mark.parametrize(
    "lead", ["5、", "5. ", "（5）", "05、", "5 ", "5\t", "表 5：", "## 5、", "**5.** "]
)
def test_the_number_of_the_next_heading_is_no_figure_of_the_row_above_it(lead: str) -> None:
    report = report_of(changed(4, f"四、办结合计 3 10\n{lead}结束"))
    assert values(report, "all") == ["?", "?", "?"]


@pytest.mark.parametrize("lead", ["5、", "5.", "（5）", "05、"])
def test_the_number_of_a_heading_on_the_same_line_is_no_digit_of_the_figure(lead: str) -> None:
    report = report_of(changed(4, f"四、办结合计 3 10 13{lead}结束"))
    assert values(report, "all") == [3, 10, 13]


def test_a_lost_table_is_missing_and_said_to_be() -> None:
    report = report_of("某局2023年\n别的什么\n")
    assert "table-missing" in codes(report)
    assert all(isinstance(e.value, Missing) for e in report.entries.values())


def test_every_box_has_an_entry_whatever_the_text() -> None:
    for text in ("申请计数", "一、新收申请", HEAD, "申请计数\n" + "0 " * 400):
        assert set(report_of(text).entries) == set(load_form(SMALL, "f").table("counts").boxes())


def test_offsets_stay_true_through_folding() -> None:
    folding = Folding({"數": "数"})
    for text in ("（一）１２３", "\u200b數\u2f00⺠", "½㈠"):
        assert len(folding.fold(text)) == len(text)
    assert folding.fold("數⺠\u2f00１") == "数民一1"


def test_marks_of_notes_do_not_fold_into_digits() -> None:
    assert Folding({}).fold("１2¹①₂") == "12¹①₂"
    # What turns the digits behind it round is no character to leave out.
    assert Folding({}).fold("\u202e21\u202c") == "\ufffd21\u2060"


def test_the_tape_leads_back_to_what_was_printed() -> None:
    extract = Extract((Paragraph("  规章　１２", Origin(line=7, columns=(3, 7))),))
    tape = linearize(extract, Folding({}))
    start = tape.text.index("12")
    assert tape.span_at(start).printed(start, start + 2) == "１２"
    assert tape.origin(start, start + 2) == Origin(line=7, columns=(6, 7))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12", Number(Decimal(12))),
        ("1,467", Number(Decimal(1467))),
        ("2.2104", Number(Decimal("2.2104"), Decimal("0.0001"))),
        ("-8", Number(Decimal(-8))),
        ("减3", Number(Decimal(-3))),
        ("约5件", Number(Decimal(5))),
        ("9" * 18, Number(Decimal("9" * 18))),
        ("9" * 19, Illegible(("9" * 19,))),
        ("/", Blank()),
        ("", Blank()),
    ],
)
def test_what_a_printed_figure_is_worth(printed: str, value: object) -> None:
    figures = Figures(load_form(SMALL, "f").numerals, Folding({}))
    assert figures.value(printed) == value


def test_the_edition_is_told_by_the_headers() -> None:
    forms = [form("cn-goi-annual/2019"), form("cn-goi-annual/2021")]
    new = read(text_document("本年制发件数 本年废止件数 现行有效件数 规章"))
    old = read(text_document("本年新制作数量 本年新公开数量 对外公开总数量 规章"))
    assert recognise(new, forms).id == "cn-goi-annual/2021"
    assert recognise(old, forms).id == "cn-goi-annual/2019"
    with pytest.raises(InputError, match="no known form"):
        recognise(read(text_document("话说天下大势")), forms)


def test_the_single_row_of_the_older_edition_is_read_as_what_it_is() -> None:
    rows = [row for row in form().table("applications").rows if row.group != "others"]
    text = "本年制发件数 本年废止件数\n三、收到和处理政府信息公开申请情况\n" + "\n".join(
        f"{row.label} 0 0 0 0 0 0 0" for row in rows
    )
    report = align(read(text_document(text)), form(), Source("x", "", ""))
    keys = {address.row for address in report.entries if address.table == "applications"}
    assert "other_handling" in keys
    assert "other_misc" not in keys
    assert "variant-row" in codes(report)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("in: results}", "in: result}", "did you mean 'results'"),
        ("headings:", "heading:", "headings"),
        ("id: old", "id: new", "stands here twice"),
        ("of: [first, second]", "of: [first, secnd]", "did you mean 'second'"),
        ("each: row", "each: line", "unknown value"),
        ("[甲项数, 乙项数]", "[甲项数]", "at least 2 header wordings"),
        ("[甲项数, 乙项数]", "[甲项数, 乙 项数, 丙项数]", "no table of the form prints '丙项数'"),
        ("'^(?P<agency>[^0-9]+?)20'", "'^(?P<agency>[^0-9+?)20'", "not a regular expression"),
        ("(?P<agency>[^0-9]+?)", "([^0-9]+?)", "no group 'agency'"),
        ("(?P<year>20", "(20", "no group 'year'"),
        ("vague: [约]", "vague: [约], pages: ['(']", "not a regular expression"),
        ("label: 二、上年结转", "label: 一、新收申请", "'new' and 'old' have the same wording"),
        (
            "label: 2.不予公开信息",
            "label: 2.不同, aliases: [1.予以公开信息]",
            "put them under groups",
        ),
    ],
)
def test_a_slip_in_a_form_is_told_with_its_line(old: str, new: str, said: str) -> None:
    broken = SMALL.replace(old, new, 1)
    assert broken != SMALL
    with pytest.raises(DefinitionError) as error:
        load_form(broken, "form.yaml")
    lines = zip(SMALL.split("\n"), broken.split("\n"), strict=True)
    line = next(number for number, (one, other) in enumerate(lines, 1) if one != other)
    assert error.value.place == f"form.yaml:{line}"
    assert said in str(error.value)


def test_rows_of_one_wording_are_told_apart_by_groups_numbers_or_columns() -> None:
    for old, new in (
        ("label: 2.不予公开信息, in: results", "label: 1.予以公开信息"),
        ("label: 2.不予公开信息", "label: 2.予以公开信息"),
    ):
        assert len(load_form(SMALL.replace(old, new), "form.yaml").tables[0].rows) == 5


@pytest.mark.parametrize("figures_first", [False, True])
def test_lines_of_figures_apart_from_their_labels_are_nobodys_for_certain(
    figures_first: bool,
) -> None:
    # Each line adds up whichever label is its own, and parts of one sum may change places.
    labels, lines = ["三、办理结果 1.予以公开信息", "2.不予公开信息"], ["0 6 6", "3 4 7"]
    block = [*lines, *labels] if figures_first else [*labels, *lines]
    report = report_of(HEAD + "\n".join([*ROWS[:2], *block, ROWS[4]]) + "\n结束")
    for row in ("open", "closed"):
        assert all(value == "?" for value in values(report, row)), values(report, row)
    assert values(report, "all") == list(TRUTH["all"])


@pytest.mark.parametrize(
    "block",
    [
        ["一、新收申请", "2 10 12", "1 0 1", "二、上年结转", "1.予以公开信息", "3 4 7"],
        ["一、新收申请", "二、上年结转", "2 10 12", "1.予以公开信息", "1 0 1", "3 4 7"],
    ],
)
def test_next_to_a_block_a_figure_behind_a_label_need_not_be_its_own(block: list[str]) -> None:
    report = report_of(HEAD + "\n".join([*block, *ROWS[3:]]) + "\n结束")
    for row in ("new", "old", "open"):
        assert all(
            value in ("?", "missing", truth)
            for value, truth in zip(values(report, row), TRUTH[row], strict=True)
        ), values(report, row)
    assert values(report, "closed") in (list(TRUTH["closed"]), ["?"] * 3)


def test_a_whole_row_behind_the_last_label_is_its_own_though_the_label_above_is_not_known() -> None:
    rows = "\n".join([*ROWS[:3], "2.不曾公开过的东西 0 6 6", "四、办结合计 3 10 13"])
    report = report_of(HEAD + rows + "\n结束")
    assert values(report, "all") in ([3, 10, 13], ["?", "?", "?"])


def test_a_row_of_empty_cells_takes_no_figures_from_beyond_other_words() -> None:
    rows = ["1.予以公开信息 | | | |", "全然不同的一行 | 3 | 4 | 7 |", ROWS[3], ROWS[4]]
    report = report_of(HEAD + "\n".join([*ROWS[:2], *rows]) + "\n结束")
    assert values(report, "open") == ["blank", "blank", "blank"]
    rows = [ROWS[2], "全然不同的一行 | 3 | 4 | 7 |", "2.不予公开信息 | | | |", ROWS[4]]
    report = report_of(HEAD + "\n".join([*ROWS[:2], *rows]) + "\n结束")
    assert values(report, "closed") == ["blank", "blank", "blank"]


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("一、新收申请 | 2 | | 2 |\n\n10", [2, "blank", 2]),  # the sum says which
        ("一、新收申请 | 2 | | 5 |\n\n10", [2, "?", "?"]),
        ("一、新收申请 | 2 | 10 | 1 2 |", [2, 10, "?"]),
        ("一、新收申请 | 2 | | 1 0 |", [2, "blank", "?"]),
    ],
)
def test_a_figure_too_many_beside_an_empty_cell_fills_no_box(
    row: str, read: list[int | str]
) -> None:
    found = values(report_of(changed(0, row)), "new")
    assert all(value in (truth, "?") for value, truth in zip(found, read, strict=True)), found


def test_a_last_figure_on_the_next_line_and_a_torn_one_are_settled_by_the_sums() -> None:
    assert values(report_of(changed(0, "一、新收申请\n2 1 0\n12")), "new") == [2, 10, 12]
    assert values(report_of(changed(0, "一、新收申请\n2 10 12\n5")), "new") == [2, 10, 12]


@pytest.mark.parametrize("cells", ["02 | 丁", "023 | 丁 | 4", "00 | 丁"])
def test_a_word_among_figures_run_together_is_a_cell_unread(cells: str) -> None:
    row = report_of(changed(0, f"一、新收申请 | {cells} |"))
    assert values(row, "new")[2] in ("?", 4)
    assert "?" in values(row, "new")


def test_the_year_of_a_report_beside_a_list_of_others_is_that_of_its_period() -> None:
    years = "".join(f"某局{year}年政府信息公开工作年度报告\n" for year in (2022, 2021, 2020, 2019))
    period = "统计期限自2021年1月1日起至2021年12月31日止。\n"
    own = form().imprint
    fold = Folding({})

    def year_of(text: str) -> int | None:
        return find_identity(linearize(read(text_document(text)), fold), own).year

    assert year_of(years + period) == 2021
    assert year_of(years) is None
    assert (
        year_of("某局2023年政府信息公开工作年度报告\n2022年政府信息公开年度报告指出的问题") == 2023
    )


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        ("现将我局2022年度政府信息公开工作年度报告公布如下。", None),
        ("现将本机关2022年政府信息公开工作年度报告公布如下。", None),
        ("现将某县某局2022年政府信息公开工作年度报告公布如下。", "某县某局"),
        (
            "现将我局2022年度政府信息公开工作年度报告公布。\n某县某局2022年政府信息公开年度报告",
            "某县某局",
        ),
        ("某县某局2022年政府信息公开工作报告\n根据要求，编制本报告。", "某县某局"),
        ("2022年度某县某局政府信息公开工作报告\n根据要求，编制本报告。", "某县某局"),
        ("本溪市某局2022年政府信息公开工作年度报告", "本溪市某局"),
        ("某县某局的2022年政府信息公开工作报告说得很清楚。", None),
    ],
)
def test_who_reports_is_told_by_a_title_and_not_by_what_a_sentence_calls_it(
    head: str, agency: str | None
) -> None:
    for form_id in ("cn-goi-annual/2019", "cn-goi-annual/2021"):
        text = linearize(read(text_document(head)), Folding({}))
        found = find_identity(text, form(form_id).imprint)
        assert found.agency == agency
        assert found.year == 2022
