"""What the commands say of their own run, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "cli-previous": (
        "上年报告读不出：{path}：{why}",
        "last year's report cannot be read: {path}: {why}",
    ),
    "cli-no-path": ("没有这个文件或文件夹：{path}", "no such file or folder: {path}"),
    "cli-no-files": (
        "文件夹中没有可读的报告：{path}",
        "no report that can be read in folder: {path}",
    ),
    "cli-too-many": (
        "文件夹 {path} 里的文件和文件夹超过 {most} 个",
        "there are more than {most} files and folders in {path}",
    ),
    "passed-unknown": (
        "跳过 {count} 个不认识的文件，在 {path}：{names}",
        "skipped {count} files of unknown type in {path}: {names}",
    ),
    "passed-lock": (
        "跳过 {count} 个办公软件或系统留下的临时文件，在 {path}：{names}",
        "skipped {count} files that office programs or systems left in {path}: {names}",
    ),
    "passed-hidden": (
        "没有看 {count} 个隐藏的报告或文件夹，在 {path}：{names}；要看请直接写出其路径",
        "did not look at {count} hidden reports or folders in {path}: {names}; give their paths to "
        "have them audited",
    ),
    "passed-linked": (
        "没有看 {count} 个链接的文件夹，在 {path}：{names}；要看请直接写出其路径",
        "did not look into {count} linked folders in {path}: {names}; give their paths to have "
        "them audited",
    ),
    "passed-more": ("另有 {count} 个", "{count} more"),
    "input-no-file": (
        "它是管道、设备或失效的链接，不是文件；管道请用 - 从标准输入读",
        "it is a pipe, a device or a dangling link, and no file; a pipe is read as - (standard "
        "input)",
    ),
    "cli-unknown-rule": ("没有这条规则：{rule}", "unknown rule: {rule}"),
    "cli-unknown-form": (
        "没有这种表格：{name}；有 {names}",
        "unknown form: {name}; there are {names}",
    ),
    "cli-form-for-checks": (
        "--form 只用于 checks：其他文件的模式与表格无关",
        "--form is for checks only: no other file names what a form has",
    ),
    "cli-unknown-limit": (
        "没有这项限额：{name}；可用的有 {names}",
        "unknown limit: {name}; there are {names}",
    ),
    "cli-no-count": (
        "限额 {name} 应写作正整数，如 {name}=500，而不是“{value}”",
        "the limit {name} is a whole number from 1 on, as in {name}=500, not “{value}”",
    ),
    "cli-did-you-mean": ("是否指 {near}？", "did you mean {near}?"),
    "cli-error": ("错误：{text}", "error: {text}"),
    "cli-hint": ("提示：{text}", "hint: {text}"),
    "cli-stopping": (
        "已收到中断：做完手上的报告即停；再按一次立即停止",
        "interrupted: finishing the reports in hand; once more to stop at once",
    ),
    "cli-interrupted": (
        "已中断：{total} 份文件中处理了 {done} 份，其余未看",
        "interrupted: {done} of {total} documents done, the rest not looked at",
    ),
    "cli-ended": ("已中断，未做完", "interrupted before it was done"),
    "cli-no-output": (
        "标准输出已关闭，无处可写",
        "standard output is closed: there is nowhere to write",
    ),
    "cli-no-folder": (
        "当前文件夹已不存在，请换到别的文件夹再运行",
        "the current folder is gone: change to another and try again",
    ),
    "cli-no-input": ("标准输入已关闭", "standard input is closed"),
    "cli-system": ("系统不允许：{why}", "the system refuses: {why}"),
    "cli-output-lost": (
        "标准输出写不进去：{why}",
        "standard output takes nothing more: {why}",
    ),
    "cli-crashed": (
        "读取此文件的进程意外终止（{how}），未能审核；这是本程序的问题，请按 SECURITY.md 报告",
        "the process that read this document died ({how}); it was not audited. This is our fault: "
        "please report it as SECURITY.md says",
    ),
    "ended-signal": ("信号 {name}", "signal {name}"),
    "ended-killed": (
        "被系统强行结束，可能因内存不足",
        "killed from outside, perhaps for want of memory",
    ),
    "ended-code": ("退出码 {number}", "exit code {number}"),
    "input-internal-error": (
        "本程序在此文件上出错（{kind}，{place}）：这是本程序的问题，不一定是文件的问题；"
        "请按 SECURITY.md 报告",
        "audit itself failed on this document ({kind} at {place}). This is our fault: please "
        "report it as SECURITY.md says",
    ),
    "cli-internal-error": (
        "本程序出错（{kind}，{place}），未能完成：这是本程序的问题；请按 SECURITY.md 报告，"
        "设 AUDIT_TRACEBACK=1 可看到详情",
        "audit itself failed ({kind} at {place}) and did not finish. This is our fault: please "
        "report it as SECURITY.md says; AUDIT_TRACEBACK=1 shows more",
    ),
    "cli-output-failed": (
        "{name} 格式未能写完（{kind}，{place}）：这是本程序的问题；请按 SECURITY.md 报告",
        "the format {name} could not be written ({kind} at {place}). This is our fault: please "
        "report it as SECURITY.md says",
    ),
    "cli-summary": (
        "共 {total} 份：有问题 {findings}，未发现问题 {clean}，"
        "未能完成审核 {not_audited}，无法读取 {failed}",
        "{total} documents: {findings} with problems, {clean} clean, {not_audited} not audited, "
        "{failed} unreadable",
    ),
    "cli-summary-silenced": (
        "，设置隐去了错误 {count}",
        ", {count} with errors that settings silence",
    ),
    "cli-held": (
        "，涉及 {count} 份文件；加 --isolated 则不用它",
        ", for {count} documents; --isolated goes without it",
    ),
    "cli-cases": (
        "{total} 个规则自带的例子：通过 {passed}，不符 {failed}",
        "{total} cases of the rules: {passed} as stated, {failed} not",
    ),
    "explain-basis": ("依据：{text}", "basis: {text}"),
    "explain-severity": ("级别：{text}", "severity: {text}"),
    "explain-place": ("定义：{text}", "defined at: {text}"),
    "explain-form": ("格式：{text}", "form: {text}"),
    "explain-checks": ("检查项（{count}）：", "checks ({count}):"),
    "explain-cases": ("自带例子（{count}）：", "its own tests ({count}):"),
    "explain-varied": (
        "另将成立的例子逐格改错 {count} 次，均须报错",
        "and {count} times one figure of a passing case made wrong, which must fail",
    ),
    "explain-expected": ("应为 {wanted}，实为 {got}", "expected {wanted}, found {got}"),
}
