"""All that the formats say of one report, in one language; a format only lays it out.

Whatever takes work is worked out when a format first asks for it, and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from auditor.messages import FormTranslator, Translator, place
from auditor.model.check import Rule, Severity
from auditor.model.finding import (
    AMONG_OTHERS,
    ENGINE_DOUBT,
    UNFINISHED,
    Audit,
    Certainty,
    Coverage,
    Disposition,
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
from auditor.model.form import Address
from auditor.model.prose import Counted, Quote
from auditor.model.report import Blank, Number, Report, Source, is_unread
from auditor.model.source import Notice, Origin
from auditor.reporters import AppliedSettings, Item, Judged, Reading, Reporter

FAILURE = "failure"
NOT_AUDITED = "not-audited"
NOT_READ = "not-read"
UNDETERMINED = "undetermined"
SETTINGS = "settings"
COVERAGE = "prose-coverage"
BESIDE_OTHERS = "beside-others"
"""Kinds of remarks; some formats give them where a rule's id stands."""
_ASSURING = frozenset({"second-reader-agrees"})
"""Notices that take a doubt away: shown to those who want all."""
_OFFERS = 6
"""So many of several possible changes are listed; JSON has them all."""
_LINED = ("text/plain", "text/html")
"""Media types whose lines are lines of the file itself."""
_QUOTED = 160
"""Characters of a sentence that are shown; more only where the marks lie further apart."""
_CUT = "\u2026"
_STATES = {"matched": "\u2713", "within": "=", "apart": "\u2013", "unread": "?"}
"""Behind a figure of the text: what became of it."""


# One finding.


class OfferView(Struct, frozen=True):
    """A suggestion in words."""

    grade: str
    changes: str
    why: str
    """The slips that explain it; empty when none is known."""
    settles: str
    """All that the finding tells of, or else the checks by name."""
    on_one_line: str
    """The changes, and behind them what explains them."""
    suggestion: Suggestion


