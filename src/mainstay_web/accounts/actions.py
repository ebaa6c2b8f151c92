"""All writes of accounts."""

from __future__ import annotations

from django.db import transaction

from mainstay_web.accounts.models import Membership, Organisation, Person, Role
from mainstay_web.accounts.rights import require
from mainstay_web.accounts.roles import FIRST_ROLES
from mainstay_web.audit.chain import record


@transaction.atomic
def add_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Organisation | None = None,
    name_zh: str = "",
    place: str = "",
    enterprise: str = "",
    by: Person | None,
) -> Organisation:
    """Add an organisation under another; ``by`` None: the system, when it is set up."""
    if by is not None:
        require(by, "organisations.edit", parent)
    organisation = Organisation.objects.create(
        code=code, name=name, name_zh=name_zh, kind=kind, parent=parent, place=place, enterprise=enterprise
    )
    record(by=by, action="organisations.edit", subject=organisation, organisation=organisation, added=name)
    return organisation


@transaction.atomic
def add_person(
    *,
    username: str,
    password: str | None,
    organisation: Organisation,
    role: Role,
    by: Person | None,
    first_name: str = "",
    language: str = "en",
) -> Person:
    """Add a person with a first role; without a password they cannot sign in until they are given one."""
    if by is not None:
        require(by, "people.edit", organisation)
    person = Person(username=username, first_name=first_name, language=language)
    person.set_password(password)
    person.save()
    give_role(person=person, role=role, organisation=organisation, by=by)
    return person


@transaction.atomic
def give_role(*, person: Person, role: Role, organisation: Organisation, by: Person | None) -> Membership:
    """Give a person a role in an organisation and all under it."""
    if by is not None:
        require(by, "people.edit", organisation)
    membership, is_new = Membership.objects.get_or_create(person=person, role=role, organisation=organisation)
    if is_new:
        record(by=by, action="people.edit", subject=person, organisation=organisation, gave=role.code)
    return membership


def make_first_roles() -> None:
    """Make the roles that are not there yet."""
    for first in FIRST_ROLES:
        Role.objects.get_or_create(
            code=first.code,
            defaults={"name": first.name, "name_zh": first.name_zh, "actions": list(first.actions)},
        )
