"""Frozen dataclasses that cost a third of the time to define; see docs/decisions/0004.

`@noun` gives what `@dataclass(frozen=True, slots=True)` gives. That one compiles six methods for
each class as the program starts; here one is compiled, and the others are shared by all.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type[Any])


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def noun(cls: _Class) -> _Class:
    """The class with slots, an initialiser, equality by type and value, a hash and a repr.

    Fields may have defaults and be left out of the repr; there are no default factories.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = fields(made)
    names = tuple(each.name for each in own)
    known: dict[str, Any] = {f"set_{name}": getattr(made, name).__set__ for name in names}
    head = ["self"]
    for each in own:
        default = each.default
        if default is not MISSING:
            known[f"default_{each.name}"] = default
        head.append(each.name if default is MISSING else f"{each.name}=default_{each.name}")
    body = "; ".join(f"set_{name}(self, {name})" for name in names) or "pass"
    exec(f"def __init__({', '.join(head)}): {body}", known)
    made.__init__ = known["__init__"]
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


def _said(noun: object, names: tuple[str, ...]) -> str:
    values = ", ".join(f"{name}={getattr(noun, name)!r}" for name in names)
    return f"{type(noun).__qualname__}({values})"


def _refuse(noun: object, name: str, value: object = None) -> None:
    raise FrozenInstanceError(f"cannot change the field {name!r}")
