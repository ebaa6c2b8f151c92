"""Steps of directives: each cell of the machine from its data, and what each step says and leaves."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from tests.web.machine_cells import cells, judge

from mainstay_web.audit.models import AuditRow
from mainstay_web.directives.actions import accept_all, step
from mainstay_web.directives.machine import DIRECTIVES
from mainstay_web.directives.models import Directive, State

PEOPLE = ("maker", "hospital", "outsider", "head", "analyst", "east_analyst", "reader", "nobody")
GIVEN = {"done": 240, "blocker": "staff", "share": 0.25, "note": "Half of the crew is in quarantine"}
PUT = {"blocked": {"blocker": "staff", "share": 0.5}}


@pytest.mark.parametrize("state", ["", *State.values])
def test_each_cell_of_the_machine_is_as_its_data_say(state, order, cast):
    outcomes = [
        judge(DIRECTIVES, order, state, name, by=by, given=GIVEN | {"level": 1}, put=PUT)
        for each, name in cells(DIRECTIVES)
        if each == state and name != "escalate"
        for by in (None, *(getattr(cast, who) for who in PEOPLE))
    ]
    assert "denied" in outcomes


def test_a_maker_accepts_reports_and_ends_an_order(order, cast):
    step(directive=order, name="receive", by=cast.maker)
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name="report", by=cast.maker, done=80)
    step(directive=order, name="report", by=cast.maker, done=160.5)
    step(directive=order, name="finish", by=cast.maker, done=240)
    order.refresh_from_db()
    assert (order.state, order.done, order.missing, order.share_done) == (State.DONE, 240, 0, 1.0)
    assert [c.given.get("done") for c in order.changes.all()] == [None, None, None, 80, 160.5, 240]
    assert all(change.by == cast.maker for change in list(order.changes.all())[1:])


@pytest.mark.parametrize("said", [-1, float("nan"), float("inf"), "many", None, ""])
def test_progress_is_a_number_that_is_not_negative(order, cast, said):
    step(directive=order, name="accept", by=cast.maker)
    with pytest.raises(ValidationError):
        step(directive=order, name="report", by=cast.maker, done=said)


def test_less_than_was_said_before_wants_a_reason(order, cast):
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name="report", by=cast.maker, done=100)
    with pytest.raises(ValidationError, match="90 is less than the 100 reported before"):
        step(directive=order, name="report", by=cast.maker, done=90)
    step(directive=order, name="report", by=cast.maker, done=90, note="Ten failed the test")
    order.refresh_from_db()
    assert order.done == 90


def test_who_ends_an_order_with_less_says_why(order, cast):
    step(directive=order, name="accept", by=cast.maker)
    with pytest.raises(ValidationError, match="asks for 240"):
        step(directive=order, name="finish", by=cast.maker, done=200)
    assert step(directive=order, name="finish", by=cast.maker, done=200, note="No more cloth")


def test_who_is_blocked_names_the_blocker_and_is_helped(order, cast):
    said = {"blocker": "material", "share": 0.25, "until": date(2020, 2, 4), "note": "No cloth. Who has some?"}
    step(directive=order, name="block", by=cast.maker, **said)
    order.refresh_from_db()
    assert (order.state, order.blocker, order.share, order.until) == ("blocked", "material", 0.25, date(2020, 2, 4))
    step(directive=order, name="help", by=cast.analyst, note="Cloth comes tonight")
    order.refresh_from_db()
    assert (order.state, order.is_answered) == ("blocked", True)
    step(directive=order, name="resume", by=cast.maker)
    order.refresh_from_db()
    assert (order.state, order.blocker, order.share, order.until) == ("under_way", "", None, None)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"blocker": "rain"}, "Choose the blocker: Staff, Equipment"),
        ({"share": 40}, "from 0 to 1"),
        ({"until": "soon"}, "as in 2020-02-05"),
        ({"note": " "}, "Give this"),
    ],
)
def test_a_blocker_that_is_not_told_rightly_is_refused_with_what_to_do(order, cast, wrong, why):
    with pytest.raises(ValidationError, match=why):
        step(directive=order, name="block", by=cast.maker, **(GIVEN | wrong))


def test_a_hospital_objects_and_the_answer_carries_the_reason(arrival, cast):
    with pytest.raises(ValidationError):
        step(directive=arrival, name="object", by=cast.hospital)
    step(directive=arrival, name="object", by=cast.hospital, note="We need 60")
    step(directive=arrival, name="uphold", by=cast.head, note="East is shorter than you")
    arrival.refresh_from_db()
    assert arrival.state == State.RECEIVED
    assert [c.note for c in arrival.changes.all()] == ["", "We need 60", "East is shorter than you"]
    row = AuditRow.objects.filter(action="directives.uphold").first()
    assert (row.person, row.detail["note"]) == (cast.head, "East is shorter than you")


def test_a_step_out_of_order_is_refused_with_the_steps_that_are_possible(order, cast):
    with pytest.raises(
        ValidationError, match=r"“Report progress” is not possible: the state is “Issued”. Possible now"
    ):
        step(directive=order, name="report", by=cast.maker, done=1)
    assert order.changes.count() == 1


def test_the_same_step_under_the_same_key_counts_once(order, cast):
    step(directive=order, name="accept", by=cast.maker)
    first = step(directive=order, name="report", by=cast.maker, done=10, key="k1")
    assert step(directive=order, name="report", by=cast.maker, done=10, key="k1") == first
    assert order.changes.filter(step="report").count() == 1


def test_all_that_waits_is_accepted_at_once_and_nothing_of_others(issue, arrival, cast, places):
    assert accept_all(organisation=places.hospital, by=cast.hospital) == 2
    assert accept_all(organisation=places.hospital, by=cast.hospital) == 0
    assert Directive.objects.filter(state="accepted").count() == 2
    with pytest.raises(PermissionDenied):
        accept_all(organisation=places.maker, by=cast.hospital)


def test_a_step_that_was_taken_stays_as_it_was(order):
    change = order.changes.get()
    with pytest.raises(TypeError):
        change.save()
    with pytest.raises(TypeError):
        change.delete()


def test_the_database_holds_a_blocked_directive_to_its_blocker(order):
    with pytest.raises(IntegrityError), transaction.atomic():
        Directive.objects.filter(pk=order.pk).update(state="blocked")
