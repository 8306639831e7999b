"""The fewest cells that explain the failures: found, complete, tried, honest where cut short."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.evaluate import evaluate, gather
from auditor.diagnosis import diagnose, search
from auditor.diagnosis.equations import (
    Edits,
    SumEquation,
    Sums,
    Variable,
    blocks_of,
    parts,
    plain_decimal,
    sums_of,
)
from auditor.diagnosis.search import (
    Covers,
    holds,
    smallest_edits,
    solved,
)
from auditor.model.check import Severity
from auditor.model.finding import Audit, Diagnosis, Explanation, Grade, Outcome
from auditor.model.form import Address
from auditor.model.report import Ref
from auditor.model.source import Document
from auditor.pipeline import audit
from tests.kit import as_report, consistent_figures
from tests.support import ROOT, form, library

FORM = form("cn-goi-annual/2021")
BOXES = [box for key in ("applications", "disputes") for box in FORM.table(key).boxes()]
POSITION = {box: index for index, box in enumerate(BOXES)}


def figures(seed: int, size: str = "medium") -> dict[Address, Decimal]:
    return consistent_figures(FORM, Random(seed), size)


def diagnosed(printed: Mapping[Address, Decimal]) -> Diagnosis:
    report = as_report(FORM, printed, "青溪市水务局", 2023)
    facts = gather(report)
    return diagnose(report, FORM, facts, evaluate(library().checks(FORM.id), facts))


def broken(printed: Mapping[Address, Decimal]) -> list[Explanation]:
    """The stories of errors; invented figures also raise questions."""
    stories = diagnosed(printed).explanations
    return [s for s in stories if s.outcomes[0].check.rule.severity is Severity.ERROR]


def equations(printed: Mapping[Address, Decimal]) -> Sums:
    report = as_report(FORM, printed, "青溪市水务局", 2023)
    facts = gather(report)
    return sums_of(report, facts, evaluate(library().checks(FORM.id), facts), POSITION)


def changed(printed: Mapping[Address, Decimal], **more: int) -> dict[Address, Decimal]:
    """The figures with some of table three's changed, named `row__column`."""
    result = dict(printed)
    for name, difference in more.items():
        result[Address("applications", *name.split("__"))] += difference
    return result


def offered(story: Explanation) -> list[dict[str, str]]:
    return [{str(e.address): e.after for e in offer.edits} for offer in story.suggestions]


def as_sets(found: Iterable[Edits]) -> set[frozenset[tuple[Ref, Decimal]]]:
    return {frozenset((ref, plain_decimal(after)) for ref, after in e.items()) for e in found}


ZEROS = dict.fromkeys((box for table in FORM.tables for box in table.boxes()), Decimal(0))


def test_a_report_without_failures_has_no_story() -> None:
    assert diagnosed(ZEROS) == Diagnosis()


def test_two_slips_far_apart_are_two_stories_and_each_is_likely() -> None:
    printed = changed(figures(3), granted__business=4, declined_petition__other=5)
    stories = broken(printed)
    assert [story.primary for story in stories] == [
        Address("applications", "granted", "business"),
        Address("applications", "declined_petition", "other"),
    ]
    assert all(story.suggestions[0].grade is Grade.LIKELY for story in stories)


def test_two_slips_on_one_line_are_one_story_of_two_cells() -> None:
    true = figures(5)
    printed = changed(true, granted__business=4, granted__other=5)
    (story,) = broken(printed)
    assert {edit.address for edit in story.suggestions[0].edits} == {
        Address("applications", "granted", "business"),
        Address("applications", "granted", "other"),
    }
    assert len(story.outcomes) == 3


def test_the_sums_of_a_table_totalled_one_way_point_at_no_cell() -> None:
    printed = dict(ZEROS)
    printed[Address("disputes", "review", "upheld")] = Decimal(2)
    printed[Address("disputes", "review", "total")] = Decimal(5)
    (story,) = broken(printed)
    assert story.primary is None
    assert len(story.suggestions) > 1
    assert {offer.grade for offer in story.suggestions} == {Grade.POSSIBLE}


def test_a_figure_in_the_neighbouring_box_is_known_as_such() -> None:
    true = dict(ZEROS) | {
        Address("applications", row, column): Decimal(7)
        for row in ("new_received", "granted", "total_handled")
        for column in ("business", "total")
    }
    printed = changed(true, granted__business=-7, granted__research=7)
    (story,) = broken(printed)
    offers = [offer for offer in story.suggestions if offer.slips]
    right = {"applications/granted/business": "7", "applications/granted/research": "0"}
    moved = [o for o in offers if {str(e.address): e.after for e in o.edits} == right]
    assert [slip.code for slip in moved[0].slips] == ["slip-neighbour"]


