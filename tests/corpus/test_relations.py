"""What only a collection of reports shows: a body against those below it, and who is whose copy."""

from __future__ import annotations

import json
import pickle
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from auditor.checks.evaluate import evaluate, gather
from auditor.checks.groups import at_least_each, compare_with_each, is_of_group
from auditor.cli import main
from auditor.corpus.agencies import (
    Child,
    GroupReports,
    Issued,
    Register,
    groups_of,
)
from auditor.corpus.duplicates import find_duplicates, hash_figures
from auditor.corpus.plans import JudgeReports, Plan, ReadDocuments, compare_versions
from auditor.corpus.run import Corpus
from auditor.corpus.store import CLAUSES, Store
from auditor.corpus.tables import FACTS, schema_of
from auditor.corpus.views import StoreTables
from auditor.definitions import load_library
from auditor.definitions.agencies import load_agencies
from auditor.errors import DefinitionError
from auditor.model.check import Definition, Severity
from auditor.model.finding import Reason, Status
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from auditor.readers.limits import DEFAULT
from auditor.testing.corpus import InventedReport, declared_groups, invented_corpus
from tests.corpus.test_store import FORM, YEARS, run, tables, written
from tests.support import form, library
from tests.test_real_reports import FOLDER

BELOW = 3
FAMILIES = 3


def invented(agencies: int = 1, **more: object) -> list[InventedReport]:
    settings = {"below": BELOW, "wrong": 0.0, **more}
    return [*invented_corpus(dict.fromkeys(YEARS, form(FORM)), agencies, **settings)]  # type: ignore[arg-type]


def declared(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "agencies.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def failing(store: Path) -> set[tuple[str, str]]:
    """Name of a report, without the folder of all, and check."""
    found = tables(store)
    rows = (
        found["outcomes"]
        .filter(status="fail")
        .join(found["documents"].select("document", "name"), on="document")
    )
    return {
        (name.partition("/")[2], check) for name, check in rows.select("name", "check").iter_rows()
    }


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[InventedReport], Path]:
    """A corpus with mistakes, and its store."""
    reports = invented(FAMILIES, wrong=0.5, seed=1)
    folder = tmp_path_factory.mktemp("planted")
    source = written(folder / "source", reports)
    rules = declared(folder / "rules", declared_groups(FAMILIES, BELOW))
    run(source, folder / "store", "--rules", rules)
    return reports, folder / "store"


def test_all_that_was_planted_is_found_and_nothing_else(
    planted: tuple[list[InventedReport], Path],
) -> None:
    reports, store = planted
    made = [(each.name, each.planted) for each in reports if each.planted]
    assert {kind.kind for _, kind in made} == {"total", "stock", "carry-over", "group"}
    expected = {(name, check) for name, one in made for check in one.checks}
    expected |= {there for _, one in made for there in one.also}
    assert failing(store) == expected


def test_an_error_is_told_only_of_a_report_in_which_one_was_planted(
    planted: tuple[list[InventedReport], Path],
) -> None:
    reports, store = planted
    found = tables(store)
    told = found["findings"].join(found["documents"].select("document", "name"), on="document")
    names = {name.partition("/")[2] for name in told.filter(severity="error")["name"]}
    assert names == {each.name for each in reports if each.planted and each.planted.kind == "total"}


def test_a_body_is_judged_beside_those_below_it_as_a_single_report_is(
    planted: tuple[list[InventedReport], Path],
) -> None:
    reports, store = planted
    found = tables(store)
    parents = {each.agency for each in reports if each.parent is None}
    read = {
        each.name: read_report(Document(each.name, each.text.encode()), library())[1]
        for each in reports
        if each.year == YEARS[0]
    }
    compared = set()
    for each in reports:
        if each.agency not in parents or each.year != YEARS[0]:
            continue
        children = [
            read[below.name]
            for below in reports
            if below.parent == each.agency and below.name in read
        ]
        assert len(children) == BELOW
        outcomes = evaluate(library().checks(FORM), gather(read[each.name], None, children))
        (document,) = found["documents"].filter(pl.col("name").str.ends_with(each.name))["document"]
        mine = {
            check: (status, reason, residual)
            for check, status, reason, residual in found["outcomes"]
            .filter(document=document)
            .filter(pl.col("rule").str.starts_with("group-"))
            .select("check", "status", "reason", "residual")
            .iter_rows()
        }
        single = {
            outcome.check.id: (
                outcome.status.value,
                outcome.reason and outcome.reason.value,
                float(outcome.residual or 0) if outcome.status is Status.FAIL else None,
            )
            for outcome in outcomes
            if is_of_group(outcome.check)
        }
        assert mine == single
        told = found["findings"].filter(document=document)["fingerprint"]
        content = Document(each.name, each.text.encode())
        alone = audit(content, library(), children=children)
        assert sorted(told) == sorted(finding.fingerprint for finding in alone.findings)
        compared |= {status for status, _, _ in single.values()}
    assert compared == {"pass", "fail"}


