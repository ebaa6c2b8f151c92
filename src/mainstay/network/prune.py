"""Prune: leave out every start that cannot help, by when things are there at the earliest and of use at the latest.

Exact: a start is left out only when something it takes cannot be there yet, or nothing it gives can reach a need, a
floor, a target or any other obligation within the horizon. ``docs/network.md`` says how much this saves. What nobody
needs is also not made or moved for the sole end that its materials are not written off.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.network import Network

Days = NDArray[np.float64]


def windows(network: Network) -> tuple[Days, Days]:
    """Earliest and latest useful first day of each task (tasks,); inf and -inf where there is none."""
    effects = network.effects
    task, resource = effects["task"].to_numpy(), effects["resource"].to_numpy()
    offset = effects["offset"].to_numpy().astype(np.float64)
    gives = effects["amount"].to_numpy() > 0
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    earliest = _earliest(network, task, resource, offset, gives, stock, flow)
    latest = _latest(network, task, resource, offset, gives, stock, flow)
    return earliest, latest


def _earliest(
    network: Network,
    task: NDArray[np.int64],
    resource: NDArray[np.int64],
    offset: Days,
    gives: NDArray[np.bool_],
    stock: NDArray[np.int64],
    flow: NDArray[np.int64],
) -> Days:
    first_days = network.calendar.first_days.astype(np.float64)
    there = _first(network.supply > 0, first_days)
    opens = _first(network.upper > 0, first_days)
    is_total = (network.resources["kind"] == "total").to_numpy()
    while True:
        start = opens.copy()
        np.maximum.at(start, task[~gives], there[resource[~gives]])
        start = _first_of_period(start, first_days, network.calendar.num_days)
        better = there.copy()
        np.minimum.at(better, resource[gives], start[task[gives]] + offset[gives])
        np.minimum.at(better, flow, better[stock])
        better[is_total & np.isfinite(better)] = 0
        if np.array_equal(better, there):
            return start
        there = better


def _latest(
    network: Network,
    task: NDArray[np.int64],
    resource: NDArray[np.int64],
    offset: Days,
    gives: NDArray[np.bool_],
    stock: NDArray[np.int64],
    flow: NDArray[np.int64],
) -> Days:
    last_days = (network.calendar.first_days + network.calendar.lengths - 1).astype(np.float64)
    wanted = _last(network.supply < 0, last_days)
    is_need = (network.resources["what"] == "need").to_numpy()
    is_total = (network.resources["kind"] == "total").to_numpy()
    ends = np.full(network.tasks.height, -np.inf)
    ends[task[~gives & is_need[resource]]] = network.calendar.num_days - 1
    useful = wanted
    while True:
        last = ends.copy()
        reach = np.where(is_total[resource], useful[resource], useful[resource] - offset)
        np.maximum.at(last, task[gives], reach[gives])
        last = _last_of_period(last, last_days)
        better = useful.copy()
        np.maximum.at(better, resource[~gives], last[task[~gives]])
        np.maximum.at(better, stock, better[flow])
        better[is_total & np.isfinite(better)] = network.calendar.num_days
        if np.array_equal(better, useful):
            return last
        useful = better


def _first_of_period(day: Days, first_days: Days, num_days: int) -> Days:
    """First day of the period of each day: a start of the period is spread over all its days; inf past the horizon."""
    period = np.searchsorted(first_days, day, side="right") - 1
    return np.where(day < num_days, first_days[period], np.inf)


def _last_of_period(day: Days, last_days: Days) -> Days:
    """Last day of the period of each day; -inf before the horizon."""
    period = np.minimum(np.searchsorted(last_days, day), len(last_days) - 1)
    return np.where(day >= 0, last_days[period], -np.inf)


def _first(mask: NDArray[np.bool_], days: Days) -> Days:
    return np.where(mask.any(axis=1), days[mask.argmax(axis=1)], np.inf)


def _last(mask: NDArray[np.bool_], days: Days) -> Days:
    return np.where(mask.any(axis=1), days[mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)], -np.inf)


def useful_starts(network: Network) -> NDArray[np.float64]:
    """``network.upper`` with 0 where a start cannot help (tasks, periods)."""
    earliest, latest = windows(network)
    first = network.calendar.first_days
    last = first + network.calendar.lengths - 1
    useful = (last[None, :] >= earliest[:, None]) & (first[None, :] <= latest[:, None])
    return np.where(useful, network.upper, 0.0)


_OBLIGATIONS = {"floor": "rules", "target": "targets"}
"""Stage in which the obligation of a kind of resource counts; that of a need is the fairness of its tier."""
_ACCOUNTS = ("age", "depth", "deprivation", "fill", "plan in force")
"""Resources that only keep count; nothing is started for their sake."""
_ALWAYS = ("lose", "expire")
"""Kinds of task that balance what nothing else does; they may start in every stage."""


def first_useful_stages(network: Network) -> NDArray[np.int64]:
    """First stage that starting each task can help (tasks,): that of the first need, floor or target it leads to.

    Tasks with a penalty, and those that keep balances, count from the first stage on.
    """
    effects = network.effects
    task, resource = effects["task"].to_numpy(), effects["resource"].to_numpy()
    gives = effects["amount"].to_numpy() > 0
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    never = len(network.stages) - 1
    what = network.resources["what"]
    stage_of = {name: number for number, name in enumerate(network.stages)}
    names = pl.select(
        pl.when(what == "need")
        .then(pl.format("{} fairness", network.resources["subject"]))
        .otherwise(what.replace_strict(_OBLIGATIONS, default=None, return_dtype=pl.String))
    ).to_series()
    obliged = names.replace_strict(stage_of, default=never, return_dtype=pl.Int64).fill_null(never).to_numpy()
    is_need = (what == "need").to_numpy()
    counts = ~what.is_in(_ACCOUNTS).to_numpy()[resource]
    ends = np.full(network.tasks.height, never)
    np.minimum.at(ends, task[~gives & is_need[resource]], obliged[resource[~gives & is_need[resource]]])
    wanted = np.where(is_need, never, obliged)
    while True:
        first = ends.copy()
        np.minimum.at(first, task[gives & counts], wanted[resource[gives & counts]])
        better = wanted.copy()
        np.minimum.at(better, resource[~gives & counts], first[task[~gives & counts]])
        np.minimum.at(better, stock, better[flow])
        if np.array_equal(better, wanted):
            break
        wanted = better
    always = (network.stage >= 0) | network.tasks["kind"].is_in(_ALWAYS).to_numpy()
    return np.where(always, 0, first)


def drop_idle(network: Network) -> Network:
    """The network without tasks that can never start and resources that nothing touches and nobody asks for."""
    live = np.any(network.upper != 0, axis=1)
    new_task = np.cumsum(live) - 1
    effects = network.effects.filter(live[network.effects["task"].to_numpy()])
    touched = np.zeros(network.resources.height, dtype=bool)
    touched[effects["resource"].to_numpy()] = True
    touched |= (network.supply != 0).any(axis=1)
    fed = touched[network.feeds["stock"].to_numpy()] & touched[network.feeds["flow"].to_numpy()]
    new_resource = np.cumsum(touched) - 1
    return Network(
        calendar=network.calendar,
        stages=network.stages,
        resources=network.resources.filter(touched),
        supply=network.supply[touched],
        store=network.store[touched],
        surplus=network.surplus[touched],
        holding_cost=network.holding_cost[touched],
        holding_penalty=network.holding_penalty[touched],
        holding_stage=network.holding_stage[touched],
        resource_scale=network.resource_scale[touched],
        tasks=network.tasks.filter(live),
        upper=network.upper[live],
        cost=network.cost[live],
        penalty=network.penalty[live],
        stage=network.stage[live],
        task_scale=network.task_scale[live],
        effects=effects.with_columns(
            task=pl.Series(new_task[effects["task"].to_numpy()]),
            resource=pl.Series(new_resource[effects["resource"].to_numpy()]),
        ),
        feeds=pl.DataFrame(
            {
                "stock": new_resource[network.feeds["stock"].to_numpy()[fed]],
                "flow": new_resource[network.feeds["flow"].to_numpy()[fed]],
            }
        ),
        feed_share=network.feed_share[fed],
        useful_from=network.useful_from[live],
    )
