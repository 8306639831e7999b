"""Names that a person typed in; what they name out, or the error with the nearest that there is."""

from __future__ import annotations

from collections.abc import Collection

import click

from auditor.library import Library
from auditor.messages import phrase
from auditor.model.form import Form


def form_named(library: Library, form_id: str, language: str) -> Form:
    """The form with this id. Raises `click.UsageError` when there is none."""
    need_known("cli-unknown-form", form_id, [form.id for form in library.forms], language)
    return library.form(form_id)


def need_known(code: str, name: str, known: Collection[str], language: str) -> None:
    """Raises `click.UsageError` about a name that is not among the known ones."""
    if name in known:
        return
    import difflib  # only what went wrong needs it

    names = phrase("list-comma", language).join(known)
    message = phrase(code, language, name=name, names=names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        message += " — " + phrase("cli-did-you-mean", language, near=near[0])
    raise click.UsageError(message)
