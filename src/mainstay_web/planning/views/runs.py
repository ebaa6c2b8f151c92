"""Plan runs: the list, starting one, one run with its progress, results and decision."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay.errors import UsageError
from mainstay.tables import RESULT_TABLES
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import named, percent
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.views import follow
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning import actions, cases, queries, words
from mainstay_web.planning.forms import CompareForm, DecisionForm, ScenarioForm, StartForm
from mainstay_web.planning.models import Run
from mainstay_web.registry.words import table_name


def visible_runs(person: Person) -> QuerySet[Run]:
    """The runs a person may see; refused to who may see none anywhere."""
    if not rights.may_somewhere(person, "plans.view"):
        raise PermissionDenied("plans.view")
    return rights.visible(person, "plans.view", Run.objects.all())


def get_run(person: Person, pk: int) -> Run:
    """One run, if the person may see it."""
    rows = Run.objects.select_related("organisation", "snapshot", "scenario__base", "by", "in_force")
    return rights.get_visible(person, "plans.view", rows, pk=pk)


def get_done(person: Person, pk: int) -> Run:
    """One run that has results, if the person may see it."""
    rows = Run.objects.filter(state=Run.State.DONE).select_related("organisation", "snapshot", "scenario")
    return rights.get_visible(person, "plans.view", rows, pk=pk)


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first; the rows renew themselves while something is being planned."""
    rows = visible_runs(request.user)
    if is_poll := request.headers.get("HX-Target", "").endswith("#runs"):
        request.GET = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    context = {
        "is_active": rows.filter(state__in=Run.ACTIVE).exists(),
        "may_start": rights.may_somewhere(request.user, "plans.run"),
        "compare": CompareForm(runs=rows.filter(state=Run.State.DONE), auto_id="compare_%s"),
    }
    listing = Listing(
        request,
        rows.select_related("by", "organisation"),
        _columns(),
        search=("title", "title_zh"),
        filters=(Filter("state", _("State"), Run.State.choices),),
        export_name="runs",
        caption=_("Plan runs"),
        order="-at",
        empty=_("Nothing has been planned yet."),
    )
    if is_poll:
        return render(request, "planning/runs_rows.html", context | {"listing": listing})
    return listing.answer("planning/runs.html", context)


def _columns() -> list[Column]:
    def met(run: Run) -> str:
        tiers = run.met.items()
        return ", ".join(f"{named(words.say(tier))} {percent(share)}" for tier, share in tiers)

    def state(run: Run) -> str:
        return run.get_verdict_display() if run.verdict else run.get_state_display()

    def check(run: Run) -> str:
        return "" if run.is_sound is None else _("passed") if run.is_sound else _("failed")

    return [
        Column(
            "title",
            _("Title"),
            value=lambda run: named(run.words),
            href=lambda run: reverse("planning:run", args=[run.pk]),
        ),
        Column("state", _("State"), value=state),
        Column("met", _("Need met"), sorts=False, value=met),
        Column("gap", _("Gap"), sorts=False, value=lambda run: percent(run.largest_gap)),
        Column("check", _("Check"), path="is_sound", value=check),
        Column("organisation", _("For"), path="organisation__path", value=lambda run: named(run.organisation)),
        Column(
            "by",
            _("Started by"),
            path="by__username",
            value=lambda run: (run.by.get_full_name() or run.by.username) if run.by else _("the system"),
        ),
        Column("at", _("Started"), path="at"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose what to plan; the case is kept as it stands, the plan is made in the background."""
    if not rights.may_somewhere(request.user, "plans.run"):
        raise PermissionDenied("plans.run")
    form = StartForm(request.POST or None, person=request.user, initial={"title": _("Daily plan")})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("planning:run", _start(form.cleaned_data, request.user).pk)
        except UsageError as error:
            form.add_error("snapshot", str(error))
    return render(request, "planning/start.html", {"form": form}, status=422 if form.is_bound else 200)


def _start(said: dict[str, Any], by: Person) -> Run:
    """Start the run that the form describes."""
    organisation = said["organisation"]
    snapshot = said["snapshot"] or cases.take_snapshot(organisation=organisation, by=by)
    case = cases.read_snapshot(snapshot.folder)
    return actions.start_run(
        organisation=organisation,
        snapshot=snapshot,
        title=said["title"],
        horizon=said["horizon"] or case.horizon,
        needs=said["needs"] or case.scenario,
        as_of=said["as_of"],
        gap=said["gap"] / 100,
        time_limit=said["time_limit"],
        in_force=queries.approved(organisation) if said["keep"] else None,
        by=by,
    )


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: what it is, how far it is, what came of it."""
    found = get_run(request.user, pk)
    return render(request, "planning/run.html", _about(request, found))


def _about(request: HttpRequest, run: Run, decision: DecisionForm | None = None) -> dict[str, Any]:
    person = request.user
    context: dict[str, Any] = {
        "run": run,
        "may_run": rights.may(person, "plans.run", run.organisation),
        "may_decide": rights.may(person, "plans.approve", run.organisation),
        "is_own": settings.FOUR_EYES and run.by_id == person.pk,
        "decision_form": decision or DecisionForm(),
        "states": run.states.select_related("by"),
        "decisions": run.decisions.select_related("by"),
    }
    if run.state == Run.State.DONE:
        results = run.results
        others = visible_runs(person).filter(state=Run.State.DONE).exclude(pk=run.pk)[:50]
        base = run.scenario.base if run.scenario else None
        context |= {
            "short": [row | {"name": words.names_of(results).item(row["item"])} for row in run.summary["shortage"]],
            "words": results.words,
            "tables": [_about_table(results, name) for name in RESULT_TABLES],
            "others": others,
            "base": base if base and base.state == Run.State.DONE else None,
            "what_if": ScenarioForm(),
            "stress_job": queries.stress_at_work(run),
            "violations": run.summary["check"]["violations"],
        }
    return context


def _about_table(results: Any, name: str) -> dict[str, Any]:
    declared = RESULT_TABLES[name]
    return {
        "name": name,
        "title": table_name(declared),
        "words": named(words.Text(declared.text, declared.text_zh)),
        "rows": results.rows(name),
    }


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is; when it has ended, the page is asked to load again."""
    found = get_run(request.user, pk)
    return follow(request, found, may_cancel=rights.may(request.user, "plans.run", found.organisation))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run."""
    found = get_run(request.user, pk)
    if jobs.cancel(work=found, by=request.user):
        messages.success(request, _("The run is being cancelled."))
    else:
        messages.warning(request, _("The run had ended already."))
    return redirect("planning:run", pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject a plan."""
    found = get_run(request.user, pk)
    rights.require(request.user, "plans.approve", found.organisation)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(
                run=found,
                verdict=request.POST.get("verdict", ""),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            return redirect("planning:run", pk)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "planning/run.html", _about(request, found, form), status=422)
