"""A web page in; what its style sheets set for each element, out.

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
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urldefrag, urljoin

from lxml import etree

Element = etree._Element
Style = dict[str, tuple[str, bool]]
"""By the name of a property, its value, and whether it is marked as important."""
NOT_SET = "", False
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


def styles_of(root: Element, text: str) -> tuple[dict[Element, Style], bool]:
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
            if each.important or not style.get(each.lower_name, NOT_SET)[1]:
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
