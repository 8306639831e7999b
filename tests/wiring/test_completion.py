"""Completion in the shells themselves: the printed script is loaded, and asked as a person asks."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
from pathlib import Path

import pytest

from auditor.cli.options import SHELLS
from auditor.cli.rules import rules
from tests.wiring.desk import environment, program, run

ASKED = [
    ("audit ch", {"check"}),
    ("audit rules ", set(rules.commands)),
    ("audit check --fail-on w", {"warning"}),
    ("audit check --select disputes-row", {"disputes-row-total"}),
    ("audit rules explain disputes-row", {"disputes-row-total"}),
    ("audit rules schema --form cn-goi-annual/202", {"cn-goi-annual/2021"}),
    ("audit rules new x --form cn-goi-annual/2021 --table disp", {"disputes"}),
    (
        "audit rules new x --form cn-goi-annual/2021 --table disputes --left review/up",
        {"review/upheld"},
    ),
    ("audit completion z", {"zsh"}),
    ("audit check --rules no-such-folder --select disputes-row", set()),
]

# What each shell hands to the script's function, and what it would offer of what comes back.
BASH = """
source <(audit completion bash)
read -ra COMP_WORDS <<<"$1"
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { echo "by the shell: ${@: -1}"; }
_audit_completion audit
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { registered=$1 }
source <(audit completion zsh)
words=(${(z)1}); [[ $1 == *' ' ]] && words+=('')
CURRENT=$#words
_describe() { print -l -- ${(P)3} }
compadd() { print -l -- ${(P)@[-1]} }
_path_files() { print "by the shell: $1" }
$registered
"""
FISH = """
audit completion fish | source
complete --do-complete $argv[1]
"""
SCRIPTS = {
    "bash": ("--norc", "-c", BASH, "bash"),
    "zsh": ("-f", "-c", ZSH, "zsh"),
    "fish": ("--no-config", "-c", FISH),
}


def offered(shell: str, typed: str, folder: Path) -> set[str]:
    """What the shell offers for what was typed, without descriptions."""
    done = run(program(shell), *SCRIPTS[shell], typed, cwd=folder, env=environment(folder))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = (re.split(r"[\t]|(?<=[a-z0-9]):", line)[0] for line in done.stdout.splitlines())
    return {line for line in lines if line}


@pytest.mark.parametrize(
    ("shell", "typed", "expected"),
    [
        # What may come next is for the command to say; a shell adds how it hands over and takes.
        (shell, *asked)
        if shell == SHELLS[number % len(SHELLS)]
        else pytest.param(shell, *asked, marks=pytest.mark.thorough)
        for number, asked in enumerate(ASKED)
        for shell in SHELLS
    ],
)
def test_a_shell_offers_what_may_come_next(
    shell: str, typed: str, expected: set[str], tmp_path: Path
) -> None:
    assert offered(shell, typed, tmp_path) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_last_of_rules_between_commas_is_completed(shell: str, tmp_path: Path) -> None:
    """Not in fish: click's script for it takes what stands behind a comma for something else."""
    typed = "audit check --select disclosure-count,disputes-row"
    assert offered(shell, typed, tmp_path) == {"disclosure-count,disputes-row-total"}


@pytest.mark.parametrize("shell", SHELLS)
def test_paths_are_left_to_the_shell(shell: str, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"")
    found = offered(shell, "audit check rep", tmp_path)
    assert found == ({"report.pdf"} if shell == "fish" else {"by the shell"})


KEYS = {
    "bash": ("--norc", "--noprofile", "-i"),
    "zsh": ("-f", "-i"),
}
READY = {
    "bash": "source <(audit completion bash)",
    "zsh": "autoload -Uz compinit; compinit -u -D; source <(audit completion zsh)",
}


@pytest.mark.parametrize("shell", KEYS)
def test_the_tabulator_completes_a_command_that_is_typed(shell: str, tmp_path: Path) -> None:
    env = environment(tmp_path, TERM="dumb", PS1="", INPUTRC="/dev/null")
    own, given = pty.openpty()
    typing = subprocess.Popen(
        [program(shell), *KEYS[shell]],
        stdin=given,
        stdout=given,
        stderr=given,
        cwd=tmp_path,
        env=env,
        start_new_session=True,
    )
    try:
        os.close(given)
        said = _until(own, f"{READY[shell]}; echo re''ady\n", "ready")
        said = _until(own, "audit rules explain disputes-row\t\n", "other and pending cases")
    finally:
        typing.kill()
        typing.wait()
        os.close(own)
    assert "disputes-row-total" in said


def _until(terminal: int, keys: str, expected: str) -> str:
    """Everything that the terminal shows after the keys were pressed, up to the expected."""
    os.write(terminal, keys.encode())
    said = ""
    while expected not in said:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, f"no more was shown than {said!r}"
        said += os.read(terminal, 65536).decode(errors="replace")
    return said
