"""Law: the same reports have the same findings in every format, and the same gaps."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from msgspec.structs import replace

from auditor.model.finding import Verdict
from auditor.reporters import REPORTERS, Item, Judged
from tests.formats.samples import ANSWER, FAILURE, WAIVER, batch, decided, drawn, example

Told = tuple[str, str, str]
"""Report, rule and message."""


def _expected(items: Iterable[Item], language: str) -> list[Told]:
    found = sorted(
        (item.audit.report.source.name, finding.rule_id, finding.message[language])
        for item in items
        if isinstance(item, Judged)
        for finding in item.audit.findings
    )
    return found


def _terminal(content: bytes) -> Iterator[Told]:
    report = ""
    lines = content.decode().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("│") and lines[number - 3].startswith("╭"):
            report = line.strip("│ ")
        if head := re.fullmatch(r"\d+\. \[[\w ·]+\] (.*)", line):
            rule = re.search(r"[a-z0-9-]{6,}", lines[number + 1])
            yield report, rule[0] if rule else "", head[1]


def _json(content: bytes) -> Iterator[Told]:
    yield from _in_reports(json.loads(content)["reports"])


def _jsonl(content: bytes) -> Iterator[Told]:
    yield from _in_reports(json.loads(line) for line in content.splitlines())


def _in_reports(reports: Any) -> Iterator[Told]:
    for report in reports:
        for finding in report.get("findings", ()):
            yield report["source"]["name"], finding["rule"], finding["message"]


def _sarif(content: bytes) -> Iterator[Told]:
    (run,) = json.loads(content)["runs"]
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        yield unquote(place), result["ruleId"], _first(result["message"]["text"])


def _junit(content: bytes) -> Iterator[Told]:
    """A finding about several checks fails a case of each, always with the same fingerprint."""
    for suite in etree.fromstring(content):
        seen: dict[str, Told] = {}
        for failure in suite.iter("failure", "skipped"):
            if failure.tag == "skipped" and not failure.text:
                continue  # not decided, or not applicable
            rule = failure.getparent()
            assert rule is not None
            _, told, *_, mark = str(failure.text).splitlines()
            seen.setdefault(mark, (str(suite.get("name")), str(rule.get("classname")), told))
        yield from seen.values()


def _github(content: bytes) -> Iterator[Told]:
    for command, properties, message in commands(content):
        assert command in ("error", "warning", "notice")
        if rule := re.match(r"([a-z0-9-]+)(?=$| \(|（)", properties["title"]):
            yield properties["file"], rule[0], _first(message)


def commands(content: bytes) -> Iterator[tuple[str, dict[str, str], str]]:
    """The commands as GitHub's runner takes them apart."""
    for line in content.decode().splitlines():
        found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert found, line
        pairs = (each.split("=", 1) for each in found[2].split(","))
        yield found[1], {key: _plain(text) for key, text in pairs}, _plain(found[3])


