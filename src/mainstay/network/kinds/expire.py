"""Expire: goods leave the stock when their date has come; what expires first is used first.

Reads ``stocks`` (lots) and ``items`` (shelf life). For each stock in which something can expire within the horizon,
the stock ``age:<goods>`` gains what leaves the goods and loses what reaches its last day; it may not fall below zero,
so by any day at least what has expired has left: used in time, or by the task ``expire:<goods>`` at the value of the
goods. That task takes from the stock ``due:<goods>``, which gains what reaches its last day, so nothing is written off
earlier. Goods that arrive by lane have lost their days of transit. The stock ``age:<item>`` does the same for all
stocks of the item together, so goods do not outlive their date by being moved. Rule ``expiry``.
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

INSIDE = ("ship", "reserve")
"""Kinds of task that move goods from stock to stock and use none up."""

AGE, DUE, EXPIRE = (pl.format(name + ":{}", "resource") for name in ("age", "due", "expire"))

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
            day=pl.max_horizontal("day", (pl.col("expires") - calendar.start).dt.total_days()),
        )
        .filter(
            (pl.col("expires").is_not_null() & (pl.col("day") < calendar.num_days))
            & pl.col("resource").is_in(goods["resource"].implode())
        )
    )
    daily = scatter(
        rows_of(goods["resource"], lots["resource"]),
        lots["day"].to_numpy(),
        lots["quantity"].to_numpy(),
        (goods.height, calendar.num_days),
    )
    return np.add.reduceat(daily, calendar.first_days, axis=1)


def finish(case: Case, builder: Builder, network: Network) -> None:
    """Write the age of every stock in which something can expire, and of all stocks of such an item together."""
    goods = (
        network.resources.with_columns(row=pl.int_range(pl.len()))
        .filter(pl.col("what") == "goods")
        .join(
            case["items"].select("item", "shelf_life_days", "stay_days", "unit_value"),
            on="item",
            how="left",
            maintain_order="left",
        )
    )
    moves = _moves(network, goods)
    lots = _expiring_lots(case, goods, builder)
    fresh = _fresh(moves).filter(pl.col("offset") < builder.calendar.num_days)
    chosen = lots.any(axis=1) | goods["row"].is_in(fresh["row"].implode()).to_numpy()
    if chosen.any():
        aged = goods.filter(chosen)
        here = pl.col("row").is_in(aged["row"].implode())
        _add_stocks(aged, lots[chosen], moves.filter(here), fresh.filter(here), builder)
        _add_items(aged, lots[chosen], moves, fresh, builder)


def _add_stocks(
    aged: pl.DataFrame, lots: NDArray[np.float64], moves: pl.DataFrame, fresh: pl.DataFrame, builder: Builder
) -> None:
    named = aged.with_columns(age=AGE, due=DUE, task=EXPIRE)
    builder.add_resources(
        named.select("item", "place", "subject", resource="age", kind=pl.lit("stock"), what=pl.lit("age")),
        supply=-lots,
    )
    builder.add_resources(
        named.select("item", "place", "subject", resource="due", kind=pl.lit("stock"), what=pl.lit("expired")),
        supply=lots,
    )
    builder.add_tasks(
        named.select(
            "task",
            "item",
            "place",
            "subject",
            kind=pl.lit("expire"),
            cost=pl.col("unit_value").fill_null(0.0).clip(LEAST_VALUE),
        )
    )
    for resource, amount in (("resource", -1.0), ("due", -1.0), ("age", 1.0)):
        builder.add_effects(named.select("task", resource=resource, amount=amount))
    builder.add_effects(
        moves.filter(pl.col("amount") < 0).select("task", "offset", resource=AGE, amount=-pl.col("amount"))
    )
    builder.add_effects(fresh.select("task", "offset", "amount", resource=DUE))
    builder.add_effects(fresh.select("task", "offset", resource=AGE, amount=-pl.col("amount")))


def _add_items(
    aged: pl.DataFrame, lots: NDArray[np.float64], moves: pl.DataFrame, fresh: pl.DataFrame, builder: Builder
) -> None:
    """The age of all stocks of an item: by any day at least what has expired was used up or written off somewhere.

    So goods do not outlive their date by being shipped, or released from a reserve.
    """
    items = aged.filter(pl.col("stay_days").is_null()).unique("item", maintain_order=True)
    lost = np.zeros((items.height, lots.shape[1]))
    kept = aged["item"].is_in(items["item"].implode()).to_numpy()
    np.add.at(lost, rows_of(items["item"], aged["item"].filter(kept)), lots[kept])
    resource = pl.format("age:{}", "item")
    builder.add_resources(
        items.select("item", resource=resource, kind=pl.lit("stock"), what=pl.lit("age")), supply=-lost
    )
    known = pl.col("item").is_in(items["item"].implode())
    written_off = aged.filter(known).select(resource=resource, task=EXPIRE, amount=1.0)
    used = moves.filter(known & (pl.col("amount") < 0) & ~pl.col("kind").is_in(INSIDE))
    made = fresh.filter(known & ~pl.col("kind").is_in(INSIDE))
    builder.add_effects(written_off)
    for part in (used, made):
        builder.add_effects(part.select("task", "offset", resource=resource, amount=-pl.col("amount")))


def _fresh(moves: pl.DataFrame) -> pl.DataFrame:
    """Moves that bring goods with a shelf life, their offset put to the last day of what they bring.

    What leaves a reserve or comes back from a stay has no date of its own.
    """
    life = pl.col("shelf_life_days")
    last_day = (
        pl.when(pl.col("kind") == "ship").then(pl.max_horizontal("offset", life)).otherwise(pl.col("offset") + life)
    )
    return moves.filter(
        (pl.col("amount") > 0) & life.is_not_null() & pl.col("kind").is_in(DATED) & (pl.col("subject") == "enterprise")
    ).with_columns(offset=last_day)


def _moves(network: Network, goods: pl.DataFrame) -> pl.DataFrame:
    """What live tasks take from and give to stocks of goods: columns of goods, task, kind of the task, effect."""
    live = network.tasks.select("task", kind_of_task="kind", task_row=pl.int_range(pl.len())).filter(
        pl.Series((network.upper > 0).any(axis=1))
    )
    return (
        network.effects.rename({"task": "task_row", "resource": "row"})
        .join(goods.drop("kind"), on="row", how="inner", maintain_order="left")
        .join(live, on="task_row", how="inner", maintain_order="left")
        .rename({"kind_of_task": "kind"})
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
