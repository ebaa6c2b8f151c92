"""Plans for several scenarios at once: one set of decisions for the first days, and a plan for each that goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.network.scenarios import COMMON, Part, common_periods, compile_scenarios, normalised
from mainstay.plan.needs import checked, with_needs_of
from mainstay.plan.plan import Plan, finished
from mainstay.solve import Options, Progress, Solution, StageProof, solve
from mainstay.tables import Case


@dataclass(frozen=True)
class ScenarioPlans:
    """A plan for each scenario; in the first days all of them decide the same.

    plans : by scenario, each with its tables and its check; weights : of the scenarios, summing to 1
    common_days : first days whose decisions are common; stages : value, bound and gap of the weighted sum over the
    scenarios, which the plans carry too
    """

    plans: Mapping[str, Plan]
    weights: Mapping[str, float]
    common_days: int

    @property
    def _any(self) -> Plan:
        return next(iter(self.plans.values()))

    @property
    def status(self) -> str:
        """Status of the solver."""
        return self._any.status

    @property
    def stages(self) -> tuple[StageProof, ...]:
        """Value, bound and gap of each stage, summed over the scenarios by weight."""
        return self._any.stages

    @property
    def ok(self) -> bool:
        """Whether every plan passes its check."""
        return all(plan.ok for plan in self.plans.values())

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds of each step of the work."""
        return self._any.seconds

    @property
    def now(self) -> pl.DataFrame:
        """The common decisions, in the columns of the table ``decisions``."""
        calendar = self._any.calendar
        dates = np.array(calendar.dates)[common_periods(calendar, self.common_days)]
        return self._any.tables["decisions"].filter(pl.col("date").is_in(dates.tolist()) & pl.col("kind").is_in(COMMON))

    @property
    def fill_rates(self) -> pl.DataFrame:
        """Scenario, weight, tier and the tier's fill rate, 0 to 1."""
        return pl.concat(
            [
                plan.summary.by_tier.select(
                    pl.lit(name).alias("scenario"), pl.lit(self.weights[name]).alias("weight"), "tier", "fill_rate"
                )
                for name, plan in self.plans.items()
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """The plans in one object: the proof once, then fill rates, shortages and check of each scenario."""
        whole = self._any.to_json()
        of_each = ("fill_rate", "shortage", "check", "inputs_hash")
        scenarios = {}
        for name, plan in self.plans.items():
            mine = plan.to_json()
            scenarios[name] = {"weight": self.weights[name]} | {key: mine[key] for key in of_each}
        of_all = {key: value for key, value in whole.items() if key not in of_each}
        return of_all | {"common_days": self.common_days, "scenarios": scenarios}

    def write(
        self,
        folder: str | Path,
        *,
        report: bool = True,
        briefing: bool = False,
        fonts: Path | None = None,
    ) -> Path:
        """Write each plan into a folder of its scenario's name; the common decisions and the proof beside them."""
        from mainstay.plan.write import write_scenarios

        return write_scenarios(self, Path(folder), report=report, briefing=briefing, fonts=fonts)


def plan_scenarios(
    case: Case,
    scenarios: Mapping[str, float] | Sequence[str],
    *,
    common_days: int | None = None,
    horizon: str | None = None,
    in_force: pl.DataFrame | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> ScenarioPlans:
    """Plan a case on several scenarios of its needs at once.

    Parameters
    ----------
    case : as ``read`` gives it
    scenarios : weight of each, of which only the proportions count; or names, weighted by the table ``scenarios``.
        Scenarios of the table needs; where needs are derived also ``median`` and the joint paths (``path1``, each
        with its share of all paths), and the what-if scenarios of the course, each by its median
    common_days : first days whose decisions are common to all; the case's frozen days or, where there are none, the
        first period
    horizon, in_force, options, progress : as for ``make_plan``

    Raises
    ------
    DataError : the case has errors, or no needs of one of the scenarios
    UsageError : a weight or the common days cannot be used; needs are derived, and not for one of the scenarios
    SolveError : the solver gave no plan
    """
    case = case if horizon is None else case.replace(horizon=horizon)
    case, demands, shares = with_needs_of(case, list(scenarios))
    named = scenarios if isinstance(scenarios, Mapping) else scenario_weights(case, scenarios) | shares
    weights = normalised(named)
    cases = {name: checked(case.replace(scenario=name)) for name in weights}
    days = _common_days(case, common_days)
    clock = perf_counter()
    combined = compile_scenarios(case, weights, days, in_force)
    compiled = perf_counter()
    solution = solve(combined.network, options or Options(), progress=progress)
    seconds = {"compile": compiled - clock}
    plans = {
        name: replace(
            finished(cases[name], part.network, solution_of(part, solution), seconds),
            demand=demands.get(name),
            together=tuple(weights),
            common_days=days,
        )
        for name, part in combined.parts.items()
    }
    return ScenarioPlans(plans, weights, days)


def _common_days(case: Case, common_days: int | None) -> int:
    first = case.calendar.days[0]
    if common_days is None:
        return max(case.frozen_days, first)
    if common_days > case.calendar.num_days:
        raise UsageError(f"{common_days} common days: the plan has {case.calendar.num_days}. Give at most that many.")
    if common_days < 0 or 0 < common_days < first:
        raise UsageError(
            f"{common_days} common days hold no whole period: the first one has {first} days. Give at least {first}, "
            "or 0 to plan the scenarios side by side."
        )
    return common_days


def scenario_weights(case: Case, names: Sequence[str]) -> dict[str, float]:
    """Weight of each scenario: that of the table ``scenarios``, 1 where it does not name the scenario.

    Raises
    ------
    UsageError : a scenario is named twice, or has several weights in the table
    """
    known = dict(
        case["scenarios"].group_by("scenario").agg(pl.col("weight").unique()).select("scenario", "weight").iter_rows()
    )
    weights: dict[str, float] = {}
    for name in names:
        given = known.get(name, [1.0])
        if name in weights:
            raise UsageError(f"The scenario {name} is named twice. Name each once.")
        if len(given) > 1:
            raise UsageError(f"The scenario {name} has several weights in the table scenarios. Give its rows the same.")
        weights[name] = given[0]
    return weights


def solution_of(part: Part, solution: Solution) -> Solution:
    """What the solution of the combined network says of one scenario: common starts and its own; prices as if alone."""
    starts = solution.extents[part.own]
    common = np.where((part.common >= 0)[:, None], solution.extents[part.common], 0.0)
    return replace(
        solution,
        extents=starts + common,
        levels=solution.levels[part.resources],
        prices={stage: prices[part.resources] / part.weight for stage, prices in solution.prices.items()},
    )
