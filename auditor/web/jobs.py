"""Documents in, what each comes to out: read and judged by processes that end at their limits.

A bounded number of requests is taken in, and of bytes; what is beyond is refused at once. Each
document is asked of one worker. One that takes longer than the deadline by the clock is killed,
whatever it does, and that is its document's failure; a new one takes its place.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anyio import CapacityLimiter, to_thread

from auditor.cli.config import Settings
from auditor.cli.work import Work, failure_of
from auditor.cli.worker import Worker
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.web.answers import Action, Answers, Asked

_ATTEMPTS = 2
"""A worker may be killed for the memory that another took: its document is tried once more."""
_SETTINGS = Settings()


_NOTHING = Asked("", b"", action=Action.UNPACK)


class Overloaded(Exception):
    """So much is in hand that nothing more is taken in for now."""


class Jobs:
    """The workers, and all that is in hand; `run` is awaited by each request."""

    def __init__(
        self, plan: Answers, workers: int, deadline: float, most_requests: int, most_bytes: int
    ) -> None:
        """`deadline` is in seconds by the clock. Workers start now, while no thread runs."""
        self._plan = plan
        self._deadline = deadline
        self._most_requests = most_requests
        self._most_bytes = most_bytes
        self.requests = 0
        """In hand: being received, waiting or read."""
        self.bytes = 0
        self.started = 0
        """Workers that were ever started."""
        self._lock = threading.Lock()
        self._workers: list[Worker] = []
        self._idle: list[Worker] = [self._start() for _ in range(workers)]
        self._limiter = CapacityLimiter(workers)

    @contextmanager
    def admitted(self, size: int) -> Iterator[None]:
        """While a request of so many bytes is in hand. Raises `Overloaded`."""
        if self.requests >= self._most_requests or self.bytes + size > self._most_bytes:
            raise Overloaded
        self.requests += 1
        self.bytes += size
        try:
            yield
        finally:
            self.requests -= 1
            self.bytes -= size

    async def run(self, asked: Asked) -> Any:
        """What a worker makes of it, or the failure that it comes to; documents wait in order."""
        return await to_thread.run_sync(self._ask, asked, limiter=self._limiter)

    def close(self) -> None:
        """Ends the workers."""
        for worker in self._workers:
            worker.kill()
            worker.close()

    def _ask(self, asked: Asked) -> Any:
        work = Work(asked, _SETTINGS, self._plan, asked.language)
        how = ""
        for _ in range(_ATTEMPTS):
            try:
                worker = self._ready()
            except (OSError, EOFError):
                continue
            is_late = threading.Event()

            def end(worker: Worker = worker, is_late: threading.Event = is_late) -> None:
                is_late.set()
                worker.kill()

            clock = threading.Timer(self._deadline, end)
            clock.start()
            try:
                made = worker.ask(work)
            except (OSError, EOFError):
                how = self._drop(worker, asked.language)
                if is_late.is_set():
                    said = phrase("web-too-late", asked.language, seconds=int(self._deadline))
                    return _failure(asked, "too-slow", said)
                continue
            except BaseException as error:  # what came back cannot be taken in
                self._drop(worker, asked.language)
                return failure_of(asked, error, asked.language)
            finally:
                clock.cancel()
            if is_late.is_set():
                self._drop(worker, asked.language)
            else:
                with self._lock:
                    self._idle.append(worker)
            return made
        return _failure(asked, "crashed", phrase("cli-crashed", asked.language, how=how))

    def _ready(self) -> Worker:
        """One that is idle, or a new one, once it has begun: what that takes is no document's."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            worker = self._start()
        worker.ask(Work(_NOTHING, _SETTINGS, self._plan, ""))
        return worker

    def _start(self) -> Worker:
        self.started += 1
        worker = Worker([self._plan], self._workers)
        self._workers.append(worker)
        return worker

    def _drop(self, worker: Worker, language: str) -> str:
        """Ends it, and says in words how it ended."""
        with self._lock:
            self._workers.remove(worker)
        how = worker.how_it_ended(language)
        worker.close()
        return how


def _failure(asked: Asked, code: str, said: str) -> Failure:
    return Failure(asked.name, asked.sha256, asked.media_type, code, said)
