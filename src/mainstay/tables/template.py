"""An empty workbook to fill in: a sheet for each table, notes on each column, drop-downs where there is a choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.declaration import Column, Table
from mainstay.tables.settings import SETTINGS

ROWS = 5_000
"""Rows below the header that have drop-downs and formats; more may be filled in."""
_LONGEST_LIST = 255  # a spreadsheet takes no longer list of choices inside a rule
_LISTS = "_lists"
_README = "_readme"

_HELP = (
    ("How to fill in this workbook", "如何填写本工作簿"),
    (
        "Each sheet is a table; its first row holds the names of the columns: do not change them.",
        "每个工作表是一张表，首行为列名，请勿修改。",
    ),
    (
        "Hold the pointer over the name of a column to see what it means and in which unit.",
        "将鼠标停在列名上可查看含义与单位。",
    ),
    (
        "Dark columns must be filled in; a * in the note marks the columns that together name a row.",
        "深色列必填；批注中带 * 的列共同标识一行。",
    ),
    (
        "Leave a cell empty when a value is not known: missing is not zero.",
        "未知请留空：空白不等于零。",
    ),
    (
        "Write numbers without separators and shares from 0 to 1; format dates as dates.",
        "数字不加千位分隔符，比例用 0 到 1，日期用日期格式。",
    ),
    (
        "Sheets whose name begins with _ are not read. Sheets of tables that you do not need may stay empty.",
        "名称以 _ 开头的工作表不读取；不需要的表可留空。",
    ),
    (
        "Fill in: case, items, places, needs; then whatever of the others you have.",
        "先填 case、items、places、needs，其余按需填写。",
    ),
)


def write_template(path: str | Path) -> None:
    """Write the empty workbook; it reads back as a case without rows."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        formats = _formats(book)
        _readme(book, formats)
        _settings(book, formats)
        sheets = {name: book.add_worksheet(name) for name in CASE_TABLES}
        lists = _Lists(book)
        for name, table in CASE_TABLES.items():
            _table(sheets[name], table, formats, lists)
        book.get_worksheet_by_name(SETTINGS.name).activate()


class _Lists:
    """The hidden sheet with choices that are too long for a rule; gives the range of each."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet(_LISTS)
        self._sheet.hide()
        self._ranges: dict[tuple[str, ...], str] = {}

    def source(self, choices: tuple[str, ...]) -> list[str] | str:
        """What a drop-down rule takes: the choices, or the range where they stand."""
        if len(",".join(choices)) <= _LONGEST_LIST:
            return list(choices)
        if choices not in self._ranges:
            column = len(self._ranges)
            self._sheet.write_column(0, column, choices)
            letter = xl_col_to_name(column)
            self._ranges[choices] = f"={_LISTS}!${letter}$1:${letter}${len(choices)}"
        return self._ranges[choices]


def _formats(book: Any) -> dict[str, Any]:
    heading = {"bold": True, "border": 1, "border_color": "#9aa5b1"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "must": book.add_format({**heading, "bg_color": "#1f4e79", "font_color": "#ffffff"}),
        "may": book.add_format({**heading, "bg_color": "#dce6f1"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "text": book.add_format({"num_format": "@"}),
    }


def _readme(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_README)
    sheet.set_column(0, 1, 70, formats["wrap"])
    for row, pair in enumerate(_HELP):
        sheet.write_row(row, 0, pair, formats["title"] if row == 0 else formats["wrap"])
    for row, table in enumerate([SETTINGS, *CASE_TABLES.values()], start=len(_HELP) + 1):
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=f"{table.name}: {table.text}")
        sheet.write_string(row, 1, table.text_zh, formats["wrap"])


def _settings(book: Any, formats: dict[str, Any]) -> None:
    """The sheet ``case``: name, value, and what it means."""
    sheet = book.add_worksheet(SETTINGS.name)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 3, 60)
    sheet.write_row(0, 0, ["key", "value"], formats["may"])
    for row, column in enumerate(SETTINGS.columns, start=1):
        sheet.write_string(row, 0, column.name, formats["must" if column.required else "may"])
        if column.type == "date":
            sheet.write_blank(row, 1, None, formats["date"])
        elif column.default not in (None, ""):
            sheet.write(row, 1, column.default)
        sheet.write_string(row, 2, column.text)
        sheet.write_string(row, 3, column.text_zh)


def _table(sheet: Any, table: Table, formats: dict[str, Any], lists: _Lists) -> None:
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(table.columns):
        cell_format = {"date": "date", "id": "text", "list": "text"}.get(column.type)
        sheet.set_column(position, position, max(12, len(column.name) + 3), formats.get(cell_format or ""))
        sheet.write_string(0, position, column.name, formats["must" if column.required else "may"])
        sheet.write_comment(0, position, note(column), {"x_scale": 2.2, "y_scale": 1.6})
        rule = _validation(column, lists)
        if rule:
            sheet.data_validation(1, position, ROWS, position, rule)


def note(column: Column) -> str:
    """What a column holds, in both languages, with its unit, range, default and an example."""
    lines = [f"{column.text}{' *' if column.key else ''}", column.text_zh]
    if column.unit:
        lines.append(f"[{column.unit}]")
    if column.choices:
        lines.append("One of: " + ", ".join(column.choices))
    if column.refers:
        lines.append("From: " + " or ".join(column.refers))
    if column.type == "list":
        lines.append("Semicolons between the parts.")
    if column.default is not None:
        lines.append(f"Empty: {str(column.default).lower() if isinstance(column.default, bool) else column.default}")
    elif column.required:
        lines.append("Must be filled in.")
    if column.example:
        lines.append(f"Example: {column.example}")
    return "\n".join(line for line in lines if line)


def _validation(column: Column, lists: _Lists) -> dict[str, Any] | None:
    """The rule of a column's cells in the spreadsheet; it warns, and leaves the last word to the reader."""
    rule: dict[str, Any] = {"error_type": "warning", "ignore_blank": True, "error_title": column.name}
    if column.choices:
        return {**rule, "validate": "list", "source": lists.source(column.choices), "error_type": "stop",
                "error_message": "Choose from the list. 请从列表中选择。"}  # fmt: skip
    if column.type == "boolean":
        return {**rule, "validate": "list", "source": ["true", "false"], "error_message": "true or false"}
    if len(column.refers) == 1:
        return {**rule, "validate": "list", "source": _range_of(column.refers[0]),
                "error_message": f"Not in {column.refers[0]}."}  # fmt: skip
    if column.type == "date":
        return {**rule, "validate": "date", "criteria": ">=", "value": _FIRST_DAY,
                "error_message": "Give a date. 请填写日期。"}  # fmt: skip
    if column.type in ("number", "integer"):
        least = -1e15 if column.least is None else column.least
        most = 1e15 if column.most is None else column.most
        validate = "integer" if column.type == "integer" else "decimal"
        if validate == "integer":
            least, most = int(least), int(most)
        return {**rule, "validate": validate, "criteria": "between", "minimum": least, "maximum": most,
                "error_message": f"Give a {'whole ' if validate == 'integer' else ''}number"
                                 f"{f' [{column.unit}]' if column.unit else ''}."}  # fmt: skip
    return None


_FIRST_DAY = "=DATE(1900,3,1)"


def _range_of(reference: str) -> str:
    """The cells of ``table.column`` as a spreadsheet names them."""
    name, column = reference.split(".")
    position = [c.name for c in CASE_TABLES[name].columns].index(column)
    letter = xl_col_to_name(position)
    return f"={name}!${letter}$2:${letter}${ROWS + 1}"
