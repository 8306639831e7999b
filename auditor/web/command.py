"""`audit serve`: options in, a server until it is told to end. Nothing of it is imported before."""

from __future__ import annotations

import gc
import os
import socket
import webbrowser
from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.config import counts_of, limits_of
from auditor.cli.process import Unusable, language_of, say
from auditor.definitions import load_library
from auditor.extras import install_command
from auditor.messages import phrase

_EXTRA = {"anyio", "multipart", "python_multipart", "prometheus_client", "starlette", "uvicorn"}
_MOST_CONNECTIONS = 2_000
_ENDING_SECONDS = 10
"""In which answers in hand may be finished, once it is told to end."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--token",
    envvar="AUDIT_TOKEN",
    metavar="TEXT",
    help="Answer only who gives it, as a bearer token or as password; or set AUDIT_TOKEN.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name by which it is called, where it is not on this machine only; repeatable.",
)
@options.JOBS
@click.option(
    "--queue",
    type=click.IntRange(1, 10_000),
    default=256,
    show_default=True,
    help="Requests that are taken in at a time; others are told to come again.",
)
@click.option(
    "--deadline",
    type=click.IntRange(1, 3_600),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="Time by the clock after which what reads a document is ended.",
)
@options.RULES
@options.LIMITS
@options.LANG_UNCONFIGURED
@click.pass_context
def serve(ctx: click.Context, /, host: str, port: int, **more: Any) -> None:
    """Serve a page on which reports are dropped, and the same over HTTP.

    Nothing is kept: documents are in memory until they are answered. It listens on this machine
    only, unless --host says otherwise. Configuration files do not count here; --rules and --limit
    do.
    """
    language = language_of(more["lang"], os.environ)
    try:
        import uvicorn

        from auditor.web.answers import Answers
        from auditor.web.app import Serving, application
        from auditor.web.guard import hosts_of
        from auditor.web.jobs import Jobs
        from auditor.web.uploads import most_bytes
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        command = install_command("web")
        said = phrase("web-extra", language, name=error.name, command=command)
        raise Unusable(said) from error

    library = load_library(*map(Path, more["folders"]))
    limits = limits_of(counts_of(more["limits"], language))
    gc.collect()
    gc.freeze()  # the rules stay, here and in every worker
    gc.set_threshold(700, 10, 10)  # what requests leave does not
    jobs = Jobs(
        Answers(library, limits),
        more["jobs"] or os.cpu_count() or 1,
        more["deadline"],
        more["queue"],
        _MOST_AT_ONCE * most_bytes(limits),
    )
    try:
        listening = _listening(host, port, language)
        bound, taken = listening.getsockname()[:2]
        address = f"http://{f'[{bound}]' if ':' in bound else bound}:{taken}/"
        asked = more["lang"] is not None or bool(os.environ.get("AUDIT_LANG"))
        hosts = hosts_of(host, more["names"])
        serving = Serving(language, asked, limits, hosts, more["token"])
        config = uvicorn.Config(
            application(jobs, serving),
            log_config=None,
            access_log=False,  # names of documents stand in addresses
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_ENDING_SECONDS,
            lifespan="off",
        )
        say(phrase("web-serving", language, address=address))
        if not hosts_of(host, ()):  # others can reach it
            say(phrase("web-not-loopback", language, host=host))
            if not more["token"]:
                say(phrase("web-no-token", language))
        if more["opens"]:
            webbrowser.open(address)
        uvicorn.Server(config).run([listening])
    finally:
        jobs.close()


_MOST_AT_ONCE = 4
"""Of the largest requests; of usual ones hundreds are in hand."""


def _listening(host: str, port: int, language: str) -> socket.socket:
    """A socket that listens there. Raises `Unusable`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2_048)
    except OSError as error:
        place = f"{host}:{port}"
        said = phrase("web-cannot-listen", language, address=place, why=error.strerror or error)
        raise Unusable(said) from error
