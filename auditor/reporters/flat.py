"""A finding as one row of texts, and what an audit leaves open in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.messages import phrase
from auditor.model.check import Severity
from auditor.model.finding import (
    UNFINISHED,
    Audit,
    Certainty,
    Failure,
    Finding,
    Outcome,
    Reason,
    Status,
    Suggestion,
    Verdict,
)
from auditor.model.form import Form, Words
from auditor.model.noun import noun
from auditor.model.report import Source
from auditor.model.source import Origin
from auditor.reporters import Item, Judged, Reading
from auditor.reporters.decided import came_to, decided, tagged
from auditor.reporters.doubts import doubt_in_words
from auditor.reporters.offers import changes, choice, limits, why
from auditor.reporters.places import at
from auditor.reporters.quotes import quoted

_OFFERS = 6
"""So many of several possible changes are listed; JSON has them all."""
NOT_AUDITED = "not-audited"
"""Stands for a rule's id where a report, or a part of it, was not audited."""


@noun
class Row:
    """One finding in words."""

    finding: Finding
    source: Source
    rule: str
    severity: Severity
    statement: str
    message: str
    cell: str
    """The cell at issue in the form's labels; empty where none stands out."""
    place: str
    quotes: str
    """The sentences that it is about, their figures marked, a line each."""
    suggestion: str
    advice: str
    certainty: str
    """A warning where the cells were not read exactly; else empty."""
    tag: str
    """The severity, and beside it what was decided, each in a word."""
    decided: str
    """What was decided about it before and how its severity was changed, a line each."""

    @property
    def origin(self) -> Origin | None:
        """Where it stands."""
        return self.finding.origin

    @property
    def settled(self) -> bool:
        """Whether something was decided about it before, so that nothing is asked for now."""
        return self.finding.disposition is not None

    @property
    def told(self) -> str:
        """The message with all that helps, a line each."""
        lines = (
            self.message,
            self.decided,
            self.quotes,
            self.statement,
            self.suggestion,
            self.advice,
            self.certainty,
        )
        return "\n".join(line for line in lines if line)


def rows_of(audit: Audit, language: str) -> Iterator[Row]:
    """A row for each finding, in the audit's order."""
    for finding in audit.findings:
        rule = finding.outcomes[0].check.rule
        likely = finding.certainty is Certainty.LIKELY
        source = audit.report.source
        advice = spoken(rule.advice, language) if rule.advice else ""
        statement = spoken(rule.statement, language)
        yield Row(
            finding=finding,
            source=source,
            rule=finding.rule_id,
            severity=finding.severity,
            statement=phrase("rule-is", language, rule=rule.id, statement=statement),
            message=spoken(finding.message, language),
            cell=audit.form.describe(finding.primary) if finding.primary else "",
            place=at(source.name, finding.origin, language) if finding.origin else source.name,
            quotes="\n".join(dict.fromkeys(quoted(each, language) for each in finding.quotes)),
            suggestion=offered(finding, audit.form, language),
            advice=phrase("advice-is", language, advice=advice) if advice else "",
            certainty=phrase("certainty-likely", language) if likely else "",
            tag=tagged(finding, language),
            decided="\n".join(decided(finding, language)),
        )


def offered(finding: Finding, form: Form, language: str) -> str:
    """The suggestions of a finding on one line, and what the search left open."""
    said = []
    offers = finding.suggestions
    if len(offers) == 1:
        grade = phrase(f"grade-{offers[0].grade.value}", language) + phrase("colon", language)
        said.append(grade + _change(offers[0], form, language))
    elif offers:
        listed = [_change(offer, form, language) for offer in offers[:_OFFERS]]
        if (left := len(offers) - _OFFERS) > 0:
            listed.append(phrase("and-more", language, count=left))
        numbered = (f"({number}) {each}" for number, each in enumerate(listed, start=1))
        said.append(choice(finding, language) + " " + " ".join(numbered))
    said.append(limits(finding, language))
    return phrase("list-semicolon", language).join(each for each in said if each)


