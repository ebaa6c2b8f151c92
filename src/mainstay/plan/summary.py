"""The plan in few figures: how much of each need is met, what runs short, how far things are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from mainstay.tables.columns import TIERS


@dataclass(frozen=True)
class Summary:
    """Figures of a plan as tables; every ``fill_rate`` is (served + eased) / need over the horizon, 0 to 1.

    by_tier : tier, fill_rate, items (weights items equally within a tier)
    by_item : item, tier, need, served, eased, lost, fill_rate, first_short, last_short (dates or null)
    by_place : place, tier, fill_rate (mean over the items needed there)
    days_of_cover : place, item, date, days: stock over the mean daily need of the period
    utilisation : kind, usable, used, rate: line-days over the horizon
    """

    by_tier: pl.DataFrame
    by_item: pl.DataFrame
    by_place: pl.DataFrame
    days_of_cover: pl.DataFrame
    utilisation: pl.DataFrame


def summarise(tables: Mapping[str, pl.DataFrame]) -> Summary:
    """Figures of the plan whose result tables these are."""
    met = tables["shortages"].with_columns(tier=pl.col("tier").cast(pl.Enum(TIERS)))
    fill = (pl.sum_horizontal("served", "eased").sum() / pl.col("need").sum()).alias("fill_rate")
    by_item = (
        met.group_by("item", "tier")
        .agg(
            pl.col("need", "served", "eased", "lost").sum(),
            fill,
            first_short=pl.col("date").filter(pl.col("lost") > 1e-6 * pl.col("need")).min(),
            last_short=pl.col("date").filter(pl.col("lost") > 1e-6 * pl.col("need")).max(),
        )
        .sort("tier", "fill_rate", "item")
    )
    by_tier = by_item.group_by("tier").agg(pl.col("fill_rate").mean(), items=pl.len()).sort("tier")
    by_place = (
        met.group_by("place", "tier", "item").agg(fill).group_by("place", "tier").agg(pl.col("fill_rate").mean())
    ).sort("tier", "fill_rate", "place")
    return Summary(by_tier, by_item, by_place, _days_of_cover(tables), _utilisation(tables["capacity"]))


def _days_of_cover(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    daily = (
        tables["shortages"].group_by("date", "place", "item").agg(need=pl.col("need").sum() / pl.col("days").first())
    )
    stock = tables["stocks"].group_by("date", "place", "item").agg(pl.col("quantity").sum())
    return (
        daily.filter(pl.col("need") > 0)
        .join(stock, on=["date", "place", "item"], how="left")
        .select("place", "item", "date", days=pl.col("quantity").fill_null(0.0) / pl.col("need"))
        .sort("item", "place", "date")
    )


def _utilisation(capacity: pl.DataFrame) -> pl.DataFrame:
    line_days = (
        (pl.col("usable") * pl.col("days")).sum().alias("usable"),
        (pl.col("used") * pl.col("days")).sum().alias("used"),
    )
    return (
        capacity.group_by("kind")
        .agg(*line_days)
        .with_columns(rate=pl.when(pl.col("usable") > 0).then(pl.col("used") / pl.col("usable")))
        .sort("rate", descending=True, nulls_last=True)
    )
