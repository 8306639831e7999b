"""The elements of a web page and what its style sheets set for them in; which of its elements and
letters a person sees, and how laid out, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from auditor.readers.stylesheets import NOT_SET, Element, Style, StyleText, styles_of

_UNSET: Style = {}
_MOST_DECLARED = 256
"""Styles of elements that are remembered."""
_MOST_ATTRIBUTES = 50
_GENERATED_DIGITS = re.compile(r"""["'][^"'\\]*\d|counter""")
_ATTRIBUTE = re.compile(r"attr\(\s*([\w-]+)")
STRUCK = frozenset({"del", "s", "strike"})
_NEVER_SHOWN = frozenset(
    re.findall(
        r"\w+",
        "head title script style template noscript iframe object svg math audio video canvas "
        "datalist",
    )
)
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q rb ruby "
        "samp small span strong sub sup time tt u var wbr input select textarea output button "
        "img del s strike",
    )
)
TABLE_TAGS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_LAID_OUT = frozenset({"grid", "inline-grid", "table-row", "table"})
ROW_NAME = re.compile(r"(?:^|[\s_-])(?:tr|row)(?:[\s_-]|\d|$)", re.IGNORECASE)
_LINE_TAGS = frozenset({"span", "font", "a", "b", "i", "u", "em", "strong", "small"})
"""Elements that a style can raise: in cells of a table the same word moves text to the top."""
_RAISED_CLASSES = ("MsoFootnoteReference", "MsoEndnoteReference")
_DECLARATION = re.compile(r"(?:^|;)\s*([a-z-][\w-]*)\s*:([^;]*)", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*", re.IGNORECASE)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:(?:(?:is|js|ng|v|x|u|uk|el|layui|mui|weui)-)?(?:hide|hidden)"
    r"|(?:d|dis|display)[-_]?none|none|sr-only|visually-?hidden|invisible|no-?show)(?:\s|$)",
    re.IGNORECASE,
)
"""Names that classes have which hide: of the usual frameworks, or plain words."""
_SIZE = re.compile(r"(?:^|\s)(\d*\.?\d+)(px|pt|em|rem|%|ex|ch|)(?=$|[\s/])")
"""A size among the parts of a `font`, or alone."""
_MIN_SIZE = 2.0
"""In pixels or points: letters below are not seen."""
_CLEAR = re.compile(
    r"transparent|(?:rgb|hsl)a?\((?:(?:[^,]*,){3}|[^/]*/)\s*0?\.?0*%?\s*\)|#(?:...0|.{6}00)"
)
"""Colours of which nothing shows; of those that sheets set only the first is looked for."""
_HEX = re.compile(r"#(?:[\da-f]{3}|[\da-f]{6})")
_NEAR = 10
"""Of 255: letters whose colour is nearer to what is behind them are not seen."""
_MAX_VALUE = 500
"""Characters of a value with variables in it."""
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)")
_FAR = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|pt|em|rem|%)?")
"""So far to the left or above that it is not on the page."""
_NO_LENGTH = re.compile(r"0(?:px|pt|em|rem|%)?")
_NO_CLIP = re.compile(r"rect\([01px, ]*\)|inset\((?:50|100)%\)|polygon\([0px, ]*\)|circle\(0")
_NO_TRANSFORM = re.compile(r"scale\(\s*0\s*\)|translate(?:x|y|3d)?\([^)]*-\d{3,}")
_NO_FILTER = re.compile(r"opacity\(\s*0?\.?0*%?\s*\)")
_NO_OPACITY = re.compile(r"0?\.?0*%?")
_INVISIBLE = ("hidden", "collapse")
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext", "textarea"})
_PRESERVING = ("pre", "pre-wrap", "pre-line", "break-spaces")
_READ_BY_KIND = frozenset({"select", "iframe", "table", "bdo", "sub"})
_STYLED_TAGS = _PREFORMATTED | STRUCK | {"summary", "details"}


