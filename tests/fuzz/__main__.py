"""The long run: workers one after another, a line of counts a kind; exit code 1 for any failure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from auditor.readers.scan import is_installed
from tests.fuzz.drive import Tally, drive
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import KINDS, real
from tests.fuzz.worker import RECOGNISED

SHARES = {
    "text": 22,
    "html": 22,
    "mhtml": 8,
    "docx": 18,
    "xlsx": 18,
    "pdf": 10,
    "any": 2,
    "real": 2,
    "scan": 1,
}
"""Of about a hundred executions; those of `scan` may take a minute each."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--executions", type=int, default=20_000, help="over all kinds")
    parser.add_argument("--kinds", default=",".join((*KINDS, *_more())), help="comma-separated")
    parser.add_argument(
        "--from", type=int, default=0, dest="first", help="number of the first case"
    )
    parser.add_argument("--keep", type=Path, help="folder for the documents that fail")
    chosen = parser.parse_args()
    kinds = chosen.kinds.split(",")
    shares = sum(SHARES[kind] for kind in kinds)
    failed = 0
    done = 0
    for kind in kinds:
        count = max(1, round(chosen.executions * SHARES[kind] / shares))
        tally = drive(kind, chosen.first, chosen.first + count - 1)
        print(_said(kind, tally), flush=True)
        for number, why in tally.failures:
            failed += 1
            print(f"FAILED {kind} {number}: {why.strip()[-1500:]}\n", flush=True)
            if chosen.keep:
                chosen.keep.mkdir(parents=True, exist_ok=True)
                (chosen.keep / f"{kind}-{number}").write_bytes(
                    mutated("pdf" if kind == RECOGNISED else kind, number)
                )
        done += tally.run
    print(f"{done} executions, {failed} failures")
    return 1 if failed else 0


def _more() -> list[str]:
    """The kinds that not every machine can run."""
    return [*(["real"] if real() else []), *([RECOGNISED] if is_installed() else [])]


def _said(kind: str, tally: Tally) -> str:
    codes = ", ".join(f"{code} {count}" for code, count in sorted(tally.codes.items()))
    return (
        f"{kind:6} {tally.run:7} executions: {tally.audited} audited, {tally.refused} refused "
        f"({codes}), {len(tally.failures)} failed; slowest {tally.slowest[0]:.2f} s "
        f"(case {tally.slowest[1]}), peak {tally.peak / 1024:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
