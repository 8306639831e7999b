"""Failing checks in, the sentences that spell them out with their figures out, in any language.

Guarantee: no operand is dropped silently. Zeros and blanks of a long sum are counted instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row, changes_by_row
from auditor.messages.places import place
from auditor.model.check import Linear, Relation, Written
from auditor.model.finding import Edit, Explanation, Operand, Outcome, Reason
from auditor.model.form import Address, Form
from auditor.model.report import Blank, Number, Ref, Report
from auditor.model.source import Origin

_SPELL_ALL = 4
"""Sums of so few operands are spelled whole, zeros included."""
_BRIEF, _FEW = 6, 2
"""Sums of more operands, and more of them not zero, are not spelled where many are told of."""
_ZERO = Decimal(0)


def plain(value: Decimal) -> str:
    """A number in plain decimal notation, without an exponent."""
    return format(value, "f")


def figure(operand: Operand, language: str) -> str:
    """An operand's value as a person reads it."""
    if isinstance(operand.value, Number):
        return plain(operand.value.value)
    return phrase("blank" if isinstance(operand.value, Blank) else "not-read", language)


def printed(report: Report, address: Address) -> str | None:
    """A cell's figure as a plain number, or as printed where it is none; None when blank."""
    entry = report.entries.get(address)
    if entry is None:
        return None
    return plain(entry.value.value) if isinstance(entry.value, Number) else entry.raw or None


def describe_ref(form: Form, ref: Ref, language: str) -> str:
    """A figure in the form's own labels; one of another year says so."""
    return form.describe(ref.address) + (phrase("last-year", language) if ref.lag else "")


def statement_of(outcome: Outcome, language: str) -> str:
    """What the rule behind an outcome says."""
    statement = outcome.check.rule.statement
    return statement.get(language) or next(iter(statement.values()), outcome.check.rule.id)


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


# One sum.


