"""A reader that raises what the document says, where there is no defect of ours to try it with."""

from __future__ import annotations

import faulthandler
import os
import signal

from auditor.errors import InputError
from auditor.model.source import Document, Extract
from auditor.readers import Limits


class Unheard(BaseException):
    """What no `except Exception` catches, as a library's own panic is."""


RAISED: dict[str, BaseException] = {
    "ValueError": ValueError("9e999999"),
    "RecursionError": RecursionError(),
    "KeyError": KeyError("x"),
    "AssertionError": AssertionError(),
    "UnicodeEncodeError": UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    "OSError": OSError(5, "Input/output error"),
    "SystemExit": SystemExit(0),
    "Unheard": Unheard(),
}
"""By the exception's kind, which is what the document has to say."""


def read_raising(document: Document, limits: Limits) -> Extract:
    """Raises what the document names; a signal's name kills this process by it."""
    said = document.content.decode(errors="replace").split()[-1]
    if said == "InputError":
        raise InputError("damaged", "it says so itself", hint="none")
    if said == "MemoryError":
        raise MemoryError
    if said.startswith("SIG"):
        faulthandler.disable()  # pytest's, whose dump would be in the tests' output
        os.kill(os.getpid(), signal.Signals[said])
    raise RAISED[said]


def end_by(name: str) -> None:
    """Ends this process by a signal, or raises what has that name."""
    read_raising(Document("", name.encode()), Limits())
