"""Writes of supervision."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.directives.models import Directive
from mainstay_web.machines import take
from mainstay_web.supervision.facts import standings
from mainstay_web.supervision.machine import JUDGE, MENTIONS
from mainstay_web.supervision.models import Mention, MentionChange


@transaction.atomic
def mention(*, office: Organisation, organisation: Organisation, kind: str, by: Person, note: str = "") -> Mention:
    """List an organisation as commended or warned, with the facts of today.

    Raises
    ------
    PermissionDenied : no right to judge there
    ValidationError : its facts give no ground for it, or it is listed so already
    """
    require(by, JUDGE, office)
    rows = Directive.objects.filter(issue__organisation=office, addressee=organisation)
    facts = [
        fact
        for standing in standings(rows)
        for fact in (standing.merits if kind == Mention.Kind.COMMENDATION else standing.faults)
    ]
    if kind not in Mention.Kind.values or not facts:
        raise ValidationError(_("The facts of the last days give no ground for this."))
    try:
        with transaction.atomic():
            made = Mention.objects.create(
                office=office, organisation=organisation, kind=kind, facts=facts, at=clock.now(), by=by
            )
            take(MENTIONS, made, "list", by=by, note=note, facts=facts)
    except IntegrityError:
        raise ValidationError(_("It is listed so already.")) from None
    return made


def step(*, mention: Mention, name: str, by: Person, note: str) -> MentionChange:
    """Challenge a mention, uphold or withdraw it.

    Raises
    ------
    PermissionDenied, ValidationError : as in ``machines.take``
    """
    return take(MENTIONS, mention, name, by=by, note=note)
