"""What is tested: rules as a person wrote them, checks as they are computed, and files of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from math import floor
from typing import Any, NamedTuple

from msgspec import Struct

from auditor.model import Address, Words
from auditor.model.report import Number, Ref, Value


class Severity(Enum):
    """How wrong a breach is: impossible, probably wrong, or a question to the author."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting by it puts the worst first."""
        return _RANKS[self.value]

    def reaches(self, threshold: Severity) -> bool:
        """Whether it is at least as bad as the threshold."""
        return self.rank <= threshold.rank


_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


class BlankPolicy(Enum):
    """What a blank operand means to a rule."""

    ZERO_IF_HOLDS = "zero-if-holds"
    """Zero where the rule then holds; else a failure: a figure is missing or wrong."""
    ZERO = "zero"
    UNDETERMINED = "undetermined"


class Place(Struct, frozen=True):
    """Where in a YAML file something is written; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Relation(Enum):
    """How the weighted sum of a `Linear` compares with its constant."""

    EQ = "="
    LE = "<="
    GE = ">="


Coefficient = int | Decimal
"""How often a figure counts; whole where it can be."""


class Term(Struct, frozen=True):
    """One operand with its coefficient."""

    coefficient: Coefficient
    ref: Ref
    signed: bool = False
    """Whether the figure may lawfully be negative; unread counts are otherwise at least zero."""


class Linear(Struct, frozen=True):
    """Σ coefficient × value, related to a constant, within a declared tolerance."""

    terms: tuple[Term, ...]
    relation: Relation
    constant: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    rounding: bool = False
    """Whether each figure may also be off by half a unit of its last printed digit."""

    @property
    def is_exact(self) -> bool:
        """Whether it leaves no tolerance of any kind."""
        return not (self.tolerance or self.rounding)

    def slack(self, figures: Iterable[tuple[Coefficient, Value]]) -> Decimal:
        """By how much it may miss with these coefficients and figures."""
        if not self.rounding:
            return self.tolerance
        return self.tolerance + half_units(figures)


def half_units(figures: Iterable[tuple[Coefficient, Value]], of_counts: bool = True) -> Decimal:
    """What rounding may have taken off figures with these coefficients, or added to them: half a
    unit of the last digit of each. Without `of_counts`, figures without decimals are exact.

    A zero is as fine as the finest of them, for it is often written without decimals.
    """
    read = [(times, value) for times, value in figures if isinstance(value, Number)]
    finest = min((value.step for _, value in read), default=Decimal(1))
    steps = ((times, value.step if value.value else finest) for times, value in read)
    return sum(
        (abs(times * step) / 2 for times, step in steps if of_counts or step < 1), Decimal(0)
    )


class Ratio(Struct, frozen=True):
    """A printed share, rate or growth: scale × Σ part ÷ Σ whole, as far as their digits tell."""

    printed: Term
    part: tuple[Term, ...]
    whole: tuple[Term, ...]
    scale: Decimal = Decimal(100)
    """100 for percentages, 1 for fractions."""
    tolerance: Decimal = Decimal(0)
    """How much more than rounding the printed figure may be off."""
    rounding: bool = False
    """Whether figures without decimals are rounded too; else they are counts, and exact."""

    def due(self, values: Mapping[Ref, Value]) -> Decimal | None:
        """What should be printed, with as many decimals as there are: with two where nothing is.

        None where that cannot be computed: by zero nothing is divided. What is no number is zero.
        """
        from fractions import Fraction  # few forms have ratios

        part, whole = (
            sum(
                (
                    Fraction(term.coefficient) * Fraction(value.value)
                    for term in terms
                    if isinstance(value := values.get(term.ref), Number)
                ),
                Fraction(0),
            )
            for terms in (self.part, self.whole)
        )
        if not whole:
            return None
        printed = values.get(self.printed.ref)
        step = printed.step if isinstance(printed, Number) else Decimal("0.01")
        units = floor(Fraction(self.scale) * part / whole / Fraction(step) + Fraction(1, 2))
        return units * step


class Filled(Struct, frozen=True):
    """Whether boxes are filled (or, with `wanted` false, absent from this copy of the form)."""

    refs: tuple[Ref, ...]
    wanted: bool = True
    mostly: bool = False
    """Whether it is enough that no more than half of them are blank."""


class Written(Struct, frozen=True):
    """How one figure is written: decimals allowed, negative or not, bare or decorated (`5件`)."""

    ref: Ref
    decimals: int = 0
    negative: bool = False
    bare: bool = False
    """True tests only the decoration, False only the number itself."""


class Alternative(Struct, frozen=True):
    """A cell or sum that a figure stated in prose may equal."""

    terms: tuple[tuple[int, Address], ...]
    relation: Relation = Relation.EQ
    """How the stated figure compares with the sum."""
    severity: Severity | None = None
    """What is said where only this alternative fits; None where that is in order."""
    times: int = 1
    """The sum in units of the stated figure: 10000 where 元 are stated and 万元 printed."""
    note: Words | None = None
    """What the alternative means, for the finding."""


class ProsePredicate(Struct, frozen=True):
    """Something about the report's sentences; `auditor.checks.prose` knows how each is judged.

    One such check has an outcome for every claim, list or heading that it looks at.
    """

    aspect: str
    """The rule's keyword."""
    body: Any
    """What that aspect's judge needs, compiled onto the form."""


