"""What the pages tell to type is typed: every block of commands runs, and prints what is shown.

A block of `sh`, or an indented one, has commands; one of `console` has commands after `$` and their
output, where a line of `…` stands for any lines. `# 3` behind a command is its exit code; without
one it is 0, or 1 for `check` and `fix`. A comment in front of a block says why it is not run.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.kit import AGENCIES, consistent_figures
from tests.kit.looks import LOOKS
from tests.kit.word import print_document
from tests.pdfs import Style, pdf
from tests.support import EXAMPLES, ROOT, form
from tests.wiring.desk import environment, program, run

WITH_THEIR_OWN = (
    "adding-a-form.md",
    *("configuration.md", "configuration.zh.md"),
    *("living-with-findings.md", "living-with-findings.zh.md"),
)
"""Pages whose commands go on from one another; `tests/unit/test_docs.py` and
`tests/unit/test_new_form.py` run them."""
PAGES = sorted(
    path
    for path in (*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"))
    if "decisions" not in path.parts and path.name not in WITH_THEIR_OWN
)
_NOT_RUN = re.compile(r"<!-- not run: .{10,} -->")
_CODE = re.compile(r"\s+# ([0-9])$")


class Command(NamedTuple):
    """A command on a page, with what the page says of how it ends."""

    line: int
    text: str
    code: int | None
    output: str | None


def commands(page: Path) -> list[Command]:
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    found: list[Command] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type not in ("fence", "code_block") or _is_left_out(before):
            continue
        assert token.map
        first = token.map[0] + (1 if token.type == "fence" else 0) + 1
        if token.info in ("sh", "") and token.content.startswith("audit "):
            found += _plain(token.content, first)
        elif token.info == "console":
            found += _shown(token.content, first)
    return found


def _is_left_out(before: Token | None) -> bool:
    return (
        before is not None and before.type == "html_block" and bool(_NOT_RUN.search(before.content))
    )


def _plain(content: str, first: int) -> list[Command]:
    found = []
    lines = content.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("audit "):
            continue
        end = number
        while lines[end].endswith("\\"):
            end += 1
        text = "\n".join(lines[number : end + 1])
        code = _CODE.search(text)
        found.append(Command(first + number, text, int(code[1]) if code else None, None))
    return found


def _shown(content: str, first: int) -> list[Command]:
    found = []
    parts = re.split(r"^\$ ", content, flags=re.MULTILINE)
    line = first + parts[0].count("\n")
    for part in parts[1:]:
        text, _, output = part.partition("\n")
        found.append(Command(line, text, None, output))
        line += part.count("\n")
    return found


WITH_COMMANDS = [page for page in PAGES if commands(page)]


@pytest.fixture(scope="session")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the pages speak of, under the names that they use in both languages."""
    folder = tmp_path_factory.mktemp("things")
    shutil.copytree(EXAMPLES, folder / "examples")
    report_2023, report_2024 = (
        (form(), consistent_figures(form(), Random(year)), AGENCIES[0], year, Random(year))
        for year in (2023, 2024)
    )
    (folder / "2023.pdf").write_bytes(pdf(*report_2023, Style()))
    (folder / "2024.docx").write_bytes(print_document(*report_2024, next(iter(LOOKS.values()))))
    shutil.copy(folder / "2024.docx", folder / "report.docx")
    for report, reports, rules in (
        ("report", "reports", "my-rules"),
        ("报告", "文件夹", "我的规则"),
    ):
        shutil.copy(EXAMPLES / "three-mistakes.txt", folder / f"{report}.txt")
        shutil.copy(folder / "2023.pdf", folder / f"{report}.pdf")
        shutil.copytree(EXAMPLES, folder / reports)
        (folder / rules).mkdir()
    return folder


TRIALS = re.compile(r"audit rules strength ")
"""Five or ten seconds of work in one command, which `tests/unit/test_strength.py` has in small."""


def _one(page: Path) -> ParameterSet:
    """The Chinese pages have the commands of the English ones: the README's stands for them."""
    is_told_elsewhere = ".zh" in page.name and page.name != "README.zh-CN.md"
    marks = [pytest.mark.thorough] if is_told_elsewhere else []
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", [_one(page) for page in WITH_COMMANDS])
def test_what_a_page_tells_to_type_does_what_it_says(
    page: Path, things: Path, tmp_path: Path
) -> None:
    _type([each for each in commands(page) if not TRIALS.match(each.text)], page, things, tmp_path)


@pytest.mark.thorough
def test_what_takes_long_does_what_a_page_says_too(things: Path, tmp_path: Path) -> None:
    found = {page: [each for each in commands(page) if TRIALS.match(each.text)] for page in PAGES}
    assert any(found.values())
    for number, (page, typed) in enumerate(found.items()):
        (folder := tmp_path / str(number)).mkdir()
        _type(typed, page, things, folder)


def _type(typed: Iterable[Command], page: Path, things: Path, folder: Path) -> None:
    desk = folder / "desk"
    shutil.copytree(things, desk)
    env = environment(folder)
    for command in typed:
        where = f"{page.relative_to(ROOT)}:{command.line}: {command.text}"
        done = run(program("bash"), "-c", command.text, cwd=desk, env=env)
        lawful = {command.code} if command.code is not None else _lawful(command)
        assert done.returncode in lawful, f"{where}\nends with {done.returncode}: {done.stderr}"
        if command.output is not None:
            printed = done.stdout + done.stderr
            pattern = "(?:.*\n)*".join(map(re.escape, command.output.split("…\n")))
            assert re.fullmatch(pattern, printed), f"{where}\nprints\n{printed}"


_JUDGING = ("audit check ", "audit diff ", "audit fix ", "audit corpus run ")


def _lawful(command: Command) -> set[int]:
    return {0, 1} if command.text.startswith(_JUDGING) else {0}


def test_no_block_of_commands_escapes() -> None:
    """Every line of the pages that begins like a command is one that is run, or says why not."""
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        typed = {n for n, line in enumerate(lines, 1) if re.match(r"( {4}|\$ |)audit [a-z]", line)}
        known = {command.line for command in commands(page)}
        left_out = {
            n
            for n in typed - known
            if any(_NOT_RUN.match(line) for line in lines[max(0, n - 12) : n])
        }
        assert typed - known - left_out == set(), page


def test_the_pages_have_commands() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 40
