"""YAML that remembers where everything stood, and says file, line and key when something is wrong.

In: the text of a definition file. Out: `Mapped` views over its nodes. Whoever reads a mapping ends
with `done()`, so that an unknown key is an error and never silently ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, KeysView
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import yaml

from auditor.errors import DefinitionError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A loader that asks no scalar what it may be: each is read as the text it is."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        return ""


class Item(NamedTuple):
    """One YAML node in its file."""

    node: yaml.Node
    file: str
    key: str = ""
    """Dotted path from the top of the file, for messages."""

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def wrong(self, message: str, hint: str = "") -> DefinitionError:
        """The error to raise about this node."""
        said = f"{self.key}: {message}" if self.key else message
        return DefinitionError("definition", said, place=f"{self.file}:{self.line}", hint=hint)

    def text(self) -> str:
        """A scalar as written, whatever YAML would make of it; empty text is an error."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value:
            raise self.wrong("a text is needed here")
        return str(self.node.value)

    def whole(self) -> int:
        """A whole number."""
        try:
            return int(self.text())
        except ValueError:
            raise self.wrong(f"a whole number is needed here, not {_shown(self.text())}") from None

    def decimal(self) -> Decimal:
        """An exact decimal number."""
        try:
            value = Decimal(self.text())
        except InvalidOperation:
            raise self.wrong(f"a number is needed here, not {_shown(self.text())}") from None
        if not value.is_finite():
            raise self.wrong(f"a finite number is needed here, not {_shown(self.text())}")
        return value

    def flag(self) -> bool:
        """`true` or `false`."""
        said = self.text().lower()
        if said not in ("true", "false"):
            raise self.wrong(f"true or false is needed here, not {_shown(self.text())}")
        return said == "true"

    def one_of(self, choices: Collection[str]) -> str:
        """One of the given words; the error offers the nearest."""
        said = self.text()
        if said not in choices:
            raise self.wrong(f"unknown value {_shown(said)}", nearest(said, choices))
        return said

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def items(self) -> list[Item]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("a list is needed here")
        return [
            Item(node, self.file, f"{self.key}[{index}]")
            for index, node in enumerate(self.node.value)
        ]

    def mapped(self) -> Mapped:
        """This node as a mapping."""
        return Mapped(self)

    def words(self) -> dict[str, str]:
        """The same sentence in several languages, `zh` and `en`; a plain text is said in each."""
        if not self.is_mapping:
            return dict.fromkeys(("zh", "en"), self.text())
        fields = self.mapped()
        said = {language: fields.need(language).text() for language in ("zh", "en")}
        fields.done()
        return said


class Mapped:
    """Typed access to a mapping: take what is known with `need` and `get`, then call `done`."""

    def __init__(self, item: Item) -> None:
        if not isinstance(item.node, yaml.MappingNode):
            raise item.wrong("a mapping of keys to values is needed here")
        self.item = item
        self._asked: set[str] = set()
        self._fields: dict[str, Item] = {}
        for key_node, value_node in item.node.value:
            key = str(key_node.value)
            path = f"{item.key}.{key}" if item.key else key
            if key in self._fields:
                raise Item(key_node, item.file, path).wrong("this key stands here twice")
            self._fields[key] = Item(value_node, item.file, path)

    @property
    def keys(self) -> KeysView[str]:
        """What stands there, in file order."""
        return self._fields.keys()

    def get(self, key: str) -> Item | None:
        """The value under `key`, or None."""
        self._asked.add(key)
        return self._fields.get(key)

    def need(self, key: str) -> Item:
        """The value under `key`; its absence is an error."""
        found = self.get(key)
        if found is None:
            raise self.item.wrong(f"the key {key!r} is missing")
        return found

    def rest(self) -> Iterator[tuple[str, Item]]:
        """Every field, in file order; all count as known."""
        self._asked.update(self._fields)
        yield from self._fields.items()

    def done(self, also: Iterable[str] = ()) -> None:
        """Raise about the first key that nobody asked for; `also` widens the did-you-mean."""
        known = self._asked | set(also)
        for key, value in self._fields.items():
            if key not in self._asked:
                raise value.wrong("unknown key", nearest(key, known))


def _shown(text: str) -> str:
    """A text for a message, shortened."""
    import reprlib  # only what went wrong needs it

    return reprlib.repr(text)


def nearest(said: str, known: Collection[str]) -> str:
    """A did-you-mean hint, or the list of what is known when nothing is near."""
    import difflib  # only what went wrong needs it

    close = difflib.get_close_matches(said, list(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known: " + ", ".join(sorted(known))


def read_yaml(text: str, file: str) -> Item:
    """The top node of a YAML file. Raises `DefinitionError` on bad syntax or an empty file."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}" if mark else file
        raise DefinitionError("yaml", f"not valid YAML: {error.problem}", place=place) from None
    except yaml.YAMLError as error:
        raise DefinitionError("yaml", f"not valid YAML: {error}", place=file) from None
    except RecursionError:  # libyaml has a limit of its own
        raise DefinitionError("yaml", "nested too deeply", place=file) from None
    if node is None:
        raise DefinitionError("empty", "the file is empty", place=f"{file}:1")
    return Item(node, file)
