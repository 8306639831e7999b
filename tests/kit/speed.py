"""How slow this machine is now: limits of time hold for a usual one, and are stretched for others.

What takes a share of a processor, or has a cache that others use, spends more seconds on the same
work. It is asked only where a limit was not kept. No clock on the wall is: it tells how busy the
machine was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL = 0.032
"""Seconds that the work below takes on two processors of 2023 with nothing else to do."""


def slowness() -> float:
    """How many times as long a fixed piece of work takes as on a usual machine; at least 1."""
    return max(1.0, max(_work() for _ in range(3)) / _USUAL)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fails what takes this process more seconds of the processor; a slow machine gets more."""
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    assert spent < seconds or spent < seconds * slowness(), f"{spent:.1f} s of the processor"


def _work() -> float:
    begun = time.process_time()
    counts: dict[str, int] = {}
    for number in range(200_000):
        key = str(number * 7919 % 10007)
        counts[key] = counts.get(key, 0) + len(key)
    return time.process_time() - begun
