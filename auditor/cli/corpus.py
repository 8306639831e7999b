"""`audit corpus`: many reports as one table of what was read, found and told.

Exit codes are those of `check`: 1 where any report has findings at the threshold, 3 where any could
not be audited. Messages and progress go to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.config import limits_of
from auditor.cli.files import error_text
from auditor.cli.process import (
    Ended,
    Progress,
    Unusable,
    in_colour,
    language_of,
    say,
    summary_of,
    width_of_output,
)
from auditor.cli.session import library_of, select_rules
from auditor.definitions import load_library
from auditor.errors import InputError
from auditor.escaping import escaped, visible
from auditor.extras import install_command
from auditor.findings import verdict_of
from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.reporters import REPORTERS, Judged, Style, reporter_of

_EXTRAS = {
    **dict.fromkeys(("numpy", "polars", "pandera", "rensa", "fsspec", "upath"), "corpus"),
    **dict.fromkeys(("dask", "distributed"), "dask"),
}
"""What the extras of this name bring."""


@click.group()
def corpus() -> None:
    """Audit many reports into a folder of tables, across years; go on where a run was stopped."""


_STORE = click.option(
    "--store",
    "place",
    required=True,
    metavar="DIR",
    help="The folder of tables, or an address such as s3://bucket/prefix.",
)
_FORMAT = options.output_format(["terminal", "json"])


@contextmanager
def _told(language: str) -> Iterator[None]:
    """What a store cannot be used for as a message and exit code 2; what is not installed too."""
    try:
        yield
    except InputError as error:
        raise Unusable(f"{error.place}: {error_text(error, language)}") from error
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        command = install_command(extra)
        said = phrase("corpus-extra", language, name=error.name, command=command)
        raise Unusable(said) from error


@corpus.command()
@click.argument("paths", nargs=-1, required=True, metavar="SOURCE...", shell_complete=options.paths)
@_STORE
@_FORMAT
@options.CONFIGURATION
@options.EXCLUSION
@options.VERIFY
@options.FAIL_ON
@options.RULES_TOLD
@options.JOBS
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who reads and judges: processes of this machine, or a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Of the cluster, such as tcp://host:8786.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@options.NO_COLOR
@click.pass_context
def run(ctx: click.Context, /, paths: tuple[str, ...], place: str, **shared: Any) -> None:
    """Read and judge the reports that a store lacks, and tell what all come to.

    One configuration holds for all of them.
    """
    language = language_of(shared["lang"], os.environ)
    with _told(language):
        from auditor.cli.executors import DaskExecutor
        from auditor.cli.sources import Sources
        from auditor.corpus.plans import JudgeReports, ReadDocuments

        sources = Sources(paths, shared, language)
        settings, language = sources.settings, sources.settings.lang or language
        library = library_of(settings)
        selection = select_rules(library, settings, language)
        limits = limits_of(settings.limits)
        if settings.file is not None:
            lost = {"silenced": selection.silenced, "lowered": selection.lowered}
            say(phrase("settings-applied", language, file=settings.file, **lost))
        progress = Progress(sources.count, False, phrase("cli-stopping", language))
        reader = ReadDocuments(library, shared["verify"], limits)
        told = Severity(settings.fail_on), selection.rules, selection.severities
        judge = JudgeReports(library, *told)
        engine = shared["engine"], shared["scheduler"], shared["jobs"]
        with _executor(*engine, language, progress, (reader, judge)) as executor:
            # Workers are forked by now; these libraries run threads, which no fork survives.
            from auditor.corpus.run import Corpus
            from auditor.corpus.store import Store
            from auditor.corpus.views import StoreTables

            store = Store(place)
            with (
                store.locked(),
                progress.watching(),
                _bar(not shared["quiet"], language) as step,
            ):
                made = Corpus(store, reader, judge, executor, step)
                try:
                    if isinstance(executor, DaskExecutor):
                        read = sources.read_by(executor, reader, made.known)
                        made.take_in_read(read, sources.count)
                    made.take_in(sources.documents(limits), sources.count)
                    if progress.goes_on():
                        made.conclude()
                except (KeyboardInterrupt, Ended) as ended:
                    progress.stopped = True
                    progress.code = ended.code if isinstance(ended, Ended) else progress.code
        sources.say_excluded()
        if progress.stopped:
            say(phrase("corpus-stopped", language, read=made.read))
            ctx.exit(progress.code)
        tables = StoreTables(store)
        if not shared["quiet"]:
            say(phrase("corpus-done", language, read=made.read, judged=made.judged))
        found_all = tables.summary()
        _show(found_all, shared["form_of_output"], language, in_colour(shared["no_color"]))
        verdicts = found_all["verdicts"]
        if verdicts.get("findings"):
            ctx.exit(1)
        ctx.exit(3 if verdicts.get("failed") or verdicts.get("not-audited") else 0)


@contextmanager
def _executor(
    engine: str,
    scheduler: str | None,
    jobs: int | None,
    language: str,
    progress: Progress,
    plans: Sequence[Any],
) -> Iterator[Any]:
    """Who works on the documents by the plans. Raises `click.UsageError` for a scheduler without
    its engine."""
    from auditor.cli.executors import DaskExecutor, LocalExecutor

    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError(phrase("corpus-scheduler", language))
    executor: LocalExecutor | DaskExecutor
    if scheduler is None:
        count = jobs or os.cpu_count() or 1
        executor = LocalExecutor(count, language, progress.goes_on, plans)
    else:
        executor = DaskExecutor(scheduler, language, progress.goes_on)
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def _bar(shown: bool, language: str) -> Iterator[Callable[[str, int | None], None]]:
    """How far a phase is, how fast and how long it still takes, where a person looks at it."""
    if not shown or not sys.stderr.isatty():
        yield lambda phase, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bars,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Documents in a second."""

        def render(self, task: Task) -> Text:
            return Text(phrase("corpus-rate", language, count=f"{task.speed or 0:,.0f}"))

    columns = (
        TextColumn("{task.description}"),
        *(BarColumn(), MofNCompleteColumn(), Rate()),
        *(TextColumn(phrase("corpus-left", language)), TimeRemainingColumn()),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def step(phase: str, total: int | None) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phrase(f"corpus-phase-{phase}", language), total=total)
            if total is None:
                bars.advance(tasks[phase])

        yield step


