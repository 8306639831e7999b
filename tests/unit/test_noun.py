"""A noun is what a frozen dataclass with slots is."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from auditor.model.noun import noun
from auditor.model.report import Blank, Illegible, Missing, Number


@noun
class Pair:
    first: int
    second: str = field(default="b", repr=False)


def test_nouns_compare_by_type_and_value() -> None:
    @noun
    class Other:
        first: int
        second: str = "b"

    assert Pair(1) == Pair(1, "b") == Pair(second="b", first=1)
    assert Pair(1) != Pair(2)
    assert len({Pair(1), Other(1)}) == 2
    alike: list[object] = [Missing(), Pair(1)]
    assert Blank() not in alike and Other(1) not in alike
    assert Blank() == Blank()
    assert len({Pair(1), Pair(1), Pair(2), Blank(), Missing(), Blank()}) == 4
    assert Blank()


def test_nouns_are_frozen() -> None:
    pair = Pair(1)
    with pytest.raises(FrozenInstanceError):
        pair.first = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del pair.first
    with pytest.raises(AttributeError):
        pair.third = 3  # type: ignore[attr-defined]
    assert pair == Pair(1)


def test_nouns_are_dataclasses() -> None:
    assert [each.name for each in fields(Pair)] == ["first", "second"]
    assert replace(Pair(1), second="c") == Pair(1, "c")
    match Pair(1, "c"):
        case Pair(first, second):
            assert (first, second) == (1, "c")


def test_nouns_survive_copying() -> None:
    for value in (Pair(1, "c"), Blank(), Illegible(("1", "7"))):
        assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value


def test_a_noun_shows_its_fields_but_those_left_out() -> None:
    assert repr(Pair(1)) == "Pair(first=1)"
    assert repr(Blank()) == "Blank()"
    assert repr(Illegible(("1",))) == "Illegible(readings=('1',))"


def test_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        Pair()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Number(1, 2, 3)  # type: ignore[call-arg, arg-type]


def test_a_field_without_a_default_follows_none_with() -> None:
    with pytest.raises(TypeError, match="Wrong: a field without a default"):

        @noun
        class Wrong:
            first: int = 1
            second: int  # type: ignore[misc]
