"""The ledger does what stock keepers ask, refuses what does not fit, and says why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.conftest import audit_unguarded
from tests.web.ledger_world import EARLY, LATE, MASKS, account, holds, receive, world

from mainstay_web.audit.models import AuditRow
from mainstay_web.ledger import actions, queries
from mainstay_web.ledger.errors import KeyReused, NotEnough, Refused, WrongAsked, WrongQuantity
from mainstay_web.ledger.models import Account, Entry, Lot, Movement, Reservation
from mainstay_web.ledger.trace import trace
from mainstay_web.ledger.verifying import verify
from mainstay_web.planning.cases import current_case
from mainstay_web.registry import actions as registry


@pytest.fixture
def office(places):
    return world(places).east


@pytest.fixture
def hospital(places):
    return actions.Goods(places.hospital, "hospital", "mask")


def issue(organisation, quantity: float, **more):
    return actions.issue(organisation=organisation, **{**MASKS, "quantity": quantity, "by": None, **more})


def reserve(organisation, quantity: float, **more):
    return actions.reserve(organisation=organisation, **{**MASKS, "quantity": quantity, "by": None, **more})


def test_what_expires_first_goes_first(office):
    receive(office, 10, "late", expires=LATE)
    receive(office, 10, "early", expires=EARLY)
    receive(office, 10, "never")
    issue(office, 12)
    assert (holds("early"), holds("late"), holds("never")) == ((0, 0, 0), (8, 0, 0), (10, 0, 0))


def test_a_lot_that_is_named_goes_alone(office):
    receive(office, 10, "A", expires=EARLY)
    receive(office, 10, "B", expires=LATE)
    issue(office, 4, lot="B")
    assert (holds("A"), holds("B")) == ((10, 0, 0), (6, 0, 0))
    with pytest.raises(NotEnough, match=r"lot B of mask at depot 7 are asked for and 6 are free"):
        issue(office, 7, lot="B")


def test_what_has_expired_goes_to_nobody_and_is_written_off_by_its_lot(office):
    receive(office, 10, "old", expires=date(2020, 1, 1))
    with pytest.raises(NotEnough, match="0 are free"):
        issue(office, 1)
    with pytest.raises(Refused, match="expired on 2020-01-01"):
        issue(office, 1, lot="old")
    issue(office, 10, lot="old", use="loss", reason="burnt")
    assert queries.balances(account("old"))["loss"] == 10_000


def test_a_quantity_finer_than_a_thousandth_or_below_zero_is_refused(office):
    for quantity in (0.0001, -1, float("nan"), 1e13):
        with pytest.raises(WrongQuantity):
            receive(office, quantity)
    with pytest.raises(WrongAsked, match="above 0"):
        receive(office, 0)


def test_an_item_or_place_that_is_not_registered_is_named(office):
    with pytest.raises(WrongAsked, match="no gown in its table items"):
        receive(office, 1, item="gown")
    with pytest.raises(WrongAsked, match="no moon in its table places"):
        receive(office, 1, place="moon")


def test_a_lot_has_one_last_day(office):
    receive(office, 1, "A", expires=EARLY)
    with pytest.raises(Refused, match=r"expires on 2100-03-01 as it is known, on 2100-09-01"):
        receive(office, 1, "A", expires=LATE)


def test_the_same_key_counts_once_and_another_request_under_it_is_refused(office):
    first = receive(office, 5, key="k")
    assert receive(office, 5, key="k") == first
    with pytest.raises(KeyReused, match="Use a new key"):
        receive(office, 6, key="k")
    assert holds() == (5, 0, 0)


def test_a_request_that_was_done_is_answered_again_when_nothing_is_left(office):
    receive(office, 5)
    first = issue(office, 5, key="all")
    assert issue(office, 5, key="all") == first


def test_what_is_reserved_is_free_for_nobody_else_until_it_is_given_up(office):
    receive(office, 10)
    held = reserve(office, 8)
    with pytest.raises(NotEnough, match="2 are free"):
        issue(office, 3)
    actions.void(reservation=held, by=None)
    issue(office, 3)
    with pytest.raises(Refused, match="has ended already"):
        actions.post(reservation=held, by=None)


def test_a_reservation_whose_time_is_over_holds_nothing_before_anybody_writes_so(office):
    receive(office, 10)
    held = reserve(office, 8)
    Reservation.objects.update(until=timezone.now())
    with pytest.raises(Refused, match="is over"):
        actions.post(reservation=held, by=None)
    issue(office, 10)
    assert holds() == (0, 0, 0)
    assert held.followers.get().kind == "time_out"
    assert actions.time_out() == 0


def test_posting_less_frees_the_rest(office, hospital):
    receive(office, 10)
    actions.post(reservation=reserve(office, 8), quantity=5, to=hospital, by=None)
    assert (holds(), holds("A", "hospital")) == ((5, 0, 0), (0, 0, 5))
    with pytest.raises(Refused, match="1 are reserved, fewer than 2"):
        actions.post(reservation=reserve(office, 1), quantity=2, by=None)


def test_what_arrives_short_or_over_is_a_difference_and_nothing_is_written_over(office, hospital):
    receive(office, 10)
    sent = actions.transfer(organisation=office, **MASKS, quantity=6, to=hospital, by=None)
    arrived = actions.arrive(shipment=sent, counted={"A": 4.5}, by=None)
    assert holds("A", "hospital") == (4.5, 0, 0)
    assert queries.balances(account("A", "hospital"))["loss"] == 1500
    with pytest.raises(Refused, match="has its Arrival already"):
        actions.arrive(shipment=sent, by=None)
    actions.reverse(movement=arrived, by=None)
    actions.arrive(shipment=sent, by=None)
    assert holds("A", "hospital") == (6, 0, 0)


def test_a_shipment_is_reversed_while_it_is_on_the_way_alone(office, hospital):
    receive(office, 10)
    sent = [actions.transfer(organisation=office, **MASKS, quantity=2, to=hospital, by=None) for _ in range(2)]
    actions.reverse(movement=sent[0], by=None)
    actions.arrive(shipment=sent[1], by=None)
    with pytest.raises(Refused):
        actions.reverse(movement=sent[1], by=None)
    assert (holds(), holds("A", "hospital")) == ((8, 0, 0), (2, 0, 0))


def test_goods_change_their_owner_at_once(office):
    receive(office, 10, owner="reserve")
    to = actions.Goods(office, "depot", "mask", "enterprise")
    actions.transfer(organisation=office, **MASKS, quantity=4, owner="reserve", to=to, is_there=True, by=None)
    assert dict(Account.objects.values_list("owner", "stock")) == {"reserve": 6000, "enterprise": 4000}
    with pytest.raises(WrongAsked, match="there already"):
        actions.transfer(organisation=office, **MASKS, quantity=1, to=to, by=None)


def test_a_count_writes_the_difference_and_asks_to_give_up_reservations_first(office):
    receive(office, 10)
    held = reserve(office, 6)
    with pytest.raises(Refused, match=rf"5 were counted and 6 are reserved.*{held.pk}"):
        actions.count(organisation=office, **MASKS, lot="A", counted=5, by=None)
    actions.count(organisation=office, **MASKS, lot="A", counted=9, by=None)
    assert holds() == (3, 6, 0)
    assert queries.balances(account())["loss"] == 1000


def test_a_receipt_whose_goods_are_gone_cannot_be_reversed(office):
    came = receive(office, 10)
    used = issue(office, 4)
    with pytest.raises(Refused, match="had 6"):
        actions.reverse(movement=came, by=None)
    actions.reverse(movement=used, by=None)
    actions.reverse(movement=came, by=None)
    assert holds() == (0, 0, 0)
    with pytest.raises(Refused, match="has its Reversal already"):
        actions.reverse(movement=came, by=None)


def test_an_act_of_a_day_before_may_not_take_what_was_not_there_then(office):
    today = timezone.localdate()
    receive(office, 5, day=today - timedelta(3))
    receive(office, 5)
    with pytest.raises(Refused, match="had 5 since"):
        issue(office, 6, day=today - timedelta(1))
    issue(office, 5, day=today - timedelta(1))
    assert queries.balances(account(), day=today - timedelta(2))["stock"] == 5000
    assert queries.balances(account(), day=today - timedelta(1))["stock"] == 0
    with pytest.raises(WrongAsked, match="yet to come"):
        receive(office, 1, day=today + timedelta(1))


def test_a_recalled_lot_goes_to_nobody_and_every_place_it_went_to_is_known(office, hospital, places):
    receive(office, 10, expires=EARLY)
    sent = actions.transfer(organisation=office, **MASKS, quantity=6, to=hospital, by=None)
    actions.arrive(shipment=sent, counted={"A": 5}, by=None)
    actions.issue(organisation=places.hospital, place="hospital", item="mask", quantity=2, by=None)
    other = actions.Goods(places.other_hospital, "other_hospital", "mask")
    actions.transfer(organisation=places.hospital, place="hospital", item="mask", quantity=1, to=other, by=None)

    lot = actions.recall(lot=Lot.objects.get(code="A"), by=None, reason="torn")

    stops = [(s.account.place, s.step, s.came, s.sent, s.used, s.lost, s.lies, s.coming) for s in trace(lot)]
    assert stops == [
        ("depot", 0, 10_000, 6000, 0, 0, 4000, 0),
        ("hospital", 1, 6000, 1000, 2000, -1000, 2000, 0),
        ("other_hospital", 2, 1000, 0, 0, 0, 0, 1000),
    ]
    with pytest.raises(Refused, match="recalled"):
        issue(office, 1, lot="A")
    with pytest.raises(NotEnough):
        reserve(office, 1)
    assert AuditRow.objects.filter(action="ledger.recall").count() == 3
    actions.lift_recall(lot=lot, by=None, reason="tested")
    issue(office, 1)


def test_an_account_that_is_opened_after_the_recall_is_recalled_too(office, places):
    receive(office, 1)
    actions.recall(lot=Lot.objects.get(code="A"), by=None, reason="torn")
    receive(places.hospital, 1, place="hospital", owner="facility")
    assert account("A", "hospital").is_recalled


@pytest.mark.parametrize(
    ("who", "acts"),
    [("maker", "receive"), ("reader", ""), ("head", "recall"), ("outsider", ""), ("analyst", "receive count recall")],
)
def test_each_does_what_their_role_allows_where_it_holds(cast, places, who, acts):
    world(places)
    receive(places.maker, 5, place="maker")
    person = getattr(cast, who)
    tried = {
        "receive": lambda: receive(places.maker, 1, place="maker", by=person),
        "recall": lambda: actions.recall(lot=Lot.objects.get(), by=person, reason="torn"),
    }
    if who != "maker":
        tried["count"] = lambda: actions.count(
            organisation=places.maker, place="maker", item="mask", lot="A", counted=5, by=person
        )
    for name, act in tried.items():
        if name in acts:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize("table", [Movement, Entry])
def test_nobody_changes_or_deletes_a_row_of_the_ledger(office, table):
    row = receive(office, 1) if table is Movement else receive(office, 1).entries.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    name = table._meta.db_table
    for statement in (f"UPDATE {name} SET id = id + 1000", f"DELETE FROM {name}"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_keeps_a_balance_from_going_below_zero(office):
    receive(office, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.update(stock=-1)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE ledger_entry SET quantity = quantity * 2", "it was changed"),
        ("UPDATE ledger_movement SET reason = 'another'", "it was changed"),
        ("DELETE FROM ledger_entry WHERE movement_id = (SELECT max(id) FROM ledger_movement)", "it was changed"),
        ("UPDATE ledger_account SET stock = stock + 1", "is not the sum"),
    ],
)
def test_a_change_from_below_shows(office, change, found):
    receive(office, 1)
    receive(office, 2)
    assert list(verify()) == []
    with audit_unguarded(), connection.cursor() as cursor:
        cursor.execute(change)
    assert any(found in line for line in verify())


def test_stocks_of_the_register_are_opened_once_and_the_plan_reads_the_ledger(places):
    world(places)
    registry.change_settings(settings={"title": "t", "start": "2020-02-01"}, organisation=places.country, by=None)
    rows = [
        {"place": "hospital", "item": "mask", "lot": "R", "owner": "facility", "quantity": "2", "unit": "thousand"},
        {"place": "depot", "item": "suit", "quantity": "7", "expires": "2100-01-01"},
    ]
    registry.put_rows(table="stocks", rows=rows, organisation=places.country, by=None)

    assert len(actions.open_stocks(organisation=places.country, by=None)) == 2
    assert actions.open_stocks(organisation=places.country, by=None) == []
    assert account("R", "hospital").organisation == places.hospital
    assert holds("R", "hospital") == (2000, 0, 0)
    actions.issue(organisation=places.hospital, place="hospital", item="mask", quantity=500, by=None)

    stocks = current_case()["stocks"].select("place", "item", "owner", "lot", "quantity", "unit").rows()
    assert stocks == [
        ("depot", "suit", "enterprise", "until-2100-01-01", 7.0, None),
        ("hospital", "mask", "facility", "R", 1500.0, None),
    ]


def test_what_the_ledger_does_not_keep_is_planned_on_as_it_is_registered(places):
    world(places)
    registry.change_settings(settings={"title": "t", "start": "2020-02-01"}, organisation=places.country, by=None)
    rows = [{"place": "depot", "item": "suit", "lot": "S", "quantity": "7"}]
    registry.put_rows(table="stocks", rows=rows, organisation=places.country, by=None)
    receive(places.east, 3)
    assert sorted(current_case()["stocks"].select("item", "quantity").rows()) == [("mask", 3.0), ("suit", 7.0)]


ENDS = {
    "open": lambda held: None,
    "posted": lambda held: actions.post(reservation=held, by=None),
    "given up": lambda held: actions.void(reservation=held, by=None),
    "over": lambda held: Reservation.objects.update(until=timezone.now()),
    "timed out": lambda held: (Reservation.objects.update(until=timezone.now()), actions.time_out()),
    "no reservation": lambda held: None,
}
"""How a reservation came into each of its states."""


@pytest.mark.parametrize("state", ENDS)
@pytest.mark.parametrize("act", [actions.post, actions.void])
def test_a_reservation_ends_once_by_who_may_and_each_end_is_a_movement(office, cast, state, act):
    received = receive(office, 10)
    held = reserve(office, 8)
    ENDS[state](held)
    before = Movement.objects.count(), holds()
    with pytest.raises(PermissionDenied):
        act(reservation=held, by=cast.outsider)
    assert (Movement.objects.count(), holds()) == before
    may = state == "open" or (state == "over" and act is actions.void)
    if may:
        ended = act(reservation=held, by=cast.east_analyst)
        assert (ended.of, ended.by, ended.kind) == (held, cast.east_analyst, act.__name__)
        assert holds() == ((2, 0, 0) if act is actions.post else (10, 0, 0))
        assert not Reservation.objects.get().is_open
    else:
        with pytest.raises(Refused):
            act(reservation=received if state == "no reservation" else held, by=None)
        assert (Movement.objects.count(), holds()) == before
    assert list(verify()) == []
