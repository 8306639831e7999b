"""Kinds of rule about boxes: sums, totals, what is filled, how a figure is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from auditor.checks.selectors import (
    Comparison,
    Named,
    NamedBoxes,
    Patterns,
    RuleKind,
    RuleScope,
    check_id,
    compare,
    compile_guards,
    guard_names,
    linear,
    presence_checks,
    scopes,
    subject,
)
from auditor.model.check import (
    Check,
    Coefficient,
    Issuer,
    Linear,
    Ratio,
    Relation,
    Rule,
    Term,
    Written,
)
from auditor.model.form import Form
from auditor.model.report import Ref
from auditor.yamlsource import TRUE, Item, Schema, Shape, read_fields, struct_schema


class Total(Struct, frozen=True):
    """A total and its parts, as written."""

    total: Named
    """The printed total: one box on every line."""
    of: NamedBoxes
    """Its parts."""


def _total(rule: Rule, form: Form) -> Iterator[Check]:
    """total − Σ parts = 0 for every line; the total is the subject."""
    body: Total = rule.body
    for scope in scopes(rule, form, (body.total, *body.of, *guard_names(rule))):
        whole = scope.refs(body.total)
        if len(whole) != 1:
            raise body.total.wrong(f"{body.total.selector!r} names {len(whole)} boxes, not one")
        weights: dict[Ref, Coefficient] = {whole[0]: body.total.times}
        for part in body.of:
            for ref in scope.refs(part):
                if ref != whole[0]:
                    weights[ref] = weights.get(ref, 0) - part.times
        terms = tuple(Term(weight, ref, scope.signed(ref)) for ref, weight in weights.items())
        yield Check(
            check_id(rule, scope.line),
            rule,
            Linear(terms, Relation.EQ, Decimal(0), rule.tolerance, rule.rounding),
            compile_guards(rule, scope),
            whole[0],
        )


_SCALES = ("1", "100", "1000", "10000", "100000")
Scale = Annotated[
    Decimal,
    Shape(lambda item: Decimal(item.one_of(_SCALES)), {"enum": [*map(int, _SCALES), *_SCALES]}),
]


class Proportion(Struct, frozen=True):
    """A printed share, rate or growth, and what it is of."""

    ratio: Named
    """The printed figure: one box on every line."""
    of: NamedBoxes
    """The part, or what has grown; of several boxes their sum."""
    to: NamedBoxes
    """The whole, or what it has grown from; of several boxes their sum."""
    scale: Scale = Decimal(100)
    """100 where percentages are printed, 1 for fractions, 1000 for per mille."""
    growth: bool = False
    """Whether it says by how much `of` is more than `to`."""


def _ratio(rule: Rule, form: Form) -> Iterator[Check]:
    """printed = scale × Σ of ÷ Σ to for every line; the printed figure is the subject."""
    body: Proportion = rule.body
    for scope in scopes(rule, form, (body.ratio, *body.of, *body.to, *guard_names(rule))):
        printed = scope.refs(body.ratio)
        if len(printed) != 1 or body.ratio.times != 1:
            raise body.ratio.wrong(f"{body.ratio.selector!r} names {len(printed)} boxes, not one")
        whole = _terms(scope, body.to)
        base = [replace(term, coefficient=-term.coefficient) for term in whole]
        yield Check(
            check_id(rule, scope.line),
            rule,
            Ratio(
                Term(1, printed[0], scope.signed(printed[0])),
                (*_terms(scope, body.of), *(base if body.growth else ())),
                whole,
                body.scale,
                rule.tolerance,
                rule.rounding,
            ),
            compile_guards(rule, scope),
            printed[0],
        )


def _terms(scope: RuleScope, operands: NamedBoxes) -> tuple[Term, ...]:
    found = ((each.times, ref) for each in operands for ref in scope.refs(each))
    return tuple(Term(times, ref, scope.signed(ref)) for times, ref in found)


class Competence(Struct, frozen=True):
    """Cells, and the names of those who may not fill them."""

    cells: NamedBoxes
    """Boxes that those bodies leave empty or zero."""
    never: Patterns
    """The names of those bodies."""


def _competence(rule: Rule, form: Form) -> Iterator[Check]:
    """Σ cells ≤ 0, where the agency's name matches."""
    body: Competence = rule.body
    for scope in scopes(rule, form, body.cells + guard_names(rule)):
        yield Check(
            check_id(rule, scope.line),
            rule,
            linear(scope, Comparison(body.cells, (Decimal(0),)), Relation.LE),
            (Issuer(body.never), *compile_guards(rule, scope)),
            subject(scope, body.cells),
        )


