"""Pages in a real browser: sound for all readers, in both colours, narrow, printed, and inert.

axe-core judges what can be judged by a program. Skipped where Chromium is not installed, unless
`AUDIT_PROGRAMS=required`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from auditor.definitions import load_library
from tests.browser import browser_or_skip
from tests.unit.test_reporters_html import PAGES, example, hostile, page

pytestmark = pytest.mark.slow

KINDS = ("clean", "three mistakes", "unread", "batch", "batch unfolded", "failure", "reading")
_OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_or_skip() as started:
        yield started


@contextmanager
def shown(
    browser: Browser,
    source: str,
    folder: Path,
    scheme: str = "light",
    width: int = 1100,
    scripts: bool = True,
) -> Iterator[Page]:
    """The page, opened from a file; fails where it asks for anything or complains of anything."""
    path = folder / "page.html"
    path.write_text(source, encoding="utf-8")
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    tab.on("request", lambda request: complaints.append(request.url))
    tab.goto(path.as_uri())
    try:
        yield tab
        assert complaints == [path.as_uri()]
    finally:
        context.close()


def made(kind: str, language: str) -> str:
    return page(*PAGES[kind.removesuffix(" unfolded")], language=language)


def violations(tab: Page) -> list[str]:
    found = Axe().run(tab).response
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def test_axe_would_say_so_if_something_were_wrong(browser: Browser, tmp_path: Path) -> None:
    faint = made("three mistakes", "zh").replace("--ink: #1c1d21", "--ink: #bbbbbb")
    faint = faint.replace("Content-Security-Policy", "x").replace('lang="zh-CN"', "")
    with shown(browser, faint, tmp_path) as tab:
        found = " ".join(violations(tab))
        assert "color-contrast" in found and "html-has-lang" in found


_IN_ENGLISH = ("three mistakes", "batch unfolded")
"""Kinds that the quick run shows in English too; what differs there is the words."""


def _shown_as(kind: str, language: str, *more: str) -> ParameterSet:
    is_quick = kind in _IN_ENGLISH if language == "en" else True
    return pytest.param(kind, language, *more, marks=() if is_quick else pytest.mark.thorough)


@pytest.mark.parametrize(
    ("kind", "language", "scheme"),
    [
        *(_shown_as(kind, "zh", "light") for kind in KINDS),
        *(_shown_as(kind, "en", "dark") for kind in KINDS),
        *(
            pytest.param(kind, *look, marks=pytest.mark.thorough)
            for kind in KINDS
            for look in (("zh", "dark"), ("en", "light"))
        ),
    ],
)
def test_axe_finds_nothing(
    browser: Browser, tmp_path: Path, kind: str, language: str, scheme: str
) -> None:
    with shown(browser, made(kind, language), tmp_path, scheme) as tab:
        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
        if kind.endswith("unfolded"):
            tab.evaluate(_OPEN)
        assert violations(tab) == []


@pytest.mark.parametrize(
    ("kind", "language"), [_shown_as(kind, each) for kind in KINDS for each in ("zh", "en")]
)
def test_a_narrow_screen_scrolls_tables_and_never_the_page(
    browser: Browser, tmp_path: Path, kind: str, language: str
) -> None:
    with shown(browser, made(kind, language), tmp_path, width=360) as tab:
        tab.evaluate(_OPEN)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        if kind != "failure":
            scroll = "[...document.querySelectorAll('.scroll')]"
            wide = f"{scroll}.filter(each => each.scrollWidth > each.clientWidth)"
            assert tab.evaluate(f"{wide}.length") > 0
            labelled = f"{scroll}.every(each => each.tabIndex === 0 && each.ariaLabel)"
            assert tab.evaluate(labelled)


def test_the_first_tab_skips_to_the_content_and_shows_where_it_is(
    browser: Browser, tmp_path: Path
) -> None:
    with shown(browser, made("three mistakes", "zh"), tmp_path) as tab:
        tab.keyboard.press("Tab")
        focus = "document.activeElement"
        assert tab.evaluate(f"{focus}.className") == "skip"
        assert tab.evaluate(f"{focus}.getBoundingClientRect().left") >= 0
        assert tab.evaluate(f"getComputedStyle({focus}).outlineStyle") == "solid"
        tab.keyboard.press("Enter")
        assert tab.evaluate(f"{focus}.id") == "main"


def test_a_link_from_the_index_unfolds_the_report(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("batch", "zh"), tmp_path) as tab:
        tab.click("table.index a[href='#r3']")
        tab.wait_for_selector("#r3[open]")
        tab.click("#r3 td.wrong a.flag")
        assert tab.evaluate("document.querySelector(location.hash).tagName") == "ARTICLE"


def test_filters_narrow_index_matrix_and_reports_alike(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("batch", "zh"), tmp_path) as tab:
        seen = {
            "table.index tbody tr:visible": 4,
            "table.matrix tbody tr[data-of]:visible": 4,
            "details.report:visible": 4,
        }
        assert {each: tab.locator(each).count() for each in seen} == seen
        tab.select_option("[name=verdict]", "findings")
        assert {tab.locator(each).count() for each in seen} == {1}
        assert tab.inner_text("output") == "显示 1 / 4 份"
        tab.select_option("[name=verdict]", "")
        tab.fill("[name=text]", "BROKEN")
        assert {tab.locator(each).count() for each in seen} == {1}
        tab.fill("[name=text]", "")
        tab.select_option("[name=rule]", "disputes-row-total")
        assert tab.locator("details.report:visible").get_attribute("id") == "r3"


def test_a_heading_of_the_index_sorts_by_its_column(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("batch", "en"), tmp_path) as tab:

        def order() -> list[str | None]:
            rows = tab.locator("table.index tbody tr")
            return [rows.nth(at).get_attribute("data-of") for at in range(rows.count())]

        heads = tab.locator("table.index thead th")
        given = order()
        heads.nth(2).get_by_role("button").click()  # errors: the failure has none, and stays last
        assert heads.nth(2).get_attribute("aria-sort") == "ascending"
        rising = order()
        heads.nth(2).get_by_role("button").press("Enter")
        assert heads.nth(2).get_attribute("aria-sort") == "descending"
        falling = order()
        assert falling[0] == "r3" and rising[-2] == "r3"
        assert rising[-1] == falling[-1] == "r2"
        heads.nth(1).get_by_role("button").click()  # the verdict, from the worst on
        assert order() == given
        assert heads.nth(2).get_attribute("aria-sort") is None


def test_without_scripts_nothing_is_hidden_and_no_filter_pretends(
    browser: Browser, tmp_path: Path
) -> None:
    with shown(browser, made("batch", "zh"), tmp_path, scripts=False) as tab:
        assert tab.locator("details.report:visible").count() == 4
        assert tab.locator("form.filters:visible").count() == 0
        assert tab.locator("table.index button").count() == 0
        tab.click("#r3 > summary")
        assert tab.locator("#r3 article:visible").count() == 3


def test_print_is_light_and_has_what_was_folded(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("three mistakes", "zh"), tmp_path, "dark") as tab:
        printed = pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True))
    words = "".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
    assert "没有上一年度报告" in words and "applications-carried-over" in words
    assert "跳到正文" not in words
    corner = printed[0].render().to_pil().getpixel((2, 2))
    assert corner == (255, 255, 255)
    assert len(printed) <= 6


def test_a_hostile_document_runs_nothing_and_fetches_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    for items in ((hostile(),), (hostile(), example("clean"))):
        with shown(browser, page(*items), tmp_path) as tab:
            tab.evaluate(_OPEN)
            assert violations(tab) == []


def test_the_policy_stops_a_script_that_got_in(browser: Browser, tmp_path: Path) -> None:
    script = "<script>document.title = 'got in'</script>"
    source = page(example("clean")).replace("<footer>", script)
    path = tmp_path / "page.html"
    path.write_text(source, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    assert tab.title() != "got in"
    tab.close()


def _corpus_index(language: str) -> str:
    """The page of a corpus: two agencies with long names, each rule broken in other shares."""
    pl = pytest.importorskip("polars", reason="what many reports need is not installed")
    from auditor.corpus.heatmap import index_page

    library = load_library()
    rules = [rule.id for rule in library.rules["cn-goi-annual/2021"][:9]]
    names = ["青溪市云岭区人力资源和社会保障局", "石渡县人民政府办公室"]
    years = range(2020, 2025)
    reports = [(f"{at}{year}", name, year) for at, name in enumerate(names) for year in years]
    documents = pl.DataFrame(
        [(f"in/{key}.pdf", key, "f/1", name, year, "findings") for key, name, year in reports],
        schema=["name", "document", "form", "issuer", "year", "verdict"],
        orient="row",
    )
    failed = pl.DataFrame(
        [
            (key, rule, 1)
            for key, _, year in reports
            for at, rule in enumerate(rules)
            if year - 2020 < at % 6
        ],
        schema=["document", "rule", "outcomes"],
        orient="row",
    )
    pages = [
        row | {"place": "reports/1.html", "error": 2} for row in documents.iter_rows(named=True)
    ]
    tables: Any = SimpleNamespace(documents=documents, failed=failed)
    return index_page(tables, pages, library, language)


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_the_page_of_a_corpus_is_sound_and_fits_a_narrow_screen(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    source = _corpus_index(language).replace("<details>", "<details open>")
    with shown(browser, source, tmp_path, scheme, width=360) as tab:
        assert violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") == 360
        first = tab.eval_on_selector("#issuer tbody th", "e => e.offsetWidth")
        assert first < 130  # of 332 that there are: the figures have the rest
        group = "#reports th[scope=rowgroup]"
        shape = tab.eval_on_selector(group, "e => e.offsetWidth / e.offsetHeight")
        assert shape > 3  # a line, and not a column of signs
        for level in range(1, 6):
            assert tab.eval_on_selector(f".hint .h{level}", "e => e.getClientRects().length") == 1
