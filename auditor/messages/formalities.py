"""What is said about a report's own formalities, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

FORMALITIES: Mapping[str, tuple[str, str]] = {
    "section-number": (
        "标题序号与格式不一致，请核对；按格式应为：{titles}",
        "numbers of headings differ from the form, which prints: {titles}",
    ),
    "section-order": (
        "“{title}”的位置与格式规定的顺序不一致，请核对",
        "{title} does not stand where the form has it",
    ),
    "section-missing": (
        "未见“{title}”这一部分，请核对是否遗漏",
        "there seems to be no section {title}: was it left out?",
    ),
    "edition-wrong": (
        "标题和统计期限均为{year}年，所用表格不是该年度适用的格式",
        "title and period say {year}; the tables are not of the edition in force for that year",
    ),
    "edition-doubtful": (
        "文中年份为{year}年，所用表格不是该年度适用的格式；请先核对年份，再核对表格",
        "the text says {year}, and the tables are not of the edition in force for that year: "
        "is it the year or the tables?",
    ),
    "notice-replaced": (
        "引用的格式文件是{cited}，现行的是{due}；表格无误，请核对引文",
        "the notice cited is {cited}; the one in force is {due}. The tables are right, "
        "the reference is not",
    ),
    "year-of-title": (
        "标题年份是{year}年，统计期限是“{period}”，请核对",
        "the title says {year}, the period is {period}",
    ),
    "year-stale": (
        "本报告是{report_year}年度的，此句写的是{year}年，请核对是否沿用了往年的文字",
        "the report is for {report_year}, this sentence says {year}: is it an older text?",
    ),
    "agency-differs": (
        "标题中的单位是“{title}”，落款是“{signature}”，请核对单位名称",
        "the title names {title}, the signature {signature}: are they the same agency?",
    ),
    "dated-early": (
        "日期为{date}，早于统计期限的截止日，请核对",
        "it is dated {date}, before the period it covers has ended",
    ),
    "dated-late": (
        "落款日期为{date}，晚于法定公布期限（{due}），请核对",
        "it is dated {date}; by law it is due by {due}",
    ),
    "published-late": (
        "网页标注的日期为{date}，晚于法定公布期限（{due}）；如为网站调整后的日期，可不予理会",
        "the page gives the date {date}, and by law the report is due by {due}; if that is the "
        "date of a later change of the site, ignore this",
    ),
    "section-empty": (
        "“{title}”之下没有内容，请核对是否漏写",
        "nothing stands under {title}: was it left out?",
    ),
    "section-brief": (
        "“{title}”只写了“{text}”，请补充具体内容",
        "{title} says no more than: {text}",
    ),
    "section-unstated": (
        "“{title}”没有说明{what}，请补充",
        "{title} does not say {what}",
    ),
    "section-unstated-elsewhere": (
        "{what}写在其他部分，“{title}”没有说明；请考虑在此处报告",
        "{what}: said in another section, not in {title}, where it belongs",
    ),
    "fee-step": (
        "所述信息处理费为{figure}元；按收费标准，金额应是{step}元的整数倍，请核对",
        "the text says processing fees of {figure} yuan; by the tariff, amounts are multiples of "
        "{step} yuan",
    ),
    "fee-above-all": (
        "所述信息处理费为{figure}元，多于表二的行政事业性收费（{table}万元），请核对金额和单位",
        "the text says processing fees of {figure} yuan, more than all fees in table two "
        "({table}, in units of 10,000 yuan): are amounts and units right?",
    ),
    "unit-mixed": (
        "正文中的金额是{figure}{unit}，表中以万元为单位也填{figure}，请核对单位",
        "the text says {figure}{unit}, and the table has {figure} in units of 10,000 yuan: "
        "one of the units is wrong",
    ),
    "template-left": (
        "正文中留有模板的文字或占位符“{text}”，请删改",
        "text of the template or a placeholder was left in: {text}",
    ),
    "template-left-more": (
        "正文中留有模板的文字或占位符“{text}”，另有{more}处未逐一列出，请删改",
        "text of the template or a placeholder was left in: {text}, and {more} more",
    ),
}
