"""Rows, columns, order and year that a report says itself, and the form that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from auditor.definitions import Library, load_library
from auditor.definitions import test_rules as run_rule_tests
from auditor.errors import DefinitionError
from auditor.layout.instantiate import _with_rows, key_of
from auditor.model.check import Severity
from auditor.model.finding import Audit, Status
from auditor.model.form import Form, Line, with_year
from auditor.model.report import Illegible, Missing, Number
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.readers import media_type_of
from auditor.testing import BLANK_FOR_ZERO, LAYOUTS, consistent_figures, page
from auditor.testing.trial import FORMATS, try_form

_FORM = r"""
id: ferry-traffic/2024
name: Ferry traffic
recognised_by: [Boats at the start, Boats bought, Boats sold, Boats at the end]
imprint: {agency: ['(?P<agency>[^\n0-9]{3,40})20\d\d'], year: ['(?P<year>20\d\d)']}
numerals: {blanks: ['-', '/']}
axes:
  - {id: line, label: Ferry line, open: [North Shore, Harbour Loop]}
tables:
  - id: boats
    title: Boats
    headings: [Boats by ferry line]
    captions: [Line and depot]
    columns:
      - {id: start, label: Boats at the start}
      - {id: bought, label: Boats bought}
      - {id: sold, label: Boats sold}
      - {id: end, label: Boats at the end}
    rows: [{axis: line}, {id: all, label: All lines}]
    identities:
      - {each: row, equal: [[start, bought], [sold, end]]}
      - {each: column, total: all, of: [line.*]}
  - id: crews
    title: Crews
    headings: [Crews by ferry line]
    columns:
      - {id: old, label: 'Crews in {year-1}'}
      - {id: now, label: 'Crews in {year}'}
      - {id: afloat, label: Boats that are crewed}
    rows: [{id: all, label: All lines}, {axis: line}]
    identities:
      - {each: column, total: all, of: [line.*]}
"""
_CHECKS = """
- id: all-boats
  statement: The boats of all lines are those of each line together
  basis: test
  severity: error
  table: boats
  each: column
  total: {total: all, of: [line.*]}
  tests:
    - {given: {north-shore: 2, harbour-loop: 1, all: 3}, is: pass}
    - {given: {north-shore: 2, harbour-loop: 1, all: 4}, is: fail, difference: 1}
    - {given: {north-shore: 2, harbour-loop: missing, all: 3}, is: undetermined}
- id: crewed
  statement: Every boat at the end is crewed
  basis: test
  severity: error
  table: boats
  each: row
  equal: [[end], [crews/=/afloat]]
"""
_REPORT = """Isle Ferries 2024

Boats by ferry line
Line and depot | Boats at the start | Boats bought | Boats sold | Boats at the end
Pier 7 | 4 | 1 | 0 | 5
Old Town (East) | 2 | 0 | 1 | 1
All lines | 6 | 1 | 1 | 6

