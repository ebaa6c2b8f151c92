"""Why needs are not met: from each shortage upstream along what binds, to the resource that has no more to give.

A step goes from a resource that is short to the task that would most nearly pay to give more of it, and from there to
the thing that task takes whose price weighs most. The walk ends at what no task gives (a line's days, room on a lane,
an offer abroad, a pool, a reserve), or at time: nothing started today is there that day. Prices are those of the two
stages of the tier; they say what binds, and are no promise of what one more unit brings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.network import Network
from mainstay.plan.words import Words
from mainstay.solve.solution import Solution
from mainstay.tables import RESULT_TABLES, Case
from mainstay.tables.columns import TIERS
from mainstay.tables.frames import conform

Array = NDArray[np.float64]

MOST_STEPS = 12
MOST_REASONS = 3
TRIED = ("counted_in", "promised", "found", "range", "holds")
"""Columns that are filled when a reason is tried."""
TRACE = 1e-4
"""Weight of the prices of the tiers before, against those of the tier."""
SHOWN = 1e-6
"""Share of a period's need below which a loss is rounding."""


@dataclass(frozen=True)
class Cause:
    """Where a walk ended: a resource (row number; None: time) and the resources it came through."""

    resource: int | None
    chain: tuple[int, ...]


@dataclass
class Walker:
    """Walks upstream over one network with the prices of one stage (resources, periods)."""

    network: Network
    prices: Array

    def __post_init__(self) -> None:
        self._known: dict[tuple[int, int], Cause] = {}

    @cached_property
    def _effects(self) -> tuple[list[list[tuple[int, int, float]]], list[list[tuple[int, float]]]]:
        """Givers (task, offset, amount) of each resource, and takings (resource, amount) of each task."""
        givers: list[list[tuple[int, int, float]]] = [[] for _ in range(self.network.resources.height)]
        takings: list[list[tuple[int, float]]] = [[] for _ in range(self.network.tasks.height)]
        frame = self.network.effects
        for task, resource, offset, amount in frame.select("task", "resource", "offset", "amount").iter_rows():
            if amount > 0:
                givers[resource].append((task, offset, amount))
            else:
                takings[task].append((resource, -amount))
        return givers, takings

    @cached_property
    def _goods(self) -> NDArray[np.bool_]:
        return (self.network.resources["what"] == "goods").to_numpy()

    def cause(self, resource: int, period: int, steps: int = MOST_STEPS) -> Cause:
        """What makes this resource short in this period."""
        key = (resource, period)
        if key not in self._known:
            self._known[key] = self._walk(resource, period, steps)
        return self._known[key]

    def _walk(self, resource: int, period: int, steps: int) -> Cause:
        if not self._goods[resource] or steps == 0:
            return Cause(resource, (resource,))
        step = self._step(resource, period)
        if step is None:
            return Cause(None, (resource,))
        if step == (resource, period):
            return Cause(resource, (resource,))
        upstream = self.cause(*step, steps=steps - 1)
        if resource in upstream.chain:
            return Cause(resource, (resource,))
        return Cause(upstream.resource, (resource, *upstream.chain))

    def _step(self, resource: int, period: int) -> tuple[int, int] | None:
        """The taking that weighs most of the giver that most nearly pays.

        None when no giver is in time; the resource itself when nothing gives it, or nothing that its givers take
        has a price.
        """
        givers, takings = self._effects
        if not givers[resource]:
            return resource, period
        first_days = self.network.calendar.first_days
        period_of_day = self.network.calendar.period_of_day
        best: tuple[float, float, int, int] | None = None
        in_time = False
        for task, offset, amount in givers[resource]:
            day = int(first_days[period]) - offset
            if day < 0:
                continue
            start = int(period_of_day[day])
            if self.network.upper[task, start] <= 0:
                continue
            in_time = True
            weights = [(taken * self.prices[r, start], r) for r, taken in takings[task] if r != resource]
            if not weights:
                continue
            worth = amount * self.prices[resource, period]
            shortfall = abs(sum(w for w, _ in weights) - worth) / max(worth, 1e-30)
            weight, scarce = max(weights)
            if weight > 0 and (best is None or (shortfall, -weight) < best[:2]):
                best = (shortfall, -weight, scarce, start)
        if best is not None:
            return best[2:]
        return (resource, period) if in_time else None


def reasons(case: Case, network: Network, solution: Solution, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The table ``reasons``: up to three for each (item, place, tier) that loses anything, heaviest first."""
    walkers = {tier: Walker(network, prices) for tier, prices in _tier_prices(solution).items()}
    lost = tables["shortages"].filter(pl.col("lost") > SHOWN * pl.col("need"))
    index = {name: i for i, name in enumerate(network.resources["resource"])}
    period_of = {day: i for i, day in enumerate(network.calendar.dates)}
    words = Words(case, network)
    rows = []
    for (item, place, tier), group in lost.group_by("item", "place", "tier", maintain_order=True):
        walker = walkers.get(str(tier))
        if walker is None:
            continue
        causes: dict[Cause, list[tuple[date, int, float]]] = defaultdict(list)
        for day, days, quantity in group.select("date", "days", "lost").iter_rows():
            goods = index.get(f"goods:{item}@{place}/enterprise")
            cause = Cause(None, ()) if goods is None else walker.cause(goods, period_of[day])
            causes[cause].append((day, days, quantity))
        ranked = sorted(causes.items(), key=lambda each: -sum(q for _, _, q in each[1]))
        for rank, (cause, days_lost) in enumerate(ranked[:MOST_REASONS], 1):
            rows.append(_row(network, walker, words, (str(item), str(place), str(tier)), rank, cause, days_lost))
    names = [c.name for c in RESULT_TABLES["reasons"].columns if c.name not in TRIED]
    frame = (
        pl.DataFrame(rows, schema=names, orient="row") if rows else pl.DataFrame(schema=dict.fromkeys(names, pl.Null))
    )
    return conform(RESULT_TABLES["reasons"], frame).sort(RESULT_TABLES["reasons"].key)


def _tier_prices(solution: Solution) -> dict[str, Array]:
    """Prices in both stages of each tier together (resources, periods), with a trace of those of the tiers before.

    What an earlier tier has used up has no price of its own any more, and binds all the same.
    """
    tiers: dict[str, Array] = {}
    before: Array | None = None
    for tier in TIERS:
        found = [prices for stage, prices in solution.prices.items() if stage.split()[0] == tier]
        if found:
            own = sum(found[1:], found[0])
            tiers[tier] = own if before is None else own + TRACE * before
            before = tiers[tier]
    return tiers


def _row(
    network: Network,
    walker: Walker,
    words: Words,
    need: tuple[str, str, str],
    rank: int,
    cause: Cause,
    lost: list[tuple[date, int, float]],
) -> tuple[object, ...]:
    first = min(day for day, _, _ in lost)
    last = max(day + timedelta(days=days - 1) for day, days, _ in lost)
    quantity = sum(q for _, _, q in lost)
    if cause.resource is None:
        until, what, name = last, "time", ""
    else:
        bound = np.flatnonzero(walker.prices[cause.resource] > 0)
        calendar = network.calendar
        end = int(bound[-1]) if len(bound) else len(calendar) - 1
        until = calendar.dates[end] + timedelta(days=calendar.days[end] - 1)
        what, name = network.resources["what"][cause.resource], network.resources["resource"][cause.resource]
    text, text_zh = words.reason(need, quantity, first, last, cause.resource, cause.chain, until)
    chain = ";".join(network.resources["resource"][r] for r in cause.chain)
    return (*need, first, last, quantity, rank, what, name, until, chain, text, text_zh)
