"""What is said of a report is made wherever that was audited, and joined to the same output."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.files import READ_FORMATS
from auditor.reporters import REPORTERS, Item, Style, reporter_of
from tests.formats.samples import FAILURE, batch, example, paper
from tests.support import EXAMPLES, ROOT, reported

MANY = ["clean.txt", "three-mistakes.txt", "damaged-layout.txt"]


def _joined(name: str, items: list[Item], style: Style) -> bytes:
    """Of fragments made from the last to the first, each by a reporter that made no other."""
    parts: list[bytes] = []

    def write(text: str | bytes) -> None:
        parts.append(text if isinstance(text, bytes) else text.encode())

    make = reporter_of(name, REPORTERS[name])
    numbered = [*enumerate(items, start=1)]
    made = {at: pickle.dumps(make(style, write).fragment(i, at)) for at, i in reversed(numbered)}
    reporter = make(style, write)
    reporter.start()
    for at, _ in numbered:
        reporter.add(pickle.loads(made[at]))
    reporter.finish()
    return b"".join(parts)


@pytest.mark.parametrize("is_batch", [False, True], ids=["pages", "lines"])
@pytest.mark.parametrize("name", REPORTERS)
def test_a_fragment_goes_by_its_report_and_by_no_other(name: str, is_batch: bool) -> None:
    style = Style("en", is_batch=is_batch)
    items: list[Item] = [*batch(), FAILURE, paper(), *batch(), FAILURE]
    alone: list[Item] = [FAILURE]
    for some in (items, items[:1], alone, [*alone, example("clean")]):
        assert _joined(name, some, style) == reported(name, some, style)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports that are there twice, as the same file and as another version; no report; settings
    that silence findings, and others that do not, for several reports each."""
    place = tmp_path_factory.mktemp("many")
    for name in ("inbox", "drafts", "own"):
        (place / name).mkdir()
        for each in MANY:
            text = (EXAMPLES / each).read_text(encoding="utf-8")
            (place / name / each).write_text(text + "\n" * (name == "own"), encoding="utf-8")
    (place / "inbox" / "none.txt").write_text("no report", encoding="utf-8")
    (place / "drafts" / "audit.toml").write_text('ignore = ["*"]\n', encoding="utf-8")
    (place / "own" / "audit.toml").write_text('fail_on = "warning"\n', encoding="utf-8")
    return place


def _audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "auditor", *arguments]
    environment = {**os.environ, "AUDIT_LANG": "en", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("command", "formats"), [("check", REPORTERS), ("read", READ_FORMATS)], ids=["check", "read"]
)
def test_several_processes_write_every_format_as_one_does(
    command: str, formats: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    said = {}
    for jobs in ("1", "2", "3"):
        files = {name: tmp_path / f"{name}-{jobs}" for name in formats}
        outputs = [f"--output={name}={path}" for name, path in files.items()]
        result = _audit(folder, command, "inbox", "drafts", "own", "--jobs", jobs, *outputs)
        written = {name: path.read_bytes() for name, path in files.items()}
        assert all(written.values())
        said[jobs] = result.returncode, result.stdout, result.stderr, written
    assert said["1"] == said["2"] == said["3"]
    assert b"another report of the same agency and year" in said["1"][1]
    assert b"the very same file in" in said["1"][1]


@pytest.mark.parametrize("more", [["-q"], ["--statistics"], ["-v", "--select", "app*"]])
def test_several_processes_tell_at_a_terminal_what_one_tells(more: list[str], folder: Path) -> None:
    one, several = (_audit(folder, "check", ".", "-j", jobs, *more) for jobs in "12")
    assert one.stdout and one.stdout == several.stdout
    assert (one.returncode, one.stderr) == (several.returncode, several.stderr)


WAIVER = """waivers:
- {rule: applications-column-total, address: "disputes/*", report: "*.txt", reason: none, by: Wang,
   expires: 2100-01-01, values: {}}
"""


def test_decisions_hold_and_are_counted_in_several_processes(folder: Path, tmp_path: Path) -> None:
    known, waivers = tmp_path / "known.json", tmp_path / "waivers.yaml"
    made = _audit(folder, "baseline", "update", str(known), "own", "--accept-new")
    assert known.exists(), made.stderr
    waivers.write_text(WAIVER, encoding="utf-8")
    asked = ["--baseline", str(known), "--waivers", str(waivers), "--format", "json", "."]
    one, several = (_audit(folder, "check", *asked, "-j", jobs) for jobs in "12")
    assert b'"kind": "known"' in one.stdout
    assert b"served for no report: applications-column-total" in one.stderr
    assert one.stdout == several.stdout
    assert (one.returncode, one.stderr) == (several.returncode, several.stderr)
