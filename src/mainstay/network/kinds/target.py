"""Targets: stock wanted at a place on a day, aimed at once all needs are served as well as they can be.

Reads ``targets``. The flow ``target:<item>@<place>/<date>`` is fed by the stock at the end of the period that holds the
date and takes the target; the task ``miss:...`` gives what is missing, penalised in the stage ``targets`` as share
of the target. Rule ``target_gap``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.tables import Case


def in_horizon(case: Case) -> pl.DataFrame:
    """Targets of a positive quantity in the horizon, with their period; the largest of each item, place and period."""
    calendar = case.calendar
    return (
        case["targets"]
        .with_columns(day=(pl.col("date") - calendar.start).dt.total_days())
        .filter(pl.col("day").is_between(0, calendar.num_days - 1) & (pl.col("quantity") > 0))
        .with_columns(
            period=pl.col("day").map_batches(
                lambda d: pl.Series(calendar.period_of_day[d.to_numpy()]), return_dtype=pl.Int64
            )
        )
        .sort("quantity", descending=True, maintain_order=True)
        .unique(["item", "place", "period"], keep="first", maintain_order=True)
    )


def add(case: Case, builder: Builder) -> None:
    """Write the targets and the tasks that miss them."""
    targets = in_horizon(case).with_columns(
        goods=goods_id(),
        resource=pl.format("target:{}@{}/{}", "item", "place", "date"),
        task=pl.format("miss:{}@{}/{}", "item", "place", "date"),
        subject=pl.col("date").cast(pl.String),
    )
    if targets.is_empty():
        return
    builder.add_goods(targets)
    here = targets["period"].to_numpy()[:, None] == np.arange(len(builder.calendar))
    quantity = targets["quantity"].to_numpy()[:, None]
    builder.add_resources(
        targets.select("resource", "item", "place", "subject", kind=pl.lit("flow"), what=pl.lit("target")),
        supply=np.where(here, -quantity, 0.0),
    )
    builder.add_feeds(targets.select(stock="goods", flow="resource"), here / builder.calendar.lengths)
    builder.add_tasks(
        targets.select(
            "task",
            "item",
            "place",
            "subject",
            kind=pl.lit("miss"),
            penalty=1 / pl.col("quantity"),
            stage=pl.lit("targets"),
        ),
        upper=np.where(here, quantity, 0.0),
    )
    builder.add_effects(targets.select("task", "resource", amount=1.0))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``target_gaps``: every target of the horizon; what is missing of it follows from the stock."""
    periods = pl.DataFrame({"date": case.calendar.dates, "days": case.calendar.lengths}).with_row_index("period")
    return {
        "target_gaps": in_horizon(case)
        .with_columns(target="quantity")
        .drop("date", "quantity")
        .join(periods.with_columns(pl.col("period").cast(pl.Int64)), on="period", how="left", maintain_order="left")
    }