def test_a_row_that_stands_one_column_off_is_one_slip_and_perhaps_ours() -> None:
    true = figures(11, "large")
    row = "granted"
    columns = [column.key for column in FORM.table("applications").columns][:-1]
    cells = [Address("applications", row, column) for column in columns]
    for box, value in zip(cells, (31, 12, 8, 5, 3, 0), strict=True):
        difference = value - true[box]
        for other in (row, "total_handled", "new_received"):
            for column in (box.column, "total"):
                true[Address("applications", other, column)] += difference
    printed = dict(true)
    for box, moved in zip(cells, (0, 31, 12, 8, 5, 3), strict=True):
        printed[box] = Decimal(moved)
    (story,) = broken(printed)
    shifted = [o for o in story.suggestions if [s.code for s in o.slips] == ["slip-row-shifted"]]
    assert {e.address: Decimal(e.after) for e in shifted[0].edits} == {
        box: true[box] for box in cells if true[box] != printed[box]
    }
    assert shifted[0].slips[0].misreading
    assert shifted[0].grade is Grade.POSSIBLE


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), cells=st.lists(st.sampled_from(BOXES), min_size=1, max_size=2))
def test_single_cells_that_are_found_are_all_that_there_are(
    seed: int, cells: list[Address]
) -> None:
    """Against trying all cells of table three, without any of the shortcuts."""
    rng = Random(seed)
    printed = figures(seed, "small")
    for box in cells:
        printed[box] += rng.randint(1, 3)
    sums = equations(printed)
    for block in blocks_of(sums):
        failing = block.failing
        singles = Covers(sums, block.rows).sets(1)
        near = [ref for ref, c in sums.columns.items() if c.rows.keys() & set(block.rows)]
        brute = []
        for ref in near:
            for row in sums.columns[ref].rows:
                after = sums.columns[ref].before - sums.rows[row].residual
                up = sums.columns[ref].before + sums.rows[row].residual
                for value in {after, up}:
                    edits = {ref: value}
                    if sums.columns[ref].admits(value) and holds(sums, failing, edits):
                        brute.append(edits)
        assert as_sets(singles) == as_sets(brute)


def test_what_the_solver_proposes_holds_and_is_never_called_the_only_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "SECONDS", 90.0)  # however busy the machine is
    monkeypatch.setattr(search, "SETS", 1)
    rng = Random(8)
    printed = figures(8)
    for box in rng.sample([box for box in BOXES if box.table == "applications"], 9):
        printed[box] += rng.randint(1, 90)
    sums = equations(printed)
    [block] = [block for block in blocks_of(sums) if len(block.failing) > 2]
    found = smallest_edits(sums, block.rows, 3, lambda edits: True)
    assert found.edits and not found.complete
    assert all(holds(sums, block.failing, edits) for edits in found.edits)


@st.composite
def _systems(draw: st.DrawFn) -> Sums:
    """A few equations over a few cells, some of them wrong by a known change."""
    cells, rows = draw(st.integers(3, 8)), draw(st.integers(2, 5))
    matrix = [
        draw(st.lists(st.sampled_from((0, 0, 1, 1, -1, 2)), min_size=cells, max_size=cells))
        for _ in range(rows)
    ]
    wrong = draw(st.dictionaries(st.integers(0, cells - 1), st.integers(-3, 3), max_size=4))
    refs = [Ref(Address("t", "r", f"c{index}")) for index in range(cells)]
    made = [
        SumEquation(
            cast(Outcome, None),
            {ref: times for ref, times in zip(refs, row, strict=True) if times},
            sum(row[index] * change for index, change in wrong.items()),
        )
        for row in matrix
    ]
    columns = {
        ref: Variable(
            draw(st.integers(0, 4)),
            1,
            False,
            False,
            False,
            False,
            {i: row.terms[ref] for i, row in own},
        )
        for ref in refs
        if (own := [(i, row) for i, row in enumerate(made) if ref in row.terms])
    }
    failing = frozenset(index for index, row in enumerate(made) if row.residual)
    return Sums(made, columns, {ref.address: i for i, ref in enumerate(refs)}, failing)


@settings(max_examples=300, deadline=None)
@given(_systems())
def test_looking_through_sets_finds_what_trying_all_of_them_finds(sums: Sums) -> None:
    for block in blocks_of(sums):
        covers = Covers(sums, block.rows)
        for size in range(1, 5):
            tried, clear = _every_set(sums, block.rows, size)
            found = covers.sets(size)
            if not (clear and covers.clear):
                break  # one set has several solutions; what is said then is that it is not known
            assert as_sets(found) == as_sets(tried)
            if found:
                break


