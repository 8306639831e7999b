"""Who works on the documents of a corpus: processes of this machine, or the workers of a cluster.

An executor maps a plan over documents and gives back what each comes to, in their order. Wherever
that is, a document is worked on in a child of its own process, so that a crash costs the document
and no worker. A worker that is lost costs nothing: what it had is done by another.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from time import monotonic
from typing import Any, TypeVar

from msgspec.structs import replace

from auditor.cli.config import Settings
from auditor.cli.locations import FileLocation, Unopened
from auditor.cli.work import Plan, Work
from auditor.cli.workers import Workers
from auditor.corpus.plans import ReadDocuments, ReadFile, code_digest
from auditor.errors import InputError
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document

ENGINES = ("local", "dask")
_Item = TypeVar("_Item")
_QUEUED_PER_THREAD = 4
"""Documents in hand for each thread of a cluster: none waits for the way to and from it."""
_WAIT_SECONDS = 60.0
"""Without any worker for so long, nobody is coming."""
_LOOK_SECONDS = 5.0
"""How often it is asked how many workers there are: they come and go."""


class LocalExecutor:
    """Processes of this machine, as `audit check` has them."""

    def __init__(
        self, jobs: int, language: str, goes_on: Callable[[], bool], plans: Sequence[Plan] = ()
    ) -> None:
        """Workers are forked now, and have the `plans`, unless the libraries that hold tables are
        imported already: those run threads, which no fork survives."""
        self._jobs, self._language, self._goes_on = jobs, language, goes_on
        self._workers = Workers(forks="polars" not in sys.modules, stay=True)
        self._workers.start(jobs, plans)

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        """As `Executor.map`."""
        works = (Work(each, Settings(), plan, self._language) for each in items)
        for work, made in self._workers.over(works, self._jobs, self._goes_on):
            assert isinstance(work, Work)
            yield work.document, made

    def close(self) -> None:
        """Ends the processes."""
        self._workers.close()


class DaskExecutor:
    """The workers of a Dask cluster, which have the same version of this package installed."""

    def __init__(self, scheduler: str, language: str, goes_on: Callable[[], bool]) -> None:
        """Raises `InputError` where no scheduler answers there."""
        import dask
        from distributed import Client

        self._language, self._goes_on, self._scheduler = language, goes_on, scheduler
        # Documents are what is sent, each once: that they are large is no mistake.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
        try:
            self._client = Client(scheduler, set_as_default=False)
        except (OSError, ValueError) as error:
            said = str(error).strip() or type(error).__name__
            raise InputError("engine", f"no scheduler: {said}", place=scheduler) from None
        self._threads, self._looked = 1, 0.0

    def map(self, plan: Plan, items: Iterable[Document]) -> Iterator[tuple[Document, Any]]:
        """As `Executor.map`. Raises `InputError` when the cluster is lost."""
        for document, made in self._over(work_on, plan, items):
            yield document, self._killed(document) if made is None else made

    def open(
        self, plan: ReadDocuments, known: Collection[str], files: Iterable[FileLocation]
    ) -> Iterator[tuple[FileLocation, ReadFile | Failure | Unopened]]:
        """What the plan makes of files that workers open themselves, but not of documents that are
        `known`. Raises `InputError` when the cluster is lost."""
        for file, found in self._over(work_on_file, (plan, frozenset(known)), files):
            yield file, found or Unopened()

    def _over(
        self, function: Callable[..., Any], shared: Any, items: Iterable[_Item]
    ) -> Iterator[tuple[_Item, Any]]:
        """What the function makes of each, given what all share; None where several workers died
        with it."""
        sent = self._client.submit(_same, shared, pure=False)
        in_flight: deque[tuple[_Item, Any]] = deque()
        source = iter(items)
        try:
            while True:
                while len(in_flight) < self._most_in_flight() and self._goes_on():
                    item = next(source, None)
                    if item is None:
                        break
                    asked = sent, item, self._language, code_digest()
                    in_flight.append((item, self._client.submit(function, *asked, pure=False)))
                if not in_flight:
                    return
                item, future = in_flight.popleft()
                yield item, self._result(future)
        finally:
            with suppress(Exception):  # where the cluster is gone there is nothing to take back
                self._client.cancel([future for _, future in in_flight])

    def close(self) -> None:
        """Leaves the cluster as it was."""
        self._client.close(timeout=1)

    def _most_in_flight(self) -> int:
        if monotonic() - self._looked > _LOOK_SECONDS:
            self._threads, self._looked = self._count_threads(), monotonic()
        return max(self._threads, 1) * _QUEUED_PER_THREAD

    def _count_threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, ValueError) as error:
            raise self._lost(str(error)) from None

    def _result(self, future: Any) -> Any:
        from distributed import KilledWorker
        from distributed.client import CancelledError

        while True:
            try:
                return future.result(timeout=_WAIT_SECONDS)
            except TimeoutError:
                if not self._count_threads():
                    raise self._lost("it has no workers") from None
            except KilledWorker:
                return None
            except (CancelledError, OSError) as error:
                raise self._lost(str(error)) from None

    def _killed(self, document: Document) -> Failure:
        how = phrase("ended-killed", self._language)
        said = phrase("cli-crashed", self._language, how=how)
        return Failure(document.name, document.sha256, document.media_type, "crashed", said)

    def _lost(self, why: str) -> InputError:
        return InputError("engine", f"the cluster was lost: {why}", place=self._scheduler)


def _same(shared: Any) -> Any:
    """What all share as a result: whoever has lost it asks for it again."""
    return shared


@cache
def _children() -> Workers:
    """Those of this process, which is a worker of a cluster; each of its threads asks one."""
    return Workers(forks=False)


def work_on(plan: Plan, document: Document, language: str, digest: str) -> Any:
    """What a worker of a cluster makes of one document, whatever that does to its process.

    Raises `InputError` where the worker has other code than the one who asks.
    """
    _require_same_code(digest)
    return _children().ask(Work(document, Settings(), plan, language))


def work_on_file(
    shared: tuple[ReadDocuments, Collection[str]], file: FileLocation, language: str, digest: str
) -> ReadFile | Failure | Unopened:
    """What a worker of a cluster makes of one file, which it opens itself: nothing where the
    document is known. As `work_on` otherwise."""
    _require_same_code(digest)
    plan, known = shared
    opened = file.document(language, plan.limits)
    if isinstance(opened, Unopened):
        from distributed import get_worker

        return replace(opened, worker=f"{os.uname().nodename} ({get_worker().address})")
    if isinstance(opened, Failure):
        return opened
    document = opened.sha256
    made = None if document in known else work_on(plan, opened, language, digest)
    return ReadFile(document, made)


def _require_same_code(digest: str) -> None:
    if digest != code_digest():
        said = f"this worker ({os.uname().nodename}) has another version of the package"
        raise InputError("engine", said)
