"""The first stage of a decomposition: what it knows of each outcome are planes below it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.solve.highs import Answer, Clock, Engine, Impossible, Method
from mainstay.solve.linear import linear_program
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import TwoStage

MOST_CUTS = 12
"""Planes per outcome, beyond which those that do not bind are left out."""


class Master:
    """The first stage: columns x, at risk, the estimate of each outcome, its excess over what is at risk."""

    def __init__(self, problem: TwoStage, options: Options, clock: Clock, unit: float) -> None:
        self.problem, self._unit = problem, unit
        n, number, risk = len(problem.cost), len(problem.outcomes), problem.risk
        weights = problem.outcomes.weights
        self._n, self._estimates = n, slice(n + 1, n + 1 + number)
        tail = number if risk.caution else 0
        matrix = sparse.csc_array((len(problem.row_lower), n + 1 + number + tail))
        if len(problem.row_lower):
            matrix = sparse.hstack([problem.rows, sparse.csc_array((len(problem.row_lower), 1 + number + tail))])
        if tail:
            each = sparse.identity(number)
            above = sparse.hstack([sparse.csc_array((number, n)), -np.ones((number, 1)), each, -each])
            matrix = sparse.vstack([matrix, above])
        rows = (np.full(tail, -np.inf), np.zeros(tail))
        free = np.full(1 + number + tail, np.inf)
        linear = linear_program(
            sparse.csc_array(matrix),
            np.concatenate([problem.row_lower, rows[0]]),
            np.concatenate([problem.row_upper, rows[1]]),
            np.concatenate([problem.most, free]),
        )
        excess = risk.caution * weights / (1 - risk.level) if tail else np.zeros(0)
        cost = np.concatenate([problem.cost / unit, [risk.caution], (1 - risk.caution) * weights, excess])
        self._cost, self._size = cost, float(np.abs(cost).max()) or 1.0
        self._lower = np.concatenate([np.zeros(n), np.full(1 + number, problem.floor / unit), np.zeros(tail)])
        self._engine = Engine(linear, options, clock)
        self._engine.set_cost(cost / self._size)
        self._engine.set_columns(self._lower, linear.upper)
        self._whole = np.zeros(linear.columns, dtype=bool)
        self._whole[:n] = problem.is_whole
        self._outcome = np.zeros(0, dtype=np.int64)
        self._level, self._slope = np.zeros(0), np.zeros((0, n))
        self._started = False

    def add(self, which: NDArray[np.int64], level: Array, slope: Array) -> None:
        """Estimate of each outcome named >= level + slope @ x."""
        known = (np.abs(slope) > 0).any(axis=1) | (level > self.problem.floor)
        self._outcome = np.concatenate([self._outcome, which[known]])
        self._level = np.concatenate([self._level, level[known]])
        self._slope = np.concatenate([self._slope, slope[known]])
        self._pass(which[known], level[known], slope[known])

    def _pass(self, which: NDArray[np.int64], level: Array, slope: Array) -> None:
        level, slope = level / self._unit, slope / self._unit
        size = np.maximum(1.0, np.abs(slope).max(axis=1, initial=0.0))
        at, each = self._estimates.start + which, np.arange(len(which))
        estimate = sparse.csr_array((-1.0 / size, (each, at)), shape=(len(which), len(self._cost)))
        first = sparse.csr_array(slope / size[:, None])
        first.resize(len(which), len(self._cost))
        self._engine.add_limits(first + estimate, -level / size)

    def estimates(self, x: Array) -> Array:
        """What the planes say of each outcome at x (S,)."""
        known = np.full(len(self.problem.outcomes), self.problem.floor)
        np.maximum.at(known, self._outcome, self._level + self._slope @ x)
        return known

    def solve(self) -> tuple[Array, float]:
        """The best x by the planes, and the bound that it proves."""
        method: Method = "dual simplex" if self._started else "simplex from nothing"
        answer = self._engine.solve(method)
        self._started = True
        x = self._first(answer)
        self._thin(x)
        return x, float(self._cost @ answer.columns) * self._unit

    def solve_whole(self, gap: float) -> tuple[Array, float]:
        """The same in whole numbers, to a gap."""
        answer = self._engine.solve_whole(self._whole, gap, self._engine.clock.left, None)
        self._started = False
        return self._first(answer, is_whole=True), float(answer.bound * self._size) * self._unit

    def solve_rounded(self, x: Array) -> Array | None:
        """The best by the planes of all with the whole numbers of x, rounded down; None: none keeps to the rows."""
        upper = self._engine.upper
        least, most = self._lower.copy(), upper.copy()
        least[self._whole] = most[self._whole] = np.floor(x[self.problem.is_whole] + 1e-6)
        self._engine.set_columns(least, most)
        try:
            return self._first(self._engine.solve("simplex from nothing"), is_whole=True)
        except Impossible:
            return None
        finally:
            self._engine.set_columns(self._lower, upper)
            self._started = False

    def _first(self, answer: Answer, *, is_whole: bool = False) -> Array:
        x = np.clip(answer.columns[: self._n], 0.0, self.problem.most)
        if is_whole:
            x[self.problem.is_whole] = np.round(x[self.problem.is_whole])
        return x

    def _thin(self, x: Array) -> None:
        """Leave out cuts that are far from binding at x, when there are too many."""
        if len(self._level) <= MOST_CUTS * len(self.problem.outcomes) + 1_000:
            return
        slack = self.estimates(x)[self._outcome] - (self._level + self._slope @ x)
        keep = np.sort(np.argsort(slack, kind="stable")[: len(self._level) // 2])
        self._outcome, self._level, self._slope = self._outcome[keep], self._level[keep], self._slope[keep]
        self._engine.drop_limits()
        self._pass(self._outcome, self._level, self._slope)
        self._started = False
