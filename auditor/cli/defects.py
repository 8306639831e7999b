"""A defect of this program in, words out that say so: whose fault it is, and how to report it.

What a person can put right is an `InputError` or a `DefinitionError`; anything else that is raised
is ours. It is told by the exception's kind and by the line of this package that it came from.
"""

from __future__ import annotations

import os
from pathlib import Path

from auditor.messages import phrase

CODE = "internal-error"
_PACKAGE = Path(__file__).resolve().parents[1]


def told(error: BaseException, code: str, language: str, **values: object) -> str:
    """The phrase with the error's kind and place; where AUDIT_TRACEBACK is set, a traceback too."""
    import traceback  # few runs fail

    if os.environ.get("AUDIT_TRACEBACK"):
        traceback.print_exception(error)
    return phrase(code, language, kind=type(error).__name__, place=_place(error), **values)


def _place(error: BaseException) -> str:
    """The innermost line of this package, such as `readers/docx.py:88`; the same on any machine."""
    place, step = "?", error.__traceback__
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            place = f"{file.relative_to(_PACKAGE).as_posix()}:{step.tb_lineno}"
        step = step.tb_next
    return place
