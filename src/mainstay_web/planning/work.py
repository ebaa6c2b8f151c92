"""What a worker's process does with one run: read the snapshot, plan, publish, commit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from mainstay import plan as planner
from mainstay.errors import Cancelled, DataError, MainstayError
from mainstay.plan import Plan
from mainstay.solve import Options
from mainstay.tables import Case, as_known
from mainstay_web.planning import cases, queue
from mainstay_web.planning.models import Run
from mainstay_web.planning.results import publish
from mainstay_web.planning.scenarios import apply_scenario

SOLVING = (0.1, 0.85)
"""Shares of the work between which the solver goes through its stages."""
MOST_FINDINGS = 500
"""Findings that a failed run keeps."""


class Say(Protocol):
    """Told how far the work is: ``stage`` in words, ``share`` from 0 to 1."""

    def __call__(self, *, stage: str, share: float) -> None: ...


def plan_run(pk: int, attempt: int, worker: str, *, say: Say) -> bool:
    """Plan the run if this attempt still holds it; False when it was stopped or taken away."""
    run = Run.objects.filter(pk=pk, attempt=attempt, worker=worker, state=Run.State.RUNNING).first()
    if run is None:
        return False
    try:
        say(stage="read", share=0.02)
        plan = _make(run, say)
    except (Cancelled, KeyboardInterrupt):
        return False
    except DataError as error:
        return queue.fail(run, str(error), error.findings.frame().head(MOST_FINDINGS).to_dicts())
    except MainstayError as error:
        return queue.fail(run, str(error))
    if plan.status == "interrupted":
        return False
    say(stage="write", share=0.9)
    return _commit(run, plan)


def case_of(run: Run) -> Case:
    """The case that the run plans: its snapshot, changed by its scenario, seen as of its day."""
    case = cases.read_snapshot(run.snapshot.folder).replace(scenario=run.needs, horizon=run.horizon)
    if run.scenario is not None:
        case = apply_scenario(case, run.scenario.changes)
    return case if run.as_of is None else as_known(case, run.as_of)


def _make(run: Run, say: Say) -> Plan:
    low, high = SOLVING

    def progress(stage: str, number: int, stages: int, note: str) -> None:
        say(stage=f"{stage} {number}/{stages}", share=low + (high - low) * (number - 1) / max(stages, 1))

    return planner.make_plan(
        case_of(run),
        in_force=run.in_force.results.table("decisions").collect() if run.in_force else None,
        options=Options(gap=run.gap, time_limit=run.time_limit),
        progress=progress,
    )


def _commit(run: Run, plan: Plan) -> bool:
    """Write the results where no other attempt writes, then commit them if this attempt still holds the run."""
    folder = Path("runs") / str(run.pk) / str(run.attempt)
    target = settings.DATA / folder
    if target.exists():
        shutil.rmtree(target)
    publish(plan, target)
    if queue.finish(run, folder=str(folder), summary=plan.to_json(), is_sound=plan.ok):
        return True
    shutil.rmtree(target)
    return False
