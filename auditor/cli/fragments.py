"""A document in, what every output of a run says of it out; in whatever process it is worked on.

What a report comes to as a whole is large, and whoever joins the outputs needs little of it: the
fragments, how it ended, and what others of the run must know of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from auditor.cli.files import error_text
from auditor.cli.neighbours import Neighbour, neighbour_of, with_notices
from auditor.cli.process import describe_defect
from auditor.errors import InputError
from auditor.findings import verdict_of
from auditor.model.check import Place, Severity
from auditor.model.finding import Audit, Decisions, Verdict
from auditor.model.source import Document, Notice
from auditor.readers.limits import DEFAULT, Limits
from auditor.reporters import AppliedSettings, Item, Judged, Reading, Reporter, Style, load_reporter

_HELD = 8
"""Reports that a process has at hand, should one of them have to be told otherwise."""


class Conclusion(Struct, frozen=True):
    """What audits come to under some settings, with what was decided about findings before."""

    fail_on: Severity
    applied: AppliedSettings | None = None
    decisions: Decisions | None = None
    today: date = date.min

    def __call__(self, made: Audit) -> Judged:
        """The audit with baseline and waivers, and its verdict."""
        if self.decisions is not None:
            from auditor.decisions import apply_decisions  # few runs have any

            made = apply_decisions(made, self.decisions, self.today)
        return Judged(made, verdict_of(made, self.fail_on), self.applied)


class NumberedDocument(Document, frozen=True):
    """A document as one of a run."""

    number: int = 0
    """From 1."""
    notices: tuple[Notice, ...] = ()
    """What is to be said of its report beside the earlier ones."""


class Undrawn(Exception):
    """A format could not say of a report what it has to; stands in the fragment's place."""


class OutputFormat(NamedTuple):
    """A format that fragments are made for."""

    name: str
    target: str
    """The reporter, as `module:class`."""
    style: Style


class Reported(Struct, frozen=True):
    """What a document comes to, for whoever joins the outputs."""

    verdict: Verdict | None
    """None of a report that was only read."""
    neighbour: Neighbour
    decided: tuple[frozenset[Place], frozenset[Place]] | None
    """The decisions that concern it, and those that served it, if there are any at all."""
    fragments: tuple[Any, ...]
    """For each output what its reporter made, or `Undrawn`."""


class ReportDocuments:
    """The plan of a run with outputs; goes to other processes as it is."""

    def __init__(
        self,
        plan: Callable[[Document], Any],
        conclusion: Conclusion | None,
        formats: tuple[OutputFormat, ...],
    ) -> None:
        """Without a conclusion, the plan's result is told as it is."""
        self.library: Any = getattr(plan, "library", None)
        self.limits: Limits = getattr(plan, "limits", DEFAULT)
        self._parts = plan, conclusion, formats
        self._reporters = [load_reporter(each.target)(each.style, _write) for each in formats]
        self._held: dict[int, Judged | Reading] = {}

    def __reduce__(self) -> Any:
        """What is at hand stays here."""
        return ReportDocuments, self._parts

    def __call__(self, document: Document) -> Reported:
        """Raises whatever the document makes the readers raise."""
        assert isinstance(document, NumberedDocument)
        plan, conclusion, formats = self._parts
        item = self._held.get(document.number)
        if item is None:
            made = plan(document)
            item = conclusion(made) if conclusion else made
            self._held[document.number] = item
            if len(self._held) > _HELD:
                del self._held[next(iter(self._held))]
        if document.notices:
            item = with_notices(item, document.notices)
        verdict, decided = None, None
        if isinstance(item, Judged):
            verdict = item.verdict
            if conclusion and conclusion.decisions is not None:
                from auditor.decisions import places_of_decisions

                decided = places_of_decisions(item.audit, conclusion.decisions)
        fragments = tuple(
            self._fragment(output, reporter, item, document.number)
            for output, reporter in zip(formats, self._reporters, strict=True)
        )
        return Reported(verdict, neighbour_of(item), decided, fragments)

    def _fragment(self, output: OutputFormat, reporter: Reporter, item: Item, number: int) -> Any:
        try:
            return reporter.fragment(item, number)
        except Exception as error:
            return undrawn(output.name, error, output.style.language)


def undrawn(name: str, error: Exception, language: str) -> Undrawn:
    """That a format could not be drawn, in words."""
    if isinstance(error, InputError):  # what was read is not what the format is for
        return Undrawn(error_text(error, language))
    return Undrawn(describe_defect(error, "cli-output-failed", language, name=name))


def _write(text: str | bytes) -> None:
    raise AssertionError("fragments are written where they are joined")
