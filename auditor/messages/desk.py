"""What `audit explain` and `audit fix` say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

DESK: Mapping[str, tuple[str, str]] = {
    # a cell
    "cell-number": ("原文写作“{raw}”，读作 {value}", "the document says “{raw}”, read as {value}"),
    "cell-blank": ("原文为空白（“{raw}”）", "blank in the document (“{raw}”)"),
    "cell-illegible": ("未能辨认", "illegible"),
    "cell-readings": ("未能辨认，可能是 {readings}", "illegible, perhaps {readings}"),
    "cell-missing": ("文件中没有这一格", "the document lacks this cell"),
    "cell-absent": ("此份报告的版式没有这一格", "this copy of the form has no such cell"),
    "cell-unsaid": ("正文没有说到", "the text does not say"),
    "cell-match": ("（行的认法：{match}）", " (row found {match})"),
    "cell-recognised": ("（由图像识别）", " (recognised from a picture)"),
    "title-checks": (
        "用到这一格的检查（{count} 项）：通过 {pass}，不通过 {fail}，"
        "无法判断 {undetermined}，不适用 {not_applicable}",
        "Checks that read this cell ({count}): {pass} pass, {fail} fail, "
        "{undetermined} undetermined, {not_applicable} not applicable",
    ),
    "no-checks": ("没有检查用到这一格", "no check reads this cell"),
    "title-naming": ("指向这一格的问题（{count}）", "Findings that name this cell ({count})"),
    "title-touching": (
        "涉及这一格所在合计的问题（{count}）",
        "Findings about sums that it enters ({count})",
    ),
    "check-passed": ("通过", "pass"),
    "check-failed": ("不通过·{severity}", "fail, {severity}"),
    "because-of": ("{status}：{reason}", "{status}: {reason}"),
    "only-condition": ("这一格只用于判断规则是否适用", "the cell is in the rule's condition only"),
    "check-doubted": (
        "我们怀疑自己读错：从算术上看，只有这一项不成立是不可能的",
        "we doubt our own reading: arithmetic rules out that this alone fails",
    ),
    "sides-agree": ("{left}，{right}；{a}＝{b}", "{left}; {right}; {a} = {b}"),
    "sides-open": ("{left}，另一边 {right}", "{left}, against {right}"),
    "side-within": ("{left}，不大于 {right}", "{left}, no more than {right}"),
    "side-open": ("{left}，上限 {right}", "{left}, at most {right}"),
    "figure-reads": ("写作“{raw}”，即 {value}", "written “{raw}”, which is {value}"),
    "cell-is-blank": ("这一格空白", "this cell is blank"),
    "others-are-blank": (
        "这一格不空，另有 {count} 格空白",
        "this cell is filled; {count} others are blank",
    ),
    # corrections
    "title-fix": ("改正预览（未改动原文件）", "Corrections, previewed (the document is unchanged)"),
    "title-corrected": ("改动的行（{count} 格）", "Rows with changes ({count} cells)"),
    "title-changes": ("各处改动", "The changes"),
    "title-choices": (
        "须由人判断、未作改动的问题（{count}）",
        "Left for you to decide, and not changed ({count})",
    ),
    "title-left": ("改正后仍有的问题（{count}）", "What would still be found ({count})"),
    "nothing-left": ("改正后未发现其他问题。", "Nothing else would be found."),
    "nothing-to-change": ("没有可以确定的改动。", "No change is sure enough to be made."),
    "row-before": ("原", "was"),
    "row-after": ("改", "now"),
    "head-before": ("原文", "as it is"),
    "head-after": ("改正后", "corrected"),
    "fix-legend": (
        "▶5◀ 建议的改动   ▷5◁ 可能的改动，须核对原件",
        "▶5◀ suggested   ▷5◁ possible, compare the original",
    ),
    "look-at-document": (
        "先看原文：可能是读取有误，而不是报告写错",
        "look at the document first: the reading may be at fault, not the report",
    ),
    "is-new": ("改正后才出现", "only after the changes"),
    "counts-after": ("改正后", "after the changes"),
    # the commands
    "cli-one-report": (
        "这里只能给一份报告，{path} 有 {count} 份",
        "one report is needed here; {path} holds {count}",
    ),
    "cli-unknown-address": (
        "没有这一格：{address}",
        "no such cell: {address}",
    ),
    "cli-list-addresses": (
        "各格地址可用 audit read --format json 查看，"
        "形如 applications/granted/total、text/received",
        "audit read --format json lists those of a report; they look like "
        "applications/granted/total or text/received",
    ),
    "cli-dry-run-only": (
        "audit fix 从不改动原文件；请加 --dry-run 查看改正后的表",
        "audit fix never writes into a document; add --dry-run to see the corrected tables",
    ),
}
