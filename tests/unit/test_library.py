"""The library: found, joined with the user's folders, and refused where it contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks.evaluate import evaluate
from auditor.definitions import load_library, test_rules
from auditor.errors import DefinitionError
from auditor.model.finding import Status
from auditor.model.report import Facts

MINE = """\
- id: my-own-rule
  statement: {zh: 句, en: sentence}
  basis: ours
  severity: info
  table: disputes
  each: row
  at_most: [[upheld], [total]]
  tests: [{given: {upheld: 1, total: 1}, is: pass}]
"""
IDS = ["cn-goi-annual/2019", "cn-goi-annual/2021"]


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_both_editions_and_their_rules_are_found() -> None:
    library = load_library()
    assert set(IDS) < {form.id for form in library.forms}
    for form_id in IDS:
        ids = [check.id for check in library.checks(form_id)]
        assert len(ids) == len(set(ids)) > 400
        assert "applications-balance[total]" in ids
    assert library.rule("applications-other-share").severity.value == "info"
    assert library.rule("edition-year", IDS[0]).kind == "edition"
    newest, older = library.rule("edition-year"), library.rule("edition-year", IDS[0])
    assert newest.statement != older.statement
    with pytest.raises(KeyError):
        library.rule("applications-other-share", IDS[0])


def test_every_rule_gives_checks_that_lead_back_to_it() -> None:
    library = load_library()
    for form_id in IDS:
        rules = {id(rule) for rule in library.rules[form_id]}
        assert {id(check.rule) for check in library.checks(form_id)} == rules


def test_a_rule_that_names_what_its_form_lacks_is_refused_at_once(tmp_path: Path) -> None:
    written(tmp_path / "cn-goi-annual/2021/checks/mine.yaml", MINE.replace("upheld", "upset"))
    with pytest.raises(DefinitionError) as caught:
        load_library(tmp_path)
    assert "upset" in caught.value.message
    assert "mine.yaml:" in caught.value.place


def test_nothing_is_accused_of_a_repealed_majority() -> None:
    assert not any("repeal" in rule.id for rule in load_library().rules[IDS[1]])


def test_places_are_told_without_absolute_paths() -> None:
    for rules in load_library().rules.values():
        assert all(rule.place.file.startswith("rules/") for rule in rules)


def test_a_folder_of_ones_own_adds_to_one_form_or_to_all_editions(tmp_path: Path) -> None:
    written(tmp_path / "cn-goi-annual/checks/mine.yaml", MINE)
    written(tmp_path / "cn-goi-annual/2021/checks/mine.yaml", MINE.replace("my-own", "my-new"))
    written(tmp_path / "loose.yaml", MINE.replace("my-own", "my-loose") + f"  form: {IDS[0]}\n")
    library = load_library(tmp_path)
    assert [
        {rule.id for rule in library.rules[form_id] if rule.id.startswith("my-")} for form_id in IDS
    ] == [{"my-own-rule", "my-loose-rule"}, {"my-own-rule", "my-new-rule"}]


def test_editions_limit_a_rule(tmp_path: Path) -> None:
    written(tmp_path / "cn-goi-annual/checks/mine.yaml", MINE + "  editions: [2021]\n")
    library = load_library(tmp_path)
    assert [
        any(rule.id == "my-own-rule" for rule in library.rules[form_id]) for form_id in IDS
    ] == [False, True]


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("cn-goi-annual/checks/a.yaml", MINE + "  editions: [2022]\n", "no edition '2022'"),
        ("cn-goi-annual/checks/a.yaml", MINE + f"  form: {IDS[0]}\n", "leave out 'form'"),
        ("cn-goi/checks/a.yaml", MINE, "no form 'cn-goi'"),
        ("a.yaml", MINE, "needs the key 'form'"),
        ("a.yaml", MINE + "  form: cn-goi-annual/2020\n", "no form 'cn-goi-annual/2020'"),
        ("cn-goi-annual/a.yaml", MINE, "rules stand in"),
        (
            "cn-goi-annual/checks/a.yaml",
            MINE.replace("my-own-rule", "disputes-row-total"),
            "stands also at rules/cn-goi-annual/checks/disputes.yaml:",
        ),
        ("cn-goi-annual/checks/a.yaml", MINE + MINE, "stands also at"),
        ("cn-goi-annual/checks/a.yaml", "[", "not valid YAML"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(
    tmp_path: Path, path: str, text: str, said: str
) -> None:
    written(tmp_path / path, text)
    with pytest.raises(DefinitionError) as caught:
        load_library(tmp_path)
    assert said in caught.value.message
    assert caught.value.place.startswith(f"{tmp_path.as_posix()}/{path}")


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no such folder"):
        load_library(tmp_path / "none")


def test_a_form_defined_twice_is_refused(tmp_path: Path) -> None:
    own = Path(__file__).parents[2] / "rules/cn-goi-annual/2021/form.yaml"
    written(tmp_path / "cn-goi-annual/2021/form.yaml", own.read_text(encoding="utf-8"))
    with pytest.raises(DefinitionError, match=r"defined also in rules/cn-goi-annual/2021"):
        load_library(tmp_path)


def test_the_digest_changes_with_a_rule_and_not_with_the_folder(tmp_path: Path) -> None:
    one, two = (tmp_path / name for name in ("one", "two"))
    for folder in (one, two):
        written(folder / "cn-goi-annual/checks/mine.yaml", MINE)
    digests = {load_library(one).digest, load_library(two).digest}
    assert len(digests) == 1 and load_library().digest not in digests
    written(two / "cn-goi-annual/checks/mine.yaml", MINE.replace("info", "error"))
    assert load_library(two).digest not in digests


def test_rules_of_ones_own_are_tested_with_the_rest(tmp_path: Path) -> None:
    written(tmp_path / "cn-goi-annual/2021/checks/mine.yaml", MINE)
    mine = [r for r in test_rules(load_library(tmp_path)) if r.rule_id == "my-own-rule"]
    assert [r.expected for r in mine if not r.ok] == [
        "a case that is fail",
        "a case that is not_applicable or undetermined",
    ]


def test_with_nothing_read_nothing_passes_but_what_is_known_to_be_absent() -> None:
    library = load_library()
    outcomes = evaluate(library.checks(IDS[1]), Facts({}, {}))
    assert {o.check.rule.id for o in outcomes if o.status is Status.PASS} == {"edition-mixed"}
