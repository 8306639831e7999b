"""Files that a run writes beside standard output: `FORMAT=FILE` in, whole files or none out.

Each format is drawn in a thread of its own that takes a report as soon as it is done, so that a
long run keeps no report for those who come after.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import BinaryIO

import click

from auditor.cli.formats import drawn_by
from auditor.cli.inputs import Found
from auditor.messages import phrase
from auditor.reporters import Drawing, Item, Style


@dataclass
class _Output:
    """One file: written beside its place, and put there when it is whole."""

    name: str
    target: Path
    part: Path
    stream: BinaryIO
    draw: Drawing
    style: Style
    items: Queue[Item | None] = field(default_factory=lambda: Queue(1))
    error: BaseException | None = None
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = Thread(target=self._write, name=str(self.target), daemon=True)
        self.thread.start()

    def _write(self) -> None:
        ended = False

        def taken() -> Iterator[Item]:
            nonlocal ended
            while (item := self.items.get()) is not None:
                yield item
            ended = True

        try:
            for text in self.draw(taken(), self.style):
                self.stream.write(text if isinstance(text, bytes) else text.encode())
        except BaseException as error:  # told by the thread that runs the command
            self.error = error
        while not ended:  # who gives must never wait for one that has given up
            ended = self.items.get() is None

    def finish(self) -> None:
        """The file in its place; what went wrong while it was drawn is raised."""
        self.items.put(None)
        self.thread.join()
        if self.error is not None:
            raise self.error
        self.stream.close()
        os.replace(self.part, self.target)

    def give_up(self) -> None:
        """Nothing is left of it; a file that was in its place stays."""
        if self.thread.is_alive():
            self.items.put(None)
            self.thread.join()
        self.stream.close()
        self.part.unlink(missing_ok=True)


class Outputs:
    """The files of a run, fed while standard output is written."""

    def __init__(self, outputs: Sequence[_Output]) -> None:
        self._outputs = outputs

    def fed(self, items: Iterator[Item]) -> Iterator[Item]:
        """The same items, each given to every file as well."""
        for item in items:
            for output in self._outputs:
                output.items.put(item)
            yield item


@contextmanager
def opened(
    asked: Sequence[tuple[str, Path]],
    formats: Mapping[str, str],
    found: Sequence[Found],
    style: Style,
    whole: Callable[[], bool],
    undrawn: Callable[[str, Exception], None],
) -> Iterator[Outputs]:
    """The files, open for writing before anything is read; each in its place when it was drawn, and
    `whole` says that the run came to its end.

    One that could not be drawn is told to `undrawn`. Raises `click.UsageError` for a file that
    cannot be written.
    """
    outputs: list[_Output] = []
    try:
        for name, path in asked:
            outputs.append(_open(name, path, formats, found, style, outputs))
        yield Outputs(outputs)
        refused: list[click.UsageError] = []
        for output in outputs if whole() else ():
            try:
                output.finish()
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
    found: Sequence[Found],
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
    draw = drawn_by(name, formats, language)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists():
            target.open("ab").close()  # a file that may not be changed is not replaced either
        stream = part.open("xb")
    except OSError as error:
        raise _unwritable(path, error, language) from error
    plain = replace(style, colour=False, width=80)
    return _Output(name, target, part, stream, draw, plain)


def _unwritable(path: Path, error: OSError, language: str) -> click.UsageError:
    why = error.strerror or type(error).__name__
    return click.UsageError(phrase("cli-output-unwritable", language, path=path, why=why))
