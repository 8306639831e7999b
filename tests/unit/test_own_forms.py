"""What forms of one's own may say in YAML, from the loader to what is told of a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.definitions import Library
from auditor.definitions import test_rules as results_of_tests
from auditor.definitions.assembly import assemble
from auditor.errors import DefinitionError
from auditor.findings import verdict_of
from auditor.model.check import Definition
from auditor.model.finding import Audit, Reason
from auditor.model.source import Document
from auditor.pipeline import audit, read_report
from auditor.reporters import Judged, Style
from auditor.strength import measure_strength
from tests.kit.command import run
from tests.support import reported

FORM = """\
id: wells/1
name: Water wells
recognised_by: [Wells tested, Wells found clean, Share clean]
imprint: {}
numerals: {blanks: ['-']}
tables:
  - id: wells
    title: Wells of the district
    headings: [Wells of the district]
    columns:
      - {id: tested, label: Wells tested}
      - {id: clean, label: Wells found clean}
      - {id: foul, label: Wells found foul}
      - {id: share, label: Share clean}
    rows:
      - {id: north, label: Northern parish}
      - {id: south, label: Southern parish}
      - {id: all, label: Whole district}
    identities:
      - {each: row, total: tested, of: [clean, foul]}
"""
HEAD = """\
- id: tested-total
  statement: Clean and foul wells are those tested
  basis: arithmetic
  severity: error
  table: wells
  each: row
  total: {total: tested, of: [clean, foul]}
- id: own
  statement: What is printed is what the figures give
  basis: arithmetic
  severity: error
  table: wells
"""
SHARE = "  each: row\n  ratio: {ratio: share, of: [clean], to: [tested]}\n"
PRINTED = """\
Wells of the district

Parish | Wells tested | Wells found clean | Wells found foul | Share clean
Northern parish | 12 | 7 | 5 | 58.3
Southern parish | 30 | 21 | 9 | 70
Whole district | 42 | 28 | 14 | 66.7
"""


def library(rule: str, form: str = FORM, head: str = HEAD) -> Library:
    """The form alone, which is quicker than the package's forms with it."""
    texts = {"form.yaml": form, "checks/own.yaml": head + rule}
    definitions = tuple(
        Definition(f"wells/{name}", ("wells", "1", *name.split("/")), text)
        for name, text in texts.items()
    )
    return Library(*assemble(definitions), "", definitions)


def judged(rule: str, text: str, form: str = FORM, head: str = HEAD) -> Audit:
    return audit(Document("wells.txt", text.encode()), library(rule, form, head))


def statuses(found: Audit) -> list[tuple[str, Reason | None]]:
    return [
        (each.status.value, each.reason) for each in found.outcomes if each.check.rule.id == "own"
    ]


def changed(*swaps: tuple[str, str]) -> str:
    text = PRINTED
    for before, after in swaps:
        assert before in text
        text = text.replace(before, after)
    return text


def test_a_share_is_what_its_figures_give_as_far_as_it_is_printed() -> None:
    assert statuses(judged(SHARE, PRINTED)) == [("pass", None)] * 3


def test_a_wrong_share_is_told_at_its_cell_with_what_is_due() -> None:
    (finding,) = judged(SHARE, changed(("58.3", "85.3"))).findings
    assert str(finding.primary) == "wells/north/share"
    assert (finding.actual, finding.expected) == ("85.3", "58.3")
    assert finding.message["en"] == (
        "Northern parish × Share clean is 85.3, but Wells found clean 7 ÷ Wells tested 12 × 100 = "
        "58.3, off by 27.0"
    )
    (offer,) = finding.suggestions
    assert [(str(e.address), e.before, e.after) for e in offer.edits] == [
        ("wells/north/share", "85.3", "58.3")
    ]


def test_a_share_that_a_wrong_part_explains_is_told_with_the_sum() -> None:
    (finding,) = judged(SHARE, changed(("12 | 7 |", "12 | 17 |"))).findings
    assert {each.check.rule.id for each in finding.outcomes} == {"tested-total", "own"}
    assert str(finding.primary) == "wells/north/clean"
    assert finding.expected == "7"


