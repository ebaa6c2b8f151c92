"""Typed frames: which column type is which in a frame, and how a frame is made to fit its declaration."""

from __future__ import annotations

import polars as pl

from mainstay.errors import UsageError
from mainstay.tables.declaration import Table, Type
from mainstay.tables.raw import ROW

DTYPES: dict[Type, type[pl.DataType]] = {
    "id": pl.String,
    "text": pl.String,
    "choice": pl.String,
    "list": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "date": pl.Date,
    "boolean": pl.Boolean,
}


def schema(table: Table) -> dict[str, type[pl.DataType]]:
    """Type of each declared column, in order."""
    return {c.name: DTYPES[c.type] for c in table.columns}


def empty(table: Table) -> pl.DataFrame:
    """The table without rows, every declared column typed."""
    return pl.DataFrame(schema=schema(table))


def fill_defaults(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Put the declared default where a cell is missing; nothing else is ever filled."""
    return frame.with_columns(
        pl.col(c.name).fill_null(pl.lit(c.default, dtype=DTYPES[c.type]))
        for c in table.columns
        if c.default is not None
    )


def conform(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame made in Python as the declaration wants it: all columns, in order, typed, defaults filled.

    Raises
    ------
    UsageError : a column is not declared, or its cells do not fit its type; names the column
    """
    declared = {c.name for c in table.columns}
    unknown = [name for name in frame.columns if name not in declared and name != ROW]
    if unknown:
        raise UsageError(
            f"The table {table.name} has no column {', '.join(unknown)}. "
            f"Its columns: {', '.join(c.name for c in table.columns)}."
        )
    columns = []
    for column in table.columns:
        dtype = DTYPES[column.type]
        if column.name not in frame.columns:
            columns.append(pl.Series(column.name, [None] * frame.height, dtype=dtype))
            continue
        try:
            cells = frame[column.name].cast(dtype)
        except pl.exceptions.PolarsError as error:
            raise UsageError(
                f"{table.name}, {column.name}: {frame[column.name].dtype} cells do not fit {column.type}. "
                f"Give {column.type} values."
            ) from error
        columns.append(cells.replace("", None) if dtype == pl.String else cells)
    return fill_defaults(table, pl.DataFrame(columns))
