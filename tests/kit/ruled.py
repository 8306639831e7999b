"""An invented report's tables as ruled boxes with spans, and web pages made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from random import Random

from auditor.model.form import Address, Form
from auditor.testing import Page, PrintedRow, Section, page


@dataclass(frozen=True, slots=True)
class Box:
    """A ruled box; row and column count from 0."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


def ruled(section: Section) -> list[list[Box]]:
    """The rows of a section's table, each box where it begins, as the blank form rules them."""
    if section.table.layout == "single":
        return _single(section)
    if section.table.groups:
        return _grouped(section)
    return _blocks(section)


def _single(section: Section) -> list[list[Box]]:
    top, middle, bottom, data = section.rows
    wide = len(section.table.columns)
    first = [Box(top.labels[0], 0, 0, 1, wide), Box(top.labels[1], 0, wide, 1, 2 * wide)]
    second = [Box(label, 1, at, 2) for at, label in enumerate(middle.labels[:wide])]
    second += [
        Box(label, 1, wide * (at + 1), 1, wide) for at, label in enumerate(middle.labels[wide:])
    ]
    third = [Box(label, 2, wide + at) for at, label in enumerate(bottom.labels)]
    return [first, second, third, [Box(text, 3, at) for at, text in enumerate(data.figures)]]


def _grouped(section: Section) -> list[list[Box]]:
    top, middle, bottom, *body = section.rows
    depth = max(len(row.labels) for row in body)
    size = len(section.table.columns)
    last = depth + size - 1
    rows = [
        [Box(top.labels[0], 0, 0, 3, depth), Box(top.labels[1], 0, depth, 1, size)],
        [
            Box(middle.labels[0], 1, depth, 2),
            Box(middle.labels[1], 1, depth + 1, 1, size - 2),
            Box(middle.labels[2], 1, last, 2),
        ],
        [Box(label, 2, depth + 1 + at) for at, label in enumerate(bottom.labels)],
    ]
    for index, row in enumerate(body):
        labels = [
            Box(
                label,
                index + 3,
                at,
                _height(body, index, at),
                depth - at if at == len(row.labels) - 1 else 1,
            )
            for at, label in enumerate(row.labels)
            if label
        ]
        rows.append(
            labels + [Box(text, index + 3, depth + at) for at, text in enumerate(row.figures)]
        )
    return rows


def _height(body: Sequence[PrintedRow], index: int, at: int) -> int:
    height = 1
    for row in body[index + 1 :]:
        if len(row.labels) <= at or row.labels[at] != "":
            break
        height += 1
    return height


def _blocks(section: Section) -> list[list[Box]]:
    wide = 1 + max(len(row.figures) for row in section.rows)
    rows = []
    for index, row in enumerate(section.rows):
        texts = (*row.labels, *row.figures)
        boxes = [Box(text, index, at) for at, text in enumerate(texts[:-1])]
        boxes.append(Box(texts[-1], index, len(boxes), 1, wide - len(boxes)))
        rows.append(boxes)
    return rows


Setting = Callable[[Box], str]


def _plain(box: Box) -> str:
    return f"<td{_spans(box)}>{escape(box.text)}</td>"


def _from_word(box: Box) -> str:
    words = escape(box.text) or "<o:p>&nbsp;</o:p>"
    return (
        f"<td width=57{_spans(box)} style='border:solid windowtext 1.0pt'>\n"
        f"<p class=MsoNormal align=center><span lang=EN-US style='font-size:10.5pt;\n"
        f"font-family:FangSong'>{words}</span><![if !supportMisalignedColumns]><![endif]>"
        f"<o:p></o:p></p>\n</td>"
    )


def _for_zero(box: Box) -> str:
    blank = Box("&nbsp;" if box.text == "0" else escape(box.text), *_place(box))
    return f'<td{_spans(box)}><p>&nbsp;{blank.text}<br></p><i style="display:none">7</i></td>'


def _place(box: Box) -> tuple[int, int, int, int]:
    return box.row, box.column, box.rowspan, box.colspan


def _spans(box: Box) -> str:
    rows = f' rowspan="{box.rowspan}"' if box.rowspan > 1 else ""
    return rows + (f" colspan={box.colspan}" if box.colspan > 1 else "")


def _table(section: Section, setting: Setting) -> str:
    rows = ("".join(setting(box) for box in row) for row in ruled(section))
    return "<table border=1>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _body(made: Page, setting: Setting) -> str:
    parts = [f"<h1>{escape(made.title)}</h1>", *(f"<p>{escape(said)}" for said in made.opening)]
    for section in made.sections:
        parts += [f"<p><strong>{escape(section.heading)}</strong></p>", _table(section, setting)]
    return "\n".join([*parts, *(f"<p>{escape(said)}</p>" for said in made.closing)])


def _page_plain(made: Page) -> bytes:
    return f"<!DOCTYPE html><html><body>{_body(made, _plain)}</body></html>".encode()


def _page_from_word(made: Page) -> bytes:
    head = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
        "<style><!-- p.MsoNormal {margin:0cm} --></style>"
        "<!--[if gte mso 9]><xml><o:p>1</o:p></xml><![endif]--></head><body>"
    )
    return (head + _body(made, _from_word) + "</body></html>").encode("gb18030")


def _page_of_portal(made: Page) -> bytes:
    """In a layout table, between navigation, with a charset that it does not have."""
    return (
        '<html><head><meta charset="gbk"><title>12</title><script>var n = 4 < 5;</script></head>'
        "<body><table><tr><td><ul><li>1</li><li>2</li></ul></td><td>"
        f'<div style="Display: none">99</div><p hidden>98</p>{_body(made, _for_zero)}'
        "</td></tr></table></body></html>"
    ).encode()


_PAGES: dict[str, Callable[[Page], bytes]] = {
    "a plain page": _page_plain,
    "a page saved by a word processor": _page_from_word,
    "a portal's page with blanks for zero": _page_of_portal,
}

WEB_PAGES = tuple(_PAGES)
"""Names of the styles of web page."""


def web_page(
    style: str, form: Form, figures: Mapping[Address, Decimal], agency: str, year: int, rng: Random
) -> bytes:
    """The report as a web page in one of the styles."""
    return _PAGES[style](page(form, figures, agency, year, rng))
