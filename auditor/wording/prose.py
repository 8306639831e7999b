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
    "prose-agrees": ("{what}：{figure}，与表一致", "{what}: {figure}, as in the table"),
    "prose-vague": ("{what}：约数，不作比较", "{what}: an approximate figure, not compared"),
    "prose-open": ("{what}：{figure}，表中未能读出", "{what}: {figure}, not read in the table"),
    "quote": ("原文：“{text}”", "text: “{text}”"),
    "reason-nothing-said": ("正文未提及", "the text says nothing of it"),
    "reason-vague-figure": ("正文用约数", "the text gives an approximate figure"),
}
