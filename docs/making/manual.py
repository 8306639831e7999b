"""`make man`: what the help says in, the manual page `docs/man/audit.1` out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor import __version__
from docs.making.commands import Described, Paragraph, described

PAGE = Path(__file__).resolve().parents[1] / "man" / "audit.1"

_EXIT = (
    ("0", "Every report was audited, and nothing reached the threshold."),
    ("1", "There are findings at or above the threshold (--fail-on)."),
    ("2", "Wrong usage; a rule, form or setting that is wrong; a stream that takes nothing."),
    ("3", "Some report could not be read well enough to be audited. 1 wins over 3."),
    ("130", "Interrupted; 143 and 129 when it was told to end."),
)
_ENVIRONMENT = (
    ("AUDIT_LANG", "Language of the output, zh or en, where --lang is not given."),
    ("LC_ALL, LC_MESSAGES, LANG", "The locale, which says the language where AUDIT_LANG does not."),
    ("NO_COLOR", "If set, nothing is coloured."),
    ("AUDIT_TRACEBACK", "If set, a defect of audit itself is told with its traceback."),
)


def manual() -> str:
    """The manual page, in the macros of man(7). It has no date: the same sources, the same page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    first, *commands = described()
    yield '.\\" Made by `make man` from the help of the commands; edit that.'
    yield f'.TH AUDIT 1 "" "audit {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "audit \\- find the wrong figure in a disclosure report before it is published"
    yield ".SH SYNOPSIS"
    for each in commands:
        if not each.is_group:
            head, _, rest = each.usage.partition(" [")
            yield f".B {_safe(head)}"
            yield _safe("[" + rest) if rest else ""
            yield ".br"
    yield ".SH DESCRIPTION"
    yield from _said(first.paragraphs)
    yield ".SH OPTIONS"
    yield from _listed(first.options)
    yield ".SH COMMANDS"
    for each in commands:
        yield from _command(each)
    for title, entries in (("EXIT STATUS", _EXIT), ("ENVIRONMENT", _ENVIRONMENT)):
        yield f".SH {title}"
        if title == "EXIT STATUS":
            yield "Of \\fBaudit check\\fR; other commands end with 0, or with 2 or 3 as it does."
        yield from _listed(entries)


def _command(each: Described) -> Iterator[str]:
    yield f'.SS "{_safe(each.usage)}"'
    yield from _said(each.paragraphs)
    yield from _listed(each.options)


def _said(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for text, is_kept in paragraphs:
        yield ".PP"
        if is_kept:
            yield from (".nf", *map(_safe, text.splitlines()), ".fi")
        else:
            yield _safe(text)


def _listed(entries: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, said in entries:
        yield from (".TP", f"\\fB{_safe(name)}\\fR", _safe(said))


def _safe(text: str) -> str:
    """The text itself: no character of it is read as a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text.replace('"', "\\(dq")


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(manual(), encoding="utf-8")


if __name__ == "__main__":
    main()
