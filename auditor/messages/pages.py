"""What the page for a browser says besides, in Chinese and English: to people who never saw one."""

from __future__ import annotations

from collections.abc import Mapping

PAGES: Mapping[str, tuple[str, str]] = {
    "page-title": ("{name}：{verdict}", "{name}: {verdict}"),
    "page-skip": ("跳到正文", "Skip to the content"),
    "page-contents": ("本页内容", "On this page"),
    "page-file": ("文件：{name}", "File: {name}"),
    "page-made-by": (
        "由 audit {version} 生成。本页只核对报告中的数字和格式，不代替人的判断。",
        "Made by audit {version}. It compares figures and formalities; it does not replace "
        "judgement.",
    ),
    # the verdict
    "page-verdict": ("结论", "Verdict"),
    "page-verdict-findings": ("发现问题", "problems found"),
    "page-verdict-failure": ("无法审核", "could not be audited"),
    "page-verdict-not-audited": ("未能完成审核", "not audited"),
    "page-verdict-settled": ("没有新问题", "nothing new"),
    "page-verdict-below": ("请核对", "to look at"),
    "page-verdict-clean": ("未发现问题", "nothing found"),
    "page-verdict-silenced": ("设置隐去了错误", "errors silenced by settings"),
    "page-verdict-reading": ("只读未审", "read, not judged"),
    "page-means-findings": (
        "报告里有些数字彼此对不上，或写法不合规定。下面逐条说明问题在哪一格、为什么、怎样改。",
        "Some figures contradict each other, or are not written as the form asks. Each problem "
        "is told below: which cell, why, and what would mend it.",
    ),
    "page-means-settled": (
        "列在下面的问题此前都已处理（已知、已豁免或已说明），或不是必须改正的错误。",
        "What is listed below was decided about before (known, waived or answered), or need not "
        "be corrected.",
    ),
    "page-means-below": (
        "没有必须改正的错误，但有几处请再看一眼，列在下面。",
        "Nothing must be corrected; a few points listed below deserve a second look.",
    ),
    "page-means-clean": (
        "应读的数都读出来了，能检查的都对得上。没有检查的内容列在下面，它们不算通过。",
        "Every figure was read, and all that could be checked agrees. What was not checked is "
        "listed below and does not count as passed.",
    ),
    "page-means-silenced": (
        "按规则属于错误的检查有不成立的，但设置（设置文件或命令行）使它们没有列出，或降了级。"
        "这不等于未发现问题。",
        "Checks fail that are errors by the rules, but the settings (a file, or the command line) "
        "keep them from being told, or make them milder. This is not a clean report.",
    ),
    "page-means-not-audited": (
        "有应读的数没有读出来，所以不能说这份报告没有问题。没有读出的内容列在下面，请对照原件核对。",
        "Figures that should be there were not read, so nobody can say that the report is right. "
        "What was not read is listed below: compare the original.",
    ),
    "page-failure-means": (
        "这份文件没有检查过任何内容，请处理后再审。",
        "Nothing in this document was checked.",
    ),
    "page-status-fail": ("数字之间矛盾，或写法不合规定", "figures contradict, or are ill-written"),
    "page-status-undetermined": (
        "适用，但所需的数空白或没有读出，不算通过",
        "applies, but a figure is blank or was not read: not a pass",
    ),
    "page-status-not_applicable": (
        "本报告不涉及，没有检查，不算通过",
        "does not concern this report: not checked, not a pass",
    ),
    "page-status-pass": ("检查过，相符", "checked, and it holds"),
    "page-counts-are": (
        "共 {total} 项检查。同一个错误可能使几项检查都不成立，所以问题的条数可能比不成立的项数少。",
        "{total} checks in all. One mistake may break several of them, so there may be fewer "
        "findings than failed checks.",
    ),
    "page-severities": (
        "“错误”是不可能成立、必须改正的；“警告”是多半不对的；“提示”是请作者再看一眼的。",
        "ERROR: cannot be right and must be corrected. WARNING: probably wrong. INFO: a question "
        "to the author.",
    ),
    # a finding
    "page-finding": ("问题", "finding"),
    "page-advice": ("先看", "Look first"),
    "page-rule": ("规则", "Rule"),
    "page-basis": ("依据", "Basis"),
    "page-place": ("原文位置", "In the document"),
    "page-in-table": ("在表中查看", "In the tables"),
    "page-settles": (
        "照此改正，可同时消除 {count} 项不成立的检查，且不会引出新的问题。请先与原始台账核对。",
        "This settles {count} of the failed checks and breaks none. Compare your records first.",
    ),
    # the tables
    "page-tables": ("报告的表格", "The tables"),
    "page-legend": ("表中是从文件读出的数。标记：", "The figures as they were read. Marks:"),
    "page-key-wrong": ("有问题的格", "at fault"),
    "page-key-maybe": ("几格之一可能有误", "one of several that may be at fault"),
    "page-key-illegible": ("未能辨认", "illegible"),
    "page-key-missing": ("文件中没有这一格", "missing from the document"),
    "page-mark-illegible": ("?", "?"),
    "page-mark-missing": ("缺", "absent"),
    "page-key-unsure": ("按位置、残缺标签或推断认出", "found by position, torn label or inference"),
    "page-table-unread": (
        "有 {count} 格没有读出，涉及的检查没有做。",
        "{count} cells were not read; checks that need them were not made.",
    ),
    "page-why": ("为什么", "Why?"),
    # what was not checked
    "page-unchecked": ("没有检查的内容", "What was not checked"),
    "page-see-unread": (
        "在“{table}”中查看没有读出的格（{count}）",
        "See the cells of “{table}” that were not read ({count})",
    ),
    "page-undetermined": ("无法判断（{count} 项）", "Undetermined ({count})"),
    "page-undetermined-means": (
        "这些检查适用，但所需的数没有，所以不知道对不对：",
        "These checks apply, but a figure they need is not there. Nobody knows whether they hold:",
    ),
    "page-none-undetermined": ("没有。", "None."),
    "page-not-applicable": ("不适用（{count} 项）", "Not applicable ({count})"),
    "page-all-read": ("应读的格都读出来了。", "Every cell was read."),
    # our doubts
    "page-doubts": ("我们对自己读数的疑问", "Our doubts about our own reading"),
    "page-doubts-are": (
        "下面说的是程序读文件时没有把握的地方，不是报告的错误。",
        "Here the program was not sure of what it read. These are no mistakes of the report.",
    ),
    "page-no-doubts": ("没有。", "None."),
    "page-leftovers": (
        "表内有 {count} 段文字没有认出：",
        "Text inside the tables that was not recognised ({count}):",
    ),
    # how much was read
    "page-read": ("读了多少", "How much was read"),
    "page-incomplete": ("不全", "incomplete"),
    "page-stated": (
        "正文中的数与表的对照（{count}）",
        "Figures in the text, compared with the tables ({count})",
    ),
    "page-sha": ("文件的 SHA-256：{digest}", "SHA-256 of the document: {digest}"),
    "page-rules": ("规则版本：{digest}", "Version of the rules: {digest}"),
    # many documents
    "page-batch": ("{count} 份报告的审核结果", "{count} reports audited"),
    "page-batch-title": ("{count} 份报告的审核结果", "{count} reports audited"),
    "page-index": ("各份报告", "All reports"),
    "page-each": ("逐份详情", "Each report"),
    "page-unfold": (
        "点开查看。打印时只印已经展开的报告。",
        "Unfold to read. Only reports that are unfolded are printed.",
    ),
    "page-order": ("问题重的在前。", "The worst come first."),
    "page-report": ("报告", "Report"),
    "page-matrix": ("哪条规则在哪份报告里不成立", "Which rule is broken in which report"),
    "page-matrix-means": (
        "只列有问题的规则。✗ 后是不成立的项数，在括号里的此前已处理；? 有检查没有做成；"
        "– 不适用，没有检查；✓ 检查过，相符。",
        "Only rules with findings have a column. ✗ and how many checks fail, in brackets those "
        "decided about before; ? some check could "
        "not be decided; – not applicable, not checked; ✓ checked, and it holds.",
    ),
    "page-broken-in": ("有问题的份数", "Reports with it"),
    "page-rules-told": ("各条规则", "The rules"),
    "page-filter": ("筛选报告", "Filter reports"),
    "page-filter-text": ("单位、年度或文件名", "Agency, year or file"),
    "page-all": ("全部", "all"),
    "page-filtered": ("显示 {shown} / {total} 份", "{shown} of {total} reports shown"),
}
