"""Carriers: organisations that carry modes or single lanes get an order for each shipment on them."""

from __future__ import annotations

from datetime import date

import pytest

import mainstay as ms
from mainstay_web.accounts import actions as accounts
from mainstay_web.directives.actions import issue_directives, step
from mainstay_web.directives.models import Directive
from mainstay_web.directives.replan import changes_of
from mainstay_web.planning.scenarios import apply_scenario


@pytest.fixture
def carrier(places, roles):
    """Adds carriers under the country, each with a person of its code."""

    def add(code: str, carries: str):
        organisation = accounts.add_organisation(
            code=code, name=code, kind="enterprise", parent=places.country, carries=carries, by=None
        )
        accounts.add_person(username=code, password=None, organisation=organisation, role=roles["reporter"], by=None)
        return organisation

    return add


def carried(issue):
    return {(each.addressee.code, each.key): each for each in issue.directives.filter(kind="carry")}


def test_without_a_carrier_a_shipment_is_told_to_its_ends_alone_and_nothing_is_missing(issue):
    assert carried(issue) == {}
    assert "carry" not in {each["kind"] for each in issue.unaddressed}


def test_the_carrier_of_a_mode_gets_what_leaves_on_its_lanes(carrier, in_force, cast):
    carrier("lorries", "road")
    carrier("ships", "sea")
    issue = issue_directives(run=in_force, by=cast.analyst, days=3)
    found = carried(issue)
    assert set(found) == {("lorries", "carry:mask@east_west"), ("lorries", "carry:suit@east_west")}
    masks = found["lorries", "carry:mask@east_west"]
    sent = issue.directives.get(key="ship:mask@west/road")
    assert (masks.quantity, masks.days, masks.subjects) == (sent.quantity, sent.days, ["east_west"])
    assert (masks.text, masks.text_zh) == ("Carry mask from East to West by road", "公路承运口罩：东区至西区")


def test_the_carrier_of_a_lane_goes_before_that_of_its_mode(carrier, in_force, cast):
    carrier("lorries", "road")
    carrier("couriers", "air, east_west")
    assert {code for code, _key in carried(issue_directives(run=in_force, by=cast.analyst, days=3))} == {"couriers"}


def test_a_lane_whose_carrier_is_blocked_is_used_as_far_as_was_reported(carrier, in_force, cast):
    lorries = carrier("lorries", "road")
    issue = issue_directives(run=in_force, by=cast.analyst, days=3)
    order = carried(issue)["lorries", "carry:mask@east_west"]
    by = lorries.people.get()
    step(directive=order, name="block", by=by, blocker="transport", share=0.5, until=date(2020, 2, 3), note="No diesel")
    order = Directive.objects.get(pk=order.pk)
    tiny = ms.read(ms.examples.path("tiny"))
    rows = apply_scenario(tiny, changes_of([order], tiny, date(2020, 2, 5))[0])["availability"]
    assert rows.select("subject_kind", "subject", "from", "to", "share").rows() == [
        ("lane", "east_west", date(2020, 2, 1), date(2020, 2, 2), 0.5)
    ]
