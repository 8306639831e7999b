"""The tables of a store, each under a schema that holds whenever it is written or read.

They are ordinary Parquet: polars, pandas and DuckDB open them. The schemas are the only description
of the columns; docs/corpus.md is checked against them. pandera, which brings pandas, is imported
when a table is first checked: workers read documents meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple

import polars as pl
from polars._typing import PolarsDataType
from upath import UPath

from auditor.corpus.agencies import CHILD_STATES
from auditor.corpus.columns import STATES
from auditor.corpus.kernel import REASONS, STATUSES
from auditor.errors import InputError
from auditor.model.finding import Verdict

AMBIGUOUS = "predecessor-ambiguous"
"""The reason where several reports may be last year's, and no check on both years is made."""
FAILED = "failed"
NUMBER_TYPE = pl.Decimal(38, 18)
_TOLD = 5
"""Violations that a message tells; it counts the others."""


class _Check(NamedTuple):
    """A check of pandera's, by name, with what it is given."""

    name: str
    values: tuple[Any, ...]
    error: str


class Column(NamedTuple):
    """One column of a table."""

    dtype: PolarsDataType
    description: str
    checks: tuple[_Check, ...]
    nullable: bool


class TableSchema:
    """The columns of a table in their order, and what holds of them."""

    def __init__(
        self,
        columns: Mapping[str, Column],
        unique: list[str],
        holds: Callable[[Any], pl.LazyFrame] | None = None,
        error: str = "",
    ) -> None:
        """`unique` are the columns of the key; `holds` tells row by row whether `error` is not."""
        self.columns = columns
        self._unique, self._holds, self._error = unique, holds, error

    @cached_property
    def checks(self) -> Any:
        """The same as pandera has it."""
        import pandera.polars as pa  # takes as long to import as fifty reports to read

        columns = {
            name: pa.Column(
                each.dtype,
                [
                    getattr(pa.Check, name)(*values, error=said)
                    for name, values, said in each.checks
                ],
                nullable=each.nullable,
                description=each.description,
            )
            for name, each in self.columns.items()
        }
        rows = [pa.Check(self._holds, error=self._error)] if self._holds else []
        return pa.DataFrameSchema(
            columns, checks=rows, unique=self._unique, strict=True, ordered=True
        )


def _one_of(*values: str) -> _Check:
    return _Check("isin", (values,), f"must be one of {', '.join(values)}")


def _shaped(pattern: str, said: str) -> _Check:
    return _Check("str_matches", (pattern,), said)


def _column(dtype: PolarsDataType, description: str, *checks: _Check, null: bool = False) -> Column:
    return Column(dtype, description, checks, null)


def _agree(data: Any) -> pl.LazyFrame:
    """Row by row, whether there is a value exactly where a number was read."""
    frame: pl.LazyFrame = data.lazyframe
    return frame.select(pl.col("value").is_not_null() == (pl.col("state") == "number"))


def _explained(data: Any) -> pl.LazyFrame:
    """Row by row, whether what failed says why, and what was audited names its form."""
    frame: pl.LazyFrame = data.lazyframe
    failed = pl.col("verdict") == FAILED
    has_reason = pl.col("code").is_not_null() & pl.col("message").is_not_null()
    return frame.select((has_reason == failed) & (pl.col("form").is_null() == failed))


_DOCUMENT = _column(
    pl.String,
    "SHA-256 of the document's bytes",
    _shaped(r"^[0-9a-f]{64}$", "must be 64 hex digits"),
)
_FORM = r"^[^/\s]+/[^/\s]+$"
_POSITIVE = _Check("ge", (1,), "must count from 1")
_YEAR = _Check("in_range", (1900, 2200), "must be a year")
_STATUS = tuple(each.value for each in STATUSES)
_VERDICTS = (*(each.value for each in Verdict), FAILED)

FACTS = TableSchema(
    {
        "document": _DOCUMENT,
        "form": _column(pl.String, "form and edition", _shaped(_FORM, "must name a form")),
        "address": _column(
            pl.String,
            "the box: `table/row/column`, or `text/name` for a figure in a sentence",
            _shaped(r"^(?:text/[^/]+|[^/]+/[^/]+/[^/]+)$", "must be the address of a box"),
        ),
        "raw": _column(pl.String, "as printed; none where the box is missing", null=True),
        "value": _column(NUMBER_TYPE, "the number, exact; only of state `number`", null=True),
        "decimals": _column(
            pl.Int8, "printed behind the point; -3 where the last digit stands for thousands"
        ),
        "bare": _column(pl.Boolean, "whether nothing is printed beside the number"),
        "state": _column(
            pl.String, "`number`, `blank`, `illegible`, `missing`", _one_of(*list(STATES)[1:])
        ),
        "match": _column(pl.String, "how the figure found its box"),
        "page": _column(pl.Int32, "from 1, where the format has pages", _POSITIVE, null=True),
        "line": _column(pl.Int32, "from 1, where the format has lines", _POSITIVE, null=True),
        "selector": _column(pl.String, "such as `Sheet1!C5`", null=True),
    },
    ["document", "address"],
    _agree,
    "there is a value exactly where the state is number",
)
"""What was read: a row for each box of each document."""

