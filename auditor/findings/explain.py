"""Failing checks in, the sentences that spell them out with their figures out, in any language; and
of one cell everything that reads it (`report_of_cell`), of two versions what differs (`compare`).

Guarantee: no operand is dropped silently. Zeros and blanks of a long sum are counted instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from auditor.messages import LANGUAGES, FormTranslator, phrase, place
from auditor.model.check import (
    Filled,
    Linear,
    ProsePredicate,
    Ratio,
    Relation,
    Severity,
    Term,
    Written,
)
from auditor.model.finding import (
    Audit,
    CellReport,
    Change,
    CheckResult,
    Difference,
    Edit,
    Explanation,
    Finding,
    Operand,
    Outcome,
    ProseResult,
    Reason,
    Status,
    Verdict,
)
from auditor.model.form import Address, Form, Words
from auditor.model.report import Below, Blank, Entry, Match, Number, Ref, Report, Value, is_unread

_SPELL_ALL = 4
"""Sums of so few operands are spelled whole, zeros included."""
_BRIEF, _FEW = 6, 2
"""Sums of more operands, and more of them not zero, are not spelled where many are told of."""
_ZERO = Decimal(0)


def plain(value: Decimal) -> str:
    """A number in plain decimal notation, without an exponent."""
    return format(value, "f")


def printed(report: Report, address: Address) -> str | None:
    """A cell's figure as a plain number, or as printed where it is none; None when blank."""
    entry = report.entries.get(address)
    if entry is None:
        return None
    return entry.value.plain if isinstance(entry.value, Number) else entry.raw or None


def in_words(found: ProseResult) -> Words:
    """What a check on sentences found, in every language; the quotes stand beside it."""
    return {each: phrase(found.code, each, **found.in_language(each)) for each in LANGUAGES}


# One sum, or one ratio.


class Speller:
    """Says the figures of one check: `line` is the label of the row or column that all stand in,
    and of each is said what tells it from the others. `spelled` is said though it be zero."""

    def __init__(
        self, say: FormTranslator, operands: Sequence[Operand], spelled: Ref | None
    ) -> None:
        self._say, self._spelled = say, spelled
        self.line, self._by_row = _shared_line(say.form, [each.ref for each in operands])
        self._boxes = [each.ref.address for each in operands]
        self._crosses_tables = len({box.table for box in self._boxes if box.row}) > 1

    def total(self, figure: str, of: Operand | None = None) -> str:
        """What a side comes to, with the unit that all figures have, or the one that it is `of`."""
        return self._say.amount(figure, [of.ref.address] if of else self._boxes)

    def value(self, operand: Operand) -> str:
        """An operand's value as a person reads it, with its unit."""
        return self._say.amount(self._bare(operand), [operand.ref.address])

    def _bare(self, operand: Operand) -> str:
        if isinstance(operand.value, Number):
            return operand.value.plain
        if isinstance(operand.value, Below):
            return operand.value.readings[0]
        return self._say("blank" if isinstance(operand.value, Blank) else "not-read")

    def cell(self, ref: Ref) -> str:
        """A figure by its labels, and by its table where the check runs over several."""
        said = self._say.figure(ref)
        if not (self._crosses_tables and ref.address.row):
            return said
        return self._say.titled(self._say.title(self._say.form.table(ref.address.table)), said)

    def name(self, ref: Ref) -> str:
        """A figure without the row or column that all of the check share."""
        said = self.cell(ref)
        if not self.line:
            return said
        row, _, column = said.partition(" × ")
        if not self._by_row:
            return column
        return row + self._say.elsewhere(ref.lag)

    def spell(
        self, operands: Sequence[Operand], constant: Decimal = _ZERO, whole: bool = False
    ) -> str:
        """One side, operand by operand; of a long one the zeros and blanks are counted.

        Of a lone figure, which its total follows, the name will do unless the `whole` is asked for.
        """
        say = self._say
        if not whole and len(operands) == 1 and not constant and abs(operands[0].coefficient) == 1:
            # Its total is the figure, or the limit, itself.
            return self.name(operands[0].ref)
        listed = [
            each
            for each in operands
            if len(operands) <= _SPELL_ALL
            or each.ref == self._spelled
            or (isinstance(each.value, Number) and each.value.value != 0)
        ]
        said = ""
        # What all are in is said once, behind their total.
        shown = self.value if self.total("0") == "0" else self._bare
        for each in listed:
            sign = "minus" if each.coefficient < 0 else "plus" if said else ""
            times = f"{abs(each.coefficient)}×" if abs(each.coefficient) != 1 else ""
            said += say(sign) if sign else ""
            said += f"{times}{self.name(each.ref)} {shown(each)}"
        if constant or not operands:
            said += (say("plus") if said else "") + plain(constant)
        rest = [each.value for each in operands if each not in listed]
        zeros = sum(isinstance(value, Number) for value in rest)
        blanks = sum(isinstance(value, Blank) for value in rest)
        counts = {
            "zeros-left-out" if listed else "all-zero": zeros,
            "blanks-left-out": blanks,
            "unread-left-out": len(rest) - zeros - blanks,
        }
        left_out = say.commas(say(code, count=count) for code, count in counts.items() if count)
        return said + say.bracketed(left_out) if said else left_out


