"""A slow, plain second opinion: the programme day by day in loops, and every choice of whole numbers tried."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from mainstay.network.network import Network

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def share_given(days: tuple[int, ...], started: int, given: int, offset: int, duration: int) -> float:
    """Days of period ``given`` in which an effect lasts, a mean over the days of period ``started``."""
    day_of = [period for period, length in enumerate(days) for _ in range(length)]
    hits = 0
    for day in range(len(day_of)):
        if day_of[day] == started:
            for later in range(day + offset, min(day + offset + duration, len(day_of))):
                hits += day_of[later] == given
    return hits / days[started]


def balances(network: Network) -> tuple[Numbers, Numbers, Numbers]:
    """What is left of every resource in every period is constant + matrix @ extents; and its limits.

    Gives matrix (R * T, K * T), constant (R * T,); of a total resource all in its first period. No surplus.
    """
    days = network.calendar.days
    num_periods = len(days)
    kinds = network.resources["kind"].to_list()
    num_tasks = network.tasks.height
    matrix = np.zeros((len(kinds), num_periods, num_tasks, num_periods))
    constant = network.supply.copy()
    for effect in network.effects.iter_rows(named=True):
        resource, task = effect["resource"], effect["task"]
        for started in range(num_periods):
            for given in range(num_periods):
                part = share_given(days, started, given, effect["offset"], effect["duration"])
                if kinds[resource] == "total":
                    once = effect["duration"] == 1 and given == 0
                    matrix[resource, 0, task, started] += effect["amount"] * (
                        float(once) if effect["duration"] == 1 else part
                    )
                else:
                    matrix[resource, given, task, started] += effect["amount"] * part
    for resource, kind in enumerate(kinds):
        if kind == "stock":
            matrix[resource] = matrix[resource].cumsum(axis=0)
            constant[resource] = constant[resource].cumsum()
    for number, feed in enumerate(network.feeds.iter_rows(named=True)):
        for period in range(num_periods):
            factor = network.feed_share[number, period] * days[period]
            matrix[feed["flow"], period] += factor * matrix[feed["stock"], period]
            constant[feed["flow"], period] += factor * constant[feed["stock"], period]
    size = num_tasks * num_periods
    return matrix.reshape(-1, size), constant.reshape(-1), network.store.reshape(-1)


def objectives(network: Network) -> list[tuple[Numbers, float]]:
    """Each stage as coefficients on extents and a constant."""
    matrix, constant, _ = balances(network)
    num_periods = len(network.calendar)
    days = np.tile(network.calendar.lengths, network.resources.height).astype(float)
    stages = []
    for stage in range(len(network.stages)):
        task = np.where(network.stage == stage, network.penalty, 0.0)
        held = np.where(network.holding_stage == stage, network.holding_penalty, 0.0)
        if stage == len(network.stages) - 1:
            task, held = task + network.cost, held + network.holding_cost
        per_day = np.repeat(held, num_periods) * days
        stages.append((np.repeat(task, num_periods) + per_day @ matrix, float(per_day @ constant)))
    return stages


def lexicographic_optimum(network: Network) -> list[float]:
    """Best value of every stage, the earlier ones kept, over all choices of whole numbers."""
    matrix, constant, store = balances(network)
    stages = objectives(network)
    num_periods = len(network.calendar)
    upper = network.upper.reshape(-1)
    whole = np.flatnonzero(np.repeat(network.tasks["is_whole"].to_numpy(), num_periods) & (upper > 0))
    limited = np.isfinite(store)
    above = np.vstack([-matrix, matrix[limited]])
    most = np.concatenate([constant, (store - constant)[limited]])
    best: list[float] | None = None
    for choice in product(*(range(int(upper[column]) + 1) for column in whole)):
        low, high = np.zeros(len(upper)), upper.copy()
        low[whole] = high[whole] = choice
        values = _stage_by_stage(above, most, low, high, stages, best)
        if values is not None:
            best = values
    assert best is not None
    return best


def _stage_by_stage(
    above: Numbers,
    most: Numbers,
    low: Numbers,
    high: Numbers,
    stages: list[tuple[Numbers, float]],
    best: list[float] | None,
) -> list[float] | None:
    """Values of the stages for one choice; None when there is no plan or it is worse than ``best``."""
    values: list[float] = []
    better = best is None
    for number, (cost, fixed) in enumerate(stages):
        answer = linprog(cost, above, most, bounds=np.column_stack([low, high]), method="highs")
        if answer.status != 0:
            return None
        values.append(answer.fun + fixed)
        if not better and best is not None:
            if values[-1] > best[number] + 1e-7 * max(1, abs(best[number])):
                return None
            better = values[-1] < best[number] - 1e-7 * max(1, abs(best[number]))
        above = np.vstack([above, cost])
        most = np.append(most, answer.fun + 1e-9 * max(1, abs(answer.fun)))
    return values
