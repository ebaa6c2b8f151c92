"""Opening stock, and release of the strategic reserve into distribution.

Reads ``stocks``. Opening stock of lots that have not expired is supplied on the first day, lots under way on the day
on which they arrive. Tasks
``reserve:<item>@<place>``: one unit leaves the reserve and is in distribution the same day. Rule ``reserve``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.tables import Case
from mainstay.tables.case_tables import OWNERS


def opening_lots(case: Case) -> pl.DataFrame:
    """Lots that may still be used on the first day, with the ``day`` from which they are there.

    Lots under way are among them; those that arrive after the horizon are left out.
    """
    return (
        case["stocks"]
        .filter(pl.col("expires").is_null() | (pl.col("expires") >= case.start))
        .with_columns(day=(pl.col("arrives") - case.start).dt.total_days().fill_null(0).clip(0))
        .filter(pl.col("day") < case.calendar.num_days)
    )


def add(case: Case, builder: Builder) -> None:
    """Write the opening stocks of every owner and the tasks that release reserves."""
    lots = opening_lots(case)
    opening = lots.select("owner", "item", "place").unique(maintain_order=True)
    for owner in OWNERS:
        stocks = opening.filter(pl.col("owner") == owner)
        here = lots.join(stocks.with_row_index("row"), on=["owner", "item", "place"], maintain_order="left")
        supply = np.zeros((stocks.height, len(builder.calendar)))
        period = builder.calendar.period_of_day[here["day"].to_numpy()]
        np.add.at(supply, (here["row"].to_numpy(), period), here["quantity"].to_numpy())
        builder.add_goods(stocks, owner=owner, supply=supply)
    reserves = opening.filter(pl.col("owner") == "reserve").with_columns(
        task=pl.format("reserve:{}@{}", "item", "place")
    )
    builder.add_goods(reserves)
    builder.add_tasks(reserves.select("task", "item", "place", kind=pl.lit("reserve")))
    builder.add_effects(reserves.select("task", resource=goods_id("reserve"), amount=-1.0))
    builder.add_effects(reserves.select("task", resource=goods_id(), amount=1.0))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``reserve_releases``."""
    return {"reserve_releases": runs.filter(pl.col("kind") == "reserve").rename({"extent": "quantity"})}
