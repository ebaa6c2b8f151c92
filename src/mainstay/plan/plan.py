"""The plan: choose the tasks, prove the result, show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from mainstay.calendar import Calendar
from mainstay.chain import Chain
from mainstay.demand import Demand
from mainstay.network.compile import compile
from mainstay.network.network import Network
from mainstay.plan.chain import chain_of
from mainstay.plan.check import CheckReport, check_plan
from mainstay.plan.needs import with_needs
from mainstay.plan.reasons import reasons
from mainstay.plan.results import result_tables
from mainstay.plan.rounding import largest_remainders
from mainstay.plan.summary import Summary, summarise
from mainstay.solve import Options, Progress, Solution, StageProof, solve
from mainstay.tables import Case


@dataclass(frozen=True)
class Plan:
    """A plan with its proof and its check; ``plan.shortages`` is the result table of that name.

    case : as it was planned, with the needs derived if they were
    demand : where the needs come from; None: the case brought them
    status : of the solver; tables : result table by name; stages : value, bound and gap of each stage
    check : every rule, walked from the tables alone; seconds : of each step of the work
    together : scenarios that were planned on at once, this one among them; common_days : first days in which all of
        them decide the same; empty and 0: it was planned alone
    """

    case: Case
    network: Network
    status: str
    tables: Mapping[str, pl.DataFrame]
    stages: tuple[StageProof, ...]
    check: CheckReport
    summary: Summary
    solution: Solution
    demand: Demand | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    common_days: int = 0

    def __getattr__(self, name: str) -> pl.DataFrame:
        tables: Mapping[str, pl.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"A plan has no {name}. Its tables: {', '.join(tables)}.")

    @property
    def ok(self) -> bool:
        """Whether the plan passes its check."""
        return self.check.ok

    @property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return self.network.calendar

    def allocation(self, item: str, first: date, last: date) -> pl.DataFrame:
        """Who gets how much of an item in the periods that begin from ``first`` to ``last``, in whole units.

        Columns place, tier, need, quantity; the quantities are rounded by largest remainders, so they sum to
        the whole part of what the plan serves.
        """
        served = (
            self.tables["shortages"]
            .filter((pl.col("item") == item) & pl.col("date").is_between(first, last))
            .group_by("place", "tier")
            .agg(pl.col("need", "served").sum())
            .sort("tier", "place")
        )
        whole = largest_remainders(served["served"].to_numpy())
        return served.select("place", "tier", "need", quantity=pl.Series(whole))

    @cached_property
    def chain(self) -> Chain:
        """The industrial chain with the flows of the plan."""
        return chain_of(self)

    def to_json(self) -> dict[str, Any]:
        """The plan in one object, as ``mainstay plan --json`` prints it."""
        short = self.summary.by_item.filter(pl.col("lost") > 0)
        return {
            "status": self.status,
            "case": self.case.title,
            "objective": [
                {
                    "stage": s.stage,
                    "value": s.value,
                    "bound": s.bound if s.reached else None,
                    "gap": s.gap if s.reached else None,
                    "reached": s.reached,
                    "seconds": round(s.seconds, 3),
                    "columns_fixed": s.columns_fixed,
                }
                for s in self.stages
            ],
            "fill_rate": dict(self.summary.by_tier.select("tier", "fill_rate").iter_rows()),
            "shortage": [
                {"item": item, "tier": tier, "lost": lost, "need": need}
                for item, tier, lost, need in short.select("item", "tier", "lost", "need").iter_rows()
            ],
            "check": {
                "ok": self.check.ok,
                "rules": len(self.check.rules),
                "violations": [v.text for v in self.check.violations],
            },
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "columns": self.solution.columns,
            "rows": self.solution.rows,
            "nonzeros": self.solution.nonzeros,
            "versions": {name: version(name) for name in ("mainstay", "highspy", "polars", "numpy")},
            "inputs_hash": self.case.hash,
            "planned_for": {
                "start": self.case.start.isoformat(),
                "horizon": self.case.horizon,
                "scenario": self.case.scenario,
                "together": list(self.together),
            },
        }

    def write(
        self,
        folder: str | Path,
        *,
        report: bool = True,
        briefing: bool = False,
        fonts: Path | None = None,
    ) -> Path:
        """Write the result tables, the proof and, unless told otherwise, the report and the workbook.

        briefing : the briefing as well, in both languages; ``fonts`` : a folder of more fonts for it
        """
        from mainstay.plan.write import write_plan

        return write_plan(self, Path(folder), report=report, briefing=briefing, fonts=fonts)


def make_plan(
    case: Case,
    *,
    scenario: str | None = None,
    horizon: str | None = None,
    in_force: pl.DataFrame | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plan a case: fewest unmet needs by tier, fairly, then cheapest; checked, with reasons.

    Needs that the case does not bring are derived first, as its setting ``course`` says.

    Parameters
    ----------
    case : as ``read`` gives it
    scenario : to plan on instead of the case's: of the table needs or, where needs are derived, of the course, or
        ``median`` or a joint path (``path1``) of what is derived for the case's own scenario
    horizon : other periods than the case's, as ``14x1 6x7``
    in_force : table ``decisions`` of the plan to depart from as little as possible in the frozen days
    options : gap, time limit, seed and threads of the solver
    progress : called while the solver works

    Raises
    ------
    DataError : the case has errors; its findings name each
    UsageError : needs are derived, and not for this scenario
    SolveError : the solver gave no plan
    """
    begin = perf_counter()
    case, demand = with_needs(case if horizon is None else case.replace(horizon=horizon), scenario)
    clock = perf_counter()
    network = compile(case, in_force)
    compiled = perf_counter()
    solution = solve(network, options or Options(), progress=progress)
    seconds = {"derive": clock - begin, "compile": compiled - clock}
    return replace(finished(case, network, solution, seconds), demand=demand)


def finished(case: Case, network: Network, solution: Solution, seconds: Mapping[str, float]) -> Plan:
    """The plan of a solution: its result tables, reasons, summary and check; ``seconds`` : of the steps before."""
    solved = perf_counter()
    tables = result_tables(case, network, solution)
    tables["reasons"] = reasons(case, network, solution, tables)
    summary = summarise(tables)
    walked = perf_counter()
    report = check_plan(case, tables, case.calendar)
    walking = {"results": walked - solved, "check": perf_counter() - walked}
    return Plan(
        case=case,
        network=network,
        status=solution.status,
        tables=tables,
        stages=solution.stages,
        check=report,
        summary=summary,
        solution=solution,
        seconds={**seconds, **solution.seconds, **walking},
    )
