"""The pre-commit hook, in a repository that takes it from a repository with this checkout."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.support import EXAMPLES, ROOT
from tests.wiring.desk import checkout, commit, environment, program, run


@pytest.mark.slow
def test_a_commit_with_a_planted_error_is_blocked_and_the_mended_one_passes(
    tmp_path: Path,
) -> None:
    hooks = checkout(tmp_path / "audit")
    project = tmp_path / "project"
    (project / "reports").mkdir(parents=True)
    (project / "README.md").write_text("No report.\n")
    (project / "reports" / "notes.md").write_text("No report either.\n")
    report = project / "reports" / "report of 2024.txt"
    clean = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
    report.write_text(clean, encoding="utf-8")
    hook = {"repo": str(hooks), "rev": "HEAD", "hooks": [{"id": "audit"}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}))
    commit(project)
    env = environment(tmp_path, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    installed = run(program("pre-commit"), "install", cwd=project, env=env)
    assert installed.returncode == 0, installed.stdout

    git = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")
    shutil.copy(EXAMPLES / "three-mistakes.txt", report)
    run("git", "add", "-A", cwd=project, env=env)
    blocked = run(*git, "commit", "-m", "wrong", cwd=project, env=env, timeout=500)
    assert blocked.returncode == 1
    assert "disputes-row-total" in blocked.stderr + blocked.stdout

    report.write_text(clean + "\n", encoding="utf-8")
    run("git", "add", "-A", cwd=project, env=env)
    passed = run(*git, "commit", "-m", "right", cwd=project, env=env)
    assert passed.returncode == 0, passed.stderr + passed.stdout
    log = run("git", "log", "--format=%s", cwd=project, env=env)
    assert log.stdout.split() == ["right", "all"]


def test_the_hook_is_one_that_pre_commit_takes(tmp_path: Path) -> None:
    valid = ("validate-manifest", ".pre-commit-hooks.yaml")
    done = run(program("pre-commit"), *valid, cwd=ROOT, env=environment(tmp_path))
    assert done.returncode == 0, done.stdout


def test_the_hook_is_given_reports_of_every_sort_and_not_what_stands_beside_them(
    tmp_path: Path,
) -> None:
    """The choice is pre-commit's own: the hook runs a command that only tells its arguments."""
    (manifest,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook = manifest | {"entry": "ls -1", "language": "system", "verbose": True}
    project = tmp_path / "project"
    given = [
        "年报/a.txt",
        "reports/a.pdf",
        "reports/b.docx",
        "reports/c.xlsx",
        "reports/d.html",
        "reports/e.mht",
        "reports/f.zip",
        "reports/g.png",
        "reports/h.wps",
    ]
    aside = [
        "reports/readme.txt",
        "reports/data.csv",
        "reports/README.md",
        "reports/audit.toml",
        "notes.txt",
        "docs/reports/x.txt",
    ]
    for name in given + aside:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(b"text\n" if name.endswith(("t", "l", "d")) else b"P\0\1")
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    commit(project)
    env = environment(tmp_path, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    done = run(program("pre-commit"), "run", "--all-files", cwd=project, env=env)
    assert done.returncode == 0, done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith(("reports", "年报"))]
    assert sorted(told) == sorted(given)
