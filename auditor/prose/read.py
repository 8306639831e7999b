"""Where tables stand in a text in; its other sentences, their figures and claims, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from auditor.layout.align import Outline
from auditor.layout.labels import lexicon_of
from auditor.model.form import Form
from auditor.model.prose import Breakdown, Claim, Counted, Growth, Prose, Published, Quantity
from auditor.model.report import Identity
from auditor.model.wordings import Mention, SectionForm, Topic, Wordings, WordLists
from auditor.prose.comparisons import GrowthReader, PublicationReader, ShareReader
from auditor.prose.formalities import read_formalities
from auditor.prose.lists import ListReader
from auditor.prose.mentions import MentionReader
from auditor.prose.numerals import PERCENT, DateReader, NumeralReader
from auditor.prose.sentences import as_sentences, find_headings, split_sentences

Place = tuple[int, int]
"""Sentence and character of a figure."""
_CASES_ONLY = "unit"


def counted(
    quantities: Sequence[Quantity],
    said: Sequence[Claim],
    reasons: Mapping[Place, str],
    breakdowns: Sequence[Breakdown],
    growths: Sequence[Growth],
    published: Sequence[Published],
    units: frozenset[str],
) -> Iterator[Counted]:
    """What became of every count, in the order of the text; `units` are of cases and papers."""
    matched: dict[Place, str] = {}
    for each in said:
        if each.quantity is not None:
            matched.setdefault(_place(each.quantity), each.mention)
    within = {*_within(breakdowns, growths, published)}
    for figure in quantities:
        if figure.unit == PERCENT:
            continue
        place = _place(figure)
        if place in matched:
            state, why = "matched", matched[place]
        elif place in within:
            state, why = "within", ""
        elif place in reasons:
            state, why = "apart", reasons[place]
        elif figure.unit and figure.unit not in units:
            state, why = "apart", _CASES_ONLY
        else:
            state, why = "unread", ""
        yield Counted(*place, figure.end, state, why)


def _within(
    breakdowns: Sequence[Breakdown], growths: Sequence[Growth], published: Sequence[Published]
) -> Iterator[Place]:
    """The figures that are compared with others of the text itself."""
    for breakdown in breakdowns:
        for figure in (breakdown.total, *breakdown.figures):
            yield _place(figure)
        for part in breakdown.parts:
            yield from map(_place, part.nested)
    for growth in growths:
        for told in (growth.figure, growth.change, growth.last, growth.difference):
            if told is not None:
                yield _place(told)
    for each in published:
        yield _place(each.figure)


def _place(figure: Quantity) -> Place:
    return figure.sentence, figure.start


_known: dict[int, tuple[Wordings, Compiled]] = {}
"""By identity; the wordings are kept beside, so that no other can have it."""


_FOLDED = (Wordings, WordLists, SectionForm, Topic, Mention)


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


class Compiled:
    """The readers of one form's sentences; none keeps anything of a report."""

    def __init__(self, form: Form) -> None:
        self.wordings: Wordings = folded(form.wordings, lexicon_of(form).folding.fold)
        wordings = self.wordings
        self.digits = [digit for digit, _ in wordings.digits]
        self.dates = DateReader(wordings)
        self.numerals = NumeralReader(wordings)
        self.mentions = MentionReader(wordings)
        self.lists = ListReader(wordings)
        self.shares = ShareReader(wordings)
        self.growths = GrowthReader(wordings)
        self.publications = PublicationReader(wordings)


def compiled(form: Form) -> Compiled:
    """The readers of a form, as long as its wordings live; a hundred reports share them."""
    found = _known.get(id(form.wordings))
    if found is None:
        found = _known[id(form.wordings)] = form.wordings, Compiled(form)
    return found[1]


def read_prose(outline: Outline, form: Form, identity: Identity) -> Prose:
    """What stands outside the tables; nothing for a form without `prose.yaml`."""
    source = outline.source
    if form.wordings == Wordings():
        return Prose()
    by = compiled(form)
    wordings = by.wordings
    words = lexicon_of(form)
    vocabulary = words.vocabulary
    headings = find_headings(source, wordings, vocabulary, outline.regions)
    lines = split_sentences(source, headings, outline.tables, words.figures, by.digits)
    quantities = tuple(by.numerals.find(source, lines))
    agency = words.folding.fold(identity.issuer)
    reasons: dict[tuple[int, int], str] = {}
    sentences = [*by.mentions.sentences(lines, quantities, identity.year, agency)]
    said = tuple(by.mentions.read(source, sentences, reasons))
    known = {mention.key: mention.topic for mention in wordings.mentions}
    topics = {
        (each.sentence, each.quantity.start): known[each.mention] for each in said if each.quantity
    }
    breakdowns = tuple(by.lists.read(sentences, topics))
    growths = tuple(by.growths.read(sentences, said, identity.year))
    published = tuple(by.publications.read(sentences, said, breakdowns))
    unquoted = [each for sentence in sentences for each in sentence.all]
    units = frozenset(wordings.counts)
    return Prose(
        sentences=as_sentences(source, lines),
        headings=tuple(heading for _, _, heading in headings),
        quantities=quantities,
        claims=said,
        breakdowns=breakdowns,
        shares=tuple(by.shares.read(sentences, breakdowns)),
        growths=growths,
        published=published,
        counted=tuple(counted(unquoted, said, reasons, breakdowns, growths, published, units)),
        metadata=read_formalities(
            source, lines, headings, quantities, wordings, vocabulary, identity, by.dates
        ),
    )
