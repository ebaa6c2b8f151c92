"""Pages and calls of the ledger: they work, refuse the wrong method, hide from outsiders, refuse who may not write."""

from __future__ import annotations

import httpx
import pytest
from django.core import signals
from django.db import close_old_connections
from django.urls import reverse
from tests.web.api_world import bearer, token
from tests.web.ledger_world import EARLY, MASKS, account, holds, receive, world

from mainstay_client import CallRefusedError, Client
from mainstay_web.ledger import actions
from mainstay_web.ledger.forms import KINDS
from mainstay_web.ledger.models import Lot, Movement
from mainstay_web.wsgi import application

URL = "/api/v1/ledger"
GOODS = {"organisation": "maker", "place": "maker", "item": "mask"}


@pytest.fixture
def stock(cast, places):
    """A maker's masks, some on the way to the hospital, some reserved."""
    world(places)
    receive(places.maker, 100, "A", place="maker", expires=EARLY)
    to = actions.Goods(places.hospital, "hospital", "mask")
    said = {"organisation": places.maker, "place": "maker", "item": "mask", "by": None}
    sent = actions.transfer(**said, quantity=30, to=to)
    held = actions.reserve(**said, quantity=20)
    return {"sent": sent, "held": held}


def at(name: str, *args) -> str:
    return reverse(f"ledger:{name}", args=args)


def every_page() -> list[str]:
    pages = [at(name) for name in ("home", "movements", "waiting", "lots")]
    pages += [at("new", kind) for kind in KINDS]
    pages += [at("account", account("A", "maker").pk), at("lot", Lot.objects.get().pk)]
    return pages + [at("movement", movement.pk) for movement in Movement.objects.all()]


def test_every_page_works_for_who_may_see_all(client, cast, stock):
    client.force_login(cast.analyst)
    for page in every_page():
        assert client.get(page).status_code == 200, page


def test_who_has_no_role_sees_no_page_and_an_outsider_none_of_others(client, cast, stock):
    client.force_login(cast.nobody)
    assert {client.get(page).status_code for page in (at("home"), at("movements"), at("new", "issue"))} == {403}
    client.force_login(cast.outsider)
    assert client.get(at("account", account("A", "maker").pk)).status_code == 404
    assert client.get(at("movement", stock["sent"].pk)).status_code == 404
    assert "mask" not in client.get(at("home")).content.decode().lower().split("<main")[1].split("new/")[0]


def test_who_may_see_and_not_post_is_refused(client, cast, stock):
    client.force_login(cast.reader)
    assert client.get(at("movement", stock["sent"].pk)).status_code == 200
    assert client.get(at("new", "receive")).status_code == 403
    assert client.get(at("lots")).status_code == 403
    for follow in ("arrive", "reverse"):
        assert client.post(at("follow", stock["sent"].pk, follow), {"key": "k"}).status_code == 403
    assert client.post(at("open")).status_code == 403


def test_what_writes_takes_no_get(client, cast, stock):
    client.force_login(cast.analyst)
    for page in (at("follow", stock["sent"].pk, "arrive"), at("open"), at("recall", Lot.objects.get().pk)):
        assert client.get(page).status_code == 405


def test_goods_are_received_by_a_form_that_counts_once_however_often_it_is_sent(client, cast, stock):
    client.force_login(cast.maker)
    key = client.get(at("new", "receive")).context["form"]["key"].value()
    form = {**GOODS, "key": key, "lot": "B", "quantity": "12.5", "source": "production"}
    first, again = (client.post(at("new", "receive"), form) for _ in range(2))
    assert first.status_code == 302
    assert first.url == again.url
    assert holds("B", "maker") == (12.5, 0, 0)


def test_a_form_says_what_does_not_fit_and_writes_nothing(client, cast, stock):
    client.force_login(cast.maker)
    answer = client.post(at("new", "issue"), {**GOODS, "key": "k", "quantity": "999"})
    assert answer.status_code == 422
    assert "999 are asked for and 50 are free" in answer.content.decode()
    elsewhere = {**GOODS, "organisation": "other_maker", "key": "k", "quantity": "1"}
    assert client.post(at("new", "issue"), elsewhere).status_code == 422


def test_the_receiver_counts_what_came_and_the_sender_cannot(client, cast, stock):
    there = at("follow", stock["sent"].pk, "arrive")
    client.force_login(cast.maker)
    assert client.post(there, {"key": "a"}).status_code == 403
    client.force_login(cast.hospital)
    page = client.get(at("movement", stock["sent"].pk)).content.decode()
    assert 'name="lot-A"' in page
    client.post(there, {"key": "a", "lot-A": "28"})
    assert holds("A", "hospital") == (28, 0, 0)


