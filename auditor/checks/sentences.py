"""Kinds of rule about sentences: what figures in them claim, and what a report says of itself:
title, period, sections, signature, fees.

Each is an aspect of `auditor.checks.prose` under a keyword of the same name, which evaluates it.
Here stands what its YAML looks like; guards (`when`) work as for every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Struct

from auditor.checks.prose.claims import MentionReadings
from auditor.checks.prose.comparisons import Compared, Nearness, Shares
from auditor.checks.prose.formalities import (
    SENTENCES,
    TITLE,
    Arranged,
    AskedSection,
    Basis,
    Brevity,
    Dating,
    Deadline,
    Digits,
    InForce,
    Naming,
    Statement,
    Tariff,
    Template,
)
from auditor.checks.prose.lists import Lists
from auditor.checks.selectors import (
    Named,
    RuleKind,
    RuleScope,
    check_id,
    compile_guards,
    guard_names,
    named,
    scopes,
)
from auditor.errors import DefinitionError
from auditor.model import Words
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Address, Form
from auditor.model.wordings import Mention, SectionForm
from auditor.yamlsource import Item, Shape, nearest, read, reference, schema_of

MentionName = Annotated[str, reference("mention")]
Mentions = Annotated[tuple[MentionName, ...], Meta(min_length=1, title="mention")]


def _mentioned(rule: Rule, form: Form, names: Iterable[str]) -> Iterator[Mention]:
    """Those of the mentions that this edition has; one that no edition has is an error."""
    known = {mention.key: mention for mention in form.wordings.mentions}
    for name in names:
        if name in known:
            yield known[name]
        elif name not in form.wordings.absent:
            raise DefinitionError(
                "definition",
                f"{rule.id}: {form.id} has no mention {name!r}",
                place=str(rule.place),
                hint=nearest(name, list(known)),
            )


def _mention_check(rule: Rule, mention: Mention, aspect: str, body: MentionReadings) -> Check:
    """The check on one of the rule's mentions."""
    own = f"{rule.id}[{mention.key}]" if len(rule.body) > 1 else rule.id
    return Check(own, rule, ProsePredicate(aspect, body))


def _plain(mention: Mention) -> MentionReadings:
    return MentionReadings(mention.key, mention.label, mention.equals, mention.severity)


