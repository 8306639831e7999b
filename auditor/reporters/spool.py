"""Texts set aside until an output can be finished: in memory while they are few, then in a file
without a name, so that a run over many reports takes no more memory than one over few.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from auditor.reporters import Write

_IN_MEMORY = 4_000_000
"""Bytes."""


class Spool:
    """A list of texts that only grows."""

    def __init__(self) -> None:
        self._file: IO[bytes] = BytesIO()
        self._ends = [0]

    def add(self, text: str) -> int:
        """Sets it aside; returns its place in the list. Raises `OSError` on a full disk."""
        content = text.encode("utf-8", "surrogatepass")
        self._file.seek(0, 2)
        if isinstance(self._file, BytesIO) and self._ends[-1] + len(content) > _IN_MEMORY:
            from tempfile import TemporaryFile  # few runs come here

            kept, self._file = self._file, TemporaryFile()  # noqa: SIM115
            self._file.write(kept.getbuffer())
        self._file.write(content)
        self._ends.append(self._ends[-1] + len(content))
        return len(self._ends) - 2

    def __getitem__(self, place: int) -> str:
        start, end = self._ends[place : place + 2]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")

    def __del__(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self._ends) - 1))


class JsonArray:
    """Stands for a list in a document that `write_json` writes: its items, each as JSON already."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = items


def json_text(value: object) -> str:
    """The value as it stands in every document of ours."""
    return json.dumps(value, ensure_ascii=False, indent=1)


_ARRAY = "\0array"
"""No text of ours has this sign."""


def write_json(value: Mapping[str, Any] | JsonArray, write: Write) -> None:
    """The document as `json_text` would write it, arrays item by item."""
    arrays: list[JsonArray] = []

    def noted(array: JsonArray) -> str:
        arrays.append(array)
        return _ARRAY

    whole = json.dumps(value, ensure_ascii=False, indent=1, default=noted)
    before, *others = whole.split(json.dumps(_ARRAY))
    write(before)
    for array, after in zip(arrays, others, strict=True):
        line = before.rpartition("\n")[2]
        margin = "\n" + " " * (len(line) - len(line.lstrip(" ")))
        opening = "["
        for item in array.items:
            write(f"{opening}{margin} " + item.replace("\n", f"{margin} "))
            opening = ","
        write("[]" if opening == "[" else f"{margin}]")
        before = after
        write(before)
    write("\n")
