"""The main menu: what this person may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts import rights
from mainstay_web.accounts.roles import DESKS_READS

MENU = (
    (_("Situation"), "dashboards:situation", ("plans.view", "plans.own")),
    (_("Plans"), "planning:runs", ("plans.view",)),
    (_("Readiness"), "preparing:home", ("readiness.view",)),
    (_("Replay"), "replaying:replays", ("replays.view",)),
    (_("Our part"), "planning:own", ("plans.own",)),
    (_("Directives"), "directives:home", ("directives.view", "directives.own")),
    (_("Supervision"), "supervision:home", ("supervision.view", "supervision.own")),
    (_("Reports"), "reporting:home", ("reports.view", "reports.submit")),
    (_("Services"), "services:home", DESKS_READS),
    (_("Stock"), "ledger:home", ("ledger.view",)),
    (_("Register"), "registry:home", ("registry.view",)),
    (_("Organisations"), "accounts:organisations", ("organisations.view",)),
    (_("Audit"), "audit:rows", ("audit.view",)),
)
"""Words, address, and the actions of which one must be allowed somewhere."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries of the main menu, and which of them is open."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"menu": []}
    entries = [
        {"words": words, "href": reverse(name), "name": name}
        for words, name, actions in MENU
        if any(rights.may_somewhere(person, action) for action in actions)
    ]
    return {"menu": [e | {"is_open": _is_open(request.path, e["href"])} for e in entries]}


def _is_open(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
