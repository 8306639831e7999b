"""The facts of reports as one long table, under a schema that holds whenever it is written or read.

`Facts` is the only description of the columns: it checks them, and the documentation is made of it.
Reporters write reports as they were read into it, as CSV or Parquet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.engines import pandas_engine
from pandera.errors import SchemaErrors

from auditor.errors import InputError
from auditor.escaping import BOM, guarded, unguarded
from auditor.messages import phrase
from auditor.model.form import Address, Form
from auditor.model.report import Number
from auditor.reporters import Item, Reading, Reporter
from auditor.reporters.json import entries_in_order

_STATES = ("number", "blank", "illegible", "missing")
_MATCHES = ("exact", "alias", "fuzzy", "position", "inferred", "entered", "none")
_PLACES = 18
"""Decimals of a value: spreadsheets print 38.419999999999995 where 38.42 was meant."""
_VALUE = pandas_engine.Decimal(38, _PLACES)
_TOLD = 8
"""Violations that a message tells; it counts the others."""


def _text(description: str, *checks: pa.Check, nullable: bool = False) -> pa.Column:
    return pa.Column("string", list(checks), nullable=nullable, description=description)


def _count(description: str, *checks: pa.Check) -> pa.Column:
    return pa.Column("Int64", list(checks), nullable=True, description=description)


def _one_of(values: tuple[str, ...]) -> pa.Check:
    return pa.Check.isin(values, error=f"must be one of {', '.join(values)}")


def _agrees(table: pd.DataFrame) -> pd.Series:
    """Row by row, whether there is a value exactly where a number was read."""
    return table["value"].notna() == (table["state"] == "number")


def _absent(table: pd.DataFrame) -> pd.Series:
    """Row by row, whether there is no text exactly where the document has no such box."""
    return table["raw"].isna() == (table["state"] == "missing")


_POSITIVE = pa.Check.ge(1, error="must count from 1")

FACTS = pa.DataFrameSchema(
    {
        "report": _text("the document's name, as it was given to the command"),
        "agency": _text("who reports; empty where that was not recognised", nullable=True),
        "year": _count(
            "the year reported on; empty where that was not recognised",
            pa.Check.in_range(1900, 2200, error="must be a year"),
        ),
        "form": _text(
            "the form and its edition, such as `cn-goi-annual/2021`",
            pa.Check.str_matches(r"^[^/\s]+/[^/\s]+$", error="must be a form and its edition"),
        ),
        "address": _text(
            "the box on the form: `table/row/column`, or `text/name` for a figure in a sentence",
            pa.Check.str_matches(
                r"^(?:text/[^/]+|[^/]+/[^/]+/[^/]+)$", error="must be the address of a box"
            ),
        ),
        "table": _text("the table's title"),
        "row": _text("the row's label with those of its groups; empty in sentences", nullable=True),
        "column": _text("the column's label; the figure's name in sentences"),
        "raw": _text("the text as printed; none where the box is missing", nullable=True),
        "value": pa.Column(
            _VALUE, nullable=True, description="the number, exact; empty but for state `number`"
        ),
        "state": _text(
            "`number`, `blank`, `illegible` (not to be told what it says) or `missing` (no such "
            "box in the document)",
            _one_of(_STATES),
        ),
        "match": _text(
            "how the figure found its box: `exact`, `alias`, `fuzzy`, `position`, `inferred`, "
            "`entered` or `none`",
            _one_of(_MATCHES),
        ),
        "page": _count("the page, counted from 1, where the format has pages", _POSITIVE),
        "line": _count("the line, counted from 1, where the format has lines", _POSITIVE),
        "selector": _text("the format's own way to say where, such as `Sheet1!C5`", nullable=True),
    },
    checks=[
        pa.Check(_agrees, error="there is a value exactly where the state is number"),
        pa.Check(_absent, error="there is no text exactly where the box is missing"),
    ],
    unique=["report", "address"],
    strict=True,
    ordered=True,
)
"""The columns, in their order."""


def checked(table: pd.DataFrame, place: str = "") -> pd.DataFrame:
    """The same table. Raises `InputError` that says which row and column break the schema."""
    try:
        return FACTS.validate(table, lazy=True)
    except SchemaErrors as error:
        said = _violations(error.failure_cases, table)
        raise InputError("facts", said, place=place, hint=_HINT) from None


_HINT = "rows count from 1, without the heading; the columns are explained in docs/output.md"


def _violations(found: pd.DataFrame, table: pd.DataFrame) -> str:
    """Each violation in words, the first few; the others are counted."""
    cases = found.to_dict("records")
    if lost := [case for case in cases if case["check"] == "column_in_dataframe"]:
        cases = lost  # what else is said follows from it
    mistyped = {case["column"] for case in cases if str(case["check"]).startswith("dtype")}
    said = list(
        dict.fromkeys(
            _violation(case, table)
            for case in cases
            if case["column"] not in mistyped or str(case["check"]).startswith("dtype")
        )
    )
    more = f"; and {len(said) - _TOLD} more" if len(said) > _TOLD else ""
    return "; ".join(said[:_TOLD]) + more


def _violation(case: dict[str, Any], table: pd.DataFrame) -> str:
    """One line of pandera's account of what is wrong."""
    check, column, index = str(case["check"]), case["column"], case["index"]
    value = case["failure_case"]
    match check:
        case "column_in_schema":
            return f"there is a column {value!r} that is none of the facts'"
        case "column_in_dataframe":
            return f"there is no column {value!r}"
        case "column_ordered":
            return f"the column {value!r} is not in its place"
    row = "" if pd.isna(index) else f"row {table.index.get_loc(index) + 1}"
    if check == "multiple_fields_uniqueness":
        return f"{row}: its report and address stand in another row too"
    if case["schema_context"] != "Column":
        return f"{row}: {check}"
    where = ", ".join(each for each in (row, f"column {column}") if each)
    if check == "not_nullable":
        return f"{where}: is empty"
    if check.startswith("dtype"):
        wanted = _KINDS.get(str(FACTS.columns[column].dtype), "text")
        found = "" if pd.isna(value) or not row else f"{value!r} where "
        return f"{where}: {found}{wanted} is expected"
    return f"{where}: {value!r} {check}"


