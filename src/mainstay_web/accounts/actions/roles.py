"""Writes of roles: which actions each allows."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from mainstay_web.accounts.actions.administrators import keep_an_administrator
from mainstay_web.accounts.models import Person, Role
from mainstay_web.accounts.rights import administers_all
from mainstay_web.accounts.roles import FIRST_ROLES
from mainstay_web.audit.chain import record


@transaction.atomic
def add_role(*, code: str, by: Person, **says: object) -> Role:
    """Add a role; only an administrator at the top may."""
    _require_all(by)
    role = Role.objects.create(code=code, **says)
    record(by=by, action="people.edit", subject=role, added=_saying(role))
    return role


@transaction.atomic
def change_role(*, role: Role, by: Person, **says: object) -> Role:
    """Change what a role is called, allows and gives; it holds at once for all who have it."""
    _require_all(by)
    role = Role.objects.select_for_update().get(pk=role.pk)
    old = _saying(role)
    for field, value in says.items():
        setattr(role, field, value)
    role.save()
    new = _saying(role)
    if new != old:
        changed = [field for field in new if new[field] != old[field]]
        record(
            by=by,
            action="people.edit",
            subject=role,
            old={field: old[field] for field in changed},
            new={field: new[field] for field in changed},
        )
        keep_an_administrator()
    return role


def make_first_roles() -> None:
    """Make the roles that are not there yet."""
    for first in FIRST_ROLES:
        Role.objects.get_or_create(
            code=first.code,
            defaults={
                "name": first.name,
                "name_zh": first.name_zh,
                "actions": list(first.actions),
                "gives": list(first.gives),
            },
        )


def _require_all(by: Person) -> None:
    if not administers_all(by):
        raise PermissionDenied("people.edit at the top")


def _saying(role: Role) -> dict[str, object]:
    return {"name": role.name, "name_zh": role.name_zh, "actions": role.actions, "gives": role.gives}
