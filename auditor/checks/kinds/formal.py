"""Kinds of rule about what a report says of itself: title, period, sections, signature, fees.

Each is an aspect of `auditor.checks.prose` under a keyword of the same name. Here stands what its
YAML looks like; guards (`when`) work as for every rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from auditor.checks.compare import check_id
from auditor.checks.guards import compile_guards, guard_names
from auditor.checks.operands import Named, read_named
from auditor.checks.prose.brief import Brevity
from auditor.checks.prose.charged import Tariff
from auditor.checks.prose.cites import Basis
from auditor.checks.prose.content import Part
from auditor.checks.prose.dated import Deadline
from auditor.checks.prose.edition import InForce
from auditor.checks.prose.leftover import Template
from auditor.checks.prose.names import Naming
from auditor.checks.prose.same_digits import Digits
from auditor.checks.prose.sections import Arranged
from auditor.checks.prose.stated import Statement
from auditor.checks.prose.years import SENTENCES, TITLE, Dating
from auditor.checks.select import Scope, scopes
from auditor.model.address import Words
from auditor.model.check import Check, Rule, Told
from auditor.model.form import Form
from auditor.model.noun import noun
from auditor.model.wordings import SectionForm
from auditor.yamlsource import Item, nearest


class Body(Protocol):
    """A rule's body as read."""

    def fit(self, form: Form, scope: Scope) -> Any:
        """What the aspect needs, on one form."""


@noun
class Formal:
    """A kind whose rules give one check each."""

    aspect: str
    read: Callable[[Item], Body]

    def compile(self, rule: Rule, form: Form) -> Iterator[Check]:
        """The rule's check."""
        for scope in scopes(rule, form, guard_names(rule)):
            told = Told(self.aspect, rule.body.fit(form, scope))
            yield Check(check_id(rule, scope.line), rule, told, compile_guards(rule, scope))


@noun
class Same:
    """A body that is the same on every form."""

    body: Any

    def fit(self, form: Form, scope: Scope) -> Any:
        """The body."""
        return self.body


@noun
class Order:
    """`sections: {least: 4}`: told only where so many headings are printed with their numbers."""

    least: int

    def fit(self, form: Form, scope: Scope) -> Arranged:
        """With the sections of the form."""
        titles = tuple((each.key, _title(each, form)) for each in form.wordings.sections)
        return Arranged(titles, self.least)


@noun
class Brief:
    """`brief: {section: problems, least: 10, aside: [附件]}`."""

    section: Named
    least: int
    aside: tuple[str, ...]

    def fit(self, form: Form, scope: Scope) -> Brevity:
        """With the section of the form."""
        return Brevity(_part(self.section, form), self.least, self.aside)


@noun
class Stated:
    """`stated: {section: other_matters, words: […], what: {zh: …, en: …}, least: 10}`."""

    section: Named
    words: tuple[str, ...]
    what: Words
    least: int

    def fit(self, form: Form, scope: Scope) -> Statement:
        """With the section of the form."""
        return Statement(_part(self.section, form), self.words, self.what, self.least)


@noun
class Charged:
    """`charged: {mention: processing_fee, step: 10, within: fees/amount, times: 10000}`."""

    mention: Named
    step: int
    within: Named
    times: int

    def fit(self, form: Form, scope: Scope) -> Tariff:
        """With the mention and the cell of the form."""
        known = [each.key for each in form.wordings.mentions]
        name = self.mention.selector
        if name not in known:
            raise self.mention.wrong(f"{form.id} has no mention {name!r}", nearest(name, known))
        return Tariff(name, self.step, scope.refs(self.within)[0], self.times)


@noun
class SameDigits:
    """`same_digits: {cell: fees/amount, unit: 元, words: [收费]}`."""

    cell: Named
    unit: str
    words: tuple[str, ...]

    def fit(self, form: Form, scope: Scope) -> Digits:
        """With the cell of the form."""
        return Digits(scope.refs(self.cell)[0], self.unit, self.words)


