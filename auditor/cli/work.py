"""A document, and what is to be made of it, in; what it comes to out.

`run_plan` is the boundary at which whatever a document raises becomes a failure: nothing that reads
or judges one needs to catch more than it can answer itself, and no document ends a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from auditor.cli.config import Settings
from auditor.cli.files import error_text
from auditor.cli.process import INTERNAL_ERROR, Ended, describe_defect
from auditor.errors import DefinitionError, InputError
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document

Plan = Callable[[Document], Any]
"""What is made of a document under some settings. It goes to other processes as it is."""


class Work(Struct, frozen=True):
    """A document, what holds for it, and what is to be made of it."""

    document: Document
    settings: Settings
    plan: Plan
    language: str


def run_plan(document: Document, plan: Plan, language: str) -> Any:
    """What the plan makes of the document, or a failure, whatever it raises.

    Raises `DefinitionError` for a rule that is wrong, and `KeyboardInterrupt`.
    """
    try:
        return plan(document)
    except DefinitionError:
        raise
    except BaseException as error:
        return failure_of(document, error, language)


def failure_of(document: Document | str, error: BaseException, language: str) -> Failure:
    """The failure for what a document, or the file of that name, raised; raises what is for nobody
    to catch."""
    if isinstance(error, KeyboardInterrupt | GeneratorExit | Ended):
        raise error
    code = "out-of-memory" if isinstance(error, MemoryError) else INTERNAL_ERROR
    if isinstance(error, InputError):
        code, said = error.code, error_text(error, language)
    elif isinstance(error, MemoryError):
        said = phrase(f"input-{code}", language)
    else:
        said = describe_defect(error, f"input-{code}", language)
    if isinstance(document, str):
        return Failure(document, None, None, code, said)
    return Failure(document.name, document.sha256, document.media_type, code, said)


def is_read_by_python(document: Document) -> bool:
    """Whether no native parser sees the document: it is text, and has no table as HTML in it."""
    return document.media_type == "text/plain" and b"<" not in document.content
