"""Laws: a slip is found where the sums determine it, and nothing untrue is called likely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import strategies as st

from auditor.diagnosis.equations import exact, sums_of
from auditor.diagnosis.slips import Surroundings, explain
from auditor.model.finding import Status
from auditor.model.form import Address
from auditor.model.report import Ref
from auditor.strength import directions_of
from auditor.strength.trials import (
    KINDS,
    ONE_CELL,
    SIZES,
    ConsistentReport,
    consistent_figures,
    mutations,
)
from auditor.testing import boxes
from tests.kit.law import law
from tests.support import FORM_IDS, form, library

SUMMED = ("applications", "disputes")


@cache
def bench(form_id: str, size: str, seed: int) -> ConsistentReport:
    blank = form(form_id)
    return ConsistentReport(
        blank, library().checks(form_id), consistent_figures(blank, Random(seed), size)
    )


benches = st.tuples(st.sampled_from(FORM_IDS), st.sampled_from(list(SIZES)), st.integers(0, 7))


def slips(
    on: ConsistentReport, rng: Random, among: Sequence[Address], count: int
) -> dict[Address, Decimal | None]:
    """Slips of one cell each, in so many of those cells."""
    changes: dict[Address, Decimal | None] = {}
    for box in rng.sample(among, min(count, len(among))):
        order = rng.sample(ONE_CELL, len(ONE_CELL))
        for one in mutations(on.form, on.figures, box, rng, order):
            changes |= one.changes
            break
    return changes


@law(50, 450, benches, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_no_change_but_the_true_one_is_ever_called_likely(
    given_bench: tuple[str, str, int], count: int, seed: int
) -> None:
    on = bench(*given_bench)
    assert not on.try_mistake(slips(on, Random(seed), boxes(on.form, *SUMMED), count)).wrong


@law(50, 450, benches, st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_nor_where_several_slips_stand_in_one_row_or_column(
    given_bench: tuple[str, str, int], count: int, seed: int
) -> None:
    on, rng = bench(*given_bench), Random(seed)
    box = rng.choice(boxes(on.form, rng.choice(SUMMED)))
    way = rng.choice(("row", "column"))
    line = [
        other for other in boxes(on.form, box.table) if getattr(other, way) == getattr(box, way)
    ]
    assert not on.try_mistake(slips(on, rng, line, count)).wrong


@law(40, 360, benches, st.integers(0, 2**32 - 1))
def test_a_slip_that_the_sums_determine_is_located_and_repaired(
    given_bench: tuple[str, str, int], seed: int
) -> None:
    on = bench(*given_bench)
    changes = slips(on, Random(seed), boxes(on.form, *SUMMED), 1)
    directions = directions_of(on.checks)
    shared = Counter(directions.values())
    _, _, outcomes = on.diagnosed(changes)
    # No repair may break a check, not even one that only asks a question of the true figures.
    asked = {each.check.id for each in on.outcomes if each.status is Status.FAIL}
    if asked <= {each.check.id for each in outcomes if each.status is Status.FAIL} and all(
        shared[directions[box]] == 1 for box in changes
    ):
        assert on.try_mistake(changes).located


@pytest.mark.parametrize("count", [40, pytest.param(160, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_of_two_slips_in_table_three_the_true_pair_is_offered(form_id: str, count: int) -> None:
    rng = Random(11)
    found = []
    for number in range(count):
        on = bench(form_id, rng.choice(list(SIZES)), number % 8)
        found.append(on.try_mistake(slips(on, rng, boxes(on.form, "applications"), 2)).listed)
    assert sum(found) >= 0.95 * len(found)


@law(
    40,
    360,
    benches,
    st.sampled_from([kind for kind in KINDS if kind != "any"]),
    st.integers(0, 2**32),
)
def test_every_slip_that_is_made_is_explained_by_a_model(
    given_bench: tuple[str, str, int], kind: str, seed: int
) -> None:
    on = bench(*given_bench)
    rng = Random(seed)
    every = boxes(on.form, "applications")
    position = {box: index for index, box in enumerate(every)}
    for box in rng.sample(every, 20):
        for mutation in mutations(on.form, on.figures, box, rng, [kind]):
            report, facts, outcomes = on.diagnosed(mutation.changes)
            sums = sums_of(report, facts, outcomes, position)
            true = {Ref(each): exact(on.figures[each]) for each in mutation.changes}
            if true.keys() <= sums.columns.keys():
                assert explain(true, Surroundings(report, on.form, facts, sums))
