"""One worker: a child process that is asked for one document at a time, and what it does.

A worker needs no more than a plan, once, and a document at a time; it talks through pipes of its
own, and when it dies, at any moment, its pipe ends, and that is the end of no other document and of
no waiting.

On Linux a worker is forked: it has the plan, rules and all, and starts in a millisecond. Elsewhere,
and where threads run, it is a new process, which takes as long to start as three reports to read.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from queue import SimpleQueue
from typing import IO, Any

from auditor import isolated
from auditor.cli.process import Ended, unwind_on_signals
from auditor.cli.work import Plan, Work, failure_of, run_plan
from auditor.definitions import Library
from auditor.messages import phrase
from auditor.model.check import Check, Rule
from auditor.model.form import Form
from auditor.model.report import Ref
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT, seconds_worked

_GRACE_SECONDS = 1.0
"""Seconds in which a worker that is told to end may end what it has started itself."""
_POLL_SECONDS = 0.005
_IDLE_FACTOR = 10
"""Times the processor's seconds of a document that may pass while its worker does next to nothing:
it waits for what never comes."""
_LEAST_WORK = 0.01
"""Of the seconds that pass: less is nothing."""


class Worker:
    """A child that is asked for one document at a time."""

    def __init__(self, plans: Sequence[Plan], others: Sequence[Worker], forks: bool = True) -> None:
        """`others` are those whose pipes a child of this process has too, and must not keep."""
        self.hung_seconds = 0
        """For how long it had done nothing when it was ended for that."""
        self._plans: list[Packing] = []
        self._child: subprocess.Popen[bytes] | _Forked
        if forks and sys.platform == "linux" and threading.active_count() == 1:
            self._plans = [Packing(plan) for plan in plans]
            self._child = _Forked(self._plans, [worker._child for worker in others])
        else:
            # A group of its own, where there are groups: an interrupt is for the one who hands out
            # work.
            more: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}
            self._child = subprocess.Popen(
                isolated.command(__name__, serve.__name__),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                **more,
            )

    def ask(self, work: Work) -> Any:
        """What the plan makes of the document. Raises `OSError` or `EOFError` when it died, or was
        ended because it did nothing for long."""
        self.send(work)
        return self.receive(work)

    def send(self, work: Work) -> None:
        """Asks for what the plan makes of the document, to be received in the order of asking.
        Raises `OSError` when it died."""
        asked = self._child.stdin
        assert asked is not None
        known = (n for n, each in enumerate(self._plans) if each.plan is work.plan)
        number = next(known, None)
        if number is None:
            number = len(self._plans)
            self._plans.append(Packing(work.plan))
            _send(asked, pickle.dumps(work.plan, pickle.HIGHEST_PROTOCOL))
        request = number, work.document, work.language
        _send(asked, pickle.dumps(request, pickle.HIGHEST_PROTOCOL))

    def receive(self, work: Work) -> Any:
        """The answer to what was sent first of all that is open. Raises as `ask`."""
        answers = self._child.stdout
        assert answers is not None
        limits = getattr(work.plan, "limits", DEFAULT)
        self._wait(answers.fileno(), _IDLE_FACTOR * limits.seconds)
        packing = next(each for each in self._plans if each.plan is work.plan)
        return packing.unpacked(_receive(answers))

    def _wait(self, answers: int, seconds: int) -> None:
        """Returns when it answers or ends; ends it when it does next to nothing for so long.

        A deadlock in native code is heard by no clock within; the budget counts the processor's
        time, and a busy machine gives little of it. Where the system does not tell how much that
        is, nothing bounds the wait.
        """
        if not hasattr(select, "poll"):
            return
        heard = select.poll()
        heard.register(answers, select.POLLIN)
        worked, since = 0.0, time.monotonic()
        while not heard.poll(100 * seconds):  # milliseconds: ten looks
            passed = time.monotonic() - since
            if (now := seconds_worked(self._child.pid)) is None:
                continue
            if now - worked >= _LEAST_WORK * passed:
                worked, since = now, time.monotonic()
            elif passed >= seconds:
                self.hung_seconds = seconds
                self.kill()
                return

    def how_it_ended(self, language: str) -> str:
        """How it died, in words."""
        if self.hung_seconds:
            return phrase("ended-hung", language, seconds=self.hung_seconds)
        with suppress(subprocess.TimeoutExpired):  # its exit code comes a moment after its end
            self._child.wait(_GRACE_SECONDS)
        self.kill()
        code = self._child.wait()
        if code == -getattr(signal, "SIGKILL", 9):
            return phrase("ended-killed", language)
        if code < 0:
            return phrase("ended-signal", language, name=_signal_name(-code))
        return phrase("ended-code", language, number=code)

    def kill(self) -> None:
        """Ends it now, if it has not ended by itself; first it may end what it has started."""
        self._child.terminate()
        try:
            self._child.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()

    def close(self) -> None:
        """Lets it end, now that nothing more is asked."""
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._child.wait()


class _Forked:
    """A forked child that serves: as much of `subprocess.Popen` as a worker needs."""

    def __init__(
        self, plans: Sequence[Packing], others: Sequence[subprocess.Popen[bytes] | _Forked]
    ) -> None:
        asked, requests_in = os.pipe()
        answers_out, answers = os.pipe()
        with warnings.catch_warnings():
            # No thread of ours runs; those of a program in which we run hold no lock of ours.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if not self.pid:
            try:
                os.setpgid(0, 0)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                os.close(requests_in)
                os.close(answers_out)
                for other in others:
                    for stream in (other.stdin, other.stdout):
                        if stream is not None:
                            stream.close()
                _serve(os.fdopen(asked, "rb"), os.fdopen(answers, "wb"), list(plans))
            finally:
                os._exit(0)
        os.close(asked)
        os.close(answers)
        self.stdin: IO[bytes] | None = os.fdopen(requests_in, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(answers_out, "rb")
        self._code: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or its signal below zero. Raises `subprocess.TimeoutExpired`."""
        if timeout is not None and self._code is None:
            end = time.monotonic() + timeout
            while not self._is_over(os.WNOHANG):
                if time.monotonic() >= end:
                    raise subprocess.TimeoutExpired("a worker", timeout)
                time.sleep(_POLL_SECONDS)
        self._is_over(0)
        assert self._code is not None
        return self._code

    def terminate(self) -> None:
        """Tells it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if not self._is_over(os.WNOHANG):
            os.kill(self.pid, number)

    def _is_over(self, how: int) -> bool:
        with self._lock:
            if self._code is None:
                pid, status = os.waitpid(self.pid, how)
                if pid:
                    self._code = os.waitstatus_to_exitcode(status)
            return self._code is not None


class Packing:
    """A plan, and what its library has, which both ends have: rules, and of a form itself, its
    checks and their boxes. It is not sent."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._shared: dict[str, tuple[object, ...]] = {}
        self._places: dict[str, Mapping[int, int]] = {}
        """Of each of them its place, by its identity."""

    def packed(self, made: Any) -> bytes:
        """What the plan came to, as bytes; names of forms and checks in place of them."""
        form_id = getattr(getattr(made, "form", None), "id", "")
        self._of(form_id)
        places = self._places[form_id]

        def reduced(value: object) -> Any:
            place = places.get(id(value))
            if place is None:
                return value.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
            return _shared, (place,)

        packed = BytesIO()
        pickle.dump(form_id, packed, pickle.HIGHEST_PROTOCOL)
        pickler = pickle.Pickler(packed, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = dict.fromkeys((Form, Check, Ref, Rule), reduced)
        pickler.dump(made)
        return packed.getvalue()

    def unpacked(self, content: bytes | bytearray) -> Any:
        """What was packed."""
        packed = BytesIO(content)
        unpickler = _Unpickler(packed)
        unpickler.shared = self._of(pickle.load(packed))
        return unpickler.load()

    def _of(self, form_id: str) -> tuple[object, ...]:
        if form_id not in self._shared:
            library: Library | None = getattr(self.plan, "library", None)
            shared: list[object]
            shared = [rule for own in (library.rules.values() if library else ()) for rule in own]
            if library is not None and form_id in library.rulebooks:
                checks = library.checks(form_id)
                boxes = (box for check in checks for box in check.figures)
                shared = [*shared, library.form(form_id), *checks, *boxes]
            self._shared[form_id] = tuple(shared)
            self._places[form_id] = {id(each): place for place, each in enumerate(shared)}
        return self._shared[form_id]


class _Unpickler(pickle.Unpickler):
    """Puts what both ends have in the place of its name."""

    shared: tuple[object, ...] = ()

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, _shared.__name__):
            return self.shared.__getitem__
        return super().find_class(module, name)


