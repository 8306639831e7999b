"""The sentences by which the mention reader is measured are sound before anything is measured.

All of them have been looked at while the words were written, `seen.yaml` and `varied.yaml` only
after they had been scored unseen once; what they show is that nothing is lost. `scopes.yaml` grows
with every false alarm. All say of each text which figures claim to be which quantity of the form.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.prose.reading import cases

KEYS = {"id", "like", "text", "section", "year", "says", "totals", "open", "note", "agency"}
SECTIONS = {
    "preamble",
    "overview",
    "disclosure",
    "applications",
    "disputes",
    "problems",
    "other_matters",
}
CLAIMS = {"all_handled", "no_lost_suit", "all_upheld"}
"""Claims that need no figure."""

QUANTITIES = CLAIMS.union(
    re.findall(
        r"\w+",
        """
    received received_all processed handled carried_over carried_over_part carried_forward
    granted partly_granted granted_or_partly denied unavailable declined other_handling
    denied_state_secret denied_by_law denied_security_stability denied_third_party
    denied_internal_affairs denied_deliberative denied_enforcement_file denied_admin_query
    unavailable_not_held unavailable_needs_creation unavailable_unclear
    declined_petition declined_repeat declined_publication declined_excessive declined_reissue
    other_no_correction other_unpaid_fee natural_person organisations
    reviews reviews_upheld reviews_corrected reviews_other reviews_pending
    suits suits_upheld suits_corrected suits_other suits_pending disputes disputes_upheld
    normative_issued normative_repealed normative_in_force
    regulations_issued regulations_repealed regulations_in_force
    licences penalties coercive_measures fee_amount processing_fee posts
    """,
    )
)

LATER = set(
    re.findall(
        r"\w+",
        """
    carried carried_forward_rest granted_plainly business research public_welfare legal_service
    normative_drafted normative_released normative_open normative_standing normative_public
    regulations_drafted licence_items penalty_items other_services fee_items
    procurement_projects procurement_amount normative_published regulations_published
    normative_lapsed regulations_lapsed regulations_public other_rest
    """,
    )
)
"""Quantities that `scopes.yaml` alone claims: the other files are older."""

TEN_THOUSAND = 10_000
DIGITS = dict(zip("零一二三四五六七八九两", (*range(10), 2), strict=True))
NIL = re.compile("0|零|无|未|没有")
PRINTED = re.compile(r"(\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+(?:\.\d+)?)(万?)")
SPELLED = re.compile("[零一二两三四五六七八九十]+")


KNOWN = cases("known.yaml")
VARIED = cases("varied.yaml")
SEEN = cases("seen.yaml")
SCOPES = cases("scopes.yaml")
ALL = [*KNOWN, *VARIED, *SEEN, *SCOPES]
each_case = pytest.mark.parametrize("case", ALL, ids=lambda case: str(case["id"]))


def spelled(numeral: str) -> Decimal:
    """A Chinese numeral below one hundred."""
    tens, ten, ones = numeral.rpartition("十")
    return Decimal((DIGITS.get(tens, 1) if ten else 0) * 10 + DIGITS.get(ones, 0))


def figures(text: str) -> Counter[Decimal]:
    """Every number printed in the text, however it is written, with how often it stands there."""
    text = unicodedata.normalize("NFKC", text)
    found = Counter(map(spelled, SPELLED.findall(text)))
    for digits, unit in PRINTED.findall(text):
        found[Decimal(re.sub("[, ]", "", digits)) * (TEN_THOUSAND if unit else 1)] += 1
    return found


def claimed(name: str, value: Decimal, found: Counter[Decimal], text: str) -> bool:
    """Whether the text prints what the case says it claims."""
    if value == 0:
        return bool(NIL.search(unicodedata.normalize("NFKC", text)))
    if name == "fee_amount":
        # The form asks for ten thousands; the text may print either unit.
        return value * TEN_THOUSAND in found
    return value in found


def test_there_are_enough_cases() -> None:
    assert len(KNOWN) >= 90
    assert len(VARIED) >= 100
    assert len(SEEN) >= 130


def test_three_in_ten_of_the_seen_cases_are_traps() -> None:
    assert 10 * sum(case["says"] == {} for case in SEEN) >= 3 * len(SEEN)


def test_no_two_cases_share_an_id_or_a_text() -> None:
    for key in ("id", "text"):
        assert [value for value, n in Counter(case[key] for case in ALL).items() if n > 1] == []


def test_every_shape_of_the_catalogue_is_known() -> None:
    shapes = {case.get("like") for case in KNOWN}
    assert {f"P{number:02}" for number in range(1, 81)} <= shapes
    # The traps numbered 10 and 11 are about tables and damaged layout, not sentences.
    assert {f"T-{number}" for number in (*range(1, 10), 12, 13, 14)} <= shapes


def test_cases_written_without_a_shape_follow_none() -> None:
    assert [case["id"] for case in (*VARIED, *SEEN) if "like" in case] == []


def test_some_seen_cases_are_whole_passages() -> None:
    assert sum("\n" in case["text"] for case in SEEN) >= 10


@pytest.mark.parametrize("name", ["known", "varied", "seen"])
def test_every_quantity_is_claimed_somewhere(name: str) -> None:
    assert {quantity for case in cases(f"{name}.yaml") for quantity in case["says"]} >= QUANTITIES


def test_every_later_quantity_is_claimed() -> None:
    assert {quantity for case in SCOPES for quantity in case["says"]} >= LATER


@each_case
def test_the_case_is_well_formed(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case["id"])
    assert isinstance(case["text"], str)
    # A text of several paragraphs has one a line.
    assert all(line and line == line.strip() for line in case["text"].split("\n"))
    assert case.get("section", "overview") in SECTIONS
    assert 2019 <= case.get("year", 2023) <= 2025
    assert set(case["says"]) <= QUANTITIES | LATER
    for name, values in case["says"].items():
        assert values
        assert name not in CLAIMS or set(values) == {0}
    assert case.get("open", True) is True
    assert not case.get("open") or len(case["totals"]) == 1


@each_case
def test_every_figure_of_the_case_stands_in_its_text(case: dict[str, Any]) -> None:
    found = figures(case["text"])
    missing = [
        (name, value)
        for name, values in case["says"].items()
        if name not in CLAIMS
        for value in map(Decimal, map(str, values))
        if not claimed(name, value, found, case["text"])
    ]
    assert missing == []
    for breakdown in case.get("totals", []):
        printed = Counter(map(Decimal, map(str, breakdown)))
        # Two parts of the same size must be printed twice.
        assert printed <= found


@each_case
def test_breakdowns_add_up(case: dict[str, Any]) -> None:
    for total, *parts in case.get("totals", []):
        assert len(parts) >= 2
        if case.get("open"):
            assert sum(parts) < total
        else:
            assert sum(parts) == total


def test_figures_are_read_in_every_form() -> None:
    text = "1,204件、１２，４０８件、1 846件、2.36万条、12 件、十二件、三件、二十一件、两起"
    expected = [1204, 12408, 1846, 23600, 12, 12, 3, 21, 2]
    assert sorted(figures(text).elements()) == sorted(map(Decimal, expected))
