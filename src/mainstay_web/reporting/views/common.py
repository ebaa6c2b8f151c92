"""What several pages of reports share."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.rights import get_visible, may


def organisation_of(request: HttpRequest, code: str, action: str = "reports.view") -> Organisation:
    """The organisation, if the person may see its reports."""
    return get_visible(request.user, action, Organisation.objects.all(), prefix="", code=code)


def frame_of_pages(request: HttpRequest, organisation: Organisation, open_page: str) -> dict[str, object]:
    """What the head of each page of one organisation shows."""
    return {
        "organisation": organisation,
        "open_page": open_page,
        "can_submit": may(request.user, "reports.submit", organisation),
    }


def day_of(request: HttpRequest, default: date) -> date:
    """The day that the address or the form names; one that cannot be read is the default."""
    try:
        return date.fromisoformat(request.POST.get("day") or request.GET.get("day", ""))
    except ValueError:
        return default


def today() -> date:
    """Today where the person is."""
    return clock.today()
