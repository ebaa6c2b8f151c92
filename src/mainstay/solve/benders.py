"""Decomposition: a first stage that knows each outcome only by planes below it, and asks for more where it stands.

Every outcome has its own estimate (multi-cut: J. R. Birge and F. Louveaux, European Journal of Operational Research 34
(1988), 384-392). In most rounds only a sample of outcomes is asked, drawn where the estimates weigh most (importance
sampling: G. Infanger, Annals of Operations Research 39 (1992), 69-95); a plane found for one outcome bounds all others
too, and what the sample adds says how far the estimates of the others may be off. All outcomes are asked when that
promises to close the gap: only then is there a value. Points are asked between the best known and the one the planes
propose (in-out: W. Ben-Ameur and J. Neto, Networks 49 (2007), 3-17), which steadies the search. Whole numbers come
last, when the planes are good.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import Cancelled
from mainstay.solve.highs import Clock, Impossible, Stopped
from mainstay.solve.master import Master
from mainstay.solve.recourse import Answers, Crew, Left, Planes
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import Found, Status, Tell, TwoStage, no_first_stage

SAMPLE = 48
"""Outcomes that are asked in a round, at most."""
FEW = 16
"""Outcomes that are asked for the first planes; up to so many are all asked in every round."""
MOST_STEPS = 400
MOST_PLANES = 3_000
"""Dual solutions that are kept for all outcomes, the newest."""
MOST_POINTS = 12
"""Points of an earlier run at which the first stage is told of the planes at hand, the newest."""
BETWEEN = 0.5
"""Where a point is asked: share of the way from the best known to the proposed."""
SLIGHT = 1e-3
"""Share of a typical loss that each outcome counts at least when a sample is drawn: planes may not know yet."""
ALL = "all"
"""Name of the set of all outcomes."""
TURN = (np.sqrt(5) - 1) / 2
"""By how much of the distance between two that are drawn, one round's sample lies beside the last: never the same."""


@dataclass
class Bundle:
    """Planes that hold for every first stage, every budget and every outcome of one core; kept from run to run.

    points : where they were found; unit : [money] a typical loss; best : the last first stage that was the best
    left : where outcomes were left, as ``Crew`` keeps it
    """

    planes: list[Planes] = field(default_factory=list)
    points: list[Array] = field(default_factory=list)
    unit: float = 1.0
    best: Array | None = None
    left: Left = field(default_factory=dict)

    def add(self, planes: Planes, x: Array) -> None:
        """Keep more of them, found at x."""
        self.planes.append(planes)
        self.points.append(x)
        while sum(map(len, self.planes)) > MOST_PLANES:
            self.planes.pop(0)


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
    crew = Crew(problem.core, replace(options, threads=1), clock, uuid4().hex, executor, left=bundle.left)
    search = _Search(problem, options, crew, bundle, clock, progress)
    try:
        search.run()
    except Impossible as impossible:
        raise no_first_stage(impossible) from impossible
    except Stopped as stopped:
        if search.best is None:
            raise Cancelled(f"Stopped ({stopped}) before any design was tried. Allow more time.") from stopped
        search.status = "interrupted" if clock.interrupted.is_set() else "time limit"
    return search.found()


def drawn(order: Array, importance: Array, number: int, offset: float) -> NDArray[np.int64]:
    """At most so many outcomes, evenly over their importance, in an order; offset 0 to 1: where the first is drawn.

    >>> drawn(np.array([3.0, 1.0, 2.0]), np.array([1.0, 8.0, 1.0]), 2, 0.5)
    array([1])
    """
    along = np.argsort(order, kind="stable")
    reached = np.cumsum(importance[along])
    places = np.searchsorted(reached, (np.arange(number) + offset) / number * reached[-1])
    return np.unique(along[np.minimum(places, len(along) - 1)])


