"""Confirmations by lot through the interface and its client."""

from __future__ import annotations

import httpx
import pytest
from django.core import signals
from django.db import close_old_connections
from tests.web.api_world import bearer, token
from tests.web.lots_world import EARLY, again, holds

from mainstay_client import CallRefusedError, Client
from mainstay_web.wsgi import application

SCOPES = ("directives.own", "ledger.post")


def post(client, who, path, key="k", scopes=SCOPES, **said):
    headers = bearer(who, *scopes) | {"Idempotency-Key": key}
    return client.post(f"/api/v1/directives/{path}", said, content_type="application/json", headers=headers)


@pytest.fixture
def program():
    """Makes the client of a person, on the connection of the test."""
    for end in (signals.request_started, signals.request_finished):
        end.disconnect(close_old_connections)

    def of(person):
        transport = httpx.WSGITransport(app=application)
        return Client("http://testserver", token(person, *SCOPES), transport=transport, sleep=lambda _s: None)

    yield of
    for end in (signals.request_started, signals.request_finished):
        end.connect(close_old_connections)


def test_a_depot_sends_out_and_a_hospital_takes_in_by_lot(kept, keeper, cast, program):
    depot, hospital = program(keeper), program(cast.hospital)
    said = depot.lots.of(kept.ship.pk)
    assert (said.is_by_lot, said.next_key) == (True, "confirmation-0")
    proposed = {lot.lot: lot.proposed for lot in said.held[0].lots}
    sent = depot.lots.send_out(kept.ship.pk, lots=proposed, key=said.next_key)
    (coming,) = hospital.lots.of(kept.arrive.pk).coming
    assert (coming.shipment, coming.lots) == (sent.id, {"A": 40, "B": 4})
    hospital.lots.take_in(kept.arrive.pk, coming.shipment, counted={"A": 37}, key="monday")
    (moved,) = depot.lots.of(kept.ship.pk).moved
    assert [(lot.lot, lot.difference) for lot in moved.lots] == [("A", -3), ("B", 0)]
    assert hospital.directive(kept.arrive.pk).done == 41


def test_a_maker_books_a_lot_once_under_its_key(kept, cast, program):
    maker = program(cast.maker)
    first, again_ = (
        maker.lots.book(kept.make.pk, quantity=80, lot="M7", expires=EARLY, key="monday") for _call in range(2)
    )
    assert (first.id, first.is_new, again_.id, again_.is_new) == (again_.id, True, first.id, False)
    with pytest.raises(CallRefusedError, match="was used at"):
        maker.lots.book(kept.make.pk, quantity=81, lot="M7", key="monday")
    assert again(kept.make).done == 80


def test_a_quantity_leaves_by_what_expires_first(client, kept, keeper):
    assert post(client, keeper, f"{kept.ship.pk}/departures", quantity=44).status_code == 201
    assert (holds("A", "east"), holds("B", "east")) == ((0, 0), (16, 0))


def test_what_the_stock_does_not_have_is_409(client, kept, keeper):
    answer = post(client, keeper, f"{kept.ship.pk}/departures", lots={"A": 41})
    assert (answer.status_code, "40 are free" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize("scopes", [("directives.own",), ("ledger.post",)])
def test_a_token_needs_both_scopes(client, kept, keeper, scopes):
    assert post(client, keeper, f"{kept.ship.pk}/departures", scopes=scopes, quantity=1).status_code == 403


@pytest.mark.parametrize(
    ("said", "status"),
    [({}, 422), ({"quantity": 1, "lots": {"A": 1}}, 422), ({"quantity": 1, "organisation": "west"}, 404)],
)
def test_what_is_not_said_rightly_is_refused(client, kept, keeper, said, status):
    assert post(client, keeper, f"{kept.ship.pk}/departures", **said).status_code == status


def test_what_is_not_of_ones_own_is_404(client, kept, cast):
    for path in ("departures", "receipts"):
        assert post(client, cast.outsider, f"{kept.ship.pk}/{path}", quantity=1).status_code == 404
    assert post(client, cast.hospital, f"{kept.arrive.pk}/arrivals", shipment=10**9).status_code == 404
