"""The settings of a case: ``case.toml`` of a folder, the sheet ``case`` of a workbook."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from mainstay.calendar import DEFAULT_HORIZON
from mainstay.tables.csv_file import empty_file
from mainstay.tables.declaration import Column, Table
from mainstay.tables.demand_tables import MODES
from mainstay.tables.encoding import decode
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, Raw, nearest, unreadable
from mainstay.tables.workbook import Sheet

COURSES = ("needs", "projections", "renewal", "seir")
"""Where the needs of a case come from."""

SETTINGS = Table(
    "case",
    "What the case is called, when it starts and which scenario it plans on.",
    "案例设置",
    (
        Column("title", "text", "title", "标题", default="", example="Two areas, five days"),
        Column("title_zh", "text", "title in Chinese", "中文标题", default=""),
        Column("start", "date", "first day of the plan", "起始日", required=True, example="2020-01-24"),
        Column(
            "horizon",
            "text",
            "periods of the plan: 14x1 6x7 is 14 days, then 6 weeks",
            "计划期",
            default=DEFAULT_HORIZON,
        ),
        Column("scenario", "id", "scenario of the needs that is planned on", "情景", default="base"),
        Column("currency", "text", "currency of all money", "货币", default="CNY"),
        Column(
            "frozen_days",
            "integer",
            "first days in which the plan in force should change as little as possible",
            "冻结天数",
            unit="days",
            least=0,
            default=0,
        ),
        Column(
            "course",
            "choice",
            "where needs come from: the table needs; or derived from projections that are given, from reported counts "
            "by the renewal equation, or from an SEIR model",
            "需求来源",
            choices=COURSES,
            default="needs",
        ),
        Column(
            "deepest_mode",
            "choice",
            "most sparing mode of use that the plan may choose when goods are short",
            "允许的最低使用模式",
            choices=MODES,
            default="conventional",
        ),
    ),
    required=True,
)
"""Declared like a table of one row: each column is one setting."""


def from_toml(file: str, data: bytes) -> Raw:
    """Settings of a ``case.toml``; never raises for what is in it."""
    if not data.strip():
        return unreadable(empty_file(SETTINGS.name, file))
    text, findings = decode(SETTINGS.name, file, data)
    if text is None:
        return unreadable(findings[-1])
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return unreadable(
            Finding(
                SETTINGS.name,
                None,
                "",
                "",
                "not_toml",
                Both(f"{file} cannot be read ({error}).", f"无法读取 {file}：不是 TOML 格式。"),
                Both(
                    'Write one setting per line, as in start = 2020-01-24 or title = "Spring".',
                    '请每行写一项设置，如 start = 2020-01-24 或 title = "Spring"。',
                ),
            )
        )
    plain: dict[str, str | None] = {}
    for name, value in values.items():
        plain[name] = _as_text(value)
        if plain[name] is None and name in _names():
            findings.append(_not_plain(name, value))
    return _raw(plain, findings, None)


def from_sheet(sheet: Sheet) -> Raw:
    """Settings of the sheet ``case``: names in its first column, values in its second."""
    values: dict[str, str | None] = {}
    rows: dict[str, int] = {}
    findings = []
    if not sheet.is_empty:
        lines = [(1, *_pair(sheet.header))]
        lines += [(row[ROW], *_pair([v for k, v in row.items() if k != ROW])) for row in sheet.body.to_dicts()]
        for row, name, value in lines:
            if name is None or (name, value) == ("key", "value"):
                continue
            if name in values:
                findings.append(
                    Finding(
                        SETTINGS.name,
                        row,
                        name,
                        value or "",
                        "column_twice",
                        Both("the setting is there twice.", "该设置出现两次。"),
                        Both("Keep one of them.", "请保留其中一项。"),
                    )
                )
                continue
            values[name], rows[name] = value, row
    return _raw(values, findings, rows)


def _pair(cells: list[str | None]) -> tuple[str | None, str | None]:
    padded = [*cells, None, None]
    return (padded[0] or "").strip() or None, padded[1]


def _names() -> list[str]:
    return [c.name for c in SETTINGS.columns]


def _as_text(value: Any) -> str | None:
    """One plain value as text; None for lists and tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str | int | float) else None


def _not_plain(name: str, value: object) -> Finding:
    return Finding(
        SETTINGS.name,
        None,
        name,
        str(value)[:200],
        "wrong_type",
        Both("the setting is not one plain value.", "该设置不是单个值。"),
        Both("Give one value.", "请只填写一个值。"),
    )


def _raw(values: Mapping[str, str | None], findings: list[Finding], rows: Mapping[str, int] | None) -> Raw:
    """One raw row of settings, with the findings for names that are not settings or are missing."""
    known = _names()
    for name in values:
        if name not in known:
            findings.append(
                Finding(
                    SETTINGS.name,
                    rows[name] if rows else None,
                    name,
                    values[name] or "",
                    "unknown_setting",
                    Both(f'there is no setting "{name}"; it was not read.', f"没有设置项“{name}”，未读取。"),
                    nearest(name, known)
                    or Both(f"The settings are {', '.join(known)}.", f"设置项有：{'、'.join(known)}。"),
                    "warning",
                )
            )
    cells = {name: [values.get(name) or None] for name in known}
    frame = pl.DataFrame({ROW: [None], **cells}, schema={ROW: pl.Int64, **dict.fromkeys(known, pl.String)})
    return Raw(SETTINGS.name, frame, tuple(findings))


def setting_values(frame: pl.DataFrame) -> dict[str, Any]:
    """The settings as plain values by name."""
    return frame.select(_names()).row(0, named=True)