OUTCOMES = TableSchema(
    {
        "document": _DOCUMENT,
        "rule": _column(pl.String, "the rule's id"),
        "check": _column(pl.String, "the check's id: the rule's, and the line it is about"),
        "item": _column(pl.UInt16, "from 0: which claim, of a check on sentences"),
        "status": _column(pl.String, "`pass`, `fail`, …; only `pass` is one", _one_of(*_STATUS)),
        "reason": _column(pl.String, "why it is not `pass`, where there is more to say", null=True),
        "residual": _column(pl.Float64, "by how much a failed sum is off", null=True),
    },
    ["document", "check", "item"],
)
"""What every check found in every document that could be read."""

FINDINGS = TableSchema(
    {
        "document": _DOCUMENT,
        "rule": _column(pl.String, "the rule that it is filed under"),
        "severity": _column(pl.String, "as configured", _one_of("error", "warning", "info")),
        "certainty": _column(pl.String, "of the reading", _one_of("certain", "likely")),
        "primary": _column(pl.String, "the box at fault, where only one will do", null=True),
        "expected": _column(pl.String, "what should stand there", null=True),
        "actual": _column(pl.String, "what stands there", null=True),
        "edits": _column(pl.String, "what the first suggestion would change", null=True),
        "message_zh": _column(pl.String, "in Chinese"),
        "message_en": _column(pl.String, "in English"),
        "fingerprint": _column(pl.String, "the same for the same finding in any run"),
    },
    ["document", "fingerprint"],
)
"""What is told: failures with one cause as one row."""

DOCUMENTS = TableSchema(
    {
        "name": _column(pl.String, "as it was given to the command"),
        "document": _column(
            pl.String,
            "SHA-256 of its bytes; none where they could not be had",
            _shaped(r"^[0-9a-f]{64}$", "must be 64 hex digits"),
            null=True,
        ),
        "form": _column(pl.String, "form and edition", _shaped(_FORM, "a form"), null=True),
        "agency": _column(pl.String, "who reports, as printed", null=True),
        "issuer": _column(pl.String, "the same, by the name under which agencies meet", null=True),
        "year": _column(pl.Int32, "the year reported on", _YEAR, null=True),
        "verdict": _column(pl.String, "what it comes to", _one_of(*_VERDICTS)),
        "predecessor": _column(pl.String, "`document` of the year before, if sure", null=True),
        "candidates": _column(
            pl.String, "names of the reports that may be it, where that is not sure", null=True
        ),
        "code": _column(pl.String, "of a failure", null=True),
        "message": _column(pl.String, "of a failure, in words", null=True),
        "evaluation": _column(pl.String, "the folder of its outcomes and findings", null=True),
    },
    ["name"],
    _explained,
    "exactly what failed has a code and a message, and no form",
)
"""Every document of the last run; two names may have the same bytes, and then share all rows."""

GROUPS = TableSchema(
    {
        "document": _DOCUMENT,
        "parent": _column(pl.String, "who reports, by the name under which agencies meet"),
        "year": _column(pl.Int32, "the year reported on", _YEAR),
        "complete": _column(pl.Boolean, "whether no other body is below it"),
        "item": _column(pl.UInt16, "from 0: the `item` of its outcomes on single bodies"),
        "child": _column(pl.String, "the body below it"),
        "state": _column(pl.String, "whether its report is there", _one_of(*CHILD_STATES)),
        "child_document": _column(pl.String, "`document` of that report", null=True),
    },
    ["document", "child"],
)
"""What bodies are below each that has reported, as `agencies.yaml` declares it."""

DUPLICATES = TableSchema(
    {
        "document": _DOCUMENT,
        "other": _column(pl.String, "`document` of the earlier report that it is like"),
        "prose": _column(
            pl.Float64,
            "the share of the longer one's sentences that both have; none where both are short",
            _Check("in_range", (0, 1), "must be a share"),
            null=True,
        ),
        "figures": _column(
            pl.UInt32, "how many figures are not zero, where all of those are the same", null=True
        ),
    },
    ["document", "other"],
)
"""Reports with the figures or the sentences of another."""

