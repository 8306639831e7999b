"""Files that a run writes beside standard output: `FORMAT=FILE` in, whole files or none out.

Each is given a report as soon as that is done, so that a long run keeps no report for those who
come after.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from msgspec.structs import replace

from auditor.cli.formats import Guarded, maker_of
from auditor.cli.inputs import InputFile
from auditor.messages import phrase
from auditor.reporters import MakeReporter, Style


class _Output(Guarded):
    """One file: written beside its place, and put there when it is whole."""

    def __init__(
        self,
        name: str,
        target: Path,
        part: Path,
        stream: BinaryIO,
        make: MakeReporter,
        style: Style,
    ) -> None:
        self.name = name
        self.target = target
        self.error: Exception | None = None
        self._part = part
        self._stream = stream
        super().__init__(make(style, self._write), self._keep)
        self.start()

    def _write(self, text: str | bytes) -> None:
        self._stream.write(text if isinstance(text, bytes) else text.encode())

    def _keep(self, error: Exception) -> None:
        self.error = error

    def put_in_place(self) -> None:
        """The file, whole; what went wrong while it was drawn is raised."""
        self.finish()
        if self.error is not None:
            raise self.error
        self._stream.close()
        os.replace(self._part, self.target)

    def give_up(self) -> None:
        """Nothing is left of it; a file that was in its place stays."""
        self._stream.close()
        self._part.unlink(missing_ok=True)


@contextmanager
def opened(
    asked: Sequence[tuple[str, Path]],
    formats: Mapping[str, str],
    found: Sequence[InputFile],
    style: Style,
    whole: Callable[[], bool],
    undrawn: Callable[[str, Exception], None],
) -> Iterator[Sequence[Guarded]]:
    """The files, open for writing before anything is read; each in its place when it was drawn, and
    `whole` says that the run came to its end.

    One that could not be drawn is told to `undrawn`. Raises `click.UsageError` for a file that
    cannot be written.
    """
    outputs: list[_Output] = []
    try:
        for name, path in asked:
            outputs.append(_open(name, path, formats, found, style, outputs))
        yield outputs
        refused: list[click.UsageError] = []
        for output in outputs if whole() else ():
            try:
                output.put_in_place()
            except OSError as error:
                refused.append(_unwritable(output.target, error, style.language))
            except Exception as error:
                undrawn(output.name, error)
        if refused:
            raise refused[0]
    finally:
        for output in outputs:
            output.give_up()


def _open(
    name: str,
    path: Path,
    formats: Mapping[str, str],
    found: Sequence[InputFile],
    style: Style,
    others: Sequence[_Output],
) -> _Output:
    language = style.language
    target = Path(os.path.realpath(path))
    said: dict[str, object] = {"path": path}
    if not target.parent.is_dir():
        raise click.UsageError(phrase("cli-output-no-folder", language, **said))
    if target.exists() and not target.is_file():
        raise click.UsageError(phrase("cli-output-no-file", language, **said))
    if any(other.target == target for other in others):
        raise click.UsageError(phrase("cli-output-twice", language, **said))
    if any(one.path and Path(os.path.realpath(one.path)) == target for one in found):
        raise click.UsageError(phrase("cli-output-input", language, **said))
    make = maker_of(name, formats, language)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists():
            target.open("ab").close()  # a file that may not be changed is not replaced either
        stream = part.open("xb")
    except OSError as error:
        raise _unwritable(path, error, language) from error
    plain = replace(style, colour=False, width=80)
    return _Output(name, target, part, stream, make, plain)


def _unwritable(path: Path, error: OSError, language: str) -> click.UsageError:
    why = error.strerror or type(error).__name__
    return click.UsageError(phrase("cli-output-unwritable", language, path=path, why=why))
