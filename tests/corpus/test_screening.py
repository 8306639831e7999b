"""Screening names what is far from its peers, with those beside it, and never as a finding."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from auditor.cli import main
from auditor.corpus.screening import Screener, box_in_words
from auditor.corpus.store import Store
from auditor.corpus.tables import FACTS, SCREENING, checked, schema_of
from auditor.corpus.views import StoreTables
from auditor.definitions.agencies import load_agencies
from auditor.definitions.screening import load_screening
from auditor.errors import DefinitionError
from auditor.model.check import Definition
from auditor.model.form import Address
from tests.corpus.test_store import FORM, invented, run, tables, written
from tests.support import form, library

RULES = """
peers: 20
size: applications/new_received/total
score: 8
figures: [applications/new_received/total, disclosure/licences/decisions]
ratios:
  - id: left-over
    statement: {zh: 结转, en: left over}
    of: [applications/carried_forward/total]
    to: [applications/new_received/total, applications/carried_over/total]
    high: 0.5
    least: 20
digits: {figures: 50, score: 40}
"""
RECEIVED, LICENCES = "applications/new_received/total", "disclosure/licences/decisions"
Figures = dict[str, float]


def screened(reports: dict[str, Figures], rules: str = RULES, year: int = 2022) -> pl.DataFrame:
    """What is told of the reports, by agency, with names for documents."""
    own = Definition("cn-goi-annual/screening.yaml", ("cn-goi-annual", "screening.yaml"), rules)
    known = library()
    made = replace(known, definitions=(*known.definitions, own))
    screener = Screener(made, load_agencies(known.definitions))
    numbers = {agency: f"{number:064x}" for number, agency in enumerate(reports)}
    rows = [
        (numbers[agency], FORM, box, str(value), value, 0, True, "number", "exact", *[None] * 3)
        for agency, figures in reports.items()
        for box, value in figures.items()
    ]
    facts = pl.DataFrame(rows, schema_of(FACTS), orient="row", strict=False)
    half = len(reports) // 2
    first = pl.col("document").is_in([*numbers.values()][:half])
    screener.add(facts.filter(first))
    screener.add(facts.filter(~first))
    about = pl.DataFrame(
        [(number, agency, FORM, agency, year) for agency, number in numbers.items()],
        {**dict.fromkeys(("document", "name", "form", "issuer"), pl.String), "year": pl.Int32},
        orient="row",
    )
    found = checked(SCREENING, screener.find(about), "screening")
    named = {number: agency for agency, number in numbers.items()}
    return found.with_columns(pl.col("document").replace_strict(named, return_dtype=pl.String))


def offices(count: int, office: str = "水务局") -> list[str]:
    return [f"青溪{number:03}县{office}" for number in range(count)]


def usual(count: int = 30, **more: float) -> dict[str, Figures]:
    rng = Random(count)
    return {
        each: {RECEIVED: rng.randint(10, 90), LICENCES: rng.randint(100, 400)}
        for each in offices(count)
    }


def test_a_figure_far_from_its_peers_is_told_with_them() -> None:
    reports = usual()
    odd = "青溪007县水务局"
    reports[odd][LICENCES] = 3_000_000
    # Another kind of agency, and another level of government, are no peers.
    reports["青溪县公安局"] = {RECEIVED: 40, LICENCES: 3_000_000}
    reports["青溪市水务局"] = {RECEIVED: 40, LICENCES: 3_000_000}
    (row,) = screened(reports).to_dicts()
    assert (row["document"], row["kind"], row["test"], row["subject"]) == (
        *(odd, "screening", "peers", LICENCES),
    )
    assert row["subject_zh"] == form(FORM).describe(Address(*LICENCES.split("/")))
    assert row["value"] == 3_000_000 and row["score"] > row["limit"] == 8
    assert row["peers"] == 29 and 100 < row["median"] < 400
    others = {each: figures[LICENCES] for each, figures in usual().items() if each != odd}
    near = row["nearest"].split("; ")
    assert [others[each] for each in near] == sorted(others.values(), reverse=True)[:3]


def test_with_too_few_peers_nothing_is_told() -> None:
    reports = usual(20)
    reports["青溪007县水务局"][LICENCES] = 3_000_000
    assert screened(reports).is_empty()


def test_peers_of_another_size_are_asked_only_where_there_are_too_few_of_ones_own() -> None:
    small: dict[str, Figures] = {each: {RECEIVED: 20, LICENCES: 30} for each in offices(30)}
    large: dict[str, Figures] = {
        f"石渡{n:03}县水务局": {RECEIVED: 20_000, LICENCES: 30_000} for n in range(30)
    }
    assert screened(small | large).is_empty()
    odd: dict[str, Figures] = {"东篱县水务局": {RECEIVED: 150, LICENCES: 900_000_000}}
    (row,) = screened(small | odd).to_dicts()
    assert row["peers"] == 30 and row["median"] == 30


def test_where_most_have_nothing_a_few_are_not_far_and_many_are() -> None:
    nothing: dict[str, Figures] = {each: {RECEIVED: 0, LICENCES: 0} for each in offices(40)}
    nothing["青溪007县水务局"][LICENCES] = 2
    nothing["青溪008县水务局"][LICENCES] = 500
    assert screened(nothing)["document"].to_list() == ["青溪008县水务局"]


def test_a_ratio_beyond_its_bound_is_told_where_there_is_enough_of_it() -> None:
    forward, over = "applications/carried_forward/total", "applications/carried_over/total"
    reports: dict[str, Figures] = {
        each: {RECEIVED: 90, over: 10, forward: 4} for each in offices(25)
    }
    reports["青溪003县水务局"][forward] = 80
    reports["青溪004县水务局"] = {RECEIVED: 4, over: 2, forward: 6}
    reports["青溪005县水务局"] = {RECEIVED: 90, forward: 80}  # of which one figure was not read
    (row,) = screened(reports).filter(test="ratio").to_dicts()
    assert (row["subject_zh"], row["subject_en"]) == ("结转", "left over")
    assert (row["document"], row["test"], row["subject"]) == (
        *("青溪003县水务局", "ratio", "left-over"),
    )
    assert (row["value"], row["limit"], row["median"], row["peers"]) == (0.8, 0.5, 0.04, 22)


def test_last_digits_that_somebody_made_up_are_told_and_totals_do_not_count() -> None:
    blank = form(FORM)
    boxes = [str(box) for box in blank.table("applications").boxes()]
    rng = Random(4)

    def table(last: tuple[int, ...]) -> Figures:
        return {box: 10 * rng.randint(1, 50) + rng.choice(last) for box in boxes}

    reports = {each: table((*range(10),)) for each in offices(30)}
    reports["青溪009县水务局"] = table((0, 5))
    parts = [box for box in boxes if not box.endswith("/total") and "/total_handled/" not in box]
    mixed = table((*range(10),))
    # Only what is no total has made-up digits, and too few of them.
    reports["青溪010县水务局"] = mixed | dict.fromkeys(set(boxes) - set(parts), 15.0)
    (row,) = screened(reports).filter(test="digits").to_dicts()
    assert (row["document"], row["test"], row["subject"]) == (
        *("青溪009县水务局", "digits", "last-digits"),
    )
    assert row["score"] > 40 > row["median"] * 100 > 10 and 0.4 < row["value"] < 0.7


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("disclosure/licences/decisions", "disclosure/licences/nothing", 5, "licences/nothing"),
        ("of: [applications/carried_forward", "of: [applications/left", 9, "applications/left"),
        ("score: 8", "scores: 8", 4, "scores"),
        ("score: 8", "score: much", 4, "a number is needed"),
        ("peers: 20\n", "", 2, "'peers' is missing"),
        ("peers: 20\n", "peers: 0\n", 2, "peers"),
        ("statement: {zh: 结转, en: left over}", "statement: {zh: 结转}", 8, "'en' is missing"),
    ],
)
def test_what_cannot_be_screened_is_refused_with_its_line(
    old: str, new: str, line: int, said: str
) -> None:
    text = RULES.replace(old, new, 1)
    definition = Definition("x/screening.yaml", ("cn-goi-annual", "screening.yaml"), text)
    with pytest.raises(DefinitionError, match=said) as raised:
        load_screening([definition], library().forms)
    assert raised.value.place == f"x/screening.yaml:{line}"


@pytest.mark.parametrize("parts", [("screening.yaml",), ("cn-nothing", "screening.yaml")])
def test_a_file_that_is_beside_no_form_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError, match="folder of a form"):
        load_screening([Definition("screening.yaml", parts, RULES)], library().forms)


def test_boxes_are_named_by_their_labels_and_in_english_by_what_their_ids_say() -> None:
    reports = usual()
    reports["青溪007县水务局"][LICENCES] = 3_000_000
    (row,) = screened(reports).to_dicts()
    assert row["subject_en"] == "Table two: proactive disclosure: licences × decisions"
    assert not any("一" <= sign <= "鿿" for sign in row["subject_en"])
    own = form("us-foia-annual/2008")
    box = own.table("dispositions").boxes()[0]
    assert box_in_words(own, box, "en") == box_in_words(own, box, "zh") == own.describe(box)


def test_what_is_screened_is_no_finding_and_leaves_every_verdict(tmp_path: Path) -> None:
    source = written(tmp_path / "source", invented(3, wrong=0.0))
    own = tmp_path / "rules" / "cn-goi-annual"
    own.mkdir(parents=True)
    everything = RULES.replace("high: 0.5", "high: -1").replace("least: 20", "least: 0")
    (own / "screening.yaml").write_text(everything, encoding="utf-8")
    found = run(source, tmp_path / "store", "--rules", str(tmp_path / "rules"), code=0)
    assert found["verdicts"] == {"clean": 9} and found["findings"] == {}
    assert len(found["screening"]) == 9
    assert tables(tmp_path / "store")["findings"].is_empty()
    for language, said in (("zh", "结转"), ("en", "left over")):
        command = ["corpus", "summary", "--store", str(tmp_path / "store"), "--lang", language]
        shown = CliRunner().invoke(main, command).output
        assert said in shown and "left-over" not in shown
    told = StoreTables(Store(tmp_path / "store")).screening()
    assert {*told["kind"]} == {"screening"} and {*told["test"]} == {"ratio"}
