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
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct

from auditor import __version__
from auditor.escaping import visible_throughout
from auditor.messages import Translator
from auditor.model.check import Rule, Severity
from auditor.model.finding import Audit, Status, Verdict
from auditor.model.form import Address
from auditor.model.report import Entry, Illegible, is_unread
from auditor.reporters import Item, Judged, Reading, Reporter
from auditor.reporters.spool import Spool
from auditor.reporters.tables import Block, Excerpt, blamed, blocks_of, excerpts, shown
from auditor.reporters.view import FindingView, View, quote_pieces, rules_of

_ALONE, _FOLDED = 2, 4
"""Level of the headings in a document's part."""
_SENTENCE = 600
"""Characters of a sentence that are shown around its marks."""
_CELLS = 12
"""So many cells of a finding are linked; its excerpt has them all."""
_LONGEST = 60
"""Characters of what an unread box may say."""
_ORDER = ("findings", "failure", *(each.value for each in [*Verdict][1:]), "reading")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


class _HtmlFragment(NamedTuple):
    """What a document brings to the page."""

    entry: IndexEntry
    body: str
    """Its part, as it stands among others."""
    alone: str
    """Of the first the whole page, should no other come."""
    heading: str
    rules: tuple[Rule, ...]


class HtmlReporter(Reporter):
    """The page, once all items are there; of each, only what the page says is kept."""

    def start(self) -> None:
        self._alone = ""
        self._entries: list[IndexEntry] = []
        self._bodies = Spool()
        self._rules: dict[str, Rule] = {}
        self._headings: set[str] = set()

    def fragment(self, item: Item, number: int) -> _HtmlFragment:
        view = View(item, self.language_of(item))
        part = ReportPart(view, number)
        body = "" if self.style.is_single else self._written(part, _FOLDED)
        alone = self._page_of(part) if number == 1 else ""
        rules = rules_of(view.outcomes) if isinstance(item, Judged) else ()
        return _HtmlFragment(IndexEntry(part), str(body), alone, view.heading, rules)

    def _page_of(self, part: ReportPart) -> str:
        heading = self.heading_of({part.view.heading} - {""})
        values = {"part": part, "body": self._written(part, _ALONE), "heading": heading}
        return "".join(self._generated("single.html", values, part.view.language))

    def add(self, fragment: _HtmlFragment) -> None:
        self._alone = fragment.alone  # of the second there is none
        self._bodies.add(fragment.body)
        self._entries.append(fragment.entry)
        self._headings |= {fragment.heading} - {""}
        self._rules.update((rule.id, rule) for rule in fragment.rules)

    def finish(self) -> None:
        if self._alone:
            self.write(self._alone)
            return
        entries = sorted(self._entries, key=lambda entry: entry.rank)
        verdicts = Counter(entry.verdict for entry in entries)
        broken = Counter(rule for entry in entries for rule in entry.broken)
        commonest = sorted(broken.items(), key=lambda pair: (-pair[1], pair[0]))
        values = {
            "entries": entries,
            "body_of": lambda entry: Markup(self._bodies[entry.number - 1]),
            "rules": [self._rules[each] for each in sorted(self._rules)],
            "columns": [(self._rules[rule], count) for rule, count in commonest],
            "verdicts": {each: verdicts[each] for each in _ORDER if verdicts[each]},
            "heading": self.heading_of(self._headings),
        }
        for text in self._generated("batch.html", values, self.language):
            self.write(text)

    def templates(self, language: str) -> Environment:
        """Those that the page is made from, which speak that language."""
        return environment(language)

    def _written(self, part: ReportPart, how: Any) -> Markup:
        template = self.templates(part.view.language).get_template("report.html")
        written: Markup = template.module.report(part, how)  # type: ignore[attr-defined]
        return written

    def _generated(self, template: str, values: Mapping[str, Any], language: str) -> Iterator[str]:
        page = self.templates(language).get_template(template)
        return page.generate(**values, version=__version__)


# One document.


class CellView(Struct, frozen=True):
    """What one box of a printed table shows."""

    name: str
    text: str
    anchor: str
    """The id it has on the page; empty where nothing leads to it."""
    marks: Mapping[int, bool]
    """By number the findings that point at it; false where it is one of several that may be at
    fault."""
    unread: str
    """`illegible` or `missing`; empty where it was read."""
    readings: str
    """What an illegible box may say."""
    unsure: bool
    """Whether it was found by a torn label, by position or by inference."""


class TableView(Struct, frozen=True):
    """One table of the form; `blocks` is empty where it was not found."""

    title: str
    blocks: tuple[Block, ...]
    unread: int
    first_unread: str
    """The id of the first box that was not read; empty where all were."""


