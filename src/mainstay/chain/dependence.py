"""Who rests on whom: the share of an output that is lost when one agent is lost, through all steps of the chain.

A way whose inputs come from others loses the largest share that any of its inputs loses (AND); a market loses the
shares of the ways that are lost (OR). Told twice: as what *rests* on the agent, where nobody steps in, and as what is
*lost* though all others run all that stands. Time, stocks and transport are the question of a stress test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.chain.supply import Supply
from mainstay.tables import Case

Array = NDArray[np.float64]

LEAST_SHARE = 0.01
"""Least share of an output at risk that the table of dependence tells."""
MOST_ROUNDS = 200
"""Rounds after which a chain that runs in circles is taken as settled."""
FAR = 10_000
"""Steps between those that do not depend on each other."""


@dataclass(frozen=True)
class Dependence:
    """Shares lost and steps between.

    Attributes
    ----------
    of_ways : (W, A) [0-1] share of the output of each way lost when an agent is lost
    of_markets : (M, A) [0-1] the same of each market
    steps : (W, A) fewest steps from an agent's goods to the way: 0 its own, 1 its direct customers; FAR: none
    """

    of_ways: Array
    of_markets: Array
    steps: NDArray[np.int64]


def dependence(supply: Supply, spare: Mapping[str, float] | None = None) -> Dependence:
    """Settle the shares and the steps, round by round, from what each agent makes itself.

    spare : standing capacity / what is required of each item; a market loses only what the others cannot make good:
        max(0, 1 - (1 - share) x max(1, spare)). None: nobody steps in.
    """
    room = np.array([max(1.0, (spare or {}).get(item, 1.0)) for item in supply.markets["item"]])[:, None]

    def of_markets(lost: Array) -> Array:
        missing: Array = np.maximum(1 - (1 - supply.mix @ lost) * room, 0.0)
        return missing

    inputs = supply.inputs.filter(pl.col("market") >= 0).sort("way", maintain_order=True)
    way, first = np.unique(inputs["way"].to_numpy(), return_index=True)
    market = inputs["market"].to_numpy()
    lost = supply.own.astype(np.float64)
    steps = np.where(supply.own, 0, FAR)
    members = supply.members.sort("market", maintain_order=True)
    begins = np.unique(members["market"].to_numpy(), return_index=True)[1]
    who = members["way"].to_numpy()
    for _ in range(MOST_ROUNDS):
        markets = of_markets(lost)
        more, fewer = lost.copy(), steps.copy()
        if len(market):
            nearest = np.minimum.reduceat(steps[who], begins, axis=0) + 1
            more[way] = np.maximum(lost[way], np.maximum.reduceat(markets[market], first, axis=0))
            fewer[way] = np.minimum(steps[way], np.minimum.reduceat(nearest[market], first, axis=0))
        if np.allclose(more, lost, atol=1e-12) and np.array_equal(fewer, steps):
            break
        lost, steps = more, fewer
    return Dependence(lost, of_markets(lost), steps)


def dependence_table(supply: Supply, found: Dependence) -> pl.DataFrame:
    """Rows of ``dependence``: each enterprise, what it makes, and whom that rests on, nearest and largest first."""
    agents = supply.agents
    is_made = supply.ways["enterprise"].is_not_null().to_numpy()
    told = (found.of_ways >= LEAST_SHARE) & ~supply.own & is_made[:, None]
    way, agent = np.nonzero(told)
    inputs = supply.inputs.filter(pl.col("market") >= 0)
    via = _weightiest_input(inputs, found.of_markets, way, agent)
    return (
        supply.ways[way]
        .select("enterprise", "item", "place")
        .with_columns(
            supplier=pl.Series([agents[a] for a in agent], dtype=pl.String),
            via=pl.Series(via, dtype=pl.String),
            steps=pl.Series(found.steps[way, agent]),
            share=pl.Series(found.of_ways[way, agent]),
        )
        .sort("share", descending=True)
        .unique(["enterprise", "item", "place", "supplier"], keep="first", maintain_order=True)
    )


def _weightiest_input(
    inputs: pl.DataFrame, markets: Array, way: NDArray[np.int64], agent: NDArray[np.int64]
) -> list[str]:
    """The input of each way through which it loses most when the agent is lost; pairs come by way."""
    of_way = {key[0]: rows for key, rows in inputs.group_by("way")}
    found: list[str] = []
    for each, start, number in zip(*np.unique(way, return_index=True, return_counts=True), strict=True):
        own = of_way[each]
        lost = markets[own["market"].to_numpy()][:, agent[start : start + number]]
        found += own["item"].gather(lost.argmax(axis=0)).to_list()
    return found


def reliance(case: Case, supply: Supply, rests: Dependence, lost: Dependence) -> pl.DataFrame:
    """What each needed item rests on: item, tier, agent, share of its need that rests on the agent, lost without it.

    rests : where nobody steps in; lost : where all others run all that stands
    The places that need an item count by their need; a place that nobody supplies rests on nobody.
    """
    needs = needs_of(case)
    at = needs.join(supply.reached, on=["item", "place"], how="inner", maintain_order="left")
    totals = dict(
        needs.group_by("item", "tier").agg(pl.col("quantity").sum()).rows_by_key(["item", "tier"], unique=True)
    )
    rows = []
    for (item, tier), group in at.group_by("item", "tier", maintain_order=True):
        weight = group["quantity"].to_numpy() / totals[item, tier]
        shares, gone = (weight @ each.of_markets[group["market"].to_numpy()] for each in (rests, lost))
        told = np.flatnonzero(shares > 1e-12)
        rows += [(item, tier, supply.agents[a], float(shares[a]), float(gone[a])) for a in told]
    kinds = {"item": pl.String, "tier": pl.String, "agent": pl.String, "share": pl.Float64, "lost": pl.Float64}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def needs_of(case: Case) -> pl.DataFrame:
    """Needs of the planned scenario within the horizon: item, place, tier, quantity [units over the horizon]."""
    calendar = case.calendar
    return (
        case["needs"]
        .filter(
            (pl.col("scenario") == case.scenario)
            & (pl.col("quantity") > 0)
            & pl.col("date").is_between(calendar.start, calendar.end, closed="left")
        )
        .group_by("item", "place", "tier", maintain_order=True)
        .agg(pl.col("quantity").sum())
    )
