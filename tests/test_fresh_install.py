"""The built wheel, installed where there is no checkout, audits a report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.support import EXAMPLES, ROOT


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        # What is installed is run once or twice: Python compiles what that needs.
        env=os.environ | {"PIP_COMPILE": "0"},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.slow
def test_the_wheel_installed_elsewhere_audits_an_example(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("disclosure_audit-*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python")
    installed = run(*pip, "install", wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr

    audit = home / "bin" / "audit"
    report = EXAMPLES / "three-mistakes.txt"
    checked = run(audit, "check", "--format", "json", report, cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    (found,) = json.loads(checked.stdout)["reports"]
    assert {finding["rule"] for finding in found["findings"]} == {
        "applications-column-total",
        "disclosure-count",
        "disputes-row-total",
    }
    page = run(audit, "check", "--format", "html", "--lang", "zh", report, cwd=tmp_path)
    assert page.returncode == 1 and page.stderr == ""
    assert page.stdout.startswith("<!DOCTYPE html>") and page.stdout.endswith("</html>\n")
    assert run(audit, "check", EXAMPLES / "clean.txt", cwd=tmp_path).returncode == 0
    # It brought its rules compiled, and had no need to keep them.
    python = home / "bin" / "python"
    looked = "from auditor.definitions import compiled as c"
    shown = f"{looked}; print(c.beside_bytecode(), c.built() is not None)"
    kept, is_built = run(python, "-c", shown, cwd=tmp_path).stdout.split()
    assert is_built == "True" and not Path(kept).exists()
