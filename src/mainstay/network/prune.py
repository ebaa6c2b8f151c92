"""Prune: leave out every start that cannot help, by when things are there at the earliest and of use at the latest.

Exact: a start is left out only when something it takes cannot be there yet, or nothing it gives can reach a need, a
floor, a target or any other obligation within the horizon. ``docs/network.md`` says how much this saves. What nobody
needs is also not made or moved for the sole end that its materials are not written off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.network import Network

Days = NDArray[np.float64]


@dataclass(frozen=True)
class _Links:
    """What takes and what gives: an effect's task, resource, offset [days], and whether it gives; feeds by row."""

    task: NDArray[np.int64]
    resource: NDArray[np.int64]
    offset: Days
    gives: NDArray[np.bool_]
    stock: NDArray[np.int64]
    flow: NDArray[np.int64]

    @classmethod
    def of(cls, network: Network, without: Sequence[str] = ()) -> _Links:
        """All links but those by resources of some kinds (what they are)."""
        left_out = network.resources["what"].is_in(without)
        effects = network.effects.filter(~left_out.gather(network.effects["resource"]))
        return cls(
            effects["task"].to_numpy(),
            effects["resource"].to_numpy(),
            effects["offset"].to_numpy().astype(np.float64),
            effects["amount"].to_numpy() > 0,
            network.feeds["stock"].to_numpy(),
            network.feeds["flow"].to_numpy(),
        )

    def worth(self, ends: Days, wanted: Days, reach: Callable[[Days], Days]) -> Days:
        """Largest worth of each task (tasks,), by its own end or by what it leads to.

        ends (tasks,), wanted (resources,) : worth known from the start; reach : what the worth of each giving effect's
        resource is for the task that gives it
        """
        gives, takes = self.gives, ~self.gives
        while True:
            worth = ends.copy()
            np.maximum.at(worth, self.task[gives], reach(wanted[self.resource[gives]]))
            better = wanted.copy()
            np.maximum.at(better, self.resource[takes], worth[self.task[takes]])
            np.maximum.at(better, self.stock, better[self.flow])
            if np.array_equal(better, wanted):
                return worth
            wanted = better


def windows(network: Network) -> tuple[Days, Days]:
    """Earliest and latest useful first day of each task (tasks,); inf and -inf where there is none."""
    links = _Links.of(network)
    return _earliest(network, links), _latest(network, links)


def _earliest(network: Network, links: _Links) -> Days:
    first_days = network.calendar.first_days.astype(np.float64)
    there = _first(network.supply > 0, first_days)
    opens = _first(network.upper > 0, first_days)
    is_total = (network.resources["kind"] == "total").to_numpy()
    gives, takes = links.gives, ~links.gives
    while True:
        start = opens.copy()
        np.maximum.at(start, links.task[takes], there[links.resource[takes]])
        start = _first_of_period(start, first_days, network.calendar.num_days)
        better = there.copy()
        np.minimum.at(better, links.resource[gives], start[links.task[gives]] + links.offset[gives])
        np.minimum.at(better, links.flow, better[links.stock])
        better[is_total & np.isfinite(better)] = 0
        if np.array_equal(better, there):
            return start
        there = better


def _latest(network: Network, links: _Links) -> Days:
    last_days = (network.calendar.first_days + network.calendar.lengths - 1).astype(np.float64)
    takes_need = ~links.gives & (network.resources["what"] == "need").to_numpy()[links.resource]
    in_all = (network.resources["kind"] == "total").to_numpy()[links.resource[links.gives]]
    ends = np.full(network.tasks.height, -np.inf)
    ends[links.task[takes_need]] = last_days[-1]

    def reach(useful: Days) -> Days:
        """A total is of use on any day, once it is of use at all."""
        last = _last_of_period(useful - links.offset[links.gives], last_days)
        return np.where(in_all, np.where(np.isfinite(useful), last_days[-1], -np.inf), last)

    return links.worth(ends, _last(network.supply < 0, last_days), reach)


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
    what = network.resources["what"]
    links = _Links.of(network, without=_ACCOUNTS)
    never = len(network.stages) - 1
    stage_of = {name: number for number, name in enumerate(network.stages)}
    names = pl.select(
        pl.when(what == "need")
        .then(pl.format("{} fairness", network.resources["subject"]))
        .otherwise(what.replace_strict(_OBLIGATIONS, default=None, return_dtype=pl.String))
    ).to_series()
    obliged = names.replace_strict(stage_of, default=never, return_dtype=pl.Int64).fill_null(never).to_numpy()
    is_need = (what == "need").to_numpy()
    takes_need = ~links.gives & is_need[links.resource]
    ends = np.full(network.tasks.height, -float(never))
    np.maximum.at(ends, links.task[takes_need], -obliged[links.resource[takes_need]].astype(np.float64))
    wanted = -np.where(is_need, never, obliged).astype(np.float64)
    first = -links.worth(ends, wanted, lambda worth: worth).astype(np.int64)
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
