"""Settings for every test: Hypothesis is deterministic, so a failure is seen by all or none.

`--sample N --seed TEXT` runs one in N of the chosen tests; the text decides which, so that the same
text runs the same tests anywhere.
"""

from __future__ import annotations

import gc
import os
import sys
import zlib

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sample", type=int, default=1, help="run one in so many of the tests")
    parser.addoption("--seed", default="", help="any text; it decides which are in the sample")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    one_in, seed = config.getoption("--sample"), config.getoption("--seed")
    if one_in == 1:
        return
    drawn = sorted(items, key=lambda item: zlib.crc32(f"{seed} {item.nodeid}".encode()))
    chosen = set(drawn[: -(-len(items) // one_in)])
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = [item for item in items if item in chosen]
