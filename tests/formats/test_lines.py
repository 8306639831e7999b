"""GitHub, GitLab, Markdown and CSV: on the right line, escaped, of bounded size, and harmless."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from msgspec.structs import replace

from auditor.escaping import guarded, unguarded
from auditor.model.finding import Failure
from auditor.reporters import AppliedSettings, Item, Judged
from auditor.reporters.ci import MOST
from tests.formats.samples import FAILURE, batch, drawn, example, paper, prose
from tests.formats.test_all_formats import commands, markdown_lines
from tests.support import EXAMPLES


def test_annotations_land_on_the_figure_itself() -> None:
    lines = (EXAMPLES / "three-mistakes.txt").read_text(encoding="utf-8").split("\n")
    found = [
        each
        for each in commands(drawn("github", [example("three-mistakes")]))
        if each[0] != "notice"
    ]
    figures = []
    for command, where, _ in found:
        assert command == "error"
        assert where["file"] == "examples/three-mistakes.txt"
        assert where["line"] == where["endLine"]
        figures.append(
            lines[int(where["line"]) - 1][int(where["col"]) - 1 : int(where["endColumn"])]
        )
    assert figures == ["167.5", "7", "3"]


def test_an_annotation_on_a_sentence_lands_on_its_line() -> None:
    ((_, where, _), (_, about, _)) = commands(drawn("github", [prose()]))
    assert about["title"] == "How much of the text was read"
    lines = (EXAMPLES / "clean.txt").read_text(encoding="utf-8").split("\n")
    assert "新收政府信息公开申请50件" in lines[int(where["line"]) - 1]


@pytest.mark.parametrize("name", ["github", "junit", "markdown", "csv"])
def test_a_finding_about_a_sentence_quotes_it(name: str) -> None:
    assert "▶新收政府信息公开申请51件◀" in drawn(name, [prose()]).decode()


def test_nothing_in_a_name_or_message_ends_a_command_early() -> None:
    content = drawn("github", [paper(), FAILURE])
    for line in content.decode().splitlines():
        assert line.startswith("::")
    files = {where["file"] for _, where, _ in commands(content)}
    assert files == {"=2+2, 100%|年报.pdf", FAILURE.name}
    assert b"file=reports/broken & torn.pdf,title=not audited::" in content


def test_a_page_is_told_where_there_is_no_line() -> None:
    found = [where for _, where, _ in commands(drawn("github", [paper()]))]
    assert [where["title"] for where in found][:1] == ["disclosure-count (page 3)"]
    assert all("line" not in where for where in found)
    issues = json.loads(drawn("gitlab", [paper()]))
    assert issues[0]["location"]["lines"] == {"begin": 1}
    assert issues[0]["description"].startswith("page 3: ")


def test_a_code_quality_report_has_what_gitlab_asks_for() -> None:
    issues = json.loads(drawn("gitlab", [*batch(), *batch()]))
    marks = [issue["fingerprint"] for issue in issues]
    assert len(set(marks)) == len(marks)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert isinstance(issue["location"]["lines"]["begin"], int)
        assert not issue["location"]["path"].startswith("/")
    *once, last = json.loads(drawn("gitlab", [example("three-mistakes")]))
    assert last["check_name"] == "prose-coverage"
    findings = example("three-mistakes").audit.findings
    assert [each["fingerprint"] for each in once] == [each.fingerprint for each in findings]
    assert [each["location"]["lines"]["begin"] for each in once] == [17, 41, 58]


def test_a_comment_shows_text_as_text() -> None:
    content = drawn("markdown", [paper(), FAILURE]).decode()
    assert "<script>" not in content and "@水务局" not in content
    rows = [cells for kind, cells in markdown_lines(content) if kind == "row"]
    assert rows[1][0] == "=2+2, 100%|年报.pdf"
    assert {len(row) for row in rows} == {4}


def _many(count: int) -> Iterator[Item]:
    sample = example("three-mistakes")
    for number in range(count):
        source = replace(sample.audit.report.source, name=f"reports/{number:05}.txt")
        audit = replace(sample.audit, report=replace(sample.audit.report, source=source))
        yield Judged(audit, sample.verdict)


@pytest.mark.parametrize("count", [1, 30, 200, 3000])
def test_a_comment_stays_within_bounds_and_says_what_it_left_out(count: int) -> None:
    content = drawn("markdown", list(_many(count))).decode()
    assert len(content) <= MOST
    rows = [cells for kind, cells in markdown_lines(content) if kind == "row"]
    reports = sum(cells[0].startswith("reports/") for cells in rows)
    findings = sum(cells[0].startswith("ERROR\n") for cells in rows)
    left = [int(line.split()[0]) for line in content.splitlines() if "left out" in line]
    assert count + 3 * count == reports + findings + sum(left)
    assert bool(left) == (count > 30)


def test_a_comment_names_failures_though_there_be_many() -> None:
    failures = [Failure(f"{number}.pdf", None, None, "damaged", "x" * 90) for number in range(2000)]
    content = drawn("markdown", [*failures, *_many(3)]).decode()
    assert len(content) <= MOST
    assert "0.pdf: could not be audited" in content
    assert "ERROR<br>disclosure-count" in content


def test_no_cell_of_a_csv_file_computes() -> None:
    content = drawn("csv", batch()).decode()
    assert content.startswith("\ufeff")
    assert content.count("\r\n") == content.count("\n")
    rows = list(csv.reader(StringIO(content.removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=2+2, 100%|年报.pdf" in cells and "'@水务局<script>" in cells
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-5", "@x", "\tx", "＝1", "'=1", "''=1", "'tis", "7", "", "'", "年报"]
)
def test_a_guarded_text_is_had_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    for begun in re.split("[;\t\r\n]", guarded(text)):
        assert not begun.startswith(("=", "+", "-", "@", "＝"))


def test_a_formula_behind_a_semicolon_is_guarded_as_well() -> None:
    for sign in "=+-@\t\r＝":
        assert guarded(f"共12件;{sign}1+1") == f"共12件;'{sign}1+1"
    assert guarded("a; =1;b") == "a; =1;b"  # it begins with a blank: a text


def test_every_format_says_the_same_of_a_report_in_the_same_order() -> None:
    applied = replace(example("damaged-layout"), settings=AppliedSettings("own.toml", silenced=1))
    rows = [*csv.DictReader(StringIO(drawn("csv", [applied, applied]).decode("utf-8-sig")))]
    # The settings file stands beside the first report only, under its own name.
    gap, settings, coverage, *again = rows
    assert [row["status"] for row in rows[:3]] == ["not-audited", "settings", "prose-coverage"]
    assert [row["status"] for row in again] == [gap["status"], coverage["status"]]
    assert settings["report"] == "own.toml"
    said = [row["message"] for row in rows]
    assert [message for _, _, message in commands(drawn("github", [applied, applied]))] == said
    issues = json.loads(drawn("gitlab", [applied, applied]))
    assert [issue["description"] for issue in issues] == said
