"""A process that runs cases and may die of one: its last line says of which.

python -m tests.fuzz.worker KIND FIRST LAST
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import signal
import sys
import time
import traceback

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.pipeline import audit
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import warm
from tests.support import library

SECONDS = 5.0
"""Of processor time that a case may take."""
MEMORY = 1_500_000_000
"""Bytes of address space beyond what the process has before its first case."""
RECOGNISED = "scan"
"""The kind of cases in which pictures are recognised: those of PDF, within larger bounds."""


def run(kind: str, first: int, last: int) -> None:
    """Cases `first` to `last`; a line for each that begins and each that fails."""
    seconds, memory = SECONDS, MEMORY
    if kind == RECOGNISED:
        kind, seconds, memory = "pdf", 12 * SECONDS, 3 * MEMORY
    else:
        # As where the extra `ocr` is not installed: a page recognised takes seconds.
        sys.modules["rapidocr_onnxruntime"] = None  # type: ignore[assignment]
    warm(kind)
    library()
    audited = refused = 0
    slowest = (0.0, first)
    codes: dict[str, int] = {}
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable()
    # The traceback, and then the end: native code cannot be interrupted otherwise.
    faulthandler.register(signal.SIGPROF, chain=True)
    for number in range(first, last + 1):
        os.write(1, f"case {number}\n".encode())
        content = mutated(kind, number)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        begun = time.process_time()
        try:
            audit(Document("case", content), library())
            audited += 1
        except InputError as error:
            refused += 1
            codes[error.code] = codes.get(error.code, 0) + 1
        except BaseException:
            said = json.dumps({"case": number, "why": traceback.format_exc()})
            os.write(1, f"failed {said}\n".encode())
        signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, (time.process_time() - begun, number))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {
        "audited": audited,
        "refused": refused,
        "slowest": slowest,
        "peak": peak,
        "codes": codes,
    }
    os.write(1, f"done {json.dumps(told)}\n".encode())


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
