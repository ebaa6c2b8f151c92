"""What a person may do where: the one place that every page, call and action asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation, Person, Role

if TYPE_CHECKING:
    from django.db.models import Model

ACTIONS = {
    "organisations.view": _("See organisations and their people"),
    "organisations.edit": _("Add, change and move organisations"),
    "people.edit": _("Add people and give them roles"),
    "registry.view": _("See the register"),
    "registry.edit": _("Change rows of the register"),
    "registry.import": _("Import a whole case"),
    "registry.export": _("Export a whole case"),
    "registry.merge": _("Merge enterprises that are registered twice"),
    "ledger.view": _("See the stock ledger"),
    "ledger.post": _("Receive, reserve, issue and send stock"),
    "ledger.count": _("Count stock, open it, and reverse movements"),
    "ledger.recall": _("Recall lots"),
    "reports.view": _("See reports"),
    "reports.submit": _("Submit and correct reports"),
    "reports.review": _("Look into alerts of reports and acknowledge them"),
    "questionnaires.edit": _("Change questionnaires"),
    "plans.view": _("See whole plans"),
    "plans.own": _("See one's own part of an approved plan"),
    "plans.run": _("Start and cancel plan runs, and try what-if scenarios"),
    "plans.approve": _("Approve or reject a plan"),
    "readiness.view": _("See what should stand ready, and its rotation calendar"),
    "readiness.run": _("Start and cancel preparations"),
    "readiness.approve": _("Approve, reject and withdraw designs of what stands ready"),
    "readiness.rotate": _("Mark tasks of the rotation calendar as done"),
    "replays.view": _("See replays, and watch exercises"),
    "replays.run": _("Start replays; set up and end exercises, and take a day of one back"),
    "replays.decide": _("Decide in an exercise"),
    "directives.view": _("See all directives"),
    "directives.issue": _("Issue and cancel directives, set reminders"),
    "directives.answer": _("Answer objections and requests for help"),
    "directives.own": _("Take in, report on and object to one's own directives"),
    "supervision.view": _("See how well organisations carry out directives"),
    "supervision.judge": _("Commend and warn organisations, and answer their challenges"),
    "supervision.own": _("See and challenge what is said of one's own organisation"),
    "licensing.view": _("See applications for licences"),
    "licensing.apply": _("Apply for licences"),
    "licensing.review": _("Check applications, propose decisions, suspend licences"),
    "licensing.decide": _("Confirm decisions on licences"),
    "customs.view": _("See consignments in customs"),
    "customs.declare": _("Declare consignments"),
    "customs.clear": _("Inspect, hold, clear and refuse consignments"),
    "support.view": _("See requests for support, and arrears"),
    "support.request": _("Ask for support; record, confirm and dispute arrears"),
    "support.assess": _("Assess requests for support, and pay"),
    "support.grant": _("Grant and refuse support, and decide on disputed arrears"),
    "audit.view": _("See the audit"),
}
"""Every action of the platform; roles are lists of these."""

OWN_ACTS = {
    "account.profile": _("Changed the profile"),
    "account.session": _("Ended a session"),
    "account.token": _("Made or ended a token"),
    "account.password": _("Changed the password"),
    "account.second_factor": _("Changed the second factor"),
}
"""What people do to their own account: recorded, and asked of no role."""

STEPS = {
    "ledger.open": _("Opened stocks of the register in the ledger"),
    "plans.snapshot": _("Kept the case as it stood"),
    "plans.scenario": _("Made or changed a what-if"),
    "plans.cancel": _("Cancelled a plan run"),
    "plans.done": _("A plan run ended"),
    "plans.failed": _("A plan run failed"),
    "plans.cancelled": _("A plan run was stopped"),
    "readiness.cancel": _("Cancelled a preparation"),
    "readiness.done": _("A preparation ended"),
    "readiness.failed": _("A preparation failed"),
    "readiness.cancelled": _("A preparation was stopped"),
    "replays.exercise": _("Set up an exercise"),
    "replays.undo": _("Took the last day of an exercise back"),
    "replays.end": _("Ended an exercise"),
    "replays.cancel": _("Cancelled a replay"),
    "replays.done": _("A replay ended"),
    "replays.failed": _("A replay failed"),
    "replays.cancelled": _("A replay was stopped"),
    "registry.restore": _("Put an earlier version of a row back"),
    "registry.search_duplicates": _("Compared all enterprises"),
    "registry.not_the_same": _("Said that two enterprises are two"),
    "registry.undo_merge": _("Took merged enterprises apart"),
    "directives.rules": _("Changed when addressees are reminded"),
    "directives.outlet": _("Added or ended an outlet"),
    "jobs.start": _("Started long work in the background"),
    "jobs.cancel": _("Cancelled long work"),
    "jobs.done": _("Long work was done"),
    "jobs.failed": _("Long work failed"),
    "jobs.cancelled": _("Long work was stopped"),
    "licensing.require": _("Changed what an application for a licence needs"),
}
"""Steps that are recorded under names of their own; the right to take them is one of the actions."""


def organisations(person: Person, action: str) -> QuerySet[Organisation]:
    """The organisations in which the person may do this: those of their roles, and all that lie under them."""
    if action not in ACTIONS:
        raise KeyError(f"There is no action {action}.")
    return Organisation.objects.filter(under(roots(person, action)))


def under(roots: list[str], prefix: str = "") -> Q:
    """The condition that a path lies in one of these trees; ``prefix`` leads to the organisation."""
    condition = Q(pk__in=[])
    for root in roots:
        condition |= Q(**{f"{prefix}path__startswith": root})
    return condition


def may(person: Person, action: str, organisation: Organisation) -> bool:
    """Whether the person may do this there."""
    return any(organisation.path.startswith(root) for root in roots(person, action))


def may_somewhere(person: Person, action: str) -> bool:
    """Whether the person may do this in any organisation."""
    return bool(roots(person, action))


def administers_all(person: Person) -> bool:
    """Whether the person edits people at the top: roles themselves are theirs to change."""
    return organisations(person, "people.edit").filter(parent__isnull=True).exists()


def may_give(person: Person, role: Role, organisation: Organisation) -> bool:
    """Whether the person may give or take this role there: no one hands out more than their own role allows."""
    held = person.memberships.filter(organisation__is_active=True, organisation__path__in=organisation.ancestors)
    return any(
        "people.edit" in actions and role.code in gives
        for actions, gives in held.values_list("role__actions", "role__gives")
    ) or administers_all(person)


def require_giving(person: Person, role: Role, organisation: Organisation) -> None:
    """Refuse unless the person may give or take this role there.

    Raises
    ------
    PermissionDenied : they may not
    """
    if not may_give(person, role, organisation):
        raise PermissionDenied(f"people.edit of {role.code} in {organisation.code}")


def may_change_person(person: Person, other: Person) -> bool:
    """Whether the person may close another's account or open a way into it: only who may give all their roles."""
    memberships = list(other.memberships.select_related("role", "organisation"))
    if not memberships:
        return administers_all(person)
    return all(may_give(person, m.role, m.organisation) for m in memberships)


