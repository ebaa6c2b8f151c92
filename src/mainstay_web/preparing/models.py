"""Preparations with their states, the designs they brought, what was decided on them, and the rotation calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.report.texts import Text, currency_words
from mainstay.tables.ready_tables import ACTIONS
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.decisions import DecisionBase
from mainstay_web.jobs.models import Queued, StateChange
from mainstay_web.planning.models import Snapshot
from mainstay_web.preparing.results import Results

PERSON = settings.AUTH_USER_MODEL


class Preparation(Queued):
    """What should stand ready, to be worked out in the background for a budget and others beside it.

    ``budget`` [money a year] None: no limit; ``others`` budgets of the frontier, empty: multiples of the first;
    ``futures`` how many are drawn, None: those of the case; ``hold_out`` share of them that designs are tried on.
    """

    kind = "prepare"
    pages = "preparing"
    acts = "readiness"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="preparations")
    budget = models.FloatField(null=True, blank=True)
    others = models.JSONField(default=list, blank=True)
    caution = models.FloatField(default=0.5)
    level = models.FloatField(default=0.9)
    futures = models.PositiveIntegerField(null=True, blank=True)
    hold_out = models.FloatField(default=0.0)
    seed = models.PositiveIntegerField(default=0)
    gap = models.FloatField(default=0.01)
    time_limit = models.PositiveIntegerField(null=True, blank=True)
    folder = models.CharField(max_length=100, blank=True)

    class Meta(Queued.Meta):
        abstract = False
        constraints = (
            *Queued.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state="done") & ~models.Q(folder="") | ~models.Q(state="done") & models.Q(folder=""),
                name="a_done_preparation_has_results_and_no_other",
            ),
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0), name="budget_of_a_preparation"
            ),
            models.CheckConstraint(
                condition=models.Q(caution__gte=0, caution__lte=1, level__gt=0, level__lt=1),
                name="risk_of_a_preparation",
            ),
            models.CheckConstraint(
                condition=models.Q(hold_out__gte=0, hold_out__lt=1), name="hold_out_of_a_preparation"
            ),
            models.CheckConstraint(condition=models.Q(gap__gt=0, gap__lte=1), name="gap_of_a_preparation"),
        )

    def get_absolute_url(self) -> str:
        """Where its page is."""
        return reverse("preparing:preparation", args=[self.pk])

    @property
    def results(self) -> Results:
        """What it left behind; only of one that is done."""
        return Results(settings.DATA / self.folder)

    @property
    def currency(self) -> Text:
        """The money that it counts in, in words."""
        return currency_words(self.summary["currency"])


class PreparationState(StateChange):
    """One change of a preparation's state."""

    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="states")


class Design(models.Model):
    """One design of a preparation: the best for a budget; ``mean`` and ``worst`` are weighted shares of need lost."""

    class Verdict(models.TextChoices):
        NONE = "", _("Not decided")
        APPROVED = "approved", _("In force")
        REJECTED = "rejected", _("Rejected")
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="designs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="designs")
    number = models.PositiveIntegerField()
    budget = models.FloatField()
    cost = models.FloatField()
    mean = models.FloatField()
    worst = models.FloatField()
    gap = models.FloatField()
    is_asked = models.BooleanField(default=False)
    is_knee = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.NONE, blank=True)

    class Meta:
        ordering = ("-preparation", "number")
        constraints = (
            models.UniqueConstraint(fields=("preparation", "number"), name="one_design_of_a_number"),
            models.UniqueConstraint(
                fields=("organisation",), condition=models.Q(verdict="approved"), name="one_design_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"{self.preparation} · {self.number}"

    def get_absolute_url(self) -> str:
        """Where its page is."""
        return reverse("preparing:design", args=[self.pk])

    @property
    def results(self) -> Results:
        """What it holds, what each future brings with it, how it is kept fresh."""
        return self.preparation.results.design(self.number)


class DesignDecision(DecisionBase):
    """One decision on a design, with its reason; the newest holds."""

    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="decisions")
    old = models.CharField(max_length=10, choices=Design.Verdict.choices, blank=True)
    new = models.CharField(max_length=10, choices=Design.Verdict.choices)

    def __str__(self) -> str:
        return f"{self.design}: {self.new}"


class RotationTask(models.Model):
    """What is to be bought, issued or scrapped of a reserve that daily users keep fresh, from ``date`` to ``due``."""

    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="rotation_tasks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rotation_tasks")
    date = models.DateField()
    due = models.DateField()
    action = models.CharField(max_length=10, choices=[(code, code) for code in ACTIONS])
    item = models.CharField(max_length=100)
    place = models.CharField(max_length=100)
    lot = models.CharField(max_length=100)
    quantity = models.FloatField()
    expires = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("date", "pk")
        indexes = (models.Index(fields=("organisation", "date")),)
        constraints = (
            models.UniqueConstraint(
                fields=("design", "item", "place", "date", "action", "lot"), name="one_rotation_task_of_a_lot"
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_rotation_task_says_who",
            ),
        )

    def __str__(self) -> str:
        return f"{self.date}: {self.action} {self.item} {self.lot}"

    @property
    def is_done(self) -> bool:
        """Whether somebody said that it was done."""
        return self.done_at is not None

    def is_overdue(self, today: date | None = None) -> bool:
        """Whether it should have been done before today."""
        return not self.is_done and self.due < (today or clock.today())

    def told(self) -> dict[str, Any]:
        """What it is, for the audit."""
        return {name: getattr(self, name) for name in ("date", "action", "item", "place", "lot", "quantity")}