def _every_set(sums: Sums, rows: Iterable[int], size: int) -> tuple[list[Edits], bool]:
    wanted = [*rows]
    refs = [ref for ref, column in sums.columns.items() if column.rows.keys() & set(wanted)]
    found: list[Edits] = []
    clear = True
    for chosen in combinations(refs, size):
        changes = solved(
            [
                [*(sums.rows[row].terms.get(ref, 0) for ref in chosen), -sums.rows[row].residual]
                for row in wanted
            ],
            size,
        )
        if changes == []:
            clear = False
        elif changes is not None:
            edits = {r: sums.columns[r].before + c for r, c in zip(chosen, changes, strict=True)}
            if all(sums.columns[ref].admits(after) for ref, after in edits.items()):
                found.append(edits)
    return found, clear


def test_three_slips_that_share_no_line_are_searched_for_and_found() -> None:
    true = figures(21)
    places = {"granted__business": 4, "declined_petition__other": 5, "denied_by_law__research": 2}
    stories = broken(changed(true, **places))
    found = {address for story in stories for address in offered(story)[0]}
    assert found == {f"applications/{name.replace('__', '/')}" for name in places}


def test_without_the_solver_it_is_said_how_many_cells_there_are_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "highspy":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    rng = Random(8)
    printed = figures(8)
    for box in rng.sample([box for box in BOXES if box.table == "applications"], 9):
        printed[box] += rng.randint(1, 90)
    stories = broken(printed)
    assert max(story.min_cells for story in stories) >= 3
    assert all(offer.grade is Grade.POSSIBLE for s in stories for offer in s.suggestions)


def test_what_one_sum_alone_says_is_possible_and_not_likely() -> None:
    """Two parts of a row of zeros are wrong, and only its total could have done it by itself."""
    printed = dict(ZEROS)
    for column, figure in (("upheld", 40), ("corrected", 10)):
        printed[Address("disputes", "review", column)] = Decimal(figure)
    [story] = [s for s in broken(printed) if s.outcomes[0].check.rule.id == "disputes-row-total"]
    assert offered(story) == [{"disputes/review/total": "50"}]
    assert story.suggestions[0].grade is Grade.POSSIBLE


def test_two_slips_in_one_row_are_found_and_called_possible() -> None:
    true = figures(21)
    [story] = broken(changed(true, granted__business=4, granted__other=5))
    assert len(story.suggestions) == 1 and len(story.suggestions[0].edits) == 2
    assert story.suggestions[0].grade is Grade.POSSIBLE


def test_items_tied_stand_together_and_order_is_kept() -> None:
    assert parts(range(6), [(4, 1), (5, 4)]) == [[0], [1, 4, 5], [2], [3]]
    assert parts("ab", []) == [["a"], ["b"]]


def test_a_suggestion_is_never_offered_that_breaks_another_check() -> None:
    for one, other in combinations((3, 40, 77, 120, 180), 2):
        printed = figures(one)
        printed[BOXES[one]] += 3
        printed[BOXES[other]] += 8
        before = {o.check.id for s in diagnosed(printed).explanations for o in s.outcomes}
        for story in diagnosed(printed).explanations:
            for offer in story.suggestions:
                mended = printed | {e.address: Decimal(e.after) for e in offer.edits}
                after = {o.check.id for s in diagnosed(mended).explanations for o in s.outcomes}
                assert after <= before


def _read(text: str) -> Audit:
    return audit(Document("report.txt", text.encode()), library())


CLEAN = (ROOT / "examples" / "clean.txt").read_text(encoding="utf-8")


def test_a_sentence_that_repeats_a_wrong_figure_is_to_be_changed_with_it() -> None:
    copied = CLEAN.replace("申请50件", "申请51件").replace("| 0 | 50 |", "| 0 | 51 |", 1)
    (finding,) = _read(copied).findings
    (offer,) = finding.suggestions
    assert {str(edit.address): (edit.before, edit.after) for edit in offer.edits} == {
        "applications/new_received/total": ("51", "50"),
        "text/received": ("51", "50"),
    }
    # Table and text agree on it: it may yet be the other figures that are wrong.
    assert offer.grade is Grade.POSSIBLE


def test_a_sentence_with_the_right_figure_is_settled_by_the_same_edit() -> None:
    finding = _read(CLEAN.replace("| 0 | 50 |", "| 0 | 51 |", 1)).findings[0]
    (offer,) = finding.suggestions
    assert offer.grade is Grade.LIKELY
    assert "prose-received[received]" in offer.settles
