"""Works in, what each comes to out, in the order given; worked on by processes of their own.

A crash of native code (pdfium, libxml2) ends the process that it happens in, so that whatever such
code reads is read in a child (`worker`): its death is one document's failure.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from auditor.cli.work import Plan, Work, failure_of, is_read_by_python, run_plan
from auditor.messages import phrase
from auditor.model.finding import Failure

if TYPE_CHECKING:
    from auditor.cli.worker import Worker

_IN_HAND, _MOST_IN_HAND = 2, 32
"""Documents in hand for each worker: so many at least, so that none waits; and so many at most,
while they are small, so that one that takes long keeps no worker waiting."""
_SMALL = 8_000_000
"""Bytes that documents in hand may have together and be small."""
_ATTEMPTS = 2
"""A worker may be killed for the memory that another took: its document is tried once more."""

Again = Callable[["Work | Failure", Any], "Work | None"]
"""Told of each result in order; answers with what is to be worked on in its place."""


class Workers:
    """The workers of a run: each is idle, or is asked for a document by one thread."""

    def __init__(self, forks: bool = True, stay: bool = False) -> None:
        """Without `forks` each is a new process: for where libraries run threads of their own.
        Those that `stay` wait for further works when one run over some is done."""
        self._forks, self._stay = forks, stay
        self._idle: list[Worker] = []
        self._all: list[Worker] = []
        self.is_over = False

    def start(self, count: int, plans: Sequence[Plan]) -> None:
        """So many, now, while no thread runs yet."""
        self._idle += [self.started(plans) for _ in range(count)]

    def over(
        self,
        works: Iterable[Work | Failure],
        jobs: int,
        goes_on: Callable[[], bool],
        again: Again = lambda given, made: None,
    ) -> Iterator[tuple[Work | Failure, Any]]:
        """Each work with what comes of it, in order; failures where they stand. Where `again`
        answers with another work, what comes of that.

        When `goes_on` turns false, no further one is taken up, and those that are worked on are
        finished.
        """
        if jobs > 1:
            yield from self._by_several(works, jobs, goes_on, again)
            return
        for given in works:
            made = given if isinstance(given, Failure) else self.run(given)
            if (other := again(given, made)) is not None:
                made = self.run(other)
            yield given, made
            if not goes_on():
                return

    def _by_several(
        self,
        works: Iterable[Work | Failure],
        jobs: int,
        goes_on: Callable[[], bool],
        again: Again,
    ) -> Iterator[tuple[Work | Failure, Any]]:
        source = iter(works)
        first = next(source, None)
        if isinstance(first, Work):
            self.start(jobs - len(self._idle), [first.plan])
        threads = _Threads(self, jobs)
        in_hand: deque[tuple[Work | Failure, _Job | None]] = deque()
        held = 0
        try:
            while True:
                most = jobs * (_MOST_IN_HAND if held < _SMALL else _IN_HAND)
                while len(in_hand) < most and goes_on():
                    given, first = first or next(source, None), None
                    if given is None:
                        break
                    job = threads.put(given) if isinstance(given, Work) else None
                    in_hand.append((given, job))
                    held += _size_of(given)
                while in_hand and not goes_on():
                    last = in_hand[-1][1]
                    if last is not None and not threads.takes_back(last):
                        break
                    in_hand.pop()
                if not in_hand:
                    return
                given, job = in_hand.popleft()
                held -= _size_of(given)
                made = given if job is None else threads.result(job)
                if (other := again(given, made)) is not None:
                    made = threads.result(threads.put(other, job.by if job else None))
                yield given, made
        except BaseException:  # an interrupt, or nobody takes more
            self.kill()
            raise
        finally:
            self._idle += threads.close()
            if not self._stay:
                self.close()

    def run(self, work: Work) -> Any:
        """What the plan makes of the document, or the failure that it comes to: neither what it
        raises nor a crash ends this process."""
        if is_read_by_python(work.document):
            return run_plan(work.document, work.plan, work.language)
        return self.ask(work)

    def ask(self, work: Work) -> Any:
        """What a worker says; where it dies, another is asked once more."""
        how = ""
        for _ in range(_ATTEMPTS):
            if self.is_over:
                break
            worker = self._idle.pop() if self._idle else self.started([work.plan])
            try:
                made = worker.ask(work)
            except (OSError, EOFError):
                how = worker.how_it_ended(work.language)
                if worker.hung_seconds:  # another would wait as long
                    break
                continue
            except BaseException as error:  # what came back cannot be taken in, or an interrupt
                worker.kill()
                return failure_of(work.document, error, work.language)
            self._idle.append(worker)
            return made
        return _crashed(work, how)

    def started(self, plans: Sequence[Plan]) -> Worker:
        """A new one."""
        from auditor.cli.worker import Worker  # a single text needs none, and what it imports

        worker = Worker(plans, self._all, self._forks)
        self._all.append(worker)
        return worker

    def kill(self) -> None:
        """Ends the workers at once; whoever waits for one hears that it died."""
        self.is_over = True
        for worker in list(self._all):
            worker.kill()

    def close(self) -> None:
        """Ends the workers when they have done what they do."""
        for worker in self._all:
            worker.close()


def _crashed(work: Work, how: str) -> Failure:
    said, document = phrase("cli-crashed", work.language, how=how), work.document
    return Failure(document.name, document.sha256, document.media_type, "crashed", said)


class _Job:
    """A work that a thread takes up, or has taken."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.by: int | None = None
        """The number of the thread."""
        self.attempts = 0
        """How often its worker died of it."""
        self.is_done = False
        self.made: Any = None
        self.error: BaseException | None = None


