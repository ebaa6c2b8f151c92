"""Rules of one table by itself, read off its declaration: values, ranges, choices and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from mainstay.tables.cast import Typed
from mainstay.tables.declaration import Column, unit_zh
from mainstay.tables.findings import Both, Finding
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
    """Findings about single cells, and about rows that have the same key.

    One look over the whole table says which columns are worth a closer one.
    """
    if typed.frame.height == 0:
        return []
    columns = typed.table.columns
    looks: list[tuple[Callable[[Typed, Column], Iterator[Finding]], Column, pl.Expr]] = []
    for column in columns:
        cell = pl.col(column.name)
        if column.required and column.default is None:
            looks.append((_missing, column, cell.is_null()))
        if column.least is not None or column.most is not None:
            looks.append((_out_of_range, column, _is_outside(column)))
        if column.choices:
            looks.append((_unknown_choice, column, ~cell.is_in(column.choices)))
    hits = typed.frame.select(look.any().alias(str(i)) for i, (_, _, look) in enumerate(looks)).row(0)
    findings: list[Finding] = []
    for (find, column, _), hit in zip(looks, hits, strict=True):
        if hit:
            findings += find(typed, column)
    return findings + list(_duplicates(typed))


def _is_outside(column: Column) -> pl.Expr:
    outside = pl.lit(False)
    if column.least is not None:
        outside = outside | (pl.col(column.name) < column.least)
    if column.most is not None:
        outside = outside | (pl.col(column.name) > column.most)
    return outside


def _missing(typed: Typed, column: Column) -> Iterator[Finding]:
    absent = typed.frame[column.name].is_null()
    if column.name in typed.bad:
        absent &= ~typed.bad[column.name]
    for row in typed.frame[ROW].filter(absent):
        unit, zh = _unit(column)
        yield Finding(
            typed.table.name,
            row,
            column.name,
            "",
            "missing_value",
            Both("the cell is empty.", "单元格为空。"),
            Both(f"Fill it in: {column.text}{unit}.", f"请填写：{column.text_zh or column.name}{zh}。"),
        )


def _out_of_range(typed: Typed, column: Column) -> Iterator[Finding]:
    for row, value in typed.frame.filter(_is_outside(column)).select(ROW, column.name).rows():
        negative = column.least is not None and column.least >= 0 and value < 0
        yield Finding(
            typed.table.name,
            row,
            column.name,
            show(value),
            "negative" if negative else "out_of_range",
            Both(
                f"{show(value)} is {'negative' if negative else 'outside what the column may hold'}.",
                f"{show(value)} {'为负数' if negative else '超出该列的允许范围'}。",
            ),
            Both(f"Give {_range(column)}.", f"请填写{_range(column).zh}。"),
        )


def _unit(column: Column) -> tuple[str, str]:
    """The unit as it stands behind a number, in English and Chinese."""
    return (f" [{column.unit}]", f"（单位：{unit_zh(column.unit)}）") if column.unit else ("", "")


def _range(column: Column) -> Both:
    unit, zh = _unit(column)
    least = column.least
    tiny = least is not None and 0 < least < 1e-6
    if least is not None and column.most is not None:
        return Both(
            f"a number {'above 0' if tiny else f'from {least:g}'} {'up to' if tiny else 'to'} {column.most:g}{unit}",
            f"{'大于 0 且不大于' if tiny else f'{least:g} 至'} {column.most:g} 的数{zh}",
        )
    if least is not None:
        return Both(
            f"a number {'above 0' if tiny else f'of {least:g} or more'}{unit}",
            f"{'大于 0' if tiny else f'不小于 {least:g}'} 的数{zh}",
        )
    return Both(f"a number of at most {column.most:g}{unit}", f"不大于 {column.most:g} 的数{zh}")


def _unknown_choice(typed: Typed, column: Column) -> Iterator[Finding]:
    for row, value in typed.frame.filter(~pl.col(column.name).is_in(column.choices)).select(ROW, column.name).rows():
        yield Finding(
            typed.table.name,
            row,
            column.name,
            value,
            "unknown_choice",
            Both(
                f'"{value}" is not one of {", ".join(column.choices)}.',
                f"“{value}”不是可选值。可选值：{'、'.join(column.choices)}。",
            ),
            nearest(value, column.choices) or Both("Choose one of them.", "请从可选值中选择。"),
        )


def _duplicates(typed: Typed) -> Iterator[Finding]:
    """Rows whose key is that of an earlier row."""
    table, key = typed.table, list(typed.table.key)
    if not key or not typed.frame.select(pl.struct(key).is_duplicated().any()).item():
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
        words_zh = "，".join(f"{name} {show(record[name]) or '（空）'}" for name in key)
        yield Finding(
            table.name,
            record[ROW],
            ", ".join(key),
            ", ".join(show(record[name]) for name in key),
            "duplicate_key",
            Both(
                f"{words} is there already, in row {record['_first']}.", f"与第 {record['_first']} 行重复：{words_zh}。"
            ),
            Both("Keep one of the rows, or put them together into one.", "请保留其中一行，或合并为一行。"),
        )
