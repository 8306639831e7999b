"""Where tables stand in a text in; its other sentences, their figures and claims, out.

The way of a sentence: `sentences` cuts it out of the text, `lexer` finds its figures and its words;
`clauses` answers what is asked of their places. `claims` reads what the words beside a figure claim
it to be, within the `scope` of the report; `mentions` adds what words claim alone, and puts both
together. `lists` reads what figures say of each other, and `formalities` what is no figure.

`try_sentence` shows the same of one sentence, for people who write the words of a form: each word
with its slots, so that one can see which word is missing, or read as something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from auditor.layout import Outline
from auditor.layout.labels import Lexicon, lexicon_of
from auditor.layout.recognise import find_identity
from auditor.model.form import Form
from auditor.model.prose import Counted, Prose, Quantity
from auditor.model.report import Identity
from auditor.model.source import Extract, Origin, Paragraph
from auditor.model.wordings import Mention, SectionForm, Topic, Wordings, WordLists
from auditor.patterns import compiled
from auditor.prose.clauses import SentenceView
from auditor.prose.formalities import read_formalities
from auditor.prose.lexer import PERCENT, Grammar, Lexer, ProseToken
from auditor.prose.lists import read_growths, read_lists, read_published, read_shares
from auditor.prose.mentions import Place, read_claims
from auditor.prose.sentences import FoundHeadings, find_headings, split_sentences
from auditor.source_text import linearize

_CASES_ONLY = "unit"
_SUBHEADING = compiled(r"\(\w{1,2}\)|[^\W\d_]{1,2}\u3001|\d{1,2}[.\u3001](?!\d)")
_FOLDED = (Wordings, WordLists, SectionForm, Topic, Mention)
_lexers: dict[int, tuple[Wordings, Lexer]] = {}
"""By identity; the wordings are kept beside, so that no other can have it."""
_MOST_LEXERS = 16
"""Those of more forms than a library has; the one that was made first goes."""


def folded(value: Any, fold: Callable[[str], str]) -> Any:
    """A form's words with one form of each character, as they are looked for in a text."""
    if isinstance(value, str):
        return fold(value)
    if type(value) is tuple:
        return tuple(folded(each, fold) for each in value)
    if isinstance(value, _FOLDED):
        own = {name: getattr(value, name) for name in value.__struct_fields__}
        return type(value)(**{name: folded(each, fold) for name, each in own.items()})
    return value


def lexer_of(form: Form) -> Lexer:
    """The words of a form; a hundred reports share them."""
    found = _lexers.get(id(form.wordings))
    if found is None:
        if len(_lexers) >= _MOST_LEXERS:
            del _lexers[next(iter(_lexers))]
        words = folded(form.wordings, lexicon_of(form).folding.fold)
        found = _lexers[id(form.wordings)] = form.wordings, Lexer(Grammar(words))
    return found[1]


def read_prose(
    outline: Outline, form: Form, identity: Identity, lexer: Lexer | None = None
) -> Prose:
    """What stands outside the tables; nothing for a form without `prose.yaml`. `lexer`: of the
    form's words, where it is at hand."""
    if lexer is None:
        if form.wordings == Wordings():
            return Prose()
        lexer = lexer_of(form)
    words = lexicon_of(form)
    headings = find_headings(lexer.grammar, outline, words.vocabulary)
    sentences = [*view_sentences(lexer, words, outline, headings, identity)]
    quantities = tuple(each for s in sentences for each in s.quantities)
    reasons: dict[Place, str] = {}
    claims = tuple(read_claims(sentences, reasons))
    breakdowns = tuple(read_lists(sentences, claims))
    prose = Prose(
        sentences=tuple(s.sentence for s in sentences),
        headings=tuple(heading for _, _, heading in headings),
        quantities=quantities,
        claims=claims,
        breakdowns=breakdowns,
        shares=tuple(read_shares(sentences, breakdowns)),
        growths=tuple(read_growths(sentences, claims)),
        published=tuple(read_published(sentences, claims, breakdowns)),
        metadata=read_formalities(
            lexer.grammar, outline.source, sentences, headings, words.vocabulary, identity
        ),
    )
    return replace(prose, counted=tuple(_counted(sentences, prose, reasons)))


def view_sentences(
    lexer: Lexer, words: Lexicon, outline: Outline, headings: FoundHeadings, identity: Identity
) -> Iterator[SentenceView]:
    """The sentences outside the tables, each with what those in front of it were about."""
    agency = words.folding.fold(identity.issuer)
    topic_of = {key: t.key for t in lexer.grammar.wordings.topics for key in t.sections}
    section, inherited, seen = "", None, set[str]()
    cut = split_sentences(lexer.grammar, outline, headings, words.figures)
    for number, (sentence, text, offsets) in enumerate(cut):
        s = SentenceView(
            lexer, outline.source, sentence, number, text, offsets, identity.year, agency
        )
        s.begins = s.section != section or _SUBHEADING.match(text) is not None
        if s.begins:
            section, inherited = s.section, topic_of.get(s.section)
            seen = {inherited} if inherited else set()
        s.inherited, s.named_before = inherited, frozenset(seen)
        topics = [topic for topic in s.topics if topic]
        inherited = topics[-1] if topics else inherited
        seen.update(topics)
        yield s


def _counted(
    sentences: Sequence[SentenceView], prose: Prose, reasons: Mapping[Place, str]
) -> Iterator[Counted]:
    """What became of every count, in the order of the text."""
    matched: dict[Place, str] = {}
    for claim in prose.claims:
        if claim.quantity is not None:
            matched.setdefault(_place(claim.quantity), claim.mention)
    within = {*map(_place, _within(prose))}
    for s in sentences:
        for figure in s.all:
            place = _place(figure)
            if figure.unit == PERCENT:
                continue
            if place in matched:
                state, why = "matched", matched[place]
            elif place in within:
                state, why = "within", ""
            elif place in reasons:
                state, why = "apart", reasons[place]
            elif figure.unit and figure.unit not in s.g.set("counts"):
                state, why = "apart", _CASES_ONLY
            else:
                state, why = "unread", ""
            yield Counted(*place, figure.end, state, why)


def _within(prose: Prose) -> Iterator[Quantity]:
    """The figures that are compared with others of the text itself."""
    for breakdown in prose.breakdowns:
        yield from (breakdown.total, *breakdown.figures)
        for part in breakdown.parts:
            yield from part.nested
    for growth in prose.growths:
        compared = (growth.figure, growth.change, growth.last, growth.difference)
        yield from (each for each in compared if each is not None)
    for published in prose.published:
        yield published.figure


def _place(figure: Quantity) -> Place:
    return figure.sentence, figure.start


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