class FindingView:
    """One finding in words."""

    def __init__(self, number: int, finding: Finding, audit: Audit, say: FormTranslator) -> None:
        rule = finding.outcomes[0].check.rule
        settled = finding.disposition
        self.number = number
        self.finding = finding
        self.audit = audit
        self.say = say
        self.rule: Rule = rule
        self.source: Source = audit.report.source
        self.severity: Severity = finding.severity
        self.origin: Origin | None = finding.origin
        origin = finding.origin
        self.is_settled = settled is not None
        """Whether something was decided about it before, so that nothing is asked for now."""
        self.message = say.of(finding.message)
        self.statement = say.of(rule.statement)
        self.advice = say.of(rule.advice or {})
        self.rule_line = say("rule-is", rule=rule.id, statement=self.statement)
        self.advice_line = say("advice-is", advice=self.advice) if self.advice else ""
        self.tag = say(f"severity-{finding.severity.value}")
        """The severity, and beside it what was decided, each in a word."""
        if settled is not None:
            self.tag += " · " + say(f"disposition-{settled.kind.value}")
        self.settled = disposed(settled, say) if settled else ""
        """What was decided, with reason, name and day."""
        declared = finding.declared and say(f"severity-{finding.declared.value}")
        self.decided = [self.settled] if settled else []
        """The same, and a severity that was changed, a line each."""
        if declared:
            self.decided.append(say("declared-is", severity=declared))
        self.cell = audit.form.describe(finding.primary) if finding.primary else ""
        """The cell at issue in the form's labels; empty where none stands out."""
        self.place = say.at(self.source.name, origin) if origin else self.source.name
        """Where it stands; the file alone where that is not known."""
        self.selector = place(origin.selector, say.language) if origin and origin.selector else ""
        """Where a format without lines says that it stands, in words."""
        page = origin.page if origin else None
        self.page = say("on-page", page=page) if page is not None else ""
        """The page it stands on; empty where there are none."""
        likely = finding.certainty is Certainty.LIKELY
        self.warning = say("certainty-likely") if likely else ""
        """That the cells were not read exactly; empty where they were."""
        self.quotes = list(dict.fromkeys(quoted(each, say) for each in finding.quotes))
        """The sentences that it is about, their figures marked."""
        count, failures = len(finding.suggestions), len(finding.outcomes)
        code = "one-of" if failures == 1 else "one-of-sets"
        self.choice = say(code, count=count, failures=failures) if count > 1 else ""
        """The line above several suggestions: that only one of them is meant; else empty."""
        self.more_offers = say("and-more", count=count - _OFFERS) if count > _OFFERS else ""
        """How many suggestions are not listed; empty where all are."""

    @cached_property
    def all_offers(self) -> tuple[OfferView, ...]:
        """The suggestions."""
        return tuple(map(self._offer, self.finding.suggestions))

    def _offer(self, suggestion: Suggestion) -> OfferView:
        say = self.say
        grade, count = say(f"grade-{suggestion.grade.value}"), len(suggestion.settles)
        changes, why = say.changes(suggestion), say.slips(suggestion)
        if {outcome.check.id for outcome in self.finding.outcomes} == set(suggestion.settles):
            settles = say("settles-all" if count > 1 else "settles-it", count=count)
        else:
            settles = say("settles", count=count, checks=say.commas(suggestion.settles))
        line = changes + say.bracketed(why)
        return OfferView(grade, changes, why, settles, line, suggestion)

    @property
    def offers(self) -> tuple[OfferView, ...]:
        """Those of them that are listed."""
        return self.all_offers[:_OFFERS]

    @property
    def limits(self) -> str:
        """What the search for suggestions left open; empty when nothing."""
        finding = self.finding
        if finding.min_cells == 1:
            return self.say("no-offer")
        if finding.min_cells:
            return self.say("at-least", cells=finding.min_cells)
        return self.say("more-sets") if finding.has_more and finding.suggestions else ""

    @property
    def suggestion(self) -> str:
        """All suggestions on one line, and what the search left open."""
        lines, listed = [], [offer.on_one_line for offer in self.offers]
        if len(listed) == 1:
            lines.append(self.say.titled(self.offers[0].grade, listed[0]))
        elif listed:
            listed += [self.more_offers] if self.more_offers else []
            numbered = (f"({number}) {each}" for number, each in enumerate(listed, start=1))
            lines.append(self.choice + " " + " ".join(numbered))
        return self.say.semicolons((*lines, *filter(None, [self.limits])))

    @property
    def whole(self) -> str:
        """The message with all that helps, a line each."""
        lines = (
            *(self.message, *self.decided, *self.quotes, self.rule_line, self.suggestion),
            *(self.advice_line, self.warning),
        )
        return "\n".join(filter(None, lines))


# One report.


class Remark(Struct, frozen=True):
    """What is to be said of a report as a whole, beside its findings."""

    kind: str
    name: str
    """The file that it is about."""
    text: str
    severity: Severity
    """How much it asks for: an error where nothing was audited."""


class NoticeView(Struct, frozen=True):
    """A notice in words, the cells it is about and where it stands; both may be empty."""

    said: str
    cells: str
    place: str


class ReasonView(Struct, frozen=True):
    """One reason, and the checks that it kept from a verdict."""

    reason: str
    count: int
    rules: tuple[tuple[Rule, int, str], ...]
    """Each rule with the number of its checks, and the lines that these are about, in words."""
    blanks: str
    """The blank cells, where they are the reason."""