class Quotient:
    """A ratio in words, as `Equation` is a sum: the printed figure on the left, on the right what
    its part and its whole give."""

    def __init__(self, outcome: Outcome, say: FormTranslator, spelled: Ref | None = None) -> None:
        ratio = outcome.check.predicate
        assert isinstance(ratio, Ratio) and outcome.operands
        self._say, self._speller = say, Speller(say, outcome.operands, spelled)
        self._values = {each.ref: each.value for each in outcome.operands}
        (self._printed,) = self._operands((ratio.printed,))
        due = ratio.due(self._values)
        self.left_total = _shown_total([self._printed], _total([self._printed]))
        self.right_total = say("not-read") if due is None else plain(due)
        is_known = due is not None and isinstance(self._printed.value, Number | Blank)
        self.difference = plain(abs(_total([self._printed]) - due)) if due and is_known else ""
        self._due, self._off = (
            self._speller.total(each, self._printed) for each in (self.right_total, self.difference)
        )
        part, whole = (
            say.bracketed(said) if len(terms) > 1 else said
            for terms in (ratio.part, ratio.whole)
            for said in [self._speller.spell(self._operands(terms), whole=True)]
        )
        self._right = f"{part} \u00f7 {whole}"
        if ratio.scale != 1:
            self._right += f" × {plain(ratio.scale)}"

    def _operands(self, terms: Iterable[Term]) -> list[Operand]:
        there = (each for each in terms if each.ref in self._values)
        return [Operand(each.ref, self._values[each.ref], each.coefficient) for each in there]

    def claim(self) -> str:
        """The wrong ratio with its figures: `X is 94.98, but a 1540 ÷ b 1623 × 100 = 94.89`."""
        return self._say(
            "subject-sum",
            cell=self._speller.cell(self._printed.ref),
            actual=self._speller.value(self._printed),
            sum=self._right,
            total=self._due,
            difference=self._off,
        )

    brief_claim = claim

    def verdict_on_subject(self) -> str:
        """What says what should be printed: `a 1540 ÷ b 1623 × 100 = 94.89, off by 0.09`."""
        return self._say("sum-says", sum=self._right, total=self._due, difference=self._off)

    def as_it_stands(self, passes: bool) -> str:
        """A ratio that does not fail, with its figures."""
        said = self._say(
            "sides-agree" if passes else "sides-open",
            left=self._speller.spell([self._printed], whole=True),
            a=self._speller.value(self._printed),
            right=self._right,
            b=self._due,
        )
        line = self._speller.line
        return self._say("on-line", line=line, said=said) if line else said


