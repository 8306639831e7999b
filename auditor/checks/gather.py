"""A report, and last year's if there is one, become facts."""

from __future__ import annotations

from decimal import Decimal

from auditor.model.form import Address
from auditor.model.report import Facts, Missing, Number, Ref, Report, Value

YEAR = Address("text", "", "year")


def gather(report: Report, previous: Report | None = None) -> Facts:
    """Every figure of both reports by ref; which year they are for is a figure too.

    Whether `previous` is the report of the year before is for the caller to know.
    """
    values: dict[Ref, Value] = {}
    raw: dict[Ref, str] = {}
    for lag, one in enumerate((report, previous)):
        if one is None:
            continue
        year = one.identity.year
        values[Ref(YEAR, lag)] = Missing() if year is None else Number(Decimal(year))
        if year is not None:
            raw[Ref(YEAR, lag)] = str(year)
        for address, entry in one.entries.items():
            ref = Ref(address, lag)
            values[ref] = entry.value
            if entry.raw is not None:
                raw[ref] = entry.raw
    return Facts(
        values,
        raw,
        report.identity.agency,
        previous is not None,
        report.assumed,
        report.prose,
        frozenset(
            (unknown.table, row)
            for unknown in report.unknown_rows
            if unknown.counts
            for row in unknown.between
        ),
    )
