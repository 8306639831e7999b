"""A page's own style sheets in, what they say of how its elements are shown out.

Only sheets in the page count, and only what hides elements or lays them out as tables: a sheet
that says nothing of this is not parsed. Selectors are matched as a browser on a desk does it;
states that need a person (`:hover`), print and small screens do not match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

Element = etree._Element

PROPERTIES = frozenset(
    {
        *("display", "visibility", "vertical-align", "grid-template-columns", "grid-auto-flow"),
        *("grid-column", "grid-row", "grid-area", "grid-column-start", "grid-row-start"),
        *("grid-template", "grid-template-areas", "grid", "order"),
    }
)
"""What is read of a style."""

_WORTH_PARSING = re.compile(
    r"(?:display\s*:\s*(?:none|table|inline-table|grid)|visibility\s*:\s*(?:hidden|collapse))", re.I
)
_NAMES = re.compile(r"([.#])((?:[\w-]|[^\x00-\x7f])+)")
_NOT_NEEDED = re.compile(r"\[[^\]]*\]|:(?:not|is|where|has|matches)\(.*\)")
"""Parts of a selector whose names an element need not have."""
_STATES = re.compile(r":(?:hover|focus|active|visited|target|checked|before|after|first-l)")
_MEDIA_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([0-9.]{1,7})(px|em|rem)\s*\)")
_MEDIA = re.compile(r"(?:only\s+)?(?:screen|all)?(?:\s*(?:and)?\s*\([^()]*\))*\s*", re.IGNORECASE)
_SCREEN = 1_280
"""Width of the window, in pixels, for which a sheet is read."""
_MOST_VISITS = 4_000_000
"""Selectors times elements; a page with an article has some hundreds of thousands."""

Style = Mapping[str, tuple[str, bool]]
"""By property, its value and whether it is marked as important."""


class _Rule(NamedTuple):
    selector: str
    declarations: Sequence[tuple[str, str, bool]]


def styles_of(root: Element) -> tuple[dict[Element, dict[str, tuple[str, bool]]], bool]:
    """What the sheets say of each element, and whether all of it could be taken in."""
    text = "\n".join(
        str(each.text or "") for each in root.iter("style") if _is_for_screens(each.get("media"))
    )
    if not _WORTH_PARSING.search(text):
        return {}, True
    return _matched(root, list(_rules(text)))


def _is_for_screens(media: str | None) -> bool:
    return not media or any(_fits(query) for query in media.split(","))


def _fits(query: str) -> bool:
    """Whether a media query holds in a window on a desk; what is not understood does not."""
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


def _rules(text: str) -> Iterator[_Rule]:
    """The rules with a property that is read, in the order of the sheet."""
    import tinycss2  # most pages have no sheet that hides anything

    open_rules = [iter(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))]
    while open_rules:
        rule = next(open_rules[-1], None)
        if rule is None:
            open_rules.pop()
        elif rule.type == "at-rule" and rule.content is not None:
            query = tinycss2.serialize(rule.prelude)
            is_media = rule.lower_at_keyword == "media" and _is_for_screens(query.strip())
            if is_media and len(open_rules) < 10:
                open_rules.append(
                    iter(
                        tinycss2.parse_rule_list(
                            rule.content, skip_comments=True, skip_whitespace=True
                        )
                    )
                )
        elif rule.type == "qualified-rule":
            declarations = [
                (each.lower_name, tinycss2.serialize(each.value).strip().lower(), each.important)
                for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True)
                if each.type == "declaration" and each.lower_name in PROPERTIES
            ]
            if declarations:
                yield _Rule(tinycss2.serialize(rule.prelude), declarations)


def _matched(
    root: Element, rules: Sequence[_Rule]
) -> tuple[dict[Element, dict[str, tuple[str, bool]]], bool]:
    import cssselect

    elements = list(root.iter("*"))
    names = _names_in(elements)
    left = _MOST_VISITS
    translator = cssselect.HTMLTranslator()
    found: dict[Element, dict[str, tuple[bool, tuple[int, int, int], str]]] = {}
    for rule in rules:
        try:
            selectors = cssselect.parse(rule.selector)
        except cssselect.SelectorError:  # browsers too leave out a rule that they cannot parse
            continue
        for selector in selectors:
            said = selector.canonical()
            needed = _NOT_NEEDED.sub("", said)
            if selector.pseudo_element or _STATES.search(needed):
                continue
            if not set(_NAMES.findall(needed)) <= names:
                continue
            # One that looks at all later siblings visits each element many times.
            left -= len(elements) * (30 if "~" in said or ":" in said else 1 + said.count(" "))
            if left < 0:
                return _values(found), False
            try:
                path = etree.XPath(translator.selector_to_xpath(selector))
                matched = path(root)
            except (cssselect.SelectorError, etree.XPathError):
                continue
            weight = selector.specificity()
            for element in matched if isinstance(matched, list) else []:
                if isinstance(element, Element):
                    _cascade(found.setdefault(element, {}), rule, weight)
    return _values(found), True


def _cascade(
    own: dict[str, tuple[bool, tuple[int, int, int], str]],
    rule: _Rule,
    weight: tuple[int, int, int],
) -> None:
    for name, value, important in rule.declarations:
        before = own.get(name)
        if before is None or (important, weight) >= before[:2]:
            own[name] = (important, weight, value)


def _values(
    found: Mapping[Element, Mapping[str, tuple[bool, tuple[int, int, int], str]]],
) -> dict[Element, dict[str, tuple[str, bool]]]:
    return {
        element: {name: (value, important) for name, (important, _, value) in own.items()}
        for element, own in found.items()
    }


def _names_in(elements: Sequence[Element]) -> set[tuple[str, str]]:
    """Classes and ids of a page: a selector with any other matches nothing."""
    names: set[tuple[str, str]] = set()
    for element in elements:
        names.update((".", name) for name in (element.get("class") or "").split())
        if element.get("id"):
            names.add(("#", element.get("id", "")))
    return names
