"""What programs get: the command's own answers, and a problem in words where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import openpyxl
import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.web import openapi
from tests.support import EXAMPLES
from tests.web.server import SUFFIXES, WRONG, planted, serving_here

LOST = (EXAMPLES / "damaged-layout.txt").read_bytes()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """What asks the application, which is in this process; its workers are not."""
    with serving_here() as address, httpx.Client(base_url=address, timeout=120) as found:
        yield found


def told(folder: Path, *arguments: str) -> bytes:
    """What the command prints in a folder."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        return CliRunner().invoke(main, [*arguments, "--lang", "en"]).stdout_bytes


def test_the_answer_is_that_of_the_command_to_the_byte(
    client: httpx.Client, tmp_path: Path
) -> None:
    for kind, suffix in SUFFIXES.items():
        name = f"report.{suffix}"
        (tmp_path / name).write_bytes(planted(kind))
        for task, given in (("check", {}), ("check", {"with_entries": "1"}), ("read", {})):
            options = ["--with-entries"] if given else []
            expected = told(tmp_path, task, name, "--format", "json", *options)
            asked = client.post(
                f"/api/v1/{task}", params=given, files={"document": (name, planted(kind))}
            )
            assert asked.content == expected
            raw = client.post(
                f"/api/v1/{task}", params={**given, "name": name}, content=planted(kind)
            )
            assert raw.content == expected
        assert WRONG in asked.text


def test_several_documents_are_told_in_the_order_given_and_failures_stand_apart(
    client: httpx.Client, tmp_path: Path
) -> None:
    names = ("b.txt", "a.pdf", "c.docx")
    contents = (planted("text"), b"%PDF-1.7 nothing", planted("docx", wrong=False))
    for name, content in zip(names, contents, strict=True):
        (tmp_path / name).write_bytes(content)
    expected = told(tmp_path, "check", *names, "--format", "json")
    files = [("document", pair) for pair in zip(names, contents, strict=True)]
    answer = client.post("/api/v1/check", files=files)
    assert answer.content == expected
    assert answer.headers["audit-exit-code"] == "1"
    found = answer.json()
    assert [each["source"]["name"] for each in found["reports"]] == ["b.txt", "c.docx"]
    assert [each["code"] for each in found["failures"]] == ["damaged"]


def test_a_zip_of_reports_is_a_folder_of_them(client: httpx.Client, tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("one.txt", planted("text"))
        archive.writestr("notes.bin", b"not looked at")
        archive.writestr("two.xlsx", planted("xlsx"))
    (tmp_path / "all.zip").write_bytes(packed.getvalue())
    expected = told(tmp_path, "check", "all.zip", "--format", "json")
    answer = client.post("/api/v1/check", files={"document": ("all.zip", packed.getvalue())})
    assert answer.content == expected
    assert len(answer.json()["reports"]) == 2


def test_last_years_report_is_compared_with(client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "2024.txt").write_bytes(planted("text"))
    (tmp_path / "2023.docx").write_bytes(planted("docx", year=2023))
    expected = told(tmp_path, "check", "2024.txt", "--previous", "2023.docx", "--format", "json")
    files = [
        ("document", ("2024.txt", planted("text"))),
        ("previous", ("2023.docx", planted("docx", year=2023))),
    ]
    answer = client.post("/api/v1/check", files=files)
    assert answer.content == expected
    alone = client.post("/api/v1/check", files=files[:1]).json()["reports"][0]["counts"]
    both = answer.json()["reports"][0]["counts"]
    assert both["not_applicable"] < alone["not_applicable"]
    unreadable = client.post("/api/v1/check", files=[files[0], ("previous", ("x.pdf", b"%PDF-"))])
    assert unreadable.status_code == 422
    assert "x.pdf" in unreadable.json()["detail"]


def test_the_exit_code_of_the_command_stands_in_a_header(client: httpx.Client) -> None:
    for content, code in (
        (planted("text", wrong=False), "0"),
        (planted("text"), "1"),
        (b"%PDF-1.7 nothing", "3"),
    ):
        answer = client.post("/api/v1/check", content=content)
        assert answer.status_code == 200
        assert answer.headers["audit-exit-code"] == code


@pytest.mark.parametrize("name", openapi.FORMATS["check"])
def test_every_format_is_given_by_its_name_and_by_its_media_type(
    client: httpx.Client, name: str
) -> None:
    media_type = openapi.MEDIA_TYPES[name]
    content = (EXAMPLES / "three-mistakes.txt").read_bytes()
    asked = client.post("/api/v1/check", params={"format": name}, content=content)
    accepted = client.post("/api/v1/check", headers={"accept": media_type}, content=content)
    assert asked.headers["content-type"].partition(";")[0] == media_type
    assert asked.content == accepted.content
    if name == "xlsx":
        assert len(openpyxl.load_workbook(BytesIO(asked.content)).sheetnames) >= 2
    else:
        assert "disputes-row-total" in asked.text


def test_the_language_is_the_one_asked_for(client: httpx.Client) -> None:
    chinese = client.post("/api/v1/check", params={"lang": "zh"}, content=planted("text"))
    english = client.post("/api/v1/check", content=planted("text"))
    said = [each.json()["reports"][0]["findings"][0]["message"] for each in (chinese, english)]
    assert "应为" in said[0] and "should be" in said[1]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"content": b""}, 400),
        ({"content": b"x", "params": {"format": "doc"}}, 422),
        ({"content": b"x", "params": {"lang": "fr"}}, 422),
        ({"content": b"x", "params": {"folder": "/etc"}}, 422),
        ({"content": b"x", "headers": {"accept": "image/png"}}, 406),
        ({"data": {"document": "text"}}, 415),
        ({"files": {"document": ("", b"")}}, 400),
        ({"files": {"file": ("a.txt", b"x")}}, 422),
        ({"files": {"document": ("a.txt", b"x")}, "data": {"cell:a/b/c": "1"}}, 422),
        # What the query says wrong is not made good by the form.
        ({"files": {"document": b"x"}, "data": {"lang": "zh"}, "params": {"lang": "fr"}}, 422),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400),
    ],
)
def test_what_cannot_be_answered_is_a_problem_in_words(
    client: httpx.Client, given: dict[str, object], status: int
) -> None:
    answer = client.post("/api/v1/check", **given)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status and said["title"] and said["detail"]


