"""The workbook of a questionnaire to fill in and send, and refused rows to mend and send again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import xlsxwriter

from mainstay.tables import Finding
from mainstay.tables.findings import Both
from mainstay.tables.raw import Raw
from mainstay.tables.template import note
from mainstay.tables.workbook import Workbook, WorkbookError
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import message_of, remedy_of
from mainstay_web.reporting import queries
from mainstay_web.reporting.body import SUBMITTED, sent
from mainstay_web.reporting.models import Questionnaire, Submission

SHEET = SUBMITTED.name
HIDDEN = "_questionnaire"
GUIDE = "_填表说明"
COLUMNS = ("item", "measure", "basis", "date", "quantity", "unit", "blocker", "source")
REFUSED_COLUMN = "why"
ROWS = 10_000
_MUST = ("item", "measure", "basis", "date", "quantity")
_HELP = (
    (
        "Fill in the column quantity of the sheet reports; leave a row empty when the figure is not known.",
        "请填写 reports 工作表的 quantity 列；不掌握的数据请留空。",
    ),
    ("Missing is not zero: write 0 only when it is 0.", "空白不等于零：确为零时才填 0。"),
    (
        "Write numbers without separators (12000), in the unit of the row.",
        "数字不加千位分隔符（如 12000），单位以该行为准。",
    ),
    ("Beside a capacity, choose what blocks the rest of it.", "产能行请选择堵点。"),
    ("More rows may be added below: other days, other items.", "可在下方增加其他日期或物资的行。"),
)


def template(questionnaire: Questionnaire, organisation: Organisation, day: date) -> bytes:
    """The workbook for one reporter and day: lines prefilled, drop-downs, notes, the version on a hidden sheet."""
    items = queries.items()
    lines = list(questionnaire.lines.all())
    rows = [
        [
            line.item,
            line.measure,
            line.basis,
            day,
            None,
            items[line.item].unit if line.item in items else "",
            None,
            None,
        ]
        for line in lines
    ]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(SHEET)
        _header(sheet, COLUMNS, formats)
        for number, row in enumerate(rows, start=1):
            _row(sheet, number, row, formats)
        _lists(sheet, list(items))
        _guide(book.add_worksheet(GUIDE), questionnaire, items, formats)
        hidden = book.add_worksheet(HIDDEN)
        hidden.write_row(0, 0, ["questionnaire", "version", "reporter"])
        hidden.write_row(1, 0, [questionnaire.code, str(questionnaire.version), queries.reporter_code(organisation)])
        hidden.hide()
    return file.getvalue()


def questionnaire_in(data: bytes) -> Questionnaire | None:
    """The version of the questionnaire that a workbook says it was made for."""
    try:
        book = Workbook(data)
        if HIDDEN not in book.sheet_names:
            return None
        code, version = book.sheet(HIDDEN).body.select("c0", "c1").row(0)
    except (WorkbookError, IndexError):
        return None
    if not code or not str(version).isdecimal():
        return None
    return Questionnaire.objects.filter(code=code, version=int(version)).exclude(state="draft").first()


def filled(raw: Raw, questionnaire: Questionnaire | None, organisation: Organisation) -> Raw:
    """The rows of a questionnaire's workbook that were filled in; empty ones and an old version are said."""
    if questionnaire is None or not {"quantity", "blocker"} <= set(raw.cells.columns):
        return raw
    is_empty = pl.all_horizontal(pl.col("quantity", "blocker").str.strip_chars().replace("", None).is_null())
    cells = raw.cells.filter(~is_empty)
    findings = list(raw.findings)
    if cells.height < raw.cells.height:
        findings.append(
            _of_file(
                "left_empty",
                Both(
                    f"{raw.cells.height - cells.height:,} prefilled rows were left empty and not read.",
                    f"{raw.cells.height - cells.height:,} 行预填行未填写，未读取。",
                ),
                Both("Nothing needs to be done, unless you know the figures.", "无需处理；若掌握数据请补报。"),
            )
        )
    newest = [q.version for q in queries.in_force(organisation, clock.today()) if q.code == questionnaire.code]
    if newest and questionnaire.version < newest[0]:
        findings.append(
            _of_file(
                "older_questionnaire",
                Both(
                    f"the workbook is of version {questionnaire.version}; version {newest[0]} counts now.",
                    f"所用工作簿为第 {questionnaire.version} 版；现行为第 {newest[0]} 版。",
                ),
                Both(
                    "Its figures were read. Download the workbook again for the next report.",
                    "数据已读取；下次请重新下载工作簿。",
                ),
            )
        )
    return replace(raw, cells=cells, findings=tuple(findings))


