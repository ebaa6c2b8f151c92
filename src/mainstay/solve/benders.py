"""Decomposition: a first stage that knows each outcome only by planes below it, and asks for more where it stands.

Every outcome has its own estimate (multi-cut: J. R. Birge and F. Louveaux, European Journal of Operational Research 34
(1988), 384-392). The planes found for a few representative outcomes bound all others too, so that the full set is asked
only a few times. Points are asked between the best known and the one the planes propose (in-out: W. Ben-Ameur and
J. Neto, Networks 49 (2007), 3-17), which steadies the search. Whole numbers come last, when the planes are good.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.errors import Cancelled
from mainstay.solve.highs import Clock, Engine, Impossible, Method, Stopped
from mainstay.solve.linear import linear_program
from mainstay.solve.recourse import Crew, Planes
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import Found, Outcomes, Status, Tell, TwoStage, no_first_stage

FEW = 40
"""Outcomes for which the first planes are sought."""
MOST_STEPS = 400
MOST_PLANES = 3_000
"""Dual solutions that are kept for all outcomes, the newest."""
MOST_CUTS = 12
"""Cuts in the first stage per outcome, beyond which those that do not bind are left out."""
BETWEEN = 0.5
"""Where a point is asked: share of the way from the best known to the proposed."""


@dataclass
class Bundle:
    """Planes that hold for every first stage, every budget and every outcome of one core; kept from run to run.

    points : where they were found; unit : [money] a typical loss; best : the last first stage that was the best
    """

    planes: list[Planes] = field(default_factory=list)
    points: list[Array] = field(default_factory=list)
    unit: float = 1.0
    best: Array | None = None

    def add(self, planes: Planes, x: Array) -> None:
        """Keep more of them, found at x."""
        self.planes.append(planes)
        self.points.append(x)
        while sum(map(len, self.planes)) > MOST_PLANES:
            self.planes.pop(0)

    @property
    def all(self) -> Planes:
        """All planes."""
        return Planes.joined(self.planes)


def decompose(
    problem: TwoStage,
    options: Options | None = None,
    *,
    executor: Executor | None = None,
    bundle: Bundle | None = None,
    progress: Tell | None = None,
) -> Found:
    """Solve a two-stage programme to ``options.gap`` with a proven bound.

    executor : whose processes solve the outcomes; None: this one. The answer is the same.
    bundle : planes of the same core, from an earlier run with another budget or risk; more are added to it

    Raises
    ------
    SolveError : no first stage keeps to its rows, or an outcome has no solution
    Cancelled : time or the user stopped it before any first stage was tried on all outcomes
    """
    options = options or Options()
    clock = Clock(options.time_limit)
    bundle = Bundle() if bundle is None else bundle
    crew = Crew(problem.core, replace(options, threads=1), clock, uuid4().hex, executor)
    search = _Search(problem, options, crew, bundle, clock, progress, "all")
    try:
        if not bundle.planes:
            some = representatives(problem.outcomes, FEW)
            few = _Search(
                problem.only(some), replace(options, gap=options.gap / 2), crew, bundle, clock, progress, "few"
            )
            few.begin()
            if len(some) < len(problem.outcomes):
                few.learn()
        search.run()
    except Impossible as impossible:
        raise no_first_stage(impossible) from impossible
    except Stopped as stopped:
        if search.best is None:
            raise Cancelled(f"Stopped ({stopped}) before any design was tried. Allow more time.") from stopped
        search.status = "interrupted" if clock.interrupted.is_set() else "time limit"
    return search.found()


def representatives(outcomes: Outcomes, number: int) -> NDArray[np.int64]:
    """Outcomes that stand for all: evenly over their weight, in the order of how far their sides are shifted."""
    size = np.abs(outcomes.shift).max(axis=0)
    order = np.argsort((outcomes.shift / np.where(size > 0, size, 1.0)).sum(axis=1), kind="stable")
    reached = np.cumsum(outcomes.weights[order])
    places = np.searchsorted(reached, (np.arange(number) + 0.5) / number * reached[-1])
    return np.unique(order[np.minimum(places, len(order) - 1)])


class _Search:
    """One run over one set of outcomes."""

    def __init__(
        self,
        problem: TwoStage,
        options: Options,
        crew: Crew,
        bundle: Bundle,
        clock: Clock,
        progress: Tell | None,
        name: str,
    ) -> None:
        self.problem, self.options, self.crew, self.bundle = problem, options, crew, bundle
        self.clock, self.progress, self.name = clock, progress, name
        self.best: Array | None = None
        self.value, self.bound, self.losses, self.steps = np.inf, -np.inf, np.zeros(0), 0
        self.status: Status = "optimal"

    def begin(self) -> None:
        """The first planes, and how large losses are: with nothing in the first stage."""
        x = np.zeros(len(self.problem.cost))
        answers = self.crew.solve(self.problem.outcomes, x, self.name)
        self.bundle.unit = float(self.problem.outcomes.weights @ np.abs(answers.losses)) or 1.0
        self.bundle.add(answers.planes, x)

    def learn(self) -> None:
        """Until the gap is closed over all numbers."""
        self.master = _Master(self.problem, self.options, self.clock, self.bundle.unit)
        for x in self.bundle.points[-MOST_CUTS:]:
            self._tighten(x)
        self._over_all_numbers()

    def run(self) -> None:
        """Until the gap is closed: over all numbers first, then over whole ones."""
        self.learn()
        if self.problem.is_whole.any():
            self._over_whole_numbers()

    def found(self) -> Found:
        """The best first stage tried."""
        assert self.best is not None
        bound = min(self.bound, self.value)
        status = self.status
        if status == "optimal" and self.value - bound > 1e-6 * max(abs(self.value), 1e-9):
            status = "within gap"
        return Found(self.best, self.value, bound, self.losses, status, self.steps, self.crew.solves)

    def _over_all_numbers(self) -> None:
        share = 1.0
        whole = self.problem.is_whole.any()
        gap = self.options.gap / 2 if whole else self.options.gap
        relaxed_best: Array | None = None
        relaxed_value = np.inf
        if self.bundle.best is not None and self._keeps_rows(self.bundle.best):
            relaxed_best = self.bundle.best
            relaxed_value = self._try(relaxed_best, keep=not whole)
            self._tell("planes", relaxed_value)
        while self.steps < MOST_STEPS:
            proposed, bound = self.master.solve()
            rises = bound > self.bound + 1e-9 * abs(bound)
            self.bound = max(self.bound, bound)
            if _closed(relaxed_value, self.bound, gap):
                break
            if relaxed_best is not None and self._tighten(proposed):
                continue
            x = proposed if relaxed_best is None else relaxed_best + share * (proposed - relaxed_best)
            value = self._try(x, keep=not whole)
            better = value < relaxed_value - 1e-9 * abs(value)
            if better:
                relaxed_best, relaxed_value = x, value
            share = BETWEEN if better or (rises and share == BETWEEN) else 1.0
            self._tell("planes", relaxed_value)
        self.bundle.best = relaxed_best

    def _keeps_rows(self, x: Array) -> bool:
        """Whether x keeps to the rows of the first stage; what is known may come from another budget."""
        problem = self.problem
        rows = problem.rows @ x
        slack = 1e-9 * np.maximum(np.abs(rows), 1.0)
        return bool(np.all(rows <= problem.row_upper + slack) and np.all(rows >= problem.row_lower - slack))

    def _over_whole_numbers(self) -> None:
        tried: set[bytes] = set()
        self._try_rounded()
        while self.steps < MOST_STEPS:
            proposed, bound = self.master.solve_whole(self.options.gap / 4)
            self.bound = max(self.bound, bound)
            if _closed(self.value, self.bound, self.options.gap):
                return
            if self._tighten(proposed):
                continue
            if proposed.tobytes() in tried:
                return
            tried.add(proposed.tobytes())
            self._try(proposed, keep=True)
            self._tell("whole numbers", self.value)
            if _closed(self.value, self.bound, self.options.gap):
                return

    def _try_rounded(self) -> None:
        """The best of all numbers with its whole ones rounded down, where that keeps to the rows."""
        if self.bundle.best is None:
            return
        x = np.where(self.problem.is_whole, np.floor(self.bundle.best + 1e-6), self.bundle.best)
        if self._keeps_rows(x):
            self._try(x, keep=True)
            self._tell("whole numbers", self.value)

    def _try(self, x: Array, *, keep: bool) -> float:
        """What x comes to on all outcomes; their planes are added."""
        problem = self.problem
        self.steps += 1
        answers = self.crew.solve(problem.outcomes, x, self.name)
        value = float(problem.cost @ x) + problem.risk.of(answers.losses, problem.outcomes.weights)
        if keep and value < self.value:
            self.best, self.value, self.losses = x, value, answers.losses
        weights = problem.outcomes.weights
        heavy = np.sort(np.argsort(-weights * np.abs(answers.losses), kind="stable")[:FEW])
        self.bundle.add(answers.planes.take(heavy), x)
        each = np.arange(len(weights))
        level = _own(answers.planes, problem.outcomes)
        self.master.add(each, level, answers.planes.slope[each, problem.outcomes.technology])
        return value

    def _tighten(self, x: Array) -> bool:
        """Add the planes at hand that x violates; whether there were any."""
        planes, outcomes = self.bundle.all, self.problem.outcomes
        level = planes.level(outcomes)
        worth = level + planes.rise(outcomes, x)
        best = np.argmax(worth, axis=0)
        each = np.arange(len(outcomes))
        known = self.master.estimates(x)
        violated = np.flatnonzero(worth[best, each] > known + 1e-6 * (self.bundle.unit + np.abs(known)))
        rise = float(outcomes.weights[violated] @ (worth[best, each] - known)[violated])
        least = self.options.gap / 10 * abs(self.bound) if np.isfinite(self.bound) else 0.0
        if not len(violated) or rise <= least:
            return False
        chosen = best[violated]
        slope = planes.slope[chosen, outcomes.technology[violated]]
        self.master.add(violated, level[chosen, violated], slope)
        return True

    def _tell(self, step: str, value: float) -> None:
        if self.progress:
            self.progress(step, self.steps, self.bound, value)


def _closed(value: float, bound: float, gap: float) -> bool:
    return bool(np.isfinite(value)) and value - bound <= gap * max(abs(value), 1e-9)


def _own(planes: Planes, outcomes: Outcomes) -> Array:
    """Worth at x = 0 of each outcome's own plane (S,)."""
    with np.errstate(invalid="ignore"):
        limits = np.where(planes.most == 0, 0.0, planes.most * outcomes.most).sum(axis=1)
    return np.asarray(planes.constant + (planes.shift * outcomes.shift).sum(axis=1) + limits)


