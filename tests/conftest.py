"""Settings for every test: Hypothesis is deterministic, so a failure is seen by all or none.

`--sample N --seed TEXT` runs one in N of the thorough tests; the text decides which, so that the
same text runs the same tests anywhere. `--note FILE` writes down which tests a run was of, and
`--but=FILE` leaves them out of the next.
"""

from __future__ import annotations

import gc
import os
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

# Hundreds of commands are run, each in a process of its own: without bytecode, and the rules that
# are kept beside it, as containers are often set, most of their time is spent on reading both anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: they are no garbage, and need not be gone over again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _rules_unpacked_once() -> Iterator[None]:
    """A thousand commands are run in this process, and each would unpack the package's rules again
    and sort the words by which it reads sentences: more than half of a short command's time."""
    from auditor.definitions import compiled

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compiled, "kept", cache(compiled.kept))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sample", type=int, default=1, help="run one in so many thorough tests")
    parser.addoption("--seed", default="", help="any text; it decides which are in the sample")
    parser.addoption("--note", help="a file for the names of the tests that are run")
    parser.addoption("--but", help="such a file: its tests are left out")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    one_in, seed = config.getoption("--sample"), config.getoption("--seed")
    noted, note = config.getoption("--but"), config.getoption("--note")
    left_out = set(Path(noted).read_text(encoding="utf-8").split("\n")) if noted else set()
    chosen = [item for item in items if item.nodeid not in left_out]
    if one_in > 1:
        thorough = [item for item in chosen if item.get_closest_marker("thorough")]
        thorough.sort(key=lambda item: zlib.crc32(f"{seed} {item.nodeid}".encode()))
        others = set(thorough[-(-len(thorough) // one_in) :])
        chosen = [item for item in chosen if item not in others]
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen
    if note and os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":  # each has the same
        Path(note).write_text("\n".join(item.nodeid for item in items), encoding="utf-8")
