"""Reads of replays and exercises that pages and the interface share."""

from __future__ import annotations

from django.db.models import QuerySet

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.replaying.models import Exercise, Replay


def visible_replays(person: Person) -> QuerySet[Replay]:
    """The replays that a person may see; those beside an exercise that is open show what is to come, so nobody does."""
    rows = Replay.objects.exclude(exercise__isnull=False, exercise__ended_at__isnull=True)
    return rights.visible(person, "replays.view", rows)


def visible_exercises(person: Person) -> QuerySet[Exercise]:
    """The exercises that a person may watch."""
    rows = Exercise.objects.select_related("organisation", "by", "replay__snapshot")
    return rights.visible(person, "replays.view", rows)


def get_replay(person: Person, pk: int, action: str = "replays.view") -> Replay:
    """One replay, if the person may do this with it."""
    rows = visible_replays(person).select_related("organisation", "snapshot", "by")
    return rights.get_visible(person, action, rows, pk=pk)


def get_exercise(person: Person, pk: int, action: str = "replays.view") -> Exercise:
    """One exercise, if the person may do this in it."""
    return rights.get_visible(person, action, visible_exercises(person), pk=pk)
