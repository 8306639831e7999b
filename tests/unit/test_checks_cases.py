"""A rule's own tests: run, and proved to notice wrong figures."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.checks.load import load_rules
from auditor.checks.selftest import run_cases
from auditor.errors import DefinitionError
from auditor.model.check import CaseResult
from tests.support import form

FORM = form()
HEAD = """\
- id: toy-rule
  statement: {zh: 句, en: sentence}
  basis: law
  severity: error
  table: disputes
  each: row
  total: {total: total, of: [upheld, corrected, other, pending]}
  tests:
"""
PASS = "    - {given: {upheld: 2, '*': 0, total: 2}, is: pass}\n"
FAIL = "    - {given: {upheld: 2, '*': 0, total: 3}, is: fail, difference: 1}\n"
OPEN = "    - {given: {upheld: 2, total: 3}, is: undetermined}\n"


def results(tests: str, head: str = HEAD) -> list[CaseResult]:
    (rule,) = load_rules(head + tests, "r.yaml")
    return list(run_cases(rule, FORM))


def test_every_figure_of_a_passing_case_is_made_wrong() -> None:
    found = results(PASS + FAIL + OPEN)
    assert all(result.ok for result in found)
    assert len(found) == 3 + 5 * 2
    assert sum("changed" in result.about for result in found) == 10


def test_a_case_that_turns_out_otherwise_says_what_was_found() -> None:
    (wrong,) = (r for r in results(PASS + FAIL.replace("1}", "2}") + OPEN) if not r.ok)
    assert (wrong.place, wrong.expected, wrong.found) == (
        "r.yaml:10",
        "fail, difference 2",
        "fail, difference 1",
    )


def test_a_status_that_no_case_shows_is_told() -> None:
    assert [r.expected for r in results(FAIL) if not r.ok] == [
        "a case that is pass",
        "a case that is not_applicable or undetermined",
    ]


def test_a_case_about_a_figure_that_the_rule_does_not_read_is_an_error() -> None:
    with pytest.raises(DefinitionError, match="reads no figure 'uphled'") as caught:
        results("    - {given: {uphled: 1}, is: pass}\n")
    assert caught.value.place == "r.yaml:9" and "'upheld'" in caught.value.hint


def test_a_value_that_is_no_figure_is_an_error() -> None:
    with pytest.raises(DefinitionError, match="neither a figure nor a state"):
        results("    - {given: {upheld: none}, is: pass}\n")


def test_a_rule_that_overlooks_a_figure_is_found_out() -> None:
    head = HEAD.replace(
        "  total: {total: total, of: [upheld, corrected, other, pending]}\n",
        "  at_most: [[upheld], [total]]\n",
    )
    found = results("    - {given: {upheld: 2, total: 2}, is: pass}\n", head)
    assert [r.about for r in found if "changed" in r.about] == [
        "upheld changed from 2 to 3",
        "total changed from 2 to 1",
    ]


def test_a_rule_without_cases_has_nothing_shown() -> None:
    (rule,) = load_rules(HEAD + PASS, "r.yaml")
    assert len([r for r in run_cases(replace(rule, cases=()), FORM) if not r.ok]) == 3