@corpus.command()
@_STORE
@_FORMAT
@options.LANG_UNCONFIGURED
@options.NO_COLOR
def summary(place: str, form_of_output: str, lang: str | None, no_color: bool) -> None:
    """Tell what all reports of a store come to."""
    language = language_of(lang, os.environ)
    with _told(language):
        from auditor.corpus.store import Store
        from auditor.corpus.views import StoreTables

        found = StoreTables(Store(place)).summary()
    _show(found, form_of_output, language, in_colour(no_color))


@corpus.command()
@click.argument("report", metavar="REPORT")
@_STORE
@_FORMAT
@options.RULES
@options.LANG_UNCONFIGURED
@options.NO_COLOR
def show(report: str, place: str, form_of_output: str, lang: str | None, **shared: Any) -> None:
    """Tell all about one report of a store, by its name there, as audit check does."""
    language = language_of(lang, os.environ)
    with _told(language):
        from auditor.corpus.store import Store
        from auditor.corpus.stored import StoredReports
        from auditor.corpus.views import StoreTables

        store = Store(place)
        stored = StoredReports(store, StoreTables(store), load_library(*shared["folders"]))
        audit = stored.audit(report)
    if audit is None:
        raise click.UsageError(phrase("corpus-no-report", language, name=report))
    colour, docs = in_colour(shared["no_color"]), os.environ.get("AUDIT_DOCS", "")
    style = Style(language, colour=colour, width=width_of_output(), docs=docs)
    reporter = reporter_of(form_of_output, REPORTERS[form_of_output])(
        style, lambda text: click.echo(text, nl=False, color=style.colour or None)
    )
    reporter.start()
    reporter.report(Judged(audit, verdict_of(audit)))
    reporter.finish()


@corpus.command()
@_STORE
@click.option(
    "--xlsx", metavar="FILE", type=click.Path(path_type=Path), help="The workbook to write."
)
@click.option(
    "--html",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for index.html and a page for each report with findings.",
)
@options.RULES
@options.LANG_UNCONFIGURED
def export(
    place: str, xlsx: Path | None, html: Path | None, lang: str | None, folders: tuple[Path, ...]
) -> None:
    """Write what a store has to a workbook, or to pages with heat maps of rules."""
    language = language_of(lang, os.environ)
    if xlsx is None and html is None:
        raise click.UsageError(phrase("corpus-export", language))
    with _told(language):
        from auditor.corpus.heatmap import write_pages
        from auditor.corpus.store import Store
        from auditor.corpus.stored import StoredReports
        from auditor.corpus.views import StoreTables

        store = Store(place)
        tables = StoreTables(store)
        if xlsx is not None:
            tables.write_workbook(xlsx)
        if html is not None:
            library = load_library(*folders)
            docs = os.environ.get("AUDIT_DOCS", "")
            style = Style(language, colour=False, width=80, docs=docs)
            write_pages(html, tables, StoredReports(store, tables, library), library, style)


def _in_language(row: dict[str, Any], language: str) -> dict[str, Any]:
    """What stands in both languages only in this one, in the place of what it says in words."""
    words = [key.removesuffix("_zh") for key in row if key.endswith("_zh")]
    shown = {key: row[f"{key}_{language}"] if key in words else said for key, said in row.items()}
    for key in words:
        del shown[f"{key}_zh"], shown[f"{key}_en"]
    return shown


def _show(found: dict[str, Any], form_of_output: str, language: str, colour: bool) -> None:
    if form_of_output == "json":
        whole = {"schema_version": 1, **found}
        click.echo(escaped(json.dumps(whole, ensure_ascii=False, indent=1)))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(no_color=not colour, highlight=False, soft_wrap=True)
    said = [summary_of(found["verdicts"], language)]
    said.append(phrase("corpus-predecessors", language, **found["predecessors"]))
    click.echo("\n".join(said))
    for name in ("formats", "rules", "agencies", "groups", "copies", "versions", "screening"):
        if not (rows := [_in_language(row, language) for row in found[name]]):
            continue
        table = Table(title=phrase(f"corpus-{name}", language), title_justify="left")
        for column in rows[0]:
            is_count = isinstance(rows[0][column], int)
            title = phrase(f"corpus-column-{column.replace('_', '-')}", language)
            table.add_column(title, justify="right" if is_count else "left")
        for row in rows:
            table.add_row(*(visible("" if cell is None else str(cell)) for cell in row.values()))
        console.print(table, markup=False)
    for same in found["duplicates"]:
        names = phrase("list-comma", language).join(same["names"])
        alike = phrase("corpus-duplicates", language, count=same["figures"], names=names)
        click.echo(visible(alike))
    for failure in found["failures"]:
        click.echo(visible(f"{failure['name']}: {failure['message']} [{failure['code']}]"))
