"""What a run over one text imports: each module that it does not need delays every report."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

import pytest

from tests.support import ROOT

_RUN = """
import os, sys
os._exit = lambda code: print(*sys.modules, file=sys.stderr)
from auditor.__main__ import run
run()
"""
_OURS = 76
"""Modules of the package that a clean report needs; they were 72 when this was written."""
_PATTERNS = 3
"""Patterns that are compiled though an earlier run did; the package's others are kept."""
OUTSIDE = {"json": {"click", "msgspec"}, "terminal": {"click", "msgspec", "rich"}}
"""Packages that each format may import besides the standard library."""
NEVER = {
    *("asyncio", "concurrent.futures", "csv", "html", "importlib.metadata", "logging"),
    *("multiprocessing", "queue", "select", "shutil", "socket", "ssl", "string"),
    *("subprocess", "tempfile", "tomllib", "zipfile"),
    *("auditor.checks.load", "auditor.corpus", "auditor.definitions.assembly", "auditor.testing"),
    *("auditor.diagnosis.search", "auditor.readers.html", "auditor.readers.pdf"),
    *(
        "auditor.strength",
        "auditor.cli.worker",
        "auditor.web",
        "auditor.yamlsource",
        "click.shell_completion",
    ),
}
"""What only other documents, formats or commands need, of which some was imported before."""


@cache
def imported(output: str) -> frozenset[str]:
    """Every module that a check of a clean report imports, to be told in the format."""
    # Of a checkout, the rules are compiled in the first run, and kept.
    command = [sys.executable, "-c", _RUN, "check", "examples/clean.txt", "--format", output]
    return frozenset([_run(command) for _ in range(2)][1].stderr.split())


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """The command as it ended, in an environment that keeps bytecode."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True
    )


@pytest.mark.parametrize("output", OUTSIDE)
def test_a_clean_report_imports_no_package_that_it_does_not_need(output: str) -> None:
    names = {name.partition(".")[0] for name in imported(output)}
    # What the environment puts into each of its processes is none of ours.
    idle = subprocess.run(
        [sys.executable, "-c", "import click, msgspec, sys; print(*sys.modules)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    theirs = {name.partition(".")[0] for name in idle.stdout.split()}
    known = sys.stdlib_module_names | theirs | OUTSIDE[output] | {"auditor"}
    assert {name for name in names - known if not name.startswith("_")} == set()


@pytest.mark.parametrize("output", OUTSIDE)
def test_a_clean_report_imports_nothing_for_others(output: str) -> None:
    assert imported(output) & NEVER == set()
    ours = {name for name in imported(output) if name.partition(".")[0] == "auditor"}
    assert len(ours) <= _OURS, sorted(ours)


def test_few_patterns_are_compiled_that_an_earlier_run_compiled() -> None:
    code = """
import os, re, sys
compiled, ours = re.compile, []
def noted(*given):
    if sys._getframe(1).f_globals["__name__"].startswith("auditor"):
        ours.append(given)
    return compiled(*given)
re.compile = noted
os._exit = lambda code: print(len(ours), *ours, sep="\\n", file=sys.stderr)
from auditor.__main__ import run
run()
"""
    command = [sys.executable, "-c", code, "check", "examples/clean.txt"]
    told = [_run(command).stderr for _ in range(2)][1]
    assert int(told.partition("\n")[0]) <= _PATTERNS, told
