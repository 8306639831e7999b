"""Old office files: told by their bytes, converted by LibreOffice or refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from auditor.errors import InputError
from auditor.model.report import Number
from auditor.model.source import Document, Grid
from auditor.pipeline import read_report
from auditor.readers import Limits, convert, media_type_of, read
from tests.kit import consistent_figures
from tests.kit.office import word_document, workbook
from tests.kit.printed import kept
from tests.support import form, library

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM = convert.soffice()
_needs_libreoffice = pytest.mark.skipif(_PROGRAM is None, reason="LibreOffice is not installed")


def _old(stream: str, first: bytes = b"") -> bytes:
    """A container with a directory entry for the stream, whose first sector is given."""
    name = (stream + "\0").encode("utf-16-le")
    entry = name.ljust(64, b"\0") + len(name).to_bytes(2, "little")
    return _OLE.ljust(512, b"\0") + first.ljust(512, b"\0") + entry.ljust(512, b"\0")


def _refused(content: bytes) -> InputError:
    with pytest.raises(InputError) as error:
        read(Document("report", content))
    assert error.value.hint and error.value.place == "report"
    assert error.value.translations["zh"][0]
    return error.value


_RTF = rb"{\rtf1\ansi text}"
_FLAT = b'<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?>\r\n<w:wordDocument/>'


_XML_SHEETS = b"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell>
<Data ss:Type="Number">12</Data></Cell></Row></Table></Worksheet></Workbook>"""
_ODF = b"urn:oasis:names:tc:opendocument:xmlns"
_FODS = b"""<?xml version="1.0"?><office:document xmlns:office="%b:office:1.0"
xmlns:table="%b:table:1.0" xmlns:text="%b:text:1.0" office:version="1.2"
office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>
<table:table table:name="a"><table:table-row><table:table-cell office:value-type="float"
office:value="12"><text:p>12</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>""" % (_ODF, _ODF, _ODF)


