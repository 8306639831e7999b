"""The pages of a store: maps that count what the tables say, whole in themselves."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from lxml import html
from msgspec.structs import replace

from auditor.cli import main
from auditor.corpus.heatmap import heat_map, index_page
from auditor.corpus.store import Store
from auditor.corpus.stored import StoredReports
from auditor.corpus.views import StoreTables
from auditor.errors import InputError
from tests.corpus.test_store import invented, run, written
from tests.support import library


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = written(tmp_path_factory.mktemp("source"), invented(3, wrong=0.7))
    (source / "none.txt").write_text("No report at all.\n")
    folder = tmp_path_factory.mktemp("store")
    run(source, folder)
    return folder


@pytest.mark.parametrize(("language", "title"), [("en", "Rules by years"), ("zh", "各年度")])
def test_the_maps_count_what_fails_and_lead_to_the_reports(
    store: Path, tmp_path: Path, language: str, title: str
) -> None:
    more = ["--html", str(tmp_path), "--lang", language]
    result = CliRunner().invoke(main, ["corpus", "export", "--store", str(store), *more])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert title in text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|url\(|@import""", text)
    page: Any = html.fromstring(text)
    tables = StoreTables(Store(store))
    broken = tables.failed.unique(["document", "rule"])
    for by in ("year", "issuer"):
        cells = page.xpath(f"//section[@id='{by}']//tbody//td[@class]")
        assert sum(int(cell.text_content()) for cell in cells) == len(broken)
        rules = page.xpath(f"//section[@id='{by}']//thead//span/text()")
        assert sorted(rules) == sorted(broken["rule"].unique())
    links = page.xpath("//section[@id='reports']//a/@href")
    assert len(links) == tables.findings()["document"].n_unique() > 0
    for link in links:
        assert "<title>" in (tmp_path / link).read_text(encoding="utf-8")


def test_a_shade_is_the_share_of_reports_and_none_of_them_has_none() -> None:
    broken = pl.DataFrame(
        [("1", "b", 2020), ("1", "a", 2020), ("2", "a", 2020), ("3", "a", 2021)],
        schema=["document", "rule", "year"],
        orient="row",
    )
    found = heat_map(broken, {2020: 10, 2021: 1}, "year")
    assert found.columns == ["a", "b"]
    assert [tuple(row) for row in found.rows] == [
        (2020, 10, [(2, 1), (1, 1)]),
        (2021, 1, [(1, 5), (0, 0)]),
    ]


def test_what_agencies_are_called_steers_no_page() -> None:
    name = '<script>alert(1)</script>"onload="'
    documents = pl.DataFrame(
        [("n", "d", "f/1", name, 2020, "findings")],
        schema=["name", "document", "form", "issuer", "year", "verdict"],
        orient="row",
    )
    failed = pl.DataFrame([("d", name, 1)], schema=["document", "rule", "outcomes"], orient="row")
    tables: Any = SimpleNamespace(documents=documents, failed=failed)
    page: Any = html.fromstring(index_page(tables, [], library(), "en"))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//section[@id='issuer']//tbody//th")[0].text_content().strip() == name
    assert not page.xpath("//*[@onload]")


def test_an_export_of_nothing_is_refused(store: Path) -> None:
    result = CliRunner().invoke(main, ["corpus", "export", "--store", str(store)])
    assert result.exit_code == 2


def test_a_report_on_a_form_that_is_not_given_is_said(store: Path) -> None:
    place = Store(store)
    tables = StoreTables(place)
    without = replace(library(), forms=(), rulebooks={})
    name = tables.documents.filter(pl.col("form").is_not_null())["name"][0]
    with pytest.raises(InputError, match="no rules for cn-goi-annual/2021"):
        StoredReports(place, tables, without).audit(name)
