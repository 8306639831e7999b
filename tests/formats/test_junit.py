"""JUnit: valid by the schema CI servers use; only what passed is a case without more."""

from __future__ import annotations

from collections import Counter

import pytest
from lxml import etree

from auditor.model.finding import Status
from tests.formats.samples import FAILURE, batch, drawn, example, paper, prose
from tests.support import ROOT

SCHEMA = etree.XMLSchema(etree.parse(str(ROOT / "tests" / "schemas" / "junit-10.xsd")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_of_it_is_valid_by_the_schema(language: str) -> None:
    SCHEMA.assertValid(etree.fromstring(drawn("junit", batch(), language)))
    SCHEMA.assertValid(etree.fromstring(drawn("junit", [])))


def test_the_heads_count_what_stands_below() -> None:
    root = etree.fromstring(drawn("junit", batch()))
    assert len(root) == len(batch())
    for suite in [root, *root]:
        assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
        assert suite.get("failures") == str(len(list(suite.iter("failure"))))
        assert suite.get("errors") == str(len(list(suite.iter("error"))))
        if suite is not root:
            assert suite.get("skipped") == str(len(list(suite.iter("skipped"))))


@pytest.mark.parametrize("name", ["clean", "three-mistakes", "damaged-layout"])
def test_every_check_is_a_case_with_its_own_outcome(name: str) -> None:
    (suite,) = etree.fromstring(drawn("junit", [example(name)]))
    found = {
        str(case.get("name")): next((each.tag for each in case), "")
        for case in suite.iter("testcase")
    }
    outcomes = example(name).audit.outcomes
    once = Counter(outcome.check.id for outcome in outcomes)
    wanted = {Status.PASS: "", Status.FAIL: "failure"}
    for outcome in outcomes:
        if once[outcome.check.id] == 1:
            assert found[outcome.check.id] == wanted.get(outcome.status, "skipped")
    assert set(once) <= set(found)


def test_a_skipped_case_says_why() -> None:
    (suite,) = etree.fromstring(drawn("junit", [example("damaged-layout")]))
    reasons = {str(each.get("type")): str(each.get("message")) for each in suite.iter("skipped")}
    assert reasons["missing-operand"] == "undetermined: the document lacks a cell"
    assert reasons["no-predecessor"].startswith("not applicable: ")


@pytest.mark.parametrize("item", [FAILURE, example("damaged-layout"), paper()])
def test_a_report_that_was_not_wholly_read_has_an_error(item: object) -> None:
    (suite,) = etree.fromstring(drawn("junit", [item]))  # type: ignore[list-item]
    assert len(list(suite.iter("error"))) == 1


def test_a_sentence_that_fails_beside_others_that_pass_fails() -> None:
    (suite,) = etree.fromstring(drawn("junit", [prose()]))
    (failure,) = suite.iter("failure")
    assert "51" in str(failure.get("message"))


def test_characters_that_xml_cannot_say_do_not_break_it() -> None:
    failure = FAILURE.__class__("a\x00\x0b.txt", None, None, "damaged", "\x1b[0m & <b> \ufffe")
    (suite,) = etree.fromstring(drawn("junit", [failure]))
    assert suite.get("name") == "a\ufffd\ufffd.txt"
