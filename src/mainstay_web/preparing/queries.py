"""Reads of preparing that pages and the interface share."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from mainstay.tables import Case
from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.preparing.models import Design, Preparation, RotationTask
from mainstay_web.registry import queries as registry

NEEDED = ("options",)
"""Tables without which nothing can be chosen; futures are drawn from the events where the case brings none."""


def visible_preparations(person: Person) -> QuerySet[Preparation]:
    """The preparations that a person may see, the newest first."""
    rows = Preparation.objects.select_related("organisation", "snapshot", "by")
    return rights.visible(person, "readiness.view", rows)


def visible_designs(person: Person) -> QuerySet[Design]:
    """The designs that a person may see."""
    rows = Design.objects.select_related("organisation", "preparation__snapshot", "preparation__by")
    return rights.visible(person, "readiness.view", rows)


def in_force(organisation: Organisation) -> Design | None:
    """The design in force for an organisation: its own, or that of the nearest one above it."""
    found = Design.objects.filter(organisation__path__in=organisation.ancestors, verdict=Design.Verdict.APPROVED)
    return max(found.select_related("organisation"), key=lambda each: len(each.organisation.path), default=None)


def calendar(person: Person) -> QuerySet[RotationTask]:
    """What the designs in force ask to be bought, issued and scrapped, where the person may see it."""
    tasks = RotationTask.objects.filter(design__verdict=Design.Verdict.APPROVED)
    return rights.visible(person, "readiness.view", tasks).select_related(
        "organisation", "design__preparation", "done_by"
    )


def undone() -> Q:
    """The condition that nobody said yet that a task was done."""
    return Q(done_at__isnull=True)


def overdue(today: date | None = None) -> Q:
    """The condition that a task should have been done before today."""
    return undone() & Q(due__lt=today or clock.today())


def coming(days: int, today: date | None = None) -> Q:
    """The condition that a task is open and begins within some days, today the first."""
    begin = today or clock.today()
    return undone() & Q(due__gte=begin, date__lt=begin + timedelta(days=days))


def lacking(case: Case) -> list[str]:
    """Tables that must have rows before anything can be prepared."""
    return [name for name in NEEDED if not case[name].height]


def lacking_in_register() -> list[str]:
    """The same of the register as it stands."""
    return [name for name in NEEDED if not registry.rows(name).exists()]
