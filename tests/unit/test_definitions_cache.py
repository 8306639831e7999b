"""What the rules come to is kept for the next run, and never taken for what has changed since."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.definitions import compiled, digest_of, load_library
from auditor.definitions.assembly import assemble
from auditor.pickled import is_ours
from auditor.prose import lexer_of
from tests.support import ROOT

STAMP = b"s" * 32


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "cache.pickle"


def test_what_was_kept_equals_what_was_made(path: Path) -> None:
    compiled.keep(STAMP, compiled._made(), path)
    kept: compiled.Compiled = compiled.recall(STAMP, path)
    texts = load_library().definitions
    made = assemble(texts)
    assert (kept.forms, dict(kept.rulebooks), kept.digest) == (*made, digest_of(texts))
    for book in kept.rulebooks.values():
        assert {id(check.rule) for check in book.checks} == {id(rule) for rule in book.rules}


def test_words_that_were_kept_are_those_of_the_form(path: Path) -> None:
    library = load_library()
    text = "\u672c\u5e74\u65b0\u6536\u7533\u8bf73\u4ef6"
    assert set(library.lexers) == {form.id for form in library.forms if form.wordings.mentions}
    for form_id, kept in library.lexers.items():
        made = lexer_of(library.form(form_id))
        assert kept is not made and kept.tokens(text, (), 2024) == made.tokens(text, (), 2024)


def test_no_pattern_is_kept(path: Path) -> None:
    """Python compiles it again when it is loaded, needed or not."""
    compiled.keep(STAMP, compiled._made(), path)
    assert b"re\x94\x8c\x08_compile" not in path.read_bytes()


def test_what_was_kept_under_another_stamp_is_not_taken(path: Path) -> None:
    compiled.keep(STAMP, "made", path)
    assert compiled.recall(STAMP, path) == "made"
    assert compiled.recall(b"t" * 32, path) is None


def test_a_torn_or_missing_file_is_as_none(path: Path) -> None:
    assert compiled.recall(STAMP, path) is None
    compiled.keep(STAMP, ["made"] * 100, path)
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert compiled.recall(STAMP, path) is None
    path.write_bytes(whole[:-1] + b"?")
    assert compiled.recall(STAMP, path) is None


def test_a_folder_that_refuses_is_no_error(path: Path) -> None:
    path.write_bytes(b"")
    compiled.keep(STAMP, "made", path / "cache.pickle")
    path.unlink()
    path.mkdir()
    compiled.keep(STAMP, "made", path)
    assert compiled.recall(STAMP, path) is None
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_where_python_may_keep_no_bytecode_the_users_cache_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    cached = tmp_path / "cache" / "library.pickle"
    monkeypatch.setattr(compiled, "in_users_cache", lambda: cached)
    compiled.keep(STAMP, "made")
    assert compiled.recall(STAMP) == "made" and is_ours(cached)
    cached.parent.chmod(0o777)  # where others may write, nobody vouches for what it has
    assert not is_ours(cached)


def test_the_wheel_brings_what_its_own_rules_come_to(tmp_path: Path) -> None:
    package, rules = tmp_path / "auditor", tmp_path / "auditor" / "_rules"
    for name in compiled._MAKERS:
        source = ROOT / "auditor" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        package.mkdir(exist_ok=True)
        copy(source, package / name)
    shutil.copytree(ROOT / "rules", rules)
    compiled.build(ROOT / "auditor", ROOT / "rules", rules / "library.pickle")

    brought = compiled.built(package)
    assert brought is not None
    library = load_library()
    assert (brought.forms, dict(brought.rulebooks), brought.digest) == (
        library.forms, dict(library.rulebooks), library.digest,
    )  # fmt: skip

    edited = rules / "cn-goi-annual" / "2021" / "form.yaml"
    text = edited.read_bytes()
    edited.write_bytes(text + b"\n")  # of another size
    assert compiled.built(package) is None
    edited.write_bytes(text[:-2] + b"?\n")  # of the same size, and later
    os.utime(edited, (time.time() + 3600,) * 2)
    assert compiled.built(package) is None
    edited.write_bytes(text)
    assert compiled.built(package) is not None
    (package / "model" / "form.py").unlink()
    assert compiled.built(package) is None


def test_the_stamp_changes_with_the_rules_and_with_the_code_that_reads_them(
    tmp_path: Path,
) -> None:
    package, rules = tmp_path / "auditor", tmp_path / "rules"
    for name in (*compiled._MAKERS, "checks/prose"):
        path = package / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x = 1") if path.suffix else path.mkdir(exist_ok=True)
    rules.mkdir()
    stamps = [compiled.stamp_of(package)]
    for changed in (package / "checks/prose/claims.py", package / "cjk.py", rules / "own.yaml"):
        changed.write_text("x = 1")
        stamps.append(compiled.stamp_of(package))
        before = changed.stat()
        changed.write_text("x = 2")  # of the same size, and put back with the same time
        os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
        stamps.append(compiled.stamp_of(package))
    assert len(set(stamps)) == len(stamps) and compiled.stamp_of(package) == stamps[-1]


def test_without_the_source_nothing_vouches_for_what_was_kept(tmp_path: Path) -> None:
    assert compiled.stamp_of(tmp_path) == b""


def test_the_stamp_goes_over_every_module_that_making_a_library_imports() -> None:
    code = "import sys, auditor.definitions.assembly, auditor.definitions\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name.split(".")[1] for name in done.stdout.split() if name.startswith("auditor.")}
    assert imported == {name.removesuffix(".py") for name in compiled._MAKERS}
