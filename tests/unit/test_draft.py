"""Drafted rules: they load, their cases are true, and they notice every wrong figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from msgspec.structs import replace

from auditor.checks.draft import DRAFTED, LISTED, Draft, appended, rule_text
from auditor.checks.load import load_rules
from auditor.checks.selftest import run_cases
from auditor.cli.rules import statement_of
from auditor.errors import DefinitionError
from auditor.model.form import Form, Table
from tests.support import library

LIBRARY = library()
NEVER: dict[str, Any] = {"more": {"never": ["(?:局|委员会)$"]}, "agency": "某市某局"}
AXES = (None, "column", "row")


def text_of(draft: Draft, basis: str = "law") -> str:
    draft = draft.filled()
    head = {"id": "my-rule", "form": draft.form.id, "basis": basis, "severity": "error"}
    statement = {language: statement_of(draft, language) for language in ("zh", "en")}
    return rule_text(draft, {**head, "statement": statement})


def draft_of(form: Form, table: Table, kind: str, each: str | None, **more: Any) -> Draft:
    who = NEVER if kind == "competence" else {}
    return Draft(form, kind, table, each, **{**who, **more})


def wrong_cases(text: str, form: Form) -> list[Any]:
    (rule,) = load_rules(text, "new.yaml")
    results = list(run_cases(rule, form))
    assert len(results) > 3
    return [result for result in results if not result.ok]


def printed(table: Table, kind: str, each: str | None) -> bool:
    """Whether the form itself says what a rule of the kind could be about."""
    if kind == "absent":
        return any(row.instead_of for row in table.rows)
    sums = (each for each in table.sums if kind == "equal" or len(each.left) == 1)
    axes = {constraint.each for constraint in sums}
    return kind in LISTED or bool(axes if each is None else each in axes)


def combinations() -> Iterator[ParameterSet]:
    """Every table of the disclosure report, and the first of each other form; the rest seldom."""
    for form in LIBRARY.forms:
        for table in form.tables:
            is_daily = form.id.startswith("cn-goi") or table is form.tables[0]
            for kind in DRAFTED:
                for each in AXES:
                    yield pytest.param(
                        *(form, table, kind, each),
                        id=f"{form.id}-{table.key}-{kind}-{each}",
                        marks=() if is_daily else pytest.mark.thorough,
                    )


@pytest.mark.parametrize(("form", "table", "kind", "each"), [*combinations()])
def test_a_drafted_rule_loads_and_its_cases_are_true(
    form: Form, table: Table, kind: str, each: str | None
) -> None:
    draft = draft_of(form, table, kind, each)
    if not printed(table, kind, each):
        with pytest.raises(DefinitionError, match=r"prints no sum|every copy of the form"):
            draft.filled()
        return
    text = text_of(draft)
    (rule,) = load_rules(text, "new.yaml")
    assert (rule.kind, rule.table, rule.each, rule.form) == (kind, table.key, each, form.id)
    wanted = {"pass", "fail"} | ({"undetermined"} if kind != "absent" else set())
    assert {case.expected for case in rule.cases} == wanted
    if kind != "absent":
        assert wrong_cases(text, form) == []
    else:
        assert [result for result in run_cases(rule, form) if not result.ok] == []


def sides_of(table: Table, each: str | None) -> tuple[str, str, str]:
    """Three figures that stand on one line."""
    row = table.rows[0]
    if each == "row":
        return row.columns[0], row.columns[1], row.columns[2]
    keys = [other.key for other in table.rows if row.columns[0] in other.columns]
    if each is None:
        return tuple(f"{row.key}/{column}" for column in row.columns[:3])  # type: ignore[return-value]
    first, second = keys[:2]
    return first, second, f"last_year:{second}"


@pytest.mark.parametrize("kind", ["equal", "total", "at_most", "at_least"])
@pytest.mark.parametrize("each", AXES)
@pytest.mark.parametrize(
    ("form", "table"),
    [(f, table) for f in LIBRARY.forms for table in f.tables if len(table.columns) > 2],
    ids=lambda each: getattr(each, "id", None) or each.key,
)
def test_sides_of_ones_own_are_drafted_on_every_table(
    form: Form, table: Table, each: str | None, kind: str
) -> None:
    one, two, three = sides_of(table, each)
    draft = draft_of(form, table, kind, each, left=(one,), right=(two, three))
    assert wrong_cases(text_of(draft), form) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["fees/amount"], ["999"]),
        (["5"], ["fees/amount"]),
        (["10*licences/decisions"], ["3*penalties/decisions"]),
        (
            ["penalties/decisions", "licences/decisions"],
            ["-2*fees/amount", "last_year:fees/amount"],
        ),
        (["licences/decisions", "7"], ["3*last_year:licences/decisions"]),
    ],
)
@pytest.mark.parametrize("kind", ["equal", "at_most", "at_least"])
def test_factors_constants_and_last_year_are_drafted_or_refused(
    kind: str, left: list[str], right: list[str]
) -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    sides = {"left": tuple(left), "right": tuple(right)}
    draft = draft_of(form, form.table("disclosure"), kind, None, **sides)
    try:
        text = text_of(draft)
    except DefinitionError as error:
        # 5 is at least a count: no figure leaves that open that is read, none is missed.
        assert "no figures were found" in error.message
        return
    assert wrong_cases(text, form) == []


def test_a_rule_that_nothing_can_break_is_refused() -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    always = {"left": ("fees/amount",), "right": ("0",)}
    with pytest.raises(DefinitionError, match="the rule is fail"):
        text_of(draft_of(form, form.table("disclosure"), "at_least", None, **always))


@pytest.mark.parametrize("more", [{"decimals": 6}, {"negative": True}, {"bare": True}])
def test_how_figures_are_written_is_drafted(more: dict[str, Any]) -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    cells = ("fees/amount",)
    text = text_of(draft_of(form, form.table("disclosure"), "number", None, cells=cells, more=more))
    assert wrong_cases(text, form) == []


def test_a_rule_is_limited_to_some_of_the_lines() -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    draft = draft_of(form, form.table("applications"), "total", "column", only=("total",))
    (rule,) = load_rules(text_of(draft), "new.yaml")
    assert rule.columns == ("total",)


def test_the_statement_is_made_of_the_labels_of_the_form() -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    draft = draft_of(form, form.table("applications"), "total", "column").filled()
    assert statement_of(draft, "zh") == "每一列中，“（七）总计”应等于“三、本年度办理结果”.*之和"
    assert statement_of(draft, "en") == "In every column, total handled is the sum of results.*"


ITEM = text_of(
    draft_of(
        LIBRARY.form("cn-goi-annual/2021"),
        LIBRARY.form("cn-goi-annual/2021").table("applications"),
        "total",
        "row",
    )
)
OTHER = ITEM.replace("my-rule", "other")


@pytest.mark.parametrize(
    "old",
    [
        "",
        "# a comment\n",
        "# a comment without an end",
        OTHER,
        "# 注\n\n" + OTHER.rstrip("\n"),
        OTHER.replace("\n", "\r\n"),
        "\ufeff" + OTHER,
        "".join(f"  {line}\n" for line in OTHER.splitlines()),
        OTHER + "\n# the end\n\n",
    ],
)
def test_what_stood_in_the_file_stays_character_for_character(old: str) -> None:
    whole = appended(old, "r.yaml", ITEM)
    assert whole.startswith(old)
    before = load_rules(old, "r.yaml") if "id:" in old else ()
    rules = load_rules(whole, "r.yaml")
    assert rules[:-1] == before
    (alone,) = load_rules(ITEM, "r.yaml")
    assert replace(rules[-1], place=alone.place).body.total.selector == alone.body.total.selector
    if "\r\n" in old:
        assert "\n" not in whole.replace("\r\n", "")


@pytest.mark.parametrize("old", ["[]\n", OTHER + "...\n", "rules:\n", "[{id: a}]"])
def test_a_file_to_which_nothing_can_be_added_is_refused(old: str) -> None:
    with pytest.raises(DefinitionError):
        appended(old, "r.yaml", ITEM)


@pytest.mark.parametrize(
    "text",
    [
        *("a", "new_received", "denied.*", "*/*", "12", "-1.5", "true", "No", "5件", "某市某局"),
        *("a: b", "a #b", "- a", "'", '"', "\\", "(?:局|委)$", "[x]", "{x}", "a, b", "1e3", "~"),
        *("last_year:total", "句：“甲”等于乙、丙", " a ", "a\tb", "?", "null", "=", "é\u2028x"),
    ],
)
def test_texts_are_read_back_as_they_were(text: str) -> None:
    form = LIBRARY.form("cn-goi-annual/2021")
    draft = draft_of(form, form.table("disputes"), "filled", None)
    (rule,) = load_rules(text_of(draft, basis=text), "new.yaml")
    assert rule.basis == text
