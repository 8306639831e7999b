"""Containers: told apart by what is in them, and bounded in what they may unpack to."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from auditor.errors import InputError
from auditor.model.source import Document
from auditor.readers import DOCX, XLSX, ZIP, media_type_of, read

_WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zip(**parts: str | bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return stream.getvalue()


def _word(document: str | bytes) -> bytes:
    return _zip(**{"word/document.xml": document})


def _refused(content: bytes) -> str:
    with pytest.raises(InputError) as error:
        read(Document("file", content))
    assert error.value.hint and error.value.place == "file"
    return error.value.code


@pytest.mark.parametrize(
    ("part", "media_type"),
    [("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("report.txt", ZIP)],
)
def test_a_container_is_known_by_its_parts(part: str, media_type: str) -> None:
    assert media_type_of(_zip(**{part: "x"})) == media_type


def test_a_container_cut_off_is_known_and_called_damaged() -> None:
    content = _word(_WORD.format("x" * 5000))[:-60]
    assert media_type_of(content) == DOCX
    assert _refused(content) == "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_word("<not closed"), "damaged"),
        (_word(""), "damaged"),
        (_zip(**{"xl/workbook.xml.bak": "x"}), "damaged"),
        (_word(_WORD.format("")), "empty"),
        (_word(b" " * 30_000_001), "too-large"),
        (_zip(**{f"word/document{n}": "" for n in range(5_001)}), "too-large"),
        (_zip(**{"a.txt": "x"}), "archive"),
        (_OLE + b"\x00" * 600, "unsupported-format"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_a_container_that_cannot_be_read_is_refused_by_name(content: bytes, code: str) -> None:
    assert _refused(content) == code


def test_a_part_with_a_password_is_refused() -> None:
    content = bytearray(_word(_WORD.format("x")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert _refused(bytes(content)) == "encrypted"


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(_word(b" " * 31_000_000))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1000).to_bytes(4, "little")
    assert _refused(bytes(content)) in ("damaged", "too-large")


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "' + "y" * 999 + '">]>' + _WORD.format("x&a;&a;")
    block = read(Document("file", _word(bomb))).blocks[0]
    assert getattr(block, "text", None) == "x"


def test_tables_beyond_a_limit_are_refused() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999"/></w:tcPr></w:tc>'
    rows = f"</w:t></w:r></w:p><w:tbl>{f'<w:tr>{cell * 2}</w:tr>' * 200}</w:tbl><w:p><w:r><w:t>"
    assert _refused(_word(_WORD.format(rows))) == "too-large"
