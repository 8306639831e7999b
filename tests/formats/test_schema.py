"""What is written as JSON is what its schema says, key for key."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from docs.making.outputs import PATH, schema_text
from tests.kit.command import run
from tests.support import EXAMPLES, ROOT

SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))
GOLDEN = ROOT / "tests" / "golden"


def strict(schema: Any) -> Any:
    """The schema that allows no further key, so that none is written that it does not have."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if "properties" in schema else {}
        return {**{key: strict(each) for key, each in schema.items()}, **closed}
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


def valid(name: str, document: Any) -> None:
    whole = strict(copy.deepcopy(SCHEMA))
    whole.pop("anyOf")
    Draft202012Validator({**whole, "$ref": f"#/$defs/{name}"}).validate(document)


def test_the_schema_is_a_schema_and_not_stale() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert PATH.read_text(encoding="utf-8") == schema_text(), "make schema"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_every_golden_document_is_valid(path: Path) -> None:
    kind = path.name.split(".")[1]
    if kind in ("json", "read"):
        document = json.loads(path.read_text(encoding="utf-8"))
        valid("CheckOutput" if kind == "json" else "ReadOutput", document)
        Draft202012Validator(SCHEMA).validate(document)


def test_every_golden_line_is_valid() -> None:
    lines = (GOLDEN / "batch.en.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        valid("FailureLine" if "code" in line else "CheckLine", line)


@pytest.mark.parametrize("command", ["check", "read"])
def test_outputs_of_every_kind_are_valid(command: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    settings = tmp_path / "audit.toml"
    settings.write_text('ignore = ["disputes-*"]\n', encoding="utf-8")
    entries = ["--with-entries"] if command == "check" else []
    paths = [str(path) for path in (*sorted(EXAMPLES.glob("*.txt")), tmp_path / "letter.txt")]
    result = run(command, "--config", settings, "--format", "json", *entries, *paths)
    document = json.loads(result.stdout)
    assert len(document["reports"]) == 3 and len(document["failures"]) == 1
    valid(f"{command.capitalize()}Output", document)
    lines = run(command, "--format", "jsonl", *entries, *paths).stdout.splitlines()
    for line in map(json.loads, lines):
        valid("FailureLine" if "code" in line else f"{command.capitalize()}Line", line)


def test_what_is_not_said_in_the_schema_is_refused() -> None:
    document = json.loads((GOLDEN / "three-mistakes.json").read_text(encoding="utf-8"))
    document["reports"][0]["verdict"] = "fine"
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate(document)
