# ruff: noqa: E501
"""Pieces that have a meaning in a format, right or wrong; they are put where chance wants them."""

from __future__ import annotations

NUMBERS = (
    *b"0 -1 1 2 7 255 256 65535 65536 99999999 2147483647 2147483648 4294967296 18446744073709551616 "
    b"1e9 1e308 -1e308 NaN 0.0000001 1.7976931348623157e309 007 1_0".split(),
    *(b"9" * 400, "\u0663".encode(), "\uff11\uff12".encode(), "\u00b2".encode()),
)
TOKENS: dict[str, tuple[bytes, ...]] = {
    "text": (
        *(b"\t", b"|", b"\r", b"\n", b"\x00", b"\x0b", b"\x0c", b"\x1f", b"\x7f", b"---", b"\xff\xfe"),
        *(text.encode() for text in ("│", "｜", "\u3000", "\u200b", "\u2028", "\ufeff", "①", "〇")),
        *(text.encode() for text in ("（一）", "总计", "合计", "规章", "本年", "年", "\U00020000", "é")),
        *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x81", b" " * 2000, b"|" * 500, b"0 " * 300),
        *(b"-", b".", b",", b"/", "—".encode(), "无".encode(), b"1 2 3 4 5 6 7 8 9 10 11 12 13 14"),
    ),
    "html": (
        *(b"<table>", b"</table>", b"<tr>", b"<td>", b"</td>", b"<td colspan=99999999>", b"<div>"),
        *(b"<td rowspan=0>", b"<td rowspan=-5 colspan=0>", b"<td rowspan=65534>", b"<tfoot>", b"<p>"),
        *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"<", b">", b'"', b"'", b"&#0;", b"&#xD800;"),
        *(b"&#99999999999;", b"&nbsp;", b"&lt", b"<script>", b"</script>", b"<style>", b"<select>"),
        *(b"<b hidden>", b" style='display:none'", b"<svg>", b"<template>", b"<plaintext>", b"<s>"),
        *(b"<meta charset=utf-16>", b"<meta charset=big5>", b"<html>", b"</html>", b"</body>"),
        *(b"<frameset>", b"<caption>", b"<colgroup>", b"<a" + b" a=1" * 300 + b">", b"<b>" * 300),
        *(b"<x:y:z>", b"<o:p>", b"<input value=1>", b"<ruby><rt>", b"\x00", b"<!DOCTYPE a [<!ENTITY b"),
    ),
    "yaml": (
        *(b"- ", b": ", b"{", b"}", b"[", b"]", b"&a ", b"*a", b"<<: *a\n", b"!!python/name:os.system "),
        *(b"|\n", b">-\n", b"? ", b"%YAML 9.9\n", b"---\n", b"...\n", b"\t", b"'", b'"', b"# ", b"\\x00"),
        *(b"id: ", b"table: applications\n", b"each: row", b"total: ", b"when: ", b"within: ", b"is: pass"),
        *(b"[" * 2000, b"- " * 2000, b"{a: " * 2000, b"\x00", b"~", b"null", b"2024-13-45", b"0x7f", b".inf"),
    ),
    "toml": (
        *(b"[a]\n", b"[[a]]\n", b"a.b.c = 1\n", b"= ", b'"', b"'''", b'"""', b"{", b"}", b"[", b"]", b"\\u0000"),
        *(b"inf", b"nan", b"0x_", b"1979-05-27T07:32:00Z", b"99999-99-99", b"true", b"#", b"\x00", b"9" * 5000),
        *(b"[" * 2000, b"a={" * 2000, b"a." * 2000 + b"b=1\n", b"{\"a\":" * 2000, b"ignore = [\"*\"]\n"),
    ),
    "mhtml": (
        *(b"--b\r\n", b"--b--", b"\r\n\r\n", b"Content-Type: text/html\r\n", b"=\r\n", b"=3D", b"=ZZ"),
        *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n"),
        *(b"Content-Transfer-Encoding: quoted-printable\r\n", b'charset="utf-7"', b'boundary=""'),
        *(b"Content-Type: multipart/related; boundary=b\r\n", b"Content-Type: message/rfc822\r\n\r\n"),
        *(b"charset*0=x; charset*1=y", b"=?utf-8?b?//8=?=", b"begin 644 x\r\n", b"\r\n \r\n", b";" * 300),
    ),
    "xml": (
        *(b"<w:tbl>", b"</w:tbl>", b"<w:tr>", b"<w:tc>", b"</w:tc>", b"<w:p>", b"<w:p/>", b"<w:r>"),
        *(b"<w:vMerge/>", b'<w:gridSpan w:val="999999"/>', b'<w:numId w:val="1"/>', b"<c>", b"<row>"),
        *(b'<c r="XFD1048576"><v>1</v></c>', b'<c r="ZZZ9999999"><v>1</v></c>', b'<row r="999999"/>'),
        *(b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="C3:A1"/>', b'<mergeCell ref=""/>'),
        *(b"&#0;", b"&amp;", b"&x;", b"]]>", b"<![CDATA[", b"<!--", b'"', b"xmlns=''", b"<?x", b"<v>"),
        *(b'<!DOCTYPE a [<!ENTITY x "y">]>', b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", b"\xff"),
        *(b'<fldChar w:fldCharType="begin"/>', b'TargetMode="External"', b"../../..", b't="s"', b"#"),
    ),
    "pdf": (
        *(b"/Kids [1 0 R 2 0 R 3 0 R 4 0 R]", b"/Parent 1 0 R", b"/Count 999999999", b"/Count -1"),
        *(b"/MediaBox [0 0 1e9 1e9]", b"/MediaBox [0 0 0 0]", b"/MediaBox [9 9 -9 -9]", b"/Rotate 45"),
        *(b"/MediaBox [NaN 0 1 1]", b"/Rotate 90", b"/UserUnit 1e9", b"/Contents [1 0 R 1 0 R]"),
        *(b"/Type /Pages", b"/Type /Page", b"/Type /ObjStm /N 9999 /First 9", b"/Type /XRef", b"null"),
        *(b"/Filter /FlateDecode", b"/Filter [/ASCIIHexDecode /ASCII85Decode]", b"/Length 999999999"),
        *(b"/Filter /LZWDecode", b"/Filter /RunLengthDecode", b"/Filter /JBIG2Decode", b"/Length -1"),
        *(b"/Filter /DCTDecode", b"/Filter /JPXDecode", b"/DecodeParms << /Columns 1e9 /Predictor 12 >>"),
        *(b"1 0 R", b"3 0 R", b"7 0 R", b"9 0 R", b"999 0 R", b"<<", b">>", b"[", b"]", b"(", b")", b"%"),
        *(b"q " * 3000, b"Q " * 50, b"[" * 900, b"<<" * 900, b"BT ", b"ET ", b" Tj ", b" TJ ", b" Do "),
        *(b"1e9 0 0 1e9 0 0 cm ", b"0 0 0 0 0 0 cm ", b"-1 0 0 1 0 0 cm ", b"0 1 -1 0 0 0 cm ", b"3 Tr "),
        *(b"0 0 m 100 0 l S ", b"10 10 100 0.5 re f ", b"0 0 m " + b"1 1 l " * 2000 + b"S ", b"W n "),
        *(b"BI /W 9 /H 9 ID x EI ", b"stream\n", b"endstream", b"endobj\n", b"5 0 obj\n", b"startxref\n9"),
        *(b"/Encrypt 1 0 R", b"/Prev 9", b"/Subtype /Form", b"/Subtype /Type3", b"/ToUnicode 7 0 R"),
        *(b"/XObject << /x 7 0 R >>", b"/Differences [0 /a 300 /b]", b"/Encoding /SumConstraint-H", b"1 g "),
        *(b"/Font << /F1 7 0 R >>", b"/F1 1e9 Tf ", b"/F1 0.001 Tf ", b"1e9 TL T* ", b"1e38 Tc ", b"0 Tz "),
    ),
}  # fmt: skip
TOKENS["any"] = (
    *(token for each in TOKENS.values() for token in each[::4]),
    *(b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1"),
    *(b"<?xml version='1.0'?>", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x89PNG\r\n\x1a\n"),
    *(b"word/document.xml", b"xl/workbook.xml", "EncryptedPackage".encode("utf-16-le")),
)
