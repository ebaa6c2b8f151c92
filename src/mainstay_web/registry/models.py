"""Rows of the case's tables, each with all its versions; enterprises that are, or are not, registered twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mainstay_web.accounts.models import Organisation


class Row(models.Model):
    """One version of one row of a declared table; the newest is current, the others are its history.

    ``key`` is the JSON list of the key columns' values, ``body`` all given values by column, dates as ISO text.
    Settings of the case are the one row of the table ``case``, its other files those of ``extras``. A version held
    from ``at`` to ``until``. ``enterprise`` and ``place`` are the codes that say whose the row is, ``words`` is what
    a search looks into.
    """

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    is_removed = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rows")
    enterprise = models.CharField(max_length=400, blank=True, db_index=True)
    place = models.CharField(max_length=400, blank=True)
    label = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    body = models.JSONField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("table", "key", "version"), name="one_row_of_a_version"),
            models.UniqueConstraint(
                fields=("table", "key"), condition=models.Q(is_current=True), name="one_current_version"
            ),
            models.CheckConstraint(
                condition=models.Q(is_current=True, until__isnull=True)
                | models.Q(is_current=False, until__isnull=False),
                name="a_version_ends_when_the_next_begins",
            ),
        )
        indexes = (
            models.Index(fields=("table", "is_current", "label")),
            models.Index(fields=("organisation", "table")),
            models.Index(
                fields=("table", "id", "organisation"),
                condition=models.Q(is_current=True, is_removed=False),
                name="rows_as_they_are",
            ),
            models.Index(fields=("at",), condition=models.Q(is_current=True), name="rows_by_when_they_came"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.key} v{self.version}"


class Proposal(models.Model):
    """Two enterprises that may be one, as the last search found them; ``agree`` names the fields that agree."""

    first = models.CharField(max_length=400)
    second = models.CharField(max_length=400)
    probability = models.FloatField()
    agree = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-probability", "pk")
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_proposal_of_a_pair"),)

    def __str__(self) -> str:
        return f"{self.first} and {self.second}: {self.probability:.3f}"


class NotTheSame(models.Model):
    """Two enterprises that look alike and are not the same: they are not proposed again. ``first`` < ``second``."""

    first = models.CharField(max_length=400)
    second = models.CharField(max_length=400)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_answer_for_a_pair"),)

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"


class Merge(models.Model):
    """An enterprise ``merged`` into another, ``kept``; ``versions`` lists the rows written for it, in order.

    Each is [new version, version before]; undoing writes the versions before once more.
    """

    kept = models.CharField(max_length=400)
    merged = models.CharField(max_length=400)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    versions = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("merged",), condition=models.Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged} into {self.kept}"
