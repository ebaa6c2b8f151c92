"""Who is answered what by each operation of the interface, on things that are there."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.web.api_world import bearer, person_of_all, whole
from tests.web.good_calls import CALLS


def answered(client, headers, things) -> list[str]:
    """What each good call is answered with this token; each is taken back."""
    found = []
    for call in CALLS:
        before = transaction.savepoint()
        found.append(f"{call.method} {call.path} {call.send(client, headers, things).status_code}")
        transaction.savepoint_rollback(before)
    return found


@pytest.mark.parametrize("who", ["reader", "outsider"])
def test_a_reader_changes_nothing_and_an_outsider_reaches_nothing_of_others(client, cast, things, settings, who):
    settings.API_CALLS = 1_000_000
    expected = [f"{call.method} {call.path} {getattr(call, who)}" for call in CALLS]
    assert answered(client, whole(getattr(cast, who)), things) == expected


def test_with_every_right_and_scope_each_good_call_is_taken(client, things, places, settings):
    settings.API_CALLS = 1_000_000
    headers = whole(person_of_all(places.country))
    assert [each for each in answered(client, headers, things) if each[-3:] not in ("200", "201", "202")] == []


def test_the_right_alone_without_its_scope_opens_nothing(client, things, places, settings):
    """A token for the one scope that no operation asks for."""
    settings.API_CALLS = 1_000_000
    headers = bearer(person_of_all(places.country), "questionnaires.edit")
    open_to_all = {f"get {path} 200" for path in ("/organisations", "/items", "/places")}
    assert {each for each in answered(client, headers, things) if each[-3:] != "403"} <= open_to_all
