"""Tests of many reports need the libraries that hold tables; without them they are left out."""

from __future__ import annotations

from importlib.util import find_spec

_NEEDED = ("numpy", "pandera", "polars")
collect_ignore_glob = [] if all(map(find_spec, _NEEDED)) else ["test_*.py"]
