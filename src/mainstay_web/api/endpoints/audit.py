"""The audit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mainstay_web.accounts import queries
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import AuditOut, Day, Limit, Offset, Page, Sought, page
from mainstay_web.api.tokens import allowed
from mainstay_web.audit.models import AuditRow

router = Router()


@router.get("/audit", response={200: Page[AuditOut], **PROBLEMS})
def audit(
    request: HttpRequest,
    person: Sought = None,
    action: Sought = None,
    organisation: Sought = None,
    since: Day = None,
    until: Day = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Rows of the audit, the newest first; times are days of the platform's zone. Scope: audit.view."""
    found = queries.audit_rows(allowed(request, "audit.view"))
    said = {
        "person__username": person,
        "action": action,
        "organisation__code": organisation,
        "at__date__gte": since,
        "at__date__lte": until,
    }
    found = found.filter(**{lookup: value for lookup, value in said.items() if value is not None})
    return page(found, limit, offset, _row)


def _row(row: AuditRow) -> dict[str, Any]:
    return {
        "row": row.pk,
        "at": row.at,
        "person": row.person and row.person.username,
        "action": row.action,
        "organisation": row.organisation and row.organisation.code,
        "subject": row.subject,
        "detail": row.detail,
        "previous": row.previous,
        "hash": row.hash,
    }
