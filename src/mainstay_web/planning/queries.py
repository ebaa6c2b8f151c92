"""Reads of planning that pages and other apps share."""

from __future__ import annotations

from mainstay_web.accounts.models import Organisation
from mainstay_web.jobs.models import Job
from mainstay_web.planning.models import Run

LARGE = ("summary", "findings")
"""Fields of a run that few pages show: read when they are asked for."""


def approved(organisation: Organisation) -> Run | None:
    """The plan in force for an organisation: the newest approved run of it or of one above it."""
    runs = Run.objects.filter(organisation__path__in=organisation.ancestors, verdict=Run.Verdict.APPROVED)
    return runs.select_related("snapshot").defer(*LARGE).order_by("-decisions__pk").first()


def latest(organisation: Organisation) -> Run | None:
    """The newest run with a result, of an organisation or of one above it."""
    runs = Run.objects.filter(organisation__path__in=organisation.ancestors, state=Run.State.DONE)
    return runs.select_related("snapshot").defer(*LARGE).first()


def stress_at_work(run: Run) -> Job | None:
    """The stress test of a plan that waits or is at work."""
    return Job.objects.filter(kind="stress", told__run=run.pk, state__in=Job.ACTIVE).first()