def test_the_list_narrows_exports_and_shows_a_day(client, cast, stock):
    client.force_login(cast.analyst)
    export = b"".join(client.get(at("home") + "?export=csv&q=maker").streaming_content).decode()
    assert len(export.splitlines()) == 2
    assert ",70,50,20,0," in export
    assert "2000-01-01" in client.get(at("home") + "?day=2000-01-01").content.decode()
    assert client.get(at("home") + "?day=2000-01-01").context["listing"].page.paginator.count == 0


def test_a_lot_is_recalled_and_lifted_on_its_page(client, cast, stock):
    client.force_login(cast.head)
    lot = Lot.objects.get()
    for _click in range(2):
        client.post(at("recall", lot.pk), {"act": "recall", "reason": "torn", "key": "k"})
        lot.refresh_from_db()
        assert lot.is_recalled
    assert [recall.reason for recall in lot.recalls.all()] == ["torn"]
    assert "recalled. torn" in client.get(at("lot", lot.pk)).content.decode()
    for said in ({"act": "lift", "reason": "", "key": "l"}, {"act": "lift", "reason": "whole", "key": "k"}):
        client.post(at("recall", lot.pk), said)
        lot.refresh_from_db()
        assert lot.is_recalled
    client.post(at("recall", lot.pk), {"act": "lift", "reason": "whole", "key": "l"})
    lot.refresh_from_db()
    assert not lot.is_recalled


@pytest.fixture
def caller(cast, stock):
    """The client of the interface as a program uses it, on the connection of the test."""
    for end in (signals.request_started, signals.request_finished):
        end.disconnect(close_old_connections)
    text = token(cast.analyst, "ledger.view", "ledger.post", "ledger.count", "ledger.recall")
    yield Client("http://testserver", text, transport=httpx.WSGITransport(app=application), sleep=lambda _s: None)
    for end in (signals.request_started, signals.request_finished):
        end.connect(close_old_connections)


def test_a_program_moves_goods_from_the_maker_to_the_ward(caller, stock):
    ledger = caller.ledger
    came = ledger.receive(**GOODS, quantity=10, lot="P", source="production", key="1")
    assert ledger.receive(**GOODS, quantity=10, lot="P", source="production", key="1").is_new is False
    held = ledger.reserve(**GOODS, quantity=5, lot="P", key="2")
    sent = ledger.post(held.id, to={"organisation": "hospital", "place": "hospital"}, key="3")
    ledger.arrive(sent.id, counted={"P": 4}, key="4")
    ledger.issue(organisation="hospital", place="hospital", item="mask", quantity=1, lot="P", key="5")
    ledger.count(organisation="hospital", place="hospital", item="mask", lot="P", counted=3, key="6")
    assert [entry.quantity for entry in came.entries] == [-10, 10]
    assert [(b.place, b.stock) for b in ledger.balances(lot="P")] == [("maker", 5), ("hospital", 3)]
    assert [(s.place, s.lies) for s in ledger.where(item="mask", lot="P").stops] == [("maker", 5), ("hospital", 3)]
    assert ledger.recall(item="mask", lot="P", reason="torn", key="recall-P").is_recalled
    with pytest.raises(CallRefusedError, match="recalled"):
        ledger.issue(**GOODS, quantity=1, lot="P", key="7")
    ledger.void(stock["held"].pk, key="8")
    other = ledger.transfer(**GOODS, quantity=1, to={"organisation": "hospital", "place": "hospital"}, key="9")
    ledger.reverse(other.id, key="10")
    assert [m.kind for m in ledger.movements()][:2] == ["reverse", "transfer"]


def test_a_program_is_told_what_does_not_fit(client, cast, stock):
    headers = bearer(cast.maker, "ledger.post") | {"Idempotency-Key": "k"}
    answer = client.post(f"{URL}/issues", {**GOODS, "quantity": 51}, content_type="application/json", headers=headers)
    assert (answer.status_code, "50 are free" in answer.json()["detail"]) == (409, True)
    answer = client.post(
        f"{URL}/issues",
        {**GOODS, **MASKS, "organisation": "other_maker", "quantity": 1},
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 404


def test_reservations_and_movements_are_seen_by_who_may(client, cast, stock):
    mine, other = bearer(cast.maker, "ledger.view"), bearer(cast.outsider, "ledger.view")
    assert client.get(f"{URL}/reservations", headers=mine).json()["rows"][0]["id"] == stock["held"].pk
    assert client.get(f"{URL}/movements?item=mask&lot=A", headers=mine).json()["total"] == 3
    assert client.get(f"{URL}/movements", headers=other).json()["total"] == 0
    assert client.get(f"{URL}/movements/{stock['sent'].pk}", headers=other).status_code == 404
    assert client.get(f"{URL}/balances?day=2000-01-01", headers=mine).json()["rows"][0]["stock"] == 0
