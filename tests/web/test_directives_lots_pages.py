"""The pages of confirmations by lot: what they show and propose, and whom they refuse."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.web.lots_world import again, holds, shipment

from mainstay_web.directives.actions import send_out, step
from mainstay_web.ledger.models import Movement


def get(client, who, directive):
    client.force_login(who)
    return client.get(directive.get_absolute_url())


def post(client, who, directive, way, **data):
    client.force_login(who)
    return client.post(reverse("directives:confirm", args=[directive.pk, way]), data)


def text(answer) -> str:
    return answer.content.decode()


def departure(directive, **lots):
    return {"holder": "east", "key": "confirmation-0", "note": ""} | {f"lot-{code}": q for code, q in lots.items()}


def test_the_page_proposes_what_is_due_first_expired_first_out(client, kept, keeper):
    shown = text(get(client, keeper, kept.ship))
    assert "Lot A, expires on 2100-03-01, 40 free" in shown
    assert 'name="lot-A" value="40"' in shown
    assert 'name="lot-B" value="4"' in shown


def test_a_departure_is_confirmed_with_other_quantities(client, kept, keeper):
    answer = post(client, keeper, kept.ship, "send-out", **departure(kept.ship, A="30", B="10"))
    assert answer.url == f"{kept.ship.get_absolute_url()}#lots"
    assert (holds("A", "east")[0], holds("B", "east")[0], again(kept.ship).done) == (10, 10, 40)


def test_the_same_form_of_two_people_or_two_clicks_counts_once(client, kept, keeper):
    for _click in range(2):
        assert post(client, keeper, kept.ship, "send-out", **departure(kept.ship, A="30")).status_code == 302
    answer = post(client, keeper, kept.ship, "send-out", **departure(kept.ship, A="31"))
    assert answer.status_code == 422
    assert "was used at" in text(answer)
    assert again(kept.ship).done == 30


@pytest.mark.parametrize(
    ("said", "why"),
    [({"A": "41"}, "41 are asked for and 40 are free"), ({"A": "x"}, "Enter a number"), ({}, "Nothing is asked for")],
)
def test_what_is_refused_shows_what_to_mend_and_what_was_said(client, kept, keeper, said, why):
    answer = post(client, keeper, kept.ship, "send-out", **departure(kept.ship, **said))
    assert answer.status_code == 422
    assert why in text(answer)
    assert not Movement.objects.filter(kind="transfer").exists()


def test_a_hospital_sees_what_comes_and_takes_it_in_by_lot(client, kept, keeper, cast):
    assert "Nothing is on the way here now." in text(get(client, cast.hospital, kept.arrive))
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    shown = text(get(client, cast.hospital, kept.arrive))
    assert "Counted of lot A, of 40 sent" in shown
    today = text(client.get(reverse("directives:today"), {"organisation": "hospital"}))
    assert "<dt>On the way here</dt><dd>40 " in today
    key = f"arrival-{sent.pk}-0"
    assert f'value="{key}"' in shown
    answer = post(client, cast.hospital, kept.arrive, "take-in", shipment=sent.pk, key=key, **{"lot-A": "37"}, note="")
    assert "differs" in text(client.get(answer.url))
    assert "differs" in text(get(client, keeper, kept.ship))


def test_a_lot_that_was_not_counted_is_asked_for(client, kept, keeper, cast):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    answer = post(client, cast.hospital, kept.arrive, "take-in", shipment=sent.pk, key="k", note="")
    assert (answer.status_code, again(kept.arrive).done) == (422, 0)


def test_a_maker_books_a_lot_and_reads_that_further_ones_are_by_lot(client, kept, cast):
    assert "Once a lot is booked, all further ones are." in text(get(client, cast.maker, kept.make))
    said = {"key": "confirmation-0", "quantity": "80", "lot": "M7", "expires": "2100-03-01", "note": ""}
    assert post(client, cast.maker, kept.make, "book", **said).status_code == 302
    assert "nothing is told as a bare number" in text(get(client, cast.maker, kept.make))


def test_by_lot_the_page_offers_no_bare_number_and_today_leads_to_the_lots(client, kept, keeper):
    step(directive=kept.ship, name="accept", by=keeper)
    shown = text(get(client, keeper, kept.ship))
    assert reverse("directives:step", args=[kept.ship.pk, "report"]) not in shown
    assert '<input type="hidden" name="done" value="0.0"' in shown
    today = text(client.get(reverse("directives:today"), {"organisation": "east"}))
    assert f"{kept.ship.get_absolute_url()}#lots" in today
    assert reverse("directives:step", args=[kept.ship.pk, "report"]) not in today


def test_an_order_that_ends_with_less_says_so_by_lot(client, kept, keeper):
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    client.force_login(keeper)
    finish = reverse("directives:step", args=[kept.ship.pk, "finish"])
    assert client.post(finish, {"done": "40.0", "note": "The rest is not needed"}).status_code == 302
    assert (again(kept.ship).state, again(kept.ship).done) == ("done", 40)


def test_a_reversal_is_shown(client, kept, keeper):
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    client.force_login(keeper)
    client.post(reverse("ledger:follow", args=[sent.pk, "reverse"]), {"key": "r", "reason": "The lorry came back"})
    shown = text(get(client, keeper, kept.ship))
    assert "reversed" in shown
    assert "Counted anew: a movement was reversed" in shown
    assert "The lorry came back" in shown


def test_an_office_sees_what_moved_and_confirms_nothing(client, kept, keeper, cast):
    send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    shown = text(get(client, cast.analyst, kept.arrive))
    assert "On the way here" in shown
    assert "take-in" not in shown
    assert post(client, cast.analyst, kept.ship, "send-out", **departure(kept.ship, A="1")).status_code == 403


@pytest.mark.parametrize("who", ["outsider", "hospital"])
def test_who_may_not_see_the_directive_finds_none(client, kept, cast, who):
    assert post(client, getattr(cast, who), kept.ship, "send-out", key="k").status_code == 404


@pytest.mark.parametrize(
    ("way", "data"),
    [("fly", {}), ("send-out", {"holder": "nobody"}), ("take-in", {"shipment": "x"}), ("take-in", {"shipment": "1"})],
)
def test_a_way_a_holder_or_a_shipment_that_is_not_there_is_404(client, kept, keeper, way, data):
    assert post(client, keeper, kept.ship, way, key="k", **data).status_code == 404


def test_goods_of_another_house_do_not_go_out(client, kept, keeper):
    answer = post(client, keeper, kept.ship, "send-out", holder="west", key="k", **{"lot-A": "1"})
    assert answer.status_code == 422
    assert "do not go out by this directive" in text(answer)
    with pytest.raises(Movement.DoesNotExist):
        shipment(kept.ship)


def test_an_arrival_that_the_directive_is_against_is_refused_on_the_page_of_the_ledger_with_why(
    client, kept, keeper, cast
):
    step(directive=kept.arrive, name="accept", by=cast.hospital)
    step(directive=kept.arrive, name="report", by=cast.hospital, done=60)
    sent = send_out(directive=kept.ship, by=keeper, key="1", lots={"A": 40})
    client.force_login(cast.hospital)
    there = reverse("ledger:follow", args=[sent.pk, "arrive"])
    answer = client.post(there, {"key": "a"}, follow=True)
    assert "40 is less than the 60 reported before" in text(answer)
    assert not Movement.objects.filter(kind="arrive").exists()
    client.post(there, {"key": "b", "reason": "20 were counted twice"})
    assert again(kept.arrive).done == 40
