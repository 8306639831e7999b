"""The page as an officer uses it, in the system's Chromium: nothing is fetched from elsewhere.

Skipped where Chromium is not installed, unless `AUDIT_PROGRAMS=required`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser import browser_or_skip
from tests.support import EXAMPLES
from tests.web.server import SUFFIXES, Server, planted, serving

pytestmark = pytest.mark.slow

_MILLISECONDS = 180_000
"""By the clock, on a machine that may have more to do."""
LOST = (EXAMPLES / "damaged-layout.txt").read_bytes()
"""A report of which one cell was read by inference only."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_or_skip() as started:
        yield started


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--jobs", "2", language="zh") as started:
        yield started


@contextmanager
def opened(
    browser: Browser, server: Server, lang: str = "zh", refusals: int = 0, **more: Any
) -> Iterator[Page]:
    """The page; fails where it asks another site for anything or complains of anything, but for so
    many answers that are refusals."""
    context = browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce", **more})
    context.set_default_timeout(_MILLISECONDS)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    own = (server.address, "data:", "blob:")
    tab.on("request", lambda asked: complaints.extend([asked.url][: not asked.url.startswith(own)]))
    tab.goto(f"{server.address}/?lang={lang}")
    try:
        yield tab
        assert ["Failed to load resource" in each for each in complaints] == [True] * refusals
    finally:
        context.close()


def file(kind: str, name: str = "", wrong: bool = True) -> FilePayload:
    suffix = SUFFIXES[kind]
    content = planted(kind, wrong)
    return {
        "name": name or f"report.{suffix}",
        "mimeType": "application/octet-stream",
        "buffer": content,
    }


def check(tab: Page, *files: FilePayload, field: str = "#document") -> None:
    tab.set_input_files(field, files)
    tab.click("button.main")
    tab.wait_for_selector("#r1-verdict, #index")


def violations(tab: Page) -> list[str]:
    found = Axe().run(tab).response
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