def _shared(place: int) -> Any:
    """The name under which what both ends have is sent."""
    raise LookupError(place)


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return str(number)


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytearray:
    """What was sent. Raises `EOFError` where the other end is gone."""
    return _read(stream, int.from_bytes(_read(stream, 8), "big"))


def _read(stream: IO[bytes], size: int) -> bytearray:
    """So many bytes, and none beyond them: what a buffer held, nobody would hear of who waits for
    the stream."""
    content, at = bytearray(size), 0
    source: Any = getattr(stream, "raw", stream)
    while at < size:
        count = source.readinto(memoryview(content)[at:])
        if not count:
            raise EOFError
        at += count
    return content


def serve() -> None:
    """The whole life of a worker that is a new process: asked on standard input, it answers on
    standard output."""
    gc.set_threshold(200_000, 20, 100)  # as the command has it, which a forked worker inherits
    _serve(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"), [])


def _serve(asked: IO[bytes], answers: IO[bytes], plans: list[Packing]) -> None:
    """Takes plans and documents, and answers with what each comes to, until nothing more is asked.

    What a library prints goes to standard error, not among the answers. Told to end, it lets go of
    what it has begun, such as a LibreOffice.
    """
    os.dup2(2, 1)
    unwind_on_signals()
    requests: SimpleQueue[bytearray] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, requests), daemon=True).start()
    with suppress(BrokenPipeError, Ended):
        while content := requests.get():
            request = pickle.loads(content)
            if not isinstance(request, tuple):
                plans.append(Packing(request))
                continue
            number, document, language = request
            _send(answers, _answer(plans[number], document, language))


def _listen(asked: IO[bytes], requests: SimpleQueue[bytearray]) -> None:
    """Takes each request as it comes: who sends the next does not wait until the last is answered,
    as both would where each is more than a pipe holds. Ends with an empty one."""
    with suppress(EOFError, OSError):
        while True:
            requests.put(_receive(asked))
    requests.put(bytearray())


def _answer(plan: Packing, document: Document, language: str) -> bytes:
    made = run_plan(document, plan.plan, language)
    try:
        return plan.packed(made)
    except Exception as error:
        return plan.packed(failure_of(document, error, language))
