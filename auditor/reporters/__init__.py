"""What was audited or read in, text out; a renderer judges nothing and asks nothing back.

Each renderer is `function(items, style) -> Iterator[str]`, of bytes where the format is no text,
found by name and imported on first use.
It takes a stream, so that a format of lines can be written as each report is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import cast

from auditor.model.finding import Audit, Failure, Outcome, Verdict
from auditor.model.form import Form
from auditor.model.noun import noun
from auditor.model.report import Report
from auditor.visible import escaped, visible

RENDERERS = {
    "terminal": "auditor.reporters.terminal:render_terminal",
    "json": "auditor.reporters.json:render_json",
    "html": "auditor.reporters.html:render_html",
    "jsonl": "auditor.reporters.json:render_jsonl",
    "sarif": "auditor.reporters.sarif:render_sarif",
    "junit": "auditor.reporters.junit:render_junit",
    "github": "auditor.reporters.github:render_github",
    "gitlab": "auditor.reporters.gitlab:render_gitlab",
    "markdown": "auditor.reporters.markdown:render_markdown",
    "xlsx": "auditor.reporters.xlsx:render_xlsx",
    "csv": "auditor.reporters.csv:render_csv",
}
"""Every format of `audit check`."""
READINGS = ("terminal", "json", "jsonl")
"""Those of them that also show a report as it was read."""


@noun
class Held:
    """A settings file that took effect on a report, and what it kept from being told."""

    file: str
    silenced: int = 0
    """Rules that are not told by it."""
    lowered: int = 0
    """Rules that are errors, and by it are told as less."""


@noun
class Judged:
    """An audit with what it comes to at the chosen threshold."""

    audit: Audit
    verdict: Verdict
    held: Held | None = None
    """None where no settings file took effect."""


@noun
class Reading:
    """A report as it was read, and the form it was read by."""

    form: Form
    report: Report
    told: tuple[Outcome, ...] = ()
    """What the sentences' figures were matched with."""


Item = Judged | Reading | Failure


@noun
class Style:
    """What the reader of the output asked for."""

    language: str = "zh"
    entries: bool = False
    """Whether audits come with every box that was read."""
    colour: bool = False
    width: int = 80
    detail: int = 0
    """-1 tells findings only, 1 also lists the checks that do not apply."""


Renderer = Callable[[Iterable[Item], Style], Iterator[str]]
Drawing = Callable[[Iterable[Item], Style], Iterator[str] | Iterator[bytes]]
"""A renderer, of bytes where its format is no text."""


_JSON = frozenset({"json", "jsonl", "sarif", "gitlab"})
_OWN_BORDER = frozenset({"terminal", "xlsx", "parquet"})
"""What has escape sequences of its own, or is no text."""


def renderer(name: str) -> Renderer:
    """The renderer of that name; `KeyError` when there is none."""
    return cast(Renderer, drawing_of(name, RENDERERS[name]))


def drawing_of(name: str, target: str) -> Drawing:
    """What draws a format, by its `module:function`; nothing in its text steers who shows it."""
    module, _, function = target.partition(":")
    draw = cast(Drawing, getattr(import_module(module), function))
    if name in _OWN_BORDER:
        return draw
    shown = escaped if name in _JSON else visible

    def at_border(items: Iterable[Item], style: Style) -> Iterator[str]:
        for text in cast(Renderer, draw)(items, style):
            yield shown(text)

    return at_border
