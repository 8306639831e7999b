"""A word processor's list definitions in, the number printed before each paragraph out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEN = chr(0x5341)
_HAN = "".join(
    map(chr, (0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D))
)
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "ideographDigital",
    "japaneseCounting",
    "japaneseDigitalTenThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


class Numbering:
    """Counts the numbered paragraphs of one document as they come."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._by_style: dict[str, Element] = {}
        if numbering is not None:
            self._define(numbering)
        for style in styles.iter(f"{W}style") if styles is not None else ():
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                self._by_style[style.get(f"{W}styleId", "")] = found

    def _define(self, numbering: Element) -> None:
        for abstract in numbering.iter(f"{W}abstractNum"):
            levels = {_number(level, f"{W}ilvl"): _level(level) for level in abstract}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for listed in numbering.iter(f"{W}num"):
            abstract_id = listed.find(f"{W}abstractNumId")
            if abstract_id is not None:
                self._list_of[listed.get(f"{W}numId", "")] = abstract_id.get(f"{W}val", "")

    def number(self, paragraph: Element) -> str:
        """What is printed before a paragraph; empty for none and for bullets."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return ""
        own = properties.find(f"{W}numPr")
        style = properties.find(f"{W}pStyle")
        inherited = self._by_style.get(style.get(f"{W}val", "")) if style is not None else None
        chosen = own if own is not None else inherited
        if chosen is None:
            return ""
        listed, depth = chosen.find(f"{W}numId"), chosen.find(f"{W}ilvl")
        if listed is None and inherited is not None:
            listed = inherited.find(f"{W}numId")
        list_id = self._list_of.get(listed.get(f"{W}val", "")) if listed is not None else None
        if list_id is None:
            return ""
        return self._next(list_id, _number(depth, f"{W}val") if depth is not None else 0)

    def _next(self, list_id: str, depth: int) -> str:
        levels = self._levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(list_id, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.format in ("bullet", "none"):
            return ""
        return _PLACEHOLDER.sub(lambda m: _count(levels, counts, int(m[1]) - 1), level.text)


def _count(levels: Mapping[int, _Level], counts: Mapping[int, int], depth: int) -> str:
    level = levels.get(depth, _Level())
    return spell(counts.get(depth, level.start), level.format)


def _level(level: Element) -> _Level:
    found = _Level()
    for child in level:
        value = child.get(f"{W}val", "")
        if child.tag == f"{W}numFmt":
            found.format = value
        elif child.tag == f"{W}lvlText":
            found.text = value
        elif child.tag == f"{W}start":
            found.start = _number(child, f"{W}val")
    return found


def _number(element: Element, name: str) -> int:
    text = element.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0


def spell(number: int, style: str) -> str:
    """A count from 1 on as a list prints it; plain digits for styles that are not known."""
    if style in _CHINESE and 0 <= number < 100:
        if style == "ideographDigital" or number == 0:
            return "".join(_HAN[int(digit)] for digit in str(number))
        tens, ones = divmod(number, 10)
        said = _HAN[ones] if ones else ""
        return (_HAN[tens] if tens > 1 else "") + _TEN + said if tens else said
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((ord("a") if style == "lowerLetter" else ord("A")) + number - 1)
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)
