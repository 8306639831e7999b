"""The errors for documents that are not read: what is wrong and what to do, in every language."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.messages import LANGUAGES, both, known
from auditor.model import Words


def refusal(kind: str, place: str = "", **values: str | int | Words) -> InputError:
    """The error for a document that is not read: `kind` is its code, and after a slash what tells
    it from others with this code. It says the message `refused-` of the kind, and what to do: the
    `hint-` of the kind, or else of the code, if there is one. Values that are words are put in by
    language."""
    code, own = kind.partition("/")[0], kind.replace("/", "-")
    messages = both(f"refused-{own}", **values)
    hint = next((each for each in (f"hint-{own}", f"hint-{code}") if known(each)), None)
    hints = both(hint, **values) if hint else dict.fromkeys(LANGUAGES, "")
    said = {each: (messages[each], hints[each]) for each in LANGUAGES}
    return InputError(code, messages["en"], place=place, hint=hints["en"], translations=said)
