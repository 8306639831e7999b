"""Audits and readings as one page for a browser, whole in one file: nothing is fetched for it.

One document has the page to itself. Of several, the page is an index of all, the worst first, with
each document's part folded away below it. The templates, the style sheet and the script stand in
`templates`.

The templates escape whatever they print; every text also goes through `visible` on its way.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct

from auditor import __version__
from auditor.messages import phrase
from auditor.model.check import Rule, Severity
from auditor.model.finding import Audit, Failure, Status
from auditor.model.form import Address
from auditor.model.report import Illegible, Match, Missing, Report
from auditor.reporters import Item, Judged, Reading, Reporter
from auditor.reporters.tables import Block, Excerpt, blamed, blocks_of, excerpts, shown
from auditor.reporters.view import FindingView, View
from auditor.reporters.words import in_language, marked_sentences, pieces
from auditor.visible import visible_throughout

_ALONE, _FOLDED = 2, 4
"""Level of the headings in a document's part."""
_SENTENCE = 600
"""Characters of a sentence that are shown around its marks."""
_CELLS = 12
"""So many cells of a finding are linked; its excerpt has them all."""
_LONGEST = 60
"""Characters of what an unread box may say."""
_UNSURE = {Match.FUZZY, Match.POSITION, Match.INFERRED}
_ORDER = ("findings", "failure", "not-audited", "silenced", "below", "settled", "clean", "reading")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


class HtmlReporter(Reporter):
    """The page, once all items are there; of each, only what the page says is kept."""

    def start(self) -> None:
        self._environment = _environment(self.language)
        template = self._environment.get_template("report.html")
        self._part = template.module.report  # type: ignore[attr-defined]
        self._first: Page | None = None
        self._lines: list[Line] = []
        self._rules: dict[str, Rule] = {}

    def report(self, item: Item) -> None:
        page = Page(item, len(self._lines) + 1, self.language)
        outcomes = item.audit.outcomes if isinstance(item, Judged) else ()
        self._rules.update({each.check.rule.id: each.check.rule for each in outcomes})
        if not self._lines:  # it is not known yet whether it has the page to itself
            self._first = page
            self._lines.append(_line(page, ""))
            return
        if self._first is not None:
            self._lines[0] = _line(self._first, self._part(self._first, _FOLDED))
            self._first = None
        self._lines.append(_line(page, self._part(page, _FOLDED)))

    def finish(self) -> None:
        if self._first is not None:
            body = self._part(self._first, _ALONE)
            values: dict[str, Any] = {"page": self._first, "body": body}
            self._write("single.html", values)
            return
        lines = sorted(self._lines, key=lambda line: line.rank)
        columns = _columns(lines, self._rules, self.language)
        verdicts = Counter(line.verdict for line in lines)
        values = {
            "lines": lines,
            "rules": [self._rules[each] for each in sorted(self._rules)],
            "columns": columns,
            "verdicts": {each: verdicts[each] for each in _ORDER if verdicts[each]},
        }
        self._write("batch.html", values)

    def _write(self, template: str, values: Mapping[str, Any]) -> None:
        page = self._environment.get_template(template)
        for text in page.generate(**values, version=__version__):
            self.write(text)


# One document.


class Mark(Struct, frozen=True):
    """A finding that points at a box."""

    number: int
    alone: bool
    """False where the box is one of several that may be at fault."""


class Cell(Struct, frozen=True):
    """What one box of a printed table shows."""

    address: Address
    name: str
    text: str
    anchor: str
    """The id it has on the page; empty where nothing leads to it."""
    marks: tuple[Mark, ...]
    unread: str
    """`illegible` or `missing`; empty where it was read."""
    readings: str
    """What an illegible box may say."""
    unsure: bool
    """Whether it was found by a torn label, by position or by inference."""

    @property
    def alone(self) -> bool:
        """Whether some finding says that this very box is at fault."""
        return any(mark.alone for mark in self.marks)

    def mark_of(self, finding: FindingView) -> Mark | None:
        """The mark of that finding, where it points at the box."""
        return next((mark for mark in self.marks if mark.number == finding.number), None)


class Sheet(Struct, frozen=True):
    """One table of the form; `blocks` is empty where it was not found."""

    title: str
    blocks: tuple[Block, ...]
    unread: int
    first_unread: str
    """The id of the first box that was not read; empty where all were."""