class Look(NamedTuple):
    """How an element is shown, but for what those around it set."""

    is_removed: bool
    """Whether it takes no place on the page."""
    is_invisible: bool
    """Whether it takes its place and shows nothing there."""
    is_raised: bool
    """Whether it stands above the line."""
    is_struck: bool
    """Whether its words are struck out."""
    is_clear: bool
    """Whether all in it cannot be seen, until a script moves it or shows it."""
    display: str
    """How it is laid out; empty for its usual way."""
    is_inline: bool
    """Whether it stands in a line of text; so do elements of office programs (`o:p`)."""
    is_off_baseline: bool
    """Whether it stands above or below the line, and not in the word before."""
    is_plain: bool
    """Whether nothing but its words is to be read, and only those around it may hide them."""
    may_lay_out: bool
    """Whether its style or a name may make it a table or a row."""


class _Looks(dict[Element, Look]):
    """How elements are shown, worked out when one is first asked for."""

    def __init__(self, styles: Mapping[Element, Style]) -> None:
        super().__init__()
        self._styles = styles
        """Those that sheets set."""
        self._alike: dict[tuple[object, ...], Look] = {}
        """By all that decides on it where no sheet does: most elements of a page are alike."""

    def __missing__(self, element: Element) -> Look:
        if element in self._styles:
            found = _look_of(element, _style_of(element, self._styles))
        else:
            alike = element.tag, *_attributes(element)
            known = self._alike.get(alike)
            found = known or _look_of(element, _style_of(element, self._styles))
            self._alike[alike] = found
        self[element] = found
        return found


Colour = tuple[float, float, float]
"""Parts of red, green and blue, from 0 to 255."""
_BLACK, _PAPER = (0.0, 0.0, 0.0), (255.0, 255.0, 255.0)


class TextStyle(NamedTuple):
    """How the letters in an element are shown, by all that is set for it and around it."""

    has_size: bool = True
    """Whether they are large enough to be seen."""
    is_visible: bool = True
    preserves_blanks: bool = False
    """Whether blanks and line breaks are shown as they are written."""
    is_struck: bool = False
    colour: Colour | None = _BLACK
    """None where they are transparent."""
    background: Colour | None = _PAPER
    """What is behind them; None where that is a picture."""
    is_ours: bool = True
    """Whether the sheets at hand say what colours there are: of an element in a line, or of all."""
    clear: Element | None = None
    """The nearest element that hides all in it until a script shows it."""
    is_plain: bool = True
    """Whether none of this leaves letters in doubt, or takes them away."""

    @property
    def is_drawn(self) -> bool:
        """Whether letters are drawn, in whatever colour."""
        return self.has_size and self.is_visible

    @property
    def has_no_contrast(self) -> bool:
        """Whether letters have the colour of what is behind them."""
        colour, background = self.colour, self.background
        if colour is None:
            return True
        return (
            background is not None
            and self.is_ours
            and all(abs(one - two) <= _NEAR for one, two in zip(colour, background, strict=True))
        )


