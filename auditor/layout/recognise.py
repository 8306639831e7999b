"""Extract and the known forms in; the one that it is out, told by its headers, and where these are
lost by the labels of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from auditor.errors import InputError
from auditor.layout.labels import lexicon_of
from auditor.model.form import Form
from auditor.model.source import Extract, Grid
from auditor.source_text import normalize

FEWEST_HEADERS = 2
_MOST_ROWS = 0.6
"""Share of a form's labels by which it is told without headers."""
_FEWEST_OWN = 2
"""Of these, labels that no other form has."""


def recognise(extract: Extract, forms: Sequence[Form], preferred: Collection[str] = ()) -> Form:
    """The form whose own header wordings stand in the extract most often.

    Raises `InputError` (`no-form`) when no form, or more than one, fits.
    """
    scores = []
    found: list[tuple[Form, set[str], set[str]]] = []
    text = "".join(_texts(extract))
    cores: dict[frozenset[tuple[str, str]], str] = {}  # most forms fold the text alike
    for form in forms:
        words = lexicon_of(form)
        variants = frozenset(form.fold.items())
        if variants not in cores:
            cores[variants] = normalize(words.folding.fold(text))
        core = cores[variants]
        own = sum(1 for header in words.headers if header in core)
        shared = {label for label in words.labels if label in core}
        found.append((form, shared, set(words.labels)))
        scores.append((own / len(words.headers), own, len(shared), form))
    best = max(scores, key=lambda score: score[:3], default=None)
    if best is None or best[1] < FEWEST_HEADERS:
        if form_by_rows := _by_rows(found):
            return form_by_rows
        raise InputError(
            "no-form",
            "no known form is recognised: the headers of its tables are not in the text",
            hint="is this the whole report, with its tables as text and not as pictures?",
        )
    fitting = [score for score in scores if score[0] == best[0]]
    # Whoever brings a form of the same sheet means that one, and not the package's.
    fitting = [each for each in fitting if each[3].id in preferred] or fitting
    best = max(fitting, key=lambda score: score[:3])
    alternatives = [score for score in fitting if score[3] is not best[3]]
    if alternatives:
        names = ", ".join(sorted(score[3].id for score in [best, *alternatives]))
        raise InputError(
            "two-forms",
            f"the headers fit several forms equally well: {names}",
            hint="is this several reports in one file?",
        )
    return best[3]


def _by_rows(found: Sequence[tuple[Form, set[str], set[str]]]) -> Form | None:
    """The form of which most labels stand there, and some that no other has; where only one is."""
    if len(found) < 2:
        return None  # nothing to tell it from
    able = []
    for form, there, labels in found:
        others = set[str]().union(*(each for other, _, each in found if other is not form))
        if len(there) >= _MOST_ROWS * len(labels) and len(there - others) >= _FEWEST_OWN:
            able.append(form)
    return able[0] if len(able) == 1 else None


def _texts(extract: Extract) -> Iterator[str]:
    for block in extract.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for row in block.rows for cell in row)
        else:
            yield block.text
