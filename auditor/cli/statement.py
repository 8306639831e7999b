"""A drafted rule in; what it says in words out, in both languages, from the labels of the form.

Labels are Chinese; in English a line is called by its key. Authors edit both.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks.draft import Draft, Figure
from auditor.messages import LANGUAGES, phrase
from auditor.model.address import Words


def statement_of(draft: Draft) -> Words:
    """The rule's statement by language."""
    return {language: _said(draft, language) for language in LANGUAGES}


def _said(draft: Draft, language: str) -> str:
    scope = phrase(f"draft-each-{draft.each}", language) if draft.each else ""
    plus, comma = (phrase(code, language) for code in ("draft-plus", "list-comma"))
    code = draft.kind
    if code == "number":
        code = "bare" if draft.bare else "negative" if draft.negative else "number"

    def listed(figures: Sequence[Figure], mark: str) -> str:
        return mark.join(_figure(each, draft, language) for each in figures)

    said = phrase(
        f"draft-{code}",
        language,
        scope=scope,
        left=listed(draft.left, plus),
        right=listed(draft.right, comma if code == "total" else plus),
        cells=listed(draft.cells, comma),
        decimals=draft.decimals,
        never=comma.join(draft.never),
    )
    return said[0].upper() + said[1:]


def _figure(figure: Figure, draft: Draft, language: str) -> str:
    if isinstance(figure.plain, int):
        return figure.selector
    row, slash, column = figure.selector.partition("/")
    if slash:
        parts = {"row": _line(row, "row", draft, language)}
        parts["column"] = _line(column, "column", draft, language)
        said = phrase("draft-box", language, **parts)
    else:
        across = "column" if draft.each == "row" else "row"
        said = _line(figure.selector, across, draft, language)
    if figure.lag:
        said = phrase("draft-last-year", language, figure=said)
    if figure.times != 1:
        said = phrase("draft-times", language, figure=said, times=figure.times)
    return said


def _line(selector: str, what: str, draft: Draft, language: str) -> str:
    """A row, column or group by its label, or its key in English."""
    if selector == "*":
        return phrase(f"draft-all-{what}s", language)
    key = selector.removesuffix(".*")
    table = draft.table
    lines = {line.key: line.label for line in (table.rows if what == "row" else table.columns)}
    groups = {group.key: group.label for group in table.groups}
    known = groups if key != selector else lines
    label = known.get(key, key) if language == "zh" else key.replace("_", " ")
    return phrase("draft-group" if key != selector else "draft-line", language, label=label)