class _TextStyles(dict[Element, TextStyle]):
    """How letters are shown, by the element in which they stand; most elements are alike."""

    def __init__(self, styles: Mapping[Element, Style], lacks_sheets: bool) -> None:
        super().__init__()
        self._styles = styles
        self._lacks_sheets = lacks_sheets
        self._alike: dict[tuple[object, ...], TextStyle] = {}

    def __missing__(self, element: Element) -> TextStyle:
        unknown = [element]
        style = TextStyle()
        while (parent := unknown[-1].getparent()) is not None:
            known = self.get(parent)
            if known is not None:
                style = known
                break
            unknown.append(parent)
        for each in reversed(unknown):
            if each in self._styles:
                style = self._within(style, each)
            else:
                alike = style, each.tag, *_attributes(each)
                found = self._alike.get(alike)
                if found is None or found.clear is not style.clear:
                    found = self._alike[alike] = self._within(style, each)
                style = found
            self[each] = style
        return style

    def _within(self, around: TextStyle, element: Element) -> TextStyle:
        """How letters in an element are shown that stands in one where they are shown so."""
        set_style = _style_of(element, self._styles)
        tag, attribute = element.tag, element.get
        if not set_style and not element.keys() and tag not in _STYLED_TAGS:
            return around
        style = {name: self._resolved(value, element) for name, (value, _) in set_style.items()}
        get = style.get
        background, backing = around.background, get("background-color") or get("background", "")
        backing = backing or attribute("bgcolor") or ""
        own = get("-webkit-text-fill-color") or get("color") or ""
        if not own and tag == "font":
            own = attribute("color") or ""
        colour = _colour(own, around.colour, around.background) if own else around.colour
        image = get("background", "") + get("background-image", "")
        if "url(" in image or "gradient(" in image:
            background = None
        elif backing:
            background = _colour(backing, background, background, colour) or background
        size, white_space = _own_size(get("font-size") or get("font") or ""), get("white-space")
        preserves, visibility = around.preserves_blanks, get("visibility", "inherit")
        if white_space and white_space != "inherit":
            preserves = white_space in _PRESERVING
        elif tag in _PREFORMATTED:
            preserves = True
        is_ours = around.is_ours
        if own or backing:
            is_ours = not self._lacks_sheets or tag in _LINE_TAGS
        is_closed = tag == "details" and attribute("open") is None
        is_clear = _is_clear(style, str(tag)) or (is_closed and _is_in_cell(element))
        clear = element if is_clear else around.clear
        parent = element.getparent() if tag == "summary" else None
        if parent is not None and around.clear is parent and not is_clear:
            clear = None
        shown = TextStyle(
            around.has_size if size is None else size,
            around.is_visible if visibility == "inherit" else visibility not in _INVISIBLE,
            preserves,
            around.is_struck or tag in STRUCK or _is_line_through(style),
            colour,
            background,
            is_ours,
            clear,
        )
        is_seen = shown.is_drawn and not shown.has_no_contrast
        return shown._replace(is_plain=is_seen and clear is None and not shown.is_struck)

    def _resolved(self, value: str, element: Element) -> str:
        """A value with what its variables stand for."""

        def set_to(variable: re.Match[str]) -> str:
            for each in (element, *element.iterancestors()):
                found = _style_of(each, self._styles).get(variable[1])
                if found:
                    return found[0][:_MAX_VALUE]
            return (variable[2] or "").strip()

        for _ in range(3):  # variables that stand for variables
            if "var(" not in value or len(value) > _MAX_VALUE:
                break
            value = _VARIABLE.sub(set_to, value)
        return value


def _attributes(element: Element) -> Sequence[object]:
    """What tells an element from others of its tag; lxml takes the square of their number for all
    attributes, so that one with very many is like no other."""
    return element.items() if len(element.keys()) <= _MOST_ATTRIBUTES else (element,)


def _is_in_cell(element: Element) -> bool:
    return next(element.iterancestors("td", "th"), None) is not None


@lru_cache(_MOST_DECLARED)
def _colour(
    value: str, inherited: Colour | None, behind: Colour | None, current: Colour | None = None
) -> Colour | None:
    """The colour that is seen where one is set; None where it is transparent. What is no colour
    changes nothing."""
    value = value.strip().lower()
    if value == "black" or value == "windowtext" or value == "initial":
        return _BLACK
    if value == "white":
        return _PAPER
    if _HEX.fullmatch(value):
        digits = value[1:] if len(value) == 7 else "".join(2 * each for each in value[1:])
        red, green, blue = (float(int(digits[at : at + 2], 16)) for at in (0, 2, 4))
        return red, green, blue
    if _CLEAR.fullmatch(value):
        return None
    from tinycss2.color4 import parse_color

    for word in (value, *value.split()):  # a colour among the parts of a background
        found = parse_color(word)
        if found == "currentcolor":
            return current if current is not None else inherited
        if found is not None:
            red, green, blue = (255 * each for each in found.to("srgb").coordinates)
            under = behind or _PAPER
            red, green, blue = (
                found.alpha * over + (1 - found.alpha) * below
                for over, below in zip((red, green, blue), under, strict=True)
            )
            return red, green, blue
    return inherited