class _Threads:
    """A thread for each worker, which sends it what is next before it has answered what was last,
    so that it waits for nobody."""

    def __init__(self, workers: Workers, count: int) -> None:
        self._workers = workers
        self._changed = threading.Condition()
        self._is_over = False
        self._jobs: deque[_Job] = deque()
        self._own: list[deque[_Job]] = [deque() for _ in range(count)]
        """By thread what it alone is to do: its worker has the report at hand."""
        idle = workers._idle
        self._idle: list[Worker | None] = [idle.pop() if idle else None for _ in range(count)]
        self._threads = [threading.Thread(target=self._run, args=(at,)) for at in range(count)]
        for thread in self._threads:
            thread.start()

    def put(self, work: Work, by: int | None = None) -> _Job:
        """For the first that is idle, or for the one of that number."""
        job = _Job(work)
        with self._changed:
            (self._jobs if by is None else self._own[by]).append(job)
            self._changed.notify_all()
        return job

    def result(self, job: _Job) -> Any:
        """What came of it, when it is there; raises what it raised."""
        with self._changed:
            while not job.is_done:
                self._changed.wait()
        if job.error is not None:
            raise job.error
        return job.made

    def takes_back(self, job: _Job) -> bool:
        """Whether it is the last that waits, and now waits no more."""
        with self._changed:
            is_last = bool(self._jobs) and self._jobs[-1] is job
            if is_last:
                self._jobs.pop()
            return is_last

    def close(self) -> list[Worker]:
        """Ends the threads when they have done what they do. Returns the workers."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        return [worker for worker in self._idle if worker is not None]

    def _run(self, number: int) -> None:
        sent: deque[_Job] = deque()
        while True:
            try:
                if not self._send_next(number, sent):
                    return
                self._answer_first(number, sent)
            except BaseException as error:  # a worker that cannot be started
                for job in sent:
                    self._finish(job, None, error)
                sent.clear()

    def _finish(self, job: _Job, made: Any, error: BaseException | None = None) -> None:
        with self._changed:
            job.made, job.error, job.is_done = made, error, True
            self._changed.notify_all()

    def _send_next(self, number: int, sent: deque[_Job]) -> bool:
        """Sends as many as a worker has in hand; whether there are any."""
        while len(sent) < _IN_HAND and (job := self._next(number, wait=not sent)):
            job.by = number
            sent.append(job)
            worker = self._idle[number] or self._workers.started([job.work.plan])
            self._idle[number] = worker
            try:
                worker.send(job.work)
            except OSError:  # it is gone, and may have answered before
                break
        return bool(sent)

    def _answer_first(self, number: int, sent: deque[_Job]) -> None:
        """Waits for the answer to what was sent first; where there is none, all is sent anew."""
        worker, job = self._idle[number], sent[0]
        assert worker is not None
        try:
            made = worker.receive(job.work)
        except (OSError, EOFError):
            how, job.attempts = worker.how_it_ended(job.work.language), job.attempts + 1
            if job.attempts == _ATTEMPTS or worker.hung_seconds or self._workers.is_over:
                self._finish(sent.popleft(), _crashed(job.work, how))
        except BaseException as error:  # what came back cannot be taken in
            worker.kill()
            failure = failure_of(job.work.document, error, job.work.language)
            self._finish(sent.popleft(), failure)
        else:
            self._finish(sent.popleft(), made)
            return
        self._idle[number] = None
        with self._changed:
            self._own[number].extendleft(reversed(sent))
        sent.clear()

    def _next(self, number: int, wait: bool) -> _Job | None:
        own = self._own[number]
        with self._changed:
            while not self._is_over:
                if own or self._jobs:
                    return (own or self._jobs).popleft()
                if not wait:
                    return None
                self._changed.wait()
        return None


def _size_of(given: Work | Failure) -> int:
    return len(given.document.content) if isinstance(given, Work) else 0
