"""Chinese typography: signs and numerals that readers and layouts know whatever a form says.

Labels and sentences are in `form.yaml`, messages in `messages`; this is what no form could say of
itself. Everything here is part of a character class or of a pattern.
"""

from __future__ import annotations

DIGITS = "〇一二三四五六七八九"
TEN = "十"
NUMERALS = DIGITS[1:] + TEN
"""Signs of a count from one on, as headings are numbered."""
ORDINAL = "第"
PAGE = "页"
YEAR = "年"
"""Behind the number of a year."""
DIVISIONS = "章节部"
"""What a numbered heading may begin: a chapter, a section, a part."""
NOTE = "注"
"""The word before the number of a note."""
STROKES = "一丨口工日"
"""Ideographs of as few strokes as a digit: a recogniser reads one for the other."""
RADICALS = str.maketrans(
    "⺟⺠⺮⻄⻅⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰", "母民竹西见贝车长门青页风飞食马鱼鸟麦黄齐齿龙"
)
"""Radicals that PDF exporters write instead of the ideographs they look like, and that NFKC leaves
alone (U+2E80 to U+2EFF have no compatibility mapping)."""
