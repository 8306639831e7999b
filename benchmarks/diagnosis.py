"""How well, and how fast, wrong cells are found: on invented reports of four sizes.

python -m benchmarks.diagnosis [TRIALS [SEED]]

Single-cell slips of every kind in tables three and four, then two and three of them at once. Beside
it the R package errorlocate on the same cases, where Rscript and the package are installed.
"""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from auditor.definitions import load_library
from auditor.diagnosis import diagnose
from auditor.model.check import Linear, Relation
from auditor.model.finding import Status
from auditor.model.form import Address
from auditor.model.strength import MistakeTally
from auditor.strength import directions_of
from auditor.strength.trials import (
    ONE_CELL,
    SIZES,
    ConsistentReport,
    Mutation,
    consistent_figures,
    mutations,
    result_of,
)

FORM = "cn-goi-annual/2021"
TABLES = ("applications", "disputes")
REPORTS = 25
"""Of each size."""
IN_R = 200
"""So many cases of each sort are given to errorlocate."""


class Case(NamedTuple):
    """A report with wrong cells, and what came of it."""

    bench: ConsistentReport
    mutation: Mutation
    judged: MistakeTally
    seconds: float
    """Processor time of the diagnosis alone."""
    determined: bool
    """Whether the checks tell the true repair from every other of as few cells."""


def main() -> None:
    trials, seed = (*map(int, sys.argv[1:]), *(10_000, 0)[len(sys.argv) - 1 :])[:2]
    rng = Random(seed)
    library = load_library()
    form, checks = library.form(FORM), library.checks(FORM)
    benches = {
        size: [
            ConsistentReport(form, checks, consistent_figures(form, rng, size))
            for _ in range(REPORTS)
        ]
        for size in SIZES
    }
    boxes = [box for key in TABLES for box in form.table(key).boxes()]
    directions = directions_of(checks)
    shared = Counter(directions.values())
    single = {box for box in boxes if shared[directions[box]] == 1}
    print(f"{FORM}, tables three and four, seed {seed}; times are of the processor")
    print(
        f"{'wrong cells':20} {'size':7} {'cases':>6} {'detected':>8} {'offered':>8} {'located':>8} "
        f"{'likely':>7} {'wrong':>5} {'determined':>10} {'of these':>8}  median  95 %    most (ms)"
    )
    for cells, count in ((1, trials), (2, trials // 10), (3, trials // 33)):
        every: list[Case] = []
        for size in SIZES:
            found = list(cases(benches[size], boxes, single, cells, count // len(SIZES), rng))
            row(f"{cells}", size, found)
            every += found
        row(f"{cells}", "all", every)
        within = [case for case in every if {b.table for b in case.mutation.changes} == {TABLES[0]}]
        row(f"{cells} in table three", "all", within)
        print("  " + errorlocate(within[:IN_R]))


def cases(
    benches: Sequence[ConsistentReport],
    boxes: Sequence[Address],
    single: set[Address],
    cells: int,
    count: int,
    rng: Random,
) -> Iterator[Case]:
    """So many reports with slips of one cell each in so many cells."""
    made = 0
    while made < count:
        bench = rng.choice(benches)
        changes: dict[Address, object] = {}
        kinds = []
        for box in rng.sample(boxes, cells):
            order = rng.sample(ONE_CELL, len(ONE_CELL))
            one = next(mutations(bench.form, bench.figures, box, rng, order), None)
            if one is not None:
                changes.update(one.changes)
                kinds.append(one.kind)
        if len(changes) < cells:
            continue
        made += 1
        yield tried(bench, Mutation("+".join(kinds), changes), single)  # type: ignore[arg-type]


def tried(bench: ConsistentReport, mutation: Mutation, single: set[Address]) -> Case:
    """One case, diagnosed and timed."""
    report, facts, outcomes = bench.diagnosed(mutation.changes)
    begun = time.process_time()
    diagnosis = diagnose(report, bench.form, facts, outcomes)
    seconds = time.process_time() - begun
    failing = {outcome.check.id for outcome in outcomes if outcome.status is Status.FAIL}
    truly = {outcome.check.id for outcome in bench.outcomes if outcome.status is Status.FAIL}
    determined = len(mutation.changes) == 1 and mutation.changes.keys() <= single
    found = result_of(diagnosis, bench.figures, mutation.changes)
    return Case(bench, mutation, found, seconds, determined and truly <= failing)


def row(cells: str, size: str, found: Sequence[Case]) -> None:
    """What became of some cases, in one line."""
    total = max(len(found), 1)

    def share(name: str, among: Sequence[Case] = found) -> str:
        return f"{sum(getattr(case.judged, name) for case in among) / max(len(among), 1):8.2%}"

    determined = [case for case in found if case.determined]
    wrong = sum(case.judged.wrong for case in found)
    times = sorted(1000 * case.seconds for case in found)
    print(
        f"{cells:20} {size:7} {total:6} {share('detected')} {share('listed')} {share('located')} "
        f"{share('likely')[1:]} {wrong:5} {len(determined):10} {share('located', determined)}  "
        f"{statistics.median(times):6.1f}  {times[int(0.95 * total)]:6.1f}  {times[-1]:6.1f}",
        flush=True,
    )
    for case in found:
        if case.judged.wrong and size == "all":
            print(f"    wrong: {case.mutation}")


def errorlocate(found: Sequence[Case]) -> str:
    """What the R package makes of the same cases, or why it was not asked."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "errorlocate: Rscript is not installed"
    probe = 'cat(requireNamespace("errorlocate", quietly = TRUE))'
    asked = subprocess.run([rscript, "-e", probe], capture_output=True, text=True, check=False)
    if asked.stdout.strip() != "TRUE":
        return "errorlocate: R is installed, the package errorlocate is not"
    with tempfile.TemporaryDirectory() as folder:
        rules, cases, blamed = (Path(folder, name) for name in ("rules.txt", "cases", "found"))
        table = found[0].bench.form.table(TABLES[0])
        names = {box: f"c{index}" for index, box in enumerate(table.boxes())}
        rules.write_text("\n".join(equations(found[0].bench, names)) + "\n", encoding="utf-8")
        with cases.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(names.values())
            for case in found:
                figures = {**case.bench.figures, **case.mutation.changes}
                writer.writerow([figures[box] for box in names])
        script = Path(__file__).with_name("errorlocate.R")
        ran = subprocess.run(
            [rscript, str(script), str(rules), str(cases), str(blamed)],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            return f"errorlocate: {ran.stderr.strip()}"
        with blamed.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    right = sum(
        {box for box, name in names.items() if each[name] == "TRUE"} == case.mutation.changes.keys()
        for each, case in zip(rows, found, strict=True)
    )
    ours = sum(case.judged.located for case in found)
    return (
        f"errorlocate: {right} of {len(found)} cases with just the true cells, {ran.stdout} ms each"
        f" (here: {ours} located uniquely, with their values)"
    )


def equations(bench: ConsistentReport, names: dict[Address, str]) -> Iterator[str]:
    """The sums of the table, and that counts are not negative, as R writes them."""
    for check in bench.checks:
        sums = check.predicate
        if not isinstance(sums, Linear) or sums.relation is not Relation.EQ or check.guards:
            continue
        terms = [(term.coefficient, names.get(term.ref.address)) for term in sums.terms]
        if any(name is None for _, name in terms) or any(term.ref.lag for term in sums.terms):
            continue
        yield " + ".join(f"{times} * {name}" for times, name in terms) + f" == {sums.constant}"
    yield from (f"{name} >= 0" for name in names.values())


if __name__ == "__main__":
    main()