def of_parent(store: Path, year: int = YEARS[0]) -> pl.DataFrame:
    """The outcomes of the one government about its group."""
    found = tables(store)
    (parent,) = found["documents"].filter(pl.col("issuer").str.ends_with("人民政府"), year=year)[
        "document"
    ]
    return found["outcomes"].filter(pl.col("rule").str.starts_with("group-"), document=parent)


def states(frame: pl.DataFrame, *, each: bool) -> set[tuple[int, str, str | None]]:
    chosen = frame.filter(pl.col("check").str.contains(":each", literal=True) == each)
    return {*chosen.select("item", "status", "reason").iter_rows()}


def test_where_a_report_is_missing_no_sum_is_judged_and_each_of_the_others_is(
    tmp_path: Path,
) -> None:
    reports = [each for each in invented() if not each.name.endswith("教育局/2022.txt")]
    rules = declared(tmp_path / "rules", declared_groups(1, BELOW))
    run(written(tmp_path / "source", reports), tmp_path / "store", "--rules", rules)
    found = of_parent(tmp_path / "store")
    assert states(found, each=False) == {(0, "undetermined", Reason.INCOMPLETE.value)}
    assert states(found, each=True) == {
        (0, "pass", None),
        (1, "undetermined", Reason.INCOMPLETE.value),
        (2, "pass", None),
    }
    (path,) = (tmp_path / "store").glob("relations/*/groups.parquet")
    (missing,) = pl.read_parquet(path).filter(pl.col("state") != "found").to_dicts()
    assert (missing["child"][-3:], missing["state"], missing["item"]) == ("教育局", "missing", 1)
    assert states(of_parent(tmp_path / "store", 2023), each=False) == {(0, "pass", None)}


def test_a_list_that_is_not_complete_bounds_each_and_adds_nothing_up(tmp_path: Path) -> None:
    reports = invented()
    parent, child = (
        next(each for each in reports if each.agency.endswith(end) and each.year == 2022)
        for end in ("人民政府", "水务局")
    )
    # The parent's own figures in the place of the child's, and one of them larger.
    line = next(row for row in parent.text.splitlines() if row.startswith("行政许可"))
    larger = parent.text.replace(line, "行政许可 | 999999 ||").replace(parent.agency, child.agency)
    text = next(row for row in child.text.splitlines() if row.startswith("行政许可"))
    assert text != "行政许可 | 999999 ||"
    source = written(tmp_path / "source", reports)
    (source / child.name).write_text(larger, encoding="utf-8")
    rules = declared(tmp_path / "rules", declared_groups(1, BELOW, complete=False))
    run(source, tmp_path / "store", "--rules", rules)
    found = of_parent(tmp_path / "store")
    assert states(found, each=False) == {(0, "not_applicable", "no-children")}
    failed = found.filter(status="fail").select("check", "item", "residual").rows()
    own = int(line.split("|")[1])
    assert failed == [("group-decisions:each[licences]", 0, float(own - 999999))]
    (told,) = (
        tables(tmp_path / "store")["findings"]
        .filter(pl.col("rule") == "group-decisions")
        .select("severity", "primary", "actual", "message_zh", "message_en")
        .rows()
    )
    assert told[:3] == ("warning", "disclosure/licences/decisions", str(own))
    for message in told[3:]:
        assert child.agency in message
        assert "999999" in message
    shown = CliRunner().invoke(
        main,
        [
            "corpus",
            "show",
            f"source/{parent.name}",
            "--store",
            str(tmp_path / "store"),
            "--lang",
            "en",
        ],
    )
    assert "999999" in shown.output


class Judging(dict[str, int]):
    """Works in this process; how many reports of those below each report was judged with."""

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        for each in items:
            if isinstance(plan, JudgeReports):
                self[each.name] = len(pickle.loads(each.content)[2][1])
            yield each, plan(each)


