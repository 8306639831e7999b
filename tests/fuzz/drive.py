"""A kind and a range of cases in; what they came to out. A worker that dies is a failed case."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field

from tests.support import ROOT

EACH = 2_500
"""Cases that one worker runs."""


@dataclass
class Tally:
    """What a range of cases came to."""

    audited: int = 0
    refused: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    peak: int = 0
    run: int = 0


def drive(kind: str, first: int, last: int) -> Tally:
    """Runs the cases, `EACH` to a worker; after one that dies, the next goes on."""
    tally = Tally()
    while first <= last:
        first = _work(kind, first, min(last, first + EACH - 1), tally) + 1
    return tally


def _work(kind: str, first: int, last: int, tally: Tally) -> int:
    """Runs one worker; the number of the last case that it ran."""
    command = [sys.executable, "-m", "tests.fuzz.worker", kind, str(first), str(last)]
    reached = first - 1
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors) as worker,
    ):
        assert worker.stdout is not None
        for line in worker.stdout:
            word, _, said = line.decode().partition(" ")
            if word == "case":
                reached = int(said)
            elif word == "failed":
                failure = json.loads(said)
                tally.failures.append((failure["case"], failure["why"]))
            elif word == "done":
                told = json.loads(said)
                tally.audited += told["audited"]
                tally.refused += told["refused"]
                tally.codes.update(told["codes"])
                tally.slowest = max(tally.slowest, tuple(told["slowest"]))
                tally.peak = max(tally.peak, told["peak"])
        code = worker.wait()
        errors.seek(0)
        why = errors.read().decode(errors="replace")
    tally.run += reached - first + 1
    if code:
        if reached < first:
            raise RuntimeError(f"the worker did not start: {why}")
        tally.failures.append((reached, f"the worker ended with {code}\n{why}"))
    return reached
