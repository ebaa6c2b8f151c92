"""The fast track as data: its steps, and what must hold before each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web import clock
from mainstay_web.accounts.models import Person
from mainstay_web.licensing.models import Application, Check, Kind, Requirement, State
from mainstay_web.machines import NEW, Machine, Step, someone_else_than
from mainstay_web.registry import queries as registry
from mainstay_web.registry import shape
from mainstay_web.services.desk import lacking, of_kind


def requirement(application: Application) -> Requirement:
    """What an application for an item of this class needs."""
    item = registry.rows("items").filter(key=shape.key_of([application.item])).first()
    item_class = item.body.get("class", "") if item else ""
    rows = Requirement.objects.filter(item_class__in=("", item_class)).order_by("-item_class")
    return rows.first() or Requirement()


def results(application: Application) -> dict[str, bool]:
    """Whether each check that was made is passed; the newest result of a check counts."""
    made = [change.given for change in application.changes.all() if change.step == "check"]
    return {given["check"]: given["result"] == "passed" for given in made}


def has_documents(application: Application, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """Every document that the class of the item needs is there."""
    missing = [str(Kind(kind).label) for kind in lacking(application, requirement(application).documents)]
    return _("Documents are missing: %(kinds)s.") % {"kinds": ", ".join(missing)} if missing else None


def passed_checks(application: Application, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """Every check that the class of the item needs was made and passed."""
    found = results(application)
    open_ = [str(Check(check).label) for check in requirement(application).checks if not found.get(check)]
    return _("Checks are not passed: %(checks)s.") % {"checks": ", ".join(open_)} if open_ else None


def proposed(verdict: str) -> Any:
    """The guard that the proposal is this one."""

    def guard(application: Application, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
        if application.proposal == verdict:
            return None
        words = {
            "proposal": Application.Proposal(application.proposal).label if application.proposal else _("no proposal")
        }
        return _("The proposal is another: %(proposal)s. Return it, and have it proposed anew.") % words

    return guard


def expires_later(_application: Application, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """The last day of the licence is still to come."""
    last: date = given["expires"]
    return None if last > clock.today() else _("The licence must expire after today.")


def has_run_out(application: Application, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The last day of the licence is over."""
    if application.expires and application.expires < clock.today():
        return None
    return _("The licence has not run out yet.")


def still_runs(application: Application, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The last day of the licence is not over."""
    if application.expires and application.expires >= clock.today():
        return None
    return _("The last day of the licence is over.")


APPLY, REVIEW, DECIDE, WHERE = "licensing.apply", "licensing.review", "licensing.decide", "organisation"
D, S, A, C, P = State.DRAFT, State.SUBMITTED, State.DOCUMENTS_ASKED, State.UNDER_CHECK, State.PROPOSED
SOMEONE_ELSE = someone_else_than("proposed_by")

LICENSING = Machine(
    "licensing",
    State,
    (
        Step("begin", gettext_lazy("Begin an application"), (NEW,), D, APPLY, WHERE),
        Step(
            "attach",
            gettext_lazy("Send a document"),
            (D, A),
            "",
            APPLY,
            WHERE,
            ("kind", "document"),
            (of_kind(Kind.values),),
        ),
        Step("submit", gettext_lazy("Submit"), (D, A), S, APPLY, WHERE, guards=(has_documents,)),
        Step("ask", gettext_lazy("Ask for documents"), (S, C), A, REVIEW, WHERE, ("note",)),
        Step("begin_check", gettext_lazy("Begin the checks"), (S,), C, REVIEW, WHERE),
        Step("check", gettext_lazy("Record a check"), (C,), "", REVIEW, WHERE, ("check", "result")),
        Step(
            "propose_grant",
            gettext_lazy("Propose to grant"),
            (C,),
            P,
            REVIEW,
            WHERE,
            ("expires",),
            (has_documents, passed_checks, expires_later),
        ),
        Step("propose_refusal", gettext_lazy("Propose to refuse"), (S, C), P, REVIEW, WHERE, ("note",)),
        Step("return", gettext_lazy("Return to the checks"), (P,), C, REVIEW, WHERE, ("note",)),
        Step(
            "grant",
            gettext_lazy("Confirm: grant"),
            (P,),
            State.GRANTED,
            DECIDE,
            WHERE,
            guards=(proposed("grant"), SOMEONE_ELSE, still_runs),
        ),
        Step(
            "refuse",
            gettext_lazy("Confirm: refuse"),
            (P,),
            State.REFUSED,
            DECIDE,
            WHERE,
            guards=(proposed("refuse"), SOMEONE_ELSE),
        ),
        Step("suspend", gettext_lazy("Suspend at once"), (State.GRANTED,), State.SUSPENDED, REVIEW, WHERE, ("note",)),
        Step(
            "reinstate",
            gettext_lazy("Put in force again"),
            (State.SUSPENDED,),
            State.GRANTED,
            DECIDE,
            WHERE,
            ("note",),
            (someone_else_than("suspended_by"), still_runs),
        ),
        Step(
            "withdraw",
            gettext_lazy("Withdraw for good"),
            (State.SUSPENDED,),
            State.WITHDRAWN,
            DECIDE,
            WHERE,
            ("note",),
            (someone_else_than("suspended_by"),),
        ),
        Step(
            "expire",
            gettext_lazy("Ran out"),
            (State.GRANTED, State.SUSPENDED),
            State.EXPIRED,
            "",
            WHERE,
            guards=(has_run_out,),
        ),
    ),
)