def _own_size(declared: str) -> bool | None:
    """Whether letters of a size are seen; None where it is that of what stands around."""
    if not declared or declared == "inherit":
        return None
    size = _SIZE.search(declared)
    if size is None:  # a word such as `small`
        return True
    number, unit = float(size[1]), size[2]
    if unit in ("px", "pt") or not number:
        return number >= _MIN_SIZE
    return True if unit == "rem" else None  # parts of what stands around it


class ComputedStyles:
    """How the elements of one page are shown, by their own style and the page's sheets."""

    def __init__(self, root: Element, sheets: StyleText) -> None:
        self._styles, is_complete = styles_of(root, sheets.text)
        self.is_complete = is_complete and sheets.is_complete
        self.lacks_sheets = bool(sheets.missing)
        """Whether a sheet of the page is not here."""
        self.looks = _Looks(self._styles)
        """How each element is shown."""
        self.texts = _TextStyles(self._styles, self.lacks_sheets)
        """How the letters in each are shown."""
        self.generates = any(
            name.endswith("-content") for style in self._styles.values() for name in style
        )
        """Whether a sheet puts something before or behind an element."""

    @property
    def has_sheets(self) -> bool:
        """Whether a sheet sets anything on the page."""
        return bool(self._styles)

    def value(self, element: Element, name: str) -> str:
        """What holds for a property of the element itself; empty where nothing sets it."""
        return _style_of(element, self._styles).get(name, NOT_SET)[0]

    def display(self, element: Element) -> str:
        """How the element is laid out; empty for its usual way."""
        return self.looks[element].display

    def is_removed(self, element: Element) -> bool:
        """Whether an element takes no place on the page."""
        return self.looks[element].is_removed

    def is_unseen(self, element: Element) -> bool:
        """Whether nothing of an element is text."""
        look = self.looks[element]
        if look.is_invisible:
            return not any(self.texts[each].is_visible for each in element.iterdescendants("*"))
        return look.is_removed or look.is_struck

    def text_doubt(self, element: Element, ignored: Element | None) -> str:
        """Why the letters in an element may not be seen, or not be said, as the code of a notice;
        empty for most. `ignored` is what hides a whole table until a script shows it."""
        style = self.texts[element]
        if style.is_struck:
            return "struck-text"
        is_clear = style.clear is not None and style.clear is not ignored
        return "clear-text" if is_clear or style.has_no_contrast else ""

    def class_doubt(self, element: Element) -> str:
        """Whether a class hides an element by its name, while the sheet that would say is not here:
        of the elements with a class nearly all are shown, so that not each is doubted."""
        if not self.lacks_sheets or not _HIDING_CLASS.search(element.get("class") or ""):
            return ""
        is_set = self.value(element, "display") or self.value(element, "visibility")
        return "" if is_set else "sheet-missing"

    def generates_digits(self, element: Element) -> bool:
        """Whether a sheet may put digits before or behind what stands in an element."""
        if not self.generates:
            return False
        for side in ("before", "after"):
            content = self.texts._resolved(self.value(element, f"{side}-content"), element)
            attributes = (element.get(name) or "" for name in _ATTRIBUTE.findall(content))
            has_digits = _GENERATED_DIGITS.search(content) or any(
                map(str.isdigit, "".join(attributes))
            )
            if has_digits and self.value(element, f"{side}-display") != "none":
                return True
        return False

    def hiding_class(self, element: Element | None) -> str:
        """The class that decides on an element where the sheet that would say is not here."""
        while self.lacks_sheets and element is not None:
            if element.get("class"):
                return element.get("class") or ""
            element = element.getparent()
        return ""

    def is_raised(self, element: Element) -> bool:
        """Whether an element stands above the line."""
        return self.looks[element].is_raised


