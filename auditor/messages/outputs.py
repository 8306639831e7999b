"""What the formats for other programs say beside the findings, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

OUTPUTS: Mapping[str, tuple[str, str]] = {
    "gap-table": (
        "{table}：应读 {expected} 格，读出 {read} 格（其中数字 {numbers}），"
        "不清 {illegible}，缺失 {missing}",
        "{table}: {read} of {expected} cells read ({numbers} of them figures), "
        "{illegible} illegible, {missing} missing",
    ),
    "on-page": ("第 {page} 页", "page {page}"),
    "untold": (
        "不成立而未列为问题：未选此规则，或我们的计算有疑问",
        "fails, yet no finding tells it: the rule was not asked for, or our arithmetic is in doubt",
    ),
    "not-audited": ("未完成审核", "not audited"),
    "settings": ("设置", "settings"),
    "partly-audited": ("未读全", "not all was read"),
    "basis-is": ("依据：{basis}", "basis: {basis}"),
    "working-directory": (
        "运行 audit 时的文件夹",
        "the folder in which audit was run",
    ),
    # headings of columns
    "column-status": ("状态", "status"),
    "column-report": ("报告", "report"),
    "column-agency": ("单位", "agency"),
    "column-year": ("年度", "year"),
    "column-form": ("格式", "form"),
    "column-rule": ("规则", "rule"),
    "column-severity": ("级别", "severity"),
    "column-certainty": ("读数可靠程度", "certainty"),
    "column-cell": ("单元格", "cell"),
    "column-address": ("格的代号", "address"),
    "column-message": ("问题", "message"),
    "column-actual": ("现为", "actual"),
    "column-expected": ("应为", "expected"),
    "column-page": ("页", "page"),
    "column-line": ("行", "line"),
    "column-column": ("列", "column"),
    "column-selector": ("位置", "selector"),
    "column-place": ("原文位置", "place"),
    "column-quotes": ("原文", "sentences"),
    "column-suggestion": ("建议", "suggestion"),
    "column-statement": ("规则内容", "what the rule says"),
    "column-fingerprint": ("指纹", "fingerprint"),
    "column-disposition": ("此前处理", "disposition"),
    "column-decided": ("处理情况", "what was decided"),
    "column-declared": ("规则原定级别", "severity by the rules"),
    "column-settled": ("此前已处理", "decided before"),
    "column-verdict": ("结论", "verdict"),
    "column-findings": ("问题数", "findings"),
    "column-errors": ("错误", "errors"),
    "column-warnings": ("警告", "warnings"),
    "column-infos": ("提示", "notes"),
    "column-unread": ("未读出的格", "cells not read"),
    "column-gaps": ("没有检查的内容", "not checked"),
    "column-sheet": ("工作表", "sheet"),
    "certainty-is-certain": ("确定", "certain"),
    "certainty-is-likely": ("请先核对原文", "compare the original"),
    # a comment
    "more-findings": (
        "另有 {count} 个问题因篇幅所限没有列出，请看完整输出",
        "{count} more findings were left out for want of room; see the full output",
    ),
    "more-reports": (
        "另有 {count} 份报告因篇幅所限没有列出，请看完整输出",
        "{count} more reports were left out for want of room; see the full output",
    ),
    "and-so-many": ("另有 {count} 项", "{count} more"),
    # a workbook
    "sheet-summary": ("汇总", "summary"),
    "sheet-findings": ("发现的问题", "findings"),
    "sheet-left-out": ("没有单列工作表", "no sheet of its own"),
    "legend-wrong": ("有问题的格", "a cell at fault"),
    "legend-settled": ("有问题而此前已处理的格", "a cell at fault, decided about before"),
    "legend-unread": ("没有读出的格", "a cell that was not read"),
    "may-read": ("未能辨认，可能是 {readings}", "not read; it may be {readings}"),
    "is-missing": ("文件中没有读到这一格", "the document has no such cell, as far as was read"),
    "is-illegible": ("这一格未能辨认", "this cell could not be read"),
    "too-long": ("……（全文见“{sheet}”）", "… (in full on sheet “{sheet}”)"),
    "input-facts": ("这不是一张完好的数据表", "this is no sound table of facts"),
    # files to write to
    "cli-output-shape": (
        "--output 应写作 格式=文件，如 sarif=audit.sarif，而不是“{text}”",
        "--output is FORMAT=FILE, as in sarif=audit.sarif, not “{text}”",
    ),
    "cli-output-format": (
        "没有这种输出格式：{name}；可用的有 {names}",
        "unknown format: {name}; there are {names}",
    ),
    "cli-output-unwritable": (
        "不能写入 {path}：{why}",
        "cannot write {path}: {why}",
    ),
    "cli-output-no-folder": (
        "不能写入 {path}：没有这个文件夹",
        "cannot write {path}: there is no such folder",
    ),
    "cli-output-no-file": ("不能写入 {path}：它不是文件", "cannot write {path}: it is no file"),
    "cli-output-twice": (
        "两种输出写向同一个文件：{path}",
        "two outputs go to the same file: {path}",
    ),
    "cli-output-input": (
        "{path} 是要读的报告，不能被输出覆盖",
        "{path} is a report to be read; no output may replace it",
    ),
    "cli-output-binary": (
        "{name} 不能显示在终端上；请用 --output {name}=文件，或把标准输出转到文件",
        "{name} cannot be shown at a terminal: use --output {name}=FILE or redirect the output",
    ),
    "cli-needs-extra": (
        "{name} 格式需要另外安装：pip install 'audit[{extra}]'",
        "the format {name} needs more to be installed: pip install 'audit[{extra}]'",
    ),
}
