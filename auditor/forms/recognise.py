"""Extract and the known forms in; the one that it is out, told by its headers alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.errors import InputError
from auditor.forms.folding import bare
from auditor.forms.lexicon import lexicon_of
from auditor.model.form import Form
from auditor.model.source import Extract, Grid

_FEWEST_HEADERS = 2


def recognise(extract: Extract, forms: Sequence[Form]) -> Form:
    """The form whose own header wordings stand in the extract most often.

    Raises `InputError` (`no-form`) when no form, or more than one, fits.
    """
    scores = []
    text = "".join(_texts(extract))
    cores: dict[frozenset[tuple[str, str]], str] = {}  # most forms fold the text alike
    for form in forms:
        words = lexicon_of(form)
        variants = frozenset(form.fold.items())
        if variants not in cores:
            cores[variants] = bare(words.folding.fold(text))
        core = cores[variants]
        own = sum(1 for header in words.headers if header in core)
        shared = sum(1 for label in words.labels if label in core)
        scores.append((own / len(words.headers), own, shared, form))
    best = max(scores, key=lambda score: score[:3], default=None)
    if best is None or best[1] < _FEWEST_HEADERS:
        raise InputError(
            "no-form",
            "no known form is recognised: the headers of its tables are not in the text",
            hint="is this the whole report, with its tables as text and not as pictures?",
        )
    rivals = [score for score in scores if score[0] == best[0] and score[3] is not best[3]]
    if rivals:
        names = ", ".join(sorted(score[3].id for score in [best, *rivals]))
        raise InputError(
            "two-forms",
            f"the headers fit several forms equally well: {names}",
            hint="is this several reports in one file?",
        )
    return best[3]


def _texts(extract: Extract) -> Iterator[str]:
    for block in extract.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for row in block.rows for cell in row)
        else:
            yield block.text
