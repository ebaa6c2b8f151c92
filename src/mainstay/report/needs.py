"""Sums over the shortages table that the situation and the actions speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike

SHORT = 0.001
"""A period counts as short when more than this share of its need is not met."""


def totals(shortages: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Need, served, eased, unmet and fill over the whole plan by ``keys`` [units of the item].

    ``unmet``, what is lost or still waits at the end, is the need less what is met: served, or eased by more sparing
    use; ``fill`` = met / need, null without need.
    """
    rows = shortages.group_by(*keys, maintain_order=True).agg(pl.col("need", "served", "eased").sum())
    met = pl.col("served") + pl.col("eased")
    fill = pl.when(pl.col("need") > 0).then((met / pl.col("need")).clip(0, 1))
    return rows.with_columns((pl.col("need") - met).clip(0).alias("unmet"), fill.alias("fill"))


def fill_by_tier(shortages: pl.DataFrame) -> dict[str, float]:
    """Mean over items of the share of need met, by tier."""
    by_item = totals(shortages, "tier", "item").filter(pl.col("fill").is_not_null())
    rows = by_item.group_by("tier").agg(pl.col("fill").mean()).iter_rows()
    return dict(rows)


def short_periods(shortages: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Periods with a shortage by ``keys``: date, days, need, short (lost or waiting)."""
    rows = shortages.group_by("date", "days", *keys).agg(
        pl.col("need").sum(), (pl.col("lost") + pl.col("waiting")).sum().alias("short")
    )
    return rows.filter((pl.col("short") > SHORT * pl.col("need")) & (pl.col("short") > 1e-6)).sort("date")


def first_tier(plan: PlanLike) -> str:
    """The tier that the plan puts first among those that have needs."""
    present = set(plan.tables["shortages"]["tier"].unique())
    return next((t for t in ("vital", "essential", "desirable") if t in present), "vital")


def areas(places: pl.DataFrame) -> dict[str, str]:
    """The area that each place lies in: the nearest one upward, itself counted; a place in none stands for itself."""
    parents = dict(places.select("place", "parent").iter_rows())
    are_areas = set(places.filter(pl.col("kind") == "area")["place"])

    def area(place: str) -> str:
        above: str | None = place
        while above is not None and above not in are_areas:
            above = parents.get(above)
        return above or place

    return {place: area(place) for place in parents}


def totals_by_area(plan: PlanLike) -> pl.DataFrame:
    """``totals`` by area, tier and item, where there is need."""
    area = pl.col("place").replace(areas(plan.case.tables["places"])).alias("area")
    by_item = totals(plan.tables["shortages"].with_columns(area), "area", "tier", "item")
    return by_item.filter(pl.col("fill").is_not_null())