Crews by ferry line
Line | Crews in 2023 | Crews in 2024 | Boats that are crewed
All lines | 9 | 11 | 6
Pier 7 | 6 | 7 | 5
Old Town (East) | 3 | 4 | 1
"""


def _library(folder: Path, form: str, checks: str = "") -> Library:
    parts = form.split("id: ", 1)[1].split("\n", 1)[0].split("/")
    place = folder.joinpath(*parts)
    (place / "checks").mkdir(parents=True)
    (place / "form.yaml").write_text(form, encoding="utf-8")
    if checks:
        (place / "checks" / "c.yaml").write_text(checks, encoding="utf-8")
    return load_library(folder)


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return _library(tmp_path_factory.mktemp("rules"), _FORM, _CHECKS)


def _audited(text: str, library: Library) -> Audit:
    return audit(Document("report.txt", text.encode()), library)


def _read(judged: Audit, table: str) -> dict[str, list[str]]:
    """By row, what its boxes say."""
    return {
        row.key: [
            str(entry.value.value) if isinstance(entry.value, Number) else "?"
            for entry in (
                judged.report.entries[box] for box in judged.form.table(table).addresses(row)
            )
        ]
        for row in judged.form.table(table).rows
    }


def _errors(judged: Audit) -> list[set[str]]:
    return [
        {str(box) for box in finding.addresses}
        for finding in judged.findings
        if finding.severity is Severity.ERROR
    ]


def test_the_rows_of_an_axis_are_those_of_the_report(ferries: Library) -> None:
    judged = _audited(_REPORT, ferries)
    assert _read(judged, "boats") == {
        "pier-7": ["4", "1", "0", "5"],
        "old-town-east": ["2", "0", "1", "1"],
        "all": ["6", "1", "1", "6"],
    }
    assert _read(judged, "crews")["old-town-east"] == ["3", "4", "1"]
    assert [row.label for row in judged.form.table("boats").rows][:2] == [
        "Pier 7",
        "Old Town (East)",
    ]
    assert not judged.findings
    assert {outcome.status for outcome in judged.outcomes} == {Status.PASS}


def test_a_slip_is_found_in_its_cell_across_tables(ferries: Library) -> None:
    judged = _audited(_REPORT.replace("Pier 7 | 6 | 7 | 5", "Pier 7 | 6 | 7 | 8"), ferries)
    assert [{"boats/pier-7/end", "crews/pier-7/afloat"}] == _errors(judged)


@pytest.mark.parametrize(
    ("printed", "instead"),
    [
        ("Pier 7 | 4 | 1 | 0 | 5", "4 | 1 | 0 | 5"),
        ("Pier 7 | 4 | 1 | 0 | 5", "Pier 7 | 4 | 1 | 0 | 5\n| | 3 | |"),
    ],
    ids=["no label", "a figure too many"],
)
def test_figures_that_are_no_rows_accuse_no_total(
    ferries: Library, printed: str, instead: str
) -> None:
    judged = _audited(_REPORT.replace(printed, instead), ferries)
    assert not _errors(judged)
    assert isinstance(_entry(judged, "boats/line-unread/start"), Missing)
    sums = [outcome for outcome in judged.outcomes if outcome.check.rule.id == "all-boats"]
    assert {outcome.status for outcome in sums} == {Status.UNDETERMINED}


def _entry(judged: Audit, address: str) -> object:
    return {str(box): entry.value for box, entry in judged.report.entries.items()}[address]


def test_a_label_may_be_a_word_of_a_heading_and_the_next_row(ferries: Library) -> None:
    """`All` ends no heading here, but `Boats at the end / Loop` would be a row of its own."""
    text = _REPORT.replace("Old Town (East)", "Crewed Line").replace("Pier 7", "Line")
    judged = _audited(text, ferries)
    assert _read(judged, "boats")["line"] == ["4", "1", "0", "5"]
    assert _read(judged, "boats")["crewed-line"] == ["2", "0", "1", "1"]
    assert not judged.findings


def test_what_resembles_a_label_is_not_that_label_where_it_stands_whole(ferries: Library) -> None:
    """Where columns are torn no names of rows are found; `All Saints` is no torn `All lines`."""
    text = (
        "Isle Ferries2024 Boats by ferry line Bo at s at t he s ta rt Bo at s bo ug ht "
        "Bo at s so ld Bo at s at t he e nd Pier 7 0 2 2 0 Mole (East) 0 1 1 0 "
        "All Saints 0 0 0 0 All lines 0 3 3 0 "
        "Crews by ferry line Cr ew s in 2 02 3 Cr ew s in 2 02 4 Bo at s th at a re c re we d "
        "All lines 2 0 1 Pier 7 0 0 0 Mole (East) 0 0 1 All Saints 2 0 0\n"
    )
    judged = _audited(text, ferries)
    entries = {str(box): entry.value for box, entry in judged.report.entries.items()}
    for box, true in (("boats/all/bought", 3), ("crews/all/afloat", 1)):
        value = entries[box]
        assert not isinstance(value, Number) or value.value == true


def test_where_no_row_is_found_the_axis_is_missed(ferries: Library) -> None:
    text = "\n".join(line for line in _REPORT.splitlines() if not line.startswith(("Pier", "Old")))
    judged = _audited(text, ferries)
    assert not _errors(judged)
    assert isinstance(_entry(judged, "boats/line-unread/end"), Missing)


def test_an_axis_that_may_be_empty_is_not_missed(tmp_path: Path) -> None:
    """An office with one line prints nothing but the total, which is the sum of nothing then."""
    form = _FORM.replace("Harbour Loop]}", "Harbour Loop], optional: true}")
    library = _library(tmp_path, form, _CHECKS)
    text = "\n".join(line for line in _REPORT.splitlines() if not line.startswith(("Pier", "Old")))
    judged = _audited(text, library)
    assert [row.key for row in judged.form.table("boats").rows] == ["all"]
    assert not judged.findings
    assert {outcome.check.rule.id for outcome in judged.outcomes} == {"crewed"}
    named = _audited(_REPORT.replace("All lines | 6 | 1", "All lines | 7 | 1"), library)
    assert _errors(named) == [
        {"boats/all/start", "boats/pier-7/start", "boats/old-town-east/start"}
    ]
    lost = _audited(text.replace("All lines | 6", "4 | 1 | 0 | 5\nAll lines | 6"), library)
    assert isinstance(_entry(lost, "boats/line-unread/start"), Missing)


def test_a_subtotal_among_the_rows_accuses_no_total(ferries: Library) -> None:
    """A row without which every total agrees may be none of the axis; one that another table has
    right is, and a total that leaves it out is wrong."""
    rows = "Pier 7 | 4 | 1 | 0 | 5\n"
    judged = _audited(_REPORT.replace(rows, f"{rows}Piers of the town | 4 | 1 | 0 | 5\n"), ferries)
    assert not _errors(judged)
    assert isinstance(_entry(judged, "boats/piers-of-the-town/start"), Illegible)
    assert "open-subtotal" in {notice.code for notice in judged.notices}
    left_out = _audited(
        _REPORT.replace("All lines | 6 | 1 | 1 | 6", "All lines | 2 | 0 | 1 | 1"), ferries
    )
    assert any("boats/pier-7/start" in boxes for boxes in _errors(left_out))


@pytest.mark.parametrize(
    "rows",
    [
        "Pier 7 | 2 | 1 | 0 | 3\nMole | 2 | 0 | 0 | 2\nTown | 4 | 1 | 0 | 5\n"
        "Old Town (East) | 2 | 0 | 1 | 1\nEast | 2 | 0 | 1 | 1\n",
        "City | 6 | 1 | 1 | 6\nTown | 4 | 1 | 0 | 5\nPier 7 | 2 | 1 | 0 | 3\n"
        "Mole | 2 | 0 | 0 | 2\nEast | 2 | 0 | 1 | 1\nOld Town (East) | 2 | 0 | 1 | 1\n",
    ],
    ids=["below their parts", "above their parts, in two levels"],
)
def test_several_subtotals_among_the_rows_accuse_no_total(ferries: Library, rows: str) -> None:
    text = _REPORT.replace("Pier 7 | 4 | 1 | 0 | 5\nOld Town (East) | 2 | 0 | 1 | 1\n", rows)
    judged = _audited(text, ferries)
    assert not [boxes for boxes in _errors(judged) if "boats/all/start" in boxes]
    assert isinstance(_entry(judged, "boats/town/start"), Illegible)
    assert isinstance(_entry(judged, "boats/mole/start"), Number)


def test_two_reports_have_rows_of_their_own(ferries: Library) -> None:
    first, second = _audited(_REPORT, ferries), _audited(_REPORT.replace("Pier 7", "Mole"), ferries)
    assert [row.key for row in first.form.table("boats").rows] == ["pier-7", "old-town-east", "all"]
    assert [row.key for row in second.form.table("boats").rows] == ["mole", "old-town-east", "all"]
    assert len(first.outcomes) == len(second.outcomes) == 7


_NAMES = (
    "Pier 7",
    "Pier 12",
    "A",
    "AB",
    "Old Town (East)",
    "Ferry No. 3 Line",
    "All Saints",
    "Boats Office",
    "U.S. Mooring",
    "Line 2020",
    "Sold Quay",
    "城关镇",
    "第2码头",
    "新港",
    "新港东",
)


@pytest.mark.parametrize(
    "seeds", [range(56), pytest.param(range(56, 1200), marks=pytest.mark.thorough)], ids=str
)
def test_no_cell_of_rows_that_a_report_names_is_read_wrong(
    ferries: Library, seeds: Sequence[int]
) -> None:
    form = with_year(ferries.form("ferry-traffic/2024"), 2024)
    read = 0
    for seed in seeds:
        rng = Random(seed)
        names = rng.sample(_NAMES, rng.randint(1, 6))
        printed = _with_lines(form, names)
        figures = consistent_figures(printed, rng)
        layout = [*LAYOUTS, *FORMATS][seed % (len(LAYOUTS) + len(FORMATS))]
        data = (
            FORMATS[layout](page(printed, figures, "Isle Ferries", 2024, rng))
            if layout in FORMATS
            else LAYOUTS[layout](printed, figures, "Isle Ferries", 2024, rng).encode()
        )
        judged = audit(Document("r", data, media_type_of(data)), ferries)
        entries = {
            box: entry.value.value
            for box, entry in judged.report.entries.items()
            if isinstance(entry.value, Number)
        }
        wrong = {box for box, value in entries.items() if figures.get(box, value) != value}
        assert not wrong, (seed, layout)
        sums = [each for each in judged.outcomes if each.check.rule.id == "all-boats"]
        assert all(each.status is not Status.FAIL for each in sums), (seed, layout)
        read += sum(box in figures for box in entries) if layout not in BLANK_FOR_ZERO else 0
    assert read > 10 * len(seeds)


def _with_lines(form: Form, names: Sequence[str]) -> Form:
    lines = {"line": tuple(Line(key_of(name), name, group="line") for name in names)}
    return replace(form, tables=tuple(_with_rows(table, lines) for table in form.tables))


def test_a_form_with_rows_of_the_reports_own_is_tried(ferries: Library) -> None:
    trials = list(try_form(ferries.form("ferry-traffic/2024"), ferries))
    assert not any(each.wrong or each.failure for each in trials)
    assert sum(each.right for each in trials) > 0.9 * sum(
        each.right + each.unread for each in trials
    )


_SIDES = r"""
id: club-accounts/2024
name: Accounts
recognised_by: [Taken in, Paid out, Amount]
imprint: {agency: ['(?P<agency>[^\n0-9]{3,40})20\d\d'], year: ['(?P<year>20\d\d)']}
numerals: {blanks: ['-']}
tables:
  - id: accounts
    title: Accounts
    headings: [Taken in and paid out]
    captions: [Item, Taken in, Paid out]
    columns:
      - {id: number, label: 'No.', type: skip}
      - {id: amount, label: Amount}
    groups: [{id: in, label: Taken in}, {id: out, label: Paid out}]
    sides: [in, out]
    rows:
      - {id: fees, label: Fees of members, in: in}
      - {id: gifts, label: Gifts, in: in}
      - {id: all_in, label: Total, in: in}
      - {id: rent, label: Rent, in: out}
      - {id: boats, label: Upkeep of boats, in: out}
      - {id: prizes, label: Prizes, in: out}
      - {id: all_out, label: Total, in: out}
    identities:
      - {each: column, total: all_in, of: [fees, gifts]}
      - {each: column, total: all_out, of: [rent, boats, prizes]}