_KINDS = {"Int64": "a whole number", str(_VALUE): "an exact number"}


def written_csv(table: pd.DataFrame) -> str:
    """The table as text that Excel opens as it is, with nothing in it that computes."""
    safe = checked(table).copy()
    for name in TEXTS:
        safe[name] = safe[name].map(guarded, na_action="ignore")
    safe["value"] = safe["value"].map(lambda value: format(value, "f"), na_action="ignore")
    return BOM + str(safe.to_csv(index=False, lineterminator="\r\n"))


def written_parquet(table: pd.DataFrame) -> bytes:
    """The table as a Parquet file whose columns have the same types whatever stands in them."""
    import pyarrow as arrow  # only this format needs it

    kinds = {name: arrow.string() for name in FACTS.columns}
    kinds |= dict.fromkeys(COUNTS, arrow.int64())
    kinds["value"] = arrow.decimal128(38, _PLACES)
    content = BytesIO()
    checked(table).to_parquet(content, index=False, schema=arrow.schema(list(kinds.items())))
    return content.getvalue()


def read_frame(path: Path) -> pd.DataFrame:
    """The table that was written to a CSV or Parquet file, checked.

    Raises `InputError`: no such table in it, or one that breaks the schema.
    """
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path, dtype_backend="numpy_nullable")
            if "value" in table.columns:
                table["value"] = table["value"].map(_plain, na_action="ignore")
            return checked(table, path.name)
        raw = _texts(path)
    except (OSError, ValueError, ImportError, csv.Error) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError("facts", f"no table of facts: {said}", place=path.name) from None
    return checked(_typed(raw, path.name), path.name)


_EMPTY = tuple(name for name, column in FACTS.columns.items() if column.nullable)
COUNTS = ("year", "page", "line")
TEXTS = tuple(name for name in FACTS.columns if name not in (*COUNTS, "value"))


