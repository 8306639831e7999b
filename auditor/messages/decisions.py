"""What was decided about findings before, baselines and settings, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

DECISIONS: Mapping[str, tuple[str, str]] = {
    "verdict-settled": (
        "没有新问题：{count} 条均已知、已豁免、已说明，或未达阈值",
        "nothing new: all {count} are known, waived, answered or below the threshold",
    ),
    "disposition-known": ("已知", "known"),
    "disposition-waived": ("已豁免", "waived"),
    "disposition-answered": ("已说明", "answered"),
    "disposition-counts": (
        "此前已有处理：已知 {known}，已豁免 {waived}，已说明 {answered}",
        "decided before: {known} known, {waived} waived, {answered} answered",
    ),
    "known-is": ("基线中已有", "in the baseline"),
    "waived-is": (
        "已豁免：{reason}（{by}，至 {expires}；{place}）",
        "waived: {reason} ({by}, until {expires}; {place})",
    ),
    "answered-is": (
        "已说明：{reason}（{by}，{given}；{place}）",
        "answered: {reason} ({by}, {given}; {place})",
    ),
    "declared-is": (
        "级别由配置改定，规则原为{severity}",
        "graded by the configuration; by the rules it is {severity}",
    ),
    # at the end of a run
    "cli-waived-unused": (
        "{place} 的豁免没有用到：{rule}，{cell}",
        "the waiver at {place} served for no report: {rule}, {cell}",
    ),
    "cli-waived-expired": (
        "{place} 的豁免已于 {day} 期满：{rule}，{cell}",
        "the waiver at {place} expired on {day}: {rule}, {cell}",
    ),
    "cli-answered-unused": (
        "{place} 的说明没有用到：{rule}，{cell}",
        "the answer at {place} served for no report: {rule}, {cell}",
    ),
    # baselines
    "baseline-title": (
        "{file}：{count} 个已知问题",
        "{file}: {count} known findings",
    ),
    "baseline-new": ("新增 {count} 个：", "{count} new:"),
    "baseline-gone": ("已消失 {count} 个，移出基线：", "{count} gone, taken out:"),
    "baseline-changed": ("数已改变 {count} 个：", "{count} with other values:"),
    "baseline-stays": ("保留 {count} 个", "{count} stay"),
    "baseline-refused": (
        "新问题没有写入基线；确认后请加 --accept-new",
        "nothing new was taken in; give --accept-new to accept what is listed above",
    ),
    "baseline-accepted": ("新问题已写入 {file}", "the new findings were taken into {file}"),
    "baseline-unread": (
        "未能完成审核的报告有 {count} 份，其已知问题保留不动",
        "{count} reports were not audited; what was known of them stays",
    ),
    "baseline-values": ("所据的数：{values}", "values: {values}"),
    # waivers
    "waiver-written": ("已写入 {file}：{rule}，{cell}", "written to {file}: {rule}, {cell}"),
    "waiver-none": (
        "这份报告中没有规则 {rule} 在 {cell} 处的问题",
        "this report has no finding of the rule {rule} at {cell}",
    ),
    "waiver-several": (
        "规则 {rule} 在 {cell} 处有 {count} 个问题，请指明其一：{list}",
        "{count} findings of the rule {rule} are at {cell}; name one: {list}",
    ),
    "waiver-there-are": ("可选：{list}", "there are: {list}"),
    "waiver-error-answered": (
        "错误不能以说明代替更正，只能豁免（audit waivers new）",
        "an error cannot be answered, only waived (audit waivers new)",
    ),
    "waiver-one-report": (
        "每次只能针对一份报告",
        "one report at a time",
    ),
    "waiver-no-file": (
        "没有指明豁免文件：请加 --waivers FILE，或在配置中写 waivers",
        "no file of waivers: give --waivers FILE, or set waivers in the configuration",
    ),
    # settings
    "cli-two-configurations": (
        "同一文件夹中有两份配置，采用 {taken}，不看 {left}",
        "two configurations stand in one folder: {taken} is taken, {left} is not",
    ),
    "config-default": ("默认", "default"),
    "config-file": ("{place}", "{place}"),
    "config-override": ("{place}（按路径）", "{place} (override)"),
    "config-environment": ("环境变量 {place}", "environment: {place}"),
    "config-command-line": ("命令行 {place}", "command line: {place}"),
    "config-for": ("适用于 {path}：", "for {path}:"),
    "config-none": ("没有配置文件", "no configuration file"),
}
