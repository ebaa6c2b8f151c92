"""Writes of people and their roles."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mainstay_web.accounts.actions.administrators import keep_an_administrator
from mainstay_web.accounts.models import Membership, Organisation, Person, Role
from mainstay_web.accounts.rights import require, require_change_of, require_giving
from mainstay_web.audit.chain import record


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
    """Add a person with a first role; without a password they cannot sign in until they set one by a link."""
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
        require_giving(by, role, organisation)
    membership, is_new = Membership.objects.get_or_create(person=person, role=role, organisation=organisation)
    if is_new:
        record(by=by, action="people.edit", subject=person, organisation=organisation, gave=role.code)
    return membership


@transaction.atomic
def take_role(*, membership: Membership, by: Person) -> None:
    """Take a role from a person; their tokens and pages lose it at once."""
    person, role, organisation = membership.person, membership.role, membership.organisation
    require_giving(by, role, organisation)
    membership.delete()
    record(by=by, action="people.edit", subject=person, organisation=organisation, took=role.code)
    keep_an_administrator()


@transaction.atomic
def close_person(*, person: Person, by: Person, reason: str) -> None:
    """Close a person's account: their sessions and tokens end, what they did stays under their name."""
    require_change_of(by, person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    tokens = person.tokens.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    record(
        by=by,
        action="people.edit",
        subject=person,
        organisation=_home(person),
        old={"is_active": True},
        new={"is_active": False},
        reason=reason,
        ended={"sessions": len(sessions), "tokens": tokens},
    )
    keep_an_administrator()


@transaction.atomic
def open_person(*, person: Person, by: Person, reason: str) -> None:
    """Open a closed account again; ended tokens stay ended."""
    require_change_of(by, person)
    Person.objects.filter(pk=person.pk).update(is_active=True)
    record(
        by=by,
        action="people.edit",
        subject=person,
        organisation=_home(person),
        old={"is_active": False},
        new={"is_active": True},
        reason=reason,
    )


@transaction.atomic
def link_to_set_password(*, person: Person, by: Person) -> str:
    """The path of a page on which the person sets their password: it works once, and for three days."""
    require_change_of(by, person)
    record(by=by, action="people.edit", subject=person, organisation=_home(person), made="link to set the password")
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


@transaction.atomic
def remove_second_factor(*, person: Person, by: Person, reason: str) -> None:
    """Remove a lost second factor, so that the person can set up another."""
    require_change_of(by, person)
    Authenticator.objects.filter(user=person).delete()
    record(
        by=by,
        action="people.edit",
        subject=person,
        organisation=_home(person),
        removed="second factor",
        reason=reason,
    )


@transaction.atomic
def change_profile(*, person: Person, by: Person, **changes: str) -> None:
    """Change one's own name, language or time zone."""
    old = {field: getattr(person, field) for field, value in changes.items() if getattr(person, field) != value}
    if not old:
        return
    new = {field: changes[field] for field in old}
    Person.objects.filter(pk=person.pk).update(**new)
    for field, value in new.items():
        setattr(person, field, value)
    record(by=by, action="account.profile", subject=person, old=old, new=new)


@transaction.atomic
def end_session(*, session: UserSession, by: Person) -> None:
    """End one of one's own sessions."""
    session.end()
    record(by=by, action="account.session", subject=by, ended=session.user_agent[:100])


def _home(person: Person) -> Organisation | None:
    """The organisation under which acts on a person are shown: the highest of their roles."""
    return Organisation.objects.filter(memberships__person=person).order_by("path").first()