class View:
    """One report, as it was judged or only read, or why it could not be, in words."""

    report: Report
    """Missing, as the form and all that is said of them, where the document failed."""

    def __init__(self, item: Item, language: str) -> None:
        self.item = item
        self.language = language
        self.failure = item if isinstance(item, Failure) else None
        self.outcomes: tuple[Outcome, ...] = ()
        self._notices: tuple[Notice, ...] = ()
        match item:
            case Failure():
                self.name = item.name
                self.heading = ""
                return
            case Judged(audit=audit):
                self.form, self.report = audit.form, audit.report
                self.outcomes, self._notices = audit.outcomes, audit.notices
            case Reading():
                self.form, self.report = item.form, item.report
                self.outcomes, self._notices = item.outcomes, item.report.doubts
        self.name = self.report.source.name
        self.say = FormTranslator(self.form, language)
        identity = self.report.identity
        self.agency = identity.agency or self.say("unknown-agency")
        """Who reports."""
        year = identity.year
        self.year = self.say("year", year=year) if year else self.say("unknown-year")
        """For which year."""
        self.headline = f"{self.agency} {self.year}"
        self.form_name = self.say.of(self.form.name) or self.form.id
        self.heading = self.say.of(self.form.heading) or self.form_name
        """What stands over all that is said of a report of this form."""

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
        """The verdict, or else `reading` or `failure`."""
        match self.item:
            case Failure():
                return FAILURE
            case Reading():
                return "reading"
            case Judged(verdict=verdict):
                return verdict.value

    @property
    def verdict(self) -> str:
        """What the audit comes to."""
        if self.failure:
            return Translator(self.language)("title-failure")
        return self.say(f"verdict-{self.verdict_code}", count=len(self.audit.findings))

    @cached_property
    def findings(self) -> tuple[FindingView, ...]:
        """The findings in the audit's order; none of a document that failed."""
        if self.failure:
            return ()
        return tuple(
            FindingView(number, finding, self.audit, self.say)
            for number, finding in enumerate(self.audit.findings, start=1)
        )

    def open_findings(self, severity: Severity) -> int:
        """How many findings of a severity there are about which nothing was decided."""
        return sum(each.severity is severity and not each.is_settled for each in self.findings)

    @property
    def unreported(self) -> int:
        """How many failures are in no finding, and no doubt of ours takes them back."""
        explained = sum(len(finding.outcomes) for finding in self.audit.findings)
        doubted = sum(notice.code == ENGINE_DOUBT for notice in self._notices)
        return self.audit.counts[Status.FAIL.value] - explained - doubted

    # What was not read or not decided.

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What is to be said of it as a whole, the worst first."""
        if self.failure:
            said = Translator(self.language).titled(self.verdict, self.failure.message)
            text = f"{said} [{self.failure.code}]"
            return (Remark(FAILURE, self.name, text, Severity.ERROR),)
        texts = [(NOT_AUDITED, self.unaudited, Severity.ERROR)]
        if not self.unaudited:
            texts += [(NOT_READ, gap, Severity.WARNING) for gap in self.gaps]
        texts += [(BESIDE_OTHERS, said, Severity.WARNING) for said in self.beside_others]
        are_silenced = silenced_errors(self.audit)
        texts += [
            (UNDETERMINED, self.undecided, Severity.WARNING),
            (SETTINGS, self.settings, Severity.WARNING if are_silenced else Severity.INFO),
            (COVERAGE, self.prose_coverage, Severity.INFO),
        ]
        return tuple(Remark(kind, self.name, text, how) for kind, text, how in texts if text)

    @property
    def settings(self) -> str:
        """The settings file that took effect, and how many errors settings silenced; else empty."""
        said, applied = [], self.judged.settings
        if applied is not None:
            said.append(self.say("settings-applied", **asdict(applied)))
        if silenced := silenced_errors(self.audit):
            said.append(self.say("errors-silenced", count=silenced))
        return self.say.semicolons(said)

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What was not read of a report, table by table; empty when all of it was.

        Never empty for an audit whose verdict is that it was none.
        """
        said = [
            self.say("gap-table", **asdict(table) | {"table": title, "read": table.read})
            for title, table, _ in self.coverage
            if not table.complete or not table.numbers
        ]
        said += [each.said for each in self.unfinished]
        if not said and self.verdict_code == NOT_AUDITED:
            said.append(self.verdict)
        return tuple(said)

    @property
    def beside_others(self) -> list[str]:
        """What is to be said of it beside other reports: last year's, or the same once more."""
        return [self.say.notice(each) for each in self._notices if each.code in AMONG_OTHERS]

    @property
    def unaudited(self) -> str:
        """The verdict that a report was not audited, with what was not read; empty when it was."""
        if self.verdict_code != NOT_AUDITED:
            return ""
        listed = self.say.semicolons(each for each in self.gaps if each != self.verdict)
        return self.say.titled(self.verdict, listed) if listed else self.verdict

    @property
    def undecided(self) -> str:
        """How many checks could not be decided, by reason; empty when all could."""
        found = self._by_reason(Status.UNDETERMINED)
        if not found:
            return ""
        reasons = (f"{reason_in_words(each, self.say)} {len(own)}" for each, own in found.items())
        title = self.say("title-unchecked", count=sum(map(len, found.values())))
        return self.say.titled(title, self.say.semicolons(reasons))

    def with_status(self, status: Status) -> list[Outcome]:
        """The outcomes that came to that."""
        return [outcome for outcome in self.outcomes if outcome.status is status]

    def _by_reason(self, status: Status) -> dict[Reason | None, list[Outcome]]:
        groups: dict[Reason | None, list[Outcome]] = {}
        for outcome in self.with_status(status):
            groups.setdefault(outcome.reason, []).append(outcome)
        return groups

    def reasons(self, status: Status) -> Iterator[ReasonView]:
        """The outcomes that came to that, by reason, in the order in which the reasons come up."""
        for reason, members in self._by_reason(status).items():
            rules: dict[str, list[Outcome]] = {}
            for outcome in members:
                rules.setdefault(outcome.check.rule.id, []).append(outcome)
            blanks = dict.fromkeys(
                operand.ref.address
                for outcome in (members if reason is Reason.BLANK else ())
                for operand in outcome.operands
                if isinstance(operand.value, Blank) and not operand.ref.lag
            )
            yield ReasonView(
                reason_in_words(reason, self.say),
                len(members),
                tuple((own[0].check.rule, len(own), self._lines(own)) for own in rules.values()),
                self.say.cells(self.report, blanks),
            )

    def _lines(self, outcomes: list[Outcome]) -> str:
        """The lines that a rule's checks are about, in the form's words; none for a lone check."""
        rule, say = outcomes[0].check.rule, self.say
        keys = [outcome.check.id.removeprefix(rule.id).strip("[]") for outcome in outcomes]
        if not any(keys):
            return ""
        values = [operand.value for outcome in outcomes for operand in outcome.operands]
        lone = all(len(outcome.operands) == 1 for outcome in outcomes)
        if len(outcomes) > 1 and lone and not any(isinstance(each, Number) for each in values):
            blank = all(isinstance(value, Blank) for value in values)
            return say("cell-by-cell-blank" if blank else "cell-by-cell")
        names = {e.key: e.label.get(say.language, e.key) for e in self.form.wordings.mentions}
        for table in (table for table in self.form.tables if table.key == rule.table):
            here = {box.row for box in self.report.entries if box.table == table.key}
            rows = [row for row in table.rows if row.key in here]
            for kind, lines in (("rows", rows), ("columns", table.columns)):
                labels = {line.key: line.label for line in lines}
                if len(keys) > 1 and set(keys) == set(labels):
                    return say("all-lines", count=len(keys), kind=say(f"lines-{kind}"))
                if set(keys) <= set(labels):
                    return say.commas(labels[key] for key in keys)
            boxes = {
                f"{box.row}/{box.column}": box for row in table.rows for box in table.addresses(row)
            }
            if set(keys) <= set(boxes):
                return say.by_row([boxes[key] for key in keys], len(table.rows))
            names |= {line.key: line.label for line in (*table.columns, *table.rows)}
        return say.commas(names.get(key, key) for key in keys)

    @cached_property
    def unread(self) -> str:
        """The cells of which no figure was read, though something is or should be there."""
        entries = self.report.entries.items()
        boxes = (box for box, entry in entries if is_unread(entry.value))
        return self.say.cells(self.report, boxes)

    # Our doubts.

    @property
    def unfinished(self) -> list[NoticeView]:
        """What keeps the audit from being clean; told before what was found."""
        return [self._notice(each) for each in self._notices if each.code in self._first]

    def doubts(self, all_notices: bool = False) -> list[NoticeView]:
        """The other doubts; and, if so asked, the notices that take a doubt away."""
        left_out = self._first if all_notices else _ASSURING | self._first
        return [self._notice(each) for each in self._notices if each.code not in left_out]

    @property
    def assurances(self) -> list[NoticeView]:
        """The notices that take a doubt away."""
        return [self._notice(each) for each in self._notices if each.code in _ASSURING]

    @property
    def _first(self) -> frozenset[str]:
        return UNFINISHED if isinstance(self.item, Judged) else frozenset()

    def _notice(self, notice: Notice) -> NoticeView:
        cells = self.say.cells(self.report, notice.addresses)
        place = self.say.at(self.name, notice.origin) if notice.origin else ""
        return NoticeView(self.say.notice(notice), cells, place)

    # How much was read.

    @cached_property
    def coverage(self) -> list[tuple[str, Coverage, str]]:
        """Of each table its title, how much was read, and in words how its rows were found."""
        say = self.say
        return [
            (
                say.of(self.form.table(table.table).title) or table.table,
                table,
                say.commas(
                    say("rows-counted", match=say(f"match-{way}"), count=count)
                    for way, count in table.matches.items()
                ),
            )
            for table in self.audit.coverage
        ]

    @property
    def prose_coverage(self) -> str:
        """How many counts of the text were matched, set apart and why, and not understood; empty
        for a text without any."""
        prose = self.report.prose
        if prose is None or not prose.counted:
            return ""
        counts = prose.coverage()
        states = {key: count for key, count in counts.items() if ":" not in key}
        reasons = self.say.commas(
            self.say(f"apart-{key.removeprefix('apart:')}", count=count)
            for key, count in counts.items()
            if ":" in key
        )
        return self.say("coverage", **states, reasons=self.say.bracketed(reasons))

    @property
    def marked_sentences(self) -> Iterator[str]:
        """Every sentence with counts, each followed by what became of it."""
        prose = self.report.prose
        by_sentence: dict[int, list[Counted]] = {}
        for each in prose.counted if prose else ():
            by_sentence.setdefault(each.sentence, []).append(each)
        for number, own in by_sentence.items():
            text, start, said = prose.sentences[number].text if prose else "", 0, ""
            for each in own:
                state = _STATES[each.state] + self._count(each)
                said += f"{text[start : each.end]}[{state}]"
                start = each.end
            yield said + text[start:]

    def _count(self, each: Counted) -> str:
        """The quantity that a count of the text is, or why it is none."""
        if each.state == "matched":
            return self.form.describe(Address("text", "", each.why), self.language)
        return self.say(f"why-{each.why}") if each.state == "apart" else ""

    @cached_property
    def claims(self) -> list[tuple[Outcome, ProseResult, str]]:
        """The figures that sentences state, and in words what each was matched with."""
        return [
            (outcome, found, self.say(found.code, **found.in_language(self.language)))
            for outcome, found in claims_of(self.outcomes)
        ]

    @property
    def claim_lines(self) -> list[str]:
        """A line for each of them: what it is, what the table says, and the words that state it."""
        return [
            said + self.say("in-brackets", text=self.say.commas(map(marked_words, found.quotes)))
            for _, found, said in self.claims
        ]


