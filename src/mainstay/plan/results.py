"""From extents and levels to the result tables."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.kinds import kinds
from mainstay.network.lines import line_groups
from mainstay.network.network import Network
from mainstay.solve.matrix import overlaps
from mainstay.solve.solution import Solution
from mainstay.tables import RESULT_TABLES, Case
from mainstay.tables.frames import conform

Array = NDArray[np.float64]

NEGLIGIBLE = 1e-8
"""Extents and levels below this share of the typical size of their item are the solver's rounding."""

DIGITS = 10
"""Significant digits of a figure; what follows is the solver's rounding too."""


def result_tables(case: Case, network: Network, solution: Solution) -> dict[str, pl.DataFrame]:
    """Every declared result table but ``reasons``, typed, sorted by its key."""
    extents = _significant(solution.extents, network.task_scale)
    levels = _significant(solution.levels, network.resource_scale)
    runs = run_rows(network, extents)
    tables: dict[str, pl.DataFrame] = {}
    for kind in kinds():
        if hasattr(kind, "results"):
            tables |= kind.results(case, runs)
    tables["stocks"] = _stocks(network, levels)
    tables["target_gaps"] = _missing(tables["target_gaps"], tables["stocks"])
    tables["shortages"] = _shortages(network, extents, levels)
    tables["capacity"] = _capacity(case, network, extents, levels)
    tables["pipeline"] = _pipeline(network, extents)
    tables["prices"] = _prices(network, solution)
    return {name: _declared(name, tables[name]) for name in RESULT_TABLES if name in tables}


def _significant(values: Array, scale: Array) -> Array:
    return np.where(np.abs(values) > NEGLIGIBLE * scale[:, None], values, 0.0)


