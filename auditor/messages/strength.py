"""How strong rules are, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

STRENGTH: Mapping[str, tuple[str, str]] = {
    "strength-working": (
        "正在衡量 {form} 的规则，约需十几秒……",
        "weighing the rules of {form}, which takes some seconds ...",
    ),
    "strength-scales": (
        "虚构的一致报告 {count} 份，规模 {sizes}；随机种子 {seed}",
        "{count} invented consistent reports ({sizes}); seed {seed}",
    ),
    "size-small": ("小", "small"),
    "size-medium": ("中", "medium"),
    "size-large": ("大", "large"),
    "size-huge": ("特大", "huge"),
    "strength-unmade": (
        "另有 {count} 份因规则不容许而未能造出",
        "{count} more could not be made, for the rules did not let them be",
    ),
    "strength-legend": (
        "● 改成任何别的数都会被发现，且能断定是这一格　◐ 都会被发现，但别的格也能解释　"
        "○ 只有部分改动会被发现　· 没有规则保护\n"
        "数字：所试错误中能唯一断定并改正的百分比（○：被发现的百分比）",
        "● any other figure is detected, and the sums tell that it is this cell   "
        "◐ detected, but other cells would explain it as well   "
        "○ some other figures are detected   · no rule protects it\n"
        "Numbers: per cent of the mistakes tried that were located and repaired "
        "(for ○: that were detected)",
    ),
    "strength-kinds": ("各类错误", "Mistakes by kind"),
    "head-kind": ("错误", "mistake"),
    "head-trials": ("试", "tried"),
    "head-detected": ("发现", "detected"),
    "head-listed": ("含真", "offered"),
    "head-located": ("唯一", "located"),
    "head-likely": ("建议", "likely"),
    "head-wrong": ("误建议", "wrong"),
    "kinds-legend": (
        "发现：有错误级或警告级规则报出；含真：最少改法中有真正的改法；唯一：只有真正的改法"
        "（留空则只求指出那一格）；建议：作为建议给出；误建议：把别的改法当建议给出（应为 0）",
        "detected: an error or a warning fails; offered: the true repair is among the smallest; "
        "located: it is the only one (of a blank, its box is named); likely: it is offered as "
        "likely; wrong: another is (ought to be 0)",
    ),
    "kind-slip-digit-changed": ("写错一个数字", "a digit changed"),
    "kind-slip-digit-dropped": ("漏写一个数字", "a digit dropped"),
    "kind-slip-digit-doubled": ("重写一个数字", "a digit doubled"),
    "kind-slip-digit-added": ("多写一个数字", "a digit added"),
    "kind-slip-digits-swapped": ("相邻数字颠倒", "two digits swapped"),
    "kind-slip-sign": ("正负号", "sign"),
    "kind-slip-unit": ("元与万元", "元 for 万元"),
    "kind-slip-blank": ("留空", "left blank"),
    "kind-slip-copied": ("抄成邻格", "neighbour copied"),
    "kind-slip-neighbour": ("填到邻格", "in the neighbouring box"),
    "kind-slip-cells-swapped": ("两格互换", "two boxes swapped"),
    "kind-slip-row-shifted": ("一行错位", "row shifted"),
    "kind-slip-part-left-out": ("合计漏项", "total lacks a part"),
    "kind-slip-part-twice": ("合计重项", "total has a part twice"),
    "kind-slip-other-total": ("别的合计", "another total"),
    "kind-slip-total-stale": ("合计未更新", "total not updated"),
    "kind-any": ("任意数", "any figure"),
    "kind-pair": ("两格同时有误", "two cells at once"),
    "strength-unprotected": (
        "没有规则保护的格（{count} 格，改成别的数也不报错误或警告）：",
        "No rule protects these {count} cells: any other figure passes without error or warning:",
    ),
    "strength-all-protected": ("每一格都有规则保护", "Every cell is protected by some rule"),
    "strength-table-protected": (
        "{table}：{count} 格，全部受保护，改成任何别的数都会被发现",
        "{table}: all {count} cells protected; any other figure is detected",
    ),
    "strength-needless": ("多余的规则：", "Rules that decide nothing the others do not:"),
    "needless-proved": (
        "  {rule}：已证明，没有哪些数只违反它一条",
        "  {rule}: proved, no figures break it alone",
    ),
    "needless-seen": (
        "  {rule}：所试错误中，凡它报出的，别的规则也都报出（未证明）",
        "  {rule}: whatever it found in these trials, others found too (not proved)",
    ),
    "strength-silent": (
        "所试错误从未触发的规则：{rules}",
        "Rules that none of these mistakes made fire: {rules}",
    ),
    "strength-aside": (
        "需要文字或上一年度报告、未予衡量的规则（{count} 条）：{rules}",
        "Not weighed, for they need sentences or last year's report ({count}): {rules}",
    ),
    "strength-forced": ("规则只容许一个值的格：", "Cells that the rules leave one figure only:"),
    "forced-cell": ("  {cell}：只能是 {value}", "  {cell}: nothing but {value}"),
    "strength-idle": (
        "前提永不成立的检查：{checks}",
        "Checks whose condition no figures can meet: {checks}",
    ),
    "strength-conflict": (
        "互相矛盾，没有任何数能同时满足：{checks}",
        "Contradictory, no figures satisfy them together: {checks}",
    ),
    "strength-none": ("无", "none"),
    "strength-forced-none": (
        "没有矛盾的规则，没有被规则限死的格",
        "No rules contradict one another; no cell is left without a choice",
    ),
    "strength-unsolved": (
        "求解器不可用或未在限时内得出结果，以上结论可能不全",
        "the solver was missing or came to no end in time; something may be lacking above",
    ),
    "cli-unknown-form": ("没有版式 {form}；有：{forms}", "no form {form}; there are: {forms}"),
}
