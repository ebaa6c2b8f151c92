"""Text to typed cells by the house's own rules: nothing is guessed, and a cell that does not fit is a finding."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.tables import explain
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Finding
from mainstay.tables.frames import DTYPES
from mainstay.tables.raw import ROW, Raw

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
DATE = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})([ T]00:00(:00)?)?$"
FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_INTEGER = 2**53
_INVISIBLE = r"[\x00-\x08\x0b-\x1f\x7f\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2064}\u{feff}\u{fffd}]"
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否")


@dataclass(frozen=True)
class Typed:
    """One table with typed cells and ``_row``; ``bad`` marks cells that were refused (null in ``frame``)."""

    table: Table
    frame: pl.DataFrame
    bad: dict[str, pl.Series]
    findings: list[Finding]


def cast(table: Table, raw: Raw) -> Typed:
    """Typed frame of a raw table; columns that are absent are null. Defaults are not filled here."""
    cells = raw.cells
    findings: list[Finding] = []
    columns: list[pl.Series] = [cells[ROW]]
    bad: dict[str, pl.Series] = {}
    for column in table.columns:
        if column.name not in cells.columns:
            columns.append(pl.Series(column.name, [None] * cells.height, dtype=DTYPES[column.type]))
            continue
        text, notes = _clean(table, column, cells[column.name], cells[ROW])
        findings += notes
        values = _values(column, text)
        refused = text.is_not_null() & values.is_null()
        if refused.any():
            bad[column.name] = refused
            findings += _refusals(table, column, text.filter(refused), cells[ROW].filter(refused))
        columns.append(values.alias(column.name))
        findings += _shortened(table, column, text, cells[ROW])
    return Typed(table, pl.DataFrame(columns), bad, findings)


def _clean(table: Table, column: Column, cells: pl.Series, rows: pl.Series) -> tuple[pl.Series, list[Finding]]:
    """Cells without spaces around them, empty ones null; one warning per column when that changed a text."""
    stripped = cells.str.strip_chars()
    if column.type == "text":
        stripped = stripped.str.replace_all("\r\n", "\n", literal=True)
    changed = (stripped != cells) & (stripped != "")
    stripped = stripped.replace("", None)
    if not changed.any():
        return stripped, []
    first = rows.filter(changed)[0]
    count = int(changed.sum())
    return stripped, [
        Finding(
            table.name,
            first,
            column.name,
            cells.filter(changed)[0],
            "spaces",
            f"{count:,} cells (the first in this row) have spaces around them; they were read without."
            if count > 1
            else "the cell has spaces around it; it was read without.",
            "Nothing needs to be done; taking the spaces away ends this warning.",
            "warning",
        )
    ]


def _values(column: Column, text: pl.Series) -> pl.Series:
    """Typed values; null where the text does not fit the type, or is an error of a spreadsheet."""
    if column.type in ("id", "text", "list", "choice"):
        text = _null_unless(text, ~text.str.contains(explain.EXCEL_ERROR))
    if column.type == "number":
        return _numbers(text)
    if column.type == "integer":
        numbers = _numbers(text)
        whole = (numbers.round() == numbers) & (numbers.abs() <= LARGEST_INTEGER)
        return _null_unless(numbers, whole).cast(pl.Int64)
    if column.type == "date":
        return _dates(text)
    if column.type == "boolean":
        lower = text.str.to_lowercase()
        return pl.select(pl.when(lower.is_in(_TRUE)).then(True).when(lower.is_in(_FALSE)).then(False)).to_series()
    if column.type == "id":
        return _null_unless(text, ~text.str.contains(_INVISIBLE + r"|[\t\n]"))
    if column.type == "list":
        return _null_unless(text, ~text.str.contains(_INVISIBLE + "|[\t\n；]"))
    return _null_unless(text, ~text.str.contains(_INVISIBLE))


def _null_unless(values: pl.Series, keep: pl.Series) -> pl.Series:
    return pl.select(pl.when(keep).then(values)).to_series()


def _numbers(text: pl.Series) -> pl.Series:
    numbers = _null_unless(text, text.str.contains(NUMBER)).cast(pl.Float64, strict=False)
    return _null_unless(numbers, numbers.is_finite()) + 0.0  # so that -0 is 0


def _dates(text: pl.Series) -> pl.Series:
    """Dates written year first, as 2020-01-24 or 2020/1/24, with midnight behind them or nothing."""
    parts = text.str.extract_groups(DATE)
    year, month, day = (parts.struct.field(str(i)).cast(pl.Int32) for i in (1, 2, 3))
    fits = year.is_between(FIRST_YEAR, LAST_YEAR) & month.is_between(1, 12) & day.is_between(1, 31)
    padded = pl.select(
        pl.when(fits).then(
            pl.concat_str(
                year.cast(pl.String),
                month.cast(pl.String).str.zfill(2),
                day.cast(pl.String).str.zfill(2),
                separator="-",
            )
        )
    ).to_series()
    return padded.str.to_date("%Y-%m-%d", strict=False)


def _refusals(table: Table, column: Column, text: pl.Series, rows: pl.Series) -> list[Finding]:
    findings = []
    for row, value in zip(rows, text, strict=True):
        why = explain.refusal(column, value)
        findings.append(Finding(table.name, row, column.name, value, why.rule, why.message, why.remedy))
    return findings


def _shortened(table: Table, column: Column, text: pl.Series, rows: pl.Series) -> list[Finding]:
    """Warn of long numbers that a spreadsheet has cut short in a column of codes (4.20106E+17)."""
    if column.type not in ("id", "text"):
        return []
    hit = text.str.contains(r"^\d(\.\d+)?[eE]\+\d{2}$").fill_null(False)
    return [
        Finding(
            table.name,
            row,
            column.name,
            value,
            "shortened_number",
            f'"{value}" looks like a long number that a spreadsheet has cut short.',
            "Format the column as text before typing the number, and type it again.",
            "warning",
        )
        for row, value in zip(rows.filter(hit), text.filter(hit), strict=True)
    ]
