"""A store holds what single audits find, is whole at any moment, and does nothing twice."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from auditor.checks.evaluate import evaluate, gather
from auditor.cli import main
from auditor.corpus.plans import FACT_COLUMNS, packed, unpacked
from auditor.corpus.store import Store
from auditor.corpus.tables import AMBIGUOUS, FACTS
from auditor.corpus.views import StoreTables
from auditor.errors import InputError
from auditor.model.finding import Status
from auditor.model.source import Document
from auditor.pipeline import audit, predecessor_of, read_report
from auditor.testing.corpus import InventedReport, invented_corpus
from tests.support import EXAMPLES, form, library

FORM = "cn-goi-annual/2021"
YEARS = (2022, 2023, 2024)


def invented(agencies: int, **more: Any) -> list[InventedReport]:
    return [*invented_corpus(dict.fromkeys(YEARS, form(FORM)), agencies, **more)]


def written(folder: Path, reports: list[InventedReport]) -> Path:
    for each in reports:
        path = folder / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, encoding="utf-8")
    return folder


def run(
    source: Path | str, store: Path | str, *more: str, code: int | None = None
) -> dict[str, Any]:
    """The summary of a run, in this process and its children."""
    arguments = ["corpus", "run", str(source), "--store", str(store), "--format", "json", "-j", "1"]
    result = CliRunner().invoke(main, [*arguments, *more], env={"AUDIT_LANG": "en"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert code is None or result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    done = re.search(r"(\d+) documents read and (\d+) reports judged", result.stderr)
    assert done is not None
    return found | {"read": int(done[1]), "judged": int(done[2])}


def tables(store: Path) -> dict[str, pl.DataFrame]:
    """All that a store says, whatever the parts that it came in."""
    documents = pl.read_parquet(store / "documents.parquet").drop("evaluation")
    whole = {
        name: pl.concat([pl.read_parquet(each) for each in sorted(store.glob(pattern))])
        for name, pattern in {
            "facts": "read/*/*/facts.parquet",
            "outcomes": "evaluations/*/outcomes.parquet",
            "findings": "evaluations/*/findings.parquet",
        }.items()
    }
    return {"documents": documents} | whole


def assert_same(one: Path, other: Path) -> None:
    failed = (
        each["documents"].filter(verdict="failed").select("name", "code", "message").rows()
        for each in (tables(one), tables(other))
    )
    assert next(failed) == next(failed)
    for (name, left), right in zip(tables(one).items(), tables(other).values(), strict=True):
        assert len(left) > 0, name
        assert_frame_equal(left, right, check_row_order=False)
    related = sorted(one.glob("relations/*/*.parquet"))
    assert [each.stem for each in related] == ["duplicates", "groups", "screening", "versions"]
    for path in related:
        (same,) = other.glob(f"relations/*/{path.name}")
        left, right = map(pl.read_parquet, (path, same))
        assert_frame_equal(left, right, check_row_order=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports with and without mistakes, damaged ones, and what is no report."""
    folder = written(tmp_path_factory.mktemp("source"), invented(3, wrong=0.4))
    for example in sorted(EXAMPLES.glob("*.txt")):
        (folder / example.name).write_bytes(example.read_bytes())
    (folder / "none.txt").write_text("No report at all.\n")
    return folder


