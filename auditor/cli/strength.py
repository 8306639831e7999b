"""`audit rules strength`: which mistakes the rules would catch, and which would slip through."""

from __future__ import annotations

import os
from pathlib import Path

import click

from auditor.cli.options import LANG_UNCONFIGURED, NO_COLOR, RULES, output_format
from auditor.cli.settings import in_colour, language_of, width_of_output
from auditor.library import agencies, load_library
from auditor.messages import phrase


@click.command()
@click.argument("form_id", metavar="[FORM]", required=False)
@RULES
@click.option(
    "--trials",
    type=click.IntRange(1, 1000),
    default=2,
    show_default=True,
    help="Mistakes tried and diagnosed in each cell.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the invented figures.")
@output_format(["terminal", "json"])
@LANG_UNCONFIGURED
@NO_COLOR
def strength(
    form_id: str | None,
    folders: tuple[Path, ...],
    trials: int,
    seed: int,
    form_of_output: str,
    lang: str | None,
    no_color: bool,
) -> None:
    """How strong the rules of a form are, tried on invented reports; of every form by default."""
    from auditor.reporters import Style
    from auditor.strength.measure import weigh

    language = language_of(lang, os.environ)
    library = load_library(*folders)
    names = agencies(library)
    known = [form.id for form in library.forms]
    if form_id is not None and form_id not in known:
        told = {"name": form_id, "names": ", ".join(known)}
        raise click.UsageError(phrase("cli-unknown-form", language, **told))
    found = []
    for form in library.forms:
        if form_id in (None, form.id):
            click.echo(phrase("strength-working", language, form=form.id), err=True)
            found.append(weigh(form, library.checks(form.id), names[form.id], trials, seed))
    style = Style(language=language, width=width_of_output(), colour=in_colour(no_color))
    if form_of_output == "json":
        from auditor.reporters.documents import strength_document

        click.echo(strength_document(found), nl=False)
        return
    from auditor.reporters.strength import render_strength

    for each in found:
        click.echo(render_strength(each, style), nl=False)
