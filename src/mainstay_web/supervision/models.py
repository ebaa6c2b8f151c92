"""What an office says of how an organisation carries out directives, with the facts behind it, and each challenge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation
from mainstay_web.machines import Change

PERSON = settings.AUTH_USER_MODEL


class Mention(models.Model):
    """A commendation or a warning; ``facts`` are those of the day on which it was listed (``supervision.facts``)."""

    class Kind(models.TextChoices):
        COMMENDATION = "commendation", _("Commendation")
        WARNING = "warning", _("Warning")

    class State(models.TextChoices):
        LISTED = "listed", _("Listed")
        CHALLENGED = "challenged", _("Challenged")
        UPHELD = "upheld", _("Upheld")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mentions_made")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mentions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    facts = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("office", "organisation", "kind"),
                condition=models.Q(state__in=("listed", "challenged")),
                name="one_mention_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.kind}"


class MentionChange(Change):
    """One step of a mention."""

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="changes")

    class Meta(Change.Meta):
        abstract = False