"""
_SIDES_CHECKS = """
- id: both-sides
  statement: As much is taken in as paid out
  basis: test
  severity: error
  table: accounts
  equal: [[all_in/amount], [all_out/amount]]
"""
_NUMBERED = """Rowing Club 2024
Taken in and paid out
Item | No. | Amount | Item | No. | Amount
Fees of members | 1 | 120.50 | Rent | 11 | 60.00
Gifts | 2 | 30.00 | Upkeep of boats | 12 | 80.50
| 3 | | Prizes | 13 | 10.00
Total | 4 | 150.50 | Total | 14 | 150.50
"""
_UNNUMBERED = """Rowing Club 2024
Taken in and paid out
Item          Amount   Item              Amount
Fees of members 120.50   Rent             60.00
Gifts 30.00              Upkeep of boats  80.50
                         Prizes           10.00
Total 150.50             Total           150.50
"""


@pytest.mark.parametrize("text", [_NUMBERED, _UNNUMBERED], ids=["numbered cells", "lines"])
def test_sides_are_read_with_or_without_the_numbers_of_lines(text: str, tmp_path: Path) -> None:
    library = _library(tmp_path, _SIDES, _SIDES_CHECKS)
    judged = _audited(text, library)
    assert {key: boxes[-1] for key, boxes in _read_amounts(judged).items()} == {
        "fees": "120.50",
        "gifts": "30.00",
        "all_in": "150.50",
        "rent": "60.00",
        "boats": "80.50",
        "prizes": "10.00",
        "all_out": "150.50",
    }
    assert not judged.findings
    wrong = _audited(
        text.replace("Total           150.50", "Total 151.50").replace(
            "14 | 150.50", "14 | 151.50"
        ),
        library,
    )
    assert _errors(wrong) == [{"accounts/all_in/amount", "accounts/all_out/amount"}]


def _read_amounts(judged: Audit) -> dict[str, list[str]]:
    assert all(box.column == "amount" for box in judged.report.entries)
    return {
        box.row: [str(entry.value.value) if isinstance(entry.value, Number) else "?"]
        for box, entry in judged.report.entries.items()
    }


@pytest.mark.parametrize(
    ("printed", "instead", "said"),
    [
        ("rows: [{axis: line}, {id", "rows: [{axis: liner}, {id", "liner"),
        ("open: [North Shore, Harbour Loop]", "rows: []", "either rows or"),
        ("total: all, of: [line.*]", "total: all, of: [liner.*]", "unknown group 'liner'"),
    ],
)
def test_what_an_axis_lacks_is_told(printed: str, instead: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        _library(tmp_path, _FORM.replace(printed, instead, 1))
    assert said in str(caught.value)
    assert "form.yaml:" in str(caught.value.place)


def test_numbers_of_columns_and_of_lines_are_no_figures_on_any_page(tmp_path: Path) -> None:
    library = _library(
        tmp_path, _SIDES.replace("captions: [Item,", "captions: [Item, Column,"), _SIDES_CHECKS
    )
    rows = [row.split("|") for row in _NUMBERED.splitlines()[2:]]
    rows[0:0] = [["Rowing Club", "All in euros"]]  # what stands above a column is not of it
    rows[2:2] = [["Column", "", "1", "Column", "", "2"]]
    cells = ["<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row) + "</tr>" for row in rows]
    tables = [f"<table>{''.join(part)}</table>" for part in (cells[:5], cells[5:])]
    page = f"<p>Rowing Club 2024</p><p>Taken in and paid out</p>{'<hr>'.join(tables)}"
    judged = audit(Document("report.html", page.encode()), library)
    assert {key: boxes[-1] for key, boxes in _read_amounts(judged).items()} == {
        "fees": "120.50",
        "gifts": "30.00",
        "all_in": "150.50",
        "rent": "60.00",
        "boats": "80.50",
        "prizes": "10.00",
        "all_out": "150.50",
    }


def test_rows_have_a_code_and_a_name_that_other_tables_print_too(tmp_path: Path) -> None:
    """`Crewing` is a row of the second table, and the total has no code."""
    form = _FORM.replace(
        "[{id: all, label: All lines}, {axis: line}]", "[{id: all, label: Crewing}]"
    )
    form = form.replace("      - {each: column, total: all, of: [line.*]}\n", "", 2)
    text = """Isle Ferries 2024

