"""`audit rules new`: a kind, a table and an axis in, a rule with true cases out.

What is written was loaded, compiled and tested before: on paper, or at the end of a rule file whose
every byte stays. A file is put in place whole or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from auditor.checks.draft import DRAFTED, Draft, DraftOperand, appended, complete, figure, rule_text
from auditor.cli import options
from auditor.cli.process import language_of
from auditor.definitions.library import Library, amended, load_library, shown_as, test_rules
from auditor.errors import DefinitionError
from auditor.messages import LANGUAGES, phrase
from auditor.model.address import Words
from auditor.model.check import Definition, Severity
from auditor.model.form import Form
from auditor.regular import replace_regular

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEVERITIES = [severity.value for severity in Severity]


class _Target(NamedTuple):
    """The file that the rule goes to, and where it stands below its folder of rules."""

    path: Path
    folder: Path
    parts: tuple[str, ...]
    old: bytes

    @property
    def is_loose(self) -> bool:
        """Whether rules there have to say their form."""
        return len(self.parts) == 1

    @property
    def shown(self) -> str:
        return "/".join((shown_as(self.folder), *self.parts))


def _several(name: str, metavar: str, said: str, complete: Any = None) -> options.Decorator:
    return click.option(name, multiple=True, metavar=metavar, shell_complete=complete, help=said)


_ASKED = options.taking(
    click.option(
        "--form",
        "form_id",
        required=True,
        shell_complete=options.form_ids,
        help="The form, such as cn-goi-annual/2021.",
    ),
    click.option(
        "--kind",
        required=True,
        shell_complete=options.kinds,
        help=f"One of {', '.join(DRAFTED)}.",
    ),
    click.option(
        "--table",
        "table_key",
        required=True,
        shell_complete=options.table_keys,
        help="The table.",
    ),
    click.option(
        "--each", type=click.Choice(["column", "row"]), help="A check for every such line."
    ),
    _several("--only", "LINE", "Only these of the lines.", options.line_keys),
    _several("--left", "FIGURE", "The left side; of a total, itself.", options.figures),
    _several("--right", "FIGURE", "The right side; a total's parts.", options.figures),
    _several("--cells", "CELLS", "The boxes; by default all.", options.figures),
    _several("--never", "PATTERN", "competence: a pattern of names."),
    click.option("--agency", default="", help="competence: a name that a pattern matches."),
    click.option(
        "--decimals", type=click.IntRange(0, 12), default=0, help="number: decimals allowed."
    ),
    click.option("--negative", is_flag=True, help="number: figures may be below zero."),
    click.option("--bare", is_flag=True, help="number: nothing but the figure stands in the box."),
)


@click.command("new")
@click.argument("rule_id", metavar="ID")
@_ASKED
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
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
    target = _target(into, form_id, language) if into else None
    library = load_library(*_folders(folders, target))
    form = options.form_named(library, form_id, language)
    _need_new(rule_id, library, form, target, language)
    draft = _draft(rule_id, form, asked, language)
    said = basis or phrase("draft-basis", language)
    try:
        item = rule_text(draft, statement_of(draft), said, severity, not target or target.is_loose)
    except DefinitionError as error:
        # Its place would be a line of a file that there is not.
        raise DefinitionError(error.code, error.message, hint=error.hint) from None
    if target is None:
        click.echo(item, nl=False)
        click.echo(phrase("cli-drafted-here", language), err=True)
        return
    try:
        old = target.old.decode("utf-8")  # with line ends and byte order mark: none is lost
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=target.shown) from None
    text = appended(old, target.shown, item)
    _try_out(library, target, text, rule_id, language)
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        replace_regular(target.path, text.encode())
    except OSError as error:
        raise _unwritten(target.path, error, language) from None
    click.echo(phrase("cli-drafted", language, file=target.shown, name=rule_id), err=True)


def _draft(rule_id: str, form: Form, asked: dict[str, Any], language: str) -> Draft:
    """What was asked for, with what was left out."""
    kind, key = asked.pop("kind"), asked.pop("table_key")
    tables = [table.key for table in form.tables]
    if kind not in DRAFTED:
        raise options.unknown_name("cli-unknown-kind", kind, DRAFTED, language)
    if key not in tables:
        raise options.unknown_name("cli-unknown-table", key, tables, language)
    if asked["only"] and not asked["each"]:
        raise click.UsageError(phrase("cli-only-with-each", language))
    for name in ("left", "right", "cells"):
        asked[name] = tuple(map(figure, asked[name]))
    return complete(Draft(rule_id, form, kind, form.table(key), **asked))


def _target(into: Path, form_id: str, language: str) -> _Target:
    """Where the file stands: in the folder of the form or its edition, else in one of one's own."""
    path = into.resolve()
    try:
        old = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise _unwritten(path, error, language) from None
    if path.parent.name != "checks":
        return _Target(path, into.parent, (into.name,), old)
    family = form_id.partition("/")[0]
    for home in (form_id, family):
        parts = (*home.split("/"), "checks", path.name)
        if path.parts[-len(parts) :] == parts:
            folder = path.parents[len(parts) - 1]
            if not into.is_absolute():
                folder = Path(os.path.relpath(folder))
            return _Target(path, folder, parts, old)
    raise click.UsageError(phrase("cli-other-form", language, file=into, form=form_id))