def _texts(path: Path) -> pd.DataFrame:
    """The cells of a CSV file as they stand; `ValueError` where a row has too many or too few."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream, strict=True)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(head):
            raise ValueError(f"row {number} has {len(row)} cells under {len(head)} headings")
    columns = zip(*rows, strict=True) if rows else [()] * len(head)
    return pd.DataFrame(dict(zip(head, map(list, columns), strict=True)), dtype="string")


def _typed(raw: pd.DataFrame, place: str) -> pd.DataFrame:
    """The texts of a CSV file as what each column holds; the schema checks the rest."""
    table = raw.copy()
    for name in table.columns:
        if name in TEXTS:
            texts = table[name].map(unguarded).astype("string")
            table[name] = texts.mask(texts == "", pd.NA) if name in _EMPTY else texts
        elif name == "value":
            table[name] = pd.Series(
                [_number(text, row, name, place) for row, text in enumerate(table[name], 1)],
                dtype=object,
            )
        elif name in COUNTS:
            numbers = [_number(text, row, name, place) for row, text in enumerate(table[name], 1)]
            whole = [None if each is None else int(each) for each in numbers]
            table[name] = pd.array(whole, dtype="Int64")
    if {"raw", "state"} <= set(table.columns):  # a file of texts cannot tell none from an empty one
        table["raw"] = table["raw"].mask(table["raw"].isna() & (table["state"] != "missing"), "")
    return table


def _plain(value: Any) -> Any:
    """The number without the zeros that a fixed number of decimals adds."""
    if not isinstance(value, Decimal):
        return value
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _number(text: str, row: int, column: str, place: str) -> Decimal | None:
    """An exact number; None for an empty cell."""
    if not text:
        return None
    try:
        number = Decimal(text)
        if number.is_finite() and (column == "value" or number == int(number)):
            return number
    except ArithmeticError:
        pass
    kind = "a number" if column == "value" else "a whole number"
    said = f"row {row}, column {column}: {text!r} where {kind} is expected"
    raise InputError("facts", said, place=place, hint=_HINT)


class FactsParquetReporter(Reporter):
    """One table, when all reports are read: its schema is about all of it."""

    def start(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def fragment(self, item: Item, number: int) -> list[pd.DataFrame]:
        """The rows of the report, unless it failed."""
        return _parts([item], self.language)

    def add(self, fragment: list[pd.DataFrame]) -> None:
        self._parts += fragment

    def finish(self) -> None:
        self.write(written_parquet(_whole(self._parts)))


class FactsCsvReporter(FactsParquetReporter):
    """The same as comma-separated rows."""

    def finish(self) -> None:
        self.write(written_csv(_whole(self._parts)))


def facts(items: Iterable[Item], language: str) -> pd.DataFrame:
    """A row for each box of each report. A document that failed has none: it is told elsewhere."""
    return _whole(_parts(items, language))


def _parts(items: Iterable[Item], language: str) -> list[pd.DataFrame]:
    return [_typed_columns(_rows(item, language)) for item in items if isinstance(item, Reading)]


def _whole(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else _typed_columns([])


def _rows(reading: Reading, language: str) -> list[dict[str, Any]]:
    report = reading.report
    about = {
        "report": report.source.name,
        "agency": report.identity.agency,
        "year": report.identity.year,
        "form": report.form_id,
    }
    return [
        {
            **about,
            "address": str(entry.address),
            **_labels(reading.form, entry.address, language),
            "raw": entry.raw,
            "value": entry.value.value if isinstance(entry.value, Number) else None,
            "state": entry.value.state,
            "match": entry.match.value,
            **{name: getattr(entry.origin, name, None) for name in ("page", "line", "selector")},
        }
        for entry in entries_in_order(report, reading.form)
    ]


def _labels(form: Form, box: Address, language: str) -> dict[str, str | None]:
    """Table, row and column in the form's words; figures in sentences have no row."""
    if not box.row:
        label = form.wordings.mention(box.column).label
        name = label.get(language) or box.column
        return {"table": phrase("text-figure", language), "row": None, "column": name}
    row, _, column = form.describe(box).rpartition(" \u00d7 ")
    title = form.table(box.table).title
    return {"table": title.get(language, box.table), "row": row, "column": column}


def _typed_columns(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows in columns of the types that the schema wants, though nothing stand in them."""
    kinds = dict.fromkeys(TEXTS, "string") | dict.fromkeys(COUNTS, "Int64") | {"value": "object"}
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kinds[name]) for name in FACTS.columns}
    )
