"""Rules of one table by itself, read off its declaration: values, ranges, choices and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from mainstay.tables.cast import Typed
from mainstay.tables.declaration import Column
from mainstay.tables.findings import Finding
from mainstay.tables.raw import ROW, nearest


def show(value: object) -> str:
    """A cell as people write it: 12000, 0.25, 2020-01-24, true; nothing when it is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def check_cells(typed: Typed) -> list[Finding]:
    """Findings about single cells, and about rows that have the same key."""
    findings: list[Finding] = []
    for column in typed.table.columns:
        findings += _missing(typed, column)
        findings += _out_of_range(typed, column)
        findings += _unknown_choice(typed, column)
    return findings + list(_duplicates(typed))


def _missing(typed: Typed, column: Column) -> Iterator[Finding]:
    if not column.required or column.default is not None:
        return
    absent = typed.frame[column.name].is_null()
    if column.name in typed.bad:
        absent &= ~typed.bad[column.name]
    for row in typed.frame[ROW].filter(absent):
        unit = f" [{column.unit}]" if column.unit else ""
        yield Finding(
            typed.table.name,
            row,
            column.name,
            "",
            "missing_value",
            "the cell is empty.",
            f"Fill it in: {column.text}{unit}.",
        )


def _out_of_range(typed: Typed, column: Column) -> Iterator[Finding]:
    if column.least is None and column.most is None:
        return
    values = typed.frame[column.name]
    outside = pl.select(
        (values < column.least if column.least is not None else pl.lit(False))
        | (values > column.most if column.most is not None else pl.lit(False))
    ).to_series()
    if len(outside) != len(values) or not outside.any():
        return
    for row, value in typed.frame.filter(outside).select(ROW, column.name).rows():
        negative = column.least is not None and column.least >= 0 and value < 0
        yield Finding(
            typed.table.name,
            row,
            column.name,
            show(value),
            "negative" if negative else "out_of_range",
            f"{show(value)} is {'negative' if negative else 'outside what the column may hold'}.",
            f"Give {_range(column)}.",
        )


def _range(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    least = column.least
    tiny = least is not None and 0 < least < 1e-6
    if least is not None and column.most is not None:
        return f"a number {'above 0' if tiny else f'from {least:g}'} {'up to' if tiny else 'to'} {column.most:g}{unit}"
    if least is not None:
        return f"a number {'above 0' if tiny else f'of {least:g} or more'}{unit}"
    return f"a number of at most {column.most:g}{unit}"


def _unknown_choice(typed: Typed, column: Column) -> Iterator[Finding]:
    if not column.choices:
        return
    values = typed.frame[column.name]
    wrong = values.is_not_null() & ~values.is_in(column.choices)
    if not wrong.any():
        return
    for row, value in typed.frame.filter(wrong).select(ROW, column.name).rows():
        yield Finding(
            typed.table.name,
            row,
            column.name,
            value,
            "unknown_choice",
            f'"{value}" is not one of {", ".join(column.choices)}.',
            nearest(value, column.choices) or "Choose one of them.",
        )


def _duplicates(typed: Typed) -> Iterator[Finding]:
    """Rows whose key is that of an earlier row."""
    table, key = typed.table, list(typed.table.key)
    if not key or typed.frame.height == 0:
        return
    frame = typed.frame.select(ROW, *key)
    sound = pl.Series([True]).new_from_index(0, frame.height)
    for name in key:
        if name in typed.bad:
            sound &= ~typed.bad[name]
        if table.column(name).required:
            sound &= frame[name].is_not_null()
    frame = frame.filter(sound)
    twice = frame.select(pl.struct(key).is_duplicated()).to_series()
    if not twice.any():
        return
    rows = frame.filter(twice).with_columns(pl.col(ROW).first().over(key).alias("_first"))
    for record in rows.filter(pl.col(ROW) != pl.col("_first")).to_dicts():
        words = ", ".join(f"{name} {show(record[name]) or '(empty)'}" for name in key)
        yield Finding(
            table.name,
            record[ROW],
            ", ".join(key),
            ", ".join(show(record[name]) for name in key),
            "duplicate_key",
            f"{words} is there already, in row {record['_first']}.",
            "Keep one of the rows, or put them together into one.",
        )
