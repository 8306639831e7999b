"""The site as `make docs` builds it: strictly, in both languages, without a net or a dead link."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from auditor.cli import COMMANDS
from auditor.definitions.assembly import rules_with_cases
from docs.making.pages import LANGUAGES
from tests.kit.shared import built_once
from tests.support import ROOT, library
from tests.wiring.desk import checkout, environment, run

pytestmark = pytest.mark.slow  # half a minute where the machine has more to do


def build(copy: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """As `make docs` builds it, into a folder."""
    # No proxy and no address answers: whatever were fetched would fail the build.
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    env = environment(folder, NO_MKDOCS_2_WARNING="1", **nowhere) | {"PYTHONPATH": str(copy)}
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "-d", folder / "built")
    return run(*command, cwd=copy, env=env, timeout=600)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def as_it_is(folder: Path) -> None:
        built = build(ROOT, folder)
        assert built.returncode == 0, built.stderr

    return built_once(tmp_path_factory, "site", as_it_is) / "built"


def test_a_dead_link_or_anchor_and_a_page_not_in_the_navigation_fail_the_build(
    tmp_path: Path,
) -> None:
    """Each is a warning, and that alone fails it: `site` is built with none."""
    copy = checkout(tmp_path / "copy")
    page = copy / "docs" / "deciding.zh.md"
    links = ("nowhere.md", "output.md#nowhere")
    said = "".join(f"\n[x]({link})\n" for link in links)
    page.write_text(page.read_text(encoding="utf-8") + said, encoding="utf-8")
    (copy / "docs" / "forgotten.md").write_text("# Forgotten\n")
    built = build(copy, tmp_path)
    assert built.returncode == 1
    warnings = [line for line in built.stderr.splitlines() if "WARNING" in line]
    for wrong in (*links, '"nav"'):
        assert any(wrong in line for line in warnings), built.stderr
    assert "forgotten.md" in built.stderr


def pages(site: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        if path.name != "404.html":  # shown at any address, so its links are from the root
            yield path, html.fromstring(path.read_bytes())


def selected(page: html.HtmlElement, path: str) -> list[Any]:
    """The elements or strings that an XPath names."""
    found = page.xpath(path)
    assert isinstance(found, list)
    return found


def references(page: html.HtmlElement) -> Iterator[str]:
    """Everything that a page links to or loads."""
    for _, name, value, _ in page.iterlinks():
        if name in ("href", "src") and value:
            yield value


def test_no_link_in_the_site_is_dead(site: Path) -> None:
    found = dict(pages(site))
    anchors = {path: set(selected(page, "//@id | //a/@name")) for path, page in found.items()}
    dead = []
    for path, page in found.items():
        for link in references(page):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            anchor = unquote(parts.fragment)
            known = anchors.get(target)
            if not target.is_file() or (anchor and known is not None and anchor not in known):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert dead == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loading = "//script/@src | //img/@src | //iframe/@src | //link[@rel='stylesheet']/@href"
    for path, page in pages(site):
        assert [link for link in selected(page, loading) if urlsplit(link).netloc] == [], path


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    def names(folder: Path) -> set[str]:
        paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        return {name for name in paths if not name.startswith("zh/") and name != "404.html"}

    assert names(site) == names(site / "zh")


def test_what_a_user_needs_is_written_in_chinese() -> None:
    for name in (
        *("index", "deciding", "output", "start/officer", "start/reviewer", "start/ci"),
        *("configuration", "living-with-findings", "writing-rules", "python"),
    ):
        for ending in LANGUAGES.values():
            assert (ROOT / "docs" / f"{name}{ending}").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_statement_its_basis_and_its_cases(site: Path, language: str) -> None:
    folder = (site / "zh" if language == "zh" else site) / "rules"
    by_id = {}
    for path in sorted(folder.glob("*.html")):
        page = html.fromstring(path.read_bytes())
        for heading in selected(page, "//article//h2[@id]"):
            by_id[heading.get("id")] = page
    forms = {form.id: form for form in library().forms}
    written = rules_with_cases(library().definitions, forms).values()
    by_place = {str(rule.place): rule for rules in written for rule in rules}
    cases: Counter[str] = Counter()
    for rule in by_place.values():
        said = " ".join(selected(by_id[rule.id], "//article")[0].text_content().split())
        for text in (*rule.statement.values(), rule.basis, str(rule.place)):
            assert " ".join(text.split()) in said, rule.id
        cases[rule.id] += len(rule.cases)
    for rule_id, count in cases.items():
        own = f"//table[preceding::h2[1][@id='{rule_id}']]/tbody/tr"
        assert len(selected(by_id[rule_id], own)) == count, rule_id


def test_every_command_is_described(site: Path) -> None:
    page = html.fromstring((site / "commands.html").read_bytes())
    headings = {each.text.strip() for each in selected(page, "//article//h2")}
    assert {f"audit {name}" for name in COMMANDS} <= headings
