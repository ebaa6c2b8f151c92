"""Several scenarios in one network: what is decided now is common to all, what comes after is each scenario's own.

A decision that starts in the first days is one task whose effects hit the resources of every scenario. All other
starts, and always what is served, lost, eased or written off, are tasks of one scenario, on resources of its own; their
costs and penalties, and those of its levels, count by its weight. So the network is the deterministic equivalent of a
two-stage programme with recourse (J. R. Birge and F. Louveaux, *Introduction to Stochastic Programming*, 2nd ed.,
2011, ch. 2), in which the second stage holds the rest of the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.errors import UsageError
from mainstay.network.compile import begin, complete
from mainstay.network.kinds.calm import DECISIONS
from mainstay.network.network import Array, Network
from mainstay.network.profiles import rows_of
from mainstay.network.prune import first_useful_stages, useful_starts
from mainstay.tables import Case

COMMON = tuple(kind for kind in DECISIONS if kind != "ease")
"""Kinds of task that are decided before it is known which scenario comes; rules of use follow what comes."""


@dataclass(frozen=True)
class Part:
    """Where one scenario stands in the combined network.

    network : of the scenario alone; weight : of the scenario, 0 to 1
    own : (K,) row in the combined network of each task; common : (K,) row of the common task, -1: there is none
    resources : (R,) row of each resource
    """

    network: Network
    weight: float
    own: NDArray[np.int64]
    common: NDArray[np.int64]
    resources: NDArray[np.int64]


@dataclass(frozen=True)
class Combined:
    """One network for several scenarios, and where each of them stands in it."""

    network: Network
    parts: Mapping[str, Part]


def common_periods(calendar: Calendar, common_days: int) -> NDArray[np.bool_]:
    """Which periods lie whole inside the first days (periods,).

    >>> from datetime import date
    >>> common_periods(Calendar.parse("2x1 2x7", date(2020, 2, 1)), 9).tolist()
    [True, True, True, False]
    """
    return np.asarray(calendar.first_days + calendar.lengths <= common_days)


def compile_scenarios(
    case: Case, scenarios: Mapping[str, float], common_days: int, in_force: pl.DataFrame | None = None
) -> Combined:
    """The network of a checked case over several scenarios of its needs.

    Parameters
    ----------
    case : its needs (and step-downs) hold every scenario
    scenarios : weight of each; only their proportions count
    common_days : decisions that start in periods whole inside these first days are common to all scenarios
    in_force : table ``decisions`` of the plan to depart from as little as possible

    What may start in the common periods is what can help in any of the scenarios.
    """
    cases = {name: case.replace(scenario=name) for name in scenarios}
    begun = {name: begin(each, in_force) for name, each in cases.items()}
    useful = {name: useful_starts(draft) for name, (_, draft) in begun.items()}
    shared = _helpful_in_any([(draft, useful[name]) for name, (_, draft) in begun.items()])
    inside = common_periods(case.calendar, common_days)
    networks = {}
    for name, (builder, draft) in begun.items():
        decided = draft.tasks["kind"].is_in(COMMON).to_numpy()
        upper = useful[name].copy()
        upper[np.ix_(decided, inside)] = shared[:, inside]
        networks[name] = complete(cases[name], builder, replace(draft, upper=upper))
    return combine(networks, scenarios, common_days)


def _helpful_in_any(drafts: list[tuple[Network, Array]]) -> Array:
    """Most that may start of each decision, where it can help in any scenario (decisions, periods).

    Decisions come from tables that know no scenario, so they are the same in all, in the same order.
    """
    uppers = [upper[draft.tasks["kind"].is_in(COMMON).to_numpy()] for draft, upper in drafts]
    return np.asarray(np.maximum.reduce(uppers))


def combine(networks: Mapping[str, Network], weights: Mapping[str, float], common_days: int) -> Combined:
    """One network of several, with common decisions in the first days; each stage is the weighted sum of theirs.

    Parameters
    ----------
    networks : of each scenario, over the same calendar; what may start in the common periods must be the same in all
    weights : of each scenario, > 0; they are scaled to sum to 1
    common_days : 0: nothing is common, and the scenarios are planned side by side

    Raises
    ------
    UsageError : a weight is not positive, or the networks do not fit together
    """
    shares = normalised(weights)
    first = next(iter(networks.values()))
    inside = common_periods(first.calendar, common_days)
    shared = _common_tasks(first, inside)
    for name, network in networks.items():
        if network.calendar != first.calendar or not _common_tasks(network, inside).equals(shared):
            raise UsageError(
                f"The scenario {name} may start other things in the first {common_days} days than the others. "
                "Compile the scenarios together (compile_scenarios)."
            )
    parts = _parts(networks, shares, shared["task"])
    return Combined(_joined(parts, inside, shared.height), parts)


def normalised(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights of the scenarios that sum to 1.

    >>> normalised({"mild": 3, "dire": 1})
    {'mild': 0.75, 'dire': 0.25}
    """
    for name, weight in weights.items():
        if not 0 < weight < np.inf:
            raise UsageError(f"The scenario {name} has the weight {weight:g}. Give a number above 0, or leave it out.")
    if not weights:
        raise UsageError("There is no scenario to plan on. Name at least one.")
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _common_tasks(network: Network, inside: NDArray[np.bool_]) -> pl.DataFrame:
    """Decisions that may start in a common period, with their upper limits there; sorted by name."""
    chosen = network.tasks["kind"].is_in(COMMON).to_numpy() & (network.upper[:, inside] > 0).any(axis=1)
    upper = pl.Series("upper", network.upper[:, inside][chosen].tolist(), dtype=pl.List(pl.Float64))
    return network.tasks.filter(chosen).select("task", upper).sort("task")