def test_each_of_those_below_bounds_a_body_in_columns_as_in_single_reports(tmp_path: Path) -> None:
    rng = Random(2)
    rules = declared(tmp_path / "rules", declared_groups(FAMILIES, BELOW, complete=False))
    known = load_library(rules)
    texts = {}
    for each in invented(FAMILIES, wrong=0.3, seed=5):
        lines = each.text.splitlines()
        for _ in range(3):
            at = rng.choice([at for at, line in enumerate(lines) if line.startswith("行政")])
            if rng.random() < 0.3:
                lines[at] = re.sub(
                    r"\| \d+", lambda m: f"{m[0]}{rng.choice('?/')}", lines[at], count=1
                )
            elif each.parent and rng.random() < 0.2:
                lines[at] = re.sub(r"\| \d+", lambda m: f"{m[0]}00", lines[at], count=1)
        if not each.parent or rng.random() < 0.9:
            texts[each.name] = "\n".join(lines)
    judging = Judging()
    plans = ReadDocuments(known, False, DEFAULT), JudgeReports(known, Severity.ERROR)
    corpus = Corpus(Store(tmp_path / "store"), *plans, judging, lambda phase, total: None)
    corpus.take_in([Document(name, text.encode()) for name, text in texts.items()], len(texts))
    documents = corpus.conclude()
    outcomes = tables(tmp_path / "store")["outcomes"].filter(
        pl.col("check").str.contains(":each", literal=True)
    )
    names = dict(documents.select("document", "name").iter_rows())
    read = {
        document: read_report(Document(name, texts[name].encode()), known)[1]
        for document, name in names.items()
    }
    groups: dict[str, dict[str, Report | None]] = {}
    (path,) = (tmp_path / "store").glob("relations/*/groups.parquet")
    members = pl.read_parquet(path).select("document", "child", "child_document")
    for parent, child, document in members.iter_rows():
        groups.setdefault(parent, {})[child] = document and read[document]
    expected = set()
    by_columns: dict[bool, set[Status]] = {True: set(), False: set()}
    checks = [*filter(is_of_group, known.checks(FORM))]
    for parent, children in groups.items():
        found = [*compare_with_each(checks, form(FORM), read[parent], None, children)]
        by_columns[judging[parent] == 0] |= {outcome.status for outcome in found}
        for at, outcome in enumerate(found):
            reason = outcome.reason and outcome.reason.value
            about = outcome.check.id, at % len(children), outcome.status.value
            expected.add((parent, *about, reason))
    told = outcomes.select("document", "check", "item", "status", "reason")
    assert {*told.iter_rows()} == expected
    assert by_columns[True] == {Status.PASS, Status.UNDETERMINED}
    assert Status.FAIL in by_columns[False]


