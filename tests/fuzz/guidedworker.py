"""A process that fuzzes one kind and may die of a case, which is then on disk beside its state.

python -m tests.fuzz.guidedworker KIND SECONDS CORPUS KEEP STATE
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import CodeType, TracebackType
from typing import Any

_EVERY = 2.0
"""Seconds between two writings of the state."""
_MOST_CASE = 100_000
_TOOL = 4
"""The number by which we are known to `sys.monitoring`."""


class Cases:
    """Runs cases of a kind, one at a time; what they came to is in `state`."""

    def __init__(
        self, kind: str, read: Callable[[bytes], str], seconds: float, keep: Path, state: Path
    ) -> None:
        self._kind, self._keep, self._state = kind, keep, state
        self._case = state.with_suffix(".case")
        self._read = read
        self.end = time.monotonic() + seconds
        self._begun = self._written = time.monotonic()
        self.told: dict[str, Any] = {
            **{"executions": 0, "failures": {}, "slowest": 0.0, "seconds": 0.0},
            **{"engine": "", "done": False, "codes": {}},
        }

    def __call__(self, content: bytes) -> None:
        """One case. What native code does not end in time ends this process."""
        from tests.fuzz.targets import SECONDS

        self._case.write_bytes(content)
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * SECONDS)
        begun = time.process_time()
        try:
            code = self._read(content)
            self.told["codes"][code] = self.told["codes"].get(code, 0) + 1
            took = time.process_time() - begun
            if took > SECONDS:
                self._failed(content, f"{took:.1f} seconds", f"{took:.1f} seconds")
        except BaseException as error:
            self._failed(content, _place_of(error.__traceback__, error), traceback.format_exc())
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.told["executions"] += 1
        self.told["slowest"] = max(self.told["slowest"], time.process_time() - begun)
        if time.monotonic() > self._written + _EVERY:
            self.write()

    def _failed(self, content: bytes, place: str, why: str) -> None:
        """One failure for each place in our code, with the first case that came to it."""
        name = f"{self._kind}-{hashlib.sha256(place.encode()).hexdigest()[:10]}"
        if name not in self.told["failures"]:
            self.told["failures"][name] = f"{place}\n{why}"
            (self._keep / name).write_bytes(content)

    def write(self, done: bool = False) -> None:
        self._written = time.monotonic()
        self.told |= {"seconds": self._written - self._begun, "done": done}
        self._state.write_text(json.dumps(self.told))


def _place_of(trace: TracebackType | None, error: BaseException) -> str:
    """The kind of an error and the innermost line of ours that it went through."""
    own = "", 0
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{os.sep}auditor{os.sep}" in code.co_filename:
            own = code.co_filename.rpartition(f"{os.sep}auditor{os.sep}")[2], trace.tb_lineno
        trace = trace.tb_next
    return f"{type(error).__name__} at {own[0]}:{own[1]}"


def _bounded() -> None:
    """No more memory than a document may have; the place in the code where time ran out."""
    from tests.fuzz.targets import MEMORY

    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + 2 * MEMORY, mapped + 2 * MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable()
    faulthandler.register(signal.SIGVTALRM, chain=True)


def by_atheris(kind: str, corpus: Path, made: Callable[[], Cases]) -> None:
    """libFuzzer leads; it ends the process when its time is over."""
    import atheris

    with atheris.instrument_imports(include=["auditor"]):
        from tests.fuzz import targets

        _prepare(kind, corpus)
    cases = made()
    cases.told["engine"] = "atheris"
    cases.write()
    _bounded()

    def mutated(content: bytes, most: int, seed: int) -> bytes:
        # Bytes of a container change nothing but its checksum.
        if kind in ("docx", "xlsx") or seed % 4:
            return targets.mutation_of(kind, content, seed)[:most]
        return bytes(atheris.Mutate(content, most))

    def one(content: bytes) -> None:
        if time.monotonic() >= cases.end:
            cases.write(done=True)
            os._exit(0)
        cases(content)

    options = [f"-max_len={_MOST_CASE}", "-rss_limit_mb=0", "-timeout=120", "-len_control=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=mutated)
    atheris.Fuzz()


def _prepare(kind: str, corpus: Path) -> None:
    """Everything that no case is to be charged for; a corpus of nothing begins with the seeds."""
    from tests.fuzz import targets
    from tests.support import library

    library()
    seeds = targets.seeds_of(kind)
    for seed in seeds:  # readers are imported when the first document wants them
        targets.reader_of(kind)(seed)
    if not any(corpus.iterdir()):
        for seed in seeds:
            (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def by_monitoring(kind: str, corpus: Path, made: Callable[[], Cases]) -> None:
    """A case that is the first to reach a line of ours joins those that are mutated."""
    from tests.fuzz import targets

    _prepare(kind, corpus)
    monitoring = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    reached: list[int] = []

    def line(code: CodeType, number: int) -> Any:
        if f"{os.sep}auditor{os.sep}" in code.co_filename:
            reached.append(number)
        return monitoring.DISABLE

    monitoring.use_tool_id(_TOOL, "tests.fuzz")
    monitoring.register_callback(_TOOL, monitoring.events.LINE, line)
    monitoring.set_events(_TOOL, monitoring.events.LINE)
    cases = made()
    cases.told["engine"] = "sys.monitoring"
    cases.write()
    _bounded()
    kept = [path.read_bytes() for path in sorted(corpus.iterdir())]
    rng = Random(len(kept))
    waiting = list(kept)
    while time.monotonic() < cases.end:
        content = (
            waiting.pop()
            if waiting
            else targets.mutation_of(kind, rng.choice(kept), rng.randrange(1 << 60))[:_MOST_CASE]
        )
        reached.clear()
        cases(content)
        if reached and content not in kept:
            kept.append(content)
            (corpus / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    cases.write(done=True)


def main(kind: str, seconds: str, corpus: str, keep: str, state: str) -> None:
    # As where the extra `ocr` is not installed: a page recognised takes seconds.
    sys.modules["rapidocr_onnxruntime"] = None  # type: ignore[assignment]
    try:
        import atheris  # noqa: F401

        engine = by_atheris
    except ImportError:
        engine = by_monitoring

    def made() -> Cases:
        from tests.fuzz.targets import reader_of  # not before its imports are watched

        return Cases(kind, reader_of(kind), float(seconds), Path(keep), Path(state))

    engine(kind, Path(corpus), made)


if __name__ == "__main__":
    main(*sys.argv[1:])
