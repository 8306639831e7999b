"""A server that speaks WebHDFS as Hadoop does, over a folder: the operations that fsspec asks for.

The name node answers `OPEN`, `CREATE` and `APPEND` with a redirect to a data node, which takes and
gives the bytes; here both are one server. As in HDFS, a rename takes no place that is taken, a file
that is written grows where all can see it, and errors are a `RemoteException`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_PREFIX = "/webhdfs/v1"
_MISSING = 404, "FileNotFoundException", "File does not exist"


class Refused(Exception):
    """Status, Java's exception and what it says."""


class WebHdfs(ThreadingHTTPServer):
    """The server; `operations` are those that were asked for, in order."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.operations: list[str] = []

    @property
    def address(self) -> str:
        return f"webhdfs://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WebHdfs

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        node, _, inside = unquote(parts.path).partition(_PREFIX)
        path = self.server.folder / inside.strip("/")
        name = given["op"].upper()
        operation: Callable[..., Any] = getattr(self, f"{self.command.lower()}_{name.lower()}")
        is_data = name in ("OPEN", "CREATE", "APPEND")
        try:
            if is_data and node != "/data":  # the name node says who has the bytes
                if name != "CREATE" and not path.is_file():
                    raise Refused(*_MISSING)
                host, port = self.server.server_address[:2]
                self._send(307, b"", f"http://{host!s}:{port}/data{self.path}")
                return
            self.server.operations.append(name)
            found = operation(path, given, body)
            content = found if isinstance(found, bytes) else json.dumps(found).encode()
            self._send(201 if name == "CREATE" else 200, content)
        except Refused as refused:
            status, kind, said = refused.args
            self._send(
                status,
                json.dumps({"RemoteException": {"exception": kind, "message": said}}).encode(),
            )

    do_GET = do_PUT = do_POST = do_DELETE = _answer

    def _send(self, status: int, content: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *given: Any) -> None:
        """Nothing is said of requests."""

    @staticmethod
    def _status(path: Path, suffix: str) -> dict[str, Any]:
        about = path.stat()
        kind = "DIRECTORY" if path.is_dir() else "FILE"
        size = 0 if path.is_dir() else about.st_size
        changed = int(about.st_mtime * 1000)
        return {"pathSuffix": suffix, "type": kind, "length": size, "modificationTime": changed}

    def get_getfilestatus(self, path: Path, given: dict[str, str], body: bytes) -> Any:
        if not path.exists():
            raise Refused(*_MISSING)
        return {"FileStatus": self._status(path, "")}

    def get_liststatus(self, path: Path, given: dict[str, str], body: bytes) -> Any:
        if not path.exists():
            raise Refused(*_MISSING)
        if path.name == "closed":
            raise Refused(403, "AccessControlException", "Permission denied: user=dr.who")
        below = [(each, each.name) for each in path.iterdir()] if path.is_dir() else [(path, "")]
        return {"FileStatuses": {"FileStatus": [self._status(*each) for each in below]}}

    def get_open(self, path: Path, given: dict[str, str], body: bytes) -> bytes:
        start = int(given.get("offset", 0))
        return path.read_bytes()[start:][: int(given["length"]) if "length" in given else None]

    def put_create(self, path: Path, given: dict[str, str], body: bytes) -> bytes:
        if path.exists() and given.get("overwrite") != "true":
            raise Refused(403, "FileAlreadyExistsException", "File already exists")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return b""

    def post_append(self, path: Path, given: dict[str, str], body: bytes) -> bytes:
        with path.open("ab") as stream:
            stream.write(body)
        return b""

    def put_mkdirs(self, path: Path, given: dict[str, str], body: bytes) -> Any:
        path.mkdir(parents=True, exist_ok=True)
        return {"boolean": True}

    def put_rename(self, path: Path, given: dict[str, str], body: bytes) -> Any:
        target = self.server.folder / given["destination"].strip("/")
        is_free = path.exists() and not target.exists() and target.parent.is_dir()
        if is_free:
            path.rename(target)
        return {"boolean": is_free}

    def delete_delete(self, path: Path, given: dict[str, str], body: bytes) -> Any:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            return {"boolean": False}
        return {"boolean": True}


@contextmanager
def webhdfs(folder: Path) -> Iterator[WebHdfs]:
    """The server, while it runs."""
    server = WebHdfs(folder)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
