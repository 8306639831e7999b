"""The short run: readers and pipeline raise only `InputError`, and keep their time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.model.source import Document
from tests.fuzz.drive import drive
from tests.fuzz.guided import CORPUS, run
from tests.fuzz.guided import KINDS as GUIDED
from tests.fuzz.guidedworker import Cases
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import KINDS
from tests.fuzz.targets import reader_of
from tests.support import ROOT


@pytest.mark.parametrize(
    ("cases", "least"), [(40, 1), pytest.param(150, 8, marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_mutated_documents_are_audited_or_refused(kind: str, cases: int, least: int) -> None:
    tally = drive(kind, 0, cases - 1)
    assert tally.failures == []
    assert tally.run == cases
    # A mutation that always destroys the document would test nothing.
    assert tally.audited >= least
    assert tally.refused >= least


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, list[str]]:
    """The digests of the first cases of every kind, as another process makes them."""
    script = (
        "from auditor.model.source import Document\n"
        "from tests.fuzz.mutations import mutated\n"
        f"for kind in {list(KINDS)!r}:\n"
        "    print(kind, *(Document('', mutated(kind, n)).sha256 for n in range(20)))"
    )
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return {kind: digests for kind, *digests in map(str.split, said.splitlines())}


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_the_same_in_every_process(kind: str, elsewhere: dict[str, list[str]]) -> None:
    here = [Document("", mutated(kind, number)).sha256 for number in range(20)]
    assert elsewhere[kind] == here


@pytest.mark.parametrize("one_in", [4, pytest.param(1, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("kind", GUIDED)
def test_kept_cases_are_read_or_refused(kind: str, one_in: int) -> None:
    """Guided fuzzing, which CI does at every change, begins with all of them."""
    cases = sorted((CORPUS / kind).iterdir())[::one_in]
    assert cases
    read = reader_of(kind)
    codes = {read(case.read_bytes()) for case in cases}
    assert one_in > 1 or len(codes) > 1


def test_a_guided_run_goes_on_from_the_kept_cases(tmp_path: Path) -> None:
    told = run("toml", 3, tmp_path / "corpus", tmp_path / "kept")
    assert told["executions"] > len(list((CORPUS / "toml").iterdir())) > 0
    assert told["failures"] == {}
    assert sum(told["codes"].values()) == told["executions"]


def test_a_failure_is_told_once_for_each_place_and_its_case_kept(tmp_path: Path) -> None:
    def read(content: bytes) -> str:
        return {b"a": "read"}[content]

    cases = Cases("text", read, 1.0, tmp_path, tmp_path / "state")
    for content in (b"a", b"b", b"c"):
        cases(content)
    cases.write(done=True)
    told = json.loads((tmp_path / "state").read_text())
    assert (told["executions"], told["codes"]) == (3, {"read": 1})
    ((name, why),) = told["failures"].items()
    assert "KeyError" in why
    assert (tmp_path / name).read_bytes() == b"b"