def _style_of(element: Element, styles: Mapping[Element, Style]) -> Style:
    """All that is set of an element; `styles` are those that sheets set."""
    by_sheet = styles.get(element, _UNSET) if styles else _UNSET
    style = element.get("style")
    if not style:
        return by_sheet
    own = _declared(style)
    if not by_sheet:
        return own
    kept = {
        name: value
        for name, value in by_sheet.items()
        if name not in own or (value[1] and not own[name][1])
    }
    return own | kept


def _look_of(element: Element, set_style: Style) -> Look:
    style = {name: value for name, (value, _) in set_style.items()}
    display = style.get("display", "")
    is_hidden = display == "none" or (not display and element.get("hidden") is not None)
    is_closed = element.tag == "dialog" and element.get("open") is None
    is_raised = element.tag == "sup" or element.get("class") in _RAISED_CLASSES
    tag = element.tag
    is_clear = bool(style) and _is_clear(style, str(tag))
    is_removed = tag in _NEVER_SHOWN or style.get("mso-hide") == "all" or is_hidden or is_closed
    is_invisible = style.get("visibility") in _INVISIBLE
    is_raised = is_raised or (tag in _LINE_TAGS and style.get("vertical-align") == "super")
    is_struck = tag in STRUCK or _is_line_through(style)
    return Look(
        is_removed,
        is_invisible,
        is_raised,
        is_struck,
        is_clear,
        display,
        tag in _INLINE or ":" in str(tag),
        is_raised or tag == "sub",
        not (is_removed or is_invisible or is_raised or is_struck or is_clear)
        and tag not in _READ_BY_KIND
        and not _HIDING_CLASS.search(element.get("class") or "")
        and not any(str(name).startswith("data-") for name in element.attrib)
        and not any(name.endswith("-content") for name in style),
        display in _LAID_OUT
        or element.get("role") == "row"
        or (tag not in TABLE_TAGS and bool(ROW_NAME.search(element.get("class") or ""))),
    )


def _is_line_through(style: Mapping[str, str]) -> bool:
    decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    return "line-through" in decoration


def _is_clear(style: Mapping[str, str], tag: str) -> bool:
    """Whether letters are there and nobody sees them: clear, far off the page, or in a box of no
    size. Cells of tables grow with their words, whatever size is set."""
    get = style.get
    if _NO_OPACITY.fullmatch(get("opacity", "1")) or get("content-visibility") == "hidden":
        return True
    is_moved = get("position") in ("absolute", "fixed")
    is_off = is_moved and any(
        _FAR.fullmatch(get(side, "")) for side in ("left", "top", "margin-left")
    )
    is_cut = get("overflow") == "hidden" or get("overflow-x") == "hidden"
    has_no_box = (
        tag not in TABLE_TAGS
        and (is_cut or get("overflow-y") == "hidden")
        and any(
            _NO_LENGTH.fullmatch(get(name, ""))
            for name in ("width", "height", "max-width", "max-height")
        )
    )
    return bool(
        is_off
        or has_no_box
        or _FAR.fullmatch(get("text-indent", ""))
        or (is_moved and _NO_CLIP.match(get("clip", "")))
        or _NO_CLIP.match(get("clip-path", ""))
        or _NO_TRANSFORM.search(get("transform", ""))
        or _NO_FILTER.search(get("filter", ""))
    )


@lru_cache(_MOST_DECLARED)
def _declared(style: str) -> Style:
    """What the style of an element sets; the cells of a table have the same one."""
    found: Style = {}
    for name, value in _DECLARATION.findall(style):
        is_important = _IMPORTANT.search(value) is not None
        if is_important or not found.get(name.lower(), NOT_SET)[1]:
            found[name.lower()] = _IMPORTANT.sub("", value).strip().lower(), is_important
    return {name: value for name, value in found.items() if value[0]}
