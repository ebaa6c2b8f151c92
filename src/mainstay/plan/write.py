"""Write a plan: result tables, proof, report, workbook and briefing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.errors import UsageError
from mainstay.tables import RESULT_TABLES

if TYPE_CHECKING:
    from mainstay.plan.plan import Plan
    from mainstay.plan.scenarios import ScenarioPlans
    from mainstay.report.plan_like import PlanLike

MARK = "plan.json"
"""The file by which a folder is known to hold a plan."""
BRIEFINGS = {"en": "briefing.pdf", "zh": "briefing-zh.pdf"}
"""The briefing's file in each language."""
NOW = "now.csv"
"""The decisions that plans for several scenarios have in common."""


def write_plan(plan: Plan, folder: Path, *, report: bool, briefing: bool = False, fonts: Path | None = None) -> Path:
    """Write a plan into a folder, made when it is not there.

    Result tables go to CSV files of their names, derived needs to the folder ``demand``, the proof to ``plan.json``. A
    plan that fails its check is not written as a plan: its violations go to ``violations.csv``, its tables under
    ``rejected``, and there is neither report nor briefing.
    What an earlier plan left in the folder is removed first, ``plan.json`` before all else; it is written last.

    Raises
    ------
    UsageError : the folder holds a case, whose tables would be written over
    """
    clock = perf_counter()
    _refuse_case(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _remove_former(folder)
    tables = folder if plan.check.ok else folder / "rejected"
    tables.mkdir(exist_ok=True)
    if plan.demand:
        plan.demand.write(tables / "demand")
    for name, frame in plan.tables.items():
        frame.write_csv(tables / f"{name}.csv")
    if not plan.check.ok:
        plan.check.frame().write_csv(folder / "violations.csv")
        return folder
    if report:
        from mainstay.report import write_report, write_workbook

        write_report(plan, folder / "report.html", chain=plan.chain)
        write_workbook(plan, folder / "results.xlsx")
    if briefing:
        write_briefings(plan, folder, fonts=fonts)
    plan.seconds["write"] = perf_counter() - clock
    _write_json(plan.to_json(), folder / MARK)
    return folder


def write_briefings(plan: PlanLike, folder: Path, *, fonts: Path | None = None) -> None:
    """Write the briefing in each language; ``fonts`` : a folder of more fonts for it."""
    from mainstay.report import write_briefing

    for language, name in BRIEFINGS.items():
        write_briefing(plan, folder / name, language, fonts=fonts)


def write_scenarios(
    plans: ScenarioPlans, folder: Path, *, report: bool, briefing: bool = False, fonts: Path | None = None
) -> Path:
    """Write each plan into a folder of its scenario's name, then ``now.csv``, and ``plan.json`` last.

    Where a plan fails its check, there is nothing to be done now: ``violations.csv`` says of each scenario why.

    Raises
    ------
    UsageError : the folder holds a case, or the name of a scenario cannot be that of a folder
    """
    _refuse_case(folder)
    if odd := [name for name in plans.plans if not _is_folder_name(name)]:
        raise UsageError(f'The scenario "{odd[0]}" cannot name a folder. Rename it: letters, digits, - and _ will do.')
    folder.mkdir(parents=True, exist_ok=True)
    _remove_former(folder)
    for name, plan in plans.plans.items():
        if plans.ok or not plan.check.ok:
            write_plan(plan, folder / name, report=report, briefing=briefing, fonts=fonts)
    if not plans.ok:
        found = {name: plan.check.frame() for name, plan in plans.plans.items()}
        broken = [frame.insert_column(0, pl.lit(name).alias("scenario")) for name, frame in found.items()]
        pl.concat(broken).write_csv(folder / "violations.csv")
        return folder
    plans.now.write_csv(folder / NOW)
    _write_json(plans.to_json(), folder / MARK)
    return folder


def _refuse_case(folder: Path) -> None:
    if (folder / "case.toml").exists():
        raise UsageError(f"{folder} holds a case; its tables would be lost. Write the plan to another folder.")


def _write_json(content: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _remove_former(folder: Path) -> None:
    for scenario in _former_scenarios(folder):
        shutil.rmtree(folder / scenario, ignore_errors=True)
    for stale in (
        MARK,
        NOW,
        "report.html",
        "results.xlsx",
        *BRIEFINGS.values(),
        "violations.csv",
        *(f"{name}.csv" for name in RESULT_TABLES),
    ):
        (folder / stale).unlink(missing_ok=True)
    for stale in ("demand", "rejected"):
        shutil.rmtree(folder / stale, ignore_errors=True)


def _former_scenarios(folder: Path) -> list[str]:
    """Folders of the scenarios of the plans that were written here before."""
    if not ((folder / NOW).exists() and (folder / MARK).exists()):
        return []
    scenarios = json.loads((folder / MARK).read_text(encoding="utf-8"))["scenarios"]
    return [name for name in scenarios if _is_folder_name(name)]


def _is_folder_name(name: str) -> bool:
    return Path(name).name == name != ".."
