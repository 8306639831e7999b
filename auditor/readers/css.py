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
        *("background-image", "content", "filter", "content-visibility", "margin-left"),
        *("-webkit-text-fill-color", "overflow-x", "overflow-y"),
    }
)
"""What is read of a style."""
_CONTENT = r"""(?<![\w-])content\s*:\s*(?:["'][^"'\\]*(?:\d|\\0*3\d)|attr|counter|var)"""
"""What a sheet puts before or behind an element, where that may have digits and is no icon."""
_GENERATED_DIGITS = re.compile(r"""["'][^"'\\]*\d|counter""")
_ATTRIBUTE = re.compile(r"attr\(\s*([\w-]+)")
_HIDES_OR_LAYS_OUT = re.compile(
    r"(?:display\s*:\s*(?:none|table|inline-table|grid)|visibility\s*:\s*(?:hidden|collapse)"
    r"|white-space\s*:\s*(?:pre|break)|line-through|(?<![\w-])clip(?:-path)?\s*:"
    r"|(?:text-indent|(?<![\w-])(?:margin-)?(?:left|top))\s*:\s*-\d{3}|translate[^;}]{0,9}-\d{3}"
    rf"|scale\(\s*0\s*\)|{_CONTENT}|opacity\s*(?::|\()\s*0?\.?0*(?![.\d])|overflow"
    r"|content-visibility|\[hidden|(?:(?<![\w-])|text-fill-)color\s*:\s*(?:w|t|rgb|hsl|var|#[ef])"
    r"|background(?:-color)?\s*:\s*(?!\s|#f|transparent|none|white|url|inherit)"
    r"|font(?:-size)?\s*:\s*(?:0(?:\.0+)?(?![.\d])|1(?:\.\d+)?p[xt]))",
    re.IGNORECASE,
)
"""What sheets without any effect on what is read have none of; letters of most are dark, and what
is behind them bright."""
_RULE = re.compile(r"""(?<![^{};])([^{};]*+)\{((?:[^{}"']|"[^"\n]*"|'[^'\n]*')*+)\}""")
_RELEVANT = re.compile(
    r"display|visibility|vertical-align|grid|order|white-space|opacity|color|background|font|--"
    r"|line-through|text-decoration|clip|transform|indent|left|top|overflow|content|width|height",
    re.IGNORECASE,
)
_LONG_URL = re.compile(r"url\([^()]{200,}+\)")
_NAMES = re.compile(r"[.#][\w-]+")
_MAY_NOT_NEED = ("(", "&", "\\", "[")
"""In selectors that select elements without a name that stands in them."""

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
    if not _HIDES_OR_LAYS_OUT.search(text):
        return {}, True
    names = _names_in(root)
    text = _LONG_URL.sub("url()", _COMMENT.sub("", text))
    text = _RULE.sub(lambda rule: rule[0] if _may_apply(rule[1], rule[2], names) else "", text)
    if len(text) > _MAX_PARSED:
        return {}, False
    found: dict[Element, Style] = {}
    try:
        for element, style in _matched(root, text):
            found[element] = style
    except (_BudgetSpent, RecursionError):  # blocks nested by the thousand; people nest some five
        return found, False
    return found, True


def _names_in(root: Element) -> set[str]:
    """The ids and classes of all elements, as selectors write them."""
    names: set[str] = set()
    for element in root.iter("*"):
        if name := element.get("id"):
            names.add(f"#{name}")
        if name := element.get("class"):
            names.update(f".{each}" for each in name.split())
    return names


def _may_apply(selectors: str, body: str, names: set[str]) -> bool:
    """Whether a rule sets something that is read, and elements may have the names it asks for."""
    if not _RELEVANT.search(body):
        return False
    if any(sign in selectors for sign in _MAY_NOT_NEED):
        return True
    return any(names.issuperset(_NAMES.findall(each)) for each in selectors.split(","))


