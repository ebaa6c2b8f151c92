"""A table as it lies in its file: every cell text, every row with its number, nothing judged yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from mainstay.tables.declaration import Table
from mainstay.tables.findings import Both, Finding

ROW = "_row"
"""Hidden column with the row in the file (header = 1), there during checks only."""


@dataclass(frozen=True)
class Raw:
    """One table as read: ``cells`` has text columns as named in the file, and ``_row``.

    An empty cell is null. ``broken`` says that rows or columns of the file could not be read, so that other
    tables must not be judged against it.
    """

    table: str
    cells: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    refused_rows: frozenset[int] = field(default=frozenset())


def unreadable(finding: Finding) -> Raw:
    """A table whose file could not be read at all, with the finding that says why."""
    return Raw(finding.table, pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}), (finding,), broken=True)


def nearest(word: str, known: Iterable[str]) -> Both:
    """``Did you mean "mask"?`` or nothing: the known word that is most like this one."""
    by_lower = {k.lower(): k for k in known}
    folded = word.strip().lower().replace(" ", "_").replace("-", "_")
    close = get_close_matches(folded, by_lower, n=1, cutoff=0.6) or get_close_matches(
        word.strip().lower(), by_lower, n=1, cutoff=0.6
    )
    return Both(f'Did you mean "{by_lower[close[0]]}"?', f"是否为“{by_lower[close[0]]}”？") if close else Both()


def from_records(
    table: Table, header: Sequence[str | None], body: pl.DataFrame, findings: Iterable[Finding] = ()
) -> Raw:
    """Give the columns of ``body`` (``c0``, ``c1`` ... and ``_row``) the names of ``header``, and judge the header."""
    found = list(findings)
    names = [(name or "").strip() for name in header]
    chosen: dict[str, str] = {}
    broken = False
    for position, name in enumerate(names):
        cell = f"c{position}"
        if not name:
            if body[cell].null_count() < body.height:
                found.append(_nameless(table, position, body, cell))
            continue
        if name in chosen:
            broken = True
            found.append(
                _of_column(
                    table,
                    name,
                    "column_twice",
                    Both(f'the column "{name}" is there twice.', f"列“{name}”出现两次。"),
                    Both("Keep one of them.", "请保留其中一列。"),
                )
            )
            continue
        chosen[name] = cell
    declared = {c.name for c in table.columns}
    for name in chosen:
        if name not in declared:
            found.append(_unknown_column(table, name, names))
    for column in table.columns:
        if column.required and column.name not in chosen:
            broken = True
            found.append(_missing_column(table, column.name, names))
    known = {name: cell for name, cell in chosen.items() if name in declared}
    blank = body.select(pl.all_horizontal(pl.exclude(ROW).is_null()).alias("blank"))["blank"] if names else None
    if blank is not None and blank.any():
        body = body.filter(~blank)
    cells = body.select(ROW, *(pl.col(cell).alias(name) for name, cell in known.items()))
    return Raw(table.name, cells, tuple(found), broken)


def _of_column(table: Table, column: str, rule: str, message: Both, remedy: Both, severity: str = "error") -> Finding:
    return Finding(
        table.name, None, column, column, rule, message, remedy, "error" if severity == "error" else "warning"
    )


def _nameless(table: Table, position: int, body: pl.DataFrame, cell: str) -> Finding:
    first = body.filter(pl.col(cell).is_not_null()).row(0, named=True)
    return Finding(
        table.name,
        1,
        "",
        str(first[cell]),
        "unknown_column",
        Both(
            f"column {position + 1} has cells but no name; it was not read.",
            f"第 {position + 1} 列有内容但没有列名，未读取。",
        ),
        Both("Give it a name of the table, or clear it.", "请填写表中的列名，或清空该列。"),
        "warning",
    )


def _unknown_column(table: Table, name: str, header: Sequence[str]) -> Finding:
    absent = [c for c in table.columns if c.name not in header]
    translated = [c.name for c in absent if c.text_zh == name]
    hint = (
        Both(f'Did you mean "{translated[0]}"?', f"是否为“{translated[0]}”？")
        if translated
        else nearest(name, [c.name for c in absent])
    )
    return _of_column(
        table,
        name,
        "unknown_column",
        Both(
            f'the table {table.name} has no column "{name}"; it was not read.',
            f"表 {table.name} 没有列“{name}”，未读取。",
        ),
        hint or Both("Take it out, or put it into the column source.", "请删除该列，或并入列 source（来源）。"),
        "warning",
    )


def _missing_column(table: Table, name: str, header: Sequence[str]) -> Finding:
    declared = {c.name for c in table.columns}
    hint = nearest(name, [h for h in header if h and h not in declared])
    is_it = hint.replace("Did you mean", "Is it the column")
    column = table.column(name)
    return _of_column(
        table,
        name,
        "missing_column",
        Both("the column is missing.", "缺少该列。"),
        Both(f"{is_it} Add it: {column.text}.".strip(), f"{hint.zh}请补充该列：{column.text_zh or name}。"),
    )
