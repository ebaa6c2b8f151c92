"""Two-stage programme: decide now, then do the best that what comes allows; and its extensive form.

    min  cost @ x + risk of Q_s(x),  rows of the first stage,  0 <= x <= most, some of it whole
    Q_s(x) = min price @ y,  lower + shift_s <= matrix @ y + technology_s @ x <= upper + shift_s,  0 <= y <= most_s

Source: J. R. Birge and F. Louveaux, Introduction to Stochastic Programming, 2nd ed. (2011), ch. 2 and 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.errors import Cancelled, SolveError
from mainstay.solve.highs import Clock, Engine, Impossible, Method, Stopped
from mainstay.solve.linear import linear_program
from mainstay.solve.matrix import Program
from mainstay.solve.risk import MEAN, Risk
from mainstay.solve.solution import Array, Options

Status = Literal["optimal", "within gap", "time limit", "interrupted"]
Tell = Callable[[str, int, float, float], None]
"""Told the step, its number, and the bound and the best value so far."""


@dataclass(frozen=True)
class Core:
    """The second stage as all outcomes share it.

    price (m,), matrix sparse (r, m), lower, upper (r,), most (m,)
    rows (v,) : numbers of the rows whose sides differ between outcomes; columns (w,) : of the columns whose limits do
    technology : sparse (r, n) each; an outcome names one by its number
    parts : sparse (p, m): figures of a solution y that are told of it (parts @ y)
    """

    price: Array
    matrix: Any
    lower: Array
    upper: Array
    most: Array
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    technology: tuple[Any, ...]
    parts: Any

    @cached_property
    def taking(self) -> NDArray[np.int64]:
        """Numbers of the rows that take from the first stage under any technology (g,)."""
        takes = np.zeros(len(self.lower), dtype=bool)
        for technology in self.technology:
            takes[technology.tocoo().row] = True
        return np.flatnonzero(takes)

    @cached_property
    def taking_technology(self) -> tuple[Any, ...]:
        """Each technology of these rows alone (g, n)."""
        return tuple(technology.tocsr()[self.taking] for technology in self.technology)

    def given(self, x: Array) -> Array:
        """What x gives to these rows under each technology (technologies, g)."""
        return np.array([technology @ x for technology in self.taking_technology])

    def slope(self, taken: Array, technology: NDArray[np.int64]) -> Array:
        """What a unit of each column of x adds where each row takes so much (k, g) under its technology (k, n)."""
        slope = np.zeros((len(taken), self.technology[0].shape[1]))
        for number in np.unique(technology):
            which = technology == number
            slope[which] = taken[which] @ self.taking_technology[number]
        return slope


@dataclass(frozen=True)
class Outcomes:
    """What differs: weights (S,) that sum to 1, shift (S, v) of sides, most (S, w) of columns, technology (S,)."""

    weights: Array
    shift: Array
    most: Array
    technology: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.weights)

    def take(self, which: NDArray[np.int64]) -> Outcomes:
        """Some of them, weights as they are."""
        return Outcomes(self.weights[which], self.shift[which], self.most[which], self.technology[which])


@dataclass(frozen=True)
class TwoStage:
    """The whole programme; n columns now, rows of the first stage (k,).

    cost, most, is_whole (n,); rows sparse (k, n), row_lower, row_upper (k,)
    floor : a value that no Q_s(x) falls below
    """

    cost: Array
    most: Array
    is_whole: NDArray[np.bool_]
    rows: Any
    row_lower: Array
    row_upper: Array
    core: Core
    outcomes: Outcomes
    risk: Risk = MEAN
    floor: float = 0.0

    def only(self, which: NDArray[np.int64]) -> TwoStage:
        """The programme over some of its outcomes, their weights scaled to sum to 1."""
        taken = self.outcomes.take(which)
        return replace(self, outcomes=replace(taken, weights=taken.weights / taken.weights.sum()))

    def averaged(self) -> TwoStage:
        """The programme with one outcome, the mean of all."""
        weights, outcomes = self.outcomes.weights, self.outcomes
        shares = np.bincount(outcomes.technology, weights, len(self.core.technology))
        technology = sum(share * each for share, each in zip(shares, self.core.technology, strict=True))
        mean = Outcomes(
            np.ones(1), weights[None, :] @ outcomes.shift, weights[None, :] @ outcomes.most, np.zeros(1, np.int64)
        )
        return replace(self, core=replace(self.core, technology=(technology,)), outcomes=mean)


@dataclass(frozen=True)
class Found:
    """A first stage with its proof.

    x (n,), value : of the objective; bound : nothing is better; losses (S,) : Q_s(x) of each outcome
    steps : rounds of the decomposition; solves : programmes of single outcomes solved
    """

    x: Array
    value: float
    bound: float
    losses: Array
    status: Status
    steps: int = 0
    solves: int = 0

    @property
    def gap(self) -> float:
        """(value - bound) / max(|value|, tiny)."""
        return max(self.value - self.bound, 0.0) / max(abs(self.value), 1e-9)


def solve_extensive(
    problem: TwoStage, options: Options | None = None, method: Method = "simplex from nothing"
) -> Found:
    """Solve all outcomes as one programme: exact, for few of them.

    method : of the solver, where there are no whole numbers

    Raises
    ------
    SolveError : no first stage keeps to its rows, or an outcome has no solution
    Cancelled : time or the user stopped it before any solution was known
    """
    options = options or Options()
    program, cost, lower = _extensive(problem)
    engine = Engine(program, options, Clock(options.time_limit))
    size = float(np.abs(cost).max()) or 1.0
    engine.set_cost(cost / size)
    engine.set_columns(lower, program.upper)
    n, core, outcomes = len(problem.cost), problem.core, problem.outcomes
    try:
        if problem.is_whole.any():
            whole = np.zeros(program.columns, dtype=bool)
            whole[:n] = problem.is_whole
            answer = engine.solve_whole(whole, options.gap, engine.clock.left, None)
        else:
            answer = engine.solve(method)
    except Impossible as impossible:
        raise no_first_stage(impossible) from impossible
    except Stopped as stopped:
        raise Cancelled(f"Stopped ({stopped}) before any solution was known. Allow more time.") from stopped
    x = np.clip(answer.columns[:n], 0.0, problem.most)
    x[problem.is_whole] = np.round(x[problem.is_whole])
    y = answer.columns[-len(outcomes) * len(core.price) :].reshape(len(outcomes), -1)
    losses = y @ core.price
    value = float(problem.cost @ x) + problem.risk.of(losses, outcomes.weights)
    bound = min(answer.bound * size, value)
    if not problem.is_whole.any():
        status: Status = "optimal"
    else:
        status = "within gap" if answer.is_proven else "time limit"
    return Found(x, value, bound, losses, status)


def no_first_stage(impossible: Impossible) -> SolveError:
    """What to say when nothing keeps to the rows."""
    return SolveError(
        f"No first stage keeps to all its limits, or an outcome has no solution (the solver says: {impossible.answer})."
        " Every outcome needs a way to leave things unmet, at a price."
    )


def _extensive(problem: TwoStage) -> tuple[Program, Array, Array]:
    """Columns x, (at risk, excess of each outcome), y of each outcome; costs and lower limits of the columns."""
    core, outcomes, risk = problem.core, problem.outcomes, problem.risk
    n, m, k, r, number = len(problem.cost), len(core.price), len(problem.row_lower), len(core.lower), len(outcomes)
    tail = number + 1 if risk.caution else 0
    blocks = [(problem.rows, 0, 0)]
    for s, technology in enumerate(outcomes.technology):
        blocks += [(core.technology[technology], k + s * r, 0), (core.matrix, k + s * r, n + tail + s * m)]
    shift = np.zeros((number, r))
    shift[:, core.rows] = outcomes.shift
    most = np.tile(core.most, (number, 1))
    most[:, core.columns] = outcomes.most
    lower = [problem.row_lower, (core.lower + shift).ravel()]
    upper = [problem.row_upper, (core.upper + shift).ravel()]
    least = np.zeros(n + tail + m * number)
    costs = [problem.cost]
    if tail:
        least[n] = problem.floor
        first = k + number * r
        blocks += [(-np.ones((number, 1)), first, n), (-sparse.identity(number), first, n + 1)]
        blocks += [(core.price[None, :], first + s, n + tail + s * m) for s in range(number)]
        lower.append(np.full(number, -np.inf))
        upper.append(np.zeros(number))
        costs += [np.array([risk.caution]), risk.caution * outcomes.weights / (1 - risk.level)]
    costs.append(np.outer((1 - risk.caution) * outcomes.weights, core.price).ravel())
    rows = np.concatenate(lower)
    columns = np.concatenate([problem.most, np.full(tail, np.inf), most.ravel()])
    matrix = _stacked(blocks, (len(rows), len(columns)))
    return linear_program(matrix, rows, np.concatenate(upper), columns), np.concatenate(costs), least


def _stacked(blocks: list[tuple[Any, int, int]], shape: tuple[int, int]) -> Any:
    """One sparse matrix of blocks, each with the row and the column where it begins."""
    parts = [(sparse.coo_array(block), row, column) for block, row, column in blocks]
    value = np.concatenate([part.data for part, _, _ in parts])
    row = np.concatenate([part.row + first for part, first, _ in parts])
    column = np.concatenate([part.col + first for part, _, first in parts])
    return sparse.coo_array((value, (row, column)), shape=shape).tocsc()
