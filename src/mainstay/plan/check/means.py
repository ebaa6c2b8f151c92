"""Rules of means: pools that many draw on, and money."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from mainstay.plan.check.facts import Array, Facts, cells
from mainstay.plan.check.report import Violation, violations
from mainstay.tables.result_tables import RESULT_TABLES


def pool_limit(facts: Facts) -> Iterator[Violation]:
    """All who draw on a pool together draw no more than it has, each day or over the horizon."""
    pools = facts.case["pools"]
    keys = pools.select("pool")
    daily = pool_use(facts, keys)
    has = pools["quantity"].to_numpy()
    each_day = (pools["basis"] == "day").to_numpy()
    tolerance = facts.tolerance * np.maximum(1.0, has)
    used = facts.by_period(daily)
    allowed = has[:, None] * usable_days(facts, keys)
    over = (used > allowed + tolerance[:, None] * facts.calendar.lengths) & each_day[:, None]
    yield from violations(
        "pool_limit",
        "pools",
        cells(facts, keys, used, allowed, over),
        ("pool",),
        "{found} is drawn of {allowed}",
    )
    total = pools.with_columns(found=pl.Series(daily.sum(axis=1), dtype=pl.Float64), allowed=pl.col("quantity"))
    over_all = pl.Series((daily.sum(axis=1) > has + tolerance) & ~each_day, dtype=pl.Boolean)
    text = "{found} is drawn over the horizon; the pool has {allowed}"
    yield from violations("pool_limit", "pools", total.filter(over_all), ("pool",), text)


def usable_days(facts: Facts, keys: pl.DataFrame) -> Array:
    """Days of each period times the usable share of each daily pool (pools, periods)."""
    shares = np.array([facts.share("pool", pool) for pool in keys["pool"]])
    return facts.by_period(shares.reshape(keys.height, facts.num_days))


def pool_use(facts: Facts, keys: pl.DataFrame) -> Array:
    """What is drawn of each pool by day (pools, days) [units of the pool]."""
    conversions = (
        facts.rows("conversions")
        .drop("cost")
        .join(facts.case["conversions"].select("conversion", "cost", pool="budget"), on="conversion")
        .select("pool", "first", "days", drawn=pl.col("lines") * pl.col("cost"))
    )
    measures = facts.measures.select("first", "days", pool="budget", drawn=pl.col("number") * pl.col("case_cost"))
    express = facts.imports.filter(pl.col("customs") == "express").select(
        "first",
        "days",
        pool="express_pool",
        drawn=pl.col("quantity") * pl.col("express_use").fill_null(0.0),
    )
    once = pl.concat([p.select("pool", "first", "days", "drawn") for p in (conversions, measures, express)])
    return facts.spread(keys, once, "drawn") + _reviews(facts, keys)


def _reviews(facts: Facts, keys: pl.DataFrame) -> Array:
    """Reviewers at work on fast reviews, each day from the start of a review to its end."""
    licences = facts.case["licences"].select(
        "enterprise", "item", "fast_review_days", "review_effort", pool="reviewer_pool"
    )
    rows = (
        facts.rows("licences")
        .filter(pl.col("track") == "fast")
        .join(licences, on=("enterprise", "item"))
        .with_columns(
            drawn=pl.col("number") * pl.col("review_effort").fill_null(0.0),
            delay=pl.col("fast_review_days").fill_null(0).clip(1),
        )
    )
    begun = facts.spread(keys, rows.drop("delay"), "drawn")
    ended = facts.spread(keys, rows, "drawn")
    return (begun - ended).cumsum(axis=1)


def costs(facts: Facts) -> Iterator[Violation]:
    """Each cost is the quantity times the case's rate (and what it takes to set up or open)."""
    for table, rows in _expected_costs(facts).items():
        where = tuple(k for k in RESULT_TABLES[table].key if k != "date")
        slack = facts.tolerance * pl.max_horizontal(1.0, pl.col("allowed").abs(), pl.col("size"))
        wrong = rows.with_columns(found=pl.col("cost"), size=pl.col("size").fill_null(1.0)).filter(
            ~((pl.col("cost") - pl.col("allowed")).abs() <= slack).fill_null(False)
        )
        text = "cost is {found}; quantity and rate give {allowed}"
        yield from violations("costs", table, wrong, where, text)


def _expected_costs(facts: Facts) -> dict[str, pl.DataFrame]:
    """Rows of each table with cost, with ``allowed`` (the cost expected) and ``size`` (of the largest)."""
    case = facts.case
    sizes = facts.item_sizes
    setup = pl.when(pl.col("started") > 0).then(pl.col("setup_cost").fill_null(0.0)).otherwise(0.0)
    runs = facts.runs.join(sizes.rename({"item": "case_item"}), on="case_item", how="left").with_columns(
        allowed=pl.col("started") * pl.col("unit_cost") + setup,
        size=pl.col("size") * pl.col("unit_cost"),
    )
    imports = facts.imports.join(sizes.rename({"item": "case_item"}), on="case_item", how="left")
    shipments = facts.shipments.join(sizes, on="item", how="left")
    load_cost = pl.col("load_per_unit").fill_null(0.0) * pl.col("unit_cost")
    expiries = facts.rows("expiries").join(sizes, on="item", how="left")
    expiries = expiries.join(case["items"].select("item", "unit_value"), on="item")
    value = pl.col("unit_value").fill_null(0.0)
    one = pl.lit(1.0).alias("size")
    rate = pl.col("rate")
    conversions = case["conversions"].select("conversion", one, rate="cost")
    licences = case["licences"].select("enterprise", "item", one, rate="cost")
    measures = case["measures"].select("measure", one, rate="cost")
    lanes = case["lanes"].select("lane", one, rate=pl.col("opening_cost").fill_null(0.0))
    rows = facts.rows
    return {
        "production": runs.filter(pl.col("table") == "production"),
        "releases": runs.filter(pl.col("table") == "releases"),
        "imports": imports.with_columns(
            allowed=pl.col("quantity") * pl.col("unit_cost"), size=pl.col("size") * pl.col("unit_cost")
        ),
        "shipments": shipments.with_columns(allowed=pl.col("quantity") * load_cost, size=pl.col("size") * load_cost),
        "expiries": expiries.with_columns(allowed=pl.col("quantity") * value, size=pl.col("size") * value),
        "conversions": rows("conversions")
        .join(conversions, on="conversion")
        .with_columns(allowed=pl.col("lines") * rate),
        "licences": rows("licences")
        .join(licences, on=("enterprise", "item"))
        .with_columns(allowed=pl.col("number") * rate),
        "measures": rows("measures").join(measures, on="measure").with_columns(allowed=pl.col("number") * rate),
        "departures": rows("departures").join(lanes, on="lane").with_columns(allowed=pl.col("number") * rate),
    }