@pytest.fixture(scope="module")
def store(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    run(source, folder, code=1)
    return folder


def test_a_store_holds_the_outcomes_and_findings_of_single_audits(
    source: Path, store: Path
) -> None:
    found = tables(store)
    names = dict(found["documents"].select("name", "document").iter_rows())
    reports = {}
    for name in names:
        path = source.parent / name if (source.parent / name).is_file() else source / name
        document = Document(name, path.read_bytes())
        if not name.endswith("none.txt"):
            reports[name] = document, read_report(document, library())[1]
    assert len(reports) == 3 * len(YEARS) + 3
    compared = 0
    for name, (document, report) in reports.items():
        previous = predecessor_of(report, [other for _, other in reports.values()])
        single = audit(document, library(), previous)
        expected: dict[tuple[str, int], tuple[str, str | None]] = {}
        for outcome in evaluate(library().checks(report.form_id), gather(report, previous)):
            item = sum(check == outcome.check.id for check, _ in expected)
            reason = outcome.reason and outcome.reason.value
            expected[outcome.check.id, item] = outcome.status.value, reason
        mine = found["outcomes"].filter(document=names[name])
        columns = mine.select("check", "item", "status", "reason").iter_rows()
        assert {(check, item): (status, why) for check, item, status, why in columns} == expected
        told = found["findings"].filter(document=names[name])["fingerprint"]
        assert sorted(told) == sorted(each.fingerprint for each in single.findings)
        compared += previous is not None
    assert compared == 3 * (len(YEARS) - 1)


def test_what_was_planted_is_found(source: Path, store: Path) -> None:
    findings = StoreTables(Store(store)).findings()
    planted = [each for each in invented(3, wrong=0.4) if each.planted]
    wrong = {each.name for each in planted if each.planted and each.planted.checks}
    assert wrong
    mine = {name.removeprefix(f"{source.name}/") for name in findings["name"]}
    # Some of it is also seen from the year after.
    assert wrong <= mine


def test_an_invented_corpus_without_mistakes_has_no_finding(tmp_path: Path) -> None:
    reports = invented(4, wrong=0.0, copies=0.5)
    assert any(each.copied for each in reports)
    run(written(tmp_path / "source", reports), tmp_path / "store")
    assert StoreTables(Store(tmp_path / "store")).findings().is_empty()


def test_what_fails_is_a_row_and_never_a_pass(store: Path) -> None:
    row = pl.read_parquet(store / "documents.parquet").filter(
        pl.col("name").str.ends_with("none.txt")
    )
    assert row["verdict"].to_list() == ["failed"]
    assert row["code"].to_list() == ["no-form"]
    assert tables(store)["outcomes"].filter(document=row["document"][0]).is_empty()


def test_nothing_is_done_twice(source: Path, store: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    again = run(source, store)
    assert (again["read"], again["judged"]) == (0, 0)
    after = {path: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed == {"documents.parquet"}


def test_a_rule_that_changes_is_judged_anew_and_nothing_is_read(
    source: Path, tmp_path: Path
) -> None:
    first = run(source, tmp_path / "store")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "own.yaml").write_text(
        """- id: never-new
  form: cn-goi-annual/2021
  statement: {zh: 无, en: nothing is new}
  basis: none
  severity: info
  table: applications
  at_most: [[new_received/total], [-1]]
  tests:
    - {given: {new_received/total: 3}, is: fail, difference: 4}
    - {given: {new_received/total: -1}, is: pass}
    - {given: {}, is: undetermined}
"""
    )
    second = run(source, tmp_path / "store", "--rules", str(rules))
    assert (first["read"], second["read"]) == (13, 0)
    assert second["judged"] == 12
    rows = [each for each in second["rules"] if each["rule"] == "never-new"]
    assert [each["reports"] for each in rows] == [12]
    third = run(source, tmp_path / "store")
    assert all(each["rule"] != "never-new" for each in third["rules"])


def test_another_year_is_all_that_is_read_and_what_it_concerns_all_that_is_judged(
    tmp_path: Path,
) -> None:
    reports = invented(2, wrong=0.9)
    source = written(tmp_path / "source", [each for each in reports if each.year != 2023])
    first = run(source, tmp_path / "store")
    assert first["predecessors"] == {"found": 0, "ambiguous": 0}
    written(source, reports)
    second = run(source, tmp_path / "store")
    assert second["read"] == 2
    assert second["predecessors"] == {"found": 4, "ambiguous": 0}
    run(source, tmp_path / "whole")
    assert_same(tmp_path / "store", tmp_path / "whole")


def test_of_two_reports_of_last_year_none_is_taken_and_both_are_named(tmp_path: Path) -> None:
    reports = invented(1, wrong=0.0)
    source = written(tmp_path / "source", reports)
    other = source / reports[0].agency / "2022-again.txt"
    other.write_text(reports[0].text + "\n", encoding="utf-8")
    run(source, tmp_path / "store")
    found = tables(tmp_path / "store")
    (row,) = found["documents"].filter(year=2023).to_dicts()
    assert row["predecessor"] is None
    names = row["candidates"].split("; ")
    assert [Path(each).name for each in names] == ["2022-again.txt", "2022.txt"]
    unsure = found["outcomes"].filter(document=row["document"], reason=AMBIGUOUS)
    assert {*unsure["status"]} == {"undetermined"}
    assert "carry-over" in " ".join(unsure["rule"]) or len(unsure) > 5


def test_reports_with_the_same_figures_are_told_and_others_are_not(tmp_path: Path) -> None:
    reports = invented(2, wrong=0.0)
    source = written(tmp_path / "source", reports)
    copied = reports[0].text.replace("2022", "2021")
    (source / "copied.txt").write_text(copied, encoding="utf-8")
    found = run(source, tmp_path / "store")
    (group,) = found["duplicates"]
    assert {Path(name).name for name in group["names"]} == {"copied.txt", "2022.txt"}
    assert group["figures"] >= 10


def test_another_reading_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    source = written(tmp_path / "source", invented(1, wrong=0.0))
    run(source, tmp_path / "store")
    before = tables(tmp_path / "store")["facts"]
    again = run(source, tmp_path / "store", "--limit", "pages=500")
    assert (again["read"], again["judged"]) == (3, 3)
    assert_frame_equal(tables(tmp_path / "store")["facts"], before, check_row_order=False)


def test_the_same_bytes_under_two_names_are_read_once_and_stand_under_both(tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_bytes((EXAMPLES / "clean.txt").read_bytes())
    found = run(tmp_path, tmp_path / "store", code=0)
    assert (found["documents"], found["read"]) == (2, 1)
    assert found["verdicts"] == {"clean": 2}


IN_SMALL_PARTS = """
import sys
from auditor.cli import main
from auditor.corpus import run
run._MOST_IN_PART = 2
main(sys.argv[1:])
"""


def killed_run(source: Path, store: Path, after: float) -> float:
    """A run of many small parts in a process of its own, killed so many seconds after it began to
    work; how long it worked, if it ended before, else 0."""
    command = ["corpus", "run", str(source), "--store", str(store), "-j", "2"]
    made = subprocess.Popen(
        [sys.executable, "-c", IN_SMALL_PARTS, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not (store / ".lock").exists() and made.poll() is None:
        time.sleep(0.01)
    begun = time.monotonic()
    try:
        made.wait(after)
        return time.monotonic() - begun
    except subprocess.TimeoutExpired:
        os.kill(made.pid, signal.SIGKILL)
        made.wait()
        return 0.0


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("moments", [3, pytest.param(20, marks=pytest.mark.thorough)])
def test_a_run_that_is_killed_at_any_moment_goes_on_and_comes_to_the_same(
    moments: int, source: Path, store: Path, tmp_path: Path
) -> None:
    rng = random.Random(moments)
    lasts = killed_run(source, tmp_path / "whole", 120)
    assert_same(tmp_path / "whole", store)
    for moment in range(moments):
        folder, killed = tmp_path / str(moment), 0
        while not killed or rng.random() < 0.5:
            ended = killed_run(source, folder, lasts * rng.uniform(0.05, 0.95))
            if not ended:
                killed += 1
                continue
            lasts = min(lasts, ended)  # the machine has less to do than before
            if killed:
                break
            folder = folder.with_name(f"{folder.name}-again")
        run(source, folder)
        assert not [*folder.rglob("*.part")]
        assert_same(folder, store)


def test_two_runs_do_not_share_a_store(store: Path, source: Path) -> None:
    with Store(store).locked():
        result = CliRunner().invoke(
            main, ["corpus", "run", str(source), "--store", str(store)], env={"AUDIT_LANG": "en"}
        )
    assert result.exit_code == 2
    assert "another run has it" in result.output


def test_a_folder_of_other_things_is_no_store(source: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    arguments = ["corpus", "run", str(source), "--store", str(tmp_path)]
    result = CliRunner().invoke(main, arguments, env={"AUDIT_LANG": "en"})
    assert result.exit_code == 2
    assert "'letter.txt' stands in it" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_table_that_was_tampered_with_is_refused_in_words(
    store: Path, source: Path, tmp_path: Path
) -> None:
    run(source, tmp_path)
    (path, *_) = tmp_path.glob("evaluations/*/outcomes.parquet")
    frame = pl.read_parquet(path).with_columns(status=pl.lit("fine"))
    frame.write_parquet(path)
    with pytest.raises(InputError, match="column status: 'fine' must be one of pass, fail"):
        StoreTables(Store(tmp_path)).summary()
    result = CliRunner().invoke(main, ["corpus", "summary", "--store", str(tmp_path)])
    assert result.exit_code == 2


def test_a_packed_report_is_the_same_again_and_nothing_else_is_unpacked() -> None:
    _, report = read_report(
        Document("report.txt", (EXAMPLES / "damaged-layout.txt").read_bytes()), library()
    )
    assert unpacked(packed(report)) == (report, None)

    class Harmful:
        def __reduce__(self) -> Any:
            return os.getcwd, ()

    import zlib

    with pytest.raises(pickle.UnpicklingError):
        unpacked(zlib.compress(pickle.dumps(Harmful())))


def test_counts_of_the_summary_are_those_of_the_tables(store: Path) -> None:
    found, summary = tables(store), StoreTables(Store(store)).summary()
    assert sum(summary["outcomes"].values()) == len(found["outcomes"])
    assert summary["outcomes"][Status.FAIL.value] == len(found["outcomes"].filter(status="fail"))
    assert sum(summary["verdicts"].values()) == len(found["documents"]) == summary["documents"]
    (text,) = summary["formats"]
    unread = found["facts"].filter(pl.col("state").is_in(["illegible", "missing"]))
    assert (text["format"], text["documents"]) == ("txt", len(found["documents"]))
    assert (text["boxes"], text["unread"]) == (len(found["facts"]), len(unread))


def test_facts_are_made_in_the_order_of_their_table() -> None:
    assert [*FACTS.columns] == [*FACT_COLUMNS]
