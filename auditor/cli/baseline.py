"""`audit baseline`: what is known of findings in a file that is reviewed, shown and kept up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from auditor.cli.begin import begin
from auditor.cli.bench import Undecided
from auditor.cli.files import locked, replace_text, text_of
from auditor.cli.options import LANG, configured, judged, output_format
from auditor.cli.settings import language_of
from auditor.dispositions.baseline import Changes, compare, read_baseline, write_baseline
from auditor.errors import DefinitionError
from auditor.findings.conclude import well_read
from auditor.messages import phrase
from auditor.model.decisions import KnownFinding
from auditor.model.finding import Audit
from auditor.reporters import Judged


@click.group()
def baseline() -> None:
    """Show and update a baseline: the findings that are known and do not reach the threshold."""


@baseline.command()
@click.argument("file", metavar="FILE")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--accept-new", is_flag=True, help="Take new findings into the baseline.")
@configured
@judged
@click.option("--verify", is_flag=True, help="Have a second reader confirm every cell (PDF).")
@click.pass_context
def update(ctx: click.Context, /, file: str, accept_new: bool, **shared: Any) -> None:
    """Lay FILE beside the findings of the reports; take out what is gone.

    New findings are listed and left out, and the exit code is 1, unless --accept-new is given. What
    FILE knows of other reports, and of reports that could not be audited, stays.
    """
    fixed = {"form_of_output": "terminal", "quiet": True, "verbose": False, "no_color": True}
    begun = begin({**shared, **fixed}, with_entries=False)
    run, style, found = begun.run, begun.style, begun.found
    path = Path(file)
    _known(path)  # what is wrong with it is said before an hour of reading
    bench = Undecided(run, shared["verify"], None)
    bench.prepare(found)

    items = run.over(found, bench)
    audits = [item.audit for item in items if isinstance(item, Judged)]
    changes = _updated(path, audits, accept_new)
    for line in _listed(changes, style.language):
        click.echo(line)
    unread = run.failed + sum(not well_read(audit.coverage) for audit in audits)
    if unread:
        run.say(phrase("baseline-unread", style.language, count=unread))
    refused = bool(changes.new) and not accept_new
    if changes.new:
        code = "baseline-refused" if refused else "baseline-accepted"
        run.say(phrase(code, style.language, file=file))
    ctx.exit(1 if refused else 3 if unread else 0)


def _updated(path: Path, audits: Sequence[Audit], accept_new: bool) -> Changes:
    """What the audits change in the file as it is now; written where anything has to be."""
    old, known = _known(path)
    if old is None and not accept_new:
        return compare(known, audits)
    if write_baseline(compare(known, audits).kept(accept_new)) == old:
        return compare(known, audits)  # nothing to write: no lock, which a folder may not allow
    with locked(path):
        old, known = _known(path)
        changes = compare(known, audits)
        text = write_baseline(changes.kept(accept_new))
        if text != old:
            replace_text(path, text)
    return changes


def _known(path: Path) -> tuple[str | None, tuple[KnownFinding, ...]]:
    """The file's text and what it says; None and nothing where there is none."""
    text = text_of(path)
    return text, () if text is None else read_baseline(text, path.as_posix())


@baseline.command()
@click.argument("file", metavar="FILE")
@output_format(["terminal", "json"])
@LANG
def show(file: str, form_of_output: str, lang: str | None) -> None:
    """List what FILE has, report by report."""
    language = language_of(lang, os.environ)
    text = text_of(Path(file))
    if text is None:
        hint = "audit baseline update --accept-new FILE PATH... makes one"
        raise DefinitionError("no-file", "there is no such baseline", place=file, hint=hint)
    known = read_baseline(text, file)
    if form_of_output == "json":
        click.echo(write_baseline(known), nl=False)
        return
    click.echo(phrase("baseline-title", language, file=file, count=len(known)))
    for entry in known:
        for line in _entry(entry, language, values=True):
            click.echo(line)


def _listed(changes: Changes, language: str) -> list[str]:
    lines: list[str] = []
    for code, entries in (
        ("new", changes.new),
        ("changed", changes.changed),
        ("gone", changes.gone),
    ):
        if entries:
            lines.append(phrase(f"baseline-{code}", language, count=len(entries)))
            for entry in entries:
                lines += _entry(entry, language, values=code != "gone")
    lines.append(phrase("baseline-stays", language, count=len(changes.stays)))
    return lines


def _entry(entry: KnownFinding, language: str, values: bool) -> list[str]:
    """One known finding for a person: whose, which rule, what was said, with which values."""
    whose = f"{entry.agency or entry.source} {entry.year or ''}".strip()
    severity = phrase(f"severity-{entry.severity.value}", language)
    lines = [
        f"- {whose}  {entry.rule}  {entry.address or ''}".rstrip() + f"  [{severity}]",
        f"    {entry.message.get(language) or entry.message.get('en', '')}",
    ]
    if values and entry.values:
        listed = [f"{key} {value}" for key, value in entry.values.items() if value != "0"]
        if zeros := len(entry.values) - len(listed):
            code = "zeros-left-out" if listed else "all-zero"
            listed.append(phrase(code, language, count=zeros))
        said = phrase("list-comma", language).join(listed)
        lines.append("    " + phrase("baseline-values", language, values=said))
    return lines
