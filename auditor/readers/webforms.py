"""A web page's elements in, the same with their form fields saying what a person sees in them out.

Content systems print figures in fields: what is typed in one and what is chosen in one is text as
any other. Choices that are not made, and what is sent unseen, are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_SHOW_NO_VALUE = frozenset(
    {
        *("hidden", "password", "checkbox", "radio", "file", "range", "color"),
        *("submit", "image", "reset", "button"),
    }
)
"""Kinds of input of which nobody sees the value, or it is the word on a button."""


def fill_in(root: Element) -> None:
    """Makes the text of each field under `root` what is seen in it."""
    for field in list(root.iter("input", "select", "textarea")):
        if field.tag == "input":
            shown = _typed(field)
        elif field.tag == "select":
            shown = " ".join(_chosen(field))
        else:
            shown = _words(field)
        for child in list(field):
            field.remove(child)
        field.text = shown


def _typed(field: Element) -> str:
    kind = (field.get("type") or "").strip().lower()
    return "" if kind in _SHOW_NO_VALUE else field.get("value") or ""


def _chosen(field: Element) -> Iterator[str]:
    """What is shown as chosen: of a closed list, the last choice made or else the first to make."""
    options = list(field.iter("option"))
    made = [each for each in options if each.get("selected") is not None]
    if not _is_open(field):
        to_make = (each for each in options if not _is_disabled(each))
        made = made[-1:] or [each for each in [next(to_make, None)] if each is not None]
    for option in made:
        yield option.get("label") or _words(option)


def _is_open(field: Element) -> bool:
    """Whether a list shows its choices one below the other, made or not."""
    size = (field.get("size") or "").strip()
    return field.get("multiple") is not None or (size.isdecimal() and size not in ("0", "1"))


def _is_disabled(option: Element) -> bool:
    parent = option.getparent()
    in_group = parent is not None and parent.tag == "optgroup"
    return option.get("disabled") is not None or (
        in_group and parent is not None and parent.get("disabled") is not None
    )


def _words(element: Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()
