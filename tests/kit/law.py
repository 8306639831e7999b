"""A law in and what its examples are drawn from; a test of few examples and one of many, out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def examples(few: int, many: int) -> pytest.MarkDecorator:
    """Gives a test `examples`: a few, and many where tests are thorough."""
    numbers = [few, pytest.param(many, marks=pytest.mark.thorough)]
    return pytest.mark.parametrize("examples", numbers, ids=["few", "many"])


def law(
    few: int, many: int, *drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """A test that holds for a few drawn examples, and for many where tests are thorough."""

    def made(holds: Callable[..., None]) -> Callable[[int], None]:
        @examples(few, many)
        def test(examples: int) -> None:
            settings(max_examples=examples)(given(*drawn)(holds))()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return made
