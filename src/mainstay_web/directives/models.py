"""Issues of directives, the directives with each of their steps, rules of reminding, outlets and their notices."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.report.texts import Text
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.machines import Change
from mainstay_web.planning.models import Run

PERSON = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """States of a directive."""

    ISSUED = "issued", _("Issued")
    RECEIVED = "received", pgettext_lazy("directive", "Received")
    ACCEPTED = "accepted", pgettext_lazy("directive", "Accepted")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    BLOCKED = "blocked", _("Blocked")
    OBJECTED = "objected", _("Objected to")
    SUPERSEDED = "superseded", _("Superseded")
    CANCELLED = "cancelled", _("Cancelled")


WAITING = (State.ISSUED, State.RECEIVED, State.OBJECTED)
"""The addressee has not agreed yet."""
OPEN = (*WAITING, State.ACCEPTED, State.UNDER_WAY, State.BLOCKED)
"""Something is still to be done."""


class Blocker(models.TextChoices):
    """What stands in the way, as the table ``availability`` says it too."""

    STAFF = "staff", _("Staff")
    EQUIPMENT = "equipment", _("Equipment")
    MATERIAL = "material", _("Material")
    CASH = "cash", _("Cash")
    TRANSPORT = "transport", _("Transport")
    LICENCE = "licence", _("Licence")


class Kind(models.TextChoices):
    """What a directive asks for."""

    MAKE = "make", _("Make")
    CONVERT = "convert", _("Convert or set up lines")
    LICENSE = "license", _("Apply for a licence")
    RELEASE = "release", _("Release from the reserve")
    SHIP = "ship", _("Ship")
    ARRIVE = "arrive", _("Take in")
    CARRY = "carry", _("Carry")


class Issue(models.Model):
    """One issuing of the directives of an approved plan, for its first days.

    ``shift`` days lie between the plan's calendar and ours: 0, but where the plan is of days long past,
    its first day counts as the day of issue. ``unaddressed`` are lines for whom no organisation of the platform stands.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="issues")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="issues")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    first = models.DateField()
    days = models.PositiveIntegerField()
    shift = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    planned = models.JSONField(default=dict, help_text="by item, what the directives of this plan move or make in all")
    unaddressed = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.CheckConstraint(condition=Q(days__gt=0), name="an_issue_is_for_some_days"),)

    def __str__(self) -> str:
        return f"{self.run} {self.first}"

    @property
    def today(self) -> date:
        """Our today in the plan's calendar."""
        return clock.today() - timedelta(self.shift)