def test_a_figure_that_was_not_read_below_leaves_its_sum_open_and_no_other(tmp_path: Path) -> None:
    source = written(tmp_path / "source", invented())
    for path in source.rglob("*教育局/2022.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        torn = ["行政许可 | 1?2 ||" if line.startswith("行政许可") else line for line in lines]
        path.write_text("\n".join(torn), encoding="utf-8")
    rules = declared(tmp_path / "rules", declared_groups(1, BELOW))
    run(source, tmp_path / "store", "--rules", rules)
    found = of_parent(tmp_path / "store")
    licences = found.filter(pl.col("check").str.contains("licences"))
    assert states(licences, each=False) == {(0, "undetermined", "missing-operand")}
    assert states(licences, each=True) == {
        (0, "pass", None),
        (1, "undetermined", "missing-operand"),
        (2, "pass", None),
    }
    others = found.filter(rule="group-applications")
    assert {*others.select("item", "status", "reason").iter_rows()} == {(0, "pass", None)}


def test_only_a_sum_of_those_below_bounds_each_of_them() -> None:
    checks = {check.id: check for check in library().checks(FORM)}
    assert at_least_each(checks["applications-carried-over[total]"]) is None
    assert at_least_each(checks["applications-balance[total]"]) is None
    made = at_least_each(checks["group-applications[granted]"])
    assert made is not None and made.id == "group-applications:each[granted]"


# Which reports are those of a group.

OWN = Definition(
    "agencies.yaml",
    ("agencies.yaml",),
    "groups: [{parent: 青溪市人民政府, children: [青溪市人社局, 青溪市云岭区水务局], "
    "complete: true, since: 2022, until: 2023}]",
)
PARENT, HRSS, WATER = "青溪市人民政府", "青溪市人力资源和社会保障局", "青溪市云岭区水务局"


def group_of(*reports: tuple[str, int, str], more: str = "") -> GroupReports | None:
    added = [Definition("own/agencies.yaml", ("agencies.yaml",), more)] if more else []
    agencies = load_agencies([*library().definitions, OWN, *added])
    issued = [
        Issued(f"{agency} {form_id}", agency, agencies.issuer(agency), year, form_id)
        for agency, year, form_id in [(PARENT, 2022, "a/1"), *reports]
    ]
    return groups_of(Register(issued, agencies)).get(f"{PARENT} a/1")


def test_reports_of_a_group_are_found_by_all_names_of_their_agencies() -> None:
    found = group_of(("青溪市人社局", 2022, "a/1"), ("云岭区水务局", 2022, "a/1"))
    assert found == GroupReports(
        True,
        (
            Child(HRSS, "青溪市人社局 a/1", "found"),
            Child(WATER, "云岭区水务局 a/1", "found"),
        ),
    )
    assert found.adds_up


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        ([], "missing"),
        ([(WATER, 2023, "a/1")], "missing"),
        ([(WATER, 2022, "a/2")], "other-form"),
        ([(WATER, 2022, "a/1"), (WATER, 2022, "a/2")], "ambiguous"),
        ([("云岭区水务局", 2022, "a/1"), ("望舒市云岭区水务局", 2022, "a/1")], "ambiguous"),
    ],
)
def test_a_report_that_is_not_surely_that_of_a_child_is_not_taken(
    reports: list[tuple[str, int, str]], state: str
) -> None:
    found = group_of((HRSS, 2022, "a/1"), *reports)
    assert found is not None and not found.adds_up
    assert found.children[1] == Child(WATER, None, state)


def test_a_group_of_other_years_says_nothing_and_a_later_file_replaces_it() -> None:
    later = (
        "groups: [{parent: 青溪市人民政府, children: [青溪市教育局], complete: false, since: 2024}]"
    )
    assert group_of(more=later) is None
    assert group_of(more=later.replace("2024", "2020")) == GroupReports(
        False, (Child("青溪市教育局", None, "missing"),)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{parent: 甲县人民政府, children: [], complete: true}", "children"),
        ("{parent: 甲县人民政府, children: [甲县水务局]}", "complete"),
        (
            "{parent: 甲县政府, children: [甲县人社局, 甲县人力资源和社会保障局], complete: true}",
            "twice",
        ),
        ("{parent: 甲县人民政府, children: [甲县人民政府], complete: true}", "itself"),
        (
            "{parent: 甲县人民政府, children: [甲县水务局], complete: true, until: 2022}, "
            "{parent: 甲县人民政府, children: [甲县水务局], complete: true, since: 2022}",
            "same year",
        ),
    ],
)
def test_a_group_that_cannot_be_is_refused(text: str, said: str) -> None:
    definition = Definition("agencies.yaml", ("agencies.yaml",), f"groups: [{text}]")
    with pytest.raises(DefinitionError, match=said):
        load_agencies([*library().definitions, definition])


# Who is whose copy, and what versions of one report say otherwise.


def related(store: Path, table: str) -> pl.DataFrame:
    """A table of relations with the names of its documents, without their first folder."""
    (path,) = store.glob(f"relations/*/{table}.parquet")
    documents = tables(store)["documents"]
    names = {
        each: name.partition("/")[2]
        for name, each in documents.select("name", "document").iter_rows()
    }
    return pl.read_parquet(path).with_columns(
        pl.col(each).replace_strict(names) for each in ("document", "other")
    )


def test_copies_of_figures_and_of_sentences_are_found_with_the_exact_share(tmp_path: Path) -> None:
    reports = invented(3, copies=1.0, sentences=80, below=0)
    run(written(tmp_path / "source", reports), tmp_path / "store")
    found = related(tmp_path / "store", "duplicates")
    pairs = {
        frozenset((one, other)): (prose, figures)
        for one, other, prose, figures in found.iter_rows()
    }
    copied = {frozenset((each.name, each.copied[1])): each for each in reports if each.copied}
    assert pairs.keys() == copied.keys()
    by_name = {each.name: each for each in reports}
    for pair, (prose, figures) in pairs.items():
        one, other = (shingles(by_name[name].text) for name in pair)
        longer = max(sum(map(len, one)), sum(map(len, other)))
        assert prose == pytest.approx(sum(map(len, one & other)) / longer, abs=0.05)
        if (copied[pair].copied or "")[0] == "prose":
            assert figures is None and prose >= 0.9
        else:
            assert figures >= 10 and prose < 0.5


