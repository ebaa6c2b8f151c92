"""Two designs side by side: small functions over their result tables; ``a`` is the first, ``b`` the other."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay_web.planning.compare import HasTables, beside, differing

BY = ("form", "item", "place")
"""What the money of a design is told by."""


@dataclass(frozen=True)
class Comparison:
    """All tables of a comparison; each has columns ``a``, ``b`` and ``change`` = b - a.

    cost : by each of ``BY`` a table of cost a year [money]
    held : form, item, place, option; quantity [units of the option], only where the two differ, the dearest first
    futures : future; loss [weighted shares of need], the largest change first
    unmet : item, place, tier; mean need unmet [units of the item], only where the two differ
    """

    cost: dict[str, pl.DataFrame]
    held: pl.DataFrame
    futures: pl.DataFrame
    unmet: pl.DataFrame


def compare(a: HasTables, b: HasTables) -> Comparison:
    """Compare two designs, of one preparation or of two."""
    return Comparison({key: cost(a, b, key) for key in BY}, held(a, b), futures(a, b), unmet(a, b))


def cost(a: HasTables, b: HasTables, by: str) -> pl.DataFrame:
    """Cost a year by form, item or place; what has none, as a site has no item, is left out."""
    sums = [
        each.table("designs").filter(pl.col(by).is_not_null()).group_by(by).agg(pl.col("cost").sum().alias("value"))
        for each in (a, b)
    ]
    return beside(*sums, [by]).sort(pl.max_horizontal("a", "b"), by, descending=[True, False])


def held(a: HasTables, b: HasTables) -> pl.DataFrame:
    """What each makes ready where the two differ."""
    keys = ["form", "item", "place", "option"]
    frames = [each.table("designs").select(*keys, value="quantity") for each in (a, b)]
    money = [each.table("designs").select("option", value="cost") for each in (a, b)]
    dear = beside(*money, ["option"]).select("option", weight=pl.col("change").abs())
    differ = differing(beside(*frames, keys)).join(dear, on="option", how="left")
    return differ.sort("weight", "option", descending=[True, False]).drop("weight")


def futures(a: HasTables, b: HasTables) -> pl.DataFrame:
    """Loss in each future that both were tried on, or one of them."""
    frames = [each.table("design_futures").select("future", value="loss") for each in (a, b)]
    joined = beside(*frames, ["future"], fill=None)
    return joined.sort(pl.col("change").abs(), "future", descending=[True, False], nulls_last=True)


def unmet(a: HasTables, b: HasTables) -> pl.DataFrame:
    """Mean need unmet where the two differ."""
    keys = ["item", "place", "tier"]
    frames = [each.table("design_losses").select(*keys, value="lost") for each in (a, b)]
    return differing(beside(*frames, keys)).sort(pl.col("change").abs(), *keys, descending=[True, False, False, False])
