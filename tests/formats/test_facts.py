"""The table of facts: what was read, whole and exact, and nothing that breaks its schema."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.cli import main
from auditor.corpus.frame import FACTS, checked, facts, read_frame, written_csv, written_parquet
from auditor.errors import InputError
from auditor.model.source import Document
from auditor.pipeline import match_prose, read_report
from auditor.reporters import Item, Reading
from tests.formats.samples import FAILURE, paper
from tests.support import EXAMPLES, library


def reading(name: str) -> Reading:
    content = (EXAMPLES / f"{name}.txt").read_bytes()
    form, report = read_report(Document(f"{name}.txt", content), library())
    return Reading(form, report, match_prose(form, report, library()))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    audit = paper().audit
    items: list[Item] = [reading("three-mistakes"), FAILURE, Reading(audit.form, audit.report)]
    return facts(items, "zh")


def test_there_is_a_row_for_every_box_and_every_stated_figure(table: pd.DataFrame) -> None:
    own = table[table["report"] == "three-mistakes.txt"].set_index("address")
    report = reading("three-mistakes").report
    boxes = [address for address in own.index if not address.startswith("text/")]
    assert sorted(boxes) == sorted(map(str, report.entries))
    assert own.loc["disclosure/licences/decisions", "value"] == Decimal("167.5")
    row = own.loc["applications/unavailable_not_held/legal_service"]
    assert (row["table"], row["row"], row["column"]) == (
        "三、收到和处理政府信息公开申请情况",
        "（四）无法提供·1.本机关不掌握相关政府信息",
        "法律服务机构",
    )
    assert (row["line"], row["state"], row["match"]) == (41, "number", "exact")
    assert own.loc["text/received", "value"] == Decimal(50)


def test_states_stay_apart(table: pd.DataFrame) -> None:
    own = table[table["report"] != "three-mistakes.txt"].set_index("address")
    illegible = own.loc["applications/granted/other"]
    assert (illegible["state"], illegible["raw"]) == ("illegible", "1 1")
    assert pd.isna(illegible["value"])
    missing = own.loc["disclosure/fees/amount"]
    assert missing["state"] == "missing" and pd.isna(missing["raw"])
    assert (own["page"].dropna() == 3).all()


def test_what_is_written_is_had_back_from_both_formats(table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_bytes(written_csv(table).encode())
    (tmp_path / "facts.parquet").write_bytes(written_parquet(table))
    for name in ("facts.csv", "facts.parquet"):
        back = read_frame(tmp_path / name)
        pd.testing.assert_frame_equal(back, table)
    kinds = pd.read_parquet(tmp_path / "facts.parquet", dtype_backend="pyarrow").dtypes
    assert str(kinds["value"]) == "decimal128(38, 18)[pyarrow]"


@settings(max_examples=10)
@given(st.text(alphabet="=+-@'\t\n\r,\";0年 ", max_size=6), st.decimals("-1e12", "1e12", places=9))
def test_any_text_and_number_survives_both_formats(raw: str, value: Decimal) -> None:
    one = _row(raw=raw, value=value)
    text = written_csv(one)
    (cells,) = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert not cells["raw"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    with TemporaryDirectory() as folder:
        for name, content in (("a.csv", text.encode()), ("a.parquet", written_parquet(one))):
            path = Path(folder, name)
            path.write_bytes(content)
            back = read_frame(path)
            assert (back["raw"][0], back["value"][0]) == (raw, value)


def _row(count: int = 1, **changes: Any) -> pd.DataFrame:
    cells: dict[str, Any] = {
        **{"report": "a.txt", "agency": "某局", "year": 2024, "form": "cn-goi-annual/2021"},
        **{"address": "disputes/review/total", "table": "四", "row": "行政复议", "column": "总计"},
        **{"raw": "3", "value": Decimal(3), "state": "number", "match": "exact"},
        **{"page": None, "line": 58, "selector": None},
    }
    kinds = {name: "Int64" for name in ("year", "page", "line")} | {"value": "object"}
    columns = {}
    for name, cell in (cells | changes).items():
        values = cell if isinstance(cell, list) else [cell] * count
        columns[name] = pd.Series(values, dtype=kinds.get(name, "string"))
    return pd.DataFrame(columns)


def test_a_sound_row_passes() -> None:
    assert len(checked(_row())) == 1


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_row(state="numbr"), "row 1, column state: 'numbr' must be one of number, blank"),
        (_row(page=0), "row 1, column page: 0 must count from 1"),
        (_row(year=24), "row 1, column year: 24 must be a year"),
        (_row(form="2021"), "column form: '2021' must be a form and its edition"),
        (_row(address="total"), "column address: 'total' must be the address of a box"),
        (_row(report=None), "row 1, column report: is empty"),
        (_row(value=None), "row 1: there is a value exactly where the state is number"),
        (_row(raw=None), "row 1: there is no text exactly where the box is missing"),
        (_row(2), "row 2: its report and address stand in another row too"),
        (_row(value=3.5), "row 1, column value: 3.5 where an exact number is expected"),
        (_row().drop(columns="raw"), "there is no column 'raw'"),
        (_row().assign(more=1), "there is a column 'more' that is none of the facts'"),
        (_row()[list(reversed(FACTS.columns))], "is not in its place"),
        (_row(40, line=0), "and 32 more"),
    ],
)
def test_a_violation_says_which_row_and_column_and_what(broken: pd.DataFrame, words: str) -> None:
    if "more" in words and "none" not in words:
        broken["address"] = [f"disputes/review/c{number}" for number in range(len(broken))]
    with pytest.raises(InputError) as caught:
        checked(broken)
    assert caught.value.code == "facts"
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("2024", "year?"), "facts.csv: row 1, column year: 'year?' where a whole number is"),
        (("58", "5.8"), "row 1, column line: '5.8' where a whole number is expected"),
        ((",3,3,", ",3,three,"), "row 1, column value: 'three' where a number is expected"),
        ((",3,3,", ",3,NaN,"), "row 1, column value: 'NaN' where a number is expected"),
        (("number", "No."), "row 1, column state: 'No.' must be one of"),
        (("selector", "place"), "there is no column 'selector'"),
        (("report,", "report,,,,,"), "row 1 has 15 cells under 19 headings"),
        ((",3,3,", ",3,3,3,"), "row 1 has 16 cells under 15 headings"),
    ],
)
def test_a_file_that_was_changed_by_hand_is_told_in_words(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    path = tmp_path / "facts.csv"
    text = written_csv(_row())
    assert change[0] in text
    path.write_bytes(text.replace(*change, 1).encode())
    with pytest.raises(InputError) as caught:
        read_frame(path)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["facts.csv", "facts.parquet"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PAR1", b'"', b"a,b\n1\n2,3,4\n"])
def test_a_file_that_is_no_table_is_told_in_words(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        read_frame(tmp_path / name)
    with pytest.raises(InputError):
        read_frame(tmp_path / "nowhere" / name)


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"AUDIT_LANG": "zh"})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_the_command_writes_them_and_tells_failures_on_standard_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("A letter.\n", encoding="utf-8")
    good = str(EXAMPLES / "clean.txt")
    for name in ("csv", "parquet"):
        result = _run("read", "--format", name, good, str(tmp_path / "letter.txt"))
        assert result.exit_code == 3
        assert "letter.txt" in result.stderr and "no-form" in result.stderr
        (tmp_path / f"facts.{name}").write_bytes(result.stdout_bytes)
        assert set(read_frame(tmp_path / f"facts.{name}")["report"]) == {"examples/clean.txt"}


def test_a_report_given_twice_is_no_sound_table(tmp_path: Path) -> None:
    good = str(EXAMPLES / "clean.txt")
    for arguments in (["--format", "csv"], ["--output", f"csv={tmp_path / 'facts.csv'}"]):
        result = _run("read", *arguments, good, good)
        assert result.exit_code == 3
        assert "stand in another row too" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_column_says_what_it_is() -> None:
    assert all(column.description for column in FACTS.columns.values())
