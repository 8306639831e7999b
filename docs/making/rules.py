"""The rules in, the pages that show them out: one for every sort of rule, with its own cases."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import NamedTuple

from auditor.definitions import Library
from auditor.definitions.assembly import rules_with_cases
from auditor.messages import LANGUAGES, Translator, phrase
from auditor.model.check import Case, Rule
from auditor.model.form import Form
from docs.making.words import WORDS, word


class Defined(NamedTuple):
    """A rule as it was written in one place, and the forms that it is for."""

    rule: Rule
    forms: tuple[str, ...]


Defined_by_id = dict[str, list[Defined]]


def rule_pages(library: Library, language: str) -> dict[str, str]:
    """Markdown by the page's name, the list of all rules first."""
    groups = _groups(library)
    pages = {"index": "\n".join(_index(groups, language))}
    for group, rules in groups.items():
        pages[group] = "\n".join(_page(library, group, rules, language))
    return pages


def _groups(library: Library) -> dict[str, Defined_by_id]:
    """Rules by the stem of their file: editions that have files of their own come together."""
    found: dict[str, dict[str, dict[str, Defined]]] = {}
    forms = {form.id: form for form in library.forms}
    for form_id, rules in rules_with_cases(library.definitions, forms).items():
        for rule in rules:
            own = found.setdefault(PurePosixPath(rule.place.file).stem, {}).setdefault(rule.id, {})
            known = own.get(str(rule.place))
            before = known.forms if known else ()
            own[str(rule.place)] = Defined(rule, (*before, form_id))
    return {
        group: {rule_id: list(own.values()) for rule_id, own in rules.items()}
        for group, rules in sorted(found.items())
    }


def _title(group: str, language: str) -> str:
    code = f"group-{group}"
    return word(code, language) if code in WORDS else group


def _index(groups: Mapping[str, Defined_by_id], language: str) -> Iterator[str]:
    yield f"# {word('rules-title', language)}\n"
    yield word("rules-lead", language)
    for group, rules in groups.items():
        yield f"\n## {_title(group, language)}\n"
        yield _row(*(word(code, language) for code in ("rule", "severity", "says")))
        yield _row("---", "---", "---")
        for rule_id, defined in rules.items():
            latest = defined[-1].rule
            severity = phrase(f"severity-{latest.severity.value}", language)
            link = f"[`{rule_id}`]({group}.md#{rule_id})"
            yield _row(link, severity, _cell(latest.statement.get(language, "")))


def _page(library: Library, group: str, rules: Defined_by_id, language: str) -> Iterator[str]:
    yield f"# {_title(group, language)}\n"
    for rule_id, defined in rules.items():
        yield f"\n## {rule_id} {{ #{rule_id} }}\n"
        for each in defined:
            yield from _rule(library, each, language)


def _rule(library: Library, defined: Defined, language: str) -> Iterator[str]:
    rule = defined.rule
    for each in dict.fromkeys((language, *LANGUAGES)):
        yield f"> {_text(rule.statement.get(each, ''))}\n>"
    yield "\n"
    table = next((t for t in library.form(defined.forms[-1]).tables if t.key == rule.table), None)
    kind = f"`{rule.kind}`"
    if rule.each:
        kind = word("kind-each", language, kind=kind, each=word(rule.each, language))
    facts = {
        "severity": phrase(f"severity-{rule.severity.value}", language),
        "basis": _text(Translator(language).basis(rule)),
        "forms": ", ".join(f"`{form_id}`" for form_id in defined.forms),
        "table": _text(table.title.get(language, "")) if table else word("text", language),
        "kind": kind,
        "advice": _text(rule.advice.get(language, "")) if rule.advice else "",
        "defined": f"`{rule.place}`",
    }
    yield from (f"- **{word(code, language)}**: {said}" for code, said in facts.items() if said)
    yield f"\n{word('cases', language)}:\n"
    has_difference = any(case.difference is not None for case in rule.cases)
    heads = ("given", "is", "difference") if has_difference else ("given", "is")
    yield _row(*(word(code, language) for code in heads))
    yield _row(*("---" for _ in heads))
    for case in rule.cases:
        difference = "" if case.difference is None else f"{case.difference:f}"
        cells = (_given(case, library.form(defined.forms[-1]), language), _status(case, language))
        yield _row(*cells, difference) if has_difference else _row(*cells)
    yield ""


def _given(case: Case, form: Form, language: str) -> str:
    said = (f"`{_code(key)}: {_code(_value(value))}`" for key, value in case.given.items())
    return "<br>".join(said) or word("nothing", language)


def _value(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _status(case: Case, language: str) -> str:
    return phrase(f"status-{case.expected}", language)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _code(text: str) -> str:
    """What a code span in a table's cell shows as it is."""
    return " ".join(text.split()).replace("`", "'").replace("|", "\\|")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """The text itself: nothing in it is read as a mark."""
    said = html.escape(text, quote=False)
    return "".join(f"\\{char}" if char in "\\`*_{}[]#" else char for char in said)
