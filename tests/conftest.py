"""Settings for every test: Hypothesis is deterministic, so a failure is seen by all or none."""

from __future__ import annotations

import gc
import os
import sys

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
