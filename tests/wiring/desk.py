"""A place to run `audit` from a shell as its users do: the command of this checkout on the PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT


def program(name: str, package: str = "") -> str:
    """The path of a program. Where it is missing the test is skipped, or fails where CI says that
    all are there."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if found is None:
        reason = f"{name} is not installed: apt-get install {package or name}"
        if os.environ.get("AUDIT_PROGRAMS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The least that a shell needs, in English, with `audit` of this checkout first on the PATH."""
    commands = folder / "commands"
    home = folder / "home"
    if not commands.exists():
        commands.mkdir()
        home.mkdir()
        shim = commands / "audit"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n')
        shim.chmod(0o755)
    return {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AUDIT_LANG": "en",
        # What is installed is run once or twice: Python compiles what that needs.
        "PIP_COMPILE": "0",
        **more,
    }


def run(
    *command: object, cwd: Path, env: dict[str, str], timeout: float = 400
) -> subprocess.CompletedProcess[str]:
    """The command at its end, with what it said."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def checkout(folder: Path) -> Path:
    """A repository with the files of this checkout as they are now, committed; nothing ignored."""
    env = environment(folder.parent)
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT, env=env)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Make the folder a repository whose only commit has all that is in it."""
    env = environment(folder.parent)
    said = ("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "all")
    for command in (("init", "-q"), ("add", "-A"), said):
        done = run("git", *command, cwd=folder, env=env)
        assert done.returncode == 0, done.stderr