def shingles(text: str) -> set[str]:
    """What stands between two signs in its first and last sections."""
    prose = text.partition("二、")[0] + text.partition("五、")[2]
    return {part for part in re.split(r"[\W_]+", prose) if part}


def frame_of(*reports: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Documents with those clauses, as relations know them."""
    names = [f"{at:064x}" for at in range(len(reports))]
    about = pl.DataFrame(
        {
            "document": names,
            "form": ["a/1"] * len(names),
            "issuer": names,
            "year": pl.Series([2022] * len(names), dtype=pl.Int32),
            "predecessor": pl.Series([None] * len(names), dtype=pl.String),
        }
    )
    rows = [
        (name, [zlib.crc32(each.encode()) for each in own], [len(each) for each in own])
        for name, own in zip(names, reports, strict=True)
    ]
    return about, pl.DataFrame(rows, CLAUSES, orient="row")


def test_the_share_is_of_the_longer_ones_characters_and_short_sentences_are_never_alike() -> None:
    whole = [f"{number:03}" * 5 for number in range(20)]
    about, clauses = frame_of(whole, whole[:19], whole[:16], ["short"], ["short"], whole)
    none = hash_figures(pl.DataFrame(schema=schema_of(FACTS)))
    found = find_duplicates(about, none, clauses)
    pairs = {(int(one, 16), int(other, 16)): share for one, other, share, _ in found.iter_rows()}
    assert pairs == {(1, 0): 0.95, (5, 0): 1.0}


def test_very_many_reports_that_are_alike_are_not_all_compared() -> None:
    whole = [f"{number:03}" * 5 for number in range(40)]
    many = [[*whole[1:], f"own {number:09}"] for number in range(2000)]
    about, clauses = frame_of(*many)
    none = hash_figures(pl.DataFrame(schema=schema_of(FACTS)))
    begun = time.perf_counter()
    found = find_duplicates(about, none, clauses)
    assert len(found) == 1999
    assert time.perf_counter() - begun < 30


def test_two_versions_of_one_report_are_told_with_the_cells_that_differ(tmp_path: Path) -> None:
    report = invented(below=0)[0]
    source = written(tmp_path / "source", [report])
    changed = re.sub(r"(行政处罚 \| )(\d+)", lambda m: f"{m[1]}{int(m[2]) + 7}", report.text)
    assert changed != report.text
    for name, text in (("later.txt", changed), ("zlast.txt", changed + "\n")):
        (source / report.agency / name).write_text(text, encoding="utf-8")
    run(source, tmp_path / "store")
    found = related(tmp_path / "store", "versions")
    box = "disclosure/penalties/decisions"
    figures = re.findall(r"行政处罚 \| (\d+)", report.text + changed)
    later, last = (f"{report.agency}/{name}" for name in ("later.txt", "zlast.txt"))
    assert found.rows() == [
        (later, report.name, box, "changed", *figures),
        (last, later, None, "same", None, None),
    ]
    assert related(tmp_path / "store", "duplicates").is_empty()


class Comparing(list[Document]):
    """Works in this process; what of it was to compare versions."""

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        for each in items:
            if plan is compare_versions:
                self.append(each)
            yield each, plan(each)


def concluded(folder: Path, texts: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    """The tables of relations after a run over these reports, and the pairs that it compared."""
    comparing = Comparing()
    plans = ReadDocuments(library(), False, DEFAULT), JudgeReports(library(), Severity.ERROR)
    corpus = Corpus(Store(folder), *plans, comparing, lambda phase, total: None)
    corpus.take_in([Document(name, text.encode()) for name, text in texts.items()], len(texts))
    corpus.conclude()
    files = {path.name: path.read_bytes() for path in folder.glob("relations/*/*.parquet")}
    return files, [each.name for each in comparing]


def test_after_any_edits_relations_are_those_of_a_store_made_anew(tmp_path: Path) -> None:
    rng = Random(4)
    texts = {each.name: each.text for each in invented()}
    compared: set[str] = set()
    counts = []
    for number in range(4):
        for name in rng.sample(sorted(texts), 3):
            line = rng.choice(re.findall(r"行政.+ \| \d+", texts[name]))
            edited = texts[name].replace(line, f"{line}1", 1)
            texts[f"{name}-{number}.txt" if rng.random() < 0.7 else name] = edited
        if number:
            del texts[rng.choice(sorted(texts))]
        found, asked = concluded(tmp_path / "store", texts)
        anew, every = concluded(tmp_path / f"anew{number}", texts)
        assert found == anew
        assert set(asked) == set(every) - compared
        counts.append((len(asked), len(every)))
        compared = set(every)
    assert counts[-1][0] < counts[-1][1]


REAL = [FOLDER / f"pingtan-{year}.txt" for year in (2021, 2022)]


@pytest.mark.skipif(
    not all(path.with_suffix(".truth.json").exists() for path in REAL),
    reason="the reports of one agency for two years running are not there",
)
def test_two_years_of_a_real_agency_agree_as_their_figures_do(tmp_path: Path) -> None:
    """What is carried over is what was carried forward; stocks are judged by the figures that
    people read in both, and where we did not read them not at all."""
    source = tmp_path / "source"
    source.mkdir()
    for path in REAL:
        (source / path.name).write_bytes(path.read_bytes())
    assert run(source, tmp_path / "store")["predecessors"] == {"found": 1, "ambiguous": 0}
    found = tables(tmp_path / "store")
    (document,) = found["documents"].filter(year=2022)["document"]
    own = found["outcomes"].filter(document=document)
    carried = own.filter(rule="applications-carried-over")
    assert {*carried["status"]} == {"pass"} and len(carried) == 7
    last, now = (
        json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))["cells"]
        for path in REAL
    )
    for kind in ("regulations", "normative_documents"):
        (status,) = own.filter(check=f"disclosure-stock[{kind}]")["status"]
        asked = [
            (last, "in_force", 1),
            (now, "issued", 1),
            (now, "repealed", -1),
            (now, "in_force", -1),
        ]
        due = sum(sign * int(cells[f"disclosure/{kind}/{each}"][0]) for cells, each, sign in asked)
        rows = found["facts"].filter(
            pl.col("address").is_in([f"disclosure/{kind}/{each}" for _, each, _ in asked])
        )
        expected = "fail" if due else "pass"
        assert status == (expected if {*rows["state"]} == {"number"} else "undetermined")


def test_the_summary_tells_of_groups_copies_and_versions(tmp_path: Path) -> None:
    reports = invented(2, copies=1.0, sentences=80, wrong=0.5, seed=1)
    reports = [each for each in reports if not each.name.endswith("教育局/2024.txt")]
    source = written(tmp_path / "source", reports)
    other = source / reports[0].name.replace("2022", "2022-again")
    other.write_text(reports[0].text + "\n", encoding="utf-8")
    rules = declared(tmp_path / "rules", declared_groups(2, BELOW))
    found = run(source, tmp_path / "store", "--rules", rules)
    broken = [row["broken"] for row in found["groups"]]
    assert broken == sorted(broken, reverse=True) and broken[0] > 0
    missing = {row["parent"] for row in found["groups"] if row["missing"].endswith("教育局")}
    assert missing == {
        each.agency for each in reports if each.year == 2024 and each.agency.endswith("县人民政府")
    }
    assert {
        frozenset(Path(row[each]).parent.name for each in ("name", "other"))
        for row in found["copies"]
    } == {
        frozenset((each.agency, Path(each.copied[1]).parent.name))
        for each in reports
        if each.copied and each.copied[0] == "prose"
    }
    (version,) = found["versions"]
    assert version["changed"] == 0 and version["name"].endswith("2022.txt")
    shown = CliRunner().invoke(
        main, ["corpus", "summary", "--store", str(tmp_path / "store"), "--lang", "en"]
    )
    for title in ("Bodies that do not agree", "sentences of another", "Versions of one report"):
        assert title in shown.output
    book = tmp_path / "all.xlsx"
    StoreTables(Store(tmp_path / "store")).write_workbook(book)
    sheets = pytest.importorskip("openpyxl").load_workbook(book).sheetnames
    assert sheets == ["documents", "findings", "groups", "duplicates", "versions", "screening"]
