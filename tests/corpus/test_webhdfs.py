"""A corpus and its store in HDFS by WebHDFS over HTTP: the real protocol, on a server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from upath import UPath

from auditor.cli import main
from auditor.cli.config import ExcludedFiles, SettingsFinder
from auditor.cli.remote import find_remote
from auditor.corpus.store import Store
from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers.limits import DEFAULT
from tests.corpus.test_places import Killed, Remembering, assert_same, rows, sources_run
from tests.corpus.test_store import invented, run, written
from tests.corpus.webhdfs import WebHdfs, webhdfs

implementation: Any = pytest.importorskip(
    "fsspec.implementations.webhdfs", reason="requests is not installed"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WebHdfs]:
    with webhdfs(tmp_path / "hdfs") as made:
        made.folder.mkdir()
        yield made


def shown(*arguments: str) -> str:
    """What the command says where it cannot be used."""
    result = CliRunner().invoke(main, ["corpus", *arguments], env={"AUDIT_LANG": "en"})
    assert result.exit_code == 2
    return result.output


@pytest.mark.filterwarnings("ignore:UPath 'webhdfs'")
def test_a_run_in_hdfs_finds_what_one_in_folders_finds(server: WebHdfs, tmp_path: Path) -> None:
    source = written(tmp_path / "source", invented(2, wrong=0.4))
    (source / "none.txt").write_text("No report at all.\n")
    (source / "empty.txt").write_text("")
    written(server.folder / "in", invented(2, wrong=0.4))
    for name in ("none.txt", "empty.txt"):
        (server.folder / "in" / name).write_bytes((source / name).read_bytes())
    run(source, tmp_path / "local")
    store = f"{server.address}/stores/one"
    first = run(f"{server.address}/in", store)
    again = run(f"{server.address}/in", store)
    assert (first["read"], again["read"], again["judged"]) == (8, 0, 0)
    assert_same(UPath(tmp_path / "local"), UPath(store))
    assert {"CREATE", "APPEND", "OPEN", "LISTSTATUS"} <= {*server.operations}
    assert "RENAME" not in server.operations
    one = next(server.folder.glob("in/*/2022.txt")).relative_to(server.folder)
    assert run(f"{server.address}/{one}", tmp_path / "single")["documents"] == 1


def test_a_worker_opens_a_file_by_its_address(server: WebHdfs) -> None:
    (server.folder / "in").mkdir()
    (server.folder / "in" / "one.txt").write_bytes(b"one")
    excluded = ExcludedFiles(SettingsFinder({"isolated": True}, {}, "en"))
    (found,) = find_remote(f"{server.address}/in/", "en", excluded).locations()
    assert found.place == f"{server.address}/in/one.txt"
    assert found.is_here and found.stamp
    assert found.document("en", DEFAULT) == Document("webhdfs:///in/one.txt", b"one")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:UPath 'webhdfs'")
def test_after_a_stop_at_any_write_the_next_run_comes_to_the_same(
    server: WebHdfs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands there empty before its bytes come: the worst moment to be killed."""
    reports = [Document(each.name, each.text.encode()) for each in invented(1, wrong=1.0)]
    documents = [*reports, Document("none.txt", b"No report at all.\n")]
    executor = Remembering()
    send = implementation.WebHDFile._upload_chunk
    left = 1000

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        return send(*given, **more)

    monkeypatch.setattr("auditor.corpus.run._MOST_IN_PART", 3)
    monkeypatch.setattr(implementation.WebHDFile, "_upload_chunk", counted)
    sources_run(f"{server.address}/undisturbed", documents, executor)
    expected = rows(UPath(f"{server.address}/undisturbed"))
    assert len(expected) == 4
    writes = 1000 - left
    assert writes > 12
    for most in range(writes):
        left = most
        with pytest.raises(Killed):
            sources_run(f"{server.address}/{most}", documents, executor)
        left = 1000
        sources_run(f"{server.address}/{most}", documents, executor)
        assert_same(UPath(f"{server.address}/{most}"), UPath(f"{server.address}/undisturbed"))


def test_a_folder_that_may_not_be_listed_is_said_and_not_left_out(
    server: WebHdfs, tmp_path: Path
) -> None:
    written(server.folder / "in", invented(1, wrong=0.0))
    (server.folder / "in" / "closed").mkdir()
    said = shown("run", f"{server.address}/in", "--store", str(tmp_path / "store"))
    assert "Permission denied" in said
    assert not (tmp_path / "store").exists()


def test_what_cannot_be_reached_is_said(server: WebHdfs, tmp_path: Path) -> None:
    gone = "webhdfs://127.0.0.1:9/in"
    assert "refused" in shown("run", gone, "--store", str(tmp_path / "store"))
    assert "cannot be opened" in shown("summary", "--store", gone)
    assert "no run has ended here" in shown("summary", "--store", f"{server.address}/nothing")


def test_hdfs_without_its_library_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JAVA_HOME", "HADOOP_HOME", "ARROW_LIBHDFS_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    for arguments in (
        ["run", "hdfs://host/in", "--store", str(tmp_path / "store")],
        ["summary", "--store", "hdfs://host/store"],
    ):
        said = shown(*arguments)
        assert "libhdfs" in said and "webhdfs://host:9870/path" in said
    with pytest.raises(InputError) as raised:
        Store("hdfs://host/store")
    assert "libhdfs" in raised.value.translations["zh"][0]
