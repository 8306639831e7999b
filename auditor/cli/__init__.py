"""The `audit` command: paths and options in, text and an exit code out; the only place that prints.

Exit codes: 0 nothing at the threshold, 1 findings, 2 wrong usage or definitions, 3 some report
could not be audited. Findings go to standard output, everything else to standard error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor import __version__
from auditor.cli.inputs import Found, documents, find, said_of
from auditor.cli.settings import (
    chosen_rules,
    in_colour,
    language_of,
    limits_of,
    prepare_streams,
    width_of_output,
)
from auditor.errors import DefinitionError, InputError
from auditor.findings.receipts import verdict_of
from auditor.library import Library, load_library
from auditor.model.check import Severity
from auditor.model.finding import Failure, Verdict
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, match_prose, read_report
from auditor.readers import Limits
from auditor.renderers import RENDERERS, Item, Judged, Reading, Style, renderer
from auditor.wording import phrase

_Command = TypeVar("_Command", bound=Callable[..., Any])
_THRESHOLDS = [severity.value for severity in Severity]


class _Group(click.Group):
    """A group whose commands turn a broken rule or form into a message and exit code 2.

    The commands of `audit rules` are imported when asked for: a run over documents needs none.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), "rules"})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "rules":
            from auditor.cli.rules import rules

            return rules
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        prepare_streams()
        try:
            return super().invoke(ctx)
        except DefinitionError as error:
            language = language_of(None, os.environ)
            where = f"{error.place}: " if error.place else ""
            click.echo(phrase("cli-error", language, text=where + error.message), err=True)
            if error.hint:
                click.echo(phrase("cli-hint", language, text=error.hint), err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="audit")
def main() -> None:
    """Audit government-information-disclosure annual reports before they are published."""


def _shared(command: _Command) -> _Command:
    """The options of `check` and `read` alike."""
    for decorate in reversed(
        [
            click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
            click.option(
                "--format",
                "form_of_output",
                type=click.Choice(list(RENDERERS)),
                default="terminal",
                show_default=True,
                help="Form of the output.",
            ),
            click.option(
                "--lang",
                type=click.Choice(["zh", "en"]),
                help="Language of the output; default from AUDIT_LANG or the locale.",
            ),
            click.option(
                "--rules",
                "folders",
                multiple=True,
                metavar="DIR",
                type=click.Path(path_type=Path),
                help="More forms and rules; repeatable.",
            ),
            click.option(
                "--limit",
                "limits",
                multiple=True,
                metavar="NAME=VALUE",
                help="Read documents beyond a limit, such as pages=500; repeatable.",
            ),
            click.option(
                "--verify", is_flag=True, help="Have a second reader confirm every cell (PDF)."
            ),
            click.option("--quiet", "-q", is_flag=True, help="Findings only."),
            click.option(
                "--verbose", "-v", is_flag=True, help="List also the checks that do not apply."
            ),
            click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same."),
        ]
    ):
        command = decorate(command)
    return command


