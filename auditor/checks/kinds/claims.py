"""Kinds of rule about figures in sentences; `auditor.checks.prose` evaluates them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from auditor.checks.kinds import RuleKind
from auditor.checks.prose.claims import MentionReadings
from auditor.checks.prose.comparisons import Compared, Nearness, Shares
from auditor.checks.prose.lists import Lists
from auditor.errors import DefinitionError
from auditor.model.check import Check, ProsePredicate, Rule
from auditor.model.form import Address, Form
from auditor.model.wordings import Mention
from auditor.yamlsource import nearest, reference

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


def _check(rule: Rule, mention: Mention, aspect: str, body: MentionReadings) -> Check:
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
        yield _check(rule, mention, "agrees", readings)


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


def _same(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every mention that this edition has."""
    for mention in _mentioned(rule, form, rule.body):
        yield _check(rule, mention, "same", _plain(mention))


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
        _same,
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
