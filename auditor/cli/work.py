"""One document and what is to be made of it, as it may be handed to another process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.cli.inputs import said_of
from auditor.configuration.settings import Settings
from auditor.errors import InputError
from auditor.model.finding import Failure
from auditor.model.noun import noun
from auditor.model.source import Document
from auditor.wording import phrase

Plan = Callable[[Document], Any]
"""What is made of a document under some settings. It goes to other processes as it is."""


@noun
class Work:
    """A document, what holds for it, and what is to be made of it."""

    document: Document
    settings: Settings
    plan: Plan
    language: str

    def done(self) -> Any:
        """What the plan makes of it, or a failure where it cannot be read."""
        return done(self.document, self.plan, self.language)

    def crashed(self) -> Failure:
        """What becomes of a document that took its worker with it."""
        said = phrase("cli-crashed", self.language)
        own = self.document
        return Failure(own.name, own.sha256, own.media_type, "crashed", said)


def done(document: Document, plan: Plan, language: str) -> Any:
    """What the plan makes of the document, or a failure where it cannot be read."""
    try:
        return plan(document)
    except InputError as error:
        return failure_of(document, error, language)


def failure_of(document: Document, error: InputError, language: str) -> Failure:
    """What kept a document from being audited."""
    said = said_of(error, language)
    return Failure(document.name, document.sha256, document.media_type, error.code, said)
