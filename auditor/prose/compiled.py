"""A form's wordings in, everything that reads sentences by them out, made once."""

from __future__ import annotations

from auditor.forms.lexicon import lexicon_of
from auditor.model.form import Form
from auditor.model.wordings import Wordings
from auditor.prose.dates import Dates
from auditor.prose.growths import Growths
from auditor.prose.listings import Lists
from auditor.prose.mentions import MentionReader
from auditor.prose.publications import Publications
from auditor.prose.quantities import Numerals
from auditor.prose.shares import Shares

_known: dict[int, tuple[Wordings, Compiled]] = {}
"""By identity; the wordings are kept beside, so that no other can have it."""


class Compiled:
    """The readers of one form's sentences; none keeps anything of a report."""

    def __init__(self, form: Form) -> None:
        wordings, folding = form.wordings, lexicon_of(form).folding
        self.digits = [folding.fold(digit) for digit, _ in wordings.digits]
        self.dates = Dates(wordings, folding)
        self.numerals = Numerals(wordings, folding)
        self.mentions = MentionReader(wordings, folding)
        self.lists = Lists(wordings, folding)
        self.shares = Shares(wordings, folding)
        self.growths = Growths(wordings, folding)
        self.publications = Publications(wordings, folding)


def compiled(form: Form) -> Compiled:
    """The readers of a form, as long as its wordings live; a hundred reports share them."""
    found = _known.get(id(form.wordings))
    if found is None:
        found = _known[id(form.wordings)] = form.wordings, Compiled(form)
    return found[1]