class Equation:
    """A sum in words: its subject alone on the left, or its positive terms where it has none.

    A limit from below is turned round, so that the left must never exceed the right. The left is
    made of printed figures only; a constant is part of the right.
    """

    def __init__(self, outcome: Outcome, say: FormTranslator, spelled: Ref | None = None) -> None:
        linear = outcome.check.predicate
        assert isinstance(linear, Linear) and outcome.operands
        self.linear = linear
        self._say, self._spelled = say, spelled
        self._speller = Speller(say, outcome.operands, spelled)
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
        self._slack = linear.slack((each.coefficient, each.value) for each in outcome.operands)
        left, right = _total(self.left), _total(self.right) + self.constant
        self.left_total = _shown_total(self.left, left)
        self.right_total = _shown_total(self.right, right)
        larger, smaller = (self.left, self.right) if left > right else (self.right, self.left)
        bound = "\u2264" if any(map(_is_limit, smaller)) else ""
        bound = "\u2265" if any(map(_is_limit, larger)) else bound
        self.difference = bound + plain(abs(left - right))
        """How far the two are apart."""
        self._parts = sum(map(_is_not_zero, self.right))
        is_long = len(self.right) > _SPELL_ALL
        self.is_all_zero = is_long and not self.constant and not self._parts
        """Whether a sum of many figures has nothing but zeros."""

    @property
    def is_long(self) -> bool:
        """Whether its parts are too many to be spelled beside other sums."""
        return len(self.right) > _BRIEF and self._parts > _FEW

    def claim(self) -> str:
        """The broken sum with its figures: `X is 5, but a 2 + b 4 = 6, off by 1`."""
        if self.subject is not None and self.is_all_zero and self._spelled is None:
            said = self._about_subject(self.subject, "subject-zero")
        elif self.subject is not None:
            said = self._about_subject(self.subject, "subject-sum", sum=self._spelled_right())
        else:
            code = "side-exceeds" if self.right else "limit-exceeded"
            if self.linear.relation is Relation.EQ:
                code = "sides-differ"
            said = self._sides(code)
        if not self.linear.is_exact:
            said += self._say("tolerance", tolerance=plain(self._slack))
        return said

    def brief_claim(self) -> str:
        """As `claim`, but of a sum of many figures only how many there are and what they come to:
        for a message about several sums, beside a table that shows them."""
        if self.subject is None or self.is_all_zero or not self.is_long:
            return self.claim()
        return self._about_subject(self.subject, "subject-parts")

    def verdict_on_subject(self) -> str:
        """The sum that says what its subject should be: `a 2 + b 4 = 6, off by 1`."""
        count = len(self.right)
        if self.is_all_zero:
            return self._say("parts-zero", count=count)
        parts = self._say("parts-alone", count=count) if self.is_long else self._spelled_right()
        total, difference = map(self._speller.total, (self.right_total, self.difference))
        return self._say("sum-says", sum=parts, total=total, difference=difference)

    def as_it_stands(self, passes: bool) -> str:
        """A sum that does not fail, with its figures: both sides and what they come to."""
        if self.linear.relation is Relation.EQ:
            return self._sides("sides-agree" if passes else "sides-open", whole=True)
        return self._sides("side-within" if passes else "side-open", whole=True)

    def _about_subject(self, subject: Operand, code: str, **values: str) -> str:
        return self._say(
            code,
            cell=self._speller.cell(subject.ref),
            actual=self._speller.value(subject),
            count=len(self.right),
            total=self._speller.total(self.right_total),
            difference=self._speller.total(self.difference),
            **values,
        )

    def _sides(self, code: str, whole: bool = False) -> str:
        nothing = "0" if whole else ""
        said = self._say(
            code,
            left=self._speller.spell(self.left, _ZERO, whole) or nothing,
            a=self._speller.total(self.left_total),
            right=self._speller.spell(self.right, self.constant, whole) or nothing,
            b=self._speller.total(self.right_total),
            difference=self._speller.total(self.difference),
        )
        line = self._speller.line
        return self._say("on-line", line=line, said=said) if line else said

    def _spelled_right(self) -> str:
        return self._speller.spell(self.right, self.constant)


def _total(operands: Iterable[Operand]) -> Decimal:
    read = ((each.coefficient, each.value) for each in operands)
    return sum((times * value.value for times, value in read if isinstance(value, Number)), _ZERO)


def _is_limit(operand: Operand) -> bool:
    return isinstance(operand.value, Below)


def _shown_total(operands: Sequence[Operand], total: Decimal) -> str:
    """What a side comes to; a lone limit as it is printed, with others at least what these do."""
    if not any(map(_is_limit, operands)):
        return plain(total)
    lone = operands[0].value
    if len(operands) == 1 and isinstance(lone, Below):
        return lone.readings[0]
    return "\u2265" + plain(total)


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


