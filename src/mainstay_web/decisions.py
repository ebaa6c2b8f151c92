"""Approving and rejecting what was worked out: one rule of two persons for plans and for designs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from mainstay_web.accounts.models import Person
    from mainstay_web.jobs.models import Queued

APPROVED, REJECTED = "approved", "rejected"


class DecisionBase(models.Model):
    """One decision with its reason; what was decided, and what held before, are ``new`` and ``old``."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        abstract = True
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_%(class)s_says_why"),
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="a_%(class)s_changes_something"),
        )


def require_decidable(work: Queued, *, old: str, new: str, reason: str, by: Person) -> None:
    """Refuse a decision on what ``work`` brought, unless it is done, a reason is given and something changes by it.

    Raises
    ------
    PermissionDenied : approving what one started oneself, where four eyes are wanted
    ValidationError : it is not done, is decided so already, or no reason is given
    """
    if not reason.strip():
        raise ValidationError(_("Give a reason."))
    if work.state != work.State.DONE:
        raise ValidationError(_("Only what is done can be decided on."))
    if old == new:
        raise ValidationError(_("It is decided so already."))
    if new == APPROVED and settings.FOUR_EYES and work.by_id == by.pk:
        raise PermissionDenied("What was worked out is approved by someone else than who started it.")
