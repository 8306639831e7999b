"""Chinese outputs are Chinese: besides names that programs go by, no word of English is in them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import html

from auditor.cli import main
from auditor.messages import messages, phrase
from auditor.reporters import REPORTERS
from tests.kit import AGENCIES, consistent_figures
from tests.kit.looks import LOOKS
from tests.kit.word import print_document
from tests.support import EXAMPLES, form, library

_NAMES = re.compile(
    r"""(?x)
    audit\ (?:check|read|fix|explain|diff|waivers\ new|rules\ (?:test|try)|corpus|serve)
    | pip\ install\ (?:\.|'[\w.\[\]-]+') | make\ dev | --[a-z-]+ | \.[a-z]{3,4}\b | SHA-256
    | applications/granted/total | text/received | my-form/2024
    | webhdfs:// | hdfs:// | (?:JAVA|HADOOP)_HOME | CLASSPATH
    | multipart/form-data | application/octet-stream | Ctrl-C | ^English$
    | \b(?:audit|PDF|DOCX|XLSX|HTML|MHTML|XML|OCR|UTF-8|UTF-16|GB18030|LibreOffice|pdfplumber|dask
        |MB|dpi|zip|ZIP|HTTPS|SIGKILL|AUDIT_TRACEBACK|FILE|SECURITY\.md|seconds|memory-bytes
        |Java|Hadoop|libhdfs|pyarrow|json|statement|basis|checks|waivers|audit\.sarif|sarif)\b
    """
)
"""Commands, options, formats, programs, units and keys of files, which are the same in Chinese."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")


def test_no_message_holds_english() -> None:
    found = {
        code: _WORD.findall(_NAMES.sub("", re.sub(r"\{\w+\}", "", text)))
        for code, text in messages("zh").items()
    }
    assert {code: words for code, words in found.items() if words} == {}


