"""Supervision: the facts of an organisation, commendations and warnings with their challenges, the agenda."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.web.machine_cells import cells, judge
from tests.web.reporting_world import row, world

from mainstay_web import clock
from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Role
from mainstay_web.directives.actions import step
from mainstay_web.directives.models import Directive
from mainstay_web.reporting.actions import submit
from mainstay_web.supervision import actions
from mainstay_web.supervision.agenda import agenda
from mainstay_web.supervision.facts import standings
from mainstay_web.supervision.machine import MENTIONS
from mainstay_web.supervision.models import Mention


@pytest.fixture
def warehouse(places):
    """Who ships at East."""
    return accounts.add_person(
        username="warehouse",
        password=None,
        organisation=places.east,
        role=Role.objects.get(code="reporter"),
        by=None,
    )


def standing(code: str):
    return {each.organisation.code: each for each in standings(Directive.objects.all())}[code]


def finish(directive, by, done=None, note="counted twice") -> None:
    step(directive=directive, name="accept", by=by)
    step(directive=directive, name="finish", by=by, done=directive.quantity if done is None else done, note=note)


def at(key: str) -> Directive:
    return Directive.objects.get(key=key)


@pytest.fixture
def done_well(issue, cast, warehouse):
    """All that leaves East and comes to the hospital is done, on time and in full."""
    for directive in Directive.objects.exclude(kind="make"):
        finish(directive, cast.hospital if directive.kind == "arrive" else warehouse)


def test_nothing_is_judged_before_it_is_due_or_done(issue):
    found = standing("maker")
    assert (found.judged, found.on_time, found.in_full, found.honest) == ([], None, None, None)
    assert (found.merits, found.faults) == ([], [])


def test_who_does_all_on_time_in_full_and_honestly_is_to_be_commended(done_well, places):
    Directive.objects.filter(key="ship:mask@west/road").update(done=68)
    Directive.objects.filter(key="ship:suit@west/road").update(done=12)
    Directive.objects.filter(kind="ship").update(quantity=68)
    found = standing("east")
    assert (found.on_time, found.honest, found.gaps) == (1, 1, [])
    Directive.objects.filter(key="ship:suit@west/road").update(quantity=12)
    assert [fact["code"] for fact in standing("east").merits] == ["on_time", "in_full", "honest"]


def test_what_is_claimed_and_not_found_downstream_warns(issue, cast, warehouse):
    finish(at("ship:mask@west/road"), warehouse)
    assert standing("east").honest is None
    finish(at("arrive:mask@east/road"), cast.hospital, done=51)
    found = standing("east")
    assert [(gap.claimed, gap.found) for gap in found.gaps] == [(68, 51)]  # the other 40 are on their way
    assert found.honest == 0.75
    assert [fact["code"] for fact in found.faults] == ["honest"]


def test_a_maker_is_held_to_its_own_daily_reports(order, cast, places):
    world(places)
    finish(order, cast.maker)
    days = [(order.starts + timedelta(order.issue.shift + n)).isoformat() for n in range(3)]
    with clock.at(timezone.now() + timedelta(3)):
        rows = [row(day=day, quantity=60) for day in days]
        submit(organisation=places.maker, key="a", rows=rows, channel="api", by=None)
    assert [(gap.claimed, gap.found) for gap in standing("maker").gaps] == [(240, 180)]


def test_a_shipper_is_judged_by_the_receipt_though_the_page_is_of_the_shipper_alone(issue, cast, warehouse, places):
    finish(at("ship:mask@west/road"), warehouse)
    finish(at("arrive:mask@east/road"), cast.hospital, done=51)
    (alone,) = standings(Directive.objects.filter(addressee=places.east))
    assert alone.honest == 0.75


def test_a_day_that_is_not_reported_is_no_lie(order, cast, places):
    world(places)
    finish(order, cast.maker)
    submit(organisation=places.maker, key="a", rows=[row(day="2020-02-01", quantity=1)], channel="api", by=None)
    assert standing("maker").honest is None


def test_what_is_overdue_by_more_than_a_day_warns(order):
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=23))
    assert standing("maker").faults == []
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=25))
    assert [(fact["code"], fact["directives"]) for fact in standing("maker").faults] == [("late", [order.pk])]


def test_how_fast_it_answers_and_is_helped_is_timed(order, cast):
    step(directive=order, name="receive", by=cast.maker)
    step(directive=order, name="block", by=cast.maker, blocker="cash", share=0.0, note="No money")
    step(directive=order, name="help", by=cast.head, note="A loan")
    found = standing("maker")
    assert (len(found.answers), found.asked, len(found.helped)) == (1, 1, 1)
    assert 0 <= found.hours_to_help < 1


@pytest.fixture
def warning(order, cast, places) -> Mention:
    """The maker is warned: it is overdue."""
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=25))
    return actions.mention(office=places.country, organisation=places.maker, kind="warning", by=cast.head)


def test_a_mention_keeps_the_facts_of_its_day(warning, order, cast):
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name="finish", by=cast.maker, done=240)
    warning.refresh_from_db()
    assert warning.facts == [{"code": "late", "value": 1, "of": 1, "directives": [order.pk]}]


def test_without_ground_nobody_is_mentioned(issue, cast, places):
    for kind in ("commendation", "warning", "scolding"):
        with pytest.raises(ValidationError, match="no ground"):
            actions.mention(office=places.country, organisation=places.maker, kind=kind, by=cast.head)


def test_nobody_is_warned_twice_at_a_time_nor_by_who_may_not(warning, cast, places):
    with pytest.raises(ValidationError, match="already"):
        actions.mention(office=places.country, organisation=places.maker, kind="warning", by=cast.head)
    with pytest.raises(PermissionDenied):
        actions.mention(office=places.country, organisation=places.maker, kind="warning", by=cast.analyst)


@pytest.mark.parametrize("state", ["", *Mention.State.values])
def test_each_cell_of_the_machine_of_mentions_is_as_its_data_say(state, warning, cast):
    people = (None, cast.maker, cast.outsider, cast.head, cast.analyst, cast.nobody)
    for each, name in cells(MENTIONS):
        if each == state:
            for by in people:
                judge(MENTIONS, warning, state, name, by=by, given={"note": "The cloth came late"})


def test_a_warning_is_challenged_and_the_answer_shown(client, warning, cast):
    client.force_login(cast.maker)
    page = reverse("supervision:organisation", args=["maker"])
    assert client.get(reverse("supervision:home")).url == page
    client.post(reverse("supervision:step", args=[warning.pk, "challenge"]), {"note": "The cloth came late"})
    client.force_login(cast.head)
    assert "Challenged commendations and warnings" in client.get(reverse("supervision:agenda")).content.decode()
    client.post(reverse("supervision:step", args=[warning.pk, "withdraw"]), {"note": "It did"})
    client.force_login(cast.maker)
    shown = client.get(page).content.decode()
    assert "The cloth came late" in shown
    assert "It did" in shown
    assert "Withdrawn" in shown


def test_the_agenda_says_what_changed_what_is_blocked_and_what_to_decide(order, arrival, cast, places):
    step(directive=order, name="block", by=cast.maker, blocker="material", share=0.0, note="No cloth")
    step(directive=arrival, name="object", by=cast.hospital, note="We need 60")
    found = agenda(places.country)
    assert [issue.counts["issued"] for issue in found.issues] == [6]
    assert [decision.new for decision in found.decisions] == ["approved"]
    assert (found.blocked, found.objections, found.unanswered) == ([order], [arrival], [order])
    assert [each.item for each in found.held] == ["mask"]
    assert found.steps == {"accept": 0, "finish": 0, "block": 1, "resume": 0, "object": 1}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["agenda", "organisations", "mentions"])
def test_each_page_shows_in_both_languages_to_the_office_alone(client, cast, done_well, warning, page, language):
    cast.reader.language = language
    cast.reader.save()
    client.force_login(cast.reader)
    assert client.get(reverse(f"supervision:{page}")).status_code == 200
    client.force_login(cast.maker)
    assert client.get(reverse(f"supervision:{page}")).status_code == 403


def test_the_page_of_an_organisation_is_there_for_it_and_its_offices_alone(client, cast, done_well):
    page = reverse("supervision:organisation", args=["hospital"])
    for person, code in ((cast.hospital, 200), (cast.reader, 200), (cast.maker, 404), (cast.nobody, 403)):
        client.force_login(person)
        assert client.get(page).status_code == code


def test_the_office_lists_from_the_page(client, cast, places, order):
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=25))
    client.force_login(cast.head)
    assert "Ground for:" in client.get(reverse("supervision:organisation", args=["maker"])).content.decode()
    client.post(reverse("supervision:mention", args=["maker"]), {"kind": "warning", "note": "Second week"})
    assert Mention.objects.get().changes.get().note == "Second week"
    client.force_login(cast.analyst)
    assert client.post(reverse("supervision:mention", args=["maker"]), {"kind": "warning"}).status_code == 403
