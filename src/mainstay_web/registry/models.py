"""Rows of the case's tables, each with all its versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mainstay_web.accounts.models import Organisation


class Row(models.Model):
    """One version of one row of a declared table; the newest is current, the others are its history.

    ``key`` is the JSON list of the key columns' values (or of all values, where a table declares no key), ``body``
    all given values by column, dates as ISO text. Settings of the case are the one row of the table ``case``.
    """

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    is_removed = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rows")
    label = models.CharField(max_length=300, blank=True)
    body = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("table", "key", "version"), name="one_row_of_a_version"),
            models.UniqueConstraint(
                fields=("table", "key"), condition=models.Q(is_current=True), name="one_current_version"
            ),
        )
        indexes = (
            models.Index(fields=("table", "is_current", "label")),
            models.Index(fields=("organisation", "table")),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.key} v{self.version}"
