"""The routes: a page for people, two questions for programs, and what an operator asks.

Each answer is made from the documents of its own request, which are let go of with it. What the
page shows again, after a cell was entered or in another format, is asked again with the documents.
"""

from __future__ import annotations

import json
import time
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Mapping,
    Sequence,
)
from functools import partial
from http import HTTPStatus
from typing import Any

from anyio import CapacityLimiter, create_memory_object_stream, create_task_group
from msgspec import Struct
from msgspec.structs import replace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from auditor.model.check import Severity
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import Limits, is_zip, media_type_of
from auditor.readers.pdf.pictures import PagePicture
from auditor.reporters import Style
from auditor.web import openapi
from auditor.web.answers import PAGE, Action, Answer, AnswerForm, Asked, DocumentOutcome
from auditor.web.guard import Guard
from auditor.web.jobs import Jobs, Overloaded
from auditor.web.pages import DOWNLOADS, MOST_PAGES, STATIC, start_page
from auditor.web.uploads import Problem, Upload, announced_bytes, received

_AT_ONCE = 2
"""Documents of one request that are asked of workers together, so that others get their turn."""
_RETRY_SECONDS = 5
_SUFFIXES = {"junit": "xml", "markdown": "md", "terminal": "txt"}
"""Of files, where it is not the format's name."""
_JSON_LINES = openapi.MEDIA_TYPES["jsonl"]


_NOT_DONE = DocumentOutcome(b"", "")


class Serving(Struct, frozen=True):
    """What holds for all requests."""

    language: str
    """Where a request does not say it."""
    is_asked_for: bool
    """Whether somebody asked for that language; else a report is told in its form's own."""
    limits: Limits
    hosts: Collection[str]
    """The names by which it may be called; any, where there are none."""
    token: str | None = None


class _Wishes(Struct, frozen=True):
    """What one request asks for."""

    action: Action
    output: AnswerForm
    verify: bool = False

    @property
    def language(self) -> str:
        return self.output.style.language


class _Metrics:
    """What an operator may know: counts, and no name of any document."""

    def __init__(self, jobs: Jobs) -> None:
        self.registry = CollectorRegistry()
        at: Any = {"registry": self.registry}
        self.requests = Counter("audit_requests", "Answers", ["route", "status"], **at)
        self.documents = Counter("audit_documents", "Documents", ["outcome"], **at)
        self.seconds = Histogram(
            "audit_document_seconds",
            "Seconds from asking to answer, waiting included",
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            **at,
        )
        for name, said, field in (
            ("audit_requests_in_hand", "Requests received, waiting or read", "requests"),
            ("audit_bytes_in_hand", "Bytes of their bodies", "bytes"),
            ("audit_workers_started", "Workers ever started", "started"),
        ):
            gauge = Gauge(name, said, **at)
            gauge.set_function(partial(self._of, jobs, field))

    @staticmethod
    def _of(jobs: Jobs, field: str) -> float:
        return float(getattr(jobs, field))


def application(jobs: Jobs, serving: Serving) -> ASGIApp:
    """The ASGI application: the routes, inside what every request must pass."""
    site = _Site(jobs, serving)
    routed = Starlette(
        routes=[
            Route("/", site.start, methods=["GET"]),
            Route("/", site.page, methods=["POST"]),
            Route("/static/{name}", site.static, methods=["GET"]),
            Route("/api/v1/check", site.check, methods=["POST"]),
            Route("/api/v1/read", site.read, methods=["POST"]),
            Route("/openapi.json", site.openapi, methods=["GET"]),
            Route("/healthz", site.healthz, methods=["GET"]),
            Route("/metrics", site.metrics, methods=["GET"]),
        ],
        exception_handlers={
            HTTPException: _refused,
            Problem: lambda request, problem: _answer_of(problem),
            ClientDisconnect: _unheard,
            Exception: _defect,
        },
    )
    routed.router.redirect_slashes = False
    known = {route.path for route in routed.routes if isinstance(route, Route)}

    def count(path: str, status: int) -> None:
        site.metrics_of.requests.labels(path if path in known else "other", str(status)).inc()

    return Guard(routed, _answer_of, count, serving.hosts, serving.token, serving.language)


def _answer_of(problem: Any) -> Response:
    said = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    return _problem(said, problem.headers)


