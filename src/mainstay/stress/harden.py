"""Hardening: the cheapest things to have ready, so that a blow no longer pushes the fill below the target.

What may be had ready is what the case prices: more stock of an item where it is used (at its value), as much again of
an import offer that is not lost (at its unit cost), as much again of the room of a priced lane, and more money in the
budgets that pay for measures, conversions and reviews. All of it is tasks of the same network; what the loss may come
to is one more row. So one programme finds the cheapest mix, and the blow is tried again on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mainstay.network.network import Network
from mainstay.solve import Options, Probe
from mainstay.solve.solution import Array
from mainstay.stress.disruption import Disruption
from mainstay.stress.model import LOSS, USE, Model

MARGIN = 1e-6
"""Share of all that can be lost by which the target is met with room to spare: the solver's accuracy."""


@dataclass(frozen=True)
class Hardening:
    """What to have ready against one blow.

    actions : frame: what (stock, offer, room, budget), name (source, lane or pool), item, place, quantity, cost;
    fill_rate : under the blow, with it; without : without; possible : with all that the case prices, bought without end
    cost : of all actions; nan where even that is not enough
    """

    disruption: Disruption
    target: float
    actions: pl.DataFrame
    cost: float
    without: float
    fill_rate: float
    possible: float

    @property
    def is_enough(self) -> bool:
        """Whether the target is held under the blow."""
        return self.fill_rate >= self.target - 2 * MARGIN


def harden(model: Model, blow: Disruption, *, target: float, options: Options | None = None) -> Hardening:
    """The cheapest things to have ready, so that ``target`` of the weighted need is met under the blow.

    model : in which only the needs weigh that are to be met; its money is that of the case
    """
    options = options or Options()
    supply, upper = model.supply_under(blow)
    struck = replace(model.network, supply=supply, upper=upper)
    offers = _offers(model, struck)
    wider = _with_offers(struck, offers, allowed=np.inf)
    all_lost = model.all_lost
    without = Probe(struck, {LOSS: 1.0}, options).undisturbed.value
    least = Probe(wider, {LOSS: 1.0}, options).undisturbed.value
    found = Hardening(
        disruption=blow,
        target=target,
        actions=offers.frame.head(0).drop("row"),
        cost=np.nan,
        without=1 - without / all_lost,
        fill_rate=1 - without / all_lost,
        possible=1 - least / all_lost,
    )
    allowed = (1 - target) * all_lost
    if least > allowed + MARGIN * all_lost:
        return found
    network = _with_offers(struck, offers, allowed=max(allowed, least + MARGIN * all_lost))
    bought = Probe(network, {USE: 1.0}, options).undisturbed
    quantity = bought.extents[model.network.tasks.height :].sum(axis=1)
    lost = float((bought.extents * network.penalty[:, None]).sum())
    actions = (
        offers.frame.drop("row")
        .with_columns(quantity=pl.Series(quantity), cost=pl.Series(quantity) * pl.col("unit_cost"))
        .filter(pl.Series(quantity > 1e-6 * offers.scale))
        .sort("cost", "what", "name", "item", "place", descending=[True, False, False, False, False])
    )
    return replace(found, actions=actions, cost=float(actions["cost"].sum()), fill_rate=1 - lost / all_lost)


@dataclass(frozen=True)
class _Offers:
    """What can be had ready.

    frame : what, name, item, place, unit_cost, row (of the resource it adds to); most : (offers, T) of each period
    """

    frame: pl.DataFrame
    most: Array
    scale: Array


