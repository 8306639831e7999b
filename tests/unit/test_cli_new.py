"""`audit rules new`: what is written holds, what stood there stays; mistakes write nothing."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from jsonschema import Draft202012Validator

from auditor.checks.load import load_rules
from tests.kit.command import run
from tests.support import ROOT

TOTAL = ("--form", "cn-goi-annual/2021", "--kind", "total", "--table", "applications")


def new(*arguments: str) -> Result:
    return run("rules", "new", *arguments)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_without_a_file_the_rule_goes_to_standard_output(folder: Path) -> None:
    result = new("my-total", *TOTAL, "--each", "column")
    (rule,) = load_rules(result.stdout, "-")
    assert (rule.id, rule.form, rule.kind) == ("my-total", "cn-goi-annual/2021", "total")
    assert "edit statement and basis" in result.stderr
    assert files(folder) == {}


def test_rules_are_written_one_after_the_other_and_audit_takes_them(folder: Path) -> None:
    assert new("one", *TOTAL, "--each", "column", "--into", "mine/rules.yaml").exit_code == 0
    first = files(folder)["mine/rules.yaml"]
    assert new("two", *TOTAL, "--each", "row", "--into", "mine/rules.yaml").exit_code == 0
    assert files(folder)["mine/rules.yaml"].startswith(first)
    assert list(files(folder)) == ["mine/rules.yaml"]
    assert run("rules", "test", "--rules", "mine").exit_code == 0
    assert "  one  " in run("rules", "list", "--rules", "mine").stdout
    assert run("rules", "explain", "two", "--rules", "mine").exit_code == 0


def test_comments_line_ends_mark_and_permissions_stay(folder: Path) -> None:
    path = folder / "rules.yaml"
    new("one", *TOTAL, "--each", "column", "--into", "rules.yaml")
    item = path.read_text(encoding="utf-8")
    old = ("\ufeff# 注释\n" + item + "  # the end").replace("\n", "\r\n").encode()
    path.write_bytes(old)
    path.chmod(0o640)
    assert new("two", *TOTAL, "--each", "row", "--into", "rules.yaml").exit_code == 0
    assert path.read_bytes().startswith(old)
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_rule_among_those_of_a_form_says_no_form(folder: Path) -> None:
    shutil.copytree(ROOT / "rules/cn-goi-annual", folder / "own/cn-goi-annual")
    text = (folder / "own/cn-goi-annual/2021/form.yaml").read_text(encoding="utf-8")
    shutil.rmtree(folder / "own/cn-goi-annual/2019")
    shutil.move(folder / "own/cn-goi-annual", folder / "own/my-form")
    form = folder / "own/my-form/2021/form.yaml"
    form.write_text(text.replace("id: cn-goi-annual/2021", "id: my-form/2021"), encoding="utf-8")
    arguments = ("--form", "my-form/2021", "--kind", "filled", "--table", "disputes")
    for home in ("own/my-form/checks", "own/my-form/2021/checks"):
        into = f"{home}/new.yaml"
        name = home.count("/") * "x-" + "rule"
        # The form is one of the user's: its folder is loaded because the file stands in it.
        result = new(name, *arguments, "--into", into)
        assert result.exit_code == 0, result.stderr
        assert "form:" not in (folder / into).read_text(encoding="utf-8")
    assert run("rules", "test", "--rules", "own").exit_code == 0


def test_what_is_not_true_on_another_edition_is_not_written() -> None:
    result = new(
        *("in-force", "--form", "cn-goi-annual/2021", "--kind", "at_most", "--table", "disclosure"),
        *("--each", "row", "--left", "issued", "--right", "in_force"),
        *("--into", str(ROOT / "rules/cn-goi-annual/checks/zzz.yaml")),
    )
    assert result.exit_code == 2
    assert "nothing was written" in result.stderr and "no column 'issued'" in result.stderr
    assert not (ROOT / "rules/cn-goi-annual/checks/zzz.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("my-total", *TOTAL[:3], "totl", *TOTAL[4:]), "'totl' is not one of 'equal', 'total'"),
        (("my-total", *TOTAL[:5], "aplications"), "did you mean applications?"),
        (("my-total", "--form", "cn-goi-annual/2012", *TOTAL[2:]), "did you mean cn-goi-annual/2"),
        (("my-total", *TOTAL, "--left", "totl", "--each", "row"), "did you mean 'total'?"),
        (("my-total", *TOTAL[:3], "agrees", *TOTAL[4:]), "'agrees' is not one of"),
        (("My_Total", *TOTAL, "--each", "row"), "kebab-case"),
        (("applications-count", *TOTAL, "--each", "row"), "rules/cn-goi-annual/checks/applic"),
        (("my-total", *TOTAL, "--only", "total"), "--only needs --each"),
        (("my-total", *TOTAL, "--each", "row", "--only", "totl"), "no row 'totl'"),
        (("my-total", *TOTAL, "--each", "cell"), "'cell'"),
        (
            ("my-total", *TOTAL[:5], "disclosure", "--each", "row"),
            "name the left and the right side",
        ),
        (
            ("my-rule", *TOTAL[:3], "competence", "--table", "disputes", "--never", "("),
            "not a regular expression",
        ),
        (
            ("my-rule", *TOTAL[:3], "competence", "--table", "disputes", "--never", "[局]$"),
            "no agency is known",
        ),
    ],
)
def test_a_wrong_argument_is_told_and_nothing_is_written(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = new(*arguments, "--into", "mine/rules.yaml")
    assert result.exit_code == 2
    assert said in result.stderr
    assert files(folder) == {} and not (folder / "mine").exists()


@pytest.mark.parametrize(
    "old",
    [b"\xff\xfe", b"- id: [\n", b"[]\n", b"rules: []\n", "- {id: 甲}\n".encode("gb18030")],
)
def test_a_file_that_is_no_rule_file_stays_as_it_is(folder: Path, old: bytes) -> None:
    (folder / "rules.yaml").write_bytes(old)
    assert new("my-total", *TOTAL, "--each", "row", "--into", "rules.yaml").exit_code == 2
    assert files(folder) == {"rules.yaml": old}


def test_an_id_that_stands_in_the_same_folder_is_refused(folder: Path) -> None:
    new("my-total", *TOTAL, "--each", "row", "--into", "mine/one.yaml")
    result = new("my-total", *TOTAL, "--each", "column", "--into", "mine/two.yaml")
    assert result.exit_code == 2 and "mine/one.yaml:1" in result.stderr
    assert list(files(folder)) == ["mine/one.yaml"]


def test_a_file_in_the_folder_of_another_form_is_refused(folder: Path) -> None:
    result = new("my-total", *TOTAL, "--each", "row", "--into", "other/2021/checks/a.yaml")
    assert result.exit_code == 2 and "another form" in result.stderr
    assert files(folder) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    (folder / "mine").mkdir(mode=0o500)
    result = new("my-total", *TOTAL, "--each", "row", "--into", "mine/a.yaml")
    assert result.exit_code == 2 and "cannot write" in result.stderr


def test_a_path_that_cannot_be_a_folder_is_told(folder: Path) -> None:
    (folder / "mine").write_text("a file", encoding="utf-8")
    result = new("my-total", *TOTAL, "--each", "row", "--into", "mine/a.yaml")
    assert result.exit_code == 2 and "cannot write" in result.stderr
    assert list(files(folder)) == ["mine"]


def test_the_schema_of_a_form_takes_what_is_drafted_for_it() -> None:
    schema = json.loads(run("rules", "schema", "--form", "cn-goi-annual/2021").stdout)
    validator = Draft202012Validator(schema)
    for each in ("column", "row"):
        item = yaml.safe_load(new("my-total", *TOTAL, "--each", each).stdout)
        assert [error.message for error in validator.iter_errors(item)] == []


def test_a_schema_for_a_form_is_of_rules_only() -> None:
    assert run("rules", "schema", "form", "--form", "cn-goi-annual/2021").exit_code == 2
    near = run("rules", "schema", "--form", "cn-goi-annual/2020")
    assert near.exit_code == 2 and "did you mean" in near.stderr
    assert json.loads(run("rules", "schema", "wordings").stdout)["$defs"]
