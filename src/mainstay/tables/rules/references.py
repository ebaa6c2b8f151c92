"""References: a code that another table must know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest

SUBJECTS = {"line": "lines.line", "lane": "lanes.lane", "source": "imports.source", "pool": "pools.pool"}
"""Where the subject of an availability or the target of a measure is declared, by its kind."""
_KIND_COLUMNS = {("availability", "subject"): "subject_kind", ("measures", "target"): "target_kind"}
_JUDGED_ELSEWHERE = {("processes", "line_kind"), ("conversions", "from_kind")}
"""Kinds of line that nobody has may be meant: the rules of industry warn of them."""
EVERY = "*"
MOST_WORDS, MOST_HINTS = 20_000, 200  # looking for the nearest word is slow


def unknown_references(tables: Mapping[str, pl.DataFrame], broken: Collection[str]) -> Iterator[Finding]:
    """One finding for each cell whose code is in none of the columns it refers to."""
    known: dict[tuple[str, ...], pl.Series] = {}
    for table in CASE_TABLES.values():
        looks = [
            look
            for look in _looks(table)
            if tables[table.name].height and not any(name in broken for name, _ in _fields(look.targets))
        ]
        for look in looks:
            if look.targets not in known:
                codes = [tables[name][field] for name, field in _fields(look.targets)]
                known[look.targets] = pl.concat(codes).drop_nulls().unique()
        wrong = [look.rows & ~pl.col(look.column.name).is_in(known[look.targets].implode()) for look in looks]
        hits = tables[table.name].select(w.any().alias(str(i)) for i, w in enumerate(wrong))
        for look, rows, hit in zip(looks, wrong, hits.row(0) if looks else (), strict=True):
            if hit:
                yield from _unknown(table, look, tables[table.name].filter(rows), known[look.targets])


@dataclass(frozen=True)
class _Look:
    """A column whose codes must be in one of the targets, and the rows for which that holds."""

    column: Column
    targets: tuple[str, ...]
    rows: pl.Expr


def _looks(table: Table) -> Iterator[_Look]:
    for column in table.columns:
        kind = _KIND_COLUMNS.get((table.name, column.name))
        if kind:
            named = pl.col(column.name) != EVERY if table.name == "availability" else pl.lit(True)
            for value, target in SUBJECTS.items():
                yield _Look(column, (target,), (pl.col(kind) == value) & named)
        elif column.refers and (table.name, column.name) not in _JUDGED_ELSEWHERE:
            yield _Look(column, column.refers, pl.lit(True))


def _fields(targets: tuple[str, ...]) -> list[list[str]]:
    return [target.split(".") for target in targets]


def _unknown(table: Table, look: _Look, rows: pl.DataFrame, known: pl.Series) -> Iterator[Finding]:
    words = known.sort().to_list()
    hints: dict[str, Both] = {}
    where = " or ".join(f"{name} (column {field})" for name, field in _fields(look.targets))
    where_zh = "或 ".join(f"{name}（列 {field}）" for name, field in _fields(look.targets))
    for row, value in rows.select(ROW, look.column.name).rows():
        if value not in hints:
            hints[value] = nearest(value, words) if len(words) <= MOST_WORDS and len(hints) < MOST_HINTS else Both()
        yield Finding(
            table.name,
            row,
            look.column.name,
            value,
            "unknown_reference",
            Both(f'"{value}" is not in the table {where}.', f"“{value}”不在表 {where_zh}中。"),
            hints[value]
            or Both(f"Add it there, or correct the {look.column.name}.", f"请在该表添加，或更正 {look.column.name}。"),
        )
