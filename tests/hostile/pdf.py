"""PDF made by hand, object by object: what no program would write."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

HELLO = b"BT /F 12 Tf 10 10 Td (Hello 2024) Tj ET "


def pdf_of(objects: Mapping[int, bytes]) -> bytes:
    """A file of these objects; the first is its catalog."""
    out = b"%PDF-1.7\n"
    rows = b""
    for number, body in sorted(objects.items()):
        rows += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 1\n0000000000 65535 f \n" + rows
    trailer = b"trailer << /Root 1 0 R /Size %d >>\n" % (max(objects) + 1)
    return out + table + trailer + b"startxref\n%d\n%%%%EOF" % len(out)


def stream(content: bytes, head: bytes = b"", deflated: int = 0) -> bytes:
    """A stream, packed so many times."""
    for _ in range(deflated):
        content = zlib.compress(content, 9)
    filters = b"/Filter [" + b"/FlateDecode " * deflated + b"] " if deflated else b""
    return b"<< %s%s/Length %d >>\nstream\n%s\nendstream" % (head, filters, len(content), content)


def form_of(content: bytes, draws: int) -> bytes:
    """A form that calls another `/X`."""
    head = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> "
    )
    return stream(content, head % draws)


def page_of(
    content: bytes,
    *,
    deflated: int = 0,
    resources: bytes = b"",
    more: Mapping[int, bytes] | None = None,
    box: bytes = b"[0 0 300 300]",
    kids: bytes = b"3 0 R",
    count: int = 1,
) -> bytes:
    """A file of one page, or of that page so many times."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> %s >> >>"
    )
    return pdf_of(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            3: page % (box, resources),
            4: stream(content, deflated=deflated),
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            **(more or {}),
        }
    )
