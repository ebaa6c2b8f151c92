"""The tiny case, and few words to vary it and to read a plan of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import polars as pl
import pytest
from tests.network.pages import TINY

from mainstay.plan import Plan, make_plan
from mainstay.tables import Case, read


def table(text: str) -> pl.DataFrame:
    """Rows as a frame: the first line names the columns, commas part the cells, an empty cell is missing."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    frame = pl.read_csv(io.StringIO(lines), infer_schema=False)
    dates = [name for name in ("date", "from", "to", "expires") if name in frame.columns]
    return frame.with_columns(pl.col(dates).str.to_date())


def needs(item: str, place: str, *quantities: float, tier: str = "vital", patience: int = 0) -> pl.DataFrame:
    """What is needed on the first days, one quantity a day."""
    days = [f"2020-02-{day:02}" for day in range(1, len(quantities) + 1)]
    frame = pl.DataFrame({"date": pl.Series(days).str.to_date(), "quantity": [float(each) for each in quantities]})
    return frame.select(
        pl.lit(item).alias("item"),
        pl.lit(place).alias("place"),
        pl.lit(tier).alias("tier"),
        "date",
        "quantity",
        pl.lit(patience).alias("patience_days"),
    )


def by_day(plan: Plan, name: str, column: str, **where: object) -> list[float]:
    """Sum of a column of a result table in each period, over the rows that match."""
    match = [pl.col(key) == value for key, value in where.items()]
    found = plan.tables[name].filter(*match).group_by("date").agg(pl.col(column).sum())
    periods = pl.DataFrame({"date": plan.calendar.dates}).join(found, on="date", how="left", maintain_order="left")
    return [round(value, 6) for value in periods[column].fill_null(0.0)]


@pytest.fixture
def tiny() -> Case:
    return read(TINY)


@pytest.fixture
def bare(tiny) -> Case:
    """Tiny without conversions, floors, targets and reserve: masks can be made and sent, and nothing else calls."""
    nothing = {name: tiny[name].clear() for name in ("conversions", "floors", "targets")}
    stocks = tiny["stocks"].filter(pl.col("item") == "cloth")
    return tiny.replace(**nothing, stocks=stocks)


@pytest.fixture
def sound() -> Callable[..., Plan]:
    """Plan a case; no rule may be broken."""

    def plan(case: Case, **options: object) -> Plan:
        made = make_plan(case, **options)
        assert [v.text for v in made.check.violations] == []
        return made

    return plan
