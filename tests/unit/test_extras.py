"""What is said to install is what `pyproject.toml` calls so."""

from __future__ import annotations

import re
import tomllib

from auditor.extras import DISTRIBUTION, install_command
from tests.support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
_INSTALLED = re.compile(r"(\.|[\w-]+)\[([\w,]+)\](?='| |$|\")", re.MULTILINE)
_ASKED_FOR = re.compile(r"install_command\(\"(\w+)\"\)|\": \"(ocr|xlsx|frame)\"")


def test_the_distribution_is_called_what_hints_call_it() -> None:
    assert PROJECT["name"] == DISTRIBUTION
    assert PROJECT["scripts"].keys() == {"audit"}
    assert install_command("ocr") == f"pip install '{DISTRIBUTION}[ocr]'"


def test_every_extra_that_is_named_exists_and_is_this_distributions() -> None:
    named = set()
    for path in (ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "install" in line:
                named |= {(name, extra) for name, extra in _INSTALLED.findall(line)}
    assert named and {name for name, _ in named} <= {".", DISTRIBUTION}
    code = "".join(path.read_text("utf-8") for path in (ROOT / "auditor").rglob("*.py"))
    asked = {first or second for first, second in _ASKED_FOR.findall(code)}
    assert {"ocr", "web"} <= asked
    assert asked | {each for _, extra in named for each in extra.split(",")} <= EXTRAS.keys()


def test_no_message_and_no_code_spells_the_distribution_itself() -> None:
    for path in (ROOT / "auditor").rglob("*"):
        if path.suffix in (".py", ".json") and path.name != "extras.py":
            assert not re.search(
                r"(?:pip|pipx|uv)\b.*\binstall '?[\w-]+\[", path.read_text("utf-8")
            )


def test_both_languages_say_in_a_line_each_how_to_install_it_and_name_every_extra() -> None:
    for name in ("index.md", "index.zh.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for line in ("pipx install", "uv tool install", "py -m pipx install"):
            assert f"{line} .`" in text and f"{line} {DISTRIBUTION}`" in text
        users = EXTRAS.keys() - {"dev", "docs", "dask"}
        assert {extra for extra in users if f"`{extra}`" not in text} == set()
