"""Bytes in, text out, by what the bytes are: declarations lie, and exports mix encodings."""

from __future__ import annotations

import codecs

from auditor.errors import InputError
from auditor.model.source import Document, Notice


def decode(document: Document, declared: str = "") -> tuple[str, tuple[Notice, ...]]:
    """The text, and a doubt where characters were lost. Raises `InputError` when it is no text.

    `declared` is tried only where it could not be told from the others by the bytes.
    """
    text, encoding, lost = _decode(document, declared)
    if not lost:
        return text, ()
    return text, (Notice("encoding-doubt", (("encoding", encoding), ("count", str(lost)))),)


def _decode(document: Document, declared: str) -> tuple[str, str, int]:
    content = document.content
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            return text, encoding, text.count("\ufffd")
    candidates = ["utf-8", *([declared] if declared else []), "gb18030"]
    if b"\x00" in content:
        # In UTF-16 the zeros stand on one side only: digits and blanks have a zero high byte.
        odd, even = content[1::2].count(0), content[::2].count(0)
        candidates = ["utf-16-le"] if odd > 10 * even else ["utf-16-be"] if even > 10 * odd else []
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return text, encoding, 0
    damaged = [(content.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    text, encoding = min(damaged, key=lambda each: each[0].count("\ufffd"))
    lost = text.count("\ufffd")
    if _is_text(text) and lost * 50 <= len(text):
        return text, encoding, lost
    raise InputError(
        "binary",
        "this is not text: it can be decoded neither as UTF-8, UTF-16 nor as GB18030",
        place=document.name,
        hint="is it a damaged file, or a format under another name?",
    )


def _is_text(text: str) -> bool:
    start = text[:100_000]
    odd = sum(1 for char in start if (char < " " and char not in "\t\n\r\f\v") or char == "\x7f")
    return odd * 100 <= len(start)
