"""What was audited or read in, files out; a reporter judges nothing and asks nothing back.

Each is a class found by name and imported on first use. Of every report it makes a fragment, where
that was audited; joined in order, fragments are the output. A format of lines writes each as soon
as it is given it; what needs all of them writes at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, cast

from msgspec import Struct

from auditor.escaping import escaped, visible
from auditor.messages import Translator
from auditor.model.check import Rule
from auditor.model.finding import Audit, Failure, Outcome, Verdict
from auditor.model.form import Form
from auditor.model.report import Report

REPORTERS = {
    "terminal": "auditor.reporters.terminal:TerminalReporter",
    "json": "auditor.reporters.json:JsonReporter",
    "html": "auditor.reporters.html:HtmlReporter",
    "jsonl": "auditor.reporters.json:JsonLinesReporter",
    "sarif": "auditor.reporters.sarif:SarifReporter",
    "junit": "auditor.reporters.ci:JUnitReporter",
    "github": "auditor.reporters.ci:GitHubReporter",
    "gitlab": "auditor.reporters.ci:GitLabReporter",
    "markdown": "auditor.reporters.ci:MarkdownReporter",
    "xlsx": "auditor.reporters.xlsx:XlsxReporter",
    "csv": "auditor.reporters.csv:CsvReporter",
    "concise": "auditor.reporters.concise:ConciseReporter",
}
"""Every format of `audit check`."""
READINGS = ("terminal", "json", "jsonl")
"""Those of them that also show a report as it was read."""


class AppliedSettings(Struct, frozen=True):
    """A settings file that took effect on a report, and which rules it silenced or made milder."""

    file: str
    silenced: int = 0
    """Rules that are not reported by it."""
    lowered: int = 0
    """Rules that are errors, and by it are reported as less."""


class Judged(Struct, frozen=True):
    """An audit with what it comes to at the chosen threshold."""

    audit: Audit
    verdict: Verdict
    settings: AppliedSettings | None = None
    """None where no settings file took effect."""


class Reading(Struct, frozen=True):
    """A report as it was read, and the form it was read by."""

    form: Form
    report: Report
    outcomes: tuple[Outcome, ...] = ()
    """What the sentences' figures were matched with."""


Item = Judged | Reading | Failure


class Style(Struct, frozen=True):
    """What the reader of the output asked for."""

    language: str = "zh"
    is_asked_for: bool = True
    """Whether somebody asked for the language; else a report is told in its form's, if it has one
    language only."""
    entries: bool = False
    """Whether audits come with every box that was read."""
    colour: bool = False
    width: int = 80
    detail: int = 0
    """-1 tells findings only, 1 also lists the checks that do not apply."""
    is_batch: bool = False
    """Whether a line for each report is asked for, and not a page."""
    is_single: bool = False
    """Whether it is known that there is one report and no other."""
    docs: str = ""
    """The address of the site of documentation; empty where none is known."""
    links: bool = False
    """Whether the terminal takes links."""

    def address_of(self, rule: Rule) -> str:
        """Where the site explains a rule; empty without a site."""
        if not self.docs:
            return ""
        page = PurePosixPath(rule.place.file).stem
        return f"{self.docs.rstrip('/')}/rules/{page}.html#{rule.id}"


Write = Callable[[str | bytes], None]
"""Takes the next part of an output: text, or bytes where the format is no text."""


class Reporter:
    """One output while it is written: `start`, then for each item in order `add` with the fragment
    that was made of it, in this process or another, then `finish`."""

    def __init__(self, style: Style, write: Write) -> None:
        self.style = style
        self.language = style.language
        self.say = Translator(style.language)
        self.write = write
        self._reported = 0

    def language_of(self, item: Item) -> str:
        """The language in which an item is told."""
        if self.style.is_asked_for or isinstance(item, Failure):
            return self.language
        form = item.audit.form if isinstance(item, Judged) else item.form
        return form.language or self.language

    def heading_of(self, headings: Collection[str]) -> str:
        """What stands over several reports: what stands over each, where that is the same."""
        return next(iter(headings)) if len(headings) == 1 else self.say("title-report")

    def start(self) -> None:
        """Before the first report is done: what stands above all."""

    def fragment(self, item: Item, number: int) -> Any:
        """All that the output says of a report, or of the failure in its place, which is the
        `number`-th from 1. It goes by nothing else: whatever depends on other items is left open
        in it for `add` to decide. It can be sent to another process."""
        raise NotImplementedError

    def add(self, fragment: Any) -> None:
        """The fragment of the next item."""
        self.write(fragment)

    def report(self, item: Item) -> None:
        """The next item, where all is done in one process."""
        self._reported += 1
        self.add(self.fragment(item, self._reported))

    def finish(self) -> None:
        """After the last: all that could not be written before."""


MakeReporter = Callable[[Style, Write], Reporter]

_JSON = frozenset({"json", "jsonl", "sarif", "gitlab"})
_OWN_BORDER = frozenset({"terminal", "xlsx", "parquet"})
"""What has escape sequences of its own, or is no text."""


def load_reporter(target: str) -> MakeReporter:
    """The class of a format, by its `module:class`."""
    module, _, kind = target.partition(":")
    return cast(MakeReporter, getattr(import_module(module), kind))


def reporter_of(name: str, target: str) -> MakeReporter:
    """What makes the reporter of a format, by its `module:class`; nothing in the text that it
    writes steers who shows it."""
    make = load_reporter(target)
    if name in _OWN_BORDER:
        return make
    shown = escaped if name in _JSON else visible

    def at_border(style: Style, write: Write) -> Reporter:
        return make(style, lambda text: write(text if isinstance(text, bytes) else shown(text)))

    return at_border
