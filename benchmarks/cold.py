"""A one-file run from a cold start, beside the bare imports that it cannot do without.

Whole processes, interleaved so that a busy machine slows all alike; the median processor time of
each, which other programs disturb less than the clock, and its ratio to that of the imports.
Bytecode is there, whatever PYTHONDONTWRITEBYTECODE says: installing a tool compiles it, and the
first round, which is not counted, writes what is missing. The command starts as its console script
does, and looks for no module in the current folder (-P): with the path of another environment's
Python, such as one that a wheel is installed in, that one is measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 41
_START = "from auditor.__main__ import run; run()"
_CHECK = ("-P", "-c", _START, "check", "examples/clean.txt")
COMMANDS = {
    "imports": ("-P", "-c", "import click, rich.console, yaml"),
    "check, json": (*_CHECK, "--format", "json"),
    "check": _CHECK,
}
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def processor_time(command: list[str]) -> float:
    """Seconds of the processor that the command takes; raises where it fails."""
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return used.ru_utime + used.ru_stime


def main(python: str = sys.executable) -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, arguments in COMMANDS.items():
            used = processor_time([python, *arguments])
            if run:  # the first round compiles the modules and warms the disk
                times[name].append(used)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        ratio = median / medians["imports"]
        print(f"{name:12} {median * 1000:6.0f} ms {ratio:6.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