Boats by ferry line
Code | Line | Boats at the start | Boats bought | Boats sold | Boats at the end
7 | Crewing | 4 | 1 | 0 | 5
9 | Old Town | 2 | 0 | 1 | 1
All lines | | 6 | 1 | 1 | 6

Crews by ferry line
Line | Crews in 2023 | Crews in 2024 | Boats that are crewed
Crewing | 9 | 11 | 6
"""
    judged = _audited(
        text,
        _library(
            tmp_path,
            form.replace("    identities:\n  - id", "  - id").removesuffix("    identities:\n"),
        ),
    )
    assert _read(judged, "boats") == {
        "7-crewing": ["4", "1", "0", "5"],
        "9-old-town": ["2", "0", "1", "1"],
        "all": ["6", "1", "1", "6"],
    }


_UNITS = r"""
id: school-rolls/2024
name: Rolls
recognised_by: [Pupils in spring, Pupils in autumn]
imprint: {agency: ['(?P<agency>[^\n0-9]{3,40})20\d\d'], year: ['(?P<year>20\d\d)']}
numerals: {blanks: ['-']}
tables:
  - id: roll
    title: 'Roll of {unit}'
    headings: ['Roll of {unit}']
    repeated: [Hill School, Bay School]
    columns:
      - {id: spring, label: Pupils in spring}
      - {id: autumn, label: Pupils in autumn}
    rows:
      - {id: girls, label: Girls}
      - {id: boys, label: Boys}
      - {id: all, label: Together}
    identities:
      - {each: column, total: all, of: [girls, boys]}
