"""What a worker's process does with one run, with one case to import, with one plan to stress."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from mainstay import plan as planner
from mainstay.plan import Plan, WrittenPlan
from mainstay.solve import Options
from mainstay.tables import Case, Findings, as_known
from mainstay.tables.findings import Both
from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import Say
from mainstay_web.jobs.models import Job, kept
from mainstay_web.planning import cases, stressing
from mainstay_web.planning.models import Run
from mainstay_web.planning.results import publish
from mainstay_web.planning.scenarios import apply_scenario
from mainstay_web.uploads import receive

SOLVING = (0.1, 0.85)
"""Shares of the work between which the solver goes through its stages."""


def plan_run(run: Run, say: Say) -> bool:
    """Plan a run that this attempt holds; False when it was stopped or taken away."""
    say(stage="read", share=0.02)
    plan = _make(run, say)
    if plan.status == "interrupted":
        return False
    say(stage="write", share=0.9)
    return _commit(run, plan)


def import_case(job: Job, say: Say) -> bool:
    """Import the uploaded case, whole or not at all; what is imported is committed together with the job's end."""
    say(stage="read", share=0.05)
    upload = receive(UploadedFile(io.BytesIO(job.read_file()), job.told["name"], size=0))
    case, findings = upload.case()
    if case is None:
        reason = _counted(len(findings.errors))
        return queue.fail(job, reason, kept(Findings(findings.errors)), summary={"errors": len(findings.errors)})
    with transaction.atomic():
        imported = cases.import_case(case=case, organisation=job.organisation, by=job.by, say=say)
        if not queue.finish(job, summary=imported, findings=kept(findings)):
            transaction.set_rollback(True)
            return False
    return True


def stress_run(job: Job, say: Say) -> bool:
    """Stress the case of a plan, and put what was found into its results when this attempt still holds the job."""
    run = Run.objects.get(pk=job.told["run"])
    say(stage="undisturbed", share=0.02)
    folder = run.results.folder
    target = folder / f"stress-{job.pk}-{job.attempt}"
    target.mkdir(exist_ok=True)
    number = stressing.write_stress(
        run.results.case,
        target,
        lambda done, of: say(stage=f"losses {done}/{of}", share=0.1 + 0.85 * done / of),
        survival=False,
    )
    is_held = queue.finish(job, summary={"losses": number})
    for name in stressing.FILES:
        if is_held:
            (target / name).replace(folder / name)
        else:
            (target / name).unlink()
    target.rmdir()
    return is_held


def _counted(errors: int) -> Both:
    english = f"Nothing was imported: the file has {errors} error{'s' if errors != 1 else ''}."
    return Both(english, f"未导入任何内容：文件有 {errors} 处错误。")


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


def _commit(run: Run, plan: Plan | WrittenPlan) -> bool:
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


def adopt(run: Run, folder: Path) -> bool:
    """Take a plan that was written to a folder as the result of a waiting run of the same inputs.

    Raises
    ------
    UsageError : the folder holds no plan, or one of other inputs
    """
    plan = planner.read_plan(folder, case_of(run))
    held = queue.claim("adopt")
    return held is not None and held == run and _commit(held, plan)
