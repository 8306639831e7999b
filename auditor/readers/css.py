"""A web page and its style sheets in; which of its elements a person sees, and how laid out, out.

Sheets stand in the page, or beside it in the same file (MHTML). A page saved with its sheets in
other files comes without them: a reader has the bytes of one document and fetches nothing. Only
what hides elements, keeps their lines or lays them out as tables counts: a sheet that has none of
this is not parsed. Selectors are matched as a browser on a desk does it: states that need a person
(`:hover`), print and small screens do not match.
"""

from __future__ import annotations

import base64
import re
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urldefrag, urljoin

from lxml import etree

Element = etree._Element
Style = dict[str, tuple[str, bool]]
"""By the name of a property, its value, and whether it is marked as important."""
_UNSET: Style = {}
_NOT_SET = "", False
_MOST_DECLARED = 256
"""Styles of elements that are remembered."""

_MAX_CHARACTERS = 3_000_000
"""Of all sheets of a document; those of a portal come to some hundred thousands."""
_MAX_PARSED = 1_000_000
"""Of them, without the bodies of rules that set nothing that is read: parsing takes 3 us each."""
_MAX_IMPORTS = 200
_MAX_VISITS = 500_000
"""Elements looked at for all selectors; a page with an article needs some tens of thousands."""
_MAX_SELECTOR, _MAX_BRACKETS = 100, 20
"""Parts of a selector, and functions in it; people write ten of the ones and two of the others."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORT = re.compile(
    r"""@import\s++(?:url\(\s*+)?["']?([^"')\s;]{1,2000}+)["']?\s*+\)?([^;{}]{0,200}+);"""
)
_MEDIA_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([0-9.]{1,7})(px|em|rem)\s*\)")
_MEDIA = re.compile(r"(?:only\s+)?(?:screen|all)?(?:\s*(?:and)?\s*\([^()]*\))*\s*", re.IGNORECASE)
_SCREEN = 1_280
"""Width of the window, in pixels, for which a sheet is read."""
_PROPERTIES = frozenset(
    {
        *("display", "visibility", "vertical-align", "grid-template-columns", "grid-auto-flow"),
        *("grid-column", "grid-row", "grid-area", "grid-column-start", "grid-row-start"),
        *("grid-template", "grid-template-areas", "grid", "order", "white-space"),
        *("font-size", "font", "opacity", "color", "text-decoration", "text-decoration-line"),
        *("text-indent", "position", "left", "top", "clip", "clip-path", "transform", "overflow"),
        *("width", "height", "max-width", "max-height", "background", "background-color"),
        "content",
    }
)
"""What is read of a style."""
_CONTENT = r"""(?<![\w-])content\s*:\s*(?:["'][^"'\\]*\d|attr|counter)"""
"""What a sheet puts before or behind an element, where that may have digits and is no icon."""
_GENERATED_DIGITS = re.compile(r"""["'][^"'\\]*\d|counter""")
_ATTRIBUTE = re.compile(r"attr\(\s*([\w-]+)")
_HIDES_OR_LAYS_OUT = re.compile(
    r"(?:display\s*:\s*(?:none|table|inline-table|grid)|visibility\s*:\s*(?:hidden|collapse)"
    r"|white-space\s*:\s*(?:pre|break)|(?<![\w-])color\s*:\s*transparent"
    r"|line-through|(?:text-indent|(?<![\w-])(?:left|top))\s*:\s*-\d{3}|(?<![\w-])clip(?:-path)?\s*:"
    rf"|scale\(\s*0\s*\)|{_CONTENT}|opacity\s*:\s*0?\.?0*(?![.\d]))",
    re.IGNORECASE,
)
_TINY_FONT = re.compile(
    r"font(?:-size)?\s*:\s*(?:0(?:\.0+)?(?![.\d])|1(?:\.\d+)?p[xt])", re.IGNORECASE
)
"""Letters too small to be seen; in a sheet without any, sizes do not count."""
_BODY = re.compile(r"""\{(?:[^{}"']|"[^"\n]*"|'[^'\n]*')*+\}""")
_RELEVANT = re.compile(
    r"display|visibility|vertical-align|grid|order|white-space|opacity"
    r"|(?<![\w-])color\s*:\s*transparent|line-through|(?<![\w-])clip(?:-path)?\s*:|scale\(\s*0"
    rf"|(?:text-indent|(?<![\w-])(?:left|top))\s*:\s*-\d{{3}}|{_CONTENT}",
    re.IGNORECASE,
)
_RELEVANT_WITH_SIZES = re.compile(f"{_RELEVANT.pattern}|font", re.IGNORECASE)

STRUCK = frozenset({"del", "s", "strike"})
_NEVER_SHOWN = frozenset(
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
_WHITE = re.compile(r"white|#f{3}(?:f{3})?|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)")
_FAR = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|pt|em|rem|%)?")
"""So far to the left or above that it is not on the page."""
_NO_LENGTH = re.compile(r"0(?:px|pt|em|rem|%)?")
_NO_CLIP = re.compile(r"rect\([01px, ]*\)|inset\((?:50|100)%\)|polygon\([0px, ]*\)|circle\(0")
_NO_OPACITY = re.compile(r"0?\.?0*%?")
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext", "textarea"})
_PRESERVING = ("pre", "pre-wrap", "pre-line", "break-spaces")


class StyleText(NamedTuple):
    """The sheets of a page, in the order in which they count."""

    text: str = ""
    missing: tuple[str, ...] = ()
    """Names of those that the document does not hold."""
    is_complete: bool = True
    """Whether `text` has all that the document holds."""


class StyleSheets:
    """The sheets beside the pages of one document, by their addresses."""

    def __init__(self, attached: Mapping[str, str] | None = None) -> None:
        self._attached = attached or {}
        self._left = _MAX_CHARACTERS

    def of(self, root: Element, address: str = "") -> StyleText:
        """The sheets of a page that stood at that address."""
        first = next(root.iter("base"), None)
        base = joined(address, first.get("href") if first is not None else None)
        seen: set[str] = set()
        texts: list[str] = []
        missing: list[str] = []
        for element in root.iter("style", "link"):
            if not _is_for_screen(element.get("media")):
                continue
            if element.tag == "style":
                pieces = self._with_imports(str(element.text or ""), base, seen)
            elif _is_sheet(element):
                pieces = self._load(joined(base, element.get("href")), seen)
            else:
                continue
            for text, is_missing in pieces:
                (missing if is_missing else texts).append(text)
        is_complete = self._left >= 0
        text = "\n".join(texts) if is_complete else ""
        return StyleText(text, tuple(dict.fromkeys(missing)), is_complete)

    def _load(self, address: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
        """The sheet at an address after those that it imports; or its name, and that it lacks."""
        if address in seen:
            return
        seen.add(address)
        text = _data(address) if address[:5].lower() == "data:" else self._attached.get(address)
        if text is None:
            path = address.partition("?")[0].rstrip("/")
            yield unquote(path.rpartition("/")[2], errors="replace")[:60] or "?", True
        else:
            yield from self._with_imports(text, address, seen)

    def _with_imports(self, text: str, base: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
        self._left -= len(text)
        if self._left < 0:  # nothing more is looked at
            return
        if "@import" in text:
            text = _COMMENT.sub("", text)
            for address, media in _IMPORT.findall(text):
                if len(seen) < _MAX_IMPORTS and _is_for_screen(media.strip()):
                    yield from self._load(joined(base, address), seen)
        yield text, False


def joined(base: str, address: str | None) -> str:
    """An address as seen from another, without its fragment; one that is not valid stays."""
    try:
        return urldefrag(urljoin(base, (address or "").strip()))[0]
    except ValueError:
        return (address or "").strip()


def _is_sheet(link: Element) -> bool:
    rel = (link.get("rel") or "").lower().split()
    is_on = "alternate" not in rel and link.get("disabled") is None
    return "stylesheet" in rel and is_on and bool((link.get("href") or "").strip())


def _data(address: str) -> str | None:
    """The sheet that an address holds in itself (`data:`)."""
    head, _, body = address.partition(",")
    if not head.lower().endswith(";base64"):
        return unquote(body, errors="replace")
    try:
        return base64.b64decode(unquote_to_bytes(body)).decode("utf-8", "replace")
    except NoBase64:
        return None


def _is_for_screen(media: str | None) -> bool:
    """Whether one of some media queries holds on a desk; what is not understood does not."""
    return not media or any(_matches_screen(query) for query in media.split(","))


def _matches_screen(query: str) -> bool:
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


def _computed_styles(root: Element, text: str) -> tuple[dict[Element, Style], bool]:
    """What its sheets set for each element, and whether all of it could be taken in."""
    if not _HIDES_OR_LAYS_OUT.search(text) and not _TINY_FONT.search(text):
        return {}, True
    read = _RELEVANT_WITH_SIZES if _TINY_FONT.search(text) else _RELEVANT
    text = _BODY.sub(lambda body: body[0] if read.search(body[0]) else "{}", text)
    if len(text) > _MAX_PARSED:
        return {}, False
    found: dict[Element, Style] = {}
    try:
        for element, style in _matched(root, text):
            found[element] = style
    except (_BudgetSpent, RecursionError):  # blocks nested by the thousand; people nest some five
        return found, False
    return found, True


def _rules(text: str) -> Iterator[tuple[list[Any], Style]]:
    """The rules with a property that is read: the tokens of its selectors, and what they set."""
    import tinycss2  # most pages have no sheet that hides anything

    skip = {"skip_comments": True, "skip_whitespace": True}
    open_rules = [iter(tinycss2.parse_stylesheet(text, **skip))]
    while open_rules:
        rule = next(open_rules[-1], None)
        if rule is None:
            open_rules.pop()
        elif rule.type == "at-rule" and rule.content is not None:
            query = tinycss2.serialize(rule.prelude).strip()
            is_media = rule.lower_at_keyword == "media" and _is_for_screen(query)
            if is_media and len(open_rules) < 10:
                open_rules.append(iter(tinycss2.parse_rule_list(rule.content, **skip)))
        elif rule.type == "qualified-rule":
            style: Style = {}
            for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True):
                if each.type == "declaration" and each.lower_name in _PROPERTIES:
                    value = tinycss2.serialize(each.value).strip().lower()
                    if each.important or not style.get(each.lower_name, ("", False))[1]:
                        style[each.lower_name] = value, each.important
            if style:
                yield rule.prelude, style


class _BudgetSpent(Exception):
    """The budget of the page is used up: sheets can be made to take for ever."""


def _matched(root: Element, text: str) -> Iterator[tuple[Element, Style]]:
    """Each element that a selector of the sheets selects, with what holds for it."""
    import tinycss2
    from cssselect2 import Matcher, SelectorError, compile_selector_list

    spend = _visit_budget()
    elements = list(root.iter("*"))
    names = {f"#{each.get('id')}" for each in elements if each.get("id")}
    names.update(f".{name}" for each in elements for name in (each.get("class") or "").split())
    siblings = sum(len(each) ** 2 for each in elements)
    matcher = Matcher()
    for prelude, style in _rules(text):
        selectors = [
            tokens for tokens in _selectors_of(prelude) if _required_names(tokens) <= names
        ]
        written = tinycss2.serialize([token for tokens in selectors for token in tokens])
        longest = max(map(len, selectors), default=0)
        if longest > _MAX_SELECTOR or written.count("(") > _MAX_BRACKETS:
            raise _BudgetSpent
        try:
            compiled = [each for tokens in selectors for each in compile_selector_list(tokens)]
        except (SelectorError, NotImplementedError, SyntaxError):
            continue  # browsers too leave out a rule that they cannot parse
        spend(1 + written.count("of-type") * siblings)
        for selector in compiled:
            if selector.pseudo_element is None:
                own = {name: value for name, value in style.items() if name != "content"}
                matcher.add_selector(selector, own)
            elif selector.pseudo_element in ("before", "after") and "content" in style:
                matcher.add_selector(selector, {"content": style["content"]})
    for wrapper in _counting_wrapper()(root, spend).iter_subtree() if matcher.order else ():
        spend(_candidate_count(matcher, wrapper))
        found: Style = {}
        for *_, style in matcher.match(wrapper):  # the most specific and last one comes last
            for name, (value, is_important) in style.items():
                if is_important or not found.get(name, ("", False))[1]:
                    found[name] = value, is_important
        if found:
            yield wrapper.etree_element, found


def _candidate_count(matcher: Any, wrapper: Any) -> int:
    """How many selectors are tried on an element."""
    by_class = sum(len(matcher.class_selectors.get(name, ())) for name in wrapper.classes)
    by_tag = len(matcher.lower_local_name_selectors.get(wrapper.local_name, ()))
    by_id = len(matcher.id_selectors.get(wrapper.id, ()))
    return by_class + by_tag + by_id + len(matcher.other_selectors)


def _selectors_of(prelude: list[Any]) -> Iterator[list[Any]]:
    """The selectors between commas."""
    part: list[Any] = []
    for token in prelude:
        if token == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _required_names(tokens: list[Any]) -> set[str]:
    """The classes and ids that an element and those around it must have."""
    names = {f"#{token.value}" for token in tokens if token.type == "hash"}
    for dot, name in pairwise(tokens):
        if dot == "." and name.type == "ident":
            names.add(f".{name.value}")
    return names


def _visit_budget() -> Callable[[int], None]:
    left = _MAX_VISITS

    def spend(elements: int) -> None:
        nonlocal left
        left -= elements
        if left < 0:
            raise _BudgetSpent

    return spend


@cache
def _counting_wrapper() -> Any:
    """cssselect2's wrapper of elements, with all that it looks at counted: descendants of
    descendants, and siblings of siblings, are looked at as often as there are ways to them."""
    from cssselect2 import ElementWrapper

    class BudgetedElement(ElementWrapper):  # type: ignore[misc]
        def __init__(self, element: Element, spend: Any = None, **place: Any) -> None:
            root = {"parent": None, "index": 0, "previous": None, "in_html_document": True}
            super().__init__(element, **(place or root))
            self.spend = spend or self.parent.spend
            self.spend(1)

        @property
        def ancestors(self) -> Iterator[Any]:
            return self._chain("parent")

        @property
        def previous_siblings(self) -> Iterator[Any]:
            return self._chain("previous")

        def _chain(self, name: str) -> Iterator[Any]:
            at = getattr(self, name)
            while at is not None:
                self.spend(1)
                yield at
                at = getattr(at, name)

    return BudgetedElement


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
    """Whether its letters cannot be seen, until a script moves them or gives them a colour."""
    is_white: bool
    """Whether its letters, in a line, have the colour of paper."""
    display: str
    """How it is laid out; empty for its usual way."""


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
            attribute = element.get
            alike = element.tag, attribute("style"), attribute("hidden"), attribute("class")
            known = self._alike.get(alike)
            found = known or _look_of(element, _style_of(element, self._styles))
            self._alike[alike] = found
        self[element] = found
        return found


class ComputedStyles:
    """How the elements of one page are shown, by their own style and the page's sheets."""

    def __init__(self, root: Element, sheets: StyleText) -> None:
        self._styles, is_complete = _computed_styles(root, sheets.text)
        self.is_complete = is_complete and sheets.is_complete
        self.lacks_sheets = bool(sheets.missing)
        """Whether a sheet of the page is not here."""
        self.looks = _Looks(self._styles)
        """How each element is shown."""
        self._preserving: dict[Element, bool] = {}
        self._sized: dict[Element, bool] = {}

    @property
    def has_sheets(self) -> bool:
        """Whether a sheet sets anything on the page."""
        return bool(self._styles)

    def value(self, element: Element, name: str) -> str:
        """What holds for a property of the element itself; empty where nothing sets it."""
        return _style_of(element, self._styles).get(name, _NOT_SET)[0]

    def display(self, element: Element) -> str:
        """How the element is laid out; empty for its usual way."""
        return self.looks[element].display

    def is_removed(self, element: Element) -> bool:
        """Whether an element takes no place on the page."""
        return self.looks[element].is_removed

    def is_unseen(self, element: Element) -> bool:
        """Whether nothing of an element is text."""
        look = self.looks[element]
        return look.is_removed or look.is_invisible or look.is_struck

    def hiding_doubt(self, element: Element) -> str:
        """Why an element may be hidden, as the code of a notice; empty for most. Letters may be
        transparent, or a class hide it by its name while the sheet that would say is not here: of
        the elements with a class nearly all are shown, so that not each is doubted."""
        look = self.looks[element]
        if look.is_struck:
            return "struck-text"
        is_white = look.is_white and self.has_size(element) and not self._has_background(element)
        if look.is_clear or is_white:
            return "clear-text"
        if not self.lacks_sheets or not _HIDING_CLASS.search(element.get("class") or ""):
            return ""
        is_set = self.value(element, "display") or self.value(element, "visibility")
        return "" if is_set else "sheet-missing"

    def generates_digits(self, element: Element) -> bool:
        """Whether a sheet may put digits before or behind what stands in an element."""
        content = self.value(element, "content") if self._styles else ""
        attributes = (element.get(name) or "" for name in _ATTRIBUTE.findall(content))
        return _GENERATED_DIGITS.search(content) is not None or any(
            map(str.isdigit, "".join(attributes))
        )

    def _has_background(self, element: Element) -> bool:
        """Whether something about an element says that the paper behind it has a colour."""
        return any(
            each.get("bgcolor")
            or self.value(each, "background-color")
            or self.value(each, "background")
            for each in (element, *element.iterancestors())
        )

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

    def preserves_blanks(self, element: Element | None) -> bool:
        """Whether blanks and line breaks in an element's text are shown as they are written."""
        return _inherited(element, self._preserving, self._preserves_own, default=False)

    def has_size(self, element: Element | None) -> bool:
        """Whether letters that stand in the element itself are large enough to be seen."""
        return _inherited(element, self._sized, self._has_own_size, default=True)

    def _preserves_own(self, element: Element) -> bool | None:
        """Whether the element's own style keeps its lines; None where it does not say."""
        white_space = self.value(element, "white-space")
        if white_space not in ("", "inherit"):
            return white_space in _PRESERVING
        return True if element.tag in _PREFORMATTED else None

    def _has_own_size(self, element: Element) -> bool | None:
        """Whether the size that the element sets is seen; None where it sets none of its own."""
        style = _style_of(element, self._styles)
        declared = style.get("font-size", _NOT_SET)[0] or style.get("font", _NOT_SET)[0]
        if not declared or declared == "inherit":
            return None
        size = _SIZE.search(declared)
        if size is None:  # a word such as `small`
            return True
        number, unit = float(size[1]), size[2]
        if unit in ("px", "pt") or not number:
            return number >= _MIN_SIZE
        return True if unit == "rem" else None  # parts of what stands around it


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
    is_raised = element.tag == "sup" or element.get("class") in _RAISED_CLASSES
    return Look(
        element.tag in _NEVER_SHOWN or style.get("mso-hide") == "all" or is_hidden,
        style.get("visibility") in ("hidden", "collapse"),
        is_raised or (element.tag in _LINE_TAGS and style.get("vertical-align") == "super"),
        element.tag in STRUCK
        or "line-through"
        in style.get("text-decoration", "") + style.get("text-decoration-line", ""),
        bool(style) and _is_clear(style),
        element.tag in _LINE_TAGS and _WHITE.fullmatch(style.get("color", "")) is not None,
        display,
    )


def _is_clear(style: Mapping[str, str]) -> bool:
    """Whether letters are there and nobody sees them: clear, far off the page, or in a
    box of no size."""
    get = style.get
    if _NO_OPACITY.fullmatch(get("opacity", "1")) or _CLEAR.fullmatch(get("color", "")):
        return True
    is_off = get("position") in ("absolute", "fixed") and any(
        _FAR.fullmatch(get(side, "")) for side in ("left", "top")
    )
    has_no_box = get("overflow") == "hidden" and any(
        _NO_LENGTH.fullmatch(get(name, ""))
        for name in ("width", "height", "max-width", "max-height")
    )
    return bool(
        is_off
        or has_no_box
        or _FAR.fullmatch(get("text-indent", ""))
        or _NO_CLIP.match(get("clip", "") or get("clip-path", ""))
        or get("transform", "").replace(" ", "") == "scale(0)"
    )


@lru_cache(_MOST_DECLARED)
def _declared(style: str) -> Style:
    """What the style of an element sets; the cells of a table have the same one."""
    found: Style = {}
    for name, value in _DECLARATION.findall(style):
        is_important = _IMPORTANT.search(value) is not None
        if is_important or not found.get(name.lower(), _NOT_SET)[1]:
            found[name.lower()] = _IMPORTANT.sub("", value).strip().lower(), is_important
    return {name: value for name, value in found.items() if value[0]}


def _inherited(
    element: Element | None,
    known: dict[Element, bool],
    own: Callable[[Element], bool | None],
    default: bool,
) -> bool:
    """What the nearest element around sets, and the element itself first; `known` remembers it."""
    passed: list[Element] = []
    found: bool | None = None
    while element is not None and found is None:
        found = known.get(element)
        if found is None:
            passed.append(element)
            found = own(element)
            element = element.getparent()
    found = default if found is None else found
    known.update(dict.fromkeys(passed, found))
    return found
