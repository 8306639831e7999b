"""Kinds of rule about what a report says of itself: title, period, sections, signature, fees.

Each is an aspect of `auditor.checks.prose` under a keyword of the same name. Here stands what its
YAML looks like; guards (`when`) work as for every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from auditor.checks.kinds import RuleKind
from auditor.checks.predicates import check_id, compile_guards, guard_names
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
from auditor.checks.selectors import Named, RuleScope, named, scopes
from auditor.model.address import Words
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.model.wordings import SectionForm
from auditor.yamlsource import Item, Shape, nearest, read, schema_of


def _same(rule: Rule, form: Form) -> Iterator[Check]:
    """The rule's check, with a body that is the same on every form."""
    for scope in scopes(rule, form, guard_names(rule)):
        yield _check(rule, rule.body, scope)


def _fitted(rule: Rule, form: Form) -> Iterator[Check]:
    """The rule's check, with what its body comes to on the form."""
    for scope in scopes(rule, form, guard_names(rule)):
        yield _check(rule, rule.body.fit(form, scope), scope)


def _check(rule: Rule, body: Any, scope: RuleScope) -> Check:
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
        _same,
    ),
    "cites": RuleKind(
        Basis,
        "Of the notices on the form, not only a replaced one is cited.",
        _same,
    ),
    "years": RuleKind(
        Annotated[Dating, Shape(_dating, {"enum": [TITLE, SENTENCES]})],
        "Title, period and sentences speak of the same year.",
        _same,
    ),
    "names": RuleKind(
        Naming,
        "Title and signature name the same agency, short forms allowed.",
        _same,
    ),
    "dated": RuleKind(
        Deadlines,
        "The report is dated within the term of agencies so named; the last term is for all.",
        _same,
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
        _same,
    ),
}
"""By keyword."""