class ReportPart:
    """One document's part of the page: its view, and what only a page has."""

    def __init__(self, view: View, number: int) -> None:
        self.view = view
        self.number = number
        self.prefix = f"r{number}-"
        """What the ids of this part begin with."""
        self.verdict = view.verdict_code
        is_judged = isinstance(view.item, Judged)
        self.findings = view.findings if is_judged else ()
        self.severities = {
            severity.value: view.open_findings(severity) if is_judged else 0
            for severity in Severity
        }
        """Findings by severity, but for those about which something was decided before."""
        counts = view.audit.dispositions if is_judged else {}
        self.dispositions = {kind: count for kind, count in counts.items() if count}
        """The other findings by what was decided, only those that occur."""
        self.cells: dict[Address, CellView] = {}
        self.tables = () if view.failure else tuple(self._tables())
        self.sentences = [*view.marked_sentences] if isinstance(view.item, Reading) else []

    def _tables(self) -> Iterator[TableView]:
        """Every table of the form, with the boxes that this report has."""
        view, entries = self.view, self.view.report.entries
        marks: dict[Address, dict[int, bool]] = {}
        for finding in self.findings:
            for address, alone in blamed(finding.finding).items():
                marks.setdefault(address, {})[finding.number] = alone
        for place, table in enumerate(view.form.tables):
            cells = {
                address: self._cell(
                    entries[address], f"{self.prefix}c{place}-{i}-{j}", marks.get(address, {})
                )
                for i, row in enumerate(table.rows)
                for j, address in enumerate(table.addresses(row))
                if address in entries
            }
            self.cells |= cells
            unread = [cell.anchor for cell in cells.values() if cell.unread]
            yield TableView(
                view.say.of(table.title) or table.key,
                tuple(blocks_of(table, view.report)),
                len(unread) if cells else len(table.boxes()),
                next(iter(unread), ""),
            )

    def _cell(self, entry: Entry, anchor: str, marks: Mapping[int, bool]) -> CellView:
        view, value = self.view, entry.value
        unread = value.state if is_unread(value) else ""
        readings = " / ".join(value.readings) if isinstance(value, Illegible) else ""
        return CellView(
            name=view.form.describe(entry.address),
            text=shown(view.report, entry.address),
            anchor=anchor if marks or unread else "",
            marks=marks,
            unread=unread,
            readings=readings if len(readings) <= _LONGEST else readings[:_LONGEST] + "\u2026",
            unsure=entry.match.is_unsure and not unread,
        )

    def marked(self, finding: FindingView) -> list[CellView]:
        """The cells at which a finding points."""
        return [cell for cell in self.cells.values() if finding.number in cell.marks]

    def links(self, finding: FindingView) -> list[CellView]:
        """Those of them that are linked."""
        return self.marked(finding)[:_CELLS]

    def title(self, finding: FindingView) -> str:
        """The one cell that it is about, else what its rule says."""
        cells = self.marked(finding)
        return cells[0].name if len(cells) == 1 else finding.statement

    def excerpts(self, finding: FindingView) -> Iterator[Excerpt]:
        """The parts of tables that it speaks of."""
        return excerpts(finding.finding, finding.audit.report, finding.audit.form)


# Many documents at a glance.


class IndexEntry:
    """One document in the index."""

    def __init__(self, part: ReportPart) -> None:
        view = part.view
        audit = view.audit if isinstance(view.item, Judged) else None
        self.number = part.number
        self.name = view.name
        self.who = "" if view.failure else f"{view.agency} {view.year}"
        self.why = view.failure.message if view.failure else ""
        """Why it could not be audited; else empty."""
        self.verdict = part.verdict
        self.severities = part.severities
        self.settled = sum(part.dispositions.values())
        """Findings about which something was decided before."""
        self.undetermined = audit.counts[Status.UNDETERMINED.value] if audit else None
        self.tallies = _tallies(audit) if audit else {}
        self.broken = [rule for rule, (sign, _) in self.tallies.items() if sign in _BROKEN]
        """The rules that it breaks, whatever was decided about that."""
        found = (-count for count in part.severities.values())
        self.rank = (_ORDER.index(self.verdict), *found, self.number)
        """The worst first; ties in the order given."""


_SIGNS = ("broken", "settled", "open", "passed")
_BROKEN = _SIGNS[:2]


def _tallies(audit: Audit) -> dict[str, tuple[str, int]]:
    """What the checks of each rule came to, the first of these that any did, and how many:
    `broken`, `settled` (broken, and something was decided about all their findings before), `open`
    (not decided, or failing and not told), `passed`; empty where none applies."""
    settled: dict[str, bool] = {}
    for finding in audit.findings:
        for check in (outcome.check.id for outcome in finding.outcomes):
            settled[check] = settled.get(check, True) and finding.disposition is not None
    tallies: dict[str, Counter[str]] = {}
    for outcome in audit.outcomes:
        tally = tallies.setdefault(outcome.check.rule.id, Counter())
        match outcome.status:
            case Status.FAIL if outcome.check.id in settled:
                tally["settled" if settled[outcome.check.id] else "broken"] += 1
            case Status.FAIL | Status.UNDETERMINED:
                tally["open"] += 1
            case Status.PASS:
                tally["passed"] += 1
            case Status.NOT_APPLICABLE:
                pass
    return {
        rule: next(((sign, tally[sign]) for sign in _SIGNS if tally[sign]), ("", 0))
        for rule, tally in tallies.items()
    }


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
def environment(language: str, *packages: str) -> Environment:
    """The templates, which speak that language; those of other packages come before ours."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "auditor.reporters")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )

    plain = Translator(language)
    made.filters["said"] = lambda value: in_tongues(value, language)
    made.filters["statement"] = lambda rule: plain.of(rule.statement)
    made.filters["words"] = plain.of
    made.filters["basis"] = plain.basis
    made.filters["pieces"] = quote_pieces
    made.globals |= {
        "say": lambda code, **values: in_tongues(plain(code, **values), language),
        "plain": plain,
        "tongue": "zh-CN" if language == "zh" else language,
        "sentence": _SENTENCE,
        "Status": Status,
    }
    for name, file in (("style", "page.css"), ("script", "page.js")):
        source, _, _ = made.loader.get_source(made, file) if made.loader else ("", "", None)
        made.globals[name] = Markup(source)
        made.globals[f"{name}_digest"] = digest(source)
    return made
