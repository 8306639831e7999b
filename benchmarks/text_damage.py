"""How damaged text is read: cells right, unread and wrong, authors accused, errors found, by kind.

Each kind of damage gets the same number of invented reports, on each form and with figures of each
size in turn, every second one with one error of the author. A seed gives the same reports always.

    python -m benchmarks.text_damage --count 10 --kinds 'move:*,shape:*' --show 3 --folder /tmp/x

WRONG and `accused` must be 0; `right` and `found` say what that costs. Exit code 1 where they are
not. The kinds `by:*` are what real extractors make of a PDF, DOCX or HTML, where they are there.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from random import Random

from auditor.definitions import Library, load_library
from tests.damage.judge import Sample, Verdict, judge
from tests.damage.kinds import EXTRACTED, KINDS, available, is_general
from tests.damage.kinds import sample as sample_of
from tests.damage.reports import SIZES, invent
from tests.damage.small import FORM_ID, FORMS

LIMIT = 30
"""Seconds of work for one report; then it counts as unread, and `most` shows it."""
YEARS = {"cn-goi-annual/2021": (2021, 2025), "cn-goi-annual/2019": (2019, 2020)}


@dataclass(frozen=True, slots=True)
class Task:
    """One report of one kind."""

    kind: str
    number: int
    seed: int
    small: bool = False
    """On the small form of the tests."""


@dataclass(slots=True)
class Tally:
    """What became of the reports of a kind."""

    reports: int = 0
    right: int = 0
    unread: int = 0
    wrong: int = 0
    wrong_reports: int = 0
    clean: int = 0
    accused: int = 0
    planted: int = 0
    found: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: list[tuple[Task, Verdict]] = field(default_factory=list)

    def add(self, verdict: Verdict, seconds: float) -> None:
        """Count one report."""
        self.reports += 1
        self.right += verdict.right
        self.unread += verdict.unread
        self.wrong += len(verdict.wrong)
        self.wrong_reports += bool(verdict.wrong)
        self.clean += not verdict.planted
        self.accused += bool(verdict.accused)
        self.planted += verdict.planted
        self.found += verdict.found
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)

    def merge(self, other: Tally) -> None:
        """Count all reports of another tally."""
        for name in self.__dataclass_fields__:
            if name == "slowest":
                self.slowest = max(self.slowest, other.slowest)
            elif name != "failures":
                setattr(self, name, getattr(self, name) + getattr(other, name))


@cache
def _library(small: bool) -> Library:
    return load_library(FORMS) if small else load_library()


def made(task: Task) -> Sample:
    """The report of a task."""
    rng = Random(zlib.crc32(f"{task.kind} {task.seed} {task.number}".encode()))
    sizes, forms = list(SIZES), list(YEARS)
    size = sizes[(task.number // 2 + zlib.crc32(task.kind.encode())) % len(sizes)]
    form_id = FORM_ID if task.small else forms[task.number % 3 // 2]
    form = _library(task.small).form(form_id)
    case = invent(
        form, YEARS.get(form_id, (2024, 2024)), rng, size, with_error=task.number % 2 == 1
    )
    return sample_of(task.kind, case, rng)


def run(task: Task) -> tuple[Task, Verdict, float]:
    """The verdict on one report, and the seconds that it took."""
    sample = made(task)
    begun = time.process_time()
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        verdict = judge(sample, _library(task.small))
    except _TooLongError:
        verdict = Verdict(unread=len(sample.truth), planted=sample.case.planted is not None)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return task, verdict, time.process_time() - begun


class _TooLongError(Exception):
    """A report took longer than `LIMIT`."""


def _stop(number: int, frame: object) -> None:
    raise _TooLongError


def judged(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Verdict, float]]:
    """The verdicts in the order of the tasks."""
    if jobs == 1:
        yield from map(run, tasks)
        return
    with Pool(jobs) as pool:
        yield from pool.imap(run, tasks, chunksize=4)


def keep(task: Task, verdict: Verdict, folder: Path) -> Path:
    """Writes the report and its truth in the form that `score` reads."""
    sample = made(task)
    stem = re.sub(r"[^\w-]+", "_", f"{task.kind}-{task.number}")
    path = folder / (stem + sample.suffix)
    path.write_bytes(sample.content)
    cells: dict[str, list[str | None]] = {}
    zero_is_blank = sample.blanks or sample.case.mark != "0"
    for box, said in sample.truth.items():
        accepted = sorted(f"{figure:f}" for figure in said)
        blank = sample.emptied or not accepted or (zero_is_blank and "0" in accepted)
        cells[str(box)] = [*accepted, *([None] if blank else [])]
    planted = sample.case.planted
    truth = {
        "report": path.name,
        "cells": cells,
        "planted": [str(planted)] if planted else None,
        "clean": planted is None,
        "failures": list(verdict.fails),
    }
    told = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / (stem + ".truth.json")).write_text(told, encoding="utf-8")
    return path


_HEAD = (
    f"{'kind':44} {'reports':>7} {'right':>6} {'unread':>6} {'WRONG':>6} {'in rep.':>7} "
    f"{'accused':>8} {'found':>9} {'ms':>5} {'most':>6}"
)


def line(name: str, tally: Tally) -> str:
    """One line of the table."""
    cells = max(tally.right + tally.unread + tally.wrong, 1)
    return (
        f"{name:44} {tally.reports:7} {tally.right / cells:6.1%} {tally.unread / cells:6.1%} "
        f"{tally.wrong:6} {tally.wrong_reports:7} {tally.accused:4}/{tally.clean:<3} "
        f"{tally.found:4}/{tally.planted:<4} {tally.seconds / max(tally.reports, 1) * 1000:5.0f} "
        f"{tally.slowest * 1000:6.0f}"
    )


def chosen(patterns: str, small: bool) -> list[str]:
    """The kinds that match one of the patterns and can be made here."""
    asked = patterns.split(",")
    named = filter(is_general, KINDS) if small else (*KINDS, *EXTRACTED)
    return [
        name
        for name in named
        if any(fnmatch(name, pattern) for pattern in asked) and available(name)
    ]


def main() -> int:
    """Prints the table; 1 where a cell was read wrong or an author accused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=8, help="reports of each kind")
    parser.add_argument("--kinds", default="*", help="patterns of names, apart by commas")
    parser.add_argument("--small", action="store_true", help="on a form of ten rows: faster")
    parser.add_argument("--list", action="store_true", help="only print the names of the kinds")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="failures of each kind to keep")
    parser.add_argument("--folder", type=Path, default=Path("text-damage-failures"))
    parser.add_argument("--json", type=Path, help="where to write the numbers")
    asked = parser.parse_args()
    kinds = chosen(asked.kinds, asked.small)
    if asked.list:
        print("\n".join(kinds))
        return 0
    numbers = range(asked.count)
    tasks = [Task(kind, number, asked.seed, asked.small) for kind in kinds for number in numbers]
    tallies = {kind: Tally() for kind in kinds}
    for task, verdict, seconds in judged(tasks, asked.jobs):
        tally = tallies[task.kind]
        tally.add(verdict, seconds)
        if verdict.fails and len(tally.failures) < asked.show:
            tally.failures.append((task, verdict))
    return report(tallies, asked.folder, asked.json)


def report(tallies: dict[str, Tally], folder: Path, numbers: Path | None) -> int:
    """Prints every kind, every group and all together, and keeps the failures."""
    print(_HEAD)
    groups: dict[str, Tally] = {}
    for kind, tally in tallies.items():
        print(line(kind, tally))
        for group in (kind.partition(":")[0], "all"):
            groups.setdefault(group, Tally()).merge(tally)
    print()
    print(_HEAD)
    for group in sorted(groups, key=lambda name: name == "all"):
        print(line(group, groups[group]))
    shown = [each for tally in tallies.values() for each in tally.failures]
    if shown:
        folder.mkdir(parents=True, exist_ok=True)
        print()
    for task, verdict in shown:
        print(f"{keep(task, verdict, folder)}: {verdict.fails[0]} (+{len(verdict.fails) - 1})")
    if numbers:
        told = {
            name: {
                key: getattr(tally, key) for key in Tally.__dataclass_fields__ if key != "failures"
            }
            for name, tally in (tallies | groups).items()
        }
        numbers.write_text(json.dumps(told, indent=1), encoding="utf-8")
    every = groups.get("all", Tally())
    return 1 if every.wrong or every.accused or not every.reports else 0


if __name__ == "__main__":
    sys.exit(main())
