"""`audit rules new`: a kind, a table and an axis in, a rule with true cases out.

What is written was loaded, compiled and tested before: on paper, or at the end of a rule file whose
every byte stays. A file is put in place whole or not at all.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click

from auditor.checks.draft import DRAFTED, Draft, appended, complete, figure, rule_text
from auditor.cli.complete import figures, form_ids, kinds, line_keys, table_keys
from auditor.cli.names import form_named, need_known
from auditor.cli.options import LANG_UNCONFIGURED, RULES
from auditor.cli.settings import language_of
from auditor.cli.statement import statement_of
from auditor.errors import DefinitionError
from auditor.library import Library, amended, load_library, shown_as, test_rules
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.definition import Definition
from auditor.model.form import Form

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


@click.command("new")
@click.argument("rule_id", metavar="ID")
@click.option(
    "--form",
    "form_id",
    required=True,
    shell_complete=form_ids,
    help="The form, such as cn-goi-annual/2021.",
)
@click.option("--kind", required=True, shell_complete=kinds, help=f"One of {', '.join(DRAFTED)}.")
@click.option("--table", "table_key", required=True, shell_complete=table_keys, help="The table.")
@click.option("--each", type=click.Choice(["column", "row"]), help="A check for every such line.")
@click.option(
    "--only",
    multiple=True,
    metavar="LINE",
    shell_complete=line_keys,
    help="Only these of the lines.",
)
@click.option(
    "--left",
    multiple=True,
    metavar="FIGURE",
    shell_complete=figures,
    help="The left side; of a total, itself.",
)
@click.option(
    "--right",
    multiple=True,
    metavar="FIGURE",
    shell_complete=figures,
    help="The right side; a total's parts.",
)
@click.option(
    "--cells",
    multiple=True,
    metavar="CELLS",
    shell_complete=figures,
    help="The boxes; by default all.",
)
@click.option("--never", multiple=True, metavar="PATTERN", help="competence: a pattern of names.")
@click.option("--agency", default="", help="competence: a name that a pattern matches.")
@click.option("--decimals", type=click.IntRange(0, 12), default=0, help="number: decimals allowed.")
@click.option("--negative", is_flag=True, help="number: figures may be below zero.")
@click.option("--bare", is_flag=True, help="number: nothing but the figure stands in the box.")
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
@RULES
@LANG_UNCONFIGURED
def new_rule(
    *,
    rule_id: str,
    form_id: str,
    kind: str,
    table_key: str,
    each: str | None,
    only: tuple[str, ...],
    left: tuple[str, ...],
    right: tuple[str, ...],
    cells: tuple[str, ...],
    never: tuple[str, ...],
    agency: str,
    decimals: int,
    negative: bool,
    bare: bool,
    severity: str,
    basis: str | None,
    into: Path | None,
    folders: tuple[Path, ...],
    lang: str | None,
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
    form = form_named(library, form_id, language)
    need_known("cli-unknown-kind", kind, DRAFTED, language)
    need_known("cli-unknown-table", table_key, [table.key for table in form.tables], language)
    _need_new(rule_id, library, form, target, language)
    if only and not each:
        raise click.UsageError(phrase("cli-only-with-each", language))
    left_side, right_side, boxes = (
        tuple(figure(text) for text in texts) for texts in (left, right, cells)
    )
    draft = Draft(
        rule_id,
        form,
        kind,
        form.table(table_key),
        each,
        left=left_side,
        right=right_side,
        cells=boxes,
        never=never,
        agency=agency,
        only=only,
        decimals=decimals,
        negative=negative,
        bare=bare,
    )
    draft = complete(draft)
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
    text = appended(_decoded(target.old, target.shown), target.shown, item)
    _try_out(library, target, text, rule_id, language)
    _put(target, text, language)
    click.echo(phrase("cli-drafted", language, file=target.shown, name=rule_id), err=True)


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


def _decoded(old: bytes, shown: str) -> str:
    """The text as it is, line ends and byte order mark included, so that none is lost."""
    try:
        return old.decode("utf-8")
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=shown) from None


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


def _put(target: _Target, text: str, language: str) -> None:
    """The text in the file's place, whole or not at all."""
    path = target.path
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _unwritten(path, error, language) from None


def _unwritten(path: Path, error: OSError, language: str) -> click.UsageError:
    why = {"file": str(path), "why": error.strerror or str(error)}
    return click.UsageError(phrase("cli-unwritten", language, **why))