def require_change_of(person: Person, other: Person) -> None:
    """Refuse unless the person may change the other.

    Raises
    ------
    PermissionDenied : they may not
    """
    if not may_change_person(person, other):
        raise PermissionDenied(f"people.edit of {other.username}")


def require(person: Person, action: str, organisation: Organisation) -> None:
    """Refuse unless the person may do this there.

    Raises
    ------
    PermissionDenied : they may not
    """
    if not may(person, action, organisation):
        raise PermissionDenied(f"{action} in {organisation.code}")


def require_somewhere(person: Person, action: str) -> None:
    """Refuse unless the person may do this in some organisation.

    Raises
    ------
    PermissionDenied : they may do it nowhere
    """
    if not may_somewhere(person, action):
        raise PermissionDenied(action)


def visible(person: Person, action: str, rows: QuerySet[Model], prefix: str = "organisation__") -> QuerySet[Model]:
    """The rows whose organisation lies where the person may do this."""
    return rows.filter(where(person, action, prefix))


def where(person: Person, action: str, prefix: str = "") -> Q:
    """The condition that an organisation lies where the person may do this; ``prefix`` leads to it."""
    return under(roots(person, action), prefix)


def get_visible(
    person: Person, action: str, rows: QuerySet[Model], *, prefix: str = "organisation__", **lookup: object
) -> Model:
    """The one row, if the person may see it.

    Raises
    ------
    Http404 : there is none, or the person may not know of it
    """
    found = visible(person, action, rows, prefix).filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def roots(person: Person, action: str) -> list[str]:
    """Paths of the organisations where a role of theirs has the action; read once a request."""
    if not person.is_authenticated or not person.is_active:
        return []
    if not hasattr(person, "_roots"):
        rows = person.memberships.filter(organisation__is_active=True)
        person._roots = list(rows.values_list("organisation__path", "role__actions"))
    return [path for path, actions in person._roots if action in actions]
