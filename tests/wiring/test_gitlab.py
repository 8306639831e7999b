"""The GitLab component: its job's script runs in a shell with the inputs put in, as GitLab does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.reporters import REPORTERS
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


def ran(folder: Path, shell: str = "bash", **inputs: str) -> subprocess.CompletedProcess[str]:
    """The job's script at its end, its inputs put into the values of the job, as GitLab does."""

    def put(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put(each) for key, each in value.items()}
        if isinstance(value, list):
            return [put(each) for each in value]
        return filled(value, **inputs) if isinstance(value, str) else value

    job = put(yaml.safe_load(BODY)["audit"])
    variables = {name: each["value"] for name, each in job["variables"].items()}
    assert not any("inputs." in line for line in yaml.safe_load(BODY)["audit"]["script"])
    assert all(each["expand"] is False for each in job["variables"].values())
    # A runner gives the lines to one shell that ends at the first that fails.
    script = "set -e\n" + "\n".join(job["script"])
    env = environment(folder, CI="true", **variables)
    return run(program(shell), "-c", script, cwd=folder, env=env)


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


@pytest.mark.skipif("gitlab" not in REPORTERS, reason="this version does not write code quality")
@pytest.mark.parametrize(("report", "code"), [("clean", 0), ("three-mistakes", 1)])
def test_the_job_fails_on_findings_and_leaves_its_artifact(
    tmp_path: Path, report: str, code: int
) -> None:
    (tmp_path / "reports").mkdir()
    shutil.copy(EXAMPLES / f"{report}.txt", tmp_path / "reports")
    done = ran(tmp_path, paths="reports/")
    assert done.returncode == code, done.stderr
    artifact = tmp_path / "gl-code-quality-report.json"
    issues = json.loads(artifact.read_text(encoding="utf-8"))
    told = [issue for issue in issues if issue["check_name"] == "prose-coverage"]
    assert [issue["severity"] for issue in told] == ["info"]
    assert bool(len(issues) - len(told)) == bool(code)


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_no_input_is_run_by_the_shell(tmp_path: Path, shell: str) -> None:
    shutil.copy(EXAMPLES / "clean.txt", tmp_path / "a report.txt")
    nasty = "$(touch gotcha)`touch gotcha`;touch gotcha #'\""
    done = ran(tmp_path, shell, paths=f"{nasty}\na report.txt")
    assert done.returncode == 2 and "no such file" in done.stderr
    for name in ("arguments", "config", "package", "fail-on"):
        assert ran(tmp_path, shell, paths="a report.txt", **{name: nasty}).returncode != 0
    assert not (tmp_path / "gotcha").exists()
    assert ran(tmp_path, shell, paths="\n  a report.txt \n").returncode == 0


@pytest.mark.parametrize(("config", "code"), [("", 1), ("beside", 0), ("own.toml", 1)])
def test_settings_beside_the_reports_hold_only_where_they_are_trusted(
    tmp_path: Path, config: str, code: int
) -> None:
    (tmp_path / "reports").mkdir()
    shutil.copy(EXAMPLES / "three-mistakes.txt", tmp_path / "reports")
    (tmp_path / "reports" / "audit.toml").write_text('ignore = ["*"]\n', encoding="utf-8")
    (tmp_path / "own.toml").write_text('lang = "en"\n', encoding="utf-8")
    assert ran(tmp_path, paths="reports", config=config).returncode == code
