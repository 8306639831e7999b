"""Plain text in, paragraphs and ragged grids out.

Its lines are read as they are printed (`printedlines`), but for files whose lines all have their
fields between commas (`delimited`). Tables with merged cells stand as HTML in the Markdown that
converters write; they are read as such.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import InputError
from auditor.model.source import Document, Extract, Grid, Paragraph
from auditor.readers.decoding import decode
from auditor.readers.delimited import blocks_of, records_of
from auditor.readers.limits import DEFAULT, Limits
from auditor.readers.markdown import tables_in, without_marks
from auditor.readers.printedlines import blocks_of_lines


def read_text(document: Document, limits: Limits = DEFAULT) -> Extract:
    """The lines of a text. Raises `InputError`: empty, too large, or not text at all."""
    if len(document.content) > limits.text_bytes:
        raise limits.exceeded("text_bytes", document.name)
    text, notices = decode(document)
    if not text.strip():
        raise InputError(
            "empty", "the file has no text in it", place=document.name, hint="check the export"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tables = tables_in(text)
    if tables:
        return _with_tables(text, tables, Extract((), notices), document.name, limits)
    records = records_of(text)
    blocks = blocks_of_lines(without_marks(text)) if records is None else blocks_of(records)
    return Extract(tuple(blocks), notices)


def _with_tables(
    text: str, tables: Sequence[tuple[int, int]], extract: Extract, name: str, limits: Limits
) -> Extract:
    """A text with HTML tables in it, behind what is known of it."""
    from auditor.readers.html import read_html  # lxml is dear, and most texts have no use for it

    blocks: list[Paragraph | Grid] = []
    notices = list(extract.notices)
    position = lines = 0
    for start, end in tables:
        before = text[position:start]
        blocks += blocks_of_lines(without_marks(before), lines + 1)
        lines += before.count("\n")
        # As many lines in front of it as in the text: its elements then know theirs.
        page = read_html(Document(name, ("\n" * lines + text[start:end]).encode()), limits)
        blocks += page.blocks
        notices += page.notices
        lines += text.count("\n", start, end)
        position = end
    blocks += blocks_of_lines(without_marks(text[position:]), lines + 1)
    return Extract(tuple(blocks), tuple(notices))
