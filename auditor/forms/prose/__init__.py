"""Tape in, Prose out: the report's sentences, their figures, and what each claims to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.forms.lexicon import lexicon_of
from auditor.forms.phrases import Vocabulary
from auditor.forms.prose.clauses import clauses_of
from auditor.forms.prose.compiled import compiled
from auditor.forms.prose.coverage import counted
from auditor.forms.prose.formalities import read_formalities
from auditor.forms.prose.layout import as_sentences, find_headings, split_sentences
from auditor.forms.regions import Region
from auditor.forms.tape import Tape
from auditor.model.form import Form
from auditor.model.prose import Prose
from auditor.model.report import Imprinted
from auditor.model.wordings import Wordings


def read_prose(
    tape: Tape,
    form: Form,
    vocabulary: Vocabulary,
    regions: Mapping[str, Region],
    tables: Sequence[tuple[int, int]],
    identity: Imprinted,
) -> Prose:
    """What stands outside `tables`, the stretches of the tape that the tables' boxes take.

    Nothing for a form of which nobody wrote how sentences speak of it.
    """
    wordings = form.wordings
    if wordings == Wordings():
        return Prose()
    words = lexicon_of(form)
    headings = find_headings(tape, wordings, vocabulary, regions)
    by = compiled(form)
    lines = split_sentences(tape, headings, tables, words.figures, by.digits)
    quantities = tuple(by.numerals.find(tape, lines))
    agency = words.folding.fold(identity.issuer)
    reasons: dict[tuple[int, int], str] = {}
    said = tuple(by.mentions.read(tape, lines, quantities, identity.year, agency, reasons))
    sentences = clauses_of(lines, quantities, wordings, words.folding)
    known = {mention.key: mention.topic for mention in wordings.mentions}
    topics = {
        (each.sentence, each.quantity.start): known[each.mention] for each in said if each.quantity
    }
    listings = tuple(by.lists.read(sentences, topics))
    growths = tuple(by.growths.read(sentences, said, identity.year))
    published = tuple(by.publications.read(sentences, said, listings))
    unquoted = [each for sentence in sentences for each in sentence.all]
    units = frozenset(map(words.folding.fold, wordings.counts))
    return Prose(
        sentences=as_sentences(tape, lines),
        headings=tuple(heading for _, _, heading in headings),
        quantities=quantities,
        said=said,
        listings=listings,
        shares=tuple(by.shares.read(sentences, listings)),
        growths=growths,
        published=published,
        counted=tuple(counted(unquoted, said, reasons, listings, growths, published, units)),
        formalities=read_formalities(
            tape, lines, headings, quantities, wordings, vocabulary, identity, by.dates
        ),
    )
