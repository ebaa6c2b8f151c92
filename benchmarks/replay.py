"""How fast a history is lived through: rules of thumb as arrays, against stockpyl; the plan made anew every day.

The serial system is that of Snyder & Shen, Example 6.1, which costs 47.67 a period. stockpyl is measured where it is
installed (``pip install stockpyl``); it is not in the lock files, since it brings 45 packages of its own. ``--hubei N``
lives through N days of the Hubei case too, planning anew every day on what was known, on what was really needed; its
plans are kept in the folder ``--plans``, and those that are there are not made again.
"""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.kept_plans import KeptPlans
from benchmarks.measure import arguments, conclude, spent
from tests.replay.serial import HOLDING, LEVELS, PENALTY, mean_cost, serial_world

import mainstay
from mainstay.replay import Rolling, history, live

PATHS, DAYS = 20_000, 100
HORIZON = "4x1 2x3 1x7"
"""Periods of each day's plan: fine where it is carried out, coarse where it is a draft."""


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--hubei", type=int, default=0, metavar="N", help="days of Hubei 2020 to live through too")
    parser.add_argument("--horizon", default=HORIZON, help="periods of each day's plan there")
    parser.add_argument("--plans", type=Path, default=Path("out/replay-plans"), help="folder that keeps its plans")
    given = parser.parse_args()
    figures: dict[str, Any] = {"rules": _rules()}
    if find_spec("stockpyl"):
        figures["stockpyl"] = _stockpyl()
        ours, theirs = (figures[name]["node_periods_per_second"] for name in ("rules", "stockpyl"))
        figures["times_stockpyl"] = round(ours / theirs)
    if given.hubei:
        figures["hubei"] = _hubei(given.hubei, given.horizon, given.plans)
    conclude("replay", figures, keep=given.keep)


def _rules() -> dict[str, Any]:
    """The base-stock rule on many paths at once, CPU time."""
    world, rule = serial_world(DAYS, PATHS, seed=0)
    state = world.begin()
    with spent() as time:
        for _ in range(DAYS):
            world.live(state, rule.orders(state))
    return {
        "node_periods_per_second": round(len(LEVELS) * DAYS * PATHS / time.cpu),
        "cost_per_period": round(mean_cost(DAYS, 4000, seed=0), 2),
    }


def _stockpyl(periods: int = 1000) -> dict[str, Any]:
    """The same system in stockpyl, one path at a time."""
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import serial_system

    network = serial_system(
        num_nodes=3,
        node_order_in_system=[3, 2, 1],
        node_order_in_lists=[1, 2, 3],
        local_holding_cost=list(HOLDING),
        stockout_cost=[PENALTY, 0, 0],
        shipment_lead_time=[1, 1, 2],
        demand_type="N",
        mean=5,
        standard_deviation=1,
        policy_type="BS",
        base_stock_level=list(LEVELS.values()),
    )
    with spent() as time:
        total = simulation(network, periods, rand_seed=0, progress_bar=False)
    return {
        "node_periods_per_second": round(len(LEVELS) * periods / time.cpu),
        "cost_per_period": round(float(total) / periods, 2),
    }


def _hubei(days: int, horizon: str, plans: Path) -> dict[str, Any]:
    """Hubei 2020 day by day: what all plans took, what living through the days took besides, and what was lost."""
    case = mainstay.read(mainstay.examples.path("hubei-2020"))
    lived = history(case, "observed", last=case.start + timedelta(days=days - 1))
    policy = KeptPlans(Rolling(options=mainstay.Options(gap=0.05, threads=1)), plans)
    kept = sum(each["cpu"] for each in policy.told[:days])
    with spent() as time:
        life = live(lived, policy, horizon=horizon)
    told = policy.told[:days]
    gaps = {each["day"]: each["widest_gap"] for each in told if not each["failed"]}
    return {
        "days": days,
        "horizon": horizon,
        "cpu_seconds": kept + time.cpu,
        "planning_cpu_seconds": sum(each["cpu"] for each in told),
        "planning_wall_seconds": sum(each["wall"] for each in told),
        "mean_load": float(np.mean([each["load"] for each in told])),
        "median_day_cpu_seconds": float(np.median([each["cpu"] for each in told])),
        "most_day_cpu_seconds": max(each["cpu"] for each in told),
        "widest_gap": max((gap for gap in gaps.values() if np.isfinite(gap)), default=0.0),
        "loss": life.loss,
        "mornings_without_a_plan": [each.made_on.isoformat() for each in life.moments if each.failed],
        "mornings_with_stages_not_reached": [day for day, gap in gaps.items() if np.isinf(gap)],
    }


if __name__ == "__main__":
    main()
