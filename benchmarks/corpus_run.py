"""`audit corpus run` over generated text reports: rate, peak memory, one and two processes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from auditor.definitions import load_library
from auditor.testing.corpus import invented_corpus

YEARS = range(2021, 2026)


def main() -> None:
    """The numbers of reports are the arguments; else 200 and 2,000."""
    form = load_library().form("cn-goi-annual/2021")
    for count in map(int, sys.argv[1:] or ("200", "2000")):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "source")
            for each in invented_corpus(dict.fromkeys(YEARS, form), count // len(YEARS)):
                path = source / each.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(each.text, encoding="utf-8")
            for jobs in (1, 2):
                store = str(Path(folder, f"store-{jobs}"))
                command = ["corpus", "run", str(source), "--store", store, "-j", str(jobs)]
                told(f"{count:6} reports, -j {jobs}", count, command)
            told(f"{count:6} reports, again", count, command)


def told(what: str, count: int, command: list[str]) -> None:
    """Runs it, and prints what it took; memory is that of the parent, which holds the tables."""
    measure = "import resource; print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    code = (
        "import atexit, sys\nfrom auditor.cli import main\n"
        f"atexit.register(lambda: exec({measure!r}))\nmain(sys.argv[1:])"
    )
    begun = time.perf_counter()
    made = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - begun
    peak = re.search(r"peak (\d+)", made.stdout)
    assert peak is not None, made.stderr
    print(f"{what}: {count / taken:7.1f} reports/s, peak {int(peak[1]) / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
