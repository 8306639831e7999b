"""A web page's elements in; which of them a person sees, and how they are laid out, out."""

from __future__ import annotations

import re

from lxml import etree

from auditor.readers.linkedsheets import Found
from auditor.readers.stylesheets import styles_of

Element = etree._Element

STRUCK = frozenset({"del", "s", "strike"})
_DROPPED = frozenset(
    re.findall(
        r"\w+",
        "head title script style template noscript iframe object svg math audio video canvas "
        "datalist",
    )
)
_LINE_TAGS = frozenset({"span", "font", "a", "b", "i", "em", "strong", "small"})
"""Elements that a style can raise: in cells of a table the same word moves text to the top."""
_RAISED_CLASSES = ("MsoFootnoteReference", "MsoEndnoteReference")
_DECLARATION = re.compile(r"(?:^|;)\s*([a-z-]+)\s*:([^;]*)", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*", re.IGNORECASE)
_INVISIBLE = ("hidden", "collapse")
_HIDING_NAME = re.compile(
    r"(?:^|\s)(?:(?:(?:is|js|ng|v|x|u|uk|el|layui|mui|weui)-)?(?:hide|hidden)"
    r"|(?:d|dis|display)[-_]?none|none|sr-only|visually-?hidden|invisible|no-?show)(?:\s|$)",
    re.IGNORECASE,
)
"""Names that classes have which hide: of the usual frameworks, or plain words."""


_SIZE = re.compile(r"(?:^|\s)(\d*\.?\d+)(px|pt|em|rem|%|ex|ch|)(?=$|[\s/])")
"""A size among the parts of a `font`, or alone."""
_LEAST_SIZE = 2.0
"""In pixels or points: letters below are not seen."""
_SET_OUT = frozenset({"pre", "listing", "xmp", "plaintext", "textarea"})
_KEEPING = ("pre", "pre-wrap", "pre-line", "break-spaces")


class Sight:
    """How the elements of one page are shown, by their own style and the page's sheets."""

    def __init__(self, root: Element, found: Found) -> None:
        self._sheets, is_whole = styles_of(root, found.text)
        self.is_whole = is_whole and found.is_whole
        self._lacks_sheets = bool(found.missing)
        self._keeping: dict[Element, bool] = {}
        self._sized: dict[Element, bool] = {}

    @property
    def has_sheets(self) -> bool:
        """Whether a sheet says anything of it."""
        return bool(self._sheets)

    def value(self, element: Element, name: str) -> str:
        """What holds for a property of the element itself; empty where nothing is said."""
        by_sheet, important = self._sheets.get(element, {}).get(name, ("", False))
        style = element.get("style")
        if not style:
            return by_sheet
        own, own_important = "", False
        for said, value in _DECLARATION.findall(style):
            if said.lower() == name:
                marked = _IMPORTANT.search(value) is not None
                if marked or not own_important:
                    own, own_important = _IMPORTANT.sub("", value).strip().lower(), marked
        return by_sheet if not own or (important and not own_important) else own

    def display(self, element: Element) -> str:
        """How the element is laid out; empty for its usual way."""
        return self.value(element, "display") if self._may_say(element, "display") else ""

    def is_removed(self, element: Element) -> bool:
        """Whether an element takes no place on the page."""
        if element.tag in _DROPPED:
            return True
        style = element.get("style")
        if style and "mso-hide" in style.lower() and self.value(element, "mso-hide") == "all":
            return True
        display = self.display(element)
        return display == "none" or (not display and element.get("hidden") is not None)

    def is_invisible(self, element: Element) -> bool:
        """Whether an element takes its place and shows nothing there."""
        if not self._may_say(element, "visibility"):
            return False
        return self.value(element, "visibility") in _INVISIBLE

    def is_unseen(self, element: Element) -> bool:
        """Whether nothing of an element is text."""
        return element.tag in STRUCK or self.is_removed(element) or self.is_invisible(element)

    def may_be_hidden(self, element: Element) -> bool:
        """Whether a class hides an element by its name, and the sheet that would say is not here.

        Of the elements with a class nearly all are shown: to doubt each would say nothing.
        """
        if not self._lacks_sheets or not _HIDING_NAME.search(element.get("class") or ""):
            return False
        return not self.value(element, "display") and not self.value(element, "visibility")

    def owner(self, element: Element | None) -> str:
        """The class that decides on an element where the sheet that would say is not here."""
        while self._lacks_sheets and element is not None:
            if element.get("class"):
                return element.get("class") or ""
            element = element.getparent()
        return ""

    def is_raised(self, element: Element) -> bool:
        """Whether an element stands above the line."""
        if element.tag == "sup" or element.get("class") in _RAISED_CLASSES:
            return True
        if element.tag not in _LINE_TAGS or not self._may_say(element, "vertical-align"):
            return False
        return self.value(element, "vertical-align") == "super"

    def keeps_lines(self, element: Element | None) -> bool:
        """Whether blanks and line breaks in an element's text are shown as they are written."""
        passed: list[Element] = []
        keeps = False
        while element is not None:
            if element in self._keeping:
                keeps = self._keeping[element]
                break
            passed.append(element)
            said = (
                self.value(element, "white-space") if self._may_say(element, "white-space") else ""
            )
            if said not in ("", "inherit"):
                keeps = said in _KEEPING
                break
            if element.tag in _SET_OUT:
                keeps = True
                break
            element = element.getparent()
        self._keeping.update(dict.fromkeys(passed, keeps))
        return keeps

    def has_size(self, element: Element | None) -> bool:
        """Whether letters that stand in the element itself are large enough to be seen."""
        passed: list[Element] = []
        found = True
        while element is not None:
            if element in self._sized:
                found = self._sized[element]
                break
            passed.append(element)
            own = self._size(element)
            if own is not None:
                found = own
                break
            element = element.getparent()
        self._sized.update(dict.fromkeys(passed, found))
        return found

    def _size(self, element: Element) -> bool | None:
        """Whether the size that the element sets is seen; None where it sets none of its own."""
        if not self._may_say(element, "font"):
            return None
        said = self.value(element, "font-size") or self.value(element, "font")
        size = _SIZE.search(said)
        if not said or said == "inherit":
            return None
        if size is None:  # a word such as `small`
            return True
        number, unit = float(size[1]), size[2]
        if unit in ("px", "pt") or not number:
            return number >= _LEAST_SIZE
        return True if unit == "rem" else None  # parts of what stands around it

    def _may_say(self, element: Element, name: str) -> bool:
        """Whether it is worth looking: most elements have no style at all."""
        style = element.get("style")
        return (style is not None and name in style.lower()) or element in self._sheets
