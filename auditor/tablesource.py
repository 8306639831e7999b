"""TOML and JSON that say file and key when something is wrong; neither parser tells lines.

In: what `tomllib` or `json` made of a file. Out: `SourceTable` views over it. Whoever reads
a table ends with `done()`, so that an unknown key is an error and never silently ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from auditor.errors import DefinitionError


class SourceField(NamedTuple):
    """One value in its file."""

    data: Any
    file: str
    key: str = ""
    """Dotted path from the top of the file."""

    def wrong(self, message: str, hint: str = "") -> DefinitionError:
        """The error to raise about this value."""
        said = f"{self.key}: {message}" if self.key else message
        return DefinitionError("definition", said, place=self.file, hint=hint)

    def text(self, empty: bool = False) -> str:
        """A text, which may not be empty unless that is said."""
        if not isinstance(self.data, str) or not (self.data or empty):
            raise self.wrong(f"a text is needed here, not {_shown(self.data)}")
        return self.data

    def whole(self, least: int | None = None) -> int:
        """A whole number, of at least so much."""
        if not isinstance(self.data, int) or isinstance(self.data, bool):
            raise self.wrong(f"a whole number is needed here, not {_shown(self.data)}")
        if least is not None and self.data < least:
            said = _shown(self.data)
            raise self.wrong(f"a whole number from {least} on is needed here, not {said}")
        return self.data

    def one_of(self, choices: Collection[str]) -> str:
        """One of the given words; the error offers the nearest."""
        said = self.text()
        if said not in choices:
            raise self.wrong(f"unknown value {_shown(said)}", _nearest(said, choices))
        return said

    def fields(self) -> list[SourceField]:
        """The members of a list."""
        if not isinstance(self.data, list):
            raise self.wrong(f"a list is needed here, not {_shown(self.data)}")
        return [
            SourceField(each, self.file, f"{self.key}[{index}]")
            for index, each in enumerate(self.data)
        ]

    def texts(self) -> tuple[str, ...]:
        """The members of a list of texts."""
        return tuple(each.text() for each in self.fields())

    def table(self) -> SourceTable:
        """This value as a table."""
        return SourceTable(self)


class SourceTable:
    """Typed access to a table: take what is known with `need` and `get`, then call `done`."""

    def __init__(self, field: SourceField) -> None:
        if not isinstance(field.data, dict):
            said = _shown(field.data)
            raise field.wrong(f"a table of keys and values is needed here, not {said}")
        self.field = field
        self._asked: set[str] = set()

    def get(self, key: str) -> SourceField | None:
        """The value under `key`, or None."""
        self._asked.add(key)
        if key not in self.field.data:
            return None
        path = f"{self.field.key}.{key}" if self.field.key else key
        return SourceField(self.field.data[key], self.field.file, path)

    def need(self, key: str) -> SourceField:
        """The value under `key`; its absence is an error."""
        found = self.get(key)
        if found is None:
            raise self.field.wrong(f"the key {key!r} is missing")
        return found

    def rest(self) -> Iterator[tuple[str, SourceField]]:
        """Every field, in file order; all count as known."""
        for key in self.field.data:
            found = self.get(key)
            assert found is not None
            yield key, found

    def done(self) -> None:
        """Raise about the first key that nobody asked for."""
        for key in self.field.data:
            if key not in self._asked:
                unknown = self.get(key)
                assert unknown is not None
                raise unknown.wrong("unknown key", _nearest(key, self._asked - {key}))


def _shown(data: Any) -> str:
    """A value for a message, shortened; a number of thousands of digits has no text."""
    import reprlib  # only what went wrong needs it

    try:
        return reprlib.repr(data)
    except ValueError:
        return f"a value of type {type(data).__name__}"


def _nearest(said: str, known: Collection[str]) -> str:
    from auditor.yamlsource import nearest  # only what went wrong needs it, and YAML with it

    return nearest(said, known)
