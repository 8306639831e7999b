"""A plugin for pytest: how much of the package a tenth of its tests run, and no less than before.

`pytest -p tests.kit.covered` counts lines while one in ten tests of `COUNTED` runs, in each worker:
counting doubles what a test takes, and a tenth reaches all but the rare lines. Names decide which.
The run fails where the share is below `fail_under` in pyproject.toml; `coverage report` tells more.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import coverage
import pytest

COUNTED = ("unit", "formats", "prose", "rules", "golden")
"""Folders of `tests` with a test for every kind of thing."""
ONE_IN = 10

_counter = coverage.Coverage(data_suffix=True)
_shares: list[float] = []


def _counts(config: pytest.Config) -> bool:
    """Whether tests run in this process, and not in workers that it has."""
    return hasattr(config, "workerinput") or not config.getoption("numprocesses", None)


def _is_counted(name: str) -> bool:
    inside = name.startswith(tuple(f"tests/{folder}/" for folder in COUNTED))
    return inside and zlib.crc32(f"b {name}".encode()) < 2**32 / ONE_IN


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for left in Path().glob(".coverage*"):
            left.unlink()
    if _counts(config):
        _counter.start()


def pytest_collection_finish(session: pytest.Session) -> None:
    if _counts(session.config):
        _counter.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if not _is_counted(item.nodeid):
        return (yield)
    _counter.start()
    try:
        return (yield)
    finally:
        _counter.stop()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _counts(session.config):
        _counter.save()
    whole_runs = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if hasattr(session.config, "workerinput") or session.exitstatus not in whole_runs:
        return
    whole = coverage.Coverage()
    whole.combine()
    whole.save()
    _shares.append(whole.report(file=StringIO()))
    if _shares[0] < _least(whole) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for share in _shares:
        least = _least(_counter)
        said = f"{share:.1f} % of the package's lines were run; the least is {least:.0f} %"
        terminalreporter.write_line(said, red=share < least)


def _least(counter: coverage.Coverage) -> float:
    return float(counter.get_option("report:fail_under") or 0)  # type: ignore[arg-type]
