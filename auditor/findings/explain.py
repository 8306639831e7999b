"""An outcome in, the sentence that spells it out with its numbers out, in any language.

Guarantee: no operand is dropped silently. Zeros and blanks of a long sum are counted instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row
from auditor.model.check import Linear, Relation, Written
from auditor.model.finding import Operand, Outcome
from auditor.model.form import Address, Form
from auditor.model.noun import noun
from auditor.model.report import Blank, Number, Ref, Report

SPELL_ALL = 4
"""Sums of so few operands are spelled whole, zeros included."""


def plain(value: Decimal) -> str:
    """A number in plain decimal notation, without an exponent."""
    return format(value, "f")


@noun
class Sides:
    """A sum as an equation: what is claimed on the left, what it should equal on the right."""

    left: tuple[Operand, ...]
    right: tuple[Operand, ...]
    left_total: Decimal
    right_total: Decimal
    constant: Decimal
    """Part of the right side; the left is made of printed figures only."""
    subject: Operand | None

    @property
    def difference(self) -> Decimal:
        return abs(self.left_total - self.right_total)


def sides(outcome: Outcome, linear: Linear) -> Sides:
    """The sum with its subject alone on the left, or its positive terms where it has none.

    A limit from below is turned round, so that the left must never exceed the right.
    """
    about = outcome.check.subject
    subject = next((each for each in outcome.operands if each.ref == about), None)
    if linear.relation is not Relation.EQ or (subject and abs(subject.coefficient) != 1):
        subject = None
    turn = subject.coefficient if subject else -1 if linear.relation is Relation.GE else 1
    turned = [Operand(each.ref, each.value, each.coefficient * turn) for each in outcome.operands]
    left = [each for each in turned if _is_left(each, subject)]
    right = [
        Operand(each.ref, each.value, -each.coefficient)
        for each in turned
        if not _is_left(each, subject)
    ]
    return Sides(
        tuple(left),
        tuple(right),
        _total(left),
        _total(right) + linear.constant * turn,
        linear.constant * turn,
        left[0] if subject else None,
    )


def _is_left(operand: Operand, subject: Operand | None) -> bool:
    return operand.ref == subject.ref if subject else operand.coefficient > 0


def _total(operands: Iterable[Operand]) -> Decimal:
    return sum(
        (
            each.coefficient * each.value.value
            for each in operands
            if isinstance(each.value, Number)
        ),
        Decimal(0),
    )


def describe_ref(form: Form, ref: Ref, language: str) -> str:
    """A figure in the form's own labels; one of another year says so."""
    said = form.describe(ref.address)
    if ref.lag:
        said += phrase("last-year", language)
    return said


def claim(outcome: Outcome, form: Form, language: str, keep: Ref | None = None) -> str:
    """The broken sum with its numbers: `X is 5, but a 2 + b 4 = 6, off by 1`.

    `keep` is spelled though it be zero.
    """
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or not outcome.operands:
        return statement_of(outcome, language)
    both = sides(outcome, linear)
    name = namer(form, [each.ref for each in outcome.operands], language)
    values = {"difference": plain(both.difference)}
    if linear.relation is not Relation.EQ:
        code = "side-exceeds" if both.right else "limit-exceeded"
    elif both.subject is not None and all_zero(both) and keep is None:
        code = "subject-zero"
        values |= {
            "cell": describe_ref(form, both.subject.ref, language),
            "actual": shown(both.subject, language),
            "count": str(len(both.right)),
        }
    elif both.subject is not None:
        code = "subject-sum"
        values |= {
            "cell": describe_ref(form, both.subject.ref, language),
            "actual": shown(both.subject, language),
            "sum": spell(both.right, name, both.constant, language, keep),
            "total": plain(both.right_total),
        }
    else:
        code = "sides-differ"
    if not code.startswith("subject"):
        values |= {
            "left": spell(both.left, name, Decimal(0), language, keep),
            "a": plain(both.left_total),
            "right": spell(both.right, name, both.constant, language, keep),
            "b": plain(both.right_total),
        }
    said = phrase(code, language, **values)
    line = common_line(form, [each.ref for each in outcome.operands])
    if line and not code.startswith("subject"):
        said = phrase("on-line", language, line=line, said=said)
    if linear.tolerance:
        said += phrase("tolerance", language, tolerance=plain(linear.tolerance))
    return said


def nonzero(operands: Sequence[Operand]) -> list[Operand]:
    """What of a sum is not zero, or not known to be."""
    return [
        each for each in operands if not isinstance(each.value, Number) or each.value.value != 0
    ]


