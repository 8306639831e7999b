"""Rule files: what is read, and what is said about mistakes."""

from __future__ import annotations

import pickle
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.checks.load import compile_rule, load_rules
from auditor.errors import DefinitionError
from auditor.model.check import (
    BlankPolicy,
    Check,
    Filled,
    Issuer,
    Linear,
    Relation,
    Severity,
    Term,
    Written,
)
from auditor.model.form import Address, Form, Group, Imprint, Line, Numerals, Table
from auditor.model.report import Ref

RULES = Path(__file__).parents[2] / "rules"

COLUMNS = (Line("a", "A"), Line("b", "B"), Line("total", "T"), Line("change", "C", signed=True))
EACH = ("a", "b", "total")
FORM = Form(
    id="toy/1",
    name={"zh": "表", "en": "form"},
    tables=(
        Table(
            key="cases",
            title={"zh": "表", "en": "table"},
            headings=(),
            captions=(),
            rows=(
                Line("received", "in", columns=EACH),
                Line("granted", "yes", group="results", columns=EACH),
                Line("denied_one", "no 1", group="denied", columns=EACH),
                Line("denied_two", "no 2", group="denied", columns=EACH),
                Line(
                    "denied",
                    "no",
                    group="results",
                    columns=EACH,
                    instead_of=("denied_one", "denied_two"),
                ),
                Line("handled", "sum", group="results", columns=EACH),
                Line("stock", "stock", columns=("a", "change")),
            ),
            columns=COLUMNS,
            groups=(Group("results", "results"), Group("denied", "no", parent="results")),
            sums=(),
        ),
    ),
    recognised_by=(),
    after=(),
    numerals=Numerals((), (), (), ()),
    imprint=Imprint((), ()),
    fold={},
)
HEAD = """\
- id: toy-rule
  statement: {zh: 句, en: sentence}
  basis: law
  severity: error
  table: cases
"""


def compiled(body: str) -> tuple[Check, ...]:
    (rule,) = load_rules(HEAD + body, "r.yaml")
    return compile_rule(rule, FORM)


def wrong(text: str) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        for rule in load_rules(text, "r.yaml"):
            compile_rule(rule, FORM)
    return caught.value


def boxes(check: Check) -> list[str]:
    assert isinstance(check.predicate, Linear)
    return [
        f"{t.coefficient:+d} {t.ref.address.row}/{t.ref.address.column}"
        for t in check.predicate.terms
    ]


def test_a_rule_keeps_what_was_written_and_where() -> None:
    (rule,) = load_rules(
        "\n" + HEAD + "  each: column\n  blank: zero\n  columns: [total]\n"
        "  equal: [[received], [handled]]\n  advice: {zh: 看, en: look}\n"
        "  tests:\n    - {given: {received: 1, handled: blank}, is: fail, difference: 1}\n",
        "r.yaml",
    )
    assert (rule.id, rule.kind, rule.each, rule.columns) == (
        "toy-rule",
        "equal",
        "column",
        ("total",),
    )
    assert rule.severity is Severity.ERROR and rule.blank is BlankPolicy.ZERO
    assert str(rule.place) == "r.yaml:2"
    assert rule.advice == {"zh": "看", "en": "look"}
    assert rule.cases[0].given == {"received": "1", "handled": "blank"}
    assert str(rule.cases[0].place) == "r.yaml:13"


def test_each_column_runs_over_the_columns_that_have_every_named_row() -> None:
    checks = compiled("  each: column\n  equal: [[received], [handled]]\n")
    assert [check.id for check in checks] == ["toy-rule[a]", "toy-rule[b]", "toy-rule[total]"]
    assert boxes(checks[0]) == ["+1 received/a", "-1 handled/a"]
    assert checks[0].subject is not None and checks[0].subject.address.row == "received"


def test_each_row_runs_over_the_rows_that_have_every_named_column() -> None:
    checks = compiled("  each: row\n  at_least: [[a, change], [0]]\n")
    assert [check.id for check in checks] == ["toy-rule[stock]"]
    assert isinstance(checks[0].predicate, Linear)
    assert checks[0].predicate.relation is Relation.GE
    assert [term.signed for term in checks[0].predicate.terms] == [False, True]


def test_a_group_names_its_rows_and_those_below_and_a_total_is_not_its_own_part() -> None:
    (check,) = compiled(
        "  each: column\n  columns: [a]\n  total: {total: handled, of: [results.*]}\n"
    )
    assert boxes(check) == [
        "+1 handled/a",
        "-1 granted/a",
        "-1 denied_one/a",
        "-1 denied_two/a",
        "-1 denied/a",
    ]


