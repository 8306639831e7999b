"""Everything else that is said to people, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    # verdicts
    "verdict-clean": ("未发现问题", "nothing found"),
    "verdict-below": (
        "没有须改的错误；另有 {count} 条请核对",
        "nothing that must be corrected; {count} to look at",
    ),
    "verdict-silenced": (
        "没有列出错误，但设置隐去了不成立的检查",
        "no error is told, but settings silence checks that fail",
    ),
    "verdict-findings": ("发现问题", "problems found"),
    "verdict-not-audited": (
        "未能完成审核：有应读的数没有读出",
        "not audited: figures that should be there were not read",
    ),
    "held-is": (
        "设置文件 {file} 起了作用：隐去 {silenced} 条规则，降级 {lowered} 条",
        "settings file {file} took effect: {silenced} rules silenced, {lowered} made milder",
    ),
    "held-errors": (
        "按规则属于错误而未照错误列出的不成立检查：{count} 项",
        "failing checks that are errors by the rules and are not told as such: {count}",
    ),
    # severities, certainties, grades
    "severity-error": ("错误", "ERROR"),
    "severity-warning": ("警告", "WARNING"),
    "severity-info": ("提示", "INFO"),
    "certainty-likely": (
        "所读单元格中有靠位置、残缺标签或推断认出的，请先核对原文",
        "some of these cells were read by position, torn label or inference: compare the original",
    ),
    "grade-likely": ("建议", "suggestion"),
    "grade-possible": ("可能的改法", "possible fix"),
    # statuses and reasons
    "status-pass": ("成立", "pass"),
    "status-fail": ("不成立", "fail"),
    "status-undetermined": ("无法判断", "undetermined"),
    "status-not_applicable": ("不适用", "not applicable"),
    "reason-blank-operand": ("有空白格", "a cell is blank"),
    "reason-illegible-operand": ("有格未能辨认", "a cell is illegible"),
    "reason-missing-operand": ("文件中缺格", "the document lacks a cell"),
    "reason-assumed": ("读数时已假定此式成立", "the reader took this very sum for granted"),
    "reason-unknown-row": (
        "合计范围内有标准格式没有的行",
        "a row that the form does not have stands within the sum",
    ),
    "reason-agency-unknown": ("不知道报告单位", "the agency is not known"),
    "reason-guard-false": ("前提不成立", "its condition does not hold"),
    "reason-no-such-box": ("此版式无此格", "this copy of the form has no such box"),
    "reason-no-predecessor": ("没有上一年度报告", "there is no report of the year before"),
    "reason-none": ("原因未说明", "no reason given"),
    # how rows were anchored
    "match-exact": ("标签一致", "by exact label"),
    "match-alias": ("标签别名", "by known other wording"),
    "match-fuzzy": ("标签残缺", "by torn label"),
    "match-position": ("按位置", "by position"),
    "match-inferred": ("推断", "by inference"),
    "match-none": ("未认出", "not found"),
    # a finding's message
    "is-should-be": (
        "{cell} 为 {actual}，应为 {expected}",
        "{cell} is {actual}, should be {expected}",
    ),
    "sum-says": ("{sum}＝{total}，差 {difference}", "{sum} = {total}, off by {difference}"),
    "subject-sum": (
        "{cell} 为 {actual}，而 {sum}＝{total}，差 {difference}",
        "{cell} is {actual}, but {sum} = {total}, off by {difference}",
    ),
    "subject-parts": (
        "{cell} 为 {actual}，而 {count} 格分项合计 {total}，差 {difference}",
        "{cell} is {actual}, but its {count} parts add up to {total}, off by {difference}",
    ),
    "subject-zero": (
        "{cell} 为 {actual}，而 {count} 格分项均为 0",
        "{cell} is {actual}, but all its {count} parts are 0",
    ),
    "parts-alone": ("{count} 格分项合计", "its {count} parts"),
    "parts-zero": ("{count} 格分项均为 0", "all its {count} parts are 0"),
    "only-if-filled": (
        "。只有空白的 {cell} 填 {due} 才相符",
        "; it adds up only if {cell}, which is blank, holds {due}",
    ),
    "only-if-some-filled": (
        "。只有空白格中填有数字才相符（{cells}）",
        "; it adds up only if a blank box holds a figure ({cells})",
    ),
    "fill-or-total": ("：请补填此格，或更正合计", ": fill the box or correct the total"),
    "fill-or-parts": ("：请补填此格，或更正各分项", ": fill the box or correct the parts"),
    "because": ("。依据：{claims}", ": {claims}"),
    "sides-differ": (
        "{left}＝{a}，而 {right}＝{b}，差 {difference}",
        "{left} = {a}, but {right} = {b}, off by {difference}",
    ),
    "side-exceeds": (
        "{left}＝{a}，不应大于 {right}＝{b}，超出 {difference}",
        "{left} = {a} must not exceed {right} = {b}; it does by {difference}",
    ),
    "limit-exceeded": (
        "{left}＝{a}，不应大于 {b}，超出 {difference}",
        "{left} = {a} must not exceed {b}; it does by {difference}",
    ),
    "on-line": ("{line}：{said}", "{line}: {said}"),
    "zeros-left-out": ("其余 {count} 格为 0", "the other {count} are 0"),
    "all-zero": ("{count} 格均为 0", "all {count} are 0"),
    "blanks-left-out": ("{count} 格空白按 0 计", "{count} blank counted as 0"),
    "unread-left-out": ("{count} 格未读出", "{count} not read"),
    "in-brackets": ("（{text}）", " ({text})"),
    "tolerance": ("（允许差 {tolerance}）", " (tolerance {tolerance})"),
    "blanks-listed": ("{table}有 {count} 格空白：{list}", "{table}: {count} blank cells: {list}"),
    "whole-row": ("{row}（整行，{count} 格）", "{row} (the whole row, {count} cells)"),
    "every-row": (
        "全部 {rows} 行的 {columns}（{count} 格）",
        "{columns} in all {rows} rows ({count} cells)",
    ),
    "rows-columns": (
        "{row}（各行的 {columns}，{count} 格）",
        "{row} ({columns} of each, {count} cells)",
    ),
    "whole-table": ("{table}（整张表 {count} 格）", "{table} (the whole table, {count} cells)"),
    "some-columns": ("{row}（{columns}）", "{row} ({columns})"),
    "unwanted": (
        "{table}有此版式不应有的 {count} 格：{list}",
        "{table}: {count} cells that this edition does not have: {list}",
    ),
    "written-as": ("{cell} 写作“{raw}”：{statement}", '{cell} is written "{raw}": {statement}'),
    "blank": ("空白", "blank"),
    "last-year": ("（上年）", " (last year)"),
    "text-figure": ("正文", "text"),
    "list-comma": ("、", ", "),
    "list-semicolon": ("；", "; "),
    "colon": ("：", ": "),
    "plus": ("＋", " + "),
    "minus": ("－", " − "),
    # the report in a terminal
    "title-report": ("政府信息公开年度报告审核", "Disclosure report audit"),
    "title-reading": ("读出的内容（未作判断）", "What was read (nothing judged)"),
    "unknown-agency": ("单位未能认出", "agency not recognised"),
    "unknown-year": ("年度未能认出", "year not recognised"),
    "year": ("{year} 年度", "{year}"),
    "title-findings": ("发现的问题（{count}）", "Findings ({count})"),
    "no-findings": ("在读出的数字中未发现问题。", "Nothing found in the figures that were read."),
    "failures-untold": (
        "另有 {count} 项检查不成立，因 --select/--ignore 未列出",
        "{count} more failing checks are not shown because of --select/--ignore",
    ),
    "rule-is": ("规则 {rule}：{statement}", "rule {rule}: {statement}"),
    "advice-is": ("提示：{advice}", "hint: {advice}"),
    "stands-at": ("原文位置 {place}", "at {place}"),
    "change": ("{cell}：{before} → {after}", "{cell}: {before} → {after}"),
    "change-in-row": ("{column} {before} → {after}", "{column} {before} → {after}"),
    "due-in-row": (
        "{column} 为 {before}，应为 {after}",
        "{column} is {before}, should be {after}",
    ),
    "settles-all": ("改后上述 {count} 处全部相符", "then all {count} agree"),
    "settles-it": ("改后相符", "then it agrees"),
    "settles": ("可同时消除 {count} 项：{checks}", "settles {count}: {checks}"),
    "one-of": (
        "只有这一个合计指向，下列 {count} 格任改其一即成立，无法断定是哪一格：",
        "only this sum is broken; any one of these {count} changes would mend it, and it cannot "
        "be told which:",
    ),
    "rows-left-out": (
        "（另 {count} 行在所涉列中为 0 或空白，未列）",
        "({count} more rows are 0 or blank in the columns concerned)",
    ),
    "title-unchecked": ("没有检查的内容（{count} 项）", "Not checked ({count})"),
    "title-not-applicable": ("不适用（{count} 项）", "Not applicable ({count})"),
    "all-lines": ("全部 {count} {kind}", "all {count} {kind}"),
    "lines-rows": ("行", "rows"),
    "lines-columns": ("列", "columns"),
    "cell-by-cell": ("逐格检查，即未读出的各格", "cell by cell: the cells not read"),
    "cell-by-cell-blank": ("逐格检查，即空白的各格", "cell by cell: the blank cells"),
    "unread-cells": ("未读出的格：{list}", "cells not read: {list}"),
    "title-notices": ("读数说明（我们对自己读数的疑问）", "Notices (our doubts about our reading)"),
    "title-receipts": ("读数回执", "What was read"),
    "head-table": ("表", "table"),
    "head-read": ("已读/应有", "read/expected"),
    "head-numbers": ("数字", "numbers"),
    "head-blank": ("空白", "blank"),
    "head-illegible": ("不清", "illegible"),
    "head-missing": ("缺失", "missing"),
    "head-anchored": ("行的认法", "rows found"),
    "leftover-texts": (
        "表内未认出的文字（{count}）：{list}",
        "text inside tables that was not recognised ({count}): {list}",
    ),
    "counts": (
        "检查 {total} 项：成立 {pass}，不成立 {fail}，"
        "无法判断 {undetermined}，不适用 {not_applicable}",
        "{total} checks: {pass} pass, {fail} fail, {undetermined} undetermined, "
        "{not_applicable} not applicable",
    ),
    "rows-counted": ("{match} {count} 行", "{count} {match}"),
    "legend": (
        "? 未能辨认   · 缺格   / 原样为空白记号",
        "? illegible   · missing   / a printed mark",
    ),
    "title-failure": ("无法审核", "could not be audited"),
    "not-read": ("？", "?"),
    "for-report": ("（见 {name}）", " (in {name})"),
    # documents that cannot be read
    "input-empty": ("文件是空的", "the document is empty"),
    "input-binary": ("这不是可读的文本", "this is not readable text"),
    "input-too-large": ("文件太大", "the document is too large"),
    "input-too-slow": (
        "处理此文件所需的时间超过限额",
        "the document takes longer to read than is allowed",
    ),
    "input-too-much-memory": (
        "处理此文件所需的内存超过限额",
        "the document takes more memory than is allowed",
    ),
    "input-encrypted": ("文件加了密码，不能打开", "the document is locked with a password"),
    "input-no-text": (
        "文件中没有可读的文字，像是扫描件",
        "the document has no text that can be read; it may be a scan",
    ),
    "input-needs-ocr": (
        "这是图像，要识别图像须先安装识别组件",
        "this is a picture, and what recognises pictures is not installed",
    ),
    "input-no-form": ("没有认出任何一版报告格式", "no edition of the report was recognised"),
    "input-out-of-memory": (
        "本机可用内存不足，读不了此文件",
        "this machine has too little free memory for the document",
    ),
    "input-crashed": (
        "读取此文件的进程意外终止，未能审核；这是本程序的问题，请按 SECURITY.md 报告",
        "the process that read the document died",
    ),
    "input-damaged": ("文件已损坏", "the document is damaged"),
    "input-unreadable": ("文件无法打开", "the file cannot be opened"),
    "input-unsupported-format": (
        "这种文件本版本不能读；请另存为 .docx、.xlsx 或导出为 PDF 后再试",
        "files of this type cannot be read",
    ),
    "input-needs-libreoffice": (
        "旧格式文件要借助 LibreOffice 才能读，而这里没有安装；"
        "请安装 LibreOffice，或另存为 .docx、.xlsx 后再试",
        "files of this old type are read with LibreOffice, which is not installed",
    ),
    "input-libreoffice-broken": (
        "没有看此文件：这里的 LibreOffice 什么文件都转换不了；请手工启动它看看缺什么，"
        "或另存为 .docx、.xlsx 后再试",
        "the file was not looked at: LibreOffice converts nothing here",
    ),
    "input-conversion-failed": (
        "LibreOffice 不能转换这个文件，它可能已损坏或加了密码；请另存为 .docx、.xlsx 后再试",
        "LibreOffice cannot convert the file",
    ),
    "input-conversion-timeout": (
        "LibreOffice 未能在限定时间内转换这个文件；请另存为 .docx、.xlsx 后再试",
        "LibreOffice did not convert the file in time",
    ),
    "input-archive": (
        "这是压缩包，不是报告；请解压后再审核，或打成 zip 交给 audit check",
        "this is an archive, not a report: unpack it, or give a zip to audit check",
    ),
    "input-no-reports": (
        "压缩包里没有可读的报告",
        "there is no report that can be read in the archive",
    ),
    "input-nested-archive": (
        "压缩包套了不止一层，没有打开；请解压后再试",
        "archives nested more than once are not opened: unpack them first",
    ),
    "input-two-forms": (
        "文件里像是有不止一版格式，不能确定是哪一版",
        "the document resembles more than one edition",
    ),
}
