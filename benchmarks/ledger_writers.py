"""The writers of ``benchmarks.ledger``: many processes on one database, which the environment names."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (after the settings are read)
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402

from mainstay_web.accounts.actions import add_organisation  # noqa: E402
from mainstay_web.accounts.models import Organisation  # noqa: E402
from mainstay_web.ledger import actions, errors  # noqa: E402
from mainstay_web.ledger.models import Account, Entry  # noqa: E402
from mainstay_web.registry import actions as registry  # noqa: E402

PLACES = 1000
MUCH = 1_000_000
SETTLE = 1.0
"""Seconds in which eight writers have connected, before they begin together."""
BARE = (
    "INSERT INTO ledger_movement (kind, organisation_id, at, day, reason, reference, key, digest, hash) "
    "VALUES ('issue', %s, now(), current_date, '', '', %s, %s, %s) RETURNING id",
    "INSERT INTO ledger_entry (movement_id, account_id, book, quantity) VALUES (%s, %s, 'stock', %s), "
    "(%s, %s, 'consumption', %s) RETURNING id",
)


def rates(seconds: float, *writers: float) -> list[dict[str, Any]]:
    """For each number of writers, entries per second of the ledger and of bare inserts, in turns of a second each.

    All writers take the same turn at the same time, so that whatever else the machine does slows both alike.
    """
    _together(fill, 1, PLACES, MUCH)
    figures = []
    for number in map(int, writers):
        begin = time.monotonic() + SETTLE * max(1, number / 8)
        done = _together(_turns, number, begin, int(seconds))
        bare, ledger = (2 * sum(each) / int(seconds) for each in zip(*done, strict=True))
        figures.append({"writers": number, "entries_per_s": ledger, "bare_per_s": bare, "ratio": ledger / bare})
    return figures


def one_lot(issues: float, writers: float = 32) -> dict[str, Any]:
    """Writers issue one piece each from one lot that holds nine tenths of what they ask for."""
    _together(fill, 1, 1, issues * 0.9)
    begin = time.monotonic()
    done = _together(_until_empty, int(writers), int(issues / writers))
    seconds = time.monotonic() - begin
    (kept,) = _together(_kept, 1)
    return {
        "issues": int(issues),
        "acknowledged": sum(done),
        "written": kept["issues"],
        "left": kept["left"],
        "oversold": max(0, kept["issued"] - int(issues * 0.9)),
        "lost": sum(done) - kept["issues"],
        "seconds": seconds,
    }


def _kept(_number: int) -> dict[str, Any]:
    """What the ledger says at the end."""
    used = Entry.objects.filter(book="consumption").aggregate(n=Count("pk"), total=Sum("quantity"))
    return {"issues": used["n"], "issued": used["total"] // 1000, "left": Account.objects.get().stock // 1000}


def fill(_number: int, places: int, quantity: float) -> None:
    """An office with so many places, each with one lot of masks."""
    call_command("migrate", verbosity=0)
    office = add_organisation(code="office", name="Office", kind="country", by=None)
    item = {"item": "mask", "name": "Mask", "stage": "finished", "unit": "piece"}
    registry.put_rows(table="items", rows=[item], organisation=office, by=None)
    rows = [{"place": f"p{n}", "name": f"P{n}", "kind": "warehouse"} for n in range(places)]
    registry.put_rows(table="places", rows=rows, organisation=office, by=None)
    with transaction.atomic():
        for row in rows:
            actions.receive(organisation=office, place=row["place"], item="mask", lot="A", quantity=quantity, by=None)


def _together(write: Callable[..., Any], writers: int, *given: Any) -> list[Any]:
    """Run it in so many processes, and what each gives; this one has no connection that they could inherit."""
    with ProcessPoolExecutor(writers, mp_context=get_context("fork")) as processes:
        return list(processes.map(write, range(writers), *([value] * writers for value in given)))


def _turns(number: int, begin: float, turns: int) -> tuple[int, int]:
    """How many movements one writer writes in its turns: bare, and by the ledger."""
    office, rng = Organisation.objects.get(code="office"), random.Random(number)
    accounts = list(Account.objects.values_list("pk", flat=True)[:PLACES])
    acts = (lambda: _bare(office, rng.choice(accounts), number), lambda: _issue(office, rng.randrange(PLACES), number))
    done = [0, 0]
    time.sleep(max(0.0, begin - time.monotonic()))
    for turn in range(2 * turns):
        connection.connection.autocommit = turn % 2 == 1
        while time.monotonic() < begin + turn + 1:
            acts[turn % 2]()
            done[turn % 2] += 1
    return done[0], done[1]


def _issue(office: Organisation, place: int, number: int) -> None:
    key = f"{number} {time.time_ns()}"
    actions.issue(organisation=office, place=f"p{place}", item="mask", quantity=1, key=key, by=None)


def _bare(office: Organisation, account: int, number: int) -> None:
    """The same rows by the driver alone, in one transaction, which the driver opens itself."""
    driver, key = connection.connection, f"b{number} {time.time_ns()}"
    movement = driver.execute(BARE[0], (office.pk, key, "0" * 64, "0" * 64)).fetchone()[0]
    driver.execute(BARE[1], (movement, account, -1000, movement, account, 1000))
    driver.commit()


def _until_empty(_number: int, issues: int) -> int:
    office, done = Organisation.objects.get(code="office"), 0
    for _ in range(issues):
        try:
            actions.issue(organisation=office, place="p0", item="mask", quantity=1, by=None)
        except errors.NotEnough:
            continue
        done += 1
    return done


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    print(json.dumps({"figures": {"rates": rates, "one_lot": one_lot}[name](*map(float, numbers))}))
