"""Reads of jobs that pages and the interface share."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.jobs.kinds import KINDS
from mainstay_web.jobs.models import Job


def visible_jobs(person: Person, kind: str | None = None) -> QuerySet[Job]:
    """The jobs that a person may see: of the kinds and organisations in which they may start them."""
    condition = Q(pk__in=[])
    for name, each in KINDS.items():
        if each.model is Job and kind in (None, name):
            condition |= Q(kind=name) & rights.where(person, each.action, "organisation__")
    return Job.objects.filter(condition).select_related("organisation", "by")


def active(kind: str, organisation: Organisation) -> Job | None:
    """The job of this kind that waits or is at work for an organisation."""
    return Job.objects.filter(kind=kind, organisation=organisation, state__in=Job.ACTIVE).first()
