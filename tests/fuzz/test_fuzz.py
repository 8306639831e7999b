"""The short run: readers and pipeline raise only `InputError`, and keep their time and memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from auditor.model.source import Document
from tests.fuzz.drive import drive
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import KINDS
from tests.support import ROOT

CASES = 150


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_documents_are_audited_or_refused(kind: str) -> None:
    tally = drive(kind, 0, CASES - 1)
    assert tally.failures == []
    assert tally.run == CASES
    # A mutation that always destroys the document would test nothing.
    assert tally.audited > CASES / 20
    assert tally.refused > CASES / 20


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
