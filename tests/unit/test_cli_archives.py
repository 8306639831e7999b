"""A zip of reports: each is audited by itself, and what cannot be had fails by itself."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from auditor.cli import archives
from auditor.messages import known
from tests.unit.test_cli import WRONG, report, run


def _zip(entries: dict[str, str | bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return stream.getvalue()


def _checked(
    tmp_path: Path, content: bytes, *options: str
) -> tuple[int, list[str], dict[str, str]]:
    """The exit code, the reports audited, and the failures with their codes."""
    path = tmp_path / "reports.zip"
    path.write_bytes(content)
    result = run("check", "--format", "json", *options, str(path))
    told = json.loads(result.stdout)
    failures = {each["source"]["name"]: each["code"] for each in told["failures"]}
    assert all(known(f"input-{code}") for code in failures.values())
    return result.exit_code, [each["source"]["name"] for each in told["reports"]], failures


def test_every_report_in_a_zip_is_audited_under_its_own_name(tmp_path: Path) -> None:
    content = _zip({"b/wrong.txt": report(WRONG), "a/good.txt": report(), "a/": ""})
    assert _checked(tmp_path, content) == (
        1,
        ["reports.zip/b/wrong.txt", "reports.zip/a/good.txt"],
        {},
    )


def test_a_good_zip_exits_0_and_tells_what_it_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "reports.zip"
    litter = {"__MACOSX/._good.txt": "x", ".DS_Store": "x", "~$good.docx": "x", "logo.bmp": "x"}
    path.write_bytes(_zip({"good.txt": report(), **litter}))
    result = run("check", str(path))
    assert result.exit_code == 0
    assert "跳过 1 个" in result.stderr


def test_a_zip_comes_through_standard_input_and_lies_in_folders(tmp_path: Path) -> None:
    content = _zip({"good.txt": report()})
    assert run("check", "-", given=content).exit_code == 0
    (tmp_path / "reports.zip").write_bytes(content)
    result = run("check", "--format", "json", str(tmp_path))
    names = [each["source"]["name"] for each in json.loads(result.stdout)["reports"]]
    assert names == [f"{tmp_path.name}/reports.zip/good.txt"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_mark_for_utf8_are_chinese(encoding: str, tmp_path: Path) -> None:
    name = "水务局/年报.txt"
    stand_in = "x" * len(name.encode(encoding))
    content = _zip({stand_in: report()}).replace(stand_in.encode(), name.encode(encoding))
    assert _checked(tmp_path, content) == (0, [f"reports.zip/{name}"], {})


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_not(tmp_path: Path) -> None:
    innermost = _zip({"good.txt": report()})
    inner = _zip({"deep.zip": innermost, "good.txt": report()})
    assert _checked(tmp_path, _zip({"inner.zip": inner})) == (
        3,
        ["reports.zip/inner.zip/good.txt"],
        {"reports.zip/inner.zip/deep.zip": "nested-archive"},
    )


def test_an_entry_with_a_password_fails_and_the_others_are_audited(tmp_path: Path) -> None:
    content = bytearray(_zip({"locked.txt": report(), "good.txt": report()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert _checked(tmp_path, bytes(content)) == (
        3,
        ["reports.zip/good.txt"],
        {"reports.zip/locked.txt": "encrypted"},
    )


def test_a_damaged_entry_fails_and_the_others_are_audited(tmp_path: Path) -> None:
    content = bytearray(_zip({"torn.txt": report(), "good.txt": report()}))
    content[200:260] = bytes(60)
    assert _checked(tmp_path, bytes(content)) == (
        3,
        ["reports.zip/good.txt"],
        {"reports.zip/torn.txt": "damaged"},
    )


def test_a_bomb_fails_unopened_and_the_others_are_audited(tmp_path: Path) -> None:
    content = _zip({"bomb.txt": b" " * 20_000_000, "good.txt": report()})
    assert _checked(tmp_path, content) == (
        3,
        ["reports.zip/good.txt"],
        {"reports.zip/bomb.txt": "too-large"},
    )


def test_an_entry_that_lies_about_its_size_is_not_unpacked_without_end(tmp_path: Path) -> None:
    content = bytearray(_zip({"long.txt": "x" * 100_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1_000).to_bytes(4, "little")
    code, reports, failures = _checked(tmp_path, bytes(content), "--limit", "file-bytes=2000")
    assert (code, reports) == (3, [])
    assert failures["reports.zip/long.txt"] in ("damaged", "too-large")


def test_what_an_archive_unpacks_to_in_all_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_IN_ALL", len(report().encode()) + 10)
    content = _zip({"one.txt": report(), "two.txt": report()})
    assert _checked(tmp_path, content) == (
        3,
        ["reports.zip/one.txt"],
        {"reports.zip/two.txt": "too-large"},
    )


def test_too_many_entries_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 2)
    content = _zip({f"{number}.txt": "x" for number in range(3)})
    assert _checked(tmp_path, content) == (3, [], {"reports.zip": "too-large"})


@pytest.mark.parametrize("content", [_zip({}), _zip({"a.bmp": "x"}), _zip({"folder/": ""})])
def test_a_zip_without_reports_is_never_clean(content: bytes, tmp_path: Path) -> None:
    assert _checked(tmp_path, content) == (3, [], {"reports.zip": "no-reports"})


def test_a_zip_cut_off_is_damaged(tmp_path: Path) -> None:
    content = _zip({"good.txt": report()})[:-30]
    assert _checked(tmp_path, content) == (3, [], {"reports.zip": "damaged"})


@pytest.mark.parametrize("start", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08"])
def test_an_archive_of_another_kind_names_what_to_do(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reports.rar"
    path.write_bytes(start + bytes(50))
    result = run("check", str(path))
    assert result.exit_code == 3
    assert "解压" in result.stderr and "[archive]" in result.stderr