def _offers(model: Model, struck: Network) -> _Offers:
    """All that the case prices and the blow leaves."""
    case, resources = model.case, struck.resources.with_row_index("row")
    first = np.arange(len(struck.calendar)) == 0
    used = set(struck.effects.filter(pl.col("amount") < 0)["resource"].to_list())
    blank = pl.lit(None, dtype=pl.String)
    stocks = (
        resources.filter((pl.col("what") == "goods") & (pl.col("subject") == "enterprise") & pl.col("row").is_in(used))
        .join(case["items"].select("item", "unit_value"), on="item", how="inner", maintain_order="left")
        .filter(pl.col("unit_value") > 0)
        .select("row", what=pl.lit("stock"), name=blank, item="item", place="place", unit_cost="unit_value")
    )
    sources = (
        resources.filter(pl.col("what") == "import offer")
        .join(case["imports"].select("source", "unit_cost", "port"), left_on="subject", right_on="source")
        .select("row", what=pl.lit("offer"), name="subject", item="item", place="port", unit_cost="unit_cost")
        .filter(pl.col("unit_cost") > 0)
    )
    rooms = (
        resources.filter(pl.col("what") == "lane room")
        .join(case["lanes"].select("lane", "unit_cost"), left_on="subject", right_on="lane")
        .select("row", what=pl.lit("room"), name="subject", item=blank, place="place", unit_cost="unit_cost")
        .filter(pl.col("unit_cost") > 0)
    )
    budgets = {*case["measures"]["budget"], *case["conversions"]["budget"]} - {None}
    funds = resources.filter((pl.col("what") == "pool") & pl.col("subject").is_in(sorted(budgets))).select(
        "row", what=pl.lit("budget"), name="subject", item=blank, place=blank, unit_cost=pl.lit(1.0)
    )
    frame = pl.concat([part.with_columns(pl.col("row").cast(pl.Int64)) for part in (stocks, sources, rooms, funds)])
    rows = frame["row"].to_numpy()
    once = frame["what"].is_in(["stock", "budget"]).to_numpy()
    most = np.where(once[:, None], np.where(first, np.inf, 0.0), np.maximum(struck.supply[rows], 0.0))
    return _Offers(frame, most, struck.resource_scale[rows])


def _with_offers(network: Network, offers: _Offers, *, allowed: float) -> Network:
    """The network with a task for each offer, and a row that holds the loss within what is allowed."""
    tasks, resources = network.tasks, network.resources
    num, num_tasks = offers.frame.height, tasks.height
    more = offers.frame.select(
        task=pl.format("prepare:{}", pl.int_range(pl.len())), kind=pl.lit("prepare"), item="item", place="place",
        subject="name", other=pl.lit(None, dtype=pl.String), is_whole=pl.lit(False),
    )  # fmt: skip
    gives = pl.DataFrame(
        {
            "task": np.arange(num_tasks, num_tasks + num),
            "resource": offers.frame["row"],
            "offset": np.zeros(num, dtype=np.int64),
            "duration": np.ones(num, dtype=np.int64),
            "amount": np.ones(num),
        }
    )
    wider = replace(
        network,
        tasks=pl.concat([tasks, more.select(tasks.columns)], how="vertical_relaxed"),
        upper=np.concatenate([network.upper, offers.most]),
        cost=np.concatenate([np.zeros(num_tasks), offers.frame["unit_cost"].to_numpy()]),
        penalty=np.concatenate([network.penalty, np.zeros(num)]),
        stage=np.concatenate([network.stage, np.full(num, -1, dtype=np.int64)]),
        task_scale=np.concatenate([network.task_scale, offers.scale]),
        effects=_joined(network.effects, gives),
        useful_from=np.zeros(0, dtype=np.int64),
    )
    if not np.isfinite(allowed):
        return wider
    counted = np.flatnonzero(wider.penalty > 0)
    takes = pl.DataFrame(
        {
            "task": counted,
            "resource": np.full(len(counted), resources.height),
            "offset": np.zeros(len(counted), dtype=np.int64),
            "duration": np.ones(len(counted), dtype=np.int64),
            "amount": -wider.penalty[counted],
        }
    )
    supply = np.zeros((1, len(network.calendar)))
    supply[0, 0] = allowed
    row = {"resource": "allowed loss", "kind": "total", "what": "allowed loss"}
    return replace(
        wider,
        resources=pl.concat(
            [resources, pl.DataFrame([{name: row.get(name) for name in resources.columns}], schema=resources.schema)]
        ),
        supply=np.concatenate([network.supply, supply]),
        store=np.concatenate([network.store, np.full(supply.shape, np.inf)]),
        surplus=np.append(network.surplus, False),
        holding_cost=np.append(network.holding_cost, 0.0),
        holding_penalty=np.append(network.holding_penalty, 0.0),
        holding_stage=np.append(network.holding_stage, -1),
        resource_scale=np.append(network.resource_scale, 1.0),
        effects=_joined(wider.effects, takes),
    )


def _joined(frame: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Rows more, in the types of the frame."""
    return pl.concat([frame, more.select(pl.col(name).cast(kind) for name, kind in frame.schema.items())])