class WrittenFigures(Struct, frozen=True):
    """Cells and how they are to be written."""

    cells: NamedBoxes
    """The boxes."""
    decimals: Annotated[int, Meta(ge=0)] = 0
    """How many decimals a figure may have."""
    negative: bool = False
    """Whether it may be below zero."""
    bare: bool = False
    """True: nothing but the figure stands in the box."""

    @classmethod
    def from_item(cls, item: Item) -> WrittenFigures:
        """The body of a rule; `bare: true` takes no other key."""
        found = read_fields(cls, item)
        if found.bare and not item.mapped().keys() <= {"cells", "bare"}:
            raise item.wrong("a bare test looks at the decoration only, so it takes no other key")
        return found

    @classmethod
    def item_schema(cls) -> Schema:
        return {
            **struct_schema(cls),
            "if": {"properties": {"bare": TRUE}, "required": ["bare"]},
            "then": {"properties": {"decimals": False, "negative": False}},
        }


def _number(rule: Rule, form: Form) -> Iterator[Check]:
    """One check for every cell; the cell is the subject."""
    body: WrittenFigures = rule.body
    for scope in scopes(rule, form, body.cells + guard_names(rule)):
        guards = compile_guards(rule, scope)
        for ref in dict.fromkeys(ref for named in body.cells for ref in scope.refs(named)):
            _, _, box = str(ref.address).partition("/")
            written = Written(ref, body.decimals, body.negative, body.bare)
            yield Check(check_id(rule, box), rule, written, guards, ref)


FIGURES: Mapping[str, RuleKind] = {
    "equal": RuleKind(
        Comparison,
        "`equal: [[left…], [right…]]`: both sums are the same.",
        partial(compare, relation=Relation.EQ),
    ),
    "total": RuleKind(
        Total,
        "`total: {total: X, of: [parts…]}`: a printed total is the sum of its parts.\n\n"
        "A total is never its own part, so `of: [results.*]` may name the group in which the total "
        "stands.\n",
        _total,
    ),
    "at_most": RuleKind(
        Comparison,
        "`at_most: [[left…], [right…]]`: the left sum does not exceed the right one.",
        partial(compare, relation=Relation.LE),
    ),
    "at_least": RuleKind(
        Comparison,
        "`at_least: [[left…], [right…]]`: the left sum is not below the right one.",
        partial(compare, relation=Relation.GE),
    ),
    "ratio": RuleKind(
        Proportion,
        "`ratio: {ratio: X, of: [part…], to: [whole…]}`: a printed share, rate or growth is what "
        "its figures\ngive, as far as their digits tell.\n\n"
        "Figures with decimals, and the printed one, may be half a unit of their last digit more "
        "or less;\nfigures without are counts, and exact, unless the rule says `tolerance: "
        "rounding`. Of nothing there is no\nratio: where the whole is zero, the rule does not "
        "apply.\n",
        _ratio,
    ),
    "filled": RuleKind(
        NamedBoxes,
        "`filled: [cells…]`: something is written in every one of these boxes.",
        presence_checks,
    ),
    "mostly_filled": RuleKind(
        NamedBoxes,
        "`mostly_filled: [cells…]`: no more than half of these boxes are blank.",
        partial(presence_checks, mostly=True),
    ),
    "absent": RuleKind(
        NamedBoxes,
        "`absent: [cells…]`: this copy of the form has none of these boxes.",
        partial(presence_checks, wanted=False),
    ),
    "number": RuleKind(
        WrittenFigures,
        "`number: {cells, decimals, negative, bare}`: how figures are written.\n\n"
        "Without `bare`, the figure has at most `decimals` decimals (default 0) and, unless "
        "`negative` is\ntrue, is not below zero. With `bare: true`, nothing but the figure stands "
        "in the box: no unit, no\n`about`. The two are separate rules because they weigh "
        "differently.\n",
        _number,
    ),
    "competence": RuleKind(
        Competence,
        "`competence: {cells, never}`: bodies whose name matches a pattern have nothing to report "
        "here.",
        _competence,
    ),
}
"""By keyword."""
