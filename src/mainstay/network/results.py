"""What the kinds of task share when they write their rows of the result tables."""

from __future__ import annotations

import polars as pl

from mainstay.network.lines import line_groups
from mainstay.tables import Case


def dated(frame: pl.DataFrame, lead: str | pl.Expr) -> pl.DataFrame:
    """Add ``ready_date``: the day on which what starts on the first day of the row takes effect."""
    days = pl.col(lead) if isinstance(lead, str) else lead
    return frame.with_columns(ready_date=pl.col("date") + pl.duration(days=days))


def schedule(case: Case) -> dict[str, str]:
    """Enterprise of each group of lines."""
    groups = line_groups(case)
    return dict(zip(groups["line"], groups["enterprise"], strict=True))
