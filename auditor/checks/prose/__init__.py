"""Checks on sentences: what each aspect of a `ProsePredicate` makes of the facts. Here: how they
say what they found: a code for the words, figures for them, quotes.

To add an aspect, add its function to a module of this package, its line to `EVALUATORS` in
`auditor.checks.evaluate`, and its keyword to `auditor.checks.sentences`. A rule's own test gives
sentences, which the reader of reports reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from auditor.model import Address, Words
from auditor.model.check import Check, Severity
from auditor.model.finding import Operand, Outcome, ProseResult, Reason, Status
from auditor.model.prose import Printed, Prose, Quote
from auditor.model.report import Blank, Illegible, Value
from auditor.model.source import Origin

_OPEN: Mapping[Reason, Status] = dict.fromkeys(
    (Reason.BLANK, Reason.ILLEGIBLE, Reason.MISSING), Status.UNDETERMINED
)
"""For every other reason the check does not apply."""


class Piece(Protocol):
    """A stretch of a sentence: a figure, a claim, a passage."""

    @property
    def sentence(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def origin(self) -> Origin: ...


def outcome(
    check: Check,
    code: str = "",
    *quotes: Quote,
    passes: bool = False,
    reason: Reason | None = None,
    operands: tuple[Operand, ...] = (),
    residual: Decimal | None = None,
    severity: Severity | None = None,
    subject: str = "",
    primary: Address | None = None,
    expected: str | None = None,
    actual: str | None = None,
    **details: str | Words,
) -> Outcome:
    """What a check found; a failure, unless it `passes` or there is a `reason` why it is none.

    `code` says which message tells it, with `details` in their order; without one there is none.
    """
    if reason is not None:
        status = _OPEN.get(reason, Status.NOT_APPLICABLE)
    else:
        status = Status.PASS if passes else Status.FAIL
    result = ProseResult(
        code, tuple(details.items()), quotes, severity, subject or code, primary, expected, actual
    )
    return Outcome(check, status, operands, residual, reason, result if code else None)


def passed(check: Check) -> Outcome:
    """It was looked at and is in order."""
    return outcome(check, passes=True)


def unclear(check: Check) -> Outcome:
    """It could not be looked at: what it is about was not found in the text."""
    return outcome(check, reason=Reason.MISSING)


def unsaid(check: Check) -> Outcome:
    """The text says nothing of the kind, and need not."""
    return outcome(check, reason=Reason.UNSAID)


def unread(value: Value | None) -> Reason:
    """Why a box has no figure."""
    if isinstance(value, Blank):
        return Reason.BLANK
    return Reason.ILLEGIBLE if isinstance(value, Illegible) else Reason.MISSING


def cite(prose: Prose, *pieces: Piece, origin: Origin | None = None) -> Quote:
    """The sentence of some pieces, with the pieces marked; `origin` is the first's if not given."""
    marks = ((piece.start, piece.end) for piece in pieces)
    return prose.quote(pieces[0].sentence, *marks, origin=origin or pieces[0].origin)


def quoted(printed: Printed) -> Quote:
    """A piece of text as evidence, all of it marked."""
    return Quote(printed.text, ((0, len(printed.text)),), printed.origin)


def plain(value: Decimal) -> str:
    """A number in plain digits, without zeros at its end."""
    return format(value.normalize() if value else Decimal(0), "f")
