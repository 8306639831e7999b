"""What the repository asks of those who write to it; that its files and versions fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor import __version__
from tests.support import ROOT
from tests.wiring.desk import environment, program, run

FORGE = ROOT / ".github"
SCHEMAS = {
    "dependabot.yml": "vendor.dependabot",
    "ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    **{
        path.relative_to(FORGE).as_posix(): "vendor.github-issue-forms"
        for path in sorted((FORGE / "ISSUE_TEMPLATE").glob("*.yml"))
        if path.name != "config.yml"
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_for_the_forge_is_one_that_it_takes(name: str, tmp_path: Path) -> None:
    command = (program("check-jsonschema"), "--builtin-schema", SCHEMAS[name], FORGE / name)
    done = run(*command, cwd=ROOT, env=environment(tmp_path))
    assert done.returncode == 0, done.stdout


def test_the_changelog_tells_of_this_version_and_has_room_for_the_next() -> None:
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, second, *_ = re.findall(r"^## \[(.+?)\]", page, re.MULTILINE)
    assert (first, second) == ("Unreleased", __version__)


def test_what_ci_makes_can_be_made() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    made = set(re.findall(r"\bmake ([a-z-]+)", script))
    assert made and made <= targets
