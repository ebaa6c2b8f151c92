"""Write a plan: result tables, proof, report and workbook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from mainstay.errors import UsageError
from mainstay.tables import RESULT_TABLES

if TYPE_CHECKING:
    from mainstay.plan.plan import Plan

MARK = "plan.json"
"""The file by which a folder is known to hold a plan."""


def write_plan(plan: Plan, folder: Path, *, report: bool) -> Path:
    """Write a plan into a folder, made when it is not there.

    Result tables go to CSV files of their names, derived needs to the folder ``demand``, the proof to ``plan.json``. A
    plan that fails its check is not written as a plan: its violations go to ``violations.csv``, its tables under
    ``rejected``, and there is no report.
    What an earlier plan left in the folder is removed first, ``plan.json`` before all else; it is written last.

    Raises
    ------
    UsageError : the folder holds a case, whose tables would be written over
    """
    clock = perf_counter()
    if (folder / "case.toml").exists():
        raise UsageError(f"{folder} holds a case; its tables would be lost. Write the plan to another folder.")
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

        write_report(plan, folder / "report.html")
        write_workbook(plan, folder / "results.xlsx")
    plan.seconds["write"] = perf_counter() - clock
    (folder / MARK).write_text(json.dumps(plan.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return folder


def _remove_former(folder: Path) -> None:
    for stale in (MARK, "report.html", "results.xlsx", "violations.csv", *(f"{name}.csv" for name in RESULT_TABLES)):
        (folder / stale).unlink(missing_ok=True)
    for stale in ("demand", "rejected"):
        shutil.rmtree(folder / stale, ignore_errors=True)
