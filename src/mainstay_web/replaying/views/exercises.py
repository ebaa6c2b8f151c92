"""Exercises: the list, setting one up, taking the last day back, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Listing
from mainstay_web.replaying import actions, queries
from mainstay_web.replaying.forms import ExerciseForm
from mainstay_web.replaying.models import Exercise
from mainstay_web.replaying.views.replays import started, who


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """All exercises, the newest first."""
    rights.require_somewhere(request.user, "replays.view")
    listing = Listing(
        request,
        queries.visible_exercises(request.user),
        [
            Column("title", _("Title"), href=lambda each: reverse("replaying:exercise", args=[each.pk])),
            Column("state", _("State"), path="ended_at", value=_state),
            Column("case", _("Case"), path="replay__snapshot__title", value=lambda each: str(each.replay.snapshot)),
            Column("organisation", _("For"), path="organisation__path", value=lambda each: named(each.organisation)),
            Column("by", _("Set up by"), path="by__username", value=lambda each: who(each.by)),
            Column("at", _("Set up at"), path="at"),
        ],
        search=("title",),
        export_name="exercises",
        caption=_("Exercises"),
        order="-at",
        empty=_("No exercise has been set up yet."),
    )
    may_run = rights.may_somewhere(request.user, "replays.run")
    return listing.answer("replaying/exercises.html", {"may_run": may_run})


def _state(exercise: Exercise) -> str:
    return _("In progress") if exercise.is_open else _("Ended")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Set up an exercise; the policies live through its history in the background."""
    rights.require_somewhere(request.user, "replays.run")
    form = ExerciseForm(request.POST or None, person=request.user, initial={"title": _("Exercise")})
    if request.method == "POST" and form.is_valid():
        exercise = started(form, request.user, actions.start_exercise)
        if exercise is not None:
            return redirect("replaying:exercise", exercise.pk)
    return render(request, "replaying/start_exercise.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last day back."""
    return _act(request, pk, lambda exercise, number: actions.undo(exercise=exercise, number=number, by=request.user))


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an exercise."""
    return _act(request, pk, lambda exercise, _number: actions.end_exercise(exercise=exercise, by=request.user))


def _act(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    exercise = queries.get_exercise(request.user, pk)
    number = request.POST.get("number", "")
    try:
        act(exercise, int(number) if number.isdecimal() else 0)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect("replaying:exercise", pk)