class RemarkFragment(NamedTuple):
    """What a format of findings and remarks says of a report."""

    parts: list[Any]
    """Of its findings, then of its remarks."""
    settings: AppliedSettings | None
    once: int | None
    """Which part is left out where an earlier report has told of the same settings file."""


class RemarkReporter(Reporter):
    """A format of findings and remarks, in which each settings file is told once: beside the first
    report that it held for, and beside every report of which errors were silenced by its own."""

    def start(self) -> None:
        self._told_settings: set[AppliedSettings] = set()

    def finding_part(self, finding: FindingView) -> Any:
        """What is said of a finding."""
        raise NotImplementedError

    def remark_part(self, remark: Remark, view: View) -> Any:
        """What is said of a report as a whole; None for nothing."""
        raise NotImplementedError

    def fragment(self, item: Item, number: int) -> Any:
        return self.fragment_of(View(item, self.language_of(item)))

    def fragment_of(self, view: View) -> RemarkFragment:
        """All parts of a report; checks that are open are no remark."""
        judged = view.item if isinstance(view.item, Judged) else None
        is_silenced = judged is not None and judged.verdict is Verdict.SILENCED
        applied = judged.settings if judged else None
        parts, once = [self.finding_part(each) for each in view.findings], None
        for remark in view.remarks:
            if remark.kind == SETTINGS and applied and not is_silenced:
                once = len(parts)
                remark = Remark(SETTINGS, applied.file, remark.text, Severity.INFO)
            elif remark.kind in (SETTINGS, UNDETERMINED) and not is_silenced:
                continue
            part = self.remark_part(remark, view)
            parts += [] if part is None else [part]
        return RemarkFragment(parts, applied, once)

    def add(self, fragment: Any) -> None:
        self.write("".join(self.parts_to_tell(fragment)))

    def parts_to_tell(self, fragment: RemarkFragment) -> list[Any]:
        """The parts of the next report, without that of a settings file that was told before."""
        parts, settings, once = fragment
        if once is not None and settings in self._told_settings:
            parts = [*parts[:once], *parts[once + 1 :]]
        if settings is not None:
            self._told_settings.add(settings)
        return parts