def _parts(networks: Mapping[str, Network], weights: Mapping[str, float], shared: pl.Series) -> dict[str, Part]:
    parts = {}
    tasks, resources = len(shared), 0
    for name, network in networks.items():
        num_tasks, num_resources = network.tasks.height, network.resources.height
        common = np.full(num_tasks, -1)
        common[rows_of(network.tasks["task"], shared)] = np.arange(len(shared))
        parts[name] = Part(
            network=network,
            weight=weights[name],
            own=np.arange(tasks, tasks + num_tasks),
            common=common,
            resources=np.arange(resources, resources + num_resources),
        )
        tasks, resources = tasks + num_tasks, resources + num_resources
    return parts


def _joined(parts: Mapping[str, Part], inside: NDArray[np.bool_], num_common: int) -> Network:
    """The common tasks, then the tasks of each scenario; the resources of each scenario."""
    first = next(iter(parts.values()))
    row = np.empty(num_common, dtype=np.int64)
    row[first.common[first.common >= 0]] = np.flatnonzero(first.common >= 0)
    alone = first.network

    def tasks_of(name: str, part: Part) -> pl.DataFrame:
        return part.network.tasks.with_columns(task=pl.format("{}|{}", pl.lit(name), "task"))

    def resources_of(name: str, part: Part) -> pl.DataFrame:
        return part.network.resources.with_columns(resource=pl.format("{}|{}", pl.lit(name), "resource"))

    def of_tasks(values: str, *, weighted: bool = False) -> Array:
        own = [getattr(part.network, values) * (part.weight if weighted else 1) for part in parts.values()]
        return np.concatenate([getattr(alone, values)[row], *own])

    def of_resources(values: str, *, weighted: bool = False) -> Array:
        return np.concatenate(
            [getattr(part.network, values) * (part.weight if weighted else 1) for part in parts.values()]
        )

    own_upper = [np.where(np.outer(part.common >= 0, inside), 0.0, part.network.upper) for part in parts.values()]
    network = Network(
        calendar=alone.calendar,
        stages=alone.stages,
        resources=pl.concat([resources_of(name, part) for name, part in parts.items()]),
        supply=of_resources("supply"),
        store=of_resources("store"),
        surplus=of_resources("surplus").astype(bool),
        holding_cost=of_resources("holding_cost", weighted=True),
        holding_penalty=of_resources("holding_penalty", weighted=True),
        holding_stage=of_resources("holding_stage").astype(np.int64),
        resource_scale=of_resources("resource_scale"),
        tasks=pl.concat([alone.tasks[row], *(tasks_of(name, part) for name, part in parts.items())]),
        upper=np.concatenate([np.where(inside, alone.upper[row], 0.0), *own_upper]),
        cost=of_tasks("cost", weighted=True),
        penalty=of_tasks("penalty", weighted=True),
        stage=of_tasks("stage").astype(np.int64),
        task_scale=of_tasks("task_scale"),
        effects=pl.concat([_effects(part) for part in parts.values()]),
        feeds=pl.concat([_feeds(part) for part in parts.values()]),
        feed_share=of_resources("feed_share"),
    )
    return replace(network, useful_from=first_useful_stages(network))


def _effects(part: Part) -> pl.DataFrame:
    """Effects of the scenario's own tasks, and of the common ones on its resources."""
    task = part.network.effects["task"].to_numpy()
    own = part.network.effects.with_columns(
        resource=pl.Series(part.resources[part.network.effects["resource"].to_numpy()])
    )
    common = part.common[task]
    return pl.concat(
        [
            own.with_columns(task=pl.Series(part.own[task])),
            own.with_columns(task=pl.Series(common)).filter(pl.col("task") >= 0),
        ]
    )


def _feeds(part: Part) -> pl.DataFrame:
    return part.network.feeds.select(
        pl.Series(name, part.resources[part.network.feeds[name].to_numpy()]) for name in ("stock", "flow")
    )
