"""The desk of licences: what its steps ask, and what follows from each in the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay_web import clock
from mainstay_web.accounts.models import Person
from mainstay_web.licensing.machine import DECIDE, LICENSING, REVIEW
from mainstay_web.licensing.models import Application, Check
from mainstay_web.machines import Change
from mainstay_web.services import register
from mainstay_web.services.desk import LONGEST_NOTE, Desk

RESULTS = (("passed", _("passed")), ("failed", _("failed")))
LONGEST_LICENCE = 366
"""Days for which the form proposes a licence at first; a fast track decides for the emergency."""


def _check(_application: Application) -> forms.Field:
    return forms.ChoiceField(label=_("Which check"), choices=Check.choices)


def _result(_application: Application) -> forms.Field:
    return forms.ChoiceField(label=_("Result"), choices=RESULTS)


def _expires(_application: Application) -> forms.Field:
    return forms.DateField(
        label=_("Last day of the licence"),
        initial=lambda: clock.today() + timedelta(days=LONGEST_LICENCE),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _conditions(_application: Application) -> forms.Field:
    return forms.CharField(label=_("Conditions"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))


def _propose(application: Application, change: Change) -> None:
    application.proposal = "grant" if change.step == "propose_grant" else "refuse"
    application.proposed_by = change.by
    application.expires = change.given.get("expires")
    application.conditions = change.given.get("conditions", "")
    application.save(update_fields=["proposal", "proposed_by", "expires", "conditions"])


def _hold(application: Application, change: Change) -> None:
    """The licence is in force: the plan may count on it until its last day."""
    _write(application, change.by, DECIDE, _terms(application) | {"state": "held", "expires": application.expires})


def _suspend(application: Application, change: Change) -> None:
    application.suspended_by = change.by
    application.save(update_fields=["suspended_by"])
    _close(application, change)


def _close(application: Application, change: Change) -> None:
    """Not in force, and not open to another review."""
    _write(application, change.by, REVIEW, {"state": "none"})


def _expire(application: Application, change: Change) -> None:
    """Not in force any more, and open to review as it was before."""
    _write(application, change.by, REVIEW, _terms(application) | {"state": "none", "expires": None})


def _terms(application: Application) -> dict[str, Any]:
    """What the register says of the licence now: the days and the cost of its reviews."""
    return register.body_of("licences", application.organisation.enterprise, application.item)


def _write(application: Application, by: Person | None, right: str, says: dict[str, Any]) -> None:
    """Put the licence into the register, in the words of the table ``licences``."""
    organisation = application.organisation
    key = {"enterprise": organisation.enterprise, "item": application.item}
    register.put(
        "licences",
        says | key | {"source": f"licensing {application.pk}"},
        organisation=organisation,
        by=by,
        reason=f"licensing {application.pk}: {application.state}",
        right=right,
    )


DESK = Desk(
    LICENSING,
    fields={"check": _check, "result": _result, "expires": _expires, "conditions": _conditions},
    offers={
        "submit": ("note",),
        "check": ("note",),
        "propose_grant": ("conditions", "note"),
        "grant": ("note",),
        "refuse": ("note",),
    },
    effects={
        "propose_grant": _propose,
        "propose_refusal": _propose,
        "grant": _hold,
        "reinstate": _hold,
        "suspend": _suspend,
        "withdraw": _close,
        "expire": _expire,
    },
)
