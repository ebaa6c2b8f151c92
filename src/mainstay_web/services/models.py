"""What an application, a consignment, a request and an arrear have in common, and the documents of each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from mainstay_web.accounts.models import Organisation

PERSON = settings.AUTH_USER_MODEL


class Matter(models.Model):
    """Something that a desk deals with step by step for an organisation; its steps are the rows of ``changes``."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ("-pk",)


class Document(models.Model):
    """A file that came with a matter; a newer one of the same kind takes its place, and none is ever removed.

    The table of a matter adds it as a foreign key whose ``related_name`` is ``documents``.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ("kind", "-pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once."""
        if self.pk is not None:
            raise TypeError("A document that was sent is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("A document that was sent is never deleted.")
