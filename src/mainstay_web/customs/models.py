"""Consignments that pass customs, and their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay_web.machines import Change
from mainstay_web.services.models import Document, Matter


class Kind(models.TextChoices):
    """Kinds of documents."""

    INVOICE = "invoice", _("Invoice")
    PACKING_LIST = "packing_list", _("Packing list")
    TRANSPORT = "transport", _("Bill of lading or air waybill")
    URGENCY = "urgency", _("Letter of the supply office that the goods are urgent")
    CERTIFICATE = "certificate", _("Certificate or declaration of quality")
    DONATION = "donation", _("Letter of donation")
    OTHER = "other", _("Other document")


REQUIRED = {False: (Kind.INVOICE, Kind.PACKING_LIST, Kind.TRANSPORT), True: (Kind.TRANSPORT, Kind.URGENCY)}
"""Documents without which nothing is declared, for the normal way and for the express window."""

BEFORE_CLEARED = {True: (Kind.INVOICE, Kind.PACKING_LIST), False: ()}
"""Documents that the express window lets come after the declaration, but before the goods leave."""


class Reason(models.TextChoices):
    """Why a consignment is held."""

    DOCUMENTS = "documents", _("documents are missing or do not agree")
    QUALITY = "quality", _("the quality is in doubt")
    LICENCE = "licence", _("a licence or a permit is missing")
    VALUE = "value", _("value or duty is not settled")
    OTHER = "other", _("another reason")


class State(models.TextChoices):
    """Where a consignment is."""

    DRAFT = "draft", _("Not declared yet")
    DECLARED = "declared", _("Declared")
    INSPECTED = "inspected", _("Inspected")
    HELD = "held", _("Held")
    CLEARED = "cleared", _("Cleared")
    REFUSED = "refused", _("Turned away")


OPEN = (State.DECLARED, State.INSPECTED, State.HELD)
"""States in which the goods lie in customs."""


class Consignment(Matter):
    """Goods of one item that came to one port; ``source`` is the import offer of the register that they are of."""

    state = models.CharField(max_length=10, choices=State.choices, blank=True)
    item = models.CharField(_("Item"), max_length=100)
    quantity = models.FloatField(_("Quantity"))
    source = models.CharField(_("Import offer"), max_length=100, blank=True)
    port = models.CharField(_("Port"), max_length=100)
    reference = models.CharField(_("Number of the papers"), max_length=100)
    is_express = models.BooleanField(_("Express window"), default=True)

    class Meta(Matter.Meta):
        abstract = False
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_consignment_holds_something"),
            models.UniqueConstraint(fields=("organisation", "reference"), name="one_consignment_of_a_reference"),
        )
        indexes = (models.Index(fields=("source", "state"), name="consignments_of_an_offer"),)

    def __str__(self) -> str:
        return f"{self.reference}: {self.item}"


class ConsignmentChange(Change):
    """One step of a consignment."""

    subject = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="changes")


class ConsignmentDocument(Document):
    """A document of a consignment."""

    subject = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="documents")