class _Master:
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
        self._outcome: list[int] = []
        self._level: list[float] = []
        self._slope: list[Array] = []
        self._started = False

    def add(self, which: Sequence[int] | NDArray[np.int64], level: Array, slope: Array) -> None:
        """Estimate of each outcome named >= level + slope @ x."""
        known = (np.abs(slope) > 0).any(axis=1) | (level > self.problem.floor)
        for outcome, least, rise in zip(np.asarray(which)[known], level[known], slope[known], strict=True):
            self._outcome.append(int(outcome))
            self._level.append(float(least))
            self._slope.append(rise)
            self._pass(int(outcome), float(least), rise)

    def _pass(self, outcome: int, level: float, slope: Array) -> None:
        level, slope = level / self._unit, slope / self._unit
        size = max(1.0, float(np.abs(slope).max(initial=0.0)))
        row = np.zeros(len(self._cost))
        row[: self._n] = slope / size
        row[self._estimates.start + outcome] = -1.0 / size
        self._engine.add_limit(row, -level / size)

    def estimates(self, x: Array) -> Array:
        """What the planes say of each outcome at x (S,)."""
        known = np.full(len(self.problem.outcomes), self.problem.floor)
        if self._level:
            np.maximum.at(known, self._outcome, np.array(self._level) + np.array(self._slope) @ x)
        return known

    def solve(self) -> tuple[Array, float]:
        """The best x by the planes, and the bound that it proves."""
        method: Method = "dual simplex" if self._started else "simplex from nothing"
        answer = self._engine.solve(method)
        self._started = True
        x = np.clip(answer.columns[: self._n], 0.0, self.problem.most)
        self._thin(x)
        return x, float(self._cost @ answer.columns) * self._unit

    def solve_whole(self, gap: float) -> tuple[Array, float]:
        """The same in whole numbers, to a gap."""
        answer = self._engine.solve_whole(self._whole, gap, self._engine.clock.left, None)
        self._started = False
        x = np.clip(answer.columns[: self._n], 0.0, self.problem.most)
        x[self.problem.is_whole] = np.round(x[self.problem.is_whole])
        return x, float(answer.bound * self._size) * self._unit

    def _thin(self, x: Array) -> None:
        """Leave out cuts that are far from binding at x, when there are too many."""
        if len(self._level) <= MOST_CUTS * len(self.problem.outcomes) + 1_000:
            return
        worth = np.array(self._level) + np.array(self._slope) @ x
        slack = self.estimates(x)[self._outcome] - worth
        keep = np.argsort(slack, kind="stable")[: len(self._level) // 2]
        keep.sort()
        self._outcome = [self._outcome[n] for n in keep]
        self._level = [self._level[n] for n in keep]
        self._slope = [self._slope[n] for n in keep]
        self._engine.drop_limits()
        for cut in zip(self._outcome, self._level, self._slope, strict=True):
            self._pass(*cut)
        self._started = False
