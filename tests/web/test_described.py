"""The interface does what its own description says: Schemathesis asks, and judges every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis.checks import positive_data_acceptance

from tests.web.server import serving

pytestmark = pytest.mark.slow

OPERATIONS = ("check", "read", "healthz", "metrics")
_ANY_BYTES = [positive_data_acceptance]
"""Not asked: last year's report may be any bytes as far as a schema says, and must be readable."""
_POSITIVE = schemathesis.GenerationMode.POSITIVE
_EVERY = settings(suppress_health_check=list(HealthCheck), deadline=None)


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    with serving("--deadline", "30") as server:
        yield schemathesis.openapi.from_url(f"{server.address}/openapi.json")


def ask(described: Any, name: str, examples: int) -> None:
    """Lawful and unlawful requests of an operation; each answer must be one of those described."""
    operation = described.find_operation_by_id(name)
    modes = list(schemathesis.GenerationMode) if operation.method == "post" else [_POSITIVE]
    strategies = [operation.as_strategy(generation_mode=mode) for mode in modes]

    for strategy in strategies:

        @settings(_EVERY, max_examples=examples)
        @given(case=strategy)
        def asked(case: Any) -> None:
            assume(not _has_null(case.body))
            case.call_and_validate(excluded_checks=_ANY_BYTES)

        asked()


def _has_null(body: Any) -> bool:
    """Whether a form is to hold what forms cannot: it is sent as the letters `null`, which are as
    good a document as any other bytes."""
    if isinstance(body, Mapping):
        return any(map(_has_null, body.values()))
    return body is None or (isinstance(body, list) and any(map(_has_null, body)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_answer_is_a_defect_and_none_is_undescribed(described: Any, name: str) -> None:
    ask(described, name, 15)


@pytest.mark.thorough
@pytest.mark.parametrize("name", OPERATIONS)
def test_of_many_answers_none_is_undescribed(described: Any, name: str) -> None:
    ask(described, name, 400)
