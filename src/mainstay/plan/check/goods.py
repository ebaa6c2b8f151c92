"""Rules of goods: what comes in, goes out and stays, by item, place and owner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from mainstay.plan.check.facts import Array, Facts, cells, keys_of, table_of
from mainstay.plan.check.report import Violation, violations

KEY = ["item", "place", "owner"]

_MOVE = ["item", "place", "owner", "first", "days", "delay", "quantity"]


def goods_balance(facts: Facts) -> Iterator[Violation]:
    """Opening stock and all that comes in, less all that goes out, is the closing stock."""
    consumed = facts.case["items"].filter(pl.col("stay_days").is_null())["item"]
    yield from _balance(facts, "goods_balance", consumed)


def reusable_return(facts: Facts) -> Iterator[Violation]:
    """Reusable goods balance too: a unit that serves is gone for its stay, then back where it was."""
    reusable = facts.case["items"].filter(pl.col("stay_days").is_not_null())["item"]
    yield from _balance(facts, "reusable_return", reusable)


def _balance(facts: Facts, rule: str, items: pl.Series) -> Iterator[Violation]:
    inflow, outflow, opening = inflows(facts), outflows(facts), opening_stock(facts)
    frames = [inflow, outflow, opening, facts.rows("stocks")]
    keys = keys_of(frames, KEY).filter(pl.col("item").is_in(items.implode()))
    start = _opening(keys, opening.filter(pl.col("first") == 0))
    arriving = opening.filter(pl.col("first") > 0).with_columns(days=pl.lit(1, pl.Int64))
    come = facts.spread(keys, inflow) + facts.spread(keys, arriving)
    net = facts.by_period(come - facts.spread(keys, outflow))
    closing = table_of(facts, keys, facts.rows("stocks"), "quantity")
    before = np.concatenate([start[:, None], closing[:, :-1]], axis=1)
    expected = before + net
    wrong = np.abs(closing - expected) > facts.item_tolerance(keys)
    text = "stock at the end of the period is {found}; what was there, came in and went out leaves {allowed}"
    yield from violations(rule, "stocks", cells(facts, keys, closing, expected, wrong), tuple(KEY), text)


def opening_stock(facts: Facts) -> pl.DataFrame:
    """Lots that may be used, there at the start or under way: item, place, owner, quantity, expires, ``first`` day."""
    usable = pl.col("expires").is_null() | (pl.col("expires") >= facts.calendar.start)
    first = (pl.col("arrives") - facts.calendar.start).dt.total_days().fill_null(0).clip(0)
    lots = facts.case["stocks"].filter(usable).select(*KEY, "quantity", "expires", first=first)
    return lots.filter(pl.col("first") < facts.num_days)


def _opening(keys: pl.DataFrame, opening: pl.DataFrame) -> Array:
    total = opening.group_by(KEY).agg(pl.col("quantity").sum())
    found = keys.join(total, on=KEY, how="left", maintain_order="left")
    return np.asarray(found["quantity"].fill_null(0.0).to_numpy(), dtype=np.float64)


def inflows(facts: Facts) -> pl.DataFrame:
    """All that comes in: item, place, owner, first, days, delay [days], quantity, shelf [days].

    ``shelf`` is how many days the goods may still be used, counted from their arrival; null: no date.
    """
    shelf = facts.case["items"].select("item", "shelf_life_days")
    made = facts.runs.select(
        pl.col("case_item").alias("item"),
        pl.col("case_place").alias("place"),
        pl.lit("enterprise").alias("owner"),
        "first",
        "days",
        "delay",
        "quantity",
        pl.lit(0).alias("aged"),
    )
    bought = facts.imports.select(
        pl.col("case_item").alias("item"),
        pl.col("case_port").alias("place"),
        pl.lit("enterprise").alias("owner"),
        "first",
        "days",
        "delay",
        "quantity",
        pl.lit(0).alias("aged"),
    )
    arrived = facts.shipments.select(
        "item",
        pl.col("case_destination").alias("place"),
        pl.lit("enterprise").alias("owner"),
        "first",
        "days",
        "delay",
        "quantity",
        pl.col("delay").alias("aged"),
    )
    dated = pl.concat([made, bought, arrived], how="vertical_relaxed").join(shelf, on="item")
    dated = dated.select(*_MOVE, (pl.col("shelf_life_days") - pl.col("aged")).alias("shelf"))
    released = facts.rows("reserve_releases").select(
        "item",
        "place",
        pl.lit("enterprise").alias("owner"),
        "first",
        "days",
        pl.lit(0).alias("delay"),
        "quantity",
        pl.lit(None, pl.Int64).alias("shelf"),
    )
    return pl.concat([dated, released, _returns(facts)], how="vertical_relaxed")


def _returns(facts: Facts) -> pl.DataFrame:
    """Reusable goods that come back after their stay, in the columns of ``inflows``."""
    stays = facts.case["items"].select(pl.col("item").alias("used_item"), "stay_days").drop_nulls()
    return (
        facts.rows("service")
        .join(stays, on="used_item")
        .select(
            pl.col("used_item").alias("item"),
            "place",
            "owner",
            "first",
            "days",
            pl.col("stay_days").alias("delay"),
            pl.col("used_quantity").alias("quantity"),
            pl.lit(None, pl.Int64).alias("shelf"),
        )
    )


def outflows(facts: Facts) -> pl.DataFrame:
    """All that goes out, on the day it does: item, place, owner, first, days, quantity."""
    columns = [c for c in _MOVE if c != "delay"]
    enterprise = pl.lit("enterprise").alias("owner")
    recipes = facts.case["recipes"].select("process", "item", pl.col("quantity").alias("per_unit"))
    eaten = (
        facts.runs.select("process", "case_place", "first", "days", "started")
        .join(recipes, on="process")
        .select(
            "item",
            pl.col("case_place").alias("place"),
            enterprise,
            "first",
            "days",
            (pl.col("started") * pl.col("per_unit")).alias("quantity"),
        )
    )
    machines = (
        facts.rows("conversions")
        .select("conversion", "line", "first", "days", "lines")
        .join(facts.conversion_groups, on=("conversion", "line"))
        .filter(pl.col("machine").is_not_null())
        .select(
            pl.col("machine").alias("item"),
            "place",
            enterprise,
            "first",
            "days",
            (pl.col("lines") * pl.col("machines_per_line").fill_null(1.0)).alias("quantity"),
        )
    )
    departed = facts.shipments.select(
        "item", pl.col("case_origin").alias("place"), enterprise, "first", "days", "quantity"
    )
    reserve = facts.rows("reserve_releases").select(
        "item", "place", pl.lit("reserve").alias("owner"), "first", "days", "quantity"
    )
    used = facts.rows("service").select(
        pl.col("used_item").alias("item"),
        "place",
        "owner",
        "first",
        "days",
        pl.col("used_quantity").alias("quantity"),
    )
    parts = [eaten, machines, departed, reserve, used, facts.rows("expiries").select(columns)]
    return pl.concat([part.select(columns) for part in parts], how="vertical_relaxed")


def expiry(facts: Facts) -> Iterator[Violation]:
    """First expired, first out: by the end of any period as much has left as has passed its last day.

    A lot may be used on its last day, and is gone at the end of it; nothing is written off earlier.
    """
    opening, inflow = opening_stock(facts), inflows(facts)
    dated = pl.concat(
        [
            opening.filter(pl.col("expires").is_not_null()).select(
                *KEY,
                first=pl.max_horizontal("first", (pl.col("expires") - facts.calendar.start).dt.total_days()),
                days=pl.lit(1, pl.Int64),
                quantity="quantity",
            ),
            inflow.filter(pl.col("shelf").is_not_null()).select(
                *KEY,
                first=pl.col("first") + pl.col("delay") + pl.col("shelf").clip(0),
                days="days",
                quantity="quantity",
            ),
        ],
        how="vertical_relaxed",
    )
    if dated.is_empty() and facts.rows("expiries").is_empty():
        return
    keys = keys_of([dated, facts.rows("expiries")], KEY)
    due = facts.by_period(facts.spread(keys, dated)).cumsum(axis=1)
    left = facts.by_period(facts.spread(keys, outflows(facts))).cumsum(axis=1)
    thrown = table_of(facts, keys, facts.rows("expiries"), "quantity").cumsum(axis=1)
    tolerance = facts.item_tolerance(keys)
    late = cells(facts, keys, left, due, left < due - tolerance)
    text = "{found} has left the stock so far; lots of {allowed} have passed their last day"
    yield from violations("expiry", "expiries", late, tuple(KEY), text)
    early = cells(facts, keys, thrown, due, thrown > due + tolerance)
    text = "{found} has been written off so far; lots of {allowed} have passed their last day"
    yield from violations("expiry", "expiries", early, tuple(KEY), text)


def floors(facts: Facts) -> Iterator[Violation]:
    """Stock at the end of a period that is below its floor is said to be so, by as much as it is."""
    case = facts.case["floors"]
    keys = keys_of([case, facts.rows("stocks")], KEY)
    closing = table_of(facts, keys, facts.rows("stocks"), "quantity")
    said = table_of(facts, keys, facts.rows("stocks"), "below_floor")
    floor = np.zeros((keys.height, facts.num_days))
    index = {key: n for n, key in enumerate(keys.iter_rows())}
    for row in case.iter_rows(named=True):
        at = index[row["item"], row["place"], row["owner"]]
        floor[at] = np.maximum(floor[at], row["quantity"] * facts.window(row["from"], row["to"]))
    below = np.maximum(floor[:, facts.last_days] - closing, 0.0)
    wrong = np.abs(said - below) > facts.item_tolerance(keys)
    text = "below_floor is {found}; the stock is {allowed} below its floor"
    yield from violations("floors", "stocks", cells(facts, keys, said, below, wrong), tuple(KEY), text)


def target_gap(facts: Facts) -> Iterator[Violation]:
    """What a target lacks is what it asks for, less the stock in distribution at the end of that period."""
    key = ["item", "place"]
    ends = (
        facts.case["targets"]
        .with_columns(day=(pl.col("date") - facts.calendar.start).dt.total_days())
        .filter((pl.col("day") >= 0) & (pl.col("day") < facts.num_days))
    )
    days = pl.DataFrame({"day": np.arange(facts.num_days), "period": facts.calendar.period_of_day})
    wanted = ends.join(days, on="day").group_by(*key, "period").agg(pl.col("quantity").max())
    keys = keys_of([wanted, facts.rows("target_gaps")], key)
    stock = facts.rows("stocks").filter(pl.col("owner") == "enterprise")
    closing = table_of(facts, keys, stock, "quantity")
    target = table_of(facts, keys, wanted, "quantity")
    said = table_of(facts, keys, facts.rows("target_gaps"), "target")
    missing = table_of(facts, keys, facts.rows("target_gaps"), "missing")
    tolerance = facts.item_tolerance(keys)
    stands = table_of(facts, keys, facts.rows("target_gaps").with_columns(one=pl.lit(1.0)), "one") > 0
    wrong = cells(facts, keys, said, target, stands & (np.abs(said - target) > tolerance))
    yield from violations(
        "target_gap", "target_gaps", wrong, tuple(key), "the target is {found}; the case says {allowed}"
    )
    lacking = np.maximum(target - closing, 0.0)
    wrong = cells(facts, keys, missing, lacking, np.abs(missing - lacking) > tolerance)
    yield from violations(
        "target_gap", "target_gaps", wrong, tuple(key), "missing is {found}; the stock lacks {allowed}"
    )


def pipeline(facts: Facts) -> Iterator[Violation]:
    """What is under way at the end is what was started, shipped, ordered or lent and is not there yet."""
    parts = [
        facts.runs.select(
            subject="process",
            item="case_item",
            place="case_place",
            first="first",
            days="days",
            delay="delay",
            quantity="quantity",
        ),
        facts.shipments.select(
            subject="lane",
            item="item",
            place="case_destination",
            first="first",
            days="days",
            delay="delay",
            quantity="quantity",
        ),
        facts.imports.select(
            subject="source",
            item="case_item",
            place="case_port",
            first="first",
            days="days",
            delay="delay",
            quantity="quantity",
        ),
        _returns(facts).select(
            subject="item",
            item="item",
            place="place",
            first="first",
            days="days",
            delay="delay",
            quantity="quantity",
        ),
    ]
    key = ["subject", "item", "place"]
    started = facts.past(pl.concat(parts, how="vertical_relaxed"))
    expected = started.group_by(key).agg(allowed=pl.col("past").sum())
    said = facts.rows("pipeline").group_by(key).agg(found=pl.col("quantity").sum())
    both = expected.join(said, on=key, how="full", coalesce=True).with_columns(
        pl.col("found", "allowed").fill_null(0.0)
    )
    tolerance = pl.Series("tolerance", facts.item_tolerance(both)[:, 0], dtype=pl.Float64)
    wrong = both.with_columns(tolerance).filter((pl.col("found") - pl.col("allowed")).abs() > pl.col("tolerance"))
    text = "{found} is said to be under way at the end; what was started leaves {allowed}"
    yield from violations("pipeline", "pipeline", wrong.sort(key), tuple(key), text)


def owner_rules(facts: Facts) -> Iterator[Violation]:
    """A strategic reserve serves nobody directly: it is released into distribution first."""
    wrong = facts.rows("service").filter(pl.col("owner") == "reserve")
    wrong = wrong.with_columns(found=pl.col("used_quantity"), allowed=0.0)
    where = ("item", "place", "tier", "used_item", "owner")
    text = "{found} is served straight from the reserve; it must be released first"
    yield from violations("owner_rules", "service", wrong, where, text)
