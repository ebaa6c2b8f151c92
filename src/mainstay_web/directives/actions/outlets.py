"""Outlets of organisations, and putting notices into them; ``directives.sending`` sends."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.report.texts import Text
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import may, require
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.audit.chain import record
from mainstay_web.directives.models import Directive, Notice, Outlet

SHOWN = 20
"""Directives that the text of a notice lists; a webhook gets all."""


@transaction.atomic
def add_outlet(*, organisation: Organisation, channel: str, address: str, by: Person, language: str = "en") -> Outlet:
    """Have an organisation told at an address.

    Raises
    ------
    ValidationError : no address of e-mail; a webhook that is not https, or whose host the platform may not call
    """
    require(by, _right(by, organisation), organisation)
    address = address.strip()
    if channel == Outlet.Channel.EMAIL:
        validate_email(address)
    elif channel == Outlet.Channel.WEBHOOK:
        _require_host(address)
    else:
        raise ValidationError({"channel": _("Choose e-mail or webhook.")})
    try:
        with transaction.atomic():
            outlet = Outlet.objects.create(
                organisation=organisation, channel=channel, address=address, language=language, by=by
            )
    except IntegrityError:
        raise ValidationError({"address": _("This address is an outlet already.")}) from None
    record(by=by, action="directives.outlet", subject=outlet, organisation=organisation, added=address)
    return outlet


@transaction.atomic
def end_outlet(*, outlet: Outlet, by: Person) -> None:
    """Send nothing more to an outlet; what waits for it is given up."""
    require(by, _right(by, outlet.organisation), outlet.organisation)
    if Outlet.objects.filter(pk=outlet.pk, is_active=True).update(is_active=False):
        outlet.notices.filter(state=Notice.State.WAITING).update(state=Notice.State.GIVEN_UP, error="ended")
        record(
            by=by, action="directives.outlet", subject=outlet, organisation=outlet.organisation, ended=outlet.address
        )


def tell(organisation: Organisation, event: str, about: Sequence[Directive], note: str = "") -> None:
    """Put a notice into every outlet of an organisation; the worker sends it."""
    now = clock.now()
    for outlet in Outlet.objects.filter(organisation=organisation, is_active=True):
        with translation.override(outlet.language):
            subject = subject_of(event, [each.words for each in about])
            lines = [f"- {named(each.words)}: {each.quantity:g} {each.unit}".rstrip() for each in about[:SHOWN]]
            more = len(about) - SHOWN
            if more > 0:
                lines.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
            text = "\n".join([named(organisation), "", *lines, *(["", note] if note else [])])
        Notice.objects.create(
            outlet=outlet,
            event=event,
            subject=subject,
            text=text,
            payload={"organisation": organisation.code, "note": note, "directives": [_said(each) for each in about]},
            at=now,
            next_at=now,
        )


def subject_of(event: str, about: Sequence[Text]) -> str:
    """The subject of a notice of an event about these orders, in the reader's language."""
    one, n = named(about[0]), len(about)
    words = {
        "issued": lambda: ngettext("%(n)s new directive", "%(n)s new directives", n) % {"n": n},
        "remind": lambda: ngettext("Reminder: %(n)s directive", "Reminder: %(n)s directives", n) % {"n": n},
        "escalate": lambda: ngettext("Escalated: %(n)s directive", "Escalated: %(n)s directives", n) % {"n": n},
        "block": lambda: _("Blocked: %(what)s") % {"what": one},
        "object": lambda: _("Objection: %(what)s") % {"what": one},
        "help": lambda: _("Answer to your request for help: %(what)s") % {"what": one},
        "uphold": lambda: _("Answer to your objection: %(what)s") % {"what": one},
        "cancel": lambda: _("Cancelled: %(what)s") % {"what": one},
    }
    return f"Mainstay: {words[event]()}"[:200]


def _said(directive: Directive) -> dict[str, object]:
    names = ("kind", "item", "text", "text_zh", "quantity", "unit", "days", "state", "blocker")
    return {
        "directive": directive.pk,
        "addressee": directive.addressee.code,
        "plan": directive.issue.run_id,
        "due_at": directive.due_at.isoformat(),
        **{name: getattr(directive, name) for name in names},
    }


def _right(by: Person, organisation: Organisation) -> str:
    """Who is addressed sets their own outlets, and so does the office those of all under it."""
    return "directives.issue" if may(by, "directives.issue", organisation) else "directives.own"


def _require_host(address: str) -> None:
    """The platform calls hosts that its keepers allow, and no other: else it could be made to call inner machines."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (settings.DEMO and parts.scheme == "http"):
        raise ValidationError({"address": _("Give the whole address: https://...")})
    if parts.hostname not in settings.WEBHOOK_HOSTS:
        raise ValidationError(
            {
                "address": _("The platform may not call %(host)s. Ask its keepers to allow it.")
                % {"host": parts.hostname}
            }
        )
