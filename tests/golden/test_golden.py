"""The examples print what is kept in this folder; `make golden` rewrites it."""

from __future__ import annotations

import pytest

from tests.golden.cases import CASES, EXPECTED_EXIT, kept, printed
from tests.golden.rewrite import BLOCK, READMES
from tests.support import ROOT


@pytest.mark.parametrize(("example", "ending"), CASES)
def test_an_example_prints_what_is_kept(example: str, ending: str) -> None:
    code, text = printed(example, ending)
    assert text == kept(example, ending).read_text(encoding="utf-8")
    if "read" not in ending:
        assert code == EXPECTED_EXIT[example]


@pytest.mark.parametrize("name", sorted(READMES))
def test_the_readme_shows_the_real_output(name: str) -> None:
    shown = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert shown == [kept("three-mistakes", READMES[name]).read_text(encoding="utf-8")]


def test_the_same_bytes_give_the_same_output_twice() -> None:
    assert printed("three-mistakes", "json") == printed("three-mistakes", "json")
