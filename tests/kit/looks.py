"""How an invented report may be set for print: what offices, browsers and word processors do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.testing import Section
from tests.kit.ruled import Box

SERIF, SANS, ZEN = "Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei"


@dataclass(frozen=True, slots=True)
class Look:
    """One way to set a report."""

    font: str = SERIF
    size: float = 9
    """Of the text in tables, in points."""
    landscape: bool = False
    repeats: bool = False
    """A table's header is printed again on each page."""
    rules: str = "solid"
    """`solid`, `dashed`, `dotted`, `double`, `apart` (a frame round every cell), `open` (no
    outer rules), `rows` (no vertical rules) or `none`."""
    groups: str = ""
    """Group labels run `vertical`ly, are `rotated`, or stand one character to a line."""
    blanks: bool = False
    """Zeros are left empty."""
    narrow: bool = False
    """Columns in which longer figures wrap."""
    bold: bool = False
    """Bold by drawing twice or by thickening, in a font that has none."""
    splits: bool = True
    """A row may go on over the end of a page."""
    above: int = 0
    """Points of free space above the first table: other rows stand at the page's end."""

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of the paper in points."""
        return (842, 595) if self.landscape else (595, 842)

    def shown(self, box: Box) -> str:
        """What is printed in a box."""
        return "" if self.blanks and box.text == "0" and box.column + box.colspan < 10 else box.text

    def widths(self, section: Section) -> list[float]:
        """Shares of the columns of a section's table."""
        most = max(len(row.figures) for row in section.rows)
        if section.table.layout == "single":
            return [1.0] * most
        if not section.table.groups:
            return [3.0, *[2.0] * most]
        return [0.9, 1.9, 6.8, *[0.45 if self.narrow else 1.0] * most]


LOOKS: Mapping[str, Look] = {
    "plain": Look(),
    "landscape, header repeated": Look(landscape=True, repeats=True, size=10.5),
    "rows kept whole": Look(splits=False, font=SANS, size=10.5, above=90),
    "large print": Look(font=ZEN, size=12, repeats=True),
    "dashed": Look(rules="dashed", font=SANS, above=60),
    "dotted": Look(rules="dotted", above=130),
    "double": Look(rules="double", font=ZEN),
    "every cell framed": Look(rules="apart", font=SANS, above=30),
    "no outer rules": Look(rules="open", repeats=True, size=10.5),
    "no vertical rules": Look(rules="rows", splits=False),
    "no rules": Look(rules="none", font=SANS, splits=False),
    "vertical labels": Look(groups="vertical", above=200),
    "rotated labels": Look(groups="rotated", font=SANS, above=150),
    "blanks for zeros": Look(blanks=True, repeats=True, size=10.5, above=40),
    "blanks, no vertical rules": Look(blanks=True, rules="rows", splits=False),
    "narrow columns": Look(narrow=True, size=8, above=110),
    "bold": Look(bold=True, font=ZEN, above=20),
}