def spelled_out(
    outcome: Outcome, say: FormTranslator, spelled: Ref | None = None
) -> Equation | Quotient:
    """The sum or the ratio that a check with operands computes, in words."""
    is_ratio = isinstance(outcome.check.predicate, Ratio)
    return (Quotient if is_ratio else Equation)(outcome, say, spelled)


def claim(outcome: Outcome, say: FormTranslator, brief: bool = False) -> str:
    """The broken sum with its figures, or what the rule says where there is none."""
    if not isinstance(outcome.check.predicate, Linear | Ratio) or not outcome.operands:
        return say.of(outcome.check.rule.statement)
    equation = spelled_out(outcome, say)
    return equation.brief_claim() if brief else equation.claim()


def written_message(outcome: Outcome, written: Written, report: Report, say: FormTranslator) -> str:
    """What is said about a figure that is written wrongly."""
    entry = report.entries.get(written.ref.address)
    return say(
        "written-as",
        cell=say.figure(written.ref),
        raw=(entry.raw if entry else None) or "",
        statement=say.of(outcome.check.rule.statement),
    )


# Several sums with one cause.


def pointing(report: Report, cause: Explanation, at: Edit, say: FormTranslator) -> str:
    """What the cells are and should be, which failures that explains, and what the sums come to.

    What may be our own misreading says so before anything else.
    """
    (offer, *_), outcomes = cause.suggestions, cause.outcomes
    edits = [edit for edit in offer.edits if edit.address.row]
    single = len(edits) == 1
    if single:
        cell, actual = say.figure(Ref(at.address)), printed(report, at.address) or say("blank")
        actual, expected = (say.amount(each, [at.address]) for each in (actual, at.after))
        said = say("is-should-be", cell=cell, actual=actual, expected=expected)
    else:
        due = [
            (say.form.describe(each.address), each.before, say.amount(each.after, [each.address]))
            for each in edits
        ]
        said = say.changes_by_row(due, "due-in-row")
    if len(outcomes) > 1:
        code = "one-explains" if single else "cells-explain"
        if any(slip.code == "slip-row-shifted" for slip in offer.slips):
            code = "shift-explains"
        said = say.titled(say(code, cells=len(edits), count=len(outcomes)), said)
    first, *others = outcomes
    about = first.check.subject
    own = single and about is not None and about.address == at.address
    claims = [spelled_out(first, say).verdict_on_subject()] if own else []
    claims += [claim(each, say, brief=True) for each in (others if own else outcomes)]
    said = caution(report, cause, say) + said + say("because", claims=say.semicolons(claims))
    for edit in offer.edits:
        if not edit.address.row:  # a sentence repeats the figure, and has to change with it
            what = say.form.describe(edit.address, say.language)
            said += say("restate", what=what, before=edit.before, after=edit.after)
    return said


def caution(report: Report, cause: Explanation, say: FormTranslator) -> str:
    """Where to look first, if some suggestion is that we misread; else nothing."""
    offer = next(
        (each for each in cause.suggestions if any(s.misreading for s in each.slips)), None
    )
    if offer is None:
        return ""
    origin, said = report.entries[offer.edits[0].address].origin, []
    if origin and origin.page is not None:
        said.append(say("look-page", page=origin.page))
    if origin and origin.line is not None:
        said.append(say("look-line", line=origin.line))
    if origin and origin.selector is not None:
        said.append(place(origin.selector, say.language))
    return say("look-first", place=say.commas(said) or say("look-here"))


def only_if_filled(outcomes: Iterable[Outcome], report: Report, say: FormTranslator) -> str:
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
    either = say("fill-or-parts" if parts else "fill-or-total")
    if due is not None and not others:
        return say("only-if-filled", cell=say.figure(ref), due=plain(due)) + either
    boxes: dict[tuple[str, int], list[Address]] = {}
    for each in dict.fromkeys(ref for ref, _ in dues):
        boxes.setdefault((each.address.table, each.lag), []).append(each.address)
    listed = (
        say.cells_of_table(report, own) + say.elsewhere(lag) for (_, lag), own in boxes.items()
    )
    return say("only-if-some-filled", cells=say.semicolons(listed)) + either


