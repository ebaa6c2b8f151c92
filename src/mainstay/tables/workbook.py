"""Sheets of an XLSX workbook to rows of text, with cells that hold an Excel error shown as such."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import Any

import fastexcel
import polars as pl

from mainstay.tables.csv_file import empty_file
from mainstay.tables.declaration import Table
from mainstay.tables.raw import ROW, Raw, from_records, unreadable

_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"')
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)


class WorkbookError(Exception):
    """The file is no workbook that can be opened; the text says why."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: the first row that is not empty, what stands below, and the number of that first row."""

    name: str
    header: list[str | None]
    body: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether there is no cell at all."""
        return not self.header


class Workbook:
    """An opened workbook; sheets are read one at a time.

    Raises
    ------
    WorkbookError : the bytes are no workbook
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._reader: Any = fastexcel.read_excel(data)
            self.sheet_names: list[str] = list(self._reader.sheet_names)
        except fastexcel.FastExcelError as error:
            raise WorkbookError(str(error).splitlines()[0]) from error

    def sheet(self, name: str) -> Sheet:
        """Cells of one sheet as text; WorkbookError when it is damaged."""
        try:
            frame = self._cells(name, "string")
            frame = _with_exact_numbers(frame, self._cells(name, "float"))
        except fastexcel.FastExcelError as error:
            raise WorkbookError(str(error).splitlines()[0]) from error
        if frame.width == 0:
            return Sheet(name, [], pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}))
        frame = frame.rename({old: f"c{i}" for i, old in enumerate(frame.columns)})
        frame = frame.with_columns(pl.col(pl.String).replace("", None))
        frame = self._with_error_cells(name, frame)
        frame = frame.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))
        filled = frame.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
        if filled.height == 0:
            return Sheet(name, [], filled.select(ROW))
        header = [filled[0, f"c{i}"] for i in range(frame.width - 1)]
        return Sheet(name, header, filled[1:])

    def _cells(self, name: str, dtype: str) -> pl.DataFrame:
        loaded = self._reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=dtype)
        frame: pl.DataFrame = loaded.to_polars()
        return frame

    def _with_error_cells(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Put ``#N/A`` and its like where the reader leaves the cell empty: an error is not a missing value."""
        xml = self._xml(name)
        if b't="e"' not in xml:
            return frame
        left = min(_column_number(m[1]) for m in _CELL.finditer(xml))
        for match in _ERROR_CELL.finditer(xml):
            row, column = int(match[2]) - 1, _column_number(match[1]) - left
            if row < frame.height and 0 <= column < frame.width:
                frame[row, column] = unescape(match[3].decode("utf-8", "replace"))
        return frame

    def _xml(self, name: str) -> bytes:
        """The sheet as it lies in the archive; empty when the archive is laid out in an unusual way."""
        with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
            try:
                book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
                links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
                for tag in re.findall(r"<sheet\b[^>]*>", book):
                    attributes = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
                    if unescape(attributes.get("name", "")) == name:
                        link = next(
                            k for k in re.findall(r"<Relationship\b[^>]*>", links) if f'Id="{attributes["r:id"]}"' in k
                        )
                        target = dict(re.findall(r'(\w+)="([^"]*)"', link))["Target"].lstrip("/")
                        return archive.read(target if target.startswith("xl/") else f"xl/{target}")
            except (KeyError, StopIteration, zipfile.BadZipFile):
                return b""
        return b""


def _with_exact_numbers(texts: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Put the exact number where its text was rounded: the reader gives texts nine decimals (1e-10 becomes 0)."""
    exact = []
    for name in texts.columns:
        text, number = texts[name], numbers[name]
        rounded = text.cast(pl.Float64, strict=False)
        differs = number.is_finite() & rounded.is_finite() & (rounded != number)
        exact.append(pl.select(pl.when(differs).then(number.cast(pl.String)).otherwise(text).alias(name)).to_series())
    return pl.DataFrame(exact)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_sheet(table: Table, sheet: Sheet) -> Raw:
    """Raw table of one sheet."""
    if sheet.is_empty:
        return unreadable(empty_file(table.name, f"sheet {sheet.name}"))
    return from_records(table, sheet.header, sheet.body)
