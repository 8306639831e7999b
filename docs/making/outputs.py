"""Writes `docs/output.schema.json`: what the JSON of `audit check` and `audit read` looks like."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.reporters.shapes import output_schema

PATH = Path(__file__).resolve().parents[1] / "output.schema.json"


def schema_text() -> str:
    """The whole file."""
    return json.dumps(output_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
