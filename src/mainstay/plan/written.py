"""A plan read back from the folder it was written to, checked anew against its case."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from mainstay.calendar import Calendar
from mainstay.chain import Chain
from mainstay.demand import Demand
from mainstay.errors import UsageError
from mainstay.plan.chain import chain_of
from mainstay.plan.check import CheckReport, check_plan
from mainstay.plan.needs import checked, with_needs, with_needs_of
from mainstay.plan.write import MARK, write_briefings
from mainstay.solve import StageProof
from mainstay.tables import RESULT_TABLES, Case, as_known
from mainstay.tables.frames import conform, schema


@dataclass(frozen=True)
class WrittenPlan:
    """A plan as its folder holds it; the check is walked again, from the tables alone.

    case : with the needs derived if they were; stages : value, bound and gap as they were proven when it was made
    """

    case: Case
    demand: Demand | None
    tables: Mapping[str, pl.DataFrame]
    stages: tuple[StageProof, ...]
    check: CheckReport
    folder: Path
    content: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether the plan passes its check."""
        return self.check.ok

    @property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return self.case.calendar

    @property
    def together(self) -> tuple[str, ...]:
        """A written plan is read as one of its own."""
        return ()

    @property
    def common_days(self) -> int:
        """None: it is read as one of its own."""
        return 0

    @property
    def status(self) -> str:
        """Of the solver, when the plan was made."""
        return str(self.content["status"])

    @property
    def seconds(self) -> Mapping[str, float]:
        """Of each step, when the plan was made."""
        return dict(self.content["seconds"])

    @cached_property
    def chain(self) -> Chain:
        """The industrial chain with the flows of the plan."""
        return chain_of(self)

    def to_json(self) -> dict[str, Any]:
        """The plan in one object, as it was written."""
        return dict(self.content)

    def write(self, folder: str | Path, *, briefing: bool = False, fonts: Path | None = None) -> Path:
        """Copy the plan's files into another folder; ``briefing`` : make the briefing there as well."""
        target = Path(shutil.copytree(self.folder, folder, dirs_exist_ok=True))
        if briefing:
            write_briefings(self, target, fonts=fonts)
        return target


def read_plan(folder: str | Path, case: Case, *, as_planned: bool = False) -> WrittenPlan:
    """The plan in a folder that ``write_plan`` wrote, for the case it was made of.

    Parameters
    ----------
    folder : with ``plan.json`` and a CSV file for each result table
    case : the case as it was planned, before needs are derived
    as_planned : with the start, horizon and scenarios that the plan was made for, whatever those of the case are

    Raises
    ------
    UsageError : the folder holds no plan of one scenario, or one of other inputs
    """
    home = Path(folder)
    mark = home / MARK
    if not mark.is_file():
        raise UsageError(f"{home} holds no plan: {MARK} is missing. Name a folder that `mainstay plan` wrote.")
    content = json.loads(mark.read_text(encoding="utf-8"))
    if "objective" not in content:
        raise UsageError(f"{home} holds plans for several scenarios. Name the folder of one of them.")
    other = UsageError(f"{home} was planned on other inputs than this case. Plan the case again.")
    if content["case"] != case.title:
        raise other
    planned, demand = _as_planned(case, content) if as_planned else with_needs(case)
    if content["inputs_hash"] != planned.hash:
        raise other
    tables = {name: _read_table(home, name) for name in RESULT_TABLES}
    report = check_plan(planned, tables, planned.calendar)
    stages = tuple(_stage(stage) for stage in content["objective"])
    return WrittenPlan(planned, demand, tables, stages, report, home, content)


def _as_planned(case: Case, content: Mapping[str, Any]) -> tuple[Case, Demand | None]:
    """The case as it was known, and with the horizon and needs, when the plan was made."""
    asked = content.get("planned_for")
    if asked is None:  # written before plans said what they were made for
        return with_needs(case)
    start, scenario = date.fromisoformat(asked["start"]), asked["scenario"]
    case = (case if case.start == start else as_known(case, start)).replace(horizon=asked["horizon"])
    if not asked["together"]:
        return with_needs(case, scenario)
    planned, demands, _ = with_needs_of(case, asked["together"])
    return checked(planned.replace(scenario=scenario)), demands.get(scenario)


def _read_table(folder: Path, name: str) -> pl.DataFrame:
    declared = RESULT_TABLES[name]
    return conform(declared, pl.read_csv(folder / f"{name}.csv", schema_overrides=schema(declared)))


def _stage(stage: Mapping[str, Any]) -> StageProof:
    """The proof of a stage; one that was not reached has no bound."""
    unknown = {"bound": -math.inf, "gap": math.inf}
    fields: dict[str, Any] = {key: unknown.get(key) if value is None else value for key, value in stage.items()}
    return StageProof(**fields)
