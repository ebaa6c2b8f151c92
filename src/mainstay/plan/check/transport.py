"""Rules of imports and lanes: what may be ordered and shipped, how much, and when it is there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from mainstay.plan.check.facts import Array, Facts, cells, keys_of, table_of
from mainstay.plan.check.lines import ready_dates
from mainstay.plan.check.means import usable_days
from mainstay.plan.check.report import Violation, violations


def import_offer(facts: Facts) -> Iterator[Violation]:
    """No more is ordered of an offer than it has on the days it is open; express only where it is."""
    offers = facts.case["imports"]
    keys = offers.select("source")
    allowed = _on_offer(facts, offers)
    ordered = table_of(facts, keys, facts.rows("imports"), "quantity")
    wrong = ordered > allowed + facts.item_tolerance(offers)
    text = "{found} is ordered; the offer has {allowed}"
    yield from violations("import_offer", "imports", cells(facts, keys, ordered, allowed, wrong), ("source",), text)
    closed = facts.imports.filter((pl.col("customs") == "express") & pl.col("express_days").is_null())
    closed = closed.with_columns(found=pl.col("quantity"), allowed=0.0)
    yield from violations(
        "import_offer", "imports", closed, ("source", "customs"), "express customs is not open to this offer"
    )


def _on_offer(facts: Facts, offers: pl.DataFrame) -> Array:
    """What can be ordered of each offer in each period, with what measures add while it is open."""
    added = facts.by_period(facts.measured(offers.select(case_target="source"), "source", "capacity"))
    amounts = facts.case["measures"].filter((pl.col("target_kind") == "source") & (pl.col("effect") == "capacity"))
    base, most = np.zeros((offers.height, facts.num_days)), np.zeros((offers.height, facts.num_days))
    for n, row in enumerate(offers.iter_rows(named=True)):
        is_open = facts.window(row["from"], row["to"])
        base[n] = is_open * row["quantity_per_day"] * facts.share("source", row["source"])
        most[n] = is_open * amounts.filter(pl.col("target") == row["source"])["amount"].to_numpy().sum()
    return np.asarray(facts.by_period(base) + np.minimum(added, facts.by_period(most)))


def lane_cargo(facts: Facts) -> Iterator[Violation]:
    """A lane carries only its cargo: its item, or items of its family; and only what has a known load."""
    rows = facts.shipments.with_columns(found=pl.col("quantity"), allowed=0.0)
    cargo = pl.col("cargo")
    carried = cargo.is_null() | (cargo == "") | (cargo == pl.col("item")) | (cargo == pl.col("family"))
    strange = rows.filter(~carried.fill_null(False))
    yield from violations("lane_cargo", "shipments", strange, ("lane", "item"), "the lane carries {cargo} only")
    counted = pl.col("capacity").is_not_null() | (pl.col("unit_cost") > 0)
    weightless = rows.filter(counted & pl.col("load_per_unit").is_null())
    text = "the item has no {capacity_unit} per unit, so that its load on this lane is unknown"
    yield from violations("lane_cargo", "shipments", weightless, ("lane", "item"), text)


def lane_capacity(facts: Facts) -> Iterator[Violation]:
    """Loads are what the goods weigh or fill; a lane, or its departures, carries no more than it can."""
    yield from _loads(facts)
    lanes = facts.case["lanes"].filter(pl.col("capacity").is_not_null())
    chartered = lanes.filter(pl.col("opening_cost").is_not_null())
    by_day = lanes.filter(pl.col("opening_cost").is_null())
    load = facts.shipments.with_columns(room=pl.col("quantity") * pl.col("load_per_unit"))
    departures = table_of(facts, chartered.select("lane"), facts.rows("departures"), "number")
    room = {
        "the lane has": (by_day, facts.by_period(_room_by_day(facts, by_day))),
        "its departures and measures give": (chartered, _room_of_departures(facts, chartered, departures)),
    }
    for words, (some, allowed) in room.items():
        keys = some.select("lane")
        found = table_of(facts, keys, load, "room")
        wrong = cells(facts, keys, found, allowed, found > allowed + _load_tolerance(facts, some, found))
        text = f"the goods take room {{found}}; {words} {{allowed}}"
        yield from violations("lane_capacity", "shipments", wrong, ("lane",), text)
    yield from _departures(facts)


def _loads(facts: Facts) -> Iterator[Violation]:
    rows = facts.shipments.with_columns(
        found=pl.col("load"), allowed=(pl.col("quantity") * pl.col("load_per_unit")).fill_null(0.0)
    )
    rows = rows.join(facts.item_sizes, on="item", how="left")
    slack = facts.tolerance * pl.max_horizontal(1.0, pl.col("size") * pl.col("load_per_unit").fill_null(0.0))
    wrong = rows.filter((pl.col("found") - pl.col("allowed")).abs() > slack)
    text = "load is {found}; the goods take {allowed}"
    yield from violations("lane_capacity", "shipments", wrong, ("lane", "item"), text)


def _room_by_day(facts: Facts, lanes: pl.DataFrame) -> Array:
    room = facts.measured(lanes.select(case_target="lane"), "lane", "capacity")
    for n, row in enumerate(lanes.iter_rows(named=True)):
        room[n] += row["capacity"] * facts.share("lane", row["lane"])
    return room


def _room_of_departures(facts: Facts, lanes: pl.DataFrame, departures: Array) -> Array:
    extra = facts.by_period(facts.measured(lanes.select(case_target="lane"), "lane", "capacity"))
    return np.asarray(departures * lanes["capacity"].to_numpy()[:, None] + extra)


def _load_tolerance(facts: Facts, lanes: pl.DataFrame, found: Array) -> Array:
    most = np.maximum(lanes["capacity"].to_numpy(), found.max(axis=1, initial=0.0))
    return np.asarray(facts.tolerance * np.maximum(1.0, most)[:, None])


def _departures(facts: Facts) -> Iterator[Violation]:
    """Departures a day are at most those of the lane, times its share."""
    lanes = facts.case["lanes"].filter(pl.col("opening_cost").is_not_null())
    keys = lanes.select("lane")
    daily = np.zeros((keys.height, facts.num_days))
    for n, row in enumerate(lanes.iter_rows(named=True)):
        per_day = 1.0 if row["departures_per_day"] is None else row["departures_per_day"]
        daily[n] = per_day * facts.share("lane", row["lane"])
    allowed = facts.by_period(daily)
    found = table_of(facts, keys, facts.rows("departures"), "number")
    wrong = found > allowed + facts.tolerance * np.maximum(1.0, allowed)
    text = "{found} departures; the lane has {allowed}"
    yield from violations("lane_capacity", "departures", cells(facts, keys, found, allowed, wrong), ("lane",), text)
    regular = facts.case["lanes"].filter(pl.col("opening_cost").is_null())
    strange = facts.rows("departures").join(regular, on="lane", how="semi")
    strange = strange.filter(pl.col("number") > facts.tolerance).with_columns(found=pl.col("number"), allowed=0.0)
    yield from violations(
        "lane_capacity", "departures", strange, ("lane",), "this lane is not chartered: it has no departures"
    )


def nothing_arrives_before_it_left(facts: Facts) -> Iterator[Violation]:
    """Goods are there after their transit, customs, dwell or review, not a day earlier or later."""
    rule = "nothing_arrives_before_it_left"
    yield from ready_dates(rule, "shipments", facts.shipments, ("lane", "item"))
    yield from ready_dates(rule, "imports", facts.imports, ("source", "customs"))
    yield from ready_dates(rule, "measures", facts.measures, ("measure",))
    for table in ("production", "releases"):
        yield from ready_dates(rule, table, facts.runs.filter(pl.col("table") == table), ("line", "process"))
    days = pl.when(pl.col("track") == "fast").then("fast_review_days").otherwise("review_days")
    licences = facts.case["licences"].select("enterprise", "item", "review_days", "fast_review_days")
    reviews = facts.rows("licences").join(licences, on=("enterprise", "item")).with_columns(delay=days)
    yield from ready_dates(rule, "licences", reviews, ("enterprise", "item", "track"))


def customs_express(facts: Facts) -> Iterator[Violation]:
    """Express clearance takes its share of its pool on the day of ordering; the pool is not overdrawn."""
    rows = facts.imports.filter((pl.col("customs") == "express") & pl.col("express_pool").is_not_null())
    rows = rows.with_columns(drawn=pl.col("quantity") * pl.col("express_use").fill_null(0.0))
    pools = facts.case["pools"].filter(pl.col("basis") == "day").rename({"pool": "express_pool"})
    keys = keys_of([rows.select("express_pool")], ("express_pool",))
    pools = keys.join(pools, on="express_pool", maintain_order="left")
    keys = pools.select("express_pool")
    found = table_of(facts, keys, rows, "drawn")
    days = usable_days(facts, keys.rename({"express_pool": "pool"}))
    allowed = pools["quantity"].to_numpy()[:, None] * days
    wrong = found > allowed + facts.tolerance * np.maximum(1.0, allowed)
    text = "express customs takes {found}; the pool has {allowed}"
    yield from violations(
        "customs_express", "imports", cells(facts, keys, found, allowed, wrong), ("express_pool",), text
    )
