"""Replays that wait in the queue, and exercises with what was decided on each of their days."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation
from mainstay_web.jobs.models import Queued, StateChange
from mainstay_web.planning.models import Snapshot
from mainstay_web.planning.results import Results

PERSON = settings.AUTH_USER_MODEL


class Replay(Queued):
    """One history to be lived through by several policies in the background; ``asked`` is how."""

    kind = "replay"
    pages = "replaying"
    acts = "replays"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="replays")
    asked = models.JSONField(help_text="arguments of mainstay.replay.live_through: days as ISO text")
    folder = models.CharField(max_length=100, blank=True)

    class Meta(Queued.Meta):
        abstract = False
        constraints = (
            *Queued.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state="done") & ~models.Q(folder="") | ~models.Q(state="done") & models.Q(folder=""),
                name="a_done_replay_has_results_and_no_other",
            ),
        )

    @property
    def results(self) -> Results:
        """What it left behind; only of a replay that is done."""
        return Results(settings.DATA / self.folder)

    @property
    def policies(self) -> list[str]:
        """Names of the policies."""
        return list(self.asked["policies"])


class ReplayState(StateChange):
    """One change of a replay's state."""

    replay = models.ForeignKey(Replay, on_delete=models.PROTECT, related_name="states")


class Exercise(models.Model):
    """A history in which people decide day by day; ``replay`` lives through the same by rules and plans."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exercises")
    title = models.CharField(max_length=200)
    replay = models.OneToOneField(Replay, on_delete=models.PROTECT, related_name="exercise")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "key"), condition=~models.Q(key=""), name="one_exercise_of_a_key"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where its page is."""
        return reverse("replaying:exercise", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether days can still be decided."""
        return self.ended_at is None


class Turn(models.Model):
    """One step of an exercise, never changed: a day that was decided, or the last day taken back.

    start : whose proposal it began with; changes : what people ordered otherwise, by task of the network
    orders : all that was started on the day
    """

    class Kind(models.TextChoices):
        DECIDED = "decided", _("Decided")
        UNDONE = "undone", _("Taken back")

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    start = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(default=dict)
    orders = models.JSONField(default=dict)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("exercise", "number"), name="one_turn_of_a_number"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="turns_count_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.exercise}, {self.day}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if self.pk is not None:
            raise TypeError("A turn of an exercise is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("A turn of an exercise is never deleted.")
