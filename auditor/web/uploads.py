"""Requests in, the documents and wishes in them out; nothing of a request is written anywhere.

A body is a form (multipart), or the document itself. It is counted while it comes in and let go of
where it is too much or too slow. A name that a client gives is what a document is called, in one
line and without folders, and is never a path.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from email.message import Message

from anyio import fail_after
from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from auditor.cli.files import STDIN, printable_name
from auditor.messages import phrase
from auditor.model.source import Document
from auditor.readers import Limits

MOST_DOCUMENTS = 100
"""In one request, last year's included."""
_MOST_FIELDS = 2_000
"""Wishes, and cells that a person enters."""
_MORE = 1_000_000
"""Bytes that a form may have beside the largest document that is read."""
_RECEIVING_SECONDS = 120
"""In which a body must have come in."""
_LONGEST_NAME = 200
CELL = "cell:"
"""What names of fields begin with that say what stands in a cell."""


class Problem(Exception):
    """A request that is not answered as asked, in words for people (RFC 9457)."""

    def __init__(self, status: int, code: str, language: str, **values: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = phrase(code, language, **values)
        self.headers: dict[str, str] = {}


class Upload(Struct, frozen=True):
    """All that came with a request."""

    documents: tuple[Document, ...]
    previous: tuple[Document, ...]
    fields: tuple[tuple[str, str], ...]
    """As they came; of those that came twice the last holds."""
    entered: Mapping[str, str]
    """By address, what a person says stands in cells that are in doubt."""


def most_bytes(limits: Limits) -> int:
    """Of a whole request."""
    return limits.file_bytes + _MORE


def announced_bytes(request: Request, limits: Limits, language: str) -> int:
    """How many bytes the body has, as far as it says; else the most that it may have. Raises
    `Problem` where that is too many."""
    most = most_bytes(limits)
    said = request.headers.get("content-length", "")
    size = int(said) if re.fullmatch(r"[0-9]{1,18}", said) else most
    if size > most:
        raise Problem(413, "web-too-large", language, most=most)
    return size


async def received(request: Request, limits: Limits, language: str) -> Upload:
    """What came with the request. Raises `Problem`, and `ClientDisconnect`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = _counted(request, most_bytes(limits), language)
    try:
        with fail_after(_RECEIVING_SECONDS):
            if kind == "multipart/form-data":
                return _of_form(await _form(request, body, limits, language), language)
            if kind == "application/x-www-form-urlencoded":  # what clients say who do not know
                raise Problem(415, "web-body-kind", language)
            content = b"".join([chunk async for chunk in body])
    except TimeoutError as error:
        raise Problem(408, "web-too-slow-body", language) from error
    if not content:
        raise Problem(400, "web-no-document", language)
    return Upload((Document(_raw_name(request), content),), (), (), {})


async def _counted(request: Request, most: int, language: str) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise Problem(413, "web-too-large", language, most=most)
        yield chunk


class _InMemory(MultiPartParser):
    """Keeps files in memory, however large they are: their sum is bounded."""

    spool_max_size = 0  # never written to a file
    is_whole = False
    """Whether its end was seen: of a form that is cut off, the last document would be missing."""

    def on_end(self) -> None:
        self.is_whole = True


async def _form(
    request: Request, body: AsyncGenerator[bytes, None], limits: Limits, language: str
) -> FormData:
    parser = _InMemory(
        request.headers,
        body,
        max_files=MOST_DOCUMENTS,
        max_fields=_MOST_FIELDS,
        max_part_size=limits.text_bytes + 1,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Problem(400, "web-bad-form", language, why=error.message) from error
    if not parser.is_whole:
        raise Problem(400, "web-bad-form", language, why="no end")
    return form


def _of_form(form: FormData, language: str) -> Upload:
    documents: list[Document] = []
    previous: list[Document] = []
    fields: list[tuple[str, str]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = value.file.read()
            value.file.close()
            if not value.filename and not content:
                continue  # what a browser sends for a field that was left empty
            into = {"document": documents, "previous": previous}.get(name)
            if into is None:
                said = {"name": name[:_LONGEST_NAME], "known": "document, previous"}
                raise Problem(422, "web-unknown-field", language, **said)
            into.append(Document(name_of(value.filename), content))
        elif name == "text":
            if value.strip():
                documents.append(Document(phrase("web-pasted", language), value.encode()))
        else:
            fields.append((name, value))
    if not documents:
        raise Problem(400, "web-no-document", language)
    entered = {n.removeprefix(CELL): v for n, v in fields if n.startswith(CELL)}
    return Upload(
        tuple(documents),
        tuple(previous),
        tuple((name, value) for name, value in fields if not name.startswith(CELL)),
        {name: value for name, value in entered.items() if value.strip()},
    )


def name_of(given: str | None) -> str:
    """How a document is called that came under a name: its last part, in one line."""
    name = re.split(r"[/\\]", given or "")[-1].strip()
    return printable_name(name[:_LONGEST_NAME]) or STDIN


def _raw_name(request: Request) -> str:
    """The name beside a document that is the whole body: a parameter, or as HTTP says it."""
    if name := request.query_params.get("name"):
        return name_of(name)
    disposition = request.headers.get("content-disposition")
    if disposition is None:
        return STDIN
    message = Message()
    message["content-disposition"] = disposition
    return name_of(message.get_filename())
