"""Kinds of rule about what a report says of itself: title, period, sections, signature, fees.

Each is an aspect of `auditor.checks.prose` under a keyword of the same name. Here stands what its
YAML looks like; guards (`when`) work as for every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

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
from auditor.checks.selectors import SELECTOR, Named, RuleScope, scopes
from auditor.model.address import Words
from auditor.model.check import Check, Place, ProsePredicate, Rule
from auditor.model.form import Form
from auditor.model.wordings import SectionForm
from auditor.yamlshape import (
    TEXT,
    TEXTS,
    WHOLE,
    WORDS,
    Keys,
    Shape,
    may,
    named,
    need,
    one_of,
    whole_from,
)
from auditor.yamlsource import Item, nearest


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

    def fit(self, form: Form, scope: RuleScope) -> Arranged:
        """With the sections of the form."""
        titles = tuple((each.key, _title(each, form)) for each in form.wordings.sections)
        return Arranged(titles, self.least)


class Brief(Struct, frozen=True):
    """`brief: {section: problems, least: 10, aside: [附件]}`."""

    section: Named
    least: int
    aside: tuple[str, ...]

    def fit(self, form: Form, scope: RuleScope) -> Brevity:
        """With the section of the form."""
        return Brevity(_part(self.section, form), self.least, self.aside)


class StatedWords(Struct, frozen=True):
    """`stated: {section: other_matters, words: […], what: {zh: …, en: …}, least: 10}`."""

    section: Named
    words: tuple[str, ...]
    what: Words
    least: int

    def fit(self, form: Form, scope: RuleScope) -> Statement:
        """With the section of the form."""
        return Statement(_part(self.section, form), self.words, self.what, self.least)


class Charged(Struct, frozen=True):
    """`charged: {mention: processing_fee, step: 10, within: fees/amount, times: 10000}`."""

    mention: Named
    step: int
    within: Named
    times: int

    def fit(self, form: Form, scope: RuleScope) -> Tariff:
        """With the mention and the cell of the form."""
        known = [each.key for each in form.wordings.mentions]
        name = self.mention.selector
        if name not in known:
            raise self.mention.wrong(f"{form.id} has no mention {name!r}", nearest(name, known))
        return Tariff(name, self.step, scope.refs(self.within)[0], self.times)


class SameDigits(Struct, frozen=True):
    """`same_digits: {cell: fees/amount, unit: 元, words: [收费]}`."""

    cell: Named
    unit: str
    words: tuple[str, ...]

    def fit(self, form: Form, scope: RuleScope) -> Digits:
        """With the cell of the form."""
        return Digits(scope.refs(self.cell)[0], self.unit, self.words)


def _place(item: Item) -> Named:
    """A name that only a form can tell right from wrong."""
    return Named(item.text(), Place(item.file, item.line), item.key)


def _deadlines(item: Item) -> tuple[Deadline, ...]:
    found = tuple(Deadline(**_DEADLINE.read(each)) for each in item.items())
    if not found or found[-1].ends:
        raise item.wrong("the last deadline is for everybody else: it has no `ends`")
    return found


_SECTION = named("section", _place)
_CELL = Shape(_place, SELECTOR.schema)
_DEADLINE = Keys(
    need("month", WHOLE),
    need("day", WHOLE),
    may("ends", TEXTS, "For agencies whose names end so; for all others where left out.", ()),
    may("unless", TEXTS, "And have none of these words in them.", ()),
)


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


_YEARS = one_of((TITLE, SENTENCES))

FORMALITIES: Mapping[str, RuleKind] = {
    "sections": RuleKind(
        Keys(need("least", WHOLE, "Told where so many headings have clear numbers.")),
        "The sections are there, in order, with the form's numbers.",
        _fitted,
        Order,
    ),
    "edition": RuleKind(
        Keys(may("first", WHOLE, "First report year."), may("last", WHOLE, "Last one.")),
        "Title and period name a year for which this edition is in force.",
        _same,
        InForce,
    ),
    "cites": RuleKind(
        Keys(
            need("due", TEXT, "The number of the notice in force."),
            need("replaced", TEXTS, "Those of the notices that it replaced."),
        ),
        "Of the notices on the form, not only a replaced one is cited.",
        _same,
        Basis,
    ),
    "years": RuleKind(
        Shape(lambda item: Dating(_YEARS.read(item)), _YEARS.schema),
        "Title, period and sentences speak of the same year.",
        _same,
    ),
    "names": RuleKind(
        Keys(need("joints", TEXTS, "Words that join the names of two agencies.")),
        "Title and signature name the same agency, short forms allowed.",
        _same,
        Naming,
    ),
    "dated": RuleKind(
        Shape(_deadlines, lambda: {"type": "array", "items": _DEADLINE.schema, "minItems": 1}),
        "The report is dated within the term of agencies so named; the last term is for all.",
        _same,
    ),
    "brief": RuleKind(
        Keys(
            need("section", _SECTION),
            need("least", WHOLE, "How many characters of its own it has at least."),
            may("aside", TEXTS, "Words that send the reader elsewhere.", ()),
        ),
        "A section has at least so many characters of its own.",
        _fitted,
        Brief,
    ),
    "stated": RuleKind(
        Keys(
            need("section", _SECTION),
            need("words", TEXTS, "One of these is to be there."),
            need("what", WORDS, "What they would state, for the finding."),
            may("least", WHOLE, "Told where the section has so many characters.", 0),
        ),
        "A section has one of the words.",
        _fitted,
        StatedWords,
    ),
    "charged": RuleKind(
        Keys(
            need("mention", named("mention", _place), "The amount as sentences state it."),
            need("step", whole_from(1), "Amounts are multiples of it."),
            need("within", _CELL, "The box whose total they do not exceed."),
            need("times", WHOLE, "Units of the amount in one unit of the box."),
        ),
        "Amounts go by the tariff's step, within a cell's total.",
        _fitted,
        Charged,
    ),
    "same_digits": RuleKind(
        Keys(
            need("cell", _CELL),
            need("unit", TEXT, "The small unit."),
            need("words", TEXTS, "Words that say what the amount is."),
        ),
        "No amount in the small unit has the cell's digits.",
        _fitted,
        SameDigits,
    ),
    "leftover": RuleKind(
        Keys(need("most", WHOLE, "How many characters a gap of the template has.")),
        "Nothing of the template is left in the text.",
        _same,
        Template,
    ),
}
"""By keyword."""
