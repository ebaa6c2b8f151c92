"""Pairs of enterprises that may be one: side by side, merged, told apart, and merges taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.jobs.queries import visible_jobs
from mainstay_web.listing import shown
from mainstay_web.registry import merging, queries, shape, words
from mainstay_web.registry.forms import ReasonForm
from mainstay_web.registry.models import Merge, Proposal, Row
from mainstay_web.registry.views import common

COLUMNS = ("name", "name_zh", "registration_no", "place", "industry", "size", "products")
PAGE = 20
AGREE = {
    "name": gettext_lazy("same name"),
    "~name": gettext_lazy("names nearly the same"),
    "registration_no": gettext_lazy("same registration number"),
    "~registration_no": gettext_lazy("registration numbers differ in one sign"),
    "place": gettext_lazy("same place"),
    "industry": gettext_lazy("same industry"),
}


@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """The likely pairs, the likeliest first, and the merges that can be taken back."""
    person = common.enter(request, "registry.merge")
    mine = rights.visible(person, "registry.merge", queries.rows("enterprises"))
    codes = mine.values("enterprise")
    proposals = Proposal.objects.filter(first__in=codes, second__in=codes)
    page = Paginator(proposals, PAGE).get_page(request.GET.get("page"))
    named = [code for p in page for code in (p.first, p.second)]
    rows = {row.enterprise: row for row in mine.filter(enterprise__in=named)}
    context = {
        "page": page,
        "pairs": [_pair(p, rows) for p in page],
        "job": visible_jobs(person, "duplicates").first(),
        "merges": rights.visible(person, "registry.merge", Merge.objects.filter(undone_at=None)).select_related("by")[
            :50
        ],
    }
    return render(request, "registry/duplicates.html", context)


def _pair(proposal: Proposal, rows: dict[str, Row]) -> dict[str, Any]:
    first, second = rows[proposal.first], rows[proposal.second]
    table = shape.TABLES["enterprises"]
    return {
        "proposal": proposal,
        "first": first,
        "second": second,
        "percent": int(proposal.probability * 100),
        "agree": [AGREE[name] for name in proposal.agree],
        "fields": [
            {
                "name": words.column_name(table.column(name)),
                "first": shown(first.body.get(name)),
                "second": shown(second.body.get(name)),
                "is_same": bool(first.body.get(name)) and first.body.get(name) == second.body.get(name),
            }
            for name in COLUMNS
        ],
    }


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Have all enterprises compared anew, in the background."""
    person = common.enter(request, "registry.merge")
    merging.start_search(organisation=common.home_of(person, "registry.merge"), by=person)
    return redirect("registry:duplicates")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a pair into its first or second enterprise, or say that they are two."""
    person = common.enter(request, "registry.merge")
    proposal = get_object_or_404(Proposal, pk=pk)
    first, second = _mergeable(person, proposal.first), _mergeable(person, proposal.second)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it is kept with the answer."))
        return redirect("registry:duplicates")
    reason, choice = form.cleaned_data["reason"], request.POST.get("answer")
    try:
        if choice == "two":
            merging.say_not_the_same(first=first, second=second, by=person, reason=reason)
            messages.success(request, _("The two are not proposed again."))
        elif choice in ("first", "second"):
            kept, merged = (first, second) if choice == "first" else (second, first)
            merging.merge(kept=kept, merged=merged, by=person, reason=reason)
            messages.success(request, _("The two are one now. It can be undone below."))
        else:
            raise Http404
    except merging.Conflict as conflict:
        messages.error(request, str(conflict))
    return redirect("registry:duplicates")


def _mergeable(person: Person, code: str) -> Row:
    rows = queries.rows("enterprises").select_related("organisation")
    return rights.get_visible(person, "registry.merge", rows, enterprise=code)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    person = common.enter(request, "registry.merge")
    merge = rights.get_visible(person, "registry.merge", Merge.objects.all(), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it is kept with the answer."))
        return redirect("registry:duplicates")
    try:
        merging.undo_merge(merge=merge, by=person, reason=form.cleaned_data["reason"])
        messages.success(request, _("The merge was undone: both are as they were."))
    except merging.Conflict as conflict:
        messages.error(request, str(conflict))
    return redirect("registry:duplicates")
