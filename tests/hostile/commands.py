"""Folders, names, settings, streams and signals made to harm, each tried by a command of its own.

A line here is a line of the table in docs/security.md, after `python -m tests.hostile.table`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

from tests.hostile.attack import GOOD, SECONDS, Answer, Attack, audit, command
from tests.hostile.pdf import HELLO, page_of
from tests.support import EXAMPLES

WRONG = EXAMPLES / "three-mistakes.txt"
_HARM = "import os\nopen({proof!r}, 'a').write(__file__)\nos._exit(9)\n"
"""A module that leaves a proof that it was run, and ends its process at once."""

Filled = Callable[[Path], object]
"""Puts something into a folder in which the report `report.txt` lies."""


def _tried(fill: Filled, *arguments: str, report: Path = GOOD) -> Callable[[Path], Answer]:
    """Fills the folder and runs the command there; a module that harms must leave no proof."""

    def tried(folder: Path) -> Answer:
        inside = folder / "inbox"
        inside.mkdir()
        shutil.copy(report, inside / "report.txt")
        try:
            fill(inside)
            answer = audit(inside, *(arguments or ("check", "--format", "jsonl", ".")))
        finally:
            for each in (inside / "shut", inside):  # pytest has to take them away
                if each.exists():
                    each.chmod(0o755)
        assert not (folder / "proof").exists(), "code of the folder was run"
        return answer

    return tried


def _module(name: str) -> Filled:
    """A module of that name beside the report, and a second report for a second worker."""

    def fill(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(_HARM.format(proof=str(folder.parent / "proof")), encoding="utf-8")
        shutil.copy(GOOD, folder / "second.txt")

    return fill


def _read_apart(folder: Path) -> None:
    """A PDF that is read in a process of its own, beside modules that harm."""
    for name in ("auditor/__init__.py", "pickle.py", "sitecustomize.py"):
        _module(name)(folder)
    (folder / "heavy.pdf").write_bytes(page_of(HELLO + b"q " * 4_500_000, deflated=1))


def _text(name: str, text: str | bytes) -> Filled:
    return lambda folder: (folder / name).write_bytes(
        text if isinstance(text, bytes) else text.encode()
    )


def _shut(folder: Path) -> None:
    """A subfolder that nobody may open; as root, who may, one that the system cannot: too deep."""
    if os.geteuid():
        (folder / "shut").mkdir(mode=0)
        return
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=inner)
        outer, inner = inner, os.open("d" * 250, os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)


def _zipped(**entries: bytes) -> Filled:
    def fill(folder: Path) -> None:
        with ZipFile(folder / "many.zip", "w", ZIP_DEFLATED) as made:
            made.writestr("first.txt", GOOD.read_bytes())
            for name, content in entries.items():
                made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
            made.writestr("last.txt", GOOD.read_bytes())

    return fill


def _broken_zip(folder: Path) -> None:
    """A zip whose second entry is packed by LZMA, and broken."""
    path = folder / "many.zip"
    with ZipFile(path, "w") as made:
        for name in ("first.txt", "broken.txt", "last.txt"):
            way = ZIP_LZMA if name == "broken.txt" else ZIP_DEFLATED
            made.writestr(name, GOOD.read_bytes(), compress_type=way)
        at = made.getinfo("broken.txt").header_offset + 30 + len("broken.txt")
    content = bytearray(path.read_bytes())
    content[at + 4 : at + 40] = b"\xff" * 36
    path.write_bytes(content)


def _bytes_name(folder: Path) -> None:
    (folder / "report.txt").rename(folder / os.fsdecode(b"bad\xff.txt"))


def _every_format(folder: Path) -> Answer:
    """A file name that is not UTF-8, in every format that is text."""
    inside = folder / "inbox"
    inside.mkdir()
    shutil.copy(WRONG, inside / os.fsdecode(b"bad\xff.txt"))
    outputs = [
        f"--output={name}=../{name}"
        for name in ("sarif", "json", "csv", "html", "junit", "github", "gitlab", "markdown")
    ]
    answer = audit(inside, "check", *outputs, "--format", "xlsx", "--output=jsonl=../jsonl", ".")
    written = [path for path in folder.iterdir() if path != inside]
    assert len(written) == 9
    return answer._replace(output=(folder / "jsonl").read_text(encoding="utf-8"))


def _shell(line: str) -> Callable[[Path], Answer]:
    """A line of a shell with `$AUDIT` in it, run in a folder with a report."""

    def tried(folder: Path) -> Answer:
        shutil.copy(GOOD, folder / "report.txt")
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**os.environ, "AUDIT": str(command([])[0]), "AUDIT_LANG": "en"},
            capture_output=True,
            timeout=SECONDS,
        )
        said = done.stderr.decode()
        assert len(said.splitlines()) <= 1, said
        return Answer(done.returncode, done.stdout.decode(), said)

    return tried


@contextmanager
def _heard(number: signal.Signals) -> Iterator[None]:
    """What starts meanwhile hears the signal, also where these tests run under `nohup` or behind
    a shell, so that they and all that they start are to ignore it."""
    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


def _ended(number: signal.Signals, folder: Path, jobs: str = "2", wait: bool = True) -> Answer:
    """A long run that is sent the signal once it writes its file; or at once, without waiting."""
    inside = folder / "inbox"
    inside.mkdir()
    for count in range(400):
        shutil.copy(WRONG, inside / f"{count:03}.txt")
    (folder / "out").mkdir()
    arguments = ["check", "inbox", "--jobs", jobs, "--format", "jsonl", "--output=json=out/a.json"]
    with (folder / "lines").open("wb") as lines, _heard(number):
        running = subprocess.Popen(
            command(arguments),
            cwd=folder,
            env={**os.environ, "AUDIT_LANG": "en"},
            stdout=lines,
            stderr=subprocess.PIPE,
        )
        end = time.monotonic() + SECONDS
        while wait and not (folder / "lines").stat().st_size and time.monotonic() < end:
            time.sleep(0.02)
        if not wait:
            time.sleep(0.15)  # Python is there, and imports
        running.send_signal(number)
        said = running.communicate(timeout=SECONDS)[1].decode()
    left = sorted(path.name for path in (folder / "out").iterdir())
    assert left == [], left
    assert "Traceback" not in said or not wait
    code = running.returncode  # a shell says 128 and the number of the signal either way
    return Answer(128 - code if code < 0 else code, f"left: {len(left)} files", said)


def _planted_lock(folder: Path) -> None:
    (folder / ".known.json.lock").symlink_to("report.txt")


def _four_at_once(folder: Path) -> Answer:
    """Four updates of one baseline, each with a report of its own."""
    running = []
    for number in range(4):
        text = WRONG.read_text(encoding="utf-8").replace("青溪市", f"青溪市{'东南西北'[number]}区")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        arguments = ["baseline", "update", "known.json", f"{number}.txt", "--accept-new"]
        running.append(subprocess.Popen(command(arguments), cwd=folder, stdout=subprocess.DEVNULL))
    assert [child.wait(SECONDS) for child in running] == [0] * 4
    return audit(folder, "baseline", "show", "known.json")


_CHECK = ("check", "--format", "jsonl")
_FIFO: Filled = lambda folder: os.mkfifo(folder / "pipe.txt")  # noqa: E731
_LAUGHS = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_PATTERNS = "[[overrides]]\npaths = [" + '"a*",' * 20_000 + "]"
_SILENCED = "rules silenced, 0 made milder"

COMMANDS: dict[str, Attack] = {
    # code of the current folder
    **{
        f"folder: `{name}` beside two reports, two processes": Attack(
            _tried(_module(name), *_CHECK, "--jobs", "2", "report.txt", "second.txt"),
            0,
            '"verdict":"clean"',
        )
        for name in ("pickle.py", "auditor/__init__.py", "json.py", "sitecustomize.py", "lxml.py")
    },
    "folder: `auditor/` and `pickle.py` beside a PDF that is read apart": Attack(
        _tried(_read_apart, *_CHECK, "heavy.pdf"), 3, '"media_type":"application/pdf"'
    ),
    # what is not looked at
    "folder: a subfolder that cannot be opened": Attack(
        _tried(_shut), 3, "the file cannot be opened"
    ),
    "folder: a link to a folder, itself above": Attack(
        _tried(lambda folder: (folder / "again").symlink_to("..")), 0, "linked folders in .: again/"
    ),
    "folder: a link to nowhere": Attack(
        _tried(lambda folder: (folder / "lost.pdf").symlink_to("nowhere")), 3, "a dangling link"
    ),
    "folder: a pipe without a writer": Attack(_tried(_FIFO), 3, "it is a pipe"),
    "folder: a pipe without a writer, by its name": Attack(
        _tried(_FIFO, *_CHECK, "pipe.txt"), 3, "it is a pipe"
    ),
    "folder: a link to `/dev/zero`": Attack(
        _tried(lambda folder: (folder / "zero.txt").symlink_to("/dev/zero")), 3, "a device"
    ),
    "folder: a hidden report": Attack(
        _tried(_text(".hidden.docx", "x")), 0, "did not look at 1 hidden reports"
    ),
    "folder: a hidden folder": Attack(
        _tried(lambda folder: (folder / ".old").mkdir()), 0, "or folders in .: .old/"
    ),
    "folder: `~$lock.docx` of an open document": Attack(
        _tried(_text("~$lock.docx", b"\x05audit")), 0, "left in .: ~$lock.docx"
    ),
    "folder: files of other kinds": Attack(
        _tried(_text("a.exe", "MZ")), 0, "skipped 1 files of unknown type in .: a.exe"
    ),
    "folder: a file name that is not UTF-8": Attack(
        _tried(_bytes_name), 0, '"name":"bad\\\\xff.txt"'
    ),
    "folder: a file name that is not UTF-8, in ten formats": Attack(
        _every_format, 1, '"name":"bad\\\\xff.txt"'
    ),
    "zip: a damaged LZMA entry between two reports": Attack(
        _tried(_broken_zip), 3, '"verdict":"clean"'
    ),
    "zip: a hidden report, and names that lead out": Attack(
        _tried(_zipped(_dot_hidden_dot_txt=b"x", _dot__dot___dot__dot__out_dot_txt=b"x")),
        3,
        "did not look at 1 hidden reports",
    ),
    # settings
    "settings: `ignore = [\"*\"]` beside a report with errors": Attack(
        _tried(_text("audit.toml", 'ignore = ["*"]'), report=WRONG), 0, '"verdict":"silenced"'
    ),
    "settings: the same, at a terminal": Attack(
        _tried(_text("audit.toml", 'ignore = ["*"]'), "check", ".", report=WRONG), 0, _SILENCED
    ),
    "settings: the same, with `--quiet`": Attack(
        _tried(_text("audit.toml", 'ignore = ["*"]'), "check", "-q", ".", report=WRONG),
        0,
        _SILENCED,
    ),
    "settings: the same, in SARIF": Attack(
        _tried(
            _text("audit.toml", 'ignore = ["*"]'), "check", ".", "--format", "sarif", report=WRONG
        ),
        0,
        _SILENCED,
    ),
    "settings: the same, with `--isolated`": Attack(
        _tried(_text("audit.toml", 'ignore = ["*"]'), *_CHECK, "--isolated", ".", report=WRONG),
        1,
        '"verdict":"findings"',
    ),
    "settings: every severity `info`, in pyproject.toml": Attack(
        _tried(
            _text("pyproject.toml", '[tool.audit.severities]\n"*" = "info"'), *_CHECK, ".",
            report=WRONG,
        ),
        0,
        '"verdict":"silenced"',
    ),
    "settings: `audit.toml` is a pipe": Attack(
        _tried(lambda folder: os.mkfifo(folder / "audit.toml")), 2, "not a regular file"
    ),
    "settings: `audit.toml` is `/dev/zero`": Attack(
        _tried(lambda folder: (folder / "audit.toml").symlink_to("/dev/zero")),
        2,
        "not a regular file",
    ),
    "settings: lists 100,000 deep": Attack(
        _tried(_text("audit.toml", "ignore = " + "[" * 100_000)), 2, "nested too deeply"
    ),
    "settings: a key of 50,000 parts": Attack(
        _tried(_text("audit.toml", ".".join(["a"] * 50_000) + " = 1")), 2, "dots in one line"
    ),
    "settings: a number of 5,000 digits": Attack(
        _tried(_text("audit.toml", "ignore = " + "9" * 5_000)), 2, "not valid TOML"
    ),
    "settings: a baseline whose name has a zero in it": Attack(
        _tried(_text("audit.toml", 'baseline = "a\\u0000b"')), 2, "Invalid argument"
    ),
    "settings: a baseline that is a pipe": Attack(
        _tried(_FIFO, *_CHECK, "--baseline", "pipe.txt", "report.txt"), 2, "not a regular file"
    ),
    "settings: the whole disk for a folder of rules": Attack(
        _tried(_text("audit.toml", 'rules = ["/"]')), 2, "more than 10,000 files and folders"
    ),
    "settings: the whole disk for last year's reports": Attack(
        _tried(_text("audit.toml", 'previous = ["/"]')), 2, "more than 20000 files and folders"
    ),
    "settings: 20,000 patterns of paths": Attack(
        _tried(_text("audit.toml", _PATTERNS)),
        2,
        "more than 1,000 patterns",
    ),
    # baseline and waivers
    "baseline: `/dev/zero`": Attack(
        _tried(_FIFO, *_CHECK, "--baseline", "/dev/zero", "report.txt"), 2, "not a regular file"
    ),
    "baseline: lists 100,000 deep": Attack(
        _tried(_text("known.json", "[" * 100_000), *_CHECK, "--baseline=known.json", "report.txt"),
        2,
        "Expected `object`, got `array`",
    ),
    "baseline: a number of 5,000 digits": Attack(
        _tried(
            _text("known.json", '{"schema_version": ' + "9" * 5_000 + "}"),
            *_CHECK, "--baseline=known.json", "report.txt",
        ),
        2,
        "only version 1 can be read",
    ),
    "baseline: zeros": Attack(
        _tried(_text("known.json", bytes(99)), *_CHECK, "--baseline=known.json", "report.txt"),
        2,
        "not valid JSON",
    ),
    "baseline: four updates at once, three findings each": Attack(
        _four_at_once, 0, "12 known findings"
    ),
    "baseline: a lock that is a link to another file": Attack(
        _tried(_planted_lock, "baseline", "update", "known.json", "report.txt", "--accept-new",
               report=WRONG),
        2,
        "known.json",
    ),
    "waivers: a billion laughs": Attack(
        _tried(
            _text("w.yaml", _LAUGHS + "waivers: *i\n"), *_CHECK, "--waivers=w.yaml", "report.txt"
        ),
        2,
        "w.yaml",
    ),
    "waivers: lists 100,000 deep": Attack(
        _tried(
            _text("w.yaml", "waivers: " + "[" * 100_000), *_CHECK, "--waivers=w.yaml", "report.txt"
        ),
        2,
        "not valid YAML",
    ),
    # streams
    "stream: standard output closed": Attack(
        _shell('exec "$AUDIT" check report.txt >&-'), 2, "standard output is closed"
    ),
    "stream: standard output full": Attack(
        _shell('exec "$AUDIT" check report.txt >/dev/full'), 2, "No space left"
    ),
    "stream: a reader that goes away": Attack(
        _shell('"$AUDIT" check report.txt report.txt | true; exit ${PIPESTATUS[0]}'),
        2,
        "standard output takes nothing more",
    ),
    "stream: standard error closed": Attack(
        _shell('exec "$AUDIT" check report.txt 2>&-'), 0, "nothing found"
    ),
    "stream: standard error full": Attack(
        _shell('exec "$AUDIT" check --format jsonl report.txt - </dev/null 2>/dev/full'), 3, "empty"
    ),
    "stream: standard input closed": Attack(
        _shell('exec "$AUDIT" check --format jsonl - <&-'), 3, "standard input is closed"
    ),
    "stream: standard input without end": Attack(
        _shell('exec "$AUDIT" check --format jsonl - </dev/zero'), 3, "too-large"
    ),
    "stream: a current folder that is gone": Attack(
        _shell('mkdir gone && cd gone && rmdir ../gone && exec "$AUDIT" check ../report.txt'),
        2,
        "the current folder is gone",
    ),
    # signals
    "signal: interrupted while it starts": Attack(
        partial(_ended, signal.SIGINT, wait=False), 130, "left: 0 files"
    ),
    "signal: interrupted while it works": Attack(
        partial(_ended, signal.SIGINT), 130, "documents done, the rest not looked at"
    ),
    "signal: told to end, with two processes": Attack(
        partial(_ended, signal.SIGTERM), 143, "left: 0 files"
    ),
    "signal: told to end, with one process": Attack(
        partial(_ended, signal.SIGTERM, jobs="1"), 143, "left: 0 files"
    ),
    "signal: hung up": Attack(partial(_ended, signal.SIGHUP), 129, "left: 0 files"),
}  # fmt: skip
"""`part: what it is` -> how it is tried, and what must come of it."""
