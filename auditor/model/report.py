"""One filled form, and the facts joined from it: values with how they were read, not yet judged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import ClassVar, NamedTuple
from unicodedata import category, normalize

from msgspec import Struct

from auditor.model import Address, as_html
from auditor.model.prose import Prose
from auditor.model.source import Notice, Origin


class Number(Struct, frozen=True):
    """A figure that was read; `step` is the place value of its last printed digit."""

    state: ClassVar[str] = "number"
    value: Decimal
    step: Decimal = Decimal(1)

    @property
    def plain(self) -> str:
        """In decimal notation, without an exponent."""
        return format(self.value, "f")


def step_of(figure: Decimal) -> Decimal:
    """The place value of the last digit of a figure, as it is written."""
    exponent = figure.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)


class Blank(Struct, frozen=True):
    """The box is there and holds nothing, or a mark for nothing (`/`, `—`, `无`)."""

    state: ClassVar[str] = "blank"


class Illegible(Struct, frozen=True):
    """Something is there, and it cannot be told what."""

    state: ClassVar[str] = "illegible"
    readings: tuple[str, ...] = ()
    """What it might be, as printed; empty when even that is unknown."""


class NotApplicable(Blank, frozen=True):
    """The box says that there is nothing to count (`N/A`): what is computed with it does not
    apply."""


class Below(Illegible, frozen=True):
    """The figure is less than a limit and not below zero (`<1`); that is read, for all it says."""

    limit: Decimal = Decimal(0)


class Missing(Struct, frozen=True):
    """The document has no such box: a lost row or column."""

    state: ClassVar[str] = "missing"


class Unprinted(Missing, frozen=True):
    """A row that copies of the form may leave out, and this one does: zero, or any figure."""


Value = Number | Blank | Illegible | Missing


def is_unread(value: Value) -> bool:
    """Whether it is not known what stands in the box; of a limit it is."""
    return isinstance(value, Illegible | Missing) and not isinstance(value, Below)


def is_same(one: Value, other: Value) -> bool:
    """Whether two boxes say the same, however many decimals are printed."""
    if isinstance(one, Number) and isinstance(other, Number):
        return one.value == other.value
    return one == other


class Match(Enum):
    """How a figure found its box."""

    EXACT = "exact"
    """The printed label is the form's, and the line has a figure for every box."""
    ALIAS = "alias"
    """As EXACT, by a known other wording of the label."""
    FUZZY = "fuzzy"
    """The label is torn or misprinted, yet resembles one row only."""
    POSITION = "position"
    """By its place among other figures, no label beside it."""
    INFERRED = "inferred"
    """Several readings were possible; only this one satisfies the sums printed on the form."""
    ENTERED = "entered"
    """A person entered it, in place of a reading that was in doubt."""
    NONE = "none"
    """It did not: the box is illegible or missing."""

    @property
    def is_unsure(self) -> bool:
        """Whether a figure was read, and its box not told by its own whole label."""
        return self in (Match.FUZZY, Match.POSITION, Match.INFERRED)


class Entry(Struct, frozen=True):
    """What stands in one box."""

    address: Address
    raw: str | None
    """As printed; None when the box is missing."""
    value: Value
    origin: Origin | None
    match: Match
    recognised: bool = False
    """Read from a picture by a recogniser, not from text."""

    @property
    def may_be_entered(self) -> bool:
        """Whether it was not read, or not for sure, so that a person may say what it is."""
        is_doubted = is_unread(self.value) or self.match.is_unsure or self.recognised
        return is_doubted or self.match is Match.ENTERED


class Identity(Struct, frozen=True):
    """Who reports, and for which year, as far as the document says."""

    agency: str | None = None
    year: int | None = None

    @property
    def issuer(self) -> str:
        """The agency as it is compared: neither blanks nor the width of signs tell names apart."""
        return folded(self.agency or "")


def folded(text: str) -> str:
    """A text as readers of all formats agree on it: one width, no blanks, nothing invisible."""
    return "".join(
        char for char in normalize("NFKC", text) if not char.isspace() and category(char) != "Cf"
    )


class Leftover(Struct, frozen=True):
    """Text inside a table's section that belonged to no row, column or caption."""

    text: str
    origin: Origin


UNKNOWN_ROW = "unknown-row"
"""Code of the notice that a table has a row with figures that the form does not have."""


