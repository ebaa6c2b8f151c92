"""The table of runs as the queue: claim, keep the lease, finish, give back; and what became of lost ones.

Every step is one UPDATE guarded by the worker and the attempt, so it holds on SQLite and PostgreSQL alike: who lost
the lease changes nothing any more, and the first result that is committed stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mainstay_web.accounts.models import Person
from mainstay_web.audit.chain import record
from mainstay_web.planning.models import Run, RunState

MOST_LOSSES = 3
"""A run that lost its worker this often has failed."""
LEASE = 30.0
"""Seconds after the last heartbeat until a run counts as lost."""

FREE = {"worker": "", "heartbeat": None, "lease_until": None}
State = Run.State


@transaction.atomic
def claim(worker: str, lease: float = LEASE) -> Run | None:
    """Take the oldest waiting run; None when none waits."""
    for pk in Run.objects.filter(state=State.QUEUED).order_by("pk").values_list("pk", flat=True)[:20]:
        now = timezone.now()
        taken = Run.objects.filter(pk=pk, state=State.QUEUED).update(
            state=State.RUNNING,
            worker=worker,
            attempt=F("attempt") + 1,
            heartbeat=now,
            lease_until=now + timedelta(seconds=lease),
            share=0.0,
            stage="",
        )
        if taken:
            run = Run.objects.get(pk=pk)
            RunState.objects.create(run=run, old=State.QUEUED, new=State.RUNNING, at=now, reason=worker)
            return run
    return None


def keep(run: Run, lease: float = LEASE, **progress: Any) -> bool:
    """Renew the lease, and say how far the work is; False when the run was taken away."""
    now = timezone.now()
    return bool(_held(run).update(heartbeat=now, lease_until=now + timedelta(seconds=lease), **progress))


def is_cancel_asked(run: Run) -> bool:
    """Whether somebody wants the run to stop."""
    return Run.objects.filter(pk=run.pk, cancel_asked=True).exists()


def finish(run: Run, *, folder: str, summary: Mapping[str, Any], is_sound: bool) -> bool:
    """Commit the result; False when another attempt has the run."""
    fields = {"folder": folder, "summary": dict(summary), "is_sound": is_sound, "share": 1.0, "stage": ""}
    return _leave(run, State.DONE, "", **fields)


def fail(run: Run, reason: str, findings: list[dict[str, Any]] | None = None) -> bool:
    """The run cannot be planned, however often it is tried."""
    return _leave(run, State.FAILED, reason, reason=reason, findings=findings or [])


def stop(run: Run, reason: str = "") -> bool:
    """The run was cancelled while it was planned."""
    return _leave(run, State.CANCELLED, reason)


def put_back(run: Run, reason: str) -> bool:
    """Let another worker have the run; it was no fault of the run."""
    return _leave(run, State.QUEUED, reason)


def lose(run: Run, reason: str) -> bool:
    """The work on the run was lost: it waits again, or has failed when that happened too often."""
    if run.cancel_asked:
        return stop(run, reason)
    if run.losses + 1 < MOST_LOSSES:
        return _leave(run, State.QUEUED, reason, losses=run.losses + 1)
    final = f"{reason} This was attempt {run.attempt}; no further one is made."
    return _leave(run, State.FAILED, final, losses=run.losses + 1, reason=final)


def reap() -> int:
    """Take back every run whose lease has ended; say how many there were."""
    lost = Run.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    return sum(lose(run, f"The worker {run.worker} was not heard of since {run.heartbeat:%H:%M:%S}.") for run in lost)


def _held(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, state=State.RUNNING, worker=run.worker, attempt=run.attempt)


@transaction.atomic
def _leave(run: Run, new: str, why: str, **fields: Any) -> bool:
    """End the hold on a run, if it is still held."""
    if not _held(run).update(state=new, **FREE, **fields):
        return False
    RunState.objects.create(run=run, old=State.RUNNING, new=new, at=timezone.now(), reason=why)
    if new != State.QUEUED:
        record(by=None, action=f"plans.{new}", subject=run, organisation=run.organisation, reason=why)
    return True


@transaction.atomic
def cancel(run: Run, by: Person) -> bool:
    """Take a waiting run out, or ask the worker of a running one to stop; False when it had ended."""
    now = timezone.now()
    if Run.objects.filter(pk=run.pk, state=State.QUEUED).update(state=State.CANCELLED):
        RunState.objects.create(run=run, old=State.QUEUED, new=State.CANCELLED, at=now, by=by)
        return True
    return bool(Run.objects.filter(pk=run.pk, state=State.RUNNING).update(cancel_asked=True))
