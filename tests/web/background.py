"""What a worker would do, in the process of the test."""

from __future__ import annotations

from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import say_nothing
from mainstay_web.jobs.management.commands.work_on import work_on
from mainstay_web.jobs.models import Queued


def work_off() -> Queued:
    """Take what waits longest, do it, and give it as it is then."""
    job = queue.claim("a worker")
    assert job is not None, "nothing waits"
    assert work_on(job.kind, job.pk, job.attempt, "a worker", say=say_nothing)
    job.refresh_from_db()
    return job
