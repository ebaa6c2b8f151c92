"""Import: order abroad, ship to the port, clear customs, normally or by the express window.

Reads ``imports``, ``measures``, ``availability``, ``pools``. Tasks ``import:<source>:<customs>``. One unit takes one of
the flow ``offer:<source>`` on the day of the order, express also express_use of its pool, and is at the port lead_days
and the days of customs later. What measures add can be ordered only while the offer is open: ``window:<source>``.
Rules ``import_offer``, ``pool_limit``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.network.profiles import daily_share, expand_days, per_period, rows_of, scatter
from mainstay.network.results import dated
from mainstay.tables import Case

CUSTOMS = {"normal": "customs_days", "express": "express_days"}


def add(case: Case, builder: Builder) -> None:
    """Write the offers and the two ways through customs."""
    sources = case["imports"].with_columns(place="port", resource=pl.format("offer:{}", "source"))
    calendar = builder.calendar
    days = expand_days(sources, calendar)
    row, day = rows_of(sources["source"], days["source"]), days["day"].to_numpy()
    is_open = scatter(row, day, np.ones(len(row)), (sources.height, calendar.num_days)) > 0
    offered = is_open * sources["quantity_per_day"].to_numpy()[:, None]
    share = daily_share(case["availability"], "source", sources["source"], calendar)
    helped = (
        case["measures"]
        .filter((pl.col("target_kind") == "source") & (pl.col("effect") == "capacity"))
        .group_by(source="target")
        .agg(extra=pl.col("amount").sum())
    )
    extra = sources.join(helped, on="source", how="left", maintain_order="left")["extra"].fill_null(0.0).to_numpy()
    most = offered * share + is_open * extra[:, None]
    has_window = pl.Series((extra > 0) & ~is_open.all(axis=1))
    builder.add_goods(sources)
    builder.add_resources(
        sources.select("resource", "item", "place", kind=pl.lit("flow"), what=pl.lit("import offer"), subject="source"),
        supply=per_period(offered * share, calendar, "sum"),
    )
    windows = sources.with_columns(resource=pl.format("window:{}", "source"))
    builder.add_resources(
        windows.filter(has_window).select(
            "resource", "item", "place", kind=pl.lit("flow"), what=pl.lit("import window"), subject="source"
        ),
        supply=per_period(most, calendar, "sum")[has_window.to_numpy()],
    )
    limited = windows.filter(has_window)["source"].implode()
    for customs, column in CUSTOMS.items():
        orders = sources.filter(pl.col(column).is_not_null()).with_columns(
            task=pl.format("import:{}:" + customs, "source"), arrival=pl.col("lead_days") + pl.col(column)
        )
        builder.add_tasks(
            orders.select(
                "task",
                "item",
                "place",
                kind=pl.lit("import"),
                subject="source",
                other=pl.lit(customs),
                cost="unit_cost",
            )
        )
        builder.add_effects(orders.select("task", "resource", amount=-1.0))
        builder.add_effects(
            orders.filter(pl.col("source").is_in(limited)).select(
                "task", resource=pl.format("window:{}", "source"), amount=-1.0
            )
        )
        builder.add_effects(orders.select("task", resource=goods_id(), offset="arrival", amount=1.0))
        if customs == "express":
            drawn = orders.filter(pl.col("express_pool").is_not_null() & (pl.col("express_use").fill_null(0) > 0))
            builder.add_effects(
                drawn.select("task", resource=pl.format("pool:{}", "express_pool"), amount=-pl.col("express_use"))
            )


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``imports``."""
    rows = (
        runs.filter(pl.col("kind") == "import")
        .rename({"subject": "source", "other": "customs", "extent": "quantity"})
        .join(case["imports"].drop("item"), on="source", how="left", maintain_order="left", suffix="_offered")
        .rename({"quantity_per_day": "offered"})
        .with_columns(cost=pl.col("quantity") * pl.col("unit_cost"))
    )
    customs = pl.when(pl.col("customs") == "express").then("express_days").otherwise("customs_days")
    return {"imports": dated(rows, pl.col("lead_days") + customs)}
