"""`--cache`: what is read is kept in the user's cache folder, and taken only while it is true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor import pickled, pipeline, readers, report_cache
from auditor.cli import main
from tests.support import EXAMPLES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report_cache, "users_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache" / "reports"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_bytes((EXAMPLES / "three-mistakes.txt").read_bytes())
    return path


@pytest.fixture
def times_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that were read, not taken from the cache."""
    names: list[str] = []
    read = readers.read

    def noted(document: object, *more: object) -> object:
        names.append(getattr(document, "name"))  # noqa: B009
        return read(document, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "read", noted)
    return names


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", "--format", "json", "--cache", *map(str, arguments)])


def test_an_unchanged_report_is_not_read_again_and_says_the_same(
    folder: Path, report: Path, times_read: list[str]
) -> None:
    first, second = check(report, "--with-entries"), check(report, "--with-entries")
    plain = CliRunner().invoke(
        main, ["check", "--format", "json", "--with-entries", "-j", "1", str(report)]
    )
    assert first.exit_code == second.exit_code == 1
    assert first.stdout == second.stdout == plain.stdout
    assert len(times_read) == 2  # by the first run, and by the one without the option


@pytest.mark.parametrize("change", ["bytes", "name", "limit", "rules", "code"])
def test_whatever_reading_depends_on_has_it_read_again(
    folder: Path,
    report: Path,
    times_read: list[str],
    change: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check(report)
    more: list[object] = []
    if change == "bytes":
        report.write_bytes(report.read_bytes() + b"\n")
    elif change == "name":
        report = report.rename(tmp_path / "other.txt")
    elif change == "limit":
        more = ["--limit", "pages=7"]
    elif change == "rules":
        (tmp_path / "rules").mkdir()
        more = ["--rules", tmp_path / "rules"]
        (tmp_path / "rules" / "own.yaml").write_text(
            "- {id: own, form: cn-goi-annual/2021, statement: {zh: 句, en: s}, basis: law,"
            " severity: error, table: disputes, each: row, equal: [[total], [total]]}",
            encoding="utf-8",
        )
    else:
        monkeypatch.setattr(report_cache, "_digest_of_code", lambda: b"another")
    again = check(report, *more)
    assert again.exit_code == 1, again.output
    assert len(times_read) == 2


def test_what_others_may_have_written_is_not_taken(
    folder: Path, report: Path, times_read: list[str]
) -> None:
    check(report)
    (kept,) = folder.glob("*/*.pickle")
    kept.parent.chmod(0o777)
    check(report)
    kept.parent.chmod(0o700)
    kept.chmod(0o666)
    check(report)
    assert len(times_read) == 3
    other = kept.with_name("other")
    os.replace(kept, other)
    kept.symlink_to(other)  # whoever could write what it points to
    assert not pickled.is_ours(kept) or os.name != "posix"


def test_a_torn_file_and_a_document_that_cannot_be_read_are_read_again(
    folder: Path, report: Path, times_read: list[str]
) -> None:
    check(report)
    (kept,) = folder.glob("*/*.pickle")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert check(report).exit_code == 1 and len(times_read) == 2
    report.write_bytes(b"a text of no form")
    assert check(report).exit_code == check(report).exit_code == 3
    assert len(times_read) == 4


def test_a_folder_that_refuses_is_no_error(folder: Path, report: Path) -> None:
    folder.parent.write_bytes(b"")
    assert check(report).exit_code == 1


def test_the_half_that_was_longest_not_asked_for_goes(
    folder: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_cache, "_MOST", 3)
    for number in range(4):
        path = folder / "00" / f"{number}.pickle"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        os.utime(path, (number, number))
    check(report)
    assert [path.name for path in sorted(folder.glob("00/*"))] == ["2.pickle", "3.pickle"]


def test_several_processes_share_it(folder: Path, tmp_path: Path, report: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_bytes(report.read_bytes() + b"\n" * number)
    runs = [check("-j", jobs, *sorted(tmp_path.glob("*.txt"))) for jobs in (2, 2, 1)]
    assert len({run.stdout for run in runs}) == 1
    assert len(list(folder.glob("*/*.pickle"))) == 10
