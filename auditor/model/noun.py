"""Frozen dataclasses that cost a third of the time to define; see docs/decisions/0004.

`@noun` gives what `@dataclass(frozen=True, slots=True)` gives. That one compiles six methods for
each class as the program starts; here one is compiled, and the others are shared by all.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type[Any])


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def noun(cls: _Class) -> _Class:
    """The class with slots, an initialiser, equality by type and value, a hash and a repr.

    Fields may have defaults and be left out of the repr; there are no default factories.
    """
    # For a class without a docstring, dataclass works out a signature to put there: as dear as all
    # the rest.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = fields(made)
    names = tuple(each.name for each in own)
    given = [each.default is not MISSING for each in own]
    if given != sorted(given):
        raise TypeError(f"{cls.__qualname__}: a field without a default follows one with")
    made.__init__ = FunctionType(
        _setter_of(len(own)).replace(co_varnames=("self", *names)),
        {f"set_{index}": getattr(made, name).__set__ for index, name in enumerate(names)},
        "__init__",
        tuple(each.default for each in own if each.default is not MISSING),
    )
    shown = tuple(each.name for each in own if each.repr)
    made.__repr__ = lambda self: _said(self, shown)
    values = attrgetter(*names) if names else type
    made.__eq__ = lambda self, other: (
        values(self) == values(other) if other.__class__ is made else NotImplemented
    )
    made.__hash__ = lambda self: hash(values(self))
    made.__reduce__ = lambda self: (made, tuple(getattr(self, name) for name in names))
    made.__setattr__ = made.__delattr__ = _refuse
    return made  # type: ignore[no-any-return]


@cache
def _setter_of(count: int) -> CodeType:
    """The code of an initialiser that sets so many fields; each class gives them its own names.

    Compiling it is dear, and it differs between classes by nothing but names.
    """
    body = "; ".join(f"set_{index}(self, value_{index})" for index in range(count)) or "pass"
    known: dict[str, Any] = {}
    exec(f"def setter({', '.join(['self', *(f'value_{i}' for i in range(count))])}): {body}", known)
    code: CodeType = known["setter"].__code__
    return code


def _said(noun: object, names: tuple[str, ...]) -> str:
    values = ", ".join(f"{name}={getattr(noun, name)!r}" for name in names)
    return f"{type(noun).__qualname__}({values})"


def _refuse(noun: object, name: str, value: object = None) -> None:
    raise FrozenInstanceError(f"cannot change the field {name!r}")
