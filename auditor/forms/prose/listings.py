"""Sentences and their quantities in; breakdowns, shares and growth out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.forms.folding import Folding
from auditor.forms.prose.layout import Line
from auditor.model.prose import Growth, Listing, Quantity, Said, Share
from auditor.model.wordings import Wordings


def read_listings(
    lines: Sequence[Line], quantities: Sequence[Quantity], wordings: Wordings, folding: Folding
) -> Iterator[Listing]:
    """Every total with the parts printed after it."""
    return iter(())


def read_shares(
    lines: Sequence[Line],
    quantities: Sequence[Quantity],
    listings: Sequence[Listing],
    wordings: Wordings,
    folding: Folding,
) -> Iterator[Share]:
    """Every percentage that is printed as the share of a figure."""
    return iter(())


def read_growths(
    lines: Sequence[Line],
    quantities: Sequence[Quantity],
    said: Sequence[Said],
    wordings: Wordings,
    folding: Folding,
) -> Iterator[Growth]:
    """Every comparison with last year."""
    return iter(())
