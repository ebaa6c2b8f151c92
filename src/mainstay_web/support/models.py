"""Requests for support and arrears owed to small firms, with their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation
from mainstay_web.machines import Change
from mainstay_web.services.models import PERSON, Matter


class Kind(models.TextChoices):
    """What a maker may ask for."""

    LOAN = "loan", _("Loan")
    SUBSIDY = "subsidy", _("Subsidy")
    WORKERS = "workers", _("Workers")
    TRANSPORT_PASS = "transport_pass", _("Transport pass")
    MATERIALS = "materials", _("Materials")
    POWER = "power", _("Power")


BLOCKER_OF = {
    Kind.LOAN: "cash",
    Kind.SUBSIDY: "cash",
    Kind.WORKERS: "staff",
    Kind.TRANSPORT_PASS: "transport",
    Kind.MATERIALS: "material",
    Kind.POWER: "other",
}
"""The kind of measure in the register, which is named after the blocker that it takes away."""


class State(models.TextChoices):
    """How far a request is."""

    REQUESTED = "requested", _("Requested")
    ASSESSED = "assessed", _("Assessed")
    GRANTED = "granted", _("Granted")
    PAID = "paid", _("Paid or delivered")
    REFUSED = "refused", _("Not granted")


class SupportRequest(Matter):
    """A measure that a maker asks for to use more of one of its lines.

    ``amount`` is the money asked for, if it is money. What was assessed: ``cost`` [money], ``share`` of the line that
    it frees (0 to 1), ``lead_days`` until it works, ``budget`` (pool of the register that pays). ``before`` and
    ``after`` are the usable share of the line on the first day on which it works, as the register said it.
    """

    state = models.CharField(max_length=10, choices=State.choices, blank=True)
    kind = models.CharField(_("Kind of support"), max_length=14, choices=Kind.choices)
    line = models.CharField(_("Line"), max_length=100)
    text = models.TextField(_("What it is for"))
    amount = models.FloatField(_("Money asked for"), null=True, blank=True)
    cost = models.FloatField(null=True, blank=True)
    share = models.FloatField(null=True, blank=True)
    lead_days = models.PositiveIntegerField(null=True, blank=True)
    budget = models.CharField(max_length=100, blank=True)
    assessed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_on = models.DateField(null=True, blank=True)
    works_from = models.DateField(null=True, blank=True)
    before = models.FloatField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)

    class Meta(Matter.Meta):
        abstract = False
        constraints = (
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1), name="support_frees_a_share_of_a_line"
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="money_asked_for"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.organisation}"

    @property
    def code(self) -> str:
        """Code of the measure in the register."""
        return f"support-{self.pk}"


class SupportChange(Change):
    """One step of a request."""

    subject = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="changes")


class ArrearState(models.TextChoices):
    """How far an arrear is."""

    RECORDED = "recorded", _("Recorded")
    CONFIRMED = "confirmed", _("Confirmed by the debtor")
    DISPUTED = "disputed", _("Disputed")
    PAID = "paid", _("Paid")
    DROPPED = "dropped", _("Dropped")


OWED = (ArrearState.RECORDED, ArrearState.CONFIRMED, ArrearState.DISPUTED)
"""States in which the money has not come."""


class Arrear(Matter):
    """Money that another organisation owes a small firm (``organisation``) since the day on which it was due."""

    state = models.CharField(max_length=10, choices=ArrearState.choices, blank=True)
    debtor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.FloatField(_("Amount"))
    due = models.DateField(_("Due since"))
    invoice = models.CharField(_("Invoice"), max_length=100)

    class Meta(Matter.Meta):
        abstract = False
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_arrear_is_an_amount"),
            models.CheckConstraint(condition=~Q(organisation=F("debtor")), name="nobody_owes_themselves"),
            models.UniqueConstraint(fields=("organisation", "debtor", "invoice"), name="one_arrear_of_an_invoice"),
        )

    def __str__(self) -> str:
        return self.invoice


class ArrearChange(Change):
    """One step of an arrear."""

    subject = models.ForeignKey(Arrear, on_delete=models.PROTECT, related_name="changes")
