"""Law: the same reports have the same findings in every format, and the same gaps."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from auditor.model.finding import Verdict
from auditor.renderers import RENDERERS, Judged
from tests.formats.samples import FAILURE, batch, drawn

Told = tuple[str, str, str]
"""Report, rule and message."""


def _expected(language: str) -> list[Told]:
    found = sorted(
        (item.audit.report.source.name, finding.rule_id, finding.message[language])
        for item in batch()
        if isinstance(item, Judged)
        for finding in item.audit.findings
    )
    assert len(found) >= 7
    return found


def _terminal(content: bytes) -> Iterator[Told]:
    report = ""
    lines = content.decode().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("│") and lines[number - 3].startswith("╭"):
            report = line.strip("│ ")
        if head := re.fullmatch(r"\d+\. \[\w+\] (.*)", line):
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
        for failure in suite.iter("failure"):
            rule = failure.getparent()
            assert rule is not None
            told = str(failure.get("message"))
            mark = str(failure.text).splitlines()[-1]
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
        if issue["check_name"] != "not-audited":
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


def _xlsx(content: bytes) -> Iterator[Told]:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[1]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        rule = re.search(r"[a-z0-9-]{6,}", str(row[8]))
        yield str(row[0]), rule[0] if rule else "", _first(str(row[3]))


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
}


def test_every_format_is_read_back_here() -> None:
    assert set(READ_BACK) == set(RENDERERS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_every_format_tells_the_same_findings(name: str, language: str) -> None:
    content = drawn(name, batch(), language, width=4000)
    told = sorted(READ_BACK[name](content))
    expected = _expected(language)
    if name == "gitlab":  # the suggestion stands behind the message
        pairs = zip(told, expected, strict=True)
        told = [(*each[:2], full[2]) for each, full in pairs if each[2].startswith(full[2])]
    assert told == expected


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_no_format_passes_over_what_was_not_audited(name: str) -> None:
    """Whatever the format, a report that was not read and one that failed are named in it."""
    damaged = next(
        item for item in batch() if isinstance(item, Judged) and item.verdict is Verdict.NOT_AUDITED
    )
    clean = drawn(name, [batch()[0]], width=4000)
    for item, words in ((damaged, "168"), (FAILURE, "the file ends, too early")):
        said = drawn(name, [item], width=4000)
        text = _cells(said) if name == "xlsx" else _plain(said.decode())
        assert words in text
        if name != "xlsx":
            assert said != clean


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(content))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_the_same_audits_give_the_same_bytes(name: str) -> None:
    assert drawn(name, batch()) == drawn(name, batch())
