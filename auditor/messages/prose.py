"""What is said about sentences, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

PROSE: Mapping[str, tuple[str, str]] = {
    "prose-differs": (
        "正文说{what}为 {figure}，表中是 {tried}",
        "the text says {figure} for {what}, the table has {tried}",
    ),
    "prose-differs-wide": (
        "正文说{what}为 {figure}，表中是 {tried}；所述范围可能大于本机关，请核对口径",
        "the text says {figure} for {what}, the table has {tried}; "
        "the text may speak of more than this agency: are the scopes the same?",
    ),
    "prose-fits-other": (
        "正文说{what}为 {figure}，与表中的 {sum} 不同，只与{note}一致；请核对口径",
        "the text says {figure} for {what}; the table has {sum}, and only {note} is the same: "
        "is that what is meant?",
    ),
    "prose-agrees-in-sum": (
        "{what}：{figure}，与同句其他数量合计{sum}，与表一致",
        "{what}: {figure}, {sum} with others of the sentence, as in the table",
    ),
    "prose-agrees": ("{what}：{figure}，与表一致", "{what}: {figure}, as in the table"),
    "prose-vague": ("{what}：约数，不作比较", "{what}: an approximate figure, not compared"),
    "prose-loose": (
        "{what}：只说明办理方式，不作比较",
        "{what}: said of how, not of how many; not compared",
    ),
    "prose-open": ("{what}：{figure}，表中未能读出", "{what}: {figure}, not read in the table"),
    "prose-list-adds-up": ("分项合计与总数 {total} 一致", "the parts come to the total, {total}"),
    "prose-list-short": (
        "共 {total}，所列 {parts}＝{sum}，少 {off}",
        "of {total} the list gives {parts} = {sum}: {off} short",
    ),
    "prose-list-exceeds": (
        "共 {total}，所列 {parts}＝{sum}，多 {off}",
        "of {total} the list gives {parts} = {sum}: {off} too many",
    ),
    "prose-list-scale": (
        "总数写作 {total}，所列 {parts}＝{sum}；总数的“万”或“亿”可能是多写的",
        "the total reads {total}, the list gives {parts} = {sum}: "
        "was it meant to be in ten thousands?",
    ),
    "prose-part-exceeds": (
        "共 {total}，其中一项 {greatest} 已超过总数",
        "of {total} one part alone is {greatest}",
    ),
    "prose-list-selects": (
        "共 {total}，只列出其中一部分（{parts}），不作核对",
        "of {total} only some parts are listed ({parts}): not added up",
    ),
    "prose-list-vague": ("总数 {total} 为约数，不作核对", "the total, {total}, is approximate"),
    "prose-share-right": (
        "{part} 占 {base} 的 {percent}，无误",
        "{part} is {percent} of {base}, as printed",
    ),
    "prose-share-wrong": (
        "文中说 {part} 占 {percent}；{part}÷{base}＝{share}%",
        "the text says that {part} is {percent}; of {base} it is {share}%",
    ),
    "prose-share-of-what": (
        "{part} 占 {percent}：不能确定以何为基数，不作核对",
        "{part} is {percent}: of what is not certain, so it was not checked",
    ),
    "prose-share-vague": ("{part} 占 {percent}：约数", "{part} is {percent}: approximate"),
    "prose-growth-right": (
        "{figure}，较上年的 {last} 为 {right}，与文中一致",
        "{figure} against {last} is {right}, as printed",
    ),
    "prose-growth-wrong": (
        "文中说 {figure} 较上年变化 {change}；上年为 {last}，应为 {right}",
        "the text says {change} for {figure}; against last year's {last} it is {right}",
    ),
    "prose-growth-open": (
        "{figure} 较上年变化 {change}：没有上年的数，不作核对",
        "{figure} changed by {change}: last year's figure is not at hand",
    ),
    "prose-growth-of-what": (
        "{figure} 较上年变化 {change}：不能确定比较的是哪个数，不作核对",
        "{figure} changed by {change}: which figure is compared is not certain",
    ),
    "prose-growth-vague": (
        "{figure} 较上年变化 {change}：约数",
        "{figure} changed by {change}: approximate",
    ),
    "prose-same-agrees": ("{what}：前后均为 {first}", "{what}: {first} in both places"),
    "prose-same-differs": (
        "{what}前面写 {first}，后面写 {second}",
        "{what}: {first} in one place, {second} in another",
    ),
    "prose-same-vague": ("{what}：约数，不作比较", "{what}: an approximate figure, not compared"),
    "prose-published-alike": (
        "公开信息的总数前后均为 {first}",
        "the number of pieces published is {first} in both places",
    ),
    "prose-published-differs": (
        "公开信息的总数一处写 {first}，另一处写 {second}，相差 {off}",
        "pieces published: {first} in one place, {second} in another, {off} apart",
    ),
    "prose-published-nearly": (
        "一处说公开信息共 {first}，另一处说共 {second}，相差 {off}；是否为同一口径？",
        "{first} were published by one sentence, {second} by another, {off} apart: "
        "are they the same?",
    ),
    "prose-published-apart": (
        "公开信息 {first} 与 {second} 不是同一数量",
        "{first} and {second} published are not one quantity",
    ),
    "reason-another-scope": ("所述范围大于本机关", "of more than this agency"),
    "reason-selection": ("只列出一部分", "only some are listed"),
    "reason-base-unknown": ("基数不明", "what it is a share of is not certain"),
    "title-told": ("正文中的数与表格对照（{count}）", "Figures in the text ({count})"),
    "told-counts": (
        "正文中的数：{pass} 个与表一致，{fail} 个不一致，{undetermined} 个无法判断，"
        "{not_applicable} 个未作比较",
        "figures in the text: {pass} as in the tables, {fail} not, {undetermined} undetermined, "
        "{not_applicable} not compared",
    ),
    "coverage": (
        "正文中的计数 {figures} 个：与表对照 {matched} 个，正文内部核对 {within} 个，"
        "不属于本表 {apart} 个{reasons}，未读懂 {unread} 个",
        "counts in the text: {figures}; {matched} compared with the tables, {within} within the "
        "text, {apart} not of these tables{reasons}, {unread} not understood",
    ),
    "apart-time": ("其他时间 {count}", "{count} of another time"),
    "apart-body": ("其他机关 {count}", "{count} of another body"),
    "apart-matter": ("其他事项 {count}", "{count} of another matter"),
    "apart-unit": ("人次、场次等 {count}", "{count} in other units"),
    "title-coverage": ("正文读到多少", "How much of the text was read"),
    "try-words": ("怎样切分：", "Cut into words:"),
    "try-claims": ("读作：", "Read as:"),
    "try-nothing": ("没有读出与表格有关的数量", "no quantity of the form was read"),
    "try-refused": ("{figure}：{why}", "{figure}: {why}"),
    "try-unread": ("未读懂", "not understood"),
    "try-within": ("正文内部核对", "compared within the text"),
    "slot-head": ("谓词 {key}", "head {key}"),
    "slot-topic": ("主题 {key}", "topic {key}"),
    "slot-time": ("时间 {key}", "time {key}"),
    "slot-mark": ("虚词 {key}", "small word {key}"),
    "slot-figure": ("数{key}", "figure{key}"),
    "slot-unknown": ("未知{key}", "unknown{key}"),
    "title-sentences": ("正文中的计数怎样读", "How the counts in the text were read"),
    "sentences-legend": (
        "✓ 与表对照；= 正文内部核对；– 不属于本表；? 未读懂",
        "✓ compared with the tables; = within the text; – not of these tables; ? not understood",
    ),
    "why-time": ("其他时间", "another time"),
    "why-body": ("其他机关", "another body"),
    "why-matter": ("其他事项", "another matter"),
    "why-unit": ("单位不同", "another unit"),
    "quote": ("原文：“{text}”", "text: “{text}”"),
    "reason-nothing-said": ("正文未提及", "the text says nothing of it"),
    "reason-vague-figure": ("正文用约数", "the text gives an approximate figure"),
}