def test_what_is_not_known_is_told_with_what_is(client: httpx.Client) -> None:
    field = client.post("/api/v1/check", files={"files": ("a.txt", b"x")}, params={"lang": "en"})
    assert field.json()["detail"] == "there is no parameter files; known: document, previous"
    wish = client.post(
        "/api/v1/read",
        params={"fail_on": "info"},
        content=b"x",
        headers={"Content-Type": "application/octet-stream"},
    )
    assert wish.json()["detail"] == (
        "there is no parameter fail_on; known: format, lang, name, verify"
    )


def test_other_methods_and_addresses_are_problems_too(client: httpx.Client) -> None:
    for method, path, status in (
        ("GET", "/api/v1/check", 405),
        ("DELETE", "/", 405),
        ("GET", "/api/v2/check", 404),
        ("GET", "/static/../../pyproject.toml", 404),
        ("GET", "/static/%2e%2e%2fpages.py", 404),
        ("POST", "/api/v1/check/", 404),
    ):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_an_operator_sees_whether_it_lives_and_how_much_it_did(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    client.post("/api/v1/check", params={"name": "confidential.txt"}, content=planted("text"))
    metrics = client.get("/metrics").text
    assert 'audit_documents_total{outcome="findings"}' in metrics
    assert "audit_requests_in_hand 0.0" in metrics
    assert "confidential" not in metrics


def test_the_interface_is_described(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert {*described["paths"]} == {"/api/v1/check", "/api/v1/read", "/healthz", "/metrics"}
    formats = described["paths"]["/api/v1/check"]["post"]["parameters"][0]["schema"]["enum"]
    assert formats == list(openapi.FORMATS["check"])
    assert json.dumps(described).count("additionalProperties") == 2


def test_what_was_entered_by_hand_settles_a_doubt_and_is_said(client: httpx.Client) -> None:
    read = client.post("/api/v1/read", content=LOST).json()["reports"][0]
    doubted = [each for each in read["entries"] if each["state"] in ("illegible", "missing")]
    doubted += [each for each in read["entries"] if each["match"] == "inferred"]
    address = doubted[0]["address"]
    files = {"document": ("lost.txt", LOST)}
    fields = {f"cell:{address}": " 12 ", "format": "json", "lang": "en"}
    report = client.post("/", files=files, data=fields).json()["reports"][0]
    (notice,) = [each for each in report["notices"] if each["code"] == "entered-by-hand"]
    assert notice["addresses"] == [address]
    sure = next(each["address"] for each in read["entries"] if each["match"] == "exact")
    for wrong in ({f"cell:{sure}": "1"}, {f"cell:{address}": "many"}, {"cell:no/such/cell": "1"}):
        answer = client.post("/", files=files, data=wrong)
        assert answer.status_code == 422, wrong


def test_the_page_comes_whole_or_in_lines_that_tell_how_far_it_is(client: httpx.Client) -> None:
    files = [
        ("document", ("a.pdf", planted("pdf"))),
        ("document", ("b.txt", planted("text", wrong=False))),
    ]
    whole = client.post("/", files=files, data={"lang": "en"}, headers={"accept": "text/html"})
    assert whole.headers["content-type"].startswith("text/html")
    lines = client.post(
        "/", files=files, headers={"accept": "application/jsonl"}, data={"lang": "en"}
    )
    *steps, last = map(json.loads, lines.text.splitlines())
    assert steps == [{"done": done, "total": 2} for done in range(3)]
    assert last["page"] == whole.text
    assert whole.text.count("<image ") == 1 and 'class="wrong"' in whole.text
    for accept, status in (("text/html", 400), ("application/jsonl", 400)):
        refused = client.post("/", files={"text": (None, " ")}, headers={"accept": accept})
        assert refused.status_code == status
        assert ("<form" in refused.text) == (accept == "text/html")


def test_what_is_our_fault_is_a_problem_without_its_traceback(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr("auditor.web.app.media_type_of", fails)
    answer = client.post("/api/v1/check", content=planted("text"))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "of ours" not in answer.text
    monkeypatch.undo()
    assert client.post("/api/v1/check", content=planted("text")).status_code == 200
    assert "audit_requests_in_hand 0.0" in client.get("/metrics").text
