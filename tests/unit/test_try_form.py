"""`audit rules try FORM`: a form's invented reports, read back in every layout and format."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.definitions import load_library
from auditor.testing import LAYOUTS, consistent_figures
from auditor.testing.trial import FORMATS, try_form
from tests.support import library

_FORM = """
id: town-library/2024
name: {zh: 图书馆借阅统计表, en: Library loans}
recognised_by: [年初在借, 本年借出]
after: [填表说明]
imprint: {agency: ['(?P<agency>[^\\n]{2,20}图书馆)'], year: ['(?P<year>20\\d\\d)']}
numerals: {blanks: ['/', '—'], minus: ['-'], units: [册], vague: [约]}
tables:
  - id: loans
    title: {zh: 借阅情况, en: Loans}
    headings: [借阅情况]
    columns:
      - {id: start, label: 年初在借}
      - {id: lent, label: 本年借出}
      - {id: back, label: 本年归还}
      - {id: end, label: 年末在借}
    rows:
      - {id: novels, label: 小说类}
      - {id: science, label: 科技类}
      - {id: all, label: 各类合计}
    identities:
      - {each: row, equal: [[start, lent], [back, end]]}
      - {each: column, total: all, of: [novels, science]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "town-library" / "2024"
    place.mkdir(parents=True)
    (place / "form.yaml").write_text(_FORM, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form_id", [form.id for form in library().forms])
def test_every_cell_of_the_forms_that_come_with_it_is_read_right(form_id: str) -> None:
    trials = list(try_form(library().form(form_id), library()))
    assert [each.layout for each in trials] == [*LAYOUTS, *FORMATS]
    assert not any(each.wrong or each.failure for each in trials)
    # Rows that a report names itself have no names to be found by where the lines are lost.
    unread = [each.layout for each in trials if each.unread]
    tables = library().form(form_id).tables
    is_open = any(group.is_open for table in tables for group in table.groups)
    lost = {"everything on one line"} if is_open else set()
    if any(table.skipped for table in tables):  # no heading stands over the numbers of lines
        lost |= {"rows with leading pipes", "pipe and label, then cells", "Markdown"}
    assert set(unread) == lost


def test_a_form_of_ones_own_is_tried_by_name(folder: Path) -> None:
    done = CliRunner().invoke(
        main, ["rules", "try", "town-library/2024", "--rules", str(folder), "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == len(LAYOUTS) + len(FORMATS)
    assert all("12 right" in line and "0 wrong" in line for line in lines)
    assert "0 wrong" in done.stderr


def test_figures_satisfy_sums_that_hang_together(folder: Path) -> None:
    """Two sums over one row, and one over each column: none can be worked out alone."""
    form = load_library(folder).form("town-library/2024")
    for seed in range(20):
        figures = consistent_figures(form, Random(seed))
        for total in form.tables[0].sums_over(figures):
            assert sum(figures[box] * sign for box, sign in total.items()) == 0
        assert all(figure >= 0 for figure in figures.values())


def test_a_layout_whose_sign_for_blanks_the_form_has_not_is_unread(folder: Path) -> None:
    path = folder / "town-library" / "2024" / "form.yaml"
    path.write_text(_FORM.replace("blanks: ['/', '—']", "blanks: ['—']"), encoding="utf-8")
    library = load_library(folder)
    trials = {each.layout: each for each in try_form(library.form("town-library/2024"), library)}
    assert not any(each.wrong for each in trials.values())
    assert trials.pop("slashes for zero").unread
    assert not any(each.unread for each in trials.values())


def test_a_form_that_is_not_told_from_another_says_so_of_every_layout(folder: Path) -> None:
    other = folder / "town-library" / "2025"
    other.mkdir()
    (other / "form.yaml").write_text(_FORM.replace("/2024", "/2025"), encoding="utf-8")
    done = CliRunner().invoke(main, ["rules", "try", "town-library/2024", "--rules", str(folder)])
    assert len(done.stdout.splitlines()) == done.stdout.count("several forms equally well")
