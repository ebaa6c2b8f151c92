"""Confirmations by lot: what leaves, arrives and is made moves in the ledger and in the directive at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from tests.web.lots_world import EARLY, again, holds, shipment, stock

from mainstay_web.audit.models import AuditRow
from mainstay_web.directives import lots
from mainstay_web.directives.actions import book, send_out, step, take_in
from mainstay_web.directives.models import State
from mainstay_web.ledger import actions as ledger
from mainstay_web.ledger.errors import KeyReused, NotEnough, Refused
from mainstay_web.ledger.models import Movement


def test_a_departure_moves_the_stock_and_the_directive_at_once(kept, keeper):
    movement = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40, "B": 4})
    assert (holds("A", "east"), holds("A", "west", "facility")) == ((0, 0), (0, 40))
    ship = again(kept.ship)
    assert (ship.state, ship.done, lots.done_by_lot(ship)) == (State.UNDER_WAY, 44, 44)
    assert movement.reference == f"directives.directive:{ship.pk}"
    assert list(ship.changes.values_list("step", flat=True)) == ["issue", "accept", "report"]
    assert AuditRow.objects.filter(action="directives.report").first().detail["given"]["movement"] == movement.pk


def test_without_lots_what_expires_first_leaves_first(kept, keeper):
    send_out(directive=kept.ship, by=keeper, key="1", quantity=44)
    assert (holds("A", "east"), holds("B", "east")) == ((0, 0), (16, 0))


def test_what_is_due_by_today_is_proposed_first_expired_first_out(kept):
    (held,) = lots.held(kept.ship)
    assert [(lot.lot, lot.free, lot.proposed) for lot in held.lots] == [("A", 40, 40), ("B", 20, 4)]


def test_what_expired_or_is_recalled_is_not_proposed(kept, places, cast):
    ledger.recall(lot=lots.accounts_of(kept.ship).get(lot__code="A").lot, by=cast.analyst, reason="It tears")
    (held,) = lots.held(kept.ship)
    assert [(lot.lot, lot.proposed) for lot in held.lots] == [("B", 20)]


def test_a_release_takes_out_of_the_reserve_into_distribution(kept, keeper):
    send_out(directive=kept.release, by=keeper, key="1", lots={"S": kept.release.quantity})
    left = 20 - kept.release.quantity
    assert holds("S", "east", "reserve", "suit") == (left, 0)
    assert holds("S", "east", "enterprise", "suit") == (kept.release.quantity, 0)
    assert again(kept.release).state == State.DONE


def test_the_hospital_takes_in_by_lot_and_the_shortfall_is_seen_at_both_ends(kept, keeper, cast):
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40, "B": 4})
    (sent,) = lots.coming(kept.arrive)
    take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1", counted={"A": 37}, note="One box is torn")
    arrive = again(kept.arrive)
    assert (arrive.done, arrive.state, lots.coming(arrive)) == (41, State.UNDER_WAY, [])
    for directive in (kept.ship, arrive):
        (moved,) = lots.moved(directive)
        assert [(lot.lot, lot.sent, lot.came, lot.difference) for lot in moved.lots] == [
            ("A", 40, 37, -3),
            ("B", 4, 4, 0),
        ]
    assert again(kept.ship).done == 44, "what was sent stays as it was written"
    assert arrive.changes.last().note == "One box is torn"


def test_what_a_maker_made_is_booked_as_a_lot_with_its_last_day(kept, cast):
    book(directive=kept.make, by=cast.maker, key="1", quantity=80, lot="M7", expires=EARLY)
    made = lots.accounts_of(kept.make).get(lot__code="M7")
    assert (made.organisation, made.stock, made.lot.expires) == (kept.make.addressee, 80_000, EARLY)
    assert again(kept.make).done == 80


def test_goods_that_no_movement_sent_are_taken_in_as_a_receipt(kept, cast):
    book(directive=kept.arrive, by=cast.hospital, key="1", quantity=5, lot="X")
    assert (holds("X", "west", "facility"), again(kept.arrive).done) == ((5, 0), 5)


def test_goods_of_who_lies_under_the_addressee_go_out_by_its_directive(kept, keeper, places):
    stock(places.maker, {"M": 30})
    assert {held.organisation for held in lots.held(kept.ship)} == {places.east, places.maker}
    send_out(directive=kept.ship, by=keeper, key="1", lots={"M": 30}, holder=places.maker)
    assert again(kept.ship).done == 30


def test_the_whole_quantity_ends_the_directive(kept, keeper):
    stock(kept.ship.addressee, {"C": 500})
    send_out(directive=kept.ship, by=keeper, key="1", quantity=kept.ship.quantity)
    assert again(kept.ship).state == State.DONE
    with pytest.raises(ValidationError, match="is not possible: the state is “Done”"):
        send_out(directive=kept.ship, by=keeper, key="2", quantity=1)
    assert Movement.objects.filter(kind="transfer").count() == 1, "the movement is undone with its step"


def test_what_the_ledger_refuses_leaves_the_directive_as_it_was(kept, keeper):
    with pytest.raises(NotEnough):
        send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 41})
    assert (again(kept.ship).state, kept.ship.changes.count()) == (State.ISSUED, 1)


def test_the_same_confirmation_of_two_people_is_booked_once(kept, keeper, cast):
    first = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    assert send_out(directive=kept.ship, by=None, key="1", lots={"A": 40}) == first
    with pytest.raises(KeyReused):
        send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 39})
    assert (again(kept.ship).done, again(kept.ship).changes.count()) == (40, 3)


def test_a_shipment_is_taken_in_once(kept, keeper, cast):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    first = take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1")
    assert take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1") == first
    with pytest.raises(Refused, match="has its Arrival already"):
        take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="2")
    assert again(kept.arrive).done == 40


def test_a_reversal_counts_the_directive_anew_and_shows(kept, keeper, places):
    stock(places.east, {"C": 500})
    movement = send_out(directive=kept.ship, by=keeper, key="1", quantity=kept.ship.quantity)
    ledger.reverse(movement=movement, by=keeper, reason="The lorry came back")
    ship = again(kept.ship)
    assert (ship.state, ship.done) == (State.UNDER_WAY, 0)
    assert (ship.changes.last().step, ship.changes.last().note) == ("reopen", "The lorry came back")
    (moved,) = lots.moved(ship)
    assert moved.undone.reason == "The lorry came back"


def test_an_arrival_that_is_reversed_is_on_the_way_again(kept, keeper, cast):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    arrival = take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1", counted={"A": 1})
    ledger.reverse(movement=arrival, by=cast.hospital, reason="Miscounted")
    assert (again(kept.arrive).done, lots.coming(kept.arrive)) == (0, [sent])
    take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="2")
    assert again(kept.arrive).done == 40


def test_what_the_ledger_page_takes_in_counts_for_the_directive_that_waits_for_it(kept, keeper, cast):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    ledger.arrive(shipment=sent, by=cast.hospital)
    assert (again(kept.arrive).done, again(kept.arrive).state) == (40, State.UNDER_WAY)


def test_goods_that_are_kept_by_lot_are_not_reported_as_a_bare_number(kept, keeper):
    step(directive=kept.ship, name="accept", by=keeper)
    with pytest.raises(ValidationError, match="Confirm what moved by lot"):
        step(directive=kept.ship, name="report", by=keeper, done=10)
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    with pytest.raises(ValidationError, match="says that 40 is done"):
        step(directive=kept.ship, name="finish", by=keeper, done=68, note="All")
    assert step(directive=kept.ship, name="finish", by=keeper, done=40, note="The rest is not needed")


def test_where_the_ledger_keeps_nothing_a_number_is_told_until_it_is_confirmed_by_lot(kept, cast):
    assert not lots.is_by_lot(kept.make)
    step(directive=kept.make, name="accept", by=cast.maker)
    step(directive=kept.make, name="report", by=cast.maker, done=80)
    with pytest.raises(ValidationError, match="40 is less than the 80 reported before"):
        book(directive=kept.make, by=cast.maker, key="1", quantity=40, lot="M7")
    book(directive=kept.make, by=cast.maker, key="1", quantity=40, lot="M7", note="Only 40 were packed")
    assert again(kept.make).done == 40
    with pytest.raises(ValidationError, match="says that 40 is done"):
        step(directive=kept.make, name="report", by=cast.maker, done=90)


def test_who_is_blocked_and_moves_goods_goes_on(kept, keeper):
    step(directive=kept.ship, name="block", by=keeper, blocker="transport", share=0.5, note="One lorry of two")
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 20})
    assert list(again(kept.ship).changes.values_list("step", flat=True)) == ["issue", "block", "resume", "report"]


def test_who_objects_takes_nothing_in_until_it_is_answered(kept, keeper, cast):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    step(directive=kept.arrive, name="object", by=cast.hospital, note="We need 60")
    with pytest.raises(ValidationError, match="the state is “Objected to”"):
        take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1")
    assert holds("A", "west", "facility") == (0, 40)
    step(directive=kept.arrive, name="uphold", by=cast.head, note="East is shorter")
    assert take_in(directive=kept.arrive, shipment=sent, by=cast.hospital, key="1")


@pytest.mark.parametrize("who", ["outsider", "analyst", "head", "hospital", "nobody"])
def test_who_does_not_carry_the_directive_out_confirms_nothing(kept, cast, who):
    with pytest.raises(PermissionDenied):
        send_out(directive=kept.ship, by=getattr(cast, who), key="1", lots={"A": 1})
    assert again(kept.ship).done == 0


def test_a_person_who_may_not_post_stock_confirms_nothing(kept, keeper, roles):
    roles["warehouse"].actions.remove("ledger.post")
    roles["warehouse"].save()
    with pytest.raises(PermissionDenied):
        send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 1})


def test_a_movement_that_only_names_a_directive_does_not_count_for_it(kept, places):
    said = {"place": "west", "item": "mask", "quantity": 9, "reference": lots.reference(kept.ship), "by": None}
    ledger.receive(organisation=places.other_hospital, **said)
    assert again(kept.ship).done == 0


@pytest.mark.parametrize("wrong", ["make", "arrive"])
def test_each_kind_is_confirmed_in_its_own_way(kept, wrong):
    with pytest.raises(ValidationError, match="Release from the reserve, Ship"):
        send_out(directive=getattr(kept, wrong), by=None, key="1", quantity=1)


def test_a_shipment_of_another_way_is_not_taken_in(kept, places):
    stock(places.other_maker, {"Z": 5}, place="west")
    to = ledger.Goods(places.hospital, "west", "mask")
    sent = ledger.transfer(
        organisation=places.other_maker, place="west", item="mask", owner="enterprise", quantity=5, to=to, by=None
    )
    with pytest.raises(ValidationError, match="sent nothing that this directive waits for"):
        take_in(directive=kept.arrive, shipment=sent, by=None, key="1")


def test_the_newest_movement_is_shown_first(kept, keeper):
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 1})
    send_out(directive=kept.ship, by=keeper, key="2", lots={"B": 2})
    assert next(moved.movement for moved in lots.moved(kept.ship)) == shipment(kept.ship)


def test_a_departure_that_many_confirm_at_once_is_booked_once(transactional_db, kept, keeper):
    def confirm(number: int):
        try:
            return send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 10 + number % 2}).pk
        except KeyReused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        booked = list(people.map(confirm, range(16)))
    assert (len({pk for pk in booked if pk}), booked.count(None)) == (1, 8)
    assert again(kept.ship).done == 40 - holds("A", "east")[0]
    assert again(kept.ship).changes.filter(step="report").count() == 1
