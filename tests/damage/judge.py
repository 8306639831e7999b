"""What was read of a report, beside what is printed on it.

In: a text and its `Truth`. Out: a `Verdict`: cells right, unread and wrong, and what was said of
the author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from auditor.definitions import Library
from auditor.errors import InputError
from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.form import Address
from auditor.model.report import Blank, Number
from auditor.model.source import Document
from auditor.pipeline import audit
from tests.damage.reports import Case

Truth = Mapping[Address, frozenset[Decimal]]
"""For each cell what a reader may say that stands there, if it says a number."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A report as it comes in, and what is true of it."""

    content: bytes
    suffix: str
    case: Case
    truth: Truth
    blanks: bool = False
    """Zeros may be printed as blanks."""
    emptied: bool = False
    """Any figure may have become a blank."""
    changed: bool = False
    """What is printed may break a rule now: whoever says so accuses nobody falsely."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one report was read and judged."""

    right: int = 0
    unread: int = 0
    wrong: tuple[str, ...] = ()
    """Cells read as another number, or a figure as a blank."""
    accused: tuple[str, ...] = ()
    """Errors told of a report without one."""
    planted: bool = False
    found: bool = False

    @property
    def fails(self) -> tuple[str, ...]:
        """What must never be."""
        return self.wrong + self.accused


def truth_of(case: Case) -> Truth:
    """Every cell as it is printed."""
    return {box: frozenset((figure,)) for box, figure in case.figures.items()}


def judge(sample: Sample, library: Library) -> Verdict:
    """What `audit` makes of the sample."""
    planted = sample.case.planted
    document = Document("report" + sample.suffix, sample.content)
    try:
        judged = audit(document, library)
    except InputError:
        return Verdict(unread=len(sample.truth), planted=planted is not None)
    entries = judged.report.entries if judged.form.id == sample.case.form.id else {}
    right, wrong = 0, []
    for box, said in sample.truth.items():
        entry = entries.get(box)
        match entry.value if entry else None:
            case Number(value=value) if value in said:
                right += 1
            case Number(value=value):
                wrong.append(f"{box} read {value}, is {_either(said)}")
            case Blank() if said and Decimal(0) not in said and not sample.emptied:
                wrong.append(f"{box} read as blank, is {_either(said)}")
            case Blank() if sample.blanks or sample.case.mark != "0":
                right += 1
            case _:
                pass
    errors = [each for each in judged.findings if each.severity is Severity.ERROR]
    accused = () if planted or sample.changed else tuple(map(_told, errors))
    return Verdict(
        right,
        len(sample.truth) - right - len(wrong),
        tuple(wrong),
        accused,
        planted is not None,
        planted is not None and any(planted in each.addresses for each in errors),
    )


def _told(finding: Finding) -> str:
    return f"{finding.rule_id} {' '.join(map(str, finding.addresses))}"


def _either(said: frozenset[Decimal]) -> str:
    return " or ".join(sorted(f"{figure:f}" for figure in said))
