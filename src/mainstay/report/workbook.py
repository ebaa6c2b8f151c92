"""Declared tables, as those of a plan, in one workbook, a sheet each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from mainstay.report.xlsx import Sheet, write_xlsx
from mainstay.tables.result_tables import RESULT_TABLES

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike
    from mainstay.tables.declaration import Table

MOST_ROWS = 100_000
"""Most rows of a sheet: more make the file slow to open."""

_WIDTHS = {"date": 11, "number": 14, "integer": 8, "text": 48, "list": 48}


def write_workbook(plan: PlanLike, path: str | Path, most: int = MOST_ROWS) -> Path:
    """Write every result table as a sheet, after a first sheet that lists them; say where it is.

    A table of more than ``most`` rows is cut there; the first sheet and a line under the rows say so.
    """
    about = [[plan.case.title, plan.case.title_zh], ["inputs SHA-256", plan.case.hash], ["status", plan.status], []]
    return write_tables(RESULT_TABLES, plan.tables, about, path, most)


def write_tables(
    declared: Mapping[str, Table],
    tables: Mapping[str, pl.DataFrame],
    about: Sequence[Sequence[str]],
    path: str | Path,
    most: int = MOST_ROWS,
) -> Path:
    """Write declared tables as sheets, after a first sheet that lists them under lines ``about`` what they are of."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    sheets = [_table(table, tables[name], most) for name, table in declared.items()]
    write_xlsx(target, [_contents(declared, tables, about, most), *sheets])
    return target


def _contents(
    declared: Mapping[str, Table], tables: Mapping[str, pl.DataFrame], about: Sequence[Sequence[str]], most: int
) -> Sheet:
    heights = [tables[name].height for name in declared]
    frame = pl.DataFrame(
        {
            "sheet": list(declared),
            "what it holds": [f"{t.text} {t.text_zh}" for t in declared.values()],
            "rows": heights,
            "rows in the sheet": [min(height, most) for height in heights],
        }
    )
    return Sheet("contents", frame, (20, 70, 12, 16), above=about, links=dict(enumerate(declared)))


def _table(table: Table, frame: pl.DataFrame, most: int) -> Sheet:
    held = frame.select(c.name for c in table.columns).head(most)
    cut = f"Cut: {held.height:,} of {frame.height:,} rows. The file {table.name} has all of them."
    widths = [_WIDTHS.get(c.type, 22) for c in table.columns]
    return Sheet(table.name, held, widths, below=[cut] if held.height < frame.height else [])
