"""What every request must pass, and what every answer says: a middleware round all routes.

A page of another site may make a browser ask us (CSRF), or take our address under its own name (DNS
rebinding). Nothing is kept that either could get at, there are no cookies, and both are refused all
the same. A token, where one is set, comes as `Bearer`, or as the password that a browser asks for.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Collection, Mapping, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auditor.web.uploads import Problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OPEN = frozenset({"/healthz"})
"""Answered to whoever asks."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """The application, for those who may ask."""

    def __init__(
        self,
        app: ASGIApp,
        answer: Callable[[Problem], ASGIApp],
        count: Callable[[str, int], None],
        hosts: Collection[str],
        token: str | None,
        language: str,
    ) -> None:
        """`hosts` are the names by which we may be called, any where there are none. `answer` makes
        a response of a problem; `count` is told the path and status of every answer."""
        self._app = app
        self._answer = answer
        self._count = count
        self._hosts = frozenset(hosts)
        self._token = token
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope["path"], message["status"])
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        try:
            self._pass(scope)
        except Problem as problem:
            await self._answer(problem)(scope, receive, sent)
            return
        await self._app(scope, receive, sent)

    def _pass(self, scope: MutableMapping[str, Any]) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts and _name_of(host) not in self._hosts:
            raise Problem(421, "web-unknown-host", self._language)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _is_own(headers, host):
            raise Problem(403, "web-cross-site", self._language)
        if self._token and scope["path"] not in OPEN:
            given = _token_in(headers.get("authorization", ""))
            if not secrets.compare_digest(given.encode(), self._token.encode()):
                problem = Problem(401, "web-token", self._language)
                problem.headers["WWW-Authenticate"] = 'Basic realm="audit", charset="UTF-8"'
                raise problem


def hosts_of(host: str, names: Collection[str]) -> frozenset[str]:
    """The names by which a server may be called that listens at `host`, with others that are
    allowed; none where it may be any, as nobody said how others call it."""
    try:
        is_own = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_own = False
    return LOOPBACK | {host, *map(str.lower, names)} if is_own or names else frozenset()


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_own(headers: Headers, host: str) -> bool:
    """Whether a page of ours asks, or no page at all: a program does not say where it is."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == host


def _token_in(authorization: str) -> str:
    kind, _, given = authorization.partition(" ")
    if kind.lower() == "bearer":
        return given.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
