"""Cases of a fuzzing run in, the few kept that reach all code that they reach out.

python -m tests.fuzz.keep build/corpus     # into tests/fuzz/corpus, in the place of what was there
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzz.guided import CORPUS, KINDS
from tests.fuzz.targets import reader_of, seeds_of
from tests.support import library

MOST = 40
"""Cases of a kind."""
TRIED = 150
"""Cases of a kind that are tried, the smallest first."""
LARGEST = 20_000
"""Bytes of a case."""

Line = tuple[str, int]


@contextmanager
def reached(lines: set[Line]) -> Iterator[None]:
    """Adds the lines of ours that are run inside."""

    def trace(frame: FrameType, event: str, value: object) -> Any:
        file = frame.f_code.co_filename
        if f"{os.sep}auditor{os.sep}" not in file:
            return None
        lines.add((file, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)


def kept(kind: str, folder: Path) -> list[bytes]:
    """The smallest cases first, each that reaches a line that none before it does."""
    read = reader_of(kind)
    known: set[Line] = set()
    for seed in seeds_of(kind):  # these are made anew in every run
        with reached(known):
            read(seed)
    found: list[bytes] = []
    for content in sorted((path.read_bytes() for path in folder.iterdir()), key=len)[:TRIED]:
        if len(content) > LARGEST or len(found) == MOST:
            break
        lines: set[Line] = set()
        with reached(lines), suppress(Exception):
            read(content)
        if not lines <= known:
            known |= lines
            found.append(content)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.keep", description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated")
    chosen = parser.parse_args()
    corpus = chosen.corpus
    library()
    for kind in chosen.kinds.split(","):
        if not (corpus / kind).is_dir():
            continue
        place = CORPUS / kind
        cases = kept(kind, corpus / kind)
        place.mkdir(parents=True, exist_ok=True)
        for path in place.iterdir():
            path.unlink()
        for content in cases:
            (place / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
        print(f"{kind:6} {len(cases)} cases, {sum(map(len, cases)):,} bytes", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
