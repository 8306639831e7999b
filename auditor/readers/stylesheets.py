"""A page and its style sheets in, what they say of how its elements are shown out.

Only what hides elements, keeps their lines or lays them out as tables counts: a sheet that says
nothing of this is not parsed. Selectors are matched as a browser on a desk does it; states that
need a person (`:hover`), print and small screens do not match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from auditor.readers.linkedsheets import is_for_screens
from auditor.readers.selectors import Element, Page, Spent

PROPERTIES = frozenset(
    {
        *("display", "visibility", "vertical-align", "grid-template-columns", "grid-auto-flow"),
        *("grid-column", "grid-row", "grid-area", "grid-column-start", "grid-row-start"),
        *("grid-template", "grid-template-areas", "grid", "order", "white-space"),
        *("font-size", "font"),
    }
)
"""What is read of a style."""

_WORTH_PARSING = re.compile(
    r"(?:display\s*:\s*(?:none|table|inline-table|grid)|visibility\s*:\s*(?:hidden|collapse)"
    r"|white-space\s*:\s*(?:pre|break))",
    re.I,
)
_SHRINKS = re.compile(
    r"font(?:-size)?\s*:\s*(?:0(?:\.0+)?(?![.\d])|1(?:\.\d+)?p[xt])", re.IGNORECASE
)
"""Letters that nobody sees; in a sheet without any, sizes say nothing that counts."""
_BODY = re.compile(r"""\{(?:[^{}"']|"[^"\n]*"|'[^'\n]*')*+\}""")
_READ = re.compile("display|visibility|vertical-align|grid|order|white-space", re.IGNORECASE)
_READ_WITH_SIZES = re.compile(f"{_READ.pattern}|font", re.IGNORECASE)


class _Rule(NamedTuple):
    selector: str
    declarations: Sequence[tuple[str, str, bool]]


def styles_of(root: Element, text: str) -> tuple[dict[Element, dict[str, tuple[str, bool]]], bool]:
    """What its sheets say of each element, and whether all of it could be taken in."""
    if not _WORTH_PARSING.search(text) and not _SHRINKS.search(text):
        return {}, True
    try:
        return _matched(root, list(_rules(text)))
    except RecursionError:  # blocks or selectors nested by the thousand; people nest some five
        return {}, False


def _rules(text: str) -> Iterator[_Rule]:
    """The rules with a property that is read, in the order of the sheet."""
    import tinycss2  # most pages have no sheet that hides anything

    read = _READ_WITH_SIZES if _SHRINKS.search(text) else _READ
    text = _BODY.sub(lambda body: body[0] if read.search(body[0]) else "{}", text)
    open_rules = [iter(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))]
    while open_rules:
        rule = next(open_rules[-1], None)
        if rule is None:
            open_rules.pop()
        elif rule.type == "at-rule" and rule.content is not None:
            query = tinycss2.serialize(rule.prelude)
            is_media = rule.lower_at_keyword == "media" and is_for_screens(query.strip())
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

    page = Page(root)
    found: dict[Element, dict[str, tuple[bool, tuple[int, int, int], str]]] = {}
    for rule in rules:
        try:
            selectors = cssselect.parse(rule.selector)
        except cssselect.SelectorError:  # browsers too leave out a rule that they cannot parse
            continue
        for selector in selectors:
            try:
                matched = page.select(selector)
            except Spent:
                return _values(found), False
            weight = selector.specificity()
            for element in matched:
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
