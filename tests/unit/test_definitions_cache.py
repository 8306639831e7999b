"""What the rules come to is kept for the next run, and never taken for what has changed since."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from auditor import definitions
from auditor.definitions import load_library
from auditor.definitions.assembly import assemble

STAMP = b"s" * 32


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "cache.pickle"


def test_what_was_kept_equals_what_was_made(path: Path) -> None:
    texts = load_library().definitions
    made = assemble(texts)
    definitions.keep(STAMP, (made.forms, definitions.Packed(made.rulebooks)), path)
    forms, rulebooks = definitions.recall(STAMP, path)
    assert (forms, dict(rulebooks)) == made
    for book in rulebooks.values():
        assert {id(check.rule) for check in book.checks} == {id(rule) for rule in book.rules}


def test_what_was_kept_under_another_stamp_is_not_taken(path: Path) -> None:
    definitions.keep(STAMP, "made", path)
    assert definitions.recall(STAMP, path) == "made"
    assert definitions.recall(b"t" * 32, path) is None


def test_a_torn_or_missing_file_is_as_none(path: Path) -> None:
    assert definitions.recall(STAMP, path) is None
    definitions.keep(STAMP, ["made"] * 100, path)
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert definitions.recall(STAMP, path) is None
    path.write_bytes(whole[:-1] + b"?")
    assert definitions.recall(STAMP, path) is None


def test_a_folder_that_refuses_is_no_error(path: Path) -> None:
    definitions.keep(STAMP, "made", path.parent / "none" / path.name)
    path.mkdir()
    definitions.keep(STAMP, "made", path)
    assert definitions.recall(STAMP, path) is None
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_nothing_is_kept_where_python_may_keep_no_bytecode(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    definitions.keep(STAMP, "made", path)
    assert not path.exists()


def test_the_stamp_changes_with_the_rules_and_with_the_code_that_reads_them(
    tmp_path: Path,
) -> None:
    for name in (each for each in definitions._MAKERS if each.endswith(".py")):
        (tmp_path / name).write_text("x = 1")
    for name in ("checks/kinds", "definitions", "forms", "model", "prose"):
        (tmp_path / name).mkdir(parents=True)
    module = tmp_path / "checks/figures.py"
    seen = {definitions.stamp_of("digest", tmp_path), definitions.stamp_of("another", tmp_path)}
    for code in ("x = 1", "x = 2"):
        module.write_text(code)
        seen.add(definitions.stamp_of("digest", tmp_path))
    assert len(seen) == 4
    assert definitions.stamp_of("digest", tmp_path) in seen


def test_without_the_source_nothing_vouches_for_what_was_kept(tmp_path: Path) -> None:
    assert definitions.stamp_of("digest", tmp_path) == b""


def test_the_stamp_goes_over_every_module_that_making_a_library_imports() -> None:
    code = "import sys, auditor.definitions.assembly, auditor.definitions\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name.split(".")[1] for name in done.stdout.split() if name.startswith("auditor.")}
    assert imported == {name.removesuffix(".py") for name in definitions._MAKERS}
