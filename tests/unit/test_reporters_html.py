"""The page for a browser: whole in itself, linked both ways, and proof against what it quotes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from lxml import html
from msgspec.structs import replace

from auditor.findings import verdict_of
from auditor.model.finding import ENGINE_DOUBT, Failure
from auditor.model.form import Address
from auditor.model.prose import Quote
from auditor.model.report import Blank, Entry, Illegible, Leftover, Match, Missing, Report
from auditor.model.source import Notice, Origin
from auditor.pipeline import audit, audit_report
from auditor.reporters import Item, Judged, Reading, Style
from auditor.reporters.html import ReportPart, digest, in_tongues
from auditor.reporters.view import View
from auditor.testing import as_report
from tests.support import EXAMPLES, FORM_IDS, ROOT, form, library, reported, text_document

FORM = form("cn-goi-annual/2021")
FAILURE = Failure("broken.txt", None, None, "empty", "the document is empty")


def judged(report: Report) -> Judged:
    audited = audit_report(FORM, report, library())
    return Judged(audited, verdict_of(audited))


def example(name: str) -> Judged:
    document = text_document((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8"), f"{name}.txt")
    audited = audit(document, library())
    return Judged(audited, verdict_of(audited))


def page(*items: Item, language: str = "zh") -> str:
    return reported("html", items, Style(language=language)).decode()


def parsed(*items: Item, language: str = "zh") -> Any:
    return html.document_fromstring(page(*items, language=language))


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def figures(**changed: int) -> Report:
    """A report of zeros but for cells of the reviews."""
    found = {box: Decimal(0) for table in FORM.tables for box in table.boxes()}
    for column, value in changed.items():
        found[Address("disputes", "review", column)] = Decimal(value)
    return as_report(FORM, found, "青溪市水务局", 2023)


def with_entries(report: Report, entries: Iterable[Entry]) -> Report:
    return replace(report, entries={**report.entries, **{each.address: each for each in entries}})


_GRANTED = Address("applications", "granted", "total")
UNREAD = with_entries(
    figures(),
    [
        Entry(_GRANTED, "1 1", Illegible(("1", "11")), None, Match.NONE),
        Entry(Address("disclosure", "fees", "amount"), None, Missing(), None, Match.NONE),
        Entry(Address("applications", "granted", "other"), "/", Blank(), None, Match.EXACT),
    ],
)
BATCH = (example("clean"), FAILURE, example("three-mistakes"), judged(UNREAD))
PAGES: dict[str, tuple[Item, ...]] = {
    "clean": (example("clean"),),
    "three mistakes": (example("three-mistakes"),),
    "unread": (judged(UNREAD),),
    "reading": (Reading(FORM, UNREAD),),
    "failure": (FAILURE,),
    "batch": BATCH,
    "none": (),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fetches_nothing_and_allows_its_own_script_and_style_only(
    name: str, language: str
) -> None:
    source = page(*PAGES[name], language=language)
    tree: Any = html.document_fromstring(source)
    (style,), (script,) = tree.xpath("//style"), tree.xpath("//script")
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    assert f"style-src '{digest(style.text)}'" in policy
    assert f"script-src '{digest(script.text)}'" in policy
    assert not tree.xpath("//@src | //link | //@style | //@*[starts-with(name(), 'on')]")
    assert all(target.startswith("#") for target in tree.xpath("//@href"))
    assert "url(" not in style.text and "@import" not in style.text
    assert tree.get("lang") == {"zh": "zh-CN", "en": "en"}[language]


@pytest.mark.parametrize("name", PAGES)
def test_every_id_stands_once_and_every_link_leads_to_one(name: str) -> None:
    tree = parsed(*PAGES[name])
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in tree.xpath("//@href")} <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_headings_skip_no_level(name: str) -> None:
    levels = [
        int(each.tag[1]) for each in parsed(*PAGES[name]).iter("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_wrong_cell_leads_to_its_finding_and_back() -> None:
    tree = parsed(example("three-mistakes"))
    (cell,) = tree.xpath("//td[contains(@class, 'wrong')][starts-with(text(), '7')][@id]")
    (there,) = cell.xpath("./a/@href")
    (finding,) = tree.xpath(f"//article[@id='{there[1:]}']")
    assert f"#{cell.get('id')}" in finding.xpath(".//@href")
    assert "法律服务机构" in text(finding)
    assert text(cell) == "7 问题 2"


def test_cells_of_which_one_may_be_at_fault_are_marked_apart_from_the_one_that_is() -> None:
    tree = parsed(example("three-mistakes"))
    maybe = tree.xpath("//table[contains(@class, 'form')]//td[@class='maybe']")
    assert [text(cell).split()[0] for cell in maybe] == ["2", "1", "1", "3"]
    finding = tree.xpath("//article")[2]
    assert len(finding.xpath(".//div[@class='offer']//li")) == 4
    assert "无法断定是哪一格" in text(finding)


def test_a_single_suggestion_shows_what_should_stand_in_the_cell_and_why() -> None:
    finding = parsed(example("three-mistakes")).xpath("//article")[1]
    (cell,) = finding.xpath(".//td[@class='wrong']")
    assert text(cell) == "7 → 1"
    assert "可能的原因：有一个数字写错" in text(finding)
    assert "依据" in text(finding) and "先看" in text(finding)


def test_all_four_counts_are_told() -> None:
    item = example("damaged-layout")
    tree = parsed(item)
    for status, count in item.audit.counts.items():
        (tile,) = tree.xpath(f"//dl[@class='counts']/div[@class='{status}']//b")
        assert tile.text == str(count)


def test_what_was_not_read_is_marked_and_listed_and_the_verdict_is_no_pass() -> None:
    tree = parsed(judged(UNREAD))
    unread = tree.xpath("//table[contains(@class, 'form')]//td[@class='unread']")
    assert [text(cell) for cell in unread] == ["缺文件中没有这一格", "?未能辨认 1 / 11"]
    assert all(cell.xpath("./a/@href") == ["#r1-unchecked"] for cell in unread)
    assert "未能完成审核" in text(tree.xpath("//div[contains(@class, 'verdict')]")[0])
    listed = text(tree.xpath("//section[@class='unchecked']")[0])
    assert "有格未能辨认" in listed and "文件中缺格" in listed and "没有上一年度报告" in listed
    links = tree.xpath("//section[@class='unchecked']//@href")
    assert {cell.get("id") for cell in unread} == {link[1:] for link in links}


def test_our_doubts_stand_apart_from_findings() -> None:
    report = replace(figures(), notices=(Notice("encoding-doubt", (), (), Origin(line=3)),))
    tree = parsed(judged(report))
    (doubts,) = tree.xpath("//section[@class='doubts']")
    assert "我们对文件的字符编码没有把握" in text(doubts)
    assert "不是报告的错误" in text(doubts)
    assert not tree.xpath("//article")


def test_a_check_that_we_doubt_is_not_shown_as_broken_in_the_matrix() -> None:
    item = example("three-mistakes")
    kept = tuple(each for each in item.audit.findings if each.rule_id != "disputes-row-total")
    doubted = replace(item.audit, findings=kept, notices=(Notice(ENGINE_DOUBT),))
    other = example("three-mistakes")
    tree = parsed(other, Judged(doubted, item.verdict))
    heads = [text(each) for each in tree.xpath("//table[@class='matrix']/thead//th")]
    column = heads.index("disputes-row-total")
    rows = tree.xpath("//table[@class='matrix']/tbody/tr[@data-of]")
    assert [text(row[column]) for row in rows] == ["✗1", "?"]


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_table_is_a_full_rectangle_with_each_figure_under_its_labels(form_id: str) -> None:
    own = form(form_id)
    boxes = [box for table in own.tables for box in table.boxes()]
    report = as_report(own, {box: Decimal(i) for i, box in enumerate(boxes)}, "青溪市水务局", 2023)
    tree = parsed(Reading(own, report))
    seen = {}
    for drawn in tree.xpath("//table[contains(@class, 'form')]"):
        grid = _grid(drawn)
        assert len({len(row) for row in grid}) == 1
        for line in grid:
            for at, cell in enumerate(line):
                if cell.tag == "td" and text(cell):
                    over = [up[at] for up in grid if up[at].tag == "th"]
                    beside = [each for each in line if each.tag == "th" and each not in over]
                    seen[text(cell)] = {text(each) for each in (*over, *beside)}
    for i, box in enumerate(boxes):
        table = own.table(box.table)
        row = table.row(box.row)
        labels = {row.label, table.column(box.column).label}
        labels |= {group.label for group in table.ancestors(row)}
        assert seen[str(i)] == {" ".join(label.split()) for label in labels}


def _grid(drawn: Any) -> list[list[Any]]:
    """A table's cells by row and column, spanning ones in every place that they cover."""
    rows = drawn.xpath(".//tr")
    grid: list[dict[int, Any]] = [{} for _ in rows]
    for i, row in enumerate(rows):
        column = 0
        for cell in row.xpath("./td | ./th"):
            while column in grid[i]:
                column += 1
            for down in range(int(cell.get("rowspan", 1))):
                for along in range(int(cell.get("colspan", 1))):
                    assert column + along not in grid[i + down]
                    grid[i + down][column + along] = cell
    return [[row[at] for at in sorted(row)] for row in grid]