# Parts of them.


def disposed(settled: Disposition, say: Translator) -> str:
    """A disposition with reason, name and day."""
    return say(f"{settled.kind.value}-is", **asdict(settled))


def reason_in_words(reason: Reason | None, say: Translator) -> str:
    """Why a check was not decided or does not apply."""
    return say(f"reason-{reason.value if reason else 'none'}")


def line_of(source: Source, origin: Origin | None) -> int | None:
    """The line of the file; None where the format has no lines, or another program made them."""
    return origin.line if origin is not None and source.media_type in _LINED else None


def columns_of(source: Source, origin: Origin | None) -> tuple[int, int] | None:
    """First and last character on that line; None where they are unknown."""
    return origin.columns if origin is not None and line_of(source, origin) else None


def rules_of(outcomes: Iterable[Outcome]) -> tuple[Rule, ...]:
    """The rules that were checked; of several of one id the last."""
    return tuple({each.check.rule.id: each.check.rule for each in outcomes}.values())


def claims_of(outcomes: Iterable[Outcome]) -> list[tuple[Outcome, ProseResult]]:
    """The outcomes that are about one stated figure, in the order of the checks."""
    return [
        (outcome, outcome.prose_result)
        for outcome in outcomes
        if outcome.prose_result is not None and outcome.check.predicate_aspect == "agrees"
    ]


def quoted(quote: Quote, say: Translator) -> str:
    """The sentence with its figures marked `▶5◀`."""
    pieces = quote_pieces(quote)
    return say("quote", text="".join(f"\u25b6{text}\u25c0" if m else text for text, m in pieces))


def quote_pieces(quote: Quote, most: int = _QUOTED) -> Iterator[tuple[str, bool]]:
    """What is shown of the sentence, each piece with whether it is marked."""
    first = min((start for start, _ in quote.marks), default=0)
    last = max((end for _, end in quote.marks), default=0)
    spare = max(0, most - (last - first))
    start = max(0, first - spare // 2)
    end = min(len(quote.text), last + spare // 2)
    before, position = _CUT if start else "", start
    for left, right in quote.marks:
        yield before + quote.text[position:left], False
        yield quote.text[left:right], True
        before, position = "", right
    yield before + quote.text[position:end] + (_CUT if end < len(quote.text) else ""), False


def marked_words(quote: Quote) -> str:
    """The marked words of a quote alone."""
    return " ".join(quote.text[start:end] for start, end in quote.marks)
