"""The tables of queued work as one queue: claim, keep the lease, finish, give back; and what became of lost work.

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

from mainstay.tables.findings import Both
from mainstay_web import clock
from mainstay_web.accounts.models import Person
from mainstay_web.audit.chain import record
from mainstay_web.jobs.kinds import KINDS
from mainstay_web.jobs.models import Queued, State

MOST_LOSSES = 3
"""Work that lost its worker this often has failed."""
LEASE = 30.0
"""Seconds after the last heartbeat until work counts as lost."""
LOOKED_AT = 20

FREE = {"worker": "", "heartbeat": None, "lease_until": None}


@transaction.atomic
def claim(worker: str, lease: float = LEASE) -> Queued | None:
    """Take the oldest waiting work of any kind; None when none waits."""
    for _at, pk, model in _waiting():
        now = timezone.now()
        taken = model.objects.filter(pk=pk, state=State.QUEUED).update(
            state=State.RUNNING,
            worker=worker,
            attempt=F("attempt") + 1,
            heartbeat=now,
            lease_until=now + timedelta(seconds=lease),
            share=0.0,
            stage="",
        )
        if taken:
            job = model.objects.get(pk=pk)
            job.states.create(old=State.QUEUED, new=State.RUNNING, at=clock.now(), reason=worker)
            return job
    return None


def _models() -> list[type[Queued]]:
    return list(dict.fromkeys(kind.model for kind in KINDS.values()))


def _waiting() -> list[tuple[Any, int, type[Queued]]]:
    found = [
        (at, pk, model)
        for model in _models()
        for at, pk in model.objects.filter(state=State.QUEUED).order_by("pk").values_list("at", "pk")[:LOOKED_AT]
    ]
    return sorted(found, key=lambda each: each[:2])


def keep(job: Queued, lease: float = LEASE, **progress: Any) -> bool:
    """Renew the lease, and say how far the work is; False when it was taken away."""
    now = timezone.now()
    return bool(_held(job).update(heartbeat=now, lease_until=now + timedelta(seconds=lease), **progress))


def held(kind: str, pk: int, attempt: int, worker: str) -> Queued | None:
    """The work, if this attempt still holds it."""
    found = KINDS[kind].model.objects.filter(pk=pk, attempt=attempt, worker=worker, state=State.RUNNING)
    return found.first()


def is_cancel_asked(job: Queued) -> bool:
    """Whether somebody wants the work to stop."""
    return type(job).objects.filter(pk=job.pk, cancel_asked=True).exists()


def finish(job: Queued, *, summary: Mapping[str, Any], **fields: Any) -> bool:
    """Commit the result; False when another attempt has the work."""
    return _leave(job, State.DONE, "", summary=dict(summary), share=1.0, stage="", **fields)


def fail(job: Queued, reason: str, findings: list[dict[str, Any]] | None = None, **fields: Any) -> bool:
    """The work cannot be done, however often it is tried."""
    return _leave(job, State.FAILED, reason, **_said(reason), findings=findings or [], **fields)


def stop(job: Queued, reason: str = "") -> bool:
    """The work was cancelled while it was done."""
    return _leave(job, State.CANCELLED, reason)


def put_back(job: Queued, reason: str) -> bool:
    """Let another worker have the work; it was no fault of the work."""
    return _leave(job, State.QUEUED, reason)


def lose(job: Queued, reason: str) -> bool:
    """The worker was lost: the work waits again, or has failed when that happened too often."""
    if job.cancel_asked:
        return stop(job, reason)
    if job.losses + 1 < MOST_LOSSES:
        return _leave(job, State.QUEUED, reason, losses=job.losses + 1)
    final = Both(
        f"{reason} This was attempt {job.attempt}; no further one is made.",
        f"{_said(reason)['reason_zh']}这是第 {job.attempt} 次尝试，不再重试。",
    )
    return _leave(job, State.FAILED, final, losses=job.losses + 1, **_said(final))


def reap() -> int:
    """Take back all work whose lease has ended; say how much there was."""
    lost = [
        job for model in _models() for job in model.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    ]
    return sum(lose(job, _silent(job)) for job in lost)


def _silent(job: Queued) -> Both:
    since = f"{job.heartbeat:%H:%M:%S}"
    return Both(
        f"The worker {job.worker} was not heard of since {since}.", f"工作进程 {job.worker} 自 {since} 起无响应。"
    )


def _said(reason: str) -> dict[str, str]:
    """A reason in both languages, as it is kept; without Chinese where it was said in English alone."""
    return {"reason": str(reason), "reason_zh": getattr(reason, "zh", "")}


def _held(job: Queued) -> Any:
    return type(job).objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempt=job.attempt)


@transaction.atomic
def _leave(job: Queued, new: str, why: str, **fields: Any) -> bool:
    """End the hold on work, if it is still held."""
    if not _held(job).update(state=new, **FREE, **fields):
        return False
    job.states.create(old=State.RUNNING, new=new, at=clock.now(), **_said(why))
    if new != State.QUEUED:
        record(by=None, action=f"{job.acts}.{new}", subject=job, organisation=job.organisation, reason=why)
        transaction.on_commit(job.let_go)
    return True


@transaction.atomic
def cancel(job: Queued, by: Person) -> bool:
    """Take waiting work out, or ask the worker of running work to stop; False when it had ended."""
    now, rows = clock.now(), type(job).objects.filter(pk=job.pk)
    if rows.filter(state=State.QUEUED).update(state=State.CANCELLED):
        job.states.create(old=State.QUEUED, new=State.CANCELLED, at=now, by=by)
        transaction.on_commit(job.let_go)
        return True
    return bool(rows.filter(state=State.RUNNING).update(cancel_asked=True))
