"""A page and selectors of a style sheet in, the elements that each selects out.

Names of elements, classes and ids, of which sheets are made, are looked up; other parts of a
selector are asked of XPath. Both within a budget for the page: sheets can be made to take for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

Element = etree._Element

_NAMES = re.compile(r"([.#])((?:[\w-]|[^\x00-\x7f])+)")
_NOT_NEEDED = re.compile(r"\[[^\]]*\]|:(?:not|is|where|has|matches)\(.*\)")
"""Parts of a selector whose names an element need not have."""
_STATES = re.compile(r":(?:hover|focus|active|visited|target|checked|before|after|first-l)")
_MOST_VISITS = 500_000
"""Elements looked at for all selectors; a page with an article needs some tens of thousands."""


class Spent(Exception):
    """The budget of the page is used up."""


class Page:
    """The elements of one page by their names, classes and ids."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._left = _MOST_VISITS
        self._by: dict[tuple[str, str], list[Element]] = {}
        self._all = list(root.iter("*"))
        self._size = len(self._all)
        self._paths: dict[str, set[Element]] = {}
        for element in self._all:
            self._by.setdefault(("", str(element.tag)), []).append(element)
            for name in set((element.get("class") or "").split()):
                self._by.setdefault((".", name), []).append(element)
            if element.get("id"):
                self._by.setdefault(("#", element.get("id", "")), []).append(element)

    def select(self, selector: Any) -> list[Element]:
        """The elements that a parsed selector selects. Raises `Spent`."""
        said = selector.canonical()
        needed = _NOT_NEEDED.sub("", said)
        if selector.pseudo_element or _STATES.search(needed):
            return []
        if any(name not in self._by for name in _NAMES.findall(needed)):
            return []
        tree = selector.parsed_tree
        return [each for each in self._candidates(tree) if self._fits(tree, each)]

    def _candidates(self, tree: Any) -> list[Element]:
        """Elements with the last name of the selector."""
        match type(tree).__name__:
            case "CombinedSelector":
                return self._candidates(tree.subselector)
            case "Class":
                return self._by.get((".", tree.class_name), [])
            case "Hash":
                return self._by.get(("#", tree.id), [])
            case "Element":
                return self._by.get(("", tree.element.lower()), []) if tree.element else self._all
            case _:
                return self._candidates(tree.selector)

    def _fits(self, tree: Any, element: Element) -> bool:
        self._spend(1)
        match type(tree).__name__:
            case "Element":
                return not tree.element or element.tag == tree.element.lower()
            case "Class":
                classes = (element.get("class") or "").split()
                return tree.class_name in classes and self._fits(tree.selector, element)
            case "Hash":
                return element.get("id") == tree.id and self._fits(tree.selector, element)
            case "CombinedSelector":
                if not self._fits(tree.subselector, element):
                    return False
                near = _NEAR[tree.combinator](element)
                return any(self._fits(tree.selector, each) for each in near)
            case _:
                return element in self._by_path(tree)

    def _by_path(self, tree: Any) -> set[Element]:
        """The elements that fit one part of a selector, such as `li:not(.on)`."""
        said = tree.canonical() if hasattr(tree, "canonical") else repr(tree)
        if said not in self._paths:
            import cssselect  # parsed the selector, so it is here

            # A part that counts siblings looks at each of them for each of them.
            self._spend(self._size * (1 if ":" not in said else 20 + self._size // 100))
            found: object = []
            try:
                path = f"descendant-or-self::{cssselect.HTMLTranslator().xpath(tree)}"
                found = etree.XPath(path)(self._root)
            except (cssselect.SelectorError, etree.XPathError):
                pass
            elements = found if isinstance(found, list) else []
            self._paths[said] = {each for each in elements if isinstance(each, Element)}
        return self._paths[said]

    def _spend(self, visits: int) -> None:
        self._left -= visits
        if self._left < 0:
            raise Spent


def _elder(element: Element) -> Iterator[Element]:
    """The elements before one, of the same parent."""
    return (each for each in element.itersiblings(preceding=True) if isinstance(each.tag, str))


_NEAR: dict[str, Callable[[Element], Iterable[Element]]] = {
    " ": lambda element: element.iterancestors(),
    ">": lambda element: islice(element.iterancestors(), 1),
    "~": _elder,
    "+": lambda element: islice(_elder(element), 1),
}
"""Where the elements stand that the part before a combinator may mean."""
