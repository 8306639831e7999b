"""A formula of sums and the cells of its sheet in, what it gives out; None for any other formula.

What a report's totals are made of: `SUM` over cells and ranges of the same sheet, `+`, `-`, numbers
and brackets. Of everything else nothing is claimed. (Libraries that compute whole workbooks were
tried: they bring NumPy and take seconds.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

Place = tuple[int, int]
"""Column and row, from 1."""
Held = Decimal | str | None
"""A number, text, or None for what cannot be told: an error, or a result that is not stored."""

_LONGEST = 2_000
_MOST_CELLS = 20_000
"""Of one range."""
_MOST_IN_ALL = 1_000_000
"""Of all formulas; those of a report add up some thousand."""
_DEEPEST = 50
_LARGEST = Decimal("1e308")
"""A workbook's numbers are floating: what goes beyond this is none in it."""
_CELL = r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})"
_REFERENCE = re.compile(_CELL)
_TOKEN = re.compile(
    rf"\s*(?P<sum>SUM(?=\s*\())|\s*(?P<first>{_CELL})(?:\s*:\s*(?P<last>{_CELL}))?(?![\w(!.])"
    r"|\s*(?P<number>\d+(?:\.\d+)?)(?![\w!.:])|\s*(?P<sign>[-+(),])",
)


class _Unknown(Exception):
    """The formula is of a kind that nothing is claimed about."""


def column_of(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(column: int) -> str:
    """The name of a column."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def moved(formula: str, by: Place) -> str:
    """A formula as it reads that many columns and rows away; `$` holds a reference where it is."""

    def move(found: re.Match[str]) -> str:
        column, row = column_of(found[2]), int(found[4])
        column += 0 if found[1] else by[0]
        row += 0 if found[3] else by[1]
        return f"{found[1]}{letters_of(max(column, 1))}{found[3]}{max(row, 1)}"

    return _REFERENCE.sub(move, formula)


class Allowance:
    """How many cells a workbook's formulas may still add up; of those beyond nothing is told."""

    def __init__(self) -> None:
        self._left = _MOST_IN_ALL

    def take(self, cells: int) -> None:
        if cells > min(_MOST_CELLS, self._left):
            raise _Unknown
        self._left -= cells


def compute(
    formula: str, cells: Mapping[Place, Held], allowance: Allowance | None = None
) -> tuple[Decimal | None, list[Place]]:
    """What the formula gives, None where it cannot be told; and cells of text that it adds up.

    A sum passes over text, figures that were typed as text included.
    """
    passed_over: list[Place] = []
    try:
        reader = _Reader(formula, cells, passed_over, allowance or Allowance())
        value = reader.expression(0)
        if reader.token is not None:
            raise _Unknown
    except (_Unknown, ArithmeticError):
        return None, []
    return (value, passed_over) if abs(value) <= _LARGEST else (None, [])


class _Reader:
    """Reads one formula from left to right."""

    def __init__(
        self,
        formula: str,
        cells: Mapping[Place, Held],
        passed_over: list[Place],
        allowance: Allowance,
    ) -> None:
        if len(formula) > _LONGEST:
            raise _Unknown
        self._cells = cells
        self._passed_over = passed_over
        self._tokens = _tokens(formula.strip().removeprefix("=").upper())
        self._allowance = allowance
        self.token: re.Match[str] | None = next(self._tokens, None)

    def expression(self, depth: int) -> Decimal:
        if depth > _DEEPEST:
            raise _Unknown
        total = self._term(depth)
        while self._is("+") or self._is("-"):
            sign = self._take("sign")
            term = self._term(depth)
            total += term if sign == "+" else -term
        return total

    def _term(self, depth: int) -> Decimal:
        if self._is("-") or self._is("+"):
            negative = self._take("sign") == "-"
            term = self._term(depth + 1) if depth < _DEEPEST else self._fail()
            return -term if negative else term
        if self._is("("):
            return self._bracketed(depth)
        token = self._next()
        if token["sum"]:
            return self._sum(depth)
        if token["number"]:
            return Decimal(token["number"])
        if token["first"] and not token["last"]:
            return self._single(_place(token["first"]))
        raise _Unknown

    def _bracketed(self, depth: int) -> Decimal:
        self._expect("(")
        value = self.expression(depth + 1)
        self._expect(")")
        return value

    def _sum(self, depth: int) -> Decimal:
        self._expect("(")
        total = Decimal(0)
        while True:
            token = self.token
            if token is not None and token["first"] and (token["last"] or self._ends_argument()):
                self._next()
                total += self._range(token)
            else:
                total += self.expression(depth + 1)
            if not self._is(","):
                break
            self._expect(",")
        self._expect(")")
        return total

    def _ends_argument(self) -> bool:
        """Whether the cell that is next stands alone between commas: text in it is passed over."""
        token = self.token
        rest = token.string[token.end() :].lstrip() if token is not None else ""
        return rest.startswith((",", ")"))

    def _range(self, token: re.Match[str]) -> Decimal:
        left, top = _place(token["first"])
        right, bottom = _place(token["last"] or token["first"])
        left, right = sorted((left, right))
        top, bottom = sorted((top, bottom))
        self._allowance.take((right - left + 1) * (bottom - top + 1))
        total = Decimal(0)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                held = self._cells.get((column, row), "")
                if held is None:
                    raise _Unknown
                if isinstance(held, Decimal):
                    total += held
                elif _number(held) is not None:
                    self._passed_over.append((column, row))
        return total

    def _single(self, place: Place) -> Decimal:
        held = self._cells.get(place, Decimal(0))
        value = _number(held) if isinstance(held, str) else held
        return self._fail() if value is None else value

    def _is(self, sign: str) -> bool:
        return self.token is not None and self.token["sign"] == sign

    def _next(self) -> re.Match[str]:
        token = self.token
        if token is None:
            raise _Unknown
        self.token = next(self._tokens, None)
        return token

    def _take(self, kind: str) -> str:
        return self._next()[kind]

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            raise _Unknown
        self._next()

    def _fail(self) -> Decimal:
        raise _Unknown


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None:
            if formula[at:].isspace():
                return
            raise _Unknown
        yield token
        at = token.end()


def _place(reference: str) -> Place:
    bare = reference.replace("$", "")
    letters = bare.rstrip("0123456789")
    return column_of(letters), int(bare[len(letters) :])


def _number(text: str) -> Decimal | None:
    """Text that a workbook takes for a number; it has none beyond the largest."""
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) <= _LARGEST else None
