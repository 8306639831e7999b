"""Output: the contract's JSON, and a terminal page that fits, needs no colour and drops nothing."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from auditor.cli import main
from auditor.findings import verdict_of
from auditor.model.finding import Failure
from auditor.model.form import Address
from auditor.model.report import Blank, Entry, Illegible, Match, Missing, Report, Value
from auditor.model.source import Origin
from auditor.pipeline import audit_report
from auditor.reporters import READINGS, REPORTERS, Item, Judged, Reading, Style, reporter_of
from auditor.reporters.terminal import wrapped
from auditor.testing import as_report
from tests.support import EXAMPLES, form, library, reported

FORM = form("cn-goi-annual/2021")
FAILURE = Failure("broken.txt", None, None, "empty", "the document is empty")


def sample() -> Report:
    """A report with a wrong sum, and boxes in each of the four states."""
    figures = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}
    figures[Address("disputes", "review", "total")] = Decimal(5)
    report = as_report(FORM, figures, "青溪市水务局", 2023)
    entries = dict(report.entries)

    def put(text: str, value: Value, raw: str | None, match: Match) -> None:
        box = Address.parse(text)
        entries[box] = Entry(box, raw, value, Origin(line=7, columns=(3, 4)), match)

    put("applications/granted/other", Blank(), "/", Match.EXACT)
    put("applications/granted/total", Illegible(("1", "11")), "1 1", Match.NONE)
    put("disclosure/fees/amount", Missing(), None, Match.NONE)
    return Report(report.source, report.form_id, report.identity, entries)


def judged() -> Judged:
    report = sample()
    audit = audit_report(FORM, report, library())
    return Judged(audit, verdict_of(audit))


def text(name: str, item: Item, **style: Any) -> str:
    return reported(name, [item], Style(**style)).decode()


@pytest.mark.parametrize("name", READINGS)
def test_every_reporter_of_readings_takes_every_item(name: str) -> None:
    items: list[Item] = [judged(), Reading(FORM, sample()), FAILURE]
    for item in items:
        assert text(name, item)


def test_json_has_the_contracts_shape() -> None:
    document = json.loads(text("json", judged()))
    assert document["schema_version"] == 1 and document["failures"] == []
    (audit,) = document["reports"]
    assert set(audit["source"]) == {"name", "sha256", "media_type"}
    assert audit["form"] == FORM.id
    assert audit["identity"] == {"agency": "青溪市水务局", "year": 2023}
    assert set(audit["counts"]) == {"pass", "fail", "undetermined", "not_applicable"}
    assert "entries" not in audit
    finding = next(each for each in audit["findings"] if each["rule"] == "disputes-row-total")
    assert finding["severity"] == "error"
    assert finding["primary"] == "disputes/review/total"
    assert (finding["actual"], finding["expected"]) == ("5", "0")
    assert finding["suggestions"][0]["edits"] == [
        {"address": "disputes/review/upheld", "from": "0", "to": "5"}
    ]
    wanted = {"certainty", "message", "addresses", "origin", "suggestions", "fingerprint"}
    assert wanted <= set(finding)


def test_entries_come_in_the_forms_order_with_their_states() -> None:
    entries = json.loads(text("json", Reading(FORM, sample())))["reports"][0]["entries"]
    assert [entry["address"] for entry in entries] == [
        str(box) for table in FORM.tables for box in table.boxes()
    ]
    by_address = {entry["address"]: entry for entry in entries}
    blank = by_address["applications/granted/other"]
    assert (blank["state"], blank["raw"], blank["value"]) == ("blank", "/", None)
    assert blank["origin"] == {"line": 7, "columns": [3, 4]}
    assert by_address["applications/granted/total"]["state"] == "illegible"
    missing = by_address["disclosure/fees/amount"]
    assert (missing["state"], missing["raw"], missing["value"]) == ("missing", None, None)
    assert by_address["disputes/review/total"]["value"] == "5"


def test_an_audit_has_its_entries_where_they_are_asked_for() -> None:
    audit = json.loads(text("json", judged(), entries=True))["reports"][0]
    assert len(audit["entries"]) == 200


@pytest.mark.parametrize("name", ["jsonl", "csv", "github", "terminal"])
def test_what_is_told_of_a_report_is_written_as_soon_as_it_is_done(name: str) -> None:
    written: list[str | bytes] = []
    reporter = reporter_of(name, REPORTERS[name])(Style(language="en"), written.append)
    reporter.start()
    before = len(written)
    reporter.report(judged())
    assert len(written) == before + 1
    reporter.report(FAILURE)
    assert len(written) == before + 2 and "broken.txt" in str(written[-1])
    reporter.finish()
    assert len(written) == before + 2


def test_a_line_has_the_report_or_the_failure() -> None:
    first, second = map(
        json.loads, reported("jsonl", [Reading(FORM, sample()), FAILURE]).splitlines()
    )
    assert first["form"] == FORM.id
    assert (second["code"], second["source"]["name"]) == ("empty", "broken.txt")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_of_a_page_is_wider_than_the_terminal(language: str, width: int) -> None:
    for item in (judged(), Reading(FORM, sample())):
        lines = text("terminal", item, language=language, width=width).splitlines()
        assert max(cell_len(line) for line in lines) <= width


def test_a_page_marks_the_cell_at_fault_without_colour() -> None:
    page = text("terminal", judged(), language="zh")
    assert "▶5◀" in page
    assert "\x1b" not in page
    assert "\x1b" in text("terminal", judged(), language="zh", colour=True)


def test_a_page_names_what_was_not_checked_and_why() -> None:
    page = text("terminal", judged(), language="zh").replace("\n", "").replace(" ", "")
    assert "没有检查的内容" in page
    assert "未读出的格：行政事业性收费" in page
    assert re.search(r"检查\d+项", page)


def test_a_page_gives_every_count_even_when_quiet() -> None:
    page = text("terminal", judged(), language="en", detail=-1)
    assert re.search(
        r"\d+ checks: \d+ pass, \d+ fail, \d+ undetermined, \d+ not\s+applicable", page
    )


def test_a_reading_shows_illegible_missing_and_blank_boxes_apart() -> None:
    page = text("terminal", Reading(FORM, sample()), language="zh")
    line = next(line for line in page.splitlines() if line.startswith("（一）予以公开"))
    assert line.split()[-2:] == ["/", "?"]


def test_wrapping_loses_nothing_and_begins_no_line_with_a_stop() -> None:
    said = "（一）予以公开 × 自然人，应为 applications-column-total[natural_person]。" * 4
    for width in (12, 20, 33):
        lines = str(wrapped(said, width)).split("\n")
        assert "".join(lines).replace(" ", "") == said.replace(" ", "")
        assert all(cell_len(line) <= width for line in lines)
    assert all(line[0] not in "，。）" for line in str(wrapped(said, 44)).split("\n"))


def test_a_quiet_batch_is_a_line_for_each_report_the_worst_first() -> None:
    done = CliRunner().invoke(
        main,
        ["check", "-q", *(str(EXAMPLES / f"{name}.txt") for name in _NAMES), "--lang", "en"],
        env={"COLUMNS": "140"},
    )
    head, *lines, more = done.stdout.splitlines()
    assert head.split()[:4] == ["verdict", "errors", "warnings", "unread"]
    assert [line.split()[0] for line in lines] == ["problems", "not", "clean"]
    assert [line.split()[-1].rpartition("/")[2] for line in lines] == [
        "three-mistakes.txt",
        "damaged-layout.txt",
        "clean.txt",
    ]
    assert lines[0].split()[1] == "3"
    assert "audit check FILE" in more
    assert done.exit_code == 1
    alone = CliRunner().invoke(main, ["check", "-q", str(EXAMPLES / "clean.txt"), "--lang", "en"])
    assert "verdict" not in alone.stdout


_NAMES = ("clean", "three-mistakes", "damaged-layout")
