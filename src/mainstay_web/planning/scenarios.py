"""A what-if scenario as data: a list of changes, and the case that comes of them.

A change names a table and, by ``key`` (column -> value; all rows that agree), the rows it speaks of; then either a
``column`` with its new ``value`` or a ``factor``, or ``remove``. ``row`` (column -> value) adds a row instead.
The table ``case`` holds the settings and needs no key:

    {"table": "lines", "key": {"enterprise": "maskworks"}, "column": "quantity", "factor": 2}
    {"table": "lanes", "key": {"lane": "east_west"}, "remove": true}
    {"table": "stocks", "row": {"place": "east", "item": "mask", "lot": "gift", "quantity": 100}}
    {"table": "case", "column": "deepest_mode", "value": "crisis"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from mainstay.errors import DataError, UsageError
from mainstay.plan.plan import with_needs
from mainstay.report.texts import Text
from mainstay.tables import CASE_TABLES, Case, Finding, Findings, frames
from mainstay.tables.declaration import Column, Table
from mainstay.tables.findings import Both
from mainstay.tables.raw import nearest
from mainstay.tables.settings import SETTINGS

Change = Mapping[str, Any]
KNOWN = {"table", "key", "column", "value", "factor", "remove", "row"}


class Refused(Exception):  # noqa: N818 (becomes a finding)
    """Why one change cannot be made: column, value, rule, message, remedy."""

    def __init__(self, column: str, value: object, rule: str, message: Both, remedy: Both) -> None:
        super().__init__(message)
        self.column, self.value, self.rule, self.message, self.remedy = column, value, rule, message, remedy


def apply_scenario(case: Case, changes: Sequence[Change], *, derive: bool = True) -> Case:
    """The case with the changes made, in their order.

    derive : where a change speaks of needs and the case derives them, derive them first (takes seconds); False
        leaves such changes out, for a quick look at the others

    Raises
    ------
    DataError : changes cannot be made; ``findings`` names each by its number, counted from 1
    """
    if case.derives_needs and any(change.get("table") in ("needs", "step_downs") for change in changes):
        if derive:
            case = with_needs(case)[0]
        else:
            changes = [c if c.get("table") not in ("needs", "step_downs") else None for c in changes]
    findings = []
    for number, change in enumerate(changes, start=1):
        try:
            case = case if change is None else _changed(case, change)
        except Refused as no:
            findings.append(Finding("changes", number, no.column, str(no.value), no.rule, no.message, no.remedy))
    if findings:
        raise DataError(f"The scenario cannot be applied; the first reason: {findings[0]}", Findings(findings))
    return case


def _changed(case: Case, change: Change) -> Case:
    unknown = sorted(set(change) - KNOWN)
    if unknown:
        raise Refused(
            unknown[0],
            "",
            "unknown_part",
            Both(f'a change has no part "{unknown[0]}".', f"修改中没有“{unknown[0]}”这一部分。"),
            _one_of(KNOWN),
        )
    name = change.get("table")
    if name == SETTINGS.name:
        column = _column(SETTINGS, change.get("column"))
        return _replaced(case, column, change.get("value"), {column.name: _parsed(column, change.get("value"))})
    if name not in CASE_TABLES:
        hint = nearest(str(name), CASE_TABLES) or _one_of(CASE_TABLES)
        raise Refused("table", name, "unknown_table", Both(f'there is no table "{name}".', f"没有表“{name}”。"), hint)
    table, frame = CASE_TABLES[name], case[name]
    if "row" in change:
        row = {_column(table, c).name: _parsed(table.column(c), value) for c, value in change["row"].items()}
        added = frames.conform(table, pl.DataFrame([row], schema={c: frames.schema(table)[c] for c in row}))
        return case.replace(**{name: pl.concat([frame, added])})
    chosen = _chosen(table, frame, change.get("key", {}))
    if change.get("remove"):
        return case.replace(**{name: frame.filter(~chosen)})
    column = _column(table, change.get("column"))
    tables = {name: frame.with_columns(_cells(column, change, chosen))}
    if name == "needs" and "factor" in change:
        tables["step_downs"] = _savings(case["step_downs"], change)
    return case.replace(**tables)


def _savings(frame: pl.DataFrame, change: Change) -> pl.DataFrame:
    """What more sparing use saves grows with the need that it is saved from."""
    table = CASE_TABLES["step_downs"]
    key = {name: value for name, value in change.get("key", {}).items() if name in table.key}
    try:
        chosen = _chosen(table, frame, key)
    except Refused:
        return frame
    return frame.with_columns(_cells(table.column("saved"), {"factor": change["factor"]}, chosen))


def _replaced(case: Case, column: Column, value: object, settings: Mapping[str, Any]) -> Case:
    try:
        return case.replace(**settings)
    except UsageError as error:
        raise Refused(
            column.name,
            value,
            "wrong_type",
            Both(str(error), str(error)),
            Both("Give another value.", "请填写其他值。"),
        ) from error


def _chosen(table: Table, frame: pl.DataFrame, key: Mapping[str, Any]) -> pl.Series:
    """Which rows agree with the key."""
    agrees = [pl.repeat(True, pl.len(), dtype=pl.Boolean)]
    for name, value in key.items():
        cell = pl.lit(_parsed(_column(table, name), value), dtype=frame.schema[name])
        agrees.append(pl.col(name).eq_missing(cell))
    chosen = frame.select(pl.all_horizontal(agrees)).to_series()
    if not chosen.any():
        words = ", ".join(f"{name} {value}" for name, value in key.items())
        first = next(iter(key), "")
        known = [str(v) for v in frame[first].drop_nulls().unique(maintain_order=True)] if first else []
        hint = nearest(str(key.get(first, "")), known) or Both(
            "Look the row up in the register.", "请到登记册中查找该行。"
        )
        raise Refused(
            ", ".join(key),
            words,
            "unknown_key",
            Both(f"{table.name} has no row with {words}.", f"{table.text_zh}中没有这样的行：{words}。"),
            hint,
        )
    return chosen


def _cells(column: Column, change: Change, chosen: pl.Series) -> pl.Expr:
    cells = pl.col(column.name)
    if "factor" in change:
        if column.type not in ("number", "integer"):
            message = Both(
                f"{column.name} holds no number, so there is nothing to multiply.",
                f"{column.name} 不是数字，无法乘以系数。",
            )
            raise Refused(
                column.name, change["factor"], "wrong_type", message, Both("Give a value instead.", "请直接填写数值。")
            )
        new = cells * _number(column, change["factor"])
        new = new.round().cast(pl.Int64) if column.type == "integer" else new
    else:
        new = pl.lit(_parsed(column, change.get("value")), dtype=frames.DTYPES[column.type])
    return pl.when(chosen).then(new).otherwise(cells).alias(column.name)


def _column(table: Table, name: object) -> Column:
    names = [c.name for c in table.columns]
    if name not in names:
        hint = nearest(str(name or ""), names) or _one_of(names)
        raise Refused(
            "column",
            name or "",
            "unknown_column",
            Both(f'{table.name} has no column "{name or ""}".', f"{table.name} 没有列“{name or ''}”。"),
            hint,
        )
    return table.column(str(name))


def _parsed(column: Column, value: Any) -> Any:
    """A value as the column holds it."""
    if value is None or value == "":
        return None
    if column.type == "date":
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            raise Refused(
                column.name,
                value,
                "wrong_type",
                Both(f'"{value}" is not a day.', f"“{value}”不是日期。"),
                Both("Write it as 2020-01-24.", "请写作 2020-01-24。"),
            ) from None
    if column.type == "boolean":
        if str(value).lower() not in ("true", "false"):
            raise Refused(
                column.name,
                value,
                "wrong_type",
                Both(f'"{value}" is not a truth.', f"“{value}”不是真假值。"),
                Both("Give true or false.", "请填写 true 或 false。"),
            )
        return str(value).lower() == "true"
    if column.type in ("number", "integer"):
        number = _number(column, value)
        return round(number) if column.type == "integer" else number
    return str(value)


def _number(column: Column, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not abs(number) < float("inf"):
        message = Both(f'"{value}" is not a number.', f"“{value}”不是数字。")
        raise Refused(
            column.name,
            value,
            "wrong_type",
            message,
            Both("Give a number without separators, as in 12000.", "请填写不带分隔符的数字，如 12000。"),
        )
    return number


def _one_of(names: Any) -> Both:
    return Both(f"Give one of {', '.join(sorted(names))}.", f"可选：{'、'.join(sorted(names))}。")


def say_change(change: Change) -> Text:
    """A change in words: ``lines, enterprise maskworks: quantity x 2``."""
    name = change.get("table", "")
    table = SETTINGS if name == SETTINGS.name else CASE_TABLES.get(name)
    zh = table.text_zh if table else name
    where = ", ".join(f"{c} {v}" for c, v in change.get("key", {}).items())
    where_zh = "，".join(f"{_zh(table, c)} {v}" for c, v in change.get("key", {}).items())
    head, head_zh = (f"{name}{', ' + where if where else ''}: ", f"{zh}{'，' + where_zh if where_zh else ''}：")
    if "row" in change:
        cells = ", ".join(f"{c} {v}" for c, v in change["row"].items())
        cells_zh = "，".join(f"{_zh(table, c)} {v}" for c, v in change["row"].items())
        return Text(f"{head}added: {cells}", f"{head_zh}新增 {cells_zh}")
    if change.get("remove"):
        return Text(f"{head}removed", f"{head_zh}删除")
    column = str(change.get("column", ""))
    if "factor" in change:
        factor = f"{float(change['factor']):g}"
        return Text(f"{head}{column} × {factor}", f"{head_zh}{_zh(table, column)} × {factor}")
    return Text(f"{head}{column} = {change.get('value')}", f"{head_zh}{_zh(table, column)} = {change.get('value')}")


def _zh(table: Table | None, name: str) -> str:
    found = [c.text_zh for c in table.columns if c.name == name] if table else []
    return (found[0] if found else "") or name