def _folders(folders: tuple[Path, ...], target: _Target | None) -> tuple[Path, ...]:
    """The folders to load beside the package's own, that of the target among them, each once."""
    if target is None or not target.folder.is_dir() or shown_as(target.folder) == "rules":
        return folders
    others = [folder for folder in folders if folder.resolve() != target.folder.resolve()]
    return (*others, target.folder)


def _need_new(
    rule_id: str, library: Library, form: Form, target: _Target | None, language: str
) -> None:
    """Raises `click.UsageError` for an id that is none, or that a rule has which stands beside."""
    if not _ID.fullmatch(rule_id):
        raise click.UsageError(phrase("cli-rule-id", language, name=rule_id))
    family = target is not None and len(target.parts) == 3
    for other, rules in library.rules.items():
        same = other.partition("/")[0] == form.id.partition("/")[0]
        for rule in rules if other == form.id or (family and same) else ():
            if rule.id == rule_id:
                place = {"name": rule_id, "place": str(rule.place)}
                raise click.UsageError(phrase("cli-rule-exists", language, **place))


def _try_out(library: Library, target: _Target, text: str, rule_id: str, language: str) -> None:
    """Raises `click.UsageError` where a form that the rule is for does not bear it out."""
    try:
        trial = amended(library, Definition(target.shown, target.parts, text))
        results = test_rules(trial)
    except DefinitionError as error:
        # Its place may be a line that there is not, so it is left out.
        why = f"{error.message} ({error.hint})" if error.hint else error.message
        raise click.UsageError(phrase("cli-untaken", language, why=why)) from None
    for result in results:
        if result.rule_id == rule_id and not result.ok:
            told = {"form": result.form_id, "about": result.about}
            told |= {"wanted": result.expected, "got": result.found}
            raise click.UsageError(phrase("cli-untrue", language, **told))


def _unwritten(path: Path, error: OSError, language: str) -> click.UsageError:
    why = {"file": str(path), "why": error.strerror or str(error)}
    return click.UsageError(phrase("cli-unwritten", language, **why))


def statement_of(draft: Draft) -> Words:
    """The rule's statement by language."""
    return {language: _said(draft, language) for language in LANGUAGES}


def _said(draft: Draft, language: str) -> str:
    scope = phrase(f"draft-each-{draft.each}", language) if draft.each else ""
    plus, comma = (phrase(code, language) for code in ("draft-plus", "list-comma"))
    code = draft.kind
    if code == "number":
        code = "bare" if draft.bare else "negative" if draft.negative else "number"

    def listed(figures: Sequence[DraftOperand], mark: str) -> str:
        return mark.join(_figure(each, draft, language) for each in figures)

    said = phrase(
        f"draft-{code}",
        language,
        scope=scope,
        left=listed(draft.left, plus),
        right=listed(draft.right, comma if code == "total" else plus),
        cells=listed(draft.cells, comma),
        decimals=draft.decimals,
        never=comma.join(draft.never),
    )
    return said[0].upper() + said[1:]


def _figure(figure: DraftOperand, draft: Draft, language: str) -> str:
    if isinstance(figure.plain, int):
        return figure.selector
    row, slash, column = figure.selector.partition("/")
    if slash:
        parts = {"row": _line(row, "row", draft, language)}
        parts["column"] = _line(column, "column", draft, language)
        said = phrase("draft-box", language, **parts)
    else:
        across = "column" if draft.each == "row" else "row"
        said = _line(figure.selector, across, draft, language)
    if figure.lag:
        said = phrase("draft-last-year", language, figure=said)
    if figure.times != 1:
        said = phrase("draft-times", language, figure=said, times=figure.times)
    return said


def _line(selector: str, what: str, draft: Draft, language: str) -> str:
    """A row, column or group by its label, or its key in English."""
    if selector == "*":
        return phrase(f"draft-all-{what}s", language)
    key = selector.removesuffix(".*")
    table = draft.table
    lines = {line.key: line.label for line in (table.rows if what == "row" else table.columns)}
    groups = {group.key: group.label for group in table.groups}
    known = groups if key != selector else lines
    label = known.get(key, key) if language == "zh" else key.replace("_", " ")
    return phrase("draft-group" if key != selector else "draft-line", language, label=label)
