"""Reads of licensing across models."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.licensing.models import Application, State

SOON = 30
"""Days before its last day on which a licence is listed as expiring soon."""


def visible(person: Person) -> QuerySet[Application]:
    """The applications that the person may see."""
    rows = Application.objects.select_related("organisation", "proposed_by", "by")
    return rights.visible(person, "licensing.view", rows)


def expiring(person: Person, days: int = SOON) -> QuerySet[Application]:
    """Licences in force that end within so many days, the first first."""
    last = clock.today() + timedelta(days)
    return visible(person).filter(state=State.GRANTED, expires__lte=last).order_by("expires", "pk")