def _of_file(rule: str, message: Both, remedy: Both) -> Finding:
    return Finding(SHEET, None, "", "", rule, message, remedy, "warning")


def refused_rows(submission: Submission) -> tuple[list[str], list[list[str]]]:
    """Header and rows that were refused, as they were sent, with a last column that says why."""
    why: dict[int, list[str]] = {}
    for finding in submission.findings.filter(severity="error", row__isnull=False):
        why.setdefault(finding.row, []).append(
            f"{finding.column}: {message_of(finding)} {remedy_of(finding)}".strip(": ")
        )
    rows = sent(submission.body)
    names = {name for _, row in rows for name in row}
    columns = [c.name for c in SUBMITTED.columns if c.name in names or c.name in _MUST]
    found = []
    for number, row in rows:
        if number in why:
            found.append([*(row.get(name, "") for name in columns), " | ".join(why[number])])
    return [*columns, REFUSED_COLUMN], found


def refused_workbook(submission: Submission) -> bytes:
    """The refused rows as a workbook."""
    header, rows = refused_rows(submission)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(SHEET)
        _header(sheet, header, formats)
        for number, row in enumerate(rows, start=1):
            for position, cell in enumerate(row):
                sheet.write_string(number, position, cell, formats["wrap"] if position == len(row) - 1 else None)
        sheet.set_column(len(header) - 1, len(header) - 1, 90)
    return file.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    heading = {"bold": True, "border": 1, "border_color": "#9aa5b1"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "must": book.add_format({**heading, "bg_color": "#1f4e79", "font_color": "#ffffff"}),
        "may": book.add_format({**heading, "bg_color": "#dce6f1"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }


def _header(sheet: Any, names: Sequence[str], formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    declared = {c.name: c for c in SUBMITTED.columns}
    for position, name in enumerate(names):
        sheet.set_column(position, position, 24 if name == "item" else 14)
        sheet.write_string(0, position, name, formats["must" if name in _MUST else "may"])
        if name in declared:
            sheet.write_comment(0, position, note(declared[name]), {"x_scale": 2.2, "y_scale": 1.6})


def _row(sheet: Any, number: int, row: Sequence[Any], formats: dict[str, Any]) -> None:
    for position, cell in enumerate(row):
        if isinstance(cell, date):
            sheet.write_datetime(number, position, cell, formats["date"])
        elif cell:
            sheet.write_string(number, position, cell)


def _lists(sheet: Any, items: list[str]) -> None:
    """Drop-downs where there is a choice; quantities must be numbers."""
    declared = {c.name: c for c in SUBMITTED.columns}
    for position, name in enumerate(COLUMNS):
        choices = list(declared[name].choices)
        if name == "item" and len(",".join(items)) <= 255:
            choices = items
        if choices:
            rule = {"validate": "list", "source": choices, "error_message": "Choose from the list. 请从列表中选择。"}
        elif name == "quantity":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "Give a number. 请填写数字。"}
        else:
            continue
        sheet.data_validation(1, position, ROWS, position, {**rule, "ignore_blank": True, "error_type": "warning"})


def _guide(sheet: Any, questionnaire: Questionnaire, items: dict[str, queries.Item], formats: dict[str, Any]) -> None:
    """What is asked, in both languages; the sheet is not read."""
    sheet.set_column(0, 5, 26, formats["wrap"])
    title = [
        f"{questionnaire.name} · {questionnaire.version}",
        f"{questionnaire.name_zh} · 第 {questionnaire.version} 版",
    ]
    sheet.write_row(0, 0, title, formats["title"])
    for row, pair in enumerate(_HELP, start=1):
        sheet.write_row(row, 0, pair)
    top = len(_HELP) + 2
    sheet.write_row(top, 0, ["item 代码", "名称", "name", "measure 指标", "说明", "help"], formats["may"])
    for row, line in enumerate(questionnaire.lines.all(), start=top + 1):
        item = items.get(line.item)
        names = [item.name_zh or item.name, item.name] if item else ["", ""]
        sheet.write_row(row, 0, [line.item, *names, _MEASURES_ZH[line.measure], line.help_zh, line.help])


_MEASURES_ZH = {
    "capacity": "可用产能",
    "output": "产量",
    "stock": "库存",
    "consumption": "消耗量",
    "received": "到货量",
    "need": "需求量",
}