class Directive(models.Model):
    """What one organisation is to do in some days: one line of a plan.

    ``key`` names the line within its addressee, so that the next plan finds it; ``days`` is a list of
    ``{"date", "quantity"}`` in the plan's calendar and ``due_at`` the end of its last day in ours; ``done`` counts up.
    ``place`` is where its goods are made, leave or come, and ``other`` the place at the other end of a shipment.
    ``share`` is what could still be done while it is blocked, 0 to 1. ``level`` counts how far up it was escalated.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="directives")
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="directives")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=400)
    item = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=100, blank=True)
    other = models.CharField(max_length=100, blank=True)
    subjects = models.JSONField(default=list, help_text="codes of the lines or lanes that it uses")
    unit = models.CharField(max_length=12, blank=True)
    is_vital = models.BooleanField(default=False)
    text = models.CharField(max_length=500)
    text_zh = models.CharField(max_length=500)
    why = models.TextField(blank=True)
    why_zh = models.TextField(blank=True)
    quantity = models.FloatField()
    days = models.JSONField(default=list)
    starts = models.DateField()
    ends = models.DateField()
    due_at = models.DateTimeField()

    state = models.CharField(max_length=12, choices=State.choices, blank=True)
    since = models.DateTimeField(help_text="when it came into its state")
    done = models.FloatField(default=0.0)
    done_at = models.DateTimeField(null=True, blank=True)
    blocker = models.CharField(max_length=10, choices=Blocker.choices, blank=True)
    share = models.FloatField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="day on which the addressee expects to go on")
    is_answered = models.BooleanField(default=False, help_text="the request for help has an answer")
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")
    reminded_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("addressee", "state"), name="directives_of_one"),
            models.Index(fields=("state", "since"), name="directives_in_a_state"),
            models.Index(fields=("item", "place", "other"), name="directives_of_a_way"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_directive_asks_for_something"),
            models.CheckConstraint(condition=Q(done__gte=0), name="done_is_not_negative"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="a_directive_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="blocked", share__gte=0, share__lte=1) & ~Q(blocker="")
                | ~Q(state="blocked") & Q(blocker="", share__isnull=True, until__isnull=True),
                name="a_blocked_directive_names_its_blocker_and_no_other",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(state="superseded"), name="only_a_superseded_one_is_replaced"
            ),
        )

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Where its page is."""
        return reverse("directives:directive", args=[self.pk])

    @property
    def words(self) -> Text:
        """What it asks for, in both languages."""
        return Text(self.text, self.text_zh)

    @property
    def reason(self) -> Text:
        """Why the plan asks for it, in both languages."""
        return Text(self.why, self.why_zh)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """Whether its last day is over and it is not done."""
        return self.is_open and self.due_at < clock.now()

    @property
    def today(self) -> float:
        """What it asks for today."""
        day = self.issue.today.isoformat()
        return sum(each["quantity"] for each in self.days if each["date"] == day)

    @property
    def share_done(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.done / self.quantity)

    @property
    def missing(self) -> float:
        """What is still to be done."""
        return max(0.0, self.quantity - self.done)


class DirectiveChange(Change):
    """One step of a directive."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="changes")

    class Meta(Change.Meta):
        abstract = False
        indexes = (models.Index(fields=("at",), name="steps_in_time"),)


class Confirmation(models.Model):
    """A movement of the ledger that carried out some of a directive; each counts for one directive alone."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="confirmations")
    movement = models.OneToOneField("ledger.Movement", on_delete=models.PROTECT, related_name="confirms")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.directive}: {self.movement}"


class Rule(models.Model):
    """When a silent addressee is reminded, or those above them are told: after hours in a state, and again.

    ``state`` ``late`` is of open directives whose last day is over, and counts from then. An escalation goes one level
    higher each time, up to the office itself.
    """

    LATE = "late"
    STATES = (*((state.value, state.label) for state in OPEN), (LATE, _("Overdue")))

    class Act(models.TextChoices):
        REMIND = "remind", _("Remind the addressee")
        ESCALATE = "escalate", _("Tell the level above")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rules")
    state = models.CharField(max_length=12, choices=STATES)
    act = models.CharField(max_length=10, choices=Act.choices)
    hours = models.FloatField()

    class Meta:
        ordering = ("state", "act")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "state", "act"), name="one_rule_of_a_kind"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="a_rule_waits_some_time"),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.hours:g} h: {self.act}"


def new_secret() -> str:
    """A secret that signs what goes to a webhook."""
    return secrets.token_hex(32)


class Outlet(models.Model):
    """Where an organisation wants to be told: an address of e-mail, or of a webhook with the secret that signs."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outlets")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=500)
    secret = models.CharField(max_length=64, default=new_secret)
    language = models.CharField(max_length=10, default="en", choices=(("en", "English"), ("zh-hans", "简体中文")))
    is_active = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "channel", "address"),
                condition=Q(is_active=True),
                name="one_outlet_of_an_address",
            ),
        )

    def __str__(self) -> str:
        return self.address


class Notice(models.Model):
    """One message to an outlet; tried again, ever later, until it is sent or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="notices")
    event = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("next_at",), condition=Q(state="waiting"), name="notices_to_send"),)

    def __str__(self) -> str:
        return self.subject

    def body(self) -> dict[str, Any]:
        """What a webhook gets."""
        return {
            "notice": self.pk,
            "event": self.event,
            "at": self.at.isoformat(),
            "subject": self.subject,
            **self.payload,
        }
