"""Goods on the way in the ledger reach the case of the plan, from the day on which they should be there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.web.lots_world import stock

from mainstay.network.kinds.stock import opening_lots
from mainstay_web.directives.actions import send_out, take_in
from mainstay_web.ledger import actions as ledger
from mainstay_web.planning.cases import current_case
from mainstay_web.registry import actions as registry
from mainstay_web.registry import queries

TODAY = date(2020, 2, 1)
"""The plan is of days long past, and its first day is today."""


@pytest.fixture
def planned(kept, places):
    """The orders by lot, on a register with the settings of the case."""
    settings = {"title": "t", "start": "2020-02-01", "horizon": "5x1", "scenario": "base"}
    registry.change_settings(settings=settings, organisation=places.country, by=None)
    return kept


def coming() -> list[tuple]:
    rows = current_case()["stocks"]
    return rows.filter(rows["arrives"].is_not_null()).select("place", "item", "owner", "quantity", "arrives").rows()


def test_what_was_shipped_is_counted_from_its_arrival_by_the_lane_of_its_directive(planned, keeper):
    sent = send_out(directive=planned.ship, by=keeper, key="1", lots={"A": 40})
    assert coming() == [("west", "mask", "facility", 40, TODAY + timedelta(1))]
    (row,) = current_case()["stocks"].filter(source=f"ledger: movement {sent.pk}").to_dicts()
    assert row["lot"] == f"A-on-the-way-{sent.pk}"
    lots = opening_lots(current_case())
    assert lots.filter(place="west")["day"].to_list() == [1], "the plan may use it on the next day"


def test_what_has_come_is_stock_and_no_more_on_the_way(planned, keeper, cast):
    sent = send_out(directive=planned.ship, by=keeper, key="1", lots={"A": 40})
    take_in(directive=planned.arrive, shipment=sent, by=cast.hospital, key="1", counted={"A": 38})
    assert coming() == []
    assert current_case()["stocks"].filter(place="west")["quantity"].to_list() == [38]


def test_what_should_be_there_already_is_counted_from_today(planned, places):
    to = ledger.Goods(places.hospital, "west", "mask")
    said = {"organisation": places.east, "place": "east", "item": "mask", "owner": "enterprise", "by": None}
    old = timezone.localdate() - timedelta(9)
    stock(places.east, {"Q": 5}, day=old)
    ledger.transfer(**said, lot="Q", quantity=5, to=to, day=old)
    assert coming() == [("west", "mask", "facility", 5, TODAY)]


def test_what_goes_where_no_lane_leads_is_counted_nowhere_until_it_arrives(planned, places):
    stock(places.hospital, {"W": 5}, place="west")
    to = ledger.Goods(places.east, "east", "mask")
    said = {"organisation": places.hospital, "place": "west", "item": "mask", "owner": "enterprise", "by": None}
    ledger.transfer(**said, lot="W", quantity=5, to=to)
    assert coming() == []


def test_goods_on_the_way_leave_what_is_registered_of_the_place_as_it_is(planned, keeper, places):
    row = {"place": "west", "item": "mask", "owner": "facility", "lot": "R", "quantity": 9}
    registry.put_rows(table="stocks", rows=[row], organisation=places.country, by=None)
    send_out(directive=planned.ship, by=keeper, key="1", lots={"A": 40})
    there = current_case()["stocks"].filter(place="west")
    assert sorted(there["quantity"]) == [9, 40]
    assert len(ledger.open_stocks(organisation=places.country, by=None)) == 1
    assert queries.rows("stocks").count() == 1
