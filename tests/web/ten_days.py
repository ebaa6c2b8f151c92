"""The tiny case for a story of ten days: needs of thirteen days, more cloth, two more lines of nappies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

import mainstay as ms
from mainstay import tables

DAYS = 13
CLOTH = 200.0
NAPPY_LINES = 3.0


def write(folder: Path) -> Path:
    """Write the case to a folder, and give it back."""
    case = ms.read(ms.examples.path("tiny"))
    first = case["needs"].filter(pl.col("date") == case.start)
    longer = case.replace(
        title="Tiny: ten days and three",
        title_zh="小案例：十三天",
        horizon=f"{DAYS}x1",
        needs=pl.concat([first.with_columns(date=pl.lit(case.start + timedelta(n))) for n in range(DAYS)]),
        stocks=case["stocks"].with_columns(
            quantity=pl.when(pl.col("item") == "cloth").then(CLOTH).otherwise("quantity")
        ),
        lines=case["lines"].with_columns(
            quantity=pl.when(pl.col("kind") == "nappy").then(NAPPY_LINES).otherwise("quantity")
        ),
    )
    tables.write(longer, folder)
    return folder