def test_a_table_that_was_not_found_is_said_to_be_unread() -> None:
    entries = {box: entry for box, entry in figures().entries.items() if box.table != "disputes"}
    tables = ReportPart(View(Reading(FORM, replace(figures(), entries=entries)), "zh"), 1).tables
    assert (tables[2].blocks, tables[2].unread) == ((), 15)
    assert "有 15 格没有读出" in page(Reading(FORM, replace(figures(), entries=entries)))


HOSTILE = (
    "</title></script><script>alert(1)</script>\"'>"
    "<img src=x onerror=alert(1)>\u202e\u0000{{ 7*7 }}"
)


def hostile() -> Judged:
    report = figures(upheld=1)
    box = Address("disclosure", "licences", "decisions")
    entry = Entry(box, HOSTILE, Illegible((HOSTILE, HOSTILE)), Origin(selector=HOSTILE), Match.NONE)
    report = replace(
        with_entries(report, [entry]),
        source=replace(report.source, name=HOSTILE),
        identity=replace(report.identity, agency=HOSTILE),
        leftovers=(Leftover(HOSTILE, Origin()),),
        notices=(Notice("no-figure", (("text", HOSTILE),), (), Origin(selector=HOSTILE)),),
    )
    item = judged(report)
    quote = Quote(HOSTILE * 3, ((2, 12), (30, 60)), Origin())
    found = tuple(
        replace(each, quotes=(quote,), message={"zh": HOSTILE, "en": HOSTILE}, origin=entry.origin)
        for each in item.audit.findings
    )
    return replace(item, audit=replace(item.audit, findings=found))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("many", [False, True])
