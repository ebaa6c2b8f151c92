"""Laws of directives, on random plans and random steps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.report.texts import Text
from mainstay_web.directives.actions.issue import _Changes
from mainstay_web.directives.machine import DIRECTIVES, SUPERSEDED_FROM
from mainstay_web.directives.models import Directive, Issue, Kind, State
from mainstay_web.directives.orders import Order
from mainstay_web.machines import take

RANDOM = settings(max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIRST = date(2020, 2, 1)
QUANTITIES = st.lists(st.sampled_from([0.0, 10.0, 20.0]), min_size=1, max_size=5)
KEPT = (State.UNDER_WAY, State.DONE)
LIVE = (State.ISSUED, State.ACCEPTED, *KEPT)


class Undone(Exception):  # noqa: N818 (no error: it takes the trial back)
    """Takes back what an example did."""


def order(quantities: list[float], start: date) -> Order:
    """Masks, day by day; nothing on days of 0."""
    days = {start + timedelta(n): quantity for n, quantity in enumerate(quantities) if quantity}
    none = Text("", "")
    return Order(Kind.MAKE, "make:mask", "maskworks", "", "mask", "piece", none, none, days)


@given(st.lists(st.tuples(QUANTITIES, st.integers(0, 2), st.sampled_from(LIVE)), min_size=1, max_size=4))
@RANDOM
def test_every_day_is_asked_for_once_and_as_the_newest_plan_says_or_by_what_stays(in_force, places, plans):
    try:
        with transaction.atomic():
            _live_through(in_force, places.maker, plans)
            raise Undone
    except Undone:
        pass


def _live_through(run, maker, plans) -> None:
    start = FIRST
    for quantities, later, state in plans:
        start += timedelta(later)
        issue = Issue.objects.create(run=run, organisation=run.organisation, at=run.at, first=start, days=5)
        wanted = order(quantities, start)
        _Changes(issue).compare([(maker, wanted)] if wanted.days else [])
        live = list(Directive.objects.exclude(state__in=(State.SUPERSEDED, State.CANCELLED)))
        _hold(live, wanted, start)
        Directive.objects.filter(state=State.ISSUED).update(state=state)


def _hold(live: list[Directive], wanted: Order, start: date) -> None:
    asked: dict[date, float] = {}
    for directive in live:
        for each in directive.days:
            day = date.fromisoformat(each["date"])
            assert day not in asked, "a day is asked for twice"
            asked[day] = each["quantity"]
    stays = [d for d in live if d.state in KEPT]
    for day in {*asked, *wanted.days}:
        if day >= start and not any(d.starts <= day <= d.ends for d in stays):
            assert asked.get(day, 0) == wanted.days.get(day, 0)
    assert all(d.replaced_by is None for d in live)


STEPS = [name for name, step in DIRECTIVES.steps.items() if name not in ("issue", "escalate")]
SAID = {"done": 10.0, "blocker": "cash", "share": 0.5, "note": "so"}


@given(st.lists(st.sampled_from(STEPS), max_size=15))
@RANDOM
def test_whatever_steps_are_tried_the_history_leads_without_a_gap_to_the_state(order, names):
    try:
        with transaction.atomic():
            _try(order, names)
            raise Undone
    except Undone:
        order.refresh_from_db()


def _try(order: Directive, names: list[str]) -> None:
    for name in names:
        asked = {each: SAID[each] for each in DIRECTIVES.steps[name].asks} | {"note": "so"}
        try:
            take(DIRECTIVES, order, name, by=None, **asked)
        except ValidationError:
            assert order.state not in DIRECTIVES.steps[name].old
    order.refresh_from_db()
    history = list(order.changes.values_list("old", "new"))
    assert [old for old, _new in history] == ["", *(new for _old, new in history[:-1])]
    assert history[-1][1] == order.state
    told = [change.given["done"] for change in order.changes.all() if "done" in change.given]
    assert order.done == (told[-1] if told else 0)


def test_what_the_next_plan_may_take_back_is_all_that_is_open_but_under_way():
    assert set(SUPERSEDED_FROM) == {"issued", "received", "accepted", "blocked", "objected"}


@pytest.mark.parametrize("name", ["remind", "escalate", "help"])
def test_what_leaves_the_state_leaves_the_counting_of_time(name):
    assert DIRECTIVES.steps[name].new == ""
