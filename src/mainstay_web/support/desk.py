"""The desks of support and of arrears: what their steps ask, and what follows in the register."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.machines import Change
from mainstay_web.services import register
from mainstay_web.services.desk import Desk
from mainstay_web.support import availability
from mainstay_web.support.machine import ARREARS, ASSESS, GRANT, SUPPORT
from mainstay_web.support.models import BLOCKER_OF, Arrear, Kind, SupportRequest


def _cost(request: SupportRequest) -> forms.Field:
    return forms.FloatField(label=gettext_lazy("Cost"), min_value=0, initial=request.amount)


def _share(_request: SupportRequest) -> forms.Field:
    return forms.FloatField(
        label=gettext_lazy("Share of the line that it frees"),
        min_value=0.001,
        max_value=1,
        help_text=gettext_lazy("From 0 to 1: 0.25 is a quarter of what the line could do."),
    )


def _lead_days(_request: SupportRequest) -> forms.Field:
    return forms.IntegerField(label=gettext_lazy("Days until it works"), min_value=0, max_value=365)


def _budget(_request: SupportRequest) -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Budget"), choices=[("", ""), *register.choices("pools")])


def _assess(request: SupportRequest, change: Change) -> None:
    """What it would bring and cost: from now on a measure that the plan may choose."""
    request.cost, request.share = change.given["cost"], change.given["share"]
    request.lead_days, request.budget = change.given["lead_days"], change.given.get("budget", "")
    request.assessed_by = change.by
    request.save(update_fields=["cost", "share", "lead_days", "budget", "assessed_by"])
    measure = {
        "measure": request.code,
        "name": _name("en", request),
        "name_zh": _name("zh-hans", request),
        "kind": BLOCKER_OF[Kind(request.kind)],
        "target_kind": "line",
        "target": request.line,
        "effect": "share",
        "amount": request.share,
        "cost": request.cost,
        "lead_days": request.lead_days,
        "budget": request.budget or None,
        "source": f"support {request.pk}",
    }
    register.put(
        "measures",
        measure,
        organisation=request.organisation,
        by=change.by,
        reason=f"support {request.pk}: {request.state}",
        right=ASSESS,
    )


def _name(language: str, request: SupportRequest) -> str:
    with override(language):
        return f"{request.get_kind_display()} {request.pk}"


def _grant(request: SupportRequest, change: Change) -> None:
    """No longer a choice but a fact: the line can be used so much more from the day on which it works."""
    today = clock.today()
    rows = availability.windows(request.line)
    request.granted_on, request.works_from = today, today + timedelta(request.lead_days)
    request.before = availability.share_on(rows, request.works_from)
    request.after = min(1.0, request.before + request.share)
    request.save(update_fields=["granted_on", "works_from", "before", "after"])
    _end_as_measure(request, change)
    changed = availability.raised(
        rows, request.line, request.works_from, request.share, known_on=today, source=f"support {request.pk}"
    )
    if changed:
        register.put(
            "availability",
            *changed,
            organisation=request.organisation,
            by=change.by,
            reason=f"support {request.pk}: {request.state}",
            right=GRANT,
        )


def _end_as_measure(request: SupportRequest, change: Change) -> None:
    register.remove(
        "measures",
        request.code,
        organisation=request.organisation,
        by=change.by,
        reason=f"support {request.pk}: {request.state}",
        right=GRANT,
    )


DESK = Desk(
    SUPPORT,
    fields={"cost": _cost, "share": _share, "lead_days": _lead_days, "budget": _budget},
    offers={"assess": ("budget", "note"), "grant": ("note",), "pay": ("note",)},
    effects={"assess": _assess, "grant": _grant, "refuse": _end_as_measure},
)
ARREARS_DESK = Desk(ARREARS, offers={"confirm": ("note",), "receive": ("note",)})


def ask(
    *,
    organisation: Organisation,
    kind: str,
    line: str,
    text: str,
    amount: float | None = None,
    by: Person | None,
    key: str = "",
) -> SupportRequest:
    """Ask for a measure for a line of a maker, once for each key.

    Raises
    ------
    ValidationError : the organisation is no enterprise, or the line is not its own
    """
    if by is not None:
        require(by, "support.request", organisation)
    if not organisation.enterprise:
        raise ValidationError(_("Only an enterprise of the register asks for support."))
    if register.require_row("lines", line, _("Line")).body["enterprise"] != organisation.enterprise:
        raise ValidationError(_("The line “%(line)s” belongs to another enterprise.") % {"line": line})
    request = SupportRequest(organisation=organisation, kind=kind, line=line, text=text, amount=amount)
    return DESK.open(request, "request", by=by, key=key)


@transaction.atomic
def record_arrear(
    *, organisation: Organisation, debtor: str, amount: float, due: date, invoice: str, by: Person | None, key: str = ""
) -> Arrear:
    """Record what a small firm is owed, by the code of who owes it, once for each key.

    Raises
    ------
    ValidationError : there is no such organisation, the due day is still to come, or the invoice was recorded
    """
    if by is not None:
        require(by, "support.request", organisation)
    owes = Organisation.objects.filter(code=debtor, is_active=True).first()
    if owes is None:
        raise ValidationError({"debtor": _("There is no organisation “%(code)s”.") % {"code": debtor}})
    if due > clock.today():
        raise ValidationError({"due": _("The day is still to come; an arrear was due before today.")})
    arrear = Arrear(organisation=organisation, debtor=owes, amount=amount, due=due, invoice=invoice)
    return ARREARS_DESK.open(arrear, "record", by=by, key=key)
