"""Tiny, with reports: two mask lines that make 40 each, one sewing line and one chamber for 10 suits a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from mainstay import examples, tables
from mainstay.tables import Case

START = date(2020, 2, 1)


def day(number: int) -> date:
    """A day of February 2020; 0 is the last of January."""
    return START + timedelta(days=number - 1)


def tiny(**tables_of_case: pl.DataFrame) -> Case:
    """The case ``tiny`` with other tables."""
    return tables.read(examples.path("tiny")).replace(**tables_of_case)


def rows(*reports: dict[str, Any]) -> pl.DataFrame:
    """Reports; what is not given is a daily output of masks by the mask works."""
    usual = {"reporter": "maskworks", "item": "mask", "measure": "output", "basis": "day"}
    given = {"date": pl.Date, "quantity": pl.Float64, "received_at": pl.Date, "blocker": pl.String}
    schema = {**dict.fromkeys(usual, pl.String), **given}
    return pl.DataFrame([{**usual, **report} for report in reports], schema)


def series(*quantities: float | None, first: int = 1, **usual: Any) -> pl.DataFrame:
    """Reports of consecutive days; None: no report that day."""
    return rows(*({**usual, "date": day(first + i), "quantity": q} for i, q in enumerate(quantities) if q is not None))


def capacity(quantity: float, on: int, **more: Any) -> dict[str, Any]:
    """A report of capacity for a day."""
    return {"measure": "capacity", "date": day(on), "quantity": quantity, **more}