class _Search:
    """One run."""

    def __init__(
        self, problem: TwoStage, options: Options, crew: Crew, bundle: Bundle, clock: Clock, progress: Tell | None
    ) -> None:
        self.problem, self.options, self.crew, self.bundle = problem, options, crew, bundle
        self.clock, self.progress = clock, progress
        self.best: Array | None = None
        self.value, self.bound, self.losses, self.steps = np.inf, -np.inf, np.zeros(0), 0
        self.status: Status = "optimal"
        self._levels: list[tuple[Planes, Array]] = []

    def run(self) -> None:
        """Until the gap is closed: over all numbers first, then over whole ones."""
        if not self.bundle.planes:
            self._begin()
        self.master = Master(self.problem, self.options, self.clock, self.bundle.unit)
        for x in self.bundle.points[-MOST_POINTS:]:
            self._tighten(x)
        near = self._over_all_numbers()
        if self.problem.is_whole.any():
            self._over_whole_numbers(near)

    def found(self) -> Found:
        """The best first stage tried."""
        assert self.best is not None
        bound = min(self.bound, self.value)
        status = self.status
        if status == "optimal" and self.value - bound > 1e-6 * max(abs(self.value), 1e-9):
            status = "within gap"
        return Found(self.best, self.value, bound, self.losses, status, self.steps, self.crew.solves)

    def _begin(self) -> None:
        """The first planes, and how large losses are: with nothing in the first stage."""
        outcomes, x = self.problem.outcomes, np.zeros(len(self.problem.cost))
        size = np.abs(outcomes.shift).max(axis=0)
        some = drawn((outcomes.shift / np.where(size > 0, size, 1.0)).sum(axis=1), outcomes.weights, FEW, 0.5)
        answers = self.crew.solve(outcomes, x, ALL, some)
        weights = outcomes.weights[some]
        self.bundle.unit = float(weights @ np.abs(answers.losses) / weights.sum()) or 1.0
        self.bundle.add(answers.planes, x)

    def _over_all_numbers(self) -> Array:
        """Until all outcomes close the gap; before whole numbers, until estimates close half. The best."""
        goes_on, half = self.problem.is_whole.any(), self.options.gap / 2
        share, near, near_value = 1.0, np.zeros(len(self.problem.cost)), np.inf
        if self.bundle.best is not None and self._keeps_rows(self.bundle.best):
            near, near_value = self.bundle.best, self._ask_some(self.bundle.best, keep=not goes_on)
        while self.steps < MOST_STEPS:
            proposed, bound = self.master.solve()
            rises = bound > self.bound + 1e-9 * abs(bound)
            self.bound = max(self.bound, bound)
            if _closed(near_value, self.bound, half if goes_on else self.options.gap):
                if goes_on or _closed(self.value, self.bound, self.options.gap):
                    break
                near_value = self._ask_all(near)
                continue
            if self._tighten(proposed):
                continue
            x = proposed if np.isinf(near_value) else near + share * (proposed - near)
            value = self._ask_some(x, keep=not goes_on)
            better = value < near_value - 1e-9 * abs(value)
            if better:
                near, near_value = x, value
            share = BETWEEN if better or (rises and share == BETWEEN) else 1.0
            self._tell("planes", near_value)
        self.bundle.best = near
        return near

    def _over_whole_numbers(self, near: Array) -> None:
        """Until all outcomes close the gap: first with the best rounded down, then with what the planes propose."""
        gap = self.options.gap
        asked: set[bytes] = set()
        proposed = self.master.solve_rounded(near)
        while self.steps < MOST_STEPS and not _closed(self.value, self.bound, gap):
            if proposed is not None:
                is_known = proposed.tobytes() in asked
                asked.add(proposed.tobytes())
                if is_known or _closed(self._ask_some(proposed, keep=True), self.bound, gap):
                    self._ask_all(proposed)
                self._tell("whole numbers", self.value)
            proposed = self._propose_whole()

    def _propose_whole(self) -> Array | None:
        """What the planes propose in whole numbers; None: they know already that it is worse."""
        proposed, bound = self.master.solve_whole(self.options.gap / 4)
        self.bound = max(self.bound, bound)
        return None if self._tighten(proposed) else proposed

    def _keeps_rows(self, x: Array) -> bool:
        """Whether x keeps to the rows of the first stage; what is known may come from another budget."""
        problem = self.problem
        rows = problem.rows @ x
        slack = 1e-9 * np.maximum(np.abs(rows), 1.0)
        return bool(np.all(rows <= problem.row_upper + slack) and np.all(rows >= problem.row_lower - slack))

    def _ask_all(self, x: Array, *, keep: bool = True) -> float:
        """What x comes to on all outcomes; each gets its plane."""
        problem, weights = self.problem, self.problem.outcomes.weights
        self.steps += 1
        answers = self.crew.solve(problem.outcomes, x, ALL)
        value = float(problem.cost @ x) + problem.risk.of(answers.losses, weights)
        if keep and value < self.value:
            self.best, self.value, self.losses = x, value, answers.losses
        some = self._drawn(answers.losses)
        self.bundle.add(answers.planes.take(some), x)
        self._add(np.arange(len(weights)), answers.planes.own_level(problem.outcomes), answers.planes.taken)
        return value

    def _ask_some(self, x: Array, *, keep: bool = False) -> float:
        """What x comes to as far as a sample of the outcomes tells; all outcomes get its planes."""
        problem, weights = self.problem, self.problem.outcomes.weights
        if len(weights) <= FEW:
            return self._ask_all(x, keep=keep)
        self.steps += 1
        known = self.master.estimates(x)
        some = self._drawn(known)
        answers = self.crew.solve(problem.outcomes, x, ALL, some)
        self.bundle.add(answers.planes, x)
        self._tighten(x)
        losses = self.master.estimates(x)
        missing = self._missing(x, some, answers, known[some])
        losses += missing * np.abs(losses)
        losses[some] = answers.losses
        return float(problem.cost @ x) + problem.risk.of(losses, weights)

    def _missing(self, x: Array, some: NDArray[np.int64], answers: Answers, known: Array) -> float:
        """By what share estimates fall short of outcomes that were not asked: each asked one, by the others' planes."""
        outcomes = self.problem.outcomes.take(some)
        worth = answers.planes.level(outcomes) + answers.planes.rise(outcomes, self.problem.core.given(x))
        np.fill_diagonal(worth, -np.inf)
        known = np.maximum(known, worth.max(axis=0))
        shares = self.problem.risk.shares(answers.losses, outcomes.weights / outcomes.weights.sum())
        return float(shares @ (answers.losses - known)) / max(float(shares @ np.abs(answers.losses)), 1e-9)

    def _drawn(self, losses: Array) -> NDArray[np.int64]:
        """A sample of the outcomes, evenly over what each adds to what is at stake."""
        shares = self.problem.risk.shares(losses, self.problem.outcomes.weights)
        importance = shares * (np.abs(losses) + SLIGHT * self.bundle.unit)
        return drawn(losses, importance, SAMPLE, self.steps * TURN % 1)

    def _add(self, which: NDArray[np.int64], level: Array, taken: Array) -> None:
        """Give the first stage a plane for each of some outcomes."""
        slope = self.problem.core.slope(taken, self.problem.outcomes.technology[which])
        self.master.add(which, level, slope)

    def _tighten(self, x: Array) -> bool:
        """Add the planes at hand that x violates; whether there were any."""
        worth, level, taken = self._highest(x)
        known = self.master.estimates(x)
        violated = np.flatnonzero(worth > known + 1e-6 * (self.bundle.unit + np.abs(known)))
        rise = float(self.problem.outcomes.weights[violated] @ (worth - known)[violated])
        least = self.options.gap / 10 * abs(self.bound) if np.isfinite(self.bound) else 0.0
        if not len(violated) or rise <= least:
            return False
        self._add(violated, level[violated], taken[violated])
        return True

    def _highest(self, x: Array) -> tuple[Array, Array, Array]:
        """The plane at hand that is the highest at x, for each outcome: its worth there (S,), at 0, what it takes."""
        outcomes, core = self.problem.outcomes, self.problem.core
        known = {id(planes): level for planes, level in self._levels}
        self._levels = [
            (planes, known[id(planes)] if id(planes) in known else planes.level(outcomes))
            for planes in self.bundle.planes
        ]
        given, each = core.given(x), np.arange(len(outcomes))
        worth, at_nothing = np.full(len(outcomes), -np.inf), np.full(len(outcomes), -np.inf)
        taken = np.zeros((len(outcomes), len(core.taking)))
        for planes, level in self._levels:
            here = level + planes.rise(outcomes, given)
            best = np.argmax(here, axis=0)
            better = here[best, each] > worth
            worth[better] = here[best, each][better]
            at_nothing[better] = level[best, each][better]
            taken[better] = planes.taken[best[better]]
        return worth, at_nothing, taken

    def _tell(self, step: str, value: float) -> None:
        if self.progress:
            self.progress(step, self.steps, self.bound, value)


def _closed(value: float, bound: float, gap: float) -> bool:
    return bool(np.isfinite(value)) and value - bound <= gap * max(abs(value), 1e-9)
