"""What the pages of the register share: who may come in, and which row they mean."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from mainstay.tables.declaration import Table
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.registry import queries, shape
from mainstay_web.registry.models import Row


def enter(request: HttpRequest, action: str = "registry.view") -> Person:
    """The person, when they may do this in any organisation.

    Raises
    ------
    PermissionDenied : they may not
    """
    if not rights.may_somewhere(request.user, action):
        raise PermissionDenied(action)
    return request.user


def declared(name: str) -> Table:
    """The table of that name.

    Raises
    ------
    Http404 : the register has none
    """
    if name not in shape.TABLES:
        raise Http404
    return shape.TABLES[name]


def visible_row(request: HttpRequest, table: str, pk: int) -> Row:
    """Any version of a row that the person may see.

    Raises
    ------
    Http404 : there is none, or they may not know of it
    """
    found = Row.objects.filter(table=table, pk=pk).select_related("organisation", "by")
    row = queries.visible_rows(request.user, found).first()
    if row is None:
        raise Http404
    return row


def editable_row(request: HttpRequest, table: str, pk: int) -> Row:
    """Any version of a row that the person may change.

    Raises
    ------
    Http404 : they may not know of it
    PermissionDenied : they may see it, and not change it
    """
    row = visible_row(request, table, pk)
    rights.require(request.user, "registry.edit", row.organisation)
    return row


def home_of(person: Person, action: str = "registry.edit") -> Organisation:
    """The highest organisation in which the person may do this: what they add belongs there if to no one else."""
    return rights.organisations(person, action).order_by("path").first()


def href(row: Row) -> str:
    """Address of a row."""
    return reverse("registry:row", args=[row.table, row.pk])
