"""The GitLab component: its job's script runs in a shell with the inputs put in, as GitLab does."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.renderers import RENDERERS
from tests.support import EXAMPLES, ROOT
from tests.wiring.desk import environment, program, run

COMPONENT = ROOT / "templates" / "audit.yml"
HEAD, BODY = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
INPUTS: dict[str, dict[str, Any]] = yaml.safe_load(HEAD)["spec"]["inputs"]


def filled(text: str, **inputs: str) -> str:
    """The text with its inputs in place; one without a default has to be given."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return inputs[name] if name in inputs else str(INPUTS[name]["default"])

    return re.sub(r"\$\[\[ *inputs\.([a-z-]+) *\]\]", value, text)


def test_the_job_is_one_that_gitlab_takes(tmp_path: Path) -> None:
    job = tmp_path / ".gitlab-ci.yml"
    job.write_text(filled(BODY, paths="reports/"), encoding="utf-8")
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    done = run(program("check-jsonschema"), *schema, job, cwd=tmp_path, env=environment(tmp_path))
    assert done.returncode == 0, done.stdout


def test_every_input_is_used_and_described() -> None:
    used = set(re.findall(r"inputs\.([a-z-]+)", BODY))
    assert used == set(INPUTS)
    assert all(each["description"] for each in INPUTS.values())


@pytest.mark.skipif("gitlab" not in RENDERERS, reason="this version does not write code quality")
@pytest.mark.parametrize(("report", "code"), [("clean", 0), ("three-mistakes", 1)])
def test_the_job_fails_on_findings_and_leaves_its_artifact(
    tmp_path: Path, report: str, code: int
) -> None:
    (tmp_path / "reports").mkdir()
    shutil.copy(EXAMPLES / f"{report}.txt", tmp_path / "reports")
    # GitLab puts the inputs in before it reads the job as YAML.
    job = yaml.safe_load(filled(BODY, paths="reports/"))["audit"]
    # A runner gives the lines to one shell that ends at the first that fails.
    script = "set -eo pipefail\n" + "\n".join(job["script"])
    env = environment(tmp_path, CI="true", **job["variables"])
    done = run(program("bash"), "-c", script, cwd=tmp_path, env=env)
    assert done.returncode == code, done.stderr
    artifact = tmp_path / job["artifacts"]["reports"]["codequality"]
    assert bool(json.loads(artifact.read_text(encoding="utf-8"))) == bool(code)
