"""The part of a plan that concerns one organisation; rows of others are never read into it."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from mainstay.tables.columns import TIERS
from mainstay_web.planning.results import Results
from mainstay_web.planning.whys import without_names
from mainstay_web.planning.words import names_of

TIER = pl.col("tier").cast(pl.Enum(TIERS))
"""Tiers in their order."""


@dataclass(frozen=True)
class Part:
    """One table of an organisation's part: its key names its words (``planning.words``)."""

    key: str
    frame: pl.DataFrame


@dataclass(frozen=True)
class OwnPart:
    """What a plan says for one organisation.

    parts : tables with rows, in the order in which they matter
    is_shared : its place is shared with other makers, so goods there are told as the place's
    """

    parts: list[Part] = field(default_factory=list)
    is_shared: bool = False


def own_part(results: Results, *, enterprise: str = "", place: str = "") -> OwnPart:
    """The part of the enterprise, or of the place, of that code."""
    parts: list[Part] = []
    is_shared = False
    if enterprise:
        parts += _of_maker(results, enterprise)
        stands_at, is_shared = _stands_at(results, enterprise)
        if stands_at:
            items = _items_of(results, enterprise)
            goods = _goods_at(results, stands_at)
            parts += [_of_items(part, items) for part in goods if part.key == "shipments"] if is_shared else goods
            parts.append(_part("wanted", _wanted(results, stands_at, items)))
    if place:
        parts += _of_place(results, place)
    return OwnPart([part for part in parts if part.frame.height], is_shared)


def _of_maker(results: Results, enterprise: str) -> list[Part]:
    made = pl.concat([results.table(name).filter(enterprise=enterprise) for name in ("production", "releases")])
    lines = set(results.case_table("lines").filter(enterprise=enterprise).select("line").collect()["line"])
    days = ("date", "days")
    return [
        _part(
            "make",
            made.group_by(*days, "item", "process")
            .agg(pl.col("started", "quantity").sum(), pl.col("ready_date").min())
            .select(*days, "item", "process", "started", "quantity", "ready_date")
            .sort("date", "item", "process"),
        ),
        _part(
            "convert",
            results.table("conversions")
            .filter(enterprise=enterprise)
            .select("date", "conversion", "line", "to_line", "lines", "ready_date"),
        ),
        _part(
            "license",
            results.table("licences").filter(enterprise=enterprise).select("date", "item", "track", "ready_date"),
        ),
        _part(
            "support",
            results.table("measures")
            .filter(pl.col("target").is_in(sorted(lines)))
            .select("date", "measure", "target", "ready_date"),
        ),
        _part("materials", _materials(results, made)),
        _part(
            "lines",
            results.table("capacity").filter(enterprise=enterprise).select(*days, "line", "lines", "usable", "used"),
        ),
    ]


def _items_of(results: Results, enterprise: str) -> list[str]:
    """What the enterprise's lines can make or release, before and after their conversion."""
    kinds = results.case_table("lines").filter(enterprise=enterprise).select("kind", "line")
    became = results.table("conversions").filter(enterprise=enterprise).select(kind="to_line")
    own = pl.concat([kinds.select("kind"), became.select(pl.col("kind").str.split(">").list.last())]).unique()
    possible = results.case_table("processes").join(own, left_on="line_kind", right_on="kind").select("item")
    made = results.table("production").filter(enterprise=enterprise).select("item")
    return pl.concat([possible, made]).unique().collect()["item"].sort().to_list()


def _of_items(part: Part, items: list[str]) -> Part:
    return Part(f"place_{part.key}", part.frame.filter(pl.col("item").is_in(items)))


def _wanted(results: Results, place: str, items: list[str]) -> pl.LazyFrame:
    """Needs anywhere that are not met for want of these items from this place; whose needs they are is not told."""
    through = [f"goods:{item}@{place}/enterprise" for item in items]
    reasons = (
        results.table("reasons")
        .filter(pl.col("chain").str.split(";").list.eval(pl.element().is_in(through)).list.any())
        .collect()
    )
    told = without_names(reasons, results, names_of(results), own=place)
    return (
        told.lazy()
        .group_by("item", "tier", "text", "text_zh")
        .agg(pl.col("from").min(), pl.col("to").max(), pl.col("lost").sum())
        .select("item", "tier", "from", "to", "lost", "text", "text_zh")
        .sort(TIER, "item", "from", "text")
    )


