"""`audit corpus run` over generated text reports: rate, time of the processor, peak memory; on
request beside two workers of Dask, which open the files themselves or are sent them.

The memory is that of the parent, which holds the tables. A report's share of the parent's time is
told between two numbers of reports, without what any run takes to begin.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from auditor.definitions import load_library
from auditor.testing.corpus import invented_corpus

YEARS = range(2021, 2026)
MEASURE = """
import json, resource, sys
own = resource.getrusage(resource.RUSAGE_SELF)
others = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write("\\n" + json.dumps({
    "peak": own.ru_maxrss / 1024,
    "parent": own.ru_utime + own.ru_stime,
    "children": others.ru_utime + others.ru_stime,
}))
"""


SENT = "from auditor.cli.sources import Sources\nSources._locations = lambda self: iter(())\n"
"""With this, workers are asked to open no file: the command sends what it has read."""


def measured(command: list[str], before: str = "") -> dict[str, float]:
    """What it took: seconds by the clock and of the processors, and megabytes."""
    code = (
        f"import atexit, sys\nfrom auditor.cli import main\n{before}"
        f"atexit.register(lambda: exec({MEASURE!r}, {{}}))\nmain(sys.argv[1:])"
    )
    begun = time.perf_counter()
    made = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - begun
    found: dict[str, float] = json.loads(made.stderr.splitlines()[-1])
    return found | {"seconds": taken}


def on_cluster(command: list[str], before: str = "") -> dict[str, float]:
    """The same, asked of two workers; their time of the processor is not in it."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        return measured([*command, "--scheduler", cluster.scheduler_address], before)


def told(what: str, count: int, found: dict[str, float]) -> None:
    """One line."""
    processor = found["parent"] + found["children"]
    print(
        f"{what:30} {count / found['seconds']:7.1f} reports/s by the clock, "
        f"{count / processor:6.1f} a second of the processor, "
        f"parent {found['parent']:6.1f} s and {found['peak']:4.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("-j", dest="jobs", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--dask", action="store_true", help="also on a cluster of two workers")
    given = parser.parse_args()
    form = load_library().form("cn-goi-annual/2021")
    found: dict[tuple[int, int], dict[str, float]] = {}
    for count in given.counts:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "source")
            for each in invented_corpus(dict.fromkeys(YEARS, form), count // len(YEARS)):
                path = source / each.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(each.text, encoding="utf-8")
            for jobs in given.jobs:
                store = str(Path(folder, f"store-{jobs}"))
                command = ["corpus", "run", str(source), "--store", store, "-j", str(jobs), "-q"]
                found[count, jobs] = measured(command)
                told(f"{count:6} reports, -j {jobs}", count, found[count, jobs])
            told(f"{count:6} reports, again", count, measured(command))
            for how, before in {"open": "", "are sent": SENT}.items() if given.dask else ():
                store = str(Path(folder, f"store-{how}"))
                command = ["corpus", "run", str(source), "--store", store, "--engine", "dask", "-q"]
                told(f"{count:6}, 2 of Dask that {how}", count, on_cluster(command, before))
    first, *_, last = given.counts if len(given.counts) > 1 else (0, 0)
    for jobs in given.jobs if first else ():
        few, many = found[first, jobs], found[last, jobs]
        share = (many["parent"] - few["parent"]) / (last - first) * 1000
        ratio = many["peak"] / few["peak"]
        print(
            f"-j {jobs}: {share:.2f} ms of the parent a report; its peak is {ratio:.2f} × as high"
        )
    for count in given.counts if {1, 2} <= set(given.jobs) else ():
        one, two = (found[count, jobs]["seconds"] for jobs in (1, 2))
        print(f"{count} reports: -j 2 is {one / two:.2f} × as fast as -j 1")


if __name__ == "__main__":
    main()
