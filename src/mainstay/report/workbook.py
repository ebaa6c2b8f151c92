"""All result tables of a plan in one workbook, a sheet each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from mainstay.tables.result_tables import RESULT_TABLES

if TYPE_CHECKING:
    import polars as pl

    from mainstay.report.plan_like import PlanLike
    from mainstay.tables.declaration import Column, Table

MOST_ROWS = 100_000
"""Most rows of a sheet: more make the file slow to write and to open."""


def write_workbook(plan: PlanLike, path: str | Path, most: int = MOST_ROWS) -> Path:
    """Write every result table as a sheet, after a first sheet that lists them; says where it is.

    A table of more than ``most`` rows is cut there; the first sheet and the sheet's own last row say so.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_numbers": False}) as book:
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF1", "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "#,##0.###"}),
            "note": book.add_format({"italic": True}),
        }
        _write_contents(book, plan, styles, most)
        for name, table in RESULT_TABLES.items():
            _write_table(book, table, plan.tables[name], styles, most)
    return target


def _write_contents(book: Any, plan: PlanLike, styles: dict[str, Any], most: int) -> None:
    sheet = book.add_worksheet("contents")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 3, 16)
    sheet.write_row(0, 0, [plan.case.title, plan.case.title_zh], styles["head"])
    sheet.write_row(1, 0, ["inputs SHA-256", plan.case.hash])
    sheet.write_row(2, 0, ["status", plan.status])
    sheet.write_row(4, 0, ["sheet", "what it holds", "rows", "rows in the sheet"], styles["head"])
    for row, (name, table) in enumerate(RESULT_TABLES.items(), start=5):
        height = plan.tables[name].height
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_row(row, 1, [f"{table.text} {table.text_zh}", height, min(height, most)])


def _write_table(book: Any, table: Table, frame: pl.DataFrame, styles: dict[str, Any], most: int) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    held = min(frame.height, most)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, _width(column), styles.get(column.type))
        sheet.write_string(0, number, column.name, styles["head"])
    for row, values in enumerate(frame.select(c.name for c in table.columns).head(most).iter_rows(), start=1):
        for number, value in enumerate(values):
            _write_cell(sheet, row, number, value, styles)
    if held:
        sheet.autofilter(0, 0, held, len(table.columns) - 1)
    if held < frame.height:
        note = f"Cut: {held:,} of {frame.height:,} rows. The plan's {table.name} file has all of them."
        sheet.write_string(held + 2, 0, note, styles["note"])


def _write_cell(sheet: Any, row: int, number: int, value: Any, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, number, value, styles["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, number, value)
    else:
        sheet.write_string(row, number, str(value))


def _width(column: Column) -> int:
    return {"date": 11, "number": 14, "integer": 8, "text": 48, "list": 48}.get(column.type, 22)
