"""What a worker makes of whatever is asked: documents read, judged and drawn, and answers written.

All of it happens in workers, writing too: a report may be one of which it takes minutes to tell. So
what a document comes to stays packed between two questions, and the server looks into none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from enum import Enum
from io import BytesIO, StringIO
from typing import Any

from msgspec import Struct

from auditor.cli.files import InputFile, documents_in
from auditor.cli.neighbours import Neighbours
from auditor.cli.worker import Packing
from auditor.definitions import Library
from auditor.findings import verdict_of
from auditor.model.check import Severity
from auditor.model.finding import Audit, Failure, Verdict
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, audit_report, enter, match_prose, predecessor_of, read_report
from auditor.readers import ZIP, Limits, media_type_of
from auditor.readers.limits import within_budget
from auditor.readers.pdf.pictures import PagePicture, pictures
from auditor.reporters import REPORTERS, Item, Judged, Reading, Style, reporter_of
from auditor.web.pages import pages_to_draw, report_page

_DPI = 110
"""Of pages that are shown: figures of eight points can be read."""
PAGE = "page"
"""The format that is a page of this server."""


class Action(Enum):
    """What is to be made of a document."""

    UNPACK = "unpack"
    """The documents in an archive of reports; of anything else its media type."""
    READ = "read"
    CHECK = "check"
    DRAW = "draw"
    """Pages of a PDF as pictures."""
    WRITE = "write"
    """The answer, of what all documents of a request came to."""


class AnswerForm(Struct, frozen=True):
    """How an answer is written."""

    format: str = "json"
    style: Style = Style()
    fail_on: Severity = Severity.ERROR


class DocumentOutcome(Struct, frozen=True):
    """What a document came to, packed, and as much of it as others need to know."""

    packed: bytes
    name: str
    """Of the verdict, or `read`."""
    pages: tuple[int, ...] = ()
    """Of a PDF, those on which cells are marked."""


class Asked(Document, frozen=True):
    """A document, and what is asked of it."""

    action: Action = Action.CHECK
    language: str = "zh"
    verify: bool = False
    earlier: tuple[bytes, ...] = ()
    """Last year's reports, packed."""
    entered: Mapping[str, str] = {}
    """What a person says stands in cells that are in doubt, by address."""
    pages: tuple[int, ...] = ()
    items: tuple[bytes | Failure, ...] = ()
    """What the documents of a request came to, packed."""
    pictures: Mapping[int, Sequence[PagePicture]] = {}
    """By the number of the item, from 1."""
    output: AnswerForm = AnswerForm()


class Answer(Struct, frozen=True):
    """An answer."""

    content: bytes
    exit_code: int
    """That of the command."""


class Answers:
    """A plan that goes to each worker once, as it starts."""

    def __init__(self, library: Library, limits: Limits) -> None:
        self.library = library
        self._limits = limits
        self._packing = Packing(self)

    def __reduce__(self) -> Any:
        """What is packed is told by what is in this process's memory: another packs anew."""
        return Answers, (self.library, self._limits)

    def __call__(self, asked: Document) -> Any:
        """Raises whatever the document makes the readers raise."""
        assert isinstance(asked, Asked)
        if asked.action is Action.UNPACK:
            return self._unpacked(asked)
        with within_budget(self._limits, asked.name):
            match asked.action:
                case Action.READ:
                    form, report = read_report(asked, self.library, asked.verify, self._limits)
                    read = Reading(form, report, match_prose(form, report, self.library))
                    return DocumentOutcome(self._packing.packed(read), "read")
                case Action.CHECK:
                    return self._checked(asked)
                case Action.DRAW:
                    return pictures(asked, asked.pages, _DPI)
                case Action.WRITE:
                    return self._written(asked)

    def _unpacked(self, asked: Asked) -> tuple[Document | Failure, ...] | str:
        media_type = media_type_of(asked.content)
        if media_type != ZIP:
            return media_type
        # Names of what is passed over are the client's, and no concern of who runs the server.
        with redirect_stderr(StringIO()):
            stream, named = BytesIO(asked.content), InputFile(asked.name, None)
            return tuple(documents_in(named, stream, asked.language, self._limits))

    def _checked(self, asked: Asked) -> DocumentOutcome:
        earlier: list[Report] = [self._packing.unpacked(each).report for each in asked.earlier]
        more: Any = {"verify": asked.verify, "limits": self._limits, "earlier": earlier}
        found: Audit = audit(asked, self.library, **more)
        if asked.entered:
            report = enter(found.report, found.form, asked.entered)
            previous = predecessor_of(report, earlier)
            found = audit_report(found.form, report, self.library, previous)
        return DocumentOutcome(
            self._packing.packed(found), verdict_of(found).value, pages_to_draw(found)
        )

    def _written(self, asked: Asked) -> Answer:
        neighbours = Neighbours()
        items = [neighbours.told(self._item(each, asked.output)) for each in asked.items]
        if asked.output.format == PAGE:
            page = report_page(items, asked.output.style, asked.pictures, asked.entered)
            return Answer(page.encode(), _exit_code(items))
        parts: list[bytes] = []
        write = reporter_of(asked.output.format, REPORTERS[asked.output.format])(
            asked.output.style,
            lambda text: parts.append(text if isinstance(text, bytes) else text.encode()),
        )
        write.start()
        for item in items:
            write.report(item)
        write.finish()
        return Answer(b"".join(parts), _exit_code(items))

    def _item(self, given: bytes | Failure, output: AnswerForm) -> Item:
        made: Item | Audit = given if isinstance(given, Failure) else self._packing.unpacked(given)
        if isinstance(made, Audit):
            return Judged(made, verdict_of(made, output.fail_on))
        return made


def _exit_code(items: Sequence[Item]) -> int:
    """As `audit check` ends."""
    verdicts = [item.verdict if isinstance(item, Judged) else None for item in items]
    if Verdict.FINDINGS in verdicts:
        return 1
    failed = any(isinstance(item, Failure) for item in items)
    return 3 if failed or Verdict.NOT_AUDITED in verdicts else 0
