"""Text to typed cells by the house's own rules: nothing is guessed, and a cell that does not fit is a finding."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.tables import explain
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Both, Finding
from mainstay.tables.frames import DTYPES
from mainstay.tables.raw import ROW, Raw

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
DATE = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})([ T]00:00(:00)?)?$"
FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_INTEGER = 2**53
_INVISIBLE = r"[\x00-\x08\x0b-\x1f\x7f\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2064}\u{feff}\u{fffd}]"
_REFUSED = {
    "text": f"{explain.EXCEL_ERROR}|{_INVISIBLE}",
    "id": rf"{explain.EXCEL_ERROR}|{_INVISIBLE}|[\t\n]",
    "list": rf"{explain.EXCEL_ERROR}|{_INVISIBLE}|[\t\n；]",
}
_SHORTENED = r"^\d(\.\d+)?[eE]\+\d{2}$"
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否")


@dataclass(frozen=True)
class Typed:
    """One table with typed cells and ``_row``; ``bad`` marks cells that were refused (null in ``frame``)."""

    table: Table
    frame: pl.DataFrame
    bad: dict[str, pl.Series]
    findings: list[Finding]


def cast(table: Table, raw: Raw) -> Typed:
    """Typed frame of a raw table; columns that are absent are null. Defaults are not filled here.

    All columns are read together, and looked at one by one only where something is wrong.
    """
    here = [c for c in table.columns if c.name in raw.cells.columns]
    cells = raw.cells
    texts = cells.select(_clean(c) for c in here)
    typed = texts.select(_value(c) for c in here)
    frame = cells.select(ROW, *(pl.lit(None, dtype=DTYPES[c.type]).alias(c.name) for c in table.columns))
    frame = frame.with_columns(typed.get_columns())
    findings: list[Finding] = []
    bad: dict[str, pl.Series] = {}
    if cells.height == 0:
        return Typed(table, frame, bad, findings)
    nulls = list(zip(here, texts.null_count().row(0), typed.null_count().row(0), strict=True))
    for column, _, _ in (x for x in nulls if x[2] > x[1]):
        text = texts[column.name]
        refused = text.is_not_null() & typed[column.name].is_null()
        bad[column.name] = refused
        findings += _refusals(table, column, text.filter(refused), cells[ROW].filter(refused))
    characters = (f.select(pl.col(c.name).str.len_bytes().sum() for c in here).row(0) for f in (cells, texts))
    for column, before, after in zip(here, *characters, strict=True):
        if before != after:
            findings += _spaces(table, column, cells)
    codes = [c for c in here if c.type in ("id", "text")]
    plus = texts.select(pl.col(c.name).str.contains("+", literal=True).any() for c in codes)
    for column, found in zip(codes, plus.row(0) if codes else (), strict=True):
        if found:
            findings += _shortened(table, column, texts[column.name], cells[ROW])
    return Typed(table, frame, bad, findings)


def _clean(column: Column) -> pl.Expr:
    """Cells without spaces around them, line ends as in Unix, empty ones null."""
    text = pl.col(column.name).str.strip_chars()
    if column.type == "text":
        text = text.str.replace_all("\r\n", "\n", literal=True)
    return pl.when(text != "").then(text)


def _has_spaces(name: str) -> pl.Expr:
    """Cells that ``_clean`` changes though they are not empty."""
    cell = pl.col(name)
    around = cell.str.contains(r"^\s|\s$") | cell.str.contains("\r\n", literal=True)
    return around & cell.str.contains(r"\S")


def _spaces(table: Table, column: Column, cells: pl.DataFrame) -> list[Finding]:
    """One warning per column for cells with spaces around them; cells of nothing but spaces are just empty."""
    changed = cells.filter(_has_spaces(column.name))
    if changed.height == 0:
        return []
    message = (
        Both(
            f"{changed.height:,} cells (the first in this row) have spaces or line ends around them that were "
            "not read.",
            f"共 {changed.height:,} 个单元格（首个见此行）前后有空格或换行，读取时已去掉。",
        )
        if changed.height > 1
        else Both(
            "the cell has spaces or line ends around it that were not read.", "单元格前后有空格或换行，读取时已去掉。"
        )
    )
    remedy = Both("Nothing needs to be done; taking them away ends this warning.", "无需处理；去掉空格即不再提示。")
    row, value = changed.select(ROW, column.name).row(0)
    return [Finding(table.name, row, column.name, value, "spaces", message, remedy, "warning")]


def _value(column: Column) -> pl.Expr:
    """Typed value of a clean text; null where it does not fit the type, or is an error of a spreadsheet."""
    text = pl.col(column.name)
    if column.type == "number":
        return _number(text)
    if column.type == "integer":
        number = _number(text)
        whole = (number.round() == number) & (number.abs() <= LARGEST_INTEGER)
        return pl.when(whole).then(number).cast(pl.Int64).alias(column.name)
    if column.type == "date":
        return _date(text)
    if column.type == "boolean":
        lower = text.str.to_lowercase()
        value = pl.when(lower.is_in(_TRUE)).then(True).when(lower.is_in(_FALSE)).then(False)
        return value.alias(column.name)
    return pl.when(~text.str.contains(_REFUSED.get(column.type, _REFUSED["text"]))).then(text)


def _number(text: pl.Expr) -> pl.Expr:
    number = pl.when(text.str.contains(NUMBER)).then(text).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number + 0.0)  # so that -0 is 0


def _date(text: pl.Expr) -> pl.Expr:
    """Dates written year first, as 2020-01-24 or 2020/1/24, with midnight behind them or nothing."""
    year, month, day = (text.str.extract(DATE, group) for group in (1, 2, 3))
    padded = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    when = padded.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(when.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(when)


def _refusals(table: Table, column: Column, text: pl.Series, rows: pl.Series) -> list[Finding]:
    findings = []
    for row, value in zip(rows, text, strict=True):
        why = explain.refusal(column, value)
        findings.append(Finding(table.name, row, column.name, value, why.rule, why.message, why.remedy))
    return findings


def _shortened(table: Table, column: Column, text: pl.Series, rows: pl.Series) -> list[Finding]:
    """Warn of long numbers that a spreadsheet has cut short in a column of codes (4.20106E+17)."""
    hit = text.str.contains(_SHORTENED).fill_null(False)
    return [
        Finding(
            table.name,
            row,
            column.name,
            value,
            "shortened_number",
            Both(
                f'"{value}" looks like a long number that a spreadsheet has cut short.',
                f"“{value}”像是被电子表格截短的长数字。",
            ),
            Both(
                "Format the column as text before typing the number, and type it again.",
                "请先将该列设为文本格式，再重新输入。",
            ),
            "warning",
        )
        for row, value in zip(rows.filter(hit), text.filter(hit), strict=True)
    ]