def _sections(item: Item) -> Body:
    fields = item.mapped()
    least = fields.need("least").whole()
    fields.done()
    return Order(least)


def _edition(item: Item) -> Body:
    """`edition: {first: 2021}`, `{last: 2020}`: the report years that it is in force for."""
    fields = item.mapped()
    first, last = fields.get("first"), fields.get("last")
    fields.done()
    return Same(InForce(first.whole() if first else None, last.whole() if last else None))


def _cites(item: Item) -> Body:
    """`cites: {due: 〔2021〕30号, replaced: [〔2019〕60号]}`."""
    fields = item.mapped()
    body = Basis(fields.need("due").text(), fields.need("replaced").texts())
    fields.done()
    return Same(body)


def _years(item: Item) -> Body:
    """`years: title` or `years: sentences`."""
    return Same(Dating(item.one_of((TITLE, SENTENCES))))


def _names(item: Item) -> Body:
    """`names: {joints: [和]}`."""
    fields = item.mapped()
    body = Naming(fields.need("joints").texts())
    fields.done()
    return Same(body)


def _dated(item: Item) -> Body:
    """`dated: [{month: 1, day: 31, ends: [局]}, {month: 3, day: 31}]`, the last for everybody."""
    found: list[Deadline] = []
    for each in item.items():
        fields = each.mapped()
        month, day = fields.need("month").whole(), fields.need("day").whole()
        found.append(Deadline(month, day, fields.texts("ends"), fields.texts("unless")))
        fields.done()
    if not found or found[-1].ends:
        raise item.wrong("the last deadline is for everybody else: it has no `ends`")
    return Same(tuple(found))


def _brief(item: Item) -> Body:
    fields = item.mapped()
    section, least = read_named(fields.need("section")), fields.need("least").whole()
    body = Brief(section, least, fields.texts("aside"))
    fields.done()
    return body


def _stated(item: Item) -> Body:
    fields = item.mapped()
    section, words = read_named(fields.need("section")), fields.need("words").texts()
    what, least = fields.need("what").words(), fields.get("least")
    fields.done()
    return Stated(section, words, what, least.whole() if least else 0)


def _charged(item: Item) -> Body:
    fields = item.mapped()
    mention, within = read_named(fields.need("mention")), read_named(fields.need("within"))
    step, times = fields.need("step").whole(), fields.need("times").whole()
    fields.done()
    if step < 1:
        raise item.wrong("the step is at least 1")
    return Charged(mention, step, within, times)


def _same_digits(item: Item) -> Body:
    fields = item.mapped()
    cell, unit = read_named(fields.need("cell")), fields.need("unit").text()
    body = SameDigits(cell, unit, fields.need("words").texts())
    fields.done()
    return body


def _leftover(item: Item) -> Body:
    """`leftover: {most: 5}`."""
    fields = item.mapped()
    body = Template(fields.need("most").whole())
    fields.done()
    return Same(body)


def _part(named: Named, form: Form) -> Part:
    known = {section.key: section for section in form.wordings.sections}
    section = known.get(named.selector)
    if section is None:
        hint = nearest(named.selector, list(known))
        raise named.wrong(f"{form.id} has no section {named.selector!r}", hint)
    closes = section == form.wordings.sections[-1]
    return Part(section.key, section.number, _title(section, form), closes)


def _title(section: SectionForm, form: Form) -> str:
    """The heading as the form prints it, such as 一、总体情况."""
    numerals = {value: digit for digit, value in form.wordings.digits}
    return f"{numerals[section.number]}\u3001{section.headings[0]}"


FORMAL: Mapping[str, Formal] = {
    aspect: Formal(aspect, read)
    for aspect, read in (
        ("sections", _sections),
        ("edition", _edition),
        ("cites", _cites),
        ("years", _years),
        ("names", _names),
        ("dated", _dated),
        ("brief", _brief),
        ("stated", _stated),
        ("charged", _charged),
        ("same_digits", _same_digits),
        ("leftover", _leftover),
    )
}
