"""All writes of planning that people ask for; what workers write is in ``planning.queue``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mainstay.calendar import Calendar
from mainstay.errors import UsageError
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.decisions import require_decidable
from mainstay_web.jobs.actions import start_job
from mainstay_web.jobs.models import Job
from mainstay_web.planning import queries
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.models import Decision, Run, RunState, Scenario, Snapshot
from mainstay_web.planning.scenarios import Change, apply_scenario
from mainstay_web.uploads import Upload


def start_import(*, upload: Upload, organisation: Organisation, by: Person, key: str = "", digest: str = "") -> Job:
    """Have an uploaded case imported in the background."""
    return start_job(
        kind="import",
        organisation=organisation,
        title=upload.name,
        upload=upload,
        by=by,
        key=key,
        digest=digest,
        name=upload.name,
    )


@transaction.atomic
def start_run(
    *,
    organisation: Organisation,
    snapshot: Snapshot,
    title: str,
    horizon: str,
    needs: str,
    by: Person | None,
    title_zh: str = "",
    scenario: Scenario | None = None,
    as_of: date | None = None,
    gap: float = 0.01,
    time_limit: int | None = None,
    in_force: Run | None = None,
    key: str = "",
    digest: str = "",
) -> Run:
    """Put a run into the queue; ``by`` None: the system, when a demonstration is set up.

    Raises
    ------
    ValidationError : the horizon cannot be read
    """
    if by is not None:
        require(by, "plans.run", organisation)
    try:
        Calendar.parse(horizon, as_of or date(2020, 1, 1))
    except UsageError as error:
        raise ValidationError({"horizon": str(error)}) from error
    run = Run.objects.create(
        organisation=organisation,
        snapshot=snapshot,
        scenario=scenario,
        title=title,
        title_zh=title_zh,
        horizon=horizon,
        needs=needs,
        as_of=as_of,
        gap=gap,
        time_limit=time_limit,
        in_force=in_force,
        key=key,
        digest=digest,
        by=by,
        at=clock.now(),
    )
    RunState.objects.create(run=run, old="", new=Run.State.QUEUED, at=run.at, by=by)
    record(
        by=by,
        action="plans.run",
        subject=run,
        organisation=organisation,
        title=title,
        snapshot=snapshot.hash,
        scenario=scenario.pk if scenario else None,
        horizon=horizon,
        as_of=as_of,
    )
    return run


def start_stress(*, run: Run, by: Person) -> Job:
    """Have a finished plan stress-tested in the background; the test that is at work already, if one is.

    Raises
    ------
    ValidationError : the plan is not done, or has its stress test
    """
    require(by, "plans.run", run.organisation)
    if run.state != Run.State.DONE:
        raise ValidationError(_("Only a plan that is done can be stress-tested."))
    if run.results.has_stress:
        raise ValidationError(_("The plan has its stress test already."))
    return queries.stress_at_work(run) or start_job(
        kind="stress", organisation=run.organisation, title=run.title, by=by, run=run.pk
    )


@transaction.atomic
def decide(*, run: Run, verdict: str, reason: str, by: Person) -> Decision:
    """Approve or reject a finished plan.

    Raises
    ------
    PermissionDenied : no right to approve there, or one's own run where four eyes are wanted
    ValidationError : the plan is not done, fails its check, is decided so already, or no reason is given
    """
    require(by, "plans.approve", run.organisation)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if verdict not in (Run.Verdict.APPROVED, Run.Verdict.REJECTED):
        raise ValidationError(_("Choose to approve or to reject."))
    require_decidable(run, old=run.verdict, new=verdict, reason=reason, by=by)
    if verdict == Run.Verdict.APPROVED and not run.is_sound:
        raise ValidationError(_("The plan breaks rules of its check, so it cannot be approved."))
    decision = Decision.objects.create(
        run=run, old=run.verdict, new=verdict, at=clock.now(), by=by, reason=reason.strip()
    )
    Run.objects.filter(pk=run.pk).update(verdict=verdict)
    record(
        by=by,
        action="plans.approve",
        subject=run,
        organisation=run.organisation,
        old=run.verdict,
        new=verdict,
        reason=reason,
    )
    return decision


@transaction.atomic
def add_scenario(
    *,
    base: Run,
    name: str,
    by: Person,
    text: str = "",
    name_zh: str = "",
    text_zh: str = "",
    changes: Sequence[Change] = (),
) -> Scenario:
    """A what-if on the case of a run; the name of an earlier one makes a new version of it.

    name_zh, text_zh : where the platform itself names it; empty: it is called as a person called it

    Raises
    ------
    DataError : a change cannot be made; its findings name each
    """
    require(by, "plans.run", base.organisation)
    _try(base, changes)
    earlier = Scenario.objects.filter(organisation=base.organisation, name=name).aggregate(last=Max("version"))
    scenario = Scenario.objects.create(
        organisation=base.organisation,
        name=name,
        name_zh=name_zh,
        version=(earlier["last"] or 0) + 1,
        text=text,
        text_zh=text_zh,
        base=base,
        changes=list(changes),
        by=by,
        at=clock.now(),
    )
    record(by=by, action="plans.scenario", subject=scenario, organisation=base.organisation, changes=list(changes))
    return scenario


@transaction.atomic
def change_scenario(*, scenario: Scenario, changes: Sequence[Change], by: Person) -> Scenario:
    """Give a scenario other changes; one that a run used stays, and the changes go to a new version.

    Raises
    ------
    DataError : a change cannot be made; its findings name each
    """
    require(by, "plans.run", scenario.organisation)
    if scenario.is_frozen:
        said = {name: getattr(scenario, name) for name in ("name", "name_zh", "text", "text_zh")}
        return add_scenario(base=scenario.base, **said, changes=changes, by=by)
    _try(scenario.base, changes)
    old, scenario.changes = scenario.changes, list(changes)
    scenario.save(update_fields=["changes"])
    record(
        by=by,
        action="plans.scenario",
        subject=scenario,
        organisation=scenario.organisation,
        old=old,
        new=scenario.changes,
    )
    return scenario


def _try(base: Run, changes: Sequence[Change]) -> None:
    if changes:
        apply_scenario(read_snapshot(base.snapshot.folder), changes, derive=False)


def titles(base: Run, scenario: Scenario) -> dict[str, str]:
    """What the run of a what-if is called, after the run that it was made from, in both languages."""
    words, of = scenario.words, base.words
    return {"title": f"{of.en}: {words.en}"[:200], "title_zh": f"{of.zh}: {words.zh}"[:200]}


def run_scenario(*, scenario: Scenario, by: Person | None) -> Run:
    """Plan a scenario as its base was planned, so that the two can be compared."""
    base = scenario.base
    return start_run(
        organisation=scenario.organisation,
        snapshot=base.snapshot,
        scenario=scenario,
        **titles(base, scenario),
        horizon=base.horizon,
        needs=base.needs,
        as_of=base.as_of,
        gap=base.gap,
        time_limit=base.time_limit,
        in_force=base.in_force,
        by=by,
    )
