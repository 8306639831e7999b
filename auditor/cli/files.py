"""Files of decisions on disk: baselines and waivers read, and written whole or not at all.

Whoever changes one holds its lock from reading it again to replacing it, so that of several at once
none writes over what another has just put there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from auditor.configuration.settings import From, Settings
from auditor.errors import DefinitionError
from auditor.model.decisions import Accepted, Decisions, KnownFinding
from auditor.regular import read_regular

MOST_BYTES = 50_000_000
"""Of one file: some ten thousand known findings are twenty."""
_PATIENCE = 60.0
"""Seconds; a file is locked for as long as it takes to read and to write it."""


def read_decisions(settings: Settings) -> Decisions:
    """The baseline and the waivers that the settings name. A file that is not there is an error."""
    known: tuple[KnownFinding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    if settings.baseline is not None:
        from auditor.dispositions.baseline import read_baseline

        known = read_baseline(_text(settings, "baseline", settings.baseline), settings.baseline)
    if settings.waivers is not None:
        from auditor.dispositions.waivers import read_waivers

        accepted = read_waivers(_text(settings, "waivers", settings.waivers), settings.waivers)
    return Decisions(known, accepted, compared=settings.baseline is not None)


def text_of(path: Path) -> str | None:
    """A file's text with its line ends as they are; None where there is no such file.

    Raises `DefinitionError` for what is no file, no text, or more than `MOST_BYTES`.
    """
    try:
        return read_regular(path, MOST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=path.as_posix()) from None
    except OSError as error:
        raise DefinitionError("unreadable", str(error.strerror), place=path.as_posix()) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else who asks for it has the file locked meanwhile. Raises `DefinitionError`.

    The lock is a file beside it, `.NAME.lock`, which stays: taking it away would let two in.
    """
    from filelock import FileLock, Timeout  # a check writes no file

    path = path.resolve()
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE))
        except Timeout:
            said = f"another audit has held it for {_PATIENCE:.0f} seconds"
            raise DefinitionError("locked", said, place=path.name) from None
        except OSError as error:
            raise DefinitionError("unwritable", str(error.strerror), place=path.name) from None
        yield


def replace_text(path: Path, text: str) -> None:
    """Put the text in the file's place: all of it, or the old file stays as it was.

    The file keeps its permissions. A link stays one: what it points to is replaced.
    """
    import tempfile  # a check writes no file

    path = path.resolve()
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
            os.chmod(name, 0o644 if mode is None else mode)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise DefinitionError("unwritable", str(error.strerror), place=path.name) from None


def _text(settings: Settings, key: str, path: str) -> str:
    text = text_of(Path(path))
    if text is None:
        source = settings.source(key)
        named = f"{source.place}: " if source.kind is not From.COMMAND_LINE else ""
        raise DefinitionError("no-file", f"{named}there is no such file", place=path)
    return text
