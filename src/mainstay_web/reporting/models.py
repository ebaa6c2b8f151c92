"""Questionnaires with versions, what was received, each figure with its versions, and what was found in it."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mainstay.tables import CASE_TABLES
from mainstay.tables.choices import choice_words
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import named

PERSON = settings.AUTH_USER_MODEL


def _choices(name: str, column: str) -> Any:
    """Choices of a column of the table ``reports``, said in the reader's language."""
    declared = CASE_TABLES["reports"].column(column)

    def label(code: str) -> str:
        return capfirst(named(choice_words(declared, code)))

    return models.TextChoices(name, {code.upper(): (code, lazy(label, str)(code)) for code in declared.choices})


Measure = _choices("Measure", "measure")
"""What a figure speaks of; never mixed, and none is read for another."""

Basis = _choices("Basis", "basis")
"""Whether a figure is of the day or a running total."""

Blocker = _choices("Blocker", "blocker")
"""What keeps the rest of a capacity from being used."""


class Questionnaire(models.Model):
    """One version of what a kind of organisation is asked; a published version is never changed.

    ``due_days`` and ``due_time`` say until when the figures of a day are wanted: that many days after it, at that time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    code = models.SlugField(_("Code"), max_length=60)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("Title"), max_length=200)
    name_zh = models.CharField(_("Title in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("Who is asked"), max_length=10, choices=Organisation.Kind.choices)
    under = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="questionnaires")
    due_days = models.PositiveSmallIntegerField(_("Due, days after"), default=0)
    due_time = models.TimeField(_("Due at"), default=time(20))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField(_("Counts from"), null=True, blank=True)

    class Meta:
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="one_questionnaire_of_a_version"),
            models.UniqueConstraint(fields=("code",), condition=Q(state="draft"), name="one_draft_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="draft", valid_from__isnull=True) | (~Q(state="draft") & Q(valid_from__isnull=False)),
                name="a_published_questionnaire_says_from_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class QuestionnaireLine(models.Model):
    """One figure that is asked."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    item = models.CharField(_("Item"), max_length=100)
    measure = models.CharField(_("Measure"), max_length=12, choices=Measure.choices)
    basis = models.CharField(_("Basis"), max_length=10, choices=Basis.choices, default=Basis.DAY)
    help = models.CharField(_("Help"), max_length=300, blank=True)
    help_zh = models.CharField(_("Help in Chinese"), max_length=300, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("questionnaire", "item", "measure", "basis"), name="a_figure_is_asked_once_in_a_questionnaire"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.measure} {self.basis}"


class QuestionnaireChange(models.Model):
    """A change of state of a questionnaire."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="changes")
    old = models.CharField(max_length=10, choices=Questionnaire.State.choices, blank=True)
    new = models.CharField(max_length=10, choices=Questionnaire.State.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.old} -> {self.new}"


class Submissions(models.Manager["Submission"]):
    """Leaves the body in the database until it is wanted."""

    def get_queryset(self) -> models.QuerySet[Submission]:
        return super().get_queryset().defer("body")


class Submission(models.Model):
    """What one reporter sent at one time, under a key of their own; ``body`` keeps it as it came.

    Every row is accounted for: accepted (``unchanged`` ones said what was known already) or refused. ``asked_at`` is
    when its figures were held against the register and the weeks before; empty: not yet.
    """

    class Channel(models.TextChoices):
        FORM = "form", _("Form")
        UPLOAD = "upload", _("Upload")
        API = "api", _("Interface")
        IMPORT = "import", _("Import of a case")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, null=True, related_name="submissions")
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    body = models.BinaryField()
    asked_at = models.DateTimeField(null=True)

    objects = Submissions()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("organisation", "key"), name="a_key_is_used_once"),
            models.CheckConstraint(
                condition=Q(rows=F("accepted") + F("refused")) & Q(unchanged__lte=F("accepted")),
                name="every_row_is_accounted_for",
            ),
        )
        indexes = (
            models.Index(fields=("organisation", "received_at"), name="submissions_of_one"),
            models.Index(fields=("asked_at",), condition=Q(asked_at__isnull=True), name="submissions_to_ask_about"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.key}"


class Report(models.Model):
    """One version of one figure; the version known last is current.

    ``known_on`` is the day on which it was known, as the table ``reports`` says it; empty in imported history that
    does not say: then the day it speaks of.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports", db_index=False)
    item = models.CharField(max_length=100)
    measure = models.CharField(max_length=12, choices=Measure.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    date = models.DateField()
    quantity = models.FloatField()
    unit = models.CharField(max_length=12, blank=True)
    blocker = models.CharField(max_length=10, choices=Blocker.choices, blank=True)
    source = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reports")
    row = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    known_on = models.DateField(null=True)

    class Meta:
        ordering = ("-date", "item", "measure", "basis", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "item", "measure", "basis", "date", "version"), name="one_report_of_a_version"
            ),
            models.UniqueConstraint(
                fields=("organisation", "date", "item", "measure", "basis"),
                condition=Q(is_current=True),
                name="one_current_report",
            ),
        )
        indexes = (models.Index(fields=("date", "version", "organisation", "received_at"), name="who_reported_when"),)

    def __str__(self) -> str:
        return f"{self.item} {self.measure} {self.date}: {self.quantity:g}"


class ReportFinding(models.Model):
    """What was found in a submission: an error refuses its row, a warning is an alert beside an accepted figure."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Refused")
        WARNING = "warning", _("Alert")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="findings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="findings")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="findings")
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=300, blank=True)
    rule = models.CharField(max_length=60)
    message = models.TextField()
    message_zh = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    remedy_zh = models.TextField(blank=True)
    severity = models.CharField(max_length=7, choices=Severity.choices)

    class Meta:
        ordering = ("severity", "row", "pk")
        indexes = (models.Index(fields=("severity", "rule"), name="findings_by_rule"),)

    def __str__(self) -> str:
        place = f"row {self.row}, " if self.row is not None else ""
        return f"{place}{self.column}: {self.message} {self.remedy}".strip()


class Acknowledgement(models.Model):
    """Someone looked at an alert and says what it is."""

    finding = models.OneToOneField(ReportFinding, on_delete=models.CASCADE, related_name="acknowledgement")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.note

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what was said stays said."""
        raise TypeError("An acknowledgement is never deleted.")