def _would_help(outcome: Outcome, operand: Operand) -> bool:
    """Whether a figure in the box, which is blank, brings both sides nearer to each other."""
    excess, predicate = outcome.residual, outcome.check.predicate
    if isinstance(predicate, Ratio) and operand.ref != predicate.printed.ref:
        return False
    blank = isinstance(operand.value, Blank)
    return blank and excess is not None and excess * operand.coefficient < 0


def _amount_wanting(outcome: Outcome, blank: Operand) -> Decimal | None:
    """The figure with which an equation holds, its other blanks being zero; None where several
    would do."""
    linear = outcome.check.predicate
    if isinstance(linear, Ratio) and blank.ref == linear.printed.ref:
        return None if outcome.residual is None else -outcome.residual
    if not isinstance(linear, Linear) or linear.relation is not Relation.EQ:
        return None
    if outcome.residual is None or abs(blank.coefficient) != 1 or not linear.is_exact:
        return None
    return -outcome.residual * blank.coefficient


_YEAR = Address("text", "", "year")
_UNREAD = (Reason.ILLEGIBLE, Reason.MISSING)


def addresses_of(audit: Audit) -> tuple[Address, ...]:
    """Every cell of the form, the figures that its sentences may state, what else checks read."""
    form = audit.form
    boxes = [box for table in form.tables for row in table.rows for box in table.addresses(row)]
    stated = [Address("text", "", mention.key) for mention in form.wordings.mentions]
    others = (ref.address for outcome in audit.outcomes for ref in outcome.check.refs)
    return tuple(dict.fromkeys((*boxes, *stated, *others)))


def report_of_cell(audit: Audit, address: Address) -> CellReport:
    """What stands in the cell, every check that reads it, and the findings about it.

    `audit` tells all rules: a failing check that is in no finding is one we doubt.
    """
    explained = {outcome.check.id for finding in audit.findings for outcome in finding.outcomes}
    own = [outcome for outcome in audit.outcomes if _reads(outcome, address)]
    checks = tuple(
        CheckResult(
            outcome,
            _message(outcome, address, audit),
            Ref(address) in outcome.check.refs and Ref(address) not in outcome.check.figures,
            outcome.status is Status.FAIL and outcome.check.id not in explained,
        )
        for outcome in own
    )
    about = [
        finding
        for finding in audit.findings
        if address in finding.addresses
        or any(outcome is each for outcome in finding.outcomes for each in own)
    ]
    naming = tuple(finding for finding in about if _names(finding, address))
    touching = tuple(finding for finding in about if finding not in naming)
    return CellReport(audit, address, _entry(audit.report, address), checks, naming, touching)


def verdict_on(cell: CellReport) -> Verdict:
    """Findings where a check on the cell fails as an error; not audited where the cell was not
    read, or another one that a check on it needs."""
    checks = [each for each in cell.checks if _bears_on(each.outcome, cell.address)]
    failing = [each for each in checks if each.outcome.status is Status.FAIL]
    if any(each.outcome.severity is Severity.ERROR and not each.doubted for each in failing):
        return Verdict.FINDINGS
    is_read = cell.entry is not None and isinstance(cell.entry.value, Number | Blank)
    is_open = any(
        each.outcome.status is Status.UNDETERMINED and each.outcome.reason in _UNREAD
        for each in checks
    )
    if not is_read or is_open or any(each.doubted for each in failing):
        return Verdict.NOT_AUDITED
    return Verdict.CLEAN


def _bears_on(outcome: Outcome, address: Address) -> bool:
    """Whether what the check found is about the cell: that others are blank or unread is not."""
    if not isinstance(outcome.check.predicate, Filled):
        return True
    is_operand = any(each.ref == Ref(address) for each in outcome.operands)
    return outcome.status is Status.FAIL and is_operand


def _entry(report: Report, address: Address) -> Entry | None:
    if address == _YEAR and report.identity.year is not None:
        year = Decimal(report.identity.year)
        return Entry(address, str(year), Number(year), None, Match.EXACT)
    return report.entries.get(address) or report.stated.get(address)


def _reads(outcome: Outcome, address: Address) -> bool:
    if not isinstance(outcome.check.predicate, ProsePredicate):
        return Ref(address) in outcome.check.refs
    found = outcome.prose_result
    if found is None:
        return False
    is_subject = address.table == "text" and found.subject == address.column
    is_operand = any(each.ref == Ref(address) for each in outcome.operands)
    return is_subject or found.primary == address or is_operand