@pytest.mark.parametrize(
    "content", [_old("WordDocument"), _old("Workbook"), _RTF, _FLAT, _XML_SHEETS, _FODS]
)
def test_without_libreoffice_the_error_names_what_to_do(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_SOFFICE", "/no/such/program")
    error = _refused(content)
    assert error.code == "needs-libreoffice"
    assert "install LibreOffice" in error.hint and ".docx" in error.hint


@pytest.mark.parametrize(
    "content",
    [
        _old("WordDocument", b"\xec\xa5" + b"\xc1\x00" * 4 + b"\x00\x01"),
        _old("Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00\x06\x00"),
        _old(
            "Workbook",
            b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x86\x00\0\0\x2f\x00\x06\x00",
        ),
    ],
)
def test_an_old_document_with_a_password_is_refused_as_such(content: bytes) -> None:
    assert _refused(content).code == "encrypted"


def test_old_slides_are_of_a_kind_that_is_not_read() -> None:
    assert _refused(_old("PowerPoint Document")).code == "unsupported-format"


def _program(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
@pytest.mark.parametrize("script", ["exit 127", "kill -SEGV $$", "echo no display >&2"])
def test_a_libreoffice_that_does_not_start_is_no_damaged_document(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_SOFFICE", _program(tmp_path, script))
    error = _refused(_RTF)
    assert error.code == "libreoffice-broken" and "not looked at" in error.message


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_a_program_that_cannot_be_started_is_no_damaged_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_bytes(b"#!/no/such/interpreter\n")
    program.chmod(0o755)
    monkeypatch.setenv("AUDIT_SOFFICE", str(program))
    assert _refused(_RTF).code == "libreoffice-broken"


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_a_conversion_that_gives_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_sound = (
        "for last; do :; done; grep -q damaged $last && exit 1; mkdir made; "
        "cp $last made/report.docx"
    )
    monkeypatch.setenv("AUDIT_SOFFICE", _program(tmp_path, only_sound))
    assert _refused(rb"{\rtf1\ansi damaged}").code == "conversion-failed"


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_a_conversion_without_end_is_stopped_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    monkeypatch.setenv("AUDIT_SOFFICE", _program(tmp_path, f"sleep 100 & echo $! > {child}; wait"))
    monkeypatch.setattr(convert, "MAX_SECONDS", 1)
    begun = time.monotonic()
    assert _refused(_RTF).code == "conversion-timeout"
    assert time.monotonic() - begun < 90  # what it started would sleep for 100
    with pytest.raises(ProcessLookupError):
        for _ in range(50):  # until the system has buried it
            os.kill(int(child.read_text()), 0)
            time.sleep(0.1)


_tells_memory = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="this system does not tell what a process holds"
)


def _refused_within(content: bytes, memory: int) -> InputError:
    with pytest.raises(InputError) as error:
        read(Document("report", content), replace(Limits(), converter_bytes=memory))
    return error.value


@_tells_memory
def test_a_conversion_that_takes_all_memory_is_stopped_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoard = "import time; held = bytearray(b'x') * 300_000_000; time.sleep(100)"
    child = tmp_path / "child"
    script = f'{sys.executable} -c "{hoard}" & echo $! > {child}; wait'
    monkeypatch.setenv("AUDIT_SOFFICE", _program(tmp_path, script))
    begun = time.monotonic()
    error = _refused_within(_RTF, 200_000_000)
    assert time.monotonic() - begun < 90
    assert error.code == "too-large"
    assert "200,000,000 bytes of memory" in error.message and "converter-bytes" in error.hint
    with pytest.raises(ProcessLookupError):
        for _ in range(50):  # until the system has buried it
            os.kill(int(child.read_text()), 0)
            time.sleep(0.1)


def _repeated(rows: int, columns: int) -> bytes:
    """A table in OpenDocument of one cell, repeated."""
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("office", "table", "text", "manifest")
    }
    declared = " ".join(f'xmlns:{name}="{address}"' for name, address in names.items())
    media = "application/vnd.oasis.opendocument.spreadsheet"
    files = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", media), ("content.xml", "text/xml"))
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as container:
        container.writestr("mimetype", media)
        container.writestr(
            "META-INF/manifest.xml", f"<manifest:manifest {declared}>{files}</manifest:manifest>"
        )
        container.writestr(
            "content.xml",
            f'<office:document-content {declared} office:version="1.2"><office:body>'
            '<office:spreadsheet><table:table table:name="a">'
            f'<table:table-row table:number-rows-repeated="{rows}">'
            f'<table:table-cell table:number-columns-repeated="{columns}" '
            'office:value-type="string"><text:p>12</text:p></table:table-cell></table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


@pytest.mark.slow
@_needs_libreoffice
@_tells_memory
def test_a_table_without_end_is_stopped_at_its_memory_and_a_small_one_is_read() -> None:
    small = read(Document("report", _repeated(3, 3)), replace(Limits(), converter_bytes=10**9))
    assert [type(block) for block in small.blocks] == [Grid]
    error = _refused_within(_repeated(1_000_000, 1_000), 400_000_000)
    assert error.code == "too-large" and "converter-bytes" in error.hint


@pytest.mark.slow
@_needs_libreoffice
@pytest.mark.parametrize("content", [_XML_SHEETS, _FODS])
def test_a_workbook_in_one_xml_file_is_read(content: bytes) -> None:
    (grid,) = read(Document("report.xml", content)).blocks
    assert isinstance(grid, Grid) and grid.rows[0][0].text == "12"


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_nothing_is_left_behind_and_the_profile_forbids_macros(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    script = f"pwd > {kept}/at; cp profile/user/registrymodifications.xcu {kept}; echo $http_proxy"
    monkeypatch.setenv("AUDIT_SOFFICE", _program(tmp_path, f"{script} > {kept}/proxy"))
    assert _refused(_RTF).code == "libreoffice-broken"
    assert not Path((kept / "at").read_text().strip()).exists()
    registry = (kept / "registrymodifications.xcu").read_text()
    assert "'DisableMacrosExecution' oor:op='fuse'><value>true" in registry.replace('"', "'")
    assert (kept / "proxy").read_text().strip() == "http://127.0.0.1:9"


def _made_by_libreoffice(folder: Path, suffix: str, content: bytes, source: str) -> bytes:
    assert _PROGRAM is not None
    program = _PROGRAM
    return kept(program, content, lambda: _converted(folder, suffix, content, source), suffix)


def _converted(folder: Path, suffix: str, content: bytes, source: str) -> bytes:
    path = folder / f"report.{source}"
    path.write_bytes(content)
    assert _PROGRAM is not None
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *(_PROGRAM, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix),
            *("--outdir", str(folder / "made"), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=400,
    )
    return (folder / "made" / f"report.{suffix}").read_bytes()


@pytest.mark.slow
@_needs_libreoffice
@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        ("doc", "docx"),
        ("xls", "xlsx"),
        # The same program by another name; what else they need is in the quick tests.
        pytest.param("rtf", "docx", marks=pytest.mark.thorough),
        pytest.param("odt", "docx", marks=pytest.mark.thorough),
        pytest.param("ods", "xlsx", marks=pytest.mark.thorough),
    ],
)
def test_an_old_file_is_read_right_and_said_to_be_converted(
    suffix: str, source: str, tmp_path: Path
) -> None:
    blank, rng = form(), Random(7)
    figures = consistent_figures(blank, rng)
    make = workbook if source == "xlsx" else word_document
    content = make(blank, figures, "青溪市水务局", 2023, rng)
    old = _made_by_libreoffice(tmp_path, suffix, content, source)
    assert media_type_of(old) != media_type_of(content)
    _, report = read_report(Document(f"report.{suffix}", old), library())
    values = {box: report.entries[box].value for box in figures}
    wrong = {
        box: values[box]
        for box, figure in figures.items()
        if not (isinstance(values[box], Number) and getattr(values[box], "value", None) == figure)
    }
    assert wrong == {}
    assert (report.notices[0].code, report.notices[0].details) == (
        "converted",
        (("format", suffix),),
    )
    origins = [report.entries[box].origin for box in figures]
    assert all(origin is not None and origin.selector for origin in origins)


@pytest.mark.slow
@_needs_libreoffice
def test_a_damaged_old_file_is_an_error_of_input() -> None:
    # LibreOffice may also make a document of what is left, in which there is no text.
    assert _refused(_old("WordDocument")).code in ("conversion-failed", "empty", "damaged")


def test_the_program_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = shutil.which("sh") or shutil.which("cmd")
    assert program is not None
    monkeypatch.setenv("AUDIT_SOFFICE", program)
    assert convert.soffice() == program
