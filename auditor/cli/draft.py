"""`audit rules new`: a kind, a table and an axis in, a rule with true cases out.

What is written was loaded, compiled and tested before: on paper, or at the end of a rule file whose
every byte stays. A file is put in place whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import click

from auditor.checks.draft import DRAFTED, Draft, appended, operand, rule_text
from auditor.cli import options
from auditor.cli.process import language_of
from auditor.definitions.library import Library, amended, load_library, shown_as, test_rules
from auditor.errors import DefinitionError
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Definition, Severity
from auditor.model.form import Form
from auditor.regular import replace_regular


class _Target(NamedTuple):
    """Where the file that the rule goes to stands below its folder of rules."""

    folder: Path
    parts: tuple[str, ...]

    @property
    def shown(self) -> str:
        return "/".join((shown_as(self.folder), *self.parts))


def _several(name: str, metavar: str, said: str, complete: Any = None) -> options.Decorator:
    return click.option(name, multiple=True, metavar=metavar, shell_complete=complete, help=said)


def _needed(name: str, key: str, complete: Any, said: str) -> options.Decorator:
    return click.option(name, key, required=True, shell_complete=complete, help=said)


_ASKED = options.combined(
    _needed("--form", "form_id", options.form_ids, "The form, such as cn-goi-annual/2021."),
    click.option("--kind", required=True, type=click.Choice(DRAFTED), help="What must hold."),
    _needed("--table", "table_key", options.table_keys, "The table."),
    click.option(
        "--each", type=click.Choice(["column", "row"]), help="A check for every such line."
    ),
    _several("--only", "LINE", "Only these of the lines.", options.line_keys),
    _several("--left", "FIGURE", "The left side; of a total, itself.", options.figures),
    _several("--right", "FIGURE", "The right side; a total's parts.", options.figures),
    _several("--cells", "CELLS", "The boxes; by default all.", options.figures),
    _several("--never", "PATTERN", "competence: a pattern of names."),
    click.option("--agency", default="", help="competence: a name that a pattern matches."),
    click.option("--decimals", type=click.IntRange(0, 12), help="number: decimals allowed."),
    click.option("--negative", is_flag=True, help="number: figures may be below zero."),
    click.option("--bare", is_flag=True, help="number: nothing but the figure stands in the box."),
)
_MORE = "decimals", "negative", "bare", "never"
"""Options that are keys of the kind's own."""


@click.command("new")
@click.argument("rule_id", metavar="ID")
@_ASKED
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default="error",
    show_default=True,
    help="How bad a breach is.",
)
@click.option("--basis", help="Where it is prescribed.")
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help="Append to this file."
)
@options.RULES
@options.LANG_UNCONFIGURED
def new_rule(
    *,
    rule_id: str,
    form_id: str,
    severity: str,
    basis: str | None,
    into: Path | None,
    folders: tuple[Path, ...],
    lang: str | None,
    **asked: Any,
) -> None:
    """Write a rule and its cases, from its kind, its table and the lines it runs over.

    \b
    audit rules new my-total --form cn-goi-annual/2021 --kind total --table applications --each row
    audit rules new my-cap --form cn-goi-annual/2021 --kind at_most --table disclosure \\
        --left fees/amount --right 999 --into my-rules/fees.yaml

    A FIGURE is a row, a column, row/column or a whole number; 3*total and last_year:total too.
    Without figures, the rule is about the sums that the form itself prints.
    """
    language = language_of(lang, os.environ)
    target = _target(into or Path("new.yaml"), form_id, language)
    library = load_library(*(_folders(folders, target.folder) if into else folders))
    draft = _draft(options.form_named(library, form_id, language), asked, language)
    item = rule_text(
        draft,
        {
            "id": rule_id,
            **({"form": form_id} if len(target.parts) == 1 else {}),
            "statement": {each: statement_of(draft, each) for each in LANGUAGES},
            "basis": basis or phrase("draft-basis", language),
            "severity": severity,
        },
    )
    try:
        old = into.read_bytes().decode("utf-8") if into and into.exists() else ""
        text = appended(old, target.shown, item)
        _try_out(library, Definition(target.shown, target.parts, text), rule_id, language)
        if into is None:
            click.echo(item, nl=False)
            click.echo(phrase("cli-drafted-here", language), err=True)
            return
        into.parent.mkdir(parents=True, exist_ok=True)
        replace_regular(into, text.encode())  # with its line ends and byte order mark
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=target.shown) from None
    except OSError as error:
        why = {"file": str(into), "why": error.strerror or str(error)}
        raise click.UsageError(phrase("cli-unwritten", language, **why)) from None
    click.echo(phrase("cli-drafted", language, file=target.shown, name=rule_id), err=True)