"""
_UNITS_CHECKS = """
- id: together
  statement: All pupils are girls and boys
  basis: test
  severity: error
  table: roll
  each: column
  total: {total: all, of: [girls, boys]}
  tests:
    - {given: {girls: 2, boys: 1, all: 3}, is: pass}
    - {given: {girls: 2, boys: 1, all: 4}, is: fail, difference: 1}
    - {given: {girls: 2, all: 4}, is: undetermined}
- id: no-fewer
  statement: No fewer in all than girls
  basis: test
  severity: error
  table: roll
  each: column
  at_most: [[roll/girls/=], [all]]
"""
_ROLLS = """Education Office 2024
1. Roll of Lake School
| Pupils in spring | Pupils in autumn
Girls | 40 | 42
Boys | 38 | 39
Together | 78 | 81
2. Roll of St. Ann's School
| Pupils in spring | Pupils in autumn
Girls | 20 | 22
Boys | 18 | 19
Together | 38 | 14
"""


def test_a_table_that_is_repeated_is_read_for_each_unit(tmp_path: Path) -> None:
    library = _library(tmp_path, _UNITS, _UNITS_CHECKS)
    judged = _audited(_ROLLS, library)
    assert [table.key for table in judged.form.tables] == [
        "roll@lake-school",
        "roll@st-ann-s-school",
    ]
    assert _read(judged, "roll@lake-school")["all"] == ["78", "81"]
    (finding,) = judged.findings
    assert str(finding.primary) == "roll@st-ann-s-school/all/autumn"
    assert finding.expected == "41"
    assert {outcome.check.id for outcome in judged.outcomes} == {
        f"{rule}[{column}]@{unit}"
        for rule in ("together", "no-fewer")
        for column in ("spring", "autumn")
        for unit in ("lake-school", "st-ann-s-school")
    }
    trials = list(try_form(library.form("school-rolls/2024"), library))
    assert not any(each.wrong or each.failure for each in trials)
    cases = [case for case in run_rule_tests(library) if case.form_id == "school-rolls/2024"]
    assert [case for case in cases if not case.ok and case.rule_id == "together"] == []


def test_a_repeated_table_of_no_unit_is_missed(tmp_path: Path) -> None:
    library = _library(tmp_path, _UNITS, _UNITS_CHECKS)
    judged = _audited(_ROLLS.replace("Roll of", "Pupils:"), library)
    assert not judged.findings
    assert {outcome.status for outcome in judged.outcomes} == {Status.UNDETERMINED}
    assert not any(isinstance(entry.value, Number) for entry in judged.report.entries.values())


_REMARKS = """
id: pier-log/2024
name: Piers
recognised_by: [Landings, Complaints]
imprint: {agency: ['(?P<agency>[^\\\\n0-9]{3,40})20\\\\d\\\\d'], year: ['(?P<year>20\\\\d\\\\d)']}
numerals: {blanks: ['-']}
tables:
  - id: piers
    title: Piers
    headings: [Piers of the town]
    columns:
      - {id: landings, label: Landings}
      - {id: since, label: Open since, type: date}
      - {id: lit, label: Lit, type: tick}
      - {id: complaints, label: Complaints}
      - {id: remark, label: Remarks, type: text}
    rows:
      - {id: north, label: North pier}
      - {id: south, label: South pier}
      - {id: all, label: Together}
    identities:
      - {each: column, total: all, of: [north, south]}
