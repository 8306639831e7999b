"""Law: no damage that keeps a table's characters makes another number of a cell, nor a culprit.

A cell of a damaged report reads as in the true one, or it is unread; the author of a report without
an error is told of none. Reports of a small form and of those that come with the package, their
figures of one to seven digits, some with one error of the author. A thousand of them in every run,
the same ones; `benchmarks/text_damage.py` looks for others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from zlib import crc32

import pytest
from hypothesis import strategies as st

from auditor.definitions import Library, load_library
from tests.damage.body import STYLES, Body, body_of
from tests.damage.compose import damaged
from tests.damage.judge import Verdict, judge
from tests.damage.kinds import KINDS, of_text, sample
from tests.damage.moves import MOVES
from tests.damage.reports import SIZES, Case, invent
from tests.damage.small import FORM_ID, FORMS
from tests.kit.law import examples, law
from tests.support import FORM_IDS, YEARS


@dataclass(frozen=True)
class Damage:
    """A report and what was done to it."""

    form_id: str
    seed: int
    size: str
    with_error: bool
    moves: tuple[str, ...]
    style: str


def damages(form_ids: Sequence[str], most: int) -> st.SearchStrategy[Damage]:
    """Reports of these forms with up to so many damages at once."""
    moves = st.lists(st.sampled_from(sorted(MOVES)), min_size=1, max_size=most, unique=True)
    return st.builds(
        Damage,
        st.sampled_from(form_ids),
        st.integers(0, 2**32 - 1),
        st.sampled_from(sorted(SIZES)),
        st.booleans(),
        moves.map(tuple),
        st.sampled_from(sorted(STYLES)),
    )


@cache
def _library() -> Library:
    return load_library(FORMS)


def _case(form_id: str, seed: int, size: str, with_error: bool) -> Case:
    years = YEARS.get(form_id, (2024, 2024))
    return invent(_library().form(form_id), years, Random(seed), size, with_error)


def _verdict(case: Case, names: list[str], style: str, rng: Random) -> tuple[str, Verdict]:
    text = damaged(case, names, style, rng)
    return text, judge(of_text(case, text), _library())


def _holds(damage: Damage) -> None:
    case = _case(damage.form_id, damage.seed, damage.size, damage.with_error)
    text, verdict = _verdict(case, list(damage.moves), damage.style, Random(damage.seed))
    assert not verdict.fails, f"{verdict.fails}\n{text}"


@law(640, 1500, damages((FORM_ID,), 1))
def test_a_damaged_report_of_ten_rows_is_read_right_or_not_at_all(damage: Damage) -> None:
    _holds(damage)


@law(80, 300, damages(tuple(FORM_IDS), 1))
def test_a_damaged_annual_report_is_read_right_or_not_at_all(damage: Damage) -> None:
    _holds(damage)


@pytest.mark.slow
@law(230, 500, damages((FORM_ID,), 3))
def test_a_report_damaged_in_three_ways_is_read_right_or_not_at_all(damage: Damage) -> None:
    _holds(damage)


@pytest.mark.slow
@law(50, 200, damages(tuple(FORM_IDS), 3))
def test_an_annual_report_damaged_in_three_ways_is_read_right_or_not_at_all(
    damage: Damage,
) -> None:
    _holds(damage)


@pytest.mark.slow
@examples(2, 8)
@pytest.mark.parametrize("group", sorted({kind.partition(":")[0] for kind in KINDS}))
def test_no_kind_of_damage_makes_another_number(group: str, examples: int) -> None:
    """Also those that lose or add something: the same reports in every run."""
    for kind in (kind for kind in KINDS if kind.partition(":")[0] == group):
        for number in range(examples):
            rng = Random(crc32(f"{kind} {number}".encode()))
            form_id = FORM_IDS[number % len(FORM_IDS)]
            size = sorted(SIZES)[(number + crc32(kind.encode())) % len(SIZES)]
            case = invent(
                _library().form(form_id), YEARS[form_id], rng, size, with_error=number % 2 == 1
            )
            verdict = judge(sample(kind, case, rng), _library())
            assert not verdict.fails, f"{kind} {number}: {verdict.fails}"


@pytest.mark.parametrize("form_id", (FORM_ID, *FORM_IDS))
@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_cell_of_an_undamaged_report_is_read_right(form_id: str, style: str) -> None:
    """What the law begins with is a report that is read."""
    for seed, size in enumerate(SIZES):
        case = _case(form_id, seed, size, with_error=seed % 2 == 1)
        _, verdict = _verdict(case, [], style, Random(seed))
        assert (verdict.unread, verdict.fails) == (0, ())
        assert verdict.found == verdict.planted


_ADDS = {"index numbers", "permuted columns", "total first"}
"""Damages that print something that was not there: a column of numbers, a header in one line."""


@pytest.mark.parametrize("name", sorted(MOVES))
@pytest.mark.parametrize("form_id", (FORM_ID, FORM_IDS[-1]))
def test_a_damage_keeps_every_character(form_id: str, name: str) -> None:
    """Otherwise the law would ask for what is lost."""
    for seed in range(6):
        rng = Random(seed)
        case = _case(form_id, seed, "any", with_error=False)
        for section in case.page(rng).sections:
            before = body_of(section)
            after = MOVES[name](before, rng, section)
            if name != "glued to labels":
                assert _digits(after) == _digits(before)
            if name not in _ADDS:
                assert _characters(after) == _characters(before)


def _digits(body: Body) -> Counter[str]:
    return Counter("".join(cell.text for line in body for cell in line if cell.figure))


def _characters(body: Body) -> Counter[str]:
    return Counter("".join(cell.text for line in body for cell in line))


def test_the_judge_counts_what_differs_from_the_truth() -> None:
    """A judge that finds nothing would keep every law."""
    case = _case(FORM_ID, 1, "dozens", with_error=False)
    text = damaged(case, [], "spaces", Random(1))
    true = of_text(case, text)
    box = next(box for box, figure in case.figures.items() if figure)
    other = replace(true, truth={**true.truth, box: frozenset((case.figures[box] + 1,))})
    assert judge(true, _library()) == Verdict(right=len(case.figures))
    assert [each.split()[0] for each in judge(other, _library()).wrong] == [str(box)]


def test_the_judge_counts_errors_told_of_a_report_without_one() -> None:
    case = _case(FORM_ID, 2, "dozens", with_error=True)
    text = damaged(case, [], "spaces", Random(2))
    assert judge(of_text(case, text), _library()).found
    clean = of_text(replace(case, planted=None), text)
    assert judge(clean, _library()).accused