def test_nothing_in_a_document_is_markup_on_the_page(language: str, many: bool) -> None:
    failure = replace(FAILURE, name=HOSTILE, message=HOSTILE, code=HOSTILE)
    items = (hostile(), failure) if many else (hostile(),)
    source = page(*items, language=language)
    tree: Any = html.document_fromstring(source)
    assert len(tree.xpath("//script")) == len(tree.xpath("//title")) == 1
    assert not tree.xpath("//img | //@onerror")
    assert "\u202e" not in source and "\x00" not in source
    assert "[U+202E][U+0000]{{ 7*7 }}" in tree.text_content()
    assert "alert(1)" in text(tree.xpath("//h3" if many else "//h1")[0])


def test_characters_that_cannot_be_seen_are_named() -> None:
    said = in_tongues("a\u200b\u2066b\ud800\n", "zh")
    assert said == "a[U+200B][U+2066]b[U+D800]\n"


def test_many_reports_come_the_worst_first_and_none_is_left_out() -> None:
    tree = parsed(*BATCH)
    order = [text(each) for each in tree.xpath("//table[@class='index']//tr/th//a")]
    this, last = "青溪市水务局 2024 年度", "青溪市水务局 2023 年度"
    assert order == [this, "broken.txt", last, this]
    folded = tree.xpath("//details[contains(@class, 'report')]")
    assert [each.get("data-verdict") for each in folded] == [
        *("findings", "failure", "not-audited", "clean")
    ]
    assert "open" not in {name for each in folded for name in each.attrib}
    assert "the document is empty" in text(folded[1])


def test_the_matrix_tells_broken_undecided_and_passed_apart() -> None:
    tree = parsed(*BATCH)
    heads = [text(each) for each in tree.xpath("//table[@class='matrix']/thead//th")]
    rows = tree.xpath("//table[@class='matrix']/tbody/tr[@data-of]")
    at = heads.index("applications-row-total")
    assert [text(row[at]) for row in rows if len(row) > 2] == ["✗1", "?", "✓"]
    assert text(rows[1][1]) == "无法审核"


def test_an_english_page_declares_the_chinese_in_it() -> None:
    tree = parsed(example("three-mistakes"), language="en")
    for cell in tree.xpath("//th | //article//p | //h1 | //h3 | //li"):
        own = "".join(cell.xpath(".//text()[not(ancestor::*[@lang='zh'])]"))
        assert not re.search("[\u3400-\u9fff]", own)


def test_what_prints_to_a_terminal_does_not_import_what_writes_pages() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from auditor.cli import main;"
        "CliRunner().invoke(main, ['check', 'examples/clean.txt', '--format', sys.argv[1]]);"
        "print(*sorted({'jinja2', 'rich'} & set(sys.modules)))"
    )
    for name, imported in (("json", ""), ("terminal", "rich"), ("html", "jinja2")):
        done = subprocess.run(
            [sys.executable, "-c", program, name], capture_output=True, text=True, cwd=ROOT
        )
        assert done.stdout.strip() == imported


def test_checks_that_were_not_made_are_told_in_the_forms_words() -> None:
    listed = text(parsed(example("clean")).xpath("//section[@class='unchecked']")[0])
    assert "applications-row-total：（六）其他处理" in listed
    assert "other_handling" not in listed and "granted" not in listed


def test_blank_cells_that_should_be_filled_are_marked_and_lead_to_the_finding() -> None:
    columns = [column.key for column in FORM.table("disputes").columns]
    boxes = [Address("disputes", "review", column) for column in columns]
    blank = [Entry(box, "", Blank(), None, Match.EXACT) for box in boxes]
    tree = parsed(judged(with_entries(figures(), blank)))
    (finding,) = tree.xpath("//article[.//code='disputes-blank']")
    cells = tree.xpath("//td[@class='wrong'][@id]")
    assert len(cells) == 5
    assert {cell.xpath("./a/@href")[0] for cell in cells} == {f"#{finding.get('id')}"}
    assert {f"#{cell.get('id')}" for cell in cells} == set(finding.xpath(".//@href"))
