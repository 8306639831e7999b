"""A one-file run from a cold start, beside the bare imports that it cannot do without.

Whole processes, interleaved so that a busy machine slows both alike; medians and their ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
COMMANDS = {
    "imports": [sys.executable, "-c", "import click, rich.console, yaml"],
    "audit check": [sys.executable, "-m", "auditor", "check", "examples/clean.txt"],
}


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            if run:  # the first round warms the disk
                times[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:12} {median * 1000:6.0f} ms")
    print(f"ratio        {medians['audit check'] / medians['imports']:6.2f}")


if __name__ == "__main__":
    main()