def test_constants_and_factors_move_to_their_places() -> None:
    (check,) = compiled(
        "  at_most: [[{of: handled/total, times: 10}, 5], [{of: received/total, lag: 1}, 12]]\n"
    )
    assert isinstance(check.predicate, Linear)
    assert check.predicate.constant == 7
    assert [(t.coefficient, t.ref.lag) for t in check.predicate.terms] == [(10, 0), (-1, 1)]


def test_a_box_on_both_sides_is_one_term() -> None:
    (check,) = compiled("  at_most: [[received/a, received/b], [{of: received/a, times: 3}]]\n")
    assert boxes(check) == ["-2 received/a", "+1 received/b"]


def test_wildcards_without_each_name_existing_boxes_only() -> None:
    (check,) = compiled('  filled: ["*/*"]\n')
    assert isinstance(check.predicate, Filled) and len(check.predicate.refs) == 6 * 3 + 2
    (check,) = compiled("  absent: [denied/*]\n")
    assert isinstance(check.predicate, Filled) and not check.predicate.wanted


OTHER = Table(
    key="other",
    title={"zh": "表", "en": "table"},
    headings=(),
    captions=(),
    rows=(Line("received", "in", columns=("a", "sum")), Line("stock", "stock", columns=("a",))),
    columns=(Line("a", "A"), Line("sum", "S", signed=True)),
    groups=(),
    sums=(),
)
TWO = replace(FORM, tables=(*FORM.tables, OTHER))


def test_a_rule_names_boxes_of_another_table_and_the_line_that_it_runs_over() -> None:
    body = "  each: row\n  rows: [received]\n  equal: [[total], [other/=/sum]]\n"
    (rule,) = load_rules(HEAD + body, "r.yaml")
    (check,) = compile_rule(rule, TWO)
    assert check.id == "toy-rule[received]" and check.refs == (
        Ref(Address("cases", "received", "total")),
        Ref(Address("other", "received", "sum")),
    )
    assert isinstance(check.predicate, Linear)
    assert [term.signed for term in check.predicate.terms] == [False, True]
    body = "  each: column\n  columns: [a]\n  at_most: [[other/*/=], [received, cases/stock/a]]\n"
    (rule,) = load_rules(HEAD + body, "r.yaml")
    assert [boxes(check) for check in compile_rule(rule, TWO)] == [
        ["+1 received/a", "+1 stock/a", "-1 received/a", "-1 stock/a"]
    ]


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("othr/=/sum", "no table 'othr'"),
        ("other/received/=", "'=' stands for a column"),
        ("other/=/summ", "no column 'summ'"),
        ("other/handled/sum", "no row 'handled'"),
    ],
)
def test_what_another_table_does_not_have_is_told_with_its_line(selector: str, said: str) -> None:
    body = f"  each: row\n  rows: [received]\n  equal: [[total], [{selector}]]\n"
    (rule,) = load_rules(HEAD + body, "r.yaml")
    with pytest.raises(DefinitionError) as caught:
        compile_rule(rule, TWO)
    assert said in caught.value.message and caught.value.place == "r.yaml:8"


def test_a_tolerance_is_a_number_or_rounding_and_constants_may_have_decimals() -> None:
    (check,) = compiled("  equal: [[received/a], [99.5]]\n  tolerance: 0.5\n")
    assert check.predicate == Linear(
        (Term(1, Ref(Address("cases", "received", "a"))),),
        Relation.EQ,
        Decimal("99.5"),
        Decimal("0.5"),
    )
    (check,) = compiled("  total: {total: handled/a, of: [received/a]}\n  tolerance: rounding\n")
    assert isinstance(check.predicate, Linear)
    assert check.predicate.rounding and not check.predicate.tolerance
    error = wrong(HEAD + "  filled: ['*/*']\n  tolerance: 1\n")
    assert "has no tolerance" in error.message and error.place == "r.yaml:7"
    assert "not below zero" in wrong(HEAD + "  equal: [[1], [stock/a]]\n  tolerance: -1\n").message
    error = wrong(HEAD + "  equal: [[1], [stock/a]]\n  tolerance: rouding\n")
    assert "not 'rouding'" in error.message and error.hint == "or say 'rounding'"
    assert error.message.count("tolerance") == 1


def test_a_number_rule_gives_one_check_for_each_cell() -> None:
    checks = compiled('  number: {cells: ["*/change", received/total], decimals: 2}\n')
    assert [check.id for check in checks] == ["toy-rule[stock/change]", "toy-rule[received/total]"]
    assert isinstance(checks[0].predicate, Written) and checks[0].predicate.decimals == 2


def test_competence_is_a_sum_of_zero_guarded_by_who_reports() -> None:
    (check,) = compiled("  competence: {cells: [received/*], never: [局$]}\n")
    assert check.guards == (Issuer(("局$",)),)
    assert isinstance(check.predicate, Linear) and check.predicate.relation is Relation.LE


