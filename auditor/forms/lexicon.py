"""A form in; its words, folded once for all the reports that are read by it, out."""

from __future__ import annotations

from functools import cached_property

from auditor.forms.folding import Folding, bare
from auditor.forms.numerals import Figures
from auditor.forms.phrases import Vocabulary
from auditor.model.form import Form

_known: dict[int, tuple[Form, Lexicon]] = {}
"""By identity; the form is kept beside, so that no other can have it."""


class Lexicon:
    """What a form's wordings come to; nothing of a report is kept in it."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.folding = Folding(form.fold)
        self.headers = frozenset(bare(self.folding.fold(each)) for each in form.recognised_by)
        """By which the form is recognised, bare."""
        self.labels = frozenset(
            bare(self.folding.fold(row.label)) for table in form.tables for row in table.rows
        )
        """Of all rows, bare."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a tape is cut by; only the form that is recognised needs them."""
        return Vocabulary(self._form, self.folding)

    @cached_property
    def figures(self) -> Figures:
        """How its figures are written."""
        return Figures(self._form.numerals, self.folding)


def lexicon_of(form: Form) -> Lexicon:
    """The words of a form; a hundred reports share them."""
    found = _known.get(id(form))
    if found is None:
        found = _known[id(form)] = form, Lexicon(form)
    return found[1]
