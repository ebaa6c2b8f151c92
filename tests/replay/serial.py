"""A serial supply system with published levels: Snyder and Shen, Example 6.1, and what it costs each period.

Three stages with lead times 1, 1 and 2, holding costs 7, 4 and 2, penalty 37.12 and demand normal with mean 5 and
standard deviation 1; base-stock levels 6.49, 5.53 and 10.69 cost 47.67 a period, goods under way included.
Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. (2019), ch. 6.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.replay import OrderUpTo, Rules, World
from mainstay.tables import Case, make_case

LEVELS = {("mask", "shop"): 6.49, ("mask", "depot"): 5.53, ("mask", "port"): 10.69}
HOLDING = (7.0, 4.0, 2.0)
PENALTY = 37.12
WARM_UP = 20


def serial(days: int) -> Case:
    """The system as a case: an offer abroad, a port, a depot and a shop where masks are needed."""
    start = date(2020, 1, 1)
    places = ["shop", "depot", "port"]
    needs = {
        "item": ["mask"] * days,
        "place": ["shop"] * days,
        "tier": ["vital"] * days,
        "date": [start + timedelta(days=n) for n in range(days)],
        "quantity": [5.0] * days,
        "patience_days": [days] * days,
    }
    return make_case(
        start,
        {
            "items": pl.DataFrame({"item": ["mask"], "stage": ["finished"], "unit": ["piece"], "weight": [1.0]}),
            "places": pl.DataFrame({"place": places, "kind": ["area", "area", "port"]}),
            "stocks": pl.DataFrame({"item": ["mask"] * 3, "place": places, "quantity": [*LEVELS.values()]}),
            "lanes": pl.DataFrame(
                {
                    "lane": ["to shop", "to depot"],
                    "origin": ["depot", "port"],
                    "destination": ["shop", "depot"],
                    "mode": ["road", "road"],
                    "transit_days": [1, 1],
                }
            ),
            "imports": pl.DataFrame(
                {
                    "source": ["abroad"],
                    "item": ["mask"],
                    "port": ["port"],
                    "quantity_per_day": [1e6],
                    "lead_days": [2],
                    "customs_days": [0],
                }
            ),
            "needs": pl.DataFrame(needs),
        },
        horizon=f"{days}x1",
    )


def serial_world(days: int, paths: int, seed: int) -> tuple[World, OrderUpTo]:
    """The world of the system, with seeded demand on many paths, and its base-stock rule."""
    demand = np.maximum(np.random.default_rng(seed).normal(5.0, 1.0, (1, days, paths)), 0.0)
    world = World(Rules.of(serial(days)), demand, np.full((1, days, 1), np.inf))
    return world, OrderUpTo(world, LEVELS)


def mean_cost(days: int, paths: int, seed: int) -> float:
    """Mean cost of a period after the warm-up, over all paths [money]."""
    world, rule = serial_world(days, paths, seed)
    state, costs = world.begin(), []
    rows = rule.rows
    to_shop, to_depot = (world.rules.tasks.filter(subject=lane)["row"][0] for lane in ("to shop", "to depot"))
    for number in range(days):
        day = world.live(state, rule.orders(state))
        held = sum(cost * state.level[row].mean() for cost, row in zip(HOLDING, rows, strict=True))
        moving = HOLDING[1] * day.done[to_shop].mean() + HOLDING[2] * day.done[to_depot].mean()
        if number >= WARM_UP:
            costs.append(held + moving + PENALTY * day.waiting[0].mean())
    return float(np.mean(costs))
