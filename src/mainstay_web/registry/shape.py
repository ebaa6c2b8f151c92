"""Rows of a declared table as they are stored, and back: texts to typed cells, cells to body and key, to frames."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from mainstay.tables import CASE_TABLES, Finding, Findings, frames
from mainstay.tables.cast import cast
from mainstay.tables.cells import check_cells, show
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Both
from mainstay.tables.raw import ROW, Raw
from mainstay.tables.settings import SETTINGS

TABLES: dict[str, Table] = {name: table for name, table in CASE_TABLES.items() if name != "reports"}
"""The tables of the register: all of a case but the reports, which come in by themselves."""
EXTRAS = "extras"
LONGEST_KEY = 400
LONGEST_LABEL = 300


def declared(name: str) -> Table:
    """The declaration of a table of the register, or of the settings; KeyError when there is none."""
    return SETTINGS if name == SETTINGS.name else TABLES[name]


@dataclass(frozen=True)
class Judged:
    """A table that was looked through: the sound rows, and the findings about the others; ``rows`` counts all."""

    table: Table
    frame: pl.DataFrame
    findings: Findings
    rows: int


def judge(table: Table, raw: Raw) -> Judged:
    """Sound rows of a raw table, typed, defaults filled, with ``_row``; by the declaration's own cell checks."""
    typed = cast(table, raw)
    typed = replace(typed, frame=frames.fill_defaults(table, typed.frame))
    found = [*raw.findings, *(f for f in typed.findings if f.row not in raw.refused_rows)]
    found += [f for f in check_cells(typed) if f.row not in raw.refused_rows]
    frame = typed.frame
    if raw.broken:
        frame = frame.clear()
    wrong = {f.row for f in found if f.severity == "error" and f.row is not None} | set(raw.refused_rows)
    frame = frame.filter(~pl.col(ROW).is_in(list(wrong)))
    long = [(row, key) for row, key in zip(frame[ROW], keys(table, frame), strict=True) if len(key) > LONGEST_KEY]
    found += [_long_key(table, row, key) for row, key in long]
    frame = frame.filter(~pl.col(ROW).is_in([row for row, _key in long]))
    return Judged(table, frame, Findings(found, {table.name: raw.cells.height}), raw.cells.height)


def _long_key(table: Table, row: int, key: str) -> Finding:
    return Finding(
        table.name,
        row,
        ", ".join(table.key),
        key[:60] + "…",
        "too_long",
        Both(
            f"the codes that name the row have {len(key)} characters together.",
            f"该行的代码合计 {len(key)} 个字符，过长。",
        ),
        Both(f"Shorten them to {LONGEST_KEY - 20} or fewer.", f"请缩短到 {LONGEST_KEY - 20} 个以内。"),
    )


def raw_of(table: Table, rows: pl.DataFrame | Iterable[Mapping[str, Any]]) -> Raw:
    """Rows made in Python as a raw table; rows count from 2, as in a file.

    Raises
    ------
    KeyError : a column is not declared
    """
    if isinstance(rows, pl.DataFrame):
        cells = rows.drop(ROW, strict=False).cast(pl.String)
    else:
        records = [{name: _text(value) for name, value in row.items()} for row in rows]
        names = list(dict.fromkeys(name for record in records for name in record))
        cells = pl.DataFrame(
            {name: [record.get(name) for record in records] for name in names}, schema=dict.fromkeys(names, pl.String)
        )
        if not names:
            cells = pl.DataFrame({table.columns[0].name: [None] * len(records)}, schema_overrides={})
            cells = cells.cast(pl.String)
    for name in cells.columns:
        table.column(name)
    numbers = pl.int_range(2, cells.height + 2, dtype=pl.Int64, eager=True).alias(ROW)
    absent = [pl.lit(None, dtype=pl.String).alias(c.name) for c in table.columns if c.name not in cells.columns]
    return Raw(table.name, cells.with_columns(numbers, *absent).with_columns(pl.col(pl.String).replace("", None)))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(value)
    return value.isoformat() if isinstance(value, date | datetime) else show(value)


def keys(table: Table, frame: pl.DataFrame) -> list[str]:
    """The key of each row as it is stored."""
    if table is SETTINGS:
        return ["[]"] * frame.height
    return [key_of(row) for row in frame.select(_plain(table, table.key)).iter_rows()]


def key_of(values: Sequence[Any]) -> str:
    """The stored key of one row, dates as ISO text."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def bodies(table: Table, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """What is stored of each row: given values by column."""
    rows = frame.select(_plain(table, [c.name for c in table.columns])).to_dicts()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _plain(table: Table, names: Sequence[str]) -> list[pl.Expr]:
    return [
        pl.col(name).dt.to_string("%Y-%m-%d") if table.column(name).type == "date" else pl.col(name) for name in names
    ]


def frame_of(table: Table, texts: Sequence[str]) -> pl.DataFrame:
    """The typed frame, defaults filled, of stored bodies as JSON texts."""
    dtypes = {
        c.name: pl.String if c.type == "date" else pl.Float64 if c.type == "integer" else frames.DTYPES[c.type]
        for c in table.columns
    }
    if not texts:
        return frames.empty(table)
    decoded = pl.Series("body", texts, dtype=pl.String).str.json_decode(pl.Struct(dtypes)).struct.unnest()
    return frames.fill_defaults(table, decoded.select(_typed(c) for c in table.columns))


def _typed(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.type == "date":
        return cell.str.to_date("%Y-%m-%d")
    return cell.cast(frames.DTYPES[column.type])


def typed_body(table: Table, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one stored row by column, dates as dates, None where nothing was given."""
    values = {c.name: body.get(c.name) for c in table.columns}
    return {
        c.name: date.fromisoformat(values[c.name]) if c.type == "date" and values[c.name] else values[c.name]
        for c in table.columns
    }


def label_of(body: Mapping[str, Any], key: str) -> str:
    """What a row is called: its names, else the values that name it."""
    names = [body[n] for n in ("name", "name_zh") if body.get(n)]
    return " · ".join(names or [str(v) for v in json.loads(key) if v is not None])[:LONGEST_LABEL]


def words_of(body: Mapping[str, Any]) -> str:
    """What a search looks into."""
    return " ".join(v for v in body.values() if isinstance(v, str))
