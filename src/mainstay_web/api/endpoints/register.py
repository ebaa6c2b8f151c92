"""Organisations and the register."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from mainstay_web.accounts import rights
from mainstay_web.accounts.rights import ACTIONS
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import Limit, Offset, OrganisationOut, Page, RowOut, Sought, page
from mainstay_web.api.tokens import allowed
from mainstay_web.registry import queries
from mainstay_web.registry.models import Row
from mainstay_web.registry.shape import TABLES

router = Router()
Action = Literal[tuple(ACTIONS)]
TableName = Literal[tuple(TABLES)]


@router.get("/organisations", response={200: Page[OrganisationOut], **PROBLEMS})
def organisations(
    request: HttpRequest,
    action: Annotated[Action, Query()] = "organisations.view",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Organisations in which the token may do an action."""
    person = allowed(request, action)
    return page(rights.organisations(person, action), limit, offset)


@router.get("/items", response={200: Page[RowOut], **PROBLEMS})
def items(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Items of the register. Scope: registry.view."""
    return _rows(request, "items", None, limit, offset)


@router.get("/places", response={200: Page[RowOut], **PROBLEMS})
def places(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Places of the register. Scope: registry.view."""
    return _rows(request, "places", None, limit, offset)


@router.get("/register/{table}", response={200: Page[RowOut], **PROBLEMS})
def register_rows(
    request: HttpRequest, table: TableName, search: Sought = None, limit: Limit = 100, offset: Offset = 0
) -> Any:
    """Rows of a table of the register, in the order in which they were written. Scope: registry.view."""
    return _rows(request, table, search, limit, offset)


def _rows(request: HttpRequest, table: str, search: str | None, limit: int, offset: int) -> dict[str, Any]:
    person = allowed(request, "registry.view")
    found = queries.visible_rows(person, queries.rows(table)).select_related("organisation")
    if search:
        found = found.filter(label__icontains=search)
    return page(found, limit, offset, _row)


def _row(row: Row) -> dict[str, Any]:
    return {
        "table": row.table,
        "label": row.label,
        "version": row.version,
        "at": row.at,
        "organisation": row.organisation.code,
        "values": row.body,
    }
