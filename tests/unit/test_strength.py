"""How strong rules are: contradictions at load, what is proved of rules, and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.checks.groups import is_of_group
from auditor.cli import main
from auditor.definitions import Library, load_library
from auditor.errors import DefinitionError
from auditor.model.check import Check
from auditor.model.form import Address
from auditor.model.strength import CellStrength, MistakeTally, Needless, Strength
from auditor.reporters import Style
from auditor.reporters.pages import render_strength
from auditor.strength import Proofs, conflict
from tests.support import FORM_IDS, ROOT, form, library

FORM = "cn-goi-annual/2021"


def rule(name: str, body: str, severity: str = "error") -> str:
    return f"""
- id: {name}
  form: {FORM}
  statement: {{zh: 甲, en: a}}
  basis: 乙
  severity: {severity}
  table: applications
  {body}
"""


def with_rules(folder: Path, *rules: str) -> Library:
    (folder / "own.yaml").write_text("".join(rules), encoding="utf-8")
    return load_library(folder)


def own_and_others(loaded: Library, name: str) -> tuple[list[Check], dict[str, int]]:
    """Every check on figures alone, and counts that leave only one rule in question."""
    checks = [check for check in loaded.checks(FORM) if not check.predicate_aspect]
    return checks, {check.rule.id: 1 for check in checks if check.rule.id != name}


SOME = rule("some-received", "at_least: [[new_received/total], [1]]")
NONE = rule("none-handled", "at_most: [[total_handled/total, carried_forward/total], [0]]")


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_the_packaged_rules_agree(form_id: str) -> None:
    assert conflict(library().checks(form_id), form(form_id)) == ()


def test_rules_that_contradict_one_another_are_refused_with_the_fewest_and_their_places(
    tmp_path: Path,
) -> None:
    with pytest.raises(DefinitionError) as caught:
        with_rules(tmp_path, SOME, NONE)
    assert caught.value.place.endswith("own.yaml:10")
    assert caught.value.message == (
        f"none-handled: no figures of {FORM} satisfy it together with "
        "applications-balance, some-received"
    )
    assert "own.yaml:2)" in caught.value.hint


@pytest.mark.parametrize("kept", [SOME, NONE])
def test_each_of_them_alone_is_taken(kept: str, tmp_path: Path) -> None:
    assert with_rules(tmp_path, kept).rules


def test_a_rule_that_no_whole_number_satisfies_contradicts_itself(tmp_path: Path) -> None:
    odd = rule("half", "equal: [[{of: new_received/total, times: 2}], [3]]")
    with pytest.raises(DefinitionError, match=r"half: no figures of .* satisfy it alone"):
        with_rules(tmp_path, odd)


def test_neither_warnings_nor_rules_with_conditions_make_a_contradiction(tmp_path: Path) -> None:
    warned = rule("none-warned", "at_most: [[new_received/total], [0]]", "warning")
    when = (
        "at_most: [[new_received/total], [0]]\n  when:\n    - at_least: [[carried_over/total], [1]]"
    )
    assert with_rules(tmp_path, SOME, warned, rule("none-when", when)).rules


def test_the_solver_is_not_imported_where_zeros_satisfy_every_rule(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(NONE, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path\n"
        "from auditor.definitions import load_library\n"
        "load_library(); assert 'auditor.strength' not in sys.modules\n"
        f"load_library(Path({str(tmp_path)!r})); assert 'highspy' not in sys.modules"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_rule_that_follows_from_others_is_proved_needless(tmp_path: Path) -> None:
    least = rule("part-below-total", "at_most: [[granted/business], [granted/total]]")
    checks, alone = own_and_others(with_rules(tmp_path, least), "part-below-total")
    found = Proofs(form(FORM), checks).needless_rules(alone, {})
    assert found == (Needless("part-below-total", True),)


def test_a_rule_that_decides_something_is_not_needless(tmp_path: Path) -> None:
    most = rule("few-granted", "at_most: [[granted/business], [granted/natural_person]]")
    checks, alone = own_and_others(with_rules(tmp_path, most), "few-granted")
    assert Proofs(form(FORM), checks).needless_rules(alone, {}) == ()


def test_cells_that_rules_leave_one_figure_are_named_with_it(tmp_path: Path) -> None:
    parts = "[granted/business, granted/research]"
    fixed = (
        rule("both-five", f"equal: [{parts}, [10]]"),
        rule("five", "at_least: [[granted/business], [10]]"),
    )
    checks, _ = own_and_others(with_rules(tmp_path, *fixed), "")
    boxes = [Address("applications", "granted", key) for key in ("business", "research", "other")]
    found = Proofs(form(FORM), checks).forced_cells(boxes, [])
    assert found == ((boxes[0], "10"), (boxes[1], "0"))


def test_conditions_that_no_figures_meet_are_named(tmp_path: Path) -> None:
    never = "at_least: [[total_handled/total], [new_received/total, carried_over/total, 1]]"
    body = f"at_most: [[granted/other], [3]]\n  when:\n    - {never}"
    checks, _ = own_and_others(with_rules(tmp_path, rule("never-asked", body)), "")
    found = Proofs(form(FORM), checks).idle_checks([])
    assert "never-asked" in found
    assert not any(name.startswith("applications-") for name in found)


def test_a_cell_is_protected_where_some_change_of_it_breaks_a_rule() -> None:
    every, _ = own_and_others(library(), "")
    checks = [check for check in every if not is_of_group(check)]
    boxes = [
        Address("disclosure", row, column)
        for row, column in (("normative_documents", "in_force"), ("licences", "decisions"))
    ]
    assert Proofs(form(FORM), every).betrayed(boxes) == {*boxes}
    assert Proofs(form(FORM), checks).betrayed(boxes) == {boxes[0]}


def test_the_map_of_the_form_says_without_colour_which_cells_are_protected() -> None:
    blank = form(FORM)
    cells = tuple(
        CellStrength(
            box,
            box.table != "disclosure",
            box.table != "disclosure" or box.column == "amount",
            box.table == "applications",
            MistakeTally("cell", 4, 4, 3, 2),
        )
        for table in blank.tables
        for box in table.boxes()
    )
    kinds = (MistakeTally("slip-sign", 4, 4, 3, 2, 1, 0),)
    found = Strength(
        *(
            blank,
            0,
            (("small", 6),),
            1,
            kinds,
            MistakeTally("pair"),
            cells,
            (Needless("a-rule", True),),
        ),
        *(("b-rule",), ("c-rule",), ((cells[0].address, "7"),), ("d-rule",), (("e", "f"),), True),
    )
    for language in ("zh", "en"):
        page = render_strength(found, Style(language=language, width=100))
        assert "\x1b" not in page
        assert page.count("●") == 175 + 1 and page.count("◐") == 15 + 1  # the legend has one each
        assert page.count("○") == 1 + 2
        for said in ("行政许可", "本年处理决定数量", "a-rule", "b-rule", "c-rule", "d-rule", "e"):
            assert said in page
    assert "No rule protects these 9 cells" in page and "nothing but 7" in page


@pytest.mark.slow
def test_the_command_weighs_the_packaged_rules() -> None:
    ran = CliRunner().invoke(
        main, ["rules", "strength", FORM, "--trials", "1", "--format", "json", "--lang", "en"]
    )
    assert ran.exit_code == 0, ran.output
    [found] = json.loads(ran.stdout)["forms"]
    assert found["reports"] == {"small": 6, "medium": 6, "large": 6, "huge": 6}
    protection = {cell["address"]: cell["protection"] for cell in found["cells"]}
    assert {protection[key] for key in protection if key.startswith("applications/")} == {"located"}
    assert {protection[key] for key in protection if key.startswith("disputes/")} == {"detected"}
    assert found["unprotected"] == [
        f"disclosure/{row}/decisions" for row in ("licences", "penalties", "coercive_measures")
    ]
    assert all(tally["wrong"] == 0 for tally in (*found["kinds"], found["pairs"]))
    assert found["pairs"]["detected"] == found["pairs"]["trials"] > 0
    assert found["contradictions"] == found["forced"] == found["idle"] == []
    assert found["complete"]


def test_a_form_that_is_not_there_is_wrong_usage() -> None:
    ran = CliRunner().invoke(main, ["rules", "strength", "cn-goi-annual/1999"])
    assert ran.exit_code == 2 and "cn-goi-annual/2021" in ran.output
