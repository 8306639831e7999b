"""The time and memory of one document: what takes more is refused in words, whatever it is at."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from msgspec.structs import replace

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers import Limits, read
from auditor.readers.limits import grant, memory_left, seconds_left, within_budget
from tests.hostile.pdf import page_of, stream
from tests.kit.speed import at_most

ONE_SECOND = replace(Limits(), seconds=1)
SMALL = replace(Limits(), memory_bytes=100_000_000)


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def without_end() -> None:
    re.match(r"(a|a)+b", "a" * 60)


def deaf() -> None:
    """Takes every error for one of its own, as third parties' code does."""
    while True:
        with suppress(Exception):
            busy(0.2)


def greedy() -> None:
    held = []
    while True:
        held.append(bytes(range(256)) * 4_000)


def often_looked_at() -> None:
    """What it held is given back slowly, so that the next look comes while it is refused."""
    signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
    busy(5)


@pytest.mark.parametrize(
    ("act", "limits", "code", "named"),
    [
        (often_looked_at, ONE_SECOND, "too-slow", "1 seconds of processor time"),
        (without_end, ONE_SECOND, "too-slow", "1 seconds of processor time"),
        (deaf, ONE_SECOND, "too-slow", "1 seconds of processor time"),
        (greedy, SMALL, "too-much-memory", "100,000,000 bytes of memory"),
    ],
)
def test_work_beyond_the_budget_ends_in_words(
    act: Callable[[], None], limits: Limits, code: str, named: str
) -> None:
    with at_most(3), pytest.raises(InputError) as error, within_budget(limits, "x.pdf"):
        act()
    assert (error.value.code, error.value.place) == (code, "x.pdf")
    assert named in error.value.message
    assert "--limit" in error.value.hint


def test_a_recursion_without_end_is_a_defect_of_ours_and_no_limit() -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError), within_budget(Limits(), "x"):
        deeper()


def test_work_within_the_budget_leaves_no_trace() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with within_budget(ONE_SECOND, "x"), within_budget(Limits(), "inside"):
        busy(0.3)
        assert 0 < seconds_left() <= 1
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert seconds_left() == Limits().seconds
    assert memory_left() == Limits().memory_bytes


def test_counted_work_is_granted_more() -> None:
    with within_budget(ONE_SECOND, "x"):
        grant(30)
        busy(1.5)


def test_a_granted_time_that_is_spent_is_told_with_what_it_was_granted_for() -> None:
    with pytest.raises(InputError) as error, within_budget(ONE_SECOND, "x"):
        grant(1)
        busy(3)
    said = "more than 2 seconds of processor time, 1 of them for its pages that are pictures"
    assert said in error.value.message


def test_in_another_thread_the_counts_alone_hold() -> None:
    done = []

    def work() -> None:
        with within_budget(ONE_SECOND, "x"):
            busy(1.5)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_a_pdf_of_too_many_pictures_is_refused_before_one_is_read() -> None:
    picture = stream(b"\xff", b"/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
                     b"/BitsPerComponent 8 ")  # fmt: skip
    content = page_of(
        b"300 0 0 300 0 0 cm /I Do",
        resources=b"/XObject << /I 6 0 R >>",
        more={6: picture},
        kids=b"3 0 R " * 30,
        count=30,
    )
    pytest.importorskip("rapidocr_onnxruntime")
    with pytest.raises(InputError) as error:
        read(Document("x.pdf", content))
    assert error.value.code == "too-large"
    assert "scanned-pages" in error.value.hint
