"""A class name means one thing in the whole package; `docs/glossary.md` says what."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "auditor"
GLOSSARY = PACKAGE.parent / "docs" / "glossary.md"


def homes_by_class() -> dict[str, list[str]]:
    """The modules that define a class, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    return found


def test_a_class_name_stands_in_one_module() -> None:
    doubled = {name: homes for name, homes in homes_by_class().items() if len(homes) > 1}
    assert doubled == {}


def test_the_glossary_speaks_of_classes_that_there_are() -> None:
    rows = [
        line.split("|")[1]
        for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    named = {name.strip("` ") for row in rows for name in row.split(",")}
    aliases = {"Value", "Predicate", "Guard"}
    assert len(named) > 30
    assert named - aliases - homes_by_class().keys() == set()
