"""Time to survive: how long something may be lost before need is lost for it.

The loss of a disruption never shrinks when it lasts longer, so the last whole day without further loss is found by
halving. Within the day after it all sides of the programme move evenly with the time, so the loss is a convex function
of the time, and Newton's method with the prices finds where it begins to rise, exactly.

A day is one lump to the programme: what the rest of the day makes could serve what was needed in its lost part. So,
where nothing is lost undisturbed, the need up to the very moment must be met as well, from what was there up to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mainstay.solve import Probed
from mainstay.solve.solution import Array
from mainstay.stress.disruption import Disruption

if TYPE_CHECKING:
    from mainstay.stress.run import Bench

MOST_STEPS = 30
LAST = 1 - 1e-7
"""Share of the day from which Newton's method starts: at its end lanes without limit close, and the loss may leap."""

Sides = tuple[Array, Array]


def survive_time(bench: Bench, disruption: Disruption) -> float:
    """Longest such loss [days] without further loss of need within the horizon; inf: however long it lasts."""
    calendar = bench.model.network.calendar
    last = calendar.num_days - disruption.first_day
    if bench.loss(disruption.lasting(last)) == 0.0:
        return np.inf
    safe, broken = 0, last
    while broken - safe > 1:
        middle = (safe + broken) // 2
        if bench.loss(disruption.lasting(middle)) == 0.0:
            safe = middle
        else:
            broken = middle
    return safe + _share_of_day(bench, disruption, safe)


def _share_of_day(bench: Bench, disruption: Disruption, day: int) -> float:
    """How much of the day after the last safe one is survived."""
    share = _rises_at(bench, lambda part: _until(bench, disruption, day, part))
    if bench.probe.undisturbed.value <= bench.nothing:
        share = min(share, _rises_at(bench, lambda part: _up_to(bench, disruption, day, part)))
    return share


def _until(bench: Bench, disruption: Disruption, day: int, part: float) -> Sides:
    """Sides when the loss ends in the course of the day."""
    if day + part <= 0:
        return bench.model.network.supply, bench.model.network.upper
    return bench.model.supply_under(disruption.lasting(day + part))


def _up_to(bench: Bench, disruption: Disruption, day: int, part: float) -> Sides:
    """Sides when time ends in the course of the day, all being lost until then."""
    network = bench.model.network
    calendar = network.calendar
    supply, upper = bench.model.supply_under(disruption.lasting(calendar.num_days - disruption.first_day))
    moment = disruption.first_day + day + part
    passed = np.clip((moment - calendar.first_days) / calendar.lengths, 0.0, 1.0)
    is_need = (network.resources["what"] == "need").to_numpy()
    is_flow = (network.resources["kind"] == "flow").to_numpy()
    now = (passed > 0) & (passed < 1)
    scaled = np.where(is_need[:, None], passed, np.where(is_flow[:, None] & now, passed, 1.0))
    supply = np.where(supply > 0, supply * scaled, supply)
    upper[:, now] *= passed[now]
    return supply, upper


@dataclass(frozen=True)
class _Point:
    share: float
    loss: float
    probed: Probed
    sides: Sides


def _rises_at(bench: Bench, sides: Callable[[float], Sides]) -> float:
    """Largest share of the day at which nothing more is lost; the loss is convex in the share.

    Where the prices at hand say nothing (they are one side of a kink), the share is halved instead.
    """
    base = bench.probe.undisturbed.value

    def point(share: float) -> _Point:
        supply, upper = sides(share)
        probed = bench.probe.solve(supply=supply, upper=upper)
        return _Point(share, probed.value - base, probed, (supply, upper))

    safe, here = 0.0, point(LAST)
    if here.loss <= bench.nothing:
        return 1.0
    for _ in range(MOST_STEPS):
        slope = _slope(here, sides)
        least = here.share - here.loss / slope if slope > 0 else safe
        share = least if safe < least < here.share else (safe + here.share) / 2
        there = point(share)
        if there.loss > bench.nothing:
            here = there
        elif share == least:
            return share
        else:
            safe = share
    return safe


def _slope(point: _Point, sides: Callable[[float], Sides]) -> float:
    """How fast the loss grows with the share, by the prices: sides move evenly with it."""
    before = point.share * 0.5
    supply, upper = sides(before)
    with np.errstate(invalid="ignore"):
        less_upper = np.nan_to_num(upper - point.sides[1], nan=0.0, posinf=0.0, neginf=0.0)
    gain = np.sum(point.probed.prices * (supply - point.sides[0])) + np.sum(point.probed.limit_prices * less_upper)
    return float(gain) / (point.share - before)