def _rules(text: str) -> Iterator[tuple[list[Any], Style]]:
    """The rules with a property that is read: the tokens of its selectors, and what they set."""
    import tinycss2  # most pages have no sheet that hides anything

    skip = {"skip_comments": True, "skip_whitespace": True}
    around: list[Any] = []
    open_rules = [(around, iter(tinycss2.parse_stylesheet(text, **skip)))]
    while open_rules:
        around, rules = open_rules[-1]
        rule = next(rules, None)
        if rule is None:
            open_rules.pop()
        elif rule.type == "at-rule" and rule.content is not None:
            query = tinycss2.serialize(rule.prelude).strip()
            at = rule.lower_at_keyword
            is_supported = at == "layer" or (at == "supports" and not query.startswith("not"))
            applies = is_supported or (at == "media" and _is_for_screen(query))
            if not applies or len(open_rules) >= 10:
                continue
            if around:
                style, nested = _set_by(rule.content)
                open_rules.append((around, iter(nested)))
                if style:
                    yield around, style
            else:
                open_rules.append((around, iter(tinycss2.parse_rule_list(rule.content, **skip))))
        elif rule.type == "qualified-rule":
            style, nested = _set_by(rule.content)
            selectors = _nested(rule.prelude, around)
            if nested and len(open_rules) < 10:
                open_rules.append((selectors, iter(nested)))
            if style:
                yield selectors, style


def _set_by(body: list[Any]) -> tuple[Style, list[Any]]:
    """What the declarations of a body set, and the rules in it."""
    import tinycss2

    style: Style = {}
    nested: list[Any] = []
    for each in tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True):
        if each.type in ("qualified-rule", "at-rule"):
            nested.append(each)
        elif each.type == "declaration" and (
            each.lower_name in _PROPERTIES or each.name.startswith("--")
        ):
            value = tinycss2.serialize(each.value).strip().lower()
            if each.important or not style.get(each.lower_name, _NOT_SET)[1]:
                style[each.lower_name] = value, each.important
    return style, nested


def _nested(selectors: list[Any], around: list[Any]) -> list[Any]:
    """The selectors of a rule as they stand outside of that with the selectors `around` it."""
    import tinycss2

    if not around:
        return selectors
    outer = f":is({tinycss2.serialize(around)})"
    parts = (tinycss2.serialize(each) for each in _selectors_of(selectors))
    told = (each.replace("&", outer) if "&" in each else f"{outer} {each}" for each in parts)
    return list(tinycss2.parse_component_value_list(",".join(told)))


class _BudgetSpent(Exception):
    """The budget of the page is used up: sheets can be made to take for ever."""


def _matched(root: Element, text: str) -> Iterator[tuple[Element, Style]]:
    """Each element that a selector of the sheets selects, with what holds for it."""
    import tinycss2
    from cssselect2 import Matcher, SelectorError, compile_selector_list

    spend = _visit_budget()
    elements = list(root.iter("*"))
    names = _names_in(root)
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
            elif selector.pseudo_element in ("before", "after"):
                own = {f"{selector.pseudo_element}-{name}": style[name] for name in style}
                matcher.add_selector(selector, own)
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
            alike = element.tag, *element.items()
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
                alike = style, each.tag, *each.items()
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
        if not set_style and not element.items() and tag not in _STYLED_TAGS:
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


def _is_in_cell(element: Element) -> bool:
    return next(element.iterancestors("td", "th"), None) is not None


_READ_BY_KIND = frozenset({"select", "iframe", "table", "bdo", "sub"})
_STYLED_TAGS = _PREFORMATTED | STRUCK | {"summary", "details"}


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
        self._styles, is_complete = _computed_styles(root, sheets.text)
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
        if is_important or not found.get(name.lower(), _NOT_SET)[1]:
            found[name.lower()] = _IMPORTANT.sub("", value).strip().lower(), is_important
    return {name: value for name, value in found.items() if value[0]}
