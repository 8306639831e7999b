"""Checks on sentences: what each aspect of a `ProsePredicate` makes of the facts.

To add an aspect, add its function to a module of this package, its line here, and its keyword in
`auditor.checks.selectors`. A rule's own test gives sentences, which the reader of reports reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from auditor.checks.prose import claims, comparisons, formalities, lists
from auditor.model.check import Check
from auditor.model.finding import Outcome
from auditor.model.prose import Prose
from auditor.model.report import Facts, Ref

Evaluate = Callable[[Check, Any, Facts, Prose], Iterator[Outcome]]


def _no_refs(body: Any) -> Sequence[Ref]:
    return ()


def _single(evaluate: Callable[[Check, Any, Facts, Prose], Outcome]) -> Evaluate:
    return lambda check, body, facts, prose: iter((evaluate(check, body, facts, prose),))


class Evaluator(NamedTuple):
    """One aspect."""

    evaluate: Evaluate
    """What the check finds, in the order of the text; nothing where nothing is said."""
    refs: Callable[[Any], Sequence[Ref]] = _no_refs
    """The figures of the form that the check may read."""


EVALUATORS: Mapping[str, Evaluator] = {
    "agrees": Evaluator(claims.evaluate_claim, claims.claim_refs),
    "same": Evaluator(claims.evaluate_same, claims.claim_refs),
    "breakdown": Evaluator(lists.evaluate_lists),
    "share": Evaluator(comparisons.evaluate_shares),
    "growth": Evaluator(comparisons.evaluate_growths, comparisons.growth_refs),
    "published": Evaluator(comparisons.evaluate_published),
    "sections": Evaluator(formalities.evaluate_sections),
    "edition": Evaluator(_single(formalities.evaluate_edition), formalities.edition_refs),
    "cites": Evaluator(_single(formalities.evaluate_basis)),
    "years": Evaluator(formalities.evaluate_years),
    "names": Evaluator(_single(formalities.evaluate_names)),
    "dated": Evaluator(_single(formalities.evaluate_date)),
    "brief": Evaluator(_single(formalities.evaluate_brevity)),
    "stated": Evaluator(_single(formalities.evaluate_statement)),
    "charged": Evaluator(formalities.evaluate_tariff, formalities.tariff_refs),
    "same_digits": Evaluator(formalities.evaluate_digits, formalities.digits_refs),
    "leftover": Evaluator(formalities.evaluate_template),
}
