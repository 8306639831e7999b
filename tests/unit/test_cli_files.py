"""Files of decisions and settings: changed by several at once, and refused where they are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.kit.command import run
from tests.support import EXAMPLES

WRONG = (EXAMPLES / "three-mistakes.txt").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.txt").write_text(WRONG, encoding="utf-8")
    return tmp_path


def test_waivers_written_at_once_are_all_kept(folder: Path) -> None:
    audited = run("check", "--format", "json", "wrong.txt")
    (report,) = json.loads(audited.stdout)["reports"]
    told = [(each["rule"], each["addresses"][0]) for each in report["findings"]]
    environment = {**os.environ, "AUDIT_LANG": "en"}
    start = [sys.executable, "-P", "-m", "auditor", "waivers", "new", "wrong.txt"]
    end = ["--reason", "x", "--by", "y", "--expires", "2099-01-01", "--waivers", "accepted.yaml"]
    running = [
        subprocess.Popen([*start, rule, "*", *end], cwd=folder, env=environment) for rule, _ in told
    ]
    assert [child.wait(60) for child in running] == [0] * len(told)
    text = (folder / "accepted.yaml").read_text(encoding="utf-8")
    assert all(f"rule: {rule}" in text for rule, _ in told) and len(told) == 3


Made = dict[str, tuple[bytes | Callable[[Path], None], str]]
"""What is put in the file's place, and what the error has to say."""


def _put(path: Path, made: bytes | Callable[[Path], None]) -> None:
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made(path)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


BASELINES: Made = {
    "a pipe": (_fifo, "not a regular file"),
    "a device without end": (_zero, "not a regular file"),
    "a folder": (_folder, "directory"),
    "zeros": (bytes(1_000), "not valid JSON"),
    "no UTF-8": (b"\xff\xfe\xfd", "not UTF-8"),
    "a number of 5,000 digits": (b'{"schema_version": ' + b"9" * 5_000 + b"}", "only version 1"),
    "100,000 lists in lists": (b"[" * 100_000 + b"]" * 100_000, "got `array`"),
    "60 MB": (b" " * 60_000_000, "more than 50,000,000 bytes"),
    "another version": (b'{"schema_version": 99}', "only version 1"),
    "a list": (b"[]", "Expected `object`, got `array`"),
}


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
@pytest.mark.parametrize("what", BASELINES)
@pytest.mark.parametrize("command", ["check", "update"])
def test_a_baseline_that_is_none_is_refused_with_2(folder: Path, what: str, command: str) -> None:
    made, said = BASELINES[what]
    path = folder / "known.json"
    _put(path, made)
    arguments = {
        "check": ["check", "wrong.txt", "--baseline", "known.json"],
        "update": ["baseline", "update", "known.json", "wrong.txt"],
    }
    _assert_refused(run(*arguments[command]), "known.json", said)


def _assert_refused(result: Result, *said: str) -> None:
    """With 2, and in few words."""
    assert result.exit_code == 2, result.output
    assert all(each in result.stderr for each in said), result.stderr
    assert len(result.stderr) < 1_000


WAIVERS: Made = {
    "a pipe": (_fifo, "not a regular file"),
    "a device without end": (_zero, "not a regular file"),
    "zeros": (bytes(1_000), "not valid YAML"),
    "a year of 5,000 digits": (
        b"waivers:\n- {reason: x, values: {}, expires: 2099-01-01, report: {agency: a, year: "
        + b"9" * 5_000
        + b"}}",
        "a whole number is needed",
    ),
    "100,000 lists in lists": (b"waivers: " + b"[" * 100_000, "not valid YAML"),
}


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
@pytest.mark.parametrize("what", WAIVERS)
def test_waivers_that_are_none_are_refused_with_2(folder: Path, what: str) -> None:
    made, said = WAIVERS[what]
    path = folder / "accepted.yaml"
    _put(path, made)
    _assert_refused(run("check", "wrong.txt", "--waivers", "accepted.yaml"), "accepted.yaml", said)


SETTINGS: Made = {
    "a pipe": (_fifo, "not a regular file"),
    "a device without end": (_zero, "not a regular file"),
    "zeros": (bytes(1_000), "not valid TOML"),
    "a number of 5,000 digits": (b"ignore = " + b"9" * 5_000, "digits"),
    "a number of 5,000 digits in hex": (b"ignore = 0x" + b"f" * 5_000, "got `int`"),
    "100,000 lists in lists": (b"ignore = " + b"[" * 100_000, "nested too deeply"),
    "a key of 50,000 parts": (b".".join([b"a"] * 50_000) + b" = 1", "dots in one line"),
    "a file name with a zero in it": (b'baseline = "a\\u0000b"', "a[U+0000]b"),
    "1 MB": (b"# \n" * 350_000, "more than 256,000 bytes"),
}


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
@pytest.mark.parametrize("what", SETTINGS)
def test_settings_that_are_none_are_refused_with_2(folder: Path, what: str) -> None:
    made, said = SETTINGS[what]
    path = folder / "audit.toml"
    _put(path, made)
    _assert_refused(run("check", "wrong.txt"), said)
