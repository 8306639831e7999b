"""All that the formats say of one report, in one language; a format only lays it out.

Whatever takes work is worked out when a format first asks for it, and once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from auditor.messages import phrase
from auditor.messages.lists import cells_by_row
from auditor.model.check import Rule, Severity
from auditor.model.finding import (
    ENGINE_DOUBT,
    UNFINISHED,
    Audit,
    Certainty,
    Failure,
    Finding,
    Outcome,
    ProseResult,
    Reason,
    Status,
    Suggestion,
    Verdict,
    silenced_errors,
)
from auditor.model.form import Form
from auditor.model.report import Blank, Number, Report, Source
from auditor.model.source import Notice, Origin
from auditor.reporters import Held, Item, Judged, Reading
from auditor.reporters.tables import unread_cells
from auditor.reporters.words import (
    at,
    bracketed,
    changes,
    choice,
    claims_of,
    coverage_line,
    decided,
    in_language,
    joined,
    limits,
    listed_cells,
    marked,
    notice_in_words,
    quoted,
    reason_in_words,
    settled,
    tagged,
    titled,
    why,
)

NOT_AUDITED = "not-audited"
"""Stands for a rule's id where a report, or a part of it, was not audited."""
SETTINGS = "settings"
"""Stands for a rule's id where settings are told."""
COVERAGE = "prose-coverage"
"""Stands for a rule's id where it is told how much of the text was matched."""
_ASSURING = frozenset({"second-reader-agrees"})
"""Notices that take a doubt away: told to those who want all."""
_OFFERS = 6
"""So many of several possible changes are listed; JSON has them all."""


class OfferView(Struct, frozen=True):
    """A suggestion in words."""

    grade: str
    changes: str
    why: str
    """The slips that explain it; empty when none is known."""
    settles: str
    suggestion: Suggestion

    def on_one_line(self, language: str) -> str:
        """The changes, and behind them what explains them."""
        return self.changes + bracketed(self.why, language)


class FindingView:
    """One finding in words."""

    def __init__(self, number: int, finding: Finding, audit: Audit, language: str) -> None:
        rule = finding.outcomes[0].check.rule
        self.number = number
        self.finding = finding
        self.rule: Rule = rule
        self.source: Source = audit.report.source
        self.severity: Severity = finding.severity
        self.origin: Origin | None = finding.origin
        self.message = in_language(finding.message, language)
        self.statement = in_language(rule.statement, language)
        self.tag = tagged(finding, language)
        self.decided = tuple(decided(finding, language))
        self.audit = audit
        self.language = language

    @property
    def is_settled(self) -> bool:
        """Whether something was decided about it before, so that nothing is asked for now."""
        return self.finding.disposition is not None

    @property
    def cell(self) -> str:
        """The cell at issue in the form's labels; empty where none stands out."""
        return self.audit.form.describe(self.finding.primary) if self.finding.primary else ""

    @property
    def place(self) -> str:
        """Where it stands; the file alone where that is not known."""
        name = self.source.name
        return at(name, self.origin, self.language) if self.origin else name

    @property
    def rule_line(self) -> str:
        """The rule and what it says."""
        return phrase("rule-is", self.language, rule=self.rule.id, statement=self.statement)

    @property
    def advice(self) -> str:
        """What the rule advises; empty where it does not."""
        return in_language(self.rule.advice or {}, self.language)

    @property
    def advice_line(self) -> str:
        """The advice, and that it is one."""
        return phrase("advice-is", self.language, advice=self.advice) if self.advice else ""

    @property
    def warning(self) -> str:
        """That the cells were not read exactly; empty where they were."""
        likely = self.finding.certainty is Certainty.LIKELY
        return phrase("certainty-likely", self.language) if likely else ""

    @property
    def quotes(self) -> str:
        """The sentences that it is about, their figures marked, a line each."""
        lines = (quoted(quote, self.language) for quote in self.finding.quotes)
        return "\n".join(dict.fromkeys(lines))

    @cached_property
    def offers(self) -> tuple[OfferView, ...]:
        """The suggestions that are listed."""
        form, language = self.audit.form, self.language
        return tuple(
            OfferView(
                phrase(f"grade-{each.grade.value}", language),
                changes(each, form, language),
                why(each, form, language),
                settled(each, self.finding, language),
                each,
            )
            for each in self.finding.suggestions[:_OFFERS]
        )

    @property
    def choice(self) -> str:
        """The words above several suggestions; empty above one."""
        return choice(self.finding, self.language)

    @property
    def more_offers(self) -> str:
        """How many suggestions are not listed; empty where all are."""
        left = len(self.finding.suggestions) - len(self.offers)
        return phrase("and-more", self.language, count=left) if left else ""

    @property
    def limits(self) -> str:
        """What the search for suggestions left open; empty when nothing."""
        return limits(self.finding, self.language)

    @property
    def suggestion(self) -> str:
        """All suggestions on one line, and what the search left open."""
        language, lines = self.language, []
        listed = [offer.on_one_line(language) for offer in self.offers]
        if len(listed) == 1:
            lines.append(titled(self.offers[0].grade, listed[0], language))
        elif listed:
            listed += [self.more_offers] if self.more_offers else []
            numbered = (f"({number}) {each}" for number, each in enumerate(listed, start=1))
            lines.append(self.choice + " " + " ".join(numbered))
        return joined("list-semicolon", (*lines, *filter(None, [self.limits])), language)

    @property
    def whole(self) -> str:
        """The message with all that helps, a line each."""
        lines = (
            *(self.message, *self.decided, self.quotes, self.rule_line, self.suggestion),
            *(self.advice_line, self.warning),
        )
        return "\n".join(filter(None, lines))


