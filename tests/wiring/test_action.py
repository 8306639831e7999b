"""The GitHub Action: its step runs as a runner runs it, from the inputs to the exit code."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.reporters import REPORTERS
from tests.support import EXAMPLES, ROOT
from tests.wiring.desk import checkout, environment, program, run

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEP: dict[str, Any] = ACTION["runs"]["steps"][-1]


def step(
    folder: Path, action: Path = ROOT, **inputs: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """The action's last step with these inputs, and what it wrote as its outputs."""
    given = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    output = folder / "output"
    output.write_text("")
    env = environment(
        folder,
        GITHUB_OUTPUT=str(output),
        GITHUB_ACTION_PATH=str(action),
        GITHUB_WORKSPACE=str(folder),
        RUNNER_TEMP=str(folder),
        CI="true",
        **{name: _filled(value, given, action) for name, value in STEP["env"].items()},
    )
    script = _filled(STEP["run"], given, action)
    # As a runner starts `shell: bash`.
    command = (program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
    return run(*command, cwd=folder, env=env, timeout=500), output.read_text()


def _filled(text: str, inputs: dict[str, str], action: Path) -> str:
    """The text with its expressions in place, as GitHub puts them before the shell starts."""

    def value(match: re.Match[str]) -> str:
        said = match[1]
        return str(action) if said == "github.action_path" else inputs[said.removeprefix("inputs.")]

    return re.sub(r"\$\{\{ *(.+?) *\}\}", value, text)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "reports of the year").mkdir()
    for name in ("clean", "three-mistakes"):
        shutil.copy(EXAMPLES / f"{name}.txt", tmp_path / "reports of the year")
    return tmp_path


def test_a_report_without_mistakes_passes_the_step(desk: Path) -> None:
    done, outputs = step(
        desk, paths="reports of the year/clean.txt\n", format="terminal", version="installed"
    )
    assert done.returncode == 0, done.stderr
    assert "nothing found" in done.stdout
    assert outputs == "exit-code=0\n"


def test_findings_fail_the_step_and_paths_may_have_blanks(desk: Path) -> None:
    done, outputs = step(
        desk, paths="\n  reports of the year \n\n", format="terminal", version="installed"
    )
    assert done.returncode == 1, done.stderr
    assert "disputes-row-total" in done.stdout
    assert outputs == "exit-code=1\n"


def test_arguments_are_given_one_a_line(desk: Path) -> None:
    done, outputs = step(
        desk,
        paths="reports of the year",
        format="jsonl",
        arguments="--ignore=disputes-*\n--ignore=applications-*\n--ignore\ndisclosure-count",
        version="installed",
    )
    assert (done.returncode, outputs) == (0, "exit-code=0\n"), done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_what_could_not_be_audited_fails_the_step(desk: Path) -> None:
    (desk / "letter.txt").write_text("Dear Sir or Madam", encoding="utf-8")
    done, outputs = step(desk, paths="letter.txt", format="terminal", version="installed")
    assert (done.returncode, outputs) == (3, "exit-code=3\n")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"paths": " \n"}, "no paths were given"),
        ({"paths": "x.txt", "version": "0.1.0"}, "version takes a wheel"),
        ({"paths": "x.txt", "version": "audit"}, "version takes a wheel"),
    ],
)
def test_wrong_inputs_fail_the_step_before_anything_is_installed(
    desk: Path, inputs: dict[str, Any], said: str
) -> None:
    done, outputs = step(desk, **inputs)
    assert (done.returncode, outputs) == (2, "exit-code=2\n")
    assert done.stdout.startswith("::error title=audit::") and said in done.stdout
    assert not (desk / "audit").exists()


def test_a_pattern_in_an_input_is_not_run_by_the_shell(desk: Path) -> None:
    done, _ = step(
        desk,
        paths="$(touch gotcha)`touch gotcha`;touch gotcha",
        format="terminal",
        version="installed",
    )
    assert done.returncode == 2
    assert not (desk / "gotcha").exists()


def test_what_an_input_says_is_no_command_of_the_runner(desk: Path) -> None:
    done, _ = step(desk, paths="x", version="1\n::set-env name=PATH::/tmp\r\n::x")
    assert [line for line in done.stdout.splitlines() if line.startswith("::")] == [
        line for line in done.stdout.splitlines() if line
    ]
    assert len(done.stdout.splitlines()) == 1 and "%0A::set-env" in done.stdout


@pytest.mark.parametrize(("config", "code"), [("", 1), ("beside", 0), ("own.toml", 1)])
def test_settings_beside_the_reports_hold_only_where_they_are_trusted(
    desk: Path, config: str, code: int
) -> None:
    (desk / "reports of the year" / "audit.toml").write_text('ignore = ["*"]\n')
    (desk / "own.toml").write_text('lang = "en"\n')
    paths = "reports of the year"
    done, _ = step(desk, paths=paths, format="jsonl", version="installed", config=config)
    assert done.returncode == code, done.stderr


def test_actions_are_named_by_digest_and_inputs_come_by_environment() -> None:
    used = [each["uses"] for each in ACTION["runs"]["steps"] if "uses" in each]
    assert used and all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)
    assert not any("${{" in each.get("run", "") for each in ACTION["runs"]["steps"])


@pytest.mark.skipif("github" not in REPORTERS, reason="this version does not write annotations")
def test_the_default_output_annotates_the_lines(desk: Path) -> None:
    done, _ = step(desk, paths="reports of the year", version="installed")
    assert done.returncode == 1, done.stderr
    assert re.search(r"^::error .*file=reports of the year/three-mistakes\.txt", done.stdout, re.M)


@pytest.mark.slow
def test_the_actions_own_copy_is_installed_and_used(desk: Path) -> None:
    copy = checkout(desk / "copy")
    done, outputs = step(desk, copy, paths="reports of the year", format="terminal")
    assert done.returncode == 1, done.stdout + done.stderr
    assert outputs == "exit-code=1\n"
    assert (desk / "audit" / "bin" / "audit").exists()


def test_the_action_and_its_script_are_sound(tmp_path: Path) -> None:
    env = environment(tmp_path)
    schema = ("--builtin-schema", "vendor.github-actions")
    checked = run(program("check-jsonschema"), *schema, "action.yml", cwd=ROOT, env=env)
    assert checked.returncode == 0, checked.stdout
    linted = run(program("shellcheck"), "templates/github.sh", ".ci/run", cwd=ROOT, env=env)
    assert linted.returncode == 0, linted.stdout