_DROP = """([name, content]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  data.items.add(new File([bytes], name));
  const into = document.querySelector(".drop[data-into=document]");
  for (const type of ["dragover", "drop"])
    into.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.mark.parametrize("kind", SUFFIXES)
def test_a_report_is_dropped_and_its_error_is_marked(
    browser: Browser, server: Server, kind: str
) -> None:
    with opened(browser, server) as tab:
        given = file(kind)
        tab.evaluate(_DROP, [given["name"], base64.b64encode(given["buffer"]).decode()])
        tab.click("button.main")
        tab.wait_for_selector("#r1-verdict")
        assert "发现问题" in tab.title()
        wrong = tab.locator(".form td.wrong")
        assert wrong.count() == 1 and wrong.inner_text().startswith("4128")
        if kind == "pdf":
            mark = tab.locator(".paper a:has(rect.wrong)")
            assert "予以公开 × 总计" in (mark.get_attribute("aria-label") or "")
            mark.click()
            assert tab.evaluate("location.hash") == f"#{wrong.get_attribute('id')}"
        else:
            assert tab.locator(".paper").count() == 0


def test_the_mark_stands_round_the_figure_on_the_page(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        check(tab, file("pdf"))
        rect = tab.locator(".paper rect.wrong")
        x, y, width, height = (
            float(rect.get_attribute(each) or 0) for each in ("x", "y", "width", "height")
        )
    page = pypdfium2.PdfDocument(planted("pdf"))[0]
    below = page.get_height() - y - height
    assert page.get_textpage().get_text_bounded(x, below, x + width, below + height) == "4128"


def test_a_doubtful_cell_is_entered_and_the_report_audited_again(
    browser: Browser, server: Server
) -> None:
    with opened(browser, server) as tab:
        lost = {"name": "lost.txt", "mimeType": "text/plain", "buffer": LOST}
        check(tab, lost)  # type: ignore[arg-type]
        cells = tab.locator(".cells input")
        assert cells.count() >= 1
        name = cells.first.get_attribute("name") or ""
        label = tab.locator(".cells label").first.inner_text()
        cells.first.fill("987")
        tab.click(".entering button.main")
        tab.wait_for_selector(".doubts:has-text('由使用者填写')")
        doubts = tab.locator(".doubts").inner_text()
        assert "由使用者填写" in doubts and label.split(" × ")[0].split("·")[-1] in doubts
        again = tab.locator(f'.cells input[name="{name}"]')
        assert again.input_value() == "987"
        assert tab.locator("td.wrong, td.maybe").count() >= 1
        with tab.expect_download() as saved:
            tab.click("button[value=json]")
        found = json.loads(Path(saved.value.path()).read_text("utf-8"))
        codes = [notice["code"] for notice in found["reports"][0]["notices"]]
        assert "entered-by-hand" in codes
        again.fill("many")
        tab.click(".entering button.main")
        tab.wait_for_selector(".problem p")
        assert "不能这样填写" in tab.inner_text(".problem p")


def test_all_formats_are_downloaded(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        check(tab, file("docx"))
        saved = {}
        for name in ("html", "xlsx", "json", "sarif"):
            with tab.expect_download() as download:
                tab.click(f"button[value={name}]")
            assert download.value.suggested_filename == f"audit.{name}"
            saved[name] = Path(download.value.path()).read_bytes()
    assert b"<!DOCTYPE html>" in saved["html"] and "应为".encode() in saved["html"]
    assert len(openpyxl.load_workbook(BytesIO(saved["xlsx"])).sheetnames) >= 2
    assert json.loads(saved["json"])["reports"][0]["counts"]["fail"] > 0
    assert json.loads(saved["sarif"])["runs"][0]["results"]


def test_the_language_is_switched_before_and_after(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        tab.click(".languages a")
        assert tab.inner_text("h1") == "Audit a disclosure annual report"
        check(tab, file("text"))
        assert tab.evaluate("document.documentElement.lang") == "en"
        assert "problems found" in tab.title()
        tab.click("button[value=zh]")
        tab.wait_for_selector("html[lang='zh-CN']")
        assert "发现问题" in tab.title()
        assert tab.locator(".form td.wrong").count() == 1


def test_it_is_used_by_the_keyboard_alone(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        focus = "document.activeElement"
        tab.on("filechooser", lambda chooser: None)  # heard from now on, and not only when asked

        def press_until(selector: str, key: str = "Tab") -> None:
            for _ in range(60):
                tab.keyboard.press(key)
                if tab.evaluate(f"{focus}.matches({selector!r})"):
                    return
            raise AssertionError(selector)

        press_until("#document")
        assert tab.evaluate(f"getComputedStyle({focus}).outlineStyle") == "solid"
        with tab.expect_file_chooser() as chooser:
            tab.keyboard.press("Enter")
        chooser.value.set_files([file("pdf")])
        press_until("button.main")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#r1-verdict")
        assert tab.evaluate(f"{focus}.id") == "main"
        press_until("td.wrong a.flag")
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.querySelector(location.hash).tagName") == "ARTICLE"
        press_until(".paper a")
        outline = f"getComputedStyle({focus}.querySelector('rect')).strokeWidth"
        assert tab.evaluate(outline) == "4px"


def test_axe_finds_nothing(browser: Browser, server: Server) -> None:
    for lang, scheme in (("zh", "light"), ("en", "dark")):
        with opened(browser, server, lang, color_scheme=scheme) as tab:
            tab.evaluate(
                "for (const each of document.querySelectorAll('details')) each.open = true"
            )
            assert violations(tab) == []
            check(tab, file("pdf"))
            assert violations(tab) == []


def test_a_narrow_screen_scrolls_tables_and_never_the_page(
    browser: Browser, server: Server
) -> None:
    for lang in ("zh", "en"):
        with opened(browser, server, lang, viewport={"width": 360, "height": 740}) as tab:
            width = "document.documentElement.scrollWidth"
            assert tab.evaluate(width) <= 360
            check(tab, file("pdf"))
            tab.evaluate(
                "for (const each of document.querySelectorAll('details')) each.open = true"
            )
            assert tab.evaluate(width) <= 360
            paper = tab.locator(".paper .scroll")
            assert paper.evaluate("each => each.scrollWidth > each.clientWidth")


def test_several_are_shown_as_an_index_and_progress_is_told(
    browser: Browser, server: Server
) -> None:
    with opened(browser, server) as tab:
        tab.evaluate(
            """() => {
              globalThis.told = [];
              const state = document.querySelector(".state");
              // By what was added: two lines that come together are told within one call.
              const told = ({addedNodes}) => [...addedNodes].map((each) => each.textContent);
              new MutationObserver((changes) => globalThis.told.push(...changes.flatMap(told)))
                .observe(state, {childList: true});
            }"""
        )
        broken: FilePayload = {"name": "x.pdf", "mimeType": "", "buffer": b"%PDF-1.7 nothing"}
        named = file("text", "<img src=x onerror=alert(1)>.txt")
        check(tab, named, file("docx", wrong=False), broken)
        told = tab.evaluate("globalThis.told")
        assert any("0 / 3" in each for each in told) and any("3 / 3" in each for each in told)
        rows = [each.inner_text() for each in tab.locator("table.index tbody tr").all()]
        assert len(rows) == 3
        assert "发现问题" in rows[0] and "x.pdf" in rows[1]
        tab.select_option("[name=verdict]", "findings")
        assert tab.locator("details.report:visible").count() == 1


def test_last_years_report_and_pasted_text_are_taken(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        tab.click(".paste summary")
        tab.fill("#text", planted("text", wrong=False).decode())
        last: FilePayload = {
            "name": "2023.docx",
            "mimeType": "",
            "buffer": planted("docx", wrong=False, year=2023),
        }
        check(tab, last, field="#previous")
        assert "粘贴的文字" in tab.inner_text("header")
        assert "没有上一年度报告" not in tab.inner_text("#r1-unchecked ~ *, .unchecked")


def test_without_scripts_the_forms_do_the_same(browser: Browser, server: Server) -> None:
    with opened(browser, server, refusals=1, java_script_enabled=False) as tab:
        tab.set_input_files("#document", [file("pdf")])
        tab.click("button.main")
        assert tab.locator(".form td.wrong").count() == 1
        assert tab.locator(".paper rect.wrong").count() == 1
        tab.set_input_files(".tools input[type=file]", [file("pdf")])
        with tab.expect_download() as saved:
            tab.click("button[value=sarif]")
        assert json.loads(Path(saved.value.path()).read_text("utf-8"))["runs"]
        tab.goto(server.address)
        tab.click("button.main")
        assert "没有收到文件" in tab.inner_text(".problem")


def test_print_has_the_report_and_not_the_tools(browser: Browser, server: Server) -> None:
    with opened(browser, server) as tab:
        check(tab, file("pdf"))
        printed = pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True))
    words = "".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
    assert "予以公开" in words and "第 1 页" in words
    assert "下载" not in words and "审核另一份" not in words


def test_a_server_that_is_gone_is_told(browser: Browser) -> None:
    with serving("--jobs", "1", language="zh") as server:
        tab = browser.new_page(locale="zh-CN")
        tab.set_default_timeout(_MILLISECONDS)
        tab.goto(server.address)
        tab.set_input_files("#document", [file("text")])
        tab.route("**/*", lambda route: route.abort())
        tab.click("button.main")
        tab.wait_for_selector(".state:has-text('连接断了')")
        assert tab.locator("button.main").is_enabled()
        tab.close()
