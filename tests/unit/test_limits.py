"""Limits: each refuses what has more, says how it is called, and can be raised."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from click.testing import CliRunner
from msgspec.structs import fields, replace

from auditor.cli import main
from auditor.errors import InputError
from auditor.messages import messages
from auditor.model.source import Document
from auditor.readers import Limits, read
from auditor.readers.limits import NAMES, _Budget, _Spent
from tests.kit import AGENCIES, LAYOUTS, consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.pdfs import Style, pdf
from tests.support import EXAMPLES, ROOT, form


@cache
def report(kind: str) -> bytes:
    """One and the same report in every format."""
    rng = Random(3)
    given = (form(), consistent_figures(form(), rng), AGENCIES[0], 2024, rng)
    match kind:
        case "text":
            return next(iter(LAYOUTS.values()))(*given).encode()
        case "web page":
            return web_page(WEB_PAGES[0], *given)
        case "word document":
            return word_document(*given)
        case "workbook":
            return workbook(*given)
        case _:
            return pdf(*given, Style())


LOW = [
    *((kind, "file_bytes", 100) for kind in ("text", "web page", "word document", "pdf")),
    *((kind, "cells", 100) for kind in ("web page", "word document", "workbook")),
    *((kind, "part_bytes", 1_000) for kind in ("word document", "workbook")),
    *((kind, "unpacked_bytes", 10_000) for kind in ("word document", "workbook")),
    *((kind, "parts", 3) for kind in ("word document", "workbook")),
    ("text", "text_bytes", 100),
    ("web page", "page_bytes", 100),
    ("pdf", "pages", 1),
    ("pdf", "content_bytes", 5_000),
    ("pdf", "characters", 500),
    ("pdf", "drawings", 10),
]


@pytest.mark.parametrize(("kind", "limit", "most"), LOW)
def test_a_document_beyond_a_limit_is_refused_by_its_name(kind: str, limit: str, most: int) -> None:
    document = Document("report", report(kind))
    assert read(document).blocks
    with pytest.raises(InputError) as refused:
        read(document, replace(Limits(), **{limit: most}))
    assert refused.value.code == "too-large"
    assert f"{most:,}" in refused.value.message
    assert limit.replace("_", "-") in refused.value.hint


def test_every_limit_has_a_name_and_is_tested() -> None:
    names = {field.name for field in fields(Limits)}
    assert set(NAMES.values()) == names
    # With LibreOffice in test_readers_convert, the others in test_budget.
    elsewhere = {"converter_bytes", "seconds", "memory_bytes", "scanned_pages"}
    assert {limit for _, limit, _ in LOW} | elsewhere == names


def test_every_refusal_is_raised_somewhere_and_known() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "auditor").rglob("*.py"))
    named = {text.replace("/", "-") for text in re.findall(r'"([a-z/-]+)"', code)}
    codes = messages("en")
    refused = {code.removeprefix("refused-") for code in codes if code.startswith("refused-")}
    hints = {code.removeprefix("hint-") for code in codes if code.startswith("hint-")}
    assert refused <= named
    asked = set(re.findall(r'refusal\(\s*"([^"]+)"', code))
    assert len(asked) > 30
    assert {kind.replace("/", "-") for kind in asked} <= refused
    own = {kind for kind in asked if not {kind.replace("/", "-"), kind.split("/")[0]} & hints}
    assert own == {"no-figure", "not-in-doubt"}, "all others say what to do"
    assert {hint for hint in hints if not any(kind.startswith(hint) for kind in refused)} == set()


def test_a_refusal_is_told_in_every_language_with_values_in_their_own() -> None:
    error = Limits().exceeded("pages", "报告.pdf")
    assert error.code == "too-large" and error.place == "报告.pdf"
    message, hint = error.translations["zh"]
    assert message == "没有读此文件：其页数超过 300" and "--limit" in hint and "pages" in hint
    assert (error.message, error.hint) == error.translations["en"]


def check(*arguments: str) -> tuple[int, str]:
    path = str(EXAMPLES / "clean.txt")
    result = CliRunner().invoke(main, ["check", "--lang", "en", *arguments, path])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_command_takes_limits() -> None:
    assert check("--limit", "text-bytes=20_000", "--limit", "pages=5")[0] == 0
    code, said = check("--limit", "text-bytes=50")
    assert code == 3
    assert "--limit" in said
    assert "text-bytes" in said


@pytest.mark.parametrize("given", ["lines=5", "pages", "pages=", "pages=0", "pages=-1", "pages=x"])
def test_a_limit_that_is_none_is_wrong_usage(given: str) -> None:
    assert check("--limit", given)[0] == 2


def test_an_unknown_limit_is_answered_with_the_names() -> None:
    _, said = check("--limit", "lines=5")
    assert all(name in said for name in NAMES)


def test_a_file_beyond_the_limit_is_not_even_loaded(tmp_path: Path) -> None:
    path = tmp_path / "giant.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # a hole: it takes no disk, and more memory than there is
    result = CliRunner().invoke(main, ["check", "--lang", "en", str(path)])
    assert result.exit_code == 3
    assert "file-bytes" in result.output


def test_a_tick_on_the_way_out_of_the_budget_raises_nothing() -> None:
    """Raised in the code that leaves a context, it would leave the clock running behind it."""
    budget = _Budget(Limits(seconds=0))
    with pytest.raises(_Spent):
        budget.look(0, sys._getframe())

    @contextlib.contextmanager
    def leaving() -> Iterator[None]:
        yield

    within = leaving()
    within.__enter__()
    ticks: list[int] = []

    def tick(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename == contextlib.__file__:
            budget.look(0, frame)
            ticks.append(1)

    sys.setprofile(tick)
    try:
        within.__exit__(None, None, None)
    finally:
        sys.setprofile(None)
    assert ticks
