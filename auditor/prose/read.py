"""Where tables stand in a text in; its other sentences, their figures and claims, out."""

from __future__ import annotations

from auditor.forms.align import Outline
from auditor.forms.lexicon import lexicon_of
from auditor.model.form import Form
from auditor.model.prose import Prose
from auditor.model.report import Identity
from auditor.model.wordings import Wordings
from auditor.prose.clauses import clauses_of
from auditor.prose.compiled import compiled
from auditor.prose.coverage import counted
from auditor.prose.formalities import read_formalities
from auditor.prose.layout import as_sentences, find_headings, split_sentences


def read_prose(outline: Outline, form: Form, identity: Identity) -> Prose:
    """What stands outside the tables; nothing for a form without `prose.yaml`."""
    tape = outline.tape
    wordings = form.wordings
    if wordings == Wordings():
        return Prose()
    words = lexicon_of(form)
    vocabulary = words.vocabulary
    headings = find_headings(tape, wordings, vocabulary, outline.regions)
    by = compiled(form)
    lines = split_sentences(tape, headings, outline.tables, words.figures, by.digits)
    quantities = tuple(by.numerals.find(tape, lines))
    agency = words.folding.fold(identity.issuer)
    reasons: dict[tuple[int, int], str] = {}
    said = tuple(by.mentions.read(tape, lines, quantities, identity.year, agency, reasons))
    sentences = clauses_of(lines, quantities, wordings, words.folding)
    known = {mention.key: mention.topic for mention in wordings.mentions}
    topics = {
        (each.sentence, each.quantity.start): known[each.mention] for each in said if each.quantity
    }
    breakdowns = tuple(by.lists.read(sentences, topics))
    growths = tuple(by.growths.read(sentences, said, identity.year))
    published = tuple(by.publications.read(sentences, said, breakdowns))
    unquoted = [each for sentence in sentences for each in sentence.all]
    units = frozenset(map(words.folding.fold, wordings.counts))
    return Prose(
        sentences=as_sentences(tape, lines),
        headings=tuple(heading for _, _, heading in headings),
        quantities=quantities,
        claims=said,
        breakdowns=breakdowns,
        shares=tuple(by.shares.read(sentences, breakdowns)),
        growths=growths,
        published=published,
        counted=tuple(counted(unquoted, said, reasons, breakdowns, growths, published, units)),
        metadata=read_formalities(
            tape, lines, headings, quantities, wordings, vocabulary, identity, by.dates
        ),
    )
