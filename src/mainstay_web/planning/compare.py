"""Two plans side by side: small functions over their result tables; ``a`` is the first plan, ``b`` the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import polars as pl

from mainstay.tables.columns import TIERS

SMALL = 1e-6
"""Difference below which two figures agree."""


class HasTables(Protocol):
    """Anything with result tables, as ``planning.results.Results``."""

    def table(self, name: str) -> pl.LazyFrame: ...


@dataclass(frozen=True)
class Comparison:
    """All tables of a comparison; each has columns ``a``, ``b`` and ``change`` = b - a.

    tiers : tier; share of need met, mean over items
    shortages : item, place, tier; units lost, only where the two differ, the largest change first
    decisions : what (conversion, licence, measure), code, subject, extent, only where the two differ
    first_days : what (production, shipment, import), item, from, to, quantity in the first days where they differ
    """

    tiers: pl.DataFrame
    shortages: pl.DataFrame
    decisions: pl.DataFrame
    first_days: pl.DataFrame


def compare(a: HasTables, b: HasTables, *, days: int = 3) -> Comparison:
    """Compare two plans; ``days`` is how many first days the changes of the plan are shown of."""
    return Comparison(tiers(a, b), shortages(a, b), decisions(a, b), first_days(a, b, days))


def tiers(a: HasTables, b: HasTables) -> pl.DataFrame:
    """Share of the need met by tier in both."""
    joined = beside(_met(a), _met(b), ["tier"], fill=None)
    return joined.sort(pl.col("tier").cast(pl.Enum(TIERS)))


def _met(plan: HasTables) -> pl.LazyFrame:
    rate = (pl.sum_horizontal("served", "eased").sum() / pl.col("need").sum()).alias("value")
    return plan.table("shortages").group_by("item", "tier").agg(rate).group_by("tier").agg(pl.col("value").mean())


def shortages(a: HasTables, b: HasTables) -> pl.DataFrame:
    """Units lost by item, place and tier where the two differ."""
    keys = ["item", "place", "tier"]
    lost = [p.table("shortages").group_by(keys).agg(pl.col("lost").sum().alias("value")) for p in (a, b)]
    return differing(beside(*lost, keys)).sort(pl.col("change").abs(), *keys, descending=[True, False, False, False])


DECISIONS = {
    "conversions": ("conversion", ("conversion", "line"), "lines"),
    "licences": ("licence", ("enterprise", "item"), "number"),
    "measures": ("measure", ("measure", "target"), "number"),
}
"""Table -> what it is called, code and subject, and the column of the extent."""


def decisions(a: HasTables, b: HasTables) -> pl.DataFrame:
    """Conversions, licences and measures where the two differ."""
    keys = ["what", "code", "subject"]

    def of(plan: HasTables) -> pl.LazyFrame:
        return pl.concat(
            plan.table(table)
            .select(pl.lit(what).alias("what"), code=code, subject=subject, value=pl.col(extent).cast(pl.Float64))
            .group_by(keys)
            .agg(pl.col("value").sum())
            for table, (what, (code, subject), extent) in DECISIONS.items()
        )

    return differing(beside(of(a), of(b), keys)).sort(keys)


FLOWS = {
    "production": ("production", "item", "enterprise", "place"),
    "shipments": ("shipment", "item", "origin", "destination"),
    "imports": ("import", "item", "source", "port"),
}
"""Table -> what it is called, and the columns of item, from and to."""


def first_days(a: HasTables, b: HasTables, days: int) -> pl.DataFrame:
    """Quantities made, shipped and ordered in the first days where the two differ, the largest share first."""
    keys = ["what", "item", "from", "to"]

    def of(plan: HasTables) -> pl.LazyFrame:
        begin = plan.table("shortages").select(pl.col("date").min()).collect().item()
        frames = []
        for table, (what, item, origin, destination) in FLOWS.items():
            frame = plan.table(table)
            if begin is not None:
                frame = frame.filter(pl.col("date") < begin + timedelta(days=days))
            columns = {"item": item, "from": origin, "to": destination, "value": pl.col("quantity").cast(pl.Float64)}
            frames.append(frame.select(pl.lit(what).alias("what"), **columns))
        return pl.concat(frames).group_by(keys).agg(pl.col("value").sum())

    weight = pl.col("change").abs() / pl.max_horizontal("a", "b")
    return differing(beside(of(a), of(b), keys)).sort(weight, *keys, descending=[True] + [False] * len(keys))


def beside(a: pl.LazyFrame, b: pl.LazyFrame, keys: list[str], fill: float | None = 0.0) -> pl.DataFrame:
    """Two frames with ``value`` joined by their keys; what one lacks counts as ``fill``."""
    left, right = (f.rename({"value": name}) for f, name in ((a, "a"), (b, "b")))
    joined = left.join(right, on=keys, how="full", coalesce=True, nulls_equal=True)
    if fill is not None:
        joined = joined.with_columns(pl.col("a", "b").fill_null(fill))
    return joined.with_columns(change=pl.col("b") - pl.col("a")).select(*keys, "a", "b", "change").collect()


def differing(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in which ``a`` and ``b`` differ."""
    scale = pl.max_horizontal(pl.col("a", "b").abs(), pl.lit(1.0))
    return frame.filter(pl.col("change").abs() > SMALL * scale)
