"""Concentration: in how few hands an item is, at the level of enterprise, owner and region, openly and upstream."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.chain.dependence import needs_of
from mainstay.chain.items import tiers_of
from mainstay.chain.supply import Supply
from mainstay.tables import Case

Array = NDArray[np.float64]

LEVELS = ("enterprise", "owner", "region")
SOLE = 1 - 1e-9
"""Share from which on a source counts as the only one."""


def hhi(shares: Iterable[float]) -> float:
    """Herfindahl-Hirschman index: the sum of squared shares, in ten-thousandths; 10,000 is one hand.

    shares : amounts or shares, 0 or more; they are scaled to add up to 1. Nothing at all gives 0.

    Source: U.S. Department of Justice and FTC, Merger Guidelines (2023), section 2.1.

    >>> round(hhi([0.5, 0.3, 0.2]))
    3800
    """
    held = np.fromiter(shares, dtype=np.float64)
    whole = held.sum()
    return float(1e4 * np.sum((held / whole) ** 2)) if whole > 0 else 0.0


def regions(case: Case) -> dict[str, str]:
    """The area of each place: itself, or for a site, warehouse, facility or port the area it lies in."""
    rows = case["places"].select("place", "kind", "parent").iter_rows()
    return {place: place if kind == "area" or parent is None else parent for place, kind, parent in rows}


def groups(case: Case, supply: Supply) -> dict[str, list[str]]:
    """Who stands behind each way, by level; an offer abroad stands for itself, and lands in the region of its port."""
    owner = {e: o or e for e, o in case["enterprises"].select("enterprise", "owner").iter_rows()}
    region = regions(case)
    return {
        "enterprise": supply.ways["agent"].to_list(),
        "owner": [owner.get(agent, agent) for agent in supply.ways["agent"]],
        "region": [region[place] for place in supply.ways["place"]],
    }


def concentration_table(case: Case, supply: Supply, made: Array | None) -> pl.DataFrame:
    """Rows of ``concentration``: each item by itself, and each needed item by the hidden inputs that it rests on.

    made : (W,) [units] what a plan has of each way; None: there is no plan
    """
    behind = groups(case, supply)
    ways = supply.ways.with_row_index("row")
    standing, possible = supply.ways["standing"].to_numpy(), supply.ways["possible"].to_numpy()
    rows: list[tuple[object, ...]] = []
    for (item,), own in ways.group_by("item", maintain_order=True):
        chosen = own["row"].to_numpy()
        for level in LEVELS:
            names = [behind[level][way] for way in chosen]
            held = _sums(names, standing[chosen])
            planned = None if made is None else hhi(_sums(names, made[chosen]).values())
            rows.append(
                (item, None, 0, level, *_told(held, names), hhi(_sums(names, possible[chosen]).values()), planned)
            )
    for item, tier, source, shares in hidden(case, supply):
        for level in LEVELS:
            held = _sums(behind[level], shares)
            rows.append((item, source, tier, level, *_told(held, [n for n, s in held.items() if s > 0]), None, None))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "item": pl.String,
    "input": pl.String,
    "tier": pl.Int64,
    "level": pl.String,
    "suppliers": pl.Int64,
    "largest": pl.String,
    "largest_share": pl.Float64,
    "hhi": pl.Float64,
    "possible_hhi": pl.Float64,
    "planned_hhi": pl.Float64,
}


def _sums(names: list[str], amounts: Array) -> dict[str, float]:
    held: dict[str, float] = {}
    for name, amount in zip(names, amounts.tolist(), strict=True):
        held[name] = held.get(name, 0.0) + amount
    return held


def _told(held: dict[str, float], names: list[str]) -> tuple[int, str | None, float, float]:
    """How many supply, the largest of them and its share, and the index."""
    whole = sum(held.values())
    if not whole:
        return 0, None, 0.0, 0.0
    largest = min(held, key=lambda name: (-held[name], name))
    return sum(held[name] > 0 for name in set(names)), largest, held[largest] / whole, hhi(held.values())


def hidden(case: Case, supply: Supply) -> Iterable[tuple[str, int, str, Array]]:
    """For each needed item and each item upstream of it: (needed item, tier, upstream item, (W,) share of each way).

    The shares are those of the ways to the upstream item in what the needed item is made of in the end: followed from
    the markets that need it, each by its need, through the ways that supply them, to the markets these draw on.
    """
    needs = needs_of(case).group_by("item", "place", maintain_order=True).agg(pl.col("quantity").sum())
    at = needs.join(supply.reached, on=["item", "place"], how="inner", maintain_order="left")
    steps = tiers_of(supply.ways, supply.inputs)
    weights = {
        str(key[0]): np.bincount(rows["market"].to_numpy(), rows["quantity"].to_numpy(), supply.markets.height)
        for key, rows in at.group_by("item", maintain_order=True)
    }
    for source in supply.markets["item"].unique(maintain_order=True):
        own = np.flatnonzero((supply.ways["item"] == source).to_numpy())
        drawn = _drawn(supply, source, own)
        for item, weight in weights.items():
            found = weight @ drawn
            if item != source and found.sum() > 0:
                shares = np.zeros(supply.ways.height)
                shares[own] = found / found.sum()
                yield item, steps[source][item], source, shares


def _drawn(supply: Supply, source: str, own: NDArray[np.int64]) -> Array:
    """What each market draws of an upstream item, as shares of the ways to it (markets, own); no share: nothing."""
    inputs = supply.inputs.filter(pl.col("market") >= 0)
    way, market = inputs["way"].to_numpy(), inputs["market"].to_numpy()
    is_source = (supply.markets["item"] == source).to_numpy()
    direct = supply.mix[:, own].toarray() * is_source[:, None]
    drawn: Array = direct
    for _ in range(supply.markets.height):
        taken = np.zeros((supply.ways.height, len(own)))
        np.add.at(taken, way, drawn[market])
        better = _scaled(supply.mix @ _scaled(taken))
        better[is_source] = direct[is_source]
        if np.allclose(better, drawn, atol=1e-12):
            break
        drawn = better
    return drawn


def _scaled(rows: Array) -> Array:
    """Rows that add up to 1; those of nothing stay nothing."""
    whole = rows.sum(axis=1, keepdims=True)
    scaled: Array = np.divide(rows, whole, out=np.zeros_like(rows), where=whole > 0)
    return scaled


def single_sources(case: Case, supply: Supply, cover: dict[str, float | None]) -> pl.DataFrame:
    """Rows of ``single_sources``: who alone supplies an item to some places, by level, and what could stand in."""
    behind = groups(case, supply)
    possible = supply.ways["possible"].to_numpy()
    rows = []
    for (market,), members in supply.members.group_by("market", maintain_order=True):
        item, places = supply.markets.row(market)[1:]
        ways, share = members["way"].to_numpy(), members["share"].to_numpy()
        for level in LEVELS:
            held = _sums([behind[level][way] for way in ways], share)
            sole = max(held, key=lambda name: (held[name], name))
            if held[sole] >= SOLE:
                others = {behind[level][way] for way in ways if possible[way] > 0} - {sole}
                rows.append((item, level, sole, places, len(others), cover.get(item)))
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "item": pl.String,
        "level": pl.String,
        "sole": pl.String,
        "places": pl.List(pl.String),
        "others": pl.Int64,
        "cover_days": pl.Float64,
    }
    found = pl.DataFrame(rows, schema=kinds, orient="row")
    return (
        found.group_by("item", "level", "sole", maintain_order=True)
        .agg(pl.col("places").explode().unique().sort(), pl.col("others").min(), pl.first("cover_days"))
        .with_columns(num_places=pl.col("places").list.len().cast(pl.Int64), places=pl.col("places").list.join(";"))
    )


def single_licences(case: Case) -> pl.DataFrame:
    """Rows of ``single_licences``: items that need a licence which one enterprise, or none, holds."""
    licences = case["licences"]
    rows = []
    for item in case["processes"].filter("licence")["item"].unique(maintain_order=True):
        of_item = licences.filter(item=item)
        holders = of_item.filter(state="held")["enterprise"]
        if len(holders) > 1:
            continue
        waiting = of_item.filter(pl.col("state") != "held")
        soonest = waiting.select(pl.min_horizontal("review_days", "fast_review_days").min()).item()
        rows.append((item, holders[0] if len(holders) else None, waiting.height, soonest))
    kinds = {"item": pl.String, "enterprise": pl.String, "waiting": pl.Int64, "soonest_days": pl.Int64}
    return pl.DataFrame(rows, schema=kinds, orient="row")
