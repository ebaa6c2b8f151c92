"""What it is worth to reckon with many outcomes, and what it would be worth to know which one comes.

Source: J. R. Birge and F. Louveaux, Introduction to Stochastic Programming, 2nd ed. (2011), ch. 4.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from mainstay.solve.highs import Clock
from mainstay.solve.recourse import Crew, Recourse, chained
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import Core, Found, TwoStage, solve_extensive


def value_of_stochastic(problem: TwoStage, found: Found, crew: Crew, options: Options) -> float:
    """How much worse the first stage is that is the best for the mean outcome (VSS, money)."""
    x = solve_extensive(problem.averaged(), options).x
    losses = crew.solve(problem.outcomes, x).losses
    value = float(problem.cost @ x) + problem.risk.of(losses, problem.outcomes.weights)
    return max(value - found.value, 0.0)


def value_of_information(problem: TwoStage, found: Found, options: Options) -> float:
    """How much better one could do who knew the outcome beforehand (EVPI, money).

    Whole numbers are let go for him, so that with them this is at most so much.
    """
    return max(found.value - problem.risk.of(knowing(problem, options), problem.outcomes.weights), 0.0)


def knowing(problem: TwoStage, options: Options) -> Array:
    """Least cost of each outcome, first stage and second decided with knowledge of it, without whole numbers (S,)."""
    outcomes = problem.outcomes
    values = np.zeros(len(outcomes))
    for number in np.unique(outcomes.technology):
        which = np.flatnonzero(outcomes.technology == number)
        which = which[chained(outcomes.shift[which])]
        recourse = Recourse(_joint(problem, int(number)), replace(options, threads=1), Clock(options.time_limit))
        same = replace(outcomes.take(which), technology=np.zeros(len(which), dtype=np.int64))
        values[which] = recourse.solve(same, np.zeros(0), [None] * len(which)).losses
    return values


def _joint(problem: TwoStage, technology: int) -> Core:
    """Both stages as one second stage."""
    core, n, k = problem.core, len(problem.cost), len(problem.row_lower)
    matrix = sparse.vstack(
        [
            sparse.hstack([problem.rows, sparse.csc_array((k, len(core.price)))]),
            sparse.hstack([core.technology[technology], core.matrix]),
        ],
        format="csc",
    )
    return Core(
        price=np.concatenate([problem.cost, core.price]),
        matrix=matrix,
        lower=np.concatenate([problem.row_lower, core.lower]),
        upper=np.concatenate([problem.row_upper, core.upper]),
        most=np.concatenate([problem.most, core.most]),
        rows=core.rows + k,
        columns=core.columns + n,
        technology=(sparse.csc_array((matrix.shape[0], 0)),),
        parts=sparse.csr_array((0, matrix.shape[1])),
    )