class Equation:
    """A sum in words: its subject alone on the left, or its positive terms where it has none.

    A limit from below is turned round, so that the left must never exceed the right. The left is
    made of printed figures only; a constant is part of the right. `keep` is spelled though it be
    zero.
    """

    def __init__(
        self, outcome: Outcome, form: Form, language: str, keep: Ref | None = None
    ) -> None:
        linear = outcome.check.predicate
        assert isinstance(linear, Linear) and outcome.operands
        self.linear = linear
        self._form, self._language, self._keep = form, language, keep
        about = outcome.check.subject
        subject = next((each for each in outcome.operands if each.ref == about), None)
        if linear.relation is not Relation.EQ or (subject and abs(subject.coefficient) != 1):
            subject = None
        turn = subject.coefficient if subject else -1 if linear.relation is Relation.GE else 1
        self.left: list[Operand] = []
        self.right: list[Operand] = []
        for each in outcome.operands:
            turned = each.coefficient * turn
            if each.ref == subject.ref if subject else turned > 0:
                self.left.append(Operand(each.ref, each.value, turned))
            else:
                self.right.append(Operand(each.ref, each.value, -turned))
        self.subject = self.left[0] if subject else None
        self.constant = linear.constant * turn
        self._totals = _total(self.left), _total(self.right) + self.constant
        self._line, self._by_row = _shared_line(form, [each.ref for each in outcome.operands])

    @property
    def left_total(self) -> str:
        """What the left comes to."""
        return plain(self._totals[0])

    @property
    def right_total(self) -> str:
        """What the right comes to."""
        return plain(self._totals[1])

    @property
    def difference(self) -> str:
        """How far they are apart."""
        return plain(abs(self._totals[0] - self._totals[1]))

    @property
    def is_all_zero(self) -> bool:
        """Whether a sum of many figures has nothing but zeros."""
        is_long = len(self.right) > _SPELL_ALL
        return is_long and not self.constant and not any(map(_is_not_zero, self.right))

    @property
    def is_long(self) -> bool:
        """Whether its parts are too many to be spelled beside other sums."""
        return len(self.right) > _BRIEF and sum(map(_is_not_zero, self.right)) > _FEW

    def claim(self) -> str:
        """The broken sum with its figures: `X is 5, but a 2 + b 4 = 6, off by 1`."""
        if self.subject is not None and self.is_all_zero and self._keep is None:
            said = self._about_subject("subject-zero")
        elif self.subject is not None:
            said = self._about_subject("subject-sum", sum=self._right())
        else:
            code = "side-exceeds" if self.right else "limit-exceeded"
            if self.linear.relation is Relation.EQ:
                code = "sides-differ"
            said = self._on_line(self._sides(code))
        if self.linear.tolerance:
            tolerance = plain(self.linear.tolerance)
            said += phrase("tolerance", self._language, tolerance=tolerance)
        return said

    def brief_claim(self) -> str:
        """As `claim`, but of a sum of many figures only how many there are and what they come to:
        for a message about several sums, beside a table that shows them."""
        if self.subject is None or self.is_all_zero or not self.is_long:
            return self.claim()
        return self._about_subject("subject-parts")

    def verdict_on_subject(self) -> str:
        """The sum that says what its subject should be: `a 2 + b 4 = 6, off by 1`."""
        count, language = len(self.right), self._language
        if self.is_all_zero:
            return phrase("parts-zero", language, count=count)
        parts = phrase("parts-alone", language, count=count) if self.is_long else self._right()
        values = {"total": self.right_total, "difference": self.difference}
        return phrase("sum-says", language, sum=parts, **values)

    def as_it_stands(self, passes: bool) -> str:
        """A sum that does not fail, with its figures: both sides and what they come to."""
        if self.linear.relation is Relation.EQ:
            return self._on_line(self._sides("sides-agree" if passes else "sides-open", True))
        return self._on_line(self._sides("side-within" if passes else "side-open", True))

    def _about_subject(self, code: str, **values: str) -> str:
        assert self.subject is not None
        return phrase(
            code,
            self._language,
            cell=describe_ref(self._form, self.subject.ref, self._language),
            actual=figure(self.subject, self._language),
            count=len(self.right),
            total=self.right_total,
            difference=self.difference,
            **values,
        )

    def _sides(self, code: str, whole: bool = False) -> str:
        nothing = "0" if whole else ""
        return phrase(
            code,
            self._language,
            left=self._spell(self.left, _ZERO, whole) or nothing,
            a=self.left_total,
            right=self._spell(self.right, self.constant, whole) or nothing,
            b=self.right_total,
            difference=self.difference,
        )

    def _on_line(self, said: str) -> str:
        if not self._line:
            return said
        return phrase("on-line", self._language, line=self._line, said=said)

    def _right(self) -> str:
        return self._spell(self.right, self.constant)

    def _name(self, ref: Ref) -> str:
        """A figure without the row or column that all of the sum share."""
        said = describe_ref(self._form, ref, self._language)
        if not self._line:
            return said
        row, _, column = said.partition(" × ")
        if not self._by_row:
            return column
        return row + (phrase("last-year", self._language) if ref.lag else "")

    def _spell(self, operands: Sequence[Operand], constant: Decimal, whole: bool = False) -> str:
        """One side, operand by operand; of a long one the zeros and blanks are counted.

        Of a lone figure, which its total follows, the name will do unless the `whole` is asked for.
        """
        language = self._language
        if not whole and len(operands) == 1 and not constant and abs(operands[0].coefficient) == 1:
            return self._name(operands[0].ref)
        told = [
            each
            for each in operands
            if len(operands) <= _SPELL_ALL
            or each.ref == self._keep
            or (isinstance(each.value, Number) and each.value.value != 0)
        ]
        said = ""
        for each in told:
            sign = "minus" if each.coefficient < 0 else "plus" if said else ""
            times = f"{abs(each.coefficient)}×" if abs(each.coefficient) != 1 else ""
            said += phrase(sign, language) if sign else ""
            said += f"{times}{self._name(each.ref)} {figure(each, language)}"
        if constant or not operands:
            said += (phrase("plus", language) if said else "") + plain(constant)
        rest = [each.value for each in operands if each not in told]
        zeros = sum(isinstance(value, Number) for value in rest)
        blanks = sum(isinstance(value, Blank) for value in rest)
        notes = [
            phrase(code, language, count=count)
            for code, count in (
                ("zeros-left-out" if told else "all-zero", zeros),
                ("blanks-left-out", blanks),
                ("unread-left-out", len(rest) - zeros - blanks),
            )
            if count
        ]
        listed = phrase("list-comma", language).join(notes)
        if not said or not notes:
            return said or listed
        return said + phrase("in-brackets", language, text=listed)


def _total(operands: Iterable[Operand]) -> Decimal:
    read = ((each.coefficient, each.value) for each in operands)
    return sum((times * value.value for times, value in read if isinstance(value, Number)), _ZERO)


def _is_not_zero(operand: Operand) -> bool:
    """Whether it is not zero, or not known to be."""
    return not isinstance(operand.value, Number) or operand.value.value != 0


def _shared_line(form: Form, refs: Sequence[Ref]) -> tuple[str, bool]:
    """The label of the one row or column that all figures stand in, or nothing; and whether they
    are told apart by their rows."""
    first = refs[0].address
    if not first.row or len(refs) < 2 or any(ref.address.table != first.table for ref in refs):
        return "", False
    if all(ref.address.column == first.column for ref in refs):
        return form.table(first.table).column(first.column).label, True
    if all(ref.address.row == first.row for ref in refs):
        return form.describe(first).rpartition(" × ")[0], False
    return "", False


