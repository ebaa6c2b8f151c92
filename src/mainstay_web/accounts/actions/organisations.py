"""Writes of the tree of organisations."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from mainstay_web.accounts.actions.administrators import keep_an_administrator
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record

CHANGED = ("name", "name_zh", "kind", "place", "enterprise", "carries")
"""What may be changed of an organisation; its code stays."""


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
    carries: str = "",
    by: Person | None,
) -> Organisation:
    """Add an organisation under another; ``by`` None: the system, when it is set up."""
    if by is not None:
        require(by, "organisations.edit", parent)
    if "/" in code:
        raise ValidationError({"code": _("A code has no slash.")})
    organisation = Organisation.objects.create(
        code=code,
        name=name,
        name_zh=name_zh,
        kind=kind,
        parent=parent,
        place=place,
        enterprise=enterprise,
        carries=carries,
    )
    record(by=by, action="organisations.edit", subject=organisation, organisation=organisation, added=name)
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, by: Person, **changes: str) -> Organisation:
    """Change what an organisation is called, its kind, the place and enterprise it stands for, or what it carries."""
    require(by, "organisations.edit", organisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    old, new = {}, {}
    for field in CHANGED:
        value = changes.get(field, getattr(organisation, field))
        if value != getattr(organisation, field):
            old[field], new[field] = getattr(organisation, field), value
            setattr(organisation, field, value)
    if new:
        organisation.save()
        _record(by, organisation, old=old, new=new)
    return organisation


@transaction.atomic
def move_organisation(*, organisation: Organisation, parent: Organisation, by: Person, reason: str) -> Organisation:
    """Put an organisation, and with it all that lies under it, under another.

    Raises
    ------
    ValidationError : it is at the top, or the new place is itself or lies under it
    """
    moved, above = _locked(organisation, parent)
    for place in (moved, moved.parent or moved, above):
        require(by, "organisations.edit", place)
    if moved.parent is None:
        raise ValidationError(_("The organisation at the top cannot be moved."))
    if above.path.startswith(moved.path):
        raise ValidationError(_("An organisation cannot lie under itself."))
    old = moved.path
    moved.parent = above
    moved.save()
    Organisation.objects.filter(path__startswith=old).update(
        path=Concat(Value(moved.path), Substr("path", len(old) + 1))
    )
    _record(by, moved, old={"path": old}, new={"path": moved.path}, reason=reason)
    keep_an_administrator()
    return moved


@transaction.atomic
def close_organisation(*, organisation: Organisation, by: Person, reason: str) -> None:
    """Close an organisation and all under it: roles in them hold no more, their data stay."""
    require(by, "organisations.edit", organisation)
    closed = Organisation.objects.filter(path__startswith=organisation.path, is_active=True)
    codes = list(closed.values_list("code", flat=True))
    closed.update(is_active=False)
    _record(by, organisation, old={"is_active": True}, new={"is_active": False}, reason=reason, closed=codes)
    keep_an_administrator()


@transaction.atomic
def open_organisation(*, organisation: Organisation, by: Person, reason: str) -> None:
    """Open a closed organisation again; those under it are opened one by one."""
    require(by, "organisations.edit", organisation)
    if organisation.parent and not organisation.parent.is_active:
        raise ValidationError(_("The organisation above it is closed. Open that one first."))
    Organisation.objects.filter(pk=organisation.pk).update(is_active=True)
    _record(by, organisation, old={"is_active": False}, new={"is_active": True}, reason=reason)


def _locked(*organisations: Organisation) -> list[Organisation]:
    """The rows as they are now, locked in the order of their keys."""
    keys = [organisation.pk for organisation in organisations]
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


def _record(by: Person, organisation: Organisation, **detail: Any) -> None:
    record(by=by, action="organisations.edit", subject=organisation, organisation=organisation, **detail)
