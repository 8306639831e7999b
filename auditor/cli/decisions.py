"""`audit baseline` and `audit waivers`: what was decided about findings, in reviewed files.

Whoever changes such a file holds its lock from reading it again to replacing it, so that of several
at once none writes over what another has just put there; and it is replaced whole or not at all.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from auditor.cli.config import Settings, SourceKind
from auditor.cli.options import CONFIGURATION, DAY, LANG, SELECTION, TODAY, VERIFY, output_format
from auditor.cli.process import language_of, say
from auditor.cli.session import Auditor, Session
from auditor.decisions import (
    covers_many,
    has_expired,
    names_of,
    values_of,
)
from auditor.decisions.files import (
    Changes,
    compare,
    read_baseline,
    read_waivers,
    with_item,
    write_baseline,
)
from auditor.errors import DefinitionError
from auditor.findings import well_read
from auditor.messages import phrase
from auditor.model.check import Place, Severity
from auditor.model.finding import Accepted, Audit, Decisions, DispositionKind, Finding, KnownFinding
from auditor.regular import read_text, replace_regular
from auditor.reporters import Judged

MOST_BYTES = 50_000_000
"""Of one file: some ten thousand known findings are twenty."""
_PATIENCE = 60.0
"""Seconds; a file is locked for as long as it takes to read and to write it."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else who asks for it has the file locked meanwhile. Raises `DefinitionError`.

    The lock is a file beside it, `.NAME.lock`, which stays: taking it away would let two in.
    """
    from filelock import FileLock, Timeout  # a check writes no file

    path = path.resolve()
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE))
        except Timeout:
            said = f"another audit has held it for {_PATIENCE:.0f} seconds"
            raise DefinitionError("locked", said, place=path.name) from None
        except OSError as error:
            raise DefinitionError("unwritable", str(error.strerror), place=path.name) from None
        yield


def replace_text(path: Path, text: str) -> None:
    """Puts the text in the file's place. Raises `DefinitionError`."""
    try:
        replace_regular(path, text.encode())
    except OSError as error:
        raise DefinitionError("unwritable", str(error.strerror), place=path.name) from None


def _text_if_there(path: Path) -> str | None:
    """A file's text; None where there is no such file. Raises `DefinitionError`."""
    try:
        return read_text(path, MOST_BYTES, path.as_posix())
    except DefinitionError as error:
        if error.code == "no-file":
            return None
        raise


class DecisionFiles:
    """The files of decisions of a run, each read once."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._files: dict[Settings, Decisions] = {}
        self._met: set[Place] = set()
        self._served: set[Place] = set()

    def load(self, settings: Settings) -> Decisions:
        """The baseline and the waivers that the settings name. Raises `DefinitionError`, also for a
        file that is not there."""
        if settings not in self._files:
            known: tuple[KnownFinding, ...] = ()
            accepted: tuple[Accepted, ...] = ()
            if (file := settings.baseline) is not None:
                known = read_baseline(self._text(settings, "baseline", file), file)
            if (file := settings.waivers) is not None:
                accepted = read_waivers(self._text(settings, "waivers", file), file)
            compared = settings.baseline is not None
            self._files[settings] = Decisions(known, accepted, compared)
        return self._files[settings]

    def _text(self, settings: Settings, key: str, file: str) -> str:
        text = _text_if_there(Path(file))
        if text is None:
            source = settings.source(key)
            named = f"{source.place}: " if source.kind is not SourceKind.COMMAND_LINE else ""
            raise DefinitionError("no-file", f"{named}there is no such file", place=file)
        return text

    def count(self, met: Collection[Place], served: Collection[Place]) -> None:
        """One more report: where the decisions stand that are for it, and those that served."""
        self._met.update(met)
        self._served.update(served)

    def left_over(self, language: str) -> Iterator[str]:
        """What no report could tell: waivers for many files that none needed, and expired ones."""
        items = {
            item.place: item for decisions in self._files.values() for item in decisions.accepted
        }
        for place, item in items.items():
            code = ""
            if has_expired(item, self._today):
                code = "expired" if place not in self._met else ""
            elif covers_many(item) and place in self._met - self._served:
                code = "unused"
            if code:
                said = {"rule": item.rule, "cell": item.address, "day": item.expires}
                yield phrase(f"cli-{item.kind.value}-{code}", language, place=place, **said)


@click.group()
def baseline() -> None:
    """Show and update a baseline: the findings that are known and do not reach the threshold."""


_QUIET = {"form_of_output": "terminal", "quiet": True, "verbose": False, "no_color": True}


@baseline.command()
@click.argument("file", metavar="FILE")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--accept-new", is_flag=True, help="Take new findings into the baseline.")
@CONFIGURATION
@SELECTION
@VERIFY
@click.pass_context
def update(ctx: click.Context, /, file: str, accept_new: bool, **shared: Any) -> None:
    """Lay FILE beside the findings of the reports; take out what is gone.

    New findings are listed and left out, and the exit code is 1, unless --accept-new is given. What
    FILE knows of other reports, and of reports that could not be audited, stays.
    """
    session = Session({**shared, **_QUIET})
    language = session.language
    path = Path(file)
    _known(path)  # what is wrong with it is said before an hour of reading
    items = session.over(Auditor(session, shared["verify"], decided=False))
    audits = [item.audit for item in items if isinstance(item, Judged)]
    changes = _updated(path, audits, accept_new)
    for line in _listed(changes, language):
        click.echo(line)
    unread = session.failed + sum(not well_read(audit.coverage) for audit in audits)
    if unread:
        say(phrase("baseline-unread", language, count=unread))
    refused = bool(changes.new) and not accept_new
    if changes.new:
        code = "baseline-refused" if refused else "baseline-accepted"
        say(phrase(code, language, file=file))
    ctx.exit(1 if refused else 3 if unread else 0)


def _updated(path: Path, audits: Sequence[Audit], accept_new: bool) -> Changes:
    """What the audits change in the file as it is now; written where anything has to be."""
    old, known = _known(path)
    if old is None and not accept_new:
        return compare(known, audits)
    if write_baseline(compare(known, audits).updated(accept_new)) == old:
        return compare(known, audits)  # nothing to write: no lock, which a folder may not allow
    with locked(path):
        old, known = _known(path)
        changes = compare(known, audits)
        text = write_baseline(changes.updated(accept_new))
        if text != old:
            replace_text(path, text)
    return changes


def _known(path: Path) -> tuple[str | None, tuple[KnownFinding, ...]]:
    """The file's text and what it says; None and nothing where there is none."""
    text = _text_if_there(path)
    return text, () if text is None else read_baseline(text, path.as_posix())


