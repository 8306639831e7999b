"""`audit check -j 1`, `-j 2` and two separate runs over the same reports, side by side.

Of each: seconds by the clock, and of the processor, for the parent and for its workers apart. Two
separate runs, of half of the reports each, are what two processors can do at best.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from auditor.definitions import load_library
from auditor.testing.corpus import invented_corpus

YEARS = range(2021, 2026)
FEW = 10
MEASURED = """
import atexit, gc, json, resource, sys

def tell():
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = [own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime, own.ru_maxrss / 1024]
    sys.stderr.write("\\n" + json.dumps(said))

atexit.register(tell)
gc.set_threshold(200_000, 20, 100)  # as the command does
from auditor.cli import main
main(sys.argv[1:])
"""


def measured(*runs: Sequence[str]) -> tuple[float, float, float, float]:
    """Of these runs at once: seconds by the clock, of the processor by the parents and by their
    workers, and the parents' peak in megabytes."""
    begun = time.monotonic()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MEASURED, "check", "-q", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in runs
    ]
    said = [json.loads(each.communicate()[1].splitlines()[-1]) for each in started]
    taken = time.monotonic() - begun
    parents, workers, peaks = (sum(column) for column in zip(*said, strict=True))
    return taken, parents, workers, peaks


def medians(runs: Sequence[Sequence[float]]) -> list[float]:
    """Of each number that several runs told."""
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", dest="count", type=int, default=300, help="reports")
    parser.add_argument("--formats", nargs="*", default=["terminal", "json", "sarif", "html"])
    parser.add_argument("--repeats", type=int, default=3, help="the median is told")
    given = parser.parse_args()
    form = load_library().form("cn-goi-annual/2021")
    made = invented_corpus(dict.fromkeys(YEARS, form), -(-given.count // len(YEARS)))
    with tempfile.TemporaryDirectory() as folder:
        halves = [Path(folder, "first"), Path(folder, "second")]
        for number, each in zip(range(given.count), made, strict=False):
            path = halves[number % 2] / each.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
        few = [str(path) for half in halves for path in sorted(half.rglob("*.txt"))[: FEW // 2]]
        every = [str(half) for half in halves]
        for name in given.formats:
            found: dict[str, list[tuple[float, ...]]] = {}
            one, two = (["--format", name, "-j", jobs] for jobs in "12")
            for _ in range(given.repeats):
                for way, runs in (
                    ("-j 1", [[*one, *every]]),
                    ("-j 2", [[*two, *every]]),
                    ("apart", [[*one, half] for half in every]),
                    ("few, -j 1", [[*one, *few]]),
                    ("few, -j 2", [[*two, *few]]),
                ):
                    found.setdefault(way, []).append(measured(*runs))
            told = {way: medians(runs) for way, runs in found.items()}
            for way, (clock, parent, workers, peak) in told.items():
                ratio = "" if way.startswith("few") else f" ({told['-j 1'][0] / clock:.2f} ×)"
                print(
                    f"{name:10} {way:10} {clock:6.2f} s by the clock{ratio}; of the processor: "
                    f"parent {parent:6.2f} s, workers {workers:6.2f} s; {peak:4.0f} MB"
                )
            more = 1000 / (given.count - FEW)
            alone = told["-j 1"][1] - told["few, -j 1"][1]
            parent, workers = (told["-j 2"][at] - told["few, -j 2"][at] for at in (1, 2))
            print(
                f"{name:10} a report, without what any run takes to begin: -j 1 {alone * more:.2f} "
                f"ms; -j 2: parent {parent * more:.2f} ms, workers {workers * more:.2f} ms, "
                f"both {(parent + workers - alone) * more:+.2f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