class UnknownRow(Struct, frozen=True):
    """A row of a table, with figures, that the form does not have."""

    text: str
    """Its label, as printed."""
    table: str
    between: tuple[str, ...]
    """The keys of the rows around it: the one before and the one after, as far as there are any."""
    figures: tuple[Decimal, ...]
    origin: Origin | None = None

    @property
    def counts(self) -> bool:
        """Whether any of its figures could make a difference to a sum."""
        return any(self.figures)

    @property
    def notice(self) -> Notice:
        """What is told of it; `between` is put into the form's words by whoever tells it."""
        details = (
            ("table", self.table),
            ("row", self.text),
            ("figures", " ".join(format(figure, "f") for figure in self.figures)),
            ("between", " / ".join(self.between)),
        )
        return Notice(
            UNKNOWN_ROW if self.counts else "unknown-row-of-zeros", details, (), self.origin
        )


class Source(Struct, frozen=True):
    """Which document a report was read from; never its bytes."""

    name: str
    sha256: str
    media_type: str


class Report(Struct, frozen=True):
    """One filled form: an entry for every box that this copy of the form has."""

    source: Source
    form_id: str
    identity: Identity
    entries: Mapping[Address, Entry]
    """Boxes of optional rows, or of rows that an optional one replaces, are left out."""
    notices: tuple[Notice, ...] = ()
    assumed: frozenset[frozenset[Address]] = frozenset()
    """Sums whose truth was taken for granted to read a cell: a check over exactly these
    addresses proves nothing here."""
    leftovers: tuple[Leftover, ...] = ()
    unknown_rows: tuple[UnknownRow, ...] = ()
    """What their figures belong to is not known: a sum over their places proves nothing."""
    prose: Prose | None = None

    def __repr__(self) -> str:
        """Short: the entries fill pages."""
        who = f"{self.identity.agency!r} {self.identity.year}"
        return f"Report({self.source.name!r}, {self.form_id}, {who}, {len(self.entries)} entries)"

    def _repr_html_(self) -> str:
        """For notebooks: each table by the keys of its rows and columns, as printed."""
        tables: dict[str, dict[str, list[object]]] = {}
        for box, entry in self.entries.items():
            rows = tables.setdefault(box.table, {})
            rows.setdefault(box.row, [box.row]).append(
                f"[{entry.value.state}]" if is_unread(entry.value) else entry.raw
            )
        listed: list[list[list[object]]] = [
            [[table], *rows.values()] for table, rows in tables.items()
        ]
        return as_html(repr(self), *listed)

    @property
    def doubts(self) -> tuple[Notice, ...]:
        """The notices, those about rows that the form does not have before all others."""
        return (*(row.notice for row in self.unknown_rows), *self.notices)

    @property
    def stated(self) -> dict[Address, Entry]:
        """The figures that sentences state, as `text/<name>`; of what is told twice, the first."""
        found: dict[Address, Entry] = {}
        for said in self.prose.claims if self.prose else ():
            if said.vague or self.prose is None:
                continue
            words = self.prose.sentences[said.sentence].text[said.start : said.end]
            box = Address("text", "", said.mention)
            value = Number(said.value, said.step)
            found.setdefault(box, Entry(box, words, value, said.origin, Match.EXACT))
        return found


LAST_YEAR, CHILDREN = 1, -1


class Ref(NamedTuple):
    """A figure of this report (`lag` 0), of the one a year before (`LAST_YEAR`), or of those of all
    bodies below this one, added up (`CHILDREN`)."""

    address: Address
    lag: int = 0


class Facts(Struct, frozen=True):
    """What checks see: values by ref, and who reported. No layout, no wording."""

    values: Mapping[Ref, Value]
    raw: Mapping[Ref, str]
    """As printed, for the checks on how a figure is written."""
    agency: str | None = None
    has_predecessor: bool = False
    has_children: bool = False
    """Whether the reports of the bodies below this one are at hand."""
    assumed: frozenset[frozenset[Address]] = frozenset()
    prose: Prose | None = None
    """What the report says in sentences; None where they were not read."""
    tables: frozenset[str] | None = None
    """The tables that this report has; None where that is all of them. What is computed with
    figures of another does not apply."""
    beside_unknown: frozenset[tuple[str, str]] = frozenset()
    """Table and row of the lines beside one that the form does not have: a sum over several rows,
    one of these among them, may lack the figures of that line."""
