"""Rules of reminding: after how many hours of silence who is told."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.directives.models import Rule, State

REMIND, ESCALATE = Rule.Act.REMIND, Rule.Act.ESCALATE
FIRST_RULES = {
    (State.ISSUED, REMIND): 4.0,
    (State.ISSUED, ESCALATE): 12.0,
    (State.RECEIVED, REMIND): 8.0,
    (State.BLOCKED, ESCALATE): 4.0,
    (State.OBJECTED, ESCALATE): 8.0,
    (Rule.LATE, REMIND): 2.0,
    (Rule.LATE, ESCALATE): 12.0,
}
"""What an office begins with: (state, act) -> hours. It changes them as data."""


def make_first_rules(office: Organisation) -> None:
    """Give an office the first rules, if it has none."""
    if not Rule.objects.filter(organisation=office).exists():
        Rule.objects.bulk_create(
            Rule(organisation=office, state=state, act=act, hours=hours) for (state, act), hours in FIRST_RULES.items()
        )


@transaction.atomic
def change_rules(*, organisation: Organisation, hours: Mapping[tuple[str, str], float | None], by: Person) -> None:
    """Set the rules of an office: hours by state and act; None takes a rule away.

    Raises
    ------
    ValidationError : an unknown state or act, or hours that are not above 0
    """
    require(by, "directives.issue", organisation)
    states, acts = dict(Rule.STATES), set(Rule.Act.values)
    for (state, act), value in hours.items():
        if state not in states or act not in acts:
            raise ValidationError(_("There is no rule for %(state)s, %(act)s.") % {"state": state, "act": act})
        if value is not None and not 0 < value <= 24 * 60:
            raise ValidationError(_("Give hours above 0, or nothing for no rule."))
    old = _said(organisation)
    for (state, act), value in hours.items():
        rows = Rule.objects.filter(organisation=organisation, state=state, act=act)
        if value is None:
            rows.delete()
        else:
            Rule.objects.update_or_create(organisation=organisation, state=state, act=act, defaults={"hours": value})
    new = _said(organisation)
    if new != old:
        record(by=by, action="directives.rules", subject=organisation, organisation=organisation, old=old, new=new)


def _said(organisation: Organisation) -> dict[str, float]:
    return {f"{rule.state} {rule.act}": rule.hours for rule in Rule.objects.filter(organisation=organisation)}
