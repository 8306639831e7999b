"""What waits until an output can be finished takes no memory, and is written as if it were held."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reporters import spool
from auditor.reporters.spool import JsonArray, Spool, json_text, write_json

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_texts_move_to_a_file_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_IN_MEMORY", 20)
    texts, kept = ["青溪市", "", "one\ntwo\r\n", "x" * 30, "\udc80"], Spool()
    for place, text in enumerate(texts):
        assert isinstance(kept._file, BytesIO) == (place < 4)
        assert kept.add(text) == place
        assert kept[0] == texts[0]  # read while it grows
    assert list(kept) == texts and kept[3] == texts[3]


@given(st.lists(_JSON, max_size=4), st.lists(_JSON, max_size=4), _JSON)
def test_a_document_is_written_as_if_it_were_held_whole(
    first: list[Any], second: list[Any], other: Any
) -> None:
    held = {"a": other, "first": first, "deeper": [{"second": second, "b": other}]}
    stands = {
        "a": other,
        "first": JsonArray(map(json_text, first)),
        "deeper": [{"second": JsonArray(map(json_text, second)), "b": other}],
    }
    parts: list[Any] = []
    write_json(stands, parts.append)
    assert "".join(parts) == json.dumps(held, ensure_ascii=False, indent=1) + "\n"
