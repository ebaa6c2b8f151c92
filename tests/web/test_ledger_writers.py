"""Many writers at once: one lot is never oversold, nothing acknowledged is lost, and no two wait in a ring."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from tests.web.ledger_world import MASKS, account, holds, receive, world

from mainstay_web.accounts.actions import add_organisation
from mainstay_web.accounts.models import Organisation
from mainstay_web.jobs.chores import do_chores
from mainstay_web.ledger import actions
from mainstay_web.ledger.errors import NotEnough
from mainstay_web.ledger.models import Entry, Reservation
from mainstay_web.ledger.verifying import verify

WRITERS = 32
ISSUES = 192


@pytest.fixture
def office(transactional_db) -> Organisation:
    office = add_organisation(code="country", name="Country", kind="country", by=None)
    world(SimpleNamespace(country=office))
    return office


def together(act, number: int) -> list:
    """Do it so many times by 32 writers, each on a connection of its own."""

    def once(n: int):
        try:
            return act(n)
        except NotEnough:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as writers:
        return list(writers.map(once, range(number)))


def test_thirty_two_writers_never_oversell_a_lot_and_lose_nothing(office) -> None:
    receive(office, ISSUES - 20)
    done = together(lambda _n: actions.issue(organisation=office, **MASKS, quantity=1, by=None), ISSUES)
    assert sum(movement is not None for movement in done) == ISSUES - 20
    assert holds() == (0, 0, 0)
    assert Entry.objects.filter(book="consumption").count() == ISSUES - 20
    assert list(verify()) == []


def test_the_same_request_from_many_at_once_counts_once(office) -> None:
    receive(office, 10)
    done = together(lambda _n: actions.issue(organisation=office, **MASKS, quantity=1, key="k", by=None), WRITERS)
    assert len({movement.pk for movement in done}) == 1
    assert holds() == (9, 0, 0)


def test_a_reservation_is_posted_or_given_up_by_one_of_many(office) -> None:
    receive(office, 10)
    held = actions.reserve(organisation=office, **MASKS, quantity=10, by=None)

    def end(n: int):
        try:
            return (actions.post if n % 2 else actions.void)(reservation=held, by=None)
        except actions.corrections.Refused:
            return None

    assert sum(movement is not None for movement in together(end, WRITERS)) == 1
    assert list(verify()) == []


def test_goods_that_cross_on_opposite_ways_do_not_wait_in_a_ring(office) -> None:
    there = {"place": "maker", "item": "mask"}
    receive(office, 100)
    receive(office, 100, place="maker")

    def send(n: int):
        here, to = (MASKS, "maker") if n % 2 else (there, "depot")
        goods = actions.Goods(office, to, "mask")
        return actions.transfer(organisation=office, **here, quantity=1, to=goods, is_there=True, by=None)

    together(send, 64)
    assert account().stock + account("A", "maker").stock == 200_000
    assert list(verify()) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a lock of SQLite")
def test_a_writer_that_others_did_not_let_in_tries_again(office) -> None:
    receive(office, 10)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = []

    def until_refused(execute, *call):
        try:
            return execute(*call)
        except OperationalError as error:
            refused.append(str(error))
            other.execute("ROLLBACK")
            raise

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    try:
        with connection.execute_wrapper(until_refused):
            actions.issue(organisation=office, **MASKS, quantity=1, by=None)
    finally:
        other.close()
        connection.close()
    assert refused == ["database is locked"]
    assert holds() == (9, 0, 0)


def test_the_worker_gives_back_what_reservations_hold_too_long(office) -> None:
    receive(office, 10)
    actions.reserve(organisation=office, **MASKS, quantity=4, by=None)
    Reservation.objects.update(until=timezone.now() - timedelta(seconds=1))
    do_chores()
    assert holds() == (10, 0, 0)
