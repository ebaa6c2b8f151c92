"""All that people ask of the queue; what workers write is in ``jobs.queue``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import KINDS
from mainstay_web.jobs.models import Job, Queued, State
from mainstay_web.keys import KeyReused
from mainstay_web.uploads import Upload

Work = TypeVar("Work", bound=Queued)


def once(
    model: type[Work], organisation: Organisation, key: str, digest: str, start: Callable[[], Work]
) -> tuple[Work, bool]:
    """What was started under this key before, or is now, and whether it is new; without a key it always is.

    Raises
    ------
    KeyReused : the key was used to ask for something else
    """
    while True:
        earlier = model.objects.filter(organisation=organisation, key=key).first() if key else None
        if earlier is not None:
            if earlier.digest != digest:
                raise KeyReused(key, earlier.at, earlier)
            return earlier, False
        try:
            return start(), True
        except IntegrityError:  # another call with this key was first
            if not key or not model.objects.filter(organisation=organisation, key=key).exists():
                raise


@transaction.atomic
def start_job(
    *,
    kind: str,
    organisation: Organisation,
    title: str,
    by: Person | None,
    upload: Upload | None = None,
    key: str = "",
    digest: str = "",
    **told: Any,
) -> Job:
    """Put a job into the queue; its upload is kept until the job has ended.

    Raises
    ------
    PermissionDenied : the person may not do this there
    """
    if by is not None:
        require(by, KINDS[kind].action, organisation)
    job = Job.objects.create(
        kind=kind,
        organisation=organisation,
        title=title[:200],
        told=told,
        file=_keep(upload) if upload else "",
        key=key,
        digest=digest,
        by=by,
        at=clock.now(),
    )
    job.states.create(old="", new=State.QUEUED, at=job.at, by=by)
    record(by=by, action="jobs.start", subject=job, organisation=organisation, kind=kind, title=job.title)
    return job


def _keep(upload: Upload) -> str:
    """Write an upload into the data folder; where it lies there."""
    file = Path("uploads") / f"{secrets.token_hex(16)}{Path(upload.name).suffix.lower()}"
    (settings.DATA / file).parent.mkdir(parents=True, exist_ok=True)
    (settings.DATA / file).write_bytes(upload.data)
    return str(file)


@transaction.atomic
def cancel(*, work: Queued, by: Person) -> bool:
    """Take work of any kind out of the queue, or ask its worker to stop; False when it had ended.

    Raises
    ------
    PermissionDenied : the person may not start such work there
    """
    require(by, KINDS[work.kind].action, work.organisation)
    is_stopping = queue.cancel(work, by)
    if is_stopping:
        record(by=by, action=f"{work.acts}.cancel", subject=work, organisation=work.organisation)
    return is_stopping