@pytest.mark.parametrize(
    ("swap", "expected"),
    [
        (("30 | 21 | 9 | 70", "0 | 0 | 0 | 0"), ("not_applicable", Reason.ZERO)),
        (("30 | 21 | 9 | 70", "30 | 21 | 9 | -"), ("fail", Reason.BLANK)),
        (("30 | 21 | 9 | 70", "30 | 0 | 30 | -"), ("pass", None)),
        (("30 | 21 | 9 | 70", "30 | 21 | 9 | ??"), ("undetermined", Reason.ILLEGIBLE)),
    ],
)
def test_a_share_that_cannot_be_computed_says_why(
    swap: tuple[str, str], expected: tuple[str, Reason | None]
) -> None:
    assert statuses(judged(SHARE, changed(swap)))[1] == expected


def test_counts_are_exact_unless_the_rule_says_that_they_are_rounded() -> None:
    # 6.6 to 7.4 of 11.6 to 12.4 is anything from 52 to 65 percent.
    off = changed(("58.3", "60.0"))
    assert statuses(judged(SHARE, off))[0][0] == "fail"
    rounded = SHARE + "  tolerance: rounding\n"
    assert statuses(judged(rounded, off))[0][0] == "pass"
    loose = SHARE + "  tolerance: 2\n"
    assert statuses(judged(loose, off))[0][0] == "pass"


def test_decimals_are_rounded_figures() -> None:
    # 7.0 of 12.0 may be 6.95 of 12.05, which is 57.7.
    printed = changed(("12 | 7 | 5 | 58.3", "12.0 | 7.0 | 5.0 | 57.7"))
    assert statuses(judged(SHARE, printed))[0][0] == "pass"
    further = changed(("12 | 7 | 5 | 58.3", "12.0 | 7.0 | 5.0 | 57.5"))
    assert statuses(judged(SHARE, further))[0][0] == "fail"