@baseline.command()
@click.argument("file", metavar="FILE")
@output_format(["terminal", "json"])
@LANG
def show(file: str, form_of_output: str, lang: str | None) -> None:
    """List what FILE has, report by report."""
    language = language_of(lang, os.environ)
    text, known = _known(Path(file))
    if text is None:
        hint = "audit baseline update --accept-new FILE PATH... makes one"
        raise DefinitionError("no-file", "there is no such baseline", place=file, hint=hint)
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


@click.group()
def waivers() -> None:
    """Accept single findings: waive them until a day, or answer a warning."""


_FILE = click.option("--waivers", "file", metavar="FILE", help="Default: the configured file.")
_BY = click.option("--by", required=True, metavar="NAME", help="Who accepts it.")


@waivers.command()
@click.argument("report")
@click.argument("rule")
@click.argument("address")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may stand.")
@_BY
@click.option("--expires", required=True, type=DAY, help="Last day on which the waiver holds.")
@_FILE
@CONFIGURATION
@click.pass_context
def new(ctx: click.Context, /, reason: str, by: str, expires: datetime, **given: Any) -> None:
    """Write a waiver for REPORT's finding of RULE at ADDRESS, with its present values."""
    after = {"reason": reason, "by": by, "expires": expires.date()}
    _write(given, DispositionKind.WAIVED, after)


@waivers.command()
@click.argument("report")
@click.argument("rule")
@click.argument("address")
@click.option("--answer", required=True, metavar="TEXT", help="The explanation.")
@_BY
@click.option("--date", "given_on", type=DAY, help="Day of the answer; default today.")
@_FILE
@TODAY
@CONFIGURATION
@click.pass_context
def answer(
    ctx: click.Context,
    /,
    answer: str,
    by: str,
    given_on: datetime | None,
    today: datetime | None,
    **given: Any,
) -> None:
    """Write an answer to REPORT's warning of RULE at ADDRESS, with its present values."""
    on = given_on or today
    after = {"answer": answer, "by": by, "date": on.date() if on else date.today()}
    _write(given, DispositionKind.ANSWERED, after)


def _write(given: dict[str, Any], kind: DispositionKind, after: Mapping[str, Any]) -> None:
    """One more item at the end of the file of waivers, about a finding of the report."""
    file_given = {"paths": (given["report"],), "waivers": given["file"]}
    session = Session({**given, **_QUIET, **file_given})
    language = session.language
    file = session.configured.settings(session.found[0]).waivers
    if file is None:
        raise click.UsageError(phrase("waiver-no-file", language))
    audit = session.only(Auditor(session, decided=False), given["report"])
    finding = _finding(audit, given["rule"], given["address"], language)
    if kind is DispositionKind.ANSWERED and finding.severity is Severity.ERROR:
        raise click.UsageError(phrase("waiver-error-answered", language))
    address = next(iter(names_of(finding)), "*")
    item = {
        "rule": finding.rule_id,
        "address": address,
        "report": _named(audit),
        **after,
        "values": dict(values_of(finding, audit.report)),
    }
    path = Path(file)
    with locked(path):
        replace_text(path, with_item(_text_if_there(path) or "", path.as_posix(), kind, item))
    say(phrase("waiver-written", language, file=file, rule=finding.rule_id, cell=address))


def _finding(audit: Audit, rule: str, address: str, language: str) -> Finding:
    """The one finding of the rule at the address, which may be a pattern."""
    listed = phrase("list-comma", language)
    found = [
        finding
        for finding in audit.findings
        if finding.rule_id == rule and any(fnmatchcase(name, address) for name in names_of(finding))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = listed.join(name for each in found for name in names_of(each)[:1])
        said = {"rule": rule, "cell": address, "count": len(found), "list": several}
        raise click.UsageError(phrase("waiver-several", language, **said))
    there = listed.join(
        f"{each.rule_id} {next(iter(names_of(each)), '*')}" for each in audit.findings
    )
    none = phrase("waiver-none", language, rule=rule, cell=address)
    if there:
        more = phrase("waiver-there-are", language, list=there)
        none += phrase("list-semicolon", language) + more
    raise click.UsageError(none)


def _named(audit: Audit) -> str | dict[str, Any]:
    """The report as the file names it: by agency and year where it says them, else by its name."""
    identity = audit.report.identity
    if identity.agency is not None and identity.year is not None:
        return {"agency": identity.agency, "year": identity.year}
    return glob.escape(audit.report.source.name.rpartition("/")[2])
