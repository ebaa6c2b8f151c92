"""A design: what to make ready, with its proof, beside simple rules, on fresh futures, and for other budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import polars as pl

from mainstay.errors import Cancelled, UsageError
from mainstay.network.kinds.serve import DEPRIVATION
from mainstay.prepare import results
from mainstay.prepare.future import Future, futures_of
from mainstay.prepare.model import Preparation, make_preparation
from mainstay.prepare.peacetime import peacetime_use
from mainstay.prepare.rotation import RotationPlan, plan_rotation
from mainstay.prepare.rules import RULES
from mainstay.solve import Bundle, Found, Options, Outcomes, Risk, TwoStage, cvar, decompose, solve_extensive
from mainstay.solve.highs import Clock, Stopped
from mainstay.solve.recourse import Crew
from mainstay.solve.solution import Array
from mainstay.solve.two_stage import Tell
from mainstay.solve.values import value_of_information, value_of_stochastic
from mainstay.tables import Case

Method = Literal["auto", "whole", "decomposed"]

SMALL = 30_000
"""Columns up to which all futures are solved as one programme; above, they are decomposed."""
SMALL_WHOLE = 2_000
"""The same where whole numbers are asked for."""
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Budgets of the frontier, as multiples of the design's own."""
CONFIDENCE = 1.96
"""Standard errors on either side of a mean in its 95 % confidence interval."""


@dataclass(frozen=True)
class Policy:
    """What is asked of a design.

    budget : most that all that stands ready may cost a year [money]; None: no limit
    worth : [money] what losing all vital need of an item of weight 1 counts, of an average future; None: ten times
        what all options cost a year, so that need decides
    caution : 0 (the mean of all futures) to 1 (the worst alone); level : the worst 1 - level count as such
    deprivation : weight of a unit that a place is behind, per day, against a unit lost; 0: a unit lost counts once
    method : ``whole``: all futures as one programme; ``decomposed``: one by one, with planes; ``auto``: by size
    """

    budget: float | None = None
    worth: float | None = None
    caution: float = 0.5
    level: float = 0.9
    deprivation: float = DEPRIVATION
    method: Method = "auto"

    def __post_init__(self) -> None:
        if self.budget is not None and not 0 <= self.budget < np.inf:
            raise UsageError(
                f"The budget is money a year, 0 or more; found {self.budget:g}. Leave it out for no limit."
            )
        if self.worth is not None and not 0 < self.worth < np.inf:
            raise UsageError(f"The worth of a need is money above 0; found {self.worth:g}.")
        if not 0 <= self.deprivation < np.inf:
            raise UsageError(f"The weight of deprivation is 0 or more; found {self.deprivation:g}.")
        _ = self.risk

    @property
    def risk(self) -> Risk:
        """How losses are weighed."""
        return Risk(self.caution, self.level)