def claim(outcome: Outcome, form: Form, language: str, brief: bool = False) -> str:
    """The broken sum with its figures, or what the rule says where there is none."""
    if not isinstance(outcome.check.predicate, Linear) or not outcome.operands:
        return statement_of(outcome, language)
    equation = Equation(outcome, form, language)
    return equation.brief_claim() if brief else equation.claim()


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


# Several sums with one cause.


def pointing(report: Report, form: Form, story: Explanation, at: Edit, language: str) -> str:
    """What the cells are and should be, which failures that explains, and what the sums come to.

    What may be our own misreading says so before anything else.
    """
    (offer, *_), outcomes = story.suggestions, story.outcomes
    edits = [edit for edit in offer.edits if edit.address.row]
    single = len(edits) == 1
    if single:
        said = phrase(
            "is-should-be",
            language,
            cell=describe_ref(form, Ref(at.address), language),
            actual=printed(report, at.address) or phrase("blank", language),
            expected=at.after,
        )
    else:
        due = [(form.describe(each.address), each.before, each.after) for each in edits]
        said = changes_by_row(due, "due-in-row", language)
    if len(outcomes) > 1:
        code = "one-explains" if single else "cells-explain"
        if any(slip.code == "slip-row-shifted" for slip in offer.slips):
            code = "shift-explains"
        lead = phrase(code, language, cells=len(edits), count=len(outcomes))
        said = lead + phrase("colon", language) + said
    said = caution(report, story, language) + said
    first, *others = outcomes
    about = first.check.subject
    own = single and about is not None and about.address == at.address
    claims = [Equation(first, form, language).verdict_on_subject()] if own else []
    claims += [claim(each, form, language, brief=True) for each in (others if own else outcomes)]
    said += phrase("because", language, claims=phrase("list-semicolon", language).join(claims))
    return said + "".join(_restated(form, edit, language) for edit in offer.edits)


def _restated(form: Form, edit: Edit, language: str) -> str:
    """That a sentence repeats the figure, and has to change with it; nothing for a cell."""
    if edit.address.row:
        return ""
    what = form.describe(edit.address, language)
    return phrase("restate", language, what=what, before=edit.before, after=edit.after)


def caution(report: Report, story: Explanation, language: str) -> str:
    """Where to look first, if some suggestion is that we misread; else nothing."""
    for offer in story.suggestions:
        if any(slip.misreading for slip in offer.slips):
            where = _place_of(report.entries[offer.edits[0].address].origin, language)
            return phrase("look-first", language, place=where)
    return ""


def _place_of(origin: Origin | None, language: str) -> str:
    """Where in the document to look: page and line, as far as the format has them, or its own way
    to say it."""
    said = []
    if origin and origin.page is not None:
        said.append(phrase("look-page", language, page=origin.page))
    if origin and origin.line is not None:
        said.append(phrase("look-line", language, line=origin.line))
    if origin and origin.selector is not None:
        said.append(place(origin.selector, language))
    return phrase("list-comma", language).join(said) or phrase("look-here", language)


def only_if_filled(outcomes: Iterable[Outcome], report: Report, form: Form, language: str) -> str:
    """That sums hold only with a figure in a blank box, and which one where that can be told;
    nothing where that is not what ails them."""
    wanting = [outcome for outcome in outcomes if outcome.reason is Reason.BLANK]
    dues = {
        (operand.ref, _amount_wanting(outcome, operand)): None
        for outcome in wanting
        for operand in outcome.operands
        if _would_help(outcome, operand)
    }
    if not dues:
        return ""
    ((ref, due), *others) = dues
    parts = all(outcome.check.subject == ref for outcome in wanting)
    either = phrase("fill-or-parts" if parts else "fill-or-total", language)
    if due is not None and not others:
        cell = describe_ref(form, ref, language)
        return phrase("only-if-filled", language, cell=cell, due=plain(due)) + either
    boxes: dict[tuple[str, int], list[Address]] = {}
    for each in dict.fromkeys(ref for ref, _ in dues):
        boxes.setdefault((each.address.table, each.lag), []).append(each.address)
    listed = [
        list_cells(report, form, own, language) + (phrase("last-year", language) if lag else "")
        for (_, lag), own in boxes.items()
    ]
    cells = phrase("list-semicolon", language).join(listed)
    return phrase("only-if-some-filled", language, cells=cells) + either


def _would_help(outcome: Outcome, operand: Operand) -> bool:
    """Whether a figure in the box, which is blank, brings both sides nearer to each other."""
    excess = outcome.residual
    blank = isinstance(operand.value, Blank)
    return blank and excess is not None and excess * operand.coefficient < 0


def _amount_wanting(outcome: Outcome, blank: Operand) -> Decimal | None:
    """The figure with which an equation holds, its other blanks being zero; None where several
    would do."""
    linear = outcome.check.predicate
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return None
    if outcome.residual is None or abs(blank.coefficient) != 1 or linear.tolerance:
        return None
    return -outcome.residual * blank.coefficient
