"""What made pages say besides what they are made from, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "rules-title": ("Every rule", "全部规则"),
    "rules-lead": (
        "Made from the rule files themselves: what each rule says, where it is prescribed, and the "
        "cases that it carries and passes. `audit rules explain ID` prints the same for one rule, "
        "with the cells that it reads.",
        "本页由规则文件生成：每条规则要求什么、依据何在，以及规则自带并通过的例子。"
        "`audit rules explain 编号` 可在命令行显示单条规则及其所读的单元格。",
    ),
    "rule": ("rule", "规则"),
    "says": ("says", "要求"),
    "severity": ("severity", "级别"),
    "basis": ("basis", "依据"),
    "forms": ("forms", "适用格式"),
    "kind": ("kind", "种类"),
    "kind-each": ("{kind}, each {each}", "{kind}（逐{each}）"),
    "row": ("row", "行"),
    "column": ("column", "列"),
    "table": ("table", "表"),
    "text": ("sentences", "正文"),
    "advice": ("look first", "先看"),
    "defined": ("defined at", "定义"),
    "cases": ("Cases", "例子"),
    "given": ("given", "给定"),
    "is": ("is", "结论"),
    "difference": ("difference", "差"),
    "nothing": ("nothing", "（无）"),
    "group-applications": ("Table three: applications", "表三：依申请公开"),
    "group-disclosure": ("Table two: proactive disclosure", "表二：主动公开"),
    "group-disputes": ("Table four: reviews and lawsuits", "表四：行政复议、行政诉讼"),
    "group-across-years": ("Across years", "跨年度"),
    "group-sheet": ("Annual sheet of websites", "政府网站年度报表"),
    "group-accounts": ("Final accounts of departments", "部门决算公开表"),
    "group-tables": ("Annual FOIA report", "美国信息自由法年度报告"),
    "group-edition": ("The edition", "格式版本"),
    "group-groups": ("A government and its bodies", "一级政府与所属单位"),
    "group-formalities": ("Formalities", "形式要求"),
    "group-lists": ("Lists and percentages", "分项与百分比"),
    "group-sentences": ("Sentences", "正文所述的数"),
    "commands-title": ("Commands", "命令"),
    "commands-lead": (
        "Made from the help of the commands; `audit COMMAND --help` and the manual page "
        "`man audit` say the same.",
        "本页由命令的帮助文字生成（英文）；`audit 命令 --help` 与手册页 `man audit` 内容相同。",
    ),
    "options": ("Options", "选项"),
    "decisions-title": ("Decisions", "设计决定"),
    "decisions-lead": (
        "Why things are as they are, one decision a page.",
        "为什么这样设计，一页一个决定（英文）。",
    ),
}


def word(code: str, language: str, **values: object) -> str:
    """The word in that language."""
    return WORDS[code][1 if language == "zh" else 0].format_map(values)
