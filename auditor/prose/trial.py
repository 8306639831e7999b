"""A sentence and a form in; how it is cut into words and what its figures claim, out.

For people who write the words of a form: each word with its slots, so that one can see which word
is missing, or read as something else.
"""

from __future__ import annotations

from auditor.layout.align import Outline
from auditor.layout.identity import find_identity
from auditor.layout.labels import lexicon_of
from auditor.model.form import Form
from auditor.model.prose import Prose
from auditor.model.report import Identity
from auditor.model.source import Extract, Origin, Paragraph
from auditor.prose.lexer import ProseToken
from auditor.prose.read import lexer_of, read_prose, view_sentences
from auditor.prose.sentences import find_headings
from auditor.source_text import linearize

Slots = tuple[tuple[str, str], ...]
"""Kinds and keys: `head`/`receive`, `topic`/`applications`, `figure`, `unknown` …"""


def try_sentence(
    text: str, form: Form, section: str, year: int | None, agency: str | None
) -> tuple[Prose, list[tuple[str, Slots]]]:
    """What is read of the text within a section, and its words; marks have no slots.

    Raises `KeyError` for a section that the form has not.
    """
    outline, identity = _as_report(text, form, section, year, agency)
    lexer, words = lexer_of(form), lexicon_of(form)
    headings = find_headings(lexer.grammar, outline, words.vocabulary)
    slots = [
        (s.printed[token.start : token.end], _slots(token, topic))
        for s in view_sentences(lexer, words, outline, headings, identity)
        for token, topic in zip(s.tokens, s.topics, strict=True)
    ]
    return read_prose(outline, form, identity), slots


def read_text(
    text: str,
    form: Form,
    section: str | None = None,
    year: int | None = None,
    agency: str | None = None,
) -> Prose:
    """What is read of a text without tables; under the heading of `section`, where it is given.

    What is not given of year and agency is taken from the text, as of a report. Raises `KeyError`
    for a section that the form has not.
    """
    outline, identity = _as_report(text, form, section, year, agency)
    return read_prose(outline, form, identity)


def _as_report(
    text: str, form: Form, section: str | None, year: int | None, agency: str | None
) -> tuple[Outline, Identity]:
    """The text as that of a report without tables, and whose it is."""
    lines = text.splitlines()
    if section is not None:
        known = form.wordings.section(section)
        numeral = {value: digit for digit, value in form.wordings.digits}[known.number]
        lines.insert(0, f"{numeral}\u3001{known.headings[0]}")
    blocks = tuple(Paragraph(line, Origin(line=at)) for at, line in enumerate(lines, 1))
    source = linearize(Extract(blocks), lexicon_of(form).folding)
    imprint = find_identity(source, form.imprint)
    return Outline(source, {}, ()), Identity(agency or imprint.agency, year or imprint.year)


def _slots(token: ProseToken, topic: str | None) -> Slots:
    meaning = token.meaning
    if token.quantity is not None:
        return (("figure", ""),)
    if token.is_unknown:
        return (("unknown", ""),)
    found = [("head", key) for key in sorted(meaning.heads)]
    found += [("topic", topic)] if topic else []
    found += [("time", meaning.time)] if meaning.time else []
    return (*found, *(("mark", key) for key in sorted(meaning.marks)))
