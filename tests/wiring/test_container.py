"""The image's steps without an engine: what its file says is run in an environment of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.support import EXAMPLES, ROOT
from tests.wiring.desk import checkout, environment, program, run

DOCKERFILE = ROOT / "Dockerfile"
NOBODY = 65534


def instructions() -> list[tuple[str, str]]:
    """The file's instructions in order, lines that go on joined, comments left out."""
    kept = (
        line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#")
    )
    joined = re.sub(r"\\\n\s*", "", "\n".join(kept))
    lines = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(word, rest) for word, _, rest in lines]


def of(instruction: str) -> list[str]:
    """What the file says with that instruction."""
    return [rest for word, rest in instructions() if word == instruction]


def copied() -> set[str]:
    """What the build takes from the checkout."""
    return {name for rest in of("COPY") if "--from" not in rest for name in rest.split()[:-1]}


def test_the_file_is_one_that_hadolint_passes(tmp_path: Path) -> None:
    env = environment(tmp_path)
    done = run(program("hadolint"), DOCKERFILE, cwd=ROOT, env=env)
    assert done.returncode == 0, done.stdout


def test_what_the_image_needs_is_let_into_the_build() -> None:
    let = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    assert let == copied()
    assert all((ROOT / name).exists() for name in let)


def test_the_image_is_run_by_nobody_and_from_a_base_by_its_digest() -> None:
    assert of("USER") == [f"{NOBODY}:{NOBODY}"]
    bases = [rest.split()[0] for rest in of("FROM")]
    pinned = re.compile(r"python:3\.\d+-slim-[a-z]+@sha256:[0-9a-f]{64}")
    assert all(pinned.fullmatch(base) for base in bases)
    assert len(set(bases)) == 1, "what was installed for one Python would be run by another"


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take rights away")
def test_what_the_build_installs_runs_as_nobody_where_nothing_can_be_written(
    tmp_path: Path,
) -> None:
    """The build's own command, in a folder for /opt/audit; then the entry point, as nobody, without
    a home, in a namespace whose file system is read-only as under `docker run --read-only`."""
    place = tmp_path / "opt" / "audit"
    source = checkout(tmp_path / "src")
    let = [source / name for name in copied()]
    for path in sorted(source.rglob("*"), reverse=True):
        if path.is_file() and not any(path == each or each in path.parents for each in let):
            path.unlink()
    script = of("RUN")[0].replace("/opt/audit", str(place))
    script = script.replace("python -m venv", f"{sys.executable} -m venv")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    built = run("sh", "-ec", script, cwd=source, env=env, timeout=500)
    assert built.returncode == 0, built.stderr
    shutil.rmtree(source)

    work = tmp_path / "work"
    work.mkdir(mode=0o755)
    shutil.copy(EXAMPLES / "three-mistakes.txt", work)
    settings = of("ENV")[0].replace("/opt/audit", str(place))
    entry = " ".join(json.loads(of("ENTRYPOINT")[0]))
    shell = f'export {settings}; touch written || exec {entry} "$@"'
    as_nobody = (
        *(program("setpriv"), "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
        # The Python of this machine may lie where nobody may look; it may read, and not write.
        *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
        *("sh", "-c", shell, "sh", "check", "three-mistakes.txt"),
    )
    # As `docker run --read-only -v …:/work:ro`, in a namespace that ends with the command.
    own = run("findmnt", "-n", "-o", "TARGET", "-T", tmp_path, cwd=tmp_path, env=env).stdout.strip()
    mounts = [f"mount --bind {work} /mnt", "cd /mnt"]
    mounts += [f"mount -o remount,bind,ro {each}" for each in dict.fromkeys(("/mnt", own, "/"))]
    sealed = " && ".join(mounts)
    apart = (program("unshare"), "--mount", "sh", "-c")
    tried = run(*apart, sealed, cwd=tmp_path, env=env)
    if tried.returncode:
        pytest.skip(f"no file system can be made read-only here: {tried.stderr.strip()}")
    done = run(
        *(*apart, f'{sealed} && exec "$@"', "sh", *as_nobody),
        cwd=tmp_path,
        env=env | {"HOME": "/nonexistent", "AUDIT_LANG": "en", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 1, done.stderr
    assert "disputes-row-total" in done.stdout
    (refused,) = done.stderr.splitlines()
    assert "Read-only file system" in refused, "it was not sealed, and shows nothing"