def _problem(said: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(said, ensure_ascii=False).encode()
    return Response(content, said["status"], headers, "application/problem+json")


def _refused(request: Request, error: Any) -> Response:
    title = HTTPStatus(error.status_code).phrase
    said = {"type": "about:blank", "title": title, "status": error.status_code}
    return _problem(said, error.headers)


def _defect(request: Request, error: Exception) -> Response:
    """What is our fault: the traceback is the server's own log, nothing of it is the client's."""
    return _problem({"type": "about:blank", "title": "Internal Server Error", "status": 500})


class _Site:
    """The handlers of all routes."""

    def __init__(self, jobs: Jobs, serving: Serving) -> None:
        self._jobs = jobs
        self._serving = serving
        self.metrics_of = _Metrics(jobs)
        self._described = openapi.document(serving.limits, serving.token is not None)

    # For programs.

    async def check(self, request: Request) -> Response:
        """What `audit check` says of the documents."""
        return await self._asked(request, Action.CHECK)

    async def read(self, request: Request) -> Response:
        """What `audit read` says of the documents."""
        return await self._asked(request, Action.READ)

    async def openapi(self, request: Request) -> Response:
        """This interface, described."""
        return JSONResponse(self._described)

    async def healthz(self, request: Request) -> Response:
        """Whether it answers."""
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        """Counts, for Prometheus."""
        return Response(generate_latest(self.metrics_of.registry), media_type="text/plain")

    async def _asked(self, request: Request, action: Action) -> Response:
        language = self._serving.language
        with self._in_hand(request, language):
            upload = await received(request, self._serving.limits, language)
            if upload.entered:
                known = ", ".join(openapi.allowed(action.value))
                raise Problem(422, "web-unknown-field", language, name="cell:", known=known)
            wishes = self._wishes(action, upload.fields, request)
            written = await _while_heard(request, self._answered(upload, wishes))
        name = wishes.output.format
        headers = {"Audit-Exit-Code": str(written.exit_code), **_as_file(name)}
        return Response(written.content, 200, headers, openapi.MEDIA_TYPES[name])

    def _wishes(
        self, action: Action, fields: Sequence[tuple[str, str]], request: Request
    ) -> _Wishes:
        """What is asked for. Raises `Problem` for what is not known."""
        language = self._serving.language
        every = [*request.query_params.multi_items(), *fields]
        for name, value in every:
            if name not in (allowed := openapi.allowed(action.value)):
                listed = ", ".join(allowed)
                raise Problem(422, "web-unknown-field", language, name=name[:80], known=listed)
            known = openapi.schema_of(action.value, name).get("enum")
            if known is not None and value not in known:
                listed = ", ".join(known)
                raise Problem(422, "web-unknown-value", language, name=name, known=listed)
        given = dict(every)
        asked = given.get("lang")
        formats = openapi.FORMATS[action.value]
        accept = request.headers.get("accept", "*/*")
        form = given.get("format") or _acceptable(accept, formats)
        if form is None:
            raise Problem(406, "web-not-acceptable", language, known=", ".join(formats))
        style = Style(
            language=asked or language,
            is_asked_for=asked is not None or self._serving.is_asked_for,
            entries=action is Action.READ or given.get("with_entries") == "1",
        )
        fail_on = Severity(given.get("fail_on", "error"))
        return _Wishes(action, AnswerForm(form, style, fail_on), given.get("verify") == "1")

    # For people.

    async def start(self, request: Request) -> Response:
        """The page on which documents are dropped."""
        return HTMLResponse(start_page(self._language_of(request), self._serving.limits))

    async def static(self, request: Request) -> Response:
        """What pages refer to."""
        found = STATIC.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found[0], media_type=found[1])

    async def page(self, request: Request) -> Response:
        """The documents' report as a page, or as a file; to a script how far it is, in lines."""
        language = self._language_of(request)
        is_script = request.headers.get("accept") == _JSON_LINES
        try:
            with self._in_hand(request, language):
                upload = await received(request, self._serving.limits, language)
                wishes = self._page_wishes(upload, language)
                if not is_script or wishes.output.format != PAGE:
                    written = await _while_heard(request, self._answered(upload, wishes))
                    return _whole(written, wishes.output.format)
        except Problem as problem:
            if is_script or "text/html" not in request.headers.get("accept", ""):
                raise
            page = start_page(language, self._serving.limits, problem.detail)
            return HTMLResponse(page, problem.status, problem.headers)
        return StreamingResponse(self._followed(request, upload, wishes), media_type=_JSON_LINES)

    def _page_wishes(self, upload: Upload, language: str) -> _Wishes:
        given = dict(upload.fields)
        form = given.get("format", PAGE)
        if form not in (PAGE, *DOWNLOADS) or given.get("lang", language) not in ("zh", "en"):
            raise Problem(422, "web-unknown-value", language, name="format", known="")
        style = Style(language=given.get("lang", language))
        return _Wishes(Action.CHECK, AnswerForm(form, style), given.get("verify") == "1")

    async def _followed(
        self, request: Request, upload: Upload, wishes: _Wishes
    ) -> AsyncIterator[bytes]:
        """Lines of JSON: `{"done": 1, "total": 3}` as documents are done, and at last the page."""
        send, receive = create_memory_object_stream[dict[str, Any]](1_000)

        async def work() -> None:
            with send:
                try:
                    with self._in_hand(request, wishes.language):
                        written = await self._answered(
                            upload,
                            wishes,
                            lambda done, total: send.send_nowait({"done": done, "total": total}),
                        )
                        await send.send({"page": written.content.decode()})
                except Problem as problem:
                    await send.send({"detail": problem.detail})

        async with create_task_group() as group, receive:
            group.start_soon(work)
            async for line in receive:
                yield json.dumps(line, ensure_ascii=False).encode() + b"\n"

    def _language_of(self, request: Request) -> str:
        asked = request.query_params.get("lang")
        if asked in ("zh", "en"):
            return asked
        accepted = request.headers.get("accept-language", "").lower()
        if not accepted:
            return self._serving.language
        return "zh" if accepted.startswith("zh") else "en"

    # Both.

    def _in_hand(self, request: Request, language: str) -> Any:
        """While the request is in hand. Raises `Problem` where it is too large, or too many are."""
        size = announced_bytes(request, self._serving.limits, language)
        return _Admission(self._jobs, size, language)

    async def _answered(
        self,
        upload: Upload,
        wishes: _Wishes,
        step: Callable[[int, int], None] = lambda done, total: None,
    ) -> Answer:
        """The answer, once every document is done; `step` is told how many are. Raises `Problem`
        for a report of last year that cannot be read, and for a cell that cannot be entered."""
        earlier = await self._earlier(upload, wishes)
        given = await self._unpacked(upload.documents, wishes)
        if upload.entered and len(given) != 1:
            raise Problem(422, "web-enter-one", wishes.language)
        made: list[DocumentOutcome | Failure] = [
            each if isinstance(each, Failure) else _NOT_DONE for each in given
        ]
        at_once = CapacityLimiter(_AT_ONCE)
        done = 0
        step(done, len(given))

        async def judge(place: int, document: Document) -> None:
            nonlocal done
            asked = _asked_of(document, wishes.action, wishes)
            async with at_once:
                made[place] = await self._outcome(
                    replace(asked, earlier=earlier, entered=upload.entered)
                )
            done += 1
            step(done, len(given))

        async with create_task_group() as group:
            for place, each in enumerate(given):
                if isinstance(each, Document):
                    group.start_soon(judge, place, each)
        for outcome in made:
            if isinstance(outcome, Failure) and outcome.code in ("not-in-doubt", "no-figure"):
                raise Problem(422, "web-cannot-enter", wishes.language, why=outcome.message)
        pictures = await self._pictures(given, made, wishes)
        asked = replace(
            _asked_of(Document("", b""), Action.WRITE, wishes),
            items=tuple(each if isinstance(each, Failure) else each.packed for each in made),
            pictures=pictures,
            entered=upload.entered,
            output=wishes.output,
        )
        written = await self._jobs.run(asked)
        if isinstance(written, Failure):
            raise Problem(422, "web-not-written", wishes.language, why=written.message)
        answer: Answer = written
        return answer

    async def _earlier(self, upload: Upload, wishes: _Wishes) -> tuple[bytes, ...]:
        """Last year's reports, packed."""
        found: list[bytes] = []
        for each in await self._unpacked(upload.previous, wishes):
            made: Any = each
            if isinstance(each, Document):
                made = await self._jobs.run(_asked_of(each, Action.READ, wishes))
            if isinstance(made, Failure):
                why = {"name": made.name, "why": made.message}
                raise Problem(422, "web-previous", wishes.language, **why)
            found.append(made.packed)
        return tuple(found)

    async def _outcome(self, asked: Asked) -> DocumentOutcome | Failure:
        start = time.perf_counter()
        made: DocumentOutcome | Failure = await self._jobs.run(asked)
        self.metrics_of.seconds.observe(time.perf_counter() - start)
        name = made.code if isinstance(made, Failure) else made.name
        self.metrics_of.documents.labels(name).inc()
        return made

    async def _pictures(
        self,
        given: Sequence[Document | Failure],
        made: Sequence[DocumentOutcome | Failure],
        wishes: _Wishes,
    ) -> Mapping[int, Sequence[PagePicture]]:
        """For a page, those of PDFs on which something is marked; a few in all."""
        found: dict[int, Sequence[PagePicture]] = {}
        left = MOST_PAGES if wishes.output.format == PAGE else 0
        for number, (document, outcome) in enumerate(zip(given, made, strict=True), 1):
            if isinstance(document, Failure) or isinstance(outcome, Failure):
                continue
            if pages := outcome.pages[:left]:
                asked = replace(_asked_of(document, Action.DRAW, wishes), pages=pages)
                drawn = await self._jobs.run(asked)
                if not isinstance(drawn, Failure):
                    found[number] = drawn
                left -= len(pages)
        return found

    async def _unpacked(
        self, uploads: Sequence[Document], wishes: _Wishes
    ) -> list[Document | Failure]:
        """The documents, those of every archive of reports in its place."""
        found: list[Document | Failure] = []
        for each in uploads:
            if not is_zip(each.content[:4]):
                found.append(replace(each, media_type=media_type_of(each.content)))
                continue
            made = await self._jobs.run(_asked_of(each, Action.UNPACK, wishes))
            if isinstance(made, str):
                found.append(replace(each, media_type=made))
            else:
                found += made if isinstance(made, tuple) else [made]
        return found


