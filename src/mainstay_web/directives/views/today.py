"""Today: what an organisation is to do, made for a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives import actions, queries
from mainstay_web.directives.forms import StepForm
from mainstay_web.directives.lots import all_by_lot, on_the_way
from mainstay_web.directives.machine import DIRECTIVES, UNDECIDED
from mainstay_web.directives.models import Directive, State
from mainstay_web.machines import allowed

ENDED = 10
"""Directives that ended lately, shown below."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For an office its board, for others what they are to do today."""
    if rights.may_somewhere(request.user, "directives.view"):
        return redirect("directives:board")
    return redirect("directives:today")


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What an organisation is to do today; blocked and late directives first."""
    if not rights.may_somewhere(request.user, "directives.own"):
        raise PermissionDenied("directives.own")
    ours = rights.organisations(request.user, "directives.own")
    busy = ours.filter(directives__isnull=False).distinct()
    organisation = _chosen(request, ours, busy)
    context: dict[str, Any] = {"organisations": busy[:200], "organisation": organisation}
    if organisation is not None:
        open_ones = list(queries.of_organisation(organisation))
        ended = Directive.objects.filter(
            addressee=organisation, state__in=(State.DONE, State.SUPERSEDED, State.CANCELLED)
        )
        context |= {
            "groups": [
                (_("To be decided"), [d for d in open_ones if d.state in UNDECIDED]),
                (_("In progress"), [d for d in open_ones if d.state in (State.ACCEPTED, State.UNDER_WAY)]),
                (_("Blocked or objected to"), [d for d in open_ones if d.state in (State.BLOCKED, State.OBJECTED)]),
            ],
            "is_empty": not open_ones,
            "waiting": sum(d.state in UNDECIDED for d in open_ones),
            "ended": ended.select_related("issue").order_by("-since")[:ENDED],
            "day": open_ones[0].issue.today if open_ones else None,
        }
        by_lot = all_by_lot(open_ones)
        for directive in open_ones:
            _offer(directive, request, is_by_lot=directive.pk in by_lot)
    return render(request, "directives/today.html", context)


def _offer(directive: Directive, request: HttpRequest, *, is_by_lot: bool) -> None:
    """The one step that comes next, with its form, and the block; by lot it is taken on the directive's own page."""
    steps = {step.name: step for step in allowed(DIRECTIVES, directive, request.user)}
    directive.is_by_lot = is_by_lot
    directive.coming = on_the_way(directive) if is_by_lot else 0
    if is_by_lot:
        steps.pop("report", None)
    directive.next = steps.get("report") or steps.get("accept") or steps.get("resume")
    directive.next_form = StepForm(step=steps["report"], directive=directive) if "report" in steps else None
    directive.block_form = StepForm(step=steps["block"], directive=directive) if "block" in steps else None


def _chosen(request: HttpRequest, ours: Any, busy: Any) -> Organisation | None:
    wanted = request.GET.get("organisation", "")
    if not wanted:
        return busy.first() or ours.first()
    found = ours.filter(code=wanted).first()
    if found is None:
        raise Http404
    return found


@require_POST
def accept_all(request: HttpRequest, code: str) -> HttpResponse:
    """Accept all that waits."""
    organisation = rights.get_visible(request.user, "directives.own", Organisation.objects.all(), prefix="", code=code)
    count = actions.accept_all(organisation=organisation, by=request.user)
    said = ngettext("%(n)s directive accepted.", "%(n)s directives accepted.", count) % {"n": count}
    messages.success(request, said)
    return redirect(f"{reverse('directives:today')}?organisation={organisation.code}")
