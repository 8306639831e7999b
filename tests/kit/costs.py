"""A plugin for pytest: what each test costs in seconds of the processor, its children included.

`pytest -p tests.kit.costs --costs FILE` adds a line `seconds <tab> test` to the file for each test,
from every worker: on a machine with other work to do, `--durations` tells how busy it was.
`python -m tests.kit.costs FILE` adds up and shows the files and tests that cost most.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

SHOWN = 40


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", help="the file to which costs are added")


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    before = _spent()
    result = yield
    if path := item.config.getoption("--costs"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{_spent() - before:.3f}\t{item.nodeid}\n")
    return result


def table(text: str) -> Iterator[str]:
    """The files and the tests that cost most, each with its seconds and how many tests it has."""
    lines = [line.split("\t", 1) for line in text.splitlines()]
    costs = {name: float(seconds) for seconds, name in lines}
    files: Counter[str] = Counter()
    counts = Counter(name.partition("::")[0] for name in costs)
    for name, seconds in costs.items():
        files[name.partition("::")[0]] += seconds  # type: ignore[assignment]
    yield f"{sum(costs.values()):8.1f} s in {len(costs)} tests"
    for name, total in files.most_common(SHOWN):
        yield f"{total:8.1f} s  {counts[name]:5}  {name}"
    for name, own in sorted(costs.items(), key=lambda each: -each[1])[:SHOWN]:
        yield f"{own:8.1f} s  {name}"


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1]).read_text(encoding="utf-8"))))