async def _while_heard(request: Request, answer: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer. Raises `ClientDisconnect` as soon as nobody waits for it any more: what is not
    begun of it is let go."""
    made: Answer | Problem | None = None

    async def work() -> None:
        nonlocal made
        try:
            made = await answer
        except Problem as problem:
            made = problem
        group.cancel_scope.cancel()

    async with create_task_group() as group:
        group.start_soon(work)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()
    if isinstance(made, Problem):
        raise made
    if made is None:
        raise ClientDisconnect
    return made


def _unheard(request: Request, error: Exception) -> Response:
    """For nobody: the client is gone."""
    return Response(status_code=400)


class _Admission:
    """A place for one request, or a `Problem` that says when to ask again."""

    def __init__(self, jobs: Jobs, size: int, language: str) -> None:
        self._place = jobs.admitted(size)
        self._language = language

    def __enter__(self) -> None:
        try:
            self._place.__enter__()
        except Overloaded as error:
            problem = Problem(503, "web-overloaded", self._language)
            problem.headers["Retry-After"] = str(_RETRY_SECONDS)
            raise problem from error

    def __exit__(self, *error: Any) -> None:
        self._place.__exit__(*error)


def _asked_of(document: Document, action: Action, wishes: _Wishes) -> Asked:
    return Asked(
        document.name,
        document.content,
        document.media_type,
        action=action,
        language=wishes.language,
        verify=wishes.verify,
    )


def _whole(written: Answer, name: str) -> Response:
    if name == PAGE:
        return HTMLResponse(written.content)
    return Response(written.content, 200, _as_file(name, always=True), openapi.MEDIA_TYPES[name])


def _as_file(name: str, always: bool = False) -> dict[str, str]:
    """What makes a browser save the answer."""
    if not always and name != "xlsx":
        return {}
    return {"Content-Disposition": f'attachment; filename="audit.{_SUFFIXES.get(name, name)}"'}


def _acceptable(accept: str, formats: Sequence[str]) -> str | None:
    """The first format that the Accept header names; the first of all where anything will do."""
    for part in accept.split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted in ("*/*", "application/*", ""):
            return formats[0]
        for name in formats:
            if openapi.MEDIA_TYPES[name] == wanted:
                return name
    return None
