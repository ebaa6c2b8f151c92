"""The rotation calendar of the designs in force: what to buy, issue and scrap when, and what was done of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning import words as planning
from mainstay_web.preparing import actions, queries, words
from mainstay_web.preparing.ics import Event, calendar
from mainstay_web.preparing.models import RotationTask
from mainstay_web.preparing.views.preparations import SOON, require_seeing

STATE = "state"
OPEN, OVERDUE, COMING, DONE = "open", "overdue", "coming", "done"


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """What is to be done, from today on and overdue first, unless something else is asked for."""
    require_seeing(request.user)
    if STATE not in request.GET:
        request.GET = request.GET.copy()
        request.GET[STATE] = OPEN
    tasks = queries.calendar(request.user)
    listing = Listing(
        request,
        tasks,
        _columns(request),
        search=("item", "place", "lot"),
        filters=_filters(tasks),
        export_name="rotation",
        caption=_("Rotation calendar"),
        order="date",
        empty=_("No design in force rotates anything."),
    )
    context = {
        "overdue": tasks.filter(queries.overdue()).count(),
        "coming": tasks.filter(queries.coming(SOON)).count(),
        "done": tasks.exclude(queries.undone()).count(),
        "soon": SOON,
        "designs": queries.visible_designs(request.user).filter(verdict="approved"),
    }
    return listing.answer("preparing/calendar.html", context)


def _filters(tasks: QuerySet[RotationTask]) -> list[Filter]:
    conditions = {
        OPEN: queries.undone(),
        OVERDUE: queries.overdue(),
        COMING: queries.coming(SOON),
        DONE: ~queries.undone(),
    }
    states = (
        (OPEN, _("open")),
        (OVERDUE, _("overdue")),
        (COMING, _("within %(days)d days") % {"days": SOON}),
        (DONE, _("done")),
    )
    months = [f"{each:%Y-%m}" for each in tasks.dates("date", "month")]
    kinds = [(code, words.action_words(code)) for code, _code in RotationTask._meta.get_field("action").choices]
    return [
        Filter(STATE, _("State"), states, apply=lambda rows, chosen: rows.filter(conditions[chosen])),
        Filter("month", _("Month"), [(each, each) for each in months], apply=_in_month),
        Filter("action", _("What"), kinds),
    ]


def _in_month(rows: QuerySet[RotationTask], chosen: str) -> QuerySet[RotationTask]:
    year, month = chosen.split("-")
    return rows.filter(date__year=int(year), date__month=int(month))


def _columns(request: HttpRequest) -> list[Column]:
    """Columns of the agenda: names, state and buttons on the page, codes and moments in the export."""
    if "export" in request.GET:
        plain = ("date", "due", "action", "item", "place", "quantity", "lot", "expires", "done_at")
        return [*(Column(name, name) for name in plain), Column("done_by", "done_by", path="done_by__username")]
    today, person = clock.today(), request.user
    day = partial(planning.say_cell, None, "date")

    def names(task: RotationTask) -> Any:
        return planning.names_of(task.design.results)

    return [
        Column("date", _("From"), text=day),
        Column("due", _("To"), text=day),
        Column("action", _("What"), text=words.action_words),
        Column("item", _("Item"), value=lambda task: named(names(task).item(task.item))),
        Column("place", _("Place"), value=lambda task: named(names(task).place(task.place))),
        Column("quantity", _("Quantity"), kind="number", text=planning.quantity),
        Column("lot", _("Lot")),
        Column("expires", _("Use by"), text=day),
        Column("state", _("State"), path="done_at", value=lambda task: words.task_state(task, today)),
        Column("mark", _("Mark"), sorts=False, value=lambda task: _mark_form(request, person, task)),
    ]


def _mark_form(request: HttpRequest, person: Any, task: RotationTask) -> str:
    """A button that says that the task is done, or is not, for who may say so."""
    if not rights.may(person, "readiness.rotate", task.organisation):
        return ""
    return format_html(
        '<form method="post" class="inline no-print" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><input type="hidden" name="back" value="{}"><button name="done" value="{}">{}</button></form>',
        reverse("preparing:mark", args=[task.pk]),
        get_token(request),
        request.GET.urlencode(),
        "0" if task.is_done else "1",
        _("Mark as not done") if task.is_done else _("Mark as done"),
    )


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a task was done, or that it was not after all."""
    task = rights.get_visible(request.user, "readiness.view", RotationTask.objects.all(), pk=pk)
    try:
        actions.mark(task=task, is_done=request.POST.get("done") == "1", by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    back = request.POST.get("back", "")
    return redirect(f"{reverse('preparing:calendar')}?{back}")


@require_safe
def ics(request: HttpRequest) -> HttpResponse:
    """All open tasks for a calendar program."""
    require_seeing(request.user)
    tasks = queries.calendar(request.user).filter(queries.undone())
    text = calendar(_("Rotation calendar"), map(_event, tasks), clock.now())
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rotation.ics"'},
    )


def _event(task: RotationTask) -> Event:
    names = planning.names_of(task.design.results)
    expires = _("expires %(day)s") % {"day": task.expires} if task.expires else ""
    lot = _("lot %(lot)s") % {"lot": task.lot}
    about = "\n".join(filter(None, (planning.quantity(task.quantity), lot, expires)))
    return Event(f"rotation-{task.pk}@mainstay", task.date, task.due, words.told(task, names), about)
