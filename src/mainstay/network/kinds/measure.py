"""Measures: support that unlocks blocked lines, lanes or import sources, each taken at most once.

Reads ``measures``, ``lines``, ``availability``, ``pools``. Tasks ``measure:<measure>``, whole. effect share: from
lead_days on gives amount x quantity line-days a day to ``unlocked:<line>``; the task ``resume:<line>`` turns them into
capacity, never more than what is blocked that day, so the usable share stays at most 1. effect capacity: adds to the
room of the lane or to the offer of the source. Rules ``measure_once``, ``line_capacity``, ``pool_limit``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.lines import conversion_options
from mainstay.network.network import FOREVER
from mainstay.network.profiles import daily_share, magnitude, per_period
from mainstay.network.results import dated
from mainstay.tables import Case

TASK = pl.format("measure:{}", "measure")


def add(case: Case, builder: Builder) -> None:
    """Write the measures and what they unlock."""
    measures = case["measures"].with_columns(task=TASK, once=pl.format("once:{}", "measure"))
    if measures.is_empty():
        return
    first = np.zeros((measures.height, len(builder.calendar)))
    first[:, 0] = 1
    builder.add_resources(
        measures.select(resource="once", kind=pl.lit("total"), what=pl.lit("measure"), subject="measure", scale=1.0),
        supply=first,
    )
    builder.add_tasks(
        measures.select("task", "cost", kind=pl.lit("measure"), subject="measure", is_whole=pl.lit(True)),
        upper=np.ones_like(first),
    )
    builder.add_effects(measures.select("task", resource="once", amount=-1.0))
    paid = measures.filter(pl.col("budget").is_not_null())
    builder.add_effects(paid.select("task", resource=pl.format("pool:{}", "budget"), amount=-pl.col("cost")))
    metered = case["lanes"].filter(pl.col("capacity").is_not_null() | pl.col("opening_cost").is_not_null())["lane"]
    for resource, targets in (("room:{}", metered), ("offer:{}", case["imports"]["source"])):
        helped = measures.filter((pl.col("effect") == "capacity") & pl.col("target").is_in(targets.implode()))
        builder.add_effects(
            helped.select(
                "task",
                "amount",
                resource=pl.format(resource, "target"),
                offset="lead_days",
                duration=pl.lit(FOREVER),
            )
        )
    _add_restarts(case, measures.filter(pl.col("effect") == "share"), builder)


def _add_restarts(case: Case, measures: pl.DataFrame, builder: Builder) -> None:
    unlocking = measures.join(
        case["lines"].select("line", "place", "quantity"),
        left_on="target",
        right_on="line",
        how="inner",
        maintain_order="left",
    ).with_columns(resource=pl.format("unlocked:{}", "target"), line="target")
    lines = unlocking.unique("line", maintain_order=True).with_columns(
        scale=pl.Series(magnitude(unlocking.unique("line", maintain_order=True)["quantity"].to_numpy())),
        blocked=pl.format("blocked:{}", "line"),
        task=pl.format("resume:{}", "line"),
        subject="line",
    )
    if lines.is_empty():
        return
    calendar = builder.calendar
    share = 1 - per_period(daily_share(case["availability"], "line", lines["line"], calendar), calendar, "mean")
    is_stock = lines["line"].is_in(conversion_options(case).filter("takes_line")["line"].implode()).to_numpy()
    builder.add_resources(
        lines.select("resource", "place", "subject", "scale", kind=pl.lit("flow"), what=pl.lit("unlocked lines"))
    )
    builder.add_resources(
        lines.select(
            "place", "subject", "scale", resource="blocked", kind=pl.lit("flow"), what=pl.lit("blocked lines")
        ),
        supply=np.where(is_stock[:, None], 0.0, lines["quantity"].to_numpy()[:, None] * share * calendar.lengths),
    )
    convertible = lines.filter(is_stock)
    builder.add_feeds(convertible.select(stock=pl.format("lines:{}", "line"), flow="blocked"), share[is_stock])
    builder.add_effects(
        unlocking.select(
            "task",
            "resource",
            offset="lead_days",
            duration=pl.lit(FOREVER),
            amount=pl.col("amount") * pl.col("quantity"),
        )
    )
    builder.add_tasks(lines.select("task", "place", "subject", "scale", kind=pl.lit("resume")))
    for name, amount in (("resource", -1.0), ("blocked", -1.0)):
        builder.add_effects(lines.select("task", resource=name, amount=amount))
    builder.add_effects(lines.select("task", resource=pl.format("capacity:{}", "line"), amount=1.0))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``measures``."""
    rows = (
        runs.filter(pl.col("kind") == "measure")
        .rename({"subject": "measure", "extent": "number"})
        .join(
            case["measures"].select("measure", "target", "lead_days", unit="cost"),
            on="measure",
            how="left",
            maintain_order="left",
        )
        .with_columns(cost=pl.col("number") * pl.col("unit"))
    )
    return {"measures": dated(rows, "lead_days")}