"""


def test_columns_of_words_dates_and_ticks_keep_their_place(tmp_path: Path) -> None:
    library = _library(tmp_path, _REMARKS)
    rows = (
        ("", "Landings", "Open since", "Lit", "Complaints", "Remarks"),
        ("North pier", "120", "1998-05-01", "\u2611", "3", "closed in May"),
        ("South pier", "80", "2003-04-12", "\u2610", "1", ""),
        ("Together", "200", "", "", "4", ""),
    )
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    page = f"<p>Harbour 2024</p><h2>Piers of the town</h2><table>{table}</table>"
    judged = audit(Document("p.html", page.encode(), "text/html"), library)
    assert len(judged.report.entries) == 6
    assert _read_boxes(judged) == {
        "piers/north/landings": "120",
        "piers/north/complaints": "3",
        "piers/south/landings": "80",
        "piers/south/complaints": "1",
        "piers/all/landings": "200",
        "piers/all/complaints": "4",
    }


def _read_boxes(judged: Audit) -> dict[str, str]:
    return {
        str(box): str(entry.value.value)
        for box, entry in judged.report.entries.items()
        if isinstance(entry.value, Number)
    }


def test_boxes_of_one_label_are_named_by_their_groups(tmp_path: Path) -> None:
    form = _library(tmp_path, _SIDES, _SIDES_CHECKS).form("club-accounts/2024")
    (table,) = form.tables
    names = [form.describe(box) for box in table.boxes() if box.column == "amount"]
    assert names[0] == "Fees of members × Amount"
    assert [name for name in names if "Total" in name] == [
        "Taken in·Total × Amount",
        "Paid out·Total × Amount",
    ]
