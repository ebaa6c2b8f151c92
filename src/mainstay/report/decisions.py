"""The plan's conversions, licence reviews and measures, with what each adds a day, ranked.

``adds`` is arithmetic for ranking and display: lines times the rate of the process that runs on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mainstay.report.plan_like import PlanLike


def busiest_day(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Most good units of each item out in a day of the plan: ``item``, ``busiest`` [units a day]."""
    made = pl.concat([tables[name].select("date", "days", "item", "quantity") for name in ("production", "releases")])
    daily = made.group_by("item", "date").agg((pl.col("quantity").sum() / pl.col("days").first()).alias("busiest"))
    return daily.group_by("item").agg(pl.col("busiest").max())


def line_rates(plan: PlanLike) -> pl.DataFrame:
    """The one item that a kind of line stands for: ``kind``, ``item``, ``rate`` [good units per line and day].

    Of several processes the one whose item the plan makes most steadily (busiest day per rate) is taken.
    """
    rates = plan.case.tables["processes"].select(
        pl.col("line_kind").alias("kind"),
        "item",
        (pl.col("rate_per_day") * pl.col("yield_rate").fill_null(1.0)).alias("rate"),
    )
    return (
        rates.join(busiest_day(plan.tables), on="item", how="left")
        .sort((pl.col("busiest") / pl.col("rate")).fill_null(0.0), descending=True, maintain_order=True)
        .unique("kind", keep="first", maintain_order=True)
        .select("kind", "item", "rate")
    )


def conversions(plan: PlanLike) -> pl.DataFrame:
    """Conversions with ``from_kind``, ``to_kind``, ``item``, ``adds`` and ``weight``, the weightiest first."""
    kinds = plan.case.tables["conversions"].select("conversion", "from_kind", "to_kind")
    rates = line_rates(plan)
    rows = (
        plan.tables["conversions"]
        .filter(pl.col("lines") > 1e-6)
        .join(kinds, on="conversion", how="left")
        .join(rates, left_on="to_kind", right_on="kind", how="left")
        .with_columns((pl.col("lines") * pl.col("rate")).alias("adds"))
    )
    return _ranked(rows, plan)


def licences(plan: PlanLike) -> pl.DataFrame:
    """Licence reviews with ``adds`` (the maker's usable lines for that item at their most) and ``weight``."""
    rates = plan.case.tables["processes"].select(
        pl.col("line_kind").alias("kind"),
        "item",
        (pl.col("rate_per_day") * pl.col("yield_rate").fill_null(1.0)).alias("rate"),
    )
    capacity = (
        plan.tables["capacity"]
        .group_by("enterprise", "kind", "date")
        .agg(pl.col("usable").sum())
        .group_by("enterprise", "kind")
        .agg(pl.col("usable").max())
        .join(rates, on="kind")
        .group_by("enterprise", "item")
        .agg((pl.col("usable") * pl.col("rate")).sum().alias("adds"))
    )
    rows = plan.tables["licences"].filter(pl.col("number") > 1e-6)
    return _ranked(rows.join(capacity, on=["enterprise", "item"], how="left"), plan)


def measures(plan: PlanLike) -> pl.DataFrame:
    """Support measures with ``item``, ``adds`` and ``weight`` where they help lines or sources; lanes have neither."""
    known = plan.case.tables["measures"].select("measure", "kind", "target_kind", "effect", "amount")
    lines = (
        plan.case.tables["lines"]
        .join(line_rates(plan), on="kind", how="left")
        .select(pl.col("line").alias("target"), "item", (pl.col("quantity") * pl.col("rate")).alias("whole"))
    )
    sources = plan.case.tables["imports"].select(pl.col("source").alias("target"), "item", pl.lit(1.0).alias("whole"))
    rows = (
        plan.tables["measures"]
        .filter(pl.col("number") > 1e-6)
        .join(known, on="measure", how="left")
        .join(pl.concat([lines, sources]).unique("target", keep="first"), on="target", how="left")
        .with_columns((pl.col("amount") * pl.col("whole")).alias("adds"))
    )
    return _ranked(rows, plan)


def _ranked(rows: pl.DataFrame, plan: PlanLike) -> pl.DataFrame:
    """With ``weight``, the share of the item's busiest day that the row adds, and the weightiest first."""
    joined = rows.join(busiest_day(plan.tables), on="item", how="left")
    weight = pl.when(pl.col("busiest") > 0).then(pl.col("adds") / pl.col("busiest"))
    return joined.with_columns(weight.alias("weight")).sort(
        "weight", "date", descending=[True, False], nulls_last=True, maintain_order=True
    )