class NoticeView(Struct, frozen=True):
    """A notice in words, the cells it is about and where it stands; both may be empty."""

    said: str
    cells: str
    place: str


class Ground(Struct, frozen=True):
    """One reason, and the checks that it kept from a verdict."""

    reason: str
    count: int
    rules: tuple[tuple[Rule, int, str], ...]
    """Each rule with the number of its checks, and the lines that these are about, in words."""
    blanks: str
    """The blank cells, where they are the reason."""


class TableCoverage(Struct, frozen=True):
    """How much of a table was read, and how its rows were found."""

    title: str
    expected: int
    numbers: int
    blank: int
    illegible: int
    missing: int
    complete: bool
    ways: str

    @property
    def read(self) -> int:
        """Boxes that were read."""
        return self.numbers + self.blank


class View:
    """One report, as it was judged or only read, in words."""

    def __init__(self, item: Judged | Reading, language: str) -> None:
        self.item = item
        self.language = language
        self.form: Form = item.audit.form if isinstance(item, Judged) else item.form
        self.report: Report = item.audit.report if isinstance(item, Judged) else item.report
        self.outcomes = item.audit.outcomes if isinstance(item, Judged) else item.told
        self.name = self.report.source.name
        self._notices = item.audit.notices if isinstance(item, Judged) else self.report.doubts

    # Who reports.

    @property
    def agency(self) -> str:
        """Who reports."""
        return self.report.identity.agency or phrase("unknown-agency", self.language)

    @property
    def year(self) -> str:
        """For which year."""
        year = self.report.identity.year
        if not year:
            return phrase("unknown-year", self.language)
        return phrase("year", self.language, year=year)

    @property
    def headline(self) -> str:
        """Who reports, and for which year."""
        return f"{self.agency} {self.year}"

    @property
    def form_name(self) -> str:
        """The form by its name."""
        return in_language(self.form.name, self.language) or self.form.id

    # What it comes to.

    @property
    def judged(self) -> Judged:
        """The item as what was judged; `TypeError` of a report that was only read."""
        if not isinstance(self.item, Judged):
            raise TypeError("this format tells what was found, not what was read")
        return self.item

    @property
    def audit(self) -> Audit:
        """What was found; `TypeError` of a report that was only read."""
        return self.judged.audit

    @property
    def verdict_code(self) -> str:
        """The verdict; in place of `clean`, `settled` or `below` where there are findings; and
        `reading`."""
        if not isinstance(self.item, Judged):
            return "reading"
        if self.item.verdict is Verdict.CLEAN and self.audit.findings:
            return "settled" if any(self.audit.dispositions.values()) else "below"
        return self.item.verdict.value

    @property
    def verdict(self) -> str:
        """What the audit comes to."""
        count = len(self.audit.findings)
        return phrase(f"verdict-{self.verdict_code}", self.language, count=count)

    @cached_property
    def findings(self) -> tuple[FindingView, ...]:
        """The findings in the audit's order."""
        return tuple(
            FindingView(number, finding, self.audit, self.language)
            for number, finding in enumerate(self.audit.findings, start=1)
        )

    @property
    def untold(self) -> int:
        """How many failures no finding tells and no doubt of ours takes back."""
        explained = sum(len(finding.outcomes) for finding in self.audit.findings)
        doubted = sum(notice.code == ENGINE_DOUBT for notice in self._notices)
        return self.audit.counts[Status.FAIL.value] - explained - doubted

    @property
    def held(self) -> str:
        """The settings file that took effect, and how many errors settings silenced; else empty."""
        said = []
        if isinstance(self.item, Judged) and self.item.held is not None:
            said.append(settings_in_words(self.item.held, self.language))
        if silenced := silenced_errors(self.audit):
            said.append(phrase("held-errors", self.language, count=silenced))
        return joined("list-semicolon", said, self.language)

    # What was not read or not decided.

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What was not read of a report, table by table; empty when all of it was.

        Never empty for an audit whose verdict is that it was none.
        """
        said = [
            phrase(
                "gap-table",
                self.language,
                table=each.title,
                read=each.read,
                expected=each.expected,
                numbers=each.numbers,
                illegible=each.illegible,
                missing=each.missing,
            )
            for each in self.coverage
            if not each.complete or not each.numbers
        ]
        said += [each.said for each in self.unfinished]
        if not said and self.verdict_code == NOT_AUDITED:
            said.append(phrase("verdict-not-audited", self.language))
        return tuple(said)

    @property
    def unaudited(self) -> str:
        """The verdict that a report was not audited, with what was not read; empty when it was."""
        if self.verdict_code != NOT_AUDITED:
            return ""
        verdict = phrase("verdict-not-audited", self.language)
        gaps = [each for each in self.gaps if each != verdict]
        listed = joined("list-semicolon", gaps, self.language)
        return titled(verdict, listed, self.language) if listed else verdict

    @property
    def undecided(self) -> str:
        """How many checks could not be decided, by reason; empty when all could."""
        found = _by_reason(self.with_status(Status.UNDETERMINED))
        if not found:
            return ""
        reasons = (
            f"{reason_in_words(reason, self.language)} {len(own)}" for reason, own in found.items()
        )
        count = sum(map(len, found.values()))
        title = phrase("title-unchecked", self.language, count=count)
        return titled(title, joined("list-semicolon", reasons, self.language), self.language)

    def with_status(self, status: Status) -> list[Outcome]:
        """The outcomes that came to that."""
        return [outcome for outcome in self.outcomes if outcome.status is status]

    def grounds(self, status: Status) -> Iterator[Ground]:
        """The outcomes that came to that, by reason, in the order in which the reasons come up."""
        for reason, members in _by_reason(self.with_status(status)).items():
            rules: dict[str, list[Outcome]] = {}
            for outcome in members:
                rules.setdefault(outcome.check.rule.id, []).append(outcome)
            boxes = [
                operand.ref.address
                for outcome in members
                for operand in outcome.operands
                if isinstance(operand.value, Blank) and not operand.ref.lag
            ]
            own = dict.fromkeys(boxes if reason is Reason.BLANK else ())
            yield Ground(
                reason_in_words(reason, self.language),
                len(members),
                tuple(
                    (each[0].check.rule, len(each), self._lines(each)) for each in rules.values()
                ),
                listed_cells(self.form, self.report, own, self.language),
            )

    def _lines(self, outcomes: list[Outcome]) -> str:
        """The lines that a rule's checks are about, in the form's words; none for a lone check."""
        rule, language = outcomes[0].check.rule, self.language
        keys = [outcome.check.id.removeprefix(rule.id).strip("[]") for outcome in outcomes]
        if not any(keys):
            return ""
        values = [operand.value for outcome in outcomes for operand in outcome.operands]
        lone = all(len(outcome.operands) == 1 for outcome in outcomes)
        if len(outcomes) > 1 and lone and not any(isinstance(each, Number) for each in values):
            blank = all(isinstance(value, Blank) for value in values)
            return phrase("cell-by-cell-blank" if blank else "cell-by-cell", language)
        names = {
            each.key: each.label.get(language, each.key) for each in self.form.wordings.mentions
        }
        for table in (table for table in self.form.tables if table.key == rule.table):
            here = {box.row for box in self.report.entries if box.table == table.key}
            rows = [row for row in table.rows if row.key in here]
            for kind, lines in (("rows", rows), ("columns", table.columns)):
                labels = {line.key: line.label for line in lines}
                if len(keys) > 1 and set(keys) == set(labels):
                    kind = phrase(f"lines-{kind}", language)
                    return phrase("all-lines", language, count=len(keys), kind=kind)
                if set(keys) <= set(labels):
                    return joined("list-comma", (labels[key] for key in keys), language)
            boxes = {
                f"{row.key}/{key}": (row.label, table.column(key).label, len(row.columns))
                for row in table.rows
                for key in row.columns
            }
            if set(keys) <= set(boxes):
                return cells_by_row([boxes[key] for key in keys], len(table.rows), language)
            names |= {line.key: line.label for line in (*table.columns, *table.rows)}
        return joined("list-comma", (names.get(key, key) for key in keys), language)

    @cached_property
    def unread(self) -> str:
        """The cells that were not read."""
        return listed_cells(self.form, self.report, unread_cells(self.report), self.language)

    # Our doubts.

    def _of(self, notice: Notice) -> NoticeView:
        return NoticeView(
            notice_in_words(notice, self.form, self.language),
            listed_cells(self.form, self.report, notice.addresses, self.language),
            at(self.name, notice.origin, self.language) if notice.origin else "",
        )

    @property
    def unfinished(self) -> list[NoticeView]:
        """What keeps the audit from being clean; told before what was found."""
        return [self._of(each) for each in self._notices if each.code in self._first]

    def doubts(self, all_notices: bool = False) -> list[NoticeView]:
        """The other doubts; and, if so asked, the notices that take a doubt away."""
        left_out = self._first if all_notices else _ASSURING | self._first
        return [self._of(each) for each in self._notices if each.code not in left_out]

    @property
    def assurances(self) -> list[NoticeView]:
        """The notices that take a doubt away."""
        return [self._of(each) for each in self._notices if each.code in _ASSURING]

    @property
    def _first(self) -> frozenset[str]:
        return UNFINISHED if isinstance(self.item, Judged) else frozenset()

    # How much was read.

    @cached_property
    def coverage(self) -> tuple[TableCoverage, ...]:
        """How much of each table was read."""
        return tuple(
            TableCoverage(
                in_language(self.form.table(each.table).title, self.language) or each.table,
                *(each.expected, each.numbers, each.blank, each.illegible, each.missing),
                each.complete,
                joined(
                    "list-comma",
                    (
                        phrase(
                            "rows-counted",
                            self.language,
                            match=phrase(f"match-{way}", self.language),
                            count=count,
                        )
                        for way, count in each.matches.items()
                    ),
                    self.language,
                ),
            )
            for each in self.audit.coverage
        )

    @property
    def prose_coverage(self) -> str:
        """How many counts of the text were matched; empty for a text without any."""
        return coverage_line(self.report.prose, self.language)

    @cached_property
    def claims(self) -> list[tuple[Outcome, ProseResult, str]]:
        """The figures that sentences state, and in words what each was matched with."""
        return [
            (outcome, found, phrase(found.code, self.language, **found.in_language(self.language)))
            for outcome, found in claims_of(self.outcomes)
        ]

    @property
    def claim_lines(self) -> list[str]:
        """A line for each of them: what it is, what the table says, and the words that state it."""
        language = self.language
        quoted_words = (
            joined("list-comma", map(marked, found.quotes), language) for _, found, _ in self.claims
        )
        return [
            said + phrase("in-brackets", language, text=words)
            for (_, _, said), words in zip(self.claims, quoted_words, strict=True)
        ]


def _by_reason(outcomes: list[Outcome]) -> dict[Reason | None, list[Outcome]]:
    groups: dict[Reason | None, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.reason, []).append(outcome)
    return groups


def failure_in_words(failure: Failure, language: str) -> str:
    """Why a document could not be audited at all."""
    said = titled(phrase("title-failure", language), failure.message, language)
    return f"{said} [{failure.code}]"


def settings_in_words(held: Held, language: str) -> str:
    """The settings file, and how many rules it silenced."""
    counts = {"silenced": held.silenced, "lowered": held.lowered}
    return phrase("held-is", language, file=held.file, **counts)


class ToldOnce:
    """For formats of lines: each settings file is told beside the first report that it held for,
    and every report of which errors were silenced by its own."""

    def __init__(self) -> None:
        self._told: set[Held] = set()

    def told(self, view: View) -> tuple[str, str, bool]:
        """The file that it is about, the words (empty where there are none to say), and whether
        errors were silenced."""
        item = view.item
        if not isinstance(item, Judged):
            return "", "", False
        is_silenced = item.verdict is Verdict.SILENCED
        is_known = item.held is None or item.held in self._told
        if item.held is not None:
            self._told.add(item.held)
        if is_known and not is_silenced:
            return "", "", False
        place = view.name if is_silenced or item.held is None else item.held.file
        return place, view.held, is_silenced


def audited(item: Item, language: str) -> View | Failure:
    """The item of a check, in words; `TypeError` for a reading, which is no audit."""
    if isinstance(item, Reading):
        raise TypeError("this format tells what was found, not what was read")
    return item if isinstance(item, Failure) else View(item, language)
