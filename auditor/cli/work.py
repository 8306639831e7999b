"""One document and what is to be made of it, as it may be handed to another process.

`done` is the boundary at which whatever a document raises becomes a failure: nothing that reads or
judges one needs to catch more than it can answer itself, and no document ends a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.cli import defects
from auditor.cli.inputs import said_of
from auditor.cli.signals import Ended
from auditor.configuration.settings import Settings
from auditor.errors import DefinitionError, InputError
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.noun import noun
from auditor.model.source import Document

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

    def crashed(self, how: str) -> Failure:
        """What becomes of a document that took its worker with it."""
        said = phrase("cli-crashed", self.language, how=how)
        return _failure(self.document, "crashed", said)


def done(document: Document, plan: Plan, language: str) -> Any:
    """What the plan makes of the document, or a failure, whatever it raises.

    Raises `DefinitionError` for a rule that is wrong, and `KeyboardInterrupt`.
    """
    try:
        return plan(document)
    except DefinitionError:
        raise
    except BaseException as error:
        return failed(document, error, language)


def failed(document: Document | str, error: BaseException, language: str) -> Failure:
    """The failure for what a document, or the file of that name, raised; raises what is for nobody
    to catch."""
    if isinstance(error, InputError):
        return _failure(document, error.code, said_of(error, language))
    if isinstance(error, MemoryError):
        code = "out-of-memory"
        return _failure(document, code, phrase(f"input-{code}", language))
    if isinstance(error, KeyboardInterrupt | GeneratorExit | Ended):
        raise error
    said = defects.told(error, f"input-{defects.CODE}", language)
    return _failure(document, defects.CODE, said)


def _failure(document: Document | str, code: str, said: str) -> Failure:
    if isinstance(document, str):
        return Failure(document, None, None, code, said)
    return Failure(document.name, document.sha256, document.media_type, code, said)