def all_zero(both: Sides) -> bool:
    """Whether a sum of many figures has nothing but zeros."""
    return len(both.right) > SPELL_ALL and not both.constant and not nonzero(both.right)


def spell(
    operands: Sequence[Operand],
    name: Callable[[Ref], str],
    constant: Decimal,
    language: str,
    keep: Ref | None = None,
    whole: bool = False,
) -> str:
    """One side of a sum, operand by operand; of a long one the zeros and blanks are counted.

    `keep` is spelled though it be zero. Of a lone figure, which its total follows, the name will do
    unless the `whole` is asked for.
    """
    short = len(operands) <= SPELL_ALL
    told = [
        each
        for each in operands
        if short or each.ref == keep or (isinstance(each.value, Number) and each.value.value != 0)
    ]
    if not whole and len(operands) == 1 and not constant and abs(operands[0].coefficient) == 1:
        return name(operands[0].ref)
    said = ""
    for each in told:
        sign = "minus" if each.coefficient < 0 else "plus" if said else ""
        times = f"{abs(each.coefficient)}×" if abs(each.coefficient) != 1 else ""
        said += phrase(sign, language) if sign else ""
        said += f"{times}{name(each.ref)} {shown(each, language)}"
    if constant or not operands:
        said += (phrase("plus", language) if said else "") + plain(constant)
    rest = [each.value for each in operands if each not in told]
    zeros = sum(isinstance(value, Number) for value in rest)
    blanks = sum(isinstance(value, Blank) for value in rest)
    unread = len(rest) - zeros - blanks
    zero = "zeros-left-out" if told else "all-zero"
    notes = [
        phrase(code, language, count=count)
        for code, count in (
            (zero, zeros),
            ("blanks-left-out", blanks),
            ("unread-left-out", unread),
        )
        if count
    ]
    if not notes:
        return said
    listed = phrase("list-comma", language).join(notes)
    return said + phrase("in-brackets", language, text=listed) if said else listed


def shown(operand: Operand, language: str) -> str:
    """An operand's value as a person reads it."""
    if isinstance(operand.value, Number):
        return plain(operand.value.value)
    return phrase("blank" if isinstance(operand.value, Blank) else "not-read", language)


def written_message(outcome: Outcome, report: Report, form: Form, language: str) -> str:
    """What is said about a figure that is written wrongly."""
    written = outcome.check.predicate
    assert isinstance(written, Written)
    entry = report.entries.get(written.ref.address)
    return phrase(
        "written-as",
        language,
        cell=describe_ref(form, written.ref, language),
        raw=(entry.raw if entry else None) or "",
        statement=statement_of(outcome, language),
    )


def list_cells(report: Report, form: Form, cells: Iterable[Address], language: str) -> str:
    """Cells of one table in words, every one of them named or covered by a named row or column."""
    named = []
    table = ""
    for address in cells:
        table = address.table
        row, _, column = form.describe(address).rpartition(" × ")
        size = len(form.table(table).row(address.row).columns) if address.row else 0
        named.append((row, column, size))
    rows = {box.row for box in report.entries if box.table == table}
    return cells_by_row(named, len(rows), language)


def statement_of(outcome: Outcome, language: str) -> str:
    """What the rule behind an outcome says."""
    statement = outcome.check.rule.statement
    return statement.get(language) or next(iter(statement.values()), outcome.check.rule.id)


def common_line(form: Form, refs: Sequence[Ref]) -> str:
    """The label of the one row or column that all figures stand in, or nothing."""
    first = refs[0].address
    if not first.row or len(refs) < 2 or any(ref.address.table != first.table for ref in refs):
        return ""
    if all(ref.address.column == first.column for ref in refs):
        return form.table(first.table).column(first.column).label
    if all(ref.address.row == first.row for ref in refs):
        return form.describe(first).rpartition(" × ")[0]
    return ""


def namer(form: Form, refs: Sequence[Ref], language: str) -> Callable[[Ref], str]:
    """Names for the figures of one sum, without the row or column that they all share."""
    line = common_line(form, refs)
    first = refs[0].address
    by_row = bool(line) and all(ref.address.column == first.column for ref in refs)

    def name(ref: Ref) -> str:
        said = describe_ref(form, ref, language)
        if not line:
            return said
        row, _, column = said.partition(" × ")
        if by_row:
            return row + (phrase("last-year", language) if ref.lag else "")
        return column

    return name