def _plain(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def _gitlab(content: bytes) -> Iterator[Told]:
    for issue in json.loads(content):
        if issue["check_name"] not in ("not-audited", "prose-coverage"):
            said = re.sub(r"^(page 3: |第 3 页：)", "", issue["description"])
            yield issue["location"]["path"], issue["check_name"], said


def _markdown(content: bytes) -> Iterator[Told]:
    report = ""
    for kind, cells in markdown_lines(content.decode()):
        if kind == "h3":
            report = cells[0].rsplit(" (", 1)[0]
        elif kind == "row" and len(cells) == 4 and report and "\n" in cells[0]:
            yield report, cells[0].split("\n")[1], _first(cells[1])


def markdown_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Headings and rows of tables as a reader of the comment sees them."""
    cells: list[str] = []
    kind = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "heading_open":
            kind = token.tag
        elif token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            parts = (
                "\n" if child.content == "<br>" else child.content for child in token.children or ()
            )
            said = "".join(parts)
            if kind:
                yield kind, [said]
                kind = ""
            cells.append(said)
        elif token.type == "tr_close":
            yield "row", cells
            cells = []


def _csv(content: bytes) -> Iterator[Told]:
    for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")):
        if row[0] == "finding":
            yield row[1].removeprefix("'"), row[5], row[10]


def _concise(content: bytes) -> Iterator[Told]:
    line = re.compile(
        r"(.+?)(?::\d+:\d+|(?: 第 \d+ 页| p\.\d+)[^]]*]|) (?:error|warning|info) "
        r"([a-z0-9-]+) (.*)"
    )
    for found in map(line.fullmatch, content.decode().splitlines()):
        if found and found[2] not in ("not-audited", "not-read", "failure"):
            yield found[1], found[2], found[3]


def _xlsx(content: bytes) -> Iterator[Told]:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[1]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        rule = re.search(r"[a-z0-9-]{6,}", str(row[8]))
        yield str(row[0]), rule[0] if rule else "", _first(str(row[3]))


def _html(content: bytes) -> Iterator[Told]:
    """A document's part of the page names it in its head."""
    page: Any = html.document_fromstring(content.decode())
    for report in page.iter("details"):
        if report.get("class") == "report":
            (name,) = report.xpath("./summary/small")
            for finding in report.iter("article"):
                (message,) = finding.xpath("./p[@class='message']")
                (*_, rule) = finding.xpath("./dl[@class='about']//code")
                yield name.text_content(), rule.text_content(), message.text_content()


def _first(text: str) -> str:
    return text.split("\n")[0]


READ_BACK: dict[str, Callable[[bytes], Iterator[Told]]] = {
    "terminal": _terminal,
    "json": _json,
    "jsonl": _jsonl,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
    "xlsx": _xlsx,
    "csv": _csv,
    "concise": _concise,
    "html": _html,
}


def test_every_format_is_read_back_here() -> None:
    assert set(READ_BACK) == set(REPORTERS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_every_format_tells_the_same_findings(name: str, language: str) -> None:
    _tells_all(name, batch(), language)


def _tells_all(name: str, items: Sequence[Item], language: str) -> None:
    content = drawn(name, items, language, width=4000)
    told = sorted(READ_BACK[name](content))
    expected = _expected(items, language)
    assert len(expected) >= 3
    if name in ("gitlab", "concise"):  # more stands behind the message
        pairs = zip(told, expected, strict=True)
        told = [(*each[:2], full[2]) for each, full in pairs if each[2].startswith(full[2])]
    assert told == expected


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_no_format_passes_over_what_was_not_audited(name: str) -> None:
    """Whatever the format, a report that was not read and one that failed are named in it."""
    damaged = next(
        item for item in batch() if isinstance(item, Judged) and item.verdict is Verdict.NOT_AUDITED
    )
    read = next(str(table.read) for table in damaged.audit.coverage if not table.complete)
    clean = drawn(name, [batch()[0]], width=4000)
    for item, words in ((damaged, read), (FAILURE, "the file ends, too early")):
        said = drawn(name, [item], width=4000)
        text = _cells(said) if name == "xlsx" else _plain(said.decode())
        assert words in text
        if name != "xlsx":
            assert said != clean


def _seen(name: str, content: bytes) -> str:
    """The text without what the format escapes in it."""
    match name:
        case "xlsx":
            return _cells(content)
        case "html":
            page: Any = html.document_fromstring(content.decode())
            return str(page.text_content())
        case "junit":
            nodes = etree.fromstring(content).iter()
            return "\n".join(f"{node.get('message')}\n{node.text}" for node in nodes)
        case "markdown":
            rows = markdown_lines(content.decode())
            return "\n".join(cell for _, cells in rows for cell in cells)
        case _:
            return _plain(content.decode())


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(content))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(set(REPORTERS) - {"json", "jsonl", "concise"}))
def test_every_format_says_how_much_of_the_text_was_matched_and_why_not_all(
    name: str, language: str
) -> None:
    item = example("clean")
    words = {
        "zh": "正文中的计数 8 个：与表对照 2 个，正文内部核对 0 个，"
        "不属于本表 5 个（其他事项 1、人次、场次等 4），未读懂 1 个",
        "en": "counts in the text: 8; 2 compared with the tables, 0 within the text, 5 not of "
        "these tables (1 of another matter, 4 in other units), 1 not understood",
    }[language]
    content = drawn(name, [item], language, width=4000)
    seen = _seen(name, content)
    if name == "junit":
        properties = etree.fromstring(content).iter("property")
        seen = "\n".join(str(node.get("value")) for node in properties)
    if name == "markdown":
        seen = re.sub(r"\\(.)", r"\1", content.decode())
    assert seen.count(words) == (2 if name == "xlsx" else 1)  # in the summary and on its sheet


