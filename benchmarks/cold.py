"""A one-file run from a cold start, beside the bare imports that it cannot do without.

Whole processes, interleaved so that a busy machine slows both alike; medians and their ratio.
Bytecode is there, whatever PYTHONDONTWRITEBYTECODE says: installing a tool compiles it, and the
first round, which is not counted, writes what is missing. The command starts as its console script
does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 21
_START = "from auditor.__main__ import run; run()"
_CHECK = [sys.executable, "-c", _START, "check", "examples/clean.txt"]
COMMANDS = {
    "imports": [sys.executable, "-c", "import click, rich.console, yaml"],
    "check, json": [*_CHECK, "--format", "json"],
    "check": _CHECK,
}
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True)
            if run:  # the first round compiles the modules and warms the disk
                times[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        ratio = median / medians["imports"]
        print(f"{name:12} {median * 1000:6.0f} ms {ratio:6.2f}")


if __name__ == "__main__":
    main()
