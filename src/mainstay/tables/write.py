"""Write a case to a folder of CSV or Parquet files or to one workbook; reading it back gives the same case."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import xlsxwriter

from mainstay.errors import UsageError
from mainstay.tables.case import AREAS, Case
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.read import SETTINGS_FILE, WORKBOOKS
from mainstay.tables.settings import SETTINGS

Format = Literal["csv", "parquet"]

MOST_SHEET_ROWS = 1_048_575
"""Rows below the header that one sheet can hold."""
MOST_CELL_CHARACTERS = 32_767


def write(case: Case, path: str | Path, *, format: Format = "csv") -> None:
    """Write a case; tables without rows are left out unless a case must have them.

    Parameters
    ----------
    path : a folder (made when it is not there), or a workbook when it ends with .xlsx
    format : of the tables in a folder

    Raises
    ------
    UsageError : the folder holds tables that would be left standing beside the new ones, or a table is
        too large for a sheet
    """
    path = Path(path)
    if path.suffix.lower() in WORKBOOKS:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_workbook(case, path)
        if AREAS in case.extras:
            path.with_suffix(".geojson").write_bytes(case.extras[AREAS])
        return
    if format not in ("csv", "parquet"):
        raise UsageError(f'Unknown format "{format}". Known formats: csv, parquet.')
    _write_folder(case, path, format)


def _present(case: Case) -> dict[str, pl.DataFrame]:
    """Tables that are written, with their columns in declared order; optional columns without a cell left out."""
    present = {}
    for name, table in CASE_TABLES.items():
        frame = case[name]
        if frame.height == 0 and not table.required:
            continue
        present[name] = frame.select(
            c.name for c in table.columns if c.required or frame[c.name].null_count() < frame.height
        )
    return present


def _write_folder(case: Case, path: Path, format: Format) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError(f'"{path}" is a file. Give a folder, or a name that ends with .xlsx.')
    present = _present(case)
    files = {f"{name}.{format}" for name in present}
    known = {f"{name}{suffix}" for name in CASE_TABLES for suffix in (".csv", ".parquet")}
    stale = sorted(p.name for p in path.glob("*") if p.name in known - files)
    if stale:
        raise UsageError(f'"{path}" holds {", ".join(stale)}, which this case would not replace. Give an empty folder.')
    path.mkdir(parents=True, exist_ok=True)
    (path / SETTINGS_FILE).write_text(_toml(case), encoding="utf-8", newline="\n")
    for name, frame in present.items():
        if format == "csv":
            frame.write_csv(path / f"{name}.csv")
        else:
            frame.write_parquet(path / f"{name}.parquet")
    for name, content in case.extras.items():
        (path / name).write_bytes(content)


def _toml(case: Case) -> str:
    """Settings as ``case.toml``: one a line, those that say nothing left out."""
    lines = []
    for column in SETTINGS.columns:
        value = case.settings[column.name]
        if value == "" and column.default == "":
            continue
        # a JSON string is a TOML string too, but for DEL, which the reader refuses anyway
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
        lines.append(f"{column.name} = {text}\n")
    return "".join(lines)


def _write_workbook(case: Case, path: Path) -> None:
    present = _present(case)
    for name, frame in present.items():
        _fits_a_sheet(name, frame)
    with xlsxwriter.Workbook(str(path), {"constant_memory": False, "in_memory": True}) as book:
        heading = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(SETTINGS.name)
        sheet.set_column(0, 1, 24)
        for row, (name, value) in enumerate(case.settings.items()):
            sheet.write_string(row, 0, name)
            _write_cell(sheet, row, 1, value, day)
        for name, frame in present.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, frame.columns, heading)
            sheet.set_column(0, frame.width - 1, 14)
            for number, column in enumerate(frame.columns):
                for row, value in enumerate(frame[column], start=1):
                    _write_cell(sheet, row, number, value, day)


def _fits_a_sheet(name: str, frame: pl.DataFrame) -> None:
    if frame.height > MOST_SHEET_ROWS:
        raise UsageError(
            f"The table {name} has {frame.height:,} rows; a sheet holds {MOST_SHEET_ROWS:,}. Write a folder instead."
        )
    texts = frame.select(pl.col(pl.String))
    if texts.width and texts.height:
        longest: int = texts.select(pl.max_horizontal(pl.all().str.len_chars().max())).item() or 0
        if longest > MOST_CELL_CHARACTERS:
            raise UsageError(
                f"The table {name} has a text of {longest:,} characters; a cell holds {MOST_CELL_CHARACTERS:,}. "
                "Write a folder instead."
            )


def _write_cell(sheet: Any, row: int, column: int, value: object, day: Any) -> None:
    """One cell by its type; a number that a sheet would round is written as text, which reads back exactly."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | float):
        if float(f"{value:.16G}") == value:
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, repr(value))
    else:
        sheet.write_string(row, column, str(value))
