"""One exercise: its morning as the team sees it, what it decides, and how it goes."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay.replay import POLICIES, fill_rates_of
from mainstay.replay.results import fill_rates
from mainstay_web.accounts import rights
from mainstay_web.keys import KeyReused
from mainstay_web.replaying import actions, mornings, queries
from mainstay_web.replaying.choices import Choice, choices, groups, is_finite
from mainstay_web.replaying.models import Exercise, Replay, Turn
from mainstay_web.replaying.mornings import policy_words
from mainstay_web.replaying.standing import PLAN, Standing, stand
from mainstay_web.replaying.views.results import about_results, results_of

USUAL = "cover"
"""The proposal that a morning begins with."""


@require_safe
def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """The morning that is to be decided on; after the end, what came of it beside what rules and plans did."""
    found = queries.get_exercise(request.user, pk)
    standing = stand(found)
    context = _about(request, found, standing)
    if not found.is_open:
        if found.replay.state == Replay.State.DONE:
            context |= about_results(results_of(found))
        return render(request, "replaying/result.html", context)
    if not standing.exercise.is_over:
        context |= _morning(standing, request.GET.get("start", ""))
    return render(request, "replaying/exercise.html", context)


def _about(request: HttpRequest, exercise: Exercise, standing: Standing) -> dict[str, Any]:
    person, lived = request.user, standing.exercise
    return {
        "exercise": exercise,
        "replay": exercise.replay,
        "number": standing.number + 1,
        "day": lived.today,
        "day_number": lived.state.day + 1,
        "days": lived.history.num_days,
        "is_over": lived.is_over,
        "may_decide": rights.may(person, "replays.decide", exercise.organisation),
        "may_run": rights.may(person, "replays.run", exercise.organisation),
        "turns": [
            {"turn": turn, "start": policy_words(turn.start) if turn.start else "", "changes": len(turn.changes)}
            for turn in exercise.turns.select_related("by").defer("orders")
        ],
        "can_undo": bool(standing.decided),
        "yesterday": mornings.yesterday(standing),
        "cuts": mornings.cuts(standing),
        "so_far": _so_far(exercise, standing),
    }


def _so_far(exercise: Exercise, standing: Standing) -> list[dict[str, Any]]:
    """Share of needs met until yesterday, of the team and of each policy; who foresees would tell what is to come."""
    if not standing.decided:
        return []
    own = fill_rates(standing.exercise.life())
    rows = [{"words": policy_words("team"), "met": list(own.values()), "is_own": True}]
    if exercise.replay.state == Replay.State.DONE:
        service = exercise.replay.results.table("replay_service").filter(pl.col("date") < standing.exercise.today)
        for row in fill_rates_of(service.collect()).sort("vital", descending=True).iter_rows(named=True):
            if getattr(POLICIES[row["policy"]], "foresees", False):
                continue
            met = [row[tier] for tier in own]
            rows.append({"words": policy_words(row["policy"]), "met": met, "is_own": False})
    return rows


def _morning(standing: Standing, asked: str) -> dict[str, Any]:
    starts = standing.starts
    start = asked if asked in starts else USUAL
    return {
        "start": start,
        "starts": [(name, policy_words(name)) for name in starts],
        "groups": groups(standing, start),
        "items": [
            {"name": standing.names.item(item), "unit": standing.names.unit(item), "rows": _places(standing, rows)}
            for item, rows in mornings.places_of(standing)
        ],
        "events": mornings.events(standing),
        "counts": mornings.counts(standing),
        "has_plan": PLAN in starts,
    }


def _places(standing: Standing, rows: Any) -> list[dict[str, Any]]:
    return [row | {"name": standing.names.place(row["place"])} for row in rows.iter_rows(named=True)]


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on the day, and live through it; sent twice it counts once."""
    found = queries.get_exercise(request.user, pk)
    rights.require(request.user, "replays.decide", found.organisation)
    sent = request.POST
    number = sent.get("number", "")
    start = sent.get("start", USUAL)
    try:
        turn = int(number) if number.isdecimal() else 0
        standing = stand(found)
        if found.turns.filter(number=turn, kind=Turn.Kind.DECIDED).exists():
            messages.info(request, _("This day was decided already. Look at what came of it."))
            return redirect("replaying:exercise", pk)
        changes = _changes(choices(standing, start), sent) if start in standing.starts else {}
        actions.decide(exercise=found, number=turn, start=start, changes=changes, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except KeyReused:  # somebody was quicker by a moment
        messages.info(request, _("This day was decided already. Look at what came of it."))
    return redirect("replaying:exercise", pk)


def _changes(offered: list[Choice], sent: QueryDict) -> dict[str, float]:
    """What people ordered otherwise than the proposal that they were shown.

    Raises
    ------
    ValidationError : a field holds no number
    """
    changes = {}
    for choice in offered:
        text = sent.get(choice.field, choice.value).strip() or "0"
        if text == choice.value:
            continue
        try:
            quantity = float(text)
        except ValueError:
            quantity = math.nan
        if not is_finite(quantity):
            raise ValidationError(
                _('%(what)s: "%(found)s" is not a quantity. Give a number from 0 up, as in 120.')
                % {"what": choice.words, "found": text}
            )
        if quantity != float(choice.value):
            changes[choice.task] = quantity
    return changes


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the solver plan on what is known this morning."""
    found = queries.get_exercise(request.user, pk)
    try:
        return redirect(actions.ask_for_plan(exercise=found, by=request.user))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("replaying:exercise", pk)
