"""Expire: goods leave the stock when their date has come; what expires first is used first.

Reads ``stocks`` (lots) and ``items`` (shelf life). For each stock in which something can expire within the horizon,
the stock ``age:<goods>`` gains what leaves the goods and loses what reaches its last day; it may not fall below zero,
so by any day at least what has expired has left: used in time, or by the task ``expire:<goods>`` at the value of the
goods. That task takes from the stock ``due:<goods>``, which gains what reaches its last day, so nothing is written off
earlier. Goods that arrive by lane have lost their days of transit. Rule ``expiry``.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.builder import Builder
from mainstay.network.kinds.stock import opening_lots
from mainstay.network.network import Network
from mainstay.network.profiles import rows_of, scatter
from mainstay.tables import Case

DATED = ("make", "release", "import", "ship")
"""Kinds of task whose goods are as fresh as their item's shelf life says."""

LEAST_VALUE = 1e-3
"""Money per unit that writing off counts at least, so that nothing is wasted where the value is not known."""


def add(case: Case, builder: Builder) -> None:
    """Nothing yet: what leaves and enters a stock is known only when all kinds have spoken."""


def _expiring_lots(case: Case, goods: pl.DataFrame, builder: Builder) -> NDArray[np.float64]:
    """Quantity of opening lots whose last day lies in each period (goods, periods)."""
    calendar = builder.calendar
    lots = (
        opening_lots(case)
        .with_columns(
            resource=pl.format("goods:{}@{}/{}", "item", "place", "owner"),
            day=(pl.col("expires") - calendar.start).dt.total_days(),
        )
        .filter((pl.col("day") < calendar.num_days) & pl.col("resource").is_in(goods["resource"].implode()))
    )
    daily = scatter(
        rows_of(goods["resource"], lots["resource"]),
        lots["day"].to_numpy(),
        lots["quantity"].to_numpy(),
        (goods.height, calendar.num_days),
    )
    return np.add.reduceat(daily, calendar.first_days, axis=1)


def finish(case: Case, builder: Builder, network: Network) -> None:
    """Write the age of every stock in which something can expire."""
    goods = (
        network.resources.with_row_index("row")
        .filter(pl.col("what") == "goods")
        .join(
            case["items"].select("item", "shelf_life_days", "unit_value"),
            on="item",
            how="left",
            maintain_order="left",
        )
    )
    lots = _expiring_lots(case, goods, builder)
    lives = (goods["shelf_life_days"] < builder.calendar.num_days).fill_null(False).to_numpy()
    lives &= (goods["subject"] == "enterprise").to_numpy()
    chosen = lots.any(axis=1) | lives
    if not chosen.any():
        return
    aged = goods.filter(chosen).with_columns(
        age=pl.format("age:{}", "resource"),
        due=pl.format("due:{}", "resource"),
        task=pl.format("expire:{}", "resource"),
    )
    builder.add_resources(
        aged.select("item", "place", "subject", resource="age", kind=pl.lit("stock"), what=pl.lit("age")),
        supply=-lots[chosen],
    )
    builder.add_resources(
        aged.select("item", "place", "subject", resource="due", kind=pl.lit("stock"), what=pl.lit("expired")),
        supply=lots[chosen],
    )
    builder.add_tasks(
        aged.select(
            "task",
            "item",
            "place",
            "subject",
            kind=pl.lit("expire"),
            cost=pl.col("unit_value").fill_null(0.0).clip(LEAST_VALUE),
        )
    )
    for resource, amount in (("resource", -1.0), ("due", -1.0), ("age", 1.0)):
        builder.add_effects(aged.select("task", resource=resource, amount=amount))
    moves = _moves(network, aged)
    builder.add_effects(
        moves.filter(pl.col("amount") < 0).select(
            "task", "offset", "duration", resource="age", amount=-pl.col("amount")
        )
    )
    fresh = _fresh(moves).filter(pl.col("offset") < builder.calendar.num_days)
    builder.add_effects(fresh.select("task", "offset", "amount", resource="due"))
    builder.add_effects(fresh.select("task", "offset", resource="age", amount=-pl.col("amount")))


def _fresh(moves: pl.DataFrame) -> pl.DataFrame:
    """Moves that bring goods with a shelf life, their offset put to the last day of what they bring.

    What leaves a reserve or comes back from a stay has no date.
    """
    life = pl.col("shelf_life_days")
    last_day = (
        pl.when(pl.col("kind") == "ship").then(pl.max_horizontal("offset", life)).otherwise(pl.col("offset") + life)
    )
    return moves.filter(
        (pl.col("amount") > 0) & life.is_not_null() & pl.col("kind").is_in(DATED) & (pl.col("subject") == "enterprise")
    ).with_columns(offset=last_day)


def _moves(network: Network, aged: pl.DataFrame) -> pl.DataFrame:
    """What live tasks take from and give to the stocks, by task name."""
    live = network.tasks.select("task", "kind").with_columns(
        row=pl.int_range(pl.len()), live=pl.Series(network.upper.any(axis=1))
    )
    return (
        network.effects.rename({"task": "task_row", "resource": "row"})
        .join(
            aged.select(pl.col("row").cast(pl.Int64), "age", "due", "shelf_life_days", "subject"),
            on="row",
            how="inner",
            maintain_order="left",
        )
        .join(
            live.filter("live").select("task", "kind", task_row="row"),
            on="task_row",
            how="inner",
            maintain_order="left",
        )
    )


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``expiries``."""
    rows = (
        runs.filter(pl.col("kind") == "expire")
        .rename({"subject": "owner", "extent": "quantity"})
        .join(case["items"].select("item", "unit_value"), on="item", how="left", maintain_order="left")
        .with_columns(cost=pl.col("quantity") * pl.col("unit_value").fill_null(0.0))
    )
    return {"expiries": rows}
