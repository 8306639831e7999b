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
from typing import Any

from auditor.cli.work import Plan, Work, done
from auditor.model.finding import Failure
from auditor.model.source import Document

_AHEAD = 2
"""Documents in hand for each worker, so that none waits and few are held in memory."""

_plans: list[Plan] = []
"""A worker's own; set once as it starts."""


def _begin(plans: list[Plan]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is for the one who hands out work
    _plans.extend(plans)


def _done(document: Document, plan: Plan | int, language: str) -> Any:
    return done(document, _plans[plan] if isinstance(plan, int) else plan, language)


def over_processes(
    works: Iterable[Work | Failure], jobs: int, stopped: Callable[[], bool]
) -> Iterator[tuple[Work | Failure, Any]]:
    """Each work with what comes of it, in order; failures where they stand.

    A document whose worker dies is tried once more by itself; when `stopped` turns true, no
    further one is taken up, and those in hand are finished.
    """
    hand: deque[tuple[Work | Failure, Future[Any] | None]] = deque()
    source = iter(works)
    pool: _Pool | None = None
    try:
        while True:
            while len(hand) < jobs * _AHEAD and not stopped():
                given = next(source, None)
                if given is None:
                    break
                if pool is None and isinstance(given, Work):
                    pool = _Pool(jobs, given.plan)
                hand.append((given, None if pool is None else pool.begun(given)))
            if not hand:
                return
            first, future = hand[0]
            try:
                made = first if isinstance(first, Failure) else _result(future)
            except BrokenProcessPool:
                # Any of those in hand may have done it: each is tried in a process of its own.
                for one, _ in hand:
                    yield one, one if isinstance(one, Failure) else _alone(one)
                hand.clear()
                if pool is not None:
                    pool.close()
                pool = None
                continue
            hand.popleft()
            yield first, made
    except (KeyboardInterrupt, GeneratorExit):
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        if pool is not None:
            pool.close()


class _Pool:
    """Worker processes that know the plan of the first document, which is nearly always that of
    all; another plan goes to them with each document."""

    def __init__(self, jobs: int, plan: Plan) -> None:
        self._plan = plan
        # Processes of their own from the start: what this one has loaded need not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(jobs, context, _begin, ([plan],))

    def begun(self, given: Work | Failure) -> Future[Any] | None:
        """The work begun; None where there is none to do, or nobody left to do it."""
        if isinstance(given, Failure):
            return None
        plan = 0 if given.plan is self._plan else given.plan
        try:
            return self._pool.submit(_done, given.document, plan, given.language)
        except BrokenProcessPool:
            return None

    def close(self) -> None:
        """Ends the workers."""
        self._pool.shutdown(cancel_futures=True)


def _result(future: Future[Any] | None) -> Any:
    if future is None:
        raise BrokenProcessPool
    return future.result()


def _alone(work: Work) -> Any:
    pool = _Pool(1, work.plan)
    try:
        return _result(pool.begun(work))
    except BrokenProcessPool:
        return work.crashed()
    finally:
        pool.close()
