"""All writes of preparing that people ask for; what workers write is in ``preparing.work``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.decisions import require_decidable
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.models import Snapshot
from mainstay_web.preparing import queries
from mainstay_web.preparing.models import Design, DesignDecision, Preparation, PreparationState, RotationTask

YEARS = 2
"""Years that the calendar of an approved design reaches."""
MOST_BUDGETS = 20


@transaction.atomic
def start_preparation(
    *,
    organisation: Organisation,
    snapshot: Snapshot,
    title: str,
    by: Person | None,
    budget: float | None = None,
    others: Sequence[float] = (),
    caution: float = 0.5,
    level: float = 0.9,
    futures: int | None = None,
    hold_out: float = 0.0,
    seed: int = 0,
    gap: float = 0.01,
    time_limit: int | None = None,
    key: str = "",
    digest: str = "",
) -> Preparation:
    """Put a preparation into the queue; ``by`` None: the system, when a demonstration is set up.

    Raises
    ------
    ValidationError : the case says nothing of what could stand ready; more than 20 budgets
    """
    if by is not None:
        require(by, "readiness.run", organisation)
    if missing := queries.lacking(read_snapshot(snapshot.folder)):
        raise ValidationError(_("The case has no rows in: %(tables)s.") % {"tables": ", ".join(missing)})
    if len(others) > MOST_BUDGETS:
        raise ValidationError(_("At most %(most)d budgets beside the first.") % {"most": MOST_BUDGETS})
    preparation = Preparation.objects.create(
        organisation=organisation,
        snapshot=snapshot,
        title=title,
        budget=budget,
        others=sorted(set(others)),
        caution=caution,
        level=level,
        futures=futures,
        hold_out=hold_out,
        seed=seed,
        gap=gap,
        time_limit=time_limit,
        key=key,
        digest=digest,
        by=by,
        at=clock.now(),
    )
    PreparationState.objects.create(
        preparation=preparation, old="", new=Preparation.State.QUEUED, at=preparation.at, by=by
    )
    record(
        by=by,
        action="readiness.run",
        subject=preparation,
        organisation=organisation,
        title=title,
        snapshot=snapshot.hash,
        budget=budget,
        others=preparation.others,
    )
    return preparation


FROM = {
    Design.Verdict.APPROVED: tuple(v for v in Design.Verdict.values if v != Design.Verdict.APPROVED),
    Design.Verdict.REJECTED: tuple(v for v in Design.Verdict.values if v != Design.Verdict.APPROVED),
    Design.Verdict.WITHDRAWN: (Design.Verdict.APPROVED,),
}
"""What people may decide, and on designs in which state."""


@transaction.atomic
def decide(*, design: Design, verdict: str, reason: str, by: Person) -> DesignDecision:
    """Approve or reject a design, or withdraw the one in force.

    An approved design takes the place of the one in force, and its rotation calendar begins today.

    Raises
    ------
    PermissionDenied : no right to approve there, or one's own preparation where four eyes are wanted
    ValidationError : not to be decided so, or no reason is given
    """
    require(by, "readiness.approve", design.organisation)
    Organisation.objects.select_for_update().get(pk=design.organisation_id)
    design = Design.objects.select_related("preparation", "organisation").get(pk=design.pk)
    require_decidable(design.preparation, old=design.verdict, new=verdict, reason=reason, by=by)
    if design.verdict not in FROM.get(verdict, ()):
        raise ValidationError(_("Approve or reject a design, or withdraw the one in force."))
    if verdict == Design.Verdict.APPROVED:
        _replace(design, reason.strip(), by)
    decision = _decide(design, verdict, reason.strip(), by)
    if verdict == Design.Verdict.APPROVED:
        _plan_calendar(design)
    return decision


def _replace(design: Design, reason: str, by: Person) -> None:
    """Take the design that is in force so far out of force, for the same reason."""
    old = Design.objects.filter(organisation=design.organisation, verdict=Design.Verdict.APPROVED).first()
    if old is not None:
        _decide(old, Design.Verdict.REPLACED, reason, by)


def _decide(design: Design, verdict: str, reason: str, by: Person) -> DesignDecision:
    decision = DesignDecision.objects.create(
        design=design, old=design.verdict, new=verdict, at=clock.now(), by=by, reason=reason
    )
    Design.objects.filter(pk=design.pk).update(verdict=verdict)
    record(
        by=by,
        action="readiness.approve",
        subject=design,
        organisation=design.organisation,
        old=design.verdict,
        new=verdict,
        reason=reason,
    )
    return decision


def _plan_calendar(design: Design) -> None:
    """The calendar of the design from today on; what is done of an earlier one of its stays, open tasks go.

    Pages do without the solver, so its package is imported here.
    """
    from mainstay.prepare.rotation import plan_rotation

    results, today = design.results, clock.today()
    kept = results.table("rotation_plan").select("item", "place", "held").collect()
    held = {(item, place): quantity for item, place, quantity in kept.iter_rows()}
    every = {(row["item"], row["place"]): row["every_days"] for row in results.case["rotations"].iter_rows(named=True)}
    tasks = plan_rotation(results.case, held, years=YEARS, start=today).calendar
    design.rotation_tasks.filter(done_at__isnull=True).delete()
    RotationTask.objects.bulk_create(
        (
            RotationTask(
                design=design,
                organisation=design.organisation,
                due=_due(row["action"], row["date"], every[row["item"], row["place"]]),
                **{name: row[name] for name in ("date", "action", "item", "place", "lot", "quantity", "expires")},
            )
            for row in tasks.iter_rows(named=True)
        ),
        ignore_conflicts=True,
    )


def _due(action: str, begin: date, every: int) -> date:
    """Last day on which a task is in time: what daily users are issued is issued over the whole interval."""
    return begin + timedelta(days=every - 1) if action == "issue" else begin


@transaction.atomic
def mark(*, task: RotationTask, is_done: bool, by: Person) -> RotationTask:
    """Say that a task of the calendar was done, or that it was not after all.

    Raises
    ------
    ValidationError : it is said already, or the design is not in force any more
    """
    require(by, "readiness.rotate", task.organisation)
    task = RotationTask.objects.select_for_update().select_related("design").get(pk=task.pk)
    if task.is_done == is_done:
        raise ValidationError(_("That is said already."))
    if task.design.verdict != Design.Verdict.APPROVED:
        raise ValidationError(_("The design is not in force any more."))
    task.done_at, task.done_by = (clock.now(), by) if is_done else (None, None)
    task.save(update_fields=["done_at", "done_by"])
    record(
        by=by,
        action="readiness.rotate",
        subject=task,
        organisation=task.organisation,
        done=is_done,
        **{name: str(value) for name, value in task.told().items() if name != "action"},
        what=task.action,
    )
    return task
