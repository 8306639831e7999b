"""Documents in, what each comes to out, in the order given; worked on by several processes.

Judging is computation over values, so that a worker needs no more than a plan, once, and a document
at a time. Each worker is a child with pipes of its own and a thread that talks to it: when it dies,
at any moment, its pipe ends, and that is the end of no other document and of no waiting.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any

from auditor import isolated
from auditor.cli.work import Plan, Work, done, failed
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document

_AHEAD = 2
"""Documents in hand for each worker, so that none waits and few are held in memory."""
_TRIES = 2
"""A worker may be killed for the memory that another took: its document is tried once more."""


def over_processes(
    works: Iterable[Work | Failure], jobs: int, stopped: Callable[[], bool]
) -> Iterator[tuple[Work | Failure, Any]]:
    """Each work with what comes of it, in order; failures where they stand.

    A document whose worker dies is tried once more, by another; when `stopped` turns true, no
    further one is taken up, and those in hand are finished.
    """
    hand: deque[tuple[Work | Failure, Future[Any] | None]] = deque()
    source = iter(works)
    pool = _Pool(jobs)
    try:
        while True:
            while len(hand) < jobs * _AHEAD and not stopped():
                given = next(source, None)
                if given is None:
                    break
                hand.append((given, None if isinstance(given, Failure) else pool.begun(given)))
            if not hand:
                return
            first, future = hand.popleft()
            yield first, first if future is None else future.result()
    except BaseException:  # an interrupt, or nobody takes more
        pool.kill()
        raise
    finally:
        pool.close()


class _Pool:
    """As many threads as workers; each takes an idle worker for a document, or starts one."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs)
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._is_over = False

    def begun(self, work: Work) -> Future[Any]:
        """The work begun."""
        return self._threads.submit(self._done, work)

    def _done(self, work: Work) -> Any:
        how = ""
        for _ in range(_TRIES):
            if self._is_over:
                break
            worker = self._taken()
            try:
                made = worker.ask(work)
            except (OSError, EOFError):
                how = worker.ended(work.language)
                continue
            except Exception as error:  # what came back cannot be taken in
                worker.kill()
                return failed(work.document, error, work.language)
            self._idle.append(worker)
            return made
        return work.crashed(how)

    def _taken(self) -> _Worker:
        with suppress(IndexError):
            return self._idle.pop()
        worker = _Worker()
        self._all.append(worker)
        return worker

    def kill(self) -> None:
        """Ends the workers at once; whoever waits for one hears that it died."""
        self._is_over = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in list(self._all):
            worker.kill()

    def close(self) -> None:
        """Ends the workers when they have done what they do."""
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.close()


class _Worker:
    """A child that is asked for one document at a time; it starts when it is first asked."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._plans: list[Plan] = []
        self._is_killed = False

    def ask(self, work: Work) -> Any:
        """What the plan makes of the document. Raises `OSError` or `EOFError` when it died."""
        child = self._started()
        assert child.stdin is not None and child.stdout is not None
        if not any(plan is work.plan for plan in self._plans):
            self._plans.append(work.plan)
            _send(child.stdin, work.plan)
        number = next(n for n, plan in enumerate(self._plans) if plan is work.plan)
        _send(child.stdin, (number, work.document, work.language))
        return _receive(child.stdout)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._is_killed:
            raise EOFError
        if self._child is None:
            # A group of its own, where there are groups: an interrupt is for the one who hands out
            # work.
            more: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}
            self._child = subprocess.Popen(
                isolated.command(__name__, serve.__name__),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                **more,
            )
        return self._child

    def ended(self, language: str) -> str:
        """How it died, in words."""
        if self._child is None:
            return "?"
        with suppress(subprocess.TimeoutExpired):  # its exit code comes a moment after its end
            self._child.wait(1)
        self.kill()
        code = self._child.wait()
        if code == -getattr(signal, "SIGKILL", 9):
            return phrase("ended-killed", language)
        if code < 0:
            return phrase("ended-signal", language, name=_signal_name(-code))
        return phrase("ended-code", language, number=code)

    def kill(self) -> None:
        """Ends it now, if it has not ended by itself."""
        self._is_killed = True
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """Lets it end, now that nothing more is asked."""
        if self._child is None:
            return
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._child.wait()


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return str(number)


def _send(stream: IO[bytes], value: object) -> None:
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """What was sent. Raises `EOFError` where the other end is gone."""
    head = stream.read(8)
    content = stream.read(int.from_bytes(head, "big")) if len(head) == 8 else b""
    if len(head) < 8 or len(content) < int.from_bytes(head, "big"):
        raise EOFError
    return pickle.loads(content)


def serve() -> None:
    """A worker's whole life: plans and documents on standard input, results on standard output.

    What a library prints goes to standard error, not among the results.
    """
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    plans: list[Plan] = []
    with suppress(EOFError, BrokenPipeError):
        while True:
            asked = _receive(sys.stdin.buffer)
            if not isinstance(asked, tuple):
                plans.append(asked)
                continue
            number, document, language = asked
            _send_result(results, plans[number], document, language)


def _send_result(results: IO[bytes], plan: Plan, document: Document, language: str) -> None:
    made = done(document, plan, language)
    try:
        _send(results, made)
    except (OSError, EOFError):
        raise
    except Exception as error:  # no part of it was written: it is pickled whole before
        _send(results, failed(document, error, language))
