"""The public interface: what its page shows runs, values show themselves briefly, wrong arguments
are told with what to give."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.testing.trial import _xlsx
from tests.support import EXAMPLES, ROOT, library

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def audited() -> auditor.Audit:
    path = EXAMPLES / "three-mistakes.txt"
    return auditor.audit(auditor.Document(path.name, path.read_bytes()), library())


@pytest.mark.parametrize("page", ["python.md", "python.zh.md"])
def test_what_the_page_shows_runs(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    for block in _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        exec(compile(block, page, "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Verdict.FINDINGS"
    assert printed[1].startswith("error disclosure-count disclosure/licences/decisions ")
    assert printed[-1].startswith("no-form 没有认出任何一版报告格式")
    assert len(names["boxes"]) == 200


def test_the_page_names_all_that_is_public() -> None:
    for page in ("python.md", "python.zh.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        rows = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
        named = set(re.findall(r"`(\w+)(?:\([^`]*)?`", rows.replace("、", " ")))
        assert set(auditor.__all__) - named == {"Library"}


def test_dir_lists_the_public_names_before_they_are_imported() -> None:
    assert set(auditor.__all__) | {"__version__", "__all__"} <= set(dir(auditor))
    assert "import_module" not in dir(auditor)


def test_values_show_themselves_in_a_line() -> None:
    found = audited()
    assert repr(found.report) == (
        "Report('three-mistakes.txt', cn-goi-annual/2021, '青溪市水务局' 2024, 200 entries)"
    )
    assert repr(found).startswith(f"Audit({found.report!r}, 3 findings; checks: 459 pass, 4 fail")
    assert repr(found.findings[0]) == (
        "Finding(error, disclosure-count disclosure/licences/decisions)"
    )
    assert len(repr(found)) < 250


def test_notebooks_show_tables_in_which_nothing_is_markup() -> None:
    found = audited()
    page = found._repr_html_()
    assert page.count("<tr>") == 3
    assert "<td>applications-column-total</td>" in page and "一格可以解释全部 2 处不符" in page
    shown = found.report._repr_html_()
    assert shown.count("<table>") == 3 and "<td>167.5</td>" in shown
    text = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
    document = auditor.Document("<b>.txt", text.encode())
    assert "<b>" not in auditor.audit(document, library())._repr_html_()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: auditor.Document("a.txt", "文字"), "content of a Document is bytes, not str"),  # type: ignore[arg-type]
        (lambda: auditor.audit("a.txt", library()), "a Document is needed, not str"),  # type: ignore[arg-type]
        (lambda: auditor.audit(Path("a.txt"), library()), "Path\\(name\\).read_bytes"),  # type: ignore[arg-type]
        (lambda: auditor.read_report(b"", library()), "a Document is needed, not bytes"),  # type: ignore[arg-type]
        (
            lambda: auditor.audit(auditor.Document("a", b""), "rules"),  # type: ignore[arg-type]
            "a Library is needed, not str: load_library",
        ),
        (lambda: auditor.load_library(5), "int"),  # type: ignore[arg-type]
    ],
)
def test_wrong_arguments_are_told_with_what_to_give(call: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call()


def test_a_folder_of_rules_that_is_not_there_is_named() -> None:
    with pytest.raises(auditor.DefinitionError, match="nowhere: there is no such folder"):
        auditor.load_library("nowhere")


def test_without_its_extra_the_testing_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'disclosure-audit\[testing\]'"):
        _xlsx(None)  # type: ignore[arg-type]
