"""Result tables as compact JSON: by column, repeated values once, numbers to five digits."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from mainstay.tables.declaration import Table

DIGITS = 5
"""Significant digits of a quantity in the page; the result tables keep all of them."""

MOST_ROWS = 40_000
"""Most rows of one table that the page holds; what is left out is said in the page."""


def encode_table(table: Table, frame: pl.DataFrame, start: date, most: int = MOST_ROWS) -> dict[str, Any]:
    """One table for the page.

    Parameters
    ----------
    table : its declaration
    frame : its rows, with every declared column
    start : first day of the plan; days are counted from it
    most : rows beyond this number are left out

    Returns
    -------
    ``rows`` (held), ``total`` and ``columns``; a column is ``{"v": value}`` when all rows agree,
    ``{"d": [values], "c": [which]}`` for words (-1: missing) and ``{"n": [numbers]}`` for numbers and days.
    The length of a period is left out: the page knows it from the period's first day.
    """
    held = frame.head(most).select(c.name for c in table.columns if c.name != "days")
    return encode_frame(held, start) | {"total": frame.height}


def encode_frame(frame: pl.DataFrame, start: date) -> dict[str, Any]:
    """Any table in that form, whole; days are counted from ``start``."""
    columns = {series.name: _column(series, start) for series in frame}
    return {"rows": frame.height, "total": frame.height, "columns": columns}


def _column(series: pl.Series, start: date) -> dict[str, Any]:
    if series.len() and series.n_unique() == 1:
        return {"v": _value(series[0], start)}
    if series.dtype == pl.Date:
        return {"n": (series - start).dt.total_days().to_list()}
    if series.dtype.is_numeric():
        return {"n": [_number(v) for v in series]}
    words = series.drop_nulls().unique(maintain_order=True)
    codes = series.replace_strict(words, list(range(words.len())), default=-1, return_dtype=pl.Int64)
    return {"d": words.to_list(), "c": codes.to_list()}


def _value(value: Any, start: date) -> Any:
    if isinstance(value, date):
        return (value - start).days
    return _number(value) if isinstance(value, float) else value


def _number(value: float | None) -> float | int | None:
    """The number in as few characters as five digits need."""
    if value is None:
        return None
    rounded = float(f"{value:.{DIGITS}g}") if abs(value) < 10**DIGITS else float(round(value))
    return int(rounded) if rounded.is_integer() else rounded