def test_growth_and_fractions_have_their_own_keys() -> None:
    growth = "  ratio: {ratio: all/share, of: [south/clean], to: [north/clean], growth: true}\n"
    assert statuses(judged(growth, changed(("66.7", "200.0"))))[0][0] == "pass"
    assert statuses(judged(growth, changed(("66.7", "300.0"))))[0][0] == "fail"
    fraction = SHARE.replace("[tested]", "[clean, foul], scale: 1")
    text = changed(("58.3", "0.583"), ("| 70", "| 0.70"), ("66.7", "0.7"))
    assert statuses(judged(fraction, text)) == [("pass", None)] * 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{ratio: '*', of: [clean], to: [tested]}", "names 4 boxes, not one"),
        ("{ratio: share, of: [clean]}", "the key 'to' is missing"),
        ("{ratio: share, of: [], to: [tested]}", "at least one selector is needed here"),
        ("{ratio: share, of: [clean], to: [tested], scale: 0}", "scale"),
        ("{ratio: shaer, of: [clean], to: [tested]}", "no column 'shaer'"),
    ],
)
def test_a_ratio_that_cannot_be_meant_is_refused(body: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        library(f"  each: row\n  ratio: {body}\n").checks("wells/1")
    assert said in caught.value.message
    assert caught.value.place


def test_a_ratios_own_tests_are_tried_with_the_last_digit_wrong() -> None:
    rule = (
        SHARE
        + """\
  tests:
    - {given: {clean: 1, tested: 3, share: 33.3}, is: pass}
    - {given: {clean: 1, tested: 3, share: 33.5}, is: fail, difference: 0.2}
    - {given: {clean: 1, tested: 0, share: 33.5}, is: not_applicable}
"""
    )
    results = [r for r in results_of_tests(library(rule)) if r.rule_id == "own"]
    assert all(result.ok for result in results)
    assert [r.about for r in results if "changed" in r.about] == [
        "share changed from 33.3 to 33.4",
        "share changed from 33.3 to 33.2",
    ]


def test_a_coefficient_may_have_decimals() -> None:
    half = "  each: row\n  equal: [[clean, {of: foul, times: 0.5}], [share]]\n"
    text = changed(("58.3", "9.5"), ("| 70", "| 25.5"), ("66.7", "36"))
    found = judged(half, text)
    assert statuses(found) == [("pass", None), ("pass", None), ("fail", None)]
    (finding,) = found.findings
    assert "0.5×Wells found foul 14" in finding.message["en"]
    assert {edit.after for offer in finding.suggestions for edit in offer.edits} == {"35"}


_ROUNDED = """\
Wells of the district

Parish | Wells tested | Wells found clean | Wells found foul | Share clean
Northern parish | 1.00 | 0.33 | 0.66 | 0
Southern parish | 5.01 | 2.00 | 3.00 | 0
Whole district | 6.01 | 2.33 | 3.67 | 0
"""


def test_sums_of_rounded_figures_need_not_be_exact_to_be_read() -> None:
    strict, loose = (
        [each.value.state for each in judged(SHARE, _ROUNDED, form).report.entries.values()]
        for form in (FORM, FORM.replace("[clean, foul]}", "[clean, foul], tolerance: rounding}"))
    )
    assert set(strict) == {"illegible"}  # no row adds up, so the columns may be others
    assert set(loose) == {"number"}


@pytest.mark.parametrize(("said", "hint"), [("soon", "rounding"), ("-1", "rounding")])
def test_a_tolerance_of_a_form_is_a_number_or_rounding(said: str, hint: str) -> None:
    form = FORM.replace("[clean, foul]}", f"[clean, foul], tolerance: {said}}}")
    with pytest.raises(DefinitionError) as caught:
        library(SHARE, form)
    assert hint in caught.value.hint and "form.yaml" in str(caught.value.place)


def test_a_zero_is_as_fine_as_the_figures_beside_it() -> None:
    # `0` for 0.00 is no figure that may be anything up to a half.
    rule = "  each: row\n  equal: [[tested], [clean, foul, share]]\n  tolerance: rounding\n"
    text = _ROUNDED.replace("5.01 |", "5.31 |")
    found = judged(rule, text, FORM.replace("[clean, foul]}", "[clean, foul], tolerance: 1}"))
    assert statuses(found) == [("pass", None), ("fail", None), ("pass", None)]


_HEADS = ("name: Water wells\n", "name: Water wells\nheading: Wells, looked at\nlanguage: en\n")


@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_what_is_told_is_headed_by_the_form_in_its_own_language(name: str) -> None:
    def told(form: str, style: Style | None = None) -> str:
        found = judged(SHARE, changed(("58.3", "85.3")), form)
        return reported(name, [Judged(found, verdict_of(found))], style).decode()

    named, headed = FORM, FORM.replace(*_HEADS)
    assert "Water wells" in told(named) and "年" in told(named)
    assert "Wells, looked at" in told(headed, Style("zh"))
    assert "发现" in told(headed, Style("zh"))
    own = told(headed, Style("zh", is_asked_for=False))
    assert "Wells, looked at" in own and "发现" not in own
    assert "Disclosure" not in own


def test_a_form_speaks_a_language_that_there_is() -> None:
    with pytest.raises(DefinitionError, match="es") as caught:
        library(SHARE, FORM.replace("name: Water wells\n", "name: Pozos\nlanguage: es\n"))
    assert "zh" in f"{caught.value.message} {caught.value.hint}"


_SUM_BELOW = """\
  each: column
  columns: [tested, clean]
  equal: [[all], [{of: all, from: children}]]
  tests:
    - {given: {all: 3, "children:all": 3}, is: pass}
    - {given: {all: 3, "children:all": 4}, is: fail, difference: -1}
    - {given: {all: 3}, is: not_applicable}
    - {given: {all: 3, "children:all": missing}, is: undetermined}
"""
_IMPRINT = r"imprint: {agency: ['by(?P<agency>\w+);'], year: [';(?P<year>20\d\d)']}"


def test_a_report_is_compared_with_what_those_of_the_bodies_below_come_to() -> None:
    form = FORM.replace("imprint: {}", _IMPRINT)
    rules = library(_SUM_BELOW, form)
    assert all(r.ok for r in results_of_tests(rules) if r.rule_id == "own")

    def document(who: str, *last: int, year: int | str = 2024) -> Document:
        whole = "Whole district | {} | {} | {}".format(*last)
        text = PRINTED.replace("Whole district | 42 | 28 | 14", whole)
        return Document("x.txt", f"Report by {who}; {year}\n{text}".encode())

    below = [
        read_report(document(who, *figures), rules)[1]
        for who, figures in (("Ash", (30, 20, 10)), ("Birch", (12, 8, 4)))
    ]
    assert {report.identity.agency for report in below} == {"Ash", "Birch"}
    parent = document("Oak", 42, 29, 13)
    alone = audit(parent, rules)
    assert statuses(alone) == [("not_applicable", Reason.CHILDREN)] * 2
    found = audit(parent, rules, children=below)
    assert statuses(found) == [("pass", None), ("fail", None)]
    (finding,) = found.findings
    assert "29, but Whole district (all bodies below) = 28" in finding.message["en"]
    undated = read_report(document("Elm", 1, 1, 0, year=""), rules)[1]
    assert statuses(audit(parent, rules, children=[*below, undated]))[0][0] == "not_applicable"


def test_reports_of_the_bodies_below_are_given_on_the_command_line(tmp_path: Path) -> None:
    home = tmp_path / "rules" / "wells" / "1"
    (home / "checks").mkdir(parents=True)
    (home / "form.yaml").write_text(FORM.replace("imprint: {}", _IMPRINT))
    (home / "checks" / "own.yaml").write_text(HEAD + _SUM_BELOW)
    (tmp_path / "below").mkdir()
    for path, who in (("oak.txt", "Oak"), ("below/ash.txt", "Ash"), ("below/birch.txt", "Birch")):
        (tmp_path / path).write_text(f"Report by {who}; 2024\n{PRINTED}")
    command = ["check", str(tmp_path / "oak.txt"), "--rules", str(tmp_path / "rules")]
    assert run(*command).exit_code == 0
    with_them = run(*command, "--children", str(tmp_path / "below"), AUDIT_LANG="en")
    assert with_them.exit_code == 1
    assert "Whole district (all bodies below) = 84" in " ".join(with_them.stdout.split())


@pytest.mark.parametrize(
    ("operand", "said"),
    [
        ("{of: all, from: parents}", "parents"),
        ("{of: all, from: children, lag: 1}", "only one of them"),
    ],
)
def test_a_figure_is_from_reports_that_there_can_be(operand: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        library(f"  each: column\n  equal: [[all], [{operand}]]\n")


def test_figures_are_told_in_their_units() -> None:
    form = FORM.replace("label: Share clean}", "label: Share clean, unit: '%'}")
    form = form.replace("    columns:\n", "    unit: wells\n    columns:\n", 1)
    (finding,) = judged(SHARE, changed(("58.3", "85.3")), form).findings
    assert finding.message["en"].endswith(
        "clean 7 wells ÷ Wells tested 12 wells × 100 = 58.3%, off by 27.0%"
    )
    assert (finding.actual, finding.expected) == ("85.3", "58.3")
    (finding,) = judged(SHARE, changed(("12 | 7 | 5", "13 | 7 | 5")), form).findings
    assert (
        "is 13 wells, should be 12 wells: Wells found clean 7 + Wells found foul 5 = 12 wells"
        in finding.message["en"]
    )


def test_a_line_is_compared_with_another_of_its_table_and_not_with_itself() -> None:
    rule = """\
  each: row
  at_most: [[tested], [all/tested]]
  tests:
    - {given: {tested: 3, all/tested: 4}, is: pass}
    - {given: {tested: 5, all/tested: 4}, is: fail}
    - {given: {tested: 3, all/tested: missing}, is: undetermined}
"""
    rules = library(rule)
    assert all(r.ok for r in results_of_tests(rules) if r.rule_id == "own")
    found = audit(Document("x.txt", changed(("30 |", "50 |")).encode()), rules)
    assert statuses(found) == [("pass", None), ("fail", None), ("not_applicable", Reason.ABSENT)]


_PUMPS = """\
  - id: pumps
    title: Pumps
    headings: [Pumps of the district]
    optional: true
    columns: [{id: count, label: Pumps in use}]
    rows: [{id: every, label: Every pump}]
"""


def test_figures_of_a_table_that_a_report_lacks_are_not_taken_for_zero() -> None:
    rule = "  equal: [[all/tested], [pumps/every/count]]\n"
    with_pumps = f"{PRINTED}\nPumps of the district\n\n | Pumps in use\nEvery pump | 41\n"
    found = judged(rule, with_pumps, FORM + _PUMPS)
    assert statuses(found) == [("fail", None)]
    assert "but Pumps: Every pump × Pumps in use = 41" in found.findings[0].message["en"]
    assert statuses(judged(rule, PRINTED, FORM + _PUMPS)) == [("not_applicable", Reason.ABSENT)]


def test_sums_of_rounded_figures_tell_which_cell_is_wrong() -> None:
    rule = """\
  each: column
  columns: [tested, clean, foul]
  tolerance: rounding
  total: {total: all, of: [north, south]}
"""
    text = """\
Wells of the district

Parish | Wells tested | Wells found clean | Wells found foul | Share clean
Northern parish | 4.17 | 3.08 | 1.09 | 0
Southern parish | 5.46 | 2.23 | 3.23 | 0
Whole district | 9.63 | 5.32 | 4.32 | 0
"""
    rounded = "  each: row\n  tolerance: rounding\n  total: {total: tested"
    form = FORM.replace("[clean, foul]}", "[clean, foul], tolerance: rounding}")
    both = HEAD.replace("  each: row\n  total: {total: tested", rounded)
    assert both != HEAD
    assert not judged(rule, text, form, both).findings  # 5.31 and 4.32 + 5.32 are near enough
    (finding,) = judged(rule, text.replace("2.23 |", "2.32 |"), form, both).findings
    assert str(finding.primary) == "wells/south/clean"
    assert finding.suggestions[0].edits[0].after == "2.23"


def test_a_row_that_copies_leave_out_is_zero_where_the_sum_then_holds() -> None:
    rule = "  each: column\n  columns: [tested]\n  total: {total: all, of: [north, south]}\n"
    form = FORM.replace("label: Southern parish}", "label: Southern parish, optional: true}")
    without = PRINTED.replace("Southern parish | 30 | 21 | 9 | 70\n", "")
    for whole, expected in (
        (12, ("pass", None)),
        (42, ("undetermined", Reason.MISSING)),  # the row may have been lost on the way
        (11, ("fail", None)),
    ):
        text = without.replace("Whole district | 42 | 28 |", f"Whole district | {whole} | 28 |")
        found = judged(rule, text, form)
        assert statuses(found) == [expected]
        assert not any(box.row == "south" for box in found.report.entries)
        assert not found.report.notices and all(each.complete for each in found.coverage)
    assert statuses(judged(rule, without, FORM)) == [("undetermined", Reason.MISSING)]
    assert statuses(judged(rule, PRINTED, form)) == [("pass", None)]


def test_rules_on_rounded_figures_and_ratios_are_weighed_on_invented_reports() -> None:
    form = FORM.replace("[clean, foul]}", "[clean, foul], tolerance: rounding}")
    head = HEAD.replace("  each: row\n", "  each: row\n  tolerance: rounding\n", 1)
    own = library(SHARE, form, head)
    weighed = measure_strength(own.form("wells/1"), own.checks("wells/1"), (), 1, 0)
    assert not weighed.unmade and not weighed.needless
    assert all(cell.protected for cell in weighed.cells)
