"""YAML that remembers where everything stood, and what may stand in it, declared once as types.

In: the text of a definition file. Out: values, JSON Schema of the same types, and errors that say
file, line and key. A mapping is a msgspec `Struct`: its fields are the keys (`rename` says where a
key is called otherwise), those with a default may be left out, and their docstrings are what
editors show. Other types are str (any scalar, as written), int, bool, Decimal, an `Enum` by its
values, `Literal`, tuples, mappings with keys of their author's own, and these in `X | None`.
`Meta(ge=…)` bounds a number; `Meta(min_length=1, title="selector")` refuses an empty list. What
else a type takes it says itself: as a class with `from_item` and `item_schema`, or as a `Shape` in
`Annotated`.

An unknown key is an error and never silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

import yaml
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import asdict, fields

from auditor.errors import DefinitionError
from auditor.model import IN_LANGUAGES

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

    def mapped(self) -> dict[str, Item]:
        """The members of a mapping by key, in file order."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("a mapping of keys to values is needed here")
        found: dict[str, Item] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            path = f"{self.key}.{key}" if self.key else key
            if key in found:
                raise Item(key_node, self.file, path).wrong("this key stands here twice")
            found[key] = Item(value_node, self.file, path)
        return found

    def words(self) -> dict[str, str]:
        """The same sentence in several languages, `zh` and `en`; a plain text is said in each."""
        if not self.is_mapping:
            return dict.fromkeys(("zh", "en"), self.text())
        return asdict(read_fields(_Sentence, self))


class _Sentence(Struct, frozen=True):
    zh: str
    en: str


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


_T = TypeVar("_T")
Schema = Mapping[str, Any]
"""A piece of JSON Schema."""
Reader = Callable[[Item], Any]


class Shape:
    """How an item is read, and what it may be, where its type does not say so."""

    __slots__ = ("_says", "read")

    def __init__(self, read: Reader, says: Schema | Callable[[], Schema]) -> None:
        self.read = read
        self._says = says

    @property
    def schema(self) -> Schema:
        """As JSON Schema; put together when asked for, since an audit needs none."""
        return self._says() if callable(self._says) else self._says


def reference(definition: str, read: Reader = Item.text) -> Shape:
    """A text under `$defs`: with a form at hand, one of the form's own names."""
    return Shape(read, {"$ref": f"#/$defs/{definition}"})


class Name(str):
    """A text that its loader compares with others of the file, and so keeps the place of."""

    item: Item

    @classmethod
    def from_item(cls, item: Item) -> Name:
        found = cls(item.text())
        found.item = item
        return found

    @classmethod
    def item_schema(cls) -> Schema:
        return schema_of(str)

    def one_of(self, choices: Collection[str]) -> str:
        """The same text, which must be one of these."""
        return self.item.one_of(choices)


def unique(names: Iterable[Name]) -> tuple[str, ...]:
    """The ids, of which none may stand there twice."""
    found: dict[str, None] = {}
    for name in names:
        if name in found:
            raise name.item.wrong(f"the id {str(name)!r} stands here twice")
        found[str(name)] = None
    return tuple(found)


def read(kind: type[_T], item: Item) -> _T:
    """The item as a value of that type. Raises `DefinitionError` where it is none."""
    found: _T = _reader(cast(Hashable, kind))(item)
    return found


def read_fields(kind: type[_T], item: Item, beside: Collection[str] = ()) -> _T:
    """The mapping as that Struct, for its own `from_item`; keys `beside` may stand there, unread.

    An unknown key is an error, and so is a needed one left out.
    """
    readers, needed = _readers(cast(Hashable, kind))
    found = {}
    for key, value in item.mapped().items():
        if key in readers:
            name, reader = readers[key]
            found[name] = reader(value)
        elif key not in beside:
            raise value.wrong("unknown key", nearest(key, [*readers, *beside]))
    for key, name in needed:
        if name not in found:
            raise item.wrong(f"the key {key!r} is missing")
    return kind(**found)


def pattern(group: str = "") -> Shape:
    """A regular expression that compiles, and has the group, if one is named."""

    def read_pattern(item: Item) -> str:
        try:
            found = re.compile(item.text())
        except re.error as error:
            raise item.wrong(f"not a regular expression: {error}") from None
        if group and group not in found.groupindex:
            raise item.wrong(f"the pattern has no group {group!r}", f"write (?P<{group}>…)")
        return item.text()

    about = "A regular expression, in Python's syntax"
    said = f"{about}, with a group {group}." if group else f"{about}."
    return Shape(read_pattern, lambda: {**schema_of(str), "description": said})


_SCALARS: Mapping[Any, Reader] = {
    str: Item.text,
    int: Item.whole,
    bool: Item.flag,
    Decimal: Item.decimal,
}


@cache
def _reader(kind: Any) -> Reader:
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _noted_reader(parts[0], parts[1:])
    if hasattr(kind, "from_item"):
        own: Reader = kind.from_item
        return own
    if origin in (Union, UnionType):
        return _union_reader(_without_none(parts))
    if origin is Literal:
        return lambda item: item.one_of(parts)
    if origin is tuple and parts[-1] is not Ellipsis:
        return _pair_reader(parts)
    if origin is tuple:
        member = _reader(parts[0])
        return lambda item: tuple([member(each) for each in item.items()])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value = _reader(parts[1])
        return lambda item: {key: value(each) for key, each in item.mapped().items()}
    if issubclass(kind, Enum):
        return lambda item: kind(item.one_of([each.value for each in kind]))
    return partial(read_fields, kind)