def test_no_rule_of_a_chinese_form_holds_english() -> None:
    for each in (each for each in library().forms if each.language != "en"):
        for rule in library().rules[each.id]:
            texts = (rule.statement["zh"], rule.basis, (rule.advice or {}).get("zh", ""))
            assert _WORD.findall(" ".join(texts)) == [], rule.id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports with findings and gaps, with lines and without, and every sort of file that fails."""
    made = tmp_path_factory.mktemp("报告")
    for path in EXAMPLES.glob("*.txt"):
        (made / path.name).write_bytes(path.read_bytes())
    own, rng = form(), Random(3)
    figures = consistent_figures(own, rng)
    box = next(box for box in figures if str(box) == "disputes/review/total")
    figures[box] += 1
    look = next(iter(LOOKS.values()))
    (made / "wrong.docx").write_bytes(print_document(own, figures, AGENCIES[0], 2024, rng, look))
    (made / "letter.txt").write_text("致全体同仁：见附件。", encoding="utf-8")
    (made / "empty.txt").write_bytes(b"")
    (made / "torn.docx").write_bytes((made / "wrong.docx").read_bytes()[:900])
    (made / "torn.pdf").write_bytes(b"%PDF-1.4")
    (made / "noise.txt").write_bytes(bytes(range(256)) * 20)
    (made / "packed.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    return made


def _ids() -> set[str]:
    """What rules, forms, boxes and kinds are called in every language."""
    names = {"not-audited", "prose-coverage", "no-reports", "no-form", "empty", "binary", "damaged"}
    for each in library().forms:
        names |= {each.id} | {rule.id for rule in library().rules[each.id]}
        names |= {str(box) for table in each.tables for box in table.boxes()}
    return names


def _texts(name: str, content: bytes) -> Iterator[str]:
    """All that people read in an output."""
    if name == "xlsx":
        for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                yield from (str(cell.value or ""), cell.comment.text if cell.comment else "")
    elif name == "html":
        page = html.fromstring(content)
        for element in page.iter():
            if element.tag not in ("script", "style"):
                yield from (element.text or "", element.get("title") or "")
                yield element.get("aria-label") or ""
            yield element.tail or ""
    elif name in ("json", "jsonl", "sarif", "gitlab"):
        lines = content.splitlines() if name == "jsonl" else [content]
        for line in lines:
            yield from _in_json(json.loads(line))
    elif name == "junit":
        # What is a name in XML goes with its value.
        yield from re.findall(r'(?:message|value)="([^"]*)"|>([^<]*)<', content.decode())[0]
        for message, text in re.findall(r'(?:message|value)="([^"]*)"|>([^<]*)<', content.decode()):
            yield message + text
    elif name == "github":
        yield from (line.rpartition("::")[2] for line in content.decode().splitlines())
        yield from re.findall("title=([^:,]*)", content.decode())
    elif name == "csv":
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
        coded = {phrase(f"column-{each}", "zh") for each in CODED}
        yield from (text or "" for row in rows for key, text in row.items() if key not in coded)
        yield from rows[0]
    else:
        yield content.decode().replace("<br>", "")


CODED = ("status", "severity", "certainty", "disposition", "declared")
"""Columns of CSV that programs sort by: the same in both languages."""
_TOLD = {"message", "text", "description", "label", "what", "justification"}
"""Keys of JSON whose values are sentences; all others are data, and called alike everywhere."""


def _in_json(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, each in data.items():
            # SARIF has its rules, and the words of findings, in both languages.
            if name not in ("rules", "messages"):
                yield from _in_json(each, name)
    elif isinstance(data, list):
        for each in data:
            yield from _in_json(each, key)
    elif isinstance(data, str) and key in _TOLD:
        yield data


@pytest.mark.parametrize("name", REPORTERS)
def test_no_output_in_chinese_holds_english(name: str, folder: Path) -> None:
    result = CliRunner().invoke(
        main, ["check", "--lang", "zh", "--no-color", "--format", name, str(folder)]
    )
    assert result.exit_code == 1, result.stderr
    known = _ids() | {path.name for path in folder.iterdir()}
    assert _english((result.stderr,), known) == set()
    if name == "concise":  # severities and kinds are what programs go by
        known |= {"error", "warning", "info", "failure", "not-read", "beside-others", "settings"}
    texts = list(_texts(name, result.stdout_bytes))
    assert any("应为" in text or "差" in text for text in texts)
    assert _english(texts, known) == set()


@pytest.mark.parametrize("command", ["read", "explain", "fix", "diff"])
def test_no_other_command_answers_in_english(command: str, folder: Path) -> None:
    more = {"explain": ["disputes/review/total"], "fix": ["--dry-run"], "diff": ["clean.txt"]}
    paths = [
        each if "/" in each or each[0] == "-" else str(folder / each)
        for each in more.get(command, [])
    ]
    result = CliRunner().invoke(
        main, [command, "--lang", "zh", "--no-color", str(folder / "three-mistakes.txt"), *paths]
    )
    assert result.exit_code in (0, 1), result.output
    known = _ids() | {path.name for path in folder.iterdir()} | {"disputes", "review", "total"}
    assert _english((result.output,), known) == set()


_FILE = re.compile(r"[\w-]+\.(?:txt|docx|pdf|zip)\b")
_CODE = re.compile(r"\[[a-z-]+\]|\b[0-9a-f]{16,}\b")


def _english(texts: Iterable[str], known: set[str]) -> set[str]:
    """The words of English in texts, but for ids, names of files and what `_NAMES` lists."""
    found: set[str] = set()
    for text in texts:
        plain = _NAMES.sub("", _CODE.sub("", _FILE.sub("", text)))
        found.update(re.findall(r"[A-Za-z][\w'/-]*(?:\[[\w/-]+\])?", plain))
    names = (name.partition("[")[0] for name in found)
    return {name for name in names if name not in known and _WORD.search(name)}
