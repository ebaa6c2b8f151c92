"""References: a code that another table must know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Finding
from mainstay.tables.raw import ROW, nearest

SUBJECTS = {"line": "lines.line", "lane": "lanes.lane", "source": "imports.source"}
"""Where the subject of an availability or the target of a measure is declared, by its kind."""
_KIND_COLUMNS = {("availability", "subject"): "subject_kind", ("measures", "target"): "target_kind"}
_JUDGED_ELSEWHERE = {("processes", "line_kind"), ("conversions", "from_kind")}
"""Kinds of line that nobody has may be meant: the rules of industry warn of them."""
EVERY = "*"


def unknown_references(tables: Mapping[str, pl.DataFrame], broken: Collection[str]) -> Iterator[Finding]:
    """One finding for each cell whose code is in none of the columns it refers to."""
    for table in CASE_TABLES.values():
        for column in table.columns:
            kind = _KIND_COLUMNS.get((table.name, column.name))
            if kind:
                for value, target in SUBJECTS.items():
                    some = tables[table.name].filter(pl.col(kind) == value)
                    if table.name == "availability":
                        some = some.filter(pl.col(column.name) != EVERY)
                    yield from _unknown(table, column, some, (target,), tables, broken)
            elif column.refers and (table.name, column.name) not in _JUDGED_ELSEWHERE:
                yield from _unknown(table, column, tables[table.name], column.refers, tables, broken)


def _unknown(
    table: Table,
    column: Column,
    rows: pl.DataFrame,
    targets: tuple[str, ...],
    tables: Mapping[str, pl.DataFrame],
    broken: Collection[str],
) -> Iterator[Finding]:
    places = [target.split(".") for target in targets]
    if any(name in broken for name, _ in places):
        return
    known = pl.concat([tables[name][field] for name, field in places]).drop_nulls().unique()
    values = rows[column.name]
    wrong = values.is_not_null() & ~values.is_in(known.implode())
    if not wrong.any():
        return
    words = known.sort().to_list()
    hints: dict[str, str] = {}
    where = " or ".join(f"{name} (column {field})" for name, field in places)
    for row, value in rows.filter(wrong).select(ROW, column.name).rows():
        if value not in hints:
            hints[value] = nearest(value, words) if len(words) <= 20_000 else ""
        yield Finding(
            table.name,
            row,
            column.name,
            value,
            "unknown_reference",
            f'"{value}" is not in the table {where}.',
            hints[value] or f"Add it there, or correct the {column.name}.",
        )
