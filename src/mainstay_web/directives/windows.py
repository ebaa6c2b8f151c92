"""Windows of the table ``availability``: the share that can be used on each day, and days of one share as one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl


def rows_of(rows: pl.DataFrame, what: str, code: str) -> list[dict[str, Any]]:
    """The windows of one subject."""
    return rows.filter(subject_kind=what, subject=code).to_dicts()


def holds(row: dict[str, Any], day: date) -> bool:
    """Whether a window holds on a day."""
    return (row["from"] is None or row["from"] <= day) and (row["to"] is None or day <= row["to"])


def usable(rows: pl.DataFrame, what: str, code: str, days: Iterable[date]) -> dict[date, float]:
    """Share that the windows of one subject leave on each day, 0 to 1."""
    found = rows_of(rows, what, code)
    return {day: math.prod(row["share"] for row in found if holds(row, day)) for day in days}


def runs(levels: dict[date, float]) -> Iterator[tuple[list[date], float]]:
    """Days that follow each other at one level."""
    window: list[date] = []
    for day, level in levels.items():
        if window and (day - window[-1] != timedelta(1) or level != levels[window[-1]]):
            yield window, levels[window[-1]]
            window = []
        window.append(day)
    if window:
        yield window, levels[window[-1]]
