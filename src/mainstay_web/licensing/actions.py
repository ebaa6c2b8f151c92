"""All writes of licensing beside the steps of its desk."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.licensing.desk import DESK
from mainstay_web.licensing.models import LIVE, Application, Check, Kind, Requirement, State
from mainstay_web.services.register import require_row


@transaction.atomic
def begin(
    *, organisation: Organisation, item: str, standard: str, line: str = "", by: Person | None, key: str = ""
) -> Application:
    """Begin the application of a maker for an item, once for each key.

    Raises
    ------
    ValidationError : the organisation is no enterprise, the register does not know the item or the line, the line is
        another's, or an application for the item is open
    """
    if by is not None:
        require(by, "licensing.apply", organisation)
    if not organisation.enterprise:
        raise ValidationError(_("Only an enterprise of the register applies for a licence."))
    require_row("items", item, _("Item"))
    if line and require_row("lines", line, _("Line")).body["enterprise"] != organisation.enterprise:
        raise ValidationError(_("The line “%(line)s” belongs to another enterprise.") % {"line": line})
    application = Application(organisation=organisation, item=item, line=line, standard=standard)
    return DESK.open(application, "begin", by=by, judge=lambda: _refuse_second(application), key=key)


def _refuse_second(application: Application) -> None:
    """Refuse an application while another of the maker for the item is open."""
    live = Application.objects.filter(
        organisation=application.organisation, item=application.item, state__in=LIVE
    ).first()
    if live is not None:
        words = {"number": live.pk, "state": live.get_state_display()}
        raise ValidationError(
            _("Application %(number)d for this item is open (%(state)s). Go on with that one.") % words
        )


@transaction.atomic
def change_requirement(*, item_class: str, documents: list[str], checks: list[str], by: Person) -> Requirement:
    """Say what applications for items of a class need from now on; only who decides for all may.

    Raises
    ------
    ValidationError : a document or a check is of no known kind
    """
    top = Organisation.objects.get(parent__isnull=True)
    require(by, "licensing.decide", top)
    unknown = [*(set(documents) - set(Kind.values)), *(set(checks) - set(Check.values))]
    if unknown:
        raise ValidationError(_("Unknown: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))})
    found, _is_new = Requirement.objects.select_for_update().get_or_create(item_class=item_class)
    old = {"documents": found.documents, "checks": found.checks}
    found.documents, found.checks = documents, checks
    found.save()
    new = {"documents": documents, "checks": checks}
    record(by=by, action="licensing.require", subject=found, organisation=top, old=old, new=new)
    return found


def expire_due() -> int:
    """End the licences whose last day is over; how many."""
    held = Application.objects.filter(state__in=(State.GRANTED, State.SUSPENDED), expires__lt=clock.today())
    for application in held:
        DESK.take(application, "expire", by=None)
    return len(held)