def _declared(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    table = RESULT_TABLES[name]
    typed = conform(table, frame.select(c.name for c in table.columns))
    return typed.with_columns(pl.col(pl.Float64).round_sig_figs(DIGITS)).sort(table.key)


def _period_columns(network: Network, period: NDArray[np.int64]) -> list[pl.Series]:
    calendar = network.calendar
    return [
        pl.Series("date", calendar.dates, dtype=pl.Date)[period],
        pl.Series("days", calendar.lengths)[period],
    ]


def run_rows(network: Network, extents: Array) -> pl.DataFrame:
    """One row per task and period with an extent: columns of tasks, date, days, extent."""
    task, period = np.nonzero(extents)
    return network.tasks[task].with_columns(
        *_period_columns(network, period), pl.Series("extent", extents[task, period])
    )


def level_rows(network: Network, what: str, values: Array, name: str) -> pl.DataFrame:
    """One row per resource of that kind and period with a value: columns of resources, date, days, ``name``."""
    chosen = (network.resources["what"] == what).to_numpy()
    resource, period = np.nonzero(values * chosen[:, None])
    return network.resources[resource].with_columns(
        *_period_columns(network, period), pl.Series(name, values[resource, period])
    )


def _stocks(network: Network, levels: Array) -> pl.DataFrame:
    """Levels of goods, and how far each is below its floor, whatever slack a plan that was stopped early has."""
    there = np.zeros(levels.shape)
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    np.add.at(there, flow, levels[stock])
    below = np.maximum(-network.supply / network.calendar.lengths - there, 0.0)
    on = ["date", "days", "item", "place", "owner"]
    held, dips = (
        level_rows(network, what, values, name).rename({"subject": "owner"}).select(*on, name)
        for what, values, name in (("goods", levels, "quantity"), ("floor", below, "below_floor"))
    )
    return held.join(dips, on=on, how="full", coalesce=True, maintain_order="left_right").with_columns(
        pl.col("quantity", "below_floor").fill_null(0.0)
    )


def _missing(targets: pl.DataFrame, stocks: pl.DataFrame) -> pl.DataFrame:
    """Targets with what the stock in distribution lacks of them at the end of their period."""
    there = stocks.filter(owner="enterprise").select("date", "item", "place", "quantity")
    lacks = pl.col("target") - pl.col("quantity").fill_null(0.0)
    return targets.join(there, on=["date", "item", "place"], how="left", maintain_order="left").with_columns(
        missing=lacks.clip(0.0)
    )


def _sum_of_tasks(network: Network, extents: Array, kind: str) -> Array:
    """Extents of the tasks of a kind, summed over those that take the same need (resources, periods)."""
    is_need = (network.resources["what"] == "need").to_numpy()
    is_kind = (network.tasks["kind"] == kind).to_numpy()
    task, resource = network.effects["task"].to_numpy(), network.effects["resource"].to_numpy()
    chosen = is_need[resource] & is_kind[task]
    total = np.zeros(network.supply.shape)
    np.add.at(total, resource[chosen], extents[task[chosen]])
    return total


def _shortages(network: Network, extents: Array, levels: Array) -> pl.DataFrame:
    served = _sum_of_tasks(network, extents, "serve")
    eased = _sum_of_tasks(network, extents, "ease")
    lost = _sum_of_tasks(network, extents, "lose")
    is_need = (network.resources["what"] == "need").to_numpy()[:, None]
    figures = {"need": network.supply, "served": served, "eased": eased, "waiting": levels, "lost": lost}
    resource, period = np.nonzero(is_need * sum(np.abs(f) for f in figures.values()))
    return (
        network.resources[resource]
        .rename({"subject": "tier"})
        .with_columns(
            *_period_columns(network, period),
            *(pl.Series(name, values[resource, period]) for name, values in figures.items()),
        )
    )


def _given(network: Network, extents: Array, chosen: NDArray[np.bool_]) -> Array:
    """What the chosen effects give or take in each period (resources, periods)."""
    effects = network.effects.filter(chosen)
    task, resource = effects["task"].to_numpy(), effects["resource"].to_numpy()
    amount = effects["amount"].to_numpy()[:, None]
    pairs, pair = np.unique(effects.select("offset", "duration").to_numpy(), axis=0, return_inverse=True)
    total = np.zeros(network.supply.shape)
    for number, kernel in enumerate(overlaps(network.calendar.lengths, pairs[:, 0], pairs[:, 1])):
        same = pair == number
        np.add.at(total, resource[same], amount[same] * extents[task[same]] @ kernel)
    return total


def _capacity(case: Case, network: Network, extents: Array, levels: Array) -> pl.DataFrame:
    groups = line_groups(case).rename({"line": "subject"})
    days = network.calendar.lengths
    is_capacity = (network.resources["what"] == "line capacity").to_numpy()
    of_capacity = is_capacity[network.effects["resource"].to_numpy()]
    gives = (network.effects["amount"] > 0).to_numpy()
    resumes = (network.tasks["kind"] == "resume").to_numpy()[network.effects["task"].to_numpy()]
    of_lines = network.resources["what"].is_in(["line capacity", "unlocked lines"]).to_numpy()
    given = network.supply + _given(
        network, extents, of_lines[network.effects["resource"].to_numpy()] & gives & ~resumes
    )
    standing = np.zeros(network.supply.shape)
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    np.add.at(given, flow, network.feed_share * levels[stock] * days)
    fed = is_capacity[flow]
    np.add.at(standing, flow[fed], levels[stock[fed]])
    usable = given + _unlocked(network, given, of_capacity & resumes)
    used = -_given(network, extents, of_capacity & ~gives)
    resource = np.flatnonzero(is_capacity)
    index = np.repeat(resource, len(days))
    period = np.tile(np.arange(len(days)), len(resource))
    rows = network.resources[index].with_columns(
        *_period_columns(network, period),
        pl.Series("usable", (usable / days)[index, period]),
        pl.Series("used", np.maximum(used / days, 0.0)[index, period]),
        pl.Series("fed", standing[index, period]),
        pl.Series("is_fed", np.isin(index, flow[fed])),
    )
    return rows.join(groups, on="subject", how="left", maintain_order="left", suffix="_of_line").with_columns(
        line="subject",
        kind="kind_of_line",
        lines=pl.when("is_new").then("usable").when("is_fed").then("fed").otherwise("quantity"),
    )


def _unlocked(network: Network, given: Array, to_capacity: NDArray[np.bool_]) -> Array:
    """What measures can add to each capacity, used or not: the unlocked lines, never more than are blocked."""
    takes = network.effects.filter(pl.col("amount") < 0).select("task", source="resource")
    ways = network.effects.filter(to_capacity).select("task", "resource").join(takes, on="task", maintain_order="left")
    added = np.full(network.supply.shape, np.inf)
    np.minimum.at(added, ways["resource"].to_numpy(), given[ways["source"].to_numpy()])
    return np.where(np.isfinite(added), added, 0.0)


def _pipeline(network: Network, extents: Array) -> pl.DataFrame:
    """What tasks started within the horizon give to stocks of goods after it."""
    calendar = network.calendar
    goods = (network.resources["what"] == "goods").to_numpy()
    effects = network.effects.filter(
        goods[network.effects["resource"].to_numpy()] & (network.effects["amount"] > 0).to_numpy()
    )
    offset = effects["offset"].to_numpy()[:, None]
    past = np.clip(calendar.first_days + calendar.lengths + offset - calendar.num_days, 0, calendar.lengths)
    under_way = effects["amount"].to_numpy()[:, None] * extents[effects["task"].to_numpy()] * past / calendar.lengths
    effect, period = np.nonzero(under_way)
    first_day = np.maximum(calendar.first_days[period] + offset[effect, 0], calendar.num_days)
    dates = [calendar.start + timedelta(days=int(d)) for d in first_day]
    tasks = network.tasks[effects["task"].to_numpy()[effect]]
    resources = network.resources[effects["resource"].to_numpy()[effect]]
    return (
        pl.DataFrame(
            {
                "kind": tasks["kind"],
                "subject": pl.select(
                    pl.when(tasks["kind"].is_in(["make", "release"])).then(tasks["other"]).otherwise(tasks["subject"])
                ).to_series(),
                "item": resources["item"],
                "place": resources["place"],
                "ready_date": pl.Series(dates, dtype=pl.Date),
                "quantity": under_way[effect, period],
            }
        )
        .group_by("kind", "subject", "item", "place", "ready_date")
        .agg(pl.col("quantity").sum())
    )


PRICED = ("goods", "line capacity", "licence", "lane room", "import offer", "pool", "convertible lines", "measure")
"""Kinds of resource whose prices mean something to a supply office."""


def _prices(network: Network, solution: Solution) -> pl.DataFrame:
    """Prices of each resource in the first stage that one more unit of it would improve."""
    priced = network.resources["what"].is_in(PRICED).to_numpy()
    settled = np.zeros(network.supply.shape, dtype=bool)
    frames = [pl.DataFrame(schema={c.name: pl.Null for c in RESULT_TABLES["prices"].columns})]
    for stage, prices in solution.prices.items():
        relative = np.abs(prices) * network.resource_scale[:, None]
        shown = (relative > 1e-7) & (prices > 0) & priced[:, None] & ~settled
        settled |= shown
        resource, period = np.nonzero(shown)
        frames.append(
            network.resources[resource].with_columns(
                *_period_columns(network, period),
                pl.lit(stage).alias("stage"),
                pl.Series("price", prices[resource, period]),
            )
        )
    return pl.concat([f.select(frames[0].columns) for f in frames], how="vertical_relaxed")
