"""Paths on a command line in, documents out, in the order given; folders in the order of names.

A zip of reports counts as a folder of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import click

from auditor.errors import InputError
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import SUFFIXES, Limits, media_type_of
from auditor.readers.sniff import ZIP, container_type_of, is_zip
from auditor.wording import known, phrase

STDIN = "-"


class Found(NamedTuple):
    """A file to be read, or standard input where there is no path."""

    name: str
    path: Path | None


def find(paths: Sequence[str], language: str, say: Callable[[str], None]) -> list[Found]:
    """Every file that the paths name; what folders hold besides is counted to `say`.

    Raises `click.UsageError` for a path that is not there, cannot be opened or holds no report.
    """
    found: list[Found] = []
    for text in paths:
        if text == STDIN:
            found.append(Found(STDIN, None))
            continue
        path = Path(text)
        if path.is_dir():
            found += _in_folder(path, text, language, say)
        elif not path.exists():
            raise click.UsageError(phrase("cli-no-path", language, path=text))
        elif not os.access(path, os.R_OK):
            raise click.UsageError(f"{phrase('input-unreadable', language)}: {text}")
        else:
            found.append(Found(_name(path), path))
    return found


def _in_folder(
    folder: Path, text: str, language: str, say: Callable[[str], None]
) -> Iterator[Found]:
    reports: list[Path] = []
    skipped = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        if path.suffix.lower() in SUFFIXES:
            reports.append(path)
        else:
            skipped += 1
    if skipped:
        say(phrase("cli-skipped", language, count=skipped, path=text))
    if not reports:
        raise click.UsageError(phrase("cli-no-files", language, path=text))
    top = Path(_name(folder))
    for path in reports:
        yield Found((top / path.relative_to(folder)).as_posix(), path)


def _name(path: Path) -> str:
    """How a file is called in the output: never by an absolute path, which differs by machine."""
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name


def documents(
    found: Found, language: str, limits: Limits, say: Callable[[str], None]
) -> Iterator[Document | Failure]:
    """The document's bytes, those of every report in a zip, or why they could not be had.

    Never many more bytes are had than are read.
    """
    try:
        if found.path is None:
            given = BytesIO(sys.stdin.buffer.read(limits.file_bytes + 1))
            yield from _documents(found, given, language, limits, say)
        else:
            with found.path.open("rb") as stream:
                yield from _documents(found, stream, language, limits, say)
    except OSError as error:
        said = f"{phrase('input-unreadable', language)}: {error.strerror or type(error).__name__}"
        yield Failure(found.name, None, None, "unreadable", said)


def _documents(
    found: Found, stream: BinaryIO, language: str, limits: Limits, say: Callable[[str], None]
) -> Iterator[Document | Failure]:
    start = stream.read(4)
    stream.seek(0)
    is_cut_off = isinstance(stream, BytesIO) and len(stream.getbuffer()) > limits.file_bytes
    if is_zip(start) and not is_cut_off and container_type_of(stream) == ZIP:
        from auditor.cli.archives import Archive  # most runs have no zip

        yield from Archive(language, limits, say).documents(stream, found.name)
        return
    stream.seek(0)
    content = stream.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        too_large = limits.exceeded("file_bytes", found.name)
        yield Failure(found.name, None, None, too_large.code, said_of(too_large, language))
        return
    yield Document(found.name, content, media_type_of(content))


def said_of(error: InputError, language: str) -> str:
    """What was wrong with a document, without its name."""
    said = str(InputError(error.code, error.message, hint=error.hint))
    code = f"input-{error.code}"
    if language == "zh" and known(code):
        return phrase(code, language) + phrase("in-brackets", language, text=said)
    return said
