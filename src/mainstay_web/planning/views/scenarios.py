"""What-if scenarios: made from a run, changed in the words of an office, run and compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay.errors import DataError
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import message_of, named, remedy_of
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import actions, cases, words
from mainstay_web.planning.forms import CHANGES, ChangeForm, ScenarioForm
from mainstay_web.planning.models import Run, Scenario
from mainstay_web.planning.scenarios import say_change
from mainstay_web.planning.views.runs import get_done


def get_scenario(person: Person, pk: int) -> Scenario:
    """One scenario, if the person may see it."""
    rows = Scenario.objects.select_related("base__snapshot", "organisation", "by")
    return rights.get_visible(person, "plans.view", rows, pk=pk)


@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    """All what-ifs."""
    if not rights.may_somewhere(request.user, "plans.view"):
        raise PermissionDenied("plans.view")
    rows = rights.visible(request.user, "plans.view", Scenario.objects.select_related("base", "by"))
    listing = Listing(
        request,
        rows,
        [
            Column(
                "name",
                _("Name"),
                value=lambda s: named(s.words),
                href=lambda s: reverse("planning:scenario", args=[s.pk]),
            ),
            Column("changes", _("Changes"), kind="number", sorts=False, value=lambda s: len(s.changes)),
            Column("base", _("Made from"), path="base__title", value=lambda s: named(s.base.words)),
            Column("by", _("By"), path="by__username"),
            Column("at", _("Made on")),
        ],
        search=("name", "name_zh", "text", "text_zh"),
        export_name="scenarios",
        caption=_("What-if scenarios"),
        order="-at",
        empty=_("No what-if has been made yet. Open a plan that is done and choose “What if”."),
    )
    return listing.answer("planning/scenarios.html")


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a what-if from a run."""
    run = get_done(request.user, pk)
    rights.require(request.user, "plans.run", run.organisation)
    form = ScenarioForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the what-if a name."))
        return redirect("planning:run", pk)
    scenario = actions.add_scenario(base=run, by=request.user, **form.cleaned_data)
    return redirect("planning:scenario", scenario.pk)


@require_safe
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """One what-if: its changes, forms for more, its runs."""
    found = get_scenario(request.user, pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Scenario, bound: ChangeForm | None = None, status: int = 200) -> HttpResponse:
    forms: list[ChangeForm] = []
    may_run = rights.may(request.user, "plans.run", found.organisation)
    if may_run:
        forms = [bound if bound and kind == bound.kind else form(**_about(found)) for kind, form in CHANGES.items()]
    context: dict[str, Any] = {
        "scenario": found,
        "changes": [named(say_change(change)) for change in found.changes],
        "forms": forms,
        "may_run": may_run,
        "runs": rights.visible(request.user, "plans.view", Run.objects.filter(scenario=found)),
    }
    return render(request, "planning/scenario.html", context, status=status)


def _about(found: Scenario) -> dict[str, Any]:
    """What forms of changes need: the case as it was kept, and its names."""
    base = found.base
    return {
        "case": cases.read_snapshot(base.snapshot.folder).replace(scenario=base.needs),
        "names": words.names_of(base.results),
    }


@require_POST
def add_change(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add one change, asked for by one of the forms."""
    found = get_scenario(request.user, pk)
    rights.require(request.user, "plans.run", found.organisation)
    if kind not in CHANGES:
        raise Http404
    form = CHANGES[kind](request.POST, **_about(found))
    if form.is_valid():
        try:
            changed = actions.change_scenario(scenario=found, changes=[*found.changes, form.change()], by=request.user)
            return redirect("planning:scenario", changed.pk)
        except DataError as error:
            for finding in error.findings:
                form.add_error(None, f"{message_of(finding)} {remedy_of(finding)}")
    return _page(request, found, form, status=422)


@require_POST
def remove_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take one change back, counted from 0."""
    found = get_scenario(request.user, pk)
    rights.require(request.user, "plans.run", found.organisation)
    changes = [change for n, change in enumerate(found.changes) if n != number]
    changed = actions.change_scenario(scenario=found, changes=changes, by=request.user)
    return redirect("planning:scenario", changed.pk)


@require_POST
def run_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the what-if as its base was planned."""
    found = get_scenario(request.user, pk)
    run = actions.run_scenario(scenario=found, by=request.user)
    return redirect("planning:run", run.pk)
