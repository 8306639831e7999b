"""How a wrong figure may have come about, in Chinese and English; each follows its edit."""

from __future__ import annotations

from collections.abc import Mapping

SLIPS: Mapping[str, tuple[str, str]] = {
    "slip-blank": ("此处本应填数而留空", "a figure was left out here"),
    "slip-sign": ("多写或漏写了负号", "a minus sign too many or too few"),
    "slip-unit": ("元与万元弄混，差一万倍", "元 and 万元 were mixed up: ten thousand times off"),
    "slip-digits-swapped": ("相邻两个数字写颠倒", "two neighbouring digits were swapped"),
    "slip-digit-changed": ("有一个数字写错", "one digit is wrong"),
    "slip-digit-dropped": ("漏写一个数字", "one digit was dropped"),
    "slip-digit-doubled": ("一个数字重复写了两次", "one digit was typed twice"),
    "slip-digit-added": ("多写一个数字", "one digit too many"),
    "slip-part-left-out": ("合计漏加了 {cells}", "the total leaves out {cells}"),
    "slip-part-twice": ("合计把 {cells} 加了两次", "the total counts {cells} twice"),
    "slip-copied": ("与 {cells} 的数相同，可能抄串", "this is the figure of {cells}, copied here"),
    "slip-other-total": ("与另一个合计 {cells} 的数相同", "this is the total of {cells}"),
    "slip-last-year": ("与上一年度报告同一格的数相同", "this is last year's figure"),
    "slip-total-stale": (
        "各分项均有其他合计印证，合计可能未随之更新",
        "its parts agree with other sums; the total was not updated",
    ),
    "slip-neighbour": ("数字填到了相邻的格", "the figure stands in the neighbouring box"),
    "slip-cells-swapped": ("两格的数互相填反", "the figures of two boxes are swapped"),
    "slip-row-shifted": (
        "这一行的数整体错了一列；也可能是读取时错了列",
        "the row stands one column off, on paper or as it was read",
    ),
    "slip-number-split": (
        "可能是一个数被拆读成两格",
        "one number may have been read as two",
    ),
    "slip-numbers-merged": (
        "可能是两格的数被连读成一个",
        "two numbers may have been read as one",
    ),
    "slip-is": ("可能的原因：{slip}", "how it may have happened: {slip}"),
    "and-more": ("另有 {count} 种改法", "{count} more such changes"),
    "restate": (
        "；正文所写的{what}也是 {before}，须一并改为 {after}",
        "; the text says {before} for {what} too, and has to say {after} then",
    ),
    "in-text": ("正文所写{what}", "the text on {what}"),
    "look-first": (
        "请先看原文（{place}）：可能是读取有误，而不是报告写错。",
        "look at the document first ({place}), for the reading may be at fault, not the report; ",
    ),
    "look-page": ("第{page}页", "page {page}"),
    "look-line": ("第{line}行", "line {line}"),
    "look-here": ("此格所在处", "where this cell stands"),
    "one-of-sets": (
        "下列 {count} 种改法，任取其一都可解释这 {failures} 处不符，无法断定是哪一种：",
        "any one of these {count} changes explains the {failures} failures, and it cannot be told "
        "which:",
    ),
    "one-explains": (
        "一格可以解释全部 {count} 处不符",
        "one cell explains all {count} failures",
    ),
    "cells-explain": (
        "{cells} 格可以解释全部 {count} 处不符",
        "{cells} cells explain all {count} failures",
    ),
    "shift-explains": (
        "一行的数整体错一列，可以解释全部 {count} 处不符",
        "one row that stands one column off explains all {count} failures",
    ),
    "at-least": (
        "至少有 {cells} 格有误，未再继续查找",
        "at least {cells} cells are wrong; not searched further",
    ),
    "no-offer": (
        "没有哪种改法能消除它而不引出别的问题",
        "no change settles it without raising another question",
    ),
    "more-sets": (
        "可能还有其他同样少的改法",
        "there may be other changes of as few cells",
    ),
}