def _change(offer: Suggestion, form: Form, language: str) -> str:
    said = changes(offer, form, language)
    slip = why(offer, form, language)
    return said + phrase("in-brackets", language, text=slip) if slip else said


def gaps(item: Judged, language: str) -> list[str]:
    """What was not read of a report, table by table; empty when all of it was.

    Never empty for an audit whose verdict is that it was none.
    """
    audit = item.audit
    said = [
        phrase(
            "gap-table",
            language,
            table=audit.form.table(receipt.table).title.get(language, receipt.table),
            read=receipt.numbers + receipt.blank,
            expected=receipt.expected,
            numbers=receipt.numbers,
            illegible=receipt.illegible,
            missing=receipt.missing,
        )
        for receipt in audit.coverage
        if not receipt.complete or not receipt.numbers
    ]
    said += [
        doubt_in_words(notice, audit.form, language)
        for notice in audit.notices
        if notice.code in UNFINISHED
    ]
    if not said and item.verdict is Verdict.NOT_AUDITED:
        return [phrase("verdict-not-audited", language)]
    return said


def unaudited(item: Judged, language: str) -> str:
    """The verdict that a report was not audited, with what was not read; empty when it was."""
    if item.verdict is not Verdict.NOT_AUDITED:
        return ""
    verdict = phrase("verdict-not-audited", language)
    open_ = [each for each in gaps(item, language) if each != verdict]
    listed = phrase("list-semicolon", language).join(open_)
    return verdict + phrase("colon", language) + listed if listed else verdict


def undecided(audit: Audit, language: str) -> str:
    """How many checks could not be decided, by reason; empty when all could."""
    found: dict[Reason | None, int] = {}
    for outcome in audit.outcomes:
        if outcome.status is Status.UNDETERMINED:
            found[outcome.reason] = found.get(outcome.reason, 0) + 1
    if not found:
        return ""
    listed = phrase("list-semicolon", language).join(
        f"{reason_in_words(reason, language)} {count}" for reason, count in found.items()
    )
    count = sum(found.values())
    return phrase("title-unchecked", language, count=count) + phrase("colon", language) + listed


def untold(audit: Audit) -> list[Outcome]:
    """Failures that no finding tells: rules not asked for, and what our own doubt takes back."""
    told = {id(outcome) for finding in audit.findings for outcome in finding.outcomes}
    return [each for each in audit.outcomes if each.status is Status.FAIL and id(each) not in told]


def failed(failure: Failure, language: str) -> str:
    """Why a document could not be audited at all."""
    said = phrase("title-failure", language) + phrase("colon", language) + failure.message
    return f"{said} [{failure.code}]"


def reason_in_words(reason: Reason | None, language: str) -> str:
    """Why a check was not decided or does not apply."""
    return phrase(f"reason-{reason.value if reason else 'none'}", language)


def headline(audit: Audit, language: str) -> str:
    """Who reports, and for which year."""
    identity = audit.report.identity
    agency = identity.agency or phrase("unknown-agency", language)
    year = (
        phrase("year", language, year=identity.year)
        if identity.year
        else phrase("unknown-year", language)
    )
    return f"{agency} {year}"


def verdict_in_words(item: Judged, language: str) -> str:
    """What an audit comes to."""
    return phrase(f"verdict-{came_to(item)}", language, count=len(item.audit.findings))


def spoken(words: Words, language: str) -> str:
    """The text in that language, English where there is none."""
    return words.get(language) or words.get("en", "")


def audits(items: Iterable[Item]) -> Iterator[Judged | Failure]:
    """The items of a check; `TypeError` for a reading, which is no audit."""
    for item in items:
        if isinstance(item, Reading):
            raise TypeError("this format tells what was found, not what was read")
        yield item
