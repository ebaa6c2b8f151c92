"""Reads of planning that pages and other apps share."""

from __future__ import annotations

from mainstay_web.accounts.models import Organisation
from mainstay_web.planning.models import Run


def approved(organisation: Organisation) -> Run | None:
    """The plan in force for an organisation: the newest approved run of it or of one above it."""
    runs = Run.objects.filter(organisation__path__in=organisation.ancestors, verdict=Run.Verdict.APPROVED)
    return runs.order_by("-decisions__pk").first()


def latest(organisation: Organisation) -> Run | None:
    """The newest run with a result, of an organisation or of one above it."""
    return Run.objects.filter(organisation__path__in=organisation.ancestors, state=Run.State.DONE).first()
