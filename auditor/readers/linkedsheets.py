"""A web page's elements in; the text of its style sheets, and which are not to be had, out.

Sheets stand in the page, or beside it in the same file (MHTML). A page saved with its sheets in
other files comes without them: a reader has the bytes of one document and fetches nothing.
"""

from __future__ import annotations

import base64
import re
from binascii import Error as NoBase64
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urldefrag, urljoin

from lxml import etree

Element = etree._Element

_MOST_CHARACTERS = 3_000_000
"""Of all sheets of a document; those of a portal come to some hundred thousands."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORT = re.compile(
    r"""@import\s++(?:url\(\s*+)?["']?([^"')\s;]{1,2000}+)["']?\s*+\)?([^;{}]{0,200}+);"""
)
_MEDIA_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([0-9.]{1,7})(px|em|rem)\s*\)")
_MEDIA = re.compile(r"(?:only\s+)?(?:screen|all)?(?:\s*(?:and)?\s*\([^()]*\))*\s*", re.IGNORECASE)
_SCREEN = 1_280
"""Width of the window, in pixels, for which a sheet is read."""


class Found(NamedTuple):
    """The sheets of a page, in the order in which they count."""

    text: str
    missing: tuple[str, ...]
    """Names of those that the document does not hold."""
    is_whole: bool
    """Whether `text` has all that the document holds."""


NONE = Found("", (), True)


class Sheets:
    """The sheets beside the pages of one document, by their addresses."""

    def __init__(self, beside: Mapping[str, str] | None = None) -> None:
        self._beside = beside or {}
        self._left = _MOST_CHARACTERS

    def of(self, root: Element, address: str = "") -> Found:
        """The sheets of a page that stood at that address."""
        first = next(root.iter("base"), None)
        base = joined(address, first.get("href") if first is not None else None)
        seen: set[str] = set()
        texts: list[str] = []
        missing: list[str] = []
        for element in root.iter("style", "link"):
            if not is_for_screens(element.get("media")):
                continue
            if element.tag == "style":
                pieces = self._with_imports(str(element.text or ""), base, seen)
            elif _is_sheet(element):
                pieces = self._at(joined(base, element.get("href")), seen)
            else:
                continue
            for text, lacking in pieces:
                (missing if lacking else texts).append(text)
        is_whole = self._left >= 0
        return Found("\n".join(texts) if is_whole else "", tuple(dict.fromkeys(missing)), is_whole)

    def _at(self, address: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
        """The sheet at an address after those that it imports; or its name, and that it lacks."""
        if address in seen:
            return
        seen.add(address)
        text = _inside(address) if address[:5].lower() == "data:" else self._beside.get(address)
        if text is None:
            yield _name(address), True
        else:
            yield from self._with_imports(text, address, seen)

    def _with_imports(self, text: str, base: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
        self._left -= len(text)
        if self._left < 0:  # nothing more is looked at
            return
        if "@import" in text:
            text = _COMMENT.sub("", text)
            for address, media in _IMPORT.findall(text):
                if len(seen) < 200 and is_for_screens(media.strip()):
                    yield from self._at(joined(base, address), seen)
        yield text, False


def is_for_screens(media: str | None) -> bool:
    """Whether one of some media queries holds on a desk; what is not understood does not."""
    return not media or any(_fits(query) for query in media.split(","))


def _fits(query: str) -> bool:
    if not _MEDIA.fullmatch(query.strip()):
        return False
    widths = _MEDIA_WIDTH.findall(query)
    if len(widths) != query.count("("):
        return False
    for bound, number, unit in widths:
        try:
            pixels = float(number) * (1 if unit == "px" else 16)
        except ValueError:
            return False
        if (pixels > _SCREEN) if bound == "min" else (pixels < _SCREEN):
            return False
    return True


def _is_sheet(link: Element) -> bool:
    rel = (link.get("rel") or "").lower().split()
    is_on = "alternate" not in rel and link.get("disabled") is None
    return "stylesheet" in rel and is_on and bool((link.get("href") or "").strip())


def joined(base: str, address: str | None) -> str:
    """An address as seen from another, without its fragment; one that is none stays as it is."""
    try:
        return urldefrag(urljoin(base, (address or "").strip()))[0]
    except ValueError:  # an address that is none
        return (address or "").strip()


def _inside(address: str) -> str | None:
    """The sheet that an address holds in itself (`data:`)."""
    head, _, body = address.partition(",")
    if not head.lower().endswith(";base64"):
        return unquote(body, errors="replace")
    try:
        return base64.b64decode(unquote_to_bytes(body)).decode("utf-8", "replace")
    except NoBase64:
        return None


def _name(address: str) -> str:
    """What a person calls a sheet: the last part of its address."""
    path = address.partition("?")[0].rstrip("/")
    return unquote(path.rpartition("/")[2], errors="replace")[:60] or "?"
