"""Snapshots of the case, what-if scenarios, plan runs with their states, and what was decided on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.report.texts import Text
from mainstay_web.accounts.models import Organisation
from mainstay_web.decisions import DecisionBase
from mainstay_web.jobs.models import Queued, StateChange
from mainstay_web.planning.results import Results

PERSON = settings.AUTH_USER_MODEL


class Snapshot(models.Model):
    """The case as it was on a day; its tables lie as Parquet under its hash, the same hash once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="snapshots")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "hash"), name="one_snapshot_of_a_hash"),
            models.CheckConstraint(condition=~models.Q(hash=""), name="a_snapshot_has_a_hash"),
        )

    def __str__(self) -> str:
        return self.title or self.hash[:12]

    @property
    def folder(self) -> Path:
        """Where its tables lie."""
        return settings.DATA / "snapshots" / self.hash


class Scenario(models.Model):
    """A what-if: changes of a case as data (``planning.scenarios``); once a run used it, changes make a new version."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    base = models.ForeignKey("Run", on_delete=models.PROTECT, related_name="what_ifs")
    changes = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("organisation", "name", "version"), name="one_scenario_of_a_version"),
        )

    def __str__(self) -> str:
        return self._versioned(self.name)

    @property
    def words(self) -> Text:
        """What it is called: in both languages where the platform named it, else as a person did."""
        return Text(str(self), self._versioned(self.name_zh or self.name))

    @property
    def about(self) -> Text:
        """What it is about, likewise."""
        return Text(self.text, self.text_zh or self.text)

    def _versioned(self, name: str) -> str:
        return f"{name} ({self.version})" if self.version > 1 else name

    @property
    def is_frozen(self) -> bool:
        """Whether a run used it, so that it stays as it is."""
        return self.runs.exists()


class Run(Queued):
    """One plan to be made in the background."""

    kind = "plan"
    pages = "planning"
    acts = "plans"

    class Verdict(models.TextChoices):
        NONE = "", _("Not decided")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    horizon = models.CharField(max_length=100)
    needs = models.CharField(max_length=100, help_text="scenario of the needs that is planned on")
    as_of = models.DateField(null=True, blank=True)
    gap = models.FloatField(default=0.01)
    time_limit = models.PositiveIntegerField(null=True, blank=True)
    in_force = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title_zh = models.CharField(max_length=200, blank=True)

    folder = models.CharField(max_length=100, blank=True)
    is_sound = models.BooleanField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.NONE, blank=True)

    class Meta(Queued.Meta):
        abstract = False
        indexes = (*Queued.Meta.indexes, models.Index(fields=("organisation", "verdict")))
        constraints = (
            *Queued.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state="done", is_sound__isnull=False) & ~models.Q(folder="")
                | ~models.Q(state="done") & models.Q(folder="", is_sound__isnull=True),
                name="a_done_run_has_results_and_no_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="approved") | models.Q(state="done", is_sound=True),
                name="only_a_plan_that_passes_its_check_is_approved",
            ),
            models.CheckConstraint(condition=models.Q(gap__gte=0, gap__lte=1), name="gap_of_a_run"),
            models.CheckConstraint(
                condition=models.Q(time_limit__isnull=True) | models.Q(time_limit__gt=0), name="time_limit_of_a_run"
            ),
        )

    @property
    def words(self) -> Text:
        """What it is called: in both languages where the platform named it, else as a person did."""
        return Text(self.title, self.title_zh or self.title)

    @property
    def results(self) -> Results:
        """What the plan left behind; only of a run that is done."""
        return Results(settings.DATA / self.folder)

    @property
    def met(self) -> dict[str, Any]:
        """Share of the need that is met by tier, 0 to 1."""
        return self.summary.get("fill_rate", {})

    @property
    def largest_gap(self) -> float | None:
        """Largest proven gap of the stages that were reached, 0 to 1."""
        gaps = [stage["gap"] for stage in self.summary.get("objective", []) if stage["gap"] is not None]
        return max(gaps, default=None)


class RunState(StateChange):
    """One change of a run's state."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="states")


class Decision(DecisionBase):
    """One decision on a plan, with its reason; the newest holds."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="decisions")
    old = models.CharField(max_length=10, choices=Run.Verdict.choices, blank=True)
    new = models.CharField(max_length=10, choices=Run.Verdict.choices)

    def __str__(self) -> str:
        return f"{self.run}: {self.new}"