def test_the_counts_of_the_text_are_data_where_a_format_has_data() -> None:
    counted = {
        "figures": 8,
        "matched": 2,
        "within": 0,
        "apart": 5,
        "unread": 1,
        "reasons": {"matter": 1, "unit": 4},
    }
    (report,) = json.loads(drawn("json", [example("clean")]))["reports"]
    assert report["prose_coverage"] == counted
    (run,) = json.loads(drawn("sarif", [example("clean")]))["runs"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (told["level"], told["properties"]) == ("note", counted)
    text = drawn("csv", [example("clean")]).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert row["status"] == "prose-coverage"


def test_a_text_with_other_counts_is_no_other_issue() -> None:
    def mark(item: Judged) -> str:
        (issue,) = [
            each
            for each in json.loads(drawn("gitlab", [item]))
            if each["check_name"] == "prose-coverage"
        ]
        assert issue["severity"] == "info"
        return str(issue["fingerprint"])

    audit = example("clean").audit
    assert audit.report.prose is not None
    prose = replace(audit.report.prose, counted=audit.report.prose.counted[1:])
    fewer = replace(audit, report=replace(audit.report, prose=prose))
    assert mark(Judged(fewer, Verdict.CLEAN)) == mark(example("clean"))


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_the_same_audits_give_the_same_bytes(name: str) -> None:
    assert drawn(name, batch()) == drawn(name, batch())


WORDS = {
    "zh": ("已豁免", "已说明", "基线中已有"),
    "en": ("waived", "answered", "in the baseline"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_every_format_tells_what_was_decided_by_whom_and_when(name: str, language: str) -> None:
    """The findings are all told, and each of the three with what was decided about it."""
    items = decided()
    _tells_all(name, items, language)
    text = _seen(name, drawn(name, items, language, width=4000))
    for each in (WAIVER, ANSWER):
        assert each.reason in text and each.by in text
    assert str(WAIVER.expires) in text and str(ANSWER.given) in text
    if name in ("json", "jsonl"):
        for kind in ("waived", "answered", "known"):
            assert f'"kind":"{kind}"' in text.replace(" ", "")
    else:
        assert all(word in text for word in WORDS[language])


def test_what_was_decided_about_fails_no_case_and_raises_no_alarm() -> None:
    settled = decided()[:1]
    suites = etree.fromstring(drawn("junit", settled))
    assert suites.get("failures") == "0"
    kinds = [each.get("type") for each in suites.iter("skipped") if each.text]
    assert set(kinds) == {"waived", "answered", "known"}
    assert {each[0] for each in commands(drawn("github", settled))} == {"notice"}
    assert {each["severity"] for each in json.loads(drawn("gitlab", settled))} == {"info"}
    summary, findings, *_ = openpyxl.load_workbook(BytesIO(drawn("xlsx", settled)))
    heads, line = summary.iter_rows(max_row=2, values_only=True)
    counts = dict(zip(heads, line, strict=True))
    assert (counts["errors"], counts["warnings"], counts["decided before"]) == (0, 0, 3)
    looks = {row[1].fill.fgColor.rgb for row in findings.iter_rows(min_row=2)}
    assert len(looks) == 1 and looks != {"FFFFC7CE"}
    page: Any = html.document_fromstring(drawn("html", decided()).decode())
    (cells,) = page.xpath("//table[@class='index']//tr[contains(., 'decided.txt')]")
    assert [cell.text_content() for cell in cells[2:6]] == ["0", "0", "0", "3"]
    (row,) = page.xpath("//table[@class='matrix']//tr[contains(., 'decided.txt')]")
    assert "(✗" in row.text_content() and not row.xpath("./td[starts-with(., '✗')]")


def test_a_table_has_the_decision_and_the_rules_own_severity_in_columns() -> None:
    text = drawn("csv", decided()[:1]).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    rows = [row for row in rows if row["status"] == "finding"]
    assert [row["disposition"] for row in rows] == ["waived", "known", "answered"]
    assert [row["severity by the rules"] for row in rows] == ["", "", "error"]
