"""A stored number and its number format in, what a person sees in the cell out.

What is printed is what the author says: percent, dates, hidden figures, and digits that the format
rounds away, of which the caller is told. Separators and units are left out.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

UNKNOWN = "#?"
"""Stands for what is no plain number to the eye: neither a figure nor an empty cell."""

_BUILT_IN = {
    **{9: "0%", 10: "0.00%", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"},
    **dict.fromkeys((37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((39, 40, 43, 44), "#,##0.00"),
}
_DATES = (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
"""Built-in formats that a file does not spell out."""
_LITERAL = re.compile(r'"[^"]*"?|\\.|!.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]')
_GENERAL = re.compile(r"general|g/[^;]*", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_FRACTION = re.compile(r"\.([0#?]+)")
_LONGEST = 255
"""Characters of a format, as a workbook's program takes them; it shows nothing by a longer one."""
_DIGITS = 15
"""As many as a workbook stores: a format with more rounds nothing."""
_GENERAL_DIGITS = 10
"""So many are shown where no format is set; how many more depends on the program."""
_NOISE = Decimal("1e-12")
"""What is off by less, in parts of the number, is the arithmetic of computers and no figure."""
_FIRST_DAY = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""1954 to 2119: an earlier date is a count in a cell with a wrong format."""
_DAYS_1904 = 1_462


class Shown(NamedTuple):
    """What a person sees."""

    text: str
    is_rounded: bool = False
    """Whether the cell shows fewer digits than the workbook holds."""


def code_of(number: int, own: dict[int, str]) -> str:
    """The format with that number: the workbook's own, or one built in."""
    if number in own:
        return own[number]
    return "yyyy-m-d" if number in _DATES else _BUILT_IN.get(number, "")


def shown(stored: str, code: str, since_1904: bool = False) -> Shown:
    """The number as its format shows it; `UNKNOWN` for what is shown as no plain number."""
    if len(code) > _LONGEST:
        return Shown(UNKNOWN)
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return Shown(stored)
    if not value.is_finite():
        return Shown(stored)
    if not code:
        return _general(stored, value)
    section = _section(value, code)
    if section is None:
        return Shown(UNKNOWN)
    if not section.strip() and value and ";" in code:
        return Shown("")
    bare = _LITERAL.sub("", section)
    if not value:
        return Shown(stored)
    if _GENERAL.search(bare) or "@" in bare:
        return _general(stored, value)
    if _DATE.search(bare):
        return Shown(_day(value, since_1904))
    if _SCALED.search(bare) or not re.search("[0#?]", bare):
        return Shown(UNKNOWN)
    decimals = _FRACTION.search(bare)
    places = len(decimals[1]) if decimals else 0
    if "%" in bare:
        percent = (value * 100).normalize()
        found = _rounded(f"{percent:f}", percent, places)
        return found._replace(text=f"{found.text}%")
    if "/" in bare or "E" in bare.upper():
        return Shown(stored)
    return _rounded(stored, value, places)


def _rounded(stored: str, value: Decimal, places: int) -> Shown:
    """The number with so many decimals; as it is stored where it has no more of them."""
    if places + max(value.adjusted(), 0) >= _DIGITS:
        return Shown(stored)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded == value:
        return Shown(stored)
    return Shown(f"{rounded.normalize():f}", abs(rounded - value) > _NOISE * abs(value))


def _general(stored: str, value: Decimal) -> Shown:
    """The number as stored, but for the noise of arithmetic: no format says how it is shown."""
    found = _rounded(stored, value, max(_GENERAL_DIGITS - 1 - value.adjusted(), 0))
    return Shown(stored) if found.is_rounded else found


def _section(value: Decimal, code: str) -> str | None:
    """The part of a format that holds for a value; None where conditions of its own decide."""
    plain = _LITERAL.sub(lambda found: found[0].replace(";", " "), code)
    sections = plain.split(";")
    if _CONDITION.search(plain):
        bare = _LITERAL.sub("", plain)
        return None if _SCALED.search(bare) or _DATE.search(bare) or "%" in bare else "General"
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _day(value: Decimal, since_1904: bool) -> str:
    serial = int(value) + (_DAYS_1904 if since_1904 else 0)
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return UNKNOWN
    return (_FIRST_DAY + timedelta(days=serial)).isoformat()
