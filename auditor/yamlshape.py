"""What may stand in a definition file, declared once: YAML items in, values out, and JSON Schema.

A `Shape` reads an item and says in JSON Schema what it takes; `Keys` is the shape of a mapping, key
by key. The loaders read through these, so that what they accept and what editors are told is one
declaration. A mapping's schema is put together when asked for: an audit reads files and needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from auditor.yamlsource import Item, Mapped, nearest

_T = TypeVar("_T")
Schema = Mapping[str, Any]
"""A piece of JSON Schema."""


class Shape(Generic[_T]):
    """How one item is read, and what it may be."""

    __slots__ = ("_says", "read")

    def __init__(self, read: Callable[[Item], _T], says: Schema | Callable[[], Schema]) -> None:
        self.read = read
        self._says = says

    @property
    def schema(self) -> Schema:
        """As JSON Schema."""
        return self._says() if callable(self._says) else self._says


class Key(NamedTuple):
    """One key of a mapping; `default` is its value where it is left out."""

    name: str
    shape: Shape[Any] | Keys
    about: str
    needed: bool = False
    default: Any = None


def need(name: str, shape: Shape[Any] | Keys, about: str = "") -> Key:
    """A key that must stand there."""
    return Key(name, shape, about, needed=True)


def may(name: str, shape: Shape[Any] | Keys, about: str = "", default: Any = None) -> Key:
    """A key that may be left out."""
    return Key(name, shape, about, default=default)


class Keys:
    """The shape of a mapping: its keys, what it is for, and what JSON Schema says besides."""

    __slots__ = ("_also", "_defaults", "_keys", "_needed", "_shapes", "about")

    def __init__(self, *keys: Key, about: str = "", also: Schema | None = None) -> None:
        self.about = about
        self._keys = keys
        self._also = also or {}
        self._shapes = {key.name: key.shape for key in keys}
        self._needed = tuple(key.name for key in keys if key.needed)
        self._defaults = {key.name: key.default for key in keys if not key.needed}

    def read(self, item: Item) -> dict[str, Any]:
        """The value of every key. An unknown key is an error, and so is a needed one left out."""
        return self.take(item.mapped())

    def take(self, fields: Mapped, beside: Collection[str] = ()) -> dict[str, Any]:
        """The same of an open mapping; keys `beside` may stand there, unread."""
        found = dict(self._defaults)
        for key, value in fields.rest():
            shape = self._shapes.get(key)
            if shape is not None:
                found[key] = shape.read(value)
            elif key not in beside:
                raise value.wrong("unknown key", nearest(key, [*self._shapes, *beside]))
        for key in self._needed:
            if key not in found:
                raise fields.item.wrong(f"the key {key!r} is missing")
        return found

    @property
    def schema(self) -> Schema:
        """As JSON Schema."""
        properties = {}
        for key in self._keys:
            own = dict(key.shape.schema)
            if key.about:
                own = {**own, "description": key.about}
            properties[key.name] = own
        said: dict[str, Any] = {"description": self.about} if self.about else {}
        said |= {"type": "object", "properties": properties, "additionalProperties": False}
        if self._needed:
            said["required"] = list(self._needed)
        return {**said, **self._also}


def list_of(shape: Shape[Any] | Keys, least: str = "") -> Shape[tuple[Any, ...]]:
    """The shape of a list; `least` is the error about an empty one, where it may not be empty."""

    def read(item: Item) -> tuple[Any, ...]:
        found = tuple([shape.read(member) for member in item.items()])
        if least and not found:
            raise item.wrong(least)
        return found

    def says() -> Schema:
        said: dict[str, Any] = {"type": "array", "items": shape.schema}
        return {**said, "minItems": 1} if least else said

    return Shape(read, says)


def map_of(shape: Shape[_T], about: str = "") -> Shape[dict[str, _T]]:
    """The shape of a mapping whose keys are its author's own."""

    def read(item: Item) -> dict[str, _T]:
        return {key: shape.read(value) for key, value in item.mapped().rest()}

    said: dict[str, Any] = {"description": about} if about else {}
    return Shape(read, lambda: {**said, "type": "object", "additionalProperties": shape.schema})


def one_of(choices: Collection[str], **also: Any) -> Shape[str]:
    """The shape of a word out of a few."""
    return Shape(lambda item: item.one_of(choices), {"enum": list(choices), **also})


def named(definition: str, read: Callable[[Item], Any] = Item.text) -> Shape[Any]:
    """A shape that several share, under `$defs`; with a form at hand it lists the form's own."""
    return Shape(read, {"$ref": f"#/$defs/{definition}"})


def whole_from(least: int) -> Shape[int]:
    """The shape of a whole number that is not below `least`."""

    def read(item: Item) -> int:
        found = item.whole()
        if found < least:
            raise item.wrong(f"a whole number from {least} is needed here, not {found}")
        return found

    text = "^[+]?0*[1-9][0-9]*$" if least else "^[+]?[0-9]+$"
    return Shape(
        read,
        {"anyOf": [{"type": "integer", "minimum": least}, {"type": "string", "pattern": text}]},
    )


def _kept(item: Item) -> Item:
    item.text()
    return item


TEXT = Shape(Item.text, {"type": ["string", "number", "boolean"], "minLength": 1})
"""Any scalar, as the text it is written as."""
KEPT = Shape(_kept, TEXT.schema)
"""A text that the loader compares with others of its file, and so keeps the place of."""
TEXTS = list_of(TEXT)
WHOLE = Shape(
    Item.whole, {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]+$"}]}
)
DECIMAL = Shape(
    Item.decimal,
    {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"},
        ]
    },
)
TRUE = {"enum": [True, "true", "True", "TRUE"]}
"""What `FLAG` takes for true."""
FLAG = Shape(
    Item.flag, {"anyOf": [{"type": "boolean"}, TRUE, {"enum": ["false", "False", "FALSE"]}]}
)
WORDS = Shape(
    Item.words,
    {
        "description": "The same sentence in Chinese and in English.",
        "type": "object",
        "properties": {"zh": TEXT.schema, "en": TEXT.schema},
        "required": ["zh", "en"],
        "additionalProperties": False,
    },
)