def _materials(results: Results, made: pl.LazyFrame) -> pl.LazyFrame:
    """What the planned production takes, by its recipes."""
    recipes = results.case_table("recipes").select("process", "quantity", input="item")
    return (
        made.select("date", "days", "process", "started")
        .join(recipes, on="process")
        .group_by("date", "days", item="input")
        .agg(quantity=(pl.col("started") * pl.col("quantity")).sum())
        .select("date", "days", "item", "quantity")
        .sort("date", "item")
    )


def _stands_at(results: Results, enterprise: str) -> tuple[str, bool]:
    """Place of an enterprise, and whether the goods there are also those of others."""
    makers = results.case_table("enterprises").select("enterprise", "place").collect()
    places = makers.filter(enterprise=enterprise)["place"]
    if not len(places):
        return "", False
    place = places[0]
    kind = results.case_table("places").filter(place=place).select("kind").collect()["kind"]
    return place, makers.filter(place=place).height > 1 or "site" not in kind


def _goods_at(results: Results, place: str) -> list[Part]:
    shipments = results.table("shipments")
    return [
        _part(
            "arrivals",
            shipments.filter(destination=place)
            .select("ready_date", "item", "origin", "mode", "quantity")
            .sort("ready_date", "item", "origin"),
        ),
        _part(
            "shipments",
            shipments.filter(origin=place)
            .select("date", "days", "item", "destination", "mode", "quantity", "ready_date")
            .sort("date", "item", "destination"),
        ),
        _part(
            "releases",
            results.table("reserve_releases").filter(place=place).select("date", "days", "item", "quantity"),
        ),
        _part(
            "stock",
            results.table("stocks").filter(place=place).select("date", "item", "owner", "quantity", "below_floor"),
        ),
        _part(
            "expiries",
            results.table("expiries").filter(place=place).select("date", "item", "owner", "quantity"),
        ),
    ]


def _of_place(results: Results, place: str) -> list[Part]:
    shortages = results.table("shortages").filter(place=place)
    met = (
        shortages.group_by("item", "tier")
        .agg(pl.col("need", "served", "eased", "lost").sum())
        .with_columns(met=pl.sum_horizontal("served", "eased") / pl.col("need"))
        .sort(TIER, "item")
    )
    reasons = results.table("reasons").filter(place=place).collect()
    why = (
        without_names(reasons, results, names_of(results), own=place)
        .lazy()
        .select("item", "tier", "from", "to", "lost", "rank", "text", "text_zh")
        .sort(TIER, "item", "rank")
    )
    daily = shortages.select("date", "days", "item", "tier", "need", "served", "eased", "waiting", "lost")
    modes = results.table("modes").filter(place=place).select("date", "item", "tier", "mode", "saved")
    arrivals, *others = _goods_at(results, place)
    return [
        _part("met", met),
        _part("why", why),
        arrivals,
        _part("cover", _cover(results, place)),
        _part("daily", daily.sort("date", "item", TIER)),
        _part("modes", modes.sort("date", "item")),
        *others,
    ]


def _cover(results: Results, place: str) -> pl.LazyFrame:
    """Days that the stock lasts at the need of the period."""
    need = (
        results.table("shortages")
        .filter(place=place)
        .group_by("date", "item")
        .agg(daily=pl.col("need").sum() / pl.col("days").first())
        .filter(pl.col("daily") > 0)
    )
    stock = results.table("stocks").filter(place=place).group_by("date", "item").agg(pl.col("quantity").sum())
    return (
        need.join(stock, on=["date", "item"], how="left")
        .with_columns(pl.col("quantity").fill_null(0.0))
        .select("date", "item", "daily", "quantity", cover=pl.col("quantity") / pl.col("daily"))
        .sort("date", "item")
    )


def _part(key: str, rows: pl.LazyFrame) -> Part:
    return Part(key, rows.collect())
