"""Documents in, what each comes to out, in the order given; worked on by several processes.

Judging is computation over values, so that a worker needs no more than the judge, once, and a
document at a time. A worker that dies takes nothing with it but the document that killed it.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.renderers import Item

Judge = Callable[[Document], Item]
"""Must be picklable, as what it holds: a function of a module, or a noun that can be called."""

_AHEAD = 2
"""Documents in hand for each worker, so that none waits and few are held in memory."""

_judge: Judge
"""A worker's own; set once as it starts."""


def _begin(judge: Judge) -> None:
    global _judge
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is for the one who hands out work
    _judge = judge


def _judged(document: Document) -> Item:
    return _judge(document)


def over_processes(
    documents: Iterable[Document | Failure],
    judge: Judge,
    jobs: int,
    crashed: Callable[[Document], Failure],
    stopped: Callable[[], bool],
) -> Iterator[Item]:
    """What `judge` makes of each document, in order; failures where they stand.

    `crashed` says what becomes of a document whose worker died, tried once more by itself;
    when `stopped` turns true, no further document is taken up; those in hand are finished.
    """
    hand: deque[tuple[Document | Failure, Future[Item] | None]] = deque()
    source = iter(documents)
    pool = _pool(judge, jobs)
    try:
        while True:
            while len(hand) < jobs * _AHEAD and not stopped():
                given = next(source, None)
                if given is None:
                    break
                hand.append((given, _submitted(pool, given)))
            if not hand:
                return
            first, future = hand[0]
            try:
                item = first if isinstance(first, Failure) else _result(future)
            except BrokenProcessPool:
                # Any of those in hand may have done it: each is tried in a process of its own.
                pool.shutdown(cancel_futures=True)
                for one, _ in hand:
                    yield one if isinstance(one, Failure) else _alone(one, judge, crashed)
                hand.clear()
                pool = _pool(judge, jobs)
                continue
            hand.popleft()
            yield item
    except (KeyboardInterrupt, GeneratorExit):
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, given: Document | Failure) -> Future[Item] | None:
    """The work begun; None where there is none to do, or nobody left to do it."""
    if isinstance(given, Failure):
        return None
    try:
        return pool.submit(_judged, given)
    except BrokenProcessPool:
        return None


def _result(future: Future[Item] | None) -> Item:
    if future is None:
        raise BrokenProcessPool
    return future.result()


def _pool(judge: Judge, jobs: int) -> ProcessPoolExecutor:
    # A process of its own from the start: what this one has loaded need not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (judge,))


def _alone(document: Document, judge: Judge, crashed: Callable[[Document], Failure]) -> Item:
    with _pool(judge, 1) as pool:
        try:
            return pool.submit(_judged, document).result()
        except BrokenProcessPool:
            return crashed(document)
