"""What bound each plan: one kind of thing after the other loosened by a tenth, the shortage solved again.

Prices alone would tell what binds, and not how far: where two things bind at once, several prices are right. So each
kind is tried: a tenth more of it on all days and at all places, whole numbers let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.network import Network
from mainstay.plan import Plan
from mainstay.replay import Known, Policy
from mainstay.solve import Options, Probe, Probed
from mainstay.stress.model import TIER_WEIGHTS

MORE = 0.1
"""Share by which a kind of thing is loosened."""

NOTHING = 1e-6
"""What is lost less by no more than this, in weighted shares of need, is nothing."""

OF = {"masks": ("mask_medical", "mask_surgical"), "N95": ("mask_n95",), "suits": ("suit",)}
"""Goods whose shortage is told."""

NAMES = {"lane room": "room on lanes", "import offer": "offers abroad", "licence": "licences", "review": "reviews"}
NAMES |= {"pool": "means", "convertible lines": "lines that can be converted"}


@dataclass
class Bounding:
    """Decides as the policy does, and tries after each plan what bound it.

    found : rows day, loosened, gain [weighted shares of need], and what less is short of each of the goods [units]
    """

    policy: Policy
    options: Options

    def __post_init__(self) -> None:
        self.name = self.policy.name
        self.found: list[dict[str, Any]] = []

    def decide(self, known: Known) -> Plan:
        """The plan of a morning."""
        plan = self.policy.decide(known)
        assert isinstance(plan, Plan)
        self.found += [{"day": known.day.isoformat(), **row} for row in what_bound(plan, self.options)]
        return plan


def what_bound(plan: Plan, options: Options) -> list[dict[str, Any]]:
    """What the plan's days would lose less with a tenth more of each kind of thing, most first.

    Lost counts by tier and item as in the plan's stages, fairness apart, more sparing use by its strain. The first row,
    loosened nothing, is what is lost, and short of each of the goods, as it stands. What is lost is convex in what is
    given, so more can never gain more than its prices promise: a kind without a price gains nothing, and is not tried.
    """
    network = plan.network
    weights = {f"{tier} shortage": weight for tier, weight in TIER_WEIGHTS.items()}
    probe = Probe(network, {"rules": 1.0, **weights}, options)
    as_it_is = probe.undisturbed
    lost = _short(network, as_it_is)
    rows: list[dict[str, Any]] = [{"loosened": "", "gain": as_it_is.value, **lost}]
    for name, which in _kinds(plan).items():
        more = MORE * np.where(which[:, None], _given(network), 0.0)
        if float((more * as_it_is.prices).sum()) <= NOTHING:
            continue
        probed = probe.solve(supply=network.supply + more)
        now = _short(network, probed)
        less = {goods: lost[goods] - now[goods] for goods in OF}
        rows.append({"loosened": name, "gain": as_it_is.value - probed.value, **less})
    return [rows[0], *sorted(rows[1:], key=lambda row: -row["gain"])]


def _kinds(plan: Plan) -> dict[str, NDArray[np.bool_]]:
    """Resources of each kind of thing that can be loosened (R,), by its name: lines by kind, stocks by item."""
    resources = plan.network.resources
    kinds = dict(plan.case["lines"].select("line", "kind").iter_rows())
    named = resources.select(
        pl.when(pl.col("what") == "line capacity")
        .then(
            pl.format(
                "{} lines",
                pl.col("subject").replace_strict(kinds, default=pl.col("subject").str.split(">").list.last()),
            )
        )
        .when(pl.col("what") == "goods")
        .then(pl.format("stock of {}", "item"))
        .otherwise(pl.col("what").replace_strict(NAMES, default=None))
    ).to_series()
    return {name: (named == name).fill_null(False).to_numpy() for name in named.drop_nulls().unique().sort()}


def _given(network: Network) -> NDArray[np.float64]:
    """What is given from outside to each resource, and to flows by what stands already (R, T) [units]."""
    given = np.maximum(network.supply, 0.0)
    standing = np.cumsum(network.supply, axis=1)
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    np.add.at(given, flow, network.feed_share * network.calendar.lengths * np.maximum(standing[stock], 0.0))
    return given


def _short(network: Network, probed: Probed) -> dict[str, float]:
    """Units of each of the goods that are needed and not served: lost, or saved by more sparing use."""
    resources, tasks = network.resources.with_row_index("row"), network.tasks.with_row_index("number")
    needs = resources.filter(pl.col("what") == "need").select("item", resource="row")
    meets = tasks.filter(pl.col("kind") == "serve").select(task="number")
    index = {"task": pl.UInt32, "resource": pl.UInt32}
    effects = network.effects.cast(index).join(needs, on="resource").join(meets, on="task")
    done = probed.extents.sum(axis=1)
    met = effects.with_columns(met=-pl.col("amount") * pl.Series(done).gather(effects["task"]))
    needed = needs.with_columns(needed=pl.Series(network.supply[needs["resource"].to_numpy()].sum(axis=1)))
    return {
        goods: needed.filter(pl.col("item").is_in(items))["needed"].sum()
        - met.filter(pl.col("item").is_in(items))["met"].sum()
        for goods, items in OF.items()
    }
