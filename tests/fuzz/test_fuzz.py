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


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_the_same_in_every_process(kind: str) -> None:
    script = (
        "from tests.fuzz.mutations import mutated\n"
        f"for number in range(20): print(Document('', mutated({kind!r}, number)).sha256)"
    )
    script = "from auditor.model.source import Document\n" + script
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert said.split() == [Document("", mutated(kind, number)).sha256 for number in range(20)]