class Page:
    """One document's part of the page: its view, and what only a page has."""

    def __init__(self, item: Item, number: int, language: str) -> None:
        self.number = number
        self.prefix = f"r{number}-"
        """What the ids of this part begin with."""
        self.failure = item if isinstance(item, Failure) else None
        self.audit = item.audit if isinstance(item, Judged) else None
        self.view = None if isinstance(item, Failure) else View(item, language)
        self.name = item.name if isinstance(item, Failure) else View(item, language).name
        self.findings = self.view.findings if self.view and self.audit else ()
        self.cells: dict[Address, Cell] = {}
        self.tables = tuple(self._tables(self.view)) if self.view else ()
        self.sentences: list[str] = []
        if isinstance(item, Reading):
            self.sentences += marked_sentences(item.report.prose, item.form, language)

    @property
    def verdict(self) -> str:
        """`failure`, or as `View.verdict_code` says."""
        return self.view.verdict_code if self.view else "failure"

    @property
    def severities(self) -> dict[str, int]:
        """Findings by severity, but for those about which something was decided before."""
        open_ = Counter(each.severity for each in self.findings if not each.is_settled)
        return {severity.value: open_[severity] for severity in Severity}

    @property
    def dispositions(self) -> dict[str, int]:
        """The other findings by what was decided, only those that occur."""
        found = self.audit.dispositions if self.audit else {}
        return {kind: count for kind, count in found.items() if count}

    def _tables(self, view: View) -> Iterator[Sheet]:
        """Every table of the form, with the boxes that this report has."""
        marks: dict[Address, list[Mark]] = {}
        for finding in self.findings:
            for address, alone in blamed(finding.finding).items():
                marks.setdefault(address, []).append(Mark(finding.number, alone))
        for place, table in enumerate(view.form.tables):
            made = {}
            for i, row in enumerate(table.rows):
                for j, address in enumerate(table.addresses(row)):
                    if address in view.report.entries:
                        anchor = f"{self.prefix}c{place}-{i}-{j}"
                        name = view.form.describe(address)
                        own = tuple(marks.get(address, ()))
                        made[address] = _cell(view.report, address, name, anchor, own)
            self.cells |= made
            unread = [cell.anchor for cell in made.values() if cell.unread]
            yield Sheet(
                in_language(table.title, view.language) or table.key,
                tuple(blocks_of(table, view.report)),
                len(unread) if made else len(table.boxes()),
                next(iter(unread), ""),
            )

    def marked(self, finding: FindingView) -> list[Cell]:
        """The cells at which a finding points."""
        return [cell for cell in self.cells.values() if cell.mark_of(finding)]

    def links(self, finding: FindingView) -> list[Cell]:
        """Those of them that are linked."""
        return self.marked(finding)[:_CELLS]

    def title(self, finding: FindingView) -> str:
        """The one cell that it is about, else what its rule says."""
        cells = self.marked(finding)
        return cells[0].name if len(cells) == 1 else finding.statement

    def excerpts(self, finding: FindingView) -> Iterator[Excerpt]:
        """The parts of tables that it speaks of."""
        return excerpts(finding.finding, finding.audit.report, finding.audit.form)


def _cell(
    report: Report, address: Address, name: str, anchor: str, marks: tuple[Mark, ...]
) -> Cell:
    entry = report.entries[address]
    unread = readings = ""
    if isinstance(entry.value, Illegible):
        unread, readings = "illegible", " / ".join(entry.value.readings)
    elif isinstance(entry.value, Missing):
        unread = "missing"
    return Cell(
        address=address,
        name=name,
        text=shown(report, address),
        anchor=anchor if marks or unread else "",
        marks=marks,
        unread=unread,
        readings=readings if len(readings) <= _LONGEST else readings[:_LONGEST] + "\u2026",
        unsure=entry.match in _UNSURE and not unread,
    )


# Many documents at a glance.


class RuleTally(Struct, frozen=True):
    """What one rule came to in one document."""

    broken: int = 0
    """Checks that fail and are told as findings."""
    settled: int = 0
    """Of those, the ones about whose findings something was decided before; not in `broken`."""
    open: int = 0
    """Checks that could not be decided, and failures that are not told."""
    passed: int = 0


