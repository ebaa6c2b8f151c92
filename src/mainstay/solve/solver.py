"""The public call: a network in, a plan with its proof out."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from mainstay.errors import Cancelled, SolveError
from mainstay.network.network import Network
from mainstay.solve.highs import Clock, Stopped
from mainstay.solve.matrix import Program, build
from mainstay.solve.search import Found, Search
from mainstay.solve.solution import Array, Options, Progress, Solution, StageProof

State = Literal["optimal", "within gap", "gap open", "time limit", "interrupted"]


def solve(network: Network, options: Options | None = None, *, progress: Progress | None = None) -> Solution:
    """Choose what to start, when and how much, so that the stages are as small as can be, in their order.

    Parameters
    ----------
    network : resources, tasks, effects
    options : gap, time limit, seed; the same network, options and versions give the same plan unless time runs out
    progress : told about stages and iterations, at most a few times a second

    Returns
    -------
    Solution
        Extents and levels in the network's units, prices, and for each stage the value, the bound that nobody can
        beat, and the gap between them. After Ctrl-C or at the time limit: the best plan found so far.

    Raises
    ------
    SolveError : no plan exists (names the resource and the period), or none was found in time
    Cancelled : Ctrl-C before a first plan was found
    """
    options = options or Options()
    clock = Clock(options.time_limit)
    begin = time.perf_counter()
    program = build(network)
    built = time.perf_counter()
    search = Search(network, program, options, clock, progress)
    stopped = ""
    try:
        search.run()
    except Stopped as stop:
        stopped = str(stop)
    except KeyboardInterrupt:
        clock.interrupted.set()
        stopped = "interrupted"
    if search.best is None:
        raise _nothing_found(stopped, options)
    solved = time.perf_counter()
    seconds = {"build": built - begin, "solve": solved - built}
    return _solution(network, search, search.best, stopped, seconds)


def _nothing_found(stopped: str, options: Options) -> Cancelled | SolveError:
    if stopped == "interrupted":
        return Cancelled("Stopped before a first plan was found.")
    return SolveError(
        f"No plan was found in {options.time_limit} seconds. Allow more time, shorten the horizon or widen its "
        "later periods (14x1 6x7), or leave out lanes and items that do not matter."
    )


def _solution(network: Network, search: Search, best: Found, stopped: str, seconds: dict[str, float]) -> Solution:
    program = search.program
    extents, levels = quantities(program, best.columns)
    proofs = _proofs(network, search, best)
    return Solution(
        status=_status(search, stopped, proofs),
        extents=extents,
        levels=levels,
        prices=_prices(network, program, best),
        stages=proofs,
        columns=program.columns,
        rows=program.rows,
        nonzeros=program.nonzeros,
        seconds=seconds,
    )


def _status(search: Search, stopped: str, proofs: tuple[StageProof, ...]) -> State:
    if all(proof.gap == 0 for proof in proofs):
        return "optimal"
    if all(proof.gap <= search.options.gap for proof in proofs):
        return "within gap"
    return "interrupted" if stopped == "interrupted" else "time limit" if stopped else "gap open"


def _proofs(network: Network, search: Search, best: Found) -> tuple[StageProof, ...]:
    bounds = search.in_order()
    fixed = {reached.stage: reached.fixed for reached in best.reached}
    proofs = []
    for stage, name in enumerate(network.stages):
        if stage not in search.stages:
            constant = float(search.program.constants[stage])
            proofs.append(StageProof(name, constant, constant, 0.0, 0.0, 0))
            continue
        value = best.values[stage]
        is_reached = stage in fixed and stage in bounds
        bound = min(bounds[stage], value) if is_reached else -np.inf
        gap = search.gap(stage, value, bound) if is_reached else np.inf
        spent = search.seconds.get(stage, 0.0)
        proofs.append(StageProof(name, value, bound, gap, spent, fixed.get(stage, 0), is_reached))
    return tuple(proofs)


def quantities(program: Program, columns: Array) -> tuple[Array, Array]:
    """Extents (K, T) and levels (R, T) in the network's units."""
    inside = np.clip(columns, 0.0, program.upper)
    inside[program.is_whole] = np.round(inside[program.is_whole])
    quantity = inside * program.column_scale
    extents = np.zeros(program.task_column.shape)
    can_start = program.task_column >= 0
    extents[can_start] = quantity[program.task_column[can_start]]
    levels = program.known_level.copy()
    is_level = program.level_column >= 0
    levels[is_level] = quantity[program.level_column[is_level]]
    return extents, levels


def _prices(network: Network, program: Program, best: Found) -> dict[str, Array]:
    """What one more unit of supply takes off each stage's value (R, T)."""
    number = np.arange(len(network.stages))
    return {
        network.stages[reached.stage]: row_prices(network, program, reached.duals, number == reached.stage)
        for reached in best.reached
    }


def row_prices(network: Network, program: Program, duals: Array, weights: Array) -> Array:
    """What one more unit of supply takes off an objective (R, T), from the duals of its rows (rows,).

    weights : (stages,) of each stage in the objective
    """
    is_stock = (network.resources["kind"].to_numpy() == "stock")[:, None]
    has_row = program.row_of >= 0
    row = program.row_of[has_row]
    price = np.zeros(program.row_of.shape)
    price[has_row] = duals[row] / program.row_scale[row]
    price = np.where(is_stock, -price, price)
    return np.asarray(price + _known_prices(network, program, weights, price))


def _known_prices(network: Network, program: Program, weights: Array, price: Array) -> Array:
    """Prices of the stocks that no task touches: what they give to flows from then on, less their holding."""
    is_known = (network.resources["kind"].to_numpy() == "stock") & (program.level_column[:, 0] < 0)
    days = network.calendar.lengths
    gain = np.zeros(price.shape)
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    np.add.at(gain, stock, network.feed_share * days * price[flow])
    of_stage = np.where(network.holding_stage >= 0, weights[network.holding_stage], 0.0)
    holding = network.holding_penalty * of_stage + network.holding_cost * weights[-1]
    gain -= holding[:, None] * days
    from_then_on = np.cumsum(gain[:, ::-1], axis=1)[:, ::-1]
    return np.where(is_known[:, None], from_then_on, 0.0)
