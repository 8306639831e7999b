"""Fuzzing that is led by what code a case reaches: a kind and a time in, cases and failures out.

Where atheris is installed, libFuzzer leads with the project's own mutations; where it is not,
`sys.monitoring` (Python 3.12 and later) tells which lines a case was the first to reach.

    python -m tests.fuzz.guided --seconds 90   # all kinds; `make fuzz-guided`
    python -m tests.fuzz.guided --seconds 3600 --corpus build/corpus --keep build/failures
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support import ROOT

CORPUS = Path(__file__).parent / "corpus"
"""Kept cases: each reaches code that no smaller one of its kind does."""
KINDS = ("text", "html", "mhtml", "docx", "xlsx", "pdf", "yaml", "toml")
_GRACE = 60
"""Seconds over its share after which a worker is ended."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description=__doc__)
    parser.add_argument("--seconds", type=int, default=90, help="over all kinds")
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated")
    parser.add_argument("--corpus", type=Path, help="folder that cases are added to")
    parser.add_argument("--keep", type=Path, help="folder for the cases that fail")
    chosen = parser.parse_args()
    kinds = chosen.kinds.split(",")
    failed = executions = 0
    with tempfile.TemporaryDirectory() as scratch:
        corpus, keep = (
            chosen.corpus or Path(scratch, "corpus"),
            chosen.keep or Path(scratch, "kept"),
        )
        for kind in kinds:
            told = run(kind, max(1, chosen.seconds // len(kinds)), corpus / kind, keep)
            executions += told["executions"]
            failed += len(told["failures"])
            print(_said(kind, told), flush=True)
            for name, why in told["failures"].items():
                print(f"FAILED {name}: {why.strip()[-1500:]}\n", flush=True)
    print(f"{executions} executions, {failed} kinds of failure")
    return 1 if failed else 0


def run(kind: str, seconds: int, corpus: Path, keep: Path) -> dict[str, Any]:
    """Fuzzes one kind so long; a worker that dies of a case is followed by another."""
    for folder in (corpus, keep):
        folder.mkdir(parents=True, exist_ok=True)
    for path in (CORPUS / kind).glob("*"):
        shutil.copy(path, corpus)
    whole: dict[str, Any] = {"executions": 0, "failures": {}, "seconds": 0.0, "slowest": 0.0}
    whole["codes"] = Counter()
    while whole["seconds"] < seconds:
        left = max(1, round(seconds - whole["seconds"]))
        told = _work(kind, left, corpus, keep)
        for name in ("executions", "seconds"):
            whole[name] += told[name]
        whole["slowest"] = max(whole["slowest"], told["slowest"])
        whole["codes"].update(told["codes"])
        whole["failures"] |= told["failures"]
        whole["engine"] = told["engine"]
    return whole


def _work(kind: str, seconds: int, corpus: Path, keep: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        state = Path(scratch, "state")
        command = [sys.executable, "-m", "tests.fuzz.guidedworker", kind, str(seconds)]
        with Path(scratch, "said").open("w+b") as said:
            try:
                done = subprocess.run(
                    [*command, str(corpus), str(keep), str(state)],
                    cwd=ROOT,
                    stdout=said,
                    stderr=said,
                    timeout=seconds + _GRACE,
                )
                code: int | str = done.returncode
            except subprocess.TimeoutExpired:
                code = "the clock"
            said.seek(0)
            why = said.read().decode(errors="replace")[-3_000:]
        if not state.exists():
            raise RuntimeError(f"the worker did not start: {why}")
        told: dict[str, Any] = json.loads(state.read_text())
        case = state.with_suffix(".case")
        if not told.pop("done") and case.exists():
            name = f"{kind}-killed-{told['executions']}"
            shutil.copy(case, keep / name)
            told["failures"][name] = f"the worker was ended by {code}\n{why}"
    return told


def _said(kind: str, told: dict[str, Any]) -> str:
    codes = ", ".join(f"{code} {count}" for code, count in sorted(told["codes"].items()))
    return (
        f"{kind:6} {told['executions']:7} executions in {told['seconds']:.0f} s "
        f"by {told['engine']} ({codes}), slowest {told['slowest']:.2f} s, "
        f"{len(told['failures'])} kinds of failure"
    )


if __name__ == "__main__":
    sys.exit(main())
