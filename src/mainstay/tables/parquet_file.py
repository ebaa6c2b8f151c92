"""A Parquet file to a raw table: its typed cells are written as text and then judged like any others."""

from __future__ import annotations

import io

import polars as pl

from mainstay.tables.csv_file import empty_file
from mainstay.tables.declaration import Table
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, Raw, from_records, unreadable


def read_parquet(table: Table, file: str, data: bytes) -> Raw:
    """Raw table of a Parquet file; rows count from 2, as if there were a header."""
    if not data:
        return unreadable(empty_file(table.name, file))
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except Exception as error:  # polars raises many kinds, and its reader's panics, for a damaged file
        return unreadable(
            Finding(
                table.name,
                None,
                "",
                "",
                "not_parquet",
                Both(
                    f"{file} cannot be read as Parquet ({str(error).splitlines()[0][:120]}).",
                    f"{file} 无法作为 Parquet 文件读取。",
                ),
                Both("Write it again, or give the table as CSV.", "请重新写出，或改用 CSV。"),
            )
        )
    header = frame.columns
    findings: list[Finding] = []
    columns = {}
    for position, name in enumerate(header):
        text = _as_text(frame[name])
        if text is None:
            findings.append(_nested(table.name, name, str(frame[name].dtype)))
            text = pl.Series([None] * frame.height, dtype=pl.String)
        columns[f"c{position}"] = text
    body = pl.DataFrame({ROW: pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True), **columns})
    raw = from_records(table, list(header), body, findings)
    return Raw(raw.table, raw.cells, raw.findings, raw.broken or bool(findings))


def _as_text(column: pl.Series) -> pl.Series | None:
    """Cells as text (dates as 2020-01-24, truth as true and false); None for nested and binary ones."""
    dtype = column.dtype
    if dtype == pl.Datetime:
        text = column.dt.to_string("%Y-%m-%d %H:%M:%S%.f").str.replace(r"\.0*$", "")
    elif dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        return None
    else:
        text = column.cast(pl.String)
    return text.replace("", None)


def _nested(table: str, column: str, dtype: str) -> Finding:
    return Finding(
        table,
        None,
        column,
        dtype,
        "wrong_type",
        Both(
            f"the column holds {dtype}, which is not text, a number, a date or true and false.",
            f"该列的类型为 {dtype}，不是文本、数字、日期或真假。",
        ),
        Both("Write one plain value per cell.", "请每个单元格只写一个值。"),
    )
