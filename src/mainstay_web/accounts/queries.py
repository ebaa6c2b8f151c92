"""Reads of accounts across models."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q, QuerySet
from django.http import Http404

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Membership, Organisation, Person, Role
from mainstay_web.audit.models import AuditRow


def people_visible(person: Person) -> QuerySet[Person]:
    """People with a role where the person sees organisations; those without any role to administrators at the top."""
    memberships = rights.visible(person, "organisations.view", Membership.objects.all())
    seen = Q(pk__in=memberships.values("person"))
    if rights.administers_all(person):
        seen |= Q(memberships__isnull=True)
    return Person.objects.filter(seen).distinct()


def get_person(person: Person, pk: int) -> Person:
    """The other person, if this one may know of them.

    Raises
    ------
    Http404 : there is none, or they may not
    """
    found = people_visible(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def has_second_factor(person: Person) -> bool:
    """Whether the person has set up a second factor."""
    return is_mfa_enabled(person)


def roles_to_give(person: Person, organisation: Organisation) -> QuerySet[Role]:
    """The roles that the person may give there."""
    allowed = [role.pk for role in Role.objects.all() if rights.may_give(person, role, organisation)]
    return Role.objects.filter(pk__in=allowed)


def history(person: Person, organisation: Organisation) -> QuerySet[AuditRow]:
    """Audit rows of an organisation itself, for who may see the audit there."""
    rows = AuditRow.objects.filter(organisation=organisation).select_related("person")
    return rights.visible(person, "audit.view", rows)


def audit_rows(person: Person) -> QuerySet[AuditRow]:
    """The audit rows that the person may see: of their organisations; those of none, at the top."""
    seen = rights.where(person, "audit.view", "organisation__")
    if rights.organisations(person, "audit.view").filter(parent__isnull=True).exists():
        seen |= Q(organisation__isnull=True)
    return AuditRow.objects.filter(seen).select_related("person", "organisation")