def _agrees(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has; one without cells is an error."""
    parties = form.wordings.more.parties
    for mention in _mentioned(rule, form, rule.body):
        if not mention.equals:
            raise DefinitionError(
                "definition",
                f"{rule.id}: the mention {mention.key!r} says no cells that it may equal",
                place=str(rule.place),
            )
        cells = {cell for alternative in mention.equals for _, cell in alternative.terms}
        readings = MentionReadings(
            mention.key,
            mention.label,
            mention.equals,
            mention.severity,
            mention.denied,
            tuple(each.key for each in form.wordings.mentions if each.adds_to == mention.key),
            mention.of is None and mention.key not in parties,
            tuple((cell, parts) for cell, parts in _totals(form) if cell in cells),
        )
        yield _mention_check(rule, mention, "agrees", readings)


def _totals(form: Form) -> Iterator[tuple[Address, tuple[Address, ...]]]:
    """The cells that the form's sums along rows total, with their parts."""
    for table in form.tables:
        for constraint in table.sums:
            if constraint.each == "row" and len(constraint.left) == 1:
                for row in table.rows:
                    yield (
                        Address(table.key, row.key, constraint.left[0]),
                        tuple(Address(table.key, row.key, column) for column in constraint.right),
                    )


def _repeated(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has."""
    for mention in _mentioned(rule, form, rule.body):
        yield _mention_check(rule, mention, "same", _plain(mention))


class GrowthBody(Struct, frozen=True):
    """`growth` as written."""

    units: Decimal
    """Units of its last printed digit that a percentage may be off."""
    mentions: tuple[MentionName, ...] = ()
    """Compared with last year's report."""


def _growth(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all comparisons."""
    mentions = tuple(_plain(each) for each in _mentioned(rule, form, rule.body.mentions))
    yield Check(rule.id, rule, ProsePredicate("growth", Compared(mentions, rule.body.units)))


def _whole(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for all that the report says of the kind."""
    yield Check(rule.id, rule, ProsePredicate(rule.kind, rule.body))


CLAIMS: Mapping[str, RuleKind] = {
    "agrees": RuleKind(
        Mentions,
        "`agrees: [mention, …]`: figures stated in sentences equal a cell or sum that they may "
        "mean.",
        _agrees,
    ),
    "breakdown": RuleKind(
        Lists,
        "`breakdown: {near: 10}`: the parts of every list come to its total.\n\n"
        "`near` says by how many per cent of its total a list may miss and still be taken for a "
        "complete one.\n",
        _whole,
    ),
    "share": RuleKind(
        Shares,
        "`share: {units: 1}`: printed percentages are the shares that their figures give.\n\n"
        "`units` says how many units of its last printed digit a percentage may be off.\n",
        _whole,
    ),
    "growth": RuleKind(
        GrowthBody,
        "`growth: {mentions: [mention, …], units: 1}`: comparisons with the year before are right."
        "\n\n`mentions` are compared with last year's report where it is given; `units` says how "
        "many units of\nits last printed digit a percentage may be off.\n",
        _growth,
    ),
    "same": RuleKind(
        Mentions,
        "`same: [mention, …]`: a quantity that two sections state is the same in both.",
        _repeated,
    ),
    "published": RuleKind(
        Nearness,
        "`published: {near: 2, alike: 25}`: totals of what was published in the year are told "
        "alike.\n\nTotals further apart than so many per cent are taken for two quantities; "
        "`alike` is for those told\nin the same words and unit.\n",
        _whole,
    ),
}
"""By keyword."""


def _as_written(rule: Rule, form: Form) -> Iterator[Check]:
    """The rule's check, with a body that is the same on every form."""
    for scope in scopes(rule, form, guard_names(rule)):
        yield _aspect_check(rule, rule.body, scope)


def _fitted(rule: Rule, form: Form) -> Iterator[Check]:
    """The rule's check, with what its body comes to on the form."""
    for scope in scopes(rule, form, guard_names(rule)):
        yield _aspect_check(rule, rule.body.fit(form, scope), scope)


def _aspect_check(rule: Rule, body: Any, scope: RuleScope) -> Check:
    predicate = ProsePredicate(rule.kind, body)
    return Check(check_id(rule, scope.line), rule, predicate, compile_guards(rule, scope))


class Order(Struct, frozen=True):
    """`sections: {least: 4}`: told only where so many headings are printed with their numbers."""

    least: int
    """Told where so many headings have clear numbers."""

    def fit(self, form: Form, scope: RuleScope) -> Arranged:
        """With the sections of the form."""
        titles = tuple((each.key, _title(each, form)) for each in form.wordings.sections)
        return Arranged(titles, self.least)


class Brief(Struct, frozen=True):
    """`brief: {section: problems, least: 10, aside: [附件]}`."""

    section: Annotated[Named, named("section")]
    least: int
    """How many characters of its own it has at least."""
    aside: tuple[str, ...] = ()
    """Words that send the reader elsewhere."""

    def fit(self, form: Form, scope: RuleScope) -> Brevity:
        """With the section of the form."""
        return Brevity(_part(self.section, form), self.least, self.aside)


class StatedWords(Struct, frozen=True):
    """`stated: {section: other_matters, words: […], what: {zh: …, en: …}, least: 10}`."""

    section: Annotated[Named, named("section")]
    words: tuple[str, ...]
    """One of these is to be there."""
    what: Words
    """What they would state, for the finding."""
    least: int = 0
    """Told where the section has so many characters."""

    def fit(self, form: Form, scope: RuleScope) -> Statement:
        """With the section of the form."""
        return Statement(_part(self.section, form), self.words, self.what, self.least)


class Charged(Struct, frozen=True):
    """`charged: {mention: processing_fee, step: 10, within: fees/amount, times: 10000}`."""

    mention: Annotated[Named, named("mention")]
    """The amount as sentences state it."""
    step: Annotated[int, Meta(ge=1)]
    """Amounts are multiples of it."""
    within: Annotated[Named, named("selector")]
    """The box whose total they do not exceed."""
    times: int
    """Units of the amount in one unit of the box."""

    def fit(self, form: Form, scope: RuleScope) -> Tariff:
        """With the mention and the cell of the form."""
        known = [each.key for each in form.wordings.mentions]
        name = self.mention.selector
        if name not in known:
            raise self.mention.wrong(f"{form.id} has no mention {name!r}", nearest(name, known))
        return Tariff(name, self.step, scope.refs(self.within)[0], self.times)


class SameDigits(Struct, frozen=True):
    """`same_digits: {cell: fees/amount, unit: 元, words: [收费]}`."""

    cell: Annotated[Named, named("selector")]
    unit: str
    """The small unit."""
    words: tuple[str, ...]
    """Words that say what the amount is."""

    def fit(self, form: Form, scope: RuleScope) -> Digits:
        """With the cell of the form."""
        return Digits(scope.refs(self.cell)[0], self.unit, self.words)


def _deadlines(item: Item) -> tuple[Deadline, ...]:
    found = read(tuple[Deadline, ...], item)
    if not found or found[-1].ends:
        raise item.wrong("the last deadline is for everybody else: it has no `ends`")
    return found


Deadlines = Annotated[
    tuple[Deadline, ...],
    Shape(_deadlines, lambda: {**schema_of(tuple[Deadline, ...]), "minItems": 1}),
]


def _dating(item: Item) -> Dating:
    return Dating(item.one_of((TITLE, SENTENCES)))


def _part(named: Named, form: Form) -> AskedSection:
    known = {section.key: section for section in form.wordings.sections}
    section = known.get(named.selector)
    if section is None:
        hint = nearest(named.selector, list(known))
        raise named.wrong(f"{form.id} has no section {named.selector!r}", hint)
    closes = section == form.wordings.sections[-1]
    return AskedSection(section.key, section.number, _title(section, form), closes)


def _title(section: SectionForm, form: Form) -> str:
    """The heading as the form prints it, such as 一、总体情况."""
    numerals = {value: digit for digit, value in form.wordings.digits}
    return f"{numerals[section.number]}\u3001{section.headings[0]}"


FORMALITIES: Mapping[str, RuleKind] = {
    "sections": RuleKind(
        Order,
        "The sections are there, in order, with the form's numbers.",
        _fitted,
    ),
    "edition": RuleKind(
        InForce,
        "Title and period name a year for which this edition is in force.",
        _as_written,
    ),
    "cites": RuleKind(
        Basis,
        "Of the notices on the form, not only a replaced one is cited.",
        _as_written,
    ),
    "years": RuleKind(
        Annotated[Dating, Shape(_dating, {"enum": [TITLE, SENTENCES]})],
        "Title, period and sentences speak of the same year.",
        _as_written,
    ),
    "names": RuleKind(
        Naming,
        "Title and signature name the same agency, short forms allowed.",
        _as_written,
    ),
    "dated": RuleKind(
        Deadlines,
        "The report is dated within the term of agencies so named; the last term is for all.",
        _as_written,
    ),
    "brief": RuleKind(
        Brief,
        "A section has at least so many characters of its own.",
        _fitted,
    ),
    "stated": RuleKind(
        StatedWords,
        "A section has one of the words.",
        _fitted,
    ),
    "charged": RuleKind(
        Charged,
        "Amounts go by the tariff's step, within a cell's total.",
        _fitted,
    ),
    "same_digits": RuleKind(
        SameDigits,
        "No amount in the small unit has the cell's digits.",
        _fitted,
    ),
    "leftover": RuleKind(
        Template,
        "Nothing of the template is left in the text.",
        _as_written,
    ),
}
"""By keyword."""
