"""The customs desk: what its steps ask."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.customs.machine import CUSTOMS
from mainstay_web.customs.models import Consignment, Reason
from mainstay_web.services.desk import Desk
from mainstay_web.services.register import require_row


def _reason(_consignment: Consignment) -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Why it is held"), choices=Reason.choices)


DESK = Desk(
    CUSTOMS,
    fields={"reason": _reason},
    offers={"declare": ("note",), "inspect": ("note",), "clear": ("note",)},
)


def announce(
    *,
    organisation: Organisation,
    item: str,
    quantity: float,
    port: str,
    reference: str,
    source: str = "",
    is_express: bool = True,
    by: Person | None,
    key: str = "",
) -> Consignment:
    """Announce a consignment of an importer, once for each key; it is declared when its documents are there.

    Raises
    ------
    ValidationError : the register does not know the item, the port or the offer; the offer is of another item or port;
        the reference was used
    """
    if by is not None:
        require(by, "customs.declare", organisation)
    require_row("items", item, _("Item"))
    if require_row("places", port, _("Port")).body.get("kind") != "port":
        raise ValidationError(_("“%(port)s” is no port. Choose a place of the kind “port”.") % {"port": port})
    if source:
        offer = require_row("imports", source, _("Import offer")).body
        if (offer["item"], offer["port"]) != (item, port):
            words = {"source": source, "item": offer["item"], "port": offer["port"]}
            raise ValidationError(_("The offer “%(source)s” is of %(item)s through %(port)s.") % words)
    consignment = Consignment(
        organisation=organisation,
        item=item,
        quantity=quantity,
        source=source,
        port=port,
        reference=reference,
        is_express=is_express,
    )
    return DESK.open(consignment, "announce", by=by, key=key)
