"""Applications for licences, what each must bring, and their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay_web.machines import Change
from mainstay_web.services.models import PERSON, Document, Matter


class Kind(models.TextChoices):
    """Kinds of documents."""

    BUSINESS_LICENCE = "business_licence", _("Business licence")
    PRODUCT_REQUIREMENTS = "product_requirements", _("Technical requirements of the product")
    TEST_REPORT = "test_report", _("Test report")
    RISK_ANALYSIS = "risk_analysis", _("Risk analysis")
    QUALITY_SYSTEM = "quality_system", _("Documents of the quality system")
    STERILISATION = "sterilisation", _("Validation of the sterilisation")
    CLINICAL = "clinical", _("Clinical evidence")
    ELECTRICAL_SAFETY = "electrical_safety", _("Report on electrical safety")
    LABEL = "label", _("Label and instructions for use")
    FOREIGN_CERTIFICATE = "foreign_certificate", _("Certificate of another country")
    OTHER = "other", _("Other document")


class Check(models.TextChoices):
    """What is looked into before a decision."""

    PAPERS = "papers", _("Review of the documents")
    SITE = "site", _("Inspection of the site")
    SAMPLE = "sample", _("Test of a sample")
    STERILITY = "sterility", _("Test for sterility")


class Requirement(models.Model):
    """Documents and checks that an application for items of a class needs; the empty class holds for all others."""

    item_class = models.CharField(max_length=100, unique=True, blank=True)
    documents = models.JSONField(default=list)
    checks = models.JSONField(default=list)

    class Meta:
        ordering = ("item_class",)

    def __str__(self) -> str:
        return self.item_class or "*"


class State(models.TextChoices):
    """How far an application is."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    DOCUMENTS_ASKED = "documents_asked", _("Documents asked for")
    UNDER_CHECK = "under_check", _("Under check")
    PROPOSED = "proposed", _("Decision proposed")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not granted")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Licence withdrawn")
    EXPIRED = "expired", _("Expired")


LIVE = (
    State.DRAFT,
    State.SUBMITTED,
    State.DOCUMENTS_ASKED,
    State.UNDER_CHECK,
    State.PROPOSED,
    State.GRANTED,
    State.SUSPENDED,
)
"""States beside which no other application for the same item is opened."""


class Application(Matter):
    """A maker's application for leave to make an item, by the fast track.

    ``expires`` is the last day of the licence. The proposal and who made it stay until it is decided on.
    """

    class Proposal(models.TextChoices):
        GRANT = "grant", _("grant")
        REFUSE = "refuse", _("refuse")

    state = models.CharField(max_length=16, choices=State.choices, blank=True)
    item = models.CharField(_("Item"), max_length=100)
    line = models.CharField(_("Line"), max_length=100, blank=True)
    standard = models.CharField(_("Standard"), max_length=200)
    proposal = models.CharField(max_length=6, choices=Proposal.choices, blank=True)
    conditions = models.TextField(blank=True)
    expires = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    suspended_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Matter.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "item"), condition=Q(state__in=LIVE), name="one_live_application_for_an_item"
            ),
            models.CheckConstraint(
                condition=Q(expires__isnull=False) | ~Q(state="granted"), name="a_licence_has_a_last_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}, {self.organisation}"


class ApplicationChange(Change):
    """One step of an application."""

    subject = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="changes")


class ApplicationDocument(Document):
    """A document of an application."""

    subject = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
