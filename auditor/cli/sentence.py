"""`audit rules try`: how a sentence is read, word by word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli.complete import form_ids
from auditor.cli.names import form_named
from auditor.cli.options import LANG_UNCONFIGURED, RULES, taking
from auditor.cli.settings import language_of
from auditor.library import load_library
from auditor.messages import phrase
from auditor.model.form import Form
from auditor.model.prose import Counted, Prose
from auditor.prose.trial import Slots, try_sentence

_DEFAULT_FORM = "cn-goi-annual/2021"
_DEFAULT_YEAR = 2023


@click.command("try")
@click.argument("text")
@click.option(
    "--form", "form_id", default=_DEFAULT_FORM, shell_complete=form_ids, help="The form's id."
)
@click.option("--section", default="overview", help="The section it stands in, by its id.")
@click.option("--year", type=int, default=_DEFAULT_YEAR, help="The report's year.")
@click.option("--agency", help="The agency that reports.")
@taking(LANG_UNCONFIGURED, RULES)
def try_text(
    text: str,
    form_id: str,
    section: str,
    year: int,
    agency: str | None,
    lang: str | None,
    folders: tuple[Path, ...],
) -> None:
    """How a sentence is read: its words and what each is, and what its figures claim."""
    language = language_of(lang, os.environ)
    form = form_named(load_library(*folders), form_id, language)
    known = [each.key for each in form.wordings.sections]
    if section not in known:
        raise click.BadParameter(", ".join(known), param_hint="--section")
    prose, words = try_sentence(text, form, section, year, agency)
    click.echo(phrase("try-words", language))
    for word, slots in words:
        click.echo(f"  {word}  {_slots(slots, language)}".rstrip())
    click.echo(phrase("try-claims", language))
    lines = [*_claims(prose, form, language)]
    for line in lines or [phrase("try-nothing", language)]:
        click.echo(f"  {line}")


def _slots(slots: Slots, language: str) -> str:
    comma = phrase("list-comma", language)
    return comma.join(phrase(f"slot-{kind}", language, key=key) for kind, key in slots)


def _claims(prose: Prose, form: Form, language: str) -> Iterator[str]:
    labels = {each.key: each.label for each in form.wordings.mentions}
    for said in prose.claims:
        words = prose.sentences[said.sentence].text[said.start : said.end]
        label = labels[said.mention]
        value = format(said.value.normalize() if said.value else said.value, "f")
        yield f"{said.mention} = {value}  {label.get(language) or label['en']}  {words}"
    for each in prose.counted:
        if each.state != "matched":
            figure = prose.sentences[each.sentence].text[each.start : each.end]
            yield phrase("try-refused", language, figure=figure, why=_why(each, language))


def _why(each: Counted, language: str) -> str:
    return phrase(f"why-{each.why}" if each.why else f"try-{each.state}", language)
