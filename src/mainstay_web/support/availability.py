"""The usable share of a line in the register: read for a day, and raised from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mainstay_web.registry import queries

ONE_DAY = timedelta(1)
ALL = "*"


def windows(line: str) -> list[dict[str, Any]]:
    """Rows of ``availability`` that speak of the line: its own, and those of all lines."""
    rows = queries.current_table("availability").to_dicts()
    return [row for row in rows if row["subject_kind"] == "line" and row["subject"] in (line, ALL)]


def share_on(rows: list[dict[str, Any]], day: date) -> float:
    """The usable share on a day, 0 to 1: by the line's own row, else by that of all lines, else 1."""
    row = _row_on(rows, day)
    return float(row["share"]) if row else 1.0


def raised(rows: list[dict[str, Any]], line: str, day: date, share: float, **says: Any) -> list[dict[str, Any]]:
    """The line's own rows that change when it can use so much more from a day on, never above the whole.

    Own rows that hold on the day end before it; from then on each span of days has a row with the raised share. Days
    of full use stay as they are.
    """
    cut = [row for row in rows if row["subject"] == line and _first(row) < day <= _last(row) and row["share"] < 1]
    changed = [{**row, "to": day - ONE_DAY} for row in cut]
    begins = sorted({day} | {_first(row) for row in rows} | {_last(row) + ONE_DAY for row in rows if row["to"]})
    begins = [each for each in begins if each >= day]
    for first, following in zip(begins, [*begins[1:], None], strict=True):
        row = _row_on(rows, first)
        if row and row["share"] < 1:
            more = min(1.0, round(row["share"] + share, 9))
            blocker = "none" if more == 1 else row["blocker"]
            span = {"subject": line, "from": first, "to": following and following - ONE_DAY}
            changed.append({**row, **span, **says, "share": more, "blocker": blocker})
    return changed


def _row_on(rows: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    holding = [row for row in rows if _first(row) <= day <= _last(row)]
    return min(holding, key=lambda row: row["subject"] == ALL, default=None)


def _first(row: dict[str, Any]) -> date:
    return row["from"] or date.min


def _last(row: dict[str, Any]) -> date:
    return row["to"] or date.max
