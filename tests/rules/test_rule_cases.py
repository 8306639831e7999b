"""Every shipped rule does what its own tests say, and notices every wrong figure in them."""

from __future__ import annotations

from itertools import groupby

import pytest

from auditor.definitions import test_rules
from tests.support import library

RESULTS = sorted(test_rules(library()))
BY_RULE = {
    key: list(found) for key, found in groupby(RESULTS, lambda r: f"{r.form_id}:{r.rule_id}")
}


def test_every_rule_has_results() -> None:
    assert set(BY_RULE) == {
        f"{form_id}:{rule.id}" for form_id, rules in library().rules.items() for rule in rules
    }


@pytest.mark.parametrize("key", sorted(BY_RULE))
def test_the_rule_does_what_its_tests_say(key: str) -> None:
    assert [result for result in BY_RULE[key] if not result.ok] == []


@pytest.mark.parametrize("key", sorted(BY_RULE))
def test_the_rule_speaks_both_languages_and_ends_no_sentence_with_a_stop(key: str) -> None:
    form_id, _, rule_id = key.partition(":")
    rule = library().rule(rule_id, form_id)
    assert rule.basis
    for words in (rule.statement, rule.advice):
        for said in (words or {}).values():
            assert said and said[-1] not in "。."