def _names(finding: Finding, address: Address) -> bool:
    edits = (edit for offer in finding.suggestions for edit in offer.edits)
    return finding.primary == address or any(edit.address == address for edit in edits)


def _message(outcome: Outcome, address: Address, audit: Audit) -> Words:
    if outcome.prose_result is not None:
        return in_words(outcome.prose_result)
    translators = (FormTranslator(audit.form, language) for language in LANGUAGES)
    return {say.language: _figures(outcome, address, audit.report, say) for say in translators}


def _figures(outcome: Outcome, address: Address, report: Report, say: FormTranslator) -> str:
    """The check with its figures; nothing where there are none to tell."""
    match outcome.check.predicate:
        case Linear() | Ratio() if outcome.operands:
            equation = spelled_out(outcome, say, Ref(address))
            if outcome.status is Status.FAIL:
                return equation.claim()
            return equation.as_it_stands(outcome.status is Status.PASS)
        case Written(ref=ref) if outcome.status is not Status.NOT_APPLICABLE:
            entry = report.entries.get(ref.address)
            value = printed(report, ref.address) or say("blank")
            return say("figure-reads", raw=(entry.raw if entry else None) or "", value=value)
        case Filled(wanted=True) if outcome.status is Status.FAIL:
            is_blank = any(each.ref == Ref(address) for each in outcome.operands)
            code = "cell-is-blank" if is_blank else "others-are-blank"
            return say(code, count=len(outcome.operands))
        case _:
            return ""


def compare(before: Audit, after: Audit) -> Difference:
    """What two versions of a report say otherwise; both are of the same form.

    A blank box and a zero differ. Findings are the same where a rule fails on the same cells.
    """
    changes, not_compared = changes_between(before.report, after.report)
    return Difference(
        before,
        after,
        changes,
        not_compared,
        _only_in(before, after),
        _only_in(after, before),
    )


def changes_between(
    before: Report, after: Report
) -> tuple[tuple[Change, ...], tuple[Address, ...]]:
    """What boxes and sentences of two versions say otherwise; and the boxes that one of them leaves
    unread."""
    changes: list[Change] = []
    not_compared: list[Address] = []
    old, new = before.entries, after.entries
    for address in dict.fromkeys((*old, *new)):
        entries = [each[address] for each in (old, new) if address in each]
        if any(is_unread(entry.value) for entry in entries):
            not_compared.append(address)
        elif len({_meaning(entry.value) for entry in entries}) != 1 or len(entries) < 2:
            changes.append(Change(address, *(_said(each.get(address)) for each in (old, new))))
    stated = [_stated(each) for each in (before, after)]
    for key in dict.fromkeys((*stated[0], *stated[1])):
        figures = [each.get(key, ()) for each in stated]
        if sorted(figures[0]) != sorted(figures[1]):
            changes.append(Change(Address("text", "", key), *figures))
    return tuple(changes), tuple(not_compared)


def _only_in(audit: Audit, other: Audit) -> tuple[Finding, ...]:
    """The findings of one version that the other has not, though its figures were read."""
    known = {_same(each) for each in other.findings}
    unknown = {each.check.id for each in other.outcomes if each.status is Status.UNDETERMINED}
    return tuple(
        each
        for each in audit.findings
        if _same(each) not in known and unknown.isdisjoint(_same(each)[1])
    )


def _meaning(value: Value) -> Value | Decimal:
    """What a box says, however many decimals it is printed with."""
    return value.value if isinstance(value, Number) else value


def _said(entry: Entry | None) -> tuple[str, ...]:
    if entry is None or isinstance(entry.value, Blank):
        return ()
    return (entry.value.plain if isinstance(entry.value, Number) else entry.raw or "",)


def _stated(report: Report) -> dict[str, tuple[str, ...]]:
    """By mention, every figure that sentences state of it."""
    found: dict[str, tuple[str, ...]] = {}
    for claim in report.prose.claims if report.prose else ():
        if claim.value is not None:
            found[claim.mention] = (*found.get(claim.mention, ()), plain(claim.value.normalize()))
    return found


def _same(finding: Finding) -> tuple[str, frozenset[str]]:
    return finding.rule_id, frozenset(outcome.check.id for outcome in finding.outcomes)