class Line(Struct, frozen=True):
    """One document in the index."""

    number: int
    name: str
    agency: str
    year: str
    why: str
    """Why it could not be audited; else empty."""
    verdict: str
    severities: Mapping[str, int]
    settled: int
    """Findings about which something was decided before."""
    undetermined: int | None
    """None where it was not audited."""
    body: str
    """Its part of the page."""
    tallies: Mapping[str, RuleTally]
    """By rule; none where the document was not audited."""

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that it breaks, whatever was decided about that."""
        return tuple(rule for rule, tally in self.tallies.items() if tally.broken or tally.settled)

    @property
    def rank(self) -> tuple[int, ...]:
        """The worst first; ties in the order given."""
        found = tuple(-self.severities.get(each.value, 0) for each in Severity)
        return (_ORDER.index(self.verdict), *found, self.number)


class Column(Struct, frozen=True):
    """One rule in the matrix."""

    id: str
    statement: str
    severity: str
    reports: int
    """In how many documents it is broken."""


def _line(page: Page, body: str) -> Line:
    audit = page.audit
    return Line(
        number=page.number,
        name=page.name,
        agency=page.view.agency if page.view else "",
        year=page.view.year if page.view else "",
        why=page.failure.message if page.failure else "",
        verdict=page.verdict,
        severities=page.severities,
        settled=sum(page.dispositions.values()),
        undetermined=audit.counts[Status.UNDETERMINED.value] if audit else None,
        body=body,
        tallies=_tallies(audit) if audit else {},
    )


def _tallies(audit: Audit) -> dict[str, RuleTally]:
    """What each rule came to."""
    told: dict[str, str] = {}
    for finding in audit.findings:
        for outcome in finding.outcomes:
            if finding.disposition is None:
                told[outcome.check.id] = "broken"
            else:
                told.setdefault(outcome.check.id, "settled")
    counts: dict[str, Counter[str]] = {}
    for outcome in audit.outcomes:
        count = counts.setdefault(outcome.check.rule.id, Counter())
        match outcome.status:
            case Status.FAIL:
                count[told.get(outcome.check.id, "open")] += 1
            case Status.UNDETERMINED:
                count["open"] += 1
            case Status.PASS:
                count["passed"] += 1
            case Status.NOT_APPLICABLE:
                pass
    return {rule: RuleTally(**count) for rule, count in counts.items()}


def _columns(lines: Sequence[Line], rules: Mapping[str, Rule], language: str) -> list[Column]:
    """The rules that some document breaks, the commonest first."""
    broken = Counter(rule for line in lines for rule in line.broken)
    return [
        Column(
            rule, in_language(rules[rule].statement, language), rules[rule].severity.value, count
        )
        for rule, count in sorted(broken.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


# Text of documents as a page may hold it: nothing in it is markup, nothing in it is invisible.


def _visible(value: object) -> object:
    """Text with its invisible characters named, as in `[U+202E]`; anything else as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible_throughout(value)


def in_tongues(value: str, language: str) -> Markup:
    """Text with the Chinese in it declared as such, where the page is in another language."""
    said = escape(_visible(value))
    if language == "zh":
        return said
    return Markup(_HAN.sub(lambda found: f'<span lang="zh">{found[0]}</span>', said))


def digest(text: str) -> str:
    """How a Content-Security-Policy names a script or a style sheet by what it says."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment(language: str) -> Environment:
    """The templates, which speak that language."""
    made = Environment(
        loader=PackageLoader("auditor.reporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )

    def say(code: str, **values: object) -> Markup:
        return in_tongues(phrase(code, language, **values), language)

    made.filters["said"] = lambda value: in_tongues(value, language)
    made.filters["statement"] = lambda rule: in_language(rule.statement, language)
    made.filters["words"] = lambda words: in_language(words, language)
    made.filters["pieces"] = pieces
    made.globals |= {
        "say": say,
        "plain": lambda code, **values: phrase(code, language, **values),
        "tongue": "zh-CN" if language == "zh" else language,
        "sentence": _SENTENCE,
        "Status": Status,
    }
    for name, file in (("style", "page.css"), ("script", "page.js")):
        source, _, _ = made.loader.get_source(made, file) if made.loader else ("", "", None)
        made.globals[name] = Markup(source)
        made.globals[f"{name}_digest"] = digest(source)
    return made
