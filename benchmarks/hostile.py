"""`python -m benchmarks.hostile [DOCUMENTS [FORMAT...]]`: one in a hundred is made to harm.

The same reports are audited in one run without the hostile ones and in one with them. What is said
of every report must be the same, byte for byte, and every hostile one must have its one line.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.hostile.attack import command
from tests.hostile.documents import DOCUMENTS, SLOW
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.support import form

USUAL = 500
"""Documents, where no number is given; the demonstration is 10,000."""
_DISTINCT = 100
"""Reports of each kind that differ; more documents are copies of them under other names."""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    with tempfile.TemporaryDirectory(prefix="audit-") as name:
        folder = Path(name)
        _fill(folder, count - count // 100, sys.argv[2:])
        alone, seconds = _audited(folder)
        print(f"{len(alone)} reports: {seconds:.0f} s", flush=True)
        hostile = _add_hostile(folder, max(1, count // 100))
        together, longer = _audited(folder)
    said = {file: line for file, line in together.items() if file in hostile}
    others = {file: line for file, line in together.items() if file not in hostile}
    missing = sorted(set(hostile) - set(said))
    differ = [file for file, line in alone.items() if others.get(file) != line]
    answers = Counter(_answer(line) for line in said.values())
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"with {len(hostile)} hostile ones among them: {longer:.0f} s, largest process {most} MB")
    print("hostile ones: " + ", ".join(f"{code} {n}" for code, n in answers.most_common()))
    print(f"without a line: {len(missing)} {missing[:5]}")
    print(f"reports of which something else is said: {len(differ)} {differ[:5]}")
    if missing or differ or set(others) != set(alone):
        sys.exit("the hostile ones were felt")


def _fill(folder: Path, count: int, formats: Sequence[str]) -> None:
    """So many reports, of every format and layout in turn; of the given formats, where any are."""
    made = [each for each in _reports() if not formats or each[1] in formats]
    for number in range(count):
        content, suffix = made[number % len(made)]
        (folder / f"{number:05}.{suffix}").write_bytes(content)


def _reports() -> list[tuple[bytes, str]]:
    blank = form()
    found: list[tuple[bytes, str]] = []
    for seed in range(_DISTINCT):
        rng = Random(seed)
        given = (blank, consistent_figures(blank, rng), AGENCIES[seed % len(AGENCIES)], 2024, rng)
        layouts, styles = list(LAYOUTS.values()), list(WEB_PAGES)
        found.append((layouts[seed % len(layouts)](*given).encode(), "txt"))
        found.append((web_page(styles[seed % len(styles)], *given), "html"))
        found.append((word_document(*given), "docx"))
        found.append((workbook(*given), "xlsx"))
    return found


def _add_hostile(folder: Path, count: int) -> dict[str, str]:
    """Hostile documents among the reports, by their names; each says what it is."""
    made = {what: make() for what, (make, _) in DOCUMENTS.items() if what not in SLOW}
    kinds = list(made)
    added = {}
    for number in range(count):
        what = kinds[number % len(kinds)]
        file = f"{number * 100 + 50:05}-hostile.txt"
        (folder / file).write_bytes(made[what])
        added[file] = what
    return added


def _audited(folder: Path) -> tuple[dict[str, str], float]:
    """The line of each document, by its name; and how long the run took."""
    begun = time.monotonic()
    arguments = ["check", "--isolated", "--format", "jsonl", "--jobs", "2", "--quiet", "."]
    done = subprocess.run(command(arguments), cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"the run ended with {done.returncode}")
    lines = done.stdout.decode().splitlines()
    found = {json.loads(line)["source"]["name"]: line for line in lines}
    if len(found) != len(lines):
        sys.exit("a document has two lines")
    return found, time.monotonic() - begun


def _answer(line: str) -> str:
    said = json.loads(line)
    return str(said.get("code") or said["verdict"])


if __name__ == "__main__":
    main()