def test_the_report_year_stands_outside_the_tables() -> None:
    text = HEAD.replace("  table: cases\n", "") + "  at_least: [[text/year], [2021]]\n"
    (rule,) = load_rules(text, "r.yaml")
    (check,) = compile_rule(rule, FORM)
    assert check.id == "toy-rule"
    assert check.subject is not None and str(check.subject.address) == "text/year"


@pytest.mark.parametrize(
    ("body", "line", "said", "hint"),
    [
        (
            "  each: column\n  equal: [[recieved], [handled]]\n",
            7,
            "no row 'recieved'",
            "did you mean 'received'?",
        ),
        ("  each: column\n  equal: [[deny.*], [handled]]\n", 7, "no group 'deny'", "'denied'"),
        ("  each: row\n  equal: [[totl], [a]]\n", 7, "no column 'totl'", "'total'"),
        ("  each: row\n  equal: [[b, change], [a]]\n", 1, "no row of table 'cases'", ""),
        ("  equal: [[stock/b], [1]]\n", 6, "matches no box", ""),
        ("  equal: [[stock], [1]]\n", 6, "names no box", "row/column"),
        ("  at_least: [[text/yaer], [1]]\n", 6, "no figure 'yaer'", "'year'"),
        ("  equals: [[received], [handled]]\n", 6, "unknown key", "did you mean 'equal'?"),
        ("  filled: ['*/*']\n  severty: info\n", 7, "unknown key", "did you mean 'severity'?"),
        ("  each: cell\n  filled: ['*/*']\n", 6, "unknown value 'cell'", "column, row"),
        ("  filled: ['*/*']\n  absent: ['*/*']\n", 1, "exactly one kind", "kinds: equal"),
        ("  filled: ['*/*']\n  when: [{at_mots: [[a], [b]]}]\n", 7, "unknown key", "'at_most'"),
        (
            "  filled: ['*/*']\n  columns: [totl]\n  each: column\n",
            1,
            "no column 'totl'",
            "'total'",
        ),
        ("  equal: [[received/a]]\n", 6, "two lists are needed", ""),
        ("  equal: [[1], [2]]\n", 6, "one of them a selector", ""),
        ("  competence: {cells: [received/*], never: ['(']}\n", 6, "not a regular expression", ""),
        ("  number: {cells: ['*/*'], bare: true, decimals: 2}\n", 6, "takes no other key", ""),
        ("  filled: []\n", 6, "at least one selector", ""),
        (
            "  filled: ['*/*']\n  tests:\n    - {given: {a: 1}, is: passed}\n",
            8,
            "unknown value 'passed'",
            "'pass'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_hint(
    body: str, line: int, said: str, hint: str
) -> None:
    error = wrong(HEAD + body)
    assert error.place == f"r.yaml:{line}"
    assert said in error.message
    assert hint in error.hint


def test_an_unknown_table_is_told_with_the_nearest() -> None:
    error = wrong(HEAD.replace("cases", "casse") + "  filled: ['*/*']\n")
    assert "no table 'casse'" in error.message and "'cases'" in error.hint


def test_the_same_id_twice_names_both_places() -> None:
    text = HEAD + "  filled: ['*/*']\n"
    error = wrong(text + text)
    assert error.place == "r.yaml:7" and "r.yaml:1" in error.message


@pytest.mark.parametrize("path", sorted(RULES.rglob("checks/*.yaml")), ids=lambda p: p.stem)
def test_rules_without_their_cases_are_otherwise_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    full = load_rules(text, "r.yaml")
    assert load_rules(text, "r.yaml", with_cases=False) == tuple(
        replace(rule, cases=()) for rule in full
    )


@pytest.mark.parametrize(
    "tests",
    [
        "  tests:\n  - {given: {a: 1}, is: pass}\n# note\n  - {given: {a: 1}, is: fail}\n",
        "  tests: [{given: {a: 1}, is: pass},\n{given: {a: 1}, is: fail}]\n",
        "  tests:\n\n    - given: {a: 1}\n      is: pass",
    ],
)
def test_however_tests_are_laid_out_they_can_be_left_out(tests: str) -> None:
    text = HEAD + "  filled: ['*/*']\n" + tests
    (full,) = load_rules(text, "r.yaml")
    assert full.cases
    assert load_rules(text, "r.yaml", with_cases=False) == (replace(full, cases=()),)


def test_checks_travel_between_processes() -> None:
    checks = compiled("  each: column\n  equal: [[received], [handled]]\n")
    assert pickle.loads(pickle.dumps(checks)) == checks
