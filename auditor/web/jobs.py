"""Documents in, what each comes to out: read and judged by processes that end at their limits.

A bounded number of requests is taken in, and of bytes; what is beyond is refused at once. Each
document is asked of one worker. One that takes longer than the deadline by the clock is killed,
whatever it does, and that is its document's failure; a new one takes its place.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from enum import Enum
from io import BytesIO, StringIO
from typing import Any

from anyio import CapacityLimiter, to_thread
from msgspec import Struct

from auditor.cli.config import Settings
from auditor.cli.files import InputFile, documents_in
from auditor.cli.workers import Work, Worker, failure_of
from auditor.definitions import Library
from auditor.messages import phrase
from auditor.model.finding import Audit, Failure
from auditor.model.report import Report
from auditor.model.source import Document
from auditor.pipeline import audit, audit_report, enter, match_prose, predecessor_of, read_report
from auditor.readers import ZIP, Limits, media_type_of
from auditor.readers.limits import within_budget
from auditor.reporters import Reading

_ATTEMPTS = 2
"""A worker may be killed for the memory that another took: its document is tried once more."""
_DPI = 110
"""Of pages that are shown: figures of eight points can be read."""
_SETTINGS = Settings()


class Action(Enum):
    """What is to be made of a document."""

    UNPACK = "unpack"
    """The documents in an archive of reports; of anything else its media type."""
    READ = "read"
    CHECK = "check"
    DRAW = "draw"
    """Pages of a PDF as pictures."""


class Asked(Document, frozen=True):
    """A document, and what is asked of it."""

    action: Action = Action.CHECK
    language: str = "zh"
    verify: bool = False
    earlier: tuple[Report, ...] = ()
    """Last year's reports."""
    entered: Mapping[str, str] = {}
    """What a person says stands in cells that are in doubt, by address."""
    pages: tuple[int, ...] = ()


_NOTHING = Asked("", b"", action=Action.UNPACK)


class Answers(Struct, frozen=True):
    """What a worker makes of whatever is asked: a plan that goes to it once, as it starts."""

    library: Library
    limits: Limits

    def __call__(self, asked: Document) -> Any:
        """Raises whatever the document makes the readers raise."""
        assert isinstance(asked, Asked)
        match asked.action:
            case Action.UNPACK:
                return self._unpacked(asked)
            case Action.READ:
                form, report = read_report(asked, self.library, asked.verify, self.limits)
                return Reading(form, report, match_prose(form, report, self.library))
            case Action.CHECK:
                return self._checked(asked)
            case Action.DRAW:
                from auditor.readers.pdf.pictures import pictures  # most requests show no page

                with within_budget(self.limits, asked.name):
                    return pictures(asked, asked.pages, _DPI)

    def _unpacked(self, asked: Asked) -> tuple[Document | Failure, ...] | str:
        media_type = media_type_of(asked.content)
        if media_type != ZIP:
            return media_type
        # Names of what is passed over are the client's, and no concern of who runs the server.
        with redirect_stderr(StringIO()):
            stream, named = BytesIO(asked.content), InputFile(asked.name, None)
            return tuple(documents_in(named, stream, asked.language, self.limits))

    def _checked(self, asked: Asked) -> Audit:
        library, earlier = self.library, asked.earlier
        with within_budget(self.limits, asked.name):
            more: Any = {"verify": asked.verify, "limits": self.limits, "earlier": earlier}
            found = audit(asked, library, **more)
            if not asked.entered:
                return found
            report = enter(found.report, found.form, asked.entered)
            return audit_report(found.form, report, library, predecessor_of(report, earlier))


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
