"""Regular files and nothing else, so that reading one always ends; written whole or not at all.

A pipe without a writer blocks whoever opens it, and a device may have no end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from auditor.errors import DefinitionError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """The file, open for reading. Raises `OSError`, also for what is no regular file."""
    try:
        number = os.open(path, _FLAGS | getattr(os, "O_CLOEXEC", 0))
    except ValueError as error:  # a name that no file can have
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    try:
        kind = os.fstat(number).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(kind):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def read_regular(path: str | os.PathLike[str], most: int) -> bytes:
    """All that stands in the file. Raises `OSError`, also where that is more than `most` bytes."""
    with open_regular(path) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"more than {most:,} bytes", str(path))
    return content


def read_text(path: str | os.PathLike[str], most: int, place: str) -> str:
    """The file's text in UTF-8, its line ends as they are and without a mark at its start.

    Raises `DefinitionError` for what is no file, no text, or larger; `no-file` where there is none.
    """
    try:
        return read_regular(path, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=place) from None
    except OSError as error:
        code = "no-file" if isinstance(error, FileNotFoundError) else "unreadable"
        raise DefinitionError(code, str(error.strerror), place=place) from None


def replace_regular(path: Path, content: bytes) -> None:
    """Puts the content in the file's place: all of it, or the old file stays as it was.

    The file keeps its permissions. A link stays one: what it points to is replaced. Raises
    `OSError`.
    """
    import tempfile  # a check writes no file

    path = path.resolve()
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