Predicate = Linear | Ratio | Filled | Written | ProsePredicate


class Issuer(Struct, frozen=True):
    """A guard on who reports: holds when the agency's name matches one of the patterns."""

    patterns: tuple[str, ...]


Guard = Linear | Written | Issuer


class Case(Struct, frozen=True):
    """A rule's own test: given figures, the expected status and, for sums, the difference."""

    given: Mapping[str, Any]
    expected: str
    difference: Decimal | None
    place: Place


class CaseResult(NamedTuple):
    """One test of one rule: what was expected and what was found."""

    rule_id: str
    form_id: str
    place: str
    about: str
    """The case's own figures, or what was changed in them."""
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether the rule did what its test says."""
        return self.expected == self.found


class Rule(Struct, frozen=True):
    """What a person wrote in YAML."""

    id: str
    statement: Words
    basis: str
    severity: Severity
    table: str
    each: str | None
    kind: str
    body: Any
    """The value under the kind's keyword, as that kind reads it; None once it is compiled."""
    place: Place
    blank: BlankPolicy = BlankPolicy.ZERO_IF_HOLDS
    tolerance: Decimal = Decimal(0)
    rounding: bool = False
    """As in the `Linear` that the rule compiles to."""
    when: tuple[Any, ...] = ()
    """The conditions as read; empty once they are compiled."""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    advice: Words | None = None
    """What the author should look at first when the rule fires."""
    gloss: str = ""
    """The basis in a few words of English, where it is in another language; else empty."""
    form: str | None = None
    """The form a rule outside the folders of any form is for."""
    editions: tuple[str, ...] = ()
    """The editions it is limited to; empty for all."""
    cases: tuple[Case, ...] = ()
    """Empty where the rules were loaded without their tests."""


class Check(Struct, frozen=True):
    """A rule compiled onto exact refs."""

    id: str
    """`rule-id[line]`, or the rule's id where it gives one check only."""
    rule: Rule
    predicate: Predicate
    guards: tuple[Guard, ...] = ()
    subject: Ref | None = None
    """The cell that the check is about, such as a total; None where no cell stands out."""

    @property
    def predicate_aspect(self) -> str | None:
        """For a check on sentences, what it looks at; None for all others."""
        return self.predicate.aspect if isinstance(self.predicate, ProsePredicate) else None

    @property
    def figures(self) -> tuple[Ref, ...]:
        """The figures that a check on figures compares; none for a check on sentences."""
        return _refs(self.predicate)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Those figures and those of its conditions."""
        if not self.guards:
            return self.figures
        return tuple(dict.fromkeys((*self.figures, *(r for g in self.guards for r in _refs(g)))))


def _refs(part: Predicate | Guard) -> tuple[Ref, ...]:
    match part:
        case Linear(terms=terms):
            return tuple(term.ref for term in terms)
        case Ratio():
            return tuple(dict.fromkeys(e.ref for e in (part.printed, *part.part, *part.whole)))
        case Filled(refs=refs):
            return refs
        case Written(ref=ref):
            return (ref,)
        case _:
            return ()


class Definition(Struct, frozen=True):
    """The text of one file, and where it stands below the folder of rules."""

    file: str
    """As shown to people: no absolute path unless they gave one."""
    parts: tuple[str, ...]
    text: str


class Rulebook(Struct, frozen=True):
    """The rules of one form."""

    rules: tuple[Rule, ...]
    """In the order of their files; without their cases, and without what is compiled."""
    checks: tuple[Check, ...]
    """Every rule compiled onto the form."""
