"""One row for each act."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class AuditRow(models.Model):
    """An act of a person: what, on which object, in which organisation, old and new.

    Written by ``audit.chain.record`` alone; saving it again or deleting it is refused.
    """

    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=200, db_index=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once."""
        if self.pk is not None:
            raise TypeError("An audit row is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("An audit row is never deleted.")


class ChainHead(models.Model):
    """The last hash of the chain: one row, locked while a row is added."""

    hash = models.CharField(max_length=64)
