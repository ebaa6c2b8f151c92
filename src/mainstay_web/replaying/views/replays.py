"""Replays: the list, starting one, one replay with its progress and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay.errors import UsageError
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import named, percent
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.views import follow
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning import cases
from mainstay_web.planning.models import Snapshot
from mainstay_web.replaying import actions, queries
from mainstay_web.replaying.forms import CompareForm, HistoryForm, ReplayForm
from mainstay_web.replaying.models import Replay
from mainstay_web.replaying.mornings import policy_words
from mainstay_web.replaying.views.results import about_results


@require_safe
def replays(request: HttpRequest) -> HttpResponse:
    """All replays, the newest first."""
    rights.require_somewhere(request.user, "replays.view")
    rows = queries.visible_replays(request.user)
    listing = Listing(
        request,
        rows.select_related("by", "organisation", "snapshot"),
        _columns(),
        search=("title",),
        filters=(Filter("state", _("State"), Replay.State.choices),),
        export_name="replays",
        caption=_("Replays"),
        order="-at",
        empty=_("Nothing has been replayed yet."),
    )
    context = {
        "may_run": rights.may_somewhere(request.user, "replays.run"),
        "compare": CompareForm(replays=rows.filter(state=Replay.State.DONE), auto_id="compare_%s"),
    }
    return listing.answer("replaying/replays.html", context)


def _columns() -> list[Column]:
    def best(replay: Replay) -> str:
        ranked = replay.summary.get("policies", [])
        return f"{policy_words(ranked[0]['policy'])} ({percent(ranked[0]['vital'])})" if ranked else ""

    return [
        Column("title", _("Title"), href=lambda replay: reverse("replaying:replay", args=[replay.pk])),
        Column("state", _("State"), value=Replay.get_state_display),
        Column("best", _("Lost least (vital needs met)"), sorts=False, value=best),
        Column("case", _("Case"), path="snapshot__title", value=lambda replay: str(replay.snapshot)),
        Column("organisation", _("For"), path="organisation__path", value=lambda replay: named(replay.organisation)),
        Column("by", _("Started by"), path="by__username", value=lambda replay: who(replay.by)),
        Column("at", _("Started"), path="at"),
    ]


def who(person: Person | None) -> str:
    """Name of a person; nobody is the system."""
    return (person.get_full_name() or person.username) if person else _("the system")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a history and policies; it is lived through in the background."""
    rights.require_somewhere(request.user, "replays.run")
    form = ReplayForm(request.POST or None, person=request.user, initial={"title": _("Replay")})
    if request.method == "POST" and form.is_valid():
        replay = started(form, request.user, actions.start_replay)
        if replay is not None:
            return redirect("replaying:replay", replay.pk)
    return render(request, "replaying/start.html", {"form": form}, status=422 if form.is_bound else 200)


def started(form: HistoryForm, by: Person, begin: Any) -> Any:
    """What the form asks to begin; None: it was refused, and the form says why."""
    said = form.cleaned_data
    try:
        return begin(
            organisation=said["organisation"],
            snapshot=_snapshot(said, by),
            title=said["title"],
            asked=form.asked(),
            by=by,
        )
    except UsageError as error:
        form.add_error("snapshot", str(error))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _snapshot(said: dict[str, Any], by: Person) -> Snapshot:
    """The snapshot that was chosen, or one of the register; its own right is that of plans."""
    if said["snapshot"]:
        return said["snapshot"]
    return cases.take_snapshot(organisation=said["organisation"], by=by)


@require_safe
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """One replay: what it is, how far it is, what came of it."""
    found = queries.get_replay(request.user, pk)
    context: dict[str, Any] = {
        "replay": found,
        "may_run": rights.may(request.user, "replays.run", found.organisation),
        "states": found.states.select_related("by"),
        "policies": [policy_words(name) for name in found.policies],
    }
    if found.state == Replay.State.DONE:
        others = queries.visible_replays(request.user).filter(state=Replay.State.DONE).exclude(pk=pk)[:50]
        context |= about_results(found.results) | {"others": others}
    return render(request, "replaying/replay.html", context)


def _any_replay(request: HttpRequest, pk: int) -> Replay:
    """A replay by its progress alone, which tells nothing of what is to come in an exercise."""
    rows = Replay.objects.select_related("organisation")
    return rights.get_visible(request.user, "replays.view", rows, pk=pk)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a replay is; when it has ended, the page is asked to load again."""
    found = _any_replay(request, pk)
    return follow(request, found, may_cancel=rights.may(request.user, "replays.run", found.organisation))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a replay."""
    found = _any_replay(request, pk)
    if jobs.cancel(work=found, by=request.user):
        messages.success(request, _("It is being cancelled."))
    else:
        messages.warning(request, _("It had ended already."))
    return redirect(found.exercise if hasattr(found, "exercise") else reverse("replaying:replay", args=[pk]))
