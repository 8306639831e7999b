"""Whose report is last year's: names that mean one agency, and what is not to be guessed."""

from __future__ import annotations

import pytest

from auditor.corpus.agencies import Issued, Predecessor, Register, predecessors
from auditor.definitions.agencies import load_agencies
from auditor.errors import DefinitionError
from auditor.model.check import Definition
from tests.support import library

AGENCIES = load_agencies(library().definitions)


def last_of(*reports: tuple[str, int]) -> dict[str, Predecessor]:
    """By agency and year, of reports each of which is a document of that name."""
    issued = [
        Issued(f"{agency} {year}", f"{agency} {year}", AGENCIES.issuer(agency), year)
        for agency, year in reports
    ]
    return predecessors(Register(issued, AGENCIES))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("青溪市水务局", "青溪市水务局"),
        ("青溪市 水务局", "青溪市水务局"),
        ("青溪市人社局", "青溪市人力资源和社会保障局"),
        ("青溪市人力资源社会保障局", "青溪市人社局"),
        ("青溪市环境保护局", "青溪市生态环境局"),
        ("云岭区水务局", "青溪市云岭区水务局"),
        ("东篱省青溪市水务局", "青溪市水务局"),
    ],
)
def test_names_of_one_agency_meet(before: str, now: str) -> None:
    assert last_of((before, 2022), (now, 2023)) == {f"{now} 2023": Predecessor(f"{before} 2022")}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("青溪市水务局", "望舒市水务局"),
        ("青溪市水务局", "青溪市财政局"),
        ("青溪市社会保障局", "青溪市人力资源和社会保障局"),
    ],
)
def test_names_of_two_agencies_do_not(before: str, now: str) -> None:
    assert last_of((before, 2022), (now, 2023)) == {}


def test_only_the_year_before_is_last_year() -> None:
    assert last_of(("青溪市水务局", 2021), ("青溪市水务局", 2023)) == {}


def test_last_year_is_a_report_of_the_same_kind_on_whatever_edition() -> None:
    name = "青溪市水务局"
    filled = [
        *(("sheet", 2022, "website/2018"), ("old", 2022, "report/2019")),
        *(("new", 2023, "report/2021"), ("next sheet", 2024, "website/2018")),
    ]
    issued = [Issued(document, document, name, year, form) for document, year, form in filled]
    assert predecessors(Register(issued, AGENCIES)) == {"new": Predecessor("old")}


def test_a_district_that_two_cities_have_is_not_guessed() -> None:
    found = last_of(
        ("云岭区水务局", 2022), ("青溪市云岭区水务局", 2023), ("望舒市云岭区水务局", 2023)
    )
    sure = Predecessor(None, ("云岭区水务局 2022",))
    assert found == {"青溪市云岭区水务局 2023": sure, "望舒市云岭区水务局 2023": sure}


def test_what_was_merged_from_several_has_no_sure_predecessor() -> None:
    found = last_of(("青溪市工商行政管理局", 2022), ("青溪市市场监督管理局", 2023))
    candidates = ("青溪市工商行政管理局 2022",)
    assert found == {"青溪市市场监督管理局 2023": Predecessor(None, candidates)}


def test_its_own_report_is_taken_before_that_of_what_it_took_over() -> None:
    found = last_of(
        ("青溪市市场监督管理局", 2022),
        ("青溪市工商行政管理局", 2022),
        ("青溪市市场监督管理局", 2023),
    )
    assert found["青溪市市场监督管理局 2023"] == Predecessor("青溪市市场监督管理局 2022")


def test_a_folder_of_ones_own_adds_names() -> None:
    more = Definition("own/agencies.yaml", ("agencies.yaml",), "same: {水务局: [水利局]}")
    agencies = load_agencies([*library().definitions, more])
    assert agencies.issuer("青溪市水利局") == "青溪市水务局"
    assert agencies.issuer("青溪市人社局") == "青溪市人力资源和社会保障局"


def test_a_key_that_there_is_not_is_refused() -> None:
    with pytest.raises(DefinitionError, match="names"):
        load_agencies([Definition("agencies.yaml", ("agencies.yaml",), "names: {}")])


GROUP = """groups:
  - parent: 青溪市人民政府
    children: [青溪市水务局, 青溪市教育局]
    complete: true
"""


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (GROUP.replace("complete", "complet"), "own.yaml:4", "unknown key"),
        (GROUP.replace("true", "yes"), "own.yaml:4", "true or false"),
        (GROUP.replace("[青溪市水务局, 青溪市教育局]", "[]"), "own.yaml:3", "children"),
        (GROUP.replace("青溪市教育局", "青溪市水务局"), "own.yaml:3", "twice, or below itself"),
        (GROUP.replace("青溪市教育局", "青溪市人民政府"), "own.yaml:3", "twice, or below itself"),
        (GROUP + GROUP.partition("\n")[2], "own.yaml:5", "two groups for the same year"),
        (GROUP + "    since: 2023\n    until: 2021\n", "own.yaml:2", "until is before since"),
        ("same: {水务局: 水利局}", "own.yaml:1", "a list is needed"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, place: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said) as raised:
        load_agencies([Definition("own.yaml", ("agencies.yaml",), text)])
    assert raised.value.place == place