@dataclass
class _Run:
    """One run over many documents; counts what each came to as it goes."""

    library: Library
    limits: Limits
    language: str
    terminal: bool
    quiet: bool
    failed: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    def say(self, text: str) -> None:
        """To standard error."""
        click.echo(text, err=True)

    def reports(self, found: list[Found]) -> list[Report]:
        """The reports of earlier years; one that cannot be read is a wrong argument."""
        reports = []
        for one in found:
            for each in documents(one, self.language, self.limits, self.say):
                why = each.message if isinstance(each, Failure) else ""
                if isinstance(each, Document):
                    try:
                        reports.append(read_report(each, self.library, limits=self.limits)[1])
                    except InputError as error:
                        why = _failure(each, error, self.language).message
                if why:
                    raise click.UsageError(
                        phrase("cli-previous", self.language, path=each.name, why=why)
                    )
        return reports

    def over(self, found: list[Found], judge: Callable[[Document], Item]) -> Iterator[Item]:
        """What each document comes to, one at a time; failures where they stand."""
        given = (self.language, self.limits, self.say)
        for each in (each for one in found for each in documents(one, *given)):
            item = self._one(each, judge)
            if isinstance(item, Judged):
                self.verdicts[item.verdict] += 1
            if isinstance(item, Failure):
                self.failed += 1
                if self.terminal:
                    title = phrase("title-failure", self.language)
                    self.say(f"{item.name}: {title}: {item.message} [{item.code}]")
                    continue
            yield item

    def _one(self, opened: Document | Failure, judge: Callable[[Document], Item]) -> Item:
        if isinstance(opened, Failure):
            return opened
        try:
            return judge(opened)
        except InputError as error:
            return _failure(opened, error, self.language)

    def summary(self) -> None:
        total = sum(self.verdicts.values()) + self.failed
        if self.terminal and not self.quiet and total > 1:
            counts = {verdict.value.replace("-", "_"): n for verdict, n in self.verdicts.items()}
            self.say(
                phrase("cli-summary", self.language, total=total, failed=self.failed, **counts)
            )

    @property
    def exit_code(self) -> int:
        """1 wins over 3: what was found stands, whatever else was not read."""
        if self.verdicts[Verdict.FINDINGS]:
            return 1
        return 3 if self.failed or self.verdicts[Verdict.NOT_AUDITED] else 0


def _failure(document: Document, error: InputError, language: str) -> Failure:
    said = said_of(error, language)
    return Failure(document.name, document.sha256, document.media_type, error.code, said)


@main.command()
@_shared
@click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    default="error",
    show_default=True,
    help="Least severity that makes the exit code 1.",
)
@click.option("--select", multiple=True, metavar="RULES", help="Tell only these rules; globs work.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not tell these rules.")
@click.option("--with-entries", is_flag=True, help="In JSON, also every box as it was read.")
@click.option(
    "--previous",
    multiple=True,
    metavar="PATH",
    help="Last year's report, or a folder of them: matched by agency and year; repeatable.",
)
@click.pass_context
def check(
    ctx: click.Context,
    /,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    with_entries: bool,
    previous: tuple[str, ...],
    **shared: Any,
) -> None:
    """Run the checks on files, folders or - (standard input)."""
    run, style, found = _begin(shared, with_entries)
    told = chosen_rules(run.library, select, ignore, run.language)
    threshold = Severity(fail_on)
    earlier = run.reports(find(previous, run.language, run.say))
    options: dict[str, Any] = {"told": told, "verify": shared["verify"], "limits": run.limits}

    def judge(document: Document) -> Item:
        result = audit(document, run.library, earlier=earlier, **options)
        return Judged(result, verdict_of(result, threshold))

    _write(run.over(found, judge), shared["form_of_output"], style)
    run.summary()
    ctx.exit(run.exit_code)


@main.command()
@_shared
@click.pass_context
def read(ctx: click.Context, /, **shared: Any) -> None:
    """Show what was read from files, folders or - (standard input), judging nothing."""
    run, style, found = _begin(shared, with_entries=True)

    def judge(document: Document) -> Item:
        form, report = read_report(document, run.library, shared["verify"], run.limits)
        return Reading(form, report, match_prose(form, report, run.library))

    _write(run.over(found, judge), shared["form_of_output"], style)
    ctx.exit(run.exit_code)


def _begin(shared: dict[str, Any], with_entries: bool) -> tuple[_Run, Style, list[Found]]:
    language = language_of(shared["lang"], os.environ)
    terminal = shared["form_of_output"] == "terminal"
    limits = limits_of(shared["limits"], language)
    library = load_library(*shared["folders"])
    for form in library.forms if shared["folders"] else ():
        library.checks(form.id)  # a slip in a rule of one's own is told whatever is audited
    run = _Run(library, limits, language, terminal, shared["quiet"])
    style = Style(
        language=language,
        entries=with_entries,
        colour=in_colour(shared["no_color"]),
        width=width_of_output(),
        detail=-1 if shared["quiet"] else int(shared["verbose"]),
    )
    return run, style, find(shared["paths"], language, run.say)


def _write(items: Iterator[Item], name: str, style: Style) -> None:
    for text in renderer(name)(items, style):
        click.echo(text, nl=False, color=style.colour or None)