VERSIONS = TableSchema(
    {
        "document": _DOCUMENT,
        "other": _column(pl.String, "`document` of the version whose name comes before"),
        "address": _column(pl.String, "the box, or `text//name`; none of `same`", null=True),
        "state": _column(
            pl.String,
            "`changed`; `unread`: not compared; `same`: nothing that was read has changed",
            _one_of("changed", "unread", "same"),
        ),
        "before": _column(pl.String, "what the other says; none where the box is blank", null=True),
        "after": _column(pl.String, "what this one says", null=True),
    },
    ["document", "other", "address"],
)
"""Documents of one agency for one year, and what they say otherwise."""

SCREENING = TableSchema(
    {
        "document": _DOCUMENT,
        "kind": _column(pl.String, "`screening`: no finding, and no mistake", _one_of("screening")),
        "test": _column(pl.String, "what was looked at", _one_of("peers", "ratio", "digits")),
        "subject": _column(pl.String, "the box, the ratio's id, or `last-digits`"),
        "subject_zh": _column(pl.String, "the same in Chinese words"),
        "subject_en": _column(pl.String, "the same in English words"),
        "value": _column(pl.Float64, "the figure, the ratio, the share of the commonest digit"),
        "score": _column(pl.Float64, "how far it is: robust z, the ratio itself, chi-square"),
        "limit": _column(pl.Float64, "beyond which it is told"),
        "peers": _column(pl.UInt32, "how many peers there are; 0 where too few"),
        "median": _column(pl.Float64, "of `value`, among the peers", null=True),
        "nearest": _column(pl.String, "names of the peers that are nearest to it", null=True),
    },
    ["document", "test", "subject"],
)
"""What is far from its peers or seldom so, for people to look at."""

REASON_NAMES = [each and each.value for each in REASONS]


def schema_of(table: TableSchema) -> dict[str, PolarsDataType]:
    """The columns of a table and their types, for whoever builds it."""
    return {name: column.dtype for name, column in table.columns.items()}


def checked(
    table: TableSchema, frame: pl.DataFrame, place: str, known: pl.Series | None = None
) -> pl.DataFrame:
    """The same frame. Raises `InputError` that says which row and column break the schema, or
    which document is none of those `known`."""
    from pandera.errors import SchemaErrors

    try:
        # With nulls as their type says: a lazy frame would be checked for its types only.
        table.checks.validate(frame, lazy=True)
    except SchemaErrors as error:
        said = _violations(error.failure_cases)
        raise InputError("table", said, place=place, hint=_HINT) from None
    if known is not None:
        strange = frame.filter(~pl.col("document").is_in(known.implode()))
        if len(strange):
            first = strange["document"][0]
            said = f"{len(strange)} rows are of no document of the store, the first of {first}"
            raise InputError("table", said, place=place, hint=_HINT)
    return frame


_HINT = "the columns are explained in docs/corpus.md; delete the folder that is named and run again"


def read_table(table: TableSchema, path: UPath, known: pl.Series | None = None) -> pl.DataFrame:
    """The table in a file, checked. Raises `InputError` for a file that is no such table."""
    try:
        frame = pl.read_parquet(BytesIO(path.read_bytes()))
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError("table", f"no table: {said}", place=str(path), hint=_HINT) from None
    return checked(table, frame, str(path), known)


def _violations(cases: Any) -> str:
    """Each violation in words, the first few; the others are counted."""
    said = []
    for case in cases.to_dicts():
        check, column, value = str(case["check"]), case["column"], case["failure_case"]
        row = "" if case["index"] is None else f"row {case['index'] + 1}, "
        match check:
            case "column_in_dataframe":
                said.append(f"there is no column {value!r}")
            case "column_in_schema":
                said.append(f"there is a column {value!r} that is none of the table's")
            case "column_ordered":
                said.append(f"the column {value!r} is not in its place")
            case "not_nullable":
                said.append(f"{row}column {column}: is empty")
            case "multiple_fields_uniqueness":
                said.append(f"{row}its key stands in another row too")
            case _ if check.startswith("dtype"):
                said.append(f"column {column}: {value} where {check[7:-2]} is expected")
            case _:
                about = f"column {column}: " if case["schema_context"] == "Column" else ""
                said.append(f"{row}{about}{value!r} {check}" if about else f"{row}{check}")
    said = list(dict.fromkeys(said))
    return "; ".join(said[:_TOLD]) + (f"; and {len(said) - _TOLD} more" if said[_TOLD:] else "")
