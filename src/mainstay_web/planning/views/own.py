"""Our part: what the approved plan says for one organisation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import is_chinese, percent
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import queries, words
from mainstay_web.planning.models import Run
from mainstay_web.planning.own import Part, own_part

LONG = 100_000
"""Rows shown when everything is asked for, to print."""


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The part of the approved plan that concerns the person's own organisation."""
    if not rights.may_somewhere(request.user, "plans.own"):
        raise PermissionDenied("plans.own")
    ours = rights.organisations(request.user, "plans.own").filter(~Q(place="") | ~Q(enterprise=""))
    organisation = _chosen(request, ours)
    run = queries.approved(organisation) if organisation else None
    context: dict[str, Any] = {"organisations": ours[:200], "organisation": organisation, "run": run}
    if run is None:
        return render(request, "planning/own.html", context)
    part = own_part(run.results, enterprise=organisation.enterprise, place=organisation.place)
    listings = [_listing(request, each, run) for each in part.parts]
    context |= {
        "sections": [(TITLES[each.key](), listing) for each, listing in zip(part.parts, listings, strict=True)],
        "is_shared": part.is_shared,
        "is_whole": _is_whole(request),
    }
    for each in listings:
        if f"{each.prefix}export" in request.GET or request.headers.get("HX-Target", "").endswith(f"#{each.id}"):
            return each.answer("planning/own.html", context)
    return render(request, "planning/own.html", context)


def _chosen(request: HttpRequest, ours: Any) -> Organisation | None:
    """The organisation asked for, else the first."""
    wanted = request.GET.get("organisation", "")
    if not wanted:
        return ours.first()
    found = ours.filter(pk=wanted).first() if wanted.isdigit() else None
    if found is None:
        raise Http404
    return found


def _is_whole(request: HttpRequest) -> bool:
    return "all" in request.GET


def _listing(request: HttpRequest, part: Part, run: Run) -> Listing:
    names = words.names_of(run.results)
    frame = part.frame
    if "text_zh" in frame.columns:
        frame = frame.drop("text" if is_chinese() else "text_zh").rename({"text_zh": "text"} if is_chinese() else {})
    columns = words.columns_of(frame.schema.items(), names)
    if "met" in frame.columns:
        at = frame.columns.index("met")
        columns[at] = Column("met", words.column_words("met"), kind="number", text=percent)
    return Listing(
        request,
        frame,
        columns,
        export_name=f"our-{part.key}",
        caption=TITLES[part.key](),
        prefix=f"{part.key}_",
        size=LONG if _is_whole(request) else 14,
    )


TITLES = {
    "make": lambda: _("What to make"),
    "convert": lambda: _("Lines to convert or set up"),
    "license": lambda: _("Licences to apply for"),
    "support": lambda: _("Support for our lines"),
    "materials": lambda: _("Materials that this takes"),
    "lines": lambda: _("How far our lines are used"),
    "arrivals": lambda: _("What arrives"),
    "shipments": lambda: _("What to ship"),
    "place_shipments": lambda: _("What is shipped of our goods from our place, by all who share it"),
    "wanted": lambda: _("Needs not met that our goods from our place could meet"),
    "releases": lambda: _("What to release from the reserve"),
    "stock": lambda: _("Stock at the end of the day"),
    "expiries": lambda: _("What expires"),
    "met": lambda: _("How far our needs are met"),
    "why": lambda: _("Why needs are not met"),
    "daily": lambda: _("Our needs day by day"),
    "modes": lambda: _("Where to use sparingly"),
    "cover": lambda: _("How long our stock lasts"),
}