def _noted_reader(kind: Any, notes: tuple[Any, ...]) -> Reader:
    """Of a type with notes: a shape of its own, the same in several languages, or bounds."""
    shape = next((note for note in notes if isinstance(note, Shape)), None)
    if shape is not None:
        return shape.read
    if IN_LANGUAGES in notes:
        return Item.words
    bounds = next((note for note in notes if isinstance(note, Meta)), None)
    inner = _reader(kind)
    if bounds is None:
        return inner

    def bounded(item: Item) -> Any:
        found = inner(item)
        if bounds.ge is not None and found < bounds.ge:
            raise item.wrong(f"a whole number from {bounds.ge} is needed here, not {found}")
        if bounds.min_length and len(found) < bounds.min_length:
            raise item.wrong(f"at least one {bounds.title} is needed here")
        return found

    return bounded


@cache
def _readers(
    kind: Any,
) -> tuple[Mapping[str, tuple[str, Reader]], Sequence[tuple[str, str]]]:
    """Of a Struct: by key the field and how it is read; and which of them must stand there."""
    own = fields(kind)
    readers = {each.encode_name: (each.name, _reader(each.type)) for each in own}
    return readers, [(each.encode_name, each.name) for each in own if _is_needed(each)]


def _is_needed(field: Any) -> bool:
    return field.default is NODEFAULT and field.default_factory is NODEFAULT


def _without_none(parts: tuple[Any, ...]) -> list[Any]:
    return [each for each in parts if each is not NoneType]


def _union_reader(kinds: list[Any]) -> Reader:
    """Of several Structs, the one that has most of the keys that stand there."""
    if len(kinds) == 1:
        return _reader(kinds[0])
    keys = {kind: {each.encode_name for each in fields(kind)} for kind in kinds}

    def read_likeliest(item: Item) -> Any:
        there = item.mapped().keys()
        return _reader(max(kinds, key=lambda kind: len(keys[kind] & there)))(item)

    return read_likeliest


def _pair_reader(kinds: tuple[Any, ...]) -> Reader:
    """Of a tuple with so many members, all of one type."""
    member = _reader(kinds[0])

    def read_members(item: Item) -> Any:
        found = tuple([member(each) for each in item.items()])
        if len(found) != len(kinds):
            raise item.wrong(f"{len(kinds)} members are needed here, not {len(found)}")
        return found

    return read_members


_TEXT = {"type": ["string", "number", "boolean"], "minLength": 1}
TRUE = {"enum": [True, "true", "True", "TRUE"]}
"""What is taken for true."""
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_SCALAR_SCHEMAS: Mapping[Any, Schema] = {
    str: _TEXT,
    int: {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]+$"}]},
    bool: {"anyOf": [{"type": "boolean"}, TRUE, {"enum": ["false", "False", "FALSE"]}]},
    Decimal: {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}]},
}
_WORDS = {
    "description": "The same sentence in Chinese and in English, or one text for all languages.",
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"zh": _TEXT, "en": _TEXT},
            "required": ["zh", "en"],
            "additionalProperties": False,
        },
    ],
}


def schema_of(kind: Any) -> Schema:
    """The type as JSON Schema."""
    if kind in _SCALAR_SCHEMAS:
        return _SCALAR_SCHEMAS[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _noted_schema(parts[0], parts[1:])
    if hasattr(kind, "item_schema"):
        said: Schema = kind.item_schema()
        return said
    if origin in (Union, UnionType):
        kinds = [schema_of(each) for each in _without_none(parts)]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is tuple and parts[-1] is not Ellipsis:
        members = schema_of(parts[0])
        return {"type": "array", "items": members, "minItems": len(parts), "maxItems": len(parts)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(parts[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(parts[1])}
    if issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    return struct_schema(kind)


def _noted_schema(kind: Any, notes: tuple[Any, ...]) -> Schema:
    for note in notes:
        if isinstance(note, Shape):
            return note.schema
        if note == IN_LANGUAGES:
            return _WORDS
        if isinstance(note, Meta) and note.ge is not None:
            digits = "^[+]?0*[1-9][0-9]*$" if note.ge else "^[+]?[0-9]+$"
            whole = {"type": "integer", "minimum": note.ge}
            return {"anyOf": [whole, {"type": "string", "pattern": digits}]}
        if isinstance(note, Meta) and note.min_length:
            return {**schema_of(kind), "minItems": note.min_length}
    return schema_of(kind)


def struct_schema(kind: type[Struct]) -> dict[str, Any]:
    """The mapping as JSON Schema, with the docstrings of the class and its fields."""
    docs = _field_docs(kind)
    properties = {}
    for field in fields(kind):
        own = schema_of(field.type)
        below = {"description": docs[field.name]} if field.name in docs else {}
        properties[field.encode_name] = {**own, **below}
    needed = [field.encode_name for field in fields(kind) if _is_needed(field)]
    about = " ".join((kind.__doc__ or "").split())
    said: dict[str, Any] = {"description": about, "type": "object", "properties": properties}
    said["additionalProperties"] = False
    return {**said, "required": needed} if needed else said


def _field_docs(kind: type) -> dict[str, str]:
    """The texts that stand below a class's fields, and those of the classes it is made of."""
    import ast  # only whoever prints a schema
    import inspect

    found: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        if not issubclass(each, Struct) or each is Struct:
            continue
        (body,) = ast.parse(inspect.getsource(each)).body
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                found[field.target.id] = " ".join(str(below.value.value).split())
    return found