def _draft(form: Form, asked: dict[str, Any], language: str) -> Draft:
    """What was asked for, with operands for those that were left out."""
    kind, key, each, only = (asked[name] for name in ("kind", "table_key", "each", "only"))
    tables = [table.key for table in form.tables]
    if key not in tables:
        raise options.unknown_name("cli-unknown-table", key, tables, language)
    if only and not each:
        raise click.UsageError(phrase("cli-only-with-each", language))
    left, right, cells = (tuple(map(operand, asked[name])) for name in ("left", "right", "cells"))
    more = {
        name: list(value) if isinstance(value, tuple) else value
        for name in _MORE
        if (value := asked[name])
    }
    draft = Draft(form, kind, form.table(key), each, left, right, cells, only, more)
    return draft._replace(agency=asked["agency"]).filled()


def _target(path: Path, form_id: str, language: str) -> _Target:
    """Where the file stands: in the folder of the form or its edition, else in one of one's own."""
    if path.resolve().parent.name != "checks":
        return _Target(path.parent, (path.name,))
    for home in (form_id, form_id.partition("/")[0]):
        parts = (*home.split("/"), "checks", path.name)
        if path.resolve().parts[-len(parts) :] == parts:
            folder = path.resolve().parents[len(parts) - 1]
            return _Target(folder if path.is_absolute() else Path(os.path.relpath(folder)), parts)
    raise click.UsageError(phrase("cli-other-form", language, file=path, form=form_id))


def _folders(folders: tuple[Path, ...], own: Path) -> tuple[Path, ...]:
    """The folders to load beside the package's own, that of the target among them, each once."""
    if not own.is_dir() or shown_as(own) == "rules":
        return folders
    return (*(folder for folder in folders if folder.resolve() != own.resolve()), own)


def _try_out(library: Library, changed: Definition, rule_id: str, language: str) -> None:
    """Raises `click.UsageError` where a form that the rule is for does not bear it out."""
    try:
        results = test_rules(amended(library, changed))
    except DefinitionError as error:
        # Its place may be a line that there is not, so it is left out.
        why = f"{error.message} ({error.hint})" if error.hint else error.message
        raise click.UsageError(phrase("cli-untaken", language, why=why)) from None
    for result in results:
        if result.rule_id == rule_id and not result.ok:
            case = {"about": result.about, "wanted": result.expected, "got": result.found}
            raise click.UsageError(phrase("cli-untrue", language, form=result.form_id, **case))


def statement_of(draft: Draft, language: str) -> str:
    """What the rule says, by the labels of the form."""
    plus, comma = (phrase(code, language) for code in ("draft-plus", "list-comma"))

    def listed(operands: Iterable[Any], mark: str) -> str:
        return mark.join(_operand(each, draft, language) for each in operands)

    code = next((key for key in ("bare", "negative") if draft.more.get(key)), draft.kind)
    said = phrase(
        f"draft-{code}",
        language,
        scope=phrase(f"draft-each-{draft.each}", language) if draft.each else "",
        left=listed(draft.left, plus),
        right=listed(draft.right, comma if code == "total" else plus),
        cells=listed(draft.cells, comma),
        decimals=draft.more.get("decimals", 0),
        never=comma.join(draft.more.get("never", ())),
    )
    return said[0].upper() + said[1:]


def _operand(plain: Any, draft: Draft, language: str) -> str:
    """An operand in words."""
    given = plain if isinstance(plain, dict) else {"of": str(plain)}
    row, slash, column = given["of"].partition("/")
    if isinstance(plain, int):
        said = given["of"]
    elif slash:
        parts = {"row": _label(row, "row", draft, language)}
        parts["column"] = _label(column, "column", draft, language)
        said = phrase("draft-box", language, **parts)
    else:
        said = _label(row, "column" if draft.each == "row" else "row", draft, language)
    if "lag" in given:
        said = phrase("draft-last-year", language, figure=said)
    if "times" in given:
        said = phrase("draft-times", language, figure=said, times=given["times"])
    return said


def _label(selector: str, axis: str, draft: Draft, language: str) -> str:
    """A row, column or group by its label, or its key in English."""
    if selector == "*":
        return phrase(f"draft-all-{axis}s", language)
    key = selector.removesuffix(".*")
    is_group = key != selector
    table = draft.table
    lines = table.groups if is_group else table.rows if axis == "row" else table.columns
    labels = {line.key: line.label for line in lines}
    label = labels.get(key, key) if language == "zh" else key.replace("_", " ")
    return phrase("draft-group" if is_group else "draft-line", language, label=label)
