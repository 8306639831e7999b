"""What the package relies on in its values: frozen, compared by type and value, picklable."""

from __future__ import annotations

import copy
import pickle

import pytest

from auditor.model.check import Severity
from auditor.model.report import Blank, Illegible, Missing, Number
from auditor.model.source import Document


def test_values_compare_by_type_and_value() -> None:
    """An empty struct is neither false nor equal to another class's, as a named tuple would be."""
    values: list[object] = [Blank(), Missing()]
    assert Blank() == Blank() and Missing() not in values[:1] and Blank()
    assert Illegible(("1",)) == Illegible(readings=("1",)) != Illegible()
    assert Illegible() not in values
    assert len({Blank(), Missing(), Blank(), Illegible(), Illegible(("1",))}) == 4


def test_values_are_frozen() -> None:
    value = Illegible(("1",))
    with pytest.raises(AttributeError):
        value.readings = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        value.other = 3  # type: ignore[attr-defined]
    assert value == Illegible(("1",))


def test_values_survive_copying() -> None:
    for value in (Blank(), Illegible(("1", "7"))):
        assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value


def test_a_field_without_a_default_is_needed() -> None:
    with pytest.raises(TypeError, match="value"):
        Number()  # type: ignore[call-arg]


def test_a_document_shows_no_content() -> None:
    assert repr(Document("a.txt", b"long")) == "Document(name='a.txt', media_type='text/plain')"


def test_severities_are_ordered_from_the_worst() -> None:
    worst_first = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert sorted(reversed(worst_first), key=lambda severity: severity.rank) == worst_first
    assert Severity.ERROR.reaches(Severity.WARNING)
    assert Severity.WARNING.reaches(Severity.WARNING)
    assert not Severity.INFO.reaches(Severity.WARNING)
