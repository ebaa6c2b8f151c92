"""What is known of limited means on a morning: licences, reviews that run, what pools have left."""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.replay.now import Now
from mainstay.tables import Case


def licences(now: Now, case: Case, begun: pl.DataFrame) -> pl.DataFrame:
    """The licences: those granted by now are held, those whose review runs are applied for."""
    held = now.rules.resources.filter(pl.col("what") == "licences")
    granted = now.state.level[held["row"].to_numpy(), 0] > 0.5
    held = held.select("item", enterprise="subject", granted=pl.Series(granted, dtype=pl.Boolean))
    days = pl.when(pl.col("other") == "fast").then("fast_review_days").otherwise("review_days")
    running = (
        begun.filter(pl.col("kind") == "license")
        .select("day", "item", "other", enterprise="subject")
        .join(case["licences"], on=["enterprise", "item"], maintain_order="left")
        .select("enterprise", "item", left=pl.col("day") + days - now.state.day)
    )
    left = pl.min_horizontal("left", pl.when(pl.col("state") == "applied").then("review_days"))
    return (
        case["licences"]
        .join(held, on=["enterprise", "item"], how="left", maintain_order="left")
        .join(running, on=["enterprise", "item"], how="left", maintain_order="left")
        .with_columns(
            state=pl.when(pl.col("granted") | (pl.col("left") <= 0))
            .then(pl.lit("held"))
            .when(pl.col("left").is_not_null())
            .then(pl.lit("applied"))
            .otherwise("state"),
            review_days=pl.when(pl.col("left").is_not_null()).then(left.clip(0)).otherwise("review_days"),
            fast_review_days=pl.when(pl.col("left").is_null()).then("fast_review_days"),
        )
        .drop("granted", "left")
    )


def pools(now: Now, case: Case) -> pl.DataFrame:
    """The pools, of those for the whole horizon what is left."""
    left = {
        subject: float(now.state.level[row, 0] if now.state.day else now.rules.network.supply[row, 0])
        for row, subject in now.rules.resources.filter((pl.col("what") == "pool") & (pl.col("kind") == "total"))
        .select("row", "subject")
        .iter_rows()
    }
    quantity = pl.col("pool").replace_strict(left, default=None, return_dtype=pl.Float64)
    return case["pools"].with_columns(quantity=pl.coalesce(quantity, "quantity").clip(0))


def busy(now: Now, case: Case) -> list[pl.DataFrame]:
    """Shares of the daily pools that reviews under way leave free."""
    pools = now.rules.resources.filter((pl.col("what") == "pool") & (pl.col("kind") == "flow"))
    found = []
    for row, pool in pools.select("row", "subject").iter_rows():
        rate, daily = float(now.state.rate[row, 0]), []
        for day in now.days(case):
            for rows, change in now.state.turning.get(day, ()):
                rate += float(change[rows == row, 0].sum())
            daily.append(rate)
        drawn, supply = np.array(daily), float(now.rules.network.supply[row, 0])
        if (drawn < 0).any() and supply > 0:
            found.append(now.windows("pool", pool, 1.0 + drawn / supply))
    return found
