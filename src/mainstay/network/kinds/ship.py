"""Ship: goods leave one place and are at another after the transit time; chartered lanes in whole departures.

Reads ``lanes``, ``items``, ``availability``. Tasks ``ship:<lane>:<item>`` take goods at the origin and room on the lane
(by mass, volume or number), and give goods at the destination transit_days later. Where opening_cost is given, room
comes only from ``charter:<lane>``, whole departures. A lane without limit is closed while its share is 0.
Rules ``lane_capacity``, ``nothing_arrives_before_it_left``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.network.profiles import daily_share, magnitude, per_period, rows_of
from mainstay.network.results import dated
from mainstay.tables import Case


def cargo(case: Case) -> pl.DataFrame:
    """Every item that every lane may carry: lane columns, item, load (capacity units per unit of the item)."""
    items = case["items"].select("item", "family", "volume_m3", "mass_kg")
    lanes = case["lanes"]
    everything = lanes.filter(pl.col("cargo").is_null()).join(
        items.drop("family"), how="cross", maintain_order="left_right"
    )
    by_item = lanes.join(
        items.drop("family"), left_on="cargo", right_on="item", how="inner", maintain_order="left"
    ).with_columns(item="cargo")
    by_family = lanes.join(items, left_on="cargo", right_on="family", how="inner", maintain_order="left_right")
    load = (
        pl.when(pl.col("capacity_unit") == "kg")
        .then("mass_kg")
        .when(pl.col("capacity_unit") == "m3")
        .then("volume_m3")
        .otherwise(1.0)
    )
    metered = pl.col("capacity").is_not_null() | (pl.col("unit_cost") > 0) | pl.col("opening_cost").is_not_null()
    return (
        pl.concat([everything.select(by_family.columns), by_item.select(by_family.columns), by_family])
        .unique(["lane", "item"], maintain_order=True)
        .with_columns(load=load, is_metered=metered)
        .filter(pl.col("load").is_not_null() | ~pl.col("is_metered"))
        .with_columns(pl.col("load").fill_null(0.0))
    )


def add(case: Case, builder: Builder) -> None:
    """Write the room of every lane and a task for every item that it may carry."""
    lanes = case["lanes"].with_columns(
        resource=pl.format("room:{}", "lane"), is_chartered=pl.col("opening_cost").is_not_null()
    )
    limited = lanes.filter(pl.col("capacity").is_not_null() | pl.col("is_chartered"))
    calendar = builder.calendar
    shares = per_period(daily_share(case["availability"], "lane", lanes["lane"], calendar), calendar, "mean")
    share = shares[rows_of(lanes["lane"], limited["lane"])]
    chartered = limited["is_chartered"].to_numpy()
    capacity = limited["capacity"].fill_null(0.0).to_numpy()[:, None]
    builder.add_resources(
        limited.select(
            "resource",
            kind=pl.lit("flow"),
            what=pl.lit("lane room"),
            place="origin",
            subject="lane",
            scale=pl.Series(magnitude(capacity[:, 0])),
        ),
        supply=np.where(chartered[:, None], 0.0, capacity * share * calendar.lengths),
    )
    _add_charters(limited.filter(chartered), share[chartered], builder)
    moves = cargo(case).with_columns(task=pl.format("ship:{}:{}", "lane", "item"))
    builder.add_goods(moves.select("item", place="origin"))
    builder.add_goods(moves.select("item", place="destination"))
    builder.add_tasks(
        moves.select(
            "task",
            "item",
            kind=pl.lit("ship"),
            place="origin",
            subject="lane",
            other="destination",
            cost=pl.col("load") * pl.col("unit_cost"),
        ),
        upper=np.where(shares[rows_of(lanes["lane"], moves["lane"])] > 0, np.inf, 0.0),
    )
    builder.add_effects(moves.select("task", resource=goods_id(place="origin"), amount=-1.0))
    builder.add_effects(moves.select("task", resource=goods_id(place="destination"), offset="transit_days", amount=1.0))
    builder.add_effects(
        moves.filter(pl.col("lane").is_in(limited["lane"].implode())).select(
            "task", resource=pl.format("room:{}", "lane"), amount=-pl.col("load")
        )
    )


def _add_charters(lanes: pl.DataFrame, share: np.ndarray, builder: Builder) -> None:
    if lanes.is_empty():
        return
    charters = lanes.with_columns(
        task=pl.format("charter:{}", "lane"), most=pl.col("departures_per_day").fill_null(1.0)
    )
    builder.add_tasks(
        charters.select(
            "task",
            kind=pl.lit("charter"),
            place="origin",
            subject="lane",
            other="destination",
            is_whole=pl.lit(True),
            cost="opening_cost",
        ),
        upper=np.floor(charters["most"].to_numpy()[:, None] * share * builder.calendar.lengths + 1e-9),
    )
    builder.add_effects(charters.select("task", "resource", amount="capacity"))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``shipments`` and ``departures``."""
    moved = cargo(case).select(
        "lane", "item", "origin", "destination", "mode", "transit_days", "unit_cost", unit_load="load"
    )
    shipments = (
        runs.filter(pl.col("kind") == "ship")
        .rename({"subject": "lane", "extent": "quantity"})
        .join(moved, on=["lane", "item"], how="left", maintain_order="left")
        .with_columns(load=pl.col("quantity") * pl.col("unit_load"))
        .with_columns(cost=pl.col("load") * pl.col("unit_cost"))
    )
    departures = (
        runs.filter(pl.col("kind") == "charter")
        .rename({"subject": "lane", "extent": "number"})
        .join(case["lanes"].select("lane", "opening_cost"), on="lane", how="left", maintain_order="left")
        .with_columns(cost=pl.col("number") * pl.col("opening_cost"))
    )
    return {"shipments": dated(shipments, "transit_days"), "departures": departures}