@dataclass(frozen=True)
class Tried:
    """What some futures bring with one first stage.

    losses (S,) weighted shares of need, money (S,) spent on what is done, lost (S, needs) [units of the item]
    weights (S,), needed (S, needs) [units], worths (needs,) of a unit
    """

    weights: Array
    losses: Array
    money: Array
    lost: Array
    needed: Array
    worths: Array

    @property
    def mean(self) -> float:
        """Mean loss."""
        return float(self.weights @ self.losses)

    def worst(self, level: float) -> float:
        """Mean loss of the worst 1 - level."""
        return cvar(self.losses, self.weights, level)[1]

    @property
    def fill_rates(self) -> Array:
        """Share of the weighted need that each future meets (S,)."""
        return np.asarray(1.0 - (self.lost @ self.worths) / np.maximum(self.needed @ self.worths, 1e-300))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the mean loss, its futures being draws."""
        error = float(np.sqrt((self.weights**2) @ (self.losses - self.mean) ** 2))
        return max(self.mean - CONFIDENCE * error, 0.0), self.mean + CONFIDENCE * error


@dataclass(frozen=True)
class Point:
    """One design of the frontier; ``trials`` as those of a design, empty where it is the one that was asked for."""

    budget: float | None
    found: Found
    cost: float
    tried: Tried
    trials: Mapping[str, tuple[float, Tried]] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """What to make ready.

    found : with its proof; here : the futures prepared for, with it; without : with nothing
    stochastic, information : [money] value of reckoning with all futures, and of knowing which comes (at most); None:
        not reckoned, as of a design ``at`` another point of the frontier
    rules, trials : name -> cost and what it brings, of the futures prepared for, and of fresh ones
    frontier : designs of other budgets, the least first
    """

    preparation: Preparation
    policy: Policy
    found: Found
    here: Tried
    without: Tried
    stochastic: float | None
    information: float | None
    rules: Mapping[str, tuple[float, Tried]]
    trials: Mapping[str, tuple[float, Tried]]
    frontier: tuple[Point, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case as it is prepared for."""
        return self.preparation.case

    @property
    def quantities(self) -> Array:
        """Units of each option (n,)."""
        return self.found.x * self.preparation.unit

    @property
    def cost(self) -> float:
        """Cost a year [money]."""
        return float(self.preparation.problem.cost @ self.found.x)

    @cached_property
    def rotated(self) -> dict[tuple[str, str], float]:
        """(item, place) -> what is rotated through those whom the table ``rotations`` says to use it daily [units]."""
        kept = set(self.case["rotations"].select("item", "place").iter_rows())
        options = self.preparation.options.with_columns(held=pl.Series(self.quantities)).filter(form="rotated")
        sums = options.group_by("item", "place").agg(pl.col("held").sum())
        return {(item, place): quantity for item, place, quantity in sums.iter_rows() if (item, place) in kept}

    @cached_property
    def rotation(self) -> RotationPlan:
        """How rotated goods are kept fresh."""
        return plan_rotation(self.case, self.rotated)

    @cached_property
    def peacetime(self) -> pl.DataFrame:
        """Table ``peacetime``: how busy the case's lines, those kept ready and what is rotated are without an event."""
        kind_of = dict(self.case["lines"].select("line", "kind").iter_rows())
        lines = dict(self.case["lines"].group_by("kind").agg(pl.col("quantity").sum()).iter_rows())
        for form, line, more in zip(*self.preparation.options["form", "line"], self.quantities.tolist(), strict=True):
            if form == "line":
                lines[kind_of[line]] += more
        return peacetime_use(self.case, lines=lines, held=self.rotated)

    @property
    def asked(self) -> int | None:
        """The point of the frontier that is this design; None: it is not among them."""
        return next((n for n, point in enumerate(self.frontier) if point.found is self.found), None)

    def at(self, number: int) -> Design:
        """The design of a point of the frontier, of which the value of knowing was not reckoned."""
        point = self.frontier[number]
        if number == self.asked:
            return self
        alone = replace(self, found=point.found, here=point.tried, stochastic=None, information=None, rules={})
        return replace(alone, policy=replace(self.policy, budget=point.budget), trials=point.trials)

    @property
    def knee(self) -> int | None:
        """The point of the frontier from which on more money brings clearly less; None: there is none."""
        return knee([point.cost for point in self.frontier], [self._risked(point.tried) for point in self.frontier])

    def _risked(self, tried: Tried) -> float:
        return self.policy.risk.of(tried.losses, tried.weights)

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of preparing, as declared."""
        return results.tables_of(self)

    def to_json(self) -> dict[str, Any]:
        """What was asked and found, in one object."""
        return results.summary(self)

    def write(self, folder: str | Path) -> Path:
        """Write the tables as CSV and the answer as ``prepare.json``; say where."""
        return results.write(self.tables, self.to_json(), Path(folder))


def make_design(
    case: Case,
    futures: Sequence[Future] | None = None,
    policy: Policy | None = None,
    *,
    fresh: Sequence[Future] = (),
    frontier: bool | Sequence[float] = False,
    options: Options | None = None,
    executor: Executor | None = None,
    progress: Tell | None = None,
) -> Design:
    """What to make ready in a case, before it is known which future comes.

    Parameters
    ----------
    futures : to prepare for; None: those of the tables ``futures``, ``needs`` and ``future_losses``
    fresh : further futures, on which the design and simple rules of the same money are tried
    frontier : also the best designs of smaller and larger budgets, or of these [money a year]
    options : gap to be proven, time limit, seed of the solver
    executor : whose processes solve the futures; None: this one. The answer is the same.

    Raises
    ------
    DataError : the case has errors; UsageError : futures, options or policy make no sense; SolveError, Cancelled
    """
    try:
        return _made(case, futures, policy or Policy(), fresh, frontier, options or Options(), executor, progress)
    except Stopped as stopped:
        raise Cancelled(f"Stopped ({stopped}) before the design was complete. Allow more time.") from stopped


def _made(
    case: Case,
    futures: Sequence[Future] | None,
    policy: Policy,
    fresh: Sequence[Future],
    frontier: bool | Sequence[float],
    options: Options,
    executor: Executor | None,
    progress: Tell | None,
) -> Design:
    clock = perf_counter()
    preparation = make_preparation(
        case,
        futures_of(case) if futures is None else futures,
        fresh=fresh,
        worth=policy.worth,
        risk=policy.risk,
        deprivation=policy.deprivation,
    )
    bench = _Bench(preparation, policy, options, executor, progress)
    compiled = perf_counter()
    problem = preparation.with_budget(policy.budget)
    found = bench.solve(problem)
    solved = perf_counter()
    budget = float(problem.cost @ found.x) if policy.budget is None else policy.budget
    firsts = {"design": found.x} | {name: rule(preparation, budget) for name, rule in RULES.items()}
    here = {name: bench.tried(x) for name, x in firsts.items()}
    costs = {name: float(problem.cost @ x) for name, x in firsts.items()}
    patient = replace(options, time_limit=None)  # the time limit is for the design
    stochastic = value_of_stochastic(problem, found, bench.crew, patient)
    information = value_of_information(problem, found, patient)
    points = bench.frontier(_budgets(frontier, budget), budget, found) if frontier else ()
    seconds = {"compiling": compiled - clock, "design": solved - compiled, "beside": perf_counter() - solved}
    return Design(
        preparation,
        policy,
        found,
        here["design"],
        here["nothing"],
        stochastic,
        information,
        {name: (costs[name], tried) for name, tried in here.items()},
        bench.trials(found.x, budget),
        points,
        seconds,
    )


class _Bench:
    """A preparation, to be solved for one budget after the other; planes are kept from one to the next."""

    def __init__(
        self,
        preparation: Preparation,
        policy: Policy,
        options: Options,
        executor: Executor | None,
        progress: Tell | None,
    ) -> None:
        self.preparation, self.policy, self.options = preparation, policy, options
        self.executor, self.progress = executor, progress
        alone = replace(options, threads=1)
        core = preparation.problem.core
        self.bundle = Bundle()
        self.crew = Crew(core, alone, Clock(None), uuid4().hex, executor, left=self.bundle.left)
        columns = len(preparation.problem.outcomes) * len(core.price)
        small = SMALL_WHOLE if preparation.problem.is_whole.any() else SMALL
        self.is_whole = policy.method == "whole" or (policy.method == "auto" and columns <= small)

    def solve(self, problem: TwoStage) -> Found:
        """The best first stage."""
        if self.is_whole:
            return solve_extensive(problem, self.options)
        return decompose(problem, self.options, executor=self.executor, bundle=self.bundle, progress=self.progress)

    def tried(self, x: Array, *, fresh: bool = False) -> Tried:
        """What the futures prepared for, or the fresh ones, bring with x."""
        preparation = self.preparation
        outcomes: Outcomes = preparation.fresh if fresh else preparation.problem.outcomes
        parts = self.crew.solve(outcomes, x, "fresh" if fresh else "all").parts
        needed = preparation.fresh_needed if fresh else preparation.needed
        worths = preparation.needs["weight"].to_numpy()
        return Tried(outcomes.weights, parts[:, 0], parts[:, 1], parts[:, 2:], needed, worths)

    def trials(self, x: Array, budget: float) -> dict[str, tuple[float, Tried]]:
        """Cost of x and of the rules of the same money, and what fresh futures bring with them; none: nothing."""
        preparation = self.preparation
        if not len(preparation.fresh.weights):
            return {}
        firsts = {"design": x} | {name: rule(preparation, budget) for name, rule in RULES.items()}
        cost = preparation.problem.cost
        return {name: (float(cost @ first), self.tried(first, fresh=True)) for name, first in firsts.items()}

    def frontier(self, budgets: Sequence[float], asked: float, found: Found) -> tuple[Point, ...]:
        """The best design of each budget, up to all that can be had; of the one that was asked for it is there."""
        everything = self.preparation.everything
        points = []
        for number, each in enumerate(sorted({min(budget, everything) for budget in budgets}), 1):
            if self.progress:
                self.progress("frontier", number, np.nan, np.nan)
            problem = self.preparation.with_budget(each)
            best = found if each == min(asked, everything) else self.solve(problem)
            cost = float(problem.cost @ best.x)
            trials = {} if best is found else self.trials(best.x, each)
            points.append(Point(each, best, cost, self.tried(best.x), trials))
        return tuple(points)


def _budgets(frontier: bool | Sequence[float], asked: float) -> Sequence[float]:
    return [step * asked for step in STEPS] if isinstance(frontier, bool) else [*frontier, asked]


def knee(costs: Sequence[float], risked: Sequence[float]) -> int | None:
    """Number of the point farthest below the line from the first to the last, both sides scaled to 1; None: no curve.

    Source: V. Satopaa and others, Finding a "Kneedle" in a haystack, ICDCS Workshops (2011).

    >>> knee([0, 1, 2, 3], [10, 3, 2, 1])
    1
    """
    if len(costs) < 3 or costs[-1] <= costs[0] or risked[0] <= risked[-1]:
        return None
    along = (np.array(costs) - costs[0]) / (costs[-1] - costs[0])
    down = (risked[0] - np.array(risked)) / (risked[0] - risked[-1])
    height = down - along
    best = int(np.argmax(height))
    return best if height[best] > 1e-6 else None
