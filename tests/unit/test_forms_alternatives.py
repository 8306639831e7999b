"""Doubtful cells of a picture: settled by the form's sums, where these leave no way out."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from auditor.checks.evaluate import evaluate, gather
from auditor.layout import align
from auditor.model.finding import Certainty, Status
from auditor.model.form import Address
from auditor.model.report import Blank, Illegible, Match, Number, Report, Source
from auditor.model.source import UNREAD, Cell, Document, Extract, Grid
from auditor.pipeline import audit_report
from auditor.readers import read
from tests.kit import AGENCIES, Figures, consistent_figures
from tests.kit.ruled import WEB_PAGES, web_page
from tests.support import form, library

SOURCE = Source("scan.png", "0" * 64, "image/png")
Doubt = tuple[str, tuple[str, ...]]


def figures() -> Figures:
    return consistent_figures(form(), Random(4), "medium")


def seen(printed: Figures, doubts: dict[Address, Doubt]) -> Report:
    """The report as a scan's reader would give it, some cells being doubtful."""
    content = web_page(WEB_PAGES[0], form(), printed, AGENCIES[0], 2023, Random(1))
    extract = read(Document("page.html", content))
    places = {
        align(extract, form(), SOURCE).entries[box].origin: doubt for box, doubt in doubts.items()
    }

    def one(cell: Cell) -> Cell:
        text, alternatives = places.get(cell.origin, (cell.text, ()))
        return replace(cell, text=text, alternatives=alternatives, recognised=True)

    blocks = tuple(
        replace(block, rows=tuple(tuple(map(one, row)) for row in block.rows))
        if isinstance(block, Grid)
        else block
        for block in extract.blocks
    )
    return align(Extract(blocks), form(), SOURCE)


def at(row: str, column: str) -> Address:
    return Address("applications", row, column)


PART = at("granted", "business")


def test_the_sums_choose_between_candidates_and_the_cell_is_inferred() -> None:
    printed = figures()
    true = printed[PART]
    report = seen(printed, {PART: (str(true + 50), (str(true), UNREAD))})
    entry = report.entries[PART]
    assert isinstance(entry.value, Number)
    assert entry.value.value == true
    assert entry.match is Match.INFERRED
    assert entry.recognised
    # What proved it is no longer checked: it is undetermined, and not passed.
    outcomes = evaluate(library().checks(form().id), gather(report, None))
    over = [
        outcome
        for outcome in outcomes
        if outcome.status is Status.PASS
        and outcome.check.rule.severity.value == "error"
        and {operand.ref.address for operand in outcome.operands} in report.assumed
    ]
    assert over == []
    assert any(PART in total for total in report.assumed)


def test_a_single_candidate_stands_only_where_the_sums_hold_with_it() -> None:
    printed = figures()
    true = printed[PART]
    assert isinstance(seen(printed, {PART: (str(true), (UNREAD,))}).entries[PART].value, Number)
    wrong = seen(printed, {PART: (str(true + 1), (UNREAD,))}).entries[PART]
    assert wrong.value == Illegible((str(true + 1),))
    assert wrong.match is Match.NONE


def test_candidates_that_no_sum_admits_are_all_named() -> None:
    printed = figures()
    said = (str(printed[PART] + 1), str(printed[PART] + 2))
    report = seen(printed, {PART: (said[0], (said[1], UNREAD))})
    assert report.entries[PART].value == Illegible(said)
    notice = next(each for each in report.notices if each.code == "rival-readings")
    assert dict(notice.details)["readings"] == ", ".join(said)
    assert notice.addresses == (PART,)


def test_a_part_and_its_total_that_lost_the_same_stroke_prove_nothing() -> None:
    printed = {box: figure * 0 for box, figure in figures().items()}
    for row in ("new_received", "granted", "total_handled"):
        for column in ("business", "total"):
            printed[at(row, column)] += 46
    doubts: dict[Address, Doubt] = {
        at(row, column): ("6", (UNREAD,))
        for row in ("granted", "total_handled", "new_received")
        for column in ("business", "total")
    }
    report = seen(printed, doubts)
    for box in doubts:
        assert isinstance(report.entries[box].value, Illegible), box


def test_a_table_without_sums_settles_nothing() -> None:
    box = Address("disclosure", "licences", "decisions")
    report = seen(figures(), {box: ("12", ("72", UNREAD))})
    assert report.entries[box].value == Illegible(("12", "72"))


def test_ink_without_any_reading_is_illegible_and_never_blank() -> None:
    entry = seen(figures(), {PART: (UNREAD, ())}).entries[PART]
    assert entry.value == Illegible(())
    assert not isinstance(entry.value, Blank)


def test_an_error_of_the_author_beside_a_doubtful_cell_is_not_proof_of_anything() -> None:
    printed = figures()
    wrong = at("granted", "natural_person")
    true = printed[PART]
    printed[wrong] += 1
    # The row's total now fits a part that is smaller by one; the column's does not.
    entry = seen(printed, {PART: (str(true), (str(max(true - 1, 0)), UNREAD))}).entries[PART]
    assert not isinstance(entry.value, Number) or entry.value.value == true


def test_a_row_of_many_doubtful_cells_gives_up_on_these_alone() -> None:
    printed = figures()
    row = form().table("applications").row("granted")
    boxes = form().table("applications").addresses(row)
    doubts: dict[Address, Doubt] = {
        box: (str(printed[box]), tuple(str(printed[box] + n) for n in range(1, 5)))
        for box in boxes[:4]
    }
    report = seen(printed, doubts)
    for box in boxes[:4]:
        assert isinstance(report.entries[box].value, Illegible | Number)
    for box in boxes[4:]:
        assert isinstance(report.entries[box].value, Number)


@pytest.mark.parametrize("recognised", [True, False])
def test_a_finding_about_cells_of_a_picture_is_never_certain(recognised: bool) -> None:
    printed = figures()
    printed[PART] += 1
    report = seen(printed, {})
    if not recognised:
        plain = {box: replace(entry, recognised=False) for box, entry in report.entries.items()}
        report = replace(report, entries=plain)
    findings = audit_report(form(), report, library()).findings
    certainties = {each.certainty for each in findings if PART in each.addresses}
    assert certainties == {Certainty.LIKELY if recognised else Certainty.CERTAIN}
