"""What waits in the queue, whatever its kind: state, lease, progress, outcome; and jobs other than plan runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation
from mainstay_web.jobs.kinds import KINDS

PERSON = settings.AUTH_USER_MODEL
MOST_FINDINGS = 500
"""Findings that a job keeps."""


class State(models.TextChoices):
    """States of all that waits in the queue."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("In progress")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Queued(models.Model):
    """Work that a worker does in the background; each table of these is a part of the queue (``jobs.queue``).

    ``kind`` names what is done, ``pages`` where its addresses are, ``acts`` its rows of the audit. ``key`` is the
    caller's own name for it, under which it is started once, and ``digest`` is of what was asked for then.
    """

    State = State
    ACTIVE = (State.QUEUED, State.RUNNING)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="%(class)ss")
    title = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=100, blank=True)
    share = models.FloatField(default=0.0)
    cancel_asked = models.BooleanField(default=False)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)

    summary = models.JSONField(default=dict, blank=True)
    findings = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    reason_zh = models.TextField(blank=True)

    kind: str
    pages: str
    acts: str

    class Meta:
        abstract = True
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "id")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False, heartbeat__isnull=False)
                & ~models.Q(worker="")
                | ~models.Q(state="running") & models.Q(lease_until__isnull=True, worker=""),
                name="a_running_%(class)s_has_a_lease_and_no_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(reason=""), name="a_failed_%(class)s_says_why"
            ),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=1), name="share_of_a_%(class)s"),
            models.UniqueConstraint(
                fields=("organisation", "key"), condition=~models.Q(key=""), name="one_%(class)s_of_a_key"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        """Whether it waits or is at work."""
        return self.state in self.ACTIVE

    @property
    def percent(self) -> int:
        """How far the work is, 0 to 100."""
        return round(100 * self.share)

    @property
    def stage_words(self) -> str:
        """What is being done, in the reader's language."""
        return KINDS[self.kind].say_stage(self.stage)

    @property
    def progress_url(self) -> str:
        """Where its progress is shown."""
        return reverse(f"{self.pages}:progress", args=[self.pk])

    @property
    def cancel_url(self) -> str:
        """Where it is cancelled."""
        return reverse(f"{self.pages}:cancel", args=[self.pk])

    def let_go(self) -> None:
        """Remove what only the work needed; called when it has ended."""


class StateChange(models.Model):
    """One change of a state."""

    old = models.CharField(max_length=10, choices=State.choices, blank=True)
    new = models.CharField(max_length=10, choices=State.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    reason_zh = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.old} -> {self.new}"


class Job(Queued):
    """Long work that is no plan run; ``told`` is what its kind must know, ``file`` what was uploaded for it."""

    pages = acts = "jobs"

    kind = models.CharField(max_length=40)
    told = models.JSONField(default=dict, blank=True)
    file = models.CharField(max_length=100, blank=True, help_text="in the data folder")

    def get_absolute_url(self) -> str:
        """Where its page is."""
        return reverse("jobs:job", args=[self.pk])

    def read_file(self) -> bytes:
        """What was uploaded for it."""
        return (settings.DATA / self.file).read_bytes()

    def let_go(self) -> None:
        """Remove the uploaded file."""
        if self.file:
            (settings.DATA / self.file).unlink(missing_ok=True)


class JobState(StateChange):
    """One change of a job's state."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="states")


def kept(findings: Any) -> list[dict[str, Any]]:
    """The findings that a job keeps, the first of many, as its pages show them."""
    return findings.frame().head(MOST_FINDINGS).to_dicts()


class ChoreTurn(models.Model):
    """When a chore (``jobs.chores``) is to be done next."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
