"""Title, period, signature and leftovers: what is read of them, and what is said about it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Address
from auditor.model.finding import Finding
from auditor.model.prose import Metadata
from auditor.pipeline import audit, read_report
from auditor.prose import folded
from auditor.prose.formalities import packed
from auditor.prose.lexer import Grammar, find_dates
from auditor.source_text import Folding
from tests.kit import LAYOUTS, consistent_figures
from tests.support import form, library, text_document

FORM = "cn-goi-annual/2021"
AGENCY, YEAR = "青溪市水务局", 2023
SEVERAL = (
    "rows with trailing pipes",
    "one cell to a line",
    "everything on one line",
    "Markdown",
    "traditional characters",
)


@cache
def made(layout: str = SEVERAL[0], seed: int = 1) -> str:
    """A lawful report in which nobody failed to pay a fee."""
    rng = Random(seed)
    figures = consistent_figures(form(FORM), rng, "small")
    while figures[Address("applications", "other_unpaid_fee", "total")]:
        figures = consistent_figures(form(FORM), rng, "small")
    return LAYOUTS[layout](form(FORM), figures, AGENCY, YEAR, rng)


def changed(*pairs: tuple[str, str], layout: str = SEVERAL[0]) -> str:
    """The report with texts replaced that certainly stand in it."""
    text = made(layout)
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def read(text: str) -> Metadata:
    _, report = read_report(text_document(text), library())
    assert report.prose is not None
    return report.prose.metadata


def told(text: str) -> list[Finding]:
    """The findings on formalities, those on figures left out."""
    from auditor.checks.sentences import FORMALITIES

    found = audit(text_document(text), library()).findings
    return [each for each in found if each.outcomes[0].check.rule.kind in FORMALITIES]


def rules(text: str) -> list[str]:
    return [finding.rule_id for finding in told(text)]


def said(text: str, rule_id: str) -> Finding:
    """The one finding there is, and that by this rule."""
    found = told(text)
    assert [each.rule_id for each in found] == [rule_id], [each.message["zh"] for each in found]
    return found[0]


TITLE = f"{AGENCY}{YEAR}年政府信息公开工作年度报告"
PERIOD = f"{YEAR}年1月1日起至{YEAR}年12月31日"


@pytest.mark.parametrize("layout", SEVERAL)
def test_title_period_and_signature_are_read_in_every_layout(layout: str) -> None:
    formal = read(made(layout))
    assert (formal.title_year, formal.period_start, formal.period_end) == (
        YEAR,
        date(YEAR, 1, 1),
        date(YEAR, 12, 31),
    )
    assert formal.title_agency is not None and formal.signature is not None
    assert formal.signature.text == formal.title_agency
    assert formal.signed_on is not None and formal.signed_on.year == YEAR + 1
    assert (formal.stale_years, formal.leftovers, formal.unseen, formal.misplaced) == (
        (),
        (),
        (),
        (),
    )


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2024年1月10日", date(2024, 1, 10)),
        ("2024 年 1 月 10 日", date(2024, 1, 10)),
        ("２０２４年１月１０日", date(2024, 1, 10)),
        ("二〇二四年一月十日", date(2024, 1, 10)),
        ("二○二四年一月二十一日", date(2024, 1, 21)),
        ("二O二四年十一月三十日", date(2024, 11, 30)),
        ("2024-01-10 16:34", date(2024, 1, 10)),
        ("2024.1.10", date(2024, 1, 10)),
        ("2024/01/10", date(2024, 1, 10)),
    ],
)
def test_a_date_is_read_however_it_is_printed(printed: str, day: date) -> None:
    folding = Folding({})
    grammar = Grammar(folded(form(FORM).wordings, folding.fold))
    assert [each.on() for each in find_dates(grammar, packed(folding.fold(printed)))] == [day]


@pytest.mark.parametrize(
    "printed", ["2024年13月1日", "2024年2月30日", "192.168.1.10", "12024-01-10"]
)
def test_what_is_no_date_is_not_read_as_one(printed: str) -> None:
    grammar = unfolded_grammar()
    assert [each.on() for each in find_dates(grammar, printed) if each.on() is not None] == []


@cache
def unfolded_grammar() -> Grammar:
    return Grammar(folded(form(FORM).wordings, Folding({}).fold))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    digits = "〇一二三四五六七八九"

    def spelled(number: int) -> str:
        tens, ones = divmod(number, 10)
        lead = "" if not tens else "十" if tens == 1 else digits[tens] + "十"
        return lead + (digits[ones] if ones else "")

    year = "".join(digits[int(char)] for char in str(day.year))
    grammar = unfolded_grammar()
    for printed in (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{year}年{spelled(day.month)}月{spelled(day.day)}日",
    ):
        assert [each.on() for each in find_dates(grammar, printed)] == [day]


# Titles


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        (f"{YEAR}年{AGENCY}政府信息公开年度报告", AGENCY, YEAR),
        (f"{AGENCY}\n{YEAR} 年政府信息公开工作\n年度报告", AGENCY, YEAR),
        (f"首页 > 公开年报\n{TITLE}\n发布时间：2024-01-20 10:00", AGENCY, YEAR),
        (f"{YEAR} 年政府信息公开工作年度报告", None, YEAR),
        ("政府信息公开工作年度报告", None, None),
        (f"{AGENCY}{YEAR}年政府信息公开工作报告", AGENCY, YEAR),
        (f"{YEAR}年度{AGENCY}政府信息公开工作报告", AGENCY, YEAR),
        # A list of other years' reports beside the text: which one is meant cannot be told.
        (f"{AGENCY}2022年政府信息公开工作年度报告\n{TITLE}", AGENCY, None),
    ],
)
def test_a_title_is_read_as_it_stands(title: str, agency: str | None, year: int | None) -> None:
    formal = read(changed((TITLE, title)))
    assert (formal.title_agency, formal.title_year) == (agency, year)


def test_a_notice_quoted_in_the_preamble_is_no_title() -> None:
    formal = read(
        changed(
            (TITLE, "年度报告"),
            (
                "本报告依照",
                "根据《关于做好2022年政府信息公开工作年度报告有关事项的通知》，本报告依照",
            ),
        )
    )
    assert formal.title is None


# Lawful reports and their breaches


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_lawful_report_has_no_finding_on_its_formalities(layout: str) -> None:
    for seed in range(3):
        text = made(layout, seed)
        assert [each.message["zh"] for each in told(text)] == []


def test_another_year_in_the_period_is_told_beside_the_title() -> None:
    finding = said(changed((PERIOD, "2022年1月1日起至2022年12月31日")), "year-title")
    assert finding.severity.value == "warning"
    assert [quote.text for quote in finding.quotes] == [TITLE, "2022年1月1日起至2022年12月31日"]


def test_a_period_that_begins_too_early_is_told() -> None:
    said(changed((PERIOD, "2022年1月1日起至2023年12月31日")), "year-title")


def test_an_old_year_in_title_and_period_is_an_error_of_the_edition() -> None:
    text = changed((str(YEAR + 1), "2021"), (str(YEAR), "2020"))
    finding = said(text, "edition-year")
    assert finding.severity.value == "error"


def test_an_old_year_in_the_title_alone_only_warns_of_the_edition() -> None:
    found = {
        each.rule_id: each.severity.value
        for each in told(changed((TITLE, TITLE.replace("2023", "2020"))))
    }
    assert found["edition-year"] == "warning"
    assert found["year-title"] == "warning"


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("国办公开办函〔2021〕30号", []),
        ("国办公开办函〔2019〕60号", ["edition-notice"]),
        ("国办公开办函[2019] 60号", ["edition-notice"]),
        ("国办公开办函〔2019〕60号、国办公开办函〔2021〕30号", []),
        ("国办函〔2020〕109号", []),
    ],
)
def test_the_notice_cited_is_the_one_in_force(cited: str, expected: list[str]) -> None:
    text = changed(("本报告依照", f"根据《关于印发格式的通知》（{cited}），本报告依照"))
    assert rules(text) == expected


@pytest.mark.parametrize("layout", ["one cell to a line", "Markdown", "rows with trailing pipes"])
def test_a_missing_section_is_told(layout: str) -> None:
    text = made(layout)
    lines = text.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "五、存在的主要问题" in line)
    end = next(i for i, line in enumerate(lines) if "六、其他需要报告" in line)
    finding = said("".join(lines[:at] + lines[end:]), "sections")
    assert "五、存在的主要问题及改进情况" in finding.message["zh"]


@pytest.mark.parametrize(
    "heading",
    [
        "五、下一步工作打算",
        "（五）问题与改进",
        "五 、 存在的主要问题\n及改进情况",
        "存在的主要问题及改进情况",
    ],
)
def test_a_heading_in_other_words_or_torn_is_no_missing_section(heading: str) -> None:
    assert rules(changed(("五、存在的主要问题及改进情况", heading))) == []


def test_a_text_that_ends_early_has_no_missing_section() -> None:
    text = made()
    assert rules(text[: text.index("五、存在的主要问题")]) == []


def test_sections_out_of_order_are_told() -> None:
    text = made()
    five, six = text.index("五、存在"), text.index("六、其他")
    end = text.index(f"\n{AGENCY}\n")
    swapped = text[:five] + text[six:end] + "\n" + text[five:six].rstrip() + text[end:]
    assert "sections" in rules(swapped)


def test_a_number_printed_twice_is_told_once() -> None:
    text = changed(("五、存在的主要问题", "四、存在的主要问题"), ("六、其他需要", "五、其他需要"))
    found = [each for each in told(text) if each.rule_id == "sections"]
    assert len(found) == 1
    assert "五、" in found[0].message["zh"] and "六、" in found[0].message["zh"]


SIGNED = f"\n{AGENCY}\n{YEAR + 1}年1月"


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (AGENCY, []),
        ("青溪市水务局办公室", []),
        ("青溪水务局", []),
        ("青溪市水利局", ["agency-names"]),
        ("望舒县水务局", ["agency-names"]),
        # No name, so nothing to compare.
        ("（此件公开发布）", []),
        ("联系单位：望舒县水务局", []),
    ],
)
def test_a_signature_by_somebody_else_is_a_question(signature: str, expected: list[str]) -> None:
    text = changed((SIGNED, f"\n{signature}\n{YEAR + 1}年1月"))
    assert rules(text) == expected


@pytest.mark.parametrize(
    ("title", "signature", "expected"),
    [
        ("云岭区人力资源局", "云岭区人力资源和社会保障局", ["agency-names"]),
        ("云岭区人力资源和社会保障局", "区人社局", []),
        ("云岭区住房和城乡建设局", "云岭区住建局", []),
        ("临川新区管理委员会", "临川新区管委会", []),
        ("青溪市卫生健康委员会", "青溪市卫健委", []),
    ],
)
def test_a_short_form_is_no_other_name(title: str, signature: str, expected: list[str]) -> None:
    text = changed((SIGNED, f"\n{signature}\n{YEAR + 1}年1月"), (AGENCY, title))
    assert rules(text.replace(f"\n{title}\n2024", f"\n{signature}\n2024")) == expected


def dated(signed: str, agency: str = AGENCY) -> str:
    head = made()[: made().index(SIGNED)]
    return f"{head}\n{AGENCY}\n{signed}\n".replace(AGENCY, agency)


@pytest.mark.parametrize(
    ("signed", "agency", "expected"),
    [
        ("2024年1月31日", AGENCY, []),
        ("二〇二四年一月三十日", AGENCY, []),
        ("2024年2月5日", AGENCY, ["report-date"]),
        ("2024年2月5日", "望舒县人民政府", []),
        ("2024年4月2日", "望舒县人民政府", ["report-date"]),
        ("2024年2月5日", "石渡镇人民政府", []),
        ("2024年2月5日", "临川新区管理委员会", []),
        ("2023年1月12日", AGENCY, ["report-date"]),
        ("2023年12月28日", AGENCY, ["report-date"]),
    ],
)
def test_the_date_keeps_the_term_of_who_signs(
    signed: str, agency: str, expected: list[str]
) -> None:
    assert rules(dated(signed, agency)) == expected


def test_a_date_that_only_the_page_prints_is_a_question() -> None:
    text = made()[: made().index(SIGNED)]
    finding = said(f"发布时间：2024-02-20 15:07\n{text}", "report-date")
    assert finding.severity.value == "info"
    assert rules(f"发布时间：2024-01-20 15:07\n{text}") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("无。", ["problems-told"]),
        ("无", ["problems-told"]),
        ("暂无明显问题。", ["problems-told"]),
        ("个别栏目更新不够及时，将按月检查。", []),
    ],
)
def test_section_five_says_what_the_problems_are(body: str, expected: list[str]) -> None:
    text = made()
    start = text.index("\n", text.index("五、存在")) + 1
    assert rules(text[:start] + body + "\n" + text[text.index("六、其他") :]) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("无。", ["other-matters-told"]),
        ("无\n附件：", ["other-matters-told"]),
        ("", ["other-matters-told"]),
        ("本机关没有其他需要报告的事项。", ["processing-fee-stated"]),
        ("本年度未收取信息处理费。", []),
        ("我局2023年度没有向申请人收费的情况。", []),
        ("本年度收取信息处理费385元。", ["processing-fee-amount"]),
    ],
)
def test_section_six_says_whether_fees_were_charged(body: str, expected: list[str]) -> None:
    text = made()
    start = text.index("\n", text.index("六、其他")) + 1
    assert rules(text[:start] + body + text[text.index(SIGNED) :]) == expected


def test_fees_above_all_fees_are_told() -> None:
    text = changed(("未收取信息处理费", "收取信息处理费9999999990元"))
    said(text, "processing-fee-amount")


LAWFUL = [
    "与2022年相比，全年收到申请减少3件。",
    "收到申请12件，较2022年增加2件。",
    "2022年结转的申请1件已办结。",
    "2022年收到申请12件，2023年收到申请15件。",
    "2022年存在的3个问题已全部整改，公开栏目5个。",
    "2022年度部门决算于9月公开，共公开信息2条。",
    "公开2022年度财政决算信息2条。",
    "2022年12月，印发工作方案1份，公开信息3条。",
    "2024年，我局将公开信息300条以上，举办培训2次。",
    "根据《2022年政务公开工作要点》，公开信息3条。",
    "按照国办函〔2022〕10号要求，公开信息3条。",
    "自2022年起累计公开信息300条。",
    "2019年以来，共公开信息800条。",
    "2021-2022年公开信息300条，2023年公开150条。",
    "2022年，我局被评为先进单位。",
    "（2022年收到3件）本年收到申请4件。",
]
STALE = [
    ("2022年，我局收到政府信息公开申请5件。", "2022年"),
    ("2022年度共公开信息300条。", "2022年"),
    ("依申请公开方面，2021年受理申请3件，均已答复。", "2021年"),
    ("我局2022年主动公开政府信息150条。", "2022年"),
    ("一是加强公开。2022 年共发布信息 30 条。", "2022年"),
    ("年底工作有序，2024年共收到申请5件。", "2024年"),
]


@pytest.mark.parametrize("sentence", LAWFUL)
def test_a_year_that_is_meant_is_not_stale(sentence: str) -> None:
    assert rules(changed(("公开栏目按季检查", f"{sentence}公开栏目按季检查"))) == []


@pytest.mark.parametrize(("sentence", "marked"), STALE)
def test_an_older_text_is_told_with_its_year_marked(sentence: str, marked: str) -> None:
    finding = said(changed(("公开栏目按季检查", f"{sentence}公开栏目按季检查")), "year-sentences")
    (quote,) = finding.quotes
    ((start, end),) = quote.marks
    assert quote.text[start:end].replace(" ", "") == marked


def test_no_year_is_stale_where_title_and_period_disagree() -> None:
    text = changed((PERIOD, "2022年1月1日起至2022年12月31日"))
    assert rules(text) == ["year-title"]


@pytest.mark.parametrize(
    ("left", "text"),
    [
        ("该部分以表格形式报告。表格如下：", "该部分以表格形式报告"),
        ("全年收到申请XX件。", "XX"),
        ("20XX年，公开信息3条。", "20XX"),
        ("××局高度重视公开工作。", "××"),
        ("公开信息____条。", "____"),
        ("［填写培训次数］", "［填写培训次数］"),
        ("收取信息处理费情况在此处报告", "收取信息处理费情况在此处报告"),
    ],
)
def test_what_is_left_of_the_template_is_quoted(left: str, text: str) -> None:
    finding = said(changed(("公开栏目按季检查", f"{left}公开栏目按季检查")), "template-text")
    assert finding.actual == text
    assert text in finding.message["zh"]


def test_a_date_left_empty_is_told() -> None:
    text = made()[: made().index(SIGNED)] + f"\n{AGENCY}\n    年  月  日\n"
    said(text, "template-text")


@pytest.mark.parametrize(
    "sentence",
    [
        "答复标题统一为“XX局关于XX的答复”。",
        "详见www.xxgk.gov.cn，电子邮箱xx@xx.cn。",
        "统计数据按年月日排序。",
        "表格如下文所示。",
        "开展“互联网+”等3×2项活动。",
        "XXL号展板2块。",
    ],
)
def test_what_only_looks_like_a_template_is_left_alone(sentence: str) -> None:
    assert rules(changed(("公开栏目按季检查", f"{sentence}公开栏目按季检查"))) == []


def test_many_leftovers_are_not_told_one_by_one() -> None:
    left = "".join(f"［填写第{number}项］" for number in "一二三四五六七八九")
    text = changed(("公开栏目按季检查", left + "公开栏目按季检查"))
    found = told(text)
    assert {each.rule_id for each in found} == {"template-text"}
    assert len(found) == 5
    assert any("另有4处" in each.message["zh"] for each in found)


def test_the_same_leftover_is_told_once_with_every_place() -> None:
    text = changed(("公开栏目按季检查", "公开信息XX条，培训XX次。公开栏目按季检查"))
    assert len(said(text, "template-text").quotes) == 2


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("全年行政事业性收费2950元。", {"fee-unit": 2}),
        ("全年行政事业性收费金额3950元。", {"prose-fees": 1}),
        ("全年信息处理费2950元。", {"fee-unit": 1}),
        ("全年行政事业性收费2950元，上年行政事业性收费金额为多少元。", {"fee-unit": 2}),
    ],
)
def test_of_an_amount_in_the_wrong_unit_the_unit_is_told_and_not_also_the_difference(
    sentence: str, rules: dict[str, int]
) -> None:
    text = re.sub(r"(行政事业性收费 \| )[\d.]+", r"\g<1>2950", made())
    heading = re.search("一、.*\n", text)
    assert heading is not None
    text = text[: heading.end()] + sentence + "\n" + text[heading.end() :]
    findings = audit(text_document(text), library()).findings
    about = [each for each in findings if each.rule_id in ("fee-unit", "prose-fees")]
    assert {each.rule_id: len(each.outcomes) for each in about} == rules
    assert all(quote.text == sentence for each in about for quote in each.quotes)
    for each in about:
        assert len(each.quotes) == sum(one.check.rule.id == each.rule_id for one in each.outcomes)
