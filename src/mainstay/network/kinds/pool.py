"""Pools: limited means that many tasks draw on, each day (reviewers, slots) or once for all (budgets).

Reads ``pools``, ``availability``. Writes the resource ``pool:<pool>``: a flow with quantity x usable
share x days, or a total. Rule ``pool_limit``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.profiles import daily_share, magnitude, per_period
from mainstay.tables import Case


def add(case: Case, builder: Builder) -> None:
    """Write one resource per pool."""
    pools = case["pools"]
    daily = (pools["basis"] == "day").to_numpy()[:, None]
    quantity = pools["quantity"].to_numpy()[:, None]
    once = np.arange(len(builder.calendar)) == 0
    days = per_period(
        daily_share(case["availability"], "pool", pools["pool"], builder.calendar), builder.calendar, "sum"
    )
    builder.add_resources(
        pools.select(
            resource=pl.format("pool:{}", "pool"),
            kind=pl.when(pl.col("basis") == "day").then(pl.lit("flow")).otherwise(pl.lit("total")),
            what=pl.lit("pool"),
            subject="pool",
            scale=pl.Series(magnitude(quantity[:, 0])),
        ),
        supply=np.where(daily, quantity * days, quantity * once),
    )
