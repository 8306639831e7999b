"""Audits and readings as one page for a browser, whole in one file: nothing is fetched for it.

One document has the page to itself. Of several, the page is an index of all, the worst first, with
each document's part folded away below it. The templates, the style sheet and the script stand in
`templates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from auditor import __version__
from auditor.model.check import Rule
from auditor.reporters import Item, Style
from auditor.reporters.html.index import Line, columns_of, rules_of, tallies_of, verdicts_of
from auditor.reporters.html.views import outline, view_of
from auditor.reporters.html.words import environment

_ALONE, _FOLDED = 2, 4
"""Level of the headings in a document's part."""


def render_html(items: Iterable[Item], style: Style) -> Iterator[str]:
    """The page, once all items are there; of each, only what the page says is kept."""
    words = environment(style.language)
    write = words.get_template("report.html").module.report  # type: ignore[attr-defined]
    stream = iter(items)
    first = list(islice(stream, 2))
    level = _ALONE if len(first) == 1 else _FOLDED
    lines: list[Line] = []
    rules: dict[str, Rule] = {}
    for number, item in enumerate(chain(first, stream), start=1):
        view = view_of(item, number, style.language)
        lines.append(Line(outline(view), write(view, level), tallies_of(item)))
        rules.update(rules_of(item))
    if level == _ALONE:
        page = words.get_template("single.html")
        yield from page.generate(line=lines[0], version=__version__)
        return
    lines.sort(key=lambda line: line.rank)
    yield from words.get_template("batch.html").generate(
        lines=lines,
        rules=[rules[each] for each in sorted(rules)],
        columns=columns_of(lines, rules, style.language),
        verdicts=verdicts_of(lines),
        version=__version__,
    )
