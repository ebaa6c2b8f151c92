"""All writes of replays and exercises that people ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mainstay.errors import UsageError
from mainstay.replay import MEASURES, POLICIES
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.jobs.actions import start_job
from mainstay_web.jobs.models import Job
from mainstay_web.keys import KeyReused
from mainstay_web.planning.models import Snapshot
from mainstay_web.replaying.choices import TITLES, is_finite
from mainstay_web.replaying.models import Exercise, Replay, ReplayState, Turn
from mainstay_web.replaying.standing import PLAN, Standing, lived_history, stand


@dataclass(frozen=True)
class Asked:
    """What a replay is to live through, and how; as ``mainstay.replay.live_through`` takes it."""

    policies: Sequence[str]
    truth: str = ""
    first: date | None = None
    last: date | None = None
    every: int = 1
    horizon: str = ""
    leave_out: Sequence[str] = ()
    bound: bool = True

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        first, last = (each.isoformat() if each else None for each in (self.first, self.last))
        lists = {"policies": list(self.policies), "leave_out": list(self.leave_out)}
        return {**vars(self), **lists, "first": first, "last": last}


@transaction.atomic
def start_replay(
    *,
    organisation: Organisation,
    snapshot: Snapshot,
    title: str,
    asked: Asked,
    by: Person | None,
    key: str = "",
    digest: str = "",
) -> Replay:
    """Put a replay into the queue; ``by`` None: the system, when a demonstration is set up.

    Raises
    ------
    ValidationError : a policy or measure is not known, a day is outside the case, there are no needs of the truth
    """
    if by is not None:
        require(by, "replays.run", organisation)
    said = asked.as_json()
    _judge(snapshot, said)
    replay = Replay.objects.create(
        organisation=organisation,
        snapshot=snapshot,
        title=title,
        asked=said,
        key=key,
        digest=digest,
        by=by,
        at=clock.now(),
    )
    ReplayState.objects.create(replay=replay, old="", new=Replay.State.QUEUED, at=replay.at, by=by)
    record(by=by, action="replays.run", subject=replay, organisation=organisation, title=title, **said)
    return replay


def _judge(snapshot: Snapshot, said: Mapping[str, Any]) -> None:
    """Refuse what no worker could do."""
    for name, known in (("policies", POLICIES), ("leave_out", MEASURES)):
        unknown = [each for each in said[name] if each not in known]
        if unknown or len(set(said[name])) < len(said[name]):
            raise ValidationError({name: _("Choose each once, of: %(known)s.") % {"known": ", ".join(known)}})
    if not said["policies"]:
        raise ValidationError({"policies": _("Choose at least one.")})
    try:
        lived_history(snapshot.folder, said["truth"], said["first"], said["last"])
    except UsageError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def start_exercise(
    *,
    organisation: Organisation,
    snapshot: Snapshot,
    title: str,
    asked: Asked,
    by: Person | None,
    key: str = "",
    digest: str = "",
) -> Exercise:
    """Set up an exercise, and have the same history lived through by the policies meanwhile.

    Raises
    ------
    ValidationError : as of ``start_replay``
    """
    replay = start_replay(organisation=organisation, snapshot=snapshot, title=title, asked=asked, by=by)
    exercise = Exercise.objects.create(
        organisation=organisation, title=title, replay=replay, at=replay.at, by=by, key=key, digest=digest
    )
    record(by=by, action="replays.exercise", subject=exercise, organisation=organisation, title=title)
    return exercise


def decide(
    *, exercise: Exercise, number: int, start: str, changes: Mapping[str, float], by: Person
) -> tuple[Turn, bool]:
    """Decide on a day and live through it; and whether it is new: the same decision sent again counts once.

    Parameters
    ----------
    number : of the turn, one more than there are; start : the proposal that is begun with
    changes : what is ordered otherwise, units by task of the network

    Raises
    ------
    ValidationError : the exercise is over, a change is not possible to order
    KeyReused : somebody decided otherwise under this number
    """
    require(by, "replays.decide", exercise.organisation)
    try:
        return _decide(exercise, number, start, changes, by)
    except IntegrityError:  # another call with this number was first
        return _decide(exercise, number, start, changes, by)


@transaction.atomic
def _decide(exercise: Exercise, number: int, start: str, changes: Mapping[str, float], by: Person) -> tuple[Turn, bool]:
    exercise = _locked(exercise)
    kept = {task: float(quantity) for task, quantity in changes.items()}
    earlier = exercise.turns.filter(number=number).first()
    if earlier is not None:
        if (earlier.kind, earlier.start, earlier.changes) != (Turn.Kind.DECIDED, start, kept):
            raise KeyReused(str(number), earlier.at, earlier)
        return earlier, False
    standing = _standing(exercise, number)
    orders = _orders(standing, start, kept)
    turn = Turn.objects.create(
        exercise=exercise,
        number=number,
        kind=Turn.Kind.DECIDED,
        day=standing.exercise.today,
        start=start,
        changes=kept,
        orders=orders,
        by=by,
        at=clock.now(),
    )
    record(
        by=by,
        action="replays.decide",
        subject=exercise,
        organisation=exercise.organisation,
        day=turn.day,
        number=number,
        start=start,
        changes=kept,
    )
    return turn, True


def _locked(exercise: Exercise) -> Exercise:
    return Exercise.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=exercise.pk)


def _standing(exercise: Exercise, number: int) -> Standing:
    """Where the exercise stands, if its next turn is this one and days are left."""
    if not exercise.is_open:
        raise ValidationError(_("The exercise has ended."))
    standing = stand(exercise)
    if number != standing.number + 1:
        raise ValidationError(
            _("The next turn is number %(next)d, not %(number)d. Look at the exercise anew.")
            % {"next": standing.number + 1, "number": number}
        )
    if standing.exercise.is_over:
        raise ValidationError(_("Every day is lived through. End the exercise to see how it went."))
    return standing


def _orders(standing: Standing, start: str, changes: Mapping[str, float]) -> dict[str, float]:
    """All that is started: the proposal with the changes of people.

    Raises
    ------
    ValidationError : there is no such proposal; a task is not one that people decide on today, or its quantity is none
    """
    if start not in standing.starts:
        raise ValidationError(_("There is no proposal %(start)s. Choose one of those offered.") % {"start": start})
    exercise = standing.exercise
    tasks = exercise.rules.tasks
    is_known = exercise.is_known(standing.known)
    open_to = {
        task: whole
        for task, kind, whole, known in zip(tasks["task"], tasks["kind"], tasks["is_whole"], is_known, strict=True)
        if known and kind in TITLES
    }
    for task, quantity in changes.items():
        if task not in open_to:
            raise ValidationError(_("%(task)s cannot be decided on this morning.") % {"task": task})
        if not is_finite(quantity) or (open_to[task] and quantity != int(quantity)):
            raise ValidationError(
                _("%(task)s: give a number from 0 up, whole where whole things are meant; found %(found)s.")
                % {"task": task, "found": quantity}
            )
    merged = {**standing.proposal(start), **changes}
    return {task: quantity for task, quantity in merged.items() if quantity > 0}


@transaction.atomic
def undo(*, exercise: Exercise, number: int, by: Person) -> Turn:
    """Take the last day back, as a turn of its own: what was decided stays on record.

    Raises
    ------
    ValidationError : no day is decided, the exercise has ended, or the turn is not the next
    """
    require(by, "replays.run", exercise.organisation)
    exercise = _locked(exercise)
    if not exercise.is_open:
        raise ValidationError(_("The exercise has ended."))
    standing = stand(exercise)
    if number != standing.number + 1 or not standing.decided:
        raise ValidationError(_("There is no such day to take back. Look at the exercise anew."))
    last = standing.decided[-1]
    turn = Turn.objects.create(
        exercise=exercise, number=number, kind=Turn.Kind.UNDONE, day=last.day, by=by, at=clock.now()
    )
    record(
        by=by,
        action="replays.undo",
        subject=exercise,
        organisation=exercise.organisation,
        day=last.day,
        number=number,
    )
    return turn


@transaction.atomic
def end_exercise(*, exercise: Exercise, by: Person) -> Exercise:
    """End an exercise: what each rule and plan did on the same history is shown from now on.

    Raises
    ------
    ValidationError : no day is decided yet
    """
    require(by, "replays.run", exercise.organisation)
    exercise = _locked(exercise)
    if exercise.is_open:
        if not stand(exercise).decided:
            raise ValidationError(_("No day is decided yet, so there is nothing to show."))
        exercise.ended_at = clock.now()
        exercise.save(update_fields=["ended_at"])
        record(by=by, action="replays.end", subject=exercise, organisation=exercise.organisation)
    return exercise


def ask_for_plan(*, exercise: Exercise, by: Person) -> Job:
    """Have the solver plan on what is known this morning, in the background; the one at work already, if one is.

    Raises
    ------
    ValidationError : the exercise is over, or the plan of this morning is made
    """
    require(by, "replays.decide", exercise.organisation)
    standing = _standing(exercise, exercise.turns.count() + 1)
    if PLAN in standing.starts:
        raise ValidationError(_("The plan of this morning is made already."))
    return plan_at_work(exercise, standing.number) or start_job(
        kind="morning",
        organisation=exercise.organisation,
        title=exercise.title,
        by=by,
        exercise=exercise.pk,
        number=standing.number,
    )


def plan_at_work(exercise: Exercise, number: int) -> Job | None:
    """The plan of a morning that waits or is at work."""
    told = {"told__exercise": exercise.pk, "told__number": number}
    return Job.objects.filter(kind="morning", state__in=Job.ACTIVE, **told).first()
